"""The JSON Schema of a scheme, for editors that complete and check while one types.

It is made from the models, so it cannot say anything else than they do; what only the validator sees (sums, names) is not in
it. ``docs/reference/scheme.schema.json`` is this function's result.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from tongkao.scheme.difference_words import LABELS
from tongkao.scheme.json_schema_words import FIELDS, MODELS
from tongkao.scheme.model import Identifier, Scheme

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME_PATTERN = "^[a-z_][a-z0-9_]*$"
FORMULA_PATTERN = r"^(?=.*[0-9])(?![^(]*,)[-+*/(),.<>=! 0-9a-zE]+$"
"""A number may be written as a formula over numbers."""

_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_NUMBER_OR_TEXT = [{"type": "number"}, {"type": "string"}]


def json_schema() -> dict[str, Any]:
    """Make the schema, draft 2020-12.

    Returns:
        The schema as plain data, keys in the order of the models.
    """
    schema = Scheme.model_json_schema(mode="validation", schema_generator=_Generator)
    definitions = {name: _described(name, _clean(model)) for name, model in schema.pop("$defs").items()}
    top = _described("Scheme", _clean(schema))
    return {
        "$schema": DIALECT,
        "$id": "urn:tongkao:scheme:1",
        "title": "统考方案 / Tongkao scheme",
        **top,
        "$defs": definitions,
    }


class _Generator(GenerateJsonSchema):
    """Adds what the models check with functions: the pattern of identifiers, and the word ``true``."""

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        result = super().function_after_schema(schema)
        if schema["function"]["function"] is get_args(Identifier)[1].func:
            result["pattern"] = NAME_PATTERN
        elif result == {"type": "boolean"}:  # a truth value with a check of its own can only be true
            result["const"] = True
        return result


def _clean(node: Any) -> Any:
    """Say what the loader accepts: no nulls, bounds where they belong, a number where a text belongs; no idle titles."""
    if isinstance(node, list):
        return [_clean(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    node = {
        key: value for key, value in node.items() if key not in ("title", "discriminator") and (key, value) != ("default", None)
    }
    bounds = {_BOUNDS[key]: node.pop(key) for key in _BOUNDS if key in node}
    if "anyOf" in node:
        choices = [choice for choice in node["anyOf"] if choice != {"type": "null"}]
        if choices[:2] == _NUMBER_OR_TEXT:
            choices[:2] = [{"type": "number", **bounds}, {"type": "string", "pattern": FORMULA_PATTERN}]
        node["anyOf"] = choices
        if len(choices) == 1:
            del node["anyOf"]
            node = {**choices[0], **node}
            return _clean(node)
    if "properties" in node:
        node["properties"] = {name: _clean(inner) for name, inner in node["properties"].items()}
    if "patternProperties" in node:
        node["additionalProperties"] = False
    for key in ("anyOf", "oneOf", "items", "additionalProperties", "patternProperties"):
        if isinstance(node.get(key), (list, dict)):
            inner = node[key]
            node[key] = {name: _clean(value) for name, value in inner.items()} if key == "patternProperties" else _clean(inner)
    if node.get("type") == "string" and not {"enum", "const", "pattern"} & set(node):
        node["type"] = ["string", "number"]
    return node


def _described(name: str, model: dict[str, Any]) -> dict[str, Any]:
    """Give a model and its fields descriptions in both languages."""
    model["description"] = " / ".join(MODELS[name])
    for key, inner in model.get("properties", {}).items():
        if "description" not in inner:
            zh, en = FIELDS.get(f"{name}.{key}") or FIELDS.get(key) or LABELS[key]
            inner["description"] = f"{zh} / {en}"
    return model
