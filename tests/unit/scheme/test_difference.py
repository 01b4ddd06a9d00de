from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from tests.unit.scheme.corpus import Entry, read_corpus
from tests.unit.scheme.sound import SOUND, with_line
from tongkao.scheme.difference import Change, differences
from tongkao.scheme.digest import scheme_digest
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.model import Scheme


def load(text: str) -> Scheme:
    scheme, problems, _ = load_scheme(text)
    assert scheme is not None, problems
    return scheme


BASE = load(SOUND)
CHANGES = read_corpus("changed_schemes.txt")


@pytest.mark.parametrize("change", CHANGES, ids=[change.name for change in CHANGES])
def test_what_the_committee_reads(change: Entry) -> None:
    found = differences(BASE, load(with_line(*change.changes[0], *change.changes[1:])))
    assert [(each.describe("zh"), each.describe("en")) for each in found] == change.expected


def test_one_track_needs_no_name() -> None:
    text = (
        "tongkao: 1\nid: x\ntitle: t\nyear: 2020\n"
        "indicators: {a: {title: {zh: PM2.5 年均浓度, en: Annual mean PM2.5}, score: {method: identity}}}\n"
        "tracks: {t: {title: t, full_mark: 40, tree: [{indicator: a, points: {default: 40, north: 30}}]}}\n"
    )
    assert differences(load(text), load(text.replace("north: 30", "north: 40"))) == [
        Change(
            ("tracks", "t", "tree", "a", "points", "north"),
            "changed",
            30.0,
            40.0,
            "PM2.5 年均浓度：class north 的分值 30 → 40",
            "weight of Annual mean PM2.5 for class north 30 → 40",
        )
    ]


def test_a_scheme_does_not_differ_from_itself() -> None:
    assert differences(BASE, load(SOUND)) == []


def spots(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every field, entry and item of a scheme."""
    if isinstance(value, BaseModel):
        inner: Any = [(name, getattr(value, name)) for name in type(value).model_fields]
        inner += list((value.__pydantic_extra__ or {}).items())
    elif isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    else:
        return
    for step, below in inner:
        yield (*path, step)
        yield from spots(below, (*path, step))


def others(value: Any) -> list[Any]:
    """Values that are not this one; they need not be valid, a difference does not ask for that."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1, None]
    if isinstance(value, str):
        return [value + "x", None]
    if isinstance(value, list):
        return [[*value, "x"], *([value[:-1]] if value else []), *([value[::-1]] if value[::-1] != value else [])]
    if isinstance(value, dict):
        return [{**value, "x": 1}, *([dict(list(value.items())[1:])] if value else [])]
    return [None, "x"] if value is not None else ["x", 1.0, True]


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """The same with another value at a path; not validated."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, BaseModel):
        extra = value.__pydantic_extra__ or {}
        inner = extra[step] if step in extra else getattr(value, str(step))
        return value.model_copy(update={str(step): changed(inner, rest, new)})
    if isinstance(value, dict):
        return {key: changed(inner, rest, new) if key == step else inner for key, inner in value.items()}
    return [changed(inner, rest, new) if number == step else inner for number, inner in enumerate(value)]


def is_structure(path: tuple[str | int, ...], new: Any) -> bool:
    """Whether a thing with an id is replaced by what is none: no scheme can be so."""
    named = {"indicators", "tracks", "events", "tree", "children", "tiers", "awards", "quotas", "parts"}
    if path[-1] == "title":
        return True
    whole = path[-1] in named or (len(path) > 1 and path[-2] in named)
    return whole and not (isinstance(new, list) and all(isinstance(item, BaseModel) for item in new))


SPOTS = list(spots(BASE))


def test_every_field_of_the_model_is_looked_at() -> None:
    silent = []
    for path in SPOTS:
        value: Any = BASE
        for step in path:
            value = (
                value[step]
                if isinstance(value, (dict, list))
                else (value.__pydantic_extra__ or {}).get(step, getattr(value, str(step), None))
            )
        for new in others(value):
            if not is_structure(path, new) and not differences(BASE, changed(BASE, path, new)):
                silent.append((path, value, new))
    assert silent == []
    assert len(SPOTS) > 300


@settings(max_examples=100)
@given(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=2))
def test_schemes_differ_exactly_where_their_digests_do(pair: list[Entry]) -> None:
    old, new = (load(with_line(*entry.changes[0], *entry.changes[1:])) for entry in pair)
    found = differences(old, new)
    assert bool(found) == (old != new) == (scheme_digest(old) != scheme_digest(new))
    assert len(found) == len(differences(new, old))
    for change in found:
        assert change.zh
        assert change.en
