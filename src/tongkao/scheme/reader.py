"""YAML text to plain data and positions.

A scheme needs little of YAML: mappings, lists, texts, numbers, true and false, aliases. The event parser of libyaml (C) does
the syntax; what events mean is decided here, by the core rules of YAML 1.2, so that ``no`` stays a text and a faulty text is
described in our words. Nothing that a file holds can run code, and no file can take more than a bounded time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from tongkao.errors import Place, Problem, nearest
from tongkao.scheme import messages as say
from tongkao.scheme.positions import Path, Positions, RawMark

try:
    from ruamel.yaml.cyaml import CBaseLoader
except ImportError:  # the extension is a package of its own that some platforms lack: slower, the same result
    HAS_LIBYAML = False
else:
    HAS_LIBYAML = True

SIZE_LIMIT = 5_000_000
"""Characters of a scheme."""
DEPTH_LIMIT = 64
"""Mappings and lists inside one another."""
NODE_LIMIT = 200_000
"""Values of a scheme."""
EXPANSION_LIMIT = 100_000
"""Values that aliases repeat."""

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]{1,20}\Z")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,15}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\Z")
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+[ \t]+")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Document:
    """What a text holds.

    Attributes:
        data: The mapping at the top; None where there is none or the syntax is broken.
        positions: Where everything stands.
        problems: What is wrong.
        faulty: Paths of values that stand for something unreadable.
    """

    data: dict[str, Any] | None
    positions: Positions
    problems: list[Problem]
    faulty: frozenset[Path] = frozenset()


class _Stop(Exception):
    """Reading cannot go on; the problem says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_yaml(text: str, file: str = "scheme.yaml") -> Document:
    """Read a YAML text whose top is a mapping.

    Args:
        text: The text; a byte-order mark at its start is ignored.
        file: Name for the places of problems.

    Returns:
        Data (dicts with text keys, lists, text, int, float, bool, None), positions and problems. Keys are texts as they are
        written. After a syntax error nothing more can be read, so there is only that one; other faults are collected.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > SIZE_LIMIT:
        problem = Problem(say.YAML_TOO_LARGE, Place(file=file), {"size": len(text), "limit": SIZE_LIMIT})
        return Document(None, Positions(), [problem])
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is not None:
        where = unprintable.start()
        place = Place(file=file, line=text.count("\n", 0, where) + 1, column=where - text.rfind("\n", 0, where))
        problem = Problem(say.YAML_UNPRINTABLE, place, {"character": f"U+{ord(unprintable.group()):04X}"})
        return Document(None, Positions(), [problem])
    composer = _Composer(text, file)
    try:
        data = composer.document()
    except _Stop as stop:
        return Document(None, composer.positions(), [*composer.problems, stop.problem])
    except MarkedYAMLError as error:
        return Document(None, composer.positions(), [*composer.problems, _syntax_problem(error, text, file)])
    except YAMLError:
        return Document(None, composer.positions(), [*composer.problems, Problem(say.YAML_SYNTAX, Place(file=file))])
    return Document(data, composer.positions(), composer.problems, frozenset(composer.faulty))


def _events(text: str) -> Callable[[], Any]:
    """A function that gives the next event of the text."""
    if HAS_LIBYAML:
        next_event: Callable[[], Any] = CBaseLoader(text).get_event
    else:
        next_event = iter(YAML(typ="safe", pure=True).parse(text)).__next__
    return next_event


class _Composer:
    """Puts events together to data, bottom up, and notes where each value stands."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._next = _events(text)
        self._marks: dict[Path, RawMark] = {}
        self._aliases: dict[Path, Path] = {}
        #: name of an anchor -> its value, path and number of values; None while it is being read
        self._anchors: dict[str, tuple[Any, Path, int] | None] = {}
        self._count = 0
        self._expanded = 0
        self.problems: list[Problem] = []
        self.faulty: set[Path] = set()

    def positions(self) -> Positions:
        """Where everything stands that was read."""
        return Positions(self._text, self._marks, self._aliases)

    def document(self) -> dict[str, Any] | None:
        """Read the only document of the text."""
        self._next()  # start of the stream
        event = self._next()
        if not hasattr(event, "explicit"):  # the end of the stream: there is no document
            raise _Stop(Problem(say.YAML_EMPTY, Place(file=self._file)))
        top = self._next()
        value = self._value(top, (), None, 0)
        self._next()  # end of the document
        after = self._next()
        if hasattr(after, "explicit"):
            raise self._stop(say.YAML_SEVERAL, after)
        if value is None and not self.problems:
            raise _Stop(Problem(say.YAML_EMPTY, Place(file=self._file)))
        if not isinstance(value, dict):
            raise self._stop(say.YAML_NOT_A_MAPPING, top)
        return value

    def _stop(self, code: str, event: Any, **fields: object) -> _Stop:
        return _Stop(Problem(code, self._place(event), fields))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1)

    def _problem(self, code: str, event: Any, **fields: object) -> None:
        self.problems.append(Problem(code, self._place(event), fields))

    def _value(self, event: Any, path: Path, key: Any, depth: int) -> Any:
        """Read the value that starts with an event; ``key`` is the mark of its key, None in a list."""
        kind = event.__class__
        if kind is AliasEvent:
            return self._alias(event, path, key)
        self._count += 1
        if self._count > NODE_LIMIT:
            raise self._stop(say.YAML_TOO_MANY, event, limit=NODE_LIMIT)
        if event.ctag is not None:
            self._tag(event)
        before = self._count - 1 + self._expanded
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        value: Any
        if kind is ScalarEvent:
            found = len(self.problems)
            value = self._scalar(event)
            if len(self.problems) > found:
                self.faulty.add(path)
            self._note(path, key, event, event.end_mark.index, event.style or "plain")
        else:
            if depth >= DEPTH_LIMIT:
                raise self._stop(say.YAML_TOO_DEEP, event, limit=DEPTH_LIMIT)
            self._note(path, key, event, event.start_mark.index, "collection")
            value = self._mapping(path, depth) if kind is MappingStartEvent else self._list(path, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, path, self._count + self._expanded - before)
        return value

    def _tag(self, event: Any) -> None:
        self._problem(say.YAML_TAG, event, tag=str(event.tag).replace("tag:yaml.org,2002:", "!!"))

    def _note(self, path: Path, key: Any, event: Any, end: int, style: str) -> None:
        start = event.start_mark
        line, column, index = start.line + 1, start.column + 1, start.index
        if self._text[index : index + 1] == "&" and style not in ("collection", "alias"):
            anchor = _ANCHOR.match(self._text, index, end)
            if anchor is not None:  # the value begins after its anchor
                column, index = column + anchor.end() - index, anchor.end()
        if key is None:
            self._marks[path] = (line, column, line, column, index, end, style)
        else:
            self._marks[path] = (line, column, key.line + 1, key.column + 1, index, end, style)

    def _alias(self, event: Any, path: Path, key: Any) -> Any:
        name = event.anchor
        if name not in self._anchors:
            self._problem(say.YAML_ALIAS_UNKNOWN, event, name=name, nearest=nearest(name, self._anchors))
            self.faulty.add(path)
            return None
        anchor = self._anchors[name]
        if anchor is None:
            raise self._stop(say.YAML_ALIAS_ITSELF, event, name=name)
        value, target, size = anchor
        self._expanded += size
        if self._expanded > EXPANSION_LIMIT:
            raise self._stop(say.YAML_ALIAS_BOMB, event, name=name, limit=EXPANSION_LIMIT)
        self._aliases[path] = target
        self._note(path, key, event, event.end_mark.index, "alias")
        return value

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while True:
            event = self._next()
            if event.__class__ is not ScalarEvent:
                if event.__class__ is MappingEndEvent:
                    return values
                raise self._stop(say.YAML_KEY, event)
            if event.ctag is not None:
                self._tag(event)
            key = event.value
            repeated = key in values
            if repeated:
                first = self._marks[(*path, key)][2]
                self._problem(say.YAML_DUPLICATE_KEY, event, key=key, first=first)
            if event.anchor is not None:
                self._anchors[event.anchor] = (key, path, 1)
            value_event = self._next()
            if repeated:  # the first one counts; the second is read for its own faults, under a path of its own
                self._value(value_event, (*path, key, f"line {event.start_mark.line + 1}"), event.start_mark, depth + 1)
            else:
                values[key] = self._value(value_event, (*path, key), event.start_mark, depth + 1)

    def _list(self, path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        while True:
            event = self._next()
            if event.__class__ is SequenceEndEvent:
                return values
            values.append(self._value(event, (*path, len(values)), None, depth + 1))

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        first = text[0]
        if first not in "+-.0123456789":
            return text
        if _NOT_FINITE.match(text):
            self._problem(say.YAML_NOT_FINITE, event, text=text)
            return 0.0
        if _FLOAT.match(text):
            number = float(text)
            if number in (float("inf"), float("-inf")):
                self._problem(say.YAML_NOT_FINITE, event, text=text)
                return 0.0
            return int(text) if _INTEGER.match(text) and abs(number) < 1e18 else number
        if _OCTAL.match(text):
            return int(text[2:], 8)
        if _HEXADECIMAL.match(text):
            return int(text[2:], 16)
        return text


def _syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    """Say in our words what the parser objects to; its own words never reach the reader."""
    what, context = error.problem or "", error.context or ""
    mark, begun = error.problem_mark, error.context_mark or error.problem_mark

    def at(mark: Any, code: str, **fields: object) -> Problem:
        place = Place(file=file) if mark is None else Place(file=file, line=mark.line + 1, column=mark.column + 1)
        return Problem(code, place, fields)

    character = text[mark.index : mark.index + 1] if mark is not None else ""
    if "tab" in what.split() or character == "\t":
        return at(mark, say.YAML_TAB)
    if "end of stream" in what or "document indicator" in what:
        return at(begun, say.YAML_QUOTE)
    if "escape" in what or "hexdecimal" in what or "hexadecimal" in what:
        return at(mark, say.YAML_ESCAPE)
    if "',' or ']'" in what:
        return at(begun, say.YAML_BRACKET, open="[", close="]", line=mark.line + 1 if mark is not None else 0)
    if "',' or '}" in what:
        return at(begun, say.YAML_BRACKET, open="{", close="}", line=mark.line + 1 if mark is not None else 0)
    if "mapping values are not allowed" in what:
        return at(mark, say.YAML_COLON)
    if "expected ':'" in what:
        return at(begun, say.YAML_NO_COLON)
    if "cannot start any token" in what:
        return at(mark, say.YAML_CHARACTER, character=character)
    if "expected key" in what or "'-' indicator" in what or "block end" in what or "block sequence" in what:
        return at(mark, say.YAML_INDENT)
    if "document start" in what:
        return at(mark, say.YAML_AFTER_END)
    if "tag" in what or "tag" in context:
        return at(begun, say.YAML_TAG, tag="!")
    return at(mark, say.YAML_SYNTAX)
