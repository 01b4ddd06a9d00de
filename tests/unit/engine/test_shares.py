"""Weights before and after items leave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import assess, of_unit, plan_of
from tongkao.engine.layout import Layout
from tongkao.engine.shares import LEFT, LEFT_EQUALLY, STAYS, WEIGHTLESS, Effective, Nominal, column_as_text
from tongkao.engine.shares import nominal as nominal_of

LETTERS = {"s": STAYS, "l": LEFT, "e": LEFT_EQUALLY}


def given(tree: dict[str, Any], units: str, **more: Any) -> tuple[Layout, Nominal]:
    plan = plan_of(assess(tree, units=units, **more))
    return plan.layout, plan.given


def by_node(layout: Layout, values: np.ndarray) -> dict[str, list[float]]:
    return {node: values[:, column].tolist() for column, node in enumerate(layout.ids)}


def after(tree: dict[str, Any], statuses: str, units: str = "unit\nu", **more: Any) -> tuple[Layout, Effective]:
    """Redistribute for one unit, whose leaves (in the order of the columns) stay, leave, or leave in equal parts."""
    layout, nominal = given(tree, units, **more)
    leaves = np.array([[LETTERS[letter] for letter in statuses]] * len(nominal.profiles), np.uint8)
    return layout, Effective(layout, nominal, leaves)


# --- what the scheme gives ----------------------------------------------------------------------------------------------------


def test_points_are_full_marks_and_shares_are_their_part_of_the_parent() -> None:
    layout, nominal = given({"p": {"points": 60, "children": {"a": 45, "b": 15}}, "c": 40}, "unit\nu\nv")
    assert by_node(layout, nominal.full) == {"total": [100], "p": [60], "c": [40], "a": [45], "b": [15]}
    assert by_node(layout, nominal.shares) == {"total": [1], "p": [0.6], "c": [0.4], "a": [0.75], "b": [0.25]}
    assert nominal.profiles.tolist() == [0, 0]
    assert not nominal.weightless.any()
    assert not nominal.own.any()


def test_weights_are_shares_among_siblings_whatever_their_sum() -> None:
    tree = {"p": {"weight": 1, "children": {"a": {"weight": 2}, "b": {"weight": 6}}}, "c": {"weight": 4}}
    layout, nominal = given(tree, "unit\nu", full_mark=1000)
    assert by_node(layout, nominal.full) == {"total": [1000], "p": [200], "c": [800], "a": [50], "b": [150]}
    assert by_node(layout, nominal.amounts) == {"total": [0], "p": [1], "c": [4], "a": [2], "b": [6]}


def test_weights_below_points_divide_the_points() -> None:
    layout, nominal = given({"p": {"points": 30, "children": {"a": {"weight": 1}, "b": {"weight": 2}}}, "c": 70}, "unit\nu")
    assert by_node(layout, nominal.full) == {"total": [100], "p": [30], "c": [70], "a": [10], "b": [20]}


def test_points_that_add_up_are_full_marks_exactly_as_written() -> None:
    """0.1 + 0.2 is not 0.3 in binary; dividing and multiplying again would show it."""
    layout, nominal = given({"a": 0.1, "b": 0.2}, "unit\nu", full_mark=0.3)
    assert by_node(layout, nominal.full) == {"total": [0.3], "a": [0.1], "b": [0.2]}


def test_points_by_class_make_one_profile_a_class_and_the_default_serves_the_others() -> None:
    tree = {"a": {"default": 30, "north": 20}, "b": {"default": 70, "north": 80}}
    layout, nominal = given(tree, "unit class\nu south\nv north\nw -")
    full = nominal.full[nominal.profiles]
    assert by_node(layout, full) == {"total": [100] * 3, "a": [30, 20, 30], "b": [70, 80, 70]}


def test_points_by_another_column_with_by_even_one_of_numbers() -> None:
    """The classes that weigh and the classes that rank need not be the same."""
    tree = {"a": {"by": "role", "default": 30, "port": 45}, "b": {"by": "role", "default": 70, "port": 55}}
    layout, nominal = given(tree, "unit class role\nu x port\nv x inland")
    assert by_node(layout, nominal.full[nominal.profiles]) == {"total": [100, 100], "a": [45, 30], "b": [55, 70]}
    tree = {"a": {"by": "group", "default": 1, "2": 3}, "b": {"by": "group", "default": 3, "2": 1}}
    tree = {name: {"weight": amounts} for name, amounts in tree.items()}
    layout, nominal = given(tree, "unit group\nu 1\nv 2\nw -")
    assert by_node(layout, nominal.full[nominal.profiles]) == {"total": [100] * 3, "a": [25, 75, 25], "b": [75, 25, 75]}


def test_a_unit_has_weights_of_its_own() -> None:
    layout, nominal = given({"a": 30, "b": 70}, "unit\nu\nv", weights="unit node points\nv a 50\nv b 50")
    assert by_node(layout, nominal.full[nominal.profiles]) == {"total": [100, 100], "a": [30, 50], "b": [70, 50]}
    assert by_node(layout, nominal.own[nominal.profiles]) == {"total": [False] * 2, "a": [False, True], "b": [False, True]}
    tree = {"a": {"weight": 1}, "b": {"weight": 1}}
    layout, nominal = given(tree, "unit\nu\nv", weights="unit node weight\nv a 3")
    assert by_node(layout, nominal.full[nominal.profiles]) == {"total": [100, 100], "a": [50, 75], "b": [50, 25]}


def test_weights_of_other_units_and_other_nodes_do_not_matter() -> None:
    assessment = assess({"a": 30, "b": 70}, units="unit\nu")
    layout = plan_of(assessment).layout
    weights = assess({"a": 30, "b": 70}, units="unit\nu", weights="unit node points\nx a 50\nu zzz 9").weights
    assert nominal_of(layout, assessment.units, weights, 100.0).full.tolist() == [[100, 30, 70]]


def test_amount_0_takes_the_item_and_all_below_out() -> None:
    tree = {"p": {"points": {"default": 40, "x": 0}, "children": {"a": {"default": 40, "x": 0}}}, "b": {"default": 60, "x": 100}}
    layout, nominal = given(tree, "unit class\nu x\nv y")
    rows = nominal.weightless[nominal.profiles]
    assert by_node(layout, rows) == {"total": [False] * 2, "p": [True, False], "b": [False, False], "a": [True, False]}
    tree = {"p": {"weight": {"default": 40, "x": 0}, "children": {"a": {"weight": 1}}}, "b": {"weight": 60}}
    layout, nominal = given(tree, "unit class\nu x\nv y")
    assert by_node(layout, nominal.weightless[nominal.profiles])["a"] == [True, False]


def test_years_of_a_panel_repeat_the_weights() -> None:
    _, nominal = given({"a": {"default": 30, "n": 20}, "b": {"default": 70, "n": 80}}, "unit class\nu n\nv s")
    assert nominal.repeat(2).profiles.tolist() == [*nominal.profiles.tolist()] * 2


def test_columns_as_the_scheme_writes_them() -> None:
    units = assess({"a": 100}, units="unit class n m\nu x 2 0.5\nv - - 1e20").units
    assert [column_as_text(units[name]) for name in ("class", "n", "m")] == [["x", ""], ["2", ""], ["0.5", "1e+20"]]


# --- after items left ---------------------------------------------------------------------------------------------------------


def full(tree: dict[str, Any], statuses: str, **more: Any) -> dict[str, float]:
    layout, effective = after(tree, statuses, **more)
    return {node: cells[0] for node, cells in by_node(layout, effective.full).items()}


def test_nothing_left() -> None:
    layout, nominal = given({"a": 30, "b": 70}, "unit\nu")
    effective = Effective(layout, nominal, None)
    assert effective.simple
    assert effective.full.tolist() == [[100, 30, 70]]
    assert effective.shares.tolist() == [[1, 0.3, 0.7]]
    assert effective.status.tolist() == [[STAYS] * 3]


def test_redistribute_in_proportion_to_the_weights_that_stay() -> None:
    # 50 points of a go to b and c as 20 : 30.
    assert full({"a": 50, "b": 20, "c": 30}, "lss") == pytest.approx({"total": 100, "a": 0, "b": 40, "c": 60})


def test_redistribute_equally_in_equal_parts() -> None:
    # 50 points of a go to b and c, 25 each.
    assert full({"a": 50, "b": 20, "c": 30}, "ess") == pytest.approx({"total": 100, "a": 0, "b": 45, "c": 55})


def test_equal_parts_are_shared_out_before_proportional_ones() -> None:
    # a leaves equally: c 30 + 10 = 40, d 10 + 10 = 20; then b's 40 as 40 : 20, which is 26 2/3 and 13 1/3.
    found = full({"a": 20, "b": 40, "c": 30, "d": 10}, "elss")
    assert found == pytest.approx({"total": 100, "a": 0, "b": 0, "c": 40 + 80 / 3, "d": 20 + 40 / 3})


def test_the_two_ways_agree_where_one_item_stays() -> None:
    assert full({"a": 50, "b": 20, "c": 30}, "els") == pytest.approx({"total": 100, "a": 0, "b": 0, "c": 100})


def test_a_dimension_all_of_whose_children_left_leaves_too_in_proportion() -> None:
    # d has 40 of paper p; both its children leave, even equally: its 40 goes to a and b as 10 : 30.
    tree = {"p": {"points": 80, "children": {"a": 10, "b": 30, "d": {"points": 40, "children": {"x": 25, "y": 15}}}}, "q": 20}
    found = full(tree, "sssee")
    assert found == pytest.approx({"total": 100, "p": 80, "q": 20, "a": 20, "b": 60, "d": 0, "x": 0, "y": 0})


def test_a_dimension_some_of_whose_children_stay_keeps_its_weight() -> None:
    tree = {"p": {"points": 80, "children": {"a": 10, "b": 70}}, "q": 20}
    assert full(tree, "sls") == pytest.approx({"total": 100, "p": 80, "q": 20, "a": 0, "b": 80})


def test_a_paper_that_left_passes_its_points_to_the_other_papers() -> None:
    tree = {"p": {"points": 50, "children": {"a": 50}}, "q": {"points": 10, "children": {"b": 10}}, "c": 40}
    assert full(tree, "sls") == pytest.approx({"total": 100, "p": 0, "a": 0, "q": 20, "b": 20, "c": 80})


def test_a_unit_whose_whole_tree_left_keeps_no_full_mark() -> None:
    layout, effective = after({"p": {"points": 60, "children": {"a": 60}}, "b": 40}, "el")
    assert by_node(layout, effective.status) == {"total": [LEFT], "p": [LEFT], "b": [LEFT_EQUALLY], "a": [LEFT]}
    assert not effective.full.any()


def test_an_item_of_weight_0_leaves_no_trace_and_gets_nothing() -> None:
    # c weighs 0: when a leaves, b takes everything, in equal parts too.
    tree = {"a": {"weight": 1}, "b": {"weight": 1}, "c": {"weight": {"default": 1, "x": 0}}}
    for way in "le":
        layout, effective = after(tree, way + "ss", "unit class\nu x\nv y")
        assert by_node(layout, effective.status)["c"] == [WEIGHTLESS, STAYS]
        assert by_node(layout, effective.full) == {"total": [100, 100], "a": [0, 0], "b": [100, 50], "c": [0, 50]}


def test_a_node_whose_children_left_or_weigh_nothing_leaves() -> None:
    amounts = {"weight": {"default": 1, "x": 0}}
    tree = {"p": {"weight": 1, "children": {"a": {"weight": 1}, "b": amounts}}, "c": {"weight": 1}}
    layout, effective = after(tree, "sls", "unit class\nu x\nv y")
    assert by_node(layout, effective.status) == {
        "total": [STAYS, STAYS],
        "p": [LEFT, STAYS],
        "c": [STAYS, STAYS],
        "a": [LEFT, LEFT],
        "b": [WEIGHTLESS, STAYS],
    }


def test_weights_that_redistribution_does_not_touch_stay_exactly_as_written() -> None:
    tree = {"p": {"points": 0.3, "children": {"a": 0.1, "b": 0.2}}, "q": {"points": 0.6, "children": {"c": 0.2, "d": 0.4}}}
    found = full(tree, "sssl", full_mark=0.9)
    assert (found["p"], found["a"], found["b"], found["c"], found["d"]) == (0.3, 0.1, 0.2, 0.6, 0)


def test_a_node_with_too_small_a_share_of_its_children_leaves() -> None:
    """Two of three are two thirds: 0.6 is reached, 0.7 is not; 2/3 itself is, whatever its last digit."""
    for least, stays in ((0.6, True), (0.7, False), (2 / 3, True)):
        tree = {"p": {"points": 90, "least_available": least, "children": {"a": 30, "b": 30, "c": 30}}, "d": 10}
        found = full(tree, "sssl")
        assert (found["p"], found["d"]) == pytest.approx((90, 10) if stays else (0, 100))


def test_children_of_weight_0_are_not_asked_for_by_least_available() -> None:
    amounts = {"weight": {"default": 1, "x": 0}}
    tree = {
        "p": {"weight": 1, "least_available": 0.5, "children": {"a": {"weight": 1}, "b": amounts, "c": amounts}},
        "d": {"weight": 1},
    }
    layout, effective = after(tree, "ssll", "unit class\nu x\nv y")
    # x: one of one child that weighs is there; y: one of three.
    assert by_node(layout, effective.status)["p"] == [STAYS, LEFT]


def test_simple_means_in_proportion_only() -> None:
    tree = {"a": 50, "b": 50}
    assert after(tree, "sl")[1].simple
    assert not after(tree, "se")[1].simple
    assert not after(tree, "sl", track={"least_available": 0.1})[1].simple


def test_the_whole_track_asks_for_a_least_share_even_where_nothing_left() -> None:
    layout, nominal = given({"a": 50, "b": 50}, "unit\nu", track={"least_available": 1})
    assert Effective(layout, nominal, None).full.tolist() == [[100, 50, 50]]


def test_blocks_of_rows_say_what_the_whole_arrays_say() -> None:
    tree = {"p": {"points": 60, "children": {"a": 45, "b": 15}}, "c": 40}
    layout, nominal = given(tree, "unit class\n" + "\n".join(f"u{n} c{n % 2}" for n in range(6)))
    leaves = np.array([[n % 4, (n + 1) % 3, 0] for n in range(6)], np.uint8) % 3
    effective = Effective(layout, nominal, leaves)
    block = effective.block(slice(2, 5))
    assert block.status.tolist() == effective.status[2:5].tolist()
    assert block.shares.tolist() == effective.shares[2:5].tolist()
    assert effective.full_of(slice(2, 5), block).tolist() == effective.full[2:5].tolist()
    assert block.complete is False


# --- in a marking -------------------------------------------------------------------------------------------------------------


def test_full_marks_in_the_scores_are_the_units_own_after_redistribution() -> None:
    assessment = assess({"a": 50, "b": 20, "c": 30}, "unit a b c\nu - 1 1\nv 1 - 1", missing="redistribute")
    assert of_unit(assessment, "u", "full_mark") == pytest.approx({"total": 100, "b": 40, "c": 60})
    assert of_unit(assessment, "v", "full_mark") == pytest.approx({"total": 100, "a": 62.5, "c": 37.5})
