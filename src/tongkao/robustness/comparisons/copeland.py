"""Copeland: units are compared two by two, and comparisons won less comparisons lost are counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray, copeland_net
from tongkao.robustness.comparisons.prepared import prepare


def copeland(values: ArrayLike, weights: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Comparisons won less comparisons lost, as :func:`tongkao.engine.kernels.copeland_net` counts them.

    A unit wins against another when the weights of the indicators on which it is better, plus half of those on which both are
    equal, are more than half of all (to 1e-12). Values are equal only when they are the same number. Monotone.

    Source: Copeland (1951); OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6; Munda and Nardo (2009).

    Args:
        values: (n, m) complete values.
        weights: (m,) weights of 0 and more, on any scale.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (n,) whole numbers between -(n - 1) and n - 1, more is better.

    Raises:
        AnalysisError: On gaps, unfit weights or directions.
    """
    x, weight, direction = prepare(values, weights, sign)
    return copeland_net(x * direction, weight, np.ones(len(x), dtype=bool), tolerance=0.0)
