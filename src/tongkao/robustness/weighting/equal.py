"""Equal weights: what is used when nobody has argued for anything else."""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.messages import BAD_SETTING, stop


def equal(m: int) -> FloatArray:
    """The same weight for every indicator.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 6.

    Args:
        m: Number of indicators, at least 1.

    Returns:
        (m,) weights, 1/m each.

    Raises:
        AnalysisError: If there is no indicator.
    """
    if m < 1:
        raise stop(BAD_SETTING, name="m", expected="≥ 1", found=m)
    return np.full(m, 1.0 / m)
