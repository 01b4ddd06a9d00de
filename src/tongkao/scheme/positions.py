"""Where each value of a scheme stands in its text, so that a problem can point at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tongkao.errors import Place

Path = tuple[str | int, ...]
"""Keys and places in lists, from the top: ``("tracks", "city", "tree", 0, "points")``."""


class Mark(NamedTuple):
    """Where a key and its value stand; lines and columns count from 1.

    Attributes:
        line: Line of the value.
        column: Column of the value.
        key_line: Line of the key; of the value where it is an item of a list.
        key_column: Column of the key.
        start: Place of the value's first character in the text.
        end: Place after its last character.
        style: ``plain``, ``'``, ``"``, ``|`` or ``>`` for a scalar, ``collection`` for a mapping or a list, ``alias``.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    start: int
    end: int
    style: str


RawMark = tuple[int, int, int, int, int, int, str]
"""A :class:`Mark` as a bare tuple: there are thousands, and few are ever looked at."""


class Positions:
    """Marks of a whole text by path; what stands behind an alias is found where it is written."""

    def __init__(
        self,
        text: str = "",
        marks: Mapping[Path, RawMark] | None = None,
        aliases: Mapping[Path, Path] | None = None,
    ) -> None:
        self._text = text
        self._marks = marks if marks is not None else {}
        self._aliases = aliases if aliases is not None else {}

    def mark(self, path: Path) -> Mark | None:
        """The mark of exactly this path, or None."""
        seen: set[Path] = set()
        while path not in self._marks and path not in seen:
            seen.add(path)
            for length in range(len(path) - 1, 0, -1):
                target = self._aliases.get(path[:length])
                if target is not None:
                    path = target + path[length:]
                    break
        raw = self._marks.get(path)
        return None if raw is None else Mark(*raw)

    def nearest_mark(self, path: Path) -> Mark | None:
        """The mark of the path, or of the innermost mapping or list around it that has one."""
        for length in range(len(path), -1, -1):
            mark = self.mark(path[:length])
            if mark is not None:
                return mark
        return None

    def place(self, path: Path, file: str, *, of: Literal["value", "key", "either"] = "either") -> Place:
        """Where a path stands.

        Args:
            path: The path; where it is absent, what is around it counts.
            file: Name of the file for the place.
            of: The key, the value, or (``either``) the value of a scalar and the key of a mapping or list.

        Returns:
            The place; without line and column where nothing is known.
        """
        mark = self.nearest_mark(path)
        if mark is None:
            return Place(file=file)
        if of == "key" or (of == "either" and mark.style == "collection"):
            return Place(file=file, line=mark.key_line, column=mark.key_column)
        return Place(file=file, line=mark.line, column=mark.column)

    def inside(self, path: Path, file: str, text: str, offset: int) -> Place:
        """Where a character of a text value stands.

        A folded text is followed through its line breaks: its visible characters are the same as those of the source. In
        double quotes with escapes they are not; there the start of the value is given.

        Args:
            path: Path of the value.
            file: Name of the file for the place.
            text: The value itself.
            offset: Which of its characters, from 0; its length for "after the last one".
        """
        mark = self.mark(path)
        if mark is None or mark.style in ("collection", "alias"):
            return self.place(path, file)
        source = self._text[mark.start : mark.end]
        skipped = 0
        if mark.style in ("'", '"'):
            if mark.style == '"' and "\\" in source:
                return self.place(path, file)
            skipped = 1
        elif mark.style in ("|", ">"):
            skipped = source.find("\n") + 1
        body = source[skipped:-1] if mark.style in ("'", '"') else source[skipped:]
        before = source[: skipped + _follow(body, text, offset, doubled=mark.style == "'")]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") if lines else mark.column + len(before)
        return Place(file=file, line=mark.line + lines, column=column)

    def source(self, path: Path) -> str:
        """The text of a plain scalar as it is written: ``007`` where the value is the number 7; "" for anything else."""
        mark = self.mark(self._aliases.get(path, path))
        return self._text[mark.start : mark.end] if mark is not None and mark.style == "plain" else ""


def _follow(source: str, text: str, offset: int, *, doubled: bool) -> int:
    """Find in the source the character ``offset`` of the text, by counting visible characters."""
    if source == text:
        return offset
    wanted = sum(not character.isspace() for character in text[:offset])
    at_end = not text[offset:].strip()
    place = found = 0
    while place < len(source):
        visible = not source[place].isspace()
        if visible and found == wanted and not at_end:
            return place
        if doubled and source.startswith("''", place):
            place += 1
        place += 1
        found += visible
        if at_end and found == wanted:
            return place
    return place
