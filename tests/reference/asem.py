"""Cases of the ASEM reference (COINr) as assessment folders: every step of a case written in the words of the scheme.

Nothing is passed over: a step, a parameter or a value that has no words here is an :class:`UnknownStep` that names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.reference.asem_scoring import Combining, Scale, Scoring, combining_of, scale_above, scoring_of
from tests.reference.asem_tree import Member, UnknownStep, identifier, read_tree
from tests.reference.asem_words import missing_policy, screen_of, treat_of
from tests.reference.folders import read_rows, write_folder

Steps = Mapping[str, Any]
STEPS = ("denominate", "impute", "screen", "treat", "normalise", "aggregate")
#: COINr keeps a member of weight 0 in its tables, here weight 0 takes the item out; this weight keeps it and no double shows it
NO_WEIGHT = 1e-30


@dataclass(frozen=True)
class Case:
    """One entry of ``variants.json``."""

    id: str
    kind: str
    steps: Steps
    folder: Path

    @property
    def inputs(self) -> Path:
        """The folder of inputs."""
        return self.folder.parent / "inputs"

    @property
    def is_panel(self) -> bool:
        """Whether several years are marked at once."""
        return self.kind == "panel"


def read_cases(root: Path) -> list[Case]:
    """Every case of ``variants.json``, of whatever kind."""
    listed = json.loads((root / "variants.json").read_text(encoding="utf-8"))
    return [Case(entry["id"], entry["kind"], entry.get("steps", {}), root / entry["id"]) for entry in listed]


def order_of(steps: Steps) -> list[str]:
    """The steps that are done, in their order.

    Raises:
        UnknownStep: If the order is not one of these steps with ``aggregate`` at the end.
    """
    order = list(steps.get("order") or STEPS)
    if unknown := [step for step in order if step not in STEPS]:
        raise UnknownStep(f"order: {unknown!r}")
    done = [step for step in order if steps.get(step) is not None]
    if forgotten := [step for step in STEPS if steps.get(step) is not None and step not in done]:
        raise UnknownStep(f"order: {forgotten!r} is to be done but has no place in the order")
    if done[-1:] != ["aggregate"]:
        raise UnknownStep(f"order: {done!r} does not end with aggregate")
    return done


@dataclass(frozen=True)
class Conversion:
    """A case in the words of the scheme.

    Attributes:
        case: The case.
        tree: Its tree.
        order: The steps that are done, in their order.
    """

    case: Case
    tree: Member
    order: tuple[str, ...]

    @cached_property
    def indicators(self) -> tuple[Member, ...]:
        """The leaves of the tree."""
        return tuple(self.tree.leaves())

    @cached_property
    def data(self) -> list[dict[str, str]]:
        """The input, one row a unit (and year)."""
        return read_rows(self.case.inputs / f"{self._input}.csv")

    @property
    def _input(self) -> str:
        return str(self.case.steps.get("input") or "iData")

    @cached_property
    def years(self) -> list[int]:
        """Years of the data, ascending."""
        return sorted({int(row["Time"]) for row in self.data})

    @cached_property
    def scoring(self) -> Scoring:
        """How every indicator is scored."""
        return scoring_of(self.case.steps.get("normalise"), self.indicators, self.case.inputs)

    @cached_property
    def combining(self) -> dict[int, Combining]:
        """How the nodes of each level combine their children."""
        return combining_of(self.case.steps["aggregate"], self.tree.level)

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """How the rate of every node, by its code, becomes the reference's number."""
        scales = {item.code: self.scoring.scale[identifier(item.code)] for item in self.indicators}

        def climb(member: Member) -> Scale:
            if member.children:
                below = [climb(child) for child in member.children]
                scales[member.code] = scale_above(self.combining[member.level].aggregate, below)
            return scales[member.code]

        climb(self.tree)
        return scales

    def node(self, code: str) -> str:
        """The node of the scheme that stands for a code."""
        return "total" if code == self.tree.code else identifier(code)

    def scheme(self, *, year: int | None = None, upto: str | None = None) -> dict[str, Any]:
        """The scheme.

        Args:
            year: The scheme's own year, whose trace one wants to see; the last one by default.
            upto: The last step that is done to the values, to see what they are after it; they are not scored then but taken
                as rates as they are. All steps by default.
        """
        steps = self.case.steps
        order = [step for step in self.order if step not in ("normalise", "aggregate")]
        if upto is not None:
            order = order[: order.index(upto) + 1]
        scheme: dict[str, Any] = {
            "tongkao": 1,
            "id": identifier(self.case.id),
            "title": {"zh": f"亚欧互联互通 {self.case.id}", "en": f"ASEM connectivity {self.case.id}"},
            "year": self.years[-1] if year is None else year,
            "missing": missing_policy(steps.get("impute"), self.tree),
            "steps": self._with_score(order) if upto is None else [*order, "score"],
            "indicators": {identifier(item.code): self._indicator(item, scored=upto is None) for item in self.indicators},
            "tracks": {"country": self._track(order, combined=upto is None)},
        }
        if "treat" in order:
            scheme["treat"] = treat_of(steps["treat"])
        if self.case.is_panel:
            scheme["panel"] = {"years": self.years, "range": self.scoring.years}
        return scheme

    def _with_score(self, order: Sequence[str]) -> list[str]:
        """The steps with ``score`` where the case normalises, at the end where it does not."""
        if "normalise" not in self.order:
            return [*order, "score"]
        place = self.order.index("normalise")
        return [*order[:place], "score", *order[place:]]

    def _indicator(self, item: Member, *, scored: bool) -> dict[str, Any]:
        written: dict[str, Any] = {
            "title": item.row["iName"],
            "direction": "up" if item.row["Direction"] == "1" else "down",
            "score": self.scoring.score[identifier(item.code)] if scored else {"method": "identity"},
        }
        if "denominate" in self.order and item.row["Denominator"]:
            written["denominate"] = identifier(item.row["Denominator"])
        return written

    def _track(self, order: Sequence[str], *, combined: bool) -> dict[str, Any]:
        top = self.combining[self.tree.level]
        track: dict[str, Any] = {"title": {"zh": "国家", "en": "Countries"}}
        if combined:
            track["aggregate"] = top.aggregate
            if top.least is not None:
                track["least_available"] = top.least
        if "screen" in order:
            track["screen"] = screen_of(self.case.steps["screen"])
        track["tree"] = [self._branch(child, combined=combined) for child in self.tree.children]
        return track

    def _branch(self, member: Member, *, combined: bool) -> dict[str, Any]:
        weight = member.weight or NO_WEIGHT
        if not member.children:
            return {"indicator": identifier(member.code), "weight": weight}
        written: dict[str, Any] = {"id": identifier(member.code), "title": member.row["iName"], "weight": weight}
        if combined:
            combining = self.combining[member.level]
            written["aggregate"] = combining.aggregate
            if combining.least is not None or self.combining[self.tree.level].least is not None:
                written["least_available"] = combining.least or 0
        written["children"] = [self._branch(child, combined=combined) for child in member.children]
        return written

    def write(self, path: Path, *, year: int | None = None, upto: str | None = None) -> Path:
        """Write the folder: groups and (of one year) denominators as unit columns, everything else as observations."""
        meta = read_rows(self.case.inputs / "iMeta.csv")
        by_type = {kind: [row["iCode"] for row in meta if row["Type"] == kind] for kind in ("Group", "Denominator")}
        columns = by_type["Group"] + ([] if self.case.is_panel else by_type["Denominator"])
        names = [item.code for item in self.indicators] + (by_type["Denominator"] if self.case.is_panel else [])
        latest = {row["uCode"]: row for row in sorted(self.data, key=lambda row: int(row["Time"]))}
        units: list[dict[str, object]] = [
            {"unit": code, "track": "country", "name_en": row["uName"], **{identifier(column): row[column] for column in columns}}
            for code, row in latest.items()
        ]
        observations = [
            {"unit": row["uCode"], "indicator": identifier(name), "period": row["Time"], "value": row[name]}
            for row in self.data
            for name in names
            if row[name] != ""
        ]
        scheme = self.scheme(year=year, upto=upto)
        return write_folder(path, scheme, units, observations=observations, targets=self.scoring.targets if upto is None else [])


def convert(case: Case) -> Conversion:
    """Put a case into the words of the scheme.

    Raises:
        UnknownStep: If it asks for something that has no words here.
    """
    known = {*STEPS, "input", "weights", "exclude", "order", "note"}
    if unknown := {name: value for name, value in case.steps.items() if name not in known and value is not None}:
        raise UnknownStep(f"steps {unknown!r}")
    denominate = case.steps.get("denominate")
    if denominate not in (None, True) and not str(denominate).startswith("iMeta.Denominator"):
        raise UnknownStep(f"denominate: {denominate!r}")
    tree = read_tree(case.inputs, case.steps.get("weights"), case.steps.get("exclude") or [])
    conversion = Conversion(case, tree, tuple(order_of(case.steps)))
    ids = [conversion.node(item.code) for item in (*conversion.indicators, *tree.branches())]
    if len(set(ids)) != len(ids):
        raise UnknownStep(f"ids that differ by case only: {sorted(name for name in ids if ids.count(name) > 1)}")
    return conversion
