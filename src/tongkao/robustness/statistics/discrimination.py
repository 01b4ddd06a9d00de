"""Whether an indicator still tells units apart: the two computable reasons to retire it, near the target and no spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tongkao.engine.kernels import statistics
from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray
from tongkao.robustness.statistics.levels import levels_of

NEAR = 95.0
"""Rate from which on a unit is near full marks."""
NEAR_SHARE = 0.9
"""Share of the units near full marks from which on an indicator is near its target."""
NO_SPREAD = 1.0
"""Standard deviation of rates, in hundredths of the full mark, below which an indicator has no spread."""
SAME = 1e-7
"""Rates that differ by less are equal: 1e-9 of 100, as everywhere in the marking."""


@dataclass(frozen=True)
class Discrimination:
    """How the rates of k indicators spread, each (k,); NaN where there is none.

    Attributes:
        n: Units with a rate that was computed from a value.
        minimum: Lowest rate.
        maximum: Highest rate.
        mean: Mean rate.
        sd: Standard deviation with n - 1.
        variation: Coefficient of variation, sd / mean; none where the mean is not above 0.
        distinct: Distinct rates.
        near: Units at 95 % or more of full marks.
        at_cap: Units at the cap of the scoring method; 0 where it has none.
        at_floor: Units at its floor; 0 where it has none.
        near_target: Whether so many units are near full marks that little is left to gain.
        no_spread: Whether the rates hardly differ.
    """

    n: IntArray
    minimum: FloatArray
    maximum: FloatArray
    mean: FloatArray
    sd: FloatArray
    variation: FloatArray
    distinct: IntArray
    near: IntArray
    at_cap: IntArray
    at_floor: IntArray
    near_target: BoolArray
    no_spread: BoolArray

    def shares(self, counts: IntArray) -> FloatArray:
        """Counts as shares of the units that have a rate."""
        return np.where(self.n > 0, counts / np.maximum(self.n, 1), np.nan)


def discriminate(
    rates: FloatArray,
    *,
    caps: FloatArray | None = None,
    floors: FloatArray | None = None,
    near: float = NEAR,
    near_share: float = NEAR_SHARE,
    no_spread: float = NO_SPREAD,
) -> Discrimination:
    """See how well every indicator tells units apart.

    Args:
        rates: (n, k) rates on the scale of 0 to 100, NaN where a unit has none of its own.
        caps: (k,) highest rate that the method gives, NaN where it has no cap.
        floors: (k,) lowest rate, NaN where it has no floor.
        near: Rate from which on a unit is near full marks.
        near_share: Share of such units from which on an indicator is near its target.
        no_spread: Standard deviation below which an indicator has no spread.
    """
    n, k = rates.shape
    present = ~np.isnan(rates)
    number = statistics.count(present)
    low, high = statistics.extremes(rates, present)
    middle, sd = statistics.mean(rates), statistics.standard_deviation(rates)
    none = np.full(k, np.nan)
    cap, floor = (none if given is None else given for given in (caps, floors))
    with np.errstate(invalid="ignore", divide="ignore"):
        near_count = statistics.count(rates >= near - SAME)
        variation = np.where(middle > 0, sd / middle, np.nan)
        at_cap, at_floor = statistics.count(rates >= cap - SAME), statistics.count(rates <= floor + SAME)
        flat = (sd < no_spread) & (number >= 2)
    levels = levels_of(np.round(rates / SAME) * SAME if n else rates)
    distinct = levels.max(axis=0) + 1 if n else np.zeros(k, np.int64)
    return Discrimination(
        number,
        low,
        high,
        middle,
        sd,
        variation,
        distinct,
        near_count,
        at_cap,
        at_floor,
        (near_count >= near_share * number - 1e-9) & (number > 0),
        flat,
    )
