"""Values to rates: every method with small numbers, and who is compared with whom."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, marks_of, of_node

VALUES = "unit x\na 20\nb 40\nc 60\nd 60"
TARGETS = "unit indicator target baseline challenge\n- x 50 - 70\na x 40 10 60"


def scored(score: dict[str, Any], values: str = VALUES, *, direction: str = "up", **more: Any) -> list[float]:
    rule = {"score": score, "direction": direction, **more.pop("rule", {})}
    return list(of_node(assess({"x": 100}, values, indicators={"x": rule}, **more), "x").values())


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"method": "identity"}, [20, 40, 60, 60]),
        ({"method": "identity", "cap": 50, "floor": 30}, [30, 40, 50, 50]),
        ({"method": "minmax"}, [0, 50, 100, 100]),
        ({"method": "minmax", "low": 60}, [60, 80, 100, 100]),  # F1
        ({"method": "minmax", "goalposts": [20, 50]}, [0, 200 / 3, 100, 100]),
        ({"method": "minmax", "goalposts": [40, 50]}, [0, 0, 100, 100]),
        ({"method": "minmax", "goalposts": [40, 50], "cap": "none", "floor": "none"}, [-200, 0, 200, 200]),
        ({"method": "ratio_to_best"}, [100 / 3, 200 / 3, 100, 100]),  # F2
        ({"method": "ratio_to_best", "cap": 90, "floor": 50}, [50, 200 / 3, 90, 90]),
        ({"method": "rank_step"}, [94, 96, 100, 100]),  # F3: 4, 3, 1, 1
        ({"method": "rank_step", "drop": 40, "floor": 10}, [10, 20, 100, 100]),
        ({"method": "rank_step", "drop": 40}, [0, 20, 100, 100]),
        ({"method": "rank_step", "drop": 40, "floor": "none"}, [-20, 20, 100, 100]),
        ({"method": "rank_table", "table": [100, 90, 50]}, [50, 50, 100, 100]),  # F4: beyond the table its last entry
        ({"method": "rank_table"}, [85, 90, 100, 100]),
        ({"method": "rank_linear"}, [0, 100 / 3, 100, 100]),
        ({"method": "rank_linear", "low": 60, "high": 90}, [60, 70, 90, 90]),
        ({"method": "bands", "bands": [[60, 100], [40, 80], [30, 50]]}, [50, 80, 100, 100]),
        ({"method": "bands", "bands": [[60, 100], [30, 50]], "interpolate": True}, [50, 200 / 3, 100, 100]),
        ({"method": "deduct"}, [80, 60, 40, 40]),  # F8
        ({"method": "deduct", "per": 2, "floor": 10}, [60, 20, 10, 10]),
        ({"method": "zscore", "mean": 50, "sd": 10}, [50 - 25 / 366.6666666666667**0.5 * 10, 50 - 5 / 366.6666666666667**0.5 * 10]
         + [50 + 15 / 366.6666666666667**0.5 * 10] * 2),  # mean 45; squares 625 + 25 + 225 + 225 = 1100, over 3
        ({"method": "percentile"}, [12.5, 37.5, 75, 75]),
        ({"method": "borda"}, [0, 100 / 3, 200 / 3, 200 / 3]),
        ({"method": "ascending_rank"}, [1, 2, 3, 3]),
        ({"method": "ascending_rank", "ties": "mean", "minus": 1}, [0, 1, 2.5, 2.5]),
        ({"method": "ascending_rank", "ties": "highest"}, [1, 2, 4, 4]),
        ({"method": "distance_to_reference", "unit": "b"}, [0, 100, 200, 200]),
        ({"method": "distance_to_reference", "unit": "b", "cap": 150}, [0, 100, 150, 150]),
    ],
)  # fmt: skip
def test_higher_is_better(score: dict[str, Any], expected: list[float]) -> None:
    assert scored(score) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"method": "identity"}, [20, 40, 60, 60]),  # does not turn
        ({"method": "minmax"}, [100, 50, 0, 0]),
        ({"method": "ratio_to_best"}, [100, 50, 100 / 3, 100 / 3]),
        ({"method": "rank_step"}, [100, 98, 96, 96]),
        ({"method": "rank_linear"}, [100, 200 / 3, 100 / 3, 100 / 3]),
        ({"method": "bands", "bands": [[20, 100], [40, 80], [50, 50]]}, [100, 80, 50, 50]),
        ({"method": "deduct"}, [80, 60, 40, 40]),  # does not turn
        ({"method": "percentile"}, [87.5, 62.5, 25, 25]),
        ({"method": "borda"}, [100, 200 / 3, 0, 0]),
    ],
)
def test_lower_is_better(score: dict[str, Any], expected: list[float]) -> None:
    assert scored(score, direction="down") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("score", "direction", "expected"),
    [
        # a: (20 - 10) / (40 - 10); the others have no baseline: 100 x / 50.
        ({"method": "target"}, "up", [100 / 3, 80, 100, 100]),
        ({"method": "target", "cap": "none"}, "up", [100 / 3, 80, 120, 120]),
        ({"method": "target", "floor": 90}, "up", [90, 90, 100, 100]),
        # Down: a 100 (20 - 10) / (40 - 10); 100 * 50 / x.
        ({"method": "target", "cap": "none"}, "down", [100 / 3, 125, 250 / 3, 250 / 3]),
        # Up to the target 80 times completion, from there to 100 at the challenge value.
        ({"method": "challenge"}, "up", [80 / 3, 64, 90, 90]),
        ({"method": "base_step", "step": 2}, "up", [40, 60, 100, 100]),  # F6: 80 + 2 (x - target)
        ({"method": "base_step", "step": 3, "base": 60}, "up", [0, 30, 90, 90]),
        ({"method": "base_step", "step": 5}, "up", [0, 30, 120, 120]),
        ({"method": "base_step", "step": 2}, "down", [120, 100, 60, 60]),
        # From the group's worst, 20, to the target: 100 (x - 20) / (target - 20).
        ({"method": "distance_to_target"}, "up", [0, 200 / 3, 400 / 3, 400 / 3]),
    ],
)
def test_targets(score: dict[str, Any], direction: str, expected: list[float]) -> None:
    assert scored(score, direction=direction, targets=TARGETS) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("method", "rate"),
    [("minmax", 100), ("rank_linear", 100), ("borda", 100), ("percentile", 50), ("rank_step", 100), ("zscore", 0)],
)
def test_a_group_of_one(method: str, rate: float) -> None:
    assert scored({"method": method}, "unit x\na 7") == [rate]


def test_parameters_of_each_column_of_a_block_are_its_own() -> None:
    rules = {
        "x": {"score": {"method": "minmax", "low": 60}},
        "y": {"score": {"method": "minmax", "goalposts": [100, 0]}, "direction": "down"},
        "z": {"score": {"method": "minmax", "cap": 90, "goalposts": [0, 50]}},
    }
    assessment = assess({n: {"weight": 1} for n in "xyz"}, "unit x y z\na 20 20 20\nb 40 40 60", indicators=rules)
    assert [of_node(assessment, node) for node in "xyz"] == [{"a": 60, "b": 100}, {"a": 80, "b": 60}, {"a": 40, "b": 90}]


UNITS = "unit class\na n\nb n\nc s\nd s"


def test_compared_in_the_class() -> None:
    assert scored({"method": "minmax"}, "unit x\na 20\nb 40\nc 60\nd 90", units=UNITS, rule={"compare": "class"}) == [
        0,
        100,
        0,
        100,
    ]
    assert (
        scored({"method": "rank_step"}, "unit x\na 20\nb 40\nc 60\nd 90", units=UNITS, rule={"compare": "class"}) == [98, 100] * 2
    )


def test_units_listed_apart_are_scored_against_the_group_but_not_counted_in_it() -> None:
    more = {"track": {"unranked": ["d"]}}
    values = "unit x\na 20\nb 40\nc 60\nd 100"
    assert scored({"method": "minmax"}, values, **more) == [0, 50, 100, 100]
    assert scored({"method": "minmax", "cap": "none"}, values, **more) == [0, 50, 100, 200]
    assert scored({"method": "rank_step"}, values, **more) == [96, 98, 100, 100]
    assert scored({"method": "percentile"}, values, **more) == pytest.approx([100 / 6, 50, 500 / 6, 100])
    assert scored({"method": "borda"}, values, **more) == [0, 50, 100, 100]


def test_units_listed_apart_get_no_more_than_the_best_of_the_group_and_no_less_than_the_worst() -> None:
    """The limits of minmax are its own low and high, whichever they are."""
    values = "unit x\na 20\nb 40\nc 60\ny 1\nz 100"
    more = {"track": {"unranked": ["y", "z"]}}
    assert scored({"method": "minmax", "low": 60, "high": 90}, values, **more) == [60, 75, 90, 60, 90]
    assert scored({"method": "minmax", "low": 60, "high": 110}, values, **more) == [60, 85, 110, 60, 110]


def test_units_of_weight_0_are_not_compared() -> None:
    tree = {"x": {"default": 40, "n": 0}, "y": {"default": 60, "n": 100}}
    values = "unit x y\na 0 1\nb 999 1\nc 60 1\nd 90 1"
    assessment = assess(tree, values, units=UNITS, indicators={"x": {"score": {"method": "minmax"}}})
    assert of_node(assessment, "x") == {"c": 0, "d": 100}


def test_a_unit_without_a_value_is_not_compared() -> None:
    assert scored({"method": "rank_step"}, "unit x\na 20\nb -\nc 60", missing={"floor": 1}) == [98, 1, 100]


def test_calculated_values_that_are_nearly_equal_are_equal() -> None:
    """0.1 + 0.2 and 0.3: one place on paper; but values as reported differ as soon as their digits do."""
    rows = "unit indicator period value\na h 2020 0.1\na k 2020 0.2\nb h 2020 0.3\nb k 2020 0"
    rule = {"value": "h + k"}
    assert scored({"method": "rank_step"}, "unit x\na .\nb .", rule=rule, observations=rows) == [100, 100]
    assert scored({"method": "minmax"}, "unit x\na .\nb .", rule=rule, observations=rows) == [100, 100]
    assert scored({"method": "bands", "bands": [[0.3, 100], [0, 0]]}, "unit x\na .\nb .", rule=rule, observations=rows) == [
        100,
        100,
    ]
    assert scored({"method": "rank_step"}, "unit x\na 0.30000000000000004\nb 0.3") == [100, 98]


def test_years_of_a_panel_are_scored_apart_or_together() -> None:
    rows = "unit indicator period value\na x 2019 0\nb x 2019 20"
    for span, expected in (("year", [0, 100, 0, 100]), ("all", [0, 50, 75, 100])):
        assessment = assess(
            {"x": 100},
            "unit x\na 30\nb 40",
            observations=rows,
            indicators={"x": {"score": {"method": "minmax"}}},
            panel={"years": [2019, 2020], "range": span},
        )
        assert marks_of(assessment).climbed.rates[:, 0].tolist() == expected


def test_the_reference_unit_of_a_panel_is_that_of_the_year_where_years_are_apart() -> None:
    rows = "unit indicator period value\na x 2019 0\nb x 2019 20"
    score = {"method": "distance_to_reference", "unit": "b"}
    for span, expected in (("year", [0, 100, 0, 100]), ("all", [0, 50, 75, 100])):
        assessment = assess(
            {"x": 100},
            "unit x\na 30\nb 40",
            observations=rows,
            indicators={"x": {"score": score}},
            panel={"years": [2019, 2020], "range": span},
        )
        assert marks_of(assessment).climbed.rates[:, 0].tolist() == expected
