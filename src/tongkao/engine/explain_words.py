"""Words of explanations in both languages: states, policies, means, effects, treatments."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from tongkao.engine.explain_numbers import figure
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.policies import End, Source
from tongkao.scheme.model import (
    Aggregate,
    BoxCox,
    CarryForward,
    Clip,
    Coin,
    Floor,
    Interpolate,
    Log,
    Neutral,
    Power,
    Treatment,
    Winsorise,
)

Words = dict[str, str]


def words(zh: str, en: str) -> Words:
    """A text in both languages."""
    return {"zh": zh, "en": en}


KINDS: Mapping[str, Words] = {
    "total": words("总分", "total"),
    "paper": words("考卷", "paper"),
    "dimension": words("分项", "dimension"),
    "indicator": words("指标", "indicator"),
}

STATES: Mapping[str, Words] = {
    "reported": words("已报送", "reported"),
    "null_reported": words("零报告（确认无此事项，计为 0）", "null report (nothing to report, counts as 0)"),
    "provisional": words("暂定数（已采用，须标注）", "provisional (used, flagged)"),
    "disputed": words("有争议（已采用，须标注）", "disputed (used, flagged)"),
    "computed": words("按算式算得", "computed"),
    "missing": words("缺数", "missing"),
    "not_applicable": words("不适用", "not applicable"),
}

STATE_CODES: Mapping[int, str] = {PRESENT: "computed", MISSING: "missing", NOT_APPLICABLE: "not_applicable"}

_MEANS: Mapping[str, Words] = {
    "arithmetic": words("加权平均", "weighted mean"),
    "geometric": words("加权几何平均", "weighted geometric mean"),
    "harmonic": words("加权调和平均", "weighted harmonic mean"),
    "median": words("加权中位数", "weighted median"),
    "min": words("取最低的得分率（短板）", "lowest rate"),
    "copeland": words("与其他单位逐一比较（Copeland）", "pairwise comparison with the others (Copeland)"),
}


def mean_words(aggregate: Aggregate) -> Words:
    """How a node combines what is below it."""
    if isinstance(aggregate, Power):
        return words(f"{figure(aggregate.power)} 次幂平均", f"power mean with exponent {figure(aggregate.power)}")
    return dict(_MEANS[aggregate])


def mean_id(aggregate: Aggregate) -> str:
    """Name of a mean in the JSON form."""
    return "power" if isinstance(aggregate, Power) else aggregate


EFFECTS: Mapping[str, Words] = {
    "void": words("指标清零", "indicator voided"),
    "deduct": words("扣分", "deduction"),
    "bonus": words("加分", "bonus"),
    "tier_at_most": words("等次封顶", "limit on the tier"),
    "tier_down": words("降等", "tiers down"),
    "disqualify": words("一票否决", "disqualified"),
}


def end_words(end: End) -> Words:
    """What a policy does where there is no value."""
    if isinstance(end, Floor):
        return words(f"按得分率 {figure(end.floor)} 计", f"counts with the rate {figure(end.floor)}")
    if isinstance(end, Neutral):
        share = figure(100.0 * end.neutral)
        return words(f"按满分的 {share}% 计", f"counts with {share} % of its full mark")
    return {
        "zero": words("计 0 分", "counts as 0"),
        "redistribute": words(
            "不计，分值按比例分给留下的同级项", "leaves; its weight goes to the siblings that stay, in proportion"
        ),
        "redistribute_equally": words(
            "不计，分值平均分给留下的同级项", "leaves; its weight goes to the siblings that stay, in equal parts"
        ),
        "error": words("停止计分", "stops the marking"),
    }[end]


def end_id(end: End) -> str:
    """Name of a policy's end in the JSON form."""
    return "floor" if isinstance(end, Floor) else "neutral" if isinstance(end, Neutral) else end


def source_id(source: Source) -> str:
    """Name of a source of values as the trace has it."""
    if isinstance(source, CarryForward):
        return "carry_forward"
    return "interpolate" if isinstance(source, Interpolate) else f"impute_{source.impute}"


_DONE: Mapping[str, Words] = {
    "winsorised_high": words("离群的高值缩尾拉回", "an outlier at the upper end, pulled in"),
    "winsorised_low": words("离群的低值缩尾拉回", "an outlier at the lower end, pulled in"),
    "log": words("取对数", "logarithm taken"),
}


def treatment_words(rule: Treatment, done: Sequence[str] = ()) -> Words:
    """Why a value was changed before scoring.

    Args:
        rule: The rule.
        done: What it did to the value, where the trace says so.
    """
    if done and not isinstance(rule, (Clip, BoxCox)):
        steps = [_DONE[step] for step in done]
        return words("，".join(step["zh"] for step in steps), ", ".join(step["en"] for step in steps))
    match rule:
        case Winsorise():
            return words(f"缩尾：把离群值拉回（至多 {rule.max} 个）", f"winsorised: outliers are pulled in (at most {rule.max})")
        case Clip():
            return words(f"限制在 {_span(rule)} 之间", f"limited to {_span(rule)}")
        case Log():
            return words("取对数", "logarithm taken")
        case BoxCox():
            return words(f"Box-Cox 变换（指数 {figure(rule.exponent)}）", f"Box-Cox with exponent {figure(rule.exponent)}")
        case Coin():
            return words(
                f"离群值处理：先缩尾（至多 {rule.max} 个），不够再取对数",
                f"outliers: winsorised (at most {rule.max}), then the logarithm where that does not suffice",
            )


def _span(rule: Clip) -> str:
    low = "−∞" if rule.low is None else figure(rule.low)
    high = "∞" if rule.high is None else figure(rule.high)
    return f"{low} … {high}"


_OPERATORS: Mapping[str, Mapping[str, str]] = {
    "zh": {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "and": "且", "or": "或", "not": "非", "*": "×", "/": "÷", "-": "−"},
    "en": {">=": "≥", "<=": "≤", "!=": "≠", "==": "=", "*": "×", "/": "÷", "-": "−"},
}
_TOKEN = re.compile(r'"[^"]*"|“[^”]*”|>=|<=|!=|==|\*\*|\b(?:and|or|not)\b|[-*/]')


def spoken(text: str, lang: str, named: Callable[[str], str] = lambda text: f'"{text}"') -> str:
    """A rule with its operators as people write them.

    Args:
        text: The rule.
        lang: Language.
        named: What a text in double quotes is called.
    """

    def one(match: re.Match[str]) -> str:
        token = match.group()
        return named(token[1:-1]) if token.startswith('"') else _OPERATORS[lang].get(token, token)

    return _TOKEN.sub(one, text)
