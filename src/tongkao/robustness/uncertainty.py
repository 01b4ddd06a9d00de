"""How far totals and ranks spread over the runs of an experiment.

Quantiles are linear between order statistics (the default of NumPy, type 7 of R), standard deviations have n - 1 below. Shares of
runs are of those that were marked; a run that could not be marked is in no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.robustness.outcomes import Outcomes, TrackOutcomes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: of so many units every pair is compared
MOST_PAIRS = 1000


@dataclass(frozen=True)
class Spread:
    """Distribution of a number over the runs, one entry a unit; NaN for a unit that never has one.

    Attributes:
        nominal: The number as it is, nothing varied.
        mean: Mean.
        median: Median.
        deviation: Standard deviation (n - 1), 0 for a single run.
        low: Least.
        high: Greatest.
        quantiles: (intervals, 2, n) lower and upper end of each interval.
    """

    nominal: FloatArray
    mean: FloatArray
    median: FloatArray
    deviation: FloatArray
    low: FloatArray
    high: FloatArray
    quantiles: FloatArray


@dataclass(frozen=True)
class Group:
    """Units that cannot be told apart.

    Attributes:
        units: Places among the track's units, the best first.
    """

    units: tuple[int, ...]


@dataclass(frozen=True)
class Uncertainty:
    """What can be said of the units of one track.

    Attributes:
        outcomes: The runs.
        intervals: Shares between which an interval reaches, for example (0.05, 0.95).
        totals: Distribution of the total.
        ranks: Distribution of the place.
        tiers: (n, tiers) share of the runs in which a unit is in each tier.
        awards: (n, awards) share of the runs in which a unit wins each award.
        top: (n, tops) share of the runs in which a unit is among the first k.
        same: (n,) share of the runs in which a unit has the place that it has as it is.
    """

    outcomes: TrackOutcomes
    intervals: tuple[tuple[float, float], ...]
    totals: Spread
    ranks: Spread
    tiers: FloatArray
    awards: FloatArray
    top: FloatArray
    same: FloatArray

    @cached_property
    def acceptability(self) -> FloatArray:
        """Share of the runs in which each unit (row) has each place (column), (n, n) (rank acceptability, SMAA).

        Source: Lahdelma and Salminen 2001, SMAA-2. Rows of units that ever have a place sum to 1.
        """
        return self.outcomes.counts.acceptability()

    @cached_property
    def order(self) -> IntArray:
        """Units that ever have a place, by mean place, then by median and nominal place and id."""
        placed = np.flatnonzero(~np.isnan(self.ranks.mean))
        keys = (placed, self.ranks.nominal[placed], self.ranks.median[placed], np.round(self.ranks.mean[placed], 12))
        return placed[np.lexsort(keys)]

    def before(self, units: Sequence[int] | None = None) -> FloatArray:
        """Share of the runs in which the unit of the row is placed before that of the column; equal places count half.

        Only runs in which both have a place count; NaN where there is none, 0.5 on the diagonal.

        Args:
            units: Places of the units among the track's; by default all.

        Raises:
            ValueError: If they are more than :data:`MOST_PAIRS`.
        """
        chosen = list(range(len(self.outcomes.units))) if units is None else list(units)
        if len(chosen) > MOST_PAIRS:
            raise ValueError(f"{len(chosen)} units have too many pairs; name at most {MOST_PAIRS}")
        return _before(self.outcomes.ranks[:, chosen])

    def groups(self, confidence: float = 0.95) -> list[list[Group]]:
        """Units that cannot be told apart, list by list (the track, or each class).

        The rule: in the order of mean places, a group begins with the best unit that is in none; the units after it belong to it
        as long as the first of the group is placed before them in less than ``confidence`` of the runs (equal places count half).
        The first unit that fails this begins the next group.

        Args:
            confidence: Share of the runs from which on one unit is before another.
        """
        lists = self.outcomes.lists
        made = []
        for code in np.unique(lists[self.order]):
            groups: list[list[int]] = []
            for unit in self.order[lists[self.order] == code].tolist():
                apart = True
                if groups:
                    first = _before(self.outcomes.ranks[:, [groups[-1][0], unit]])[0, 1]
                    apart = bool(first >= confidence - 1e-12)
                if apart:
                    groups.append([])
                groups[-1].append(unit)
            made.append([Group(tuple(group)) for group in groups])
        return made


def _before(ranks: NDArray[np.int32]) -> FloatArray:
    """Share of the runs (rows) in which one unit is before another, (k, k)."""
    k = ranks.shape[1]
    ordered = np.ascontiguousarray(ranks.T)
    placed = ordered > 0
    result = np.full((k, k), 0.5)
    everywhere = bool(placed.all())
    for first in range(k):
        if everywhere:
            ahead = (ordered[first] < ordered).sum(axis=1) + 0.5 * (ordered[first] == ordered).sum(axis=1)
            result[first] = ahead / max(ranks.shape[0], 1)
        else:
            both = placed[first] & placed
            ahead = (both & (ordered[first] < ordered)).sum(axis=1) + 0.5 * (both & (ordered[first] == ordered)).sum(axis=1)
            with np.errstate(invalid="ignore"):
                result[first] = ahead / both.sum(axis=1)
    return result


def uncertainty(outcomes: Outcomes, track: str, intervals: Sequence[Sequence[float]] = ((0.05, 0.95),)) -> Uncertainty:
    """Describe the outcomes of one track.

    Args:
        outcomes: What an experiment gave.
        track: Which track.
        intervals: Shares between which an interval reaches.

    Returns:
        The description; quantiles of totals come from the kept runs, everything else of totals from all of them.
    """
    of_track = outcomes.tracks[track]
    shares = np.array([[low, high] for low, high in intervals], np.float64).reshape(-1)
    asked = np.concatenate([[0.5], shares])
    sums, counts, nominal = of_track.sums, of_track.counts, of_track.nominal
    quantiles = column_quantiles(of_track.totals, asked)
    with np.errstate(invalid="ignore", divide="ignore"):
        moved = sums.total / sums.present
        spread = np.maximum(sums.square - sums.total * moved, 0.0) / np.maximum(sums.present - 1, 1)
        ranked = sums.rank / sums.placed
        rank_spread = np.maximum(sums.rank_square - sums.rank * ranked, 0.0) / np.maximum(sums.placed - 1, 1)
    has, placed = sums.present > 0, sums.placed > 0
    base = np.where(np.isnan(nominal.totals), 0.0, nominal.totals)
    totals = Spread(
        nominal.totals,
        np.where(has, base + moved, np.nan),
        quantiles[0],
        np.where(has, np.sqrt(spread), np.nan),
        np.where(has, sums.low, np.nan),
        np.where(has, sums.high, np.nan),
        quantiles[1:].reshape(len(intervals), 2, -1),
    )
    rank_quantiles = np.stack([counts.quantile(float(share)) for share in asked])
    ranks = Spread(
        np.where(nominal.ranks > 0, nominal.ranks, np.nan),
        np.where(placed, ranked, np.nan),
        rank_quantiles[0],
        np.where(placed, np.sqrt(rank_spread), np.nan),
        np.where(placed, sums.best, np.nan),
        np.where(placed, sums.worst, np.nan),
        rank_quantiles[1:].reshape(len(intervals), 2, -1),
    )
    acceptability = counts.acceptability()
    own = np.maximum(nominal.ranks - 1, 0)
    same = np.where(nominal.ranks > 0, acceptability[np.arange(len(own)), own], np.nan)
    runs = max(sums.runs, 1)
    return Uncertainty(
        of_track,
        tuple((float(low), float(high)) for low, high in intervals),
        totals,
        ranks,
        sums.tiers / np.maximum(sums.tiers.sum(axis=1, keepdims=True), 1) if sums.tiers.size else sums.tiers / runs,
        sums.awards / runs,
        sums.top / np.maximum(sums.placed, 1)[:, None],
        same,
    )


def column_quantiles(values: FloatArray, shares: FloatArray) -> FloatArray:
    """Quantiles of each column without its gaps, (shares, n); NaN for a column without a number."""
    if not len(values):
        return np.full((len(shares), values.shape[1]), np.nan)
    result = np.empty((len(shares), values.shape[1]))
    step = max(1, 2_000_000 // len(values))
    for start in range(0, values.shape[1], step):
        # Gaps sort to the end.
        block = np.sort(values[:, start : start + step].T, axis=1)
        count = (~np.isnan(block)).sum(axis=1)
        rows = np.arange(len(block))
        for place, share in enumerate(shares):
            position = share * (np.maximum(count, 1) - 1)
            below = np.floor(position).astype(np.intp)
            above = np.minimum(below + 1, np.maximum(count, 1) - 1)
            low, high = block[rows, below], block[rows, above]
            result[place, start : start + step] = low + (high - low) * (position - below)
    return result
