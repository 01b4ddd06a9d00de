"""What stops a marking, in the words its author reads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, marks_of, refusals
from tongkao.engine.problems import problems_of
from tongkao.engine.result import score
from tongkao.errors import MarkingError

MISSING = (
    "the value is missing, and the indicator says that marking stops then (missing: error); "
    "report it, or give the indicator another policy"
)
NO_ANSWER = "(division by zero, or no value in the comparison group)"


def test_every_missing_cell_is_listed() -> None:
    assert refusals(assess({"x": 50, "y": 50}, "unit x y\nb - .\na 1 -")) == [
        f"unit a node y: {MISSING}",
        f"unit b node x: {MISSING}",
        f"unit b node y: {MISSING}",
    ]


def test_every_cell_that_is_not_applicable() -> None:
    assert refusals(assess({"x": 50, "y": 50}, "unit x y\na n/a 1", not_applicable="error")) == [
        "unit a node x: the indicator is not applicable to the unit, and the scheme says that marking stops then "
        "(not_applicable: error)"
    ]


def unanswered(score: dict[str, Any], values: str = "unit x\na 5", **more: Any) -> list[str]:
    return refusals(assess({"x": 100}, values, indicators={"x": {"score": score, **more.pop("rule", {})}}, **more))


@pytest.mark.parametrize("method", ["target", "base_step", "challenge", "distance_to_target"])
def test_no_target(method: str) -> None:
    rule = {"method": method} | ({"step": 1} if method == "base_step" else {})
    assert unanswered(rule) == [f"unit a node x: method {method} needs a target, and the table of targets has none for the unit"]


def test_no_challenge_value() -> None:
    assert unanswered({"method": "challenge"}, targets="unit indicator target\n- x 3") == [
        "unit a node x: method challenge needs a challenge, and the table of targets has none for the unit"
    ]


def test_no_answer() -> None:
    assert unanswered({"method": "ratio_to_best"}, "unit x\na 0\nb 0") == [
        f"unit {unit} node x: method ratio_to_best has no answer for the value 0 {NO_ANSWER}" for unit in "ab"
    ]
    assert unanswered({"method": "target"}, targets="unit indicator target\n- x 0") == [
        f"unit a node x: method target has no answer for the value 5 {NO_ANSWER}"
    ]


def test_the_group_has_no_value() -> None:
    more = {"track": {"unranked": ["a"]}, "missing": "zero"}
    assert unanswered({"method": "minmax"}, "unit x\na 5\nb -", **more) == [
        f"unit a node x: method minmax has no answer for the value 5 {NO_ANSWER}"
    ]


def test_the_reference_unit_has_no_value() -> None:
    rule = {"method": "distance_to_reference", "unit": "b"}
    assert unanswered(rule, "unit x\na 5\nb -\nc 6", missing="zero") == [
        f"unit {unit} node x: the reference unit b has no value of the indicator, so nobody can be scored against it"
        for unit in "ac"
    ]


def test_rates_that_a_mean_cannot_take() -> None:
    tree = {"p": {"points": 100, "aggregate": "harmonic", "children": {"x": 50, "y": 50}}}
    assert refusals(assess(tree, "unit x y\na 0 5\nb 3 -2.5\nc 1 1")) == [
        "unit a node p: the harmonic mean needs rates above 0; x has 0",
        "unit b node p: the harmonic mean needs rates above 0; y has -2.5",
    ]


def test_ties_where_the_scheme_allows_none() -> None:
    track = {"ties": {"by": ["x"], "otherwise": "error"}}
    tree = {"x": {"weight": 1}, "y": {"weight": 1}}
    values = "unit x y\na 5 5\nb 5 5\nc 4 6\nd 1 1\ne 1 1"
    assert refusals(assess(tree, values, track=track)) == [
        "node total: equal totals, and the scheme allows none (ties.otherwise: error): a, b",
        "node total: equal totals, and the scheme allows none (ties.otherwise: error): d, e",
    ]
    assert score(assess(tree, "unit x y\na 5 5\nc 4 6", track=track)).results["rank"].to_list() == [1, 2]


def test_ties_in_another_class_or_of_units_listed_apart_are_none() -> None:
    track = {"ties": {"otherwise": "error"}, "rank_within": "class", "unranked": ["c"]}
    assert (
        problems_of(marks_of(assess({"x": 100}, "unit x\na 5\nb 5\nc 5", units="unit class\na n\nb s\nc n", track=track))) == []
    )


def test_ties_are_not_told_while_totals_are_wrong_for_other_reasons() -> None:
    track = {"ties": {"otherwise": "error"}}
    assert refusals(assess({"x": 50, "y": 50}, "unit x y\na 5 5\nb 5 5\nc - 1", track=track)) == [f"unit c node x: {MISSING}"]


def test_the_problems_of_all_tracks_are_told_together() -> None:
    units = "unit track\na t\nb s"
    assert refusals(assess({"x": 100}, "unit x\na -\nb -", units=units, tracks={"s": {"tree": {"x": 100}}})) == [
        f"unit a node x: {MISSING}",
        f"unit b node x: {MISSING}",
    ]


def test_the_year_is_told_in_a_panel() -> None:
    assert refusals(assess({"x": 100}, "unit x\na 1", panel={"years": [2019, 2020]})) == [f"unit a (2019) node x: {MISSING}"]


def test_problems_in_chinese() -> None:
    with pytest.raises(MarkingError) as caught:
        score(assess({"x": 100}, "unit x\na -"))
    assert caught.value.describe("zh") == (
        "单位 a 指标 x: 缺少数值，而该指标规定缺数时停止计分（missing: error）。请补报数值，或为该指标规定缺数的处理办法"
    )
