"""Cronbach's alpha: whether the indicators of a group vary together enough to be added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray
from tongkao.robustness.statistics.correlation import moments
from tongkao.robustness.statistics.exact import add


@dataclass(frozen=True)
class Consistency:
    """Internal consistency of k columns.

    Attributes:
        alpha: Cronbach's alpha, possibly negative; at most 1 where there are no gaps; NaN where there is none.
        without: (k,) alpha of the others when a column is left out; NaN where there is none.
    """

    alpha: float
    without: FloatArray


def cronbach(x: FloatArray) -> Consistency:
    """Cronbach's alpha, k / (k - 1) times the share of the covariances in the variance of the sum.

    Every covariance is taken over the units that have both values. Columns must point the same way (more is better) and be
    measured on comparable scales: rates are, raw values are not.

    Source: Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16.

    Args:
        x: (n, k) values, NaN where there is none.

    Returns:
        Alpha; NaN below two columns, where two columns share fewer than two units, or where the sum has no variance.
    """
    covariances = moments(x).covariances()
    k = x.shape[1]
    without = np.array([_alpha(np.delete(np.delete(covariances, column, 0), column, 1)) for column in range(k)])
    return Consistency(_alpha(covariances), without)


def _alpha(covariances: FloatArray) -> float:
    k = int(covariances.shape[0])
    if k < 2 or np.isnan(covariances).any():
        return float("nan")
    whole, own = add(covariances), add(np.diagonal(covariances))
    if whole <= 1e-12 * own or own == 0:
        return float("nan")
    return k / (k - 1) * (1.0 - own / whole)
