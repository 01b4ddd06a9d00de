"""Outliers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.unit.engine.cases import NAN, assess, marks_of, of_node
from tongkao.engine.result import score
from tongkao.engine.treat import treat

CLIP = {"method": "clip", "low": 10, "high": 40}
WINSORISE = {"method": "winsorise", "max": 1, "skew": 1, "kurtosis": 1}
VALUES = "unit x y\n" + "\n".join(f"u{n} {n} {n}" for n in range(1, 9)) + "\nu9 100 100"


def treated(assessment: Any, column: int = 0) -> list[float]:
    return marks_of(assessment).prepared.treated[:, column].tolist()


def test_clip_pulls_values_to_the_limits() -> None:
    values = "unit x\na 5\nb 20\nc 50"
    assert of_node(assess({"x": 100}, values, indicators={"x": {"treat": CLIP}}), "x") == {"a": 10, "b": 20, "c": 40}
    assert of_node(assess({"x": 100}, values, treat={"method": "clip", "low": 10}), "x") == {"a": 10, "b": 20, "c": 50}


def test_treatment_at_the_top_is_the_default_and_an_indicator_may_go_without() -> None:
    values = "unit x y z\na 5 5 5\nb 50 50 50"
    rules = {"x": {"treat": "none"}, "y": {"treat": {"method": "clip", "high": 45}}}
    assessment = assess({"x": 30, "y": 30, "z": 40}, values, indicators=rules, treat=CLIP)
    assert marks_of(assessment).prepared.treated.tolist() == [[5, 5, 10], [50, 45, 40]]


def test_winsorise_pulls_in_the_farthest_value() -> None:
    assert treated(assess({"x": 50, "y": 50}, VALUES, indicators={"x": {"treat": WINSORISE}})) == [1, 2, 3, 4, 5, 6, 7, 8, 8]


def test_units_listed_apart_decide_nothing_but_are_treated() -> None:
    assessment = assess({"x": 50, "y": 50}, VALUES, treat=WINSORISE, track={"unranked": ["u9"]})
    decisions = score(assessment).treatment
    assert decisions["pass_before"].to_list() == [True, True]
    clipped = assess({"x": 50, "y": 50}, VALUES, treat=CLIP, track={"unranked": ["u9"]})
    assert treated(clipped)[-1] == 40


def test_each_class_is_treated_apart_where_the_indicator_compares_in_classes() -> None:
    units = "unit class\n" + "\n".join(f"u{n} {'ab'[n > 4]}" for n in range(1, 10))
    assessment = assess({"x": 50, "y": 50}, VALUES, units=units, indicators={"x": {"compare": "class"}}, treat=WINSORISE)
    found = (
        score(assessment).treatment.filter(pl.col("indicator") == "x").select("group", "pass_before", "winsorised_high").rows()
    )
    assert found == [("a", True, 0), ("b", False, 1)]
    assert treated(assessment) == [1, 2, 3, 4, 5, 6, 7, 8, 8]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"method": "log", "variant": "plain"}, [math.log(1), math.log(3), math.log(9)]),
        ({"method": "log"}, [math.log(0.08), math.log(2.08), math.log(8.08)]),  # x - 1 + 0.01 * (9 - 1)
        ({"method": "boxcox", "exponent": 1}, [0, 2, 8]),
    ],
)
def test_transformations(rule: dict[str, Any], expected: list[float]) -> None:
    assert treated(assess({"x": 100}, "unit x\na 1\nb 3\nc 9", treat=rule)) == pytest.approx(expected)


def test_coin_takes_the_logarithm_where_winsorising_does_not_suffice() -> None:
    values = "unit x\n" + "\n".join(f"u{n:02} {10 ** (n / 3)}" for n in range(12))
    decisions = score(assess({"x": 100}, values, treat={"method": "coin", "max": 1, "skew": 1, "kurtosis": 1})).treatment
    assert decisions.select("pass_before", "pass_winsorised", "log").rows() == [(False, False, True)]


def test_values_are_scored_after_treatment_in_a_group_of_treated_values() -> None:
    rules = {"x": {"treat": CLIP, "score": {"method": "minmax"}}}
    assert of_node(assess({"x": 100}, "unit x\na 0\nb 25\nc 90", indicators=rules), "x") == {"a": 0, "b": 50, "c": 100}


def test_missing_values_stay_missing() -> None:
    found = marks_of(assess({"x": 100}, "unit x\na -\nb 90", missing="zero", treat=CLIP)).prepared.treated
    assert np.array_equal(found, [[NAN], [40]], equal_nan=True)


def test_decisions_say_what_was_done() -> None:
    result = score(assess({"x": 50, "y": 50}, VALUES, indicators={"x": {"treat": WINSORISE}, "y": {"treat": CLIP}}))
    columns = (
        "track",
        "year",
        "indicator",
        "group",
        "method",
        "pass_before",
        "pass_winsorised",
        "winsorised_high",
        "winsorised_low",
        "log",
    )
    assert result.treatment.select(columns).rows() == [
        ("t", 2020, "x", "", "winsorise", False, True, 1, 0, False),
        ("t", 2020, "y", "", "clip", None, None, 0, 0, False),
    ]


def test_nothing_is_treated() -> None:
    assessment = assess({"x": 100}, "unit x\na 1")
    marks = marks_of(assessment)
    after = treat(marks.plan, marks.prepared.values, np.array([0]))
    assert after.x is marks.prepared.values
    assert (after.marks, after.decisions) == (None, ())
    assert score(assessment).treatment.height == 0
