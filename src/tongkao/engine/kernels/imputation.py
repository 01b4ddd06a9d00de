"""Values in place of missing ones: from other units, from the unit's own other indicators, from the unit's other years.

Observed values are never changed; where nothing can be found the value stays missing (NaN).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray
from tongkao.engine.kernels.statistics import mean, median, worst_and_best

Interpolation = Literal["linear", "constant", "linear_constant"]


def column_mean(x: FloatArray, codes: IntArray, counted: BoolArray | None = None) -> FloatArray:
    """Fill gaps with the mean of the units that share the unit's code.

    Args:
        x: (n, k) values, NaN where there is none.
        codes: (n,) which units belong together (all the same = the whole track).
        counted: (n, k) whose values give the mean; None = every value that is there.

    Returns:
        (n, k) values; NaN where nobody of the group has one.
    """
    return _by_group(x, codes, counted, "mean")


def column_median(x: FloatArray, codes: IntArray, counted: BoolArray | None = None) -> FloatArray:
    """Fill gaps with the median of the units that share the unit's code.

    Args:
        x: (n, k) values, NaN where there is none.
        codes: (n,) which units belong together (all the same = the whole track).
        counted: (n, k) whose values give the median; None = every value that is there.

    Returns:
        (n, k) values; NaN where nobody of the group has one.
    """
    return _by_group(x, codes, counted, "median")


def _by_group(x: FloatArray, codes: IntArray, counted: BoolArray | None, kind: Literal["mean", "median"]) -> FloatArray:
    result = x.copy()
    gaps = np.isnan(x)
    columns = np.flatnonzero(gaps.any(axis=0))
    if columns.size == 0:
        return result
    statistic = mean if kind == "mean" else median
    values, missing = x[:, columns], gaps[:, columns]
    sources = ~missing if counted is None else counted[:, columns]
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    for rows in np.split(order, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1):
        if missing[rows].any():
            values[rows] = np.where(missing[rows], statistic(values[rows], sources[rows]), values[rows])
    result[:, columns] = values
    return result


def row_mean(x: FloatArray, counted: BoolArray, sign: FloatArray, blocks: Sequence[IntArray]) -> FloatArray:
    """Fill gaps with the unit's mean over its other indicators of the block.

    Every column is multiplied by its direction and brought to 0..1 over the group; the gap gets the mean of the unit's
    shares in the same block, which is brought back to the column's scale. A constant column says nothing about its
    neighbours, and a gap in it gets the constant if the unit has any other value in the block.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whose values give each column's range.
        sign: (k,) +1 or -1.
        blocks: Numbers of the columns that belong together; each column in one block at most.

    Returns:
        (n, k) values; NaN where the unit has no other value in the block or nobody has one in the column.
    """
    return _by_row(x, counted, sign, blocks, "mean")


def row_median(x: FloatArray, counted: BoolArray, sign: FloatArray, blocks: Sequence[IntArray]) -> FloatArray:
    """Fill gaps with the unit's median over its other indicators of the block; see :func:`row_mean`.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whose values give each column's range.
        sign: (k,) +1 or -1.
        blocks: Numbers of the columns that belong together; each column in one block at most.

    Returns:
        (n, k) values; NaN where the unit has no other value in the block or nobody has one in the column.
    """
    return _by_row(x, counted, sign, blocks, "median")


def _by_row(
    x: FloatArray, counted: BoolArray, sign: FloatArray, blocks: Sequence[IntArray], kind: Literal["mean", "median"]
) -> FloatArray:
    result = x.copy()
    worst, best = worst_and_best(x, counted, sign)
    span = best - worst
    statistic = mean if kind == "mean" else median
    for block in blocks:
        values = x[:, block]
        gaps = np.isnan(values)
        rows = np.flatnonzero(gaps.any(axis=1))
        if rows.size == 0:
            continue
        usable = np.where(span[block] == 0, np.nan, span[block])
        shares = (values[rows] - worst[block]) / usable
        # a statistic over columns: the rows of the block are the columns of its transpose
        filling = statistic(shares.T)[:, None] * span[block] + worst[block]
        result[np.ix_(rows, block)] = np.where(gaps[rows], filling, values[rows])
    return result


def interpolate(series: FloatArray, years: FloatArray, *, kind: Interpolation) -> FloatArray:
    """Fill gaps from the same unit's other years.

    ``linear``: on a straight line between the years before and after, the first and last value held constant outside; needs
    two values. ``constant``: the value of the year before, the first value for gaps at the beginning. ``linear_constant``:
    linear, and a series with a single value is filled with it.

    Args:
        series: (..., p) values with the years on the last axis, NaN where there is none.
        years: (p,) years in ascending order.
        kind: Which rule.

    Returns:
        (..., p) values; NaN in a series without a value (``linear``: with fewer than two).
    """
    last = series.shape[-1] - 1
    present = ~np.isnan(series)
    position = np.broadcast_to(np.arange(last + 1), series.shape)
    before = np.maximum.accumulate(np.where(present, position, -1), axis=-1)
    after = np.flip(np.minimum.accumulate(np.flip(np.where(present, position, last + 1), -1), axis=-1), -1)
    none_before, none_after = before < 0, after > last
    before, after = np.where(none_before, after, before), np.where(none_after, before, after)
    before, after = np.clip(before, 0, last), np.clip(after, 0, last)  # an empty series points at one of its own gaps
    left = np.take_along_axis(series, before, axis=-1)
    if kind == "constant":
        return np.where(present, series, left)
    right = np.take_along_axis(series, after, axis=-1)
    span = np.where(after > before, years[after] - years[before], 1.0)
    between = left + (right - left) * ((years - years[before]) / span)
    filled = np.where(after > before, between, left)
    if kind == "linear":
        filled = np.where(present.sum(axis=-1, keepdims=True) >= 2, filled, np.nan)
    return np.where(present, series, filled)
