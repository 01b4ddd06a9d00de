"""What stops a marking: cells without a value, methods without an answer, ties that are not allowed."""

from __future__ import annotations

import numpy as np

from tongkao.engine.marking import Marks
from tongkao.engine.messages import (
    MISSING_VALUE,
    NO_ANSWER,
    NO_TARGET,
    NOT_APPLICABLE_VALUE,
    NOT_POSITIVE,
    REFERENCE_MISSING,
    TIED,
)
from tongkao.engine.observed import MISSING
from tongkao.engine.scoring import NEEDS
from tongkao.errors import Place, Problem
from tongkao.scheme.model import Aggregate, DistanceToReference, Power


def problems_of(marks: Marks) -> list[Problem]:
    """Every reason why a marking cannot stand; empty when it can."""
    found = _errors(marks) + _unanswered(marks) + _not_positive(marks)
    # Ties say nothing while totals are wrong for other reasons.
    return found or _tied(marks)


def _unit(marks: Marks, row: int) -> str:
    unit = marks.plan.unit_ids[row % len(marks.plan.unit_ids)]
    if len(marks.plan.years) == 1:
        return unit
    return f"{unit} ({marks.plan.years[marks.plan.year_codes[row]]})"


def _errors(marks: Marks) -> list[Problem]:
    ids, leaves = marks.plan.layout.ids, marks.plan.layout.leaves
    return [
        Problem(
            MISSING_VALUE if state == MISSING else NOT_APPLICABLE_VALUE, Place(unit=_unit(marks, row), node=ids[leaves[leaf]])
        )
        for row, leaf, state in marks.prepared.errors
    ]


def _unanswered(marks: Marks) -> list[Problem]:
    problems = []
    for row, column in marks.prepared.unanswered:
        what = marks.plan.columns[column]
        place = Place(unit=_unit(marks, row), node=what.indicator)
        method = what.score.method
        lacking = [which for which in NEEDS.get(method, ()) if np.isnan(marks.inputs.targets[which][row, column])]
        if lacking:
            problems.append(Problem(NO_TARGET, place, {"method": method, "which": lacking[0]}))
        elif isinstance(what.score, DistanceToReference) and np.isnan(_reference(marks, what.score.unit, column)):
            problems.append(Problem(REFERENCE_MISSING, place, {"reference": what.score.unit}))
        else:
            value = float(marks.prepared.treated[row, column])
            problems.append(Problem(NO_ANSWER, place, {"method": method, "value": value}))
    return problems


def _reference(marks: Marks, unit: str, column: int) -> float:
    if unit not in marks.plan.unit_ids:
        return float("nan")
    row = marks.plan.main().start + marks.plan.unit_ids.index(unit)
    return float(marks.prepared.treated[row, column])


def _not_positive(marks: Marks) -> list[Problem]:
    layout = marks.plan.layout
    problems = []
    for row, node, child in marks.climbed.not_positive:
        if marks.effective.full[row, node] <= 0:
            continue  # what left counts for nothing, whatever its mean
        fields = {
            "aggregate": _name(layout.aggregates[node]),
            "child": layout.ids[child],
            "rate": float(marks.climbed.rates[row, child]),
        }
        problems.append(Problem(NOT_POSITIVE, Place(unit=_unit(marks, row), node=layout.ids[node]), fields))
    return problems


def _name(aggregate: Aggregate) -> str:
    return f"power {aggregate.power:g}" if isinstance(aggregate, Power) else aggregate


def _tied(marks: Marks) -> list[Problem]:
    if marks.plan.track.ties.otherwise != "error":
        return []
    groups: dict[tuple[int, int], list[int]] = {}
    for row, rank in enumerate(marks.final.ranks.tolist()):
        if rank > 0:
            groups.setdefault((int(marks.plan.rank_codes[row]), rank), []).append(row)
    return [
        Problem(TIED, Place(node="total"), {"units": [_unit(marks, row) for row in rows]})
        for rows in groups.values()
        if len(rows) > 1
    ]
