"""What a cell of a scheme's sheet says, written as one line of YAML.

A cell is a number, a word, a text, a list or mapping in brackets as in YAML, or the short form that an office can type without
brackets: ``minmax; low: 60; high: 100`` (a method and its parameters) and ``deduct: 0.5; cap: 3`` (parameters alone).
"""

from __future__ import annotations

import json
import re

from tongkao.folder.cells import text_of

_WORD = re.compile(r"[A-Za-z0-9_.+-]+\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_PART = re.compile(r"\s*([a-z_]+)\s*[:：=]\s*(.*)\Z", re.S)
_CLOSING = {"]": "[", "}": "{"}


class BadText(Exception):
    """The brackets or quotation marks of a cell do not match."""


def text_cell(cell: object) -> str:
    """A cell that is a text whatever it looks like: a title, an expression."""
    return json.dumps(text_of(cell).strip(), ensure_ascii=False)


def key_text(key: str) -> str:
    """A key, in quotation marks where it is no plain word."""
    return key if re.match(r"[A-Za-z_][A-Za-z0-9_]*\Z", key) else json.dumps(key, ensure_ascii=False)


def free_cell(cell: object) -> str:
    """A number, word, list, mapping or, where it is none of these, a text.

    Raises:
        BadText: If brackets or quotation marks do not match.
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = " ".join(text_of(cell).split())
    if text[:1] in ("[", "{"):
        return _checked(text)
    if text.lower() in ("true", "false", "是", "否"):
        return "true" if text.lower() in ("true", "是") else "false"
    if _NUMBER.match(text) or _WORD.match(text):
        return text
    if _PART.match(text):
        return mapping_cell(text, "")
    return json.dumps(text, ensure_ascii=False)


def mapping_cell(cell: object, first: str) -> str:
    """Parts between semicolons as a mapping; a part without a key belongs to the key ``first``, or stands alone.

    Args:
        cell: The cell.
        first: Key of the first part where that has none, such as ``method``; ``""`` where a single word is the value itself.

    Raises:
        BadText: If brackets or quotation marks do not match, or a later part has no key.
    """
    text = " ".join(text_of(cell).split())
    if text[:1] in ("[", "{"):
        return _checked(text)
    parts = [part.strip() for part in re.split(r"[;；]", text) if part.strip()]
    written = []
    for number, part in enumerate(parts):
        match = _PART.match(part)
        if match is None and number == 0 and (first or len(parts) == 1):
            if not first:
                return free_cell(part)
            written.append(f"{first}: {_inside(part)}")
        elif match is None:
            raise BadText(part)
        else:
            written.append(f"{match.group(1)}: {_inside(match.group(2))}")
    return "{" + ", ".join(written) + "}"


def binding_cell(cell: object) -> str:
    """A requirement and its effect: ``value <= target; tier_at_most: second``.

    Raises:
        BadText: If brackets or quotation marks do not match, or the effect has no key.
    """
    text = " ".join(text_of(cell).split())
    if text.startswith("{"):
        return _checked(text)
    require, _, effect = re.sub("；", ";", text).partition(";")
    inner = mapping_cell(effect, "") if effect.strip() else "{}"
    return f"{{require: {json.dumps(require.strip(), ensure_ascii=False)}, effect: {inner}}}"


def _inside(text: str) -> str:
    """A value inside a mapping in braces."""
    text = text.strip()
    if text[:1] in ("[", "{"):
        return _checked(text)
    return text if _NUMBER.match(text) or _WORD.match(text) else json.dumps(text, ensure_ascii=False)


def _checked(text: str) -> str:
    """A text in brackets that cannot reach beyond its line or its end.

    Raises:
        BadText: If brackets or quotation marks do not match, or something follows the last bracket.
    """
    open_brackets: list[str] = []
    quote = ""
    for place, character in enumerate(text):
        if quote:
            if character == quote and not (quote == '"' and text[place - 1] == "\\"):
                quote = ""
        elif character in "\"'" and (text[place - 1] in " ,[{:" or not place):
            quote = character
        elif character in "[{":
            open_brackets.append(character)
        elif character in "]}":
            if not open_brackets or open_brackets.pop() != _CLOSING[character]:
                raise BadText(text)
            if not open_brackets and place != len(text) - 1:
                raise BadText(text)
        elif character == "#" and text[place - 1] == " ":
            raise BadText(text)
    if open_brackets or quote:
        raise BadText(text)
    return text
