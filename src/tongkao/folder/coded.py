"""Text columns as numbers, and the checks that every table shares: empty, unknown and repeated names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tongkao.errors import Place
from tongkao.folder import messages as say
from tongkao.folder.cells import numbers, texts
from tongkao.folder.found import Findings, Found, Rows
from tongkao.folder.near import Near
from tongkao.folder.uses import Uses


@dataclass(frozen=True)
class UnitIndex:
    """The units by id.

    Attributes:
        tracks: Track of each unit.
        parents: Parent of each unit, where one is given.
        trusted: Whether the table of units could be read; where it could not, no unit is called unknown.
    """

    tracks: Mapping[str, str]
    parents: Mapping[str, str]
    trusted: bool = True


@dataclass(frozen=True)
class Codes:
    """A text column as numbers: place in the sorted list of its distinct texts."""

    names: list[str]
    codes: Rows

    def where(self, chosen: Sequence[bool]) -> Rows:
        """Rows whose text is chosen, ``chosen`` side by side with ``names``."""
        flags = np.asarray(chosen, dtype=bool)
        return np.flatnonzero(flags[self.codes]) if flags.any() else np.zeros(0, np.int64)

    def name(self, row: int) -> str:
        """The text of a row."""
        return self.names[int(self.codes[row])]


def encode(series: pl.Series) -> Codes:
    """Number the distinct texts of a column in their order."""
    names = series.unique().sort().to_list()
    if len(names) == 1:
        return Codes(names, np.zeros(len(series), np.int64))
    codes = series.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64)
    return Codes(names, codes)


def column(table: Found, name: str) -> Codes:
    """A column of a table, numbered."""
    return encode(texts(table, name))


def rows_of(mask: pl.Series) -> Rows:
    """Rows for which a condition holds; unknown is no."""
    return mask.fill_null(value=False).arg_true().to_numpy().astype(np.int64)


def show_place(place: Place) -> str:
    """A place in the middle of a message."""
    return place.describe("en")


def empty_cells(table: Found, name: str, coded: Codes, findings: Findings) -> Rows:
    """Report empty cells of a column that names things, and give their rows."""
    rows = coded.where([not text for text in coded.names])
    findings.rows(say.EMPTY_CELL, table, rows, name, lambda _: {"column": name})
    return rows


def unknown_names(
    table: Found,
    name: str,
    coded: Codes,
    known: Collection[str],
    findings: Findings,
    code: str,
    field: str,
    *,
    list_known: bool = False,
) -> None:
    """Report texts of a column that are not among the known ones.

    Args:
        table: The table.
        name: Its column.
        coded: The column, numbered.
        known: What is valid; an empty cell is left to :func:`empty_cells`.
        findings: Takes the problems.
        code: Their message.
        field: The message's field for the text.
        list_known: Whether the message lists what is valid.
    """
    rows = coded.where([bool(text) and text not in known for text in coded.names])
    near = Near(known)
    more: dict[str, object] = {"known": sorted(known)} if list_known else {}

    def fields(at: int) -> dict[str, object]:
        text = coded.name(rows[at])
        return {field: text, "nearest": near(text), **more}

    findings.rows(code, table, rows, name, fields)


def unknown_units(
    table: Found, name: str, coded: Codes, units: UnitIndex, findings: Findings, code: str = say.UNKNOWN_UNIT
) -> None:
    """Report units that the table of units does not have."""
    if units.trusted:
        unknown_names(table, name, coded, units.tracks, findings, code, "unit")


def unused_indicators(table: Found, unit: Codes, indicator: Codes, units: UnitIndex, uses: Uses, findings: Findings) -> None:
    """Warn of rows whose indicator the scheme does not use, or not in the unit's track."""
    unknown_names(table, "indicator", indicator, uses.names, findings, say.UNKNOWN_INDICATOR, "indicator")
    tracks = sorted({track for track in units.tracks.values() if track in uses.by_track})
    used = np.ones((len(tracks) + 1, len(indicator.names)), bool)
    for row, track in enumerate(tracks):
        used[row] = [name not in uses.names or name in uses.by_track[track] for name in indicator.names]
    if used.all():
        return
    number = {track: row for row, track in enumerate(tracks)}
    track_of_unit = np.array([number.get(units.tracks.get(name, ""), len(tracks)) for name in unit.names])
    rows = np.flatnonzero(~used[track_of_unit[unit.codes], indicator.codes])

    def fields(at: int) -> dict[str, object]:
        name = unit.name(rows[at])
        return {"unit": name, "track": units.tracks[name], "indicator": indicator.name(rows[at])}

    findings.rows(say.INDICATOR_NOT_IN_TRACK, table, rows, "indicator", fields)


def combine(columns: Sequence[Codes]) -> Rows:
    """One number for the texts of several columns, in the order of these columns."""
    key = columns[0].codes
    for coded in columns[1:]:
        key = key * np.int64(max(1, len(coded.names))) + coded.codes
    return key


def order_of(key: Rows) -> Rows | None:
    """Rows in the order of their keys, equal ones as they stand; None where they are in strict order already."""
    if len(key) < 2 or bool((key[1:] > key[:-1]).all()):
        return None
    return np.argsort(key, kind="stable").astype(np.int64)


def repetitions(key: Rows, order: Rows | None) -> tuple[Rows, Rows]:
    """Rows whose key a row above has, ascending, and for each the first row with that key."""
    none = np.zeros(0, np.int64)
    if order is None:
        return none, none
    ordered = key[order]
    same = np.concatenate(([False], ordered[1:] == ordered[:-1]))
    if not same.any():
        return none, none
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(key))))
    rows, firsts = order[same], order[starts[same]]
    by_row = np.argsort(rows, kind="stable")
    return rows[by_row], firsts[by_row]


def repeated(
    table: Found,
    name: str,
    columns: Sequence[Codes],
    findings: Findings,
    *,
    lacking: Sequence[Rows] = (),
    code: str = say.DUPLICATE_ROW,
    fields: Any = None,
) -> Rows | None:
    """Report rows whose key another row above has; the message names both.

    Args:
        table: The table.
        name: Column at which the problem is shown.
        columns: The columns of the key.
        findings: Takes the problems.
        lacking: Rows without a name, which are no repetition of one another.
        code: The message; it has the field ``other``.
        fields: Gives further fields for a row; default ``key`` with the texts of all columns.

    Returns:
        The canonical order of the rows, None where they are in it already.
    """
    key = combine(columns)
    order = order_of(key)
    without = np.concatenate(lacking) if lacking else np.zeros(0, np.int64)
    if len(without):
        key = key.copy()
        key[without] = -1 - without
        rows, firsts = repetitions(key, order_of(key))
    else:
        rows, firsts = repetitions(key, order)

    def all_fields(at: int) -> dict[str, object]:
        row = int(rows[at])
        other = show_place(table.locator.place(int(firsts[at]), name))
        if fields is not None:
            return {**fields(row), "other": other}
        return {"key": " / ".join(coded.name(row) for coded in columns if coded.name(row)), "other": other}

    findings.rows(code, table, rows, name, all_fields)
    return order


def not_negative(table: Found, name: str, findings: Findings) -> pl.Series:
    """A number column that must not have negative numbers."""
    values = numbers(table, name, findings)
    rows = rows_of(values < 0)
    findings.rows(say.NEGATIVE, table, rows, name, lambda at: {"column": name, "found": values[int(rows[at])]})
    return values


def spread(coded: Codes, order: Rows) -> pl.Series:
    """The texts of a column in a given order; much faster than moving the texts themselves."""
    return pl.Series(coded.names, dtype=pl.String).gather(coded.codes[order])


def in_order(frame: pl.DataFrame, order: Rows | None) -> pl.DataFrame:
    """A table with its rows in a given order."""
    return frame if order is None else frame[pl.Series(order, dtype=pl.UInt32)]
