"""The nearest valid name among many: fifty thousand units must not make a hundred slips slow to report."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tongkao.errors import nearest

#: so many names are compared one by one
FEW = 200
_LONGEST = 64


class Near:
    """Finds the nearest of some names, ``""`` where none is near; what it has found it knows.

    Few names are compared as everywhere (:func:`tongkao.errors.nearest`). Among many, a name is near if it differs by one
    character left out, added, changed, or by two neighbours exchanged: both then share a text with one character left out.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._found: dict[str, str] = {}
        self._index: dict[str, list[str]] | None = None

    def __call__(self, text: str) -> str:
        """The nearest name of a text."""
        if text not in self._found:
            few = len(self._names) <= FEW
            self._found[text] = "" if len(text) > _LONGEST else nearest(text, self._names) if few else self._slip(text)
        return self._found[text]

    def _slip(self, text: str) -> str:
        if self._index is None:
            self._index = {}
            for name in sorted(self._names):
                if len(name) <= _LONGEST:
                    for shorter in _shortened(name.lower()):
                        self._index.setdefault(shorter, []).append(name)
        candidates = {name for shorter in _shortened(text.lower()) for name in self._index.get(shorter, ())}
        return nearest(text, candidates) or min(candidates, default="")


def _shortened(text: str) -> Iterator[str]:
    """A text, and the text with each one of its characters left out."""
    yield text
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]
