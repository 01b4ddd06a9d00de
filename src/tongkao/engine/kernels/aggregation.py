"""Rates of nodes from the rates of their children: weighted means over contiguous segments of columns.

``rates`` is units × children (n, N), the children of one node side by side; ``starts`` holds the first column of every node,
ascending from 0, so that node i owns the columns from ``starts[i]`` up to ``starts[i + 1]``. ``shares`` is (N,) or (n, N),
any numbers ≥ 0; only their ratios within a node matter. A child that left has share 0, and then its rate may be NaN. A node
all of whose children left is NaN; so is one whose mean does not exist.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray, IntArray, row_blocks

HALF_TOLERANCE = 1e-12
"""Shares of weight that differ from one half by less count as one half."""

Transform = Callable[[FloatArray], FloatArray]


def arithmetic(rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Weighted arithmetic mean.

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.

    Returns:
        (n, len(starts)) rates of the nodes.
    """
    return _mean(rates, shares, starts, None, None)


def geometric(rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Weighted geometric mean; NaN where a child that counts has a rate ≤ 0.

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.

    Returns:
        (n, len(starts)) rates of the nodes.
    """
    return _mean(rates, shares, starts, lambda block: np.log(np.where(block > 0, block, np.nan)), np.exp)


def harmonic(rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Weighted harmonic mean; NaN where a child that counts has a rate ≤ 0.

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.

    Returns:
        (n, len(starts)) rates of the nodes.
    """
    return _mean(rates, shares, starts, lambda block: 1 / np.where(block > 0, block, np.nan), np.reciprocal)


def _mean(
    rates: FloatArray, shares: FloatArray, starts: IntArray, forward: Transform | None, backward: Transform | None
) -> FloatArray:
    """Mean of transformed rates, transformed back; block by block, so that the products stay in the cache."""
    n, width = rates.shape
    own = shares.ndim == 2
    absent = None if own or (shares > 0).all() else shares == 0
    totals = None if own else np.add.reduceat(shares, starts)
    result = np.empty((n, len(starts)))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for rows in row_blocks(n, width):
            share = shares[rows] if own else shares
            products = (rates[rows] if forward is None else forward(rates[rows])) * share
            if own:
                np.copyto(products, 0.0, where=share == 0)
            elif absent is not None:
                np.copyto(products, 0.0, where=absent)
            sums = result[rows]
            np.add.reduceat(products, starts, axis=1, out=sums)
            sums /= np.add.reduceat(share, starts, axis=1) if totals is None else totals
            if backward is not None:
                sums[:] = backward(sums)
    return result


def power(rates: FloatArray, shares: FloatArray, starts: IntArray, *, p: float) -> FloatArray:
    """Weighted power mean with exponent p: 1 arithmetic, 0 geometric (its limit), -1 harmonic.

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.
        p: Exponent.

    Returns:
        (n, len(starts)) rates of the nodes; NaN where a child that counts has a rate < 0, or = 0 with p ≤ 0 (p = 1 takes any
        rate).
    """
    if p == 1:
        return arithmetic(rates, shares, starts)
    if p == 0:
        return geometric(rates, shares, starts)
    width = rates.shape[1]
    absent = np.broadcast_to(shares == 0, rates.shape)
    lengths = np.diff(np.append(starts, width))
    allowed = rates >= 0 if p > 0 else rates > 0
    # relative to the child that decides, so that no power overflows: the largest, with p < 0 the smallest
    reduce, none = (np.maximum, -np.inf) if p > 0 else (np.minimum, np.inf)
    pivot = reduce.reduceat(np.where(absent, none, np.where(allowed, rates, np.nan)), starts, axis=1)
    pivot = np.where(np.isinf(pivot), np.nan, pivot)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        scaled = rates / np.repeat(np.where(pivot == 0, 1.0, pivot), lengths, axis=1)
        mean = arithmetic(np.where(absent, np.nan, scaled) ** p, shares, starts) ** (1 / p)
    result: FloatArray = mean * pivot
    return result


def minimum(rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Smallest rate of the children that count (share above 0).

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.

    Returns:
        (n, len(starts)) rates of the nodes.
    """
    lowest = np.minimum.reduceat(np.where(shares > 0, rates, np.inf), starts, axis=1)
    return np.where(np.isinf(lowest), np.nan, lowest)


def weighted_median(rates: FloatArray, shares: FloatArray, starts: IntArray) -> FloatArray:
    """Weighted median: the smallest rate at which the shares of all rates up to it reach one half.

    Where they make exactly one half (to 1e-12), the middle between that rate and the next. With equal shares this is the
    ordinary median.

    Args:
        rates: (n, N) rates of the children.
        shares: (N,) or (n, N) shares.
        starts: First column of every node.

    Returns:
        (n, len(starts)) rates of the nodes.
    """
    n, width = rates.shape
    result = np.empty((n, len(starts)))
    shares = np.broadcast_to(shares, rates.shape)
    for node, (start, stop) in enumerate(zip(starts, np.append(starts[1:], width), strict=True)):
        weight = shares[:, start:stop]
        values = np.where(weight > 0, rates[:, start:stop], np.inf)
        order = np.argsort(values, axis=1, kind="stable")
        values = np.take_along_axis(values, order, axis=1)
        reached = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
        with np.errstate(invalid="ignore"):
            reached /= reached[:, -1:].copy()
        at = np.argmax(reached >= 0.5 - HALF_TOLERANCE, axis=1)[:, None]
        lower = np.take_along_axis(values, at, axis=1)[:, 0]
        upper = np.take_along_axis(values, np.minimum(at + 1, stop - start - 1), axis=1)[:, 0]
        half = np.take_along_axis(reached, at, axis=1)[:, 0] <= 0.5 + HALF_TOLERANCE
        with np.errstate(invalid="ignore"):
            middle = np.where(half, lower + (upper - lower) / 2, lower)
        middle[np.isinf(lower) | np.isnan(values).any(axis=1)] = np.nan
        result[:, node] = middle
    return result
