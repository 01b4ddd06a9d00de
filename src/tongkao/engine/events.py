"""Events and breaches: who has which effect, and how many points it costs or brings (section 8).

Five effects that never mix: an indicator voided, points deducted or added, a limit on the tier, tiers down, disqualified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.layout import Layout
from tongkao.engine.tiers import TierEffects
from tongkao.scheme.model import Effect, Event, Limits, Track

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Happening:
    """One event row, or one breach of a binding indicator.

    Attributes:
        row: The unit's row.
        rule: Id of the event, or of the binding indicator.
        effect: What it does.
        binding: Whether it is a breach.
        count: Occurrences.
        points: Points per occurrence instead of the rule's, None for the rule's.
        indicator: Indicator that is voided.
        note: What the events table says.
    """

    row: int
    rule: str
    effect: Effect
    binding: bool = False
    count: float = 1.0
    points: float | None = None
    indicator: str = ""
    note: str = ""


@dataclass(frozen=True)
class PointsLine:
    """Points that one rule costs or brings one unit.

    Attributes:
        row: The unit's row.
        rule: Id of the event or binding indicator.
        binding: Whether it is a breach.
        node: Column of the node that takes the points.
        bonus: True for a bonus, False for a deduction.
        asked: Points by the rule, before any limit.
        capped: Points after the rule's own ``cap``.
        granted: Points after the track's ``limits``; what counts.
    """

    row: int
    rule: str
    binding: bool
    node: int
    bonus: bool
    asked: float
    capped: float
    granted: float


def happenings(events: pl.DataFrame, rules: Mapping[str, Event], unit_ids: list[str], first_row: int) -> list[Happening]:
    """The rows of the events table that concern the units of a track.

    Args:
        events: The table of events.
        rules: The scheme's events.
        unit_ids: The track's units.
        first_row: Row of the first unit (years of a panel come one after the other).
    """
    row_of = {unit: first_row + row for row, unit in enumerate(unit_ids)}
    found = []
    for event, unit, count, points, indicator, note in events.select(
        "event", "unit", "count", "points", "indicator", "note"
    ).iter_rows():
        if unit in row_of:
            times = 1.0 if count is None else count
            found.append(
                Happening(row_of[unit], event, rules[event].effect, count=times, points=points, indicator=indicator, note=note)
            )
    return found


def voids(found: Iterable[Happening], layout: Layout, rows: int) -> BoolArray:
    """Which leaves become 0, rows × m."""
    result = np.zeros((rows, len(layout.leaves)), bool)
    leaf_of = {layout.ids[column]: leaf for leaf, column in enumerate(layout.leaves)}
    for happening in found:
        if happening.effect.void is not None:
            leaf = leaf_of.get(happening.indicator)
            if leaf is not None:
                result[happening.row, leaf] = True
    return result


def points_lines(found: Iterable[Happening], layout: Layout, limits: Limits) -> list[PointsLine]:
    """Sum bonuses and deductions per rule and unit, limit them by ``cap`` and by the track's ``limits``.

    A track's limit that bites reduces all bonuses (or deductions) of the unit in the same proportion, wherever they stand.
    """
    sums: dict[tuple[int, str, bool, bool], tuple[float, Effect]] = {}
    for happening in found:
        effect = happening.effect
        for bonus, amount in ((False, effect.deduct), (True, effect.bonus)):
            if amount is not None:
                each = happening.points if happening.points is not None else amount
                key = (happening.row, happening.rule, happening.binding, bonus)
                before = sums.get(key, (0.0, effect))[0]
                sums[key] = (before + each * happening.count, effect)
    column_of = {node: column for column, node in enumerate(layout.ids)}
    lines = []
    for (row, rule, binding, bonus), (asked, effect) in sums.items():
        capped = asked if effect.cap is None else min(asked, effect.cap)
        node = column_of.get(effect.at or "total", 0)
        lines.append(PointsLine(row, rule, binding, node, bonus, asked, capped, capped))
    return _limit(lines, limits)


def _limit(lines: list[PointsLine], limits: Limits) -> list[PointsLine]:
    totals: dict[tuple[int, bool], float] = {}
    for line in lines:
        totals[line.row, line.bonus] = totals.get((line.row, line.bonus), 0.0) + line.capped
    limited = []
    for line in lines:
        limit, total = (limits.bonus if line.bonus else limits.deduct), totals[line.row, line.bonus]
        factor = limit / total if limit is not None and total > limit else 1.0
        limited.append(replace(line, granted=line.capped * factor) if factor != 1.0 else line)
    return limited


def adjustments(lines: Iterable[PointsLine], stays: BoolArray) -> FloatArray | None:
    """Net points at each node, rows × N; a node that left passes them on to the total. None when there are none.

    Args:
        lines: Points of events.
        stays: Whether each node counts for the total, rows × N.
    """
    result: FloatArray | None = None
    for line in lines:
        if result is None:
            result = np.zeros(stays.shape)
        node = line.node if stays[line.row, line.node] else 0
        result[line.row, node] += line.granted if line.bonus else -line.granted
    return result


def tier_effects(found: Iterable[Happening], track: Track, rows: int) -> TierEffects:
    """Collect the effects on tiers; a limit that names no tier of the track has no meaning in it."""
    index_of = {tier.id: index for index, tier in enumerate(track.tiers)}
    effects = TierEffects.none(rows)
    for happening in found:
        effect, row = happening.effect, happening.row
        if effect.tier_at_most is not None and effect.tier_at_most in index_of:
            effects.at_most[row] = max(effects.at_most[row], index_of[effect.tier_at_most])
            effects.fired[row] = True
        if effect.tier_down is not None:
            effects.down[row] += effect.tier_down
            effects.fired[row] = True
        if effect.disqualify:
            effects.disqualified[row] = True
            effects.fired[row] = True
    return effects
