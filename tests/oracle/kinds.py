"""Random indicators for generated folders: a method, a value, and the series of observations they need."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass
class Series:
    """Observations of one name."""

    name: str
    low: int = 1
    high: int = 100
    years: tuple[int, ...] = ()  # earlier years that are needed
    periods: str = ""  # "", month or quarter
    may_miss: bool = True


@dataclass
class Kind:
    """An indicator with what its data must look like."""

    spec: dict[str, Any]
    series: list[Series]
    targets: tuple[str, ...] = ()  # columns of targets.csv
    zero_ok: bool = True
    is_mix: bool = False
    own_value: bool = True


@dataclass(frozen=True)
class Wishes:
    """What the rest of the folder asks of its indicators."""

    year: int
    positive: bool  # every rate must be above 0
    classes: bool  # a comparison within classes makes sense
    earlier: tuple[str, ...]  # indicators that an expression may name


UP_BANDS = ([[90, 100], [80, 95], [70, 90], [30, 60]], [[80, 100], [60, 90], [40, 75], [0, 50]], [[50, 100], [25, 40]])
DOWN_BANDS = ([[20, 100], [40, 90], [60, 75], [100, 50]], [[10, 100], [30, 70], [50, 65.5]], [["2 * 20", 90], [80, 40]])


def _relative(rng: Random, wishes: Wishes) -> dict[str, Any]:
    """A method that fits any value, negative ones too."""
    low = rng.choice([60, 40, 50.5]) if wishes.positive else rng.choice([0, 0, 60, 40])
    picks: list[dict[str, Any]] = [
        {"method": "minmax", "low": low},
        {"method": "minmax", "low": low, "high": 100},
        {"method": "minmax", "low": low, "high": rng.choice([95, 110, 100])},
        {"method": "minmax", "low": 60, "high": 100, "cap": 97.5, "floor": 62},
        {"method": "rank_linear", "low": low},
        {"method": "rank_linear", "low": low, "high": rng.choice([90, 110])},
        {"method": "rank_table", "table": rng.choice([[100, 95, 90, 85, 80], [100, 90, 50], [100, 98.5, 97, 95, 92, 88, 20]])},
        {"method": "rank_table"},
        {"method": "rank_step", "drop": rng.choice([0.5, 1, 2, 5, 12.5]), "floor": rng.choice([10, 30])},
        {"method": "zscore", "mean": rng.choice([100, 80]), "sd": rng.choice([5, 10])},
        {"method": "percentile"},
    ]
    if not wishes.positive:
        picks += [
            {"method": "borda"},
            {"method": "borda"},
            {"method": "rank_step"},
            {"method": "rank_linear"},
            {"method": "minmax"},
        ]
    return dict(rng.choice(picks))


def _plain(rng: Random, wishes: Wishes, direction: str) -> tuple[dict[str, Any], tuple[str, ...], bool]:
    """A method for values from 1 to 100: score, columns of targets, whether 0 is a possible value."""
    floor = rng.choice([5, 10, 20]) if wishes.positive else rng.choice([0, 0, 20])
    method = rng.choice(
        ["identity", "goalposts", "ratio", "target", "challenge", "base_step", "bands", "deduct", "relative", "relative"]
    )
    score: dict[str, Any]
    if method == "identity":
        score = {"method": "identity"}
        if rng.random() < 0.6 or wishes.positive:
            score["floor"] = floor
        if rng.random() < 0.5:
            score["cap"] = rng.choice([100, 90, 85.5])
        return score, (), True
    if method == "goalposts":
        score = {"method": "minmax", "goalposts": [20, 80] if direction == "up" else ["8 * 10", 20]}
        if wishes.positive or rng.random() < 0.4:
            score["low"] = 40
        return score, (), True
    if method == "ratio":
        score = {"method": "ratio_to_best"}
        if wishes.positive or rng.random() < 0.3:
            score["floor"] = max(floor, 5)
        if rng.random() < 0.3:
            score["cap"] = rng.choice([95, 110])
        return score, (), False
    if method == "target":
        score = {"method": "target"}
        if rng.random() < 0.6:
            score["cap"] = rng.choice([100, 120, 95])
        if wishes.positive or rng.random() < 0.3:
            score["floor"] = max(floor, 5)
        return score, ("target", "baseline") if rng.random() < 0.5 else ("target",), False
    if method == "challenge":
        score = {"method": "challenge"}
        if rng.random() < 0.6:
            score |= {"base": rng.choice([70, 80, 90]), "cap": rng.choice([100, 110])}
        return score, ("target", "challenge", "baseline") if rng.random() < 0.4 else ("target", "challenge"), False
    if method == "base_step":
        score = {"method": "base_step", "step": rng.choice([0.25, 0.5, 1, 2])}
        if rng.random() < 0.4 or wishes.positive:
            score |= {"base": rng.choice([60, 80]), "cap": rng.choice([100, 110]), "floor": max(floor, 5)}
        return score, ("target",), True
    if method == "bands":
        score = {"method": "bands", "bands": rng.choice(UP_BANDS if direction == "up" else DOWN_BANDS)}
        if rng.random() < 0.5:
            score["interpolate"] = rng.random() < 0.8
        return score, (), True
    if method == "deduct":
        score = {"method": "deduct"}
        if rng.random() < 0.7:
            score["per"] = rng.choice([0.5, 1, 1.5, 2])
        if wishes.positive or rng.random() < 0.3:
            score["floor"] = max(floor, 5)
        return score, (), True
    return _relative(rng, wishes), (), True


def _expression(rng: Random, wishes: Wishes, name: str) -> tuple[str, list[Series]]:
    x, last, before = f"{name}_x", (wishes.year - 1,), (wishes.year - 1, wishes.year - 2)
    plain = [Series(x)]
    options: list[tuple[str, list[Series]]] = [
        (f"{x} * 100 / population", plain),
        (f"clip(growth({x}), -50, 50)", [Series(x, years=last)]),
        (f"growth({x})", [Series(x, years=last, low=4, high=12)]),
        (f"{x} - prev({x})", [Series(x, years=last)]),
        (f"{x} + prev({x}) / 2 + prev({x}, 2) / 4", [Series(x, years=before)]),
        (f"periods_sum({x})", [Series(x, periods=rng.choice(["month", "quarter"]))]),
        (f"periods_mean({x})", [Series(x, periods=rng.choice(["month", "quarter"]))]),
        (f"periods_last({x}) * 2", [Series(x, periods=rng.choice(["month", "quarter"]))]),
        (f"100 * {x} / best({x})", plain),
        (f"{x} - worst({x})", plain),
        (f"100 * {x} / total({x})", plain),
        (f"{x} - mean({x})", plain),
        (f"abs({x} - median({x}))", plain),
        (f"sqrt({x})", plain),
        (f"log({x}) + log10({x})", plain),
        (f"exp({x} / 50)", plain),
        (f"if({x} >= 50 and not ({x} == 60), {x}, 2 * {x} + 1)", plain),
        (f"if({x} < 30 or {x} > 70, 10, -{x})", plain),
        (f"round({x} / 3, 2)", plain),
        (f"min({x}, {name}_y, 80) + max({x}, {name}_y)", [Series(x), Series(f"{name}_y", may_miss=False)]),
        (f"{x} / {name}_y", [Series(x), Series(f"{name}_y", may_miss=False, low=1, high=9)]),
        (f"{x} ** 2 / 100 - 2 ** -1", plain),
        (f"100 * {x} / target()", plain),
        (f"({x} + area) * 1.5e-1", plain),
    ]
    if wishes.earlier:
        options += [(f"{rng.choice(wishes.earlier)} * 0.5 + {x}", plain)] * 3
    return rng.choice(options)


def make(rng: Random, name: str, wishes: Wishes) -> Kind:
    """One random indicator."""
    direction = rng.choice(["up", "down"])
    spec: dict[str, Any] = {"title": {"zh": f"指标{name[1:]}", "en": f"Indicator {name[1:]}"}}
    if direction == "down" or rng.random() < 0.7:
        spec["direction"] = direction
    if wishes.classes and rng.random() < 0.4:
        spec["compare"] = "class"
    turn = rng.random()
    if turn < 0.4:
        spec["value"], series = _expression(rng, wishes, name)
        spec["score"] = _relative(rng, wishes)
        return Kind(spec, series, ("target",) if "target()" in spec["value"] else (), own_value=False)
    if turn < 0.47:
        spec |= {"direction": "up", "value": f"log({name}_x)"}
        spec["score"] = {"method": "minmax", "goalposts": ["log(100)", "log(75000)"]} | ({"low": 30} if wishes.positive else {})
        return Kind(spec, [Series(f"{name}_x", low=90, high=80000)], zero_ok=False, own_value=False)
    if turn < 0.6:
        return _mix(rng, name, wishes, spec, direction)
    spec["score"], targets, zero_ok = _plain(rng, wishes, direction)
    if rng.random() < 0.1:
        spec["treat"] = {"method": "clip", "low": 15, "high": 85.5}
    return Kind(spec, [Series(name)], targets, zero_ok and not wishes.positive)


def _mix(rng: Random, name: str, wishes: Wishes, spec: dict[str, Any], direction: str) -> Kind:
    shares = rng.choice([[0.5, 0.5], [0.6, 0.4], [0.3, 0.3, 0.4]])
    parts: list[dict[str, Any]] = []
    targets: tuple[str, ...] = ()
    zero_ok = True
    for place, share in enumerate(shares):
        part: dict[str, Any] = {"share": share}
        if place == 0:
            part["score"], targets, zero_ok = _plain(rng, wishes, direction)
        else:
            part["value"] = rng.choice([f"growth({name})", f"{name} - prev({name})", f"{name} * 2 + prev({name})"])
            part["score"] = _relative(rng, wishes)
        parts.append(part)
    spec["score"] = {"method": "mix", "parts": parts}
    return Kind(spec, [Series(name, years=(wishes.year - 1,))], targets, zero_ok and not wishes.positive, is_mix=True)
