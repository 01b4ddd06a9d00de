"""Checks of the observations: on whole columns, because there may be millions of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tongkao.errors import Place, nearest
from tongkao.folder import messages as say
from tongkao.folder.cells import numbers, plain, read_period, read_state, texts, words
from tongkao.folder.found import Findings, Found, Rows
from tongkao.folder.uses import Uses
from tongkao.tables import OBSERVATIONS

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class UnitIndex:
    """The units by id.

    Attributes:
        tracks: Track of each unit.
        trusted: Whether the table of units could be read; where it could not, no unit is called unknown.
    """

    tracks: dict[str, str]
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


def encode(series: pl.Series) -> Codes:
    """Number the distinct texts of a column in their order."""
    names = series.unique().sort().to_list()
    codes = series.cast(pl.Enum(names)).to_physical().to_numpy().astype(np.int64)
    return Codes(names, codes)


def empty_cells(table: Found, column: str, coded: Codes, findings: Findings) -> Rows:
    """Report empty cells of a column that names things."""
    rows = coded.where([not name for name in coded.names])
    findings.rows(say.EMPTY_CELL, table, rows, column, lambda _: {"column": column})
    return rows


def unknown_units(table: Found, column: str, coded: Codes, units: UnitIndex, findings: Findings, code: str = "") -> None:
    """Report units that the table of units does not have."""
    if not units.trusted:
        return
    unknown = [bool(name) and name not in units.tracks for name in coded.names]
    rows = coded.where(unknown)
    near: dict[str, str] = {}

    def fields(at: int) -> dict[str, object]:
        name = coded.names[coded.codes[rows[at]]]
        if name not in near:
            near[name] = nearest(name, units.tracks)
        return {"unit": name, "nearest": near[name]}

    findings.rows(code or say.UNKNOWN_UNIT, table, rows, column, fields)


def unknown_indicators(table: Found, coded: Codes, uses: Uses, findings: Findings) -> None:
    """Warn of names that the scheme does not use."""
    rows = coded.where([bool(name) and name not in uses.names for name in coded.names])
    near: dict[str, str] = {}

    def fields(at: int) -> dict[str, object]:
        name = coded.names[coded.codes[rows[at]]]
        if name not in near:
            near[name] = nearest(name, uses.names)
        return {"indicator": name, "nearest": near[name]}

    findings.rows(say.UNKNOWN_INDICATOR, table, rows, "indicator", fields)


def indicators_of_track(
    table: Found, unit: Codes, indicator: Codes, units: UnitIndex, uses: Uses, findings: Findings
) -> None:
    """Warn of rows whose unit is in a track that does not use the indicator."""
    tracks = sorted({track for track in units.tracks.values() if track in uses.by_track})
    if not tracks:
        return
    used = np.ones((len(tracks) + 1, len(indicator.names)), bool)
    for row, track in enumerate(tracks):
        used[row] = [name not in uses.names or name in uses.by_track[track] for name in indicator.names]
    if used.all():
        return
    number = {track: row for row, track in enumerate(tracks)}
    track_of_unit = np.array([number.get(units.tracks.get(name, ""), len(tracks)) for name in unit.names])
    rows = np.flatnonzero(~used[track_of_unit[unit.codes], indicator.codes])

    def fields(at: int) -> dict[str, object]:
        name = unit.names[unit.codes[rows[at]]]
        return {"unit": name, "track": units.tracks[name], "indicator": indicator.names[indicator.codes[rows[at]]]}

    findings.rows(say.INDICATOR_NOT_IN_TRACK, table, rows, "indicator", fields)


def combine(*columns: Codes) -> Rows:
    """One number for the texts of several columns, in the order of these columns."""
    key = columns[0].codes
    for coded in columns[1:]:
        key = key * np.int64(max(1, len(coded.names))) + coded.codes
    return key


def order_of(key: Rows) -> Rows | None:
    """Rows in the order of their keys, equal ones as they stand; None where they are in strict order already."""
    if len(key) < 2 or bool((key[1:] > key[:-1]).all()):
        return None
    return np.argsort(key, kind="stable")


def show_place(place: Place) -> str:
    """A place in the middle of a message."""
    return place.describe("en")


def repeated(table: Found, key: Rows, order: Rows | None, column: str, columns: Sequence[Codes], findings: Findings) -> None:
    """Report rows whose key another row above has; the message names both."""
    if order is None:
        return
    ordered = key[order]
    same = np.concatenate(([False], ordered[1:] == ordered[:-1]))
    if not same.any():
        return
    starts = np.maximum.accumulate(np.where(same, 0, np.arange(len(key))))
    rows, firsts = order[same], order[starts[same]]
    by_row = np.argsort(rows, kind="stable")
    rows, firsts = rows[by_row], firsts[by_row]

    def fields(at: int) -> dict[str, object]:
        row = rows[at]
        names = [coded.names[coded.codes[row]] for coded in columns]
        other = show_place(table.locator.place(int(firsts[at]), column))
        return {"key": " / ".join(name for name in names if name), "other": other}

    findings.rows(say.DUPLICATE_ROW, table, rows, column, fields)


def read_observations(table: Found, year: str, units: UnitIndex, uses: Uses | None, findings: Findings) -> pl.DataFrame:
    """Check the observations and bring them into canonical form.

    Args:
        table: As it was found.
        year: The scheme's year, which an empty period means.
        units: The units.
        uses: What the scheme uses, None where there is no sound scheme.
        findings: Takes the problems.

    Returns:
        The canonical table; of use only where there is no problem.
    """
    unit, indicator = texts(table, "unit"), texts(table, "indicator")
    period = words(texts(table, "period"), table, findings, read_period)
    state, value = _values(table, findings)
    by_unit, by_indicator = encode(unit), encode(indicator)
    empty_unit = empty_cells(table, "unit", by_unit, findings)
    empty_indicator = empty_cells(table, "indicator", by_indicator, findings)
    unknown_units(table, "unit", by_unit, units, findings)
    if uses is not None:
        unknown_indicators(table, by_indicator, uses, findings)
        indicators_of_track(table, by_unit, by_indicator, units, uses, findings)
    period = pl.select(pl.when(period.str.len_bytes() == 0).then(pl.lit(year)).otherwise(period)).to_series()
    by_period = encode(period)
    key = combine(by_unit, by_indicator, by_period)
    order = order_of(key)
    if len(empty_unit) or len(empty_indicator):  # rows without a name are no repetition of one another
        lacking = np.concatenate((empty_unit, empty_indicator))
        key = key.copy()
        key[lacking] = -1 - lacking
        repeated(table, key, order_of(key), "unit", (by_unit, by_indicator, by_period), findings)
    else:
        repeated(table, key, order, "unit", (by_unit, by_indicator, by_period), findings)
    frame = pl.DataFrame(
        {
            "unit": unit,
            "indicator": indicator,
            "period": period,
            "value": value,
            "state": state,
            "source": texts(table, "source"),
        },
        schema=OBSERVATIONS.schema(),
    )
    return frame if order is None else frame[pl.Series(order)]


def _values(table: Found, findings: Findings) -> tuple[pl.Series, pl.Series]:
    """States with their defaults, and values, each checked against the other."""
    state = words(texts(table, "state"), table, findings, read_state)
    value = numbers(table, "value", findings)
    filled = _filled(table, value)
    given = state.str.len_bytes() > 0
    default = pl.select(pl.when(filled).then(pl.lit("reported")).otherwise(pl.lit("missing"))).to_series()
    if given.any():
        faulty = _faulty_states(table, state)
        absent = state.is_in(["missing", "not_applicable"])
        used = state.is_in(["reported", "provisional", "disputed"])
        cells = table.frame.get_column("value")

        def fields(rows: Rows) -> object:
            return lambda at: {"state": state[int(rows[at])], "value": _cell(cells[int(rows[at])])}

        for code, wrong, column in (
            (say.STATE_WITH_VALUE, absent & filled, "value"),
            (say.STATE_WITHOUT_VALUE, used & ~filled, "value"),
            (say.NULL_REPORT_VALUE, (state == "null_reported") & (value.fill_null(0.0) != 0.0), "value"),
        ):
            rows = _true(wrong)
            findings.rows(code, table, rows, column, fields(rows))  # type: ignore[arg-type]
        state = state.zip_with(given | faulty, default)
        value = value.zip_with((state != "null_reported") | value.is_not_null(), pl.Series([0.0]))
    else:
        state = default
    return state, value


def _filled(table: Found, value: pl.Series) -> pl.Series:
    """Which value cells hold anything, right or wrong."""
    if value.null_count() == 0 or table.frame.schema["value"] != pl.String:
        return value.is_not_null()
    cells = table.frame.get_column("value")
    return cells.str.strip_chars().str.len_bytes() > 0


def _faulty_states(table: Found, state: pl.Series) -> pl.Series:
    """Cells with a state that is unknown, which was reported already."""
    return (texts(table, "state").str.len_bytes() > 0) & (state.str.len_bytes() == 0)


def _true(mask: pl.Series) -> Rows:
    return mask.fill_null(False).arg_true().to_numpy().astype(np.int64)


def _cell(cell: object) -> object:
    return plain(cell) if isinstance(cell, float) else cell
