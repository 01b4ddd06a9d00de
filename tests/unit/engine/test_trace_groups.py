"""What a value was compared with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import NAN, assess, marks_of
from tongkao.engine.trace_groups import FIELDS, group_statistics

VALUES = "unit x\na 2\nb 4\nc 4\nd 12\ne -"
UNITS = "unit class\na n\nb n\nc s\nd s\ne s"


def statistics(**more: Any) -> dict[str, list[float]]:
    marks = marks_of(assess({"x": 100}, VALUES, units=UNITS, missing=more.pop("missing", "zero"), **more))
    return {field: values[:, 0].tolist() for field, values in group_statistics(marks, np.array([0])).items()}


def same(found: dict[str, list[float]], **expected: list[float]) -> None:
    for field, numbers in expected.items():
        assert found["group_" + field] == pytest.approx(numbers, nan_ok=True), field


def test_the_whole_track() -> None:
    found = statistics()
    assert tuple(found) == FIELDS
    # Mean 22 / 4; squares 3.5² + 1.5² + 1.5² + 6.5² = 59, over 3.
    same(found, count=[4] * 5, best=[12] * 5, worst=[2] * 5, mean=[5.5] * 5, sd=[(59 / 3) ** 0.5] * 5, place=[4, 2, 2, 1, NAN])


def test_lower_is_better() -> None:
    same(statistics(indicators={"x": {"direction": "down"}}), best=[2] * 5, worst=[12] * 5, place=[1, 2, 2, 4, NAN])


def test_the_class() -> None:
    found = statistics(indicators={"x": {"compare": "class"}})
    same(found, count=[2] * 5, best=[4, 4, 12, 12, 12], worst=[2, 2, 4, 4, 4], mean=[3, 3, 8, 8, 8], place=[2, 1, 2, 1, NAN])


def test_units_listed_apart_see_the_group_and_do_not_count() -> None:
    found = statistics(track={"unranked": ["d"]})
    same(found, count=[3] * 5, best=[4] * 5, place=[3, 1, 1, 1, NAN])


def test_imputed_values_count() -> None:
    same(statistics(missing={"impute": "mean"}), count=[5] * 5, place=[5, 3, 3, 1, 2])


def test_a_group_without_spread_or_without_values() -> None:
    marks = marks_of(assess({"x": 50, "y": 50}, "unit x y\na 2 -", missing="zero"))
    found = group_statistics(marks, np.array([0, 1]))
    expected = {"count": [1, 0], "best": [2, NAN], "worst": [2, NAN], "mean": [2, NAN], "sd": [NAN, NAN], "place": [1, NAN]}
    same({field: values[0].tolist() for field, values in found.items()}, **expected)
