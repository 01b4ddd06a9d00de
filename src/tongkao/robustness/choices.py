"""The choices of an experiment: what varies, as columns of a design, and the check that every combination can be."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tongkao.errors import Place, Problem
from tongkao.robustness import spec_messages as say
from tongkao.robustness.alternatives import Alternative, Making, impossible, no_such_path
from tongkao.robustness.paths import NoSuchPath
from tongkao.robustness.spec import KINDS, ChoiceSpec, Sets, Spec, SpecError, WeightsChoice
from tongkao.robustness.spec_faults import Locations

#: so many combinations of alternatives are checked before anything runs
CHECKED = 256


@dataclass(frozen=True)
class Choice:
    """One thing that varies, as a column of a design.

    Attributes:
        id: Its name.
        kind: ``weights``, ``sets``, ``path``, ``settings``, ``leave_out``, ``values`` or ``classes``.
        labels: Names of its alternatives; empty for one that is drawn anew for every number of the design.
        cuts: Where [0, 1) is cut: alternative i from ``cuts[i]`` up to ``cuts[i + 1]``.
        nominal: The alternative that is the assessment as it is, -1 where none is or it is drawn.
    """

    id: str
    kind: str
    labels: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()
    nominal: int = -1

    @property
    def drawn(self) -> bool:
        """Whether it has no alternatives but is drawn."""
        return not self.labels


def choice_of(given: ChoiceSpec, alternatives: Sequence[Alternative], chances: Sequence[float] | None, making: Making) -> Choice:
    """A choice of a spec as a column of a design."""
    kind = next(name for name, model in KINDS.items() if isinstance(given, model))
    if isinstance(given, WeightsChoice) and isinstance(given.weights, Sets):
        kind = "sets"
    if not alternatives:
        return Choice(given.id, kind)
    shares = np.array(chances or [1.0] * len(alternatives))
    cuts = (0.0, *np.cumsum(shares / shares.sum())[:-1].tolist(), 1.0)
    labels = tuple(alternative.label for alternative in alternatives)
    return Choice(given.id, kind, labels, cuts, -1 if kind == "sets" else _as_it_is(alternatives, making))


def _as_it_is(alternatives: Sequence[Alternative], making: Making) -> int:
    """The alternative that changes nothing, -1 where there is none."""
    for number, alternative in enumerate(alternatives):
        if not alternative.left_out and not alternative.unranked and making.make([alternative])[0] is making.assessment:
            return number
    return -1


def check_combinations(
    spec: Spec, alternatives: Sequence[Sequence[Alternative]], making: Making, locations: Locations
) -> tuple[Problem, ...]:
    """Make every alternative by itself, then combinations; refuse what is impossible, before anything runs.

    Returns:
        A warning where there are more combinations than are checked beforehand.

    Raises:
        SpecError: If an alternative or a combination is impossible.
    """

    def refusal(chosen: Sequence[tuple[int, Alternative]]) -> list[Problem]:
        try:
            made, problems = making.make([alternative for _, alternative in chosen])
        except NoSuchPath as error:
            return [no_such_path(spec, *chosen[-1], error, locations)]
        return [] if made is not None else [impossible(spec, chosen, problems, locations)]

    changing = [number for number, each in enumerate(alternatives) if any(one.recompiles for one in each)]
    found = [refusal([(number, one)]) for number in changing for one in alternatives[number] if one.recompiles]
    problems = list(itertools.chain.from_iterable(found))
    if problems or len(changing) < 2:
        if problems:
            raise SpecError(problems)
        return ()
    for combination in itertools.islice(itertools.product(*(alternatives[number] for number in changing)), CHECKED):
        chosen = [(number, one) for number, one in zip(changing, combination, strict=True) if one.recompiles]
        if len(chosen) > 1:
            problems += refusal(chosen)
    if problems:
        raise SpecError(problems)
    count = math.prod(len(alternatives[number]) for number in changing)
    if count <= CHECKED:
        return ()
    return (Problem(say.TOO_MANY_COMBINATIONS, Place(file=locations.file), {"count": count, "limit": CHECKED}),)
