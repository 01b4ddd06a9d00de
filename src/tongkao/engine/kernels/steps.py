"""Rates from a table of thresholds: bands, with steps or with straight lines between them."""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray, Numeric, by_column


def bands(
    x: FloatArray,
    sign: FloatArray,
    *,
    thresholds: FloatArray,
    rates: FloatArray,
    interpolate: bool = False,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """Rate of the first band whose threshold the value reaches: at least it, or at most it where less is better.

    Beyond the last band its rate holds. Interpolated: linear between thresholds, constant outside.

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 or -1.
        thresholds: (b,) for all columns or (k, b), best band first.
        rates: (b,) or (k, b), the rate of each band.
        interpolate: Straight lines between the thresholds in place of steps.
        relative_tolerance: A value short of a threshold by less than this share of the larger magnitude reaches it.

    Returns:
        (n, k) rates.

    Raises:
        ValueError: If there is no band, or not one rate for each threshold.
    """
    k = x.shape[1]
    edges = np.atleast_2d(np.asarray(thresholds, dtype=np.float64))
    levels = np.atleast_2d(np.asarray(rates, dtype=np.float64))
    if edges.shape[1] == 0 or edges.shape[1] != levels.shape[1]:
        raise ValueError(f"{edges.shape[1]} thresholds and {levels.shape[1]} rates")
    edges = np.broadcast_to(edges, (k, edges.shape[1])) * np.asarray(sign, dtype=np.float64)[:, None]
    levels = np.broadcast_to(levels, edges.shape)
    value = x * sign
    result = _lines(value, edges, levels) if interpolate else _stairs(value, edges, levels, by_column(relative_tolerance, k))
    np.copyto(result, np.nan, where=np.isnan(x))
    return result


def _stairs(value: FloatArray, edges: FloatArray, levels: FloatArray, relative_tolerance: FloatArray) -> FloatArray:
    result = np.repeat(levels[None, :, -1], value.shape[0], axis=0)
    size = np.abs(value) if relative_tolerance.any() else None
    for band in range(edges.shape[1] - 1, -1, -1):  # the first band that is reached is written last
        edge = edges[:, band]
        reached = value >= edge
        if size is not None:
            reached |= edge - value < relative_tolerance * np.maximum(size, np.abs(edge))
        np.copyto(result, levels[:, band], where=reached)
    return result


def _lines(value: FloatArray, edges: FloatArray, levels: FloatArray) -> FloatArray:
    order = np.argsort(-edges, axis=1, kind="stable")
    edges, levels = np.take_along_axis(edges, order, axis=1), np.take_along_axis(levels, order, axis=1)
    result = np.repeat(levels[None, :, -1], value.shape[0], axis=0)
    for band in range(edges.shape[1] - 2, -1, -1):
        upper, lower = edges[:, band], edges[:, band + 1]
        top, bottom = levels[:, band], levels[:, band + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (value - lower) / (upper - lower)
            between = np.clip(bottom + (top - bottom) * share, np.minimum(top, bottom), np.maximum(top, bottom))
        np.copyto(result, between, where=(value >= lower) & (value < upper))
        np.copyto(result, top, where=value >= upper)
    return result
