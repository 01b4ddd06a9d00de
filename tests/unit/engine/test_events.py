"""Who has which effect, and how many points it costs or brings (section 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import TIERS, assess, marks_of, of_node, of_results, of_unit
from tongkao.engine.events import Happening, adjustments, happenings, points_lines, tier_effects, voids
from tongkao.engine.layout import lay_out
from tongkao.scheme.model import Effect, Event, Limits

TREE = {"p": {"points": 60, "children": {"a": 20, "b": 40}}, "c": 40}
LAYOUT = lay_out(assess(TREE).scheme.tracks["t"])
VALUES = "unit a b c\nu 50 50 50\nv 60 60 60"


def happening(row: int = 0, rule: str = "e", *, count: float = 1, points: float | None = None, **effect: Any) -> Happening:
    binding, indicator = effect.pop("binding", False), effect.pop("indicator", "")
    return Happening(row, rule, Effect(**effect), binding, float(count), points, indicator)


def lines(*found: Happening, **limits: float) -> list[tuple[str, str, bool, float, float, float]]:
    return [
        (line.rule, LAYOUT.ids[line.node], line.bonus, line.asked, line.capped, line.granted)
        for line in points_lines(found, LAYOUT, Limits(**limits))
    ]


# --- the table ----------------------------------------------------------------------------------------------------------------


def test_rows_of_the_events_that_concern_the_track() -> None:
    table = assess(
        TREE, events="event unit count points indicator\nfire u - - -\nfire v 3 - -\nfraud u 2 1.5 a\nfire zz - - -"
    ).events
    rules = {name: Event(title=name, effect=Effect(deduct=1.0)) for name in ("fire", "fraud")}
    found = happenings(table, rules, ["u", "v"], 10)
    assert [(h.row, h.rule, h.count, h.points, h.indicator, h.binding) for h in found] == [
        (10, "fire", 1, None, "", False),
        (11, "fire", 3, None, "", False),
        (10, "fraud", 2, 1.5, "a", False),
    ]


# --- void ---------------------------------------------------------------------------------------------------------------------


def test_void_names_the_indicator_of_the_event() -> None:
    found = [happening(0, "fraud", void="indicator", indicator="b"), happening(1, "deal", deduct=1.0)]
    # Leaves in the order of their columns: c, a, b.
    assert voids(found, LAYOUT, 2).tolist() == [[False, False, True], [False, False, False]]


def test_an_indicator_that_is_in_no_tree_of_the_track_cannot_be_voided() -> None:
    assert not voids([happening(0, void="indicator", indicator="x")], LAYOUT, 1).any()


VOID = {"rules": {"false_data": {"void": "indicator", "deduct": 5, "cap": 55}}}


def test_a_voided_indicator_has_the_rate_0() -> None:
    assessment = assess(TREE, VALUES, **VOID, events="event unit indicator\nfalse_data u b")
    assert of_unit(assessment, "u") == pytest.approx({"total": 25, "p": 10, "a": 10, "b": 0, "c": 20})
    assert of_node(assessment, "b") == {"u": 0, "v": 60}


def test_void_counts_also_where_a_policy_had_set_the_rate() -> None:
    assessment = assess(
        TREE, "unit a b c\nu 50 - 50", missing={"floor": 60}, **VOID, events="event unit indicator\nfalse_data u b"
    )
    assert of_unit(assessment, "u")["b"] == 0


def test_an_item_that_left_is_not_voided() -> None:
    assessment = assess(
        TREE, "unit a b c\nu 50 - 50", missing="redistribute", **VOID, events="event unit indicator\nfalse_data u b"
    )
    assert of_unit(assessment, "u") == pytest.approx({"total": 45, "p": 30, "a": 30, "c": 20})


def test_void_does_not_change_the_comparison_group() -> None:
    rules = {"c": {"score": {"method": "minmax"}}}
    assessment = assess(
        TREE, "unit a b c\nu 1 1 9\nv 1 1 5\nw 1 1 1", indicators=rules, **VOID, events="event unit indicator\nfalse_data u c"
    )
    assert of_node(assessment, "c") == {"u": 0, "v": 50, "w": 0}


# --- points -------------------------------------------------------------------------------------------------------------------


def test_points_are_per_occurrence_and_summed_per_event() -> None:
    found = [happening(deduct=0.5, count=3), happening(deduct=0.5), happening(rule="praise", bonus=2.0)]
    assert lines(*found) == [("e", "total", False, 2, 2, 2), ("praise", "total", True, 2, 2, 2)]


def test_points_of_the_row_replace_the_rules_and_are_multiplied_by_count_too() -> None:
    assert lines(happening(deduct=0.5, points=3.0, count=2), happening(deduct=0.5)) == [("e", "total", False, 6.5, 6.5, 6.5)]


def test_cap_limits_the_sum_of_an_event_not_of_a_row() -> None:
    assert lines(happening(deduct=2.0, cap=3.0), happening(deduct=2.0, cap=3.0)) == [("e", "total", False, 4, 3, 3)]
    assert lines(happening(deduct=2.0, cap=3.0), happening(rule="f", deduct=2.0, cap=3.0)) == [
        ("e", "total", False, 2, 2, 2),
        ("f", "total", False, 2, 2, 2),
    ]


def test_sums_are_of_each_unit() -> None:
    assert lines(happening(0, deduct=2.0, cap=3.0), happening(1, deduct=2.0, cap=3.0)) == [("e", "total", False, 2, 2, 2)] * 2


def test_an_event_may_bring_and_cost_points() -> None:
    assert lines(happening(deduct=1.0, bonus=3.0, at="p")) == [("e", "p", False, 1, 1, 1), ("e", "p", True, 3, 3, 3)]


def test_limits_of_the_track_cap_each_sum_over_all_events() -> None:
    """9 of deductions are cut to 6, each by a third; bonuses have a limit of their own."""
    found = [happening(deduct=6.0), happening(rule="f", deduct=3.0, at="p"), happening(rule="g", bonus=4.0)]
    assert lines(*found, deduct=6, bonus=5) == [
        ("e", "total", False, 6, 6, 4),
        ("f", "p", False, 3, 3, 2),
        ("g", "total", True, 4, 4, 4),
    ]


def test_limits_look_at_what_caps_left() -> None:
    found = [happening(deduct=20.0, cap=3.0), happening(rule="f", deduct=3.0)]
    assert lines(*found, deduct=6) == [("e", "total", False, 20, 3, 3), ("f", "total", False, 3, 3, 3)]


def test_deductions_of_a_binding_indicator_count_towards_limits() -> None:
    found = [happening(deduct=6.0), happening(rule="a", binding=True, deduct=6.0)]
    assert lines(*found, deduct=6) == [("e", "total", False, 6, 6, 3), ("a", "total", False, 6, 6, 3)]
    assessment = assess(
        TREE,
        VALUES,
        indicators={"a": {"binding": {"require": "value >= 55", "effect": {"deduct": 6}}}},
        rules={"e": {"deduct": 6}},
        events="event unit\ne u",
        track={"limits": {"deduct": 7}},
    )
    assert of_node(assessment, "total", "points") == pytest.approx({"u": 43, "v": 60})


def test_an_event_and_a_binding_indicator_of_the_same_name_are_two_rules() -> None:
    assert (
        lines(happening(rule="a", deduct=2.0, cap=2.0), happening(rule="a", binding=True, deduct=2.0, cap=2.0))
        == [("a", "total", False, 2, 2, 2)] * 2
    )


def test_net_points_of_each_node() -> None:
    found = [happening(0, deduct=2.0, at="p"), happening(0, rule="f", bonus=3.0, at="p"), happening(1, rule="g", bonus=4.0)]
    net = adjustments(points_lines(found, LAYOUT, Limits()), np.ones((2, 5), bool))
    assert net is not None
    assert dict(zip(LAYOUT.ids, net.T.tolist(), strict=True)) == {
        "total": [0, 4],
        "p": [1, 0],
        "c": [0, 0],
        "a": [0, 0],
        "b": [0, 0],
    }
    assert adjustments([], np.ones((2, 5), bool)) is None


def test_if_the_node_named_by_at_left_the_total_takes_the_points() -> None:
    for at in ("p", "b"):
        tree = {"p": {"points": 60, "children": {"b": 60}}, "c": 40}
        more = {"missing": "redistribute", "rules": {"e": {"deduct": 5, "at": at}}, "events": "event unit\ne u\ne v"}
        assessment = assess(tree, "unit b c\nu - 50\nv 50 50", **more)
        assert of_unit(assessment, "u") == pytest.approx({"total": 45, "c": 50})
        assert of_unit(assessment, "v")[at] == pytest.approx(25)


def test_if_the_node_named_by_at_weighs_nothing_the_total_takes_the_points() -> None:
    tree = {"b": {"default": 60, "n": 0}, "c": {"default": 40, "n": 100}}
    assessment = assess(
        tree,
        "unit b c\nu 50 50",
        units="unit class\nu n\nv s",
        missing="zero",
        rules={"e": {"bonus": 5, "at": "b"}},
        events="event unit\ne u",
    )
    assert of_unit(assessment, "u") == pytest.approx({"total": 55, "c": 50})


def test_zero_events_are_no_events() -> None:
    quiet, loud = assess(TREE, VALUES), assess(TREE, VALUES, rules={"e": {"deduct": 5}}, events="event unit count\ne u 0")
    assert of_unit(quiet, "u") == of_unit(loud, "u")


# --- effects on tiers ---------------------------------------------------------------------------------------------------------

TRACK = assess(
    TREE, track={"tiers": [{"id": name, "count": 1} for name in ("one", "two", "three")] + [{"id": "last"}]}
).scheme.tracks["t"]


def effects(*found: Happening) -> tuple[list[int], list[int], list[bool], list[bool]]:
    result = tier_effects(found, TRACK, 2)
    return result.at_most.tolist(), result.down.tolist(), result.disqualified.tolist(), result.fired.tolist()


def test_the_strictest_limit_holds() -> None:
    found = [happening(tier_at_most="three"), happening(tier_at_most="two")]
    assert effects(*found) == ([2, 0], [0, 0], [False, False], [True, False])


def test_a_tier_effect_of_an_event_counts_once_a_row_and_several_add_up() -> None:
    """Count 5 of one row is one tier; two rows are two; a breach is one more."""
    found = [happening(tier_down=1, count=5), happening(tier_down=1), happening(rule="a", tier_down=2, binding=True)]
    assert effects(*found) == ([0, 0], [4, 0], [False, False], [True, False])


def test_disqualified() -> None:
    assert effects(happening(1, disqualify=True)) == ([0, 0], [0, 0], [False, True], [False, True])


def test_points_alone_are_no_tier_effect() -> None:
    assert effects(happening(deduct=5.0), happening(void="indicator", indicator="a")) == (
        [0, 0],
        [0, 0],
        [False] * 2,
        [False] * 2,
    )


def test_a_limit_that_names_no_tier_of_the_track_means_nothing_in_it() -> None:
    assert effects(happening(tier_at_most="gold")) == ([0, 0], [0, 0], [False] * 2, [False] * 2)


def test_effects_of_the_events_in_a_marking() -> None:
    rules = {"fire": {"tier_down": 1}, "veto": {"disqualify": True}, "accident": {"tier_at_most": "second"}}
    values = "unit x\na 90\nb 80\nc 70\nd 60"

    def tiers(events: str) -> list[str]:
        assessment = assess({"x": 100}, values, track={"tiers": TIERS}, rules=rules, events="event unit count\n" + events)
        assert list(of_results(assessment, "rank").values()) == [1, 2, 3, 4]
        return list(of_results(assessment, "tier").values())

    assert tiers("fire a 5") == ["second", "second", "second", "third"]
    assert tiers("fire a 1\nfire a 1") == ["third", "second", "second", "third"]
    assert tiers("fire d 1") == ["first", "second", "second", "third"]
    assert tiers("accident a 1") == ["second", "second", "second", "third"]
    assert tiers("accident d 1") == ["first", "second", "second", "third"]
    assert tiers("accident a 1\nfire a 1") == ["third", "second", "second", "third"]
    assert tiers("veto a 1") == ["third", "second", "second", "third"]
    assert marks_of(assess({"x": 100}, values)).found == ()
