"""VIKOR: a compromise between what is good for all indicators together and what hurts least on the worst one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import minmax, prepare
from tongkao.robustness.weighting.messages import BAD_SETTING, stop
from tongkao.robustness.weighting.sums import over_indicators


@dataclass(frozen=True)
class Compromise:
    """The three measures of the paper; of each, less is better.

    Attributes:
        utility: (n,) S, the weighted sum of the distances to the best values.
        regret: (n,) R, the largest weighted distance.
        compromise: (n,) Q between 0 and 1.
    """

    utility: FloatArray
    regret: FloatArray
    compromise: FloatArray


def vikor_measures(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, v: float = 0.5) -> Compromise:
    """S, R and Q of VIKOR.

    With ``d_ij = w_j (f*_j - f_ij) / (f*_j - f⁻_j)``: ``S_i = Σ_j d_ij``, ``R_i = max_j d_ij`` and
    ``Q_i = v (S_i - S*) / (S⁻ - S*) + (1 - v) (R_i - R*) / (R⁻ - R*)``. A part whose divisor is 0 is 0, and so is d in a
    constant column.

    Source: Opricovic and Tzeng (2004), Compromise solution by MCDM methods: a comparative analysis of VIKOR and TOPSIS,
    European Journal of Operational Research 156(2), 445-455.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        v: Weight of the majority of indicators against the worst one, between 0 and 1.

    Returns:
        The measures.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or v outside 0 and 1.
    """
    if not 0 <= v <= 1:
        raise stop(BAD_SETTING, name="v", expected="0 … 1", found=v)
    x, weight, direction = prepare(values, weights, sign)
    behind = (1.0 - minmax(x, direction)) * weight
    utility, regret = over_indicators(behind), behind.max(axis=1)
    return Compromise(utility, regret, v * _share(utility) + (1.0 - v) * _share(regret))


def vikor(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, *, v: float = 0.5) -> FloatArray:
    """``1 - Q`` of VIKOR, turned round so that more is better as everywhere else; see :func:`vikor_measures`.

    A better value never lowers the unit's rank as long as it moves neither the best nor the worst value of its column.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        v: Weight of the majority of indicators against the worst one, between 0 and 1.

    Returns:
        (n,) scores between 0 and 1, more is better; 1 where all units are equal.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or v outside 0 and 1.
    """
    return 1.0 - vikor_measures(values, weights, sign, v=v).compromise


def _share(measure: FloatArray) -> FloatArray:
    """Where a measure lies between the smallest and the largest; 0 where all are equal."""
    low, high = measure.min(), measure.max()
    return np.asarray((measure - low) / (high - low)) if high > low else np.zeros(len(measure))
