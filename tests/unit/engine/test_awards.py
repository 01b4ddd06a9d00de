"""Awards (section 9)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import TIERS, assess, of_results

VALUES = "unit x y\na 90 10\nb 80 20\nc 70 30\nd 60 40\ne 50 50"
TREE = {"x": {"weight": 99}, "y": {"weight": 1}}
HISTORY = """
year unit rank tier
2019 a    1    first
2019 b    5    third
2019 c    3    third
2019 d    2    second
2018 a    1    first
2018 d    1    first
"""


def winners(award: dict[str, Any], **more: Any) -> list[str]:
    """Who wins an award."""
    track = {"tiers": TIERS, "awards": [{"id": "prize", **award}], **more.pop("track", {})}
    found = of_results(assess(more.pop("tree", TREE), more.pop("values", VALUES), history=HISTORY, track=track, **more), "awards")
    assert set(found.values()) <= {"", "prize"}
    return [unit for unit, won in found.items() if won]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        # Now: a first; b and c second; d and e third. Changes: a 0, b +3, c 0, d -2, e none.
        ("rank_change >= 2", ["b"]),
        ("rank_change >= 0", ["a", "b", "c"]),
        ("rank_change < 0", ["d"]),
        ('rank_change >= 0 and tier != "first"', ["b", "c"]),
        ("rank <= 2", ["a", "b"]),
        ("total >= 69", ["a", "b", "c"]),
        ('tier == "second"', ["b", "c"]),
        ('tier_last == "third"', ["b", "c"]),
        ('not tier_last == "third"', ["a", "d"]),  # e had no tier: the rule is false for it
        ("rank_last == 1", ["a"]),
        ('streak("first") == 3', ["a"]),
        ('streak("second") >= 1', ["b", "c"]),
        ('streak("first") == 0', ["b", "c", "d"]),  # e has no history
        ('first_time("second")', ["b", "c"]),
        ('first_time("first")', []),
        ('not first_time("first")', ["a", "b", "c", "d"]),
        ('rate("y") >= 30', ["c", "d", "e"]),
        ('rate("y") + rate("x") == 100', ["a", "b", "c", "d", "e"]),
    ],
)
def test_rules(rule: str, expected: list[str]) -> None:
    assert winners({"when": rule}) == expected


def test_how_often_an_event_happened() -> None:
    more = {
        "rules": {"praise": {"bonus": 0}, "fire": {"deduct": 0}},
        "events": "event unit count\npraise a 2\npraise a 1\npraise b 1\nfire c 9",
    }
    assert winners({"when": 'event("praise") == 3'}, **more) == ["a"]
    assert winners({"when": 'event("praise") >= 1'}, **more) == ["a", "b"]
    assert winners({"when": 'event("praise") == 0'}, **more) == ["c", "d", "e"]


def test_a_breach_is_no_event() -> None:
    rules = {"x": {"binding": {"require": "value > 100", "effect": {"deduct": 0}}}}
    more = {"rules": {"x": {"bonus": 0}}, "events": "event unit\nx a"}
    assert winners({"when": 'event("x") >= 1'}, indicators=rules, **more) == ["a"]


def test_the_tier_is_the_one_after_effects() -> None:
    more = {"rules": {"fire": {"tier_down": 1}}, "events": "event unit\nfire a"}
    assert winners({"when": 'tier == "second"'}, **more) == ["a", "b", "c"]
    assert winners({"when": 'tier == "first"'}, **more) == []


def test_a_disqualified_unit_keeps_its_rank_and_has_no_award() -> None:
    more = {"rules": {"veto": {"disqualify": True}}, "events": "event unit\nveto b"}
    assert winners({"when": "rank <= 3"}, **more) == ["a", "c"]
    # The place among the best goes to the next.
    assert winners({"top": 2, "by": "total"}, **more) == ["a", "c"]


def test_the_best_by_some_number() -> None:
    assert winners({"top": 2, "by": "total"}) == ["a", "b"]
    assert winners({"top": 2, "by": 'rate("y")'}) == ["d", "e"]
    assert winners({"top": 1, "by": "rank_change"}) == ["b"]
    assert winners({"top": 9, "by": "rank_change"}) == ["a", "b", "c", "d"]


def test_the_best_of_those_for_whom_the_rule_is_true() -> None:
    assert winners({"top": 1, "by": "total", "when": 'tier != "first"'}) == ["b"]


def test_equal_ones_share_the_place_and_win_together() -> None:
    values = "unit x y\na 90 10\nb 80 20\nc 80 20\nd 60 40"
    assert winners({"top": 2, "by": "total"}, values=values) == ["a", "b", "c"]
    # Two share the first place: the third is not the second.
    assert winners({"top": 2, "by": "total"}, values="unit x y\na 90 10\nb 90 10\nc 80 20\nd 60 40") == ["a", "b"]


def test_nearly_equal_ones_share_the_place() -> None:
    assert winners({"top": 1, "by": "if(rank == 1, 0.1 + 0.2, 0.3)"}, values="unit x y\na 9 0\nb 8 0") == ["a", "b"]


def test_each_class_has_its_best() -> None:
    units = "unit class\na n\nb n\nc s\nd s\ne s"
    assert winners({"top": 1, "by": "total", "each": "class"}, units=units) == ["a", "c"]
    assert winners({"top": 1, "by": "total"}, units=units) == ["a"]


def test_units_listed_apart_win_by_rules_that_need_no_place_but_are_not_among_the_best() -> None:
    more = {"track": {"unranked": ["a"]}}
    assert winners({"when": "total >= 85"}, **more) == ["a"]
    assert winners({"when": "rank <= 1"}, **more) == ["b"]
    assert winners({"top": 1, "by": "total"}, **more) == ["b"]


def test_who_has_no_total_has_no_award() -> None:
    more = {"values": "unit x y\na - -\nb 1 1", "missing": "redistribute"}
    assert winners({"when": 'event("e") == 0'}, rules={"e": {"bonus": 1}}, **more) == ["b"]


def test_a_node_that_left_has_no_rate() -> None:
    more = {"values": "unit x y\na 9 -\nb 1 1", "missing": "redistribute"}
    assert winners({"when": 'rate("y") >= 0'}, **more) == ["b"]
    assert winners({"when": 'rate("y") < 5 or total > 0'}, **more) == ["b"]


def test_awards_stand_in_the_order_of_the_scheme() -> None:
    awards = [{"id": "zeal", "when": "rank == 1"}, {"id": "alpha", "when": "rank <= 2"}]
    assert of_results(assess(TREE, VALUES, track={"awards": awards}), "awards") == {
        "a": "zeal;alpha",
        "b": "alpha",
        "c": "",
        "d": "",
        "e": "",
    }
