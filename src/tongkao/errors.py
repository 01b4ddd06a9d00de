"""Every error that a caller may handle: a code, a place, fields, and a message for the person who made the mistake.

A :class:`Problem` is data; its words come from a catalogue that each package fills with :func:`declare`, in Chinese and
English side by side, so that a message without a translation cannot exist. Problems are collected and raised together.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Lang = Literal["zh", "en"]
Severity = Literal["error", "warning"]

#: code -> (severity, Chinese, English); filled by :func:`declare`
CATALOGUE: dict[str, tuple[Severity, str, str]] = {}


def declare(code: str, *, zh: str, en: str, severity: Severity = "error") -> str:
    """Put a message into the catalogue.

    Args:
        code: Dotted name, package first, for example ``folder.unknown_unit``.
        zh: Chinese text with ``{field}`` places.
        en: English text with the same places.
        severity: ``error`` stops the marking, ``warning`` is shown and nothing more.

    Returns:
        The code, so that a module can write ``UNKNOWN_UNIT = declare("folder.unknown_unit", ...)``.

    Raises:
        ValueError: If the code is taken already.
    """
    if code in CATALOGUE:
        raise ValueError(f"message {code!r} is declared twice")
    CATALOGUE[code] = (severity, zh, en)
    return code


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: a file with line and column, or a sheet with a cell; whatever is known.

    Lines and columns count from 1; 0 means unknown. ``unit`` and ``node`` say whose value it is when no line can.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    sheet: str = ""
    cell: str = ""
    unit: str = ""
    node: str = ""

    def sort_key(self) -> tuple[object, ...]:
        """Order by file, sheet, line, column, cell (by row, then column), then unit and node."""
        # A whole row ("7:7") comes before the cells of that row.
        cell = self.cell.partition(":")[0]
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :] or 0)
        return (self.file, self.sheet, self.line, self.column, row, len(letters), letters, self.unit, self.node)

    def describe(self, lang: Lang = "zh") -> str:
        """Give the place in words, for example ``scheme.yaml:12:5`` or ``data.xlsx [units] B7``."""
        parts = []
        if self.file:
            where = self.file
            if self.line:
                where += f":{self.line}"
                if self.column:
                    where += f":{self.column}"
            parts.append(where)
        if self.sheet:
            parts.append(f"[{self.sheet}]")
        if self.cell:
            parts.append(self.cell)
        if self.unit:
            parts.append(("单位 " if lang == "zh" else "unit ") + self.unit)
        if self.node == "total":
            parts.append("总分" if lang == "zh" else "total")
        elif self.node:
            parts.append(("项目 " if lang == "zh" else "node ") + self.node)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Words:
    """A field of a message that is words itself and differs by language."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a scheme or in data, or one warning.

    Attributes:
        code: Key of the catalogue.
        place: Where it is.
        fields: What the message's places are filled with. Values are text or numbers; ``nearest`` holds the nearest
            valid name, or "" where none is near.
    """

    code: str
    place: Place = Place()
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``."""
        return CATALOGUE[self.code][0]

    def message(self, lang: Lang = "zh") -> str:
        """Say what is wrong, without the place."""
        _, zh, en = CATALOGUE[self.code]
        text = (zh if lang == "zh" else en).format(**{name: show(value, lang) for name, value in self.fields.items()})
        nearest = self.fields.get("nearest")
        if nearest:
            text += f"（是否想写 {nearest}？）" if lang == "zh" else f" (did you mean {nearest}?)"
        return text

    def describe(self, lang: Lang = "zh") -> str:
        """Say where it is and what is wrong, in one line."""
        where = self.place.describe(lang)
        return f"{where}: {self.message(lang)}" if where else self.message(lang)


def show(value: object, lang: Lang = "en") -> str:
    """Write a field of a message: numbers in their shortest form, lists joined by commas, long text cut."""
    if isinstance(value, Words):
        return show(value.zh if lang == "zh" else value.en)
    if isinstance(value, float):
        return format(value, ".10g")
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(show(item) for item in value)
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "..."


#: longer texts are no misspelt names, and comparing them takes time
LONGEST_NAME = 64


def nearest(name: str, names: Iterable[str]) -> str:
    """Find the valid name that is nearest to a wrong one, or ``""`` where none is near."""
    if len(name) > LONGEST_NAME:
        return ""
    found = difflib.get_close_matches(name.lower(), {candidate.lower(): candidate for candidate in names}, n=1, cutoff=0.6)
    if not found:
        return ""
    return next(candidate for candidate in sorted(names) if candidate.lower() == found[0])


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Put problems in the order of their places, equal ones once."""
    unique = {
        (problem.code, problem.place, tuple(sorted((name, show(value)) for name, value in problem.fields.items()))): problem
        for problem in problems
    }
    return sorted(unique.values(), key=lambda problem: (problem.place.sort_key(), problem.code, problem.message("en")))


#: what the system says when a file cannot be used, in our words
_REASONS = {
    errno.EACCES: Words("没有权限", "permission denied"),
    errno.EISDIR: Words("这是一个文件夹", "it is a folder"),
    errno.ENOENT: Words("不存在", "it does not exist"),
    errno.ENOTDIR: Words("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EIO: Words("读写磁盘出错", "the disk could not be read or written"),
}


def reason_of(error: Exception) -> Words:
    """Why a file could not be used: the system's reason where it is a common one, else that its content is damaged."""
    if isinstance(error, OSError) and error.errno is not None:
        own = error.strerror or type(error).__name__
        return _REASONS.get(error.errno, Words(own, own))
    return Words("内容损坏，或不是这种格式", "it is damaged or of another format")


class TongkaoError(Exception):
    """What a caller of the library may catch.

    Attributes:
        problems: Everything that is wrong, in the order of places; at least one error.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sort_problems(problems))
        super().__init__("\n".join(problem.describe("en") for problem in self.problems))

    def describe(self, lang: Lang = "zh") -> str:
        """All problems, one a line."""
        return "\n".join(problem.describe(lang) for problem in self.problems)


class SchemeError(TongkaoError):
    """The scheme is at fault."""


class FolderError(TongkaoError):
    """The assessment folder (scheme or data) is at fault."""


class MarkingError(TongkaoError):
    """Scheme and data are sound by themselves, but the marking cannot go on: a value is missing, a method has no answer."""


class OutputError(TongkaoError):
    """A place to write to, or a marked folder to read, is not what it should be."""
