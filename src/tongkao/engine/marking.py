"""One marking of one track: from inputs to rates, points, places and tiers, every intermediate number kept as an array.

This is what robustness runs, simulations and clusters call 10⁵ times; tables and explanations are made from it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.breaches import breaches
from tongkao.engine.climb import Climbed, climb
from tongkao.engine.events import (
    Happening,
    PointsLine,
    adjustments,
    points_lines,
    tier_effects,
    voids,
)
from tongkao.engine.inputs import Inputs
from tongkao.engine.kernels import ranking
from tongkao.engine.plan import TOLERANCE, TrackPlan
from tongkao.engine.prepare import Prepared, prepare
from tongkao.engine.scoring import Scorer
from tongkao.engine.shares import Effective
from tongkao.engine.tiers import NO_TIER, Note, TierEffects, apply_effects, backfill, deal
from tongkao.engine.values import TrackValues

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Standing:
    """Places and tiers at one stage of the marking, one entry a row.

    Attributes:
        ranks: Places, 0 for rows that have none.
        tiers: Index of the tier, :data:`NO_TIER` for rows that have none.
    """

    ranks: IntArray
    tiers: IntArray


@dataclass(frozen=True)
class Marks:
    """Everything that one marking of a track computed.

    Attributes:
        plan: The plan that was run.
        inputs: What it was run on.
        prepared: The steps up to the rates of the leaves.
        effective: Weights after items left.
        climbed: Rates and points of every node.
        found: Events and breaches.
        voided: Leaves set to 0 by events, rows × m; None when there are none.
        lines: Points of events.
        effects: Effects on tiers.
        final: Places and tiers in the end.
        stages: Places and tiers before all events, and after each of the five effects in their order; empty without events.
        notes: Why rows did not enter or moved between tiers.
    """

    plan: TrackPlan
    inputs: Inputs
    prepared: Prepared
    effective: Effective
    climbed: Climbed
    found: tuple[Happening, ...]
    voided: BoolArray | None
    lines: tuple[PointsLine, ...]
    effects: TierEffects
    final: Standing
    stages: tuple[Standing, ...]
    notes: tuple[Note, ...]

    @property
    def totals(self) -> FloatArray:
        """Points of the total, (rows,), NaN where a row has none."""
        return self.climbed.totals


@dataclass(frozen=True)
class Marker:
    """A compiled track, ready to be marked again and again.

    Attributes:
        plan: The track's plan.
        scorer: Its scoring blocks.
        values: Look-up of values, for binding requirements.
        happenings: The rows of the events table that concern the track.
    """

    plan: TrackPlan
    scorer: Scorer
    values: TrackValues
    happenings: tuple[Happening, ...] = ()

    @cached_property
    def _unit_rows(self) -> dict[str, int]:
        return {unit: row for row, unit in enumerate(self.plan.unit_ids)}

    @cached_property
    def _whole(self) -> Effective:
        """Weights when nothing leaves; the same for every run."""
        return Effective(self.plan.layout, self.plan.given, None)

    def mark(self, inputs: Inputs) -> Marks:
        """Mark once.

        Args:
            inputs: Values and targets, as :func:`tongkao.engine.inputs.gather` gives them.
        """
        plan = self.plan
        prepared = prepare(plan, self.scorer, inputs, self._unit_rows)
        effective = self._whole if prepared.leaves is None else Effective(plan.layout, plan.given, prepared.leaves)
        found = (*self.happenings, *breaches(plan, self.values, prepared))
        if not found:
            climbed = climb(plan, effective, prepared.rates)
            ranks = self._rank(climbed)
            tiers, notes = self._deal(ranks, climbed)
            standing = Standing(ranks, tiers)
            none = TierEffects.none(plan.rows)
            return Marks(plan, inputs, prepared, effective, climbed, (), None, (), none, standing, (), tuple(notes))
        return self._mark_with_events(inputs, prepared, effective, found)

    def _mark_with_events(self, inputs: Inputs, prepared: Prepared, effective: Effective, found: tuple[Happening, ...]) -> Marks:
        """Mark stage by stage, so that each effect can tell the place and tier before and after."""
        plan = self.plan
        climbed = climb(plan, effective, prepared.rates)
        stages = [self._stand(climbed)]
        voided: BoolArray | None = voids(found, plan.layout, plan.rows)
        rates = prepared.rates
        if voided is not None and voided.any():
            rates = np.where(voided, 0.0, rates)
            climbed = climb(plan, effective, rates)
            stages.append(self._stand(climbed))
        else:
            voided = None
            stages.append(stages[-1])
        lines = points_lines(found, plan.layout, plan.track.limits)
        net = adjustments(lines, effective.full > 0) if lines else None
        if net is not None:
            climbed = climb(plan, effective, rates, net)
        ranks = self._rank(climbed)
        dealt, notes = self._deal(ranks, climbed)
        stages.append(Standing(ranks, dealt))
        effects = tier_effects(found, plan.track, plan.rows)
        count = len(plan.track.tiers)
        tiers = dealt
        if count:
            limited, lowered, tiers = apply_effects(dealt, effects, count)
            stages += [Standing(ranks, limited), Standing(ranks, lowered), Standing(ranks, tiers)]
            if plan.track.backfill:
                tiers, risen = backfill(dealt, tiers, effects, ranks, plan.rank_codes, count)
                notes += risen
        else:
            stages += [stages[-1]] * 3
        return Marks(
            plan,
            inputs,
            prepared,
            effective,
            climbed,
            found,
            voided,
            tuple(lines),
            effects,
            Standing(ranks, tiers),
            tuple(stages),
            tuple(notes),
        )

    def _stand(self, climbed: Climbed) -> Standing:
        ranks = self._rank(climbed)
        return Standing(ranks, self._deal(ranks, climbed)[0])

    def _rank(self, climbed: Climbed) -> IntArray:
        plan = self.plan
        totals = np.where(plan.ranked, climbed.totals, np.nan)
        keys = climbed.rates[:, [plan.layout.column(node) for node in plan.track.ties.by]]
        ranks: IntArray = ranking.competition_rank(
            totals,
            plan.rank_codes,
            np.where(np.isnan(keys), -np.inf, keys),
            tolerance=TOLERANCE * plan.full_mark,
            tie_tolerance=TOLERANCE * 100.0,
        )
        return ranks

    def _deal(self, ranks: IntArray, climbed: Climbed) -> tuple[IntArray, list[Note]]:
        plan = self.plan
        if not plan.track.tiers:
            return np.full(plan.rows, NO_TIER, np.intp), []
        gates = {node for tier in plan.track.tiers for node in tier.gates}
        rates = {node: climbed.rates[:, plan.layout.column(node)] for node in gates}
        return deal(plan.track.tiers, ranks, plan.rank_codes, climbed.totals, rates, TOLERANCE * plan.full_mark)
