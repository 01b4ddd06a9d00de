"""Scoring rules with the numbers put in: how a committee member would write them down (section 6 of the format)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongkao.scheme.constants import constant_number
from tongkao.scheme.model import (
    AscendingRank,
    Bands,
    BaseStep,
    Challenge,
    Deduct,
    Minmax,
    RankLinear,
    RankStep,
    RankTable,
    SimpleScore,
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

    def as_dict(self) -> dict[str, str]:
        """For the JSON form of an explanation."""
        name_zh, name_en = METHODS[self.method]
        return {"method": self.method, "name_zh": name_zh, "name_en": name_en, "zh": self.zh, "en": self.en}


def figure(value: float | None) -> str:
    """A number for people: at most 10 significant digits, a proper minus sign, a dash for none."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    text = format(value, ".10g")
    return text.replace("-", "−") if "e" not in text else text


def _within(value: float | None) -> str:
    """A number as an operand: negative ones in parentheses."""
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def apply_rule(score: SimpleScore, leaf: Mapping[str, Any], *, up: bool) -> Rule:
    """Write a rule with the numbers of one unit put in.

    Args:
        score: Method and parameters.
        leaf: The unit's record in the trace: treated value, group, targets, scored rate.
        up: Whether higher is better.
    """
    x, rate = leaf["treated"], leaf["scored"]
    method = score.method
    same = _formula(score, leaf, up=up)
    if same is not None:
        text = f"{same} = {figure(rate)}"
        capped = _limited(same, score, leaf, up=up)
        return Rule(method, text + ("（受上下限约束）" if capped else ""), text + (" (cap or floor applied)" if capped else ""))
    place, count = leaf["group_place"], leaf["group_count"]
    zh_place, en_place = f"在 {count} 个比较单位中列第 {place} 位", f"place {place} of {count} compared units"
    match score:
        case RankStep():
            how = f"100 − {figure(score.drop)} × ({place} − 1) = {figure(rate)}"
            return Rule(method, f"{zh_place}：{how}", f"{en_place}: {how}")
        case RankTable():
            return Rule(method, f"{zh_place}，对照表为 {figure(rate)}", f"{en_place}, by the table {figure(rate)}")
        case RankLinear():
            how = (
                f"{figure(score.high)} − ({figure(score.high)} − {_within(score.low)}) × ({place} − 1) ÷ ({count} − 1) = {figure(rate)}"
                if count and count > 1
                else figure(rate)
            )
            return Rule(method, f"{zh_place}：{how}", f"{en_place}: {how}")
        case Bands():
            edges = "、".join(f"{'≥' if up else '≤'}{figure(edge)} → {figure(given)}" for edge, given in score.bands)
            between = score.interpolate
            return Rule(
                method,
                f"{figure(x)} 对照分档（{edges}{'，档间线性插值' if between else ''}）= {figure(rate)}",
                f"{figure(x)} by the bands ({edges.replace('、', ', ')}{', linear between' if between else ''}) = {figure(rate)}",
            )
        case AscendingRank():
            return Rule(method, f"由低到高的名次 = {figure(rate)}", f"place from the bottom = {figure(rate)}")
        case _:
            return Rule(method, f"{zh_place}，得分率 {figure(rate)}", f"{en_place}, rate {figure(rate)}")


def _formula(score: SimpleScore, leaf: Mapping[str, Any], *, up: bool) -> str | None:
    """The formula of a method that works on the value, the same in both languages; None for methods by place."""
    x = _within(leaf["treated"])
    best, worst = _within(leaf["group_best"]), _within(leaf["group_worst"])
    target, baseline = leaf.get("target"), leaf.get("baseline")
    match score:
        case Minmax():
            if score.goalposts is not None:
                worst, best = (_within(post) for post in score.goalposts)
            if worst == best:
                return None if leaf["scored"] is None else f"{figure(score.high)}"
            return f"{figure(score.low)} + ({figure(score.high)} − {_within(score.low)}) × ({x} − {worst}) ÷ ({best} − {worst})"
        case BaseStep():
            distance = f"({x} − {_within(target)})" if up else f"({_within(target)} − {x})"
            return f"{figure(score.base)} + {_within(score.step)} × {distance}"
        case Deduct():
            return f"100 − {_within(score.per)} × {x}"
        case Zscore():
            sign = "" if up else "−"
            mean, spread = _within(leaf["group_mean"]), _within(leaf["group_sd"])
            return f"{figure(score.mean)} + {sign}{_within(score.sd)} × ({x} − {mean}) ÷ {spread}"
        case Challenge():
            completion = _completion(x, target, baseline, up=up)
            reached = leaf["treated"] >= target if up else leaf["treated"] <= target
            if not reached or leaf.get("challenge") is None:
                return f"{figure(score.base)} × {completion}"
            challenge = _within(leaf.get("challenge"))
            return f"{figure(score.base)} + ({figure(score.cap)} − {figure(score.base)}) × ({x} − {_within(target)}) ÷ ({challenge} − {_within(target)})"
    match score.method:
        case "identity":
            return x
        case "ratio_to_best":
            return f"100 × {x} ÷ {best}" if up else f"100 × {best} ÷ {x}"
        case "target":
            return f"100 × {_completion(x, target, baseline, up=up)}"
        case "distance_to_target":
            return f"100 × ({x} − {worst}) ÷ ({_within(target)} − {worst})"
        case _:
            return None


def _completion(x: str, target: float | None, baseline: float | None, *, up: bool) -> str:
    if baseline is not None:
        return f"({x} − {_within(baseline)}) ÷ ({_within(target)} − {_within(baseline)})"
    return f"{x} ÷ {_within(target)}" if up else f"{_within(target)} ÷ {x}"


def _limited(formula: str, score: SimpleScore, leaf: Mapping[str, Any], *, up: bool) -> bool:
    """Whether a cap or floor changed what the formula gives."""
    plain = formula.replace("−", "-").replace("×", "*").replace("÷", "/")
    rate = leaf["scored"]
    if rate is None or not set(plain) <= set("0123456789.+-*/() e"):
        return False
    value = constant_number(plain)
    return value is not None and abs(value - rate) > 1e-6 * max(1.0, abs(rate))
