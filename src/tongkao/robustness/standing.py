"""Places, tiers and awards of many runs at once, by the rules of the engine (section 9 of the format)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.observed import MISSING, PRESENT
from tongkao.engine.plan import TOLERANCE
from tongkao.engine.tiers import NO_TIER, apply_effects, places
from tongkao.robustness.ranks import rank_rows
from tongkao.robustness.variant import TrackVariant
from tongkao.scheme.expressions import Column, evaluate, parse
from tongkao.scheme.model import Award

FloatArray = NDArray[np.float64]
RankArray = NDArray[np.int32]
TierArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


def stand(variant: TrackVariant, totals: FloatArray, rates: Mapping[str, FloatArray]) -> tuple[RankArray, TierArray, BoolArray]:
    """Places and tiers.

    Args:
        variant: The track.
        totals: (runs, n) totals, NaN for units without one.
        rates: (runs, n) rates of the nodes that ties, gates and awards look at, NaN where they left.

    Returns:
        (runs, n) places, 0 for none; (runs, n) tiers, :data:`NO_TIER` for none; (runs,) whether any place is shared.
    """
    plan, track = variant.plan, variant.plan.track
    runs, n = totals.shape
    ranks = np.zeros((runs, n), np.int32)
    tiers = np.full((runs, n), NO_TIER, np.int8)
    shared = np.zeros(runs, bool)
    codes = plan.rank_codes[variant.rows]
    tolerance = TOLERANCE * plan.full_mark
    lists = np.unique(codes[variant.placed])
    for code in lists:
        members = np.flatnonzero(variant.placed & (codes == code))
        whole = len(members) == n
        own = totals if whole else totals[:, members]
        places_here, ties = rank_rows(own, tolerance)
        if ties.any() and track.ties.by:
            keys = [rates[node] if whole else rates[node][:, members] for node in track.ties.by]
            places_here = break_ties(places_here, [np.where(np.isnan(key), -np.inf, key) for key in keys], TOLERANCE * 100.0)
            ordered = np.sort(places_here, axis=1)
            ties = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        shared |= ties
        if whole:
            ranks = places_here
        else:
            ranks[:, members] = places_here
        if track.tiers:
            gates = {node: rates[node][:, members] for tier in track.tiers for node in tier.gates}
            tiers[:, members] = deal(variant, places_here, own, gates, tolerance)
    if track.tiers and variant.effects.fired.any():
        tiers = _move(variant, ranks, tiers)
    return ranks, tiers, shared


def break_ties(ranks: RankArray, keys: list[FloatArray], tolerance: float) -> RankArray:
    """Order units that share a place by further keys, highest first; neighbours nearer than the tolerance stay equal.

    Args:
        ranks: (runs, n) places from 1, shared ones alike.
        keys: Arrays (runs, n), the first key first.
        tolerance: Keys that differ by less are equal.

    Returns:
        (runs, n) places.
    """
    runs, n = ranks.shape
    ties = (np.arange(runs)[:, None] * (n + 1) + ranks).ravel()
    cells = np.flatnonzero(np.bincount(ties, minlength=runs * (n + 1))[ties] > 1)
    level = ties[cells]
    start = level.copy()
    for key in keys:
        values = key.ravel()[cells]
        order = np.lexsort((-values, level))
        cells, level, values, start = cells[order], level[order], values[order], start[order]
        step = np.ones(len(cells), bool)
        with np.errstate(invalid="ignore"):
            near = (values[:-1] == values[1:]) | (values[:-1] - values[1:] < tolerance)
        step[1:] = (level[1:] != level[:-1]) | ~near
        level = np.cumsum(step)
    position = np.arange(len(cells))
    first_of_level = np.ones(len(cells), bool)
    first_of_level[1:] = level[1:] != level[:-1]
    first_of_tie = np.ones(len(cells), bool)
    first_of_tie[1:] = start[1:] != start[:-1]
    offset = np.maximum.accumulate(np.where(first_of_level, position, 0)) - np.maximum.accumulate(
        np.where(first_of_tie, position, 0)
    )
    result = ranks.copy()
    result.ravel()[cells] += offset.astype(np.int32)
    return result


def deal(
    variant: TrackVariant, ranks: RankArray, totals: FloatArray, gates: Mapping[str, FloatArray], tolerance: float
) -> TierArray:
    """Give each unit of a list the best tier that has a place left and whose conditions it meets, in every run.

    Args:
        variant: The track.
        ranks: (runs, k) places in the list.
        totals: (runs, k) totals.
        gates: (runs, k) rates of each node that has a gate, NaN where it left.
        tolerance: Totals nearer than this count as equal.

    Returns:
        (runs, k) tiers.
    """
    runs, k = ranks.shape
    order, end = _in_order(ranks)
    dealt = np.full((runs, k), len(variant.plan.track.tiers) - 1, np.int8)
    waiting = np.ones((runs, k), bool)
    for index, tier in enumerate(variant.plan.track.tiers[:-1]):
        enters = waiting
        if tier.score is not None:
            enters = enters & np.take_along_axis(totals >= tier.score - tolerance, order, axis=1)
        for node, gate in tier.gates.items():
            # A gate on a node that left is met.
            enters = enters & np.take_along_axis(~(gates[node] < gate - 1e-7), order, axis=1)
        count = np.cumsum(enters, axis=1, dtype=np.int32)
        if end is not None:
            count = np.take_along_axis(count, end, axis=1)
        taken = enters & (count <= places(tier, k))
        dealt[taken] = index
        waiting = waiting & ~taken
    result = np.empty_like(dealt)
    np.put_along_axis(result, order, dealt, axis=1)
    return result


def _move(variant: TrackVariant, ranks: RankArray, dealt: TierArray) -> TierArray:
    """Apply the effects on tiers, and fill places up again where the track says so."""
    count = len(variant.plan.track.tiers)
    _, _, lowered = apply_effects(dealt.astype(np.intp), variant.effects, count)
    moved = lowered.astype(np.int8)
    if variant.plan.track.backfill:
        codes = variant.plan.rank_codes[variant.rows]
        for code in np.unique(codes[variant.placed]):
            members = np.flatnonzero(variant.placed & (codes == code))
            fired = variant.effects.fired[members]
            if fired.any():
                moved[:, members] = fill_up(dealt[:, members], moved[:, members], fired, ranks[:, members], count)
    return moved


def fill_up(dealt: TierArray, moved: TierArray, fired: BoolArray, ranks: RankArray, count: int) -> TierArray:
    """Fill places that effects freed in a list, from the top tier down, in every run (``backfill`` of the engine).

    Args:
        dealt: (runs, k) tiers as dealt.
        moved: (runs, k) tiers after effects.
        fired: (k,) units for which an effect on tiers fired.
        ranks: (runs, k) places in the list.
        count: Number of tiers.

    Returns:
        (runs, k) tiers.
    """
    order, end = _in_order(ranks)
    before, filled = np.take_along_axis(dealt, order, axis=1), np.take_along_axis(moved, order, axis=1)
    risen = fired[order]
    free = np.stack([((before == tier) & (filled > tier)).sum(axis=1) for tier in range(count)])
    for tier in range(count - 1):
        candidates = (filled == tier + 1) & ~risen
        places_up = np.cumsum(candidates, axis=1, dtype=np.int32)
        if end is not None:
            places_up = np.take_along_axis(places_up, end, axis=1)
        rising = candidates & (places_up <= free[tier][:, None])
        filled[rising] = tier
        risen |= rising
        free[tier + 1] += rising.sum(axis=1)
    result = np.empty_like(filled)
    np.put_along_axis(result, order, filled, axis=1)
    return result


def _in_order(ranks: RankArray) -> tuple[IntArray, IntArray | None]:
    """Units of each run by place, and for each the last position of those that share its place; None where nobody does."""
    runs, k = ranks.shape
    order = np.argsort(ranks, axis=1, kind="stable")
    ordered = np.take_along_axis(ranks, order, axis=1)
    last = np.ones((runs, k), bool)
    last[:, :-1] = ordered[:, 1:] != ordered[:, :-1]
    if last.all():
        return order, None
    return order, np.minimum.accumulate(np.where(last, np.arange(k), k)[:, ::-1], axis=1)[:, ::-1]


class RunsEnvironment:
    """Names and functions of an award's rule, for all units in all of some runs, run after run."""

    def __init__(
        self, variant: TrackVariant, totals: FloatArray, ranks: RankArray, tiers: TierArray, rates: Mapping[str, FloatArray]
    ) -> None:
        self.n = totals.size
        self._variant, self._shape = variant, totals.shape
        self._totals, self._ranks, self._tiers, self._rates = totals, ranks, tiers, rates
        self._names = np.array([*(tier.id for tier in variant.plan.track.tiers), ""], dtype=object)

    def value(self, name: str, years_back: int) -> Column:
        """One of the result's own names; other years have names of their own."""
        past = self._variant.past
        last = self._spread(past.rank_last)
        if years_back:
            raise KeyError(f"{name} {years_back} years earlier")
        if name == "total":
            return _numbers(self._totals)
        if name == "rank":
            return _numbers(np.where(self._ranks > 0, self._ranks, np.nan))
        if name == "rank_last":
            return _numbers(np.where(last > 0, last, np.nan))
        if name == "rank_change":
            return _numbers(np.where((last > 0) & (self._ranks > 0), last - self._ranks, np.nan))
        texts = self._names[self._tiers] if name == "tier" else self._spread(np.array(past.tier_last, dtype=object))
        return Column("text", texts.ravel(), np.where(texts.ravel() == "", MISSING, PRESENT).astype(np.uint8))

    def call(self, name: str, argument: str) -> Column:
        """``streak``, ``first_time``, ``event`` (how often it happened) and ``rate``."""
        variant = self._variant
        past, n = variant.past, self._shape[1]
        known = np.where(self._spread(past.known), PRESENT, MISSING).astype(np.uint8).ravel()
        if name in ("streak", "first_time"):
            # Whether a unit is in the tier now is all that a run changes.
            inside = self._names[self._tiers] == argument
            everybody = [argument] * n
            if name == "streak":
                counts = np.where(inside, self._spread(past.streak(argument, everybody)), 0)
                return Column("number", counts.ravel().astype(np.float64), known)
            first = inside & self._spread(past.first_time(argument, everybody))
            return Column("truth", first.ravel(), known)
        if name == "event":
            count = np.zeros(variant.plan.rows)
            for happening in variant.found:
                if happening.rule == argument and not happening.binding:
                    count[happening.row] += happening.count
            return Column("number", self._spread(count[variant.rows]).ravel(), np.zeros(self.n, np.uint8))
        if argument == "total":
            return _numbers(self._totals * (100.0 / variant.plan.full_mark))
        return _numbers(self._rates[argument])

    def periods(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Awards have no months; the validator refuses them."""
        raise KeyError(name)

    def group_statistic(self, name: str, column: Column) -> Column:
        """Awards have no statistics of a group; the validator refuses them."""
        raise KeyError(f"{name} of {len(column.values)} values")

    def target(self, which: str) -> Column:
        """Awards have no targets; the validator refuses them."""
        raise KeyError(which)

    def _spread(self, values: np.ndarray) -> np.ndarray:
        return np.broadcast_to(values, self._shape)


def _numbers(values: np.ndarray) -> Column:
    numbers = np.asarray(values, np.float64).ravel()
    return Column("number", numbers, np.where(np.isnan(numbers), MISSING, PRESENT).astype(np.uint8))


def awards(
    variant: TrackVariant, totals: FloatArray, ranks: RankArray, tiers: TierArray, rates: Mapping[str, FloatArray]
) -> BoolArray | None:
    """Whether each unit wins each award in each run, (runs, n, awards); None where the track has none."""
    given = variant.plan.track.awards
    if not given:
        return None
    environment = RunsEnvironment(variant, totals, ranks, tiers, rates)
    eligible = ~np.isnan(totals) & ~variant.effects.disqualified
    return np.stack([_winners(award, environment, variant, eligible, ranks) for award in given], axis=2)


def _winners(
    award: Award, environment: RunsEnvironment, variant: TrackVariant, eligible: BoolArray, ranks: RankArray
) -> BoolArray:
    winners = eligible.copy()
    if award.when is not None:
        rule = evaluate(parse(award.when), environment)
        winners &= ((rule.state == PRESENT) & rule.values.astype(bool)).reshape(winners.shape)
    if award.top is None or award.by is None:
        return winners
    by = evaluate(parse(award.by), environment)
    values = by.values.astype(np.float64).reshape(winners.shape)
    winners &= (by.state == PRESENT).reshape(winners.shape) & (ranks > 0)
    codes = variant.plan.class_codes[variant.rows]
    lists = codes if award.each == "class" else np.zeros_like(codes)
    chosen = np.zeros(winners.shape, bool)
    for code in np.unique(lists):
        members = np.flatnonzero(lists == code)
        chosen[:, members] = _top(values[:, members], winners[:, members], award.top)
    return chosen


def _top(values: FloatArray, candidates: BoolArray, count: int) -> BoolArray:
    """Candidates whose place by some value is at most ``count``; those that are equal share the place, and win together."""
    keys = np.where(candidates, -values, np.inf)
    order = np.argsort(keys, axis=1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=1)
    with np.errstate(invalid="ignore"):
        gap = ordered[:, 1:] - ordered[:, :-1]
        near = gap <= TOLERANCE * np.maximum(np.abs(ordered[:, 1:]), np.abs(ordered[:, :-1]))
    first = np.ones(keys.shape, bool)
    first[:, 1:] = ~near
    place = 1 + np.maximum.accumulate(np.where(first, np.arange(keys.shape[1]), 0), axis=1)
    chosen = np.zeros(keys.shape, bool)
    np.put_along_axis(chosen, order, place <= count, axis=1)
    return chosen & candidates
