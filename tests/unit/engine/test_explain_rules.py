"""Every scoring rule with the numbers of a unit put in."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from tongkao.engine.explain_rules import METHODS, apply_rule
from tongkao.scheme.model import ScoreField, SimpleScore

LEAF: dict[str, Any] = {
    "treated": 70.0,
    "scored": 80.0,
    "target": None,
    "baseline": None,
    "challenge": None,
    "group_count": 5,
    "group_best": 90.0,
    "group_worst": 50.0,
    "group_mean": 72.0,
    "group_sd": 16.0,
    "group_place": 3,
}
ZH_PLACE, EN_PLACE = "在 5 个比较单位中列第 3 位", "place 3 of 5 compared units"


def rule(score: dict[str, Any], *, up: bool = True, reference: float | None = None, **leaf: Any) -> tuple[str, str]:
    made = apply_rule(TypeAdapter(ScoreField).validate_python(score), {**LEAF, **leaf}, up=up, reference=reference)
    assert made.method == score["method"]
    return made.zh, made.en


def same(text: str) -> tuple[str, str]:
    return text, text


CASES: list[tuple[dict[str, Any], dict[str, Any], tuple[str, str]]] = [
    ({"method": "identity"}, {"scored": 70.0}, ("得分率 = 70", "rate = 70")),
    ({"method": "identity", "cap": 60}, {"scored": 60.0}, ("得分率 = 70，封顶 60", "rate = 70, capped at 60")),
    (
        {"method": "minmax", "low": 60},
        {},
        (
            "最差值与最好值之间：60 + (100 − 60) × (70 − 50) ÷ (90 − 50) = 80",
            "between worst and best: 60 + (100 − 60) × (70 − 50) ÷ (90 − 50) = 80",
        ),
    ),
    (
        {"method": "minmax", "goalposts": [-10, 40]},
        {"scored": 100.0},
        (
            "100 × (70 − (−10)) ÷ (40 − (−10)) = 160，封顶 100",
            "100 × (70 − (−10)) ÷ (40 − (−10)) = 160, capped at 100",
        ),
    ),
    (
        {"method": "minmax"},
        {"group_best": 70.0, "group_worst": 70.0, "scored": 100.0},
        ("比较组各单位数值相同：100", "all compared units have the same value: 100"),
    ),
    ({"method": "ratio_to_best"}, {"scored": 7000 / 90}, same("100 × 70 ÷ 90 = 77.77778")),
    ({"method": "ratio_to_best"}, {"up": False, "group_best": 35.0, "scored": 50.0}, same("100 × 35 ÷ 70 = 50")),
    ({"method": "target"}, {"target": 140.0, "scored": 50.0}, same("100 × 70 ÷ 140 = 50")),
    ({"method": "target"}, {"up": False, "target": 35.0, "scored": 50.0}, same("100 × 35 ÷ 70 = 50")),
    (
        {"method": "target"},
        {"target": 80.0, "baseline": 75.0, "scored": 0.0},
        ("100 × (70 − 75) ÷ (80 − 75) = −100，保底 0", "100 × (70 − 75) ÷ (80 − 75) = −100, not below 0"),
    ),
    (
        {"method": "challenge"},
        {"target": 100.0, "challenge": 120.0, "scored": 56.0},
        ("未达目标值：80 × 70 ÷ 100 = 56", "short of the target: 80 × 70 ÷ 100 = 56"),
    ),
    (
        {"method": "challenge"},
        {"target": 60.0, "challenge": 80.0, "scored": 90.0},
        (
            "超过目标值：80 + (100 − 80) × (70 − 60) ÷ (80 − 60) = 90",
            "beyond the target: 80 + (100 − 80) × (70 − 60) ÷ (80 − 60) = 90",
        ),
    ),
    ({"method": "base_step", "step": 2}, {"target": 65.0, "scored": 90.0}, same("80 + 2 × (70 − 65) = 90")),
    ({"method": "base_step", "step": 2}, {"up": False, "target": 65.0, "scored": 70.0}, same("80 + 2 × (65 − 70) = 70")),
    (
        {"method": "rank_step", "drop": 5},
        {"scored": 90.0},
        (f"{ZH_PLACE}：100 − 5 × (3 − 1) = 90", f"{EN_PLACE}: 100 − 5 × (3 − 1) = 90"),
    ),
    ({"method": "rank_table"}, {"scored": 90.0}, (f"{ZH_PLACE}，查表得 90", f"{EN_PLACE}, by the table 90")),
    (
        {"method": "rank_linear", "low": 60},
        {"scored": 80.0},
        (
            f"{ZH_PLACE}：100 − (100 − 60) × (3 − 1) ÷ (5 − 1) = 80",
            f"{EN_PLACE}: 100 − (100 − 60) × (3 − 1) ÷ (5 − 1) = 80",
        ),
    ),
    (
        {"method": "bands", "bands": [[80, 100], [60, 80]], "interpolate": True},
        {"scored": 90.0},
        ("70 对照分档（80 → 100，60 → 80，档间线性）得 90", "70 by the bands (80 → 100, 60 → 80, linear between): 90"),
    ),
    ({"method": "deduct", "per": 0.5}, {"scored": 65.0}, same("100 − 0.5 × 70 = 65")),
    ({"method": "zscore", "mean": 50, "sd": 10}, {"scored": 48.75}, same("50 + 10 × (70 − 72) ÷ 16 = 48.75")),
    ({"method": "zscore", "mean": 50, "sd": 10}, {"up": False, "scored": 51.25}, same("50 − 10 × (70 − 72) ÷ 16 = 51.25")),
    (
        {"method": "percentile"},
        {"scored": 50.0},
        (
            f"{ZH_PLACE}，差于它的（相同的算一半）共 2.5 个：100 × 2.5 ÷ 5 = 50",
            f"{EN_PLACE}, 2.5 worse (equal ones count half): 100 × 2.5 ÷ 5 = 50",
        ),
    ),
    (
        {"method": "borda"},
        {"scored": 50.0},
        (f"{ZH_PLACE}，胜过 2 个：100 × 2 ÷ (5 − 1) = 50", f"{EN_PLACE}, better than 2: 100 × 2 ÷ (5 − 1) = 50"),
    ),
    ({"method": "borda"}, {"group_count": 1, "scored": 100.0}, ("比较单位只有 1 个，得 100", "only 1 compared unit: 100")),
    (
        {"method": "ascending_rank"},
        {"scored": 3.0},
        (f"{ZH_PLACE}，由低到高的名次计 3", f"{EN_PLACE}, counted from the bottom 3"),
    ),
    ({"method": "distance_to_target"}, {"target": 100.0, "scored": 40.0}, same("100 × (70 − 50) ÷ (100 − 50) = 40")),
    (
        {"method": "distance_to_reference", "unit": "a"},
        {"reference": 80.0, "scored": 200 / 3},
        same("100 × (70 − 50) ÷ (80 − 50) = 66.66667"),
    ),
]


@pytest.mark.parametrize(("score", "leaf", "expected"), CASES)
def test_a_rule_with_the_numbers_put_in(score: dict[str, Any], leaf: dict[str, Any], expected: tuple[str, str]) -> None:
    assert rule(score, **leaf) == expected


def test_every_method_is_covered_and_has_a_name() -> None:
    methods = {get_args(model.model_fields["method"].annotation)[0] for model in get_args(SimpleScore)}
    assert {score["method"] for score, _, _ in CASES} == methods
    assert set(METHODS) == methods | {"mix"}


def test_the_json_form_names_the_method_in_both_languages() -> None:
    made = apply_rule(TypeAdapter(ScoreField).validate_python({"method": "deduct"}), {**LEAF, "scored": 30.0}, up=True)
    assert made.as_dict() == {
        "method": "deduct",
        "name": {"zh": "扣分法（扣完为止）", "en": "deduct to zero"},
        "zh": "100 − 1 × 70 = 30",
        "en": "100 − 1 × 70 = 30",
    }
