"""One marking of one track: places, ties, stages (sections 8 and 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import TIERS, assess, marks_of, of_node, of_results
from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.result import compile_markers

TREE = {"x": {"weight": 1}, "y": {"weight": 1}}


def ranks(values: str, **more: Any) -> list[int | None]:
    return list(of_results(assess(more.pop("tree", TREE), values, **more), "rank").values())


def test_the_highest_total_is_first_and_equal_ones_share_the_place() -> None:
    assert ranks("unit x y\na 50 50\nb 90 90\nc 40 60\nd 10 10") == [2, 1, 2, 4]


def test_rank_is_by_the_rounded_total() -> None:
    values = "unit x y\na 50 50.4\nb 50 50.2\nc 50 49"
    assert ranks(values) == [1, 2, 3]
    assert ranks(values, rounding={"at": ["total"], "places": 0}) == [1, 1, 1]


def test_rank_within_the_class() -> None:
    values, units = "unit x y\na 9 9\nb 8 8\nc 7 7\nd 6 6", "unit class\na n\nb s\nc n\nd s"
    assert ranks(values, units=units) == [1, 2, 3, 4]
    assert ranks(values, units=units, track={"rank_within": "class"}) == [1, 1, 2, 2]


def test_units_listed_apart_have_no_rank_and_take_none() -> None:
    assert ranks("unit x y\na 9 9\nb 8 8\nc 7 7", track={"unranked": ["a"]}) == [None, 1, 2]


def test_a_unit_whose_whole_tree_left_has_no_total_and_no_rank() -> None:
    assessment = assess(TREE, "unit x y\na - n/a\nb 8 8", missing="redistribute", track={"tiers": TIERS})
    assert of_results(assessment, "total") == {"a": None, "b": 8}
    assert of_results(assessment, "rank") == {"a": None, "b": 1}
    assert of_results(assessment, "tier") == {"a": "", "b": "first"}


def test_totals_that_are_nearly_equal_share_the_place() -> None:
    """0.1 + 0.2 and 0.3; one millionth of a point is a difference."""
    assert ranks("unit x y\na 0.1 0.2\nb 0.3 0\nc 0.15 0.15") == [1, 1, 1]
    assert ranks("unit x y\na 50 50\nb 50 50.000002") == [2, 1]


def test_equal_totals_are_ordered_by_the_rates_of_the_nodes_in_ties_by() -> None:
    values = "unit x y\na 40 60\nb 60 40\nc 50 50"
    assert ranks(values, track={"ties": {"by": ["x"]}}) == [3, 1, 2]
    assert ranks(values, track={"ties": {"by": ["y"]}}) == [1, 3, 2]


def test_the_next_node_decides_what_the_first_leaves_equal() -> None:
    tree = {name: {"weight": 1} for name in "xyz"}
    values = "unit x y z\na 5 1 3\nb 5 3 1\nc 4 1 4\nd 5 2 2"
    assert ranks(values, tree=tree, track={"ties": {"by": ["x", "z"]}}) == [1, 3, 4, 2]


def test_what_is_still_equal_shares_the_place() -> None:
    values = "unit x y\na 40 60\nb 60 40\nc 60 40\nd 50 50"
    assert ranks(values, track={"ties": {"by": ["x"], "otherwise": "share"}}) == [4, 1, 1, 3]


def test_a_unit_without_the_node_comes_last() -> None:
    values = "unit x y\na - 50\nb 10 90\nc 50 50"
    assert ranks(values, missing="redistribute", track={"ties": {"by": ["x"]}}) == [3, 2, 1]


def test_ties_look_at_rates_and_not_at_points() -> None:
    tree = {"x": {"default": 50, "s": 90}, "y": {"default": 50, "s": 10}}
    # Both 50 points; x has 50 of 100 for a, 51 for b, which has fewer points for it.
    values = "unit x y\na 50 50\nb 51 49"
    assert ranks(
        values,
        tree={"x": {"weight": {"default": 1, "n": 9}}, "y": {"weight": {"default": 1, "n": 9}}},
        units="unit class\na n\nb s",
        track={"ties": {"by": ["x"]}},
    ) == [2, 1]
    assert ranks("unit x y\na 50 50\nb 50 50", tree=tree, units="unit class\na n\nb s", track={"ties": {"by": ["x"]}}) == [1, 1]


# --- stages -------------------------------------------------------------------------------------------------------------------

RULES = {
    "fraud": {"void": "indicator"},
    "late": {"deduct": 25},
    "accident": {"tier_at_most": "second"},
    "fire": {"tier_down": 1},
    "veto": {"disqualify": True},
}
VALUES = "unit x y\na 90 90\nb 80 80\nc 70 70\nd 60 60"


def stages(events: str, unit: str = "a", **track: Any) -> list[tuple[int, str]]:
    """Place and tier of a unit before all events and after each of the five effects."""
    more = {"rules": RULES, "events": "event unit indicator\n" + events, "track": {"tiers": TIERS, **track}}
    marks = marks_of(assess(TREE, VALUES, **more))
    row = marks.plan.unit_ids.index(unit)
    return [(int(stage.ranks[row]), TIERS[stage.tiers[row]]["id"]) for stage in marks.stages]  # type: ignore[misc]


def test_each_effect_has_its_place_and_tier_before_and_after() -> None:
    # Void: 45, last. Deduct: 20, last still. The others move within the tiers.
    assert stages("fraud a x\nlate a -") == [(1, "first"), (4, "third"), (4, "third"), (4, "third"), (4, "third"), (4, "third")]
    assert stages("late a -") == [(1, "first"), (1, "first"), (3, "second"), (3, "second"), (3, "second"), (3, "second")]
    assert stages("accident a -") == [(1, "first")] * 3 + [(1, "second")] * 3
    assert stages("fire a -") == [(1, "first")] * 4 + [(1, "second")] * 2
    assert stages("veto a -") == [(1, "first")] * 5 + [(1, "third")]


def test_who_gains_a_place_by_anothers_event_moves_in_that_stage() -> None:
    assert stages("late a -", "b") == [(2, "second"), (2, "second"), (1, "first"), (1, "first"), (1, "first"), (1, "first")]


def test_a_disqualified_unit_keeps_its_rank() -> None:
    assessment = assess(TREE, VALUES, rules=RULES, events="event unit\nveto a", track={"tiers": TIERS})
    assert of_results(assessment, "rank") == {"a": 1, "b": 2, "c": 3, "d": 4}
    assert of_results(assessment, "tier") == {"a": "third", "b": "second", "c": "second", "d": "third"}


def test_the_final_standing_is_after_backfill() -> None:
    more = {"rules": RULES, "events": "event unit\nfire a", "track": {"tiers": TIERS, "backfill": True}}
    marks = marks_of(assess(TREE, VALUES, **more))
    assert marks.stages[-1].tiers.tolist() == [1, 1, 1, 2]
    assert marks.final.tiers.tolist() == [1, 0, 1, 1]


def test_without_tiers_effects_on_tiers_change_nothing() -> None:
    assessment = assess(TREE, VALUES, rules={"fire": {"tier_down": 1}}, events="event unit\nfire a")
    assert set(of_results(assessment, "tier").values()) == {""}
    assert len(marks_of(assessment).stages) == 6


def test_without_events_there_are_no_stages() -> None:
    marks = marks_of(assess(TREE, VALUES))
    assert (marks.stages, marks.found, marks.voided, marks.lines) == ((), (), None, ())


# --- again and again ----------------------------------------------------------------------------------------------------------


def test_a_compiled_track_marks_other_inputs_as_if_they_were_its_own() -> None:
    one, other = (
        assess(TREE, VALUES, missing="redistribute"),
        assess(TREE, "unit x y\na - 1\nb 2 3\nc 5 4\nd - -", missing="redistribute"),
    )
    marker, second = compile_markers(one)["t"], compile_markers(other)["t"]

    def totals(marks: Marks) -> list[float]:
        return marks.totals.tolist()

    first = totals(marker.mark(gather(marker.plan, marker.values)))
    assert totals(marker.mark(gather(second.plan, second.values)))[:3] == pytest.approx([1, 2.5, 4.5])
    assert totals(marker.mark(gather(marker.plan, marker.values))) == first == [90, 80, 70, 60]


# --- the traps of others ------------------------------------------------------------------------------------------------------


def test_trap_1_a_unit_without_the_service_does_not_overtake_the_others() -> None:
    """b has no harbour. It does not get the average of it: it keeps the place that the rest gives it."""
    tree = {"x": 60, "y": 40}
    with_harbour = assess(tree, "unit x y\na 80 80\nb 70 70\nc 60 60\nd 50 100")
    without = assess(tree, "unit x y\na 80 80\nb 70 n/a\nc 60 60\nd 50 100")
    assert of_results(with_harbour, "total") == pytest.approx({"a": 80, "b": 70, "c": 60, "d": 70})
    assert of_results(without, "total") == pytest.approx({"a": 80, "b": 70, "c": 60, "d": 70})
    assert of_results(without, "rank") == {"a": 1, "b": 2, "c": 4, "d": 2}


def test_trap_2_an_unused_component_is_no_zero() -> None:
    """5 and 5, a third one not used: 5, not 3.33."""
    tree = {name: {"weight": 1} for name in "abc"}
    assert of_node(assess(tree, "unit a b c\nu 5 5 n/a"), "total") == {"u": 5}
    tree["c"] = {"weight": {"default": 1, "n": 0}}
    assert of_node(assess(tree, "unit a b c\nu 5 5 -\nv 5 5 5", units="unit class\nu n\nv s"), "total") == {"u": 5, "v": 5}


def test_trap_3_class_specific_items_do_not_change_the_rate() -> None:
    """The same achievement in another class is the same rate: the maximum is 100 for each."""
    tree = {"x": {"default": 60, "n": 30}, "y": {"default": 40, "n": 30}, "z": {"default": 0, "n": 40}}
    found = of_results(assess(tree, "unit x y z\nu 70 70 70\nv 70 70 .", units="unit class\nu n\nv s"), "total")
    assert found == pytest.approx({"u": 70, "v": 70})
    best = of_results(assess(tree, "unit x y z\nu 100 100 100\nv 100 100 .", units="unit class\nu n\nv s"), "total")
    assert best == {"u": 100, "v": 100}


def test_trap_4_outliers_are_judged_by_the_ranked_units_and_never_silently() -> None:
    """Without a rule in the scheme no value is touched, however far out."""
    assert of_node(assess({"x": 100}, "unit x\na 1\nb 2\nc 99999"), "x") == {"a": 1, "b": 2, "c": 99999}
