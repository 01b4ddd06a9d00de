"""COPRAS: benefits in proportion, costs in inverse proportion."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import nonzero, prepare
from tongkao.robustness.weighting.arguments import refuse_negative
from tongkao.robustness.weighting.messages import NOT_POSITIVE, counted_from_one, stop
from tongkao.robustness.weighting.sums import over_indicators, over_units


def copras(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Degree of utility ``Q_i / max Q``.

    Every column is divided by its sum and multiplied by its weight; S⁺ and S⁻ are a unit's sums over the indicators where more
    and where less is better; ``Q_i = S⁺_i + Σ S⁻ / (S⁻_i Σ_k 1/S⁻_k)``. (With min S⁻ above and below the line, as it is often
    printed, it is the same.) Without an indicator of the second kind, or where these have no weight, ``Q = S⁺``.

    Monotone where more is better. Where less is better, a better value raises the unit's own Q, but also changes the column's
    sum for everybody and in rare tables lowers the unit's rank.

    Source: Zavadskas, Kaklauskas and Sarka (1994), The new method of multicriteria complex proportional assessment of projects,
    Technological and Economic Development of Economy 1(3), 131-139; Podvezko (2011), The comparative analysis of MCDA methods
    SAW and COPRAS, Inžinerinė ekonomika 22(2), 134-146 (on its instability).

    Args:
        values: (n, m) complete values of 0 and more; no unit may be 0 on everything where less is better.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) scores between 0 and 1, more is better; 1 where all values are 0.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or values outside the above.
    """
    x, weight, direction = prepare(values, weights, sign)
    refuse_negative(x.min(axis=0), "COPRAS")
    up = direction > 0
    share = x / nonzero(over_units(x)) * weight
    utility = over_indicators(share[:, up]) if up.any() else np.zeros(len(x))
    if weight[~up].any():
        cost = over_indicators(share[:, ~up])
        if (cost == 0).any():
            columns = counted_from_one(np.flatnonzero(~up & (weight > 0)))
            raise stop(NOT_POSITIVE, columns=columns, method="COPRAS")
        inverse = cost.min() / cost
        utility = utility + np.sort(cost).sum() * inverse / np.sort(inverse).sum()
    best = utility.max()
    return np.asarray(utility / best) if best > 0 else np.ones(len(x))
