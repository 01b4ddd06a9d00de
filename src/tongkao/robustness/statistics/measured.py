"""A marking as matrices for statistics: which number stands in which column, at which stage, and for whom it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.layout import Layout
from tongkao.engine.marking import Marks
from tongkao.engine.observed import NOT_APPLICABLE, PRESENT
from tongkao.engine.values import TrackValues, unit_column
from tongkao.scheme.model import Mix, Score

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]
Stage = Literal["given", "own", "imputed", "treated", "rate"]

STAGES: tuple[Stage, ...] = ("own", "imputed", "treated", "rate")
"""The stages that are described; ``given`` are own values before they are divided by a denominator."""

#: method -> (floor, cap) where the scheme leaves them out; None for no limit
_LIMITS: dict[str, tuple[float | None, float | None]] = {
    "ratio_to_best": (0.0, 100.0),
    "target": (0.0, 100.0),
    "base_step": (0.0, 120.0),
    "rank_step": (0.0, None),
    "deduct": (0.0, None),
}


@dataclass(frozen=True)
class Measured:
    """The units of a track at one stage.

    Attributes:
        stage: The stage.
        values: (n, k) numbers, NaN where there is none: absent, without weight, screened out, or a rate that a policy gave.
        leaves: (k,) the leaf of each column.
        parts: (k,) number of the part of a mix, from 1; 0 for an indicator that is none.
        sign: (k,) +1 where more is better, -1 where less is; +1 for rates.
        asked: (n, k) whether the item has a weight for the unit.
        not_applicable: (n, k) whether there is no such thing for the unit.
        counted: (n,) whether the unit counts in comparisons: it is ranked and passed the screening.
    """

    stage: Stage
    values: FloatArray
    leaves: IntArray
    parts: IntArray
    sign: FloatArray
    asked: BoolArray
    not_applicable: BoolArray
    counted: BoolArray

    @property
    def oriented(self) -> FloatArray:
        """The numbers turned so that more is better, (n, k)."""
        return self.values * self.sign


def measured(marks: Marks, stage: Stage) -> Measured:
    """The numbers of one stage, of the units in the scheme's year.

    Args:
        marks: The marking of a track.
        stage: ``given``, ``own`` (after expressions and denominators), ``imputed``, ``treated`` or ``rate``.
    """
    plan, prepared, rows = marks.plan, marks.prepared, marks.plan.main()
    given = marks.inputs.values
    if plan.weightless is not None:
        given = np.where(plan.weightless, np.nan, given)
    found = {
        "given": given,
        "own": prepared.observed,
        "imputed": prepared.values,
        "treated": prepared.treated,
        "rate": prepared.rates,
    }[stage]
    values = found[rows]
    if stage == "rate" and prepared.given is not None:
        values = np.where(prepared.given[rows], np.nan, values)
    width = len(plan.indicators)
    if stage == "rate":
        leaves, parts, sign = np.arange(width), np.zeros(width, np.intp), np.ones(width)
    else:
        leaves = np.array([column.leaf for column in plan.columns], np.intp)
        mixed = np.array([isinstance(plan.indicators[leaf].score, Mix) for leaf in leaves], bool)
        parts = np.where(mixed, np.array([column.part + 1 for column in plan.columns], np.intp), 0)
        sign = np.array([column.sign for column in plan.columns])
    asked, inapplicable = _of_leaves(marks)
    counted = (plan.ranked & prepared.alive)[rows]
    return Measured(stage, values, leaves, parts, sign, asked[:, leaves], inapplicable[:, leaves], counted)


def _of_leaves(marks: Marks) -> tuple[BoolArray, BoolArray]:
    """Whether an indicator is asked of a unit, and whether it does not apply, n × m each."""
    plan, rows = marks.plan, marks.plan.main()
    given = plan.given
    asked = ~given.weightless[given.profiles[rows]][:, plan.layout.leaves]
    states = marks.prepared.states[rows]
    inapplicable = np.zeros(asked.shape, bool)
    for place, column in enumerate(plan.columns):
        inapplicable[:, column.leaf] |= states[:, place] == NOT_APPLICABLE
    return asked, inapplicable


def whole_values(marks: Marks) -> FloatArray:
    """Own value of every indicator, n × m: NaN where there is none; of a mix, its rate where all parts have a value."""
    own = measured(marks, "own")
    values = np.full((own.values.shape[0], len(marks.plan.indicators)), np.nan)
    rates = marks.prepared.rates[marks.plan.main()]
    for leaf in range(values.shape[1]):
        columns = np.flatnonzero(own.leaves == leaf)
        if own.parts[columns[0]] == 0:
            values[:, leaf] = own.values[:, columns[0]]
        else:
            complete = ~np.isnan(own.values[:, columns]).any(axis=1)
            values[:, leaf] = np.where(complete, rates[:, leaf], np.nan)
    return values


def whole_signs(marks: Marks) -> FloatArray:
    """+1 where more of :func:`whole_values` is better, -1 where less is, (m,)."""
    return np.array(
        [1.0 if indicator.direction == "up" or isinstance(indicator.score, Mix) else -1.0 for indicator in marks.plan.indicators]
    )


def membership(layout: Layout) -> BoolArray:
    """Whether an indicator lies below a node (or is it), m × N."""
    below = np.zeros((len(layout.leaves), len(layout.ids)), bool)
    for leaf, column in enumerate(layout.leaves.tolist()):
        while column >= 0:
            below[leaf, column] = True
            column = int(layout.parent[column])
    return below


def own_years(marks: Marks, values: TrackValues) -> tuple[list[int], FloatArray]:
    """Own values of every indicator in every year that has observations, up to the scheme's year.

    Args:
        marks: The marking of a track.
        values: Its look-up of values.

    Returns:
        The years, ascending, and (T, n, m) values after denominators, NaN where there is none.
    """
    plan = marks.plan
    years = [year for year in values.observed.years if year <= plan.scheme.year]
    result = np.full((len(years), len(plan.unit_ids), len(plan.indicators)), np.nan)
    names = [plan.layout.ids[column] for column in plan.layout.leaves]
    for t, year in enumerate(years):
        for leaf, (name, indicator) in enumerate(zip(names, plan.indicators, strict=True)):
            found = values.indicator(name, year)
            numbers = np.where(found.state == PRESENT, np.asarray(found.values, np.float64), np.nan)
            if indicator.denominate is not None:
                numbers = _divide(numbers, values, indicator.denominate, year)
            result[t, :, leaf] = numbers
    return years, result


def _divide(numbers: FloatArray, values: TrackValues, name: str, year: int) -> FloatArray:
    found = values.observation(name, year) if name in values.observed else unit_column(values.units, name)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        divided = numbers / np.where(found.state == PRESENT, np.asarray(found.values, np.float64), np.nan)
    return np.where(np.isfinite(divided), divided, np.nan)


def denominators(marks: Marks, values: TrackValues) -> tuple[list[str], FloatArray]:
    """What says how large a unit is: numeric columns of the units, and what the scheme divides by.

    Returns:
        Their names, and (n, d) numbers, NaN where there is none.
    """
    plan = marks.plan
    columns = [name for name in plan.units.columns if plan.units[name].dtype == pl.Float64]
    used = [indicator.denominate for indicator in plan.indicators if indicator.denominate is not None]
    names = sorted({*columns, *used})
    result = np.full((len(plan.unit_ids), len(names)), np.nan)
    for place, name in enumerate(names):
        known = name in values.observed
        found = values.observation(name, plan.scheme.year) if known else unit_column(plan.units, name)
        result[:, place] = np.where(found.state == PRESENT, np.asarray(found.values, np.float64), np.nan)
    return names, result


def bounds(score: Score) -> tuple[float, float]:
    """The lowest and the highest rate that a scoring method gives, NaN where it has no such limit."""
    low, high = _LIMITS.get(score.method, (None, None))
    if score.method == "minmax":
        low, high = min(score.low, score.high), max(score.low, score.high)
    elif score.method == "rank_linear":
        low, high = score.low, score.high
    elif score.method in ("percentile", "borda"):
        low, high = 0.0, 100.0
    elif score.method == "bands":
        rates = [rate for _, rate in score.bands]
        low, high = min(rates), max(rates)
    elif score.method == "rank_table":
        low, high = min(score.table), max(score.table)
    limits = [low, high]
    for place, name in enumerate(("floor", "cap")):
        written = getattr(score, name, None)
        if written is not None:
            limits[place] = None if written == "none" else float(written)
    return float("nan") if limits[0] is None else limits[0], float("nan") if limits[1] is None else limits[1]
