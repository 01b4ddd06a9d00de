"""The parts of the schema of explanations: result, account, nodes, values, rules, events, tiers, awards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongkao.engine.explain_rules import METHODS
from tongkao.engine.explain_words import EFFECTS, KINDS, STATES
from tongkao.engine.impute import SOURCES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
MAYBE_WHOLE: Schema = {"type": ["integer", "null"]}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
ANY_VALUE: Schema = {"type": ["number", "string", "boolean", "null"]}
PRESENCE: Schema = {"enum": ["present", "missing", "not_applicable"]}


def reference(name: str) -> Schema:
    """One of the definitions."""
    return {"$ref": f"#/$defs/{name}"}


def maybe(schema: Schema) -> Schema:
    """That, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def entries(schema: Schema) -> Schema:
    """A list of that."""
    return {"type": "array", "items": schema}


def structure(properties: Mapping[str, Schema]) -> Schema:
    """A mapping with exactly these fields."""
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def described(schema: Schema, zh: str, en: str) -> Schema:
    """A field with what it means."""
    return {"description": f"{zh} / {en}", **schema}


def told(properties: Mapping[str, Schema]) -> Schema:
    """A mapping with these fields and the same in words, ``zh`` and ``en``."""
    return structure({**properties, "zh": TEXT, "en": TEXT})


def _fields(schema: Schema, names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), schema)


WORDS = reference("words")
TIER = maybe(reference("tier"))

RESULT = structure(
    {
        "total": described(MAYBE_NUMBER, "总分，没有则为空", "total, null where there is none"),
        "full_mark": NUMBER,
        "rank": MAYBE_WHOLE,
        "rank_shared_by": described({"type": "integer"}, "同名次的单位数", "units that share the rank"),
        "ranked": described({"type": "integer"}, "同一名单中排名的单位数", "ranked units of the list"),
        "rank_within": {"enum": ["track", "class"]},
        "listed_apart": described(TRUTH, "单列", "scored but not ranked"),
        "tier": TIER,
        "year_last": described({"type": "integer"}, "上一次考核的年度", "year of the marking before"),
        "rank_last": MAYBE_WHOLE,
        "tier_last": TIER,
        "rank_change": described(MAYBE_WHOLE, "名次上升位数", "places moved up"),
        "awards": entries(TEXT),
    }
)

ENTRY = structure(
    {
        "kind": described(
            {"enum": ["indicator", "aggregation", "event", "rounding"]},
            "indicator 按得分率所得；aggregation 合成方法比下级之和多（少）的；event 事项；rounding 修约",
            "indicator: by its rate; aggregation: what a mean adds to the sum of what is below; event; rounding",
        ),
        "node": TEXT,
        "title": WORDS,
        "rule": described(MAYBE_TEXT, "事项或约束性指标的编号", "id of the event or the binding indicator"),
        "rule_title": maybe(WORDS),
        "effect": described(
            {"enum": ["void", "deduct", "bonus", "not_below_zero", None]},
            "not_below_zero：扣分不使得分低于 0，未扣足的部分",
            "not_below_zero: what deductions could not take, as no node falls below 0",
        ),
        "points": described(NUMBER, "得分，减分为负", "points, negative where they are taken"),
        "full_mark": MAYBE_NUMBER,
    }
)

WEIGHT = structure(
    {
        "amount": described(MAYBE_NUMBER, "方案中写的分值或权重", "as written"),
        "in": {"enum": ["points", "weight", None]},
        "why": described(
            {"enum": ["scheme", "same", "default", "class", "column", "own"]},
            "由来：满分、各单位相同、缺省、按类、按列、本单位专用",
            "full mark of the scheme, the same for all, default, by class, by another column, the unit's own",
        ),
        "column": MAYBE_TEXT,
        "value": MAYBE_TEXT,
        "why_words": WORDS,
        "share": described(NUMBER, "在留下的同级项中的份额", "share among the siblings that stay"),
        "nominal": described(NUMBER, "重新分配前的满分", "full mark before anything left"),
        "full_mark": described(NUMBER, "实际满分", "full mark in the end"),
        "from_above": described(NUMBER, "随上级增加的分值", "gained with a heavier parent"),
        "received": described(
            entries(structure({"node": TEXT, "title": WORDS, "points": NUMBER, "equally": TRUTH})),
            "从退出的同级项得到的分值；nominal、from_above 与此处之和即 full_mark",
            "gained from siblings that left; with nominal and from_above it adds up to full_mark",
        ),
    }
)

LEFT = told(
    {
        "reason": {
            "enum": ["weightless", "screened", "above", "missing", "not_applicable", "no_children", "too_few"],
        },
        "policy": MAYBE_TEXT,
    }
)

MEAN = told(
    {
        "id": {"enum": ["arithmetic", "geometric", "harmonic", "power", "median", "min", "copeland"]},
        "exponent": MAYBE_NUMBER,
        "formula": MAYBE_TEXT,
        "rate": MAYBE_NUMBER,
    }
)

NODE = structure(
    {
        "id": TEXT,
        "kind": {"enum": list(KINDS)},
        "title": WORDS,
        "counts": described(TRUTH, "对本单位是否计分", "whether it counts for the unit"),
        "left": described(maybe(reference("left")), "不计的原因", "why it does not count"),
        "weight": reference("weight"),
        "aggregated": described(MAYBE_NUMBER, "事项和修约之前的得分", "points before events and rounding"),
        "events": entries(structure({"rule": TEXT, "title": WORDS, "effect": TEXT, "points": MAYBE_NUMBER})),
        "event_points": MAYBE_NUMBER,
        "rounding": maybe(
            structure(
                {
                    "before": NUMBER,
                    "after": NUMBER,
                    "places": {"type": "integer"},
                    "mode": {"enum": ["half_up", "half_even"]},
                    "mode_words": WORDS,
                }
            )
        ),
        "points": MAYBE_NUMBER,
        "rate": described(MAYBE_NUMBER, "100 × 得分 / 满分", "100 × points / full mark"),
        "lost": described(MAYBE_NUMBER, "满分减得分", "full mark less points"),
        "place": MAYBE_WHOLE,
        "placed": described(MAYBE_WHOLE, "参加排位的单位数", "units that have a place"),
        "mean": described(maybe(reference("mean")), "合成方法，指标为空", "how it combines; null for an indicator"),
        "indicator": described(maybe(reference("indicator")), "指标才有", "of indicators only"),
        "children": entries(reference("node")),
    }
)

INDICATOR = structure(
    {
        "direction": {"enum": ["up", "down"]},
        **_fields(TEXT, "owner basis"),
        "state": {"enum": list(STATES)},
        "given": described(
            maybe(told({"policy": {"enum": ["zero", "floor", "neutral"]}, "rate": NUMBER})),
            "缺数或不适用时方案给的得分率",
            "the rate that a policy gave",
        ),
        "scored": described(MAYBE_NUMBER, "清零之前的得分率", "rate before any void"),
        "voided": TRUTH,
        "mix": maybe(WORDS),
        "parts": described(entries(reference("part")), "组合计分有几个部分，其他只有一个", "one, or the parts of a mix"),
    }
)

PART = structure(
    {
        "share": NUMBER,
        "method": told({"id": {"enum": list(METHODS)}}),
        "value": reference("value"),
        "targets": structure(_fields(MAYBE_NUMBER, "target baseline challenge")),
        "reference": described(MAYBE_NUMBER, "参照单位的数值", "value of the reference unit"),
        "group": maybe(
            structure(
                {
                    "compare": {"enum": ["track", "class"]},
                    "class": MAYBE_TEXT,
                    "count": MAYBE_WHOLE,
                    **_fields(MAYBE_NUMBER, "best worst mean sd"),
                    "place": MAYBE_WHOLE,
                }
            )
        ),
        "rule": maybe(told({"method": {"enum": list(METHODS)}, "name": WORDS})),
        "rate": MAYBE_NUMBER,
    }
)

OBSERVATION = structure(
    {
        **_fields(TEXT, "name period"),
        "value": MAYBE_NUMBER,
        "state": {"enum": list(STATES)},
        "state_words": WORDS,
        "source": TEXT,
    }
)

EXPRESSION = structure(
    {
        "text": described(TEXT, "算式原文", "as written"),
        "numbers": described(WORDS, "代入本单位的数", "with the unit's numbers put in"),
        "inputs": entries(
            structure({"text": TEXT, "value": ANY_VALUE, "state": PRESENCE, "observations": entries(reference("observation"))})
        ),
    }
)

FILLED = told(
    {
        "source": {"enum": [*(source for source in SOURCES if source), "unknown"]},
        "value": NUMBER,
        "year": described(MAYBE_WHOLE, "沿用的是哪一年", "the year it was carried forward from"),
        "observation": maybe(reference("observation")),
        "count": described(MAYBE_WHOLE, "由几个单位的数得来", "units whose values made it"),
        "units": described(entries(TEXT), "这些单位（不超过 12 个时列出）", "those units, where there are 12 or fewer"),
    }
)

VALUE = structure(
    {
        "unit_of_measure": TEXT,
        "state": {"enum": list(STATES)},
        "state_words": WORDS,
        "observation": maybe(reference("observation")),
        "expression": maybe(reference("expression")),
        "denominator": maybe(structure({"name": TEXT, "value": ANY_VALUE, "state": PRESENCE})),
        "observed": described(MAYBE_NUMBER, "本单位自己的数", "the unit's own value"),
        "filled": described(maybe(reference("filled")), "缺数怎样补上", "how a missing value was filled"),
        "value": described(MAYBE_NUMBER, "补数之后", "after filling"),
        "treated": described(
            maybe(
                told(
                    {
                        "from": NUMBER,
                        "to": NUMBER,
                        "method": TEXT,
                        "done": entries({"enum": ["winsorised_high", "winsorised_low", "log"]}),
                    }
                )
            ),
            "离群值等处理",
            "what treatment changed",
        ),
    }
)

EVENT = told(
    {
        "rule": TEXT,
        "title": WORDS,
        "binding": described(TRUTH, "约束性指标未达要求", "a breach of a binding indicator"),
        "requirement": maybe(structure({"text": TEXT, "words": WORDS, "numbers": WORDS})),
        "effect": {"enum": list(EFFECTS)},
        "effect_words": WORDS,
        "node": MAYBE_TEXT,
        "node_title": maybe(WORDS),
        "count": MAYBE_NUMBER,
        "each": described(MAYBE_NUMBER, "每次的分数", "points per occurrence"),
        "asked": described(MAYBE_NUMBER, "按规则应加（扣）的分数", "points by the rule"),
        "cap": described(MAYBE_NUMBER, "此项上限", "the rule's own cap"),
        "capped": MAYBE_NUMBER,
        "limit": described(MAYBE_NUMBER, "各项合计的限额", "the track's limit of all together"),
        "granted": described(MAYBE_NUMBER, "实际加（扣）的分数", "points after all limits"),
        "points": described(MAYBE_NUMBER, "同上，扣分为负", "the same, negative for a deduction"),
        "tier_at_most": MAYBE_TEXT,
        "tier_down": MAYBE_WHOLE,
        "rank_before": described(
            MAYBE_WHOLE,
            "这一步之前的名次；同一步中所有单位的事项一起生效",
            "rank before this step; the events of one step take effect for all units together",
        ),
        "rank_after": MAYBE_WHOLE,
        "tier_before": TIER,
        "tier_after": TIER,
        "note": TEXT,
        "occurrences": described(
            entries(
                structure(
                    {
                        "date": TEXT,
                        **_fields(MAYBE_NUMBER, "count points"),
                        **_fields(TEXT, "indicator note evidence"),
                    }
                )
            ),
            "事项表中的各行",
            "rows of the events table",
        ),
    }
)

TIER_STEP = told(
    {
        "id": TEXT,
        "title": WORDS,
        "open": TRUTH,
        "count": MAYBE_WHOLE,
        "share": MAYBE_NUMBER,
        "places": MAYBE_WHOLE,
        "score": MAYBE_NUMBER,
        "total": MAYBE_NUMBER,
        "gates": entries(structure({"node": TEXT, "title": WORDS, "required": NUMBER, "rate": MAYBE_NUMBER, "met": TRUTH})),
        "outcome": {"enum": ["entered", "full", "no_places", "closed", "shared", "score", "gate"]},
    }
)

TIER_WAY = structure(
    {
        "id": TEXT,
        "title": WORDS,
        **_fields({"type": "integer"}, "rank ranked"),
        "dealt": described(TIER, "事项生效之前的等次", "the tier before effects of events"),
        "steps": described(entries(reference("tier_step")), "自高而低到所入等次", "from the top to the tier it entered"),
        "effects": entries(
            structure({"rule": TEXT, "title": WORDS, "effect": TEXT, "tier_before": TIER, "tier_after": TIER}),
        ),
        "moved_up": described(TRUTH, "递补进入", "took a place that effects freed"),
        "reasons": structure(_fields(entries(TEXT), "zh en")),
    }
)

AWARD_RULE: dict[str, Schema] = {"text": TEXT, "words": WORDS, "numbers": WORDS, "met": {"type": ["boolean", "null"]}}

AWARD = told(
    {
        "id": TEXT,
        "title": WORDS,
        "won": TRUTH,
        "when": maybe(structure(AWARD_RULE)),
        "top": MAYBE_WHOLE,
        "each": {"enum": ["track", "class"]},
        "by": maybe(structure({**AWARD_RULE, "value": ANY_VALUE, "place": MAYBE_WHOLE, "among": {"type": "integer"}})),
        "disqualified": TRUTH,
    }
)

DEFINITIONS: dict[str, Schema] = {
    "words": structure(_fields(TEXT, "zh en")),
    "tier": told({"id": TEXT}),
    "result": RESULT,
    "entry": ENTRY,
    "node": NODE,
    "weight": WEIGHT,
    "left": LEFT,
    "mean": MEAN,
    "indicator": INDICATOR,
    "part": PART,
    "value": VALUE,
    "observation": OBSERVATION,
    "expression": EXPRESSION,
    "filled": FILLED,
    "event": EVENT,
    "tier_way": TIER_WAY,
    "tier_step": TIER_STEP,
    "award": AWARD,
}
