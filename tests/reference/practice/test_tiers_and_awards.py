"""Tiers, gates, units listed apart, awards (``domain.md`` 1, 3.3, F19, F20). Totals are invented, numbers of places published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.reference.folders import Row, mark_values, of_results, simple_scheme


def tier(name: str, **places: object) -> dict[str, object]:
    return {"id": name, "title": name, **places}


def ranked(tiers: list[dict[str, object]], *, track: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    """A scheme whose total is the one indicator ``total_mark``."""
    return simple_scheme(
        {"total_mark": {"score": {"method": "identity"}}},
        [{"indicator": "total_mark", "points": 100}],
        track={"tiers": tiers, **(track or {})},
        **more,
    )


def descending(units: list[str], start: float = 95.0, step: float = 0.5) -> dict[str, dict[str, float]]:
    """Totals that fall from unit to unit."""
    return {unit: {"total_mark": start - step * place} for place, unit in enumerate(units)}


def names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{place:03d}" for place in range(1, count + 1)]


# --- Shandong -------------------------------------------------------------------------------------------------------------------

SHANDONG_TIERS = [tier("first", count=3), tier("second", count=5), tier("third", count=5), tier("fourth")]
SHANDONG_CITIES = [
    "济南",
    "青岛",
    "淄博",
    "枣庄",
    "东营",
    "烟台",
    "潍坊",
    "济宁",
    "泰安",
    "威海",
    "日照",
    "临沂",
    "德州",
    "聊城",
    "滨州",
    "菏泽",
]


def test_shandong_2020_three_five_five_three_of_sixteen(tmp_path: Path) -> None:
    """16 cities (in an invented order): tiers of 3, 5, 5 and 3."""
    result = mark_values(tmp_path, ranked(SHANDONG_TIERS), descending(SHANDONG_CITIES))
    dealt = of_results(result, "tier")
    assert [dealt[city] for city in SHANDONG_CITIES] == ["first"] * 3 + ["second"] * 5 + ["third"] * 5 + ["fourth"] * 3


def test_shandong_as_shares_of_sixteen(tmp_path: Path) -> None:
    """18.75 %, 31.25 %, 31.25 % and the rest deal the same places; a share is rounded down."""
    shares = [tier("first", share=0.1875), tier("second", share=0.3125), tier("third", share=0.3125), tier("fourth")]
    result = mark_values(tmp_path, ranked(shares), descending(SHANDONG_CITIES))
    assert Counter(of_results(result, "tier").values()) == {"first": 3, "second": 5, "third": 5, "fourth": 3}


def test_shandong_2023_quota_of_each_class_of_counties(tmp_path: Path) -> None:
    """20 advanced counties: 8 urban districts, 5 counties under the province's finance, 7 others: ranked and dealt per class.

    A scheme has one list of tiers, so each class is a track of its own here (136 invented counties).
    """
    places = {"district": (8, 58), "finance": (5, 41), "other": (7, 37)}
    scheme = ranked([tier("advanced", count=1), tier("rest")])
    only = scheme["tracks"].pop("unit")
    for track, (count, _) in places.items():
        scheme["tracks"][track] = only | {"title": track, "tiers": [tier("advanced", count=count), tier("rest")]}
    units = [{"unit": unit, "track": track} for track, (_, size) in places.items() for unit in names(track, size)]
    values = {
        unit: mark for track, (_, size) in places.items() for unit, mark in descending(names(track, size), step=0.25).items()
    }
    result = mark_values(tmp_path, scheme, values, units=units)
    advanced = result.results.filter(result.results["tier"] == "advanced")
    assert Counter(advanced["track"].to_list()) == {"district": 8, "finance": 5, "other": 7}


# --- Hangzhou -------------------------------------------------------------------------------------------------------------------


def hangzhou() -> dict[str, Any]:
    """78 ranked organs, 4 offices listed apart, 15 vertically managed units in a list of their own.

    Of the 18 excellent organs, 2 became so by special promotion (专项晋优). A promotion is no effect of the format, which knows
    none that lifts a unit, so it is written as a tier of its own beside ``excellent``: two places, open to those who have
    reached 90 in special work, wherever they stand below the first 16. Both tiers together are the published 18.
    """
    tree = [{"indicator": "main_work", "points": 95}, {"indicator": "special_work", "points": 5}]
    indicators = {name: {"score": {"method": "identity"}} for name in ("main_work", "special_work")}
    organs = {
        "title": "市直单位",
        "tree": tree,
        "unranked": names("office", 4),
        "tiers": [
            tier("excellent", count=16),
            tier("excellent_special", count=2, gates={"special_work": 90}),
            tier("good", count=16),
            tier("passed"),
        ],
    }
    vertical = {
        "title": "垂直管理单位",
        "tree": tree,
        "tiers": [tier("excellent", count=3), tier("good", count=3), tier("passed")],
    }
    scheme = simple_scheme(indicators, tree)
    scheme["tracks"] = {"organ": organs, "vertical": vertical}
    return scheme


@pytest.fixture(scope="module")
def hangzhou_result(tmp_path_factory: pytest.TempPathFactory) -> Any:
    organs, offices, vertical = names("organ", 78), names("office", 4), names("vertical", 15)
    values = {unit: {"main_work": 95 - 0.05 * place, "special_work": 80.0} for place, unit in enumerate([*organs, *vertical])}
    values |= {office: {"main_work": 96, "special_work": 95} for office in offices}
    values["organ030"]["special_work"] = values["organ041"]["special_work"] = values["organ077"]["special_work"] = 92
    units = [{"unit": unit, "track": "vertical" if unit.startswith("vertical") else "organ"} for unit in values]
    return mark_values(tmp_path_factory.mktemp("hangzhou"), hangzhou(), values, units=units)


def test_hangzhou_2020_tiers_of_78_organs(hangzhou_result: Any) -> None:
    """18 excellent (2 of them by special promotion), 16 good, 44 passed."""
    organs = hangzhou_result.results.filter(hangzhou_result.results["track"] == "organ")
    dealt = Counter(organs["tier"].to_list())
    assert dealt["excellent"] + dealt["excellent_special"] == 18
    assert {name: dealt[name] for name in ("excellent_special", "good", "passed")} == {
        "excellent_special": 2,
        "good": 16,
        "passed": 44,
    }


def test_hangzhou_2020_special_promotion_passes_over_others(hangzhou_result: Any) -> None:
    """The two best of those that reached the mark in special work, although others stand before them; the third has no place."""
    tiers, ranks = of_results(hangzhou_result, "tier"), of_results(hangzhou_result, "rank")
    assert [unit for unit, dealt in tiers.items() if dealt == "excellent_special"] == ["organ030", "organ041"]
    assert tiers["organ077"] == "passed"
    assert min(ranks[unit] for unit, dealt in tiers.items() if dealt == "good" and unit.startswith("organ")) == 17


def test_hangzhou_2020_four_offices_are_listed_apart(hangzhou_result: Any) -> None:
    """单列: scored higher than anybody, without rank and tier, and taking nobody's place."""
    totals, ranks, tiers = (of_results(hangzhou_result, column) for column in ("total", "rank", "tier"))
    offices = names("office", 4)
    assert [totals[office] for office in offices] == pytest.approx([0.95 * 96 + 0.05 * 95] * 4)
    assert [(ranks[office], tiers[office]) for office in offices] == [(None, None)] * 4
    assert sorted(ranks[unit] for unit in names("organ", 78)) == list(range(1, 79))


def test_hangzhou_2020_vertically_managed_units(hangzhou_result: Any) -> None:
    """15 units in a list of their own: 3 excellent, 3 good, 9 passed."""
    tiers = of_results(hangzhou_result, "tier")
    assert Counter(tiers[unit] for unit in names("vertical", 15)) == {"excellent": 3, "good": 3, "passed": 9}


# --- lines and gates ------------------------------------------------------------------------------------------------------------


def test_guangdong_2014_excellent_by_line(tmp_path: Path) -> None:
    """9 cities: 3 excellent from 88.36, 6 good between 87.79 and 83.89."""
    totals = [90.1, 89.2, 88.36, 87.79, 87.0, 86.1, 85.5, 84.4, 83.89]
    values = {city: {"total_mark": total} for city, total in zip(names("city", 9), totals, strict=True)}
    result = mark_values(tmp_path, ranked([tier("excellent", score=88.36), tier("good", score=80), tier("fair")]), values)
    assert Counter(of_results(result, "tier").values()) == {"excellent": 3, "good": 6}


KUNMING = {"safety": 400, "management": 350, "economy": 250}


def test_kunming_two_gates(tmp_path: Path) -> None:
    """F20: 780 of 1000 **and** 75 % in each category for excellent, 650 and 65 % to pass; the total alone is not enough."""
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}} for name in KUNMING},
        [{"indicator": name, "points": full} for name, full in KUNMING.items()],
        full_mark=1000,
        track={
            "tiers": [
                tier("excellent", score=780, gates=dict.fromkeys(KUNMING, 75)),
                tier("passed", score=650, gates=dict.fromkeys(KUNMING, 65)),
                tier("failed"),
            ]
        },
    )
    reservoirs: dict[str, dict[str, float]] = {
        "both_gates_exactly": {"safety": 80, "management": 78, "economy": 75},
        "one_category_below": {"safety": 95, "management": 90, "economy": 74.9},
        "total_below": {"safety": 76, "management": 76, "economy": 77},
        "passes": {"safety": 65, "management": 65, "economy": 65},
        "good_total_bad_category": {"safety": 90, "management": 90, "economy": 64},
        "total_too_low": {"safety": 64, "management": 66, "economy": 66},
    }
    result = mark_values(tmp_path, scheme, reservoirs)
    assert of_results(result, "total")["both_gates_exactly"] == pytest.approx(780.5)
    assert of_results(result, "tier") == {
        "both_gates_exactly": "excellent",
        "one_category_below": "passed",
        "total_below": "passed",
        "passes": "passed",
        "good_total_bad_category": "failed",
        "total_too_low": "failed",
    }


def test_wenzhou_minimum_growth_for_an_honour(tmp_path: Path) -> None:
    """Investment growth below 42 % cannot be "advanced" in that single item, and leaves the place to the next."""
    scheme = simple_scheme(
        {
            "investment": {"score": {"method": "minmax", "goalposts": [0, 2000]}},
            "growth": {"score": {"method": "minmax", "goalposts": [0, 100]}},
        },
        [{"indicator": "investment", "points": 90}, {"indicator": "growth", "points": 10}],
        track={"tiers": [tier("advanced", count=2, gates={"growth": 42}), tier("other")]},
    )
    counties: dict[str, dict[str, float]] = {
        "slow_giant": {"investment": 1900, "growth": 41.9},
        "a": {"investment": 1500, "growth": 42},
        "b": {"investment": 1200, "growth": 60},
        "c": {"investment": 1000, "growth": 80},
    }
    result = mark_values(tmp_path, scheme, counties)
    assert of_results(result, "tier") == {"slow_giant": "other", "a": "advanced", "b": "advanced", "c": "other"}
    assert of_results(result, "rank")["slow_giant"] == 1


# --- the award for rising -------------------------------------------------------------------------------------------------------

JIANGSU = ["南京", "苏州", "无锡", "常州", "南通", "泰州", "扬州", "镇江", "盐城", "徐州", "淮安", "连云港", "宿迁"]
#: an invented order of the year before in which 常州 and 泰州 were five places lower
JIANGSU_LAST = ["南京", "苏州", "无锡", "南通", "扬州", "镇江", "盐城", "徐州", "常州", "淮安", "泰州", "连云港", "宿迁"]


@pytest.fixture
def jiangsu(tmp_path: Path) -> Any:
    rule = 'rank_change >= 5 and tier != "first"'
    scheme = ranked(
        [tier("first", count=5), tier("second", count=5), tier("third")],
        track={
            "awards": [
                {"id": "advancement", "title": {"zh": "争先进位奖", "en": "Advancement award"}, "when": rule},
                {
                    "id": "newcomer",
                    "title": {"zh": "首次进入第一等次", "en": "First time in tier one"},
                    "when": 'first_time("first")',
                },
            ]
        },
    )
    history: list[Row] = [
        {
            "year": 2019,
            "track": "unit",
            "unit": city,
            "total": 90 - place,
            "rank": place,
            "tier": "first" if place <= 5 else "second",
        }
        for place, city in enumerate(JIANGSU_LAST, 1)
    ]
    return mark_values(tmp_path, scheme, descending(JIANGSU), history=history)


def test_jiangsu_2020_advancement_award(jiangsu: Any) -> None:
    """Taizhou and Changzhou both rose five places; Changzhou entered tier one, so Taizhou alone has 争先进位奖."""
    changes, tiers, awards = (of_results(jiangsu, column) for column in ("rank_change", "tier", "awards"))
    assert {city: change for city, change in changes.items() if change >= 5} == {"常州": 5, "泰州": 5}
    assert (tiers["常州"], tiers["泰州"]) == ("first", "second")
    assert [city for city, given in awards.items() if given and "advancement" in given.split(";")] == ["泰州"]


def test_jiangsu_2020_first_time_in_tier_one(jiangsu: Any) -> None:
    awards = of_results(jiangsu, "awards")
    assert [city for city, given in awards.items() if given and "newcomer" in given.split(";")] == ["常州"]


def test_reward_for_the_fastest_rise_of_each_class(tmp_path: Path) -> None:
    """A province rewards the five **fastest-rising** of its strong and of its weak counties: the best by rise, per class."""
    award = {"id": "fastest", "title": "进位最快", "top": 5, "by": "rank_change", "each": "class"}
    strong, weak = names("strong", 30), names("weak", 30)
    risen = {"strong": {6, 11, 16, 21, 25}, "weak": {7, 13, 17, 20, 24}}
    scheme = ranked([tier("only")], track={"awards": [award], "rank_within": "class"})
    history: list[Row] = []
    for prefix, listed in (("strong", strong), ("weak", weak)):
        # Those that rise stood right behind all the others, in the same order among themselves.
        before = [u for place, u in enumerate(listed, 1) if place not in risen[prefix]]
        before += [u for place, u in enumerate(listed, 1) if place in risen[prefix]]
        history += [
            {"year": 2019, "track": "unit", "unit": unit, "total": 100 - place, "rank": place, "tier": "only"}
            for place, unit in enumerate(before, 1)
        ]
    units = [{"unit": unit, "class": unit[:-3]} for unit in [*strong, *weak]]
    result = mark_values(tmp_path, scheme, descending([*strong, *weak], step=0.25), units=units, history=history)
    winners = {unit for unit, given in of_results(result, "awards").items() if given == "fastest"}
    assert winners == {f"{prefix}{place:03d}" for prefix, places in risen.items() for place in places}


def test_three_years_in_tier_one(tmp_path: Path) -> None:
    """Nantong: tier one five years running; an award for a streak of three."""
    scheme = ranked(
        [tier("first", count=2), tier("second")],
        track={"awards": [{"id": "steady", "title": "连续第一等次", "when": 'streak("first") >= 3'}]},
    )
    history: list[Row] = [
        {"year": year, "track": "unit", "unit": unit, "total": 90, "rank": place, "tier": dealt}
        for year in (2016, 2017, 2018, 2019)
        for unit, place, dealt in (
            ("a", 1, "first"),
            ("b", 2, "second" if year == 2018 else "first"),
            ("c", 3, "second" if year != 2018 else "first"),
        )
    ]
    result = mark_values(tmp_path, scheme, descending(["a", "b", "c"]), history=history)
    assert of_results(result, "awards") == {"a": "steady", "b": None, "c": None}
