"""The table of units: who is assessed, in which track and class, and whatever else the scheme wants to know of them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tongkao.folder import messages as say
from tongkao.folder.cells import explain_number, numbers, texts
from tongkao.folder.coded import UnitIndex, empty_cells, encode, in_order, repeated, unknown_names
from tongkao.folder.found import Findings, Found
from tongkao.folder.uses import Uses
from tongkao.scheme.model import Scheme
from tongkao.tables import UNITS, ColumnKind

#: reasons for which a text is a number that somebody wrote in the wrong way
_MEANT_AS_NUMBER = frozenset(
    (
        say.NUMBER_THOUSANDS,
        say.NUMBER_COMMA,
        say.NUMBER_FULL_WIDTH,
        say.NUMBER_PERCENT,
        say.NUMBER_UNIT,
        say.NUMBER_ERROR,
        say.NUMBER_NOT_FINITE,
    )
)


@dataclass(frozen=True)
class Units:
    """The units, checked.

    Attributes:
        frame: The canonical table; of use only where there is no problem.
        index: Units by id.
        kinds: Kind of each column, further ones too.
    """

    frame: pl.DataFrame
    index: UnitIndex
    kinds: dict[str, ColumnKind]


def read_units(table: Found, scheme: Scheme | None, uses: Uses | None, findings: Findings) -> Units:
    """Check the units and bring them into canonical form.

    A further column is a number column where all its cells are numbers or where the scheme uses it as such (then its other
    cells are problems), and a text column otherwise.
    """
    known = {name: texts(table, name) for name in UNITS.columns}
    unit, track = encode(known["unit"]), encode(known["track"])
    if not table.frame.height:
        findings.add(say.NO_UNITS, table.place)
    lacking = empty_cells(table, "unit", unit, findings)
    empty_cells(table, "track", track, findings)
    if scheme is not None:
        unknown_names(table, "track", track, scheme.tracks, findings, say.UNKNOWN_TRACK, "track", list_known=True)
    order = repeated(table, "unit", (unit,), findings, lacking=[lacking])
    further = sorted(name for name in table.frame.columns if name not in UNITS.columns)
    columns = {name: _further(table, name, uses, findings) for name in further}
    kinds: dict[str, ColumnKind] = dict(UNITS.columns)
    kinds.update({name: "number" if series.dtype == pl.Float64 else "text" for name, series in columns.items()})
    parents = dict(zip(known["unit"].to_list(), known["parent"].to_list(), strict=True)) if (known["parent"] != "").any() else {}
    index = UnitIndex(dict(zip(known["unit"].to_list(), known["track"].to_list(), strict=True)), parents)
    return Units(in_order(pl.DataFrame({**known, **columns}), order), index, kinds)


def no_units() -> Units:
    """What stands in for a table of units that could not be read: nothing is called unknown because of it."""
    return Units(UNITS.empty(), UnitIndex({}, {}, trusted=False), dict(UNITS.columns))


def _further(table: Found, name: str, uses: Uses | None, findings: Findings) -> pl.Series:
    """A column of the office's own, as numbers or as texts."""
    if uses is not None and name in uses.texts:
        return texts(table, name)
    if table.frame.schema[name] != pl.String:
        return numbers(table, name, findings)
    cells = texts(table, name)
    trial = Findings()
    values = numbers(table, name, trial)
    used = uses is not None and name in uses.numbers
    filled = cells.filter(cells.str.len_bytes() > 0)
    if not trial.count:
        return values if len(filled) or used else cells
    if not used:
        return cells
    some_numbers = values.null_count() < len(values)
    if some_numbers or any(explain_number(text)[0] in _MEANT_AS_NUMBER for text in filled.unique().to_list()):
        return numbers(table, name, findings)
    return cells
