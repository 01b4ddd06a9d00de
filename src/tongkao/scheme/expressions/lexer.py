"""From the text of a formula to its words, one at a time, so that the first fault of the text is the one reported."""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

from tongkao.scheme import expression_messages as messages
from tongkao.scheme.expressions.syntax import ExpressionError, fault

MAX_LENGTH = 10_000

KEYWORDS = frozenset({"and", "or", "not"})

#: what people write out of habit (spreadsheets, other languages, mathematics), and what to write here; longest first
_INSTEAD = {
    "!==": "!=",
    "===": "==",
    "&&": "and",
    "||": "or",
    "<>": "!=",
    "=>": ">=",
    "=<": "<=",
    "^": "**",
    "!": "not",
    "&": "and",
    "|": "or",
    "~": "not",
    "%": "/ 100",
    "'": '"',
    "`": '"',
    "[": "(",
    "]": ")",
    "{": "(",
    "}": ")",
    ";": ",",
    "×": "*",
    "·": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "≤": "<=",
    "≦": "<=",
    "≥": ">=",
    "≧": ">=",
    "≠": "!=",
    "√": "sqrt( )",
    "∧": "and",
    "∨": "or",
    "¬": "not",
}
#: full-width characters outside the block U+FF01 to U+FF5E, whose characters are ASCII plus 0xFEE0
_FULL_WIDTH = {
    "“": '"',
    "”": '"',
    "‘": '"',
    "’": '"',
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    "、": ",",
    "。": ".",
    "【": "(",
    "】": ")",
    "〔": "(",
    "〕": ")",
    "《": "<",
    "》": ">",
    "〈": "<",
    "〉": ">",
}
_FULL_WIDTH_SHIFT = 0xFEE0

_SPACE = re.compile(r"\s*")
_OTHERWISE = re.compile(r"!==|===|&&|\|\||<>|=>|=<")
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SYMBOL = re.compile(r"\*\*|<=|>=|==|!=|[-+*/(),<>]")
_WORD = re.compile(r"(?:(?![！-～])\w)+")
_WORD_WITH_DOTS = re.compile(r"(?:(?![！-～])[\w.])+")
_TEXT = re.compile(r'"([^"\r\n]*)"')

TokenKind = Literal["number", "text", "name", "symbol", "end"]


class Token(NamedTuple):
    """One word of a formula; keywords are symbols. ``written`` is the text as it stands, quotes included."""

    kind: TokenKind
    written: str
    start: int
    end: int


class Lexer:
    """Reads the words of a formula.

    Attributes:
        text: The formula, cut after the longest length allowed (:meth:`next` notices).
    """

    def __init__(self, text: str) -> None:
        self.text = text[: MAX_LENGTH + 1]
        self._length = len(text)
        self._offset = 0

    def next(self) -> Token:
        """Read one word.

        Raises:
            ExpressionError: If there is no word at this place.
        """
        start = self._space(self._offset)
        token = self._read(start)
        if token.end > MAX_LENGTH:
            raise self._too_long()
        self._offset = token.end
        return token

    def peek(self) -> str:
        """The next character that is no space, ``""`` at the end."""
        start = self._space(self._offset)
        return self.text[start : start + 1]

    def _space(self, offset: int) -> int:
        found = _SPACE.match(self.text, offset)
        return found.end() if found else offset

    def _too_long(self) -> ExpressionError:
        return ExpressionError(fault(messages.TOO_LONG, MAX_LENGTH, length=self._length, limit=MAX_LENGTH))

    def _read(self, start: int) -> Token:
        text = self.text
        if start >= len(text):
            return Token("end", "", start, start)
        character = text[start]
        if character == '"':
            return self._text(start)
        if found := _OTHERWISE.match(text, start):
            raise self._instead(start, found.group())
        if found := _SYMBOL.match(text, start):
            return Token("symbol", found.group(), start, found.end())
        if found := _NUMBER.match(text, start):
            return self._number(start, found.end())
        if found := _WORD.match(text, start):
            return self._word(start, found.end())
        raise self._foreign(start, character)

    def _text(self, start: int) -> Token:
        found = _TEXT.match(self.text, start)
        if found:
            return Token("text", found.group(), start, found.end())
        if len(self.text) > MAX_LENGTH:
            raise self._too_long()
        raise ExpressionError(fault(messages.UNCLOSED, start, opened='"', closing='"'))

    def _number(self, start: int, end: int) -> Token:
        text = self.text
        written = text[start:end]
        run = _WORD_WITH_DOTS.match(text, end)  # 10万, 1.2.3 and 5. are one faulty number each
        leading_zero = len(written) > 1 and written[0] == "0" and written[1].isdigit()
        if run or leading_zero or not math.isfinite(float(written)):
            raise ExpressionError(fault(messages.NUMBER, start, found=text[start : run.end()] if run else written))
        return Token("number", written, start, end)

    def _word(self, start: int, end: int) -> Token:
        text = self.text
        word = text[start:end]
        if word[0].isdigit():  # a digit of another script: those of ASCII were read as numbers
            raise ExpressionError(fault(messages.NUMBER, start, found=word))
        dotted = _WORD_WITH_DOTS.match(text, start)
        if dotted and dotted.end() > end:
            raise ExpressionError(fault(messages.DOT_IN_NAME, start, found=dotted.group()))
        return Token("symbol" if word in KEYWORDS else "name", word, start, end)

    def _foreign(self, start: int, character: str) -> ExpressionError:
        if character == "=":
            leading = not self.text[:start].strip()
            return ExpressionError(fault(messages.LEADING_EQUALS if leading else messages.SINGLE_EQUALS, start))
        if character in _INSTEAD:
            return self._instead(start, character)
        if "！" <= character <= "～":
            return ExpressionError(fault(messages.FULL_WIDTH, start, found=character, instead=self._half_width(start)))
        if character in _FULL_WIDTH:
            return ExpressionError(fault(messages.FULL_WIDTH, start, found=character, instead=_FULL_WIDTH[character]))
        code_point = f"U+{ord(character):04X}"
        shown = f"{character} ({code_point})" if character.isprintable() else code_point
        return ExpressionError(fault(messages.UNKNOWN_CHARACTER, start, found=shown))

    def _half_width(self, start: int) -> str:
        """What to write for a full-width character and those that belong to it: ``≠`` for ``！＝`` is ``!=``."""
        narrow = "".join(
            chr(ord(character) - _FULL_WIDTH_SHIFT) if "！" <= character <= "～" else character
            for character in self.text[start : start + 2]
        )
        for length in (2, 1):
            written = narrow[:length]
            if written in _INSTEAD:
                return _INSTEAD[written]
            if length == 2 and written in {"**", "<=", ">=", "==", "!="}:
                return written
        return "==" if narrow[0] == "=" else narrow[0]

    def _instead(self, start: int, found: str) -> ExpressionError:
        return ExpressionError(fault(messages.WRITE_INSTEAD, start, found=found, instead=_INSTEAD[found]))
