"""The content of a scheme whose shape is faulty: what can be checked is checked, so that its author sees every problem at once.

The faulty values are taken out, or something harmless is put in their place; the cross checks run on what is left, and what
they find at, around or because of a mended place is not reported.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, Literal

from tongkao.errors import Problem, sort_problems
from tongkao.scheme import check_messages, expression_messages
from tongkao.scheme.checking import Checking, Combinations
from tongkao.scheme.loader import Fault, find_faults, near_identifier, value_at
from tongkao.scheme.model import Scheme
from tongkao.scheme.positions import Path
from tongkao.scheme.reader import Document, read_yaml
from tongkao.scheme.validator import check_all

ROUNDS = 8
"""So often what is left is mended again."""

#: what is put where a needed key is missing or wrong
FILLERS: dict[str, Any] = {
    "tongkao": 1,
    "id": "salvaged",
    "title": "?",
    "zh": "?",
    "en": "?",
    "year": 2000,
    "score": {"method": "identity"},
    "method": "identity",
    "effect": {"void": "indicator"},
}
#: problems that may come from something elsewhere that was taken out or replaced
_OF_WHAT_WENT = {
    code
    for module in (check_messages, expression_messages)
    for name, code in vars(module).items()
    if name.startswith(("UNKNOWN_", "UNUSED_", "PAPERS_", "INTERPOLATE_", "PANEL_", "NODE_IS"))
}


def validate_despite_faults(
    text: str,
    file: str = "scheme.yaml",
    *,
    classes: Mapping[str, Collection[str]] | None = None,
    columns: Mapping[str, Literal["number", "text"]] | None = None,
    observed: Collection[str] | None = None,
    units: Mapping[str, Collection[str]] | None = None,
    combinations: Combinations | None = None,
) -> list[Problem]:
    """Check the content of a scheme that :func:`tongkao.scheme.loader.load_scheme` refuses.

    Args:
        text: The YAML text.
        file: Its name for the places of problems.
        classes: As for :func:`tongkao.scheme.validator.validate`, like the rest.
        columns: See there.
        observed: See there.
        units: See there.
        combinations: See there.

    Returns:
        Problems of content, beside those that ``load_scheme`` reports; none where too little of the scheme can be read.
    """
    document = read_yaml(text, file)
    if document.data is None:
        return []
    mended = set(document.faulty)
    scheme = _mend(document, mended)
    if scheme is None:
        return []
    ignored = {_part(path) for path in mended}
    checking = Checking(scheme, document.positions, file, classes, columns, observed, units, combinations, ignored)
    check_all(checking)
    is_whole = all(_holds_no_names(path) for path in mended)
    return sort_problems(problem for problem in checking.problems if is_whole or problem.code not in _OF_WHAT_WENT)


def _part(path: Path) -> Path:
    """The part of the scheme around a path: an indicator, an event, the tree or the tiers of a track, or a top key."""
    return path[: {"indicators": 2, "events": 2, "tracks": 3}.get(str(path[0]), 1)]


def _holds_no_names(path: Path) -> bool:
    """Whether nothing outside of its part can depend on what stood at a path."""
    return len(path) > 2 and (path[0] == "events" or (path[0] == "indicators" and path[2] != "value") or path[-1] == "title")


def _mend(document: Document, mended: set[Path]) -> Scheme | None:
    """Take out or replace what is faulty until a scheme is left; its paths are added to ``mended``."""
    for _ in range(ROUNDS):
        scheme, faults = find_faults(document)
        if scheme is not None and not faults:
            return scheme
        # the last items of lists first, so that those before them keep their places
        for fault in sorted(faults, key=lambda fault: [str(step).rjust(6, "0") for step in fault.spot.path], reverse=True):
            if fault.spot.path:
                mended.add(fault.spot.path)
                _mend_one(document.data, fault)
    return None


def _mend_one(data: Any, fault: Fault) -> None:
    path, last = fault.spot.path, fault.spot.path[-1]
    parent = value_at(data, path[:-1])
    if fault.spot.is_key and isinstance(parent, dict) and last in parent:
        parent[near_identifier(last) or "salvaged"] = parent.pop(last)
    elif fault.type == "identifier":
        parent[last] = near_identifier(fault.input) or "salvaged"
    elif isinstance(parent, list):
        if isinstance(last, int) and last < len(parent):
            del parent[last]
    elif isinstance(parent, dict):
        owner = fault.spot.owner
        needed = owner is not None and last in owner.model_fields and owner.model_fields[str(last)].is_required()
        if not needed:
            parent.pop(last, None)
        elif last in FILLERS and parent.get(last) != FILLERS[str(last)]:
            parent[last] = deepcopy(FILLERS[str(last)])
        else:
            _take_out(data, path[:-1])


def _take_out(data: Any, path: Path) -> None:
    """Take out something that cannot be mended: an item of a list, an entry; a score becomes the plainest one."""
    if not path:
        return
    parent, last = value_at(data, path[:-1]), path[-1]
    if last == "score":
        parent[last] = deepcopy(FILLERS["score"])
    elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
        del parent[last]
    elif isinstance(parent, dict):
        parent.pop(last, None)
