"""Weighted sum of rates that other methods gave, for example level and growth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray


def mix(parts: Sequence[FloatArray], shares: Sequence[float]) -> FloatArray:
    """Weighted sum of parts.

    Args:
        parts: Rates (n, k) of each part.
        shares: Share of each part; they add to 1.

    Returns:
        (n, k) rates; NaN where any part is, for a missing part makes the indicator missing.

    Raises:
        ValueError: If there is no part, not one share for each part, or the shares do not add to 1 (to 1e-9).
    """
    if not parts or len(parts) != len(shares):
        raise ValueError(f"{len(parts)} parts and {len(shares)} shares")
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"shares add to {sum(shares)}, not to 1")
    result = np.zeros_like(parts[0])
    for part, share in zip(parts, shares, strict=True):
        result += part * share
    return result
