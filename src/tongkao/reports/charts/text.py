"""Text in a chart: how wide it is without a font at hand, and how it is broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

#: what XML 1.0 cannot hold
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW = frozenset("iljtfrI.,:;'|!()[]/ ·-")
_BROAD = frozenset("mwMW%@—…→")
#: marks that do not begin a line, and marks that do not end one
_CLOSING, _OPENING = frozenset("，。；：、！？）》】”’%"), frozenset("（《【“‘")
ELLIPSIS = "…"
#: one character of Chinese or one full-width mark, a word of another script, a blank
_WORDS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’]+|\s")


def clean(text: str) -> str:
    """Text on one line, without what XML cannot hold."""
    return " ".join(_FORBIDDEN.sub("\ufffd", text).split())


def escape(text: str) -> str:
    """Text as XML content or attribute value."""
    return _FORBIDDEN.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a text, estimated on the safe side for the common sans-serif fonts.

    Args:
        text: The text.
        size: Size of the font in pixels.
        bold: Whether it is bold.

    Returns:
        Width in pixels.
    """
    ems = sum(map(_ems, text))
    return ems * size * (1.08 if bold else 1.0)


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.95
    return 0.70 if character.isupper() else 0.58


def wrap(text: str, size: float, width: float, *, most: int = 1000, bold: bool = False) -> list[str]:
    """Break a text into lines: Chinese between any two characters, other scripts between words where there is room for a word.

    Args:
        text: The text.
        size: Size of the font in pixels.
        width: Width of a line in pixels.
        most: Most lines; what does not fit ends with an ellipsis.
        bold: Whether it is bold.

    Returns:
        The lines, at least one.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(clean(text), size, width, bold=bold):
        if not line or text_width((line + piece).rstrip(), size, bold=bold) <= width:
            line += piece if line else piece.lstrip()
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
    lines.append(line.rstrip())
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(last + ELLIPSIS, size, bold=bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + ELLIPSIS]


def _pieces(text: str, size: float, width: float, *, bold: bool) -> list[str]:
    """Pieces between which a line may end; a word wider than a line is cut into its characters."""
    pieces: list[str] = []
    for word in _WORDS.findall(text):
        parts = list(word) if text_width(word, size, bold=bold) > width else [word]
        if pieces and pieces[-1] in _OPENING:
            parts[0] = pieces.pop() + parts[0]
        if word[0] in _CLOSING and pieces:
            # What closes stays with what it closes, a percent sign across the blank before it.
            before = pieces.pop()
            if before == " " and pieces:
                before = pieces.pop() + before
            parts[0] = before + parts[0]
        pieces += parts
    return pieces


def cut(text: str, size: float, width: float) -> str:
    """A text on one line, cut with an ellipsis where it is too wide."""
    return wrap(text, size, width, most=1)[0]


def widest(texts: Sequence[str], size: float, *, bold: bool = False) -> float:
    """Width of the widest of some texts; 0 for none."""
    return max((text_width(text, size, bold=bold) for text in texts), default=0.0)
