"""Effective weights of a tree, proposals put back into it, and what other weights would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray, IntArray, competition_rank
from tongkao.robustness.weighting.arguments import shares, table
from tongkao.robustness.weighting.messages import BAD_TREE, BAD_WEIGHTS, SHAPE, ZERO_WEIGHTS, counted_from_one, stop
from tongkao.robustness.weighting.sums import over_indicators

TIED = 1e-9
"""Totals that differ by less than this share of the largest rate are equal."""


@dataclass(frozen=True)
class Change:
    """What one set of weights would change against another.

    Attributes:
        weights: (m,) proposed weights, adding to 1.
        weight_change: (m,) proposed less current weights.
        totals: (n,) weighted means under the proposed weights.
        ranks: (n,) ranks under them, 1 = best, equal totals sharing the best rank.
        rank_change: (n,) places won (positive) or lost against the current weights.
        mean_rank_change: Mean of the absolute changes.
        moved: How many units change their rank.
    """

    weights: FloatArray
    weight_change: FloatArray
    totals: FloatArray
    ranks: IntArray
    rank_change: IntArray
    mean_rank_change: float
    moved: int


def effective_weights(parents: ArrayLike, weights: ArrayLike, *, names: Sequence[str] | None = None) -> FloatArray:
    """Share of every node in the total: the product of its own and its ancestors' shares among siblings.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.

    Args:
        parents: (k,) position of every node's parent, -1 for the topmost ones. Any order.
        weights: (k,) weights among siblings, on any scale.
        names: Names of the nodes, for messages.

    Returns:
        (k,) effective weights; those of the leaves add to 1.

    Raises:
        AnalysisError: If parents go round in a circle, a weight is negative, or the weights of a group add to 0, which is
            named.
    """
    parent = _parents(parents)
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != parent.shape:
        raise stop(SHAPE, what="weights", expected=str(parent.shape), found=str(found.shape))
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        raise stop(BAD_WEIGHTS, columns=counted_from_one(np.flatnonzero(wrong)))
    share = _within(parent, found, names)
    for level in _levels(parent)[1:]:
        share[level] *= share[parent[level]]
    return share


def weights_within(parents: ArrayLike, leaf_weights: ArrayLike) -> FloatArray:
    """Weights among siblings that give the leaves these effective weights: the inverse of :func:`effective_weights`.

    Args:
        parents: (k,) position of every node's parent, -1 for the topmost ones.
        leaf_weights: (k,) effective weights of the leaves; what stands at inner nodes is not looked at.

    Returns:
        (k,) shares among siblings, adding to 1 in every group that has any weight and 0 in the others.

    Raises:
        AnalysisError: If parents go round in a circle, or the leaves' weights are unfit.
    """
    parent = _parents(parents)
    given = np.array(leaf_weights, dtype=np.float64)
    if given.shape != parent.shape:
        raise stop(SHAPE, what="leaf_weights", expected=str(parent.shape), found=str(given.shape))
    inner = np.zeros(len(parent), dtype=bool)
    inner[parent[parent >= 0]] = True
    given[inner] = 0.0
    weight = shares(given, len(given), group="the leaves")
    for level in reversed(_levels(parent)[1:]):
        np.add.at(weight, parent[level], weight[level])
    sums = _sums(parent, weight)
    return np.divide(weight, sums, out=np.zeros_like(weight), where=sums > 0)


def change(rates: ArrayLike, current: ArrayLike, proposed: ArrayLike) -> Change:
    """What other weights would change in weighted means and ranks.

    Args:
        rates: (n, m) rates of the leaves, more is better, complete.
        current: (m,) effective weights in use.
        proposed: (m,) effective weights to compare.

    Returns:
        Totals and ranks under the proposed weights, and who moves.

    Raises:
        AnalysisError: On gaps or unfit weights.
    """
    x = table(rates)
    n, m = x.shape
    old, new = shares(current, m), shares(proposed, m)
    tolerance = TIED * float(np.abs(x).max(initial=1e-300))
    everyone = np.zeros(n, dtype=np.int64)
    totals = over_indicators(x * new)
    before = competition_rank(over_indicators(x * old), everyone, tolerance=tolerance)
    after = competition_rank(totals, everyone, tolerance=tolerance)
    moves = before - after
    mean = float(np.abs(moves).sum() / n) if n else 0.0
    return Change(new, new - old, totals, after, moves, mean, int(np.count_nonzero(moves)))


def _parents(parents: ArrayLike) -> IntArray:
    """Positions of parents, checked: each exists, none is its own ancestor."""
    parent = np.asarray(parents, dtype=np.int64)
    if parent.ndim != 1 or not len(parent):
        raise stop(SHAPE, what="parents", expected="(k,), k ≥ 1", found=str(parent.shape))
    wrong = (parent < -1) | (parent >= len(parent))
    if not wrong.any():
        above = parent
        for _ in range(len(parent)):
            if (above < 0).all():
                return parent
            above = np.where(above >= 0, parent[above], -1)
        wrong = above >= 0
    raise stop(BAD_TREE, nodes=counted_from_one(np.flatnonzero(wrong)))


def _levels(parent: IntArray) -> list[IntArray]:
    """Positions of the nodes by depth, the topmost first."""
    depth, above = np.zeros(len(parent), dtype=np.int64), parent
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parent[above], -1)
    return [np.flatnonzero(depth == level) for level in range(int(depth.max()) + 1)]


def _sums(parent: IntArray, weight: FloatArray) -> FloatArray:
    """Sum of the weights of every node's group, the smallest added first so that the order of siblings does not matter."""
    order = np.argsort(weight, kind="stable")
    sums = np.zeros(len(parent) + 1)
    np.add.at(sums, parent[order] + 1, weight[order])
    return np.asarray(sums[parent + 1])


def _within(parent: IntArray, weight: FloatArray, names: Sequence[str] | None) -> FloatArray:
    """Shares among siblings; stops at a group whose weights add to 0."""
    sums = _sums(parent, weight)
    empty = np.flatnonzero(sums == 0)
    if len(empty):
        above = int(parent[empty[0]])
        name = "the total" if above < 0 else names[above] if names is not None else f"node {above + 1}"
        raise stop(ZERO_WEIGHTS, node=name if above >= 0 and names is not None else "", group=name)
    return np.asarray(weight / sums)
