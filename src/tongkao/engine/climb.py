"""From the rates of the leaves up the tree to the total: aggregation, events at nodes, rounding (sections 7, 8.2 and 9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels import aggregation, outranking, rounding
from tongkao.engine.layout import Level
from tongkao.engine.plan import TOLERANCE, TrackPlan
from tongkao.engine.shares import STAYS, Effective
from tongkao.scheme.model import Aggregate, Power

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True)
class Climbed:
    """Rates and points of every node.

    Attributes:
        rates: 100 × points / full mark after events and rounding, rows × N, NaN for what does not stay.
        points: Points after events and rounding, rows × N, NaN for what does not stay.
        aggregated: Points as they come from below, before events and rounding; the same array as ``points`` where nothing
            changes them.
        with_events: Points after events, before rounding; the same array as ``points`` where nothing is rounded.
        not_positive: (row, node, child) of each rate that a geometric or harmonic mean cannot take.
    """

    rates: FloatArray
    points: FloatArray
    aggregated: FloatArray
    with_events: FloatArray
    not_positive: tuple[tuple[int, int, int], ...] = ()


def climb(plan: TrackPlan, effective: Effective, leaf_rates: FloatArray, adjustments: FloatArray | None = None) -> Climbed:
    """Compute every node from the leaves.

    Args:
        plan: The track's plan.
        effective: Weights after items left.
        leaf_rates: Rates of the leaves, rows × m; NaN where the leaf does not stay.
        adjustments: Net points of events at each node, rows × N; None when there are none.
    """
    layout = plan.layout
    complete = bool((effective.status == STAYS).all())
    rates = np.empty(effective.full.shape)
    rates[:, layout.leaves] = leaf_rates if complete else np.nan_to_num(leaf_rates, nan=0.0)
    kinds = set(plan.scheme.rounding.at)
    faults: list[tuple[int, int, int]] = []
    if not kinds and adjustments is None:
        for level in layout.levels:
            _aggregate(plan, level, effective, rates, faults)
        points = rates * effective.full
        points *= 0.01
        aggregated = with_events = points
    else:
        points, aggregated, with_events = np.empty_like(rates), np.empty_like(rates), np.empty_like(rates)
        fine = np.zeros(len(layout.ids), bool)

        def settle(columns: IntArray) -> None:
            full = effective.full[:, columns]
            raw = rates[:, columns] * full / 100.0
            if fine[columns].any():
                raw = _snap(plan, raw, fine[columns])
            aggregated[:, columns] = raw
            if adjustments is not None:
                raw = _adjust(raw, adjustments[:, columns])
            with_events[:, columns] = raw
            rounded = np.array([layout.kinds[column] in kinds for column in columns], bool)
            if rounded.any():
                rule = plan.scheme.rounding
                raw = raw.copy()
                raw[:, rounded] = rounding.round_points(
                    raw[:, rounded], places=rule.places, mode=rule.mode, scale=full[:, rounded]
                )
                fine[columns] |= rounded
            points[:, columns] = raw
            if adjustments is not None or rounded.any() or fine[columns].any():
                with np.errstate(divide="ignore", invalid="ignore"):
                    rates[:, columns] = np.where(full > 0, 100.0 * raw / full, rates[:, columns])

        settle(layout.leaves)
        for level in layout.levels:
            _aggregate(plan, level, effective, rates, faults)
            for position, parent in enumerate(level.parents):
                below = slice(level.low + level.starts[position], level.low + level.starts[position] + level.sizes[position])
                fine[parent] = bool(fine[below].all()) and layout.aggregates[parent] == "arithmetic"
            settle(level.parents)
    if not complete:
        gone = effective.status != STAYS
        rates[gone] = np.nan
        points[gone] = np.nan
        if aggregated is not points:
            aggregated[gone] = np.nan
            with_events[gone] = np.nan
    return Climbed(rates, points, aggregated, with_events, tuple(faults))


def _adjust(points: FloatArray, adjustments: FloatArray) -> FloatArray:
    """Add the net of bonuses and deductions; deductions never take a node below 0, nor lift one that was below."""
    return np.where(adjustments < 0, np.maximum(points + adjustments, np.minimum(points, 0.0)), points + adjustments)


def _snap(plan: TrackPlan, points: FloatArray, fine: NDArray[np.bool_]) -> FloatArray:
    """Take the noise of binary fractions off sums of rounded points: 0.1 + 0.2 is 0.3 where the places say so."""
    nearest = np.round(points, plan.scheme.rounding.places)
    return np.where(fine & (np.abs(points - nearest) <= TOLERANCE * plan.full_mark * 0.01), nearest, points)


def _aggregate(
    plan: TrackPlan, level: Level, effective: Effective, rates: FloatArray, faults: list[tuple[int, int, int]]
) -> None:
    """Combine the children of one depth into their parents' rates."""
    for aggregate, first, last in level.runs:
        low = level.low + int(level.starts[first])
        high = level.low + int(level.starts[last - 1] + level.sizes[last - 1])
        below, shares = rates[:, low:high], effective.shares[:, low:high]
        starts = level.starts[first:last] - level.starts[first]
        parents = level.parents[first:last]
        if aggregate == "arithmetic":
            rates[:, parents] = np.add.reduceat(below * shares, starts, axis=1)
        else:
            rates[:, parents] = _other(plan, aggregate, below, shares, starts, low, faults)


def _other(
    plan: TrackPlan,
    aggregate: Aggregate,
    rates: FloatArray,
    shares: FloatArray,
    starts: IntArray,
    low: int,
    faults: list[tuple[int, int, int]],
) -> FloatArray:
    """Means that are not arithmetic; children with share 0 do not count."""
    present = np.where(shares > 0, rates, np.nan)
    if aggregate in ("geometric", "harmonic"):
        bad = present <= 0
        if bad.any():
            for row, child in zip(*np.nonzero(bad), strict=True):
                faults.append((int(row), int(plan.layout.parent[low + child]), int(low + child)))
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
    filled: FloatArray = np.nan_to_num(means, nan=0.0)
    return filled


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
