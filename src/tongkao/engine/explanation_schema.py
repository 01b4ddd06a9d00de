"""The JSON Schema of an explanation: every field, what it means in both languages, and nothing else.

``docs/reference/explanation.schema.json`` is this function's result; a test compares.
"""

from __future__ import annotations

from typing import Any

from tongkao.engine.explanation_schema_parts import DEFINITIONS, described, entries, reference, structure

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def explanation_schema() -> dict[str, Any]:
    """Make the schema, draft 2020-12.

    Returns:
        The schema as plain data, in the order in which an explanation has its fields.
    """
    top = structure(
        {
            "format": described({"const": 1}, "本格式的版本", "version of this form"),
            "scheme": described({"type": "string"}, "方案编号", "id of the scheme"),
            "year": described({"type": "integer"}, "考核年度", "the year that was marked"),
            "unit": described({"type": "string"}, "单位编号", "id of the unit"),
            "names": described(reference("words"), "单位名称", "the unit's names"),
            "track": described({"type": "string"}, "序列编号", "id of the unit's track"),
            "class": described({"type": "string"}, "类别，无则为空", "the unit's class, empty for none"),
            "node": described({"type": "string"}, "所说明的节点", "the node that is explained"),
            "titles": structure({name: reference("words") for name in ("scheme", "track", "node")}),
            "result": reference("result"),
            "account": described(
                entries(reference("entry")),
                "得分构成，各项 points 之和就是所说明节点的得分",
                "the account; its points add up to the points of the node",
            ),
            "tree": reference("node"),
            "events": entries(reference("event")),
            "tier": described(
                {"anyOf": [reference("tier_way"), {"type": "null"}]},
                "等次的由来；所说明的不是总分、不参加排名或没有等次时为空",
                "why this tier; null for a node that is not the total, without a rank, or without tiers",
            ),
            "awards": described(
                entries(reference("award")), "序列的各个奖项，获得与否都列", "every award of the track, won or not"
            ),
            "sentences": described(
                structure({lang: entries({"type": "string"}) for lang in ("zh", "en")}),
                "给委员看的句子",
                "what a committee member reads",
            ),
        }
    )
    return {
        "$schema": DIALECT,
        "$id": "urn:tongkao:explanation:1",
        "title": "统考得分说明 / Tongkao explanation",
        **top,
        "$defs": DEFINITIONS,
    }
