"""From the rates of the leaves up the tree to the total: aggregation, events at nodes, rounding (sections 7, 8.2 and 9)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels import aggregation, outranking, rounding
from tongkao.engine.kernels.arrays import row_blocks
from tongkao.engine.layout import Level
from tongkao.engine.plan import TOLERANCE, TrackPlan
from tongkao.engine.shares import STAYS, Block, Effective
from tongkao.scheme.model import Aggregate, Power

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Steps:
    """Points of every node step by step, rows × N, NaN for what does not stay.

    Attributes:
        aggregated: As they come from below.
        with_events: After bonuses and deductions.
        points: After rounding.
    """

    aggregated: FloatArray
    with_events: FloatArray
    points: FloatArray


@dataclass(frozen=True)
class Climbed:
    """Rates of every node, and their points.

    Attributes:
        plan: The track's plan.
        effective: Weights after items left.
        rates: 100 × points / full mark after events and rounding, rows × N, NaN for what does not stay.
        changed: Points step by step where events or rounding change them, else None.
        not_positive: (row, node, child) of each rate that a geometric or harmonic mean cannot take.
    """

    plan: TrackPlan
    effective: Effective
    rates: FloatArray
    changed: Steps | None
    not_positive: tuple[tuple[int, int, int], ...] = ()

    @property
    def totals(self) -> FloatArray:
        """Points of the total, (rows,), NaN where a row has none."""
        if self.changed is not None:
            return self.changed.points[:, 0]
        return self.rates[:, 0] * (self.plan.full_mark / 100.0)

    @cached_property
    def steps(self) -> Steps:
        """Points step by step; all the same where neither events nor rounding change them."""
        if self.changed is not None:
            return self.changed
        points = self.rates * self.effective.full / 100.0
        points[:, 0] = self.totals
        return Steps(points, points, points)

    @property
    def points(self) -> FloatArray:
        """Points of every node after events and rounding, rows × N, NaN for what does not stay."""
        return self.steps.points


def climb(plan: TrackPlan, effective: Effective, leaf_rates: FloatArray, adjustments: FloatArray | None = None) -> Climbed:
    """Compute every node from the leaves, a block of rows that fits the cache at a time.

    Args:
        plan: The track's plan.
        effective: Weights after items left.
        leaf_rates: Rates of the leaves, rows × m; NaN where the leaf does not stay.
        adjustments: Net points of events at each node, rows × N; None when there are none.
    """
    shape = (plan.rows, len(plan.layout.ids))
    rates = np.empty(shape)
    changes = bool(plan.scheme.rounding.at) or adjustments is not None
    changed = Steps(np.empty(shape), np.empty(shape), np.empty(shape)) if changes else None
    if changed is None and effective.simple and set(plan.layout.aggregates) == {"arithmetic"}:
        for rows in row_blocks(*shape):
            _climb_means(plan, effective, leaf_rates[rows], rates[rows], rows)
        return Climbed(plan, effective, rates, None)
    faults: list[tuple[int, int, int]] = []
    # Units meet each other in Copeland's method: there all rows are one block.
    together = "copeland" in plan.layout.aggregates
    for rows in (slice(0, plan.rows),) if together else row_blocks(*shape):
        block = effective.block(rows)
        part = rates[rows]
        part[:, plan.layout.leaves] = leaf_rates[rows]
        if not block.complete:
            part[block.status != STAYS] = 0.0
        if changed is None:
            for level in plan.layout.levels:
                _aggregate(plan, level, block, part, rows, faults)
        else:
            settling = _Settling(plan, effective, block, rows, part, changed, adjustments)
            settling.run(faults)
        if not block.complete:
            gone = block.status != STAYS
            part[gone] = np.nan
            if changed is not None:
                for array in (changed.aggregated, changed.with_events, changed.points):
                    array[rows][gone] = np.nan
    return Climbed(plan, effective, rates, changed, tuple(faults))


def _climb_means(plan: TrackPlan, effective: Effective, leaf_rates: FloatArray, rates: FloatArray, rows: slice) -> None:
    """Weighted means of what stays, all the way up; the commonest case, in the fewest passes over the block.

    Dividing the weighted sum by the weights that stay is the same as redistributing them in proportion.
    """
    layout, given = plan.layout, effective.given
    leaves = layout.leaf_columns
    rates[:, leaves] = leaf_rates
    weights = given.of_rows(given.shares, rows)
    if effective.leaves is None and not given.weightless.any():
        for level in layout.levels:
            children = slice(level.low, level.high)
            rates[:, level.parents] = np.add.reduceat(rates[:, children] * weights[:, children], level.starts, axis=1)
        return
    stays = ~np.broadcast_to(given.of_rows(given.weightless, rows), rates.shape)
    if effective.leaves is not None:
        stays[:, leaves] &= effective.leaves[rows] == STAYS
    # Sums are made of a copy in which what left is 0; in the rates themselves it has none.
    summed = np.zeros_like(rates)
    summed[:, leaves] = np.where(stays[:, leaves], leaf_rates, 0.0)
    for level in layout.levels:
        children = slice(level.low, level.high)
        here = stays[:, children]
        kept = weights[:, children] * here
        sums = np.add.reduceat(kept, level.starts, axis=1)
        # Where nobody left the weights sum to 1, whatever their last digit says.
        np.copyto(sums, 1.0, where=np.logical_and.reduceat(here, level.starts, axis=1))
        kept = np.multiply(kept, summed[:, children], out=kept)
        means = np.add.reduceat(kept, level.starts, axis=1)
        empty = sums == 0
        np.copyto(sums, 1.0, where=empty)
        means /= sums
        summed[:, level.parents] = means
        stays[:, level.parents] &= ~empty
        rates[:, level.parents] = np.where(stays[:, level.parents], means, np.nan)


class _Settling:
    """The way up of some rows whose points events or rounding change at some node."""

    def __init__(
        self,
        plan: TrackPlan,
        effective: Effective,
        block: Block,
        rows: slice,
        rates: FloatArray,
        steps: Steps,
        adjustments: FloatArray | None,
    ) -> None:
        self.plan, self.block, self.rows, self.rates = plan, block, rows, rates
        self.full = effective.full_of(rows, block)
        self.steps = steps
        self.adjustments = adjustments
        self.kinds = set(plan.scheme.rounding.at)
        # Nodes whose points have no more places than the scheme rounds to.
        self.fine = np.zeros(len(plan.layout.ids), bool)

    def run(self, faults: list[tuple[int, int, int]]) -> None:
        """Settle the leaves, then depth by depth their parents."""
        layout = self.plan.layout
        self._settle(layout.leaves)
        for level in layout.levels:
            _aggregate(self.plan, level, self.block, self.rates, self.rows, faults)
            for position, parent in enumerate(level.parents):
                first = level.low + level.starts[position]
                below = slice(first, first + level.sizes[position])
                self.fine[parent] = bool(self.fine[below].all()) and layout.aggregates[parent] == "arithmetic"
            self._settle(level.parents)

    def _settle(self, columns: IntArray) -> None:
        """Turn rates into points, add events, round, and turn them back into the reported rates."""
        plan, rows = self.plan, self.rows
        full = self.full[:, columns]
        points = self.rates[:, columns] * full / 100.0
        if self.fine[columns].any():
            points = self._snap(points, self.fine[columns])
        self.steps.aggregated[rows, columns] = points
        if self.adjustments is not None:
            points = _adjust(points, self.adjustments[rows][:, columns])
        self.steps.with_events[rows, columns] = points
        rounded = np.array([plan.layout.kinds[column] in self.kinds for column in columns], bool)
        if rounded.any():
            rule = plan.scheme.rounding
            points = points.copy()
            points[:, rounded] = rounding.round_points(
                points[:, rounded], places=rule.places, mode=rule.mode, scale=full[:, rounded]
            )
            self.fine[columns] |= rounded
        self.steps.points[rows, columns] = points
        if self.adjustments is not None or self.fine[columns].any():
            with np.errstate(divide="ignore", invalid="ignore"):
                self.rates[:, columns] = np.where(full > 0, 100.0 * points / full, self.rates[:, columns])

    def _snap(self, points: FloatArray, fine: NDArray[np.bool_]) -> FloatArray:
        """Take the noise of binary fractions off sums of rounded points: 0.1 + 0.2 is 0.3 where the places say so."""
        nearest = np.round(points, self.plan.scheme.rounding.places)
        noise = np.abs(points - nearest) <= TOLERANCE * self.plan.full_mark * 0.01
        return np.where(fine & noise, nearest, points)


def _adjust(points: FloatArray, adjustments: FloatArray) -> FloatArray:
    """Add the net of bonuses and deductions; deductions never take a node below 0, nor lift one that was below."""
    return np.where(adjustments < 0, np.maximum(points + adjustments, np.minimum(points, 0.0)), points + adjustments)


def _aggregate(
    plan: TrackPlan, level: Level, block: Block, rates: FloatArray, rows: slice, faults: list[tuple[int, int, int]]
) -> None:
    """Combine the children of one depth into their parents' rates."""
    for aggregate, first, last in level.runs:
        low = level.low + int(level.starts[first])
        high = level.low + int(level.starts[last - 1] + level.sizes[last - 1])
        below, shares = rates[:, low:high], block.shares[:, low:high]
        starts = level.starts[first:last] - level.starts[first]
        parents = level.parents[first:last]
        if aggregate == "arithmetic":
            rates[:, parents] = np.add.reduceat(below * shares, starts, axis=1)
        else:
            whole = np.broadcast_to(shares, below.shape)
            rates[:, parents] = _other(plan, aggregate, below, whole, starts, low, rows, faults)


def _other(
    plan: TrackPlan,
    aggregate: Aggregate,
    rates: FloatArray,
    shares: FloatArray,
    starts: IntArray,
    low: int,
    rows: slice,
    faults: list[tuple[int, int, int]],
) -> FloatArray:
    """Means that are not arithmetic; children with share 0 do not count."""
    present = np.where(shares > 0, rates, np.nan)
    limit = _must_exceed(aggregate)
    if limit is not None:
        bad = present <= limit
        if bad.any():
            for row, child in zip(*np.nonzero(bad), strict=True):
                faults.append((rows.start + int(row), int(plan.layout.parent[low + child]), int(low + child)))
            present = np.where(bad, np.nan, present)
            shares = np.where(bad, 0.0, shares)
    if isinstance(aggregate, Power):
        means = aggregation.power(present, shares, starts, p=aggregate.power)
    elif aggregate == "geometric":
        means = aggregation.geometric(present, shares, starts)
    elif aggregate == "harmonic":
        means = aggregation.harmonic(present, shares, starts)
    elif aggregate == "min":
        means = aggregation.minimum(present, shares, starts)
    elif aggregate == "median":
        means = aggregation.weighted_median(present, shares, starts)
    else:
        means = _copeland(plan, present, shares, starts)
    filled: FloatArray = np.where(np.isnan(means), 0.0, means)
    return filled


def _must_exceed(aggregate: Aggregate) -> float | None:
    """What every rate must be above for a mean to have an answer, None where any rate will do."""
    if aggregate in ("geometric", "harmonic") or (isinstance(aggregate, Power) and aggregate.power <= 0):
        return 0.0
    if isinstance(aggregate, Power) and aggregate.power != int(aggregate.power):
        return float(np.nextafter(0.0, -1.0))  # a root of 0 is 0, of a negative number nothing
    return None


def _copeland(plan: TrackPlan, rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Units meet each other within their year; unranked ones meet the ranked but are not counted as opponents."""
    result = np.full((rates.shape[0], len(starts)), np.nan)
    bounds = [*starts.tolist(), rates.shape[1]]
    for year in range(len(plan.years)):
        rows = plan.year_codes == year
        for position in range(len(starts)):
            columns = slice(bounds[position], bounds[position + 1])
            result[rows, position] = outranking.copeland_rate(rates[rows, columns], shares[rows, columns], plan.ranked[rows])
    return result
