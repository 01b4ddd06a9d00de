"""Records about events, tiers and awards."""

from __future__ import annotations

from typing import Any

from tests.unit.engine.cases import TIERS, assess, traced
from tongkao.engine.result import Result, score

RULES = {
    "fraud": {"void": "indicator", "deduct": 5, "cap": 8},
    "praise": {"bonus": 3, "at": "x"},
    "accident": {"tier_at_most": "second"},
    "fire": {"tier_down": 1},
    "veto": {"disqualify": True},
}
TREE = {"x": {"weight": 1}, "y": {"weight": 1}}
VALUES = "unit x y\na 90 90\nb 80 80\nc 70 70\nd 60 60"


def marked(events: str, **track: Any) -> Result:
    return score(
        assess(TREE, VALUES, rules=RULES, events="event unit count indicator note\n" + events, track={"tiers": TIERS, **track})
    )


PLACES = ("rank_before", "rank_after", "tier_before", "tier_after")


def test_one_row_a_unit_and_effect_in_the_order_of_the_effects() -> None:
    result = marked("veto b 1 - -\nfire b 1 - -\nfraud a 2 x -\npraise a 1 - -\naccident b 1 - -")
    assert traced(result, "event", "unit", "effect", "rule") == [
        ("a", "void", "fraud"),
        ("a", "deduct", "fraud"),
        ("a", "bonus", "praise"),
        ("b", "tier_at_most", "accident"),
        ("b", "tier_down", "fire"),
        ("b", "disqualify", "veto"),
    ]


def test_points_asked_capped_and_granted() -> None:
    result = marked("fraud a 2 x -\npraise a 1 - -\npraise a 3 - -", limits={"bonus": 6})
    columns = ("effect", "node", "count", "asked", "capped", "granted")
    assert traced(result, "event", *columns) == [
        ("void", "x", 2, None, None, None),
        ("deduct", "total", 2, 10, 8, 8),
        ("bonus", "x", 4, 12, 12, 6),
    ]


def test_place_and_tier_before_and_after_each_effect() -> None:
    # Void: (0 + 90) / 2 = 45, the last; the deduction changes no place any more.
    result = marked("fraud a 1 x -\naccident b 1 - -\nfire c 1 - -\nveto c 1 - -")
    assert traced(result, "event", "unit", "effect", *PLACES) == [
        ("a", "void", 1, 4, "first", "third"),
        ("a", "deduct", 4, 4, "third", "third"),
        ("b", "tier_at_most", 1, 1, "first", "second"),
        ("c", "tier_down", 2, 2, "second", "third"),
        ("c", "disqualify", 2, 2, "third", "third"),
    ]


def test_a_unit_listed_apart_has_no_place_before_and_after() -> None:
    result = marked("fire a 1 - -", unranked=["a"])
    assert traced(result, "event", "unit", *PLACES) == [("a", None, None, "", "")]


def test_points_of_a_node_that_left_are_told_at_the_total() -> None:
    assessment = assess(
        TREE, "unit x y\na - 50", missing="redistribute", rules={"praise": RULES["praise"]}, events="event unit\npraise a"
    )
    assert traced(score(assessment), "event", "node", "granted") == [("total", 3)]


def test_limits_and_steps_down_are_told_with_the_note_of_the_table() -> None:
    result = marked("accident a 1 - 通报\nfire b 2 - -")
    assert traced(result, "event", "effect", "count", "reason", "note", "binding") == [
        ("tier_at_most", 1, "second", "通报", False),
        ("tier_down", 2, "1", "", False),
    ]


def test_a_breach_is_told_as_one() -> None:
    rule = {"x": {"binding": {"require": "value > 65", "effect": {"deduct": 1, "tier_down": 1}}}}
    result = score(assess(TREE, VALUES, indicators=rule, track={"tiers": TIERS}))
    assert traced(result, "event", "unit", "effect", "rule", "binding", "count") == [
        ("d", "deduct", "x", True, 1),
        ("d", "tier_down", "x", True, 1),
    ]


def test_no_events_no_rows() -> None:
    assert traced(score(assess(TREE, VALUES, track={"tiers": TIERS})), "event", "unit") == []


def test_why_a_unit_did_not_enter_a_tier_or_moved_up() -> None:
    tiers = [{"id": "first", "count": 1, "gates": {"y": 85}, "score": 10}, {"id": "second", "count": 1}, {"id": "third"}]
    values = "unit x y\na 99 80\nb 80 90\nc 70 70\nd 70 70"
    more = {"rules": RULES, "events": "event unit\nveto b", "track": {"tiers": tiers, "backfill": True}}
    result = score(assess(TREE, values, **more))
    assert traced(result, "tier", "unit", "reason", "node", "tier_after") == [
        ("a", "gate", "y", "first"),
        ("a", "moved_up", "", "first"),
    ]
    shared = score(assess(TREE, "unit x y\na 9 9\nb 9 9", track={"tiers": TIERS}))
    assert traced(shared, "tier", "unit", "reason", "tier_after") == [("a", "shared", "first"), ("b", "shared", "first")]


def test_one_row_an_award() -> None:
    awards = [{"id": "one", "when": "rank <= 2"}, {"id": "two", "when": "rank == 1"}]
    result = score(assess(TREE, VALUES, track={"awards": awards}))
    assert traced(result, "award", "unit", "rule") == [("a", "one"), ("a", "two"), ("b", "one")]
