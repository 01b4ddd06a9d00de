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
_FEW = 128
#: so many totals are ranked together, for the cache's sake
_CACHED = 65_536


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
    ranks, shared = np.empty((runs, n), np.int32), np.zeros(runs, bool)
    if n == 0 or runs == 0:
        return ranks, shared
    step = max(1, _CACHED // n)
    for start in range(0, runs, step):
        part = slice(start, start + step)
        shared[part] = _rank_block(totals[part], tolerance, ranks[part])
    return ranks, shared


def _rank_block(totals: FloatArray, tolerance: float, ranks: IntArray) -> BoolArray:
    """Put the ranks of some runs in place; whether any place in a run is shared, (runs,)."""
    runs, n = totals.shape
    low, high = totals.min(axis=1), totals.max(axis=1)
    bits = (n - 1).bit_length()
    steps = 2.0 ** min(_NARROW - bits, _FINE)
    near = np.zeros((runs, n + 1), bool)
    # Among few units the search for neighbours costs more than the narrower sort saves.
    if n > _FEW and bits <= _INDEX and float((high - low).min()) > 8.0 * tolerance * steps:
        keys = ((totals - low[:, None]) * ((steps - 1.0) / (high - low))[:, None]).astype(np.uint32)
        keys <<= np.uint32(bits)
        keys |= np.arange(n, dtype=np.uint32)
        keys.sort(axis=1)
        order = (keys & np.uint32((1 << bits) - 1)).astype(np.intp)
        keys >>= np.uint32(bits)
        # A step of a key is several times the tolerance: whatever is two steps apart is in order and no tie.
        np.less_equal(np.diff(keys, axis=1), 1, out=near[:, 1:n])
    else:
        # Below zero the bits of a double run backwards.
        least = float(low.min())
        work = np.array(totals, np.float64, order="C") if least >= 0 else totals - least
        work += 0.0  # no minus zero
        wide = work.view(np.int64)
        wide &= ~((1 << bits) - 1)
        wide |= np.arange(n)
        wide.sort(axis=1)
        slack = 4.0 * 2.0 ** (bits - _MANTISSA) * (float(work[:, -1].max()) + abs(least))
        np.less_equal(np.diff(work, axis=1), tolerance + slack, out=near[:, 1:n])
        order = wide & ((1 << bits) - 1)
    order += np.arange(0, runs * n, n)[:, None]
    flat = ranks.reshape(-1)
    flat[order] = np.arange(n, 0, -1, dtype=np.int32)
    return _settle(totals, order, near, tolerance, flat)


def _settle(totals: FloatArray, order: NDArray[np.intp], near: BoolArray, tolerance: float, ranks: IntArray) -> BoolArray:
    """Put those in order by exact totals that are near to a neighbour, and let equal ones share their place.

    Args:
        totals: (runs, n) totals.
        order: (runs, n) cells in ascending order, that may be wrong among neighbours that are near.
        near: (runs, n + 1) whether each is near to the one before.
        tolerance: Totals that differ by less share the place.
        ranks: (runs · n,) places, corrected here.

    Returns:
        (runs,) whether any place in a run is shared.
    """
    shared = np.zeros(len(totals), bool)
    either = near[:, :-1] | near[:, 1:]
    cells = np.flatnonzero(either)
    if not len(cells):
        return shared
    n = totals.shape[1]
    rows, positions = np.divmod(cells, n)
    chain = np.cumsum(~near[rows, positions])
    units = order.ravel()[cells]
    exact = totals.ravel()[units]
    within = np.lexsort((exact, chain))
    units, exact = units[within], exact[within]
    # Ascending: the last of those that are equal has the place of all.
    tie = np.zeros(len(units), bool)
    tie[:-1] = (chain[1:] == chain[:-1]) & ((exact[1:] - exact[:-1] < tolerance) | (exact[1:] == exact[:-1]))
    last = np.minimum.accumulate(np.where(tie, len(units), np.arange(len(units)))[::-1])[::-1]
    ranks[units] = n - positions[last]
    shared[rows[tie]] = True
    return shared


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
