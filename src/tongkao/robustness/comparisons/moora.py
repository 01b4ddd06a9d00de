"""MOORA: benefits less costs, after division by the column's norm."""

from __future__ import annotations

from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import nonzero, norms, prepare
from tongkao.robustness.weighting.sums import over_indicators


def moora(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """``Σ_j ± w_j x_ij / √Σ_i x_ij²``, plus where more is better and minus where less is: the ratio system.

    A better value never lowers the unit's rank where no value is negative. A column of zeros counts 0.

    Source: Brauers and Zavadskas (2006), The MOORA method and its application to privatization in a transition economy,
    Control and Cybernetics 35(2), 445-469.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) scores between -1 and 1, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions.
    """
    x, weight, direction = prepare(values, weights, sign)
    return over_indicators(x / nonzero(norms(x)) * (weight * direction))
