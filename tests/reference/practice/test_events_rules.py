"""What happens in the year (``domain.md`` 3.4, F18, F21): five effects that never mix, with published numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reference.folders import mark_values, of_results, points, rates, simple_scheme

TASKS = [f"task_{number:02d}" for number in range(1, 16)]


def tasks(events: dict[str, Any], *, full_mark: float = 150, track: dict[str, Any] | None = None) -> dict[str, Any]:
    """Fifteen tasks of ten points each, all at 80 %: 120 of 150 points before anything happens."""
    return simple_scheme(
        {task: {"score": {"method": "identity"}} for task in TASKS},
        [{"indicator": task, "points": full_mark / len(TASKS)} for task in TASKS],
        full_mark=full_mark,
        events=events,
        track=track or {},
    )


def all_at(rate: float, *units: str) -> dict[str, dict[str, float]]:
    return {unit: dict.fromkeys(TASKS, rate) for unit in units}


FRAUD = {"false_data": {"title": {"zh": "弄虚作假", "en": "Fraud"}, "effect": {"void": "indicator", "deduct": 5, "cap": 55}}}


@pytest.mark.parametrize(("k", "deducted"), [(1, 5), (3, 15), (11, 55), (12, 55)])
def test_f18_fraud_found_in_review(k: int, deducted: float, tmp_path: Path) -> None:
    """Chongqing: each affected task has 0 and costs five points more, 55 at most."""
    found = [{"event": "false_data", "unit": "liar", "indicator": task} for task in TASKS[:k]]
    result = mark_values(tmp_path, tasks(FRAUD), all_at(80, "liar", "honest"), events=found)
    assert points(result, "total") == pytest.approx({"honest": 120, "liar": max(0, 120 - 8 * k - deducted)})
    assert [rates(result, task)["liar"] for task in TASKS] == pytest.approx([0] * k + [80] * (15 - k))
    assert rates(result, "task_01")["honest"] == 80


def test_f18_fraud_cannot_take_more_than_there_is(tmp_path: Path) -> None:
    """A total never falls below zero."""
    found = [{"event": "false_data", "unit": "liar", "indicator": task} for task in TASKS]
    result = mark_values(tmp_path, tasks(FRAUD), all_at(80, "liar"), events=found)
    assert points(result, "total") == {"liar": 0}


BONUS = {
    "commendation": {"title": "表彰", "effect": {"bonus": 1, "cap": 5}},
    "ranking": {"title": "位次", "effect": {"bonus": 1, "cap": 15}},
}


def test_f21_bonuses_are_capped_by_kind(tmp_path: Path) -> None:
    """A county in 2012: at most 5 points of commendations and at most 15 of rankings."""
    happened = [
        {"event": "commendation", "unit": "a", "points": 4, "date": "2020-03-01"},
        {"event": "commendation", "unit": "a", "points": 2.5, "date": "2020-06-01"},
        {"event": "ranking", "unit": "a", "points": 6, "count": 2},
        {"event": "commendation", "unit": "b", "points": 1.5},
        {"event": "ranking", "unit": "b", "points": 20},
    ]
    result = mark_values(tmp_path, tasks(BONUS), all_at(50, "a", "b", "c"), events=happened)
    assert points(result, "total") == pytest.approx({"a": 75 + 5 + 12, "b": 75 + 1.5 + 15, "c": 75})


def test_hundred_and_ten(tmp_path: Path) -> None:
    """Pairing aid in Chongqing: 100 points and at most 10 of bonus, whatever the events are."""
    scheme = tasks(BONUS, full_mark=100, track={"limits": {"bonus": 10}})
    happened = [{"event": "commendation", "unit": "a", "points": 5}, {"event": "ranking", "unit": "a", "points": 9}]
    result = mark_values(tmp_path, scheme, all_at(100, "a", "b"), events=happened)
    assert points(result, "total") == pytest.approx({"a": 110, "b": 100})


def test_red_line_deductions_of_zones(tmp_path: Path) -> None:
    """A problem of a central inspection 0.3, of a provincial one 0.2, typical cases 1.5 and 0.5, a larger accident 1."""
    amounts = {"central": 0.3, "provincial": 0.2, "typical_case": 1.5, "accountability": 0.5, "larger_accident": 1}
    events = {name: {"title": name, "effect": {"deduct": amount}} for name, amount in amounts.items()}
    happened = [{"event": "central", "unit": "zone", "count": 4}, {"event": "provincial", "unit": "zone", "count": 3}]
    happened += [{"event": name, "unit": "zone"} for name in ("typical_case", "accountability", "larger_accident")]
    result = mark_values(tmp_path, tasks(events), all_at(80, "zone"), events=happened)
    assert points(result, "total") == pytest.approx({"zone": 120 - 4 * 0.3 - 3 * 0.2 - 1.5 - 0.5 - 1})


TIERS = [{"id": name, "title": name, "count": 2} for name in ("first", "second", "third")] + [{"id": "fourth", "title": "fourth"}]
TIER_EVENTS = {
    "fire": {"title": {"zh": "重大火灾", "en": "Serious fire"}, "effect": {"tier_down": 1}},
    "pollution": {"title": {"zh": "重大污染事件", "en": "Major pollution"}, "effect": {"tier_at_most": "second"}},
    "eco_fraud": {"title": {"zh": "生态考核造假", "en": "Fraud"}, "effect": {"disqualify": True}},
}
CITIES = [f"city_{number}" for number in range(1, 9)]


def tier_events(path: Path, happened: list[dict[str, str]], *, backfill: bool = False) -> Any:
    scheme = tasks(TIER_EVENTS, track={"tiers": TIERS, "backfill": backfill})
    values = {city: dict.fromkeys(TASKS, 95.0 - place) for place, city in enumerate(CITIES)}
    return mark_values(path, scheme, values, events=happened)


def test_jiangxi_2024_serious_fire_one_tier_down(tmp_path: Path) -> None:
    """A city of the second tier went to the third; nothing else changed, its rank neither."""
    result = tier_events(tmp_path, [{"event": "fire", "unit": "city_3"}])
    expected = ["first", "first", "third", "second", "third", "third", "fourth", "fourth"]
    assert [of_results(result, "tier")[city] for city in CITIES] == expected
    assert [of_results(result, "rank")[city] for city in CITIES] == list(range(1, 9))


def test_major_pollution_cannot_be_excellent(tmp_path: Path) -> None:
    """A cap and no failure: the first city becomes second, the sixth stays what it is."""
    result = tier_events(tmp_path, [{"event": "pollution", "unit": "city_1"}, {"event": "pollution", "unit": "city_6"}])
    tiers = of_results(result, "tier")
    assert (tiers["city_1"], tiers["city_6"]) == ("second", "third")


def test_fraud_in_the_eco_assessment_is_failure(tmp_path: Path) -> None:
    result = tier_events(tmp_path, [{"event": "eco_fraud", "unit": "city_2"}])
    assert (of_results(result, "tier")["city_2"], of_results(result, "rank")["city_2"]) == ("fourth", 2)


def test_f19_freed_places_are_filled_or_not(tmp_path: Path) -> None:
    """After a fire in the first tier its place stays empty, or the next city moves up, and so on in each tier below.

    The second tier then has three cities: the one that fell, the one that stayed and the one that moved up behind the riser.
    """
    fire = [{"event": "fire", "unit": "city_1"}]
    kept = of_results(tier_events(tmp_path / "kept", fire), "tier")
    filled = of_results(tier_events(tmp_path / "filled", fire, backfill=True), "tier")
    assert [kept[city] for city in CITIES] == ["second", "first", "second", "second", "third", "third", "fourth", "fourth"]
    assert [filled[city] for city in CITIES] == ["second", "first", "first", "second", "second", "third", "third", "fourth"]
