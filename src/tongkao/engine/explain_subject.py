"""What an explanation is made from: the records of one unit in the trace, the results of its track, the scheme and its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from tongkao.engine.explain_messages import NO_SUCH_NODE, NO_SUCH_TRACK, NO_SUCH_UNIT, OTHER_TRACK
from tongkao.engine.inputs import look_up
from tongkao.engine.layout import ROOT
from tongkao.engine.plan import TrackPlan, compile_track
from tongkao.engine.values import TrackValues
from tongkao.errors import Place, Problem, TongkaoError, nearest
from tongkao.folder.assessment import Assessment
from tongkao.scheme.model import Indicator

Block = dict[str, Any]
Record = Mapping[str, Any]
Words = dict[str, str]


class ExplainError(TongkaoError, KeyError):
    """There is no such unit, node or track to explain; the message names the nearest one."""

    def __str__(self) -> str:
        """The message; a ``KeyError`` alone would put it in quotes."""
        return self.describe("en")


@dataclass(frozen=True)
class TrackSubject:
    """Everything about one track that the explanations of its units share.

    Attributes:
        assessment: What was marked.
        plan: The track's plan.
        trace: The track's records.
        results: The track's rows of the results.
    """

    assessment: Assessment
    plan: TrackPlan
    trace: pl.DataFrame
    results: pl.DataFrame

    @cached_property
    def values(self) -> TrackValues:
        """Look-up of values, for the numbers in expressions."""
        return look_up(self.plan, self.assessment)

    @cached_property
    def nodes(self) -> pl.DataFrame:
        """The records of nodes."""
        return self.trace.filter(pl.col("record") == "node")

    def ranked(self, unit_class: str) -> pl.DataFrame:
        """Results of the units in the list in which a unit of that class is ranked."""
        ranked = self.results.filter(pl.col("rank").is_not_null())
        return ranked.filter(pl.col("class") == unit_class) if self.plan.track.rank_within == "class" else ranked

    @cached_property
    def place_counts(self) -> dict[tuple[str, str], int]:
        """How many ranked units have a place at each (class or "", node)."""
        lists = pl.col("class") if self.plan.track.rank_within == "class" else pl.lit("").alias("class")
        placed = self.nodes.filter(pl.col("place").is_not_null())
        counted = placed.select(lists, "node").group_by("class", "node").len()
        return {(name, node): count for name, node, count in counted.iter_rows()}


@dataclass(frozen=True)
class Subject:
    """One unit that is explained.

    Attributes:
        track: Its track.
        unit: Its id.
        row: Its place among the units of the track.
        nodes: Its record at each node.
        parts: Its records of the parts of each mix.
        events: Its records of events.
        notes: Its records of tiers.
        result: Its row of the results.
    """

    track: TrackSubject
    unit: str
    row: int
    nodes: Mapping[str, Record]
    parts: Mapping[str, list[Record]]
    events: list[Record]
    notes: list[Record]
    result: Record

    @property
    def plan(self) -> TrackPlan:
        """The plan of its track."""
        return self.track.plan

    @cached_property
    def unit_row(self) -> Record:
        """Its row of the table of units."""
        return self.plan.units.row(self.row, named=True)

    @property
    def unit_class(self) -> str:
        """Its class, "" for none."""
        return str(self.unit_row["class"])

    @property
    def names(self) -> Words:
        """Its names; the id where the table has none."""
        return {
            "zh": self.unit_row["name_zh"] or self.unit_row["name_en"] or self.unit,
            "en": self.unit_row["name_en"] or self.unit_row["name_zh"] or self.unit,
        }

    @cached_property
    def observations(self) -> Mapping[tuple[str, str], Record]:
        """Its own observations, by name and period."""
        own = self.track.assessment.observations.filter(pl.col("unit") == self.unit)
        return {(row["indicator"], row["period"]): row for row in own.iter_rows(named=True)}

    def indicator(self, node: str) -> Indicator:
        """The indicator of a leaf."""
        return self.plan.scheme.indicators[node]

    def title(self, node: str) -> Words:
        """Name of a node."""
        if node == ROOT:
            return {"zh": "总分", "en": "Total"}
        found = self.plan.layout.nodes[self.plan.layout.column(node)]
        title = self.indicator(node).title if node in self.plan.scheme.indicators else getattr(found, "title", None)
        return {"zh": title.zh, "en": title.en} if title is not None else {"zh": node, "en": node}

    def children(self, node: str) -> list[str]:
        """Nodes right below, in the order of the tree."""
        layout = self.plan.layout
        column = layout.column(node)
        return [layout.ids[child] for child, parent in enumerate(layout.parent.tolist()) if parent == column]

    def parent(self, node: str) -> str | None:
        """The node right above, None for the root."""
        layout = self.plan.layout
        above = int(layout.parent[layout.column(node)])
        return None if above < 0 else layout.ids[above]

    def below(self, node: str) -> list[str]:
        """A node and everything under it, as one reads the tree."""
        return [node, *(inner for child in self.children(node) for inner in self.below(child))]

    def counts(self, node: str) -> bool:
        """Whether a node counts for the unit: it stays, and so does everything above it."""
        above: str | None = node
        while above is not None:
            if self.nodes[above]["status"] != "stays":
                return False
            above = self.parent(above)
        return True

    def place_count(self, node: str) -> int:
        """How many units of its list have a place at a node."""
        name = self.unit_class if self.plan.track.rank_within == "class" else ""
        return self.track.place_counts.get((name, node), 0)


class Explainer:
    """Explains the units of one marking; what several explanations need is worked out once.

    Args:
        assessment: What was marked.
        trace: The table ``trace``.
        results: The table ``results``.
    """

    def __init__(self, assessment: Assessment, trace: pl.DataFrame, results: pl.DataFrame) -> None:
        self.assessment = assessment
        self.trace = trace
        self.results = results
        self._tracks: dict[str, TrackSubject] = {}

    def track(self, name: str) -> TrackSubject:
        """One track."""
        if name not in self._tracks:
            own = pl.col("track") == name
            plan = compile_track(self.assessment, name)
            self._tracks[name] = TrackSubject(self.assessment, plan, self.trace.filter(own), self.results.filter(own))
        return self._tracks[name]

    def subject(self, unit: str, track: str | None = None) -> Subject:
        """One unit.

        Args:
            unit: Its id.
            track: Its track, where that should be checked.

        Raises:
            ExplainError: If there is no such unit, or it belongs to another track.
        """
        tracks = self.assessment.scheme.tracks
        if track is not None and track not in tracks:
            raise _error(NO_SUCH_TRACK, unit, track=track, nearest=nearest(track, tracks))
        found = self.results.filter(pl.col("unit") == unit)
        if not found.height:
            near = nearest(unit, self.results["unit"].to_list())
            raise _error(NO_SUCH_UNIT, "", unit=unit, nearest=near)
        result = found.row(0, named=True)
        if track not in (None, result["track"]):
            raise _error(OTHER_TRACK, unit, unit=unit, actual=result["track"], track=track)
        shared = self.track(result["track"])
        own = shared.trace.filter(pl.col("unit") == unit)
        records = {kind: part.to_dicts() for (kind,), part in own.partition_by("record", as_dict=True).items()}
        parts: dict[str, list[Record]] = {}
        for record in records.get("part", []):
            parts.setdefault(record["node"], []).append(record)
        return Subject(
            shared,
            unit,
            shared.plan.unit_ids.index(unit),
            {record["node"]: record for record in records["node"]},
            parts,
            list(records.get("event", [])),
            list(records.get("tier", [])),
            result,
        )


def check_node(subject: Subject, node: str) -> None:
    """Refuse a node that the unit's track does not have.

    Raises:
        ExplainError: With the nearest node.
    """
    ids = subject.plan.layout.ids
    if node not in ids:
        fields = {"track": subject.plan.track_id, "node": node, "nearest": nearest(node, ids)}
        raise _error(NO_SUCH_NODE, subject.unit, **fields)


def _error(code: str, at: str, /, **fields: object) -> ExplainError:
    return ExplainError([Problem(code, Place(unit=at), fields)])
