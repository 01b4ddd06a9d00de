"""Probabilities in the tails of Student's t and the normal distribution; SciPy is imported when the first one is asked for."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray


def correlation_tail(r: FloatArray, counts: FloatArray) -> FloatArray:
    """Two-sided p-value of a coefficient of correlation by Student's t with n - 2 degrees of freedom.

    Args:
        r: Coefficients, NaN where there is none.
        counts: Units behind each, of the same shape.

    Returns:
        Probabilities of the same shape; NaN where there is no coefficient or fewer than three units.
    """
    p = np.full(r.shape, np.nan)
    tested = ~np.isnan(r) & (counts >= 3)
    if tested.any():
        betainc = import_module("scipy.special").betainc
        # P(|T| >= t) with t² = (n - 2) r² / (1 - r²), written without the division
        p[tested] = betainc((counts[tested] - 2) / 2.0, 0.5, ((1.0 - r) * (1.0 + r))[tested])
    return p


def normal_tail(z: FloatArray) -> FloatArray:
    """Two-sided p-value of a standard normal number.

    Args:
        z: Numbers, NaN where there is none.

    Returns:
        Probabilities of the same shape, NaN where there is none.
    """
    return np.asarray(import_module("scipy.special").erfc(np.abs(z) / np.sqrt(2.0)))
