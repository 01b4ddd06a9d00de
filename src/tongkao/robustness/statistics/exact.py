"""Sums of products without rounding, so that the order in which units are added cannot show in any bit.

Every column is cut into slices of so few bits that a sum of products of two slices is a whole number a double holds exactly;
whoever adds them, in whatever order and with however many threads, gets the same. What is left over when the slices are put
together again is added in a fixed order. Rows of zeros change nothing.

Source: Ozaki, Ogita, Oishi and Rump (2012), Error-free transformations of matrix multiplication, Numerical Algorithms 59.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray

_MANTISSA = 53


@dataclass(frozen=True)
class Exact:
    """Exact sums over at most so many units.

    Attributes:
        units: Number of units for which the slices are cut; the same number gives the same bits.
    """

    units: int

    def sums(self, x: FloatArray) -> FloatArray:
        """Sum of every column, (k,), rounded like a few additions.

        Args:
            x: (n, k) numbers within -1 and 1, none missing.
        """
        parts = [np.asarray(part.sum(axis=0)) for part in self._slices(x)]
        result: FloatArray = parts[-1]
        for part in reversed(parts[:-1]):
            result = result + part
        return result

    def cross_products(self, x: FloatArray, y: FloatArray | None = None) -> FloatArray:
        """Sums over the units of the products of any column of one matrix with any column of another.

        Args:
            x: (n, k) numbers within -1 and 1 (:func:`scale_columns`), none missing.
            y: (n, l) such numbers; ``x`` itself by default.

        Returns:
            (k, l) sums, right to about n · 2⁻⁵², the same bits for any order of units, of columns and of the two matrices.
        """
        ours = self._slices(x)
        theirs = ours if y is None else self._slices(y)
        return _put_together(ours, theirs, lambda a, b: np.asarray(a.T @ b))

    def products(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Sums of the products of each column of one matrix with the same column of another, (k,); see :meth:`cross_products`.

        Args:
            x: (n, k) numbers within -1 and 1, none missing.
            y: (n, k) such numbers.
        """
        ours = self._slices(x)
        theirs = ours if y is x else self._slices(y)
        return _put_together(ours, theirs, lambda a, b: np.asarray((a * b).sum(axis=0)))

    def _slices(self, x: FloatArray) -> list[FloatArray]:
        """Cut numbers into parts of so few bits that sums of products of two parts are exact."""
        bits = (_MANTISSA - max(1, (self.units - 1).bit_length())) // 2
        rest, slices = x, []
        for place in range(1, -(-(_MANTISSA + 1) // bits) + 1):
            # adding and taking away a large number rounds to a multiple of 2^(-bits·place), several times faster than rint
            large = 1.5 * 2.0 ** (_MANTISSA - 1 - bits * place)
            part = (rest + large) - large
            slices.append(part)
            rest = rest - part
        return slices


def scale_columns(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Scale every column by a power of two so that its largest number is just below 1, which rounds nothing.

    Args:
        x: (n, k) numbers within -1 and 1, none missing.

    Returns:
        (n, k) scaled numbers; (k,) what each column was divided by, 1 for a column of zeros.
    """
    exponents = np.frexp(np.abs(x).max(axis=0, initial=0.0))[1]
    return np.ldexp(x, -exponents), np.ldexp(1.0, exponents)


def add(numbers: FloatArray) -> float:
    """The exact sum of some numbers, rounded once.

    >>> add(np.array([1e16, 1.0, -1e16]))
    1.0
    """
    return math.fsum(np.ravel(numbers).tolist())


def _put_together(
    ours: list[FloatArray], theirs: list[FloatArray], product: Callable[[FloatArray, FloatArray], FloatArray]
) -> FloatArray:
    """Add the products of slices from the smallest to the largest, the two halves of a mirrored pair first: that is symmetric."""
    result: FloatArray | None = None
    for level in range(len(ours) - 1, -1, -1):
        for i in range(level // 2, -1, -1):
            j = level - i
            pair = product(ours[i], theirs[j])
            if i != j:
                pair = pair + product(ours[j], theirs[i])
            result = pair if result is None else result + pair
    assert result is not None
    return result
