"""What all kernels share: the types of their arrays, blocks of rows that fit the cache, limits that bite last.

Arrays are units × columns. NaN means that there is no value; it exists inside the kernels only.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Numeric = float | FloatArray
"""A number for all columns, or one number a column (k,)."""

CACHED_ELEMENTS = 1 << 16
"""Elements of a block of rows: half a megabyte of doubles, which stays in the cache over several passes."""


CACHED_COLUMNS = 1 << 15
"""Elements of a block of columns on which statistics are computed: a quarter of a megabyte, a temporary."""


def row_blocks(n: int, k: int) -> Iterator[slice]:
    """Cut n rows of k columns into blocks that fit the cache; every block is worked on by whole-array operations."""
    step = max(1, CACHED_ELEMENTS // max(1, k))
    for start in range(0, n, step):
        yield slice(start, min(n, start + step))


def column_blocks(n: int, k: int, *, elements: int = 1 << 13) -> Iterator[slice]:
    """Cut k columns of n rows into blocks of about so many elements, which bounds the memory of the temporaries.

    By default a temporary takes 64 kilobytes: small enough for the allocator to hand out memory again that it has, where
    fresh pages would cost more than the arithmetic.
    """
    step = max(1, elements // max(1, n))
    for start in range(0, k, step):
        yield slice(start, min(k, start + step))


def by_column(number: Numeric, k: int) -> FloatArray:
    """One number a column, whether one number or one a column was given."""
    return np.broadcast_to(np.asarray(number, dtype=np.float64), (k,))


def shared(numbers: Numeric) -> Numeric:
    """The number that all columns have in common, which is faster to calculate with, or the numbers as they are."""
    if isinstance(numbers, np.ndarray) and numbers.size and bool((numbers == numbers.flat[0]).all()):
        return float(numbers.flat[0])
    return numbers


def limit(rates: FloatArray, cap: Numeric, floor: Numeric) -> None:
    """Keep rates between floor and cap, in place; NaN stays NaN, and where they contradict each other the cap wins."""
    if not isinstance(floor, float) or floor != -np.inf:
        np.maximum(rates, floor, out=rates)
    if not isinstance(cap, float) or cap != np.inf:
        np.minimum(rates, cap, out=rates)


def finish(rates: FloatArray, cap: Numeric, floor: Numeric) -> FloatArray:
    """Limit quotients, in place; what overflowed and is not capped has no answer, and zero has no sign.

    Args:
        rates: (n, k), changed.
        cap: Highest rate, ``inf`` for none.
        floor: Lowest rate, ``-inf`` for none.

    Returns:
        The same array.
    """
    limit(rates, cap, floor)
    if np.any(np.equal(cap, np.inf)) or np.any(np.equal(floor, -np.inf)):
        np.copyto(rates, np.nan, where=np.isinf(rates))
    rates += 0.0  # turns -0.0 into 0.0, so that tables never show a negative zero
    return rates


def is_constant(one_end: FloatArray, other_end: FloatArray, relative_tolerance: Numeric) -> BoolArray:
    """Whether all values of a column count as equal: no range, or one below the tolerance times the larger magnitude."""
    spread = np.abs(other_end - one_end)
    constant: BoolArray = spread == 0
    if np.any(relative_tolerance):
        constant |= spread < relative_tolerance * np.maximum(np.abs(one_end), np.abs(other_end))
    return constant
