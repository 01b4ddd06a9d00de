"""Scoring rules with the numbers put in: how a committee member would write them down (section 6 of the format)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongkao.engine.explain_numbers import figure
from tongkao.scheme.model import (
    AscendingRank,
    Bands,
    BaseStep,
    Challenge,
    Deduct,
    DistanceToReference,
    DistanceToTarget,
    Identity,
    Minmax,
    Percentile,
    RankLinear,
    RankStep,
    RankTable,
    RatioToBest,
    SimpleScore,
    Target,
    Zscore,
)

#: names of the scoring methods as people say them
METHODS: Mapping[str, tuple[str, str]] = {
    "identity": ("按数值直接计分", "the value itself"),
    "minmax": ("功效系数法", "efficacy coefficient"),
    "ratio_to_best": ("按实绩赋分（与最好值之比）", "proportion to the first"),
    "target": ("目标完成率", "completion of the target"),
    "challenge": ("目标值与挑战值", "target and challenge value"),
    "base_step": ("基准分加减分", "base mark with steps"),
    "rank_step": ("按排名赋分（每退一名递减）", "score by place, so much less for each"),
    "rank_table": ("排名对照表", "table of places"),
    "rank_linear": ("按排名线性赋分", "linear by place"),
    "bands": ("分档计分", "bands"),
    "deduct": ("扣分法（扣完为止）", "deduct to zero"),
    "zscore": ("标准分", "standard score"),
    "percentile": ("百分位", "percentile"),
    "borda": ("博尔达计数", "Borda share"),
    "mix": ("组合计分", "mix"),
    "ascending_rank": ("由低到高的名次", "place from the bottom"),
    "distance_to_target": ("与目标值的距离", "distance to the target"),
    "distance_to_reference": ("与参照单位的距离", "distance to a reference unit"),
}


@dataclass(frozen=True)
class Rule:
    """A rule with its numbers.

    Attributes:
        method: Name of the method.
        zh: In Chinese.
        en: In English.
    """

    method: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, Any]:
        """For the JSON form of an explanation."""
        name_zh, name_en = METHODS[self.method]
        return {"method": self.method, "name": {"zh": name_zh, "en": name_en}, "zh": self.zh, "en": self.en}


def _within(value: float | None) -> str:
    """A number as an operand: negative ones in parentheses."""
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def apply_rule(score: SimpleScore, leaf: Mapping[str, Any], *, up: bool, reference: float | None = None) -> Rule:
    """Write a rule with the numbers of one unit put in.

    Args:
        score: Method and parameters.
        leaf: The unit's record in the trace: treated value, group, targets, scored rate. Both must be there.
        up: Whether higher is better.
        reference: Value of the reference unit, for the distance to it.
    """
    rate = leaf["scored"]
    formula = _formula(score, leaf, up=up, reference=reference)
    if formula is None:
        zh, en = _by_group(score, leaf)
        return Rule(score.method, zh, en)
    text, value = formula
    zh, en = _limits(value, rate)
    lead_zh, lead_en = _lead(score, leaf, up=up)
    shown = figure(value if value is not None else rate)
    if text == shown:
        # Nothing to compute.
        return Rule(score.method, f"{lead_zh}{shown}{zh}", f"{lead_en}{shown}{en}")
    return Rule(score.method, f"{lead_zh}{text} = {shown}{zh}", f"{lead_en}{text} = {shown}{en}")


def _limits(value: float | None, rate: float) -> tuple[str, str]:
    """What a cap or floor made of the formula's result."""
    if value is None or abs(value - rate) <= 1e-6 * max(1.0, abs(rate)):
        return "", ""
    if rate < value:
        return f"，封顶 {figure(rate)}", f", capped at {figure(rate)}"
    return f"，保底 {figure(rate)}", f", not below {figure(rate)}"


def _lead(score: SimpleScore, leaf: Mapping[str, Any], *, up: bool) -> tuple[str, str]:
    """What the reader should know before the formula."""
    place, count = leaf["group_place"], leaf["group_count"]
    match score:
        case Identity():
            return "得分率 = ", "rate = "
        case RankStep() | RankLinear():
            return f"在 {count} 个比较单位中列第 {place} 位：", f"place {place} of {count} compared units: "
        case Minmax() if score.goalposts is None and leaf["group_best"] == leaf["group_worst"]:
            return "比较组各单位数值相同：", "all compared units have the same value: "
        case Minmax() if score.goalposts is None:
            return "最差值与最好值之间：", "between worst and best: "
        case Challenge():
            beyond = leaf["treated"] >= leaf["target"] if up else leaf["treated"] <= leaf["target"]
            return ("超过目标值：", "beyond the target: ") if beyond else ("未达目标值：", "short of the target: ")
        case Zscore() if not leaf["group_sd"]:
            return "比较组各单位数值相同：", "all compared units have the same value: "
        case _:
            return "", ""


def _by_group(score: SimpleScore, leaf: Mapping[str, Any]) -> tuple[str, str]:
    """Methods that read a table or count units."""
    x, rate = figure(leaf["treated"]), leaf["scored"]
    place, count = leaf["group_place"], leaf["group_count"]
    zh, en = f"在 {count} 个比较单位中列第 {place} 位", f"place {place} of {count} compared units"
    match score:
        case RankTable():
            return f"{zh}，查表得 {figure(rate)}", f"{en}, by the table {figure(rate)}"
        case AscendingRank():
            return f"{zh}，由低到高的名次计 {figure(rate)}", f"{en}, counted from the bottom {figure(rate)}"
        case Bands():
            edges = [(figure(edge), figure(given)) for edge, given in score.bands]
            table_zh = "，".join(f"{edge} → {given}" for edge, given in edges)
            table_en = ", ".join(f"{edge} → {given}" for edge, given in edges)
            between_zh, between_en = ("，档间线性", ", linear between") if score.interpolate else ("", "")
            return (
                f"{x} 对照分档（{table_zh}{between_zh}）得 {figure(rate)}",
                f"{x} by the bands ({table_en}{between_en}): {figure(rate)}",
            )
        case Percentile():
            worse = figure(rate * count / 100.0)
            how = f"100 × {worse} ÷ {count} = {figure(rate)}"
            return f"{zh}，差于它的（相同的算一半）共 {worse} 个：{how}", f"{en}, {worse} worse (equal ones count half): {how}"
        case _:
            if not count or count < 2:
                return f"比较单位只有 {count} 个，得 {figure(rate)}", f"only {count} compared unit: {figure(rate)}"
            worse = figure(rate * (count - 1) / 100.0)
            how = f"100 × {worse} ÷ ({count} − 1) = {figure(rate)}"
            return f"{zh}，胜过 {worse} 个：{how}", f"{en}, better than {worse}: {how}"


def _formula(
    score: SimpleScore, leaf: Mapping[str, Any], *, up: bool, reference: float | None
) -> tuple[str, float | None] | None:
    """The formula of a method, the same in both languages, and what it gives before cap and floor; None for tables and counts."""
    x: float = leaf["treated"]
    best, worst = leaf["group_best"], leaf["group_worst"]
    target, baseline = leaf.get("target"), leaf.get("baseline")
    match score:
        case Identity():
            return figure(x), x
        case Minmax():
            if score.goalposts is not None:
                worst, best = score.goalposts
            if worst is None or best is None or worst == best:
                return figure(score.high), score.high
            start = f"{figure(score.low)} + " if score.low else ""
            return f"{start}{_span(score.low, score.high)} × {_ratio(x, worst, best)}", score.low + (score.high - score.low) * (
                x - worst
            ) / (best - worst)
        case RatioToBest():
            over, under = (x, best) if up else (best, x)
            return f"100 × {_within(over)} ÷ {_within(under)}", 100.0 * over / under if under else None
        case Target():
            text, value = _completion(x, target, baseline, up=up)
            return f"100 × {text}", None if value is None else 100.0 * value
        case Challenge():
            return _challenge(score, leaf, up=up)
        case BaseStep() if target is not None:
            ahead, behind = (x, target) if up else (target, x)
            text = f"{figure(score.base)} + {_within(score.step)} × ({_within(ahead)} − {_within(behind)})"
            return text, score.base + score.step * (ahead - behind)
        case RankStep():
            place = leaf["group_place"]
            return f"100 − {_within(score.drop)} × ({place} − 1)", 100.0 - score.drop * (place - 1)
        case RankLinear():
            place, count = leaf["group_place"], leaf["group_count"]
            if not count or count < 2:
                return figure(score.high), score.high
            text = f"{figure(score.high)} − {_span(score.low, score.high)} × ({place} − 1) ÷ ({count} − 1)"
            return text, score.high - (score.high - score.low) * (place - 1) / (count - 1)
        case Deduct():
            return f"100 − {_within(score.per)} × {_within(x)}", 100.0 - score.per * x
        case Zscore():
            mean, spread = leaf["group_mean"], leaf["group_sd"]
            if mean is None or not spread:
                return figure(score.mean), score.mean
            sign, minus = (1.0, "+") if up else (-1.0, "−")
            distance = f"({_within(x)} − {_within(mean)}) ÷ {figure(spread)}"
            text = f"{figure(score.mean)} {minus} {_within(score.sd)} × {distance}"
            return text, score.mean + sign * score.sd * (x - mean) / spread
        case DistanceToTarget() | DistanceToReference():
            goal = target if isinstance(score, DistanceToTarget) else reference
            if goal is None or worst is None or goal == worst:
                return None
            return f"100 × {_ratio(x, worst, goal)}", 100.0 * (x - worst) / (goal - worst)
        case _:
            return None


def _span(low: float, high: float) -> str:
    """``(high − low)``."""
    return f"({figure(high)} − {_within(low)})" if low else figure(high)


def _ratio(x: float, low: float, high: float) -> str:
    """``(x − low) ÷ (high − low)``."""
    return f"({_within(x)} − {_within(low)}) ÷ ({_within(high)} − {_within(low)})"


def _completion(x: float, target: float | None, baseline: float | None, *, up: bool) -> tuple[str, float | None]:
    if target is None:
        return "–", None
    if baseline is not None:
        return _ratio(x, baseline, target), (x - baseline) / (target - baseline) if target != baseline else None
    over, under = (x, target) if up else (target, x)
    return f"{_within(over)} ÷ {_within(under)}", over / under if under else None


def _challenge(score: Challenge, leaf: Mapping[str, Any], *, up: bool) -> tuple[str, float | None]:
    x, target, stretch = leaf["treated"], leaf["target"], leaf["challenge"]
    if not (x >= target if up else x <= target):
        text, value = _completion(x, target, leaf.get("baseline"), up=up)
        return f"{figure(score.base)} × {text}", None if value is None else score.base * value
    if stretch == target:
        return figure(score.cap), score.cap
    value = score.base + (score.cap - score.base) * (x - target) / (stretch - target)
    return f"{figure(score.base)} + {_span(score.base, score.cap)} × {_ratio(x, target, stretch)}", value
