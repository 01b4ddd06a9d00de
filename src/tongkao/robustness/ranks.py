"""Places of many markings at once, and what is counted from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]
BoolArray = NDArray[np.bool_]

_MANTISSA = 52
#: bits of a narrow key, the most of them for the unit, and the most that are of use for the total
_NARROW, _INDEX, _FINE = 32, 13, 22


def rank_rows(totals: FloatArray, tolerance: float) -> tuple[IntArray, BoolArray]:
    """Competition ranks within each row, highest first.

    The sort is of whole numbers: the leading bits of a total with the place of its unit in the last bits, which costs a fraction
    of sorting places by totals. Where two neighbours are so near that the cut could matter, exact totals decide.

    Args:
        totals: (runs, n) totals without gaps.
        tolerance: Totals that differ by less share the place; neighbours in order are compared, as in the engine.

    Returns:
        (runs, n) places from 1, and (runs,) whether any place in a run is shared.
    """
    runs, n = totals.shape
    if n == 0 or runs == 0:
        return np.zeros((runs, n), np.int32), np.zeros(runs, bool)
    low, high = totals.min(axis=1), totals.max(axis=1)
    bits = (n - 1).bit_length()
    steps = 2.0 ** min(_NARROW - bits, _FINE)
    if bits <= _INDEX and float((high - low).min()) > 8.0 * tolerance * steps:
        return _rank_narrow(totals, tolerance, low, (steps - 1.0) / (high - low), bits)
    return _rank_wide(totals, tolerance, float(low.min()), float(high.max()))


def _rank_narrow(
    totals: FloatArray, tolerance: float, low: FloatArray, scale: FloatArray, bits: int
) -> tuple[IntArray, BoolArray]:
    """Ranks by keys of 32 bits; a step of a key is several times the tolerance."""
    runs, n = totals.shape
    keys = ((totals - low[:, None]) * scale[:, None]).astype(np.uint32)
    keys <<= np.uint32(bits)
    keys |= np.arange(n, dtype=np.uint32)
    keys.sort(axis=1)
    order = (keys & np.uint32((1 << bits) - 1)).astype(np.intp)
    order += np.arange(0, runs * n, n)[:, None]
    ranks = np.empty(runs * n, np.int32)
    ranks[order] = np.arange(n, 0, -1, dtype=np.int32)
    shared = np.zeros(runs, bool)
    keys >>= np.uint32(bits)
    # Whatever is two steps apart is in order and no tie; what is nearer is put in order by exact totals.
    near = np.zeros((runs, n + 1), bool)
    np.less_equal(np.diff(keys, axis=1), 1, out=near[:, 1:n])
    if near.any():
        rows, positions = np.nonzero(near[:, :-1] | near[:, 1:])
        chain = np.cumsum(~near[rows, positions])
        units = order[rows, positions]
        exact = totals.ravel()[units]
        within = np.lexsort((exact, chain))
        units, exact = units[within], exact[within]
        # Ascending: the last of those that are equal has the place of all.
        tie = np.zeros(len(units), bool)
        tie[:-1] = (chain[1:] == chain[:-1]) & ((exact[1:] - exact[:-1] < tolerance) | (exact[1:] == exact[:-1]))
        last = np.minimum.accumulate(np.where(tie, len(units), np.arange(len(units)))[::-1])[::-1]
        ranks[units] = n - positions[last]
        shared[rows[tie]] = True
    return ranks.reshape(runs, n), shared


def _rank_wide(totals: FloatArray, tolerance: float, low: float, high: float) -> tuple[IntArray, BoolArray]:
    """Ranks by keys of 64 bits."""
    runs, n = totals.shape
    # Below zero the bits of a double run backwards.
    work = np.array(totals, np.float64, order="C") if low >= 0 else totals - low
    work += 0.0  # no minus zero
    slack = 4.0 * 2.0 ** ((n - 1).bit_length() - _MANTISSA) * (max(high, high - low) + abs(low))
    if slack >= 0.25 * tolerance:
        return _rank_exactly(totals, tolerance)
    keys = work.view(np.int64)
    mask = (1 << (n - 1).bit_length()) - 1
    keys &= ~mask
    keys |= np.arange(n)
    keys.sort(axis=1)
    nearest = np.diff(work, axis=1).min(axis=1, initial=np.inf)
    keys &= mask
    keys += np.arange(0, runs * n, n)[:, None]
    flat = np.empty(runs * n, np.int32)
    flat[keys] = np.arange(n, 0, -1, dtype=np.int32)
    ranks = flat.reshape(runs, n)
    shared = np.asarray(nearest <= tolerance + slack)
    rows = np.flatnonzero(shared)
    if len(rows):
        ranks[rows], shared[rows] = _settle(totals[rows], keys[rows] - rows[:, None] * n, tolerance, slack)
    return ranks, shared


def _settle(totals: FloatArray, order: NDArray[np.int64], tolerance: float, slack: float) -> tuple[IntArray, BoolArray]:
    """Ranks of runs in which neighbours are near, from an order that may be wrong among all but equal totals."""
    gaps = np.diff(np.take_along_axis(totals, order, axis=1), axis=1)
    ranks, shared = _places(order, gaps < tolerance)
    doubtful = (np.abs(gaps - tolerance) <= slack).any(axis=1)
    if doubtful.any():
        ranks[doubtful], shared[doubtful] = _rank_exactly(totals[doubtful], tolerance)
    return ranks, shared


def _rank_exactly(totals: FloatArray, tolerance: float) -> tuple[IntArray, BoolArray]:
    order = np.argsort(totals, axis=1)
    gaps = np.diff(np.take_along_axis(totals, order, axis=1), axis=1)
    return _places(order, (gaps < tolerance) | (gaps == 0))


def _places(order: NDArray[np.int64], near: BoolArray) -> tuple[IntArray, BoolArray]:
    """Places from the ascending order of each run and which neighbours in it are equal."""
    runs, n = order.shape
    # From the best to the worst, a total near the one before has its place.
    first = np.ones((runs, n), bool)
    first[:, 1:] = ~near[:, ::-1]
    places = np.maximum.accumulate(np.where(first, np.arange(1, n + 1, dtype=np.int32), np.int32(0)), axis=1)
    ranks = np.empty((runs, n), np.int32)
    np.put_along_axis(ranks, order[:, ::-1], places, axis=1)
    return ranks, np.asarray(near.any(axis=1))


@dataclass
class RankCounts:
    """How often each unit had each place; added to chunk by chunk, so that memory does not grow with the runs.

    Attributes:
        counts: (n, n) runs in which the unit (row) had the place (column + 1).
        placed: (n,) runs in which the unit had a place.
    """

    counts: NDArray[np.int32]
    placed: NDArray[np.int64]

    @classmethod
    def empty(cls, n: int) -> RankCounts:
        """Nothing counted yet."""
        return cls(np.zeros((n, n), np.int32), np.zeros(n, np.int64))

    @classmethod
    def of(cls, ranks: NDArray[np.integer]) -> RankCounts:
        """Count the places of some runs (runs, n); 0 is no place."""
        made = cls.empty(ranks.shape[1])
        made.add(ranks)
        return made

    def add(self, ranks: NDArray[np.integer]) -> None:
        """Count the places of some more runs (runs, n), a block of units that fits the cache at a time; 0 is no place."""
        n = self.counts.shape[0]
        step = max(1, min(n, 262_144 // (n + 1)))
        for start in range(0, n, step):
            block = ranks[:, start : start + step].astype(np.intp)
            width = block.shape[1]
            block += np.arange(0, width * (n + 1), n + 1)
            counted = np.bincount(block.ravel(), minlength=width * (n + 1)).reshape(width, n + 1)
            self.counts[start : start + width] += counted[:, 1:].astype(np.int32)
            self.placed[start : start + width] += counted[:, 1:].sum(axis=1)

    def acceptability(self) -> FloatArray:
        """Share of the runs with a place in which each unit had each place, (n, n); rows sum to 1 (SMAA)."""
        shares: FloatArray = self.counts / np.maximum(self.placed, 1)[:, None]
        return shares

    def quantile(self, share: float) -> FloatArray:
        """Quantile of each unit's place, linear between order statistics, (n,); NaN for a unit that never had a place."""
        reached = np.cumsum(self.counts, axis=1, dtype=np.int64)
        position = share * (np.maximum(self.placed, 1) - 1)
        whole = np.floor(position).astype(np.int64)
        below = (reached <= whole[:, None]).sum(axis=1) + 1.0
        following = np.minimum(whole + 1, np.maximum(self.placed, 1) - 1)
        above = (reached <= following[:, None]).sum(axis=1) + 1.0
        values: FloatArray = below + (above - below) * (position - whole)
        values[self.placed == 0] = np.nan
        return values

    def mean(self) -> FloatArray:
        """Mean place of each unit, (n,); NaN for a unit that never had a place."""
        places = np.arange(1, self.counts.shape[1] + 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            means: FloatArray = (self.counts @ places) / self.placed
        return means

    def deviation(self) -> FloatArray:
        """Standard deviation of each unit's place (n - 1), (n,); 0 for a single run, NaN for a unit without a place."""
        places = np.arange(1, self.counts.shape[1] + 1)
        mean = self.mean()
        with np.errstate(invalid="ignore", divide="ignore"):
            squares = (self.counts * (places - mean[:, None]) ** 2).sum(axis=1)
            return np.asarray(np.sqrt(squares / np.maximum(self.placed - 1, 1)) + 0.0 * mean)
