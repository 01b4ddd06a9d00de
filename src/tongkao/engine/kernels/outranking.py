"""Copeland's rule: units are compared two by two, and a node's rate comes from the comparisons won and lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.aggregation import HALF_TOLERANCE
from tongkao.engine.kernels.arrays import BoolArray, FloatArray

Bits = NDArray[np.uint8]
Levels = NDArray[np.int16] | NDArray[np.int32]
By = Literal["row", "column", "all"]

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
    alike = not gaps and bool((weight == weight[:1]).all())
    net = np.zeros(n)
    for top in range(0, n, BLOCK):
        a = slice(top, min(n, top + BLOCK))
        for left in range(top, n, BLOCK):
            b = slice(left, min(n, left + BLOCK))
            won = _outcome(levels, present, weight, a, b, gaps=gaps, alike=alike)
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


def _levels(rates: FloatArray, present: BoolArray, tolerance: float) -> Levels:
    """Whole numbers in the order of the rates by column, equal ones where rates are equal; (k, n), any where there is none."""
    values = np.where(present.T, rates.T, np.inf)
    order = np.argsort(values, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    levels = np.zeros(values.shape, dtype=np.int16 if values.shape[1] < 1 << 15 else np.int32)  # small ones compare faster
    with np.errstate(invalid="ignore"):
        gap = values[:, 1:] - values[:, :-1]
        levels[:, 1:] = (gap > 0) & (gap >= tolerance)
    np.cumsum(levels, axis=1, out=levels)
    result = np.empty_like(levels)
    np.put_along_axis(result, order, levels, axis=1)
    return result


def _outcome(
    levels: Levels, present: BoolArray, weight: FloatArray, a: slice, b: slice, *, gaps: bool, alike: bool
) -> FloatArray:
    """+1 where a unit of block a beats one of block b, -1 where it is beaten, 0 else.

    Eight indicators are taken at a time: the comparisons make a byte, and a table of 256 sums of weights for every unit
    turns the byte into the weight won. That takes one look-up where a sum over indicators would take eight multiplications.
    """
    same = a == b
    shape = (a.stop - a.start, b.stop - b.start)
    won, common_weight = np.zeros(shape), np.zeros(shape)
    look_up = _LookUp(np.empty(shape, dtype=np.intp), np.empty(shape))
    for first in range(0, levels.shape[0], 8):
        group = slice(first, first + 8)
        higher = _compare(levels[group, a], levels[group, b])
        lower = higher.T if same else _compare(levels[group, b], levels[group, a]).T
        if alike:
            sums = _sums(weight[:1, group])
            won += look_up(sums, higher, by="all")
            if not same:
                won -= look_up(sums, lower, by="all")
            continue
        tables: list[tuple[FloatArray, By]] = [(_sums(weight[a, group]), "row")]
        if not same:
            tables.append((_sums(weight[b, group]), "column"))
        if gaps:
            common = np.bitwise_and.outer(_pack(present[a, group]), _pack(present[b, group]))
            higher, lower = higher & common, lower & common
            for sums, by in tables:
                common_weight += look_up(sums, common, by=by)
        for sums, by in tables:
            won += look_up(sums, higher, by=by)
            won -= look_up(sums, lower, by=by)
    if same:
        won = won - won.T
        common_weight = common_weight + common_weight.T
    if not gaps:
        common_weight += 1.0 if alike else 2.0
    # o - 0.5 = (weight won - weight lost) / (2 · weight in common), both sums taken over the shares of both units
    edge = 2 * HALF_TOLERANCE * common_weight
    return np.where(won > edge, 1.0, np.where(won < -edge, -1.0, 0.0))


def _compare(levels: Levels, others: Levels) -> Bits:
    """Bit j of a byte: whether the unit of the row is higher than that of the column on the j-th of up to eight indicators."""
    higher = np.zeros((levels.shape[1], others.shape[1]), dtype=np.uint8)
    for bit, (level, other) in enumerate(zip(levels, others, strict=True)):
        higher |= np.greater.outer(level, other).view(np.uint8) << np.uint8(bit)
    return higher


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


@dataclass(frozen=True)
class _LookUp:
    """Looks bytes up in tables; keeps its memory, because fresh pages would cost more than the looking up.

    Attributes:
        places: Where in the tables the numbers are.
        found: The numbers, overwritten by the next call.
    """

    places: NDArray[np.intp]
    found: FloatArray

    def __call__(self, sums: FloatArray, index: Bits, *, by: By) -> FloatArray:
        """Entry of a table at every byte: of the table of its row, of its column, or of the one table for all."""
        base = sums.shape[1] * np.arange(sums.shape[0])
        np.add(index, base[:, None] if by == "row" else base, out=self.places)
        # nothing is ever clipped; without a mode NumPy checks every place in a copy first
        return sums.ravel().take(self.places, out=self.found, mode="clip")
