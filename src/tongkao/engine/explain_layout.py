"""Plain text for a terminal and for paper: width of Chinese characters, columns, wrapped lines with a hanging indent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

#: columns of a line
WIDTH = 100
#: no line begins with one of these
_CLOSING = frozenset("，。；：、）”！？%》,.;:)]")
#: no line ends with one of these
_OPENING = frozenset("（“《([")
#: stay with the number before them
_COUNTED = frozenset("分位个年次项")


def width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character or full-width sign.

    >>> width("总分 81.79")
    10
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text if not unicodedata.combining(sign))


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """A text filled up with blanks to a number of columns."""
    blanks = " " * max(columns - width(text), 0)
    return blanks + text if right else text + blanks


def wrapped(text: str, indent: int, hanging: int = 2, columns: int = WIDTH) -> Iterator[str]:
    """Break a text into lines, between words or between Chinese characters.

    Args:
        text: One paragraph.
        indent: Blanks before the first line.
        hanging: Further blanks before the others.
        columns: Widest line.
    """
    line, used = " " * indent, indent
    has_words = False
    for piece in _pieces(text):
        size = width(piece)
        if has_words and used + width(piece.rstrip()) > columns:
            yield line.rstrip()
            line, used = " " * (indent + hanging), indent + hanging
            has_words = False
            piece = piece.lstrip()
            size = width(piece)
        line, used = line + piece, used + size
        has_words = has_words or bool(piece.strip())
    yield line.rstrip()


def _pieces(text: str) -> list[str]:
    """What must not be broken: words with the blank after them, single Chinese characters with the signs that cling to them."""
    pieces: list[str] = []
    for sign in text:
        last = pieces[-1] if pieces else ""
        counts = sign in _COUNTED and last.rstrip()[-1:].isdigit()
        if not last or (last[-1] == " " and sign != " " and not counts):
            pieces.append(sign)
        elif counts or sign in _CLOSING or sign == " " or last[-1] in _OPENING:
            pieces[-1] += sign
        elif _is_wide(sign) or _is_wide(last[-1]):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF" or sign in "“”"


def table(rows: Sequence[Sequence[str]], indent: int, rules: Sequence[int] = ()) -> Iterator[str]:
    """Rows in columns, the first to the left, the others to the right.

    Args:
        rows: Cells.
        indent: Blanks before each line.
        rules: Rows before which a line is drawn.
    """
    sizes = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    rule = " " * indent + "-" * (sum(sizes) + 2 * (len(sizes) - 1))
    for number, row in enumerate(rows):
        if number in rules:
            yield rule
        cells = [padded(cell, size, right=column > 0) for column, (cell, size) in enumerate(zip(row, sizes, strict=True))]
        yield (" " * indent + "  ".join(cells)).rstrip()
