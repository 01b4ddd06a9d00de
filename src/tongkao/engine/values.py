"""Values of indicators: own observations and expressions, for every unit of a track at once (section 3 of the format)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT, Observed
from tongkao.engine.targets import Targets, Which
from tongkao.scheme.expressions import Column, Expression, evaluate
from tongkao.scheme.model import Indicator

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Statistic = Literal["best", "worst", "mean", "median", "total"]


@dataclass(frozen=True)
class Group:
    """The comparison group of an indicator.

    Attributes:
        codes: Which list each unit is compared in, (n,): all 0 for the track, the class's number for ``compare: class``.
        counted: Whether the unit counts in it, (n,): ranked and with a weight above 0.
        direction: ``up`` or ``down``, for best and worst.
    """

    codes: IntArray
    counted: BoolArray
    direction: Literal["up", "down"]


class TrackValues:
    """Looks values up for the units of one track.

    Args:
        units: The track's units, n rows in canonical order.
        observed: Observations of exactly these units.
        targets: Targets of exactly these units.
        indicators: The scheme's indicators.
        expressions: Parsed ``value:`` of each indicator that has one.
        groups: Comparison group of each indicator of the track.
    """

    def __init__(
        self,
        units: pl.DataFrame,
        observed: Observed,
        targets: Targets,
        indicators: Mapping[str, Indicator],
        expressions: Mapping[str, Expression],
        groups: Mapping[str, Group],
    ) -> None:
        self.units = units
        self.n = units.height
        self.observed = observed
        self.targets = targets
        self.indicators = indicators
        self.expressions = expressions
        self.groups = groups
        self._everybody = Group(np.zeros(self.n, np.intp), np.ones(self.n, bool), "up")
        self._kept: dict[tuple[str, int], Column] = {}

    def group(self, indicator: str) -> Group:
        """Comparison group of an indicator; the whole track for one that stands in no tree of it."""
        return self.groups.get(indicator, self._everybody)

    def indicator(self, name: str, year: int) -> Column:
        """Value of an indicator in a year: its expression, else its own observation."""
        if name not in self.expressions:
            return self.observation(name, year)
        if (name, year) not in self._kept:
            # Expressions have no cycles (the validator sees to it), so this ends.
            self._kept[name, year] = self.expression(self.expressions[name], name, year)
        return self._kept[name, year]

    def expression(self, expression: Expression, indicator: str, year: int) -> Column:
        """Value of any expression that belongs to an indicator, in a year."""
        return evaluate(expression, ValueEnvironment(self, indicator, year))

    def observation(self, name: str, year: int) -> Column:
        """A name's own observation in a year."""
        values, states = self.observed.annual(name, year)
        return Column("number", values, states)

    def named(self, name: str, year: int) -> Column:
        """What a name means: an indicator, an observation that is no indicator, a column of the units."""
        if name in self.indicators:
            return self.indicator(name, year)
        if name in self.observed:
            return self.observation(name, year)
        return unit_column(self.units, name)


def unit_column(units: pl.DataFrame, name: str) -> Column:
    """A column of the units as values of an expression; empty cells are missing."""
    column = units[name]
    if column.dtype == pl.String:
        texts = np.array(column.to_list(), dtype=object)
        return Column("text", texts, np.where(texts == "", MISSING, PRESENT).astype(np.uint8))
    values = column.cast(pl.Float64).to_numpy()
    return Column("number", values, np.where(np.isnan(values), MISSING, PRESENT).astype(np.uint8))


class ValueEnvironment:
    """What names and functions of an expression mean for one indicator in one year."""

    def __init__(self, track: TrackValues, indicator: str, year: int) -> None:
        self.track = track
        self.indicator = indicator
        self.year = year
        self.n = track.n

    def value(self, name: str, years_back: int) -> Column:
        """A name's value, so many years earlier."""
        return self.track.named(name, self.year - years_back)

    def periods(self, name: str) -> tuple[FloatArray, NDArray[np.uint8]]:
        """Values of the months or quarters of the year, and what a unit without any of them is."""
        values, states = self.track.observed.periods(name, self.year)
        _, own = self.track.observed.annual(name, self.year)
        return values, np.where(own == NOT_APPLICABLE, NOT_APPLICABLE, states).astype(np.uint8)

    def group_statistic(self, name: Statistic, column: Column) -> Column:
        """Best, worst, mean, median or total of a column over the comparison group of the indicator."""
        group = self.track.group(self.indicator)
        values = np.full(self.n, np.nan)
        for code in np.unique(group.codes):
            members = group.codes == code
            counted = column.values[members & group.counted & (column.state == PRESENT)].astype(np.float64)
            if counted.size:
                values[members] = _statistic(name, counted, group.direction)
        # A unit to which its own part does not apply still sees the group; that part makes the whole not applicable by itself.
        return Column("number", values, np.where(np.isnan(values), MISSING, PRESENT).astype(np.uint8))

    def target(self, which: Which) -> Column:
        """The unit's target, baseline or challenge value for the indicator."""
        values = self.track.targets.column(self.indicator, self.year, which)
        return Column("number", values, np.where(np.isnan(values), MISSING, PRESENT).astype(np.uint8))

    def call(self, name: str, argument: str) -> Column:
        """Values have no functions with a text; the validator refuses them."""
        raise KeyError(f"{name}({argument!r}) means nothing in the value of an indicator")


def _statistic(name: Statistic, values: FloatArray, direction: str) -> float:
    if name in ("best", "worst"):
        highest = (name == "best") == (direction == "up")
        return float(values.max() if highest else values.min())
    if name == "mean":
        return float(values.mean())
    if name == "median":
        return float(np.median(values))
    return float(values.sum())
