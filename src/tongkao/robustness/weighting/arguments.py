"""Checks of what methods are given: tables of values, directions, weights. What passes is float64 and finite."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import BoolArray, FloatArray
from tongkao.robustness.weighting.messages import (
    BAD_SIGN,
    BAD_WEIGHTS,
    NEGATIVE,
    NOT_FINITE,
    NOT_POSITIVE,
    SHAPE,
    TOO_FEW_UNITS,
    TOO_LARGE,
    ZERO_WEIGHTS,
    counted_from_one,
    stop,
)

LARGEST = 1e150
"""Values beyond this are refused: their squares would overflow."""

CONSTANT = 1e-12
"""A column whose range is below this share of its largest magnitude distinguishes nobody: the rest is rounding noise."""


def table(values: ArrayLike, *, least_units: int = 1) -> FloatArray:
    """Check values of units by indicators.

    Args:
        values: (n, m) numbers, any unit of measure by column.
        least_units: Smallest n that the method can work with, at least 1.

    Returns:
        (n, m) array of doubles, all finite.

    Raises:
        AnalysisError: If the array is not two-dimensional with a column, has gaps or infinite or overlarge values, or too few
            rows.
    """
    return bounded(values, least_units=least_units)[0]


def bounded(values: ArrayLike, *, least_units: int = 1) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The same, with the smallest and the largest value of every column (m,)."""
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] == 0:
        raise stop(SHAPE, what="values", expected="(n, m), m ≥ 1", found=str(x.shape))
    if x.shape[0] < least_units:
        raise stop(TOO_FEW_UNITS, least=least_units, number=x.shape[0])
    low, high = _reduce(np.minimum, x), _reduce(np.maximum, x)
    wrong = ~(np.isfinite(low) & np.isfinite(high))
    if wrong.any():
        raise stop(
            NOT_FINITE,
            columns=counted_from_one(np.flatnonzero(wrong)),
            number=int(np.count_nonzero(~np.isfinite(x))),
        )
    wrong = (low < -LARGEST) | (high > LARGEST)
    if wrong.any():
        raise stop(TOO_LARGE, columns=counted_from_one(np.flatnonzero(wrong)), limit=LARGEST)
    return x, low, high


def _reduce(extreme: np.ufunc, x: FloatArray) -> FloatArray:
    """Smallest or largest value by column; rows are laid four to one first, which NumPy goes through twice as fast."""
    n, m = x.shape
    whole = n - n % 4
    if not whole or not x.flags.c_contiguous:
        return np.asarray(extreme.reduce(x, axis=0))
    folded = extreme.reduce(extreme.reduce(x[:whole].reshape(whole // 4, 4 * m), axis=0).reshape(4, m), axis=0)
    return np.asarray(extreme(folded, extreme.reduce(x[whole:], axis=0)) if whole < n else folded)


def directions(sign: ArrayLike, m: int) -> FloatArray:
    """Check directions: (m,) numbers, +1 where more is better and -1 where less is better.

    Raises:
        AnalysisError: If the length differs or there is another number.
    """
    found = np.asarray(sign, dtype=np.float64)
    if found.shape != (m,):
        raise stop(SHAPE, what="sign", expected=f"({m},)", found=str(found.shape))
    wrong = np.abs(found) != 1
    if wrong.any():
        raise stop(BAD_SIGN, columns=counted_from_one(np.flatnonzero(wrong)))
    return found


def shares(weights: ArrayLike, m: int, *, group: str = "all indicators") -> FloatArray:
    """Check weights and make them add to 1.

    Args:
        weights: (m,) numbers of 0 and more, on any scale.
        m: How many there should be.
        group: Whose weights they are, for the message.

    Returns:
        (m,) shares.

    Raises:
        AnalysisError: If the length differs, one is negative or not finite, or all are 0.
    """
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (m,):
        raise stop(SHAPE, what="weights", expected=f"({m},)", found=str(found.shape))
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        raise stop(BAD_WEIGHTS, columns=counted_from_one(np.flatnonzero(wrong)))
    largest = float(found.max())
    if largest == 0:
        raise stop(ZERO_WEIGHTS, group=group)
    found = found / largest  # weights of any scale neither overflow nor vanish
    return np.asarray(found / np.sort(found).sum())


def refuse_negative(low: FloatArray, method: str) -> None:
    """Stop where the smallest value of a column (m,) is negative."""
    wrong = low < 0
    if wrong.any():
        raise stop(NEGATIVE, columns=counted_from_one(np.flatnonzero(wrong)), method=method)


def refuse_zero(low: FloatArray, method: str, *, among: BoolArray | None = None) -> None:
    """Stop where the smallest value of a column (of those among) is 0 or less."""
    wrong = low <= 0
    if among is not None:
        wrong &= among
    if wrong.any():
        raise stop(NOT_POSITIVE, columns=counted_from_one(np.flatnonzero(wrong)), method=method)


def is_constant(low: FloatArray, high: FloatArray) -> BoolArray:
    """Whether a column distinguishes nobody: its range is nothing beside its largest magnitude."""
    largest = np.maximum(np.abs(low), np.abs(high))
    with np.errstate(under="ignore"):
        return np.asarray(high - low <= np.maximum(CONSTANT * largest, 1e-290))
