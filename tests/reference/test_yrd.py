"""High-quality development of the cities of the Yangtze delta, 2024: equal weights level by level (逐级等权法)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.reference.folders import mark, needed, of_results, points, read_rows, simple_scheme, write_folder

DIMENSIONS = {
    "创新发展": "innovation",
    "协调发展": "coordination",
    "绿色发展": "green",
    "开放发展": "openness",
    "共享发展": "sharing",
}
POSTS = {"method": "minmax", "goalposts": [0, 1]}


def expected() -> list[dict[str, str]]:
    return read_rows(needed("yrd_high_quality_2024") / "expected.csv")


def write_from_indicators(path: Path) -> Path:
    """Five papers of 20 points with six indicators of equal weight each; the indicators come scaled to 0..1."""
    source = needed("yrd_high_quality_2024")
    system = read_rows(source / "indicator_system.csv")
    ids = {row["indicator"]: f"i{place:02d}" for place, row in enumerate(system, 1)}
    indicators = {ids[row["indicator"]]: {"title": row["indicator"], "score": POSTS} for row in system}
    tree: list[dict[str, Any]] = [
        {
            "id": name,
            "title": title,
            "points": 20,
            "children": [{"indicator": ids[row["indicator"]], "weight": 1} for row in system if row["dimension"] == title],
        }
        for title, name in DIMENSIONS.items()
    ]
    rows = read_rows(source / "indicators_normalised.csv")
    observations = [{"unit": row["city"], "indicator": name, "value": row[title]} for row in rows for title, name in ids.items()]
    units = [{"unit": row["city"], "track": "unit", "class": row["province"]} for row in rows]
    return write_folder(path, simple_scheme(indicators, tree), units, observations=observations)


def write_from_dimensions(path: Path) -> Path:
    """The published scores of the five dimensions, 0 to 20 each, as indicators."""
    indicators = {
        name: {"title": title, "score": {"method": "minmax", "goalposts": [0, 20]}} for title, name in DIMENSIONS.items()
    }
    scheme = simple_scheme(indicators, [{"indicator": name, "points": 20} for name in DIMENSIONS.values()])
    observations = [
        {"unit": row["city"], "indicator": name, "value": row[title]} for row in expected() for title, name in DIMENSIONS.items()
    ]
    return write_folder(path, scheme, [{"unit": row["city"], "track": "unit"} for row in expected()], observations=observations)


def test_dimensions_and_totals_from_the_indicators(tmp_path: Path) -> None:
    result = mark(write_from_indicators(tmp_path))
    assert len(expected()) == 41
    for title, name in DIMENSIONS.items():
        assert points(result, name) == pytest.approx({row["city"]: float(row[title]) for row in expected()}, rel=0, abs=0.11)
    totals = {row["city"]: float(row["total_score"]) for row in expected()}
    assert of_results(result, "total") == pytest.approx(totals, rel=0, abs=0.3)


def test_ranks_from_the_indicators_swap_at_most_neighbours(tmp_path: Path) -> None:
    """The published indicators have two decimals; two cities 0.008 points apart may change places."""
    ranks = of_results(mark(write_from_indicators(tmp_path)), "rank")
    moved = {row["city"]: (int(row["rank"]), ranks[row["city"]]) for row in expected() if ranks[row["city"]] != int(row["rank"])}
    assert moved.keys() <= {"泰州市", "绍兴市"}
    assert all(abs(published - found) == 1 for published, found in moved.values())


def test_ranks_from_the_published_dimensions_are_exact(tmp_path: Path) -> None:
    """The dimensions are published with two decimals, and 淮北 and 池州 both add up to 37.92: these two share a place here."""
    result = mark(write_from_dimensions(tmp_path))
    totals = {row["city"]: float(row["total_score"]) for row in expected()}
    assert of_results(result, "total") == pytest.approx(totals, rel=0, abs=0.015)
    sums = {row["city"]: sum(Decimal(row[title]) for title in DIMENSIONS) for row in expected()}
    shared = {city: 1 + sum(other > total for other in sums.values()) for city, total in sums.items()}
    assert of_results(result, "rank") == shared
    published = {row["city"]: int(row["rank"]) for row in expected()}
    assert {city for city in published if shared[city] != published[city]} == {"池州市"}
    assert (published["淮北市"], published["池州市"], shared["池州市"]) == (36, 37, 36)


def test_ranks_from_the_published_totals_are_exact(tmp_path: Path) -> None:
    scheme = simple_scheme({"total_score": {"score": {"method": "identity"}}}, [{"indicator": "total_score", "points": 100}])
    observations = [{"unit": row["city"], "indicator": "total_score", "value": row["total_score"]} for row in expected()]
    units = [{"unit": row["city"], "track": "unit"} for row in expected()]
    result = mark(write_folder(tmp_path, scheme, units, observations=observations))
    assert of_results(result, "rank") == {row["city"]: int(row["rank"]) for row in expected()}
