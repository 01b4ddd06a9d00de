"""ARAS: the share that a unit reaches of an ideal one, which joins the table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import nonzero, prepare
from tongkao.robustness.weighting.arguments import refuse_negative, refuse_zero
from tongkao.robustness.weighting.sums import over_indicators, over_units


def aras(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Degree of utility ``K_i = S_i / S_0``.

    Row 0 holds the best value of every column; a column where less is better is turned into 1/x; every column is divided by
    its sum over all rows, row 0 included; S is the weighted sum of a row. Monotone.

    Source: Zavadskas and Turskis (2010), A new additive ratio assessment (ARAS) method in multicriteria decision-making,
    Technological and Economic Development of Economy 16(2), 159-172.

    Args:
        values: (n, m) complete values of 0 and more, above 0 where less is better.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) scores between 0 and 1, more is better; 1 where all values are 0.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or values outside the above.
    """
    x, weight, direction = prepare(values, weights, sign)
    refuse_negative(x.min(axis=0), "ARAS")
    up = direction > 0
    refuse_zero(x.min(axis=0), "ARAS", among=~up)
    better = np.where(up, x, 1.0 / np.where(up, 1.0, x))
    best = better.max(axis=0)
    factor = weight / nonzero(over_units(better) + best)
    ideal = float(over_indicators((best * factor)[None, :])[0])
    scores = over_indicators(better * factor)
    return np.asarray(scores / ideal) if ideal > 0 else np.ones(len(x))
