"""The front door of the engine: an assessment goes in, a result comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from tongkao.engine.awards import awards
from tongkao.engine.events import happenings
from tongkao.engine.explain import explain
from tongkao.engine.history import read_past
from tongkao.engine.inputs import gather, look_up
from tongkao.engine.marking import Marker, Marks
from tongkao.engine.plan import compile_track
from tongkao.engine.problems import problems_of
from tongkao.engine.quotas import quotas
from tongkao.engine.scoring import Scorer
from tongkao.engine.tabulate import Marked, panel_table, results_table, scores_table
from tongkao.engine.trace import trace_table
from tongkao.engine.treat import decisions_table
from tongkao.errors import MarkingError, Problem
from tongkao.folder.assessment import Assessment


@dataclass(frozen=True)
class Result:
    """A marked assessment.

    Attributes:
        assessment: What was marked.
        tracks: Each track with its marking, earlier results and awards.
        quotas: Nominations and lists, one row a nomination.
    """

    assessment: Assessment
    tracks: Mapping[str, Marked]
    quotas: pl.DataFrame = field(repr=False)

    @cached_property
    def results(self) -> pl.DataFrame:
        """One row a unit: total, rank, tier, last year's, awards."""
        return results_table(self.tracks)

    @cached_property
    def scores(self) -> pl.DataFrame:
        """One row a unit and node: full mark, rate, points, place."""
        return scores_table(self.tracks)

    @cached_property
    def panel(self) -> pl.DataFrame:
        """Scores of every year of a panel; no rows without a panel."""
        return panel_table(self.tracks)

    @cached_property
    def trace(self) -> pl.DataFrame:
        """Everything that was computed; see :mod:`tongkao.engine.trace`."""
        return trace_table(self.tracks, self.assessment.observations)

    @cached_property
    def treatment(self) -> pl.DataFrame:
        """What was decided in the treatment of each indicator."""
        parts = [
            decisions_table(marked.marks.prepared.decisions).select(pl.lit(name).alias("track"), pl.all())
            for name, marked in sorted(self.tracks.items())
        ]
        return pl.concat(parts)

    def explain(self, unit: str, node: str | None = None) -> dict[str, Any]:
        """Explain how a unit came to its points.

        Args:
            unit: Id of the unit.
            node: An indicator, a dimension or a paper; the total when left out.

        Returns:
            Plain data in both languages, see :mod:`tongkao.engine.explanation_schema`;
            :func:`tongkao.engine.explain_text.render` makes a text of it.

        Raises:
            ExplainError: If there is no such unit or node; the nearest one is named.
        """
        return explain(self.assessment, self.trace, self.results, unit, node)


def compile_markers(assessment: Assessment) -> dict[str, Marker]:
    """Compile every track of an assessment, ready to be marked again and again with other inputs."""
    markers = {}
    for track_id in assessment.scheme.tracks:
        plan = compile_track(assessment, track_id)
        found = happenings(assessment.events, assessment.scheme.events, plan.unit_ids, plan.main().start)
        markers[track_id] = Marker(plan, Scorer.of(plan), look_up(plan, assessment), tuple(found))
    return markers


def score(assessment: Assessment) -> Result:
    """Mark an assessment.

    Args:
        assessment: As :func:`tongkao.read_folder` gives it.

    Returns:
        The result; its tables are made when they are asked for.

    Raises:
        MarkingError: A value is missing where the policy is ``error``, a method has no answer, totals are tied where the
            scheme allows none, or more was nominated than a quota allows; every such cell is listed.
    """
    marks: dict[str, Marks] = {}
    problems: list[Problem] = []
    for track_id, marker in compile_markers(assessment).items():
        marks[track_id] = marker.mark(gather(marker.plan, marker.values))
        problems += problems_of(marks[track_id])
    if problems:
        raise MarkingError(problems)
    lists, problems = quotas(marks, assessment.nominations)
    if problems:
        raise MarkingError(problems)
    tracks = {}
    for track_id, marked in marks.items():
        past = read_past(
            marked.plan.unit_ids, assessment.history, track_id, assessment.scheme.year, assessment.scheme.year_before
        )
        tracks[track_id] = Marked(marked, past, awards(marked, past))
    return Result(assessment, tracks, lists)
