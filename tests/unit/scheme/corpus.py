"""Reads the small corpora beside this file: a change of the sound scheme, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """One entry: its name, what is replaced by what (``-`` and ``+``), the Chinese and English sentences in pairs."""

    name: str
    changes: list[tuple[str, str]]
    expected: list[tuple[str, str]]


def read_corpus(file: str, **short: str) -> list[Entry]:
    """Read a corpus; ``<key>`` in it stands for the text given for ``key``."""
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    for key, full in short.items():
        text = text.replace(f"<{key}>", full)
    entries = []
    for entry in text.split("\n== ")[1:]:
        name, *lines = entry.strip("\n").split("\n")
        words: dict[str, list[str]] = {"-": [], "+": [], "zh": [], "en": []}
        for line in lines:
            kind, _, rest = line.partition(" ")
            words[kind].append(rest.replace("\\n", "\n") if kind in "-+" else rest)
        changes = list(zip(words["-"], words["+"], strict=True))
        entries.append(Entry(name, changes, list(zip(words["zh"], words["en"], strict=True))))
    return entries
