"""Rounding of points, with a guard that makes computed ties round as on paper.

84.125 has no exact double, and a computed 84.125 even less; whoever rounds by hand sees a tie. Numbers that differ from a
tie by less than 1e-9 of the scale are therefore ties.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray, Numeric

RELATIVE_GUARD = 1e-9
"""Of the scale (the full mark): computed numbers that differ by less count as equal."""
LARGEST_GUARD = 1e-4
"""Of the last place that stays, so that the guard never swallows digits that are there."""
EXACT = 2.0**52
"""From here on a double has no fraction."""


def round_points(points: FloatArray, *, places: int, mode: Literal["half_up", "half_even"], scale: Numeric) -> FloatArray:
    """Round points to decimal places.

    Source: 四舍五入 (``half_up``: ties away from zero), GB/T 8170-2008 (``half_even``: ties to the even last digit).

    Args:
        points: Points, any shape; NaN stays NaN.
        places: Decimal places that stay, 0 to 15.
        mode: What happens to ties.
        scale: The full mark, a number or an array that fits ``points``; sets the guard.

    Returns:
        The nearest double to a whole number over 10**places; never a negative zero.
    """
    unit = 10.0**places
    with np.errstate(over="ignore"):
        size = np.abs(points) * unit
    guard = np.minimum(np.abs(scale) * RELATIVE_GUARD * unit, LARGEST_GUARD)
    with np.errstate(invalid="ignore"):
        whole = np.floor(size)
        fraction = size - whole
        tie = np.abs(fraction - 0.5) < guard
        up = fraction >= 0.5
        if mode == "half_up":
            up |= tie
        else:
            up = np.where(tie, whole % 2 == 1, up)
    rounded = np.copysign((whole + up) / unit, points) + 0.0
    result: FloatArray = np.where(size < EXACT, rounded, points)
    return result
