"""Quotas (section 9; the 321 rule)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, refusals
from tongkao.engine import messages as say
from tongkao.engine.result import score

UNITS = """
unit track
A    city
B    city
C    city
a1   county
a2   county
a3   county
b1   county
b2   county
c1   county
"""
VALUES = "unit x\nA 90\nB 80\nC 70\na1 60\na2 50\na3 40\nb1 55\nb2 45\nc1 65"
TIERS = [{"id": "first", "count": 1}, {"id": "second", "count": 1}, {"id": "third"}]
ALL = "quota city unit order\nq A a1 1\nq A a2 2\nq A a3 3\nq B b1 1\nq B b2 2\nq C c1 1"


def made(nominations: str = ALL, *, list_size: int = 6, county: dict[str, Any] | None = None, **more: Any) -> Any:
    quota = {
        "id": "q",
        "title": "q",
        "track": "county",
        "nominations": {"first": 3, "second": 2, "third": 1},
        "list_size": list_size,
    }
    tracks = {
        "city": {"tree": {"x": 100}, "tiers": TIERS, "quotas": [quota], **more.pop("city", {})},
        "county": {"tree": {"x": 100}, **(county or {})},
    }
    return assess({}, more.pop("values", VALUES), units=more.pop("units", UNITS), tracks=tracks, nominations=nominations, **more)


def over(city: str, tier: str, allowed: int, units: str) -> tuple[str, str, str, dict[str, Any]]:
    fields = {"quota": "q", "city": city, "tier": tier, "allowed": allowed, "given": len(units.split()), "units": units.split()}
    return say.OVER_QUOTA, city, "", fields


def listed(*given: Any, **more: Any) -> list[str]:
    table = score(made(*given, **more)).quotas
    return table.filter("listed")["unit"].sort().to_list()


def test_one_row_a_nomination() -> None:
    columns = ["quota", "city", "tier", "allowed", "unit", "order", "total", "place", "listed"]
    table = score(made("quota city unit order\nq A a2 2\nq A a1 1\nq C c1 1")).quotas
    assert table.columns == columns
    assert table.rows() == [
        ("q", "A", "first", 3, "a1", 1, 60, 2, True),
        ("q", "A", "first", 3, "a2", 2, 50, 4, True),
        ("q", "B", "second", 2, "", None, None, None, False),
        ("q", "C", "third", 1, "c1", 1, 65, 1, True),
    ]


def test_everybody_is_listed_where_the_list_is_long_enough() -> None:
    assert listed() == ["a1", "a2", "a3", "b1", "b2", "c1"]


def test_with_more_nominated_than_the_list_holds_the_place_of_the_county_decides() -> None:
    # Places: c1, a1, b1, a2, b2, a3.
    assert listed(list_size=3) == ["a1", "b1", "c1"]
    assert listed(list_size=5) == ["a1", "a2", "b1", "b2", "c1"]
    assert listed(list_size=0) == []


def test_a_shared_place_is_not_cut() -> None:
    values = VALUES.replace("a2 50", "a2 55")
    assert listed(list_size=3, values=values) == ["a1", "c1"]
    assert listed(list_size=4, values=values) == ["a1", "a2", "b1", "c1"]


def test_the_place_is_that_in_the_whole_track_where_counties_are_ranked_in_classes() -> None:
    units = UNITS.replace("unit track", "unit track class").replace("city", "city -")
    units = "\n".join(
        f"{line} {'p' if line.startswith(('a', 'A')) else 'r'}" if line.endswith("county") else line
        for line in units.splitlines()
    )
    assert listed(list_size=3, units=units, county={"rank_within": "class"}) == ["a1", "b1", "c1"]


def test_more_than_the_quota_is_a_problem() -> None:
    nominations = ALL.replace("q B b2 2", "q C b2 2")
    assert refusals(made(nominations)) == [over("C", "third", 1, "c1 b2")]


def test_the_tier_is_the_one_after_effects() -> None:
    more = {"rules": {"fire": {"tier_down": 1}}, "events": "event unit\nfire A"}
    assert refusals(made(**more)) == [over("A", "second", 2, "a1 a2 a3")]


def test_a_disqualified_city_nominates_nobody() -> None:
    more = {"rules": {"veto": {"disqualify": True}}, "events": "event unit\nveto C"}
    assert refusals(made(**more)) == [over("C", "third", 0, "c1")]


def test_a_disqualified_county_cannot_be_nominated() -> None:
    more = {"rules": {"veto": {"disqualify": True}}, "events": "event unit\nveto b1"}
    assert refusals(made(**more)) == [(say.NOMINEE_DISQUALIFIED, "b1", "", {"quota": "q", "unit": "b1"})]


def test_a_city_listed_apart_has_no_tier_and_nominates_nobody() -> None:
    assert refusals(made(city={"unranked": ["C"]})) == [over("C", "-", 0, "c1")]


def test_a_county_listed_apart_or_without_a_total_comes_last() -> None:
    more = {"county": {"unranked": ["c1"]}}
    assert listed(list_size=5, **more) == ["a1", "a2", "a3", "b1", "b2"]
    assert score(made(**more)).quotas.row(5) == ("q", "C", "third", 1, "c1", 1, None, None, True)


def test_no_quotas() -> None:
    assert score(assess({"x": 100}, "unit x\na 1")).quotas.height == 0


@pytest.mark.parametrize("size", range(7))
def test_the_list_never_holds_more_than_its_size(size: int) -> None:
    assert len(listed(list_size=size)) <= size
