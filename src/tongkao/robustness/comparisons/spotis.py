"""SPOTIS: distance to the ideal within fixed bounds, so that units cannot change each other's order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.comparisons.prepared import prepare
from tongkao.robustness.weighting.messages import OUTSIDE_BOUNDS, SHAPE, counted_from_one, stop
from tongkao.robustness.weighting.sums import over_indicators


def spotis(values: ArrayLike, weights: ArrayLike, sign: ArrayLike, bounds: ArrayLike) -> FloatArray:
    """``1 - Σ_j w_j |x_ij - ideal_j| / (high_j - low_j)``: the paper's distance turned round so that more is better.

    The ideal is the better of the two bounds. Monotone, and without rank reversal: no unit's score depends on the others.

    Source: Dezert, Tchamova, Han and Tacnet (2020), The SPOTIS rank reversal free method for multi-criteria decision-making
    support, IEEE 23rd International Conference on Information Fusion.

    Args:
        values: (n, m) complete values within the bounds.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.
        bounds: (m, 2) lowest and highest value that an indicator can take.

    Returns:
        (n,) scores between 0 and 1, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions, bounds that do not rise, or values outside them.
    """
    x, weight, direction = prepare(values, weights, sign)
    limits = np.asarray(bounds, dtype=np.float64)
    if limits.shape != (x.shape[1], 2):
        raise stop(SHAPE, what="bounds", expected=f"({x.shape[1]}, 2)", found=str(limits.shape))
    low, high = limits[:, 0], limits[:, 1]
    inside = (low < high) & np.isfinite(limits).all(axis=1) & (x >= low).all(axis=0) & (x <= high).all(axis=0)
    if not inside.all():
        raise stop(OUTSIDE_BOUNDS, columns=counted_from_one(np.flatnonzero(~inside)))
    behind = np.where(direction > 0, high - x, x - low) / (high - low)
    return 1.0 - over_indicators(behind * weight)
