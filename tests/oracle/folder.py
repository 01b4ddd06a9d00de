"""Reads an assessment folder of CSV files and `scheme.yaml` into plain dictionaries and a tree of nodes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from . import arithmetic as ar
from .expressions import MISSING, NOT_APPLICABLE, Problem, State, constant

Row = dict[str, str]


@dataclass
class Node:
    """An item of a tree."""

    id: str
    kind: str  # total, paper, dimension, indicator
    share_key: str  # points or weight
    share: Any
    aggregate: Any
    parent: Node | None
    children: list[Node] = field(default_factory=list)

    def walk(self) -> list[Node]:
        """This node and all below it, children before parents."""
        return [node for child in self.children for node in child.walk()] + [self]


@dataclass
class Track:
    """The units of a track and their tree."""

    id: str
    spec: dict[str, Any]
    units: list[str]
    unranked: set[str]
    root: Node

    @property
    def nodes(self) -> list[Node]:
        return self.root.walk()


class Folder:
    """The tables of an assessment and the questions one asks of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scheme: dict[str, Any] = YAML(typ="safe").load(_text(path / "scheme.yaml"))
        self.year = int(self.scheme["year"])
        self.full_mark = ar.as_fraction(self.scheme["full_mark"])
        self.indicators: dict[str, dict[str, Any]] = self.scheme["indicators"]
        self.event_rules: dict[str, dict[str, Any]] = self.scheme.get("events") or {}
        self.units = {row["unit"]: row for row in _table(path / "units.csv")}
        self.observations: dict[tuple[str, str, str], Fraction | State] = {}
        for row in _table(path / "observations.csv"):
            self.observations[row["unit"], row["indicator"], row.get("period") or str(self.year)] = _observed(row)
        self.observed_names = {name for _, name, _ in self.observations}
        self.first_year = min([int(period[:4]) for _, _, period in self.observations], default=self.year)
        self.targets: dict[tuple[str, str, str], Row] = {}
        for row in _table(path / "targets.csv"):
            self.targets[row.get("unit") or "", row["indicator"], row.get("period") or str(self.year)] = row
        self.events = _table(path / "events.csv")
        self.history = [row for row in _table(path / "history.csv") if int(row["year"]) < self.year]
        self.nominations = _table(path / "nominations.csv")
        self.own_shares: dict[tuple[str, str], Fraction] = {}
        for row in _table(path / "weights.csv"):
            self.own_shares[row["unit"], row["node"]] = ar.as_fraction(row.get("points") or row.get("weight"))
        self.tracks = [self._track(track_id, spec) for track_id, spec in self.scheme["tracks"].items()]

    def _track(self, track_id: str, spec: dict[str, Any]) -> Track:
        units = [unit for unit, row in self.units.items() if row["track"] == track_id]
        root = Node("total", "total", "points", None, spec.get("aggregate", "arithmetic"), None)
        for child in spec["tree"]:
            _grow(root, child, "paper")
        track = Track(track_id, spec, units, {str(unit) for unit in spec.get("unranked") or []}, root)
        for unit in units:
            self._check_points(root, unit, self.full_mark)
        return track

    def _check_points(self, node: Node, unit: str, points: Fraction) -> None:
        if node.children and node.children[0].share_key == "points":
            shares = [self.share(child, unit) for child in node.children]
            if not ar.is_close(sum(shares, Fraction(0)), points, Fraction(1)):
                raise Problem(f"points below {node.id} for {unit} add up to {float(sum(shares))}, not {float(points)}")
            for child, share in zip(node.children, shares, strict=True):
                self._check_points(child, unit, share)

    def share(self, node: Node, unit: str) -> Fraction:
        """The points or the weight of a node among its siblings, for one unit."""
        if (unit, node.id) in self.own_shares:
            return self.own_shares[unit, node.id]
        if not isinstance(node.share, dict):
            return constant(node.share)
        key = self.units[unit].get(node.share.get("by", "class")) or ""
        entries = {str(name): entry for name, entry in node.share.items()}
        if key not in entries and "default" not in entries:
            raise Problem(f"no {node.share_key} of {node.id} for {unit}")
        return constant(entries.get(key, entries.get("default")))

    def weighs(self, node: Node, unit: str) -> bool:
        """Whether the unit has the item in its tree at all."""
        at: Node | None = node
        while at is not None and at.parent is not None:
            if self.share(at, unit) == 0:
                return False
            at = at.parent
        return True

    def observed(self, unit: str, name: str, period: str) -> Fraction | State:
        return self.observations.get((unit, name, period), MISSING)

    def target(self, unit: str, indicator: str, year: int, column: str) -> Fraction | State:
        """Target, baseline or challenge: the unit's own row, else the row for all."""
        row = self.targets.get((unit, indicator, str(year))) or self.targets.get(("", indicator, str(year)))
        if row is None or not row.get(column):
            return MISSING
        return ar.as_fraction(row[column])

    def unit_class(self, unit: str) -> str:
        return self.units[unit].get("class") or ""


def _grow(parent: Node, spec: dict[str, Any], kind: str) -> None:
    leaf = "indicator" in spec
    key = "points" if "points" in spec else "weight"
    node = Node(
        str(spec["indicator"] if leaf else spec["id"]),
        "indicator" if leaf else kind,
        key,
        spec[key],
        spec.get("aggregate", parent.aggregate),
        parent,
    )
    if parent.children and parent.children[0].share_key != key:
        raise Problem(f"points and weight mixed below {parent.id}")
    parent.children.append(node)
    for child in spec.get("children") or []:
        _grow(node, child, "dimension")


def _observed(row: Row) -> Fraction | State:
    state = row.get("state") or ""
    if state == "null_reported":
        return Fraction(0)
    if state == "not_applicable":
        return NOT_APPLICABLE
    if state == "missing" or not row.get("value"):
        return MISSING
    return ar.as_fraction(row["value"])


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _table(path: Path) -> list[Row]:
    if not path.exists():
        return []
    return [
        {name: (value or "").strip() for name, value in row.items() if name}
        for row in csv.DictReader(io.StringIO(_text(path), newline=""))
    ]
