"""GB/T 8170 (half to even, one rounding only) and 四舍五入 (half up), through a scheme's rounding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reference.folders import mark_values, of_results, points, simple_scheme


def rounded(path: Path, value: float, places: int, mode: str) -> float:
    """A value whose total is rounded so."""
    scheme = simple_scheme(
        {"item": {"score": {"method": "identity"}}},
        [{"indicator": "item", "points": 100}],
        rounding={"at": ["total"], "places": places, "mode": mode},
    )
    total = of_results(mark_values(path, scheme, {"unit": {"item": value}}), "total")["unit"]
    assert isinstance(total, float)
    return total


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (12.1498, 0, 12),
        (12.1498, 1, 12.1),
        (10.5002, 0, 11),
        (1.050, 1, 1.0),
        (0.35, 1, 0.4),
        (28.175, 2, 28.18),
        (28.165, 2, 28.16),
        (8.53459, 2, 8.53),
    ],
)
def test_examples_of_gbt_8170(value: float, places: int, expected: float, tmp_path: Path) -> None:
    assert rounded(tmp_path, value, places, "half_even") == expected


@pytest.mark.parametrize(
    ("value", "places", "half_up", "half_even"),
    [
        (84.125, 2, 84.13, 84.12),
        (84.145, 2, 84.15, 84.14),
        (84.135, 2, 84.14, 84.14),
        (1.050, 1, 1.1, 1.0),
        (28.165, 2, 28.17, 28.16),
        (2.5, 0, 3, 2),
        (3.5, 0, 4, 4),
    ],
)
def test_half_up_and_half_even(value: float, places: int, half_up: float, half_even: float, tmp_path: Path) -> None:
    """As on paper, although a double of 84.145 or 28.165 is not exactly that."""
    assert rounded(tmp_path / "up", value, places, "half_up") == half_up
    assert rounded(tmp_path / "even", value, places, "half_even") == half_even


def test_one_rounding_only(tmp_path: Path) -> None:
    """84.4446 to two places is 84.44; by way of three places it would be 84.45."""
    assert rounded(tmp_path, 84.4446, 2, "half_up") == 84.44


def test_what_is_above_is_computed_from_the_rounded_value(tmp_path: Path) -> None:
    """Indicators rounded to one place each: 10.04 + 10.04 is 20.0 then, and 20.08, rounded at the total only, is 20.1."""

    def total(folder: str, at: list[str]) -> float:
        scheme: dict[str, Any] = simple_scheme(
            {name: {"score": {"method": "identity"}} for name in ("a", "b")},
            [{"indicator": name, "points": 50} for name in ("a", "b")],
            rounding={"at": at, "places": 1},
        )
        return points(mark_values(tmp_path / folder, scheme, {"unit": {"a": 20.08, "b": 20.08}}), "total")["unit"]

    assert total("indicators", ["indicator", "total"]) == 20.0
    assert total("only_total", ["total"]) == 20.1


def test_close_totals_are_ranked_by_what_is_published(tmp_path: Path) -> None:
    """Hangzhou 2015 published three decimals: 93.4472 and 93.4474 are both 93.447 and share the place."""
    scheme = simple_scheme(
        {"item": {"score": {"method": "identity"}}},
        [{"indicator": "item", "points": 100}],
        rounding={"at": ["total"], "places": 3},
    )
    result = mark_values(tmp_path, scheme, {"a": {"item": 93.4472}, "b": {"item": 93.4474}, "c": {"item": 87.945}})
    assert of_results(result, "total") == {"a": 93.447, "b": 93.447, "c": 87.945}
    assert of_results(result, "rank") == {"a": 1, "b": 1, "c": 3}
