"""Text of a scheme to a checked model, or to every fault of its shape in our words, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError

from tongkao.errors import Place, Problem, nearest, show, sort_problems
from tongkao.scheme import messages as say
from tongkao.scheme.constants import constant_number
from tongkao.scheme.model import Leaf, Mix, Scheme, SimpleScore, Treatment
from tongkao.scheme.positions import Path, Positions
from tongkao.scheme.reader import Document, read_yaml
from tongkao.scheme.shape import Spot, label, locate, model_keys

PROBLEM_LIMIT = 1000
"""So many problems are described; more than that nobody reads."""
NAME_LIMIT = 64
"""Nothing is near to a name longer than this."""

POLICIES = (
    "error",
    "zero",
    "redistribute",
    "redistribute_equally",
    "carry_forward",
    "{floor: …}",
    "{neutral: …}",
    "{impute: …}",
    "{carry_forward: …}",
    "{interpolate: …}",
)
_POLICY_WORDS = (*POLICIES[:5], "floor", "neutral", "impute", "interpolate")
#: what else may stand where the first of several words may: (first word, other forms)
_ALSO = {"arithmetic": ["{power: …}"], "none": ["{method: …}"]}


def _methods_of(models: tuple[Any, ...]) -> list[str]:
    return [get_args(model.model_fields["method"].annotation)[0] for model in models]


_TREATMENTS = _methods_of(get_args(Treatment))
_SIMPLE_METHODS = _methods_of(get_args(SimpleScore))
_METHODS = [*_SIMPLE_METHODS, *_methods_of((Mix,))]


class Fault(NamedTuple):
    """One error of pydantic, brought to its place in the data."""

    type: str
    spot: Spot
    input: Any
    context: dict[str, Any]


def load_scheme(text: str, file: str = "scheme.yaml") -> tuple[Scheme | None, list[Problem], Positions]:
    """Read a scheme.

    Args:
        text: The YAML text.
        file: Its name for the places of problems.

    Returns:
        The scheme, or None where there is any problem; the problems in the order of their places; where everything stands.
    """
    document = read_yaml(text, file)
    if document.data is None:
        return None, sort_problems(document.problems), document.positions
    scheme, faults = find_faults(document)
    read = {problem.place for problem in document.problems}
    problems = document.problems + [found for found in _describe_all(faults, document, file) if found.place not in read]
    if problems:
        return None, sort_problems(problems), document.positions
    return scheme, [], document.positions


def find_faults(document: Document) -> tuple[Scheme | None, list[Fault]]:
    """Validate the data; a number that stands where a text belongs (a unit id ``320500``) is the text that is written."""
    empty = [Fault("empty", Spot(path, None), None, {}) for path in _empty_places(document.data, (), set())]
    scheme, faults = _model(document.data)
    written = {fault.spot.path: document.positions.source(fault.spot.path) for fault in faults if _wants_text(fault)}
    if any(written.values()):
        for path, source in written.items():
            if source:
                _put(document.data, path, source)
        scheme, faults = _model(document.data)
    places = {fault.spot.path for fault in empty}
    return scheme, empty + [fault for fault in faults if fault.spot.path not in places]


def _model(data: Any) -> tuple[Scheme | None, list[Fault]]:
    try:
        return Scheme.model_validate(data), []
    except ValidationError as error:
        found = error.errors(include_url=False)
    faults = [Fault(entry["type"], locate(entry["loc"]), entry["input"], entry.get("ctx", {})) for entry in found]
    return None, faults


def _wants_text(fault: Fault) -> bool:
    is_number = isinstance(fault.input, (int, float))
    return is_number and (
        fault.type == "string_type" or (fault.type == "model_type" and fault.context.get("class_name") == "Title")
    )


def _empty_places(data: Any, path: Path, seen: set[int]) -> Iterable[Path]:
    if data is None:
        yield path
    elif isinstance(data, (dict, list)) and id(data) not in seen:  # what an alias repeats is looked at once
        seen.add(id(data))
        for step, value in data.items() if isinstance(data, dict) else enumerate(data):
            if value is None or isinstance(value, (dict, list)):
                yield from _empty_places(value, (*path, step), seen)


def _put(data: Any, path: Path, value: Any) -> None:
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


def value_at(data: Any, path: Path) -> Any:
    """What stands at a path, None where nothing does."""
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def _describe_all(faults: list[Fault], document: Document, file: str) -> list[Problem]:
    """Put faults into words; those that only say that one choice of several was not met are merged."""
    at: dict[Path, list[Fault]] = {}
    for fault in faults:
        at.setdefault(fault.spot.path, []).append(fault)
    not_nodes = {path[:-1] for path, group in at.items() if any(_is_no_node(fault) for fault in group)}
    problems: list[Problem] = []
    for path, group in at.items():
        if len(problems) >= PROBLEM_LIMIT:
            place = document.positions.place((), file)
            problems.append(Problem(say.MORE_PROBLEMS, place, {"count": len(at) - PROBLEM_LIMIT}))
            break
        if path[:-1] in not_nodes and all(fault.type in ("missing", "extra_forbidden") for fault in group):
            continue
        below = any(len(other) > len(path) and other[: len(path)] == path for other in at) if len(group) == 1 else False
        if below and group[0].type == "literal_error":
            continue
        problems.append(_describe(_merged(group), document, file))
    problems += [_no_node(path, document, file) for path in sorted(not_nodes, key=str)]
    return problems


def _is_no_node(fault: Fault) -> bool:
    """Whether a mapping in a tree was taken for a branch only because it has no ``indicator``."""
    return (
        fault.type == "missing"
        and fault.spot.path[-1] == "children"
        and isinstance(fault.input, dict)
        and "id" not in fault.input
        and "indicator" not in fault.input
    )


def _no_node(path: Path, document: Document, file: str) -> Problem:
    keys = value_at(document.data, path)
    near = next((found for key in keys if (found := _near(key, model_keys(Leaf))) and key not in model_keys(Leaf)), "")
    fields = {"path": label(path, document.data), "nearest": near}
    return Problem(say.NOT_A_NODE, document.positions.place(path, file, of="value"), fields)


def _merged(group: list[Fault]) -> Fault:
    """One fault for the several that a union gives at one place."""
    words = ("literal_error", "only_true", "bool_type")
    literal = next((fault for fault in group if fault.type in words), None)
    rest = [fault for fault in group if fault.type not in words]
    if literal is None or not rest:
        return group[0]
    first = rest[0]
    if first.type in ("constant", "number", "float_type", "int_type"):
        expected = literal.context.get("expected", "true")
        return Fault("number_or_word", first.spot, first.input, {"expected": expected, "type": first.type})
    if first.type == "model_attributes_type" and isinstance(first.input, str):
        return literal
    return first


def _near(name: object, names: Iterable[str]) -> str:
    return nearest(name, names) if isinstance(name, str) and len(name) <= NAME_LIMIT else ""


def _expected(context: dict[str, Any]) -> list[str]:
    """The choices of pydantic's context, as they are written in YAML."""
    text = str(context.get("expected", context.get("expected_tags", "")))
    quoted = re.findall(r"'([^']*)'", text)
    return quoted or [text.lower()]


def found_words(value: Any) -> dict[str, object]:
    """Say what stands at a place: its kind in both languages and the value in short."""
    if isinstance(value, bool):
        return {"kind_zh": "", "kind_en": "the word", "found": str(value).lower()}
    if isinstance(value, (int, float)):
        return {"kind_zh": "数字", "kind_en": "the number", "found": show(value)}
    if isinstance(value, str):
        return {"kind_zh": "文字", "kind_en": "text", "found": f"'{value if len(value) <= 60 else value[:57] + '...'}'"}
    if isinstance(value, list):
        return {"kind_zh": "列表", "kind_en": "the list", "found": "[" + _few(value) + "]"}
    if isinstance(value, dict):
        return {"kind_zh": "映射", "kind_en": "the mapping", "found": "{" + _few([f"{key}: …" for key in value]) + "}"}
    return {"kind_zh": "", "kind_en": "", "found": show(value)}


def _few(values: list[Any]) -> str:
    shown = [show(value)[:20] if not isinstance(value, (list, dict)) else "…" for value in values[:3]]
    return ", ".join(shown + (["…"] if len(values) > 3 else []))


def _near_number(value: Any) -> str:
    """The number that was meant by full-width digits or thousands separators."""
    if not isinstance(value, str) or len(value) > NAME_LIMIT:
        return ""
    plain = unicodedata.normalize("NFKC", value).strip()
    if re.fullmatch(r"[-+]?[0-9]{1,3}([, '_][0-9]{3})+(\.[0-9]+)?", plain):
        plain = re.sub(r"[, '_]", "", plain)
    return plain if plain != value and constant_number(plain) is not None else ""


_KINDS = {
    "int_type": say.NOT_WHOLE,
    "string_type": say.NOT_TEXT,
    "bool_type": say.NOT_TRUTH,
    "list_type": say.NOT_A_LIST,
    "dict_type": say.NOT_A_MAPPING,
    "model_type": say.NOT_A_MAPPING,
    "model_attributes_type": say.NOT_A_MAPPING,
}
_NUMBERS = ("constant", "number", "float_type")
_LIMITS = {
    "greater_than_equal": (say.TOO_SMALL, "ge"),
    "greater_than": (say.NOT_ABOVE, "gt"),
    "less_than_equal": (say.TOO_LARGE, "le"),
    "less_than": (say.NOT_BELOW, "lt"),
}


def _describe(fault: Fault, document: Document, file: str) -> Problem:
    """One fault in our words."""
    path, kind = fault.spot.path, fault.type
    name = label(path, document.data)
    place = _place(fault, document, file)

    def problem(code: str, **fields: object) -> Problem:
        return Problem(code, place, {"path": name, **fields})

    if kind == "missing":
        return _missing(fault, document, file)
    if kind == "extra_forbidden":
        return _unknown_key(fault, document, file)
    if kind == "empty":
        return problem(say.EMPTY_VALUE)
    if kind in _NUMBERS:
        return problem(say.NOT_A_NUMBER, **found_words(fault.input), nearest=_near_number(fault.input))
    if kind == "number_or_word":
        words = _expected(fault.context)
        near = _near(fault.input, words) or _near_number(fault.input)
        code = say.NOT_WHOLE_OR_WORD if fault.context["type"] == "int_type" else say.NOT_NUMBER_OR_WORD
        return problem(code, **found_words(fault.input), allowed=words, nearest=near)
    if kind in _LIMITS:
        code, bound = _LIMITS[kind]
        return problem(code, limit=show(fault.context[bound]), found=show(fault.input))
    if kind in ("too_short", "string_too_short", "too_long"):
        return _length(fault, problem)
    if kind == "identifier":
        return problem(say.NOT_AN_IDENTIFIER, found=fault.context["value"], nearest=near_identifier(fault.context["value"]))
    if kind == "string_pattern_mismatch":
        return problem(say.BAD_SCHEME_ID, found=fault.input)
    if kind in ("literal_error", "union_tag_invalid", "union_tag_not_found"):
        return _choice(fault, problem)
    if kind == "model_type" and fault.context.get("class_name") == "Title":
        return problem(say.NOT_A_TITLE, **found_words(fault.input))
    if kind == "finite_number":
        return problem(say.NOT_FINITE)
    return problem(_KINDS.get(kind, say.NOT_ACCEPTED), **found_words(fault.input))


def _place(fault: Fault, document: Document, file: str) -> Place:
    """The key, the value, or the ``method`` or policy in a mapping that names none."""
    path = fault.spot.path
    if fault.type == "union_tag_invalid" and isinstance(fault.input, dict):
        if "method" in fault.input and not _is_policy(fault):
            return document.positions.place((*path, "method"), file)
        if fault.input:
            return document.positions.place((*path, next(iter(fault.input))), file, of="key")
    return document.positions.place(path, file, of="key" if fault.spot.is_key else "either")


def _is_policy(fault: Fault) -> bool:
    return "_policy_tag" in str(fault.context.get("discriminator"))


def near_identifier(name: object) -> str:
    """The identifier that is nearest to a text that is none, or "" where nothing of it can stay."""
    if not isinstance(name, str) or len(name) > NAME_LIMIT:
        return ""
    plain = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKC", name).lower()).strip("_")
    return f"_{plain}" if plain[:1].isdigit() else plain


def _missing(fault: Fault, document: Document, file: str) -> Problem:
    parent = fault.spot.path[:-1]
    place = document.positions.place(parent, file, of="key" if parent and isinstance(parent[-1], str) else "value")
    key = str(fault.spot.path[-1])
    if not parent:
        return Problem(say.MISSING_TOP_KEY, place, {"key": key})
    return Problem(say.MISSING_KEY, place, {"path": label(parent, document.data), "key": key})


def _unknown_key(fault: Fault, document: Document, file: str) -> Problem:
    parent, key = fault.spot.path[:-1], str(fault.spot.path[-1])
    allowed = model_keys(fault.spot.owner) if fault.spot.owner is not None else ()
    place = document.positions.place(fault.spot.path, file, of="key")
    fields = {"key": key, "allowed": list(allowed), "nearest": _near(key, allowed)}
    if not parent:
        return Problem(say.UNKNOWN_TOP_KEY, place, fields)
    return Problem(say.UNKNOWN_KEY, place, {"path": label(parent, document.data), **fields})


def _length(fault: Fault, problem: Callable[..., Problem]) -> Problem:
    found = len(fault.input)
    if fault.type == "too_long":
        return problem(say.TOO_MANY, limit=fault.context["max_length"], found=found)
    limit = fault.context["min_length"]
    if found == 0 and limit == 1:
        return problem(say.EMPTY)
    return problem(say.TOO_FEW, limit=limit, found=found)


def _choice(fault: Fault, problem: Callable[..., Problem]) -> Problem:
    allowed = _expected(fault.context)
    result: Problem
    if fault.type == "union_tag_not_found":
        path = fault.spot.path
        allowed = _TREATMENTS if path[-1] == "treat" else _SIMPLE_METHODS if "parts" in path else _METHODS
        result = problem(say.MISSING_METHOD, allowed=allowed)
    elif _is_policy(fault) or "redistribute_equally" in allowed:
        key = next(iter(fault.input), "") if isinstance(fault.input, dict) else fault.input
        result = problem(say.UNKNOWN_POLICY, found=show(key), allowed=list(POLICIES), nearest=_near(key, _POLICY_WORDS))
    elif fault.type == "union_tag_invalid":
        method = fault.input.get("method") if isinstance(fault.input, dict) else fault.input
        found = method if isinstance(method, str) else found_words(method)["found"]
        result = problem(say.UNKNOWN_METHOD, found=found, allowed=allowed, nearest=_near(method, allowed))
    else:
        allowed = allowed + _ALSO.get(allowed[0], [])
        found = found_words(fault.input)["found"] if not isinstance(fault.input, str) else fault.input
        result = problem(say.NOT_ONE_OF, found=found, allowed=allowed, nearest=_near(fault.input, allowed))
    return result
