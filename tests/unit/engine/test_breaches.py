"""Binding indicators (section 8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, marks_of, of_node


def breached(require: str, values: str, *, rule: dict[str, Any] | None = None, **more: Any) -> list[str]:
    """Units whose requirement is false."""
    binding = {"binding": {"require": require, "effect": {"deduct": 1}}}
    tree = more.pop("tree", {"x": {"weight": 1}, "y": {"weight": 1}})
    marks = marks_of(assess(tree, values, indicators={"x": {**binding, **(rule or {})}}, **more))
    assert {happening.rule for happening in marks.found} <= {"x"}
    assert all(happening.binding for happening in marks.found)
    return [marks.plan.unit_ids[happening.row - marks.plan.main().start] for happening in marks.found]


VALUES = "unit x y\na 10 1\nb 20 1\nc 30 1"


def test_whose_requirement_is_false_has_the_effect_by_itself() -> None:
    assert breached("value >= 20", VALUES) == ["a"]
    assert breached("value < 20", VALUES) == ["b", "c"]
    assert breached("value >= 5", VALUES) == []


def test_the_target_is_the_units_own() -> None:
    targets = "unit indicator target baseline challenge\n- x 15 2 25\nc x 31 - -"
    assert breached("value >= target", VALUES, targets=targets) == ["a", "c"]
    assert breached("value >= baseline and value <= challenge", VALUES, targets=targets) == []
    assert breached("value <= challenge", VALUES, targets=targets) == []
    assert breached("value >= 2 * target", VALUES, targets=targets) == ["a", "b", "c"]


def test_a_requirement_without_an_answer_is_no_breach() -> None:
    assert breached("value >= target", VALUES) == []
    assert breached("value >= target", VALUES, targets="unit indicator target\na x 15") == ["a"]


def test_rate_is_the_rate_before_any_void() -> None:
    void = {"rules": {"false": {"void": "indicator"}}, "events": "event unit indicator\nfalse c x"}
    marks = marks_of(
        assess(
            {"x": 100},
            "unit x\na 10\nc 30",
            indicators={"x": {"binding": {"require": "rate >= 25", "effect": {"deduct": 1}}}},
            **void,
        )
    )
    assert [happening.rule for happening in marks.found] == ["false", "x"]
    assert [marks.plan.unit_ids[happening.row] for happening in marks.found if happening.binding] == ["a"]


def test_missing_is_no_breach_whatever_the_policy_gives() -> None:
    values = "unit x y\na - 1\nb 20 1\nc 30 1\nd n/a 1"
    for policy in ("zero", "redistribute", {"floor": 1}, {"impute": "mean", "otherwise": "zero"}):
        assert breached("value >= 999", values, missing=policy) == ["b", "c"]
        assert breached("rate >= 999", values, missing=policy) == ["b", "c"]


def test_missing_is_no_breach_even_where_the_requirement_does_not_look_at_the_value() -> None:
    targets = "unit indicator target\n- x 15"
    assert breached("target >= 20", "unit x y\na - 1\nb 20 1", missing="zero", targets=targets) == ["b"]


def test_a_value_carried_forward_is_not_the_units_own_of_this_year() -> None:
    rows = "unit indicator period value\na x 2019 1"
    assert breached("value >= 20", "unit x y\na - 1\nb 20 1", missing="carry_forward", observations=rows) == []


def test_an_item_of_weight_0_is_no_breach() -> None:
    tree = {"x": {"weight": {"default": 1, "n": 0}}, "y": {"weight": 1}}
    assert breached("value >= 20", "unit x y\na 10 1\nb 11 1", units="unit class\na n\nb s", tree=tree) == ["b"]


def test_own_values_are_looked_at_before_treatment() -> None:
    assert breached("value >= 20", VALUES, rule={"treat": {"method": "clip", "low": 25}}) == ["a"]


def test_own_values_are_those_after_expression_and_denominator() -> None:
    assert breached(
        "value >= 200", VALUES, rule={"value": "10 * h"}, observations="unit indicator period value\na h 2020 19\nb h 2020 20"
    ) == ["a"]
    assert breached("value >= 5", VALUES, rule={"denominate": "people"}, units="unit people\na 1\nb 10\nc 0") == ["b"]


def test_numbers_that_are_nearly_equal_meet_the_requirement() -> None:
    rows = "unit indicator period value\na h 2020 0.1\na k 2020 0.2"
    assert breached("value <= 0.3", "unit x y\na . 1", rule={"value": "h + k"}, observations=rows) == []


def test_who_was_screened_out_has_no_breach() -> None:
    values = "unit x y\na 10 -\nb 11 1"
    assert breached("value >= 20", values, missing="zero", track={"screen": {"availability": 1}}) == ["b"]


def test_only_the_schemes_year_counts() -> None:
    rows = "unit indicator period value\na x 2019 1\na y 2019 1"
    assert breached("value >= 20", "unit x y\na 30 1", observations=rows, panel={"years": [2019, 2020]}) == []
    assert breached("value >= 20", "unit x y\na 3 1", observations=rows, panel={"years": [2019, 2020]}) == ["a"]


def test_breaches_stand_in_the_order_of_leaves_and_units() -> None:
    binding = {"binding": {"require": "value >= 5", "effect": {"deduct": 1}}}
    marks = marks_of(assess({"x": 50, "y": 50}, "unit x y\nb 1 1\na 1 9", indicators={"x": binding, "y": binding}))
    assert [(happening.rule, happening.row) for happening in marks.found] == [("x", 0), ("x", 1), ("y", 1)]


@pytest.mark.parametrize(("cap", "total"), [(None, 40), (4, 46), (50, 40)])
def test_the_effect_is_that_of_an_event(cap: float | None, total: float) -> None:
    effect = {"deduct": 10} | ({"cap": cap} if cap else {})
    rule = {"x": {"binding": {"require": "value >= 60", "effect": effect}}}
    assert of_node(assess({"x": 100}, "unit x\na 50\nb 70", indicators=rule), "total", "points") == {"a": total, "b": 70}
