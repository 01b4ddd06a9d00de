"""Sums that do not depend on the order of what is added, to the last bit.

Floating-point sums do: the same units in another order, another number of threads or another linear-algebra library change the
last digits, and with them a rank now and then. Three ways out are used here. Few numbers are sorted before they are added.
Many numbers are turned into whole numbers on a grid that is fine enough and added as such, which is exact. Products of columns
are computed by BLAS, which is fast, on whole numbers so small that no sum of a block leaves the 53 bits of a double: BLAS can
then only give the exact result, in whatever order it adds.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tongkao.engine.kernels import FloatArray, IntArray
from tongkao.robustness.weighting.arguments import is_constant

BLOCK = 1024
"""Rows of a block of products at most: 2^10 products of at most 2^42 stay below 2^53."""

THREADS = 2
"""Blocks are shared out among so many threads; whole numbers add to the same in any order."""

HALF = 2.0**21
"""A value is cut into two whole numbers of 21 bits each, which together are 42 bits of the column's range."""

ENTRIES = 1 << 15
"""Elements of a block of rows that several passes go over: a quarter of a megabyte."""


def over_units(x: FloatArray) -> FloatArray:
    """Sum of every column, whatever the order of the rows.

    Args:
        x: (n, m) numbers.

    Returns:
        (m,) sums.
    """
    ordered = np.array(x.T, order="C")
    ordered.sort(axis=1)
    return np.asarray(ordered.sum(axis=1))


def over_indicators(x: FloatArray) -> FloatArray:
    """Sum of every row, whatever the order of the columns.

    Args:
        x: (n, m) numbers.

    Returns:
        (n,) sums.
    """
    return np.asarray(np.sort(x, axis=1).sum(axis=1))


def mean_over_units(x: FloatArray) -> FloatArray:
    """Mean of every column (m,), never outside the column's range."""
    mean = over_units(x) / x.shape[0]
    return np.asarray(np.clip(mean, x.min(axis=0), x.max(axis=0)))


def of_logarithms(x: FloatArray, scale: FloatArray, *, has_zero: bool) -> tuple[FloatArray, FloatArray]:
    """Sums of y and of y·ln y by column, where y = x·scale lies between 0 and 1 and 0·ln 0 = 0.

    Every term is rounded to the grid of 62 bits for the sum of all, and whole numbers are added.

    Args:
        x: (n, m) numbers of 0 and more.
        scale: (m,) powers of two that bring the columns below 1.
        has_zero: Whether a value is 0 or becomes 0 on the scale.

    Returns:
        Two arrays (m,).
    """
    n, m = x.shape
    grid = 2.0 ** (62 - n.bit_length())
    sums, logs = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64)
    step = min(n, max(1, ENTRIES // m))
    value, term, whole = np.empty((step, m)), np.empty((step, m)), np.empty((step, m), dtype=np.int64)
    for start in range(0, n, step):
        rows = slice(0, min(step, n - start))
        y, z, i = value[rows], term[rows], whole[rows]
        np.multiply(x[start : start + step], scale, out=y)
        if has_zero:
            np.log(y, out=z, where=y > 0)
            np.copyto(z, 0.0, where=y == 0)
        else:
            np.log(y, out=z)
        z *= y
        for numbers, total in ((y, sums), (z, logs)):
            numbers *= grid
            np.copyto(i, np.rint(numbers, out=numbers), casting="unsafe")
            total += i.sum(axis=0)
    return sums / grid, logs / grid


def cross_products(x: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Sums of squares and products of deviations from the mean, of the columns brought to 0..1 by their extremes.

    Each value is rounded to 42 bits of its column's range, and the products are exact. BLAS takes three quarters of
    the time; neither its threads, nor those that share out the blocks, nor the order of the units change a bit.

    Args:
        x: (n, m) finite numbers.
        low: (m,) smallest value of every column.
        high: (m,) largest value.

    Returns:
        (m, m) symmetric array; 0 in the rows and columns of constant columns.
    """
    n = x.shape[0]
    constant = is_constant(low, high)
    middle = low + (high - low) / 2
    stretch = np.where(constant, 0.0, HALF / np.where(constant, 1.0, high - low))
    step = min(BLOCK, -(-n // (2 * THREADS)))
    if n < BLOCK:
        ones, sums = _whole_products(x, middle, stretch, range(0, n, BLOCK), BLOCK)
    else:
        starts = [range(first * step, n, step * THREADS) for first in range(THREADS)]
        with ThreadPoolExecutor(THREADS) as pool:
            parts = list(pool.map(lambda mine: _whole_products(x, middle, stretch, mine, step), starts))
        ones, sums = parts[0]
        for more_ones, more_sums in parts[1:]:
            ones += more_ones
            sums += more_sums
    # deviations from a whole number near the mean, still in whole numbers; the rest of the mean is below half a step
    near = np.rint(ones / n).astype(np.int64)
    rest = ones - n * near
    main = _shift(sums[0], ones[0], near[0], n)
    mixed = sums[2] - sums[0] - sums[1]
    mixed = mixed - _both(near[0], ones[1]) - _both(near[1], ones[0]) + n * _both(near[0], near[1])
    small = _shift(sums[1], ones[1], near[1], n)
    off = rest[0] + rest[1] / HALF
    products = main + mixed / HALF + small / HALF**2 - np.multiply.outer(off, off) / n
    return np.asarray(products / HALF**2)


def _whole_products(
    x: FloatArray, middle: FloatArray, stretch: FloatArray, starts: range, step: int
) -> tuple[IntArray, IntArray]:
    """Cut the values of some blocks of rows into two whole numbers each, and add these and their products.

    Returns:
        (2, m) sums of the upper and of the lower numbers, and (3, m, m) sums of products: of the upper ones, of the lower ones,
        and of upper + lower. (The mixed products are what is left of the third when the first two are taken away: three
        symmetric products cost less than the four of a full one.)
    """
    m = x.shape[1]
    rows = min(len(x), step)
    upper, lower = np.empty((rows, m)), np.empty((rows, m))
    ones, sums = np.zeros((2, m), dtype=np.int64), np.zeros((3, m, m), dtype=np.int64)
    for start in starts:
        block = x[start : start + step]
        a, b = upper[: len(block)], lower[: len(block)]
        np.subtract(block, middle, out=b)
        b *= stretch
        np.rint(b, out=a)
        b -= a
        b *= HALF
        np.rint(b, out=b)
        ones[0] += a.sum(axis=0).astype(np.int64)
        ones[1] += b.sum(axis=0).astype(np.int64)
        sums[0] += (a.T @ a).astype(np.int64)
        sums[1] += (b.T @ b).astype(np.int64)
        a += b
        sums[2] += (a.T @ a).astype(np.int64)
    return ones, sums


def _shift(products: IntArray, sums: IntArray, near: IntArray, n: int) -> IntArray:
    """Σ(a-c)(b-d) of every pair of columns from Σab, Σa and Σb, in whole numbers."""
    outer = np.multiply.outer
    return np.asarray(products - outer(near, sums) - outer(sums, near) + n * outer(near, near))


def _both(a: IntArray, b: IntArray) -> IntArray:
    """Outer product of two vectors and its mirror image."""
    return np.asarray(np.multiply.outer(a, b) + np.multiply.outer(b, a))


def correlations(products: FloatArray) -> FloatArray:
    """Correlations from sums of squares and products: 1 on the diagonal and between equal columns, 0 with constant columns."""
    squares = np.diagonal(products)
    spread = np.sqrt(np.multiply.outer(squares, squares))
    found = np.clip(np.divide(products, spread, out=np.zeros_like(products), where=spread > 0), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found
