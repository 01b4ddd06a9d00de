"""Four invented units with their values: the environment in which the tests and the examples of the documentation compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tongkao.scheme.expressions import AWARD_FUNCTIONS, SIGNATURES, VALUE_FUNCTIONS, Column, Vocabulary

MISSING = "missing"
NOT_APPLICABLE = "not applicable"
STATES = {MISSING: 1, NOT_APPLICABLE: 2}


def column(cells: Sequence[Any]) -> Column:
    """A column of what a person would write: numbers, texts, truths, ``missing`` and ``not applicable``."""
    state = np.array([STATES.get(cell, 0) if isinstance(cell, str) else 0 for cell in cells], dtype=np.uint8)
    present = [cell for cell, code in zip(cells, state, strict=True) if code == 0]
    if present and isinstance(present[0], bool):
        return Column("truth", np.array([cell is True for cell in cells], dtype=np.bool_), state)
    if present and isinstance(present[0], str):
        return Column(
            "text", np.array([cell if code == 0 else "" for cell, code in zip(cells, state, strict=True)], dtype=object), state
        )
    # What stands where there is no value must never matter: a number that would be noticed.
    return Column(
        "number", np.array([cell if code == 0 else 777.0 for cell, code in zip(cells, state, strict=True)], dtype=float), state
    )


def cells(result: Column) -> list[Any]:
    """The same the other way round."""
    names = {code: name for name, code in STATES.items()}
    values = [value.item() if isinstance(value, np.generic) else value for value in result.values]
    return [names[int(code)] if code else value for value, code in zip(values, result.state, strict=True)]


@dataclass
class Units:
    """An environment made of lists; ``asked`` notes every question."""

    n: int
    values: Mapping[tuple[str, int], Sequence[Any]] = field(default_factory=dict)
    quarters: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)
    targets: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    calls: Mapping[tuple[str, str], Sequence[Any]] = field(default_factory=dict)
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def value(self, name: str, years_back: int) -> Column:
        self.asked.append((name, years_back))
        return column(self.values.get((name, years_back), [MISSING] * self.n))

    def periods(self, name: str) -> tuple[Any, Any]:
        return np.array(self.quarters[name], dtype=float).reshape(self.n, -1 if self.n else 4), self.value(name, 0).state

    def group_statistic(self, name: str, column: Column) -> Column:
        """Over all units that have a value; better is more."""
        statistic = {"best": np.max, "worst": np.min, "mean": np.mean, "median": np.median, "total": np.sum}[name]
        known = column.values[column.state == 0]
        return Column("number", np.full(self.n, statistic(known)), np.zeros(self.n, dtype=np.uint8))

    def target(self, which: str) -> Column:
        return column(self.targets[which])

    def call(self, name: str, argument: str) -> Column:
        return column(self.calls[name, argument])


NAN = float("nan")

#: the units A, B, C and D of docs/reference/expressions.md
EXAMPLE = Units(
    n=4,
    values={
        ("class", 0): ["north", "north", "south", "south"],
        ("population", 0): [50, 40, 30, 20],
        ("gdp", 0): [120, 80, MISSING, NOT_APPLICABLE],
        ("gdp", 1): [100, 100, 90, NOT_APPLICABLE],
        ("gdp", 2): [80, 100, 90, NOT_APPLICABLE],
        ("visits", 0): [36, 20, MISSING, NOT_APPLICABLE],
        ("total", 0): [91.5, 88, 75, 60],
        ("rank", 0): [1, 2, 3, 4],
        ("rank_last", 0): [3, 2, 1, MISSING],
        ("rank_change", 0): [2, 0, -2, MISSING],
        ("tier", 0): ["first", "first", "second", "second"],
    },
    quarters={"visits": [[10, 12, NAN, 14], [5, 5, 5, 5], [NAN] * 4, [NAN] * 4]},
    targets={"target": [130, 90, 100, MISSING], "baseline": [100, 80, 90, MISSING], "challenge": [150, 100, 110, MISSING]},
    calls={
        ("streak", "first"): [3, 1, 0, MISSING],
        ("first_time", "first"): [False, True, False, MISSING],
        ("event", "praise"): [2, 0, 1, 0],
        ("rate", "growth"): [95.5, 80, MISSING, 70],
    },
)
VALUES = Vocabulary(
    names={"gdp": "number", "visits": "number", "population": "number", "class": "text"},
    functions=VALUE_FUNCTIONS,
    without_history={"population", "class"},
    texts={"class": {"north", "south"}},
)
AWARDS = Vocabulary(
    names={"total": "number", "rank": "number", "rank_last": "number", "rank_change": "number", "tier": "text"},
    functions=AWARD_FUNCTIONS,
    result="truth",
    texts={"tier": {"first", "second"}},
    arguments={"streak": {"first", "second"}, "first_time": {"first", "second"}, "event": {"praise"}, "rate": {"growth"}},
)
ANYTHING = Vocabulary(
    names={**VALUES.names, **AWARDS.names},
    functions=frozenset(SIGNATURES),
    without_history=VALUES.without_history,
)
