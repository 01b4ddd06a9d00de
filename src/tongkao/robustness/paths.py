"""Paths into a scheme: ``indicators.*.score``, ``tracks.city.tree.development.aggregate``, ``rounding.at``.

Steps are keys; ``*`` stands for every key. In a tree a node is named by its id, however deep it is; items of other lists by their
id, or by their number from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tongkao.errors import nearest

#: keys whose entries are named by the author of the scheme: an unknown name there is a fault and not a new entry
_NAMED = ("indicators", "tracks", "events")


class NoSuchPath(Exception):
    """A path leads nowhere.

    Attributes:
        name: The path up to the step that is not there.
        nearest: The nearest step that is, or "".
    """

    def __init__(self, name: str, near: str = "") -> None:
        super().__init__(name)
        self.name, self.nearest = name, near


def put(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at every place that a path names.

    Raises:
        NoSuchPath: If it names none.
    """
    steps = path.split(".")
    if not all(steps):
        raise NoSuchPath(path)
    for owner in _owners(data, steps, ()):
        last = steps[-1]
        if isinstance(owner, list):
            items, place = _place(owner, last, path, tree=len(steps) > 1 and steps[-2] == "tree")
            items[place] = deepcopy(value)
        elif last == "*":
            for key in list(owner):
                owner[key] = deepcopy(value)
        else:
            owner[last] = deepcopy(value)


def _owners(data: Any, steps: list[str], done: tuple[str, ...]) -> Iterator[Any]:
    """The mappings or lists that hold the last step."""
    step, rest = steps[0], steps[1:]
    here = ".".join((*done, step))
    if not rest:
        if not isinstance(data, (dict, list)):
            raise NoSuchPath(here)
        if done and done[-1] in _NAMED and step != "*" and step not in data:
            raise NoSuchPath(here, nearest(step, list(data)))
        yield data
        return
    if isinstance(data, list):
        if step == "*":
            for item in data:
                yield from _owners(item, rest, (*done, step))
            return
        owner, place = _place(data, step, here, tree=bool(done) and done[-1] == "tree")
        yield from _owners(owner[place], rest, (*done, step))
    elif isinstance(data, dict):
        if step == "*":
            for key in data:
                yield from _owners(data[key], rest, (*done, step))
            return
        if step not in data:
            if done and done[-1] in _NAMED:
                raise NoSuchPath(here, nearest(step, list(data)))
            # What is not written has its default; whether it may be written so, the scheme's own rules decide.
            data[step] = {}
        yield from _owners(data[step], rest, (*done, step))
    else:
        raise NoSuchPath(here)


def _place(items: list[Any], step: str, here: str, *, tree: bool) -> tuple[list[Any], int]:
    """The list and the place in it that a step names."""
    found = list(_find(items, step, deep=tree))
    if found:
        return found[0]
    if step.isdigit() and 1 <= int(step) <= len(items):
        return items, int(step) - 1
    raise NoSuchPath(here, nearest(step, list(_names(items, deep=tree))))


def _find(items: list[Any], name: str, *, deep: bool) -> Iterator[tuple[list[Any], int]]:
    for place, item in enumerate(items):
        if isinstance(item, dict):
            if name in (item.get("id"), item.get("indicator")):
                yield items, place
            if deep:
                yield from _find(item.get("children", []), name, deep=True)


def _names(items: list[Any], *, deep: bool) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict):
            yield from (item[key] for key in ("id", "indicator") if isinstance(item.get(key), str))
            if deep:
                yield from _names(item.get("children", []), deep=True)
