"""Alternatives of the discrete choices: each, and each combination, made into an assessment of its own and checked like one."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl
from pydantic import ValidationError

from tongkao.errors import Problem, nearest
from tongkao.folder.assessment import Assessment
from tongkao.robustness import spec_messages as say
from tongkao.robustness.paths import NoSuchPath, put
from tongkao.robustness.spec import (
    ChoiceSpec,
    ClassesChoice,
    LeaveOutChoice,
    PathChoice,
    Sets,
    SettingsChoice,
    Spec,
    WeightsChoice,
)
from tongkao.robustness.spec_faults import Locations
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.model import Scheme, branches, leaves
from tongkao.scheme.validator import validate

#: so many assessments are kept that alternatives were made into
KEPT = 512


@dataclass(frozen=True, eq=False)
class Alternative:
    """One alternative of a discrete choice.

    Attributes:
        label: Its name in results.
        changes: What the scheme says instead: path -> value.
        left_out: Nodes that are taken out of the trees.
        unranked: Units that are left out: scored, but in no comparison group and without a place.
        classes: Class of some units.
        place: Steps to it in ``robustness.yaml``.
    """

    label: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    unranked: tuple[str, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict)
    place: tuple[str | int, ...] = ()

    @property
    def recompiles(self) -> bool:
        """Whether the assessment itself is another one."""
        return bool(self.changes or self.unranked or self.classes)


def alternatives_of(
    choice: ChoiceSpec, scheme: Scheme, units: Sequence[str]
) -> tuple[tuple[Alternative, ...], list[float] | None]:
    """The alternatives of a choice and their chances; none for a choice that is drawn."""
    if isinstance(choice, WeightsChoice):
        if isinstance(choice.weights, Sets):
            return tuple(Alternative(name, place=("weights", "sets", name)) for name in choice.weights.sets), None
        return (), None
    if isinstance(choice, PathChoice):
        labels = choice.labels or [_label(value) for value in choice.choices]
        made = [
            Alternative(label, {choice.path: value}, place=("choices", number))
            for number, (label, value) in enumerate(zip(labels, choice.choices, strict=False))
        ]
        return tuple(made), choice.chances
    if isinstance(choice, SettingsChoice):
        return (
            tuple(Alternative(name, changes, place=("settings", name)) for name, changes in choice.settings.items()),
            choice.chances,
        )
    if isinstance(choice, LeaveOutChoice):
        rule = choice.leave_out
        nothing = [Alternative("")] if rule.nothing else []
        indicators = list(scheme.indicators) if rule.indicators == "each" else rule.indicators or []
        nodes = [
            Alternative(name, left_out=(name,), place=("leave_out", key, number))
            for key, names in (("indicators", indicators), ("nodes", rule.nodes or []))
            for number, name in enumerate(names)
        ]
        left = list(units) if rule.units == "each" else rule.units or []
        people = [Alternative(name, unranked=(name,), place=("leave_out", "units", number)) for number, name in enumerate(left)]
        return (*nothing, *nodes, *people), None
    if isinstance(choice, ClassesChoice):
        rule_of = choice.classes
        return (
            tuple(
                Alternative(name, classes={rule_of.unit: name}, place=("classes", "among", number))
                for number, name in enumerate(rule_of.among)
            ),
            None,
        )
    return (), None


def _label(value: Any) -> str:
    """A name for a value: the method where it names one, with what it says beside."""
    if isinstance(value, Mapping):
        rest = ", ".join(f"{key}: {_label(inner)}" for key, inner in value.items() if key != "method")
        if "method" in value:
            return f"{value['method']} ({rest})" if rest else str(value["method"])
        return rest
    if isinstance(value, (list, bool)) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return str(value)


@dataclass(frozen=True)
class Making:
    """Makes assessments out of alternatives, from one assessment."""

    assessment: Assessment

    @cached_property
    def _text(self) -> str:
        """The scheme as text: reading it is the quickest copy."""
        return self.assessment.scheme.model_dump_json(exclude_unset=True)

    @cached_property
    def _made(self) -> dict[tuple[Alternative, ...], tuple[Assessment | None, list[Problem]]]:
        return {}

    @cached_property
    def _classes(self) -> dict[str, set[str]]:
        """Classes of the units of each track, as they are."""
        return _classes_of(self.assessment.units, self.assessment.scheme)

    @cached_property
    def _known(self) -> dict[str, Any]:
        """What the validator asks of the tables."""
        units = self.assessment.units
        tracks = self.assessment.scheme.tracks
        rows = {track: units.filter(pl.col("track") == track) for track in tracks}

        def combinations(track: str, columns: tuple[str, ...]) -> Collection[tuple[str, ...]]:
            if track not in rows or not set(units.columns).issuperset(columns):
                return set()
            texts = [pl.col(column).cast(pl.String).fill_null("") for column in columns]
            return set(rows[track].select(texts).unique().iter_rows())

        return {
            "columns": {name: "text" if kind == pl.String else "number" for name, kind in units.schema.items()},
            "observed": set(self.assessment.observations["indicator"].unique().to_list()),
            "units": {track: set(frame["unit"].to_list()) for track, frame in rows.items()},
            "combinations": combinations,
        }

    @cached_property
    def _already(self) -> set[str]:
        """What the validator says of the assessment as it is; an alternative is not blamed for it."""
        return {problem.message("en") for problem in self._check(self.assessment.scheme, self.assessment.units)}

    def _check(self, scheme: Scheme, units: pl.DataFrame) -> list[Problem]:
        classes = self._classes if units is self.assessment.units else _classes_of(units, scheme)
        found = validate(scheme, classes=classes, **self._known)
        return [problem for problem in found if problem.severity == "error"]

    def make(self, chosen: Iterable[Alternative]) -> tuple[Assessment | None, list[Problem]]:
        """The assessment under some alternatives, or why there is none.

        Nodes that are left out stay in the tree; they are taken out of the weights.

        Raises:
            NoSuchPath: If a path leads nowhere.
        """
        applied = tuple(alternative for alternative in chosen if alternative.recompiles)
        if not applied:
            return self.assessment, []
        if applied not in self._made:
            while len(self._made) >= KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[applied] = self._make(applied)
        return self._made[applied]

    def _make(self, applied: Sequence[Alternative]) -> tuple[Assessment | None, list[Problem]]:
        data: dict[str, Any] = json.loads(self._text)
        units = self.assessment.units
        for alternative in applied:
            for path, value in alternative.changes.items():
                put(data, path, value)
            for name in alternative.unranked:
                self._unrank(data, name)
            if alternative.classes:
                mapped = [alternative.classes.get(unit, old) for unit, old in units.select("unit", "class").iter_rows()]
                units = units.with_columns(pl.Series("class", mapped, pl.String))
        try:
            scheme = Scheme.model_validate(data)
        except ValidationError:
            # Only the faults of the text are in words; the data are written as text once more to have them.
            _, problems, _ = load_scheme(json.dumps(data, ensure_ascii=False))
            return None, problems
        if scheme == self.assessment.scheme and units.equals(self.assessment.units):
            return self.assessment, []
        problems = [problem for problem in self._check(scheme, units) if problem.message("en") not in self._already]
        if problems:
            return None, problems
        return replace(self.assessment, scheme=scheme, units=units), []

    def _unrank(self, data: dict[str, Any], unit: str) -> None:
        track = self.assessment.units.filter(pl.col("unit") == unit)["track"].to_list()
        for name in track:
            rules = data["tracks"][name]
            rules["unranked"] = sorted({*rules.get("unranked", []), unit})


def _classes_of(units: pl.DataFrame, scheme: Scheme) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {track: set() for track in scheme.tracks}
    for track, name in units.select("track", "class").unique().iter_rows():
        found.setdefault(track, set()).add(name)
    return found


def check_spec(spec: Spec, assessment: Assessment, locations: Locations) -> list[Problem]:
    """Check names and lists of a spec against an assessment; what alternatives do to the scheme is checked by making them."""
    scheme = assessment.scheme
    trees = [track.tree for track in scheme.tracks.values()]
    nodes = {branch.id for tree in trees for branch in branches(tree)} | {leaf.id for tree in trees for leaf in leaves(tree)}
    units = set(assessment.units["unit"].to_list())
    problems: list[Problem] = []

    def unknown(code: str, names: Iterable[str], known: Collection[str], *steps: str | int) -> None:
        for name in names:
            if name not in known:
                fields = {"path": _written(spec, steps), "name": name, "nearest": nearest(name, list(known))}
                problems.append(Problem(code, locations.at(*steps), fields))

    seen: set[str] = set()
    for number, choice in enumerate(spec.vary):
        at = ("vary", number)
        if choice.id in seen:
            problems.append(Problem(say.ID_TWICE, locations.at(*at, "id"), {"path": _written(spec, at), "name": choice.id}))
        seen.add(choice.id)
        if isinstance(choice, WeightsChoice):
            if choice.track is not None:
                unknown(say.UNKNOWN_TRACK, [choice.track], scheme.tracks, *at, "track")
            if not isinstance(choice.at, str):
                unknown(say.UNKNOWN_NODE, choice.at, nodes, *at, "at")
            if isinstance(choice.weights, Sets):
                for name, given in choice.weights.sets.items():
                    unknown(say.UNKNOWN_NODE, given, nodes, *at, "weights", "sets", name)
            elif hasattr(choice.weights, "nodes"):
                unknown(say.UNKNOWN_NODE, choice.weights.nodes, nodes, *at, "weights", "nodes")
        elif isinstance(choice, (PathChoice, SettingsChoice)):
            problems += _check_lists(spec, choice, locations, at)
        elif isinstance(choice, LeaveOutChoice):
            rule = choice.leave_out
            if isinstance(rule.indicators, list):
                unknown(say.UNKNOWN_INDICATOR, rule.indicators, scheme.indicators, *at, "leave_out", "indicators")
            unknown(say.UNKNOWN_NODE, rule.nodes or [], nodes, *at, "leave_out", "nodes")
            if isinstance(rule.units, list):
                unknown(say.UNKNOWN_UNIT, rule.units, units, *at, "leave_out", "units")
        elif isinstance(choice, ClassesChoice):
            unknown(say.UNKNOWN_UNIT, [choice.classes.unit], units, *at, "classes", "unit")
        else:
            if choice.values.standard_error is not None and "se" not in assessment.observations.columns:
                fields = {"path": _written(spec, at)}
                problems.append(Problem(say.NO_STANDARD_ERROR, locations.at(*at, "values", "standard_error"), fields))
            known = set(assessment.observations["indicator"].unique().to_list())
            unknown(say.UNKNOWN_INDICATOR, choice.indicators or [], known, *at, "indicators")
    return problems


def _check_lists(
    spec: Spec, choice: PathChoice | SettingsChoice, locations: Locations, at: tuple[str | int, ...]
) -> list[Problem]:
    count = len(choice.choices) if isinstance(choice, PathChoice) else len(choice.settings)
    lists: dict[str, Sequence[Any] | None] = {"chances": choice.chances}
    if isinstance(choice, PathChoice):
        lists["labels"] = choice.labels
    return [
        Problem(
            say.LABELS,
            locations.at(*at, key),
            {"path": f"{_written(spec, at)}.{key}", "given": len(given), "wanted": count},
        )
        for key, given in lists.items()
        if given is not None and len(given) != count
    ]


def _written(spec: Spec, steps: Sequence[str | int]) -> str:
    """Steps into a spec as text; choices by their ids."""
    text = "vary"
    for place, step in enumerate(steps[1:]):
        if place == 0 and isinstance(step, int):
            text += f"[{spec.vary[step].id}]"
        else:
            text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text


def impossible(
    spec: Spec, chosen: Sequence[tuple[int, Alternative]], problems: Sequence[Problem], locations: Locations
) -> Problem:
    """Say that some alternatives together make no sound scheme, and why."""
    number, last = chosen[-1]
    labels = " + ".join(f"{spec.vary[index].id} = {alternative.label}" for index, alternative in chosen)
    fields = {
        "choice": spec.vary[number].id,
        "labels": labels,
        "reason_zh": "；".join(problem.message("zh") for problem in problems[:3]),
        "reason_en": "; ".join(problem.message("en") for problem in problems[:3]),
    }
    return Problem(say.IMPOSSIBLE, locations.at("vary", number, *last.place), fields)


def no_such_path(spec: Spec, number: int, alternative: Alternative, error: NoSuchPath, locations: Locations) -> Problem:
    """Say that a path leads nowhere."""
    fields = {"path": _written(spec, ("vary", number)), "name": error.name, "nearest": error.nearest}
    steps = ("path",) if isinstance(spec.vary[number], PathChoice) else alternative.place
    return Problem(say.NOTHING_THERE, locations.at("vary", number, *steps), fields)
