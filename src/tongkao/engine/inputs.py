"""What a plan is run on: values, states and targets of every column, gathered from an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.observed import PRESENT, Observed
from tongkao.engine.plan import TrackPlan
from tongkao.engine.policies import chain
from tongkao.engine.scoring import NEEDS
from tongkao.engine.targets import FIELDS, Targets, Which
from tongkao.engine.values import TrackValues, unit_column
from tongkao.folder.assessment import Assessment
from tongkao.scheme.expressions import parse
from tongkao.scheme.model import CarryForward

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
StateArray = NDArray[np.uint8]


@dataclass(frozen=True)
class Inputs:
    """The numbers of one marking.

    Attributes:
        values: Own values, rows × c, NaN where there is none.
        states: Their states, rows × c: present, missing or not applicable.
        targets: Target, baseline and challenge values, rows × c, where a method needs them.
        denominators: What each column is divided by, rows × c; 1 for columns without; None when nothing is.
        carried: Newest earlier value, rows × c, for columns whose policy carries forward; None when none does.
        carried_years: Year of that value, rows × c.
    """

    values: FloatArray
    states: StateArray
    targets: Mapping[Which, FloatArray]
    denominators: FloatArray | None = None
    carried: FloatArray | None = None
    carried_years: IntArray | None = None


def look_up(plan: TrackPlan, assessment: Assessment) -> TrackValues:
    """Prepare the look-up of values for the units of a plan."""
    expressions = {
        name: parse(indicator.value) for name, indicator in plan.scheme.indicators.items() if indicator.value is not None
    }
    observed = Observed(plan.unit_ids, assessment.observations)
    targets = Targets(plan.unit_ids, assessment.targets, plan.scheme.year, plan.years)
    return TrackValues(plan.units, observed, targets, plan.scheme.indicators, expressions, plan.groups)


def gather(plan: TrackPlan, values: TrackValues) -> Inputs:
    """Evaluate every column of a plan in every one of its years."""
    n, width = len(plan.unit_ids), len(plan.columns)
    x = np.empty((plan.rows, width))
    states = np.empty((plan.rows, width), np.uint8)
    for place, year in enumerate(plan.years):
        rows = slice(place * n, (place + 1) * n)
        for c, column in enumerate(plan.columns):
            if column.expression is None:
                found = values.observation(column.indicator, year)
            elif column.expression == values.expressions.get(column.indicator):
                found = values.indicator(column.indicator, year)
            else:
                found = values.expression(column.expression, column.indicator, year)
            x[rows, c], states[rows, c] = found.values, found.state
    x[states != PRESENT] = np.nan
    carried, carried_years = _carried(plan, values, states)
    return Inputs(x, states, _targets(plan, values), _denominators(plan, values), carried, carried_years)


def _targets(plan: TrackPlan, values: TrackValues) -> dict[Which, FloatArray]:
    methods = {column.score.method for column in plan.columns}
    if not any(method in NEEDS for method in methods):
        return {}
    n = len(plan.unit_ids)
    result: dict[Which, FloatArray] = {}
    for which in FIELDS:
        array = np.full((plan.rows, len(plan.columns)), np.nan)
        for c, column in enumerate(plan.columns):
            if column.score.method in NEEDS:
                for place, year in enumerate(plan.years):
                    array[place * n : (place + 1) * n, c] = values.targets.column(column.indicator, year, which)
        result[which] = array
    return result


def _denominators(plan: TrackPlan, values: TrackValues) -> FloatArray | None:
    names = [_denominator(plan, c) for c in range(len(plan.columns))]
    if not any(names):
        return None
    n = len(plan.unit_ids)
    result = np.ones((plan.rows, len(names)))
    for c, name in enumerate(names):
        if name is not None:
            for place, year in enumerate(plan.years):
                result[place * n : (place + 1) * n, c] = _divisor(values, name, year)
    return result


def _denominator(plan: TrackPlan, column: int) -> str | None:
    """Name of what a column is divided by: the indicator's own value is, a part of a mix with a value of its own is not."""
    own = plan.columns[column]
    indicator = plan.indicators[own.leaf]
    if own.expression is not None and own.expression.text != indicator.value:
        return None
    return indicator.denominate


def _divisor(values: TrackValues, name: str, year: int) -> FloatArray:
    column = values.observation(name, year) if name in values.observed else unit_column(values.units, name)
    return np.where(column.state == PRESENT, column.values, np.nan).astype(np.float64)


def _carried(plan: TrackPlan, values: TrackValues, states: StateArray) -> tuple[FloatArray | None, IntArray | None]:
    """Newest earlier value of each absent cell whose policy asks for it."""
    n = len(plan.unit_ids)
    carried: FloatArray | None = None
    years: IntArray | None = None
    order = plan.scheme.order_of_steps()
    first = "denominate" in order and order.index("denominate") < (order.index("impute") if "impute" in order else len(order))
    for c, column in enumerate(plan.columns):
        reach = max((_reach(plan, column.leaf, applicable=applicable) for applicable in (True, False)), default=0)
        if not reach:
            continue
        # A value that is carried into a column already divided is divided by what belonged to its own year.
        divided = _denominator(plan, c) if first else None
        for place, year in enumerate(plan.years):
            rows = slice(place * n, (place + 1) * n)
            waiting = states[rows, c] != PRESENT
            for earlier in [known for known in reversed(values.observed.years) if year - reach <= known < year]:
                if not waiting.any():
                    break
                found = (
                    values.observation(column.indicator, earlier)
                    if column.expression is None
                    else values.expression(column.expression, column.indicator, earlier)
                )
                earlier_values = found.values
                if divided is not None:
                    with np.errstate(divide="ignore", invalid="ignore"):
                        earlier_values = found.values / _divisor(values, divided, earlier)
                take = waiting & (found.state == PRESENT) & np.isfinite(earlier_values)
                if take.any():
                    if carried is None or years is None:
                        carried = np.full(states.shape, np.nan)
                        years = np.zeros(states.shape, np.intp)
                    carried[rows, c][take] = earlier_values[take]
                    years[rows, c][take] = earlier
                    waiting &= ~take
    return carried, years


def _reach(plan: TrackPlan, leaf: int, *, applicable: bool) -> int:
    """How many years a leaf's policy looks back, 0 when it does not."""
    sources, _ = chain(plan.policy(leaf, applicable=applicable))
    reaches = [
        9999 if source.carry_forward is True else source.carry_forward for source in sources if isinstance(source, CarryForward)
    ]
    return max(reaches, default=0)
