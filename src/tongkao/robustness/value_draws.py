"""Observed values that vary: standard errors, revisions, the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.observed import Observed
from tongkao.engine.plan import TrackPlan
from tongkao.engine.values import TrackValues
from tongkao.robustness.draws import key_of, normals, run_keys, uniforms
from tongkao.robustness.spec import ValueDraws, ValuesChoice

FloatArray = NDArray[np.float64]
KeyArray = NDArray[np.uint64]


@dataclass(frozen=True)
class ValueDraw:
    """A choice of values that vary; the same for every track.

    Attributes:
        id: Id of the choice.
        key: Key of seed and choice.
        rule: How values vary.
        observations: All observations, one row each.
        varies: Which of them vary.
        half: Half a unit of their last digit.
        spread: Their standard deviation.
        cells: Key of unit, indicator and period of each.
    """

    id: str
    key: np.uint64
    rule: ValueDraws
    observations: pl.DataFrame = field(repr=False)
    varies: NDArray[np.bool_] = field(repr=False)
    half: FloatArray = field(repr=False)
    spread: FloatArray = field(repr=False)
    cells: KeyArray = field(repr=False)

    @classmethod
    def of(cls, choice: ValuesChoice, observations: pl.DataFrame, seed: int) -> ValueDraw:
        """Make a choice ready."""
        names = observations["indicator"]
        value = observations["value"]
        varies = value.is_not_null()
        if choice.indicators is not None:
            varies &= names.is_in(choice.indicators)
        chosen = varies.to_numpy()
        numbers = value.fill_null(0.0).to_numpy()
        rule = choice.values
        spread = np.zeros(len(numbers))
        if rule.relative is not None:
            spread = np.hypot(spread, rule.relative * np.abs(numbers))
        if rule.standard_error is not None:
            spread = np.hypot(spread, rule.standard_error * observations["se"].cast(pl.Float64).fill_null(0.0).to_numpy())
        half = np.zeros(len(numbers))
        if rule.last_digit:
            # A column is written with the same places throughout, so the longest fraction tells them.
            places = pl.Series([_places(number) for number in numbers.tolist()])
            most = pl.DataFrame({"name": names, "places": places, "varies": varies})
            most = most.with_columns(pl.when("varies").then("places").otherwise(0).max().over("name").alias("most"))
            half = 0.5 * 10.0 ** -most["most"].to_numpy().astype(np.float64)
        cells = [key_of(*row) for row in observations.select("unit", "indicator", "period").iter_rows()]
        return cls(choice.id, key_of(seed, choice.id), rule, observations, chosen, half, spread, np.array(cells, np.uint64))

    def values(self, number: float) -> FloatArray:
        """What is added to each observation in a run, 0 for those that do not vary."""
        keys = run_keys(self.key, np.array([number]))
        added = np.zeros(len(self.cells))
        cells = self.cells[self.varies]
        if self.rule.relative is not None or self.rule.standard_error is not None:
            added[self.varies] += normals(keys, cells)[0] * self.spread[self.varies]
        if self.rule.last_digit:
            added[self.varies] += (2.0 * uniforms(keys, cells, 7_000_001)[0] - 1.0) * self.half[self.varies]
        return added

    @staticmethod
    def look_up(plan: TrackPlan, values: TrackValues, draws: Sequence[tuple[ValueDraw, float]]) -> TrackValues:
        """The look-up of values for the units of a plan with the values of one run."""
        observations = draws[0][0].observations
        added = np.sum([draw.values(number) for draw, number in draws], axis=0)
        varied = observations.with_columns((pl.col("value") + pl.Series("added", added)).alias("value"))
        observed = Observed(plan.unit_ids, varied)
        return TrackValues(values.units, observed, values.targets, values.indicators, values.expressions, values.groups)


def _places(number: float) -> int:
    """Decimal places in the shortest writing of a number."""
    text = repr(number)
    if "e" in text:
        return max(0, -int(text.split("e")[1]))
    fraction = text.split(".")[1] if "." in text else ""
    return 0 if fraction == "0" else len(fraction)
