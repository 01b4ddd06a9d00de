"""What each node and each unit does to the ranking: left out in turn, or counted alone; who moves, and why.

To leave a node out is to give it weight 0: its siblings take its weight in proportion to theirs, and a node without any children
goes as well. A unit that is left out is in no comparison group and has no place. Chains of weighted arithmetic means are worked
out for all nodes at once (:mod:`tongkao.robustness.leaving_chain`); everything else is marked again, once for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.inputs import Inputs, gather
from tongkao.engine.kernels import ranking
from tongkao.engine.layout import Layout
from tongkao.engine.marking import Marker, Marks
from tongkao.engine.plan import TOLERANCE, TrackPlan
from tongkao.engine.problems import problems_of
from tongkao.engine.scoring import Scorer
from tongkao.engine.shares import Nominal
from tongkao.engine.tiers import NO_TIER, deal
from tongkao.engine.values import Group, TrackValues
from tongkao.errors import Place, Problem
from tongkao.robustness import leaving_messages as say
from tongkao.robustness.leaving_chain import totals_without
from tongkao.robustness.moves import Base, Moves, Way
from tongkao.robustness.ranks import rank_rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Skipped = list[tuple[str, tuple[Problem, ...]]]
KINDS = ("paper", "dimension", "indicator")


def nodes_of(base: Base, kinds: Iterable[str] = KINDS) -> tuple[str, ...]:
    """Ids of the nodes of some kinds, as the tree has them."""
    layout, wanted = base.plan.layout, set(kinds)
    return tuple(name for name, kind in zip(layout.ids, layout.kinds, strict=True) if kind in wanted)


def leave_out(base: Base, nodes: Sequence[str] | None = None, *, exact: bool = False) -> Moves:
    """Leave each node out in turn.

    Args:
        base: The track as it is marked.
        nodes: Ids of the nodes; all of them by default.
        exact: Mark again even where it is not needed.

    Raises:
        KeyError: If the track has no such node.
    """
    layout, plan = base.plan.layout, base.plan
    names = tuple(nodes) if nodes is not None else nodes_of(base)
    columns = [layout.column(name) for name in names]
    trials = _Trials.empty(base, len(names))
    if base.chained and not exact:
        rates = base.marks.climbed.rates[base.rows]
        shares = base.marks.effective.shares[base.rows]
        without, others, weights = totals_without(layout, rates, shares)
        trials.totals[:] = without[columns] * (plan.full_mark / 100.0)
        trials.others[:], trials.weights[:] = others[columns], weights[columns]
        trials.stand()
        trials.drop_empty()
    for item in trials.waiting():
        column = columns[item]
        given = without_nodes(plan, [column])
        if given is None:
            trials.skip(item, Problem(say.NOTHING_LEFT, Place(node=names[item])))
        elif (marks := trials.mark(item, given)) is not None:
            trials.others[item] = _of_others(layout, marks.climbed.rates[base.rows], column)
            trials.weights[item] = _weights(base, column)
    return trials.moves("left_out", names)


def add_one(base: Base, nodes: Sequence[str] | None = None, *, aside: Sequence[str] | None = None, exact: bool = False) -> Moves:
    """Count each node in turn beside what was not laid aside.

    Args:
        base: The track as it is marked.
        nodes: Ids of the nodes; by default those laid aside, or all of them.
        aside: Ids of the nodes that are laid aside at first; None lays everything aside, so that each node counts alone. Places
            are compared with those of the whole marking.
        exact: Mark again even where it is not needed.

    Raises:
        KeyError: If the track has no such node.
    """
    layout = base.plan.layout
    names = tuple(nodes) if nodes is not None else tuple(aside) if aside is not None else nodes_of(base)
    columns = [layout.column(name) for name in names]
    trials = _Trials.empty(base, len(names))
    if aside is None and base.chained and not exact:
        trials.totals[:] = base.marks.climbed.rates[base.rows][:, columns].T * (base.plan.full_mark / 100.0)
        trials.stand()
        trials.drop_empty()
    laid = _below(layout, [0] if aside is None else [layout.column(name) for name in aside])
    for item in trials.waiting():
        out = laid & ~_below(layout, [columns[item]])
        given = without_nodes(base.plan, layout.leaves[out].tolist())
        if given is None:
            trials.skip(item, Problem(say.NOTHING_LEFT, Place(node=names[item])))
        else:
            trials.mark(item, given)
    return trials.moves("alone" if aside is None else "added", names)


def leave_out_units(base: Base, units: Sequence[str] | None = None) -> Moves:
    """Leave each unit out in turn: it is in no comparison group and has no place; the order of the others may turn round.

    Args:
        base: The track as it is marked.
        units: Ids of the units; all that have a place by default.

    Raises:
        KeyError: If the track has no such unit.
    """
    plan = base.plan
    row_of = {unit: row for row, unit in enumerate(plan.unit_ids)}
    ranks = base.marks.final.ranks[base.rows]
    names = tuple(units) if units is not None else tuple(unit for unit in plan.unit_ids if ranks[row_of[unit]] > 0)
    rows = [row_of[name] for name in names]
    trials = _Trials.empty(base, len(names))
    years = np.arange(plan.rows) % len(plan.unit_ids)
    before: IntArray = np.broadcast_to(ranks, trials.ranks.shape).copy()
    lists = plan.rank_codes[base.rows]
    for item, row in enumerate(rows):
        # Without the unit, everybody behind it in its list is one place better.
        before[item] -= (lists == lists[row]) & (ranks > ranks[row]) & (ranks[row] > 0)
        before[item, row] = 0
        ranked = plan.ranked & (years != row)
        groups = {
            name: Group(group.codes, group.counted & (np.arange(len(plan.unit_ids)) != row), group.direction)
            for name, group in plan.groups.items()
        }
        trials.mark_without_unit(item, replace(plan, ranked=ranked, groups=groups), row)
    return trials.moves("unit_left_out", names, before)


def reversals(moves: Moves, item: int) -> list[tuple[str, str]]:
    """Pairs of units whose order turns round: (now ahead, ahead before), without shared places before or after."""
    before = np.broadcast_to(moves.before_ranks, moves.ranks.shape)[item]
    after, both = moves.ranks[item], moves.compared[item]
    lists = moves.base.plan.rank_codes[moves.base.rows]
    turned = (before[:, None] > before) & (after[:, None] < after) & both[:, None] & both & (lists[:, None] == lists)
    return [(moves.unit_ids[a], moves.unit_ids[b]) for a, b in zip(*np.nonzero(turned), strict=True)]


# --- weights --------------------------------------------------------------------------------------------------------------


def without_nodes(plan: TrackPlan, columns: Sequence[int]) -> Nominal | None:
    """The nominal weights of a track without some nodes; None where nobody has anything left.

    Args:
        plan: The track's plan.
        columns: Columns of the nodes.
    """
    layout, given = plan.layout, plan.given
    amounts = given.amounts.copy()
    amounts[:, list(columns)] = 0.0
    for level in layout.levels:
        children = slice(level.low, level.high)
        empty = np.add.reduceat(amounts[:, children], level.starts, axis=1) <= 0
        if level.parents[0] == 0 and empty[:, 0].all():
            return None
        amounts[:, level.parents] = np.where(empty, 0.0, amounts[:, level.parents])
    if np.array_equal(amounts, given.amounts):
        return given
    shares, full = np.zeros_like(amounts), np.zeros_like(amounts)
    shares[:, 0], full[:, 0] = 1.0, plan.full_mark
    for level in reversed(layout.levels):
        children = slice(level.low, level.high)
        sums = np.add.reduceat(amounts[:, children], level.starts, axis=1)
        shares[:, children] = amounts[:, children] / np.where(sums > 0, sums, 1.0)[:, level.child_parent]
        full[:, children] = shares[:, children] * full[:, level.parents][:, level.child_parent]
    return Nominal(given.profiles, amounts, shares, full, full <= 0.0, given.own)


def _below(layout: Layout, columns: Sequence[int]) -> BoolArray:
    """Which leaves are some nodes or below them, (m,)."""
    within = np.zeros(len(layout.ids), bool)
    within[list(columns)] = True
    for column in range(1, len(layout.ids)):
        within[column] |= within[layout.parent[column]]
    return within[layout.leaves]


def _of_others(layout: Layout, rates: FloatArray, column: int) -> FloatArray:
    """Rate of the lowest node above that a unit still has without a node, (n,); NaN where it has none."""
    others: FloatArray = np.full(len(rates), np.nan)
    while column > 0:
        column = int(layout.parent[column])
        others = np.where(np.isnan(others), rates[:, column], others)
    return others


def _weights(base: Base, column: int) -> FloatArray:
    """A node's weight in the total for each unit: the product of the shares on its way up."""
    weights: FloatArray = np.ones(len(base.plan.unit_ids))
    while column > 0:
        weights = weights * base.marks.effective.shares[base.rows, column]
        column = int(base.plan.layout.parent[column])
    return weights


# --- trials ---------------------------------------------------------------------------------------------------------------


@dataclass
class _Trials:
    """The markings that are compared with the base, being filled; arrays are (k, n)."""

    base: Base
    totals: FloatArray
    ranks: IntArray
    tiers: IntArray
    others: FloatArray
    weights: FloatArray
    stands: BoolArray
    remarked: BoolArray
    skipped: dict[int, tuple[Problem, ...]]

    @classmethod
    def empty(cls, base: Base, k: int) -> _Trials:
        shape = (k, len(base.plan.unit_ids))
        return cls(
            base,
            np.full(shape, np.nan),
            np.zeros(shape, np.intp),
            np.full(shape, NO_TIER, np.intp),
            np.full(shape, np.nan),
            np.zeros(shape),
            np.zeros(k, bool),
            np.zeros(k, bool),
            {},
        )

    def waiting(self) -> list[int]:
        """Items that have no places yet and must be marked again."""
        return [int(item) for item in np.flatnonzero(~self.stands)]

    def skip(self, item: int, *problems: Problem) -> None:
        """Note why an item has no result."""
        self.skipped[item] = problems

    def drop_empty(self) -> None:
        """Let the items wait with which nobody has a total; marking again tells why."""
        self.stands &= ~np.isnan(self.totals).all(axis=1)

    def mark(self, item: int, given: Nominal) -> Marks | None:
        """Mark again with other weights; None where it cannot be done."""
        plan = self.base.plan
        leaf_of = np.array([column.leaf for column in plan.columns], np.intp)
        out = given.weightless[:, plan.layout.leaves][:, leaf_of]
        changed = replace(plan, given=given, weightless=out[given.profiles] if out.any() else None)
        return self._mark(item, changed, self.base.marker.values, self.base.inputs)

    def mark_without_unit(self, item: int, plan: TrackPlan, row: int) -> None:
        """Mark again with other comparison groups."""
        values, inputs = self.base.marker.values, self.base.inputs
        if any(column.expression is not None for column in plan.columns):
            # What an expression makes of its group is another value without the unit.
            values = TrackValues(
                values.units, values.observed, values.targets, values.indicators, values.expressions, plan.groups
            )
            inputs = gather(plan, values)
        if self._mark(item, plan, values, inputs) is not None:
            self.totals[item, row] = np.nan

    def _mark(self, item: int, plan: TrackPlan, values: TrackValues, inputs: Inputs) -> Marks | None:
        marker = self.base.marker
        marks = Marker(plan, Scorer(plan, marker.scorer.parts), values, marker.happenings).mark(inputs)
        self.remarked[item] = self.stands[item] = True
        problems = problems_of(marks)
        if problems:
            self.skip(item, *problems)
            return None
        rows = self.base.rows
        self.totals[item], self.ranks[item], self.tiers[item] = (
            marks.totals[rows],
            marks.final.ranks[rows],
            marks.final.tiers[rows],
        )
        return marks

    def stand(self) -> None:
        """Give places and tiers by totals; items whose ties ask for more than totals stay waiting."""
        plan, rows = self.base.plan, self.base.rows
        tolerance = TOLERANCE * plan.full_mark
        codes, ranked = plan.rank_codes[rows], plan.ranked[rows]
        self.stands[:] = True
        for code in np.unique(codes):
            columns = np.flatnonzero((codes == code) & ranked)
            totals = self.totals[:, columns]
            whole = ~np.isnan(totals).any(axis=1)
            gaps = np.diff(np.sort(totals, axis=1), axis=1)
            with np.errstate(invalid="ignore"):
                # Rounding may put a gap that is just the tolerance on either side of it.
                near = np.abs(gaps - tolerance) <= 1e-3 * tolerance
                if plan.track.ties.by or plan.track.ties.otherwise == "error":
                    near |= gaps <= tolerance
            self.stands &= ~near.any(axis=1)
            placed = np.zeros(totals.shape, np.intp)
            placed[whole] = rank_rows(totals[whole], tolerance)[0]
            for item in np.flatnonzero(~whole):
                placed[item] = ranking.competition_rank(totals[item], np.zeros(len(columns), np.intp), tolerance=tolerance)
            self.ranks[:, columns] = placed
        if plan.track.tiers:
            for item in np.flatnonzero(self.stands):
                self.tiers[item], _ = deal(plan.track.tiers, self.ranks[item], codes, self.totals[item], {}, tolerance)

    def moves(self, way: Way, names: tuple[str, ...], before: IntArray | None = None) -> Moves:
        """What came of it."""
        rows, marks = self.base.rows, self.base.marks
        kept = np.array([item not in self.skipped for item in range(len(names))], bool)
        return Moves(
            self.base,
            way,
            tuple(name for name, keep in zip(names, kept, strict=True) if keep),
            marks.totals[rows][None],
            marks.final.ranks[rows][None] if before is None else before[kept],
            self.totals[kept],
            self.ranks[kept],
            self.tiers[kept],
            self.others[kept],
            self.weights[kept],
            self.remarked[kept],
            tuple((names[item], problems) for item, problems in sorted(self.skipped.items())),
        )
