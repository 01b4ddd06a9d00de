"""Scoring rules of real assessments (``domain.md`` 3.2 and F1 to F10, F16, F23) with their published or worked numbers.

The names of units and the values that the sources do not give are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.reference.folders import mark_values, observations, points, rates, simple_scheme


def one_item(indicator: dict[str, Any], full: float = 100, **more: object) -> dict[str, Any]:
    """A scheme whose only indicator ``item`` has all the points."""
    return simple_scheme({"item": indicator}, [{"indicator": "item", "points": full}], full_mark=full, **more)


def item_points(
    path: Path, indicator: dict[str, Any], values: Mapping[str, float], full: float = 100, **tables: Any
) -> dict[str, float]:
    """The points of the only indicator for units with these values."""
    result = mark_values(path, one_item(indicator, full), {unit: {"item": value} for unit, value in values.items()}, **tables)
    return points(result, "item")


def for_everybody(**numbers: float) -> list[dict[str, object]]:
    """One row of targets for all units."""
    return [{"unit": None, "indicator": "item", **numbers}]


def test_f1_efficacy_coefficient_of_growth(tmp_path: Path) -> None:
    """功效系数法: the best has 100, the worst 60, growth of 7.2 between 9.6 and 3.1 has 85.23."""
    found = item_points(tmp_path, {"score": {"method": "minmax", "low": 60}}, {"a": 9.6, "b": 7.2, "c": 3.1})
    assert found == pytest.approx({"a": 100, "b": 85.23, "c": 60}, abs=0.005)


def test_f1_efficacy_coefficient_of_pm25(tmp_path: Path) -> None:
    """The same for what should be small: 26, 31 and 38 µg/m³."""
    indicator = {"direction": "down", "score": {"method": "minmax", "low": 60}}
    found = item_points(tmp_path, indicator, {"a": 26, "b": 31, "c": 38})
    assert found == pytest.approx({"a": 100, "b": 83.33, "c": 60}, abs=0.005)


def test_f1_without_spread_gives_everybody_full_marks(tmp_path: Path) -> None:
    assert item_points(tmp_path, {"score": {"method": "minmax", "low": 60}}, {"a": 5, "b": 5}) == {"a": 100, "b": 100}


def test_f2_proportion_to_the_first(tmp_path: Path) -> None:
    """按实绩赋分 (Rui'an): 812.5 beside the first one's 870.2 has 560.22 of 600."""
    found = item_points(tmp_path, {"score": {"method": "ratio_to_best"}}, {"first": 870.2, "other": 812.5}, 600)
    assert found == pytest.approx({"first": 600, "other": 560.22}, abs=0.005)


def test_f3_two_percent_less_for_each_place(tmp_path: Path) -> None:
    """Leaders' votes in Rui'an: of 200 points, places 1, 2, 5 and 14 have 200, 196, 184 and 148."""
    found = item_points(
        tmp_path, {"score": {"method": "rank_step", "drop": 2}}, {f"u{place:02d}": -place for place in range(1, 15)}, 200
    )
    assert [found[f"u{place:02d}"] for place in (1, 2, 5, 14)] == pytest.approx([200, 196, 184, 148])


def test_f3_five_percent_less_for_each_place_stops_at_zero(tmp_path: Path) -> None:
    """Line work: place 4 of 30 points has 25.5; from place 21 on nothing is left."""
    values = {f"u{place:02d}": -place for place in range(1, 25)}
    found = item_points(tmp_path, {"score": {"method": "rank_step", "drop": 5}}, values, 30)
    assert found["u04"] == pytest.approx(25.5)
    assert [found[f"u{place}"] for place in (20, 21, 22, 24)] == pytest.approx([1.5, 0, 0, 0])


def test_f3_half_a_point_less_for_each_place(tmp_path: Path) -> None:
    """A fixed step of 0.5 points of 40 is a drop of 100 * 0.5 / 40 in the rate."""
    indicator = {"score": {"method": "rank_step", "drop": "100 * 0.5 / 40"}}
    found = item_points(tmp_path, indicator, {"a": 9, "b": 8, "c": 8, "d": 1}, 40)
    assert found == pytest.approx({"a": 40, "b": 39.5, "c": 39.5, "d": 38.5})


def test_f3_monthly_places_are_averaged_over_the_year(tmp_path: Path) -> None:
    """Places 1,2,1,3,3,2,1,1,4,2,1,2 of 30 points at 5 % give 28.625: the mean of twelve monthly scores."""
    places = (1, 2, 1, 3, 3, 2, 1, 1, 4, 2, 1, 2)
    monthly = [
        {"unit": "a", "indicator": "monthly_score", "period": f"2020-{month:02d}", "value": 100 - 5 * (place - 1)}
        for month, place in enumerate(places, 1)
    ]
    scheme = one_item({"value": "periods_mean(monthly_score)", "score": {"method": "identity"}}, 30)
    result = mark_values(tmp_path, scheme, {}, units=[{"unit": "a"}], observations=monthly)
    assert points(result, "item") == pytest.approx({"a": 28.625})


def test_months_after_the_cut_off_do_not_count(tmp_path: Path) -> None:
    """Wenzhou counts to the end of November: the office reports no December, and the sum has eleven months."""
    monthly = [
        {"unit": "a", "indicator": "investment", "period": f"2020-{month:02d}", "value": 1.5 * month, "state": ""}
        for month in range(1, 12)
    ]
    monthly.append({"unit": "a", "indicator": "investment", "period": "2020-12", "value": None, "state": "missing"})
    scheme = one_item({"value": "periods_sum(investment)", "score": {"method": "identity"}})
    result = mark_values(tmp_path, scheme, {}, units=[{"unit": "a"}], observations=monthly)
    assert points(result, "item") == pytest.approx({"a": 1.5 * 66})


@pytest.mark.parametrize("table", [[60, 57, 54, 51, 48], [20, 19, 18, 17, 16]])
def test_f4_rank_table(table: list[int], tmp_path: Path) -> None:
    """排名对照表: a list of points by place; behind its end the last entry goes on."""
    full = table[0]
    indicator = {"score": {"method": "rank_table", "table": [f"100 * {points} / {full}" for points in table]}}
    found = item_points(tmp_path, indicator, {f"u{place}": -place for place in range(1, 8)}, full)
    assert list(found.values()) == pytest.approx([*table, table[-1], table[-1]])


WENZHOU = {
    "value": (
        "(result_index + clip(1.5 * (gdp_growth - target()), -5, 5) + clip(0.15 * people_gap, -3, 3)"
        " + clip(0.15 * industry_gap, -3, 3)) * difficulty"
    ),
    "score": {"method": "ratio_to_best"},
}


def wenzhou(path: Path, values: Mapping[str, Mapping[str, float]], difficulty: dict[str, float]) -> Any:
    units = [{"unit": unit, "difficulty": coefficient} for unit, coefficient in difficulty.items()]
    return mark_values(path, one_item(WENZHOU, 400), values, units=units, targets=for_everybody(target=9))


def test_f5_adjusted_value_and_difficulty_of_wenzhou(tmp_path: Path) -> None:
    """I = 48.2, growth 8.1 for a target of 9, gaps -2 and -11, coefficient 1.35: V = 60.615; beside 73.0, S = 332.14 of 400."""
    values: dict[str, dict[str, float]] = {
        "far_county": {"result_index": 48.2, "gdp_growth": 8.1, "people_gap": -2, "industry_gap": -11},
        "best_county": {"result_index": 73, "gdp_growth": 9, "people_gap": 0, "industry_gap": 0},
    }
    result = wenzhou(tmp_path, values, {"far_county": 1.35, "best_county": 1.0})
    trace = {
        row["unit"]: row["value"]
        for row in result.trace.iter_rows(named=True)
        if row["node"] == "item" and row["record"] == "node"
    }
    assert trace == pytest.approx({"far_county": 60.615, "best_county": 73.0}, abs=1e-9)
    assert points(result, "item") == pytest.approx({"far_county": 332.14, "best_county": 400}, abs=0.005)


def test_f5_clips_of_wenzhou(tmp_path: Path) -> None:
    """The growth gap counts at most ±5 points, each structure gap at most ±3: 50 + 5 - 3 + 3, then times 1.2, 1.15 and so on."""
    clipped = {"result_index": 50, "gdp_growth": 19, "people_gap": -40, "industry_gap": 40}
    opposite = {"result_index": 50, "gdp_growth": 1, "people_gap": 20, "industry_gap": -20}
    result = wenzhou(tmp_path, {"a": clipped, "b": opposite}, {"a": 1.2, "b": 1.15})
    first, other = (50 + 5 - 3 + 3) * 1.2, (50 - 5 + 3 - 3) * 1.15
    assert points(result, "item") == pytest.approx({"a": 400, "b": 400 * other / first})


def test_f6_base_of_eighty_percent_with_steps(tmp_path: Path) -> None:
    """The target met gives 80 % of 60, each percentage point above 0.5 points: 13.4 for 10 has 49.70, 8.2 has 47.10."""
    indicator = {"score": {"method": "base_step", "step": "100 * 0.5 / 60"}}
    values = {"above": 13.4, "below": 8.2, "met": 10, "far": 90}
    found = item_points(tmp_path, indicator, values, 60, targets=for_everybody(target=10))
    assert found == pytest.approx({"above": 49.70, "below": 47.10, "met": 48, "far": 72})


def test_f7_completion_ratio(tmp_path: Path) -> None:
    """Done: full marks; not done: the mark times the ratio (Chizhou)."""
    values = {"done": 120, "met": 100, "half": 50}
    found = item_points(tmp_path, {"score": {"method": "target"}}, values, 8, targets=for_everybody(target=100))
    assert found == pytest.approx({"done": 8, "met": 8, "half": 4})


def test_f7_over_fulfilment_up_to_a_cap(tmp_path: Path) -> None:
    indicator = {"score": {"method": "target", "cap": 120}}
    found = item_points(tmp_path, indicator, {"a": 130, "b": 110, "c": 90}, 10, targets=for_everybody(target=100))
    assert found == pytest.approx({"a": 12, "b": 11, "c": 9})


def test_f8_deduct_to_zero_for_pm10(tmp_path: Path) -> None:
    """扣完为止: of 3 points, each µg/m³ above the target takes 0.5: 2 above leave 2.0, 7 above leave nothing."""
    indicator = {"value": "max(0, pm10 - target())", "score": {"method": "deduct", "per": "100 * 0.5 / 3"}}
    values = {"two_over": {"pm10": 72}, "met": {"pm10": 65}, "seven_over": {"pm10": 77}}
    result = mark_values(tmp_path, one_item(indicator, 3), values, targets=for_everybody(target=70))
    assert points(result, "item") == pytest.approx({"two_over": 2.0, "met": 3.0, "seven_over": 0.0})


def test_f8_good_days_short_of_the_target(tmp_path: Path) -> None:
    """Each percentage point of good-air days short takes 0.25 of 2 points."""
    indicator = {"value": "max(0, target() - good_days)", "score": {"method": "deduct", "per": "100 * 0.25 / 2"}}
    values = {"short": {"good_days": 78}, "above": {"good_days": 84}}
    result = mark_values(tmp_path, one_item(indicator, 2), values, targets=for_everybody(target=82))
    assert points(result, "item") == pytest.approx({"short": 1.0, "above": 2.0})


def test_special_cases_of_farmland(tmp_path: Path) -> None:
    """Jiangxi: balance missed takes 3 points, a loss above 1 % another 3, a paid balance elsewhere 0.5; nothing below zero."""
    lost = "if(balance < 0, 3, 0) + if(loss_rate > 1, 3, 0) + if(paid_elsewhere > 0, 0.5, 0)"
    indicator = {"value": lost, "score": {"method": "deduct", "per": "100 / 6"}}
    values = {
        "kept": {"balance": 10, "loss_rate": 0.2, "paid_elsewhere": 0},
        "missed": {"balance": -1, "loss_rate": 0.2, "paid_elsewhere": 4},
        "lost": {"balance": -9, "loss_rate": 1.4, "paid_elsewhere": 1},
    }
    result = mark_values(tmp_path, one_item(indicator, 6), values)
    assert points(result, "item") == pytest.approx({"kept": 6, "missed": 2.5, "lost": 0})


def test_f9_all_or_nothing(tmp_path: Path) -> None:
    """Wenzhou: cities covered wholly 4 points, else none; half of the villages 8 points, else none; the sum counts."""
    indicators = {
        "city_cover": {"score": {"method": "bands", "bands": [[100, 100], [0, 0]]}},
        "rural_cover": {"score": {"method": "bands", "bands": [[50, 100], [0, 0]]}},
    }
    tree = [{"indicator": "city_cover", "points": 4}, {"indicator": "rural_cover", "points": 8}]
    values: dict[str, dict[str, float]] = {
        "both": {"city_cover": 100, "rural_cover": 50},
        "rural_only": {"city_cover": 99.9, "rural_cover": 80},
        "city_only": {"city_cover": 100, "rural_cover": 49.9},
    }
    result = mark_values(tmp_path, simple_scheme(indicators, tree, full_mark=12), values)
    assert points(result, "total") == pytest.approx({"both": 12, "rural_only": 8, "city_only": 4})


RUIAN = {
    # Below 60 % of excellent votes the bad ones decide; the source does not say that a third of bad votes overrides 60 % and
    # more, so it does not here.
    "value": (
        "if(excellent / valid >= 0.6, 100 * excellent / valid, if((basically_competent + incompetent) / valid < 1 / 3, 50, 0))"
    ),
    "score": {"method": "bands", "bands": [[90, 100], [80, 95], [70, 90], [60, 85], [50, 80], [0, 65]]},
}


@pytest.mark.parametrize(
    ("excellent", "bad", "expected"),
    [
        (100, 0, 200),
        (90, 10, 200),
        (89, 11, 190),
        (80, 0, 190),
        (79, 21, 180),
        (70, 5, 180),
        (69, 31, 170),
        (60, 40, 170),  # two fifths of bad votes do not matter from 60 % on
        (59, 33, 160),
        (59, 34, 130),
        (0, 0, 160),
        (0, 100, 130),
    ],
)
def test_f10_vote_bands_of_ruian(excellent: int, bad: int, expected: int, tmp_path: Path) -> None:
    """优秀率 of 90/80/70/60 %: 200/190/180/170; below, 160 or, with a third of bad votes, 130."""
    votes = {"excellent": excellent, "basically_competent": bad // 2, "incompetent": bad - bad // 2, "valid": 100}
    result = mark_values(tmp_path, one_item(RUIAN, 200), {"office": votes})
    assert points(result, "item") == pytest.approx({"office": expected})


def test_f10_exactly_one_third_counts_as_a_third(tmp_path: Path) -> None:
    votes = {"excellent": 1, "basically_competent": 0, "incompetent": 1, "valid": 3}
    assert points(mark_values(tmp_path, one_item(RUIAN, 200), {"office": votes}), "item") == pytest.approx({"office": 130})


def test_f16_linear_between_grade_points(tmp_path: Path) -> None:
    """A/B/C/D = 4/3/2/1, linear between, 4 above, 0 below: 108 between B = 100 and A = 120 is 3.4."""
    bands = [[120, 100], [100, 75], [80, 50], [60, 25]]
    indicator = {
        "value": "if(mark < 60, 0, mark)",
        "score": {"method": "bands", "bands": [*bands, ["60 - 1e-6", 0]], "interpolate": True},
    }
    values = {
        "between": {"mark": 108},
        "above": {"mark": 150},
        "at_d": {"mark": 60},
        "below": {"mark": 59},
    }
    result = mark_values(tmp_path, one_item(indicator, 4), values)
    assert points(result, "item") == pytest.approx({"between": 3.4, "above": 4, "at_d": 1, "below": 0})


def test_f23_half_level_half_growth(tmp_path: Path) -> None:
    """总量与增幅各半: rates of 82.40 and 91.10 mix to 86.75."""
    parts = [
        {"share": 0.5, "value": "level_rate", "score": {"method": "identity"}},
        {"share": 0.5, "value": "growth_rate", "score": {"method": "identity"}},
    ]
    values = {"a": {"level_rate": 82.40, "growth_rate": 91.10}}
    result = mark_values(tmp_path, one_item({"value": "level_rate", "score": {"method": "mix", "parts": parts}}), values)
    assert rates(result, "item") == pytest.approx({"a": 86.75})


def test_f24_weighted_papers_with_bonus_and_deduction(tmp_path: Path) -> None:
    """T = sum of paper weights times paper scores + B - D; the weights 60, 25 and 15 are invented, none is published."""
    papers = {"development": 60, "party_building": 25, "satisfaction": 15}
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}} for name in papers},
        [{"indicator": name, "points": weight} for name, weight in papers.items()],
        events={
            "praise": {"title": "表彰", "effect": {"bonus": 1}},
            "ledger": {"title": "随意索要台账资料", "effect": {"deduct": 0.5}},
        },
    )
    values = {"a": {"development": 90, "party_building": 88, "satisfaction": 84}}
    events = [{"event": "praise", "unit": "a", "count": 2}, {"event": "ledger", "unit": "a", "count": 3}]
    result = mark_values(tmp_path, scheme, values, events=events)
    assert points(result, "total") == pytest.approx({"a": 0.6 * 90 + 0.25 * 88 + 0.15 * 84 + 2 - 1.5})


def test_challenge_value_of_beijing(tmp_path: Path) -> None:
    """Each task has a target and a challenge value: 80 % at the target, all of it at the challenge value."""
    values = {"half": 50, "target": 100, "between": 110, "challenge": 120, "beyond": 300}
    numbers = for_everybody(target=100, challenge=120)
    found = item_points(tmp_path, {"score": {"method": "challenge"}}, values, targets=numbers)
    assert found == pytest.approx({"half": 40, "target": 80, "between": 90, "challenge": 100, "beyond": 100})


def test_few_zones_are_scored_by_ratio_not_by_rank(tmp_path: Path) -> None:
    """Wenzhou ranks its counties and scores its three functional zones by plan completion: two tracks, two methods."""
    scheme = simple_scheme(
        {
            "county_growth": {"score": {"method": "rank_step", "drop": 5}},
            "zone_plan": {"score": {"method": "target"}},
        },
        [{"indicator": "county_growth", "points": 100}],
    )
    scheme["tracks"]["zone"] = {"title": "功能区", "tree": [{"indicator": "zone_plan", "points": 100}]}
    values: dict[str, dict[str, float]] = {
        "c1": {"county_growth": 9},
        "c2": {"county_growth": 8.9},
        "c3": {"county_growth": 2},
        "z1": {"zone_plan": 99},
        "z2": {"zone_plan": 104},
        "z3": {"zone_plan": 96},
    }
    units = [{"unit": unit, "track": "zone" if unit.startswith("z") else "unit"} for unit in values]
    targets = [{"unit": None, "indicator": "zone_plan", "target": 100}]
    result = mark_values(tmp_path, scheme, values, units=units, targets=targets)
    assert points(result, "total") == pytest.approx({"c1": 100, "c2": 95, "c3": 90, "z1": 99, "z2": 100, "z3": 96})


def test_observations_of_the_helper_carry_states() -> None:
    """The helper of these tests writes a text as the state and a number as the value."""
    assert observations({"a": {"x": 1.5, "y": "not_applicable"}}) == [
        {"unit": "a", "indicator": "x", "period": "", "value": 1.5, "state": ""},
        {"unit": "a", "indicator": "y", "period": "", "value": None, "state": "not_applicable"},
    ]
