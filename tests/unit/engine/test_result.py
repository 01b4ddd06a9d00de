"""The front door of the engine."""

from __future__ import annotations

import pytest

from tests.unit.engine.cases import assess
from tongkao.engine.result import compile_markers, score
from tongkao.errors import MarkingError

TREE = {"x": 60, "y": 40}
VALUES = "unit x y\na 90 50\nb 50 90"


def test_a_marked_assessment_has_its_tables() -> None:
    assessment = assess(TREE, VALUES)
    result = score(assessment)
    assert result.assessment is assessment
    assert list(result.tracks) == ["t"]
    assert result.results.select("unit", "total", "rank").rows() == [("a", 74, 1), ("b", 66, 2)]
    assert result.scores.height == 6
    assert result.trace.height == 6
    assert (result.panel.height, result.quotas.height, result.treatment.height) == (0, 0, 0)


def test_tables_are_made_once() -> None:
    result = score(assess(TREE, VALUES))
    assert result.results is result.results
    assert result.trace is result.trace


def test_every_track_is_marked_with_its_own_units_events_and_history() -> None:
    assessment = assess(
        {"x": 100},
        "unit x\na 90\nb 50",
        units="unit track\na t\nb s",
        tracks={"s": {"tree": {"x": 10}, "full_mark": 10}},
        rules={"e": {"bonus": 1}},
        events="event unit\ne b",
        history="year track unit rank tier\n2019 t a 3 -\n2019 s b 2 -\n2019 t b 9 -",
    )
    assert score(assessment).results.select("track", "unit", "total", "rank", "rank_last").rows() == [
        ("s", "b", 6, 1, 2),
        ("t", "a", 90, 1, 3),
    ]


def test_treatment_of_all_tracks() -> None:
    assessment = assess(
        {"x": 100},
        "unit x\na 90\nb 50",
        units="unit track\na t\nb s",
        tracks={"s": {"tree": {"x": 100}}},
        treat={"method": "clip", "high": 60},
    )
    assert score(assessment).treatment.select("track", "indicator", "method").rows() == [("s", "x", "clip"), ("t", "x", "clip")]


def test_markers_are_compiled_for_every_track() -> None:
    markers = compile_markers(assess(TREE, VALUES, rules={"e": {"bonus": 1}}, events="event unit\ne b"))
    assert [(name, [happening.rule for happening in marker.happenings]) for name, marker in markers.items()] == [("t", ["e"])]


def test_a_scheme_with_a_problem_is_never_marked() -> None:
    with pytest.raises(MarkingError):
        score(assess(TREE, "unit x y\na 90 -"))
