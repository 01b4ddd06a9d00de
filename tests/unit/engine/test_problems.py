"""What stops a marking. The words are tested where an author reads them: with the corpus of broken folders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, marks_of, refusals
from tongkao.engine import messages as say
from tongkao.engine.problems import problems_of
from tongkao.engine.result import score

Refusal = tuple[str, str, str, dict[str, Any]]


def missing(unit: str, node: str) -> Refusal:
    return say.MISSING_VALUE, unit, node, {}


def no_answer(unit: str, method: str, value: float) -> Refusal:
    return say.NO_ANSWER, unit, "x", {"method": method, "value": value}


def test_every_missing_cell_is_listed() -> None:
    found = refusals(assess({"x": 50, "y": 50}, "unit x y\nb - .\na 1 -"))
    assert found == [missing("a", "y"), missing("b", "x"), missing("b", "y")]


def test_every_cell_that_is_not_applicable() -> None:
    found = refusals(assess({"x": 50, "y": 50}, "unit x y\na n/a 1", not_applicable="error"))
    assert found == [(say.NOT_APPLICABLE_VALUE, "a", "x", {})]


def unanswered(score: dict[str, Any], values: str = "unit x\na 5", **more: Any) -> list[Refusal]:
    return refusals(assess({"x": 100}, values, indicators={"x": {"score": score, **more.pop("rule", {})}}, **more))


@pytest.mark.parametrize("method", ["target", "base_step", "challenge", "distance_to_target"])
def test_no_target(method: str) -> None:
    rule = {"method": method} | ({"step": 1} if method == "base_step" else {})
    assert unanswered(rule) == [(say.NO_TARGET, "a", "x", {"method": method, "which": "target"})]


def test_no_challenge_value() -> None:
    found = unanswered({"method": "challenge"}, targets="unit indicator target\n- x 3")
    assert found == [(say.NO_TARGET, "a", "x", {"method": "challenge", "which": "challenge"})]


def test_no_answer() -> None:
    found = unanswered({"method": "ratio_to_best"}, "unit x\na 0\nb 0")
    assert found == [no_answer("a", "ratio_to_best", 0), no_answer("b", "ratio_to_best", 0)]
    assert unanswered({"method": "target"}, targets="unit indicator target\n- x 0") == [no_answer("a", "target", 5)]


def test_the_group_has_no_value() -> None:
    more = {"track": {"unranked": ["a"]}, "missing": "zero"}
    assert unanswered({"method": "minmax"}, "unit x\na 5\nb -", **more) == [no_answer("a", "minmax", 5)]


def test_the_reference_unit_has_no_value() -> None:
    rule = {"method": "distance_to_reference", "unit": "b"}
    found = unanswered(rule, "unit x\na 5\nb -\nc 6", missing="zero")
    assert found == [(say.REFERENCE_MISSING, unit, "x", {"reference": "b"}) for unit in "ac"]


def test_rates_that_a_mean_cannot_take() -> None:
    tree = {"p": {"points": 100, "aggregate": "harmonic", "children": {"x": 50, "y": 50}}}
    assert refusals(assess(tree, "unit x y\na 0 5\nb 3 -2.5\nc 1 1")) == [
        (say.NOT_POSITIVE, "a", "p", {"aggregate": "harmonic", "child": "x", "rate": 0}),
        (say.NOT_POSITIVE, "b", "p", {"aggregate": "harmonic", "child": "y", "rate": -2.5}),
    ]


def test_ties_where_the_scheme_allows_none() -> None:
    track = {"ties": {"by": ["x"], "otherwise": "error"}}
    tree = {"x": {"weight": 1}, "y": {"weight": 1}}
    values = "unit x y\na 5 5\nb 5 5\nc 4 6\nd 1 1\ne 1 1"
    assert refusals(assess(tree, values, track=track)) == [
        (say.TIED, "", "total", {"units": ["a", "b"]}),
        (say.TIED, "", "total", {"units": ["d", "e"]}),
    ]
    assert score(assess(tree, "unit x y\na 5 5\nc 4 6", track=track)).results["rank"].to_list() == [1, 2]


def test_ties_in_another_class_or_of_units_listed_apart_are_none() -> None:
    track = {"ties": {"otherwise": "error"}, "rank_within": "class", "unranked": ["c"]}
    assert (
        problems_of(marks_of(assess({"x": 100}, "unit x\na 5\nb 5\nc 5", units="unit class\na n\nb s\nc n", track=track))) == []
    )


def test_ties_are_not_told_while_totals_are_wrong_for_other_reasons() -> None:
    track = {"ties": {"otherwise": "error"}}
    assert refusals(assess({"x": 50, "y": 50}, "unit x y\na 5 5\nb 5 5\nc - 1", track=track)) == [missing("c", "x")]


def test_the_problems_of_all_tracks_are_told_together() -> None:
    units = "unit track\na t\nb s"
    assert refusals(assess({"x": 100}, "unit x\na -\nb -", units=units, tracks={"s": {"tree": {"x": 100}}})) == [
        missing("a", "x"),
        missing("b", "x"),
    ]


def test_the_year_is_told_in_a_panel() -> None:
    assert refusals(assess({"x": 100}, "unit x\na 1", panel={"years": [2019, 2020]})) == [missing("a (2019)", "x")]
