"""Missing is not "not applicable" (``domain.md`` 4.5, F17): the national green index and what else is done with a gap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.reference.folders import mark_values, points, rates, simple_scheme
from tongkao.errors import MarkingError

WEIGHTS = {"a": 20, "b": 30, "c": 25, "d": 25}
RATES: dict[str, float] = {"a": 92, "b": 85, "c": 78}


def f17(policy: Any, *, state: str = "missing") -> dict[str, Any]:
    """Four indicators of weights 20/30/25/25; the fourth has the policy for missing values and for what is not applicable."""
    indicators: dict[str, dict[str, Any]] = {name: {"score": {"method": "identity"}} for name in WEIGHTS}
    indicators["d"]["missing" if state == "missing" else "not_applicable"] = policy
    return simple_scheme(indicators, [{"indicator": name, "points": weight} for name, weight in WEIGHTS.items()])


@pytest.mark.parametrize("state", ["missing", "not_applicable"])
@pytest.mark.parametrize(
    ("policy", "total"),
    [
        ("redistribute", 84.53),
        ("redistribute_equally", 84.65),
        ({"floor": 60}, 78.40),
        ({"neutral": "2 / 3"}, 80.07),
        ({"neutral": 1}, 88.40),
        ("zero", 63.40),
    ],
    ids=["proportional", "equal parts", "floor", "two thirds", "full marks", "zero"],
)
def test_f17_every_policy(policy: Any, total: float, state: str, tmp_path: Path) -> None:
    """Rates 92, 85, 78 and a gap: what the gap costs or gives, for both kinds of gap."""
    result = mark_values(tmp_path, f17(policy, state=state), {"unit": {**RATES, "d": state}})
    assert points(result, "total") == pytest.approx({"unit": total}, abs=0.005)


def test_f17_missing_for_all_keeps_the_weight_and_not_applicable_gives_it_away(tmp_path: Path) -> None:
    """The same indicator, two reasons: no data yet for anyone (the rate 60), and does not exist in a region (its weight goes)."""
    scheme = f17({"floor": 60})
    scheme["indicators"]["d"]["not_applicable"] = "redistribute"
    result = mark_values(tmp_path, scheme, {"inland": {**RATES, "d": "not_applicable"}, "coast": {**RATES, "d": None}})
    assert points(result, "total") == pytest.approx({"inland": 84.53, "coast": 78.40}, abs=0.005)
    full_marks = {(row["unit"], row["node"]): row["full_mark"] for row in result.scores.iter_rows(named=True)}
    assert full_marks["coast", "d"] == pytest.approx(25)
    assert ("inland", "d") not in full_marks
    assert full_marks["inland", "b"] == pytest.approx(40)


def test_f17_without_a_policy_the_marking_stops_and_names_the_cell(tmp_path: Path) -> None:
    with pytest.raises(MarkingError) as caught:
        mark_values(tmp_path, f17("error"), {"unit": {**RATES, "d": None}})
    assert [(problem.place.unit, problem.place.node) for problem in caught.value.problems] == [("unit", "d")]


# --- the green development index ------------------------------------------------------------------------------------------------

GREEN = {
    "resource_use": (29.3, 84.2),
    "environmental_governance": (16.5, 87.1),
    "environmental_quality": (19.3, 82.7),
    "ecological_protection": (16.5, 69.9),
    "growth_quality": (9.2, 85.6),
    "green_life": (9.2, 79.3),
}


def test_f22_green_index_from_its_six_parts(tmp_path: Path) -> None:
    """29.3, 16.5, 19.3, 16.5, 9.2 and 9.2 add up to 100; these six rates make 81.7075."""
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}} for name in GREEN},
        [{"indicator": name, "points": weight} for name, (weight, _) in GREEN.items()],
    )
    result = mark_values(tmp_path, scheme, {"province": {name: rate for name, (_, rate) in GREEN.items()}})
    assert points(result, "total") == pytest.approx({"province": 81.7075}, abs=1e-9)


def green_governance() -> dict[str, Any]:
    """The part on governance with three invented indicators: coefficients from 60, and the index's two rules for gaps."""
    names = {"sewage": 6.5, "coastal_water": 5, "chemical_oxygen": 5}
    return simple_scheme(
        {name: {"score": {"method": "minmax", "low": 60}} for name in names},
        [
            {
                "id": "governance",
                "title": "环境治理",
                "points": 16.5,
                "children": [{"indicator": n, "points": w} for n, w in names.items()],
            }
        ],
        full_mark=16.5,
        missing={"floor": 60},
        not_applicable="redistribute",
    )


def test_green_index_without_data_for_anyone(tmp_path: Path) -> None:
    """No province has the figure yet: the individual index is set to the floor 60 and its weight stays."""
    values = {
        unit: {"sewage": sewage, "coastal_water": 80 + sewage, "chemical_oxygen": None}
        for unit, sewage in (("p1", 10), ("p2", 20))
    }
    result = mark_values(tmp_path, green_governance(), values)
    assert rates(result, "chemical_oxygen") == {"p1": 60, "p2": 60}
    assert points(result, "total") == pytest.approx({"p1": 0.6 * 16.5, "p2": 6.5 + 5 + 0.6 * 5})


def test_green_index_where_an_indicator_does_not_exist(tmp_path: Path) -> None:
    """An inland province has no coast: the item is left out and its weight is shared out to the others."""
    values: dict[str, dict[str, float | str]] = {
        "coastal": {"sewage": 20, "coastal_water": 90, "chemical_oxygen": 5},
        "other_coastal": {"sewage": 10, "coastal_water": 70, "chemical_oxygen": 9},
        "inland": {"sewage": 15, "coastal_water": "not_applicable", "chemical_oxygen": 5},
    }
    result = mark_values(tmp_path, green_governance(), values)
    inland = result.scores.filter((pl.col("unit") == "inland") & (pl.col("kind") == "indicator"))
    assert dict(inland.select("node", "full_mark").iter_rows()) == pytest.approx(
        {"sewage": 6.5 + 5 * 6.5 / 11.5, "chemical_oxygen": 5 + 5 * 5 / 11.5}
    )
    assert points(result, "total")["inland"] == pytest.approx(16.5 * (6.5 * 80 + 5 * 60) / 11.5 / 100)


def test_green_index_work_that_is_not_applicable_is_not_a_zero_for_the_others(tmp_path: Path) -> None:
    """The inland province does not count in the comparison of what it does not have."""
    values: dict[str, dict[str, float | str]] = {
        "coastal": {"sewage": 20, "coastal_water": 90, "chemical_oxygen": 5},
        "other_coastal": {"sewage": 10, "coastal_water": 70, "chemical_oxygen": 9},
        "inland": {"sewage": 15, "coastal_water": "not_applicable", "chemical_oxygen": 5},
    }
    assert rates(mark_values(tmp_path, green_governance(), values), "coastal_water") == {"coastal": 100, "other_coastal": 60}


def test_a_fixed_neutral_mark(tmp_path: Path) -> None:
    """A town without poor villages gets 10 of 15, one without loan recovery its base 10 of 10."""
    scheme = simple_scheme(
        {
            "poor_villages": {"score": {"method": "identity"}, "not_applicable": {"neutral": "10 / 15"}},
            "loan_recovery": {"score": {"method": "identity"}, "not_applicable": {"neutral": 1}},
        },
        [{"indicator": "poor_villages", "points": 15}, {"indicator": "loan_recovery", "points": 10}],
        full_mark=25,
    )
    result = mark_values(tmp_path, scheme, {"town": {"poor_villages": "not_applicable", "loan_recovery": "not_applicable"}})
    assert points(result, "poor_villages") == pytest.approx({"town": 10})
    assert points(result, "loan_recovery") == pytest.approx({"town": 10})


def test_null_report_is_a_reported_zero(tmp_path: Path) -> None:
    """Shenzhen: no data in the period must be reported as no data; nothing to deduct then, and nothing missing."""
    scheme = simple_scheme(
        {"complaints": {"score": {"method": "deduct", "per": 5}}}, [{"indicator": "complaints", "points": 100}]
    )
    result = mark_values(tmp_path, scheme, {"quiet": {"complaints": "null_reported"}, "loud": {"complaints": 3}})
    assert points(result, "complaints") == pytest.approx({"quiet": 100, "loud": 85})
