"""Many sets of weights at once: from amounts of siblings to the weight of every leaf in the total.

Where a tree combines by weighted arithmetic (or geometric) means all the way up, the whole tree is one weight a leaf, and many
markings are one product of matrices. Amounts are (runs, N) for the N nodes of a layout, for one profile of weights: a class of
units with the same nominal weights (see :class:`tongkao.engine.shares.Nominal`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.layout import Layout

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def leaf_weights(layout: Layout, amounts: FloatArray, stays: BoolArray | None = None) -> FloatArray:
    """Weight of every leaf in the total: the product of the shares among siblings on its way up.

    A leaf that does not stay, or has no amount, gives its share to its siblings in proportion to theirs; a node all of whose
    children left leaves too.

    Args:
        layout: The tree.
        amounts: (runs, N) amounts ≥ 0, only their ratios among siblings matter; the root's is not looked at.
        stays: (m,) which leaves stay. None: all.

    Returns:
        (runs, m) weights that sum to 1, 0 for leaves that do not stay; NaN in runs in which nothing has any weight.
    """
    kept = np.array(amounts, np.float64)
    if stays is not None and not stays.all():
        kept[:, layout.leaves[~stays]] = 0.0
    sums = []
    for level in layout.levels:
        below = np.add.reduceat(kept[:, level.low : level.high], level.starts, axis=1)
        empty = below <= 0
        if empty.any():
            kept[:, level.parents] *= ~empty
        sums.append(below)
    # What the children of the root add up to says whether anything weighs anything.
    kept[:, 0] = np.where(sums[-1][:, 0] > 0, 1.0, np.nan)
    # The inner nodes get their weight in the total from the root down, divided at once by what their children add up to.
    for level, below in zip(reversed(layout.levels), reversed(sums), strict=True):
        factor = kept[:, level.parents] / np.where(below > 0, below, 1.0)
        kept[:, level.low : level.high] *= np.repeat(factor, level.sizes, axis=1)
    weights: FloatArray = kept[:, layout.leaves]
    return weights


def shares_of(layout: Layout, amounts: FloatArray) -> FloatArray:
    """Amounts as shares among siblings, (runs, N); a node below which nothing weighs anything has none."""
    shares = amounts.copy()
    shares[:, 0] = 1.0
    for level in layout.levels:
        children = slice(level.low, level.high)
        sums = np.add.reduceat(shares[:, children], level.starts, axis=1)
        if level.parents[0] != 0:
            shares[:, level.parents] *= sums > 0
        # Shares that are as they were written keep their last digit.
        np.copyto(sums, 1.0, where=(sums <= 0) | (np.abs(sums - 1.0) <= 1e-15))
        shares[:, children] /= sums[:, level.child_parent]
    return shares
