"""Equal values as whole numbers: what differs by no more than rounding noise stands on one level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import FloatArray

Levels = NDArray[np.int64]

NOISE = 1e-12
"""Values that differ by less than this share of the column's largest magnitude count as equal."""


def levels_of(x: FloatArray, *, noise: float = NOISE) -> Levels:
    """Number the distinct values of every column from 0 in ascending order.

    Neighbours in order of size are compared, so that equality is transitive.

    Args:
        x: (n, k) values, NaN where there is none.
        noise: Share of the column's largest magnitude below which a difference is none.

    Returns:
        (n, k) levels, -1 where there is no value.
    """
    n, k = x.shape
    if n == 0:
        return np.empty((0, k), np.int64)
    missing = np.isnan(x)
    order = np.argsort(x, axis=0)  # NaN comes last
    values = np.take_along_axis(x, order, axis=0)
    largest = np.where(missing, 0.0, np.abs(x)).max(axis=0)
    steps = np.zeros((n, k), np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        gap = values[1:] - values[:-1]
        steps[1:] = (gap > 0) & (gap >= noise * largest)
    result = np.empty((n, k), np.int64)
    np.put_along_axis(result, order, np.cumsum(steps, axis=0), axis=0)
    result[missing] = -1
    return result


def average_ranks(levels: Levels) -> FloatArray:
    """Ranks from 1, equal values sharing the mean of their places (1, 2.5, 2.5, 4).

    Args:
        levels: (n, k) levels, -1 where there is no value.

    Returns:
        (n, k) ranks among the values of the column, NaN where there is none.
    """
    n, k = levels.shape
    if n == 0:
        return np.empty((0, k))
    missing = levels < 0
    levels = np.where(missing, np.iinfo(np.int64).max, levels)
    order = np.argsort(levels, axis=0)
    values = np.take_along_axis(levels, order, axis=0)
    places = np.broadcast_to(np.arange(n)[:, None], (n, k))
    change = values[1:] != values[:-1]
    starts, ends = np.zeros((n, k), np.int64), np.full((n, k), n - 1)
    starts[1:] = np.where(change, places[1:], 0)
    ends[:-1] = np.where(change, places[:-1], n - 1)
    first = np.maximum.accumulate(starts, axis=0)
    last = np.minimum.accumulate(ends[::-1], axis=0)[::-1]
    ranks = np.empty((n, k))
    np.put_along_axis(ranks, order, (first + last) / 2 + 1.0, axis=0)
    ranks[missing] = np.nan
    return ranks
