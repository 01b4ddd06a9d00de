"""Leaving nodes out of a chain of weighted means, all at once and without marking again.

In a tree of weighted arithmetic means a node that goes takes its part out of its parent's mean and leaves everything else below
as it was: the parent's new mean is that of the other children, and the total moves by the parent's weight times the difference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.layout import Layout, Level
from tongkao.engine.marking import Marks
from tongkao.engine.plan import TrackPlan
from tongkao.engine.policies import chain
from tongkao.scheme.model import Impute

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


def is_chain(marks: Marks) -> bool:
    """Whether leaving a node out of this marking changes nothing but weights in a chain of weighted arithmetic means."""
    plan, layout = marks.plan, marks.plan.layout
    return (
        all(layout.aggregates[column] == "arithmetic" for level in layout.levels for column in level.parents)
        and not layout.least.any()
        and marks.climbed.changed is None
        and not marks.found
        and marks.effective.simple
        and not any(tier.gates for tier in plan.track.tiers)
        and not sees_neighbours(marks)
    )


def sees_neighbours(marks: Marks) -> bool:
    """Whether values or the screening of a unit depend on which other indicators it has."""
    plan, screen = marks.plan, marks.plan.track.screen
    if screen is not None and (screen.non_zero is not None or not _all_there(marks)):
        return True
    return marks.prepared.filled is not None and _imputes_rows(plan)


def _all_there(marks: Marks) -> bool:
    """Whether every unit had every indicator when it was screened; then it has all of fewer, too."""
    return marks.prepared.availability is not None and bool((marks.prepared.availability == 1.0).all())


def _imputes_rows(plan: TrackPlan) -> bool:
    sources = [
        source
        for leaf in range(len(plan.indicators))
        for applicable in (True, False)
        for source in chain(plan.policy(leaf, applicable=applicable))[0]
    ]
    return any(isinstance(source, Impute) and source.impute.startswith("row_") for source in sources)


def totals_without(layout: Layout, rates: FloatArray, shares: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate of the total without each node in turn.

    Args:
        layout: The tree.
        rates: (n, N) rates of all nodes, NaN where a node does not stay.
        shares: (n, N) share of each node among the siblings that stay, 0 where it does not stay.

    Returns:
        Three (N, n) arrays, nodes first: the rate of the total without the node, NaN where nothing is left; the rate of what
        takes its weight (the other children of the lowest node above that keeps any); the node's weight in the total.
    """
    shares_of = np.ascontiguousarray(shares.T)
    rates_of = np.where(shares_of > 0, np.ascontiguousarray(rates.T), 0.0)
    total = rates_of[0]
    weights, without, others = np.empty_like(rates_of), np.empty_like(rates_of), np.empty_like(rates_of)
    weights[0], without[0], others[0] = 1.0, np.nan, np.nan
    for level in reversed(layout.levels):
        children, above = slice(level.low, level.high), level.parents[level.child_parent]
        share = shares_of[children]
        mean, kept = _means_without(level, share, rates_of[children])
        weight_above = weights[above]
        weights[children] = weight_above * share
        moved = mean if above.max() == 0 else total + weight_above * (mean - rates_of[above])
        moved = np.where(share > 0, moved, total)
        if not kept.all():
            # The node above has no other child for this unit and goes as well.
            moved, mean = np.where(kept, moved, without[above]), np.where(kept, mean, others[above])
        without[children], others[children] = moved, mean
    return without, others, weights


def _means_without(level: Level, share: FloatArray, rates: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Mean of the siblings of each child, and whether it has any that counts, (children, n)."""
    parts = share * rates
    sums, whole = np.add.reduceat(parts, level.starts, axis=0), np.add.reduceat(share, level.starts, axis=0)
    rest, weight = sums[level.child_parent] - parts, whole[level.child_parent] - share
    # Where one child has most of the weight, subtracting loses digits; there the others are added up.
    for position in np.unique(level.child_parent[(share > 0.5).any(axis=1)]):
        first = level.starts[position]
        members = slice(first, first + level.sizes[position])
        rest[members], weight[members] = _sums_of_others(parts[members]), _sums_of_others(share[members])
    kept = weight > 0
    return rest / np.where(kept, weight, 1.0), kept


def _sums_of_others(x: FloatArray) -> FloatArray:
    """For each row, the sum of all other rows; nothing is subtracted."""
    result = np.zeros_like(x)
    np.cumsum(x[:-1], axis=0, out=result[1:])
    result[:-1] += np.cumsum(x[:0:-1], axis=0)[::-1]
    return result
