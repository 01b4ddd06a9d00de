"""Weights from experts who share out a budget of points among the indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import shares
from tongkao.robustness.weighting.messages import BAD_BUDGET, BAD_POINTS, BAD_SETTING, SHAPE, counted_from_one, stop

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Budget:
    """Weights that a group of experts gave, and how far they agree.

    Attributes:
        weights: (m,) mean share of every indicator; they add to 1.
        lowest: (m,) smallest share that an expert gave.
        highest: (m,) largest share that an expert gave.
        spread: (m,) standard deviation of the experts' shares (n - 1), each expert counting once; None for one expert.
    """

    weights: FloatArray
    lowest: FloatArray
    highest: FloatArray
    spread: FloatArray | None


def budget(points: ArrayLike, *, total: float = 100.0, experts: ArrayLike | None = None) -> Budget:
    """Weights from points that every expert shares out.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.2 (budget allocation).

    Args:
        points: (e, m) points of 0 and more, one row an expert, each row adding to the total.
        total: The budget of an expert.
        experts: (e,) weights of the experts; equal by default.

    Returns:
        Weights and spread.

    Raises:
        AnalysisError: If points are negative or missing, a row does not add to the total (to 1e-9 of it), or the experts'
            weights are unfit.
    """
    given = np.asarray(points, dtype=np.float64)
    if given.ndim != 2 or 0 in given.shape:
        raise stop(SHAPE, what="points", expected="(e, m), e ≥ 1, m ≥ 1", found=str(given.shape))
    if not (np.isfinite(total) and total > 0):
        raise stop(BAD_SETTING, name="total", expected="> 0", found=total)
    wrong = ~(np.isfinite(given) & (given >= 0)).all(axis=1)
    if wrong.any():
        raise stop(BAD_POINTS, experts=counted_from_one(np.flatnonzero(wrong)))
    sums = np.sort(given, axis=1).sum(axis=1)
    wrong = np.abs(sums - total) > TOLERANCE * total
    if wrong.any():
        raise stop(BAD_BUDGET, experts=counted_from_one(np.flatnonzero(wrong)), total=total, sums=sums[wrong].tolist())
    count = len(given)
    weight = shares(np.ones(count) if experts is None else experts, count, group="the experts")
    share = given / total
    mean = shares(np.sort(share * weight[:, None], axis=0).sum(axis=0), given.shape[1])
    ordered = np.sort(share, axis=0)
    spread = None
    if count > 1:
        middle = np.clip(ordered.sum(axis=0) / count, ordered[0], ordered[-1])
        spread = np.sqrt(((ordered - middle) ** 2).sum(axis=0) / (count - 1))
    return Budget(mean, ordered[0], ordered[-1], spread)
