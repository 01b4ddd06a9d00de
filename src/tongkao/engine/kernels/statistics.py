"""Statistics by column over the units that count: extremes, mean, standard deviation, median, skewness, kurtosis.

Every sum is taken over the values in order of size, one column after the other and without BLAS, so that a result has the
same bits whatever the order of the units and the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tongkao.engine.kernels.arrays import CACHED_COLUMNS, BoolArray, FloatArray, IntArray, column_blocks, row_blocks


def count(counted: BoolArray) -> IntArray:
    """Number of units that count, by column.

    Args:
        counted: (n, k) whether a unit is in the comparison group and has a value.

    Returns:
        (k,) integers.
    """
    number: IntArray = counted.sum(axis=0, dtype=np.int64)
    return number


def extremes(x: FloatArray, counted: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest counted value of every column.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.

    Returns:
        Two arrays (k,), NaN where nobody counts.
    """
    n, k = x.shape
    if n and counted.all():
        return _reduce(np.minimum, x), _reduce(np.maximum, x)
    lowest, highest = np.full(k, np.nan), np.full(k, np.nan)
    for rows in row_blocks(n, k):
        block = np.where(counted[rows], x[rows], np.nan)
        np.fmin(lowest, np.fmin.reduce(block, axis=0), out=lowest)
        np.fmax(highest, np.fmax.reduce(block, axis=0), out=highest)
    return lowest, highest


def _reduce(ufunc: np.ufunc, x: FloatArray) -> FloatArray:
    """Reduce over the rows; laid four to a row first, because NumPy goes through long rows twice as fast."""
    n, k = x.shape
    whole = n - n % 4
    if not whole or not x.flags.c_contiguous:
        return np.asarray(ufunc.reduce(x, axis=0))
    folded = ufunc.reduce(ufunc.reduce(x[:whole].reshape(whole // 4, 4 * k), axis=0).reshape(4, k), axis=0)
    return np.asarray(ufunc(folded, ufunc.reduce(x[whole:], axis=0)) if whole < n else folded)


def worst_and_best(x: FloatArray, counted: BoolArray, sign: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Worst and best counted value of every column; with a negative sign the largest is the worst.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 where more is better, -1 where less is better.

    Returns:
        Two arrays (k,), NaN where nobody counts.
    """
    lowest, highest = extremes(x, counted)
    up = sign > 0
    return np.where(up, lowest, highest), np.where(up, highest, lowest)


def sort_columns(x: FloatArray, counted: BoolArray | None = None) -> tuple[FloatArray, IntArray]:
    """Counted values of every column in ascending order.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a value counts; None = every value that is there.

    Returns:
        (k, n) array with one column of ``x`` a row, NaN at the end of the row, and (k,) how many values there are.
    """
    values = np.array(x.T, order="C") if counted is None else np.where(counted.T, x.T, np.nan)
    values.sort(axis=1)
    return values, values.shape[1] - np.isnan(values).sum(axis=1, dtype=np.int64)


def row_means(values: FloatArray, number: IntArray) -> FloatArray:
    """Mean of every row of sorted values (NaN at the end), never outside the row's range; NaN where the row is empty."""
    width = values.shape[1]
    filled = values if (number == width).all() else np.where(np.isnan(values), 0.0, values)
    with np.errstate(invalid="ignore"):
        means: FloatArray = filled.sum(axis=1) / number
    if width:
        last = np.take_along_axis(values, np.maximum(number - 1, 0)[:, None], axis=1)[:, 0]
        # rounding may push the mean of equal values off them, and a constant column would get a spread
        means = np.minimum(np.maximum(means, values[:, 0]), last)
    return means


def deviations(values: FloatArray, means: FloatArray) -> FloatArray:
    """Distance of every value from its row's mean; 0 where there is no value."""
    distance = values - means[:, None]
    if values.shape[1] and np.isnan(values[:, -1]).any():
        np.copyto(distance, 0.0, where=np.isnan(values))
    return distance


def shape_of_rows(values: FloatArray, number: IntArray) -> tuple[FloatArray, FloatArray]:
    """Skewness G1 and excess kurtosis G2 of every row.

    Args:
        values: (k, n) one column a row in ascending order, NaN at the end.
        number: (k,) how many values a row has.

    Returns:
        Skewness, NaN below 3 values, and kurtosis, NaN below 4 values; both NaN where all values are equal.
    """
    distance = deviations(values, row_means(values, number))
    n = number.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        # neither depends on the scale; this one keeps fourth powers from overflowing
        distance /= np.maximum(np.abs(distance).max(axis=1, initial=0.0), np.finfo(np.float64).tiny)[:, None]
        square = distance * distance
        second = square.sum(axis=1)
        distance *= square
        third = distance.sum(axis=1)
        square *= square
        fourth = square.sum(axis=1)
        skewness_ = np.sqrt(n) * third / second**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
        kurtosis_ = ((n + 1) * (n * fourth / second**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return np.where(number >= 3, skewness_, np.nan), np.where(number >= 4, kurtosis_, np.nan)


def skewness(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Sample skewness G1 with the small-sample correction, as the SKEW function of spreadsheets.

    Source: Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47(1).

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a value counts; None = every value that is there.

    Returns:
        (k,) skewness; NaN below three values and where all are equal.
    """
    return _by_column(x, counted, lambda values, number: shape_of_rows(values, number)[0])


def kurtosis(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Sample excess kurtosis G2 with the small-sample correction, as the KURT function of spreadsheets.

    Source: Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47(1).

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a value counts; None = every value that is there.

    Returns:
        (k,) kurtosis; NaN below four values and where all are equal.
    """
    return _by_column(x, counted, lambda values, number: shape_of_rows(values, number)[1])


def mean(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Mean of the counted values by column (k,), NaN where nobody counts."""
    return _by_column(x, counted, row_means)


def total(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Sum of the counted values by column (k,), NaN where nobody counts."""

    def sums(values: FloatArray, number: IntArray) -> FloatArray:
        return np.where(number > 0, np.where(np.isnan(values), 0.0, values).sum(axis=1), np.nan)

    return _by_column(x, counted, sums)


def standard_deviation(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Standard deviation with n-1 of the counted values by column (k,), NaN below two values, exactly 0 where all are equal."""
    return _by_column(x, counted, spread_of_rows)


def spread_of_rows(values: FloatArray, number: IntArray) -> FloatArray:
    """Standard deviation with n-1 of every row of sorted values (NaN at the end); NaN below two values."""
    distance = deviations(values, row_means(values, number))
    distance *= distance
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(number >= 2, np.sqrt(distance.sum(axis=1) / (number - 1)), np.nan)


def median(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """Median of the counted values by column (k,), halfway between the middle two where n is even; NaN where nobody counts."""

    def middles(values: FloatArray, number: IntArray) -> FloatArray:
        if values.shape[1] == 0:
            return np.full(values.shape[0], np.nan)
        lower = np.take_along_axis(values, (np.maximum(number - 1, 0) // 2)[:, None], axis=1)[:, 0]
        upper = np.take_along_axis(values, np.minimum(number // 2, values.shape[1] - 1)[:, None], axis=1)[:, 0]
        middle = lower + (upper - lower) / 2
        return np.where(number > 0, middle, np.nan)

    return _by_column(x, counted, middles)


def _by_column(x: FloatArray, counted: BoolArray | None, statistic: Callable[[FloatArray, IntArray], FloatArray]) -> FloatArray:
    n, k = x.shape
    result = np.empty(k)
    for columns in column_blocks(n, k, elements=CACHED_COLUMNS):
        result[columns] = statistic(*sort_columns(x[:, columns], None if counted is None else counted[:, columns]))
    return result
