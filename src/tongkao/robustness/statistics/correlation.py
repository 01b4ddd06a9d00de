"""Correlations of columns two by two, each over the units that have both values, with p-values.

A pair has no coefficient where fewer than two units have both values or one column is constant over them, and no p-value where
fewer than three units have both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray
from tongkao.robustness.statistics.exact import Exact, scale_columns
from tongkao.robustness.statistics.levels import NOISE, Levels, average_ranks, levels_of
from tongkao.robustness.statistics.tails import correlation_tail, normal_tail

Kind = Literal["pearson", "spearman", "kendall"]
Columns = NDArray[np.intp]

_ELEMENTS = 1 << 22
"""Comparisons of two units held at once by Kendall's tau; single precision counts exactly up to four times as many."""


@dataclass(frozen=True)
class Correlations:
    """Coefficients of every pair of columns.

    Attributes:
        coefficients: (k, k) within -1 and 1, NaN where a pair has none; symmetric, 1 on the diagonal.
        counts: (k, k) units that have both values.
        p_values: (k, k) two-sided, of the hypothesis that there is no association; NaN where there is none, 0 on the diagonal.
    """

    coefficients: FloatArray
    counts: IntArray
    p_values: FloatArray


@dataclass(frozen=True)
class Moments:
    """Second moments of every pair of columns over the units that have both values.

    Attributes:
        counts: (k, k) units that have both.
        products: (k, k) sums of products of the distances from the means over those units.
        squares: (k, k) sums of squares of the row's column over the units that it shares with the column's.
        scales: (k,) powers of two by which the columns were divided beforehand.
    """

    counts: IntArray
    products: FloatArray
    squares: FloatArray
    scales: FloatArray

    def covariances(self) -> FloatArray:
        """Covariances with n - 1, (k, k); NaN where fewer than two units have both values, or where one overflows."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            found = self.products / (self.counts - 1) * self.scales * self.scales[:, None]
        return np.where((self.counts >= 2) & np.isfinite(found), found, np.nan)


def correlate(x: FloatArray, kind: Kind = "pearson", *, noise: float = NOISE, leading: int | None = None) -> Correlations:
    """Correlate all columns with one another.

    Sources: Pearson's coefficient is tested by Student's t with n - 2 degrees of freedom, and so is Spearman's (Zar 1972,
    Journal of the American Statistical Association 67); tau-b and its normal approximation with ties after Kendall (1970),
    Rank Correlation Methods.

    Args:
        x: (n, k) values, NaN where there is none.
        kind: ``pearson``; ``spearman``, ranks taken anew among the units of each pair; ``kendall``, tau-b.
        noise: Values that differ by less than this share of their column's largest are equal in ranks; 0 takes every
            difference for one, as R does.
        leading: How many columns at the front are correlated with all; the pairs of the others are left out (NaN), which saves
            their time. By default all are.

    Returns:
        The coefficients; their bits do not depend on the order of units and columns.
    """
    if kind == "kendall":
        return _without(_kendall(levels_of(x, noise=noise)), leading)
    if kind == "pearson":
        found = moments(x, leading=leading)
    else:
        levels = levels_of(x, noise=noise)
        scale = float(1 << (x.shape[0] + 1).bit_length())
        found = _moments(levels, levels >= 0, np.full(x.shape[1], scale), lambda part: average_ranks(part) / scale, leading)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = found.products / np.sqrt(found.squares * found.squares.T)
    return _finish(r, found.counts, None)


def moments(x: FloatArray, *, leading: int | None = None) -> Moments:
    """Second moments of all columns, two by two.

    Args:
        x: (n, k) values, NaN where there is none.
        leading: How many columns at the front are taken with all; by default all are.
    """
    present = ~np.isnan(x)
    largest = np.where(present, np.abs(x), 0.0).max(axis=0, initial=0.0)
    # at least twice the largest number, so that distances from the mean stay within -1 and 1
    scales = np.ldexp(1.0, np.minimum(np.frexp(largest)[1] + 1, 1023))
    return _moments(x / scales, present, scales, lambda part: part, leading)


def _moments(x: Any, present: BoolArray, scales: FloatArray, read: Callable[[Any], FloatArray], leading: int | None) -> Moments:
    """Moments of columns of which a part is read with ``read`` (NaN where there is no value): block by block or one by one."""
    n, k = present.shape
    found = Moments(np.zeros((k, k), np.int64), np.full((k, k), np.nan), np.full((k, k), np.nan), scales)
    exact = Exact(max(2, n))
    patterns = _patterns(present)
    if leading is None and len(patterns) ** 2 <= 8 * k:
        _fill_by_pattern(found, exact, x, present, read, patterns)
    else:
        _fill_by_column(found, exact, x, present, read, k if leading is None else leading)
    found.products[found.counts < 2] = np.nan
    found.squares[found.counts < 2] = np.nan
    return found


def _fill_by_pattern(
    found: Moments, exact: Exact, x: Any, present: BoolArray, read: Callable[[Any], FloatArray], patterns: list[Columns]
) -> None:
    """Columns that have gaps in the same places share their units: one matrix product for all of them."""
    for p, first in enumerate(patterns):
        for second in patterns[p:]:
            rows = np.flatnonzero(present[:, first[0]] & present[:, second[0]])
            here, there = np.ix_(first, second), np.ix_(second, first)
            found.counts[here] = found.counts[there] = rows.size
            if not rows.size:
                continue
            a, a_scale = _distances(exact, read(x[np.ix_(rows, first)]))
            b, b_scale = (a, a_scale) if second is first else _distances(exact, read(x[np.ix_(rows, second)]))
            block = exact.cross_products(a, None if b is a else b) * b_scale * a_scale[:, None]
            found.products[here], found.products[there] = block, block.T
            found.squares[here] = (exact.products(a, a) * a_scale * a_scale)[:, None]
            found.squares[there] = (exact.products(b, b) * b_scale * b_scale)[:, None]


def _fill_by_column(
    found: Moments, exact: Exact, x: Any, present: BoolArray, read: Callable[[Any], FloatArray], leading: int
) -> None:
    """Gaps everywhere: every column with all that follow it, at the units that it has."""
    nothing = -1 if x.dtype.kind == "i" else np.nan
    for column in range(leading):
        rows = np.flatnonzero(present[:, column])
        common = present[rows, column:]
        others = slice(column, None)
        found.counts[column, others] = found.counts[others, column] = common.sum(axis=0)
        if not rows.size:
            continue
        a, a_scale = _distances(exact, read(np.where(common, x[rows, column, None], nothing)))
        b, b_scale = _distances(exact, read(x[rows, others]))
        product = exact.products(a, b) * a_scale * b_scale
        found.products[column, others] = found.products[others, column] = product
        found.squares[column, others] = exact.products(a, a) * a_scale * a_scale
        found.squares[others, column] = exact.products(b, b) * b_scale * b_scale


def _patterns(present: BoolArray) -> list[Columns]:
    """Columns by the set of units that have a value."""
    places: dict[bytes, list[int]] = {}
    for column, bits in enumerate(np.packbits(np.ascontiguousarray(present.T), axis=1)):
        places.setdefault(bits.tobytes(), []).append(column)
    return [np.array(found, np.intp) for found in places.values()]


def _distances(exact: Exact, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Distances from the columns' means, scaled to be just below 1, and by what they were divided.

    A distance is 0 where there is no value and in a column that is constant but for rounding noise.
    """
    missing = np.isnan(x)
    low, high = np.where(missing, np.inf, x).min(axis=0), np.where(missing, -np.inf, x).max(axis=0)
    number = x.shape[0] - missing.sum(axis=0)
    means = exact.sums(np.where(missing, 0.0, x)) / np.maximum(number, 1)
    # rounding may push the mean of equal values off them, and a constant column would get a spread
    means = np.minimum(np.maximum(means, low), high)
    flat = (number < 2) | (high - low < NOISE * np.maximum(np.abs(low), np.abs(high)))
    with np.errstate(invalid="ignore"):
        return scale_columns(np.where(missing | flat, 0.0, x - means))


def _kendall(levels: Levels) -> Correlations:
    """Kendall's tau-b: pairs of units in the same order less pairs in opposite order, over those that are not tied."""
    n, k = levels.shape
    present = levels >= 0
    small = levels.astype(np.int32)
    there = present.astype(np.float64)
    counts = np.rint(there.T @ there).astype(np.int64)
    agreement = np.zeros((k, k))
    step = max(1, _ELEMENTS // max(1, n * k))
    for start in range(0, n, step):
        rows = slice(start, start + step)
        order = np.sign(small[rows, None, :] - small[None, :, :]).astype(np.float32)
        order *= present[rows, None, :] & present[None, :, :]
        order = order.reshape(order.shape[0] * n, k)
        # Each unit meets every other twice, so that this is twice the difference; whole numbers, hence exact.
        agreement += np.asarray(order.T @ order, np.float64)
    ties = _ties(levels, present)
    size = counts.astype(np.float64)
    pairs = size * (size - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        tau = agreement / np.sqrt((pairs - ties.pairs) * (pairs - ties.pairs.T))
        # variance of the difference when there is no association, Kendall (1970), chapter 4
        variance = (pairs * (2 * size + 5) - ties.thirds - ties.thirds.T) / 18
        variance += ties.pairs * ties.pairs.T / (2 * pairs)
        variance += np.where(size >= 3, ties.triples * ties.triples.T / (9 * pairs * (size - 2)), 0.0)
        p = normal_tail(agreement / 2 / np.sqrt(variance))
    return _finish(tau, counts, p)


@dataclass(frozen=True)
class _Ties:
    """Sums over groups of t tied units of the row's column among the units that it shares with the column's, (k, k).

    Attributes:
        pairs: t (t - 1).
        triples: t (t - 1) (t - 2).
        thirds: t (t - 1) (2 t + 5).
    """

    pairs: FloatArray
    triples: FloatArray
    thirds: FloatArray


def _ties(levels: Levels, present: BoolArray) -> _Ties:
    k = levels.shape[1]
    found = np.zeros((3, k, k))
    for column in range(k):
        rows = np.flatnonzero(present[:, column])
        if not rows.size:
            continue
        rows = rows[np.argsort(levels[rows, column], kind="stable")]
        values = levels[rows, column]
        starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
        t = np.add.reduceat(present[rows].astype(np.float64), starts, axis=0)
        two = t * (t - 1)
        found[:, column] = two.sum(axis=0), (two * (t - 2)).sum(axis=0), (two * (2 * t + 5)).sum(axis=0)
    return _Ties(found[0], found[1], found[2])


def _without(found: Correlations, leading: int | None) -> Correlations:
    """Leave the pairs of columns out that are both behind the leading ones."""
    if leading is None:
        return found
    behind = np.arange(found.counts.shape[0]) >= leading
    both = behind & behind[:, None]
    return Correlations(
        np.where(both, np.nan, found.coefficients), np.where(both, 0, found.counts), np.where(both, np.nan, found.p_values)
    )


def _finish(r: FloatArray, counts: IntArray, p_values: FloatArray | None) -> Correlations:
    """Keep coefficients within their bounds, a column's with itself exactly 1, and test them."""
    r = np.where(np.isfinite(r), np.clip(r, -1.0, 1.0), np.nan)
    own = np.diag_indices_from(r)
    known = ~np.isnan(r[own])
    r[own] = np.where(known, 1.0, np.nan)
    p = correlation_tail(r, counts.astype(np.float64)) if p_values is None else p_values
    p = np.where(np.isnan(r) | (counts < 3), np.nan, p)
    p[own] = np.where(known & (counts[own] >= 3), 0.0, np.nan)
    return Correlations(r, counts, p)
