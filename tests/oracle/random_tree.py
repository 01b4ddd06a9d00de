"""Random trees: papers, dimensions and indicators with points or weights that add up for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from typing import Any

Row = dict[str, Any]
DELICATE = ["geometric", "harmonic", {"power": -1}, {"power": -2}]


def number(value: Fraction | float) -> int | float:
    """As an office would write it in the scheme: 30, 87.5."""
    return int(value) if value == int(value) else float(value)


def node_ids(children: list[Row]) -> list[str]:
    """The inner nodes of a tree."""
    return [name for child in children if "id" in child for name in (child["id"], *node_ids(child["children"]))]


class TreeMaker:
    """Makes the tree of one track and the rows of `weights.csv` for some of its units."""

    def __init__(self, rng: Random, units: list[Row], full_mark: Fraction, share_column: str) -> None:
        self.rng, self.units, self.full_mark, self.share_column = rng, units, full_mark, share_column
        self.fixed: set[str] = set()  # units that keep the shares of their class
        self.delicate = False  # aggregates that need rates > 0
        self.copeland = False  # shares are the same for everyone, and some nodes aggregate by copeland
        self.weights: list[Row] = []

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def aggregate(self) -> Any:
        if self.delicate and self.chance(0.6):
            return self.rng.choice(DELICATE)
        if self.copeland and self.chance(0.5):
            return "copeland"
        return self.rng.choice(["arithmetic", "arithmetic", "median", "min", {"power": 2}, {"power": 0.5}, {"power": 3}])

    def make(self, indicators: Sequence[str]) -> list[Row]:
        names = list(indicators)
        self.rng.shuffle(names)
        keys = {column: sorted({unit[column] for unit in self.units} - {""}) for column in ("class", "role")}
        children = self.split(names, "paper", 3)
        if "indicator" in children[0]:  # the first is always a paper: events may name it
            children[0] = {"id": "paper0", "title": "paper0", "children": [children[0]]}
        points = {"": self.full_mark}
        self.share_out(children, points, "", keys, weights_only=False)
        return children

    def split(self, names: Sequence[str], prefix: str, depth: int) -> list[Row]:
        rng = self.rng
        count = min(len(names), rng.randint(1, 4))
        cuts = sorted(rng.sample(range(1, len(names)), count - 1)) if count > 1 else []
        nodes: list[Row] = []
        for place, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(names)], strict=True)):
            some = names[start:end]
            if len(some) == 1 and self.chance(0.4):
                nodes.append({"indicator": some[0]})
                continue
            name = f"{prefix}{place}" if prefix == "paper" else f"{prefix}_{place}"
            node: Row = {"id": name, "title": name}
            if self.chance(0.25):
                node["aggregate"] = self.aggregate()
            if depth > 0 and len(some) > 1 and self.chance(0.5):
                node["children"] = self.split(some, name.replace("paper", "dim"), depth - 1)
            else:
                node["children"] = [{"indicator": one} for one in some]
            nodes.append(node)
        return nodes

    def share_out(
        self,
        children: list[Row],
        points: dict[str, Fraction],
        column: str,
        keys: dict[str, list[str]],
        *,
        weights_only: bool,
    ) -> None:
        """Give siblings points or weights; `points` are the parent's, by the values of `column` ("" = default)."""
        rng, use_points = self.rng, not weights_only and self.chance(0.6)
        same = self.copeland or self.chance(0.4)  # the same for everyone, unless the parent's points differ
        if not column and not same:
            column = rng.choice([name for name in keys if keys[name]] or [""])
        values = ["", *keys.get(column, [])] if column else [""]
        parts = {value: self.partition(len(children), zeros=value != "" and not same) for value in values}
        if same:
            parts = dict.fromkeys(values, parts[""])
        shares: list[dict[str, Fraction]] = []
        for place in range(len(children)):
            if use_points:
                shares.append({v: points.get(v, points[""]) * Fraction(parts[v][place], 20) for v in values})
            else:
                shares.append({v: Fraction(parts[v][place]) for v in values})
        for child, share in zip(children, shares, strict=True):
            child["points" if use_points else "weight"] = self.written(share, column)
            if "children" in child:
                differs = column if len(set(share.values())) > 1 else ""
                below = share if differs else {"": share[""]}
                self.share_out(child["children"], below, differs if use_points else "", keys, weights_only=not use_points)
        leaves = all("points" not in below for child in children for below in child.get("children", []))
        if leaves and len(children) > 1 and not self.copeland and use_points == (self.share_column == "points"):
            self.own_weights(children, points, column, use_points=use_points)

    def own_weights(self, children: list[Row], points: dict[str, Fraction], column: str, *, use_points: bool) -> None:
        for unit in self.units:
            if unit["unit"] in self.fixed or not self.chance(0.08):
                continue
            whole = points.get(unit[column] if column else "", points[""]) if use_points else Fraction(20)
            for child, part in zip(children, self.partition(len(children), zeros=True), strict=True):
                own = {"unit": unit["unit"], "node": child.get("indicator") or child["id"]}
                self.weights.append(own | {self.share_column: number(whole * part / 20)})

    def partition(self, count: int, *, zeros: bool) -> list[int]:
        """Twenty parts for so many siblings; the first always has one."""
        least = [0 if zeros and place and self.chance(0.2) else 1 for place in range(count)]
        open_places = [place for place in range(count) if least[place]]
        for _ in range(20 - sum(least)):
            least[self.rng.choice(open_places)] += 1
        return least

    def written(self, share: dict[str, Fraction], column: str) -> Any:
        default = share[""]
        entries = {value: number(part) for value, part in share.items() if value and (part != default or self.chance(0.3))}
        if not entries:
            return number(default)
        by = {"by": column} if column != "class" else {}
        return by | {"default": number(default)} | entries
