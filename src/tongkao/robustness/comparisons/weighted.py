"""Weighted sum and weighted product: the plainest comparisons, and the yardstick for the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import Scale, normalise, prepare
from tongkao.robustness.weighting.arguments import refuse_negative
from tongkao.robustness.weighting.sums import over_indicators


def weighted_sum(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, scale: Scale = "minmax") -> FloatArray:
    """``Σ_j w_j r_ij`` of values brought to a common scale.

    Source: Fishburn (1967), Additive utilities with incomplete product sets, Operations Research 15(3), 537-542.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        scale: See :func:`tongkao.robustness.comparisons.normalise`.

    Returns:
        (n,) scores, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or values for which the scale is not defined.
    """
    x, weight, direction = prepare(values, weights, sign)
    return over_indicators(normalise(x, direction, scale) * weight)


def weighted_product(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, scale: Scale = "linear") -> FloatArray:
    """``Π_j r_ij^w_j`` of values brought to a common scale; a 0 that has a weight makes the score 0.

    Source: Bridgman (1922), Dimensional Analysis; Miller and Starr (1969), Executive Decisions and Operations Research.

    Args:
        values: (n, m) complete values, none negative once they are on the scale.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        scale: See :func:`tongkao.robustness.comparisons.normalise`.

    Returns:
        (n,) scores, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or values for which the scale or the power is not defined.
    """
    x, weight, direction = prepare(values, weights, sign)
    rates = normalise(x, direction, scale)
    refuse_negative(rates.min(axis=0), "the weighted product")
    return product(rates, weight)


def product(rates: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted geometric mean of every row, whatever the order of the columns."""
    return np.asarray(np.sort(rates**weight, axis=1).prod(axis=1))
