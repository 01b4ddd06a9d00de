"""What every comparison starts from: checked values, shares and directions, and columns brought to a common scale."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import directions, is_constant, refuse_negative, refuse_zero, shares, table
from tongkao.robustness.weighting.messages import BAD_SETTING, stop
from tongkao.robustness.weighting.sums import over_units

Scale = Literal["none", "minmax", "vector", "sum", "max", "linear"]
SCALES: tuple[Scale, ...] = ("none", "minmax", "vector", "sum", "max", "linear")


def prepare(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Check the three arguments of a comparison.

    Args:
        values: (n, m) values, any unit of measure by column, complete, n ≥ 1.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n, m) values, (m,) shares that add to 1, (m,) directions.

    Raises:
        AnalysisError: On gaps, infinite values, no unit, unfit weights or directions.
    """
    x = table(values, least_units=1)
    return x, shares(weights, x.shape[1]), directions(sign, x.shape[1])


def normalise(values: ArrayLike, sign: ArrayLike, scale: Scale) -> FloatArray:
    """Bring columns to a common scale on which more is better.

    ====== ======================== ===========================
    scale  more is better           less is better
    ====== ======================== ===========================
    none   x                        -x
    minmax (x - min) / (max - min)  (max - x) / (max - min)
    vector x / √Σx²                 1 - x / √Σx²
    sum    x / Σx                   (1/x) / Σ(1/x)
    max    x / max                  1 - x / max
    linear x / max                  min / x
    ====== ======================== ===========================

    A constant column becomes 1 throughout under ``minmax`` (nobody is behind the best); a column of zeros becomes x = 0
    throughout where it would be divided by 0.

    Args:
        values: (n, m) complete values; of 0 and more for ``sum``, ``max`` and ``linear``, and above 0 where these divide by x.
        sign: (m,) +1 where more is better, -1 where less is better.
        scale: Name of the scale.

    Returns:
        (n, m) array.

    Raises:
        AnalysisError: On gaps, an unknown scale, or values for which it is not defined.
    """
    x = table(values, least_units=1)
    direction = directions(sign, x.shape[1])
    if scale not in SCALES:
        raise stop(BAD_SETTING, name="scale", expected=", ".join(SCALES), found=scale)
    up = direction > 0
    if scale == "none":
        return x * direction
    if scale == "minmax":
        return minmax(x, direction)
    if scale == "vector":
        share = x / nonzero(norms(x))
        return np.where(up, share, 1.0 - share)
    refuse_negative(x.min(axis=0), f"the scale {scale}")
    if scale == "max":
        share = x / nonzero(x.max(axis=0))
        return np.where(up, share, 1.0 - share)
    refuse_zero(x.min(axis=0), f"the scale {scale}", among=~up)
    if scale == "linear":
        return linear(x, direction)
    better = np.where(up, x, 1.0 / np.where(up, 1.0, x))
    return better / nonzero(over_units(better))


def minmax(x: FloatArray, direction: FloatArray) -> FloatArray:
    """0 for the worst value of a column, 1 for the best; 1 throughout a constant column."""
    low, high = x.min(axis=0), x.max(axis=0)
    constant = is_constant(low, high)
    gap = np.where(direction > 0, high - x, x - low)
    return np.where(constant, 1.0, 1.0 - gap / np.where(constant, 1.0, high - low))


def linear(x: FloatArray, direction: FloatArray) -> FloatArray:
    """x/max where more is better (1 throughout a column of zeros), min/x where less is better."""
    up, high = direction > 0, x.max(axis=0)
    ratio = np.where(high > 0, x / nonzero(high), 1.0)
    return np.where(up, ratio, x.min(axis=0) / np.where(up, 1.0, x))


def norms(x: FloatArray) -> FloatArray:
    """Square roots of the sums of squares by column (m,)."""
    return np.sqrt(over_units(x * x))


def nonzero(numbers: FloatArray) -> FloatArray:
    """Divisors: 1 in place of 0."""
    return np.where(numbers == 0, 1.0, numbers)
