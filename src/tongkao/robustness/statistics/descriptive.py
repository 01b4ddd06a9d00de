"""What the values of each indicator look like, and what is odd about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tongkao.engine.kernels import statistics
from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray
from tongkao.robustness.statistics.levels import NOISE, levels_of


@dataclass(frozen=True)
class Limits:
    """Where a column becomes odd.

    Attributes:
        skewness: Beyond it in size, together with ``kurtosis``, a column is skewed and heavy-tailed.
        kurtosis: Excess kurtosis beyond which it is so.
        available: Least share of the units that should have a value.
        non_zero: Least share of the values that should not be zero.
        unique: Share of distinct values among the values at or below which they are few; 0.5 as in COINr.
    """

    skewness: float = 2.0
    kurtosis: float = 3.5
    available: float = 0.65
    non_zero: float = 0.5
    unique: float = 0.5


@dataclass(frozen=True)
class Description:
    """Statistics of k columns, each (k,); NaN where there is none.

    Attributes:
        asked: Units that should have a value.
        n: Units that have one.
        missing: Units whose value is missing.
        not_applicable: Units for which there is no such thing.
        minimum: Smallest value.
        maximum: Largest value.
        mean: Mean.
        median: Median.
        sd: Standard deviation with n - 1.
        skewness: Sample skewness with the small-sample correction of spreadsheets.
        kurtosis: Sample excess kurtosis with that correction.
        zeros: Values that are zero.
        unique: Distinct values.
        frequent: The most frequent value, the smallest of several.
        same: How often it occurs.
        heavy_tailed: Whether |skewness| and kurtosis are both beyond their limits.
        rarely_available: Whether too few units have a value.
        constant: Whether all values are equal.
        few_unique: Whether there are few distinct values.
        many_zeros: Whether too many values are zero.
    """

    asked: IntArray
    n: IntArray
    missing: IntArray
    not_applicable: IntArray
    minimum: FloatArray
    maximum: FloatArray
    mean: FloatArray
    median: FloatArray
    sd: FloatArray
    skewness: FloatArray
    kurtosis: FloatArray
    zeros: IntArray
    unique: IntArray
    frequent: FloatArray
    same: IntArray
    heavy_tailed: BoolArray
    rarely_available: BoolArray
    constant: BoolArray
    few_unique: BoolArray
    many_zeros: BoolArray

    def flags(self, column: int) -> list[str]:
        """Names of what is odd about a column."""
        names = ("heavy_tailed", "rarely_available", "constant", "few_unique", "many_zeros")
        return [name for name in names if getattr(self, name)[column]]


def describe(
    x: FloatArray,
    *,
    asked: BoolArray | None = None,
    not_applicable: BoolArray | None = None,
    limits: Limits | None = None,
    noise: float = NOISE,
) -> Description:
    """Describe every column.

    Sources: skewness and kurtosis as in Joanes and Gill (1998), The Statistician 47; the limits 2 and 3.5 are those of the
    OECD/JRC Handbook's practice.

    Args:
        x: (n, k) values, NaN where there is none.
        asked: (n, k) whether the unit should have a value; by default all should.
        not_applicable: (n, k) whether there is no such thing for the unit; by default there always is.
        limits: Where a column becomes odd.
        noise: Values that differ by less than this share of their column's largest are one value.
    """
    limits = limits if limits is not None else Limits()
    present = ~np.isnan(x)
    asked = np.ones(x.shape, bool) if asked is None else asked
    inapplicable = np.zeros(x.shape, bool) if not_applicable is None else not_applicable & asked & ~present
    n, of = statistics.count(present), statistics.count(asked)
    low, high = statistics.extremes(x, present)
    zeros = statistics.count(x == 0)
    unique, frequent, same = _distinct(x, noise)
    skewness, kurtosis = statistics.skewness(x), statistics.kurtosis(x)
    with np.errstate(invalid="ignore"):
        heavy = (np.abs(skewness) > limits.skewness) & (kurtosis > limits.kurtosis)
    return Description(
        of,
        n,
        statistics.count(asked & ~present & ~inapplicable),
        statistics.count(inapplicable),
        low + 0.0,
        high + 0.0,
        statistics.mean(x) + 0.0,
        statistics.median(x) + 0.0,
        statistics.standard_deviation(x),
        skewness,
        kurtosis,
        zeros,
        unique,
        frequent + 0.0,
        same,
        heavy,
        # counts are compared, not shares: 1 - 8/10 < 0.2 is true
        n < limits.available * of - 1e-9,
        (unique == 1) & (n >= 2),
        (unique <= limits.unique * n + 1e-9) & (n >= 1),
        n - zeros < limits.non_zero * n - 1e-9,
    )


def _distinct(x: FloatArray, noise: float) -> tuple[IntArray, FloatArray, IntArray]:
    """Number of distinct values, the most frequent one and how often it occurs, by column."""
    levels = levels_of(x, noise=noise)
    k = x.shape[1]
    unique, same, frequent = np.zeros(k, np.int64), np.zeros(k, np.int64), np.full(k, np.nan)
    for column in range(k):
        rows = levels[:, column] >= 0
        if rows.any():
            counts = np.bincount(levels[rows, column])
            unique[column], same[column] = counts.size, counts.max()
            frequent[column] = x[levels[:, column] == counts.argmax(), column].min()
    return unique, frequent, same
