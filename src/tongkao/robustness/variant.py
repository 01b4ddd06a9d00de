"""One combination of discrete alternatives: compiled and prepared once, marked many times with other weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.breaches import breaches
from tongkao.engine.events import Happening, adjustments, happenings, points_lines, tier_effects, voids
from tongkao.engine.history import Past, read_past
from tongkao.engine.inputs import Inputs, gather
from tongkao.engine.layout import Layout
from tongkao.engine.marking import Marker, Marks
from tongkao.engine.observed import Observed
from tongkao.engine.plan import TrackPlan, compile_track
from tongkao.engine.prepare import Prepared, prepare
from tongkao.engine.problems import problems_of
from tongkao.engine.scoring import Scorer
from tongkao.engine.shares import LEFT_EQUALLY, STAYS, WEIGHTLESS, Effective, Nominal
from tongkao.engine.targets import Targets
from tongkao.engine.tiers import TierEffects
from tongkao.engine.values import TrackValues
from tongkao.errors import Problem
from tongkao.folder.assessment import Assessment
from tongkao.robustness.levels import Family, families
from tongkao.scheme.expressions import parse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: so many patterns of gaps are each given one product of matrices; with more, the tree is climbed level by level
_PATTERNS = 8
#: so many preparations are kept for other variants
_KEPT = 64


@dataclass(frozen=True)
class Cohort:
    """Units with the same nominal weights and the same leaves.

    Attributes:
        profile: Their profile.
        units: Their places among the track's units, (k,).
        stays: Which leaves stay, (m,).
        rates: Their rates, (m, k), 0 for leaves that do not stay; logarithms where the tree is geometric.
    """

    profile: int
    units: IntArray
    stays: BoolArray
    rates: FloatArray


@dataclass(frozen=True)
class TrackVariant:
    """One track under one combination of alternatives, ready for many draws of weights.

    Attributes:
        marker: The compiled track.
        inputs: Its values.
        prepared: The steps up to the rates of the leaves.
        past: Earlier results of its units.
        left_out: Leaves that are taken out, ascending.
    """

    marker: Marker
    inputs: Inputs
    prepared: Prepared
    past: Past
    left_out: tuple[int, ...] = ()

    @property
    def plan(self) -> TrackPlan:
        """The track's plan."""
        return self.marker.plan

    @cached_property
    def rows(self) -> slice:
        """Rows of the scheme's year; other years have done their part when values are scored."""
        return self.plan.main()

    @cached_property
    def found(self) -> tuple[Happening, ...]:
        """Events and breaches; no weight changes them."""
        return (*self.marker.happenings, *breaches(self.plan, self.marker.values, self.prepared))

    @cached_property
    def effects(self) -> TierEffects:
        """Effects on tiers, one entry a unit."""
        whole = tier_effects(self.found, self.plan.track, self.plan.rows)
        rows = self.rows
        return TierEffects(whole.at_most[rows], whole.down[rows], whole.disqualified[rows], whole.fired[rows])

    @cached_property
    def effective(self) -> Effective:
        """Nominal weights after items left."""
        leaves = self.prepared.leaves
        if self.left_out:
            leaves = np.zeros((self.plan.rows, len(self.plan.indicators)), np.uint8) if leaves is None else leaves.copy()
            leaves[:, list(self.left_out)] = WEIGHTLESS
        return Effective(self.plan.layout, self.plan.given, leaves)

    @cached_property
    def stays(self) -> BoolArray:
        """Whether each node stays for each unit, (n, N)."""
        stays: BoolArray = np.broadcast_to(
            self.effective.block(self.rows).status == STAYS, (len(self.plan.unit_ids), len(self.plan.layout.ids))
        )
        return stays

    @cached_property
    def rates(self) -> FloatArray:
        """Rates of the leaves after voids, (n, m); 0 where a leaf does not stay."""
        rates = self.prepared.rates[self.rows]
        voided = voids(self.found, self.plan.layout, self.plan.rows)[self.rows]
        rates = np.where(voided & ~np.isnan(rates), 0.0, rates)
        return np.where(self.stays[:, self.plan.layout.leaves], rates, 0.0)

    @cached_property
    def net(self) -> FloatArray | None:
        """Net points of events at each node for each unit, (n, N); None where there are none."""
        lines = points_lines(self.found, self.plan.layout, self.plan.track.limits)
        whole = adjustments(lines, self.effective.status == STAYS)
        return None if whole is None else whole[self.rows]

    @cached_property
    def placed(self) -> BoolArray:
        """Units that get a place, (n,)."""
        return self.plan.ranked[self.rows] & self.stays[:, 0]

    @cached_property
    def profiles(self) -> IntArray:
        """Profile of weights of each unit, (n,)."""
        return self.plan.given.profiles[self.rows]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Why nothing can be marked here, whatever the weights; empty when it can."""
        if not (self.prepared.errors or self.prepared.unanswered):
            return ()
        return tuple(problems_of(self.mark()))

    @cached_property
    def special(self) -> bool:
        """Whether each run has to be marked by itself."""
        plan = self.plan
        kinds = set(plan.scheme.rounding.at)
        below = self.net is not None and bool(self.net[:, 1:].any())
        equally = self.prepared.leaves is not None and bool((self.prepared.leaves == LEFT_EQUALLY).any())
        words = {aggregate for aggregate in plan.layout.aggregates if isinstance(aggregate, str)}
        return bool(kinds - {"total"}) or below or equally or bool(words & {"copeland", "median"})

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Inner nodes whose rates tiers, ties and awards look at beside the total."""
        track = self.plan.track
        names = {node for tier in track.tiers for node in tier.gates} | set(track.ties.by)
        for award in track.awards:
            for text in (award.when, award.by):
                names |= {node for node in self.plan.layout.ids if text is not None and f'"{node}"' in text}
        return tuple(sorted(names))

    @cached_property
    def chain(self) -> str:
        """``arithmetic`` or ``geometric`` where all nodes combine so and none is looked at by itself, else ""."""
        inner = {self.plan.layout.aggregates[column] for level in self.plan.layout.levels for column in level.parents}
        if self.nodes or len(inner) != 1 or self.plan.layout.least.any():
            return ""
        (kind,) = inner
        if kind == "geometric" and bool((self.rates[self.stays[:, self.plan.layout.leaves]] <= 0).any()):
            return ""
        return str(kind) if kind in ("arithmetic", "geometric") else ""

    @cached_property
    def cohorts(self) -> tuple[Cohort, ...] | None:
        """Units by profile and pattern of gaps; None where the patterns are too many or the tree is no chain."""
        if not self.chain:
            return None
        leaves = self.stays[:, self.plan.layout.leaves]
        # What a profile gives no weight to is no gap.
        weightless = self.plan.given.weightless[:, self.plan.layout.leaves][self.profiles]
        pattern = np.column_stack([self.profiles, np.packbits(leaves | weightless, axis=1)])
        kinds, which = np.unique(pattern, axis=0, return_inverse=True)
        if len(kinds) > _PATTERNS + len(self.plan.given.shares):
            return None
        made = []
        for kind in range(len(kinds)):
            units = np.flatnonzero(which.ravel() == kind)
            stays = leaves[units[0]]
            with np.errstate(divide="ignore"):
                rates = np.log(self.rates[units]) if self.chain == "geometric" else self.rates[units]
            made.append(Cohort(int(self.profiles[units[0]]), units, stays, np.where(stays, rates, 0.0).T.copy()))
        return tuple(made)

    @cached_property
    def trees(self) -> dict[int, tuple[IntArray, list[Family]]]:
        """Units of each profile and their tree, for climbing it level by level."""
        made = {}
        for profile in np.unique(self.profiles).tolist():
            units = np.flatnonzero(self.profiles == profile)
            made[int(profile)] = units, families(self.plan.layout, self.rates[units], self.stays[units])
        return made

    def nominal_with(self, shares: FloatArray) -> Nominal:
        """Nominal weights with other shares among siblings, (P, N)."""
        given = self.plan.given
        if np.array_equal(shares, given.shares) and not self.left_out:
            return given
        full = np.zeros_like(shares)
        full[:, 0] = self.plan.full_mark
        for level in reversed(self.plan.layout.levels):
            children = slice(level.low, level.high)
            full[:, children] = shares[:, children] * full[:, level.parents][:, level.child_parent]
        return Nominal(given.profiles, shares, shares, full, full <= 0.0, given.own)

    def mark(self, shares: FloatArray | None = None, values: TrackValues | None = None) -> Marks:
        """Mark once by itself.

        Args:
            shares: Other shares among siblings, (P, N).
            values: Other values.
        """
        plan = self.plan
        shares = plan.given.shares if shares is None else shares
        if self.left_out:
            shares = take_out(plan.layout, shares, self.left_out)
        given = self.nominal_with(shares)
        if given is not plan.given:
            leaf_of = np.array([column.leaf for column in plan.columns], np.intp)
            out = given.weightless[:, plan.layout.leaves][:, leaf_of]
            plan = replace(plan, given=given, weightless=out[given.profiles] if out.any() else None)
        scorer = Scorer(plan, self.marker.scorer.parts)
        marker = Marker(plan, scorer, self.marker.values if values is None else values, self.marker.happenings)
        return marker.mark(self.inputs if values is None else gather(plan, values))


def take_out(layout: Layout, shares: FloatArray, left_out: Iterable[int]) -> FloatArray:
    """Shares among siblings without some leaves, (P, N)."""
    kept = shares.copy()
    kept[:, layout.leaves[list(left_out)]] = 0.0
    for level in layout.levels:
        children = slice(level.low, level.high)
        sums = np.add.reduceat(kept[:, children], level.starts, axis=1)
        kept[:, level.parents] = np.where(sums > 0, kept[:, level.parents], 0.0)
        whole = np.add.reduceat(shares[:, children], level.starts, axis=1)
        np.copyto(sums, 1.0, where=(sums <= 0) | (sums == whole))
        kept[:, children] /= sums[:, level.child_parent]
    return kept


def leaves_below(layout: Layout, names: Iterable[str]) -> tuple[int, ...]:
    """The leaves below some nodes, or that are these nodes; names that the tree does not have are passed over."""
    within = np.array([name in set(names) for name in layout.ids])
    for column in range(1, len(layout.ids)):
        within[column] |= within[layout.parent[column]]
    return tuple(int(leaf) for leaf in np.flatnonzero(within[layout.leaves]))


class Compiler:
    """Compiles variants of one assessment; what does not differ between them is worked out once."""

    def __init__(self, assessment: Assessment) -> None:
        self.observations = assessment.observations
        self._observed: dict[tuple[str, ...], tuple[Observed, Targets]] = {}
        self._prepared: dict[str, tuple[Inputs, Prepared]] = {}
        self._past: dict[tuple[str, ...], Past] = {}
        self.marks: dict[str, Marks] = {}

    def compile_nominal(self, assessment: Assessment) -> dict[str, TrackVariant]:
        """Compile and mark every track as it is; the markings are in :attr:`marks`."""
        made = {}
        for track in assessment.scheme.tracks:
            made[track] = self._track(assessment, track, (), marked=True)
        return made

    def compile(self, assessment: Assessment, left_out: Iterable[str]) -> dict[str, TrackVariant]:
        """Compile every track.

        Args:
            assessment: A sound assessment; its tables but the units are those of the compiler's.
            left_out: Nodes that are taken out.
        """
        return {track: self._track(assessment, track, tuple(left_out)) for track in assessment.scheme.tracks}

    def _track(self, assessment: Assessment, track_id: str, left_out: tuple[str, ...], *, marked: bool = False) -> TrackVariant:
        plan = compile_track(assessment, track_id)
        units = tuple(plan.unit_ids)
        if units not in self._observed:
            targets = Targets(plan.unit_ids, assessment.targets, plan.scheme.year)
            self._observed[units] = Observed(plan.unit_ids, assessment.observations), targets
            self._past[units] = read_past(plan.unit_ids, assessment.history, track_id, plan.scheme.year, plan.scheme.year_before)
        observed, targets = self._observed[units]
        expressions = {
            name: parse(indicator.value) for name, indicator in plan.scheme.indicators.items() if indicator.value is not None
        }
        values = TrackValues(plan.units, observed, targets, plan.scheme.indicators, expressions, plan.groups)
        found = happenings(assessment.events, assessment.scheme.events, plan.unit_ids, plan.main().start)
        marker = Marker(plan, Scorer.of(plan), values, tuple(found))
        key = _key_of(plan)
        if key not in self._prepared:
            while len(self._prepared) >= _KEPT:
                self._prepared.pop(next(iter(self._prepared)))
            inputs = gather(plan, values)
            if marked:
                self.marks[track_id] = marker.mark(inputs)
                self._prepared[key] = inputs, self.marks[track_id].prepared
            else:
                rows = {unit: row for row, unit in enumerate(plan.unit_ids)}
                self._prepared[key] = inputs, prepare(plan, marker.scorer, inputs, rows)
        inputs, prepared = self._prepared[key]
        taken = leaves_below(plan.layout, left_out)
        variant = TrackVariant(marker, inputs, prepared, self._past[units], taken)
        if taken and _sees_neighbours(plan):
            # Who is screened out, and what is imputed from a unit's other indicators, depends on the tree.
            marks = variant.mark()
            variant = replace(variant, prepared=marks.prepared)
        return variant


def _sees_neighbours(plan: TrackPlan) -> bool:
    policies: list[Any] = [plan.scheme.missing, plan.scheme.not_applicable]
    policies += [policy for indicator in plan.indicators for policy in (indicator.missing, indicator.not_applicable)]
    return plan.track.screen is not None or any("row_" in repr(policy) for policy in policies)


def _key_of(plan: TrackPlan) -> str:
    """Everything on which the steps up to the rates of the leaves depend, beside the tables."""
    scheme = plan.scheme
    rules: Mapping[str, Any] = {
        "track": plan.track_id,
        "leaves": [plan.layout.ids[leaf] for leaf in plan.layout.leaves],
        "parents": [plan.layout.parent.tolist()],
        "indicators": [(name, indicator) for name, indicator in scheme.indicators.items()],
        "general": (scheme.missing, scheme.not_applicable, scheme.treat, scheme.steps, scheme.panel, scheme.year),
        "screen": plan.track.screen,
        "ranked": plan.ranked.tobytes(),
        "classes": plan.units["class"].to_list() if plan.units["class"].dtype == pl.String else [],
        "weightless": None if plan.weightless is None else plan.weightless.tobytes(),
    }
    return repr(rules)
