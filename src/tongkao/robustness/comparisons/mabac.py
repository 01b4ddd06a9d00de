"""MABAC: distance from the border approximation area."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import minmax, prepare
from tongkao.robustness.weighting.sums import over_indicators, over_units


def mabac(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """``S_i = Σ_j (v_ij - g_j)`` with ``v_ij = w_j (r_ij + 1)``, r by min-max, and ``g_j`` the geometric mean of column j of v.

    The border g is the same for all units, so the order is that of the weighted sum of min-max rates. Monotone.

    Source: Pamučar and Ćirović (2015), The selection of transport and handling resources in logistics centers using
    multi-attributive border approximation area comparison (MABAC), Expert Systems with Applications 42(6), 3016-3028.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) scores, above 0 for units above the border, more is better; 0 where all units are equal.

    Raises:
        AnalysisError: On gaps, unfit weights or directions.
    """
    x, weight, direction = prepare(values, weights, sign)
    rates = minmax(x, direction) + 1.0
    border = np.exp(over_units(np.log(rates)) / len(x))
    border = np.clip(border, rates.min(axis=0), rates.max(axis=0))
    return over_indicators((rates - border) * weight)
