"""When two computed numbers count as equal, and rounding that agrees with pencil and paper.

``0.1 + 0.2`` is 0.30000000000000004 for a computer and 0.3 for everybody else. Section 9 of the format: computed numbers
that differ by less than 1e-9 of their scale count as equal; here the scale is the larger of the two.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EQUAL = 1e-9
#: A sum smaller than this share of its largest part is 0 on paper: the parts cancel, what is left is rounding of binary numbers.
CANCELLED = 1e-13
#: The guard of rounding is never more than this share of the last place kept.
MOST_GUARD = 1e-3
#: From here on every float64 is whole.
_ALL_WHOLE = 2.0**52


def near(left: FloatArray, right: FloatArray) -> BoolArray:
    """Tell where two numbers are equal, or differ by less than 1e-9 of the larger magnitude."""
    larger = np.maximum(np.abs(left), np.abs(right))
    equal: BoolArray = (left == right) | (np.abs(left - right) < EQUAL * larger)
    return equal


def without_residue(total: FloatArray, largest: FloatArray) -> FloatArray:
    """Write 0 for a sum whose parts cancel.

    Args:
        total: Sums, any shape.
        largest: The largest magnitude among the parts of each, same shape.
    """
    cleaned: FloatArray = np.where(np.abs(total) < CANCELLED * largest, 0.0, total)
    return cleaned


def round_half_up(values: FloatArray, places: int) -> FloatArray:
    """Round to so many decimal places, halves away from zero (四舍五入).

    A number that is less than 1e-9 of itself below a half (but no more than a thousandth of the last place) counts as that
    half, so that 1.005, stored as 1.00499999999999989…, becomes 1.01.

    Args:
        values: Any shape.
        places: From -15 to 15; negative ones round to tens, hundreds and so on.
    """
    scale = 10.0 ** abs(places)
    magnitude = np.abs(values)
    scaled: Any = magnitude * scale if places >= 0 else magnitude / scale
    guard = np.minimum(EQUAL * scaled, MOST_GUARD)
    whole = np.floor(scaled + 0.5 + guard)
    rounded = whole / scale if places >= 0 else whole * scale
    result: FloatArray = np.where(scaled < _ALL_WHOLE, np.copysign(rounded, values), values) + 0.0
    return result
