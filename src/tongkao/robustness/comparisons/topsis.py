"""TOPSIS: near the ideal, far from its opposite."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import normalise, prepare
from tongkao.robustness.weighting.messages import BAD_SETTING, stop
from tongkao.robustness.weighting.sums import over_indicators


def topsis(
    values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, scale: Literal["vector", "minmax"] = "vector"
) -> FloatArray:
    """Relative closeness to the ideal solution.

    With ``v_ij = w_j r_ij``, the best and worst v of every column, and the Euclidean distances D⁺ and D⁻ to them:
    ``C_i = D⁻_i / (D⁺_i + D⁻_i)``. The scale is ``x/√Σx²``, or min-max.

    A better value never lowers the unit's own score where no value is negative; it may lower its rank, because the column's
    norm and ends change for everybody.

    Source: Hwang and Yoon (1981), Multiple Attribute Decision Making: Methods and Applications, Springer.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        scale: ``vector`` as in the book, or ``minmax``.

    Returns:
        (n,) closeness between 0 and 1, more is better; 0.5 where all units are equal.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or another scale.
    """
    if scale not in ("vector", "minmax"):
        raise stop(BAD_SETTING, name="scale", expected="vector, minmax", found=scale)
    x, weight, direction = prepare(values, weights, sign)
    v = normalise(x, direction, scale) * weight
    to_best = np.sqrt(over_indicators((v - v.max(axis=0)) ** 2))
    to_worst = np.sqrt(over_indicators((v - v.min(axis=0)) ** 2))
    both = to_best + to_worst
    return np.asarray(np.divide(to_worst, both, out=np.full(len(x), 0.5), where=both > 0))
