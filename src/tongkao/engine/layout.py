"""The tree of a track as columns: every node a column, the children of a node side by side.

Nodes are numbered breadth first, the root 0. The children of one node then are one contiguous slice, and the nodes of one
depth can be computed from those of the next by a single segmented operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.scheme.model import Aggregate, AmountsField, Branch, Leaf, Node, Track

IntArray = NDArray[np.intp]
ROOT = "total"


@dataclass(frozen=True)
class Level:
    """The nodes of one depth that have children.

    Attributes:
        low: First column of their children.
        high: One past the last column of their children.
        starts: Where each parent's children begin, counted from ``low``.
        parents: Column of each parent.
        sizes: Number of children of each parent.
        child_parent: For each child, the position of its parent in ``parents``.
        runs: Consecutive parents that aggregate alike: (aggregate, first parent, one past the last).
    """

    low: int
    high: int
    starts: IntArray
    parents: IntArray
    sizes: IntArray
    child_parent: IntArray
    runs: tuple[tuple[Aggregate, int, int], ...]


@dataclass(frozen=True)
class Layout:
    """Where each node of a track stands.

    Attributes:
        ids: Id of each node; leaves carry the indicator's id, the root ``total``.
        kinds: ``total``, ``paper``, ``dimension`` or ``indicator``.
        nodes: The scheme's node, None for the root.
        parent: Column of each node's parent, -1 for the root.
        aggregates: How each inner node combines its children; a leaf's entry is not used.
        least: Least share of children that must be present, 0 where nothing is asked.
        levels: The inner depths, deepest first.
        leaves: Column of each leaf, ascending.
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    nodes: tuple[Node | None, ...]
    parent: IntArray
    aggregates: tuple[Aggregate, ...]
    least: NDArray[np.float64]
    levels: tuple[Level, ...]
    leaves: IntArray

    @cached_property
    def leaf_columns(self) -> slice | IntArray:
        """Columns of the leaves, as a slice where they stand side by side, which copies faster."""
        first, last = int(self.leaves[0]), int(self.leaves[-1])
        return slice(first, last + 1) if last - first + 1 == len(self.leaves) else self.leaves

    def column(self, node: str) -> int:
        """Column of a node.

        Raises:
            KeyError: If the track has no such node.
        """
        try:
            return self.ids.index(node)
        except ValueError:
            raise KeyError(node) from None

    def amounts(self, column: int) -> AmountsField:
        """What the scheme gives a node, in points or as a weight."""
        node = self.nodes[column]
        assert node is not None
        amounts = node.points if node.points is not None else node.weight
        assert amounts is not None
        return amounts


def lay_out(track: Track) -> Layout:
    """Number the nodes of a track breadth first."""
    ids, kinds = [ROOT], ["total"]
    nodes: list[Node | None] = [None]
    parent = [-1]
    aggregates: list[Aggregate] = [track.aggregate or "arithmetic"]
    least = [track.least_available or 0.0]
    levels: list[Level] = []
    current: list[tuple[int, list[Node]]] = [(0, list(track.tree))]
    while current:
        low = len(ids)
        following: list[tuple[int, list[Node]]] = []
        starts, parents, sizes, child_parent = [], [], [], []
        for position, (column, children) in enumerate(current):
            starts.append(len(ids) - low)
            parents.append(column)
            sizes.append(len(children))
            for child in children:
                child_parent.append(position)
                ids.append(child.id)
                nodes.append(child)
                parent.append(column)
                if isinstance(child, Branch):
                    kinds.append("paper" if column == 0 else "dimension")
                    aggregates.append(child.aggregate or aggregates[column])
                    least.append(least[column] if child.least_available is None else child.least_available)
                    following.append((len(ids) - 1, list(child.children)))
                else:
                    kinds.append("indicator")
                    aggregates.append("arithmetic")
                    least.append(0.0)
        levels.append(
            Level(
                low,
                len(ids),
                np.array(starts, np.intp),
                np.array(parents, np.intp),
                np.array(sizes, np.intp),
                np.array(child_parent, np.intp),
                _runs([aggregates[column] for column in parents]),
            )
        )
        current = following
    return Layout(
        tuple(ids),
        tuple(kinds),
        tuple(nodes),
        np.array(parent, np.intp),
        tuple(aggregates),
        np.array(least),
        tuple(reversed(levels)),
        np.array([column for column, node in enumerate(nodes) if isinstance(node, Leaf)], np.intp),
    )


def _runs(aggregates: list[Aggregate]) -> tuple[tuple[Aggregate, int, int], ...]:
    runs: list[tuple[Aggregate, int, int]] = []
    for position, aggregate in enumerate(aggregates):
        if runs and runs[-1][0] == aggregate:
            runs[-1] = (aggregate, runs[-1][1], position + 1)
        else:
            runs.append((aggregate, position, position + 1))
    return tuple(runs)
