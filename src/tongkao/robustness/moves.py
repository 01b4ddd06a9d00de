"""A track as it is marked, and how leaving something out moves its units."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.inputs import Inputs, gather
from tongkao.engine.marking import Marker, Marks
from tongkao.engine.plan import TrackPlan
from tongkao.engine.problems import problems_of
from tongkao.engine.result import compile_markers
from tongkao.errors import MarkingError, Problem
from tongkao.folder.assessment import Assessment
from tongkao.robustness.leaving_chain import is_chain

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Way = Literal["left_out", "alone", "added", "unit_left_out"]


@dataclass(frozen=True)
class Base:
    """A track as it is marked, from which something is left out.

    Attributes:
        marker: The compiled track.
        inputs: Its numbers.
        marks: Its marking.
    """

    marker: Marker
    inputs: Inputs
    marks: Marks

    @property
    def plan(self) -> TrackPlan:
        """The track's plan."""
        return self.marker.plan

    @cached_property
    def rows(self) -> slice:
        """Rows of the scheme's year."""
        return self.plan.main()

    @cached_property
    def chained(self) -> bool:
        """Whether nodes can be left out without marking again."""
        return is_chain(self.marks)


def bases(assessment: Assessment) -> dict[str, Base]:
    """Mark every track of an assessment.

    Raises:
        MarkingError: If the assessment itself cannot be marked.
    """
    made, problems = {}, []
    for track_id, marker in compile_markers(assessment).items():
        inputs = gather(marker.plan, marker.values)
        marks = marker.mark(inputs)
        problems += problems_of(marks)
        made[track_id] = Base(marker, inputs, marks)
    if problems:
        raise MarkingError(problems)
    return made


@dataclass(frozen=True)
class Moves:
    """What leaving out or adding each of k items does to the n units of a track.

    Attributes:
        base: The marking that the items are compared with.
        way: ``left_out`` (a node), ``alone`` (only this node counts), ``added`` (a node put back to those that were not laid
            aside), ``unit_left_out``.
        items: Ids of the nodes or units, k of them.
        before_totals: Totals that are compared with, (k, n) or (1, n) for all; NaN where there is none.
        before_ranks: Places that are compared with, likewise, 0 where there is none; without the unit where one is left out.
        totals: Totals without (with, of) the item, (k, n).
        ranks: Places, (k, n).
        tiers: Index of the tier, -1 for none, (k, n).
        others: Rate of what takes the node's weight, (k, n); NaN where a unit has no such, and for other ways than left out.
        weights: The node's weight in the total, (k, n); 0 where the unit does not have it.
        remarked: Whether the item's numbers come from marking again, (k,).
        skipped: Items that cannot be left out or added, and why; no row of the arrays is theirs.
    """

    base: Base
    way: Way
    items: tuple[str, ...]
    before_totals: FloatArray
    before_ranks: IntArray
    totals: FloatArray
    ranks: IntArray
    tiers: IntArray
    others: FloatArray
    weights: FloatArray
    remarked: BoolArray
    skipped: tuple[tuple[str, tuple[Problem, ...]], ...] = ()

    @property
    def unit_ids(self) -> list[str]:
        """The units."""
        return self.base.plan.unit_ids

    @cached_property
    def compared(self) -> BoolArray:
        """Units with a place both before and after, (k, n)."""
        both: BoolArray = (self.before_ranks > 0) & (self.ranks > 0)
        return both

    @cached_property
    def rises(self) -> IntArray:
        """Places that each unit rises (below 0: falls), (k, n)."""
        return np.where(self.compared, self.before_ranks - self.ranks, 0)

    @cached_property
    def gains(self) -> FloatArray:
        """Points of the total that each unit gains, (k, n); NaN where it has no total before or after."""
        gained: FloatArray = self.totals - self.before_totals
        return gained

    @cached_property
    def mean_changes(self) -> FloatArray:
        """Mean absolute rank change of the units with a place before and after, (k,)."""
        changes: FloatArray = np.abs(self.rises).sum(axis=1) / np.maximum(self.compared.sum(axis=1), 1)
        return changes

    @cached_property
    def profiles(self) -> list[int]:
        """Profiles of nominal weights, the one that most units have first."""
        counts = np.bincount(self.base.plan.given.profiles[self.base.rows])
        order: list[int] = np.argsort(-counts, kind="stable").tolist()
        return order

    def movers(self, item: int, count: int) -> tuple[list[int], list[int]]:
        """The units that rise most and those that fall most, by places, then by points, then as they are listed."""
        rises, gains = self.rises[item], self.gains[item]
        up, down = np.flatnonzero(rises > 0), np.flatnonzero(rises < 0)
        up = up[np.lexsort((up, -gains[up], -rises[up]))][:count]
        down = down[np.lexsort((down, gains[down], rises[down]))][:count]
        return up.tolist(), down.tolist()

    def receivers(self, item: int, profile: int = 0) -> list[tuple[str, float, float]]:
        """Where a node's weight goes: (node, weight in the total before, after) of its siblings, as the scheme weighs them.

        Args:
            item: Place of the node among the items.
            profile: Units with the same nominal weights (:class:`tongkao.engine.shares.Nominal`).
        """
        layout, given = self.base.plan.layout, self.base.plan.given
        column = layout.column(self.items[item])
        if self.way != "left_out" or given.weightless[profile, column]:
            return []
        share = given.shares[profile]
        siblings: list[int] = []
        while column > 0 and not siblings:
            # A node that has no other child goes as well, and its siblings take the weight.
            parent = int(layout.parent[column])
            siblings = [int(c) for c in np.flatnonzero(layout.parent == parent) if c != column and share[c] > 0]
            column = parent
        above, rest = self._weight(column, profile), sum(share[c] for c in siblings)
        return [(layout.ids[c], float(above * share[c]), float(above * share[c] / rest)) for c in siblings]

    def _weight(self, column: int, profile: int) -> float:
        share, parent = self.base.plan.given.shares[profile], self.base.plan.layout.parent
        weight = 1.0
        while column > 0:
            weight *= float(share[column])
            column = int(parent[column])
        return weight

    def summary(self) -> pl.DataFrame:
        """One row an item: its weight (mean over the units), mean absolute rank change, the largest rise and fall."""
        layout = self.base.plan.layout
        kinds = dict(zip(layout.ids, layout.kinds, strict=True))
        rows = []
        for item, name in enumerate(self.items):
            up, down = self.movers(item, 1)
            rows.append(
                (
                    self.base.plan.track_id,
                    self.way,
                    name,
                    "unit" if self.way == "unit_left_out" else kinds[name],
                    float(self.weights[item].mean()) if self.way == "left_out" else None,
                    float(self.mean_changes[item]),
                    int((self.rises[item] != 0).sum()),
                    int((self._tiers_changed(item)).sum()),
                    self.unit_ids[up[0]] if up else "",
                    int(self.rises[item, up[0]]) if up else 0,
                    self.unit_ids[down[0]] if down else "",
                    int(-self.rises[item, down[0]]) if down else 0,
                )
            )
        text, number, whole = pl.String, pl.Float64, pl.Int64
        schema = {"track": text, "way": text, "node": text, "kind": text, "weight": number, "mean_rank_change": number}
        schema |= {"moved": whole, "tiers_changed": whole}
        schema |= {"most_up": text, "places_up": whole, "most_down": text, "places_down": whole}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _tiers_changed(self, item: int) -> BoolArray:
        before = self.base.marks.final.tiers[self.base.rows]
        changed: BoolArray = self.compared[item] & (before != self.tiers[item])
        return changed

    def table(self) -> pl.DataFrame:
        """One row an item and unit: totals, ranks, points gained, rate of the item and of what takes its weight."""
        k, n = self.ranks.shape
        layout = self.base.plan.layout
        own: FloatArray = np.full((k, n), np.nan)
        if self.way != "unit_left_out":
            columns = [layout.column(name) for name in self.items]
            own = self.base.marks.climbed.rates[self.base.rows][:, columns].T
        tiers = ["", *(tier.id for tier in self.base.plan.track.tiers)]
        numbers = {
            "total_before": np.broadcast_to(self.before_totals, (k, n)),
            "total": self.totals,
            "gain": self.gains,
            "weight": self.weights,
            "rate": own,
            "rate_of_others": self.others,
        }
        ranks = {"rank_before": np.broadcast_to(self.before_ranks, (k, n)), "rank": self.ranks}
        frame = pl.DataFrame(
            {
                "track": pl.repeat(self.base.plan.track_id, k * n, eager=True, dtype=pl.String),
                "way": pl.repeat(self.way, k * n, eager=True, dtype=pl.String),
                "node": [name for name in self.items for _ in range(n)],
                "unit": self.unit_ids * k,
                **{name: array.ravel().astype(np.int64) for name, array in ranks.items()},
                **{name: np.ascontiguousarray(array).ravel() for name, array in numbers.items()},
                "tier": [tiers[tier + 1] for tier in self.tiers.ravel().tolist()],
            },
            schema_overrides={"node": pl.String, "unit": pl.String, "tier": pl.String},
        )
        return frame.with_columns(
            pl.col(list(ranks)).replace(0, None),
            pl.col(list(numbers)).fill_nan(None),
        )
