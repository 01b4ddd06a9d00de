"""Observations and targets: read and checked on whole columns, because there may be millions of rows."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tongkao.folder import messages as say
from tongkao.folder.cells import numbers, plain, read_period, read_state, texts, words
from tongkao.folder.coded import (
    UnitIndex,
    empty_cells,
    encode,
    in_order,
    repeated,
    rows_of,
    spread,
    unknown_units,
    unused_indicators,
)
from tongkao.folder.found import Findings, Found, Rows
from tongkao.folder.uses import Uses
from tongkao.tables import OBSERVATIONS, TARGETS


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
    period, faulty = _periods(table, year, findings)
    state, value = _values(table, findings)
    by_unit, by_indicator, by_period = encode(unit), encode(indicator), encode(period)
    lacking = [
        empty_cells(table, "unit", by_unit, findings),
        empty_cells(table, "indicator", by_indicator, findings),
        faulty,
    ]
    unknown_units(table, "unit", by_unit, units, findings)
    if uses is not None:
        unused_indicators(table, by_unit, by_indicator, units, uses, findings)
    order = repeated(table, "unit", (by_unit, by_indicator, by_period), findings, lacking=lacking)
    source = texts(table, "source")
    if order is not None:
        unit, indicator, period = (spread(coded, order) for coded in (by_unit, by_indicator, by_period))
        state, value = spread(encode(state), order), pl.Series(value.to_numpy()[order], dtype=pl.Float64).fill_nan(None)
        source = source.gather(order) if (source.str.len_bytes() > 0).any() else source
    columns = {"unit": unit, "indicator": indicator, "period": period, "value": value, "state": state, "source": source}
    return pl.DataFrame(columns, schema=OBSERVATIONS.schema())


def _periods(table: Found, year: str, findings: Findings) -> tuple[pl.Series, Rows]:
    """Periods, the scheme's year where the cell is empty, and the rows whose period is faulty."""
    given = texts(table, "period")
    period = words(given, table, findings, read_period)
    empty = given.str.len_bytes() == 0
    faulty = rows_of((period.str.len_bytes() == 0) & ~empty)
    if not empty.any():
        return period, faulty
    filled = pl.when(empty).then(pl.lit(year)).otherwise(period)
    return pl.select(filled.alias("period")).to_series(), faulty


def _values(table: Found, findings: Findings) -> tuple[pl.Series, pl.Series]:
    """States with their defaults, and values, each checked against the other."""
    given = texts(table, "state")
    state = words(given, table, findings, read_state)
    value = numbers(table, "value", findings)
    filled = _filled(table, value)
    if filled.all() and (state == "reported").all():
        return state, value
    if filled.all() and not (given.str.len_bytes() > 0).any():
        return pl.repeat("reported", len(state), dtype=pl.String, eager=True), value
    absent = state.is_in(["missing", "not_applicable"])
    used = state.is_in(["reported", "provisional", "disputed"])
    null_report = state == "null_reported"
    cells = table.frame.get_column("value")

    def fields(rows: Rows) -> Callable[[int], dict[str, object]]:
        return lambda at: {"state": state[int(rows[at])], "value": _cell(cells[int(rows[at])])}

    for code, wrong in (
        (say.STATE_WITH_VALUE, absent & filled),
        (say.STATE_WITHOUT_VALUE, used & ~filled),
        (say.NULL_REPORT_VALUE, null_report & (value.fill_null(0.0) != 0.0)),
    ):
        rows = rows_of(wrong)
        findings.rows(code, table, rows, "value", fields(rows))
    columns = pl.DataFrame({"state": state, "value": value, "filled": filled, "given": given})
    default = pl.when("filled").then(pl.lit("reported")).otherwise(pl.lit("missing"))
    done = columns.select(
        state=pl.when(pl.col("given").str.len_bytes() == 0).then(default).otherwise("state"),
        value=pl.when((pl.col("state") == "null_reported") & pl.col("value").is_null()).then(0.0).otherwise("value"),
    )
    return done.get_column("state"), done.get_column("value")


def _filled(table: Found, value: pl.Series) -> pl.Series:
    """Which value cells hold anything, right or wrong."""
    if value.null_count() == 0 or table.frame.schema["value"] != pl.String:
        return value.is_not_null()
    return table.frame.get_column("value").str.strip_chars().str.len_bytes() > 0


def _cell(cell: object) -> object:
    return plain(cell) if isinstance(cell, float) else cell


def read_targets(table: Found, year: str, units: UnitIndex, uses: Uses | None, findings: Findings) -> pl.DataFrame:
    """Check the targets and bring them into canonical form; an empty unit means every unit.

    A row of a unit's own and one for all units of the same indicator stand side by side: the unit's own is used.
    """
    unit, indicator = texts(table, "unit"), texts(table, "indicator")
    period, faulty = _periods(table, year, findings)
    amounts = {name: numbers(table, name, findings) for name in ("target", "baseline", "challenge")}
    by_unit, by_indicator, by_period = encode(unit), encode(indicator), encode(period)
    lacking = [empty_cells(table, "indicator", by_indicator, findings), faulty]
    unknown_units(table, "unit", by_unit, units, findings)
    if uses is not None:
        unused_indicators(table, by_unit, by_indicator, units, uses, findings)
    order = repeated(table, "indicator", (by_unit, by_indicator, by_period), findings, lacking=lacking)
    frame = pl.DataFrame({"unit": unit, "indicator": indicator, "period": period, **amounts}, schema=TARGETS.schema())
    blank = pl.select(pl.all_horizontal([pl.lit(series).is_null() for series in amounts.values()])).to_series()
    cells = [texts(table, name).str.len_bytes() == 0 for name in amounts]
    findings.rows(say.EMPTY_TARGET, table, rows_of(blank & cells[0] & cells[1] & cells[2]), "target")
    return in_order(frame, order)
