"""PROMETHEE II with the usual preference function: net flow of wins over losses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import prepare
from tongkao.robustness.weighting.sums import over_indicators


def promethee(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Net flow: the weighted share of comparisons with another unit that are won, less the share of those lost.

    ``φ_i = Σ_j w_j (number that i beats on j - number that beat i on j) / (n - 1)``. With the usual function any difference
    counts fully, however small, so that the order of each column is all that matters; it is found by sorting, without comparing
    units two by two. Monotone.

    Source: Brans and Vincke (1985), A preference ranking organisation method: the PROMETHEE method for multiple criteria
    decision-making, Management Science 31(6), 647-656.

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) flows between -1 and 1 that add to 0, more is better; 0 for a single unit.

    Raises:
        AnalysisError: On gaps, unfit weights or directions.
    """
    x, weight, direction = prepare(values, weights, sign)
    n = len(x)
    won = np.empty(x.shape)
    for j, column in enumerate(np.array((x * direction).T, order="C")):
        ordered = np.sort(column)
        below = np.searchsorted(ordered, column, side="left")
        won[:, j] = below - (n - np.searchsorted(ordered, column, side="right"))
    return over_indicators(won * (weight / max(n - 1, 1)))
