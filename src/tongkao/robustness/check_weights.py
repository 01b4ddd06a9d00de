"""Checks of choices of weights against the trees: that something varies, that sets are whole, that bounds can be met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tongkao.errors import Problem
from tongkao.robustness import spec_messages as say
from tongkao.robustness.draws import Siblings, compile_draw, siblings_at
from tongkao.robustness.spec import Band, Bounded, Sets, Spec, WeightsChoice
from tongkao.robustness.spec_faults import Locations
from tongkao.robustness.variant import TrackVariant


def check_weights(spec: Spec, variants: Mapping[str, TrackVariant], locations: Locations) -> list[Problem]:
    """Every fault of the choices of weights."""
    problems: list[Problem] = []
    for number, choice in enumerate(spec.vary):
        if isinstance(choice, WeightsChoice):
            tracks = {name: variant for name, variant in variants.items() if choice.track in (None, name)}
            if isinstance(choice.weights, Sets):
                problems += _sets(number, choice, choice.weights, tracks, locations)
            else:
                problems += _drawn(number, choice, tracks, locations)
    return problems


def _sets(
    number: int, choice: WeightsChoice, rule: Sets, tracks: Mapping[str, TrackVariant], locations: Locations
) -> list[Problem]:
    problems = []
    for name, given in rule.sets.items():
        path, place = f"vary[{choice.id}].weights.sets.{name}", locations.at("vary", number, "weights", "sets", name)
        for variant in tracks.values():
            layout = variant.plan.layout
            for group in siblings_at(layout, "all"):
                ids = [layout.ids[column] for column in group.columns]
                known = [identifier for identifier in ids if identifier in given]
                if known and len(known) < len(ids):
                    lacking = [identifier for identifier in ids if identifier not in given]
                    problems.append(Problem(say.SOME_SIBLINGS, place, {"path": path, "given": known, "lacking": lacking}))
                elif known and sum(given[identifier] for identifier in ids) <= 0:
                    fields = {"path": path, "node": layout.ids[group.parent]}
                    problems.append(Problem(say.NO_WEIGHT_AT_ALL, place, fields))
    return problems


def _drawn(number: int, choice: WeightsChoice, tracks: Mapping[str, TrackVariant], locations: Locations) -> list[Problem]:
    path = f"vary[{choice.id}]"
    groups: list[tuple[TrackVariant, Siblings]] = [
        (variant, group) for variant in tracks.values() for group in siblings_at(variant.plan.layout, choice.at)
    ]
    problems = []
    least = 1 if isinstance(choice.weights, Band) else 2
    if not any(len(group.columns) >= least for _, group in groups):
        problems.append(Problem(say.NOTHING_VARIES, locations.at("vary", number), {"path": path}))
    if not isinstance(choice.weights, Bounded):
        return problems
    for name, (low, high) in {"": (choice.weights.low, choice.weights.high), **choice.weights.nodes}.items():
        if low > high:
            steps = ("nodes", name) if name else ("low",)
            place = locations.at("vary", number, "weights", *steps)
            problems.append(Problem(say.BOUNDS_REVERSED, place, {"path": f"{path}.weights", "low": low, "high": high}))
    if problems:
        return problems
    for variant, group in groups:
        draw = compile_draw(choice, variant.plan.layout, 0)
        for shares in np.unique(variant.plan.given.shares[:, group.columns] > 0, axis=0):
            columns = group.columns[shares]
            if len(columns) < 2:
                continue
            low, high = float(draw.low[columns].sum()), float(draw.high[columns].sum())
            if low > 1.0 + 1e-12 or high < 1.0 - 1e-12:
                fields = {"path": path, "node": variant.plan.layout.ids[group.parent], "low": low, "high": high, "whole": 1}
                problems.append(Problem(say.BOUNDS_IMPOSSIBLE, locations.at("vary", number, "weights"), fields))
                break
    return problems
