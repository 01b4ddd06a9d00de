"""Assessment by class and by role (``domain.md`` 1, 3.7, 4.4): Kunshan's enterprises and zones, classes with other weights.

Numbers of enterprises and the tasks are published, weights are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.reference.folders import Row, mark_values, of_results, points, rates, simple_scheme

COMMERCIAL = [f"enterprise_{number:02d}" for number in range(1, 11)]
INSTITUTE = "research_institute"


def enterprises() -> dict[str, Any]:
    """Revenue is not the main point of the one public-interest enterprise; its main point is the technology projects."""
    tree: list[Row] = [
        {"indicator": "revenue", "points": {"default": 50, "public_interest": 10}},
        {"indicator": "asset_value", "points": {"default": 30, "public_interest": 10}},
        {"indicator": "tech_projects", "points": {"default": 0, "public_interest": 60}},
        {"indicator": "service_quality", "points": 20},
    ]
    return simple_scheme(
        {
            "revenue": {"score": {"method": "target"}},
            "asset_value": {"score": {"method": "target"}},
            "tech_projects": {"score": {"method": "target", "cap": 120}},
            "service_quality": {"score": {"method": "identity"}},
        },
        tree,
        track={"rank_within": "class"},
    )


@pytest.fixture
def kunshan(tmp_path: Path) -> Any:
    values: dict[str, dict[str, float]] = {
        unit: {"revenue": 90 + place, "asset_value": 100, "service_quality": 80} for place, unit in enumerate(COMMERCIAL)
    }
    values[INSTITUTE] = {"revenue": 20, "asset_value": 50, "tech_projects": 130, "service_quality": 90}
    units = [{"unit": unit, "class": "public_interest" if unit == INSTITUTE else "commercial"} for unit in values]
    targets = [{"unit": None, "indicator": name, "target": target} for name, target in (("revenue", 100), ("asset_value", 100))]
    targets.append({"unit": INSTITUTE, "indicator": "tech_projects", "target": 70})
    return mark_values(tmp_path, enterprises(), values, units=units, targets=targets)


def test_kunshan_eleven_enterprises_are_marked_by_category(kunshan: Any) -> None:
    """Eleven municipal enterprises, one of them of the public-interest class (公益类), ranked in its class."""
    assert kunshan.results.height == 11
    assert of_results(kunshan, "rank") == {unit: 10 - place for place, unit in enumerate(COMMERCIAL)} | {INSTITUTE: 1}


def test_kunshan_seventy_technology_projects_and_130_done(kunshan: Any) -> None:
    """At least 70 were the task and 130 were done in ten months: beyond the cap of 120 %, so 72 of 60 points."""
    assert points(kunshan, "tech_projects") == pytest.approx({INSTITUTE: 72})
    assert rates(kunshan, "tech_projects") == pytest.approx({INSTITUTE: 120})


def test_kunshan_revenue_weighs_little_for_the_public_interest_class(kunshan: Any) -> None:
    """A fifth of the revenue target costs 8 points here and would cost 40 in the other class."""
    of_institute = kunshan.scores.filter(pl.col("unit") == INSTITUTE)
    full_marks = dict(of_institute.filter(pl.col("kind") == "indicator").select("node", "full_mark").iter_rows())
    assert full_marks == {"revenue": 10, "asset_value": 10, "tech_projects": 60, "service_quality": 20}
    assert of_results(kunshan, "total")[INSTITUTE] == pytest.approx(2 + 5 + 72 + 18)
    assert of_results(kunshan, "total")["enterprise_01"] == pytest.approx(0.9 * 50 + 30 + 16)


def test_kunshan_projects_are_no_item_of_the_others(kunshan: Any) -> None:
    """Points 0 take an item out without a trace of missingness."""
    assert kunshan.scores.filter((pl.col("node") == "tech_projects") & (pl.col("unit") != INSTITUTE)).is_empty()


def test_kunshan_weights_by_role_of_the_zone(tmp_path: Path) -> None:
    """Huaqiao's key items are wholesale, retail, lodging and catering; the sums of its own points are those of the others."""
    items = ("industry", "wholesale", "retail", "lodging", "catering")
    standard = dict(zip(items, (60, 10, 10, 10, 10), strict=True))
    huaqiao = dict(zip(items, (20, 20, 20, 20, 20), strict=True))
    scheme = simple_scheme(
        {item: {"score": {"method": "identity"}} for item in items},
        [{"indicator": item, "points": full} for item, full in standard.items()],
    )
    marks = dict(zip(items, (60, 100, 90, 80, 70), strict=True))
    own = [{"unit": "huaqiao", "node": item, "points": full} for item, full in huaqiao.items()]
    result = mark_values(tmp_path, scheme, {"huaqiao": marks, "other_town": marks}, weights=own)
    assert points(result, "total") == pytest.approx({"huaqiao": 0.2 * 400, "other_town": 0.6 * 60 + 0.1 * 340})


def test_classes_that_weigh_and_classes_that_rank_are_not_the_same(tmp_path: Path) -> None:
    """South, central and north Jiangsu have other weights of one item; the ranking is of all."""
    scheme = simple_scheme(
        {"foreign_trade": {"score": {"method": "identity"}}, "poverty_relief": {"score": {"method": "identity"}}},
        [
            {"indicator": "foreign_trade", "points": {"by": "region", "south": 70, "central": 50, "north": 30}},
            {"indicator": "poverty_relief", "points": {"by": "region", "south": 30, "central": 50, "north": 70}},
        ],
    )
    values = {unit: {"foreign_trade": 90, "poverty_relief": 60} for unit in ("s", "c", "n")}
    units = [{"unit": unit, "region": region} for unit, region in (("s", "south"), ("c", "central"), ("n", "north"))]
    result = mark_values(tmp_path, scheme, values, units=units)
    assert points(result, "total") == pytest.approx({"s": 81, "c": 75, "n": 69})
    assert of_results(result, "rank") == {"s": 1, "c": 2, "n": 3}


def test_shenzhen_departments_weigh_by_kind_of_organ(tmp_path: Path) -> None:
    """委, 局 and 办 share the four first-level indicators (results 45 %) and weigh them differently."""
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}} for name in ("results", "efficiency", "execution", "cost")},
        [
            {"indicator": "results", "points": 45},
            {"indicator": "efficiency", "points": {"default": 20, "office": 10}},
            {"indicator": "execution", "points": {"default": 20, "office": 35}},
            {"indicator": "cost", "points": {"default": 15, "office": 10}},
        ],
        track={"rank_within": "class"},
    )
    marks = {"results": 80, "efficiency": 90, "execution": 60, "cost": 100}
    units = [{"unit": unit, "class": kind} for unit, kind in (("a", "commission"), ("b", "bureau"), ("c", "office"))]
    result = mark_values(tmp_path, scheme, dict.fromkeys(("a", "b", "c"), marks), units=units)
    assert points(result, "total") == pytest.approx({"a": 81, "b": 81, "c": 36 + 9 + 21 + 10})


def test_heilongjiang_respondent_groups(tmp_path: Path) -> None:
    """F13: groups of weights 20, 10, 10, 5, 5, 30, 20 and their means make 89.32; the means themselves stay visible."""
    groups = {
        "enterprises": (20, 88.4),
        "cities": (10, 91.2),
        "provincial_leaders": (10, 93.0),
        "other_departments": (5, 90.5),
        "assessed_units": (5, 97.1),
        "society": (30, 84.6),
        "inspections": (20, 92.3),
    }
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}} for name in groups},
        [{"indicator": name, "weight": weight} for name, (weight, _) in groups.items()],
    )
    result = mark_values(tmp_path, scheme, {"department": {name: mean for name, (_, mean) in groups.items()}})
    assert points(result, "total") == pytest.approx({"department": 89.32}, abs=0.005)
    assert rates(result, "assessed_units") == {"department": 97.1}


def test_f11_four_option_vote(tmp_path: Path) -> None:
    """100/80/60/40 over valid votes: 42, 31, 9 and 2 make 86.90."""
    value = "(100 * very_good + 80 * good + 60 * fair + 40 * poor) / (very_good + good + fair + poor)"
    scheme = simple_scheme({"vote": {"value": value, "score": {"method": "identity"}}}, [{"indicator": "vote", "points": 100}])
    result = mark_values(tmp_path, scheme, {"unit": {"very_good": 42, "good": 31, "fair": 9, "poor": 2}})
    assert points(result, "vote") == pytest.approx({"unit": 86.90}, abs=0.005)


@pytest.mark.parametrize(("votes", "expected"), [("s + b + u", 86.38), ("s + b + u + unknown", 75.58)])
def test_f12_do_not_know_is_no_valid_vote(votes: str, expected: float, tmp_path: Path) -> None:
    """412 satisfied, 236 basically, 31 not, 97 do not know: 86.38, or 75.58 if these counted as zero."""
    scheme = simple_scheme(
        {"vote": {"value": f"(100 * s + 70 * b + 30 * u) / ({votes})", "score": {"method": "identity"}}},
        [{"indicator": "vote", "points": 100}],
    )
    result = mark_values(tmp_path, scheme, {"unit": {"s": 412, "b": 236, "u": 31, "unknown": 97}})
    assert points(result, "vote") == pytest.approx({"unit": expected}, abs=0.005)


def test_f14_person_score(tmp_path: Path) -> None:
    """Leader 20, staff 40, team 40; groups of 90.9, 87.0 and 90.5 and a bonus of 2 make 91.18."""
    groups = {"leader": (20, 90.9), "staff": (40, 87.0), "team": (40, 90.5)}
    aspects = {"conduct": 30, "effort": 30, "results": 40}
    scheme = simple_scheme(
        {f"{group}_{aspect}": {"score": {"method": "identity"}} for group in groups for aspect in aspects},
        [
            {
                "id": group,
                "title": group,
                "points": weight,
                "children": [{"indicator": f"{group}_{aspect}", "weight": share} for aspect, share in aspects.items()],
            }
            for group, (weight, _) in groups.items()
        ],
        events={"highlight": {"title": "加分", "effect": {"bonus": 2}}},
    )
    # Each group's three aspects differ and have the group's mean: 4 above, 4 below, and even.
    values = {
        f"{group}_{a}": mean + step for group, (_, mean) in groups.items() for a, step in zip(aspects, (4, -4, 0), strict=True)
    }
    result = mark_values(tmp_path, scheme, {"person": values}, events=[{"event": "highlight", "unit": "person"}])
    assert rates(result, "staff") == pytest.approx({"person": 87.0})
    assert points(result, "total") == pytest.approx({"person": 91.18}, abs=1e-9)
