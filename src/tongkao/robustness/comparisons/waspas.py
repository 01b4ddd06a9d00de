"""WASPAS: half weighted sum, half weighted product."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import linear, prepare
from tongkao.robustness.comparisons.weighted import product
from tongkao.robustness.weighting.arguments import refuse_negative, refuse_zero
from tongkao.robustness.weighting.messages import BAD_SETTING, stop
from tongkao.robustness.weighting.sums import over_indicators


def waspas(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, share_of_sum: float = 0.5) -> FloatArray:
    """``λ Σ_j w_j r_ij + (1 - λ) Π_j r_ij^w_j`` with r = x/max, or min/x where less is better. Monotone.

    Source: Zavadskas, Turskis, Antucheviciene and Zakarevicius (2012), Optimization of weighted aggregated sum product
    assessment, Elektronika ir Elektrotechnika 122(6), 3-6.

    Args:
        values: (n, m) complete values of 0 and more, above 0 where less is better.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        share_of_sum: λ between 0 (product only) and 1 (sum only).

    Returns:
        (n,) scores between 0 and 1, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, values outside the above, or λ outside 0 and 1.
    """
    if not 0 <= share_of_sum <= 1:
        raise stop(BAD_SETTING, name="share_of_sum", expected="0 … 1", found=share_of_sum)
    x, weight, direction = prepare(values, weights, sign)
    refuse_negative(x.min(axis=0), "WASPAS")
    refuse_zero(x.min(axis=0), "WASPAS", among=direction < 0)
    rates = linear(x, direction)
    return np.asarray(share_of_sum * over_indicators(rates * weight) + (1.0 - share_of_sum) * product(rates, weight))
