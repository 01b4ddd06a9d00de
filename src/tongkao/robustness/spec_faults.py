"""Text to a model of our own, or to every fault of its shape in our words, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tongkao.errors import Place, Problem, nearest, show, sort_problems
from tongkao.robustness import spec_messages as say
from tongkao.scheme import messages as shape
from tongkao.scheme.loader import found_words, near_identifier
from tongkao.scheme.positions import Path, Positions
from tongkao.scheme.reader import read_yaml
from tongkao.scheme.shape import label

Model = TypeVar("Model", bound=BaseModel)

#: faults of the text whose words in the reader speak of a scheme
_OWN_WORDS = {shape.YAML_EMPTY: say.EMPTY_FILE, shape.YAML_NOT_A_MAPPING: say.NOT_A_MAPPING}
_KINDS = {
    "int_type": shape.NOT_WHOLE,
    "string_type": shape.NOT_TEXT,
    "bool_type": shape.NOT_TRUTH,
    "list_type": shape.NOT_A_LIST,
    "dict_type": shape.NOT_A_MAPPING,
    "model_type": shape.NOT_A_MAPPING,
    "model_attributes_type": shape.NOT_A_MAPPING,
    "constant": shape.NOT_A_NUMBER,
    "number": shape.NOT_A_NUMBER,
    "float_type": shape.NOT_A_NUMBER,
}
_LIMITS = {
    "greater_than_equal": (shape.TOO_SMALL, "ge"),
    "greater_than": (shape.NOT_ABOVE, "gt"),
    "less_than_equal": (shape.TOO_LARGE, "le"),
    "less_than": (shape.NOT_BELOW, "lt"),
}


@dataclass(frozen=True)
class Kinds:
    """What may stand where in the file.

    Attributes:
        choices: Keys of which each choice has one.
        methods: Ways to draw weights.
        keys_of: Gives the keys that may stand in the mapping at a location of a pydantic error.
    """

    choices: tuple[str, ...]
    methods: tuple[str, ...]
    keys_of: Callable[[Sequence[str | int]], Sequence[str]]


@dataclass(frozen=True)
class Locations:
    """Where each value of a file stands; without a file, nowhere.

    Attributes:
        file: Its name.
        positions: Places of its values.
    """

    file: str = ""
    positions: Positions = field(default_factory=Positions)

    def at(self, *path: str | int) -> Place:
        """The place of a value."""
        return self.positions.place(path, self.file) if self.file else Place()


def read_model(model: type[Model], text: str, file: str, kinds: Kinds) -> tuple[Model | None, list[Problem], Positions]:
    """Read a YAML text into a model.

    Args:
        model: The model of the whole file.
        text: The text.
        file: Its name for the places of problems.
        kinds: What may stand where.

    Returns:
        The model, None where there is any problem; the problems; where everything stands.
    """
    document = read_yaml(text, file)
    problems = [
        Problem(_OWN_WORDS.get(problem.code, problem.code), problem.place, problem.fields) for problem in document.problems
    ]
    if document.data is None:
        return None, sort_problems(problems), document.positions
    try:
        made = model.model_validate(document.data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            problems.append(_describe(dict(fault), document.data, document.positions, file, kinds))
        return None, sort_problems(problems), document.positions
    return (made if not problems else None), sort_problems(problems), document.positions


def _path(location: Sequence[str | int], data: Any, *, keep_last: bool) -> Path:
    """The steps of a location that are keys and places in the data; the others name a choice of the model."""
    path: list[str | int] = []
    for place, step in enumerate(location):
        in_mapping = isinstance(data, Mapping) and isinstance(step, str) and step in data
        if in_mapping or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            path.append(step)
            data = data[step]
        elif keep_last and place == len(location) - 1:
            path.append(step)
    return tuple(path)


def _describe(fault: Mapping[str, Any], data: Any, positions: Positions, file: str, kinds: Kinds) -> Problem:
    """One fault of pydantic in our words."""
    kind, context, found = str(fault["type"]), dict(fault.get("ctx", {})), fault["input"]
    location = [step for step in fault["loc"] if step != "[key]"]
    path = _path(location, data, keep_last=kind in ("missing", "extra_forbidden"))
    name = label(path, data) or file
    place = positions.place(path, file)
    above = label(path[:-1], data) or file
    if kind == "missing":
        return Problem(say.LACKS, positions.place(path[:-1], file, of="key"), {"path": above, "key": path[-1]})
    if kind == "extra_forbidden":
        allowed = list(kinds.keys_of(fault["loc"][:-1]))
        fields = {"path": above, "key": path[-1], "allowed": allowed, "nearest": nearest(str(path[-1]), allowed)}
        return Problem(say.UNKNOWN_KEY, positions.place(path, file, of="key"), fields)
    if kind == "union_tag_not_found" and path and "discriminator" in context and "method" not in str(context["discriminator"]):
        if not isinstance(found, Mapping):
            return Problem(shape.NOT_A_MAPPING, place, {"path": name, **found_words(found)})
        near = next((hit for key in found if (hit := nearest(str(key), kinds.choices))), "")
        return Problem(say.NO_KIND, place, {"path": name, "allowed": list(kinds.choices), "nearest": near})
    if kind in _LIMITS:
        code, bound = _LIMITS[kind]
        return Problem(code, place, {"path": name, "limit": show(context[bound]), "found": show(found)})
    if kind in ("union_tag_invalid", "union_tag_not_found", "literal_error"):
        return _choice(kind, context, found, place, name, kinds.methods)
    return _other(kind, context, found, place, name)


def _choice(kind: str, context: Mapping[str, Any], found: Any, place: Place, name: str, methods: Sequence[str]) -> Problem:
    text = str(context.get("expected", context.get("expected_tags", "")))
    allowed = re.findall(r"'([^']*)'", text) or ([text.lower()] if text else list(methods))
    if kind == "union_tag_not_found":
        if not isinstance(found, Mapping):
            return Problem(shape.NOT_A_MAPPING, place, {"path": name, **found_words(found)})
        return Problem(shape.MISSING_METHOD, place, {"path": name, "allowed": allowed})
    if kind == "union_tag_invalid":
        found = context.get("tag", found)
    shown = found if isinstance(found, str) else found_words(found)["found"]
    near = nearest(found, allowed) if isinstance(found, str) else ""
    return Problem(say.NOT_ONE_OF, place, {"path": name, "found": shown, "allowed": allowed, "nearest": near})


def _other(kind: str, context: Mapping[str, Any], found: Any, place: Place, name: str) -> Problem:
    if kind == "interval":
        return Problem(say.INTERVAL, place, {"path": name})
    if kind == "identifier":
        value = context["value"]
        return Problem(shape.NOT_AN_IDENTIFIER, place, {"path": name, "found": value, "nearest": near_identifier(value)})
    if kind in ("too_short", "string_too_short"):
        limit = context["min_length"]
        if not found:
            return Problem(shape.EMPTY, place, {"path": name})
        return Problem(shape.TOO_FEW, place, {"path": name, "limit": limit, "found": len(found)})
    if kind == "too_long":
        return Problem(shape.TOO_MANY, place, {"path": name, "limit": context["max_length"], "found": len(found)})
    if found is None:
        return Problem(shape.EMPTY_VALUE, place, {"path": name})
    if kind == "finite_number":
        return Problem(shape.NOT_FINITE, place, {"path": name})
    return Problem(_KINDS.get(kind, shape.NOT_ACCEPTED), place, {"path": name, **found_words(found)})
