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


CACHED_COLUMNS = 1 << 20
"""Elements of a block of columns on which statistics are computed: a megabyte, with two or three temporaries."""


def row_blocks(n: int, k: int) -> Iterator[slice]:
    """Cut n rows of k columns into blocks that fit the cache; every block is worked on by whole-array operations."""
    step = max(1, CACHED_ELEMENTS // max(1, k))
    for start in range(0, n, step):
        yield slice(start, min(n, start + step))


def column_blocks(n: int, k: int, *, elements: int = 1 << 20) -> Iterator[slice]:
    """Cut k columns of n rows into blocks of about so many elements, which bounds the memory of the temporaries."""
    step = max(1, elements // max(1, n))
    for start in range(0, k, step):
        yield slice(start, min(k, start + step))


def by_column(number: Numeric, k: int) -> FloatArray:
    """One number a column, whether one number or one a column was given."""
    return np.broadcast_to(np.asarray(number, dtype=np.float64), (k,))


def limit(rates: FloatArray, cap: Numeric, floor: Numeric) -> None:
    """Keep rates between floor and cap, in place; NaN stays NaN, and where they contradict each other the cap wins."""
    if np.any(np.not_equal(floor, -np.inf)):
        np.maximum(rates, floor, out=rates)
    if np.any(np.not_equal(cap, np.inf)):
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


def is_constant(lowest: FloatArray, highest: FloatArray, relative_tolerance: Numeric) -> BoolArray:
    """Whether all values of a column count as equal: the range is zero, or below the tolerance times the larger magnitude."""
    spread = highest - lowest
    constant: BoolArray = (spread == 0) | (spread < relative_tolerance * np.maximum(np.abs(lowest), np.abs(highest)))
    return constant
