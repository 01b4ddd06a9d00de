"""What the checks of the validator share: the scheme, what is known of the data, and the list of problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from tongkao.errors import Place, Problem, nearest
from tongkao.scheme.model import Branch, Node, Scheme, branches, leaves
from tongkao.scheme.positions import Path, Positions

NAME_LIMIT = 64
"""Nothing is near to a name longer than this."""

Combinations = Callable[[str, tuple[str, ...]], Collection[tuple[str, ...]]]
"""(track, columns) -> the different rows of these unit columns that occur in the track."""


@dataclass
class Checking:
    """One run of the validator.

    Attributes:
        scheme: What is checked.
        positions: Where everything stands.
        file: Name of its file.
        classes: Classes that occur in each track ("" for units without one); None where the units are not known.
        columns: Further unit columns and their kind; None where not known.
        observed: Names that occur in the observations; None where not known.
        units: Unit ids of each track; None where not known.
        combinations: Rows of unit columns that occur together; None where not known.
        ignored: Parts of the scheme (the first steps of their paths) of which nothing is reported.
        problems: What was found.
    """

    scheme: Scheme
    positions: Positions
    file: str
    classes: Mapping[str, Collection[str]] | None = None
    columns: Mapping[str, Literal["number", "text"]] | None = None
    observed: Collection[str] | None = None
    units: Mapping[str, Collection[str]] | None = None
    combinations: Combinations | None = None
    ignored: Collection[Path] = ()
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, path: Path, of: Literal["value", "key", "either"] = "either", /, **fields: object) -> None:
        """Note a problem at a path: at its key, at its value, or at what tells more of the two."""
        self.add_at(code, path, self.positions.place(path, self.file, of=of), fields)

    def add_at(self, code: str, path: Path, place: Place, fields: Mapping[str, object]) -> None:
        """Note a problem at a place inside what stands at a path."""
        if not any(path[: len(part)] == part for part in self.ignored):
            self.problems.append(Problem(code, place, fields))

    def line(self, path: Path) -> int:
        """Line of a path, 0 where it is not known."""
        return self.positions.place(path, self.file).line

    @cached_property
    def nodes(self) -> dict[str, frozenset[str]]:
        """Ids of the nodes and indicators in the tree of each track."""
        return {
            name: frozenset(node.id for part in (branches(track.tree), leaves(track.tree)) for node in part)
            for name, track in self.scheme.tracks.items()
        }

    @cached_property
    def tiers(self) -> dict[str, tuple[str, ...]]:
        """Ids of the tiers of each track."""
        return {name: tuple(tier.id for tier in track.tiers) for name, track in self.scheme.tracks.items()}

    def tracks_with(self, indicator: str) -> list[str]:
        """Tracks in whose tree an indicator stands."""
        return [name for name, nodes in self.nodes.items() if indicator in nodes]


def near(name: str, names: Iterable[str]) -> str:
    """The nearest valid name, "" where none is near."""
    return nearest(name, list(names)) if len(name) <= NAME_LIMIT else ""


def written(path: Path) -> str:
    """A path as text, items of lists counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def tree_paths(tree: list[Node], path: Path) -> Iterator[tuple[Node, Path]]:
    """Every node of a tree with its path, parents before children."""
    for number, node in enumerate(tree):
        here = (*path, number)
        yield node, here
        if isinstance(node, Branch):
            yield from tree_paths(node.children, (*here, "children"))


def families(tree: list[Node], path: Path) -> Iterator[tuple[Branch | None, list[tuple[Node, Path]], Path]]:
    """Every group of siblings: its parent (None for the papers), the siblings with their paths, the parent's path.

    The path of the papers' parent is that of the tree itself.
    """
    yield None, [(node, (*path, number)) for number, node in enumerate(tree)], path
    for node, here in tree_paths(tree, path):
        if isinstance(node, Branch):
            yield node, [(child, (*here, "children", number)) for number, child in enumerate(node.children)], here
