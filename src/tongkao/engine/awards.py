"""Awards: rules over the result of this year and of earlier ones (section 9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.history import Past
from tongkao.engine.marking import Marks
from tongkao.engine.observed import MISSING, PRESENT
from tongkao.engine.plan import TOLERANCE
from tongkao.engine.tiers import NO_TIER
from tongkao.scheme.expressions import Column, evaluate, parse
from tongkao.scheme.model import Award

BoolArray = NDArray[np.bool_]
StateArray = NDArray[np.uint8]


class AwardEnvironment:
    """Names and functions of an award's rule, for the units of one track in the scheme's year."""

    def __init__(self, marks: Marks, past: Past) -> None:
        plan, rows = marks.plan, marks.plan.main()
        self.n = len(plan.unit_ids)
        self._marks = marks
        self._past = past
        ranks, tiers = marks.final.ranks[rows], marks.final.tiers[rows]
        self.tiers = [plan.track.tiers[tier].id if tier != NO_TIER else "" for tier in tiers]
        last = past.rank_last
        self._columns = {
            "total": _numbers(marks.totals[rows]),
            "rank": _numbers(np.where(ranks > 0, ranks, np.nan)),
            "tier": _texts(self.tiers),
            "rank_last": _numbers(np.where(last > 0, last, np.nan)),
            "tier_last": _texts(past.tier_last),
            "rank_change": _numbers(np.where((last > 0) & (ranks > 0), last - ranks, np.nan)),
        }

    def value(self, name: str, years_back: int) -> Column:
        """One of the result's own names; other years have names of their own."""
        if years_back:
            raise KeyError(f"{name} {years_back} years earlier")
        return self._columns[name]

    def call(self, name: str, argument: str) -> Column:
        """``streak``, ``first_time``, ``event`` (how often it happened) and ``rate``."""
        plan, rows = self._marks.plan, self._marks.plan.main()
        # Who has no earlier result has no streak and no first time: a rule that needs them is false.
        known = np.where(self._past.known, PRESENT, MISSING).astype(np.uint8)
        if name == "streak":
            return Column("number", self._past.streak(argument, self.tiers).astype(np.float64), known)
        if name == "first_time":
            return Column("truth", self._past.first_time(argument, self.tiers), known)
        if name == "event":
            count = np.zeros(plan.rows)
            for happening in self._marks.found:
                if happening.rule == argument and not happening.binding:
                    count[happening.row] += happening.count
            return Column("number", count[rows], np.zeros(self.n, np.uint8))
        return _numbers(self._marks.climbed.rates[rows, plan.layout.column(argument)])

    def periods(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Awards have no months; the validator refuses them."""
        raise KeyError(name)

    def group_statistic(self, name: str, column: Column) -> Column:
        """Awards have no statistics of a group; the validator refuses them."""
        raise KeyError(f"{name} of {len(column.values)} values")

    def target(self, which: str) -> Column:
        """Awards have no targets; the validator refuses them."""
        raise KeyError(which)


def _numbers(values: NDArray[np.float64]) -> Column:
    numbers = np.asarray(values, np.float64)
    return Column("number", numbers, np.where(np.isnan(numbers), MISSING, PRESENT).astype(np.uint8))


def _texts(texts: Sequence[str]) -> Column:
    values = np.array(texts, dtype=object)
    return Column("text", values, np.where(values == "", MISSING, PRESENT).astype(np.uint8))


def awards(marks: Marks, past: Past) -> list[list[str]]:
    """Ids of the awards of each unit of the track, in the order of the scheme; the disqualified have none."""
    environment = AwardEnvironment(marks, past)
    rows = marks.plan.main()
    eligible = ~np.isnan(marks.totals[rows]) & ~marks.effects.disqualified[rows]
    won: list[list[str]] = [[] for _ in marks.plan.unit_ids]
    for award in marks.plan.track.awards:
        for unit in np.flatnonzero(_winners(award, environment, marks, eligible)):
            won[unit].append(award.id)
    return won


def _winners(award: Award, environment: AwardEnvironment, marks: Marks, eligible: BoolArray) -> BoolArray:
    winners = eligible.copy()
    if award.when is not None:
        rule = evaluate(parse(award.when), environment)
        winners &= (rule.state == PRESENT) & rule.values.astype(bool)
    if award.top is None or award.by is None:
        return winners
    by = evaluate(parse(award.by), environment)
    # Units listed apart take no place of those that compete.
    winners &= (by.state == PRESENT) & (marks.final.ranks[marks.plan.main()] > 0)
    rows = marks.plan.main()
    lists = marks.plan.class_codes[rows] if award.each == "class" else np.zeros(environment.n, np.intp)
    chosen = np.zeros(environment.n, bool)
    for code in np.unique(lists):
        chosen |= _top(by.values.astype(np.float64), winners & (lists == code), award.top)
    return chosen


def _top(values: NDArray[np.float64], candidates: BoolArray, count: int) -> BoolArray:
    """Candidates whose place by some value is at most ``count``; those that are equal share the place, and win together."""
    order = np.flatnonzero(candidates)
    order = order[np.argsort(-values[order], kind="stable")]
    chosen = np.zeros(len(values), bool)
    if len(order):
        ordered = values[order]
        gap = ordered[:-1] - ordered[1:]
        near = gap <= TOLERANCE * np.maximum(np.abs(ordered[:-1]), np.abs(ordered[1:]))
        place = 1 + np.maximum.accumulate(np.where(np.concatenate([[True], ~near]), np.arange(len(order)), 0))
        chosen[order[place <= count]] = True
    return chosen
