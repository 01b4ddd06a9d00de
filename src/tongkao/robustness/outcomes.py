"""What the runs of an experiment gave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import Problem
from tongkao.robustness.batch import TileResult
from tongkao.robustness.ranks import RankCounts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: totals of so many runs × units are kept; with more, those of every s-th run are, beside statistics of all
KEPT_CELLS = 32_000_000


@dataclass(frozen=True)
class Failure:
    """A run that cannot be marked.

    Attributes:
        run: Its row of the design.
        track: The track that cannot be marked; "" where the alternatives make no sound scheme.
        problems: Why.
    """

    run: int
    track: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Nominal:
    """The marking of a track as it is, nothing varied.

    Attributes:
        totals: (n,) totals, NaN for units without one.
        ranks: (n,) places, 0 for none.
        tiers: (n,) tiers, -1 for none.
        awards: (n, awards) whether each unit wins each award.
    """

    totals: FloatArray
    ranks: NDArray[np.int32]
    tiers: NDArray[np.int8]
    awards: BoolArray


@dataclass(frozen=True)
class TrackOutcomes:
    """One track in all runs that were marked.

    Arrays have one row a kept run (:attr:`Outcomes.runs` says which of the design; every run unless there were too many) and one
    column a unit. A unit that a run leaves out or screens out has total NaN, place 0 and tier -1 there; no other cell is NaN.

    Attributes:
        track: Its id.
        units: Ids of its units, n of them, in canonical order.
        classes: Class of each unit.
        lists: List in which each unit is ranked, (n,): a number for each class, or 0.
        tier_ids: Ids of its tiers, best first.
        award_ids: Ids of its awards.
        nominal: The marking as it is.
        totals: (kept, n).
        ranks: (kept, n).
        tiers: (kept, n).
        awards: (kept, n, awards); None where the track has none.
        summed: Sums over all marked runs, kept or not, or how to make them; see :attr:`sums`.
    """

    track: str
    units: tuple[str, ...]
    classes: tuple[str, ...]
    lists: IntArray
    tier_ids: tuple[str, ...]
    award_ids: tuple[str, ...]
    nominal: Nominal
    totals: FloatArray
    ranks: NDArray[np.int32]
    tiers: NDArray[np.int8]
    awards: BoolArray | None
    summed: Sums | Callable[[], Sums] = field(repr=False)

    @cached_property
    def sums(self) -> Sums:
        """Sums over all marked runs, kept or not."""
        return self.summed if isinstance(self.summed, Sums) else self.summed()

    @cached_property
    def counts(self) -> RankCounts:
        """How often each unit had each place in the kept runs."""
        return RankCounts.of(self.ranks)


@dataclass
class Sums:
    """Sums over all marked runs of a track, added tile by tile in their order.

    Attributes:
        runs: Runs that were marked.
        present: (n,) runs in which a unit has a total.
        total: (n,) sum of the total less the nominal one.
        square: (n,) sum of its squares.
        low: (n,) least total.
        high: (n,) greatest total.
        placed: (n,) runs in which a unit has a place.
        rank: (n,) sum of the place.
        rank_square: (n,) sum of its squares.
        best: (n,) best place.
        worst: (n,) worst place.
        top: (n, tops) runs in which a unit is among the first k.
        tiers: (n, tiers) runs in which a unit is in each tier.
        awards: (n, awards) runs in which a unit wins each award.
    """

    runs: int
    present: IntArray
    total: FloatArray
    square: FloatArray
    low: FloatArray
    high: FloatArray
    placed: IntArray
    rank: FloatArray
    rank_square: FloatArray
    best: IntArray
    worst: IntArray
    top: IntArray
    tiers: IntArray
    awards: IntArray

    @classmethod
    def empty(cls, n: int, tops: int, tiers: int, awards: int) -> Sums:
        """Nothing added yet."""

        def whole(*shape: int) -> IntArray:
            return np.zeros(shape, np.intp)

        return cls(
            0,
            whole(n),
            np.zeros(n),
            np.zeros(n),
            np.full(n, np.inf),
            np.full(n, -np.inf),
            whole(n),
            np.zeros(n),
            np.zeros(n),
            np.full(n, np.iinfo(np.intp).max),
            whole(n),
            whole(n, tops),
            whole(n, tiers),
            whole(n, awards),
        )

    @classmethod
    def of(cls, tile: TileResult, nominal: Nominal, tops: Sequence[int], tiers: int) -> Sums:
        """Sums over the runs of one tile that did not fail."""
        ok = ~tile.failed
        totals, ranks, own = (
            (tile.totals, tile.ranks, tile.tiers)
            if ok.all()
            else (
                tile.totals[ok],
                tile.ranks[ok],
                tile.tiers[ok],
            )
        )
        n = totals.shape[1]
        won = tile.awards
        made = cls.empty(n, len(tops), tiers, 0 if won is None else won.shape[2])
        made.runs = len(totals)
        if not made.runs:
            return made
        moved = totals - np.where(np.isnan(nominal.totals), 0.0, nominal.totals)
        gap = np.isnan(moved)
        if gap.any():
            made.present = len(moved) - gap.sum(axis=0)
            made.low = np.where(gap, np.inf, totals).min(axis=0)
            made.high = np.where(gap, -np.inf, totals).max(axis=0)
            moved = np.where(gap, 0.0, moved)
        else:
            made.present = np.full(n, len(moved), np.intp)
            made.low, made.high = totals.min(axis=0), totals.max(axis=0)
        made.total = moved.sum(axis=0)
        made.square = np.einsum("ij,ij->j", moved, moved)
        has = ranks > 0
        everywhere = bool(has.all())
        made.placed = np.full(n, len(ranks), np.intp) if everywhere else has.sum(axis=0)
        made.rank = ranks.sum(axis=0, dtype=np.int64).astype(np.float64)
        numbers = ranks.astype(np.float64)
        made.rank_square = np.einsum("ij,ij->j", numbers, numbers)
        made.best = (ranks if everywhere else np.where(has, ranks, np.iinfo(np.int32).max)).min(axis=0).astype(np.intp)
        made.worst = ranks.max(axis=0).astype(np.intp)
        for place, k in enumerate(tops):
            made.top[:, place] = (has & (ranks <= k)).sum(axis=0)
        for tier in range(tiers):
            made.tiers[:, tier] = (own == tier).sum(axis=0)
        if won is not None:
            made.awards = won[ok].sum(axis=0)
        return made

    def add(self, other: Sums) -> None:
        """Add the sums of the next tile."""
        self.runs += other.runs
        for name in ("present", "total", "square", "placed", "rank", "rank_square", "top", "tiers", "awards"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.low, self.high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        self.best, self.worst = np.minimum(self.best, other.best), np.maximum(self.worst, other.worst)


@dataclass(frozen=True)
class Outcomes:
    """What an experiment gave.

    Attributes:
        design: (runs, choices) numbers in [0, 1) that made the runs.
        alternatives: (runs, choices) number of the alternative that each run had, -1 for choices that are drawn.
        seed: Seed of the draws.
        top: For which k the first k were counted.
        runs: (kept,) row of the design of each kept run, ascending.
        step: Every so many-th run of the design was kept; 1: all.
        failures: Runs that could not be marked, in order; they are in no result.
        tracks: Results of each track.
    """

    design: FloatArray
    alternatives: NDArray[np.int16]
    seed: int
    top: tuple[int, ...]
    runs: IntArray
    step: int
    failures: tuple[Failure, ...]
    tracks: Mapping[str, TrackOutcomes] = field(repr=False)

    @property
    def failed(self) -> int:
        """How many runs could not be marked."""
        return len({failure.run for failure in self.failures})

    @cached_property
    def kept_alternatives(self) -> NDArray[np.int16]:
        """Alternatives of the kept runs, (kept, choices)."""
        return self.alternatives[self.runs]
