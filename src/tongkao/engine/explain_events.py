"""What events and breaches of binding indicators did to a unit (section 8 of the format)."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

from tongkao.engine.explain_inputs import cell, put_in
from tongkao.engine.explain_numbers import figure
from tongkao.engine.explain_subject import Block, Record, Subject, Words
from tongkao.engine.explain_words import EFFECTS, spoken, words
from tongkao.engine.targets import FIELDS
from tongkao.engine.values import unit_column
from tongkao.scheme.expressions import Call, Name, parse, render
from tongkao.scheme.model import Effect

LANGS = ("zh", "en")
#: names of a requirement in words
NAMES = {
    "value": words("数值", "value"),
    "rate": words("得分率", "rate"),
    "target": words("目标值", "target"),
    "baseline": words("基准值", "baseline"),
    "challenge": words("挑战值", "challenge value"),
}


def explain_events(subject: Subject) -> list[Block]:
    """Every effect on the unit in the order in which they apply; see the schema for the fields."""
    return [_event(subject, record) for record in subject.events]


def _event(subject: Subject, record: Record) -> Block:
    rule, effect, binding = record["rule"], record["effect"], bool(record["binding"])
    given = _effect(subject, rule, binding=binding)
    points = None
    if effect in ("deduct", "bonus"):
        points = record["granted"] if effect == "bonus" else -record["granted"]
    block: Block = {
        "rule": rule,
        "title": _title(subject, rule, binding=binding),
        "binding": binding,
        "requirement": _requirement(subject, rule) if binding else None,
        "effect": effect,
        "effect_words": dict(EFFECTS[effect]),
        "node": record["node"] or None,
        "node_title": subject.title(record["node"]) if record["node"] in subject.nodes else None,
        "count": record["count"],
        "each": getattr(given, effect) if effect in ("deduct", "bonus") else None,
        "asked": record["asked"],
        "cap": given.cap if effect in ("deduct", "bonus") else None,
        "capped": record["capped"],
        "limit": getattr(subject.plan.track.limits, effect) if effect in ("deduct", "bonus") else None,
        "granted": record["granted"],
        "points": points,
        "tier_at_most": given.tier_at_most if effect == "tier_at_most" else None,
        "tier_down": given.tier_down if effect == "tier_down" else None,
        "rank_before": record["rank_before"],
        "rank_after": record["rank_after"],
        "tier_before": tier_title(subject, record["tier_before"]),
        "tier_after": tier_title(subject, record["tier_after"]),
        "note": record["note"] or "",
        "occurrences": [] if binding else _occurrences(subject, rule, record),
    }
    return {**block, **_words(subject, block)}


def _effect(subject: Subject, rule: str, *, binding: bool) -> Effect:
    if not binding:
        return subject.plan.scheme.events[rule].effect
    requirement = subject.indicator(rule).binding
    assert requirement is not None
    return requirement.effect


def _title(subject: Subject, rule: str, *, binding: bool) -> Words:
    if binding:
        title = subject.indicator(rule).title
        return words(f"约束性指标“{title.zh}”未达要求", f"binding indicator “{title.en}” not met")
    title = subject.plan.scheme.events[rule].title
    return words(title.zh, title.en)


def tier_title(subject: Subject, tier: str | None) -> Block | None:
    """A tier with its name, None for none."""
    for candidate in subject.plan.track.tiers:
        if candidate.id == tier:
            return {"id": tier, "zh": candidate.title.zh, "en": candidate.title.en}
    return None


def _occurrences(subject: Subject, rule: str, record: Record) -> list[Block]:
    """The rows of the events table behind an effect."""
    rows = subject.track.assessment.events.filter((pl.col("unit") == subject.unit) & (pl.col("event") == rule))
    if record["effect"] == "void":
        rows = rows.filter(pl.col("indicator") == record["node"])
    return [
        {key: row[key] for key in ("date", "count", "points", "indicator", "note", "evidence")}
        for row in rows.iter_rows(named=True)
    ]


# --- binding indicators ---------------------------------------------------------------------------------------------------


def _requirement(subject: Subject, node: str) -> Block:
    """What a binding indicator asks, with the unit's numbers put in."""
    binding = subject.indicator(node).binding
    assert binding is not None
    expression = parse(binding.require)
    record, year = subject.nodes[node], subject.plan.scheme.year
    targets = subject.track.values.targets

    def look_up(called: Name | Call) -> tuple[float | str | bool | None, str]:
        name = called.name if isinstance(called, Name) else called.function
        if name == "value":
            divided = subject.indicator(node).denominate is not None
            return _known(record["observed"]) if divided else cell(subject.track.values.indicator(node, year), subject.row)
        if name == "rate":
            return _known(record["scored"])
        for which in FIELDS:
            if name == which:
                value = float(targets.column(node, year, which)[subject.row])
                return _known(None if math.isnan(value) else value)
        return cell(unit_column(subject.plan.units, name), subject.row)

    numbers = put_in(expression, look_up, lambda value, _: f'"{value}"')
    return {
        "text": binding.require,
        "words": {lang: spoken(render(expression, _named(lang)), lang) for lang in LANGS},
        "numbers": {lang: spoken(text, lang) for lang, text in numbers.items()},
    }


def _named(lang: str) -> Callable[[Name | Call], str | None]:
    """What a name of a requirement is called in a language; columns of the units keep theirs."""

    def named(called: Name | Call) -> str | None:
        name = called.name if isinstance(called, Name) else called.function
        return NAMES[name][lang] if name in NAMES else None

    return named


def _known(value: float | None) -> tuple[float | None, str]:
    return value, "missing" if value is None else "present"


# --- in words ---------------------------------------------------------------------------------------------------------------


def _words(subject: Subject, event: Block) -> Words:
    head = words(event["title"]["zh"], event["title"]["en"])
    if event["requirement"] is not None:
        asked = event["requirement"]
        head = words(
            f"{head['zh']}（要求 {asked['words']['zh']}，实为 {asked['numbers']['zh']}）",
            f"{head['en']} (asked {asked['words']['en']}, found {asked['numbers']['en']})",
        )
    does = _does(subject, event)
    return words(f"{head['zh']}：{does['zh']}{_moved(event, 'zh')}", f"{head['en']}: {does['en']}{_moved(event, 'en')}")


def _does(subject: Subject, event: Block) -> Words:
    node = event["node_title"]
    match event["effect"]:
        case "void":
            # An event may void an indicator that does not count for the unit: then it takes nothing.
            name = node or {"zh": event["node"], "en": event["node"]}
            idle = event["node"] not in subject.nodes or not subject.counts(event["node"])
            zh, en = ("（本单位不计此项）", " (which does not count for the unit)") if idle else ("", "")
            return words(f"“{name['zh']}”清零{zh}", f"“{name['en']}” counts 0{en}")
        case "deduct" | "bonus":
            return _points(event)
        case "tier_at_most":
            tier = tier_title(subject, event["tier_at_most"])
            name = tier or {"zh": event["tier_at_most"], "en": event["tier_at_most"]}
            return words(f"等次最高为{name['zh']}", f"at best {name['en']}")
        case "tier_down":
            return words(
                f"降 {event['tier_down']} 个等次", f"{event['tier_down']} tier{'s' if event['tier_down'] > 1 else ''} lower"
            )
        case _:
            return words("一票否决：列最后一个等次，不得评奖和推荐", "disqualified: last tier, no award, no nomination")


def _points(event: Block) -> Words:
    bonus = event["effect"] == "bonus"
    verb_zh, verb_en = ("加", "adds") if bonus else ("扣", "takes")
    own = any(occurrence["points"] is not None for occurrence in event["occurrences"])
    steps_zh, steps_en = [], []
    if own or event["asked"] != event["count"] * event["each"]:
        steps_zh.append(f"按记录应{verb_zh} {figure(event['asked'])} 分")
        steps_en.append(f"{figure(event['asked'])} points as recorded")
    elif event["count"] != 1:
        steps_zh.append(f"{figure(event['count'])} 次 × {figure(event['each'])} 分 = {figure(event['asked'])} 分")
        steps_en.append(f"{figure(event['count'])} × {figure(event['each'])} = {figure(event['asked'])} points")
    if event["capped"] != event["asked"]:
        steps_zh.append(f"此项上限 {figure(event['cap'])} 分")
        steps_en.append(f"at most {figure(event['cap'])} for the rule")
    if event["granted"] != event["capped"]:
        total = "加分" if bonus else "扣分"
        steps_zh.append(f"各项{total}合计以 {figure(event['limit'])} 分为限")
        steps_en.append(f"all {'bonuses' if bonus else 'deductions'} together at most {figure(event['limit'])}")
    where_zh = "" if event["node"] == "total" else f"“{event['node_title']['zh']}”"
    where_en = "" if event["node"] == "total" else f" {'to' if bonus else 'from'} “{event['node_title']['en']}”"
    tail_zh = f"（{'；'.join(steps_zh)}）" if steps_zh else ""
    tail_en = f" ({'; '.join(steps_en)})" if steps_en else ""
    amount = figure(event["granted"])
    return words(f"{where_zh}{verb_zh} {amount} 分{tail_zh}", f"{verb_en} {amount} points{where_en}{tail_en}")


def _moved(event: Block, lang: str) -> str:
    """Place and tier before and after, where they changed."""
    parts = []
    before, after = event["rank_before"], event["rank_after"]
    if before is not None and after is not None and before != after:
        parts.append(f"名次第 {before} → 第 {after}" if lang == "zh" else f"place {before} → {after}")
    tiers = event["tier_before"], event["tier_after"]
    if None not in tiers and tiers[0]["id"] != tiers[1]["id"]:
        parts.append(f"{tiers[0][lang]} → {tiers[1][lang]}")
    if not parts:
        return ""
    return f"；{'，'.join(parts)}" if lang == "zh" else f"; {', '.join(parts)}"
