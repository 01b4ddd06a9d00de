"""Values in place of missing ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, marks_of, of_node, refusals
from tongkao.engine.impute import SOURCES

UNITS = """
unit class  zone
a    north  x
b    north  x
c    north  y
d    south  x
e    south  y
"""


def rates(values: str, policy: Any, *, rule: dict[str, Any] | None = None, **more: Any) -> dict[str, float]:
    return of_node(
        assess({"x": 100}, values, units=more.pop("units", UNITS), indicators={"x": {"missing": policy, **(rule or {})}}, **more),
        "x",
    )


VALUES = "unit x\na -\nb 10\nc 20\nd 60\ne 30"


@pytest.mark.parametrize(
    ("how", "within", "expected"),
    [
        ("mean", "track", 30),  # (10 + 20 + 60 + 30) / 4
        ("median", "track", 25),  # (20 + 30) / 2
        ("mean", "class", 15),  # b and c
        ("median", "class", 15),
        ("mean", "zone", 35),  # b and d
    ],
)
def test_mean_or_median_of_those_that_share_a_column(how: str, within: str, expected: float) -> None:
    found = rates(VALUES, {"impute": how, "within": within})
    assert found == {"a": expected, "b": 10, "c": 20, "d": 60, "e": 30}


def test_only_the_comparison_group_gives() -> None:
    """Compared in classes, a unit gets nothing from another class, whatever column they share."""
    assert rates(VALUES, {"impute": "mean"}, rule={"compare": "class"})["a"] == 15
    assert rates(VALUES, {"impute": "mean", "within": "zone"}, rule={"compare": "class"})["a"] == 10


def test_units_listed_apart_get_but_do_not_give() -> None:
    assert rates(VALUES, {"impute": "mean"}, track={"unranked": ["d"]})["a"] == 20
    assert rates(VALUES, {"impute": "mean"}, track={"unranked": ["a"]})["a"] == 30


def test_units_for_which_the_item_weighs_nothing_neither_give_nor_get() -> None:
    tree = {"x": {"weight": {"default": 1, "south": 0}}, "y": {"weight": 1}}
    values = "unit x y\na - 1\nb 10 1\nc 20 1\nd 60 1\ne - 1"
    assert of_node(assess(tree, values, units=UNITS, missing={"impute": "mean"}), "x") == {"a": 15, "b": 10, "c": 20}


def test_nobody_has_one_then_otherwise_applies() -> None:
    values = "unit x\na -\nb -\nc -\nd 60\ne 30"
    policy = {"impute": "mean", "within": "class"}
    assert rates(values, {**policy, "otherwise": {"floor": 7}}) == {"a": 7, "b": 7, "c": 7, "d": 60, "e": 30}
    assert rates(values, {**policy, "otherwise": {"impute": "median"}})["a"] == 45
    refused = refusals(assess({"x": 100}, values, units=UNITS, missing=policy))
    assert [(unit, node) for _, unit, node, _ in refused] == [("a", "x"), ("b", "x"), ("c", "x")]


def test_what_was_filled_is_no_source_for_another() -> None:
    """The mean of a's class is 20; b takes the mean of own values of its zone, not of a's filled one."""
    units = "unit class zone\na p x\nb q x\nc p y\nd q z"
    values = "unit x\na -\nb -\nc 20\nd 80"
    policy = {
        "impute": "mean",
        "within": "zone",
        "otherwise": {"impute": "mean", "within": "class", "otherwise": {"impute": "mean"}},
    }
    assert rates(values, policy, units=units) == {"a": 20, "b": 80, "c": 20, "d": 80}


def test_imputed_values_count_in_the_group_they_are_scored_with() -> None:
    """b is 1, a the mean 5 of 1 and 9: a has place 2 of three, c place 1."""
    rule = {"score": {"method": "rank_linear"}}
    units = "unit\na\nb\nc"
    assert rates("unit x\na -\nb 1\nc 9", {"impute": "mean"}, rule=rule, units=units) == {"a": 50, "b": 0, "c": 100}
    assert rates("unit x\na -\nb 1\nc 9", {"floor": 5}, rule=rule, units=units) == {"a": 5, "b": 0, "c": 100}


def test_what_is_not_applicable_is_filled_by_its_own_policy_only() -> None:
    values = "unit x\na -\nb n/a\nc 20\nd 60\ne 40"
    assessment = assess(
        {"x": 100}, values, units=UNITS, missing={"impute": "mean"}, not_applicable={"impute": "mean", "within": "class"}
    )
    assert of_node(assessment, "x") == {"a": 40, "b": 20, "c": 20, "d": 60, "e": 40}
    kept = assess({"x": 50, "y": 50}, "unit x y\na - 1\nb n/a 1\nc 20 1\nd 60 1\ne 40 1", units=UNITS, missing={"impute": "mean"})
    assert of_node(kept, "x") == {"a": 40, "c": 20, "d": 60, "e": 40}


EARLIER = "unit indicator period value\na x 2018 11\na x 2016 12\nb x 2019 13\nc x 2015 14"


def test_carry_forward_takes_the_newest_earlier_value() -> None:
    values = "unit x\na -\nb -\nc -\nd 1\ne 2"
    found = rates(values, "carry_forward", observations=EARLIER)
    assert found == {"a": 11, "b": 13, "c": 14, "d": 1, "e": 2}


def test_carry_forward_may_say_how_far_and_what_otherwise() -> None:
    values = "unit x\na -\nb -\nc -\nd 1\ne 2"
    found = rates(values, {"carry_forward": 1, "otherwise": "zero"}, observations=EARLIER)
    assert found == {"a": 0, "b": 13, "c": 0, "d": 1, "e": 2}
    # Two years back, then the mean of 1 and 2.
    both = {"carry_forward": 2, "otherwise": {"impute": "mean", "otherwise": "zero"}}
    assert rates(values, both, observations=EARLIER) == {"a": 11, "b": 13, "c": 1.5, "d": 1, "e": 2}


def test_a_carried_value_counts_in_the_group() -> None:
    rule = {"score": {"method": "minmax"}}
    found = rates("unit x\na -\nb 1\nc 3\nd 2\ne 2", "carry_forward", rule=rule, observations=EARLIER)
    assert found == {"a": 100, "b": 0, "c": 20, "d": 10, "e": 10}


def test_the_source_and_the_year_are_kept() -> None:
    values = "unit x\na -\nb -\nc -\nd 1\ne 2"
    filled = marks_of(
        assess(
            {"x": 100},
            values,
            units=UNITS,
            observations=EARLIER,
            missing={"carry_forward": 2, "otherwise": {"impute": "median", "otherwise": "zero"}},
        )
    ).prepared.filled
    assert filled is not None
    assert [SOURCES[code] for code in filled.kinds[:, 0]] == ["carry_forward", "carry_forward", "impute_median", "", ""]
    assert filled.years[:, 0].tolist() == [2018, 2019, 0, 0, 0]


def test_nothing_to_fill() -> None:
    assert marks_of(assess({"x": 100}, "unit x\na 1", missing={"impute": "mean"})).prepared.filled is None
    assert marks_of(assess({"x": 100}, "unit x\na -", missing={"impute": "mean", "otherwise": "zero"})).prepared.filled is None


def test_an_imputed_mean_equals_the_same_number_on_paper() -> None:
    """(0.1 + 0.2 + 0.3) / 3 is 0.20000000000000004 in binary; it shares the place of 0.2."""
    rule = {"score": {"method": "rank_step"}}
    found = rates("unit x\na 0.1\nb 0.2\nc 0.3\nd -", {"impute": "mean"}, rule=rule, units="unit\na\nb\nc\nd")
    assert found == {"a": 94, "b": 98, "c": 100, "d": 98}


# --- from the unit's own other indicators (extension) -------------------------------------------------------------------------

ROWS = """
unit x  y  z
a    -  40 9
b    0  0  0
c    10 80 6
"""


def row_imputed(within: str, how: str = "row_mean", **more: Any) -> float:
    tree = {
        "p": {"weight": 1, "children": {"d": {"weight": 1, "children": {"x": {"weight": 1}, "y": {"weight": 1}}}}},
        "z": {"weight": 1},
    }
    if within == "paper":
        tree["p"]["children"]["z"] = tree.pop("z")  # type: ignore[index]
    rules = {"x": {"missing": {"impute": how, "within": within}}, **more.pop("rules", {})}
    return of_node(assess(tree, more.pop("values", ROWS), indicators=rules, **more), "x")["a"]


def test_row_mean_within_the_parent() -> None:
    """y is 40 of 0 to 80, so a half; half of x's 0 to 10 is 5."""
    assert row_imputed("parent") == 5


def test_row_mean_within_the_paper_or_the_whole_tree() -> None:
    """z is 9 of 0 to 9, so 1: the mean of a half and 1 is three quarters, 7.5 of 10."""
    assert row_imputed("paper") == 7.5
    assert row_imputed("total") == 7.5


def test_row_median() -> None:
    values = "unit x y z\na - 40 9\nb 0 0 0\nc 10 80 6"
    assert row_imputed("total", "row_median", values=values) == 7.5


def test_row_mean_turns_indicators_that_go_down() -> None:
    """Lower is better in y: 40 of 0 to 80 is a half still; with 20 it is three quarters of the way to the best."""
    values = "unit x y z\na - 20 9\nb 0 0 0\nc 10 80 6"
    assert row_imputed("parent", values=values) == 2.5
    assert row_imputed("parent", values=values, rules={"y": {"direction": "down"}}) == 7.5


def test_row_mean_is_scaled_by_ranked_units_only() -> None:
    values = "unit x y z\na - 40 9\nb 0 0 0\nc 10 80 6\nw 90 10 1"
    assert row_imputed("parent", values=values, track={"unranked": ["w"]}) == 5
    assert row_imputed("parent", values=values) == 45


# --- from other years (extension) ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "two", "one"),
    [
        ("linear", [10, 20, 30, 30], [0, 0, 30, 0]),  # a line needs two values
        ("constant", [10, 10, 30, 30], [30, 30, 30, 30]),
        ("linear_constant", [10, 20, 30, 30], [30, 30, 30, 30]),
    ],
)
def test_interpolation_over_the_years_of_a_panel(kind: str, two: list[float], one: list[float]) -> None:
    assessment = assess(
        {"x": 100},
        "unit x\nu -\nv -",
        observations="unit indicator period value\nu x 2019 10\nu x 2021 30\nv x 2021 30",
        indicators={"x": {"missing": {"interpolate": kind, "otherwise": "zero"}}},
        panel={"years": [2019, 2020, 2021, 2022]},
    )
    rates = marks_of(assessment).climbed.rates[:, 0].tolist()
    assert (rates[0::2], rates[1::2]) == (two, one)
