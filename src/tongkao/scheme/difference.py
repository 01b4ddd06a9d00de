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
    came,
    label_of,
    moved,
    not_set,
    reordered,
    sentence,
    show_value,
    went,
    within,
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
    old: object
    new: object
    zh: str
    en: str

    def describe(self, lang: Lang = "zh") -> str:
        """The difference as a sentence."""
        return self.zh if lang == "zh" else self.en


def differences(old: Scheme, new: Scheme) -> list[Change]:
    """Compare two schemes.

    Args:
        old: The earlier one.
        new: The later one.

    Returns:
        Every difference, in the order of the format; empty exactly if the schemes are equal.
    """
    comparison = _Comparison(old, new)
    comparison.fields(old, new, _Trail())
    return comparison.changes


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


@dataclass(frozen=True)
class _Placed:
    """A node with the id of its parent ("" for a paper)."""

    node: Leaf | Branch
    parent: str


@dataclass
class _Comparison:
    old: Scheme
    new: Scheme
    changes: list[Change] = field(default_factory=list)

    def note(self, path: Path, kind: Kind, old: object, new: object, words: Pair) -> None:
        self.changes.append(Change(path, kind, old, new, *words))

    # --- anything -----------------------------------------------------------------------------------------------------------

    def values(self, old: Any, new: Any, trail: _Trail) -> None:
        """Compare two values of a field."""
        if _same(old, new):
            return
        is_model = isinstance(old, BaseModel) and type(old) is type(new)
        if is_model:
            self.fields(old, new, trail)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            for key in dict.fromkeys((*old, *new)):
                self.values(old.get(key), new.get(key), trail.into(key, (key, key)))
        elif isinstance(old, list) and isinstance(new, list) and _are_models([*old, *new]) and len(old) == len(new):
            for number, (before, after) in enumerate(zip(old, new, strict=True), start=1):
                self.values(before, after, trail.into(str(number), (f"第 {number} 部分", f"part {number}")))
        else:
            self.note(trail.path, "changed", old, new, sentence(trail.subject, trail.labels, old, new))

    def fields(self, old: BaseModel, new: BaseModel, trail: _Trail, skipped: Sequence[str] = ()) -> None:
        """Compare two models of one class field by field."""
        for name in type(old).model_fields:
            before, after = getattr(old, name), getattr(new, name)
            if name in skipped:
                continue
            if isinstance(old, Track) and isinstance(new, Track) and name == "tree":
                self.trees(old, new, trail)
            elif isinstance(before, dict) and name in ITEMS:
                self.items(before, after, replace(trail, path=(*trail.path, name)), ITEMS[name])
            elif isinstance(before, list) and name in ITEMS:
                named = [{item.id: item for item in items} for items in (before, after)]
                self.items(named[0], named[1], replace(trail, path=(*trail.path, name)), ITEMS[name])
                self.order(list(named[0]), list(named[1]), replace(trail, path=(*trail.path, name)), ITEMS[name])
            else:
                self.values(before, after, trail.into(name, label_of(name)))
        if isinstance(old, Amounts) and isinstance(new, Amounts):
            self.values(old.classes, new.classes, trail)

    def items(self, old: Mapping[str, Any], new: Mapping[str, Any], trail: _Trail, what: Pair) -> None:
        """Compare things that have ids and titles: indicators, tracks, events, tiers, awards, quotas."""
        for key in dict.fromkeys((*old, *new)):
            name = _name(new.get(key, old.get(key)), key)
            path = (*trail.path, key)
            if key not in old:
                self.note(path, "added", None, new[key], came(trail.subject, what, name))
            elif key not in new:
                self.note(path, "removed", old[key], None, went(trail.subject, what, name))
            else:
                self.fields(old[key], new[key], trail.at(key, within(trail.subject, name)))

    def order(self, old: list[str], new: list[str], trail: _Trail, what: Pair) -> None:
        """Note a change of order among what stays."""
        was, now = [name for name in old if name in new], [name for name in new if name in old]
        if was != now:
            self.note(trail.path, "reordered", was, now, reordered(trail.subject, what, was, now))

    # --- trees --------------------------------------------------------------------------------------------------------------

    def trees(self, old: Track, new: Track, trail: _Trail) -> None:
        """Compare the trees of a track by the ids of their nodes."""
        before, after = _flatten(old.tree), _flatten(new.tree)
        trail = replace(trail, path=(*trail.path, "tree"))
        outer: Pair = trail.subject if len(self.old.tracks) > 1 or len(self.new.tracks) > 1 else ("", "")
        for name in dict.fromkeys((*before, *after)):
            was, now = before.get(name), after.get(name)
            if was is not None and now is not None and type(was.node) is type(now.node):
                self.node(was, now, (before, after), trail.at(name, within(outer, self.title(now.node))), trail.subject)
                continue
            path = (*trail.path, name)
            if was is not None:
                words = went(trail.subject, _node_kind(was), self.title(was.node))
                self.note(path, "removed", was.node, None, words)
            if now is not None:
                title, above = self.title(now.node), self.parent(after, now, trail.subject)
                zh, en = came(trail.subject, _node_kind(now), title)
                amounts = {key: getattr(now.node, key) for key in ("points", "weight") if getattr(now.node, key) is not None}
                zh += f"（{_amounts_text(amounts, 'zh')}，在“{above[0]}”之下）"
                en += f" ({_amounts_text(amounts, 'en')}, below {above[1]})"
                self.note(path, "added", None, now.node, (zh, en))
        for parent in dict.fromkeys(placed.parent for placed in (*before.values(), *after.values())):
            was_order, now_order = _children(before, parent), _children(after, parent)
            subject = trail.subject if not parent else within(outer, self.title((after.get(parent) or before[parent]).node))
            self.order(was_order, now_order, trail.at(parent, subject) if parent else trail, label_of("children"))

    def node(
        self, was: _Placed, now: _Placed, trees: tuple[Mapping[str, _Placed], Mapping[str, _Placed]], here: _Trail, track: Pair
    ) -> None:
        """Compare a node that stands in both trees."""
        if was.parent != now.parent:
            words = moved(here.subject, self.parent(trees[0], was, track), self.parent(trees[1], now, track))
            self.note(here.path, "moved", was.parent, now.parent, words)
        self.amounts(was.node, now.node, here)
        self.fields(was.node, now.node, here, ("id", "indicator", "points", "weight", "children"))

    def title(self, node: Leaf | Branch) -> Pair:
        """What a node is called: an indicator by its own title."""
        if isinstance(node, Branch):
            return node.title.zh, node.title.en
        indicator = self.new.indicators.get(node.id) or self.old.indicators.get(node.id)
        return (indicator.title.zh, indicator.title.en) if indicator is not None else (node.id, node.id)

    def parent(self, tree: Mapping[str, _Placed], placed: _Placed, track: Pair) -> Pair:
        """What stands above a node: another node, or the track."""
        return self.title(tree[placed.parent].node) if placed.parent else track

    # --- points and weights ---------------------------------------------------------------------------------------------------

    def amounts(self, old: Leaf | Branch, new: Leaf | Branch, trail: _Trail) -> None:
        """Compare the points or weights of a node; points that became a weight are one change."""
        before = {key: getattr(old, key) for key in ("points", "weight")}
        after = {key: getattr(new, key) for key in ("points", "weight")}
        for key in before:
            if before[key] is not None and after[key] is not None:
                self.amount(key, before[key], after[key], trail)
        gone = {key: amount for key, amount in before.items() if amount is not None and after[key] is None}
        come = {key: amount for key, amount in after.items() if amount is not None and before[key] is None}
        if gone or come:
            zh = f"{trail.subject[0]}：{_amounts_text(gone, 'zh')} → {_amounts_text(come, 'zh')}"
            en = f"{trail.subject[1]}: {_amounts_text(gone, 'en')} → {_amounts_text(come, 'en')}"
            self.note((*trail.path, next(iter({**come, **gone}))), "changed", gone, come, (zh, en))

    def amount(self, key: str, old: Any, new: Any, trail: _Trail) -> None:
        """Compare two numbers or tables by class."""
        trail = trail.into(key, label_of(key))
        tables = [amount for amount in (old, new) if isinstance(amount, Amounts)]
        if _same(old, new):
            return
        if not tables or len({table.by for table in tables}) > 1:
            self.note(trail.path, "changed", old, new, sentence(trail.subject, trail.labels, old, new))
            return
        (listed, default), (listed_now, default_now) = _table(old), _table(new)
        (subject_zh, subject_en), (label_zh, label_en) = trail.subject, label_of(key)
        count = len(self.changes)
        if default != default_now:
            words = sentence(trail.subject, ((f"缺省{label_zh}", f"default {label_en}"),), default, default_now)
            self.note((*trail.path, "default"), "changed", default, default_now, words)
        for name in dict.fromkeys((*listed, *listed_now)):
            if listed.get(name) != listed_now.get(name):
                was, now = listed.get(name, default), listed_now.get(name, default_now)
                old_zh, old_en = _by_default(was, is_default=name not in listed)
                new_zh, new_en = _by_default(now, is_default=name not in listed_now)
                zh = f"{subject_zh}：{tables[0].by} {name} 的{label_zh} {old_zh} → {new_zh}"
                en = f"{label_en} of {subject_en} for {tables[0].by} {name} {old_en} → {new_en}"
                self.note((*trail.path, name), "changed", was, now, (zh, en))
        if len(self.changes) == count:
            self.note(trail.path, "changed", old, new, sentence(trail.subject, trail.labels, old, new))


def _same(old: Any, new: Any) -> bool:
    """Equal and of one kind: ``true`` is not 1; the order of a mapping's keys counts for nothing."""
    return type(old) is type(new) and bool(old == new)


def _are_models(items: Sequence[Any]) -> bool:
    return bool(items) and all(isinstance(item, BaseModel) for item in items)


def _name(item: Any, key: str) -> Pair:
    title = getattr(item, "title", None)
    return (title.zh, title.en) if isinstance(title, Title) else (key, key)


def _node_kind(placed: _Placed) -> Pair:
    if isinstance(placed.node, Leaf):
        return ("指标", "indicator")
    return ("维度", "dimension") if placed.parent else ("考卷", "paper")


def _flatten(tree: list[Node], parent: str = "") -> dict[str, _Placed]:
    placed: dict[str, _Placed] = {}
    for node in tree:
        placed.setdefault(node.id, _Placed(node, parent))
        if isinstance(node, Branch):
            for name, inner in _flatten(node.children, node.id).items():
                placed.setdefault(name, inner)
    return placed


def _children(tree: Mapping[str, _Placed], parent: str) -> list[str]:
    return [name for name, placed in tree.items() if placed.parent == parent]


def _amounts_text(amounts: Mapping[str, Any], lang: Lang) -> str:
    words = {"points": ("分值", "points"), "weight": ("权重", "weight")}
    shown = [f"{words[key][0 if lang == 'zh' else 1]} {show_value(amount, lang)}" for key, amount in amounts.items()]
    return ", ".join(shown) if shown else not_set(lang)


def _by_default(amount: float | None, *, is_default: bool) -> Pair:
    zh, en = show_value(amount, "zh"), show_value(amount, "en")
    return (f"{zh}（缺省）", f"{en} (default)") if is_default and amount is not None else (zh, en)


def _table(amount: Any) -> tuple[dict[str, float], float | None]:
    """What is listed, and the default; a plain number is a default."""
    return (amount.classes, amount.default) if isinstance(amount, Amounts) else ({}, amount)
