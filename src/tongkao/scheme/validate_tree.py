"""Checks of the trees: names of nodes, and points or weights among siblings."""

from __future__ import annotations

from tongkao.scheme import check_messages as say
from tongkao.scheme.checking import Checking, families, near, tree_paths
from tongkao.scheme.model import RESERVED_IDS, Branch, Leaf
from tongkao.scheme.positions import Path


def check_tree(checking: Checking) -> None:
    """Check the names in every tree, and that siblings carry points or weights, all of them the same."""
    for name, track in checking.scheme.tracks.items():
        root: Path = ("tracks", name, "tree")
        _check_names(checking, name, root)
        for parent, siblings, path in families(track.tree, root):
            _check_siblings(checking, parent.id if parent is not None else name, siblings, path)


def check_use(checking: Checking, mentioned: frozenset[str]) -> None:
    """Check that every indicator is used: in a tree, or by name in an expression.

    Args:
        checking: The run.
        mentioned: Names that stand in expressions and denominators.
    """
    used = mentioned.union(*checking.nodes.values())
    for name in checking.scheme.indicators:
        path: Path = ("indicators", name)
        if name in RESERVED_IDS:
            checking.add(say.RESERVED_ID, path, "key", name=name)
        elif name not in used:
            checking.add(say.UNUSED_INDICATOR, path, "key", name=name)


def _check_names(checking: Checking, track: str, root: Path) -> None:
    indicators = checking.scheme.indicators
    seen: dict[str, Path] = {}
    for node, path in tree_paths(checking.scheme.tracks[track].tree, root):
        is_leaf = isinstance(node, Leaf)
        here = (*path, "indicator" if is_leaf else "id")
        if is_leaf and node.id not in indicators:
            checking.add(say.UNKNOWN_INDICATOR, here, track=track, name=node.id, nearest=near(node.id, indicators))
        elif not is_leaf and node.id in RESERVED_IDS:
            checking.add(say.RESERVED_ID, here, name=node.id)
        elif not is_leaf and node.id in indicators:
            checking.add(say.NODE_IS_INDICATOR, here, name=node.id)
        elif node.id in seen:
            code = say.INDICATOR_TWICE if is_leaf else say.NODE_TWICE
            checking.add(code, here, track=track, name=node.id, first=checking.line(seen[node.id]))
        seen.setdefault(node.id, here)


def _check_siblings(checking: Checking, name: str, siblings: list[tuple[Leaf | Branch, Path]], path: Path) -> None:
    points = [node.id for node, _ in siblings if node.points is not None]
    weight = [node.id for node, _ in siblings if node.weight is not None]
    for node, here in siblings:
        if node.points is not None and node.weight is not None:
            checking.add(say.AMOUNT_TWICE, (*here, "weight"), "key", name=node.id)
        elif node.points is None and node.weight is None:
            checking.add(say.AMOUNT_MISSING, here, "value", name=node.id)
    only_points, only_weight = set(points) - set(weight), set(weight) - set(points)
    if only_points and only_weight:
        checking.add(say.AMOUNTS_MIXED, path, name=name, points=points, weight=weight)
