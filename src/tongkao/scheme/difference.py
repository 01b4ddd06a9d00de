"""What changed between two schemes, in words that a committee reads.

The models are walked field by field, so that no field can be forgotten: what has no words of its own is named by its key.
Trees are compared by the ids of their nodes, so that a node that moved is not one removed and one added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import BaseModel

from tongkao.errors import Lang
from tongkao.scheme.difference_words import (
    ITEMS,
    Pair,
    label_of,
    or_none,
    reordered,
    show_value,
    subject_text,
)
from tongkao.scheme.model import Amounts, Branch, Leaf, Node, Scheme, Title, Track
from tongkao.scheme.positions import Path

Kind = Literal["added", "removed", "changed", "moved", "reordered"]


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes:
        path: Where: keys and ids (nodes, tiers and the like by their id, not by their place).
        kind: What happened.
        old: What stood there, None where nothing did.
        new: What stands there.
        zh: The sentence in Chinese.
        en: The sentence in English.
    """

    path: Path
    kind: Kind
    old: object = field(compare=False)
    new: object = field(compare=False)
    zh: str = ""
    en: str = ""

    def describe(self, lang: Lang = "zh") -> str:
        """The difference as a sentence."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class _Trail:
    """The way to a field: its path, whose it is, and the words for what lies between."""

    path: Path = ()
    subject: Pair = ("", "")
    labels: tuple[Pair, ...] = ()

    def into(self, step: str, words: Pair) -> _Trail:
        return replace(self, path=(*self.path, step), labels=(*self.labels, words))

    def at(self, step: str, subject: Pair) -> _Trail:
        """Go to something that has a name of its own."""
        return _Trail((*self.path, step), subject)


def differences(old: Scheme, new: Scheme) -> list[Change]:
    """Compare two schemes.

    Args:
        old: The earlier one.
        new: The later one.

    Returns:
        Every difference, in the order of the format; empty exactly if the schemes are equal.
    """
    changes: list[Change] = []
    _compare_fields(old, new, _Trail(), changes)
    return changes


def _compare(old: Any, new: Any, trail: _Trail, changes: list[Change]) -> None:
    if _same(old, new):
        return
    if isinstance(old, Title) and isinstance(new, Title):
        _compare_fields(old, new, trail, changes)
    elif isinstance(old, BaseModel) and type(old) is type(new):
        _compare_fields(old, new, trail, changes)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        _compare_mappings(old, new, trail, changes)
    elif isinstance(old, list) and isinstance(new, list) and _have_ids([*old, *new]):
        _compare_items(old, new, trail, changes)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new) and _are_models([*old, *new]):
        for number, (before, after) in enumerate(zip(old, new, strict=True), start=1):
            _compare(before, after, trail.into(str(number), (f"第 {number} 部分", f"part {number}")), changes)
    else:
        changes.append(_changed(old, new, trail))


def _same(old: Any, new: Any) -> bool:
    """Equal and of one kind: ``true`` is not 1."""
    return type(old) is type(new) and bool(old == new)


def _have_ids(items: Sequence[Any]) -> bool:
    return bool(items) and all(isinstance(item, BaseModel) and hasattr(item, "id") for item in items)


def _are_models(items: Sequence[Any]) -> bool:
    return bool(items) and all(isinstance(item, BaseModel) for item in items)


def _changed(old: Any, new: Any, trail: _Trail) -> Change:
    zh = subject_text(trail.subject, trail.labels, "zh") + f" {show_value(old, 'zh')} → {show_value(new, 'zh')}"
    en = subject_text(trail.subject, trail.labels, "en") + f" {show_value(old, 'en')} → {show_value(new, 'en')}"
    return Change(trail.path, "changed", old, new, zh, en)


def _compare_fields(old: BaseModel, new: BaseModel, trail: _Trail, changes: list[Change]) -> None:
    """Compare two models of one class, field by field, and what they hold beyond their fields."""
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name == "tree" and isinstance(old, Track) and isinstance(new, Track):
            _compare_trees(old, new, trail, changes)
        elif name in ("points", "weight") and isinstance(old, (Leaf, Branch)):
            if name == "points":
                _compare_amounts(old, new, trail, changes)
        elif isinstance(before, Mapping) and isinstance(after, Mapping) and name in ITEMS:
            _compare_mappings(before, after, replace(trail, path=(*trail.path, name)), changes, ITEMS[name])
        else:
            _compare(before, after, trail.into(name, label_of(name)), changes)
    before, after = old.__pydantic_extra__ or {}, new.__pydantic_extra__ or {}
    for name in dict.fromkeys((*before, *after)):
        _compare(before.get(name), after.get(name), trail.into(name, (name, name)), changes)


def _compare_mappings(
    old: Mapping[str, Any], new: Mapping[str, Any], trail: _Trail, changes: list[Change], what: Pair | None = None
) -> None:
    """Compare entries by their keys; ``what`` they are, where they have titles."""
    for key in dict.fromkeys((*old, *new)):
        if what is None:
            _compare(old.get(key), new.get(key), trail.into(key, (key, key)), changes)
        elif key in old and key in new:
            _compare(old[key], new[key], trail.at(key, _name(new[key], key)), changes)
        else:
            changes.append(_come_or_gone(old.get(key), new.get(key), trail.at(key, trail.subject), what, key))


def _compare_items(old: list[Any], new: list[Any], trail: _Trail, changes: list[Change]) -> None:
    """Compare a list whose items have ids: tiers, awards, quotas."""
    key = str(trail.path[-1])
    what = ITEMS.get(key, label_of(key))
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    for name in dict.fromkeys((*before, *after)):
        if name in before and name in after:
            zh, en = _name(after[name], name)
            subject = _within(trail.subject, (f"{what[0]}“{zh}”", f"{what[1]} {en}"))
            _compare(before[name], after[name], trail.at(name, subject), changes)
        else:
            changes.append(_come_or_gone(before.get(name), after.get(name), trail.at(name, trail.subject), what, name))
    changes += _order([item.id for item in old], [item.id for item in new], trail, what)


def _order(old: list[str], new: list[str], trail: _Trail, what: Pair) -> list[Change]:
    """A change of order among what stays."""
    stay_old, stay_new = [name for name in old if name in new], [name for name in new if name in old]
    if stay_old == stay_new:
        return []
    zh, en = reordered(trail.subject, what, stay_old, stay_new)
    return [Change(trail.path, "reordered", stay_old, stay_new, zh, en)]


def _name(item: Any, key: str) -> Pair:
    title = getattr(item, "title", None)
    return (title.zh, title.en) if isinstance(title, Title) else (key, key)


def _within(outer: Pair, inner: Pair) -> Pair:
    return (f"{outer[0]} · {inner[0]}" if outer[0] else inner[0], f"{inner[1]} ({outer[1]})" if outer[1] else inner[1])


def _come_or_gone(old: Any, new: Any, trail: _Trail, what: Pair, key: str) -> Change:
    name = _name(new if new is not None else old, key)
    where_zh = f"{trail.subject[0]}：" if trail.subject[0] else ""
    where_en = f" ({trail.subject[1]})" if trail.subject[1] else ""
    if new is not None:
        return Change(
            trail.path, "added", None, new, f"{where_zh}新增{what[0]}“{name[0]}”", f"new {what[1]}: {name[1]}{where_en}"
        )
    return Change(
        trail.path, "removed", old, None, f"{where_zh}删去{what[0]}“{name[0]}”", f"removed {what[1]}: {name[1]}{where_en}"
    )


# --- points and weights ---------------------------------------------------------------------------------------------------


def _compare_amounts(old: Any, new: Any, trail: _Trail, changes: list[Change]) -> None:
    """Compare the points or weights of one node."""
    before = {"points": old.points, "weight": old.weight}
    after = {"points": new.points, "weight": new.weight}
    for key in ("points", "weight"):
        if before[key] is not None and after[key] is not None:
            _compare_amount(key, before[key], after[key], trail.into(key, label_of(key)), changes)
    gone = [key for key in before if before[key] is not None and after[key] is None]
    come = [key for key in before if before[key] is None and after[key] is not None]
    if gone or come:
        was: Pair = tuple(_amount_words(gone, before, lang) for lang in ("zh", "en"))  # type: ignore[assignment]
        now: Pair = tuple(_amount_words(come, after, lang) for lang in ("zh", "en"))  # type: ignore[assignment]
        zh, en = f"{trail.subject[0]}：{was[0]} → {now[0]}", f"{trail.subject[1]}: {was[1]} → {now[1]}"
        path = (*trail.path, (come or gone)[0])
        changes.append(Change(path, "changed", [before[key] for key in gone], [after[key] for key in come], zh, en))


def _amount_words(keys: list[str], amounts: Mapping[str, Any], lang: Lang) -> str:
    words = {"points": ("分值", "points"), "weight": ("权重", "weight")}
    shown = [f"{words[key][0 if lang == 'zh' else 1]} {show_value(amounts[key], lang)}" for key in keys]
    return "、".join(shown) if shown else or_none(lang)


def _compare_amount(key: str, old: Any, new: Any, trail: _Trail, changes: list[Change]) -> None:
    if _same(old, new):
        return
    tables = [amount for amount in (old, new) if isinstance(amount, Amounts)]
    if not tables or len({table.by for table in tables}) > 1:
        changes.append(_changed(old, new, trail))
        return
    column = tables[0].by
    before, after = _table(old), _table(new)
    name_zh, name_en = trail.subject
    label_zh, label_en = label_of(key)
    found: list[Change] = []
    if before[1] != after[1]:
        was, now = before[1], after[1]
        zh = f"{name_zh}：缺省{label_zh} {show_value(was, 'zh')} → {show_value(now, 'zh')}"
        en = f"default {label_en} of {name_en} {show_value(was, 'en')} → {show_value(now, 'en')}"
        found.append(Change((*trail.path, "default"), "changed", was, now, zh, en))
    for value in dict.fromkeys((*before[0], *after[0])):
        if before[0].get(value) == after[0].get(value):
            continue
        was, now = before[0].get(value, before[1]), after[0].get(value, after[1])
        notes = [("（缺省）", " (default)") if value not in listed else ("", "") for listed in (before[0], after[0])]
        zh = f"{show_value(was, 'zh')}{notes[0][0]} → {show_value(now, 'zh')}{notes[1][0]}"
        en = f"{show_value(was, 'en')}{notes[0][1]} → {show_value(now, 'en')}{notes[1][1]}"
        zh, en = f"{name_zh}：{column} {value} 的{label_zh} {zh}", f"{label_en} of {name_en} for {column} {value} {en}"
        found.append(Change((*trail.path, value), "changed", was, now, zh, en))
    changes += found or [_changed(old, new, trail)]


def _table(amount: Any) -> tuple[dict[str, float], float | None]:
    """What is listed, and the default; a plain number is a default."""
    return (amount.classes, amount.default) if isinstance(amount, Amounts) else ({}, amount)


# --- trees ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Placed:
    """A node and the id of its parent, "" for a paper."""

    node: Leaf | Branch
    parent: str


def _flatten(tree: list[Node], parent: str = "") -> dict[str, _Placed]:
    placed: dict[str, _Placed] = {}
    for node in tree:
        placed.setdefault(node.id, _Placed(node, parent))
        if isinstance(node, Branch):
            for name, inner in _flatten(node.children, node.id).items():
                placed.setdefault(name, inner)
    return placed
