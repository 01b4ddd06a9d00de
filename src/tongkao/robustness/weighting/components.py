"""Weights from the first principal component.

LAPACK computes the component of a correlation matrix that is exact to the last bit; weights are rounded to 12 decimals, which
is more than the component is known to and hides whose library it was.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import bounded, directions, is_constant, shares
from tongkao.robustness.weighting.messages import (
    BAD_SETTING,
    NEGATIVE_LOADING,
    NO_SPREAD,
    counted_from_one,
    stop,
)
from tongkao.robustness.weighting.sums import correlations, cross_products

DECIMALS = 12
NO_LOADING = 1e-9
"""Loadings nearer to 0 than this have no direction."""


def first_component(values: ArrayLike, sign: ArrayLike) -> tuple[FloatArray, float]:
    """Loadings of the first principal component of the standardised, directed indicators.

    Args:
        values: (n, m) values, n ≥ 2, complete.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (m,) loadings (a vector of length 1, its sum not negative; 0 for a constant column), and the share of the variance of
        the indicators that vary which the component explains.

    Raises:
        AnalysisError: On gaps, fewer than two units, directions other than ±1, or if every column is constant.
    """
    x, low, high = bounded(values, least_units=2)
    direction = directions(sign, x.shape[1])
    constant = is_constant(low, high)
    if constant.all():
        raise stop(NO_SPREAD, method="pca", reason="所有指标的数值都相同", reason_en="every indicator is constant")
    kept = np.flatnonzero(~constant)
    r = correlations(cross_products(x[:, kept], low[kept], high[kept])) * direction[kept, None] * direction[kept]
    sizes, vectors = np.linalg.eigh(r)
    vector = vectors[:, -1]
    if abs(vector.sum()) > NO_LOADING:
        vector = vector * np.sign(vector.sum())
    elif vector[np.argmax(np.abs(vector))] < 0:
        vector = -vector
    loadings = np.zeros(x.shape[1])
    loadings[kept] = vector
    return np.round(loadings, DECIMALS) + 0.0, float(np.round(sizes[-1] / len(kept), DECIMALS))


def pca(values: ArrayLike, sign: ArrayLike, *, loadings: Literal["squared", "plain"] = "squared") -> FloatArray:
    """Weights from the loadings of the first principal component.

    ``squared``: ``w_j = l_j²``, the share of the component's variance that comes from the indicator (the loadings have length
    1). ``plain``: ``w_j = l_j / Σ l``, which makes the total the component itself; refused where a loading is negative, for a
    better value would lower the total.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.1 (squared loadings); plain loadings as
    in the software of the JRC's COIN Tool family.

    Args:
        values: (n, m) values, n ≥ 2, complete.
        sign: (m,) +1 where more is better, -1 where less is better.
        loadings: ``squared`` or ``plain``.

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: As :func:`first_component`, and for ``plain`` if a loading is negative.
    """
    if loadings not in ("squared", "plain"):
        raise stop(BAD_SETTING, name="loadings", expected="squared, plain", found=loadings)
    found, _ = first_component(values, sign)
    if loadings == "squared":
        return shares(found**2, len(found))
    negative = found < -NO_LOADING
    if negative.any():
        raise stop(NEGATIVE_LOADING, columns=counted_from_one(np.flatnonzero(negative)))
    return shares(np.maximum(found, 0.0), len(found))
