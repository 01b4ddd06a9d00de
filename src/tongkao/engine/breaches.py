"""Binding indicators: whose requirement is false has the effect by itself (section 8)."""

from __future__ import annotations

import numpy as np

from tongkao.engine.events import Happening
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.plan import TrackPlan
from tongkao.engine.prepare import Prepared
from tongkao.engine.targets import FIELDS, Which
from tongkao.engine.values import TrackValues, unit_column
from tongkao.scheme.expressions import Column, evaluate, parse


class RequirementEnvironment:
    """Names of a requirement: ``value``, ``rate``, ``target``, ``baseline`` and ``challenge`` of one indicator.

    Only own values count: a missing or imputed one, or one of weight 0, is no breach.
    """

    def __init__(self, values: TrackValues, indicator: str, year: int, value: Column, rate: Column) -> None:
        self.n = values.n
        self._values = values
        self._indicator = indicator
        self._year = year
        self._columns = {"value": value, "rate": rate}

    def value(self, name: str, years_back: int) -> Column:
        """A name's value; columns of the units are known too."""
        if years_back:
            raise KeyError(f"{name} {years_back} years earlier")
        if name in self._columns:
            return self._columns[name]
        for which in FIELDS:
            if name == which:
                return self.target(which)
        return unit_column(self._values.units, name)

    def target(self, which: Which) -> Column:
        """The unit's target, baseline or challenge value."""
        values = self._values.targets.column(self._indicator, self._year, which)
        return Column("number", values, np.where(np.isnan(values), MISSING, PRESENT).astype(np.uint8))

    def periods(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Requirements have no months; the validator refuses them."""
        raise KeyError(name)

    def group_statistic(self, name: str, column: Column) -> Column:
        """Requirements look at one unit; the validator refuses statistics."""
        raise KeyError(f"{name} of {len(column.values)} values")

    def call(self, name: str, argument: str) -> Column:
        """Requirements have no functions with a text; the validator refuses them."""
        raise KeyError(f"{name}({argument!r})")


def breaches(plan: TrackPlan, values: TrackValues, prepared: Prepared) -> list[Happening]:
    """Every breach in the scheme's year, in the order of leaves and units."""
    found: list[Happening] = []
    rows = plan.main()
    for leaf in plan.binding:
        indicator = plan.indicators[leaf]
        assert indicator.binding is not None
        column = next(place for place, candidate in enumerate(plan.columns) if candidate.leaf == leaf)
        name = plan.columns[column].indicator
        own = values.indicator(name, plan.scheme.year)
        numbers, states = own.values.astype(np.float64), own.state
        if indicator.denominate is not None:
            numbers = prepared.observed[rows, column]
            states = np.where(np.isnan(numbers) & (states == PRESENT), MISSING, states).astype(np.uint8)
        out = ~prepared.alive[rows]
        if plan.weightless is not None:
            out = out | plan.weightless[rows, column]
        states = np.where(out, NOT_APPLICABLE, states).astype(np.uint8)
        rates = prepared.rates[rows, leaf]
        environment = RequirementEnvironment(
            values,
            name,
            plan.scheme.year,
            Column("number", numbers, states),
            Column("number", rates, np.where(np.isnan(rates), MISSING, states).astype(np.uint8)),
        )
        kept = evaluate(parse(indicator.binding.require), environment)
        broken = (kept.state == PRESENT) & ~kept.values.astype(bool) & (states == PRESENT)
        found += [
            Happening(int(row) + rows.start, name, indicator.binding.effect, binding=True) for row in np.flatnonzero(broken)
        ]
    return found
