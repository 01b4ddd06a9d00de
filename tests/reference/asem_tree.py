"""The tree of an ASEM case: codes, levels, parents and weights of ``iMeta.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.reference.folders import read_rows


class UnknownStep(ValueError):
    """A case asks for something that the converter has no words for."""


def identifier(code: str) -> str:
    """A code of the reference as an id of the scheme."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


@dataclass(frozen=True)
class Member:
    """One line of ``iMeta.csv`` with its children."""

    code: str
    level: int
    weight: float
    row: Mapping[str, str]
    children: tuple[Member, ...] = ()

    def leaves(self) -> Iterable[Member]:
        """The indicators below, or itself."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def branches(self) -> Iterable[Member]:
        """Itself and every inner node below."""
        if self.children:
            yield self
            for child in self.children:
                yield from child.branches()


def read_tree(inputs: Path, weights: object, exclude: Sequence[str]) -> Member:
    """The tree of ``iMeta.csv`` without the excluded codes and without nodes that lost all children."""
    rows = [row for row in read_rows(inputs / "iMeta.csv") if row["Level"]]
    given = read_weights(inputs, weights, rows)
    codes = {row["iCode"] for row in rows}
    if unknown := [code for code in exclude if code not in codes]:
        raise UnknownStep(f"exclude: {unknown!r}")

    def grow(row: Mapping[str, str]) -> Member | None:
        code, level = row["iCode"], int(row["Level"])
        if code in exclude:
            return None
        children = tuple(child for other in rows if other["Parent"] == code if (child := grow(other)) is not None)
        if level > 1 and not children:
            return None
        return Member(code, level, given[code], row, children)

    (root,) = [tree for row in rows if not row["Parent"] if (tree := grow(row)) is not None]
    return root


def read_weights(inputs: Path, weights: object, rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Weight of each code: of ``iMeta.csv``, of a table ``inputs/weights_*.csv``, equal, or given one by one."""
    own = {row["iCode"]: float(row["Weight"]) for row in rows}
    if weights in (None, "iMeta.Weight"):
        return own
    if weights == "equal":
        return dict.fromkeys(own, 1.0)
    if isinstance(weights, Mapping):
        return own | {code: float(weight) for code, weight in weights.items()}
    if isinstance(weights, str) and (inputs / f"{weights}.csv").is_file():
        return {row["iCode"]: float(row["Weight"]) for row in read_rows(inputs / f"{weights}.csv")}
    raise UnknownStep(f"weights: {weights!r}")
