"""The 321 quotas (``domain.md`` 1 and 2): a city's tier gives its nominations, and the list has a size of its own.

Jiangsu named 20 advanced counties in 2019 and 18 in 2023; 13 cities, at least 5 of them in tier one. The counties are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.reference.folders import mark_values, simple_scheme
from tongkao.errors import MarkingError

CITIES = [f"city_{number:02d}" for number in range(1, 14)]
COUNTIES = [f"county_{number:02d}" for number in range(1, 41)]
ALLOWED = {"first": 3, "second": 2, "third": 1}


def scheme(*, list_size: int, counts: tuple[int, int]) -> dict[str, Any]:
    """Cities in three tiers nominate counties, which are marked in a track of their own."""
    written = simple_scheme(
        {"city_mark": {"score": {"method": "identity"}}, "county_mark": {"score": {"method": "identity"}}},
        [{"indicator": "county_mark", "points": 100}],
    )
    written["tracks"] = {
        "city": {
            "title": "设区市",
            "tree": [{"indicator": "city_mark", "points": 100}],
            "tiers": [
                {"id": "first", "title": "第一等次", "count": counts[0]},
                {"id": "second", "title": "第二等次", "count": counts[1]},
                {"id": "third", "title": "第三等次"},
            ],
            "quotas": [{"id": "advanced_counties", "track": "county", "nominations": ALLOWED, "list_size": list_size}],
        },
        "county": {"title": "县", "tree": written["tracks"]["unit"]["tree"]},
    }
    return written


def mark_nominations(
    path: Path, nominated: dict[str, list[str]], *, list_size: int = 20, counts: tuple[int, int] = (5, 4)
) -> Any:
    """Cities and counties are ranked as they are numbered; each city nominates the counties given."""
    values = {city: {"city_mark": 90.0 - place} for place, city in enumerate(CITIES)}
    values |= {county: {"county_mark": 95.0 - place} for place, county in enumerate(COUNTIES)}
    units = [{"unit": unit, "track": "city" if unit in CITIES else "county"} for unit in values]
    nominations = [
        {"quota": "advanced_counties", "city": city, "unit": county, "order": order}
        for city, counties in nominated.items()
        for order, county in enumerate(counties, 1)
    ]
    return mark_values(path, scheme(list_size=list_size, counts=counts), values, units=units, nominations=nominations)


def by_tier(first: int, second: int, third: int, counts: tuple[int, int] = (5, 4)) -> dict[str, list[str]]:
    """Every city of a tier nominates that many; counties are dealt one by one from the worst rank up."""
    pool = list(reversed(COUNTIES))
    numbers = [first] * counts[0] + [second] * counts[1] + [third] * (13 - sum(counts))
    return {city: [pool.pop(0) for _ in range(number)] for city, number in zip(CITIES, numbers, strict=True) if number}


def chosen(result: Any) -> list[str]:
    """The counties on the list."""
    return sorted(result.quotas.filter(pl.col("listed"))["unit"].to_list())


def test_three_two_one_by_tier(tmp_path: Path) -> None:
    """5 cities nominate 3, 4 nominate 2 and 4 nominate 1: 27 names for a list of 30, all of them on it."""
    nominated = by_tier(3, 2, 1)
    names = sorted(county for counties in nominated.values() for county in counties)
    assert len(names) == 5 * 3 + 4 * 2 + 4 * 1
    assert chosen(mark_nominations(tmp_path, nominated, list_size=30)) == names


@pytest.mark.parametrize("list_size", [20, 18])
def test_more_names_than_the_list_is_long(list_size: int, tmp_path: Path) -> None:
    """27 nominated for a list of 20 (2019) or 18 (2023): the counties' own provincial rank decides."""
    nominated = by_tier(3, 2, 1)
    best = sorted(county for counties in nominated.values() for county in counties)[:list_size]
    assert chosen(mark_nominations(tmp_path, nominated, list_size=list_size)) == best


def test_arithmetic_of_321(tmp_path: Path) -> None:
    """With 5 cities in tier one and one name from every other city there are 23 names: more than the list of 20."""
    counts = (5, 0)
    nominated = by_tier(3, 0, 1, counts)
    assert sum(len(counties) for counties in nominated.values()) == 23
    assert len(chosen(mark_nominations(tmp_path, nominated, counts=counts))) == 20


def test_a_city_need_not_use_its_quota(tmp_path: Path) -> None:
    assert chosen(mark_nominations(tmp_path, {"city_01": ["county_40"], "city_13": ["county_39"]})) == ["county_39", "county_40"]


def test_more_than_the_quota_is_a_problem(tmp_path: Path) -> None:
    """A city of the second tier names three, one of the third two: both are named with what their tier allows."""
    nominated = {"city_01": COUNTIES[:3], "city_06": COUNTIES[3:6], "city_13": COUNTIES[6:8]}
    with pytest.raises(MarkingError) as caught:
        mark_nominations(tmp_path, nominated)
    found = [(p.fields["city"], p.fields["tier"], p.fields["allowed"], p.fields["given"]) for p in caught.value.problems]
    assert found == [("city_06", "second", 2, 3), ("city_13", "third", 1, 2)]


def test_a_quota_may_be_none(tmp_path: Path) -> None:
    """A tier without an entry, or with 0, nominates nobody; one name is then one too many."""
    written = scheme(list_size=20, counts=(5, 4))
    written["tracks"]["city"]["quotas"][0]["nominations"] = {"first": 3, "second": 2, "third": 0}
    values: dict[str, dict[str, float]] = {city: {"city_mark": 90.0 - place} for place, city in enumerate(CITIES)}
    values |= {county: {"county_mark": 50.0} for county in COUNTIES[:2]}
    units = [{"unit": unit, "track": "city" if unit in CITIES else "county"} for unit in values]
    nominations = [{"quota": "advanced_counties", "city": "city_13", "unit": "county_01", "order": 1}]
    with pytest.raises(MarkingError) as caught:
        mark_values(tmp_path, written, values, units=units, nominations=nominations)
    assert [problem.code for problem in caught.value.problems] == ["engine.over_quota"]
