"""Weights from what the data show: spread, entropy, conflict, effect of removal.

A column on which all units are equal distinguishes nobody and gets the weight 0; the other weights are what they would be
without it (but for :func:`merec`, whose formula counts the columns). Gaps are refused. Every sum is independent of the order of
units and indicators to the last bit; BLAS is used by :func:`critic` alone, on whole numbers whose sums are exact
(:mod:`tongkao.robustness.weighting.sums`).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import BoolArray, FloatArray
from tongkao.engine.kernels.statistics import standard_deviation as deviation_of_columns
from tongkao.robustness.weighting.arguments import bounded, directions, is_constant, refuse_negative, refuse_zero, shares
from tongkao.robustness.weighting.messages import BAD_SETTING, NO_SPREAD, stop
from tongkao.robustness.weighting.sums import correlations, cross_products, of_logarithms, over_indicators, over_units


def standard_deviation(values: ArrayLike, *, normalise: bool = True) -> FloatArray:
    """Weights in proportion to the standard deviation of the indicators.

    ``w_j = s_j / Σ s``. The direction does not matter.

    Source: Diakoulaki, Mavrotas and Papayannakis (1995), Determining objective weights in multiple criteria problems: the
    CRITIC method, Computers & Operations Research 22(7), 763-770 (as the method it is compared with).

    Args:
        values: (n, m) values, n ≥ 2, complete.
        normalise: Bring every column to 0..1 by its extremes first. Without it the unit of measure decides.

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: On gaps, fewer than two units, or if every column is constant.
    """
    return _by_spread(values, 1.0, "standard_deviation", normalise=normalise)


def variance(values: ArrayLike, *, normalise: bool = True) -> FloatArray:
    """Weights in proportion to the variance of the indicators: as :func:`standard_deviation`, but squared.

    Source: Rao and Patel (2010), A subjective and objective integrated multiple attribute decision making method for material
    selection, Materials & Design 31(10), 4738-4747.

    Args:
        values: (n, m) values, n ≥ 2, complete.
        normalise: Bring every column to 0..1 by its extremes first.

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: On gaps, fewer than two units, or if every column is constant.
    """
    return _by_spread(values, 2.0, "variance", normalise=normalise)


def entropy(values: ArrayLike) -> FloatArray:
    """Weights in proportion to 1 less the entropy of the indicators.

    With ``p_ij = x_ij / Σ_i x_ij`` (0 ln 0 = 0) and ``E_j = -Σ_i p_ij ln p_ij / ln n``: ``w_j = (1 - E_j) / Σ (1 - E)``. The
    direction is not used.

    Source: Shannon (1948); Hwang and Yoon (1981), Multiple Attribute Decision Making, section 4.2; Zou, Yun and Sun (2006),
    Journal of Environmental Sciences 18(5), 1020-1023 (熵权法).

    Args:
        values: (n, m) values of 0 and more, n ≥ 2, complete.

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: On gaps, negative values, fewer than two units, or if every column is constant.
    """
    x, low, high = bounded(values, least_units=2)
    refuse_negative(low, "entropy")
    constant = _constant(low, high, "entropy")
    scale = np.ldexp(1.0, np.minimum(-np.frexp(high)[1], 1000))  # the very smallest columns stay far below 1, which is allowed
    sums, logs = of_logarithms(x, scale, has_zero=bool((low * scale == 0).any()))
    sums = np.where(constant, 1.0, sums)
    divergence = 1.0 - (np.log(sums) - logs / sums) / np.log(len(x))
    return _made_shares(np.where(constant, 0.0, np.maximum(divergence, 0.0)), "entropy")


def critic(values: ArrayLike, sign: ArrayLike, *, correlation: Literal["pearson", "spearman"] = "pearson") -> FloatArray:
    """Weights in proportion to spread times conflict with the other indicators (CRITIC), directed.

    Every column is brought to 0..1 with its direction, 1 being best. With the standard deviations s and the correlations r:
    ``C_j = s_j Σ_k (1 - r_jk)``, ``w_j = C_j / Σ C``. A single indicator that varies gets everything.

    Source: Diakoulaki, Mavrotas and Papayannakis (1995), Determining objective weights in multiple criteria problems: the
    CRITIC method, Computers & Operations Research 22(7), 763-770.

    Args:
        values: (n, m) values, n ≥ 2, complete.
        sign: (m,) +1 where more is better, -1 where less is better.
        correlation: Of values, or of ranks (mean rank for ties).

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: On gaps, fewer than two units, directions other than ±1, or if no two indicators conflict.
    """
    if correlation not in ("pearson", "spearman"):
        raise stop(BAD_SETTING, name="correlation", expected="pearson, spearman", found=correlation)
    x, low, high = bounded(values, least_units=2)
    direction = directions(sign, x.shape[1])
    constant = _constant(low, high, "critic")
    if np.count_nonzero(~constant) == 1:
        return np.where(constant, 0.0, 1.0)
    products = cross_products(x, low, high)
    spread = np.sqrt(np.diagonal(products))
    if correlation == "spearman":
        x = _mean_ranks(x)
        products = cross_products(x, x.min(axis=0), x.max(axis=0))
    r = correlations(products)
    conflict = 1.0 - r * direction[:, None] * direction
    conflict[constant] = 0.0
    conflict[:, constant] = 0.0
    return _made_shares(spread * over_indicators(conflict), "critic")


def merec(values: ArrayLike, sign: ArrayLike) -> FloatArray:
    """Weights in proportion to what removing an indicator changes (MEREC).

    With ``n_ij = min_j / x_ij`` (more is better) or ``x_ij / max_j`` (less is better): ``S_i = ln(1 + Σ_k |ln n_ik| / m)``,
    ``S'_ij`` the same without the term of j, ``E_j = Σ_i |S'_ij - S_i|``, ``w_j = E_j / Σ E``.

    Source: Keshavarz-Ghorabaee, Amiri, Zavadskas, Turskis and Antucheviciene (2021), Determination of objective weights using
    a new method based on the removal effects of criteria (MEREC), Symmetry 13(4), 525.

    Args:
        values: (n, m) positive values, n ≥ 2, complete.
        sign: (m,) +1 where more is better, -1 where less is better.

    Returns:
        (m,) weights that add to 1; 0 for a constant column.

    Raises:
        AnalysisError: On gaps, values of 0 or less, fewer than two units, or if every column is constant.
    """
    x, low, high = bounded(values, least_units=2)
    m = x.shape[1]
    direction = directions(sign, m)
    refuse_zero(low, "MEREC")
    constant = _constant(low, high, "merec")
    terms = np.where(direction > 0, np.log(x / low), np.log(high / x))
    terms[:, constant] = 0.0
    whole = over_indicators(terms)[:, None]
    effect = np.abs(np.log1p(np.maximum(whole - terms, 0.0) / m) - np.log1p(whole / m))
    return _made_shares(over_units(effect), "merec")


def _by_spread(values: ArrayLike, power: float, method: str, *, normalise: bool) -> FloatArray:
    """Shares in proportion to a power of the standard deviation."""
    x, low, high = bounded(values, least_units=2)
    constant = _constant(low, high, method)
    # without normalising, one divisor for all changes no share and keeps the squares from overflowing
    x = (x - low) / np.where(constant, 1.0, high - low) if normalise else x / max(high.max(), -low.min())
    spread = deviation_of_columns(x) ** power
    return _made_shares(np.where(constant, 0.0, spread), method)


def _constant(low: FloatArray, high: FloatArray, method: str) -> BoolArray:
    """Which columns are constant; stops where all are."""
    constant = is_constant(low, high)
    if constant.all():
        raise stop(NO_SPREAD, method=method, reason="所有指标的数值都相同", reason_en="every indicator is constant")
    return constant


def _made_shares(found: FloatArray, method: str) -> FloatArray:
    """Amounts of information as shares; stops where there is none."""
    if not found.any():
        raise stop(
            NO_SPREAD,
            method=method,
            reason="各指标之间没有差别可据以定权",
            reason_en="nothing about the indicators differs that weights could be made from",
        )
    return shares(found, len(found))


def _mean_ranks(x: FloatArray) -> FloatArray:
    """Twice the ascending rank by column, ties sharing the mean rank, so that the numbers are whole."""
    n = len(x)
    order = np.argsort(x, axis=0, kind="stable")
    ordered = np.take_along_axis(x, order, axis=0)
    position = np.broadcast_to(np.arange(n)[:, None], x.shape)
    new = np.ones(x.shape, dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(new, position, 0), axis=0)
    last_new = np.ones(x.shape, dtype=bool)
    last_new[:-1] = new[1:]
    last = np.minimum.accumulate(np.where(last_new, position, n)[::-1], axis=0)[::-1]
    ranks = np.empty(x.shape)
    np.put_along_axis(ranks, order, (first + last).astype(np.float64), axis=0)
    return ranks
