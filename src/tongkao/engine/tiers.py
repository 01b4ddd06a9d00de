"""Tiers: dealt down the ranking, moved by effects, filled up again (sections 8.3 to 8.5 and 9)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.scheme.model import Tier

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: tier of a row that has none: unranked, or without a total
NO_TIER = -1


@dataclass(frozen=True)
class Note:
    """Why a row did not enter, or moved between tiers.

    Attributes:
        row: The row.
        tier: Index of the tier that is meant.
        reason: ``score`` (total too low), ``gate`` (a gate not met), ``shared`` (too few places for all that share the
            rank), ``moved_up`` (took a place that an effect freed).
        node: The node of a gate.
    """

    row: int
    tier: int
    reason: str
    node: str = ""


@dataclass(frozen=True)
class TierEffects:
    """Effects on tiers, one entry a row.

    Attributes:
        at_most: Best tier the row may have (0 = no limit).
        down: Tiers it moves down.
        disqualified: Whether it is in the last tier whatever else.
        fired: Whether any tier effect fired for it.
    """

    at_most: IntArray
    down: IntArray
    disqualified: BoolArray
    fired: BoolArray

    @classmethod
    def none(cls, rows: int) -> TierEffects:
        """No effects."""
        return cls(np.zeros(rows, np.intp), np.zeros(rows, np.intp), np.zeros(rows, bool), np.zeros(rows, bool))


def places(tier: Tier, ranked: int) -> int:
    """Places of a tier among so many ranked units; a share is rounded down, nearly whole numbers count as whole."""
    if tier.count is not None:
        return tier.count
    if tier.share is not None:
        return math.floor(tier.share * ranked + 1e-9)
    return ranked


def deal(
    tiers: Sequence[Tier],
    ranks: IntArray,
    groups: IntArray,
    totals: FloatArray,
    gate_rates: dict[str, FloatArray],
    tolerance: float,
) -> tuple[IntArray, list[Note]]:
    """Give each ranked row the best tier that has a place left and whose conditions it meets.

    Args:
        tiers: The tiers, best first, the last one open.
        ranks: Places (rows,), 0 for rows that are not ranked.
        groups: List in which each row is ranked.
        totals: Totals (rows,).
        gate_rates: Rates (rows,) of each node that has a gate, NaN where the node left.
        tolerance: Totals nearer than this count as equal.

    Returns:
        Index of each row's tier, :data:`NO_TIER` for those without, and notes.
    """
    dealt = np.full(len(ranks), NO_TIER, np.intp)
    notes: list[Note] = []
    for group in np.unique(groups[ranks > 0]):
        members = np.flatnonzero((groups == group) & (ranks > 0))
        members = members[np.argsort(ranks[members], kind="stable")]
        waiting = members
        for index, tier in enumerate(tiers):
            if index == len(tiers) - 1:
                dealt[waiting] = index
                break
            enters, reasons = _conditions(tier, waiting, totals, gate_rates, tolerance)
            candidates = waiting[enters]
            room = places(tier, len(members))
            taken, closed_by = _fill(ranks[candidates], room)
            dealt[candidates[:taken]] = index
            limit = ranks[candidates[taken - 1]] if taken else 0
            last = np.iinfo(np.intp).max if taken < room and closed_by == 0 else limit
            notes += [
                Note(int(row), index, reason, node)
                for row, (reason, node) in zip(waiting[~enters].tolist(), reasons, strict=True)
                if ranks[row] <= last
            ]
            if closed_by:
                notes += [Note(int(row), index, "shared") for row in candidates[taken : taken + closed_by].tolist()]
            waiting = waiting[dealt[waiting] == NO_TIER]
    return dealt, notes


def _conditions(
    tier: Tier, rows: IntArray, totals: FloatArray, gate_rates: dict[str, FloatArray], tolerance: float
) -> tuple[BoolArray, list[tuple[str, str]]]:
    """Whether each row meets a tier's conditions, and for those that do not, the first that failed."""
    meets = np.ones(len(rows), bool)
    reason = np.zeros(len(rows), np.intp)
    names: list[tuple[str, str]] = [("", "")]
    if tier.score is not None:
        failed = totals[rows] < tier.score - tolerance
        names.append(("score", ""))
        reason[failed & meets] = len(names) - 1
        meets &= ~failed
    for node, gate in tier.gates.items():
        failed = gate_rates[node][rows] < gate - 1e-7
        names.append(("gate", node))
        reason[failed & meets] = len(names) - 1
        meets &= ~failed
    return meets, [names[code] for code in reason[~meets]]


def _fill(ranks: IntArray, room: int) -> tuple[int, int]:
    """How many of some ordered rows enter, those that share a rank together; and how many shared the rank that closed it."""
    if len(ranks) <= room:
        return len(ranks), 0
    if room <= 0:
        return 0, 0
    taken = room
    if ranks[room - 1] == ranks[room]:
        taken = int(np.searchsorted(ranks, ranks[room], side="left"))
    shared = int(np.searchsorted(ranks, ranks[taken], side="right")) - taken if taken < room else 0
    return taken, shared


def apply_effects(dealt: IntArray, effects: TierEffects, count: int) -> tuple[IntArray, IntArray, IntArray]:
    """Apply the three effects in their order.

    Args:
        dealt: Tiers as dealt.
        effects: What fired.
        count: Number of tiers.

    Returns:
        Tiers after ``tier_at_most``, after ``tier_down`` and after ``disqualify``.
    """
    has = dealt != NO_TIER
    limited = np.where(has, np.maximum(dealt, effects.at_most), NO_TIER)
    lowered = np.where(has, np.minimum(limited + effects.down, count - 1), NO_TIER)
    final = np.where(has & effects.disqualified, count - 1, lowered)
    return limited, lowered, final


def backfill(
    dealt: IntArray, moved: IntArray, effects: TierEffects, ranks: IntArray, groups: IntArray, count: int
) -> tuple[IntArray, list[Note]]:
    """Fill places that effects freed, from the top tier down.

    As many units as effects moved out of a tier move up from the next one, in rank order, which frees places there. Nobody
    moves up twice, nor does a unit for which a tier effect fired; units that share a rank move together, or the filling of
    that tier ends.
    """
    filled = moved.copy()
    notes: list[Note] = []
    for group in np.unique(groups[ranks > 0]):
        members = np.flatnonzero((groups == group) & (ranks > 0))
        members = members[np.argsort(ranks[members], kind="stable")]
        free = [int(((dealt[members] == tier) & (moved[members] > tier)).sum()) for tier in range(count)]
        for tier in range(count - 1):
            candidates = members[(filled[members] == tier + 1) & ~effects.fired[members]]
            taken, _ = _fill(ranks[candidates], free[tier])
            rising = candidates[:taken]
            filled[rising] = tier
            free[tier + 1] += taken
            notes += [Note(int(row), tier, "moved_up") for row in rising.tolist()]
    return filled, notes
