"""Copeland's rule: units are compared two by two, and a node's rate comes from the comparisons won and lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.aggregation import HALF_TOLERANCE
from tongkao.engine.kernels.arrays import BoolArray, FloatArray

Bits = NDArray[np.uint8]

BLOCK = 512
"""Units on one side of a block of comparisons, which bounds the memory to a few megabytes."""


def copeland_net(rates: FloatArray, shares: FloatArray, counted: BoolArray, *, tolerance: float = 1e-7) -> FloatArray:
    """Comparisons won less comparisons lost.

    For two units a and b, o(a, b) is the weight of the indicators on which a has the higher rate plus half the weight of
    those on which both are equal, over the indicators that both have, whose weights are made to add to 1. a wins when o >
    0.5 and loses when o < 0.5 (to 1e-12). Where the units' shares differ, an indicator's weight in a comparison is the mean
    of both, each unit's shares adding to 1 beforehand, so that o(a, b) + o(b, a) = 1 always holds. Units without a common
    indicator neither win nor lose.

    Source: Copeland (1951); OECD/JRC Handbook on Constructing Composite Indicators (2008), section 6.

    Args:
        rates: (n, k) rates of the node's children, NaN where a unit has none.
        shares: (k,) or (n, k) shares, 0 where the child left.
        counted: (n,) which units are compared with; the others are compared with these and change nobody's result.
        tolerance: Rates that differ by less are equal, neighbours in order of size chained; the default is 1e-9 of 100.

    Returns:
        (n,) whole numbers; NaN for a unit without any child.
    """
    n, k = rates.shape
    present = ~np.isnan(rates) & (np.broadcast_to(shares, rates.shape) > 0)
    weight = np.where(present, shares, 0.0)
    own = weight.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        weight /= np.where(own > 0, own, 1.0)[:, None]
    levels = _levels(rates, present, tolerance)
    gaps = not present.all()
    net = np.zeros(n)
    for top in range(0, n, BLOCK):
        a = slice(top, min(n, top + BLOCK))
        for left in range(top, n, BLOCK):
            b = slice(left, min(n, left + BLOCK))
            won = _outcome(levels, present, weight, a, b, gaps=gaps)
            net[a] += won[:, counted[b]].sum(axis=1)
            if a != b:
                net[b] -= won[counted[a]].sum(axis=0)
    net[own == 0] = np.nan
    return net + 0.0 if k else np.full(n, np.nan)


def copeland_rate(rates: FloatArray, shares: FloatArray, counted: BoolArray, *, tolerance: float = 1e-7) -> FloatArray:
    """Net wins on the scale of 0 (lost all) to 100 (won all): 50 + 50·net/(n-1), n = number of counted units that have a rate.

    Args:
        rates: (n, k) rates of the node's children, NaN where a unit has none.
        shares: (k,) or (n, k) shares, 0 where the child left.
        counted: (n,) which units are compared with.
        tolerance: Rates that differ by less are equal.

    Returns:
        (n,) rates; 50 where at most one unit counts, NaN for a unit without any child. A unit that does not count meets one
        unit more than the others do, so its rate is kept within 0 and 100.
    """
    net = copeland_net(rates, shares, counted, tolerance=tolerance)
    number = int(np.count_nonzero(counted & ~np.isnan(net)))
    if number <= 1:
        return np.where(np.isnan(net), np.nan, 50.0)
    return np.clip(50.0 + 50.0 * net / (number - 1), 0.0, 100.0)


def _levels(rates: FloatArray, present: BoolArray, tolerance: float) -> NDArray[np.int32]:
    """Whole numbers in the order of the rates by column, equal ones where rates are equal; (k, n), -1 where there is none."""
    values = np.where(present.T, rates.T, np.nan)
    order = np.argsort(values, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    step = np.zeros(values.shape, dtype=np.int32)
    gap = values[:, 1:] - values[:, :-1]
    step[:, 1:] = (gap > 0) & (gap >= tolerance)
    levels = np.cumsum(step, axis=1, dtype=np.int32)
    levels[np.isnan(values)] = -1
    result = np.empty_like(levels)
    np.put_along_axis(result, order, levels, axis=1)
    return result


def _outcome(levels: NDArray[np.int32], present: BoolArray, weight: FloatArray, a: slice, b: slice, *, gaps: bool) -> FloatArray:
    """+1 where a unit of block a beats one of block b, -1 where it is beaten, 0 else.

    Eight indicators are taken at a time: the comparisons make a byte, and a table of 256 sums of weights for every unit
    turns the byte into the weight won. That takes one look-up where a sum over indicators would take eight multiplications.
    """
    same = a == b
    difference = np.zeros((a.stop - a.start, b.stop - b.start))
    common_weight = np.zeros_like(difference)
    for first in range(0, levels.shape[0], 8):
        group = slice(first, first + 8)
        higher, lower = _compare(levels[group], a, b)
        common: Bits | None = None
        if gaps:
            common = np.bitwise_and.outer(_pack(present[a, group]), _pack(present[b, group]))
            higher &= common
            lower &= common
        sums = _sums(weight[a, group])
        difference += _look_up(sums, higher)
        difference -= _look_up(sums, lower)
        if common is not None:
            common_weight += _look_up(sums, common)
        if not same:
            sums = _sums(weight[b, group])
            difference += _look_up(sums, higher.T).T
            difference -= _look_up(sums, lower.T).T
            if common is not None:
                common_weight += _look_up(sums, common.T).T
    if same:
        difference = difference - difference.T
        common_weight = common_weight + common_weight.T
    if not gaps:
        common_weight += 2.0
    # o - 0.5 = (weight won - weight lost) / (2 · weight in common)
    edge = 2 * HALF_TOLERANCE * common_weight
    return np.where(difference > edge, 1.0, np.where(difference < -edge, -1.0, 0.0))


def _compare(levels: NDArray[np.int32], a: slice, b: slice) -> tuple[Bits, Bits]:
    """Bit j of a byte says whether the unit of block a is higher (lower) on the j-th of up to eight indicators."""
    higher = np.zeros((a.stop - a.start, b.stop - b.start), dtype=np.uint8)
    lower = np.zeros_like(higher)
    for bit, level in enumerate(levels):
        flag = np.uint8(1 << bit)
        higher |= np.greater.outer(level[a], level[b]).view(np.uint8) * flag
        lower |= np.less.outer(level[a], level[b]).view(np.uint8) * flag
    return higher, lower


def _pack(flags: BoolArray) -> Bits:
    """Up to eight truth values of every unit in one byte, the first in the lowest bit."""
    return np.packbits(flags, axis=1, bitorder="little")[:, 0]


def _sums(weight: FloatArray) -> FloatArray:
    """For every unit the sum of weights of every subset of up to eight indicators; the subset's bits are the index."""
    n, width = weight.shape
    sums = np.zeros((n, 1 << width))
    for bit in range(width):
        half = 1 << bit
        np.add(sums[:, :half], weight[:, bit, None], out=sums[:, half : 2 * half])
    return sums


def _look_up(sums: FloatArray, index: Bits) -> FloatArray:
    return np.take_along_axis(sums, index.astype(np.intp), axis=1)
