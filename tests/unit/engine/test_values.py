"""Values of indicators."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.unit.engine.cases import NAN, assess, plan_of
from tongkao.engine.inputs import look_up
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.values import TrackValues
from tongkao.scheme.expressions import parse

P, M, N = PRESENT, MISSING, NOT_APPLICABLE
UNITS = """
unit class people word
u    north 2      a
v    north 4      -
w    south -      b
"""
VALUES = """
unit x   y
u    10  1
v    20  n/a
w    30  -
"""
EARLIER = """
unit indicator period value
u    x         2019   8
v    x         2019   10
w    x         2018   5
u    help      2020   3
u    m         2020-01 1
u    m         2020-03 5
v    m         2020-02 4
"""


def look(**more: Any) -> TrackValues:
    tree = more.pop("tree", {"x": {"weight": 1}, "y": {"weight": 1}})
    assessment = assess(tree, VALUES, units=UNITS, observations=EARLIER, **more)
    return look_up(plan_of(assessment), assessment)


def evaluated(text: str, *, indicator: str = "x", year: int = 2020, **more: Any) -> list[float | int | None]:
    column = look(**more).expression(parse(text), indicator, year)
    return [
        value if state == P else {M: "missing", N: "n/a"}[state]
        for value, state in zip(column.values.tolist(), column.state, strict=True)
    ]


def test_an_indicator_is_its_own_observation_of_the_year() -> None:
    column = look().indicator("y", 2020)
    assert np.array_equal(column.values, [1, NAN, NAN], equal_nan=True)
    assert column.state.tolist() == [P, N, M]


def test_an_indicator_with_an_expression_is_that_expression() -> None:
    values = look(indicators={"x": {"value": "2 * help + people"}})
    column = values.indicator("x", 2020)
    assert column.values[0] == 2 * 3 + 2
    assert column.state.tolist() == [P, M, M]
    assert values.indicator("x", 2020) is column


def test_names_are_indicators_then_observations_then_columns_of_the_units() -> None:
    assert evaluated("x + help") == [13, "missing", "missing"]
    assert evaluated("people") == [2, 4, "missing"]
    assert evaluated('if(word == "a", 1, 2)') == [1, "missing", 2]
    # A name in an expression is the other indicator's value, its own expression where it has one.
    assert evaluated("y + 1", indicators={"y": {"value": "x * x"}}) == [101, 401, 901]


def test_a_part_that_is_missing_or_not_applicable() -> None:
    assert evaluated("x + y") == [11, "n/a", "missing"]
    assert evaluated("y + help") == [4, "n/a", "missing"]


def test_prev_and_growth_look_at_the_same_name_earlier() -> None:
    assert evaluated("prev(x)") == [8, 10, "missing"]
    assert evaluated("prev(x, 2)") == ["missing", "missing", 5]
    assert evaluated("growth(x)") == [25, 100, "missing"]
    # An indicator by expression: the expression of the year before.
    assert evaluated("prev(y)", indicators={"y": {"value": "x / 2"}}) == [4, 5, "missing"]


def test_another_year_sees_its_own_values() -> None:
    assert evaluated("x", year=2019) == [8, 10, "missing"]


def test_months_of_the_year() -> None:
    assert evaluated("periods_sum(m)") == [6, 4, "missing"]
    assert evaluated("periods_mean(m)") == [3, 4, "missing"]
    assert evaluated("periods_last(m)") == [5, 4, "missing"]
    assert evaluated("periods_sum(m)", year=2019) == ["missing"] * 3


def test_a_name_that_does_not_apply_has_no_months() -> None:
    assessment = assess(
        {"x": 100},
        "unit x\nu 1\nv 1",
        observations="unit indicator period value state\nv k 2020 - not_applicable\nu k 2020-01 2 -",
    )
    column = look_up(plan_of(assessment), assessment).expression(parse("periods_sum(k)"), "x", 2020)
    assert column.state.tolist() == [P, N]


def test_statistics_of_the_comparison_group() -> None:
    assert evaluated("best(x)") == [30, 30, 30]
    assert evaluated("worst(x)") == [10, 10, 10]
    assert evaluated("mean(x)") == [20, 20, 20]
    assert evaluated("median(x)") == [20, 20, 20]
    assert evaluated("total(x)") == [60, 60, 60]
    assert evaluated("100 * x / total(x)")[2] == 50


def test_best_and_worst_follow_the_direction() -> None:
    down = {"x": {"direction": "down"}}
    assert evaluated("best(x)", indicators=down) == [10, 10, 10]
    assert evaluated("worst(x)", indicators=down) == [30, 30, 30]


def test_statistics_are_of_the_class_where_the_indicator_compares_in_classes() -> None:
    assert evaluated("mean(x)", indicators={"x": {"compare": "class"}}) == [15, 15, 30]


def test_units_listed_apart_and_those_of_weight_0_see_the_group_but_do_not_count() -> None:
    assert evaluated("best(x)", track={"unranked": ["w"]}) == [20, 20, 20]
    tree = {"x": {"weight": {"default": 1, "south": 0}}, "y": {"weight": 1}}
    assert evaluated("total(x)", tree=tree) == [30, 30, 30]


def test_units_without_the_value_are_left_out_of_statistics() -> None:
    assert evaluated("mean(prev(x))") == [9, 9, 9]
    # The unit to which it does not apply sees the group's mean; its own part makes the whole not applicable.
    assert evaluated("mean(y)") == [1, 1, 1]
    assert evaluated("y / mean(y)") == [1, "n/a", "missing"]
    assert evaluated("mean(prev(y))") == ["missing"] * 3


def test_targets_are_those_of_the_indicator_that_is_valued() -> None:
    targets = "unit indicator target baseline challenge\n- x 50 10 60\nv x 40 - -"
    assert evaluated("target()", targets=targets) == [50, 40, 50]
    assert evaluated("baseline() + challenge()", targets=targets) == [70, "missing", 70]
    assert evaluated("target()", indicator="y", targets=targets) == ["missing"] * 3
