"""What is worked out once for a track."""

from __future__ import annotations

import pytest

from tests.unit.engine.cases import assess, plan_of
from tongkao.engine.shares import LEFT
from tongkao.scheme.model import Clip

UNITS = "unit class\na north\nb south\nc north\nz north"
MIX = {
    "method": "mix",
    "parts": [
        {"share": 0.6, "score": {"method": "minmax"}},
        {"share": 0.4, "value": "growth(x)", "direction": "down", "score": {"method": "borda"}},
    ],
}


def test_a_column_for_each_indicator_and_each_part_of_a_mix() -> None:
    plan = plan_of(
        assess(
            {"x": 40, "y": 30, "w": 30},
            units=UNITS,
            indicators={"x": {"score": MIX}, "y": {"direction": "down"}, "w": {"value": "2 * y"}},
        )
    )
    assert [(c.indicator, c.leaf, c.part, c.share, c.score.method, c.sign) for c in plan.columns] == [
        ("x", 0, 0, 0.6, "minmax", 1),
        ("x", 0, 1, 0.4, "borda", -1),
        ("y", 1, 0, 1, "identity", -1),
        ("w", 2, 0, 1, "identity", 1),
    ]
    assert [c.expression.text if c.expression else None for c in plan.columns] == [None, "growth(x)", None, "2 * y"]


def test_a_part_without_a_value_has_the_indicators_value_and_direction() -> None:
    plan = plan_of(assess({"x": 100}, units=UNITS, indicators={"x": {"score": MIX, "value": "h * 2", "direction": "down"}}))
    assert [(c.expression.text if c.expression else None, c.sign) for c in plan.columns] == [("h * 2", -1), ("growth(x)", -1)]


@pytest.mark.parametrize(
    ("rule", "computed"),
    [({}, False), ({"value": "h * 2"}, True), ({"denominate": "h"}, True), ({"missing": "zero", "treat": "none"}, False)],
)
def test_only_numbers_that_come_out_of_a_calculation_are_nearly_equal(rule: dict[str, object], computed: bool) -> None:
    assert plan_of(assess({"x": 100}, units=UNITS, indicators={"x": rule})).columns[0].computed == computed


def test_a_block_holds_the_columns_that_one_kernel_call_scores() -> None:
    bands = {"method": "bands", "bands": [[50, 100], [0, 10]]}
    rules = {
        "a": {"score": {"method": "minmax", "low": 60}},
        "b": {"score": {"method": "minmax"}, "compare": "class"},
        "c": {"score": {"method": "minmax", "low": 40}},
        "d": {"score": bands},
        "e": {"score": bands},
        "f": {"score": {**bands, "interpolate": True}},
        "g": {"score": {"method": "rank_table", "table": [100, 50]}},
        "h": {"score": {"method": "rank_table", "table": [100, 60]}},
    }
    plan = plan_of(assess({name: {"weight": 1} for name in rules}, units=UNITS, indicators=rules))
    assert [(b.method, b.compare, b.columns.tolist(), b.whole) for b in plan.blocks] == [
        ("minmax", "track", [0, 2], False),
        ("minmax", "class", [1], False),
        ("bands", "track", [3, 4], False),
        ("bands", "track", [5], False),
        ("rank_table", "track", [6], False),
        ("rank_table", "track", [7], False),
    ]
    assert plan_of(assess({"a": 50, "c": 50}, units=UNITS, indicators={"a": rules["a"], "c": rules["c"]})).blocks[0].whole


def test_who_is_compared_with_whom() -> None:
    """The class where the indicator says so; not those listed apart, nor those for whose class the item weighs nothing."""
    plan = plan_of(
        assess(
            {"x": {"default": 50, "south": 0}, "y": {"default": 50, "south": 100}},
            units=UNITS,
            indicators={"y": {"compare": "class", "direction": "down"}},
            track={"unranked": ["z"]},
        )
    )
    groups = {name: (g.codes.tolist(), g.counted.tolist(), g.direction) for name, g in plan.groups.items()}
    assert groups == {
        "x": ([0, 0, 0, 0], [True, False, True, False], "up"),
        "y": ([0, 1, 0, 0], [True, True, True, False], "down"),
    }
    assert plan.ranked.tolist() == [True, True, True, False]
    assert plan.weightless is not None
    assert plan.weightless.tolist() == [[False, False], [True, False], [False, False], [False, False]]
    assert (plan.classes, plan.class_codes.tolist()) == (("north", "south"), [0, 1, 0, 0])


def test_no_weightless_cells() -> None:
    assert plan_of(assess({"x": 100}, units=UNITS)).weightless is None


def test_lists_in_which_units_are_ranked() -> None:
    assert plan_of(assess({"x": 100}, units=UNITS)).rank_codes.tolist() == [0, 0, 0, 0]
    assert plan_of(assess({"x": 100}, units=UNITS, track={"rank_within": "class"})).rank_codes.tolist() == [0, 1, 0, 0]


def test_years_of_a_panel_are_rows_one_after_the_other() -> None:
    panel = {"years": [2021, 2020, 2019], "range": "all"}
    plan = plan_of(assess({"x": 100}, units=UNITS, track={"rank_within": "class"}, panel=panel))
    assert (plan.years, plan.rows, plan.main()) == ((2019, 2020, 2021), 12, slice(4, 8))
    assert plan.year_codes.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    # Ranks are of a class and a year; nobody of one year meets the other years.
    assert plan.rank_codes.tolist() == [0, 3, 0, 0, 1, 4, 1, 1, 2, 5, 2, 2]
    # With range all, values are compared over the years; imputation and treatment stay within a year.
    assert plan.compare_codes("track").tolist() == [0] * 12
    assert plan.compare_codes("class").tolist() == [0, 1, 0, 0] * 3
    assert plan.compare_year_codes("track").tolist() == plan.year_codes.tolist()
    apart = plan_of(assess({"x": 100}, units=UNITS, panel={**panel, "range": "year"}))
    assert apart.compare_codes("track").tolist() == plan.year_codes.tolist()
    assert apart.compare_codes("class").tolist() == [0, 3, 0, 0, 1, 4, 1, 1, 2, 5, 2, 2]


def test_a_track_may_have_a_full_mark_of_its_own() -> None:
    assert plan_of(assess({"x": 100}, units=UNITS)).full_mark == 100
    assert plan_of(assess({"x": 10}, units=UNITS, track={"full_mark": 10})).full_mark == 10
    assert plan_of(assess({"x": 1750}, units=UNITS, full_mark=1750)).full_mark == 1750


def test_only_the_units_of_the_track() -> None:
    units = "unit track\nb t\na other\nc t"
    assessment = assess({"x": 100}, units=units, tracks={"other": {"tree": {"x": 100}}})
    assert plan_of(assessment).unit_ids == ["b", "c"]
    assert plan_of(assessment, "other").unit_ids == ["a"]


def test_policies_of_an_indicator_go_before_the_general_ones() -> None:
    rules = {"x": {"missing": "zero"}, "y": {"not_applicable": "zero"}}
    plan = plan_of(assess({"x": 50, "y": 50}, units=UNITS, indicators=rules, missing="redistribute"))
    assert [plan.policy(leaf, applicable=True) for leaf in (0, 1)] == ["zero", "redistribute"]
    assert [plan.policy(leaf, applicable=False) for leaf in (0, 1)] == ["redistribute", "zero"]
    assert plan.ends.missing.tolist()[1] == LEFT
    assert plan_of(assess({"x": 100}, units=UNITS)).policy(0, applicable=True) == "error"


def test_treatment_may_stand_at_the_top_and_be_switched_off() -> None:
    treat = {"method": "clip", "low": 0, "high": 10}
    assert plan_of(assess({"x": 100}, units=UNITS, treat=treat)).treated
    assert plan_of(assess({"x": 100}, units=UNITS, treat=treat)).scheme.treat == Clip(method="clip", low=0, high=10)
    assert not plan_of(assess({"x": 100}, units=UNITS, treat=treat, indicators={"x": {"treat": "none"}})).treated


def test_leaves_with_a_binding_requirement() -> None:
    binding = {"require": "value > 1", "effect": {"deduct": 1}}
    assert plan_of(assess({"x": 50, "y": 50}, units=UNITS, indicators={"y": {"binding": binding}})).binding == (1,)
