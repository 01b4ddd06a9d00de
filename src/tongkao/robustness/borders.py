"""Who sits on a border, of a tier or of the first k, and which choice decides the side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.robustness.experiment import Experiment
from tongkao.robustness.outcomes import Outcomes, TrackOutcomes

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Decider:
    """How far one choice decides on which side of a border a unit is.

    Attributes:
        choice: Id of the choice.
        node: Id of the node whose weight counts, "" for a choice with alternatives.
        share: Share of the variance of "inside" (0 or 1 in each run) that it explains by itself: between the alternatives, or
            with the weight of the node (squared correlation); 0 to 1.
        inside: For each alternative, the share of its runs in which the unit is inside; NaN for one that no run had. For a node,
            the mean weight in runs outside and inside.
        labels: Names of the alternatives; ``outside`` and ``inside`` for a node.
    """

    choice: str
    node: str
    share: float
    inside: tuple[float, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Border:
    """A unit on a border.

    Attributes:
        unit: Id of the unit.
        border: Id of the tier, or ``top k``.
        inside: Share of the runs in which it is in that tier or a better one, or among the first k.
        nominal: Whether it is inside as things are.
        deciders: What decides it, the most important first.
    """

    unit: str
    border: str
    inside: float
    nominal: bool
    deciders: tuple[Decider, ...]


def borders(
    experiment: Experiment,
    outcomes: Outcomes,
    track: str,
    *,
    top: Sequence[int] = (),
    doubt: float = 0.05,
    deciders: int = 3,
) -> list[Border]:
    """Units that are inside a border in some runs and outside in others.

    Args:
        experiment: What was run.
        outcomes: What it gave.
        track: Which track.
        top: Further borders: the first k.
        doubt: A unit is on a border when the share of runs in which it is inside lies between this and 1 minus this.
        deciders: So many of the choices and nodes that decide most are named.

    Returns:
        Borders from the top tier down, then by k; units in the order of their nominal places.
    """
    of_track = outcomes.tracks[track]
    sides: list[tuple[str, BoolArray, BoolArray]] = []
    for tier in range(len(of_track.tier_ids) - 1):
        has = of_track.tiers >= 0
        now = of_track.nominal.tiers
        sides.append((of_track.tier_ids[tier], has & (of_track.tiers <= tier), (now >= 0) & (now <= tier)))
    for k in top:
        place = of_track.nominal.ranks
        sides.append((f"top {k}", (of_track.ranks > 0) & (of_track.ranks <= k), (place > 0) & (place <= k)))
    weights = _weights(experiment, outcomes, track) if sides else {}
    found = []
    order = np.lexsort((np.arange(len(of_track.units)), of_track.nominal.ranks))
    for border, inside, nominal in sides:
        share = inside.mean(axis=0) if len(inside) else np.zeros(len(of_track.units))
        for unit in order.tolist():
            if doubt < share[unit] < 1.0 - doubt:
                named = _deciders(experiment, outcomes, of_track, inside[:, unit], weights, unit)[:deciders]
                found.append(Border(of_track.units[unit], border, float(share[unit]), bool(nominal[unit]), tuple(named)))
    return found


def _weights(experiment: Experiment, outcomes: Outcomes, track: str) -> dict[tuple[str, int], tuple[tuple[str, ...], FloatArray]]:
    """Weights of the nodes that each drawn choice lets vary, by choice and profile."""
    found = {}
    for choice in experiment.choices:
        if choice.kind in ("weights", "sets"):
            for profile, (nodes, shares) in experiment.node_shares(outcomes, track, choice.id).items():
                found[choice.id, profile] = nodes, shares
    return found


def _deciders(
    experiment: Experiment,
    outcomes: Outcomes,
    of_track: TrackOutcomes,
    inside: BoolArray,
    weights: dict[tuple[str, int], tuple[tuple[str, ...], FloatArray]],
    unit: int,
) -> list[Decider]:
    side = inside.astype(np.float64)
    variance = float(side.var())
    if variance == 0:
        return []
    found: list[Decider] = []
    profile = experiment.profile_of(of_track.track, unit)
    for column, choice in enumerate(experiment.choices):
        if choice.labels:
            chosen = outcomes.kept_alternatives[:, column]
            count = np.bincount(chosen, minlength=len(choice.labels))
            with np.errstate(invalid="ignore", divide="ignore"):
                means = np.bincount(chosen, weights=side, minlength=len(choice.labels)) / count
            between = float(np.nansum(count * (means - side.mean()) ** 2) / len(side))
            found.append(Decider(choice.id, "", between / variance, tuple(means.tolist()), choice.labels))
        elif (choice.id, profile) in weights:
            nodes, shares = weights[choice.id, profile]
            moved = shares - shares.mean(axis=0)
            spread = (moved**2).mean(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                explained = (moved * (side - side.mean())[:, None]).mean(axis=0) ** 2 / (spread * variance)
            for node, name in enumerate(nodes):
                if spread[node] > 1e-24:
                    pair = float(shares[~inside, node].mean()), float(shares[inside, node].mean())
                    found.append(Decider(choice.id, name, float(explained[node]), pair, ("outside", "inside")))
    return sorted(found, key=lambda each: (-each.share, each.choice, each.node))
