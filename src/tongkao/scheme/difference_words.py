"""Words for differences of schemes: how fields are called, how values and places are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from tongkao.errors import Lang
from tongkao.scheme.model import Amounts, Title

Pair = tuple[str, str]
"""The same in Chinese and English."""

#: what the items of a list or mapping are called
ITEMS: dict[str, Pair] = {
    "indicators": ("指标", "indicator"),
    "tracks": ("序列", "track"),
    "events": ("事项", "event"),
    "tiers": ("等次", "tier"),
    "awards": ("奖项", "award"),
    "quotas": ("名额", "quota"),
}

#: what fields are called; a field that is not listed is called by its key
LABELS: dict[str, Pair] = {
    "id": ("编号", "id"),
    "title": ("名称", "title"),
    "zh": ("中文", "in Chinese"),
    "en": ("英文", "in English"),
    "year": ("年份", "year"),
    "full_mark": ("满分", "full mark"),
    "rounding": ("修约", "rounding"),
    "places": ("小数位数", "places"),
    "mode": ("方式", "mode"),
    "missing": ("缺数处理", "treatment of missing values"),
    "not_applicable": ("不适用处理", "treatment of what is not applicable"),
    "otherwise": ("否则", "otherwise"),
    "treat": ("数据处理", "treatment"),
    "steps": ("步骤", "steps"),
    "panel": ("多年比较", "panel"),
    "years": ("各年", "years"),
    "unit_of_measure": ("计量单位", "unit of measure"),
    "owner": ("责任单位", "owner"),
    "basis": ("依据", "basis"),
    "value": ("算式", "expression"),
    "denominate": ("除数", "denominator"),
    "direction": ("方向", "direction"),
    "compare": ("比较范围", "comparison group"),
    "score": ("计分", "score"),
    "method": ("方法", "method"),
    "parts": ("组成", "parts"),
    "share": ("份额", "share"),
    "cap": ("封顶", "cap"),
    "floor": ("保底", "floor"),
    "low": ("最低", "low"),
    "high": ("最高", "high"),
    "goalposts": ("最差值和最好值", "goalposts"),
    "bands": ("档次", "bands"),
    "table": ("名次得分表", "table of rates"),
    "binding": ("约束", "binding"),
    "require": ("要求", "requirement"),
    "effect": ("效果", "effect"),
    "void": ("清零", "void"),
    "deduct": ("扣分", "deduction"),
    "bonus": ("加分", "bonus"),
    "at": ("位置", "at"),
    "tier_at_most": ("最高等次", "highest tier"),
    "tier_down": ("降等", "tiers down"),
    "disqualify": ("取消资格", "disqualification"),
    "points": ("分值", "weight"),
    "weight": ("权重", "weight"),
    "aggregate": ("合成方法", "aggregation"),
    "least_available": ("最低有数份额", "least share available"),
    "children": ("下级", "children"),
    "rank_within": ("排名范围", "ranking within"),
    "unranked": ("单列单位", "unranked units"),
    "screen": ("筛选", "screening"),
    "count": ("名额", "count"),
    "gates": ("门槛", "gates"),
    "backfill": ("递补", "backfill"),
    "ties": ("同分处理", "ties"),
    "by": ("依据", "by"),
    "when": ("条件", "condition"),
    "top": ("前几名", "top"),
    "each": ("范围", "each"),
    "track": ("序列", "track"),
    "nominations": ("提名数", "nominations"),
    "list_size": ("名单长度", "list size"),
    "limits": ("加减分上限", "limits"),
}

_WORDS: dict[str, Pair] = {"up": ("越高越好（up）", "up"), "down": ("越低越好（down）", "down")}


def label_of(name: str) -> Pair:
    """What a field is called."""
    return LABELS.get(name, (name, name))


def not_set(lang: Lang) -> str:
    """Nothing, in words; ``none`` is a word of the format."""
    return "未设" if lang == "zh" else "not set"


def show_value(value: Any, lang: Lang) -> str:
    """Show a value of a scheme in short."""
    if value is None or value == [] or value == {} or value == "":
        return not_set(lang)
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, float):
        short = format(value, ".12g")
        return short if float(short) == value else repr(value)
    if isinstance(value, str):
        return _WORDS.get(value, (value, value))[0 if lang == "zh" else 1]
    if isinstance(value, Title):
        return value.text(lang)
    if isinstance(value, Amounts):
        return _mapping({**({"by": value.by} if value.by != "class" else {}), "default": value.default, **value.classes}, lang)
    if isinstance(value, BaseModel):
        given = {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}
        method = given.pop("method", None)
        rest = _mapping(given, lang)
        return f"{method} {rest}" if method and given else method or rest
    if isinstance(value, Mapping):
        return _mapping(value, lang)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(show_value(item, lang) for item in value) + "]"
    return str(value)


def _mapping(values: Mapping[str, Any], lang: Lang) -> str:
    return "{" + ", ".join(f"{key}: {show_value(value, lang)}" for key, value in values.items() if value is not None) + "}"


def sentence(subject: Pair, labels: tuple[Pair, ...], old: Any, new: Any) -> Pair:
    """Say that a value changed: whose, which, from what to what."""
    label_zh, label_en = " · ".join(zh for zh, _ in labels), ", ".join(en for _, en in labels)
    zh = f"{subject[0]}：{label_zh}" if subject[0] else label_zh
    en = label_en if not subject[1] else f"{label_en} of {subject[1]}" if len(labels) == 1 else f"{subject[1]}: {label_en}"
    old_zh, new_zh, old_en, new_en = show_value(old, "zh"), show_value(new, "zh"), show_value(old, "en"), show_value(new, "en")
    return f"{zh} {old_zh} → {new_zh}", f"{en} {old_en} → {new_en}"


def within(outer: Pair, inner: Pair) -> Pair:
    """Name something by where it is, too."""
    return (f"{outer[0]} · {inner[0]}" if outer[0] else inner[0], f"{inner[1]} ({outer[1]})" if outer[1] else inner[1])


def came(subject: Pair, what: Pair, name: Pair) -> Pair:
    """Say that something is new."""
    where_zh, where_en = f"{subject[0]}：" if subject[0] else "", f" ({subject[1]})" if subject[1] else ""
    return f"{where_zh}新增{what[0]}“{name[0]}”", f"new {what[1]}{where_en}: {name[1]}"


def went(subject: Pair, what: Pair, name: Pair) -> Pair:
    """Say that something is gone."""
    where_zh, where_en = f"{subject[0]}：" if subject[0] else "", f" ({subject[1]})" if subject[1] else ""
    return f"{where_zh}删去{what[0]}“{name[0]}”", f"removed {what[1]}{where_en}: {name[1]}"


def moved(subject: Pair, old: Pair, new: Pair) -> Pair:
    """Say that a node stands elsewhere."""
    return f"{subject[0]}：由“{old[0]}”移到“{new[0]}”", f"{subject[1]} moved from {old[1]} to {new[1]}"


def reordered(subject: Pair, what: Pair, old: list[str], new: list[str]) -> Pair:
    """Say that the order changed."""
    where_zh, where_en = f"{subject[0]}：" if subject[0] else "", f" of {subject[1]}" if subject[1] else ""
    was, now = ", ".join(old), ", ".join(new)
    return f"{where_zh}{what[0]}次序 {was} → {now}", f"order of {what[1]}{where_en} {was} → {now}"
