"""EDAS: distance from the average, above and below."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import prepare
from tongkao.robustness.weighting.arguments import is_constant
from tongkao.robustness.weighting.messages import NOT_POSITIVE, counted_from_one, stop
from tongkao.robustness.weighting.sums import mean_over_units, over_indicators


def edas(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Appraisal score from the distances to the average solution.

    With the column means ``AV``: ``PDA_ij = max(0, ±(x_ij - AV_j)) / AV_j`` (the sign of the direction) and ``NDA`` the same
    the other way round; ``SP = Σ w PDA``, ``SN = Σ w NDA``; ``AS = (SP / max SP + 1 - SN / max SN) / 2``. A part whose divisor
    is 0 is 0: where all units are equal everybody gets 0.5.

    Not monotone: a better value moves the average and the divisors for everybody, and may lower the unit's own rank. What
    holds is that a unit that is at least as good on every indicator never scores less than the other.

    Source: Keshavarz Ghorabaee, Zavadskas, Olfat and Turskis (2015), Multi-criteria inventory classification using a new
    method of evaluation based on distance from average solution (EDAS), Informatica 26(3), 435-451.

    Args:
        values: (n, m) complete values whose column means are above 0.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) scores between 0 and 1, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, or a column that varies and whose mean is not above 0.
    """
    x, weight, direction = prepare(values, weights, sign)
    average = mean_over_units(x)
    constant = is_constant(x.min(axis=0), x.max(axis=0))
    wrong = (average <= 0) & ~constant
    if wrong.any():
        raise stop(NOT_POSITIVE, columns=counted_from_one(np.flatnonzero(wrong)), method="EDAS (mean)")
    ahead = np.where(constant, 0.0, (x - average) * direction / np.where(constant, 1.0, average)) * weight
    above, below = over_indicators(np.maximum(ahead, 0.0)), over_indicators(np.maximum(-ahead, 0.0))
    return np.asarray((_share(above) + 1.0 - _share(below)) / 2.0)


def _share(distance: FloatArray) -> FloatArray:
    """A distance as a share of the largest; 0 where there is none."""
    largest = distance.max()
    return np.asarray(distance / largest) if largest > 0 else distance
