"""Small experiments for the tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.unit.engine.cases import assess
from tongkao.folder.assessment import Assessment
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.spec import Spec, load_spec

TREE = {
    "p": {"weight": 60, "children": {"a": {"weight": 2}, "b": {"weight": 3}}},
    "q": {"weight": 40, "children": {"c": {"weight": 1}, "d": {"weight": {"default": 1, "x": 2}}}},
}
TIERS = [{"id": "first", "share": 0.3, "gates": {"q": 40}}, {"id": "second", "share": 0.3, "score": 45}, {"id": "third"}]
ANY_WEIGHTS = "vary: [{id: w, weights: {method: dirichlet}, at: all}]"


def spec(text: str) -> Spec:
    """A spec from YAML that is sound."""
    made, problems, _ = load_spec(text)
    assert made is not None, [problem.describe("en") for problem in problems]
    return made


def names(count: int) -> list[str]:
    return [f"u{number:02d}" for number in range(count)]


def values(count: int = 30, *, seed: int = 4, gaps: float = 0.0, columns: str = "abcd") -> str:
    """A table of values; a share of them is missing."""
    chance = np.random.default_rng(seed)
    lines = ["unit " + " ".join(columns)]
    for name in names(count):
        cells = [f"{value:.1f}" for value in chance.uniform(5, 100, len(columns))]
        lines.append(" ".join([name, *(cell if chance.random() >= gaps else "-" for cell in cells)]))
    return "\n".join(lines)


def classes(count: int = 30) -> str:
    return "\n".join(["unit class", *(f"{name} {'xy'[number % 2]}" for number, name in enumerate(names(count)))])


def province(*, gaps: float = 0.0, tree: Mapping[str, Any] = TREE, count: int = 30, **more: Any) -> Assessment:
    """Thirty units of two classes, four indicators below two papers."""
    more.setdefault("missing", "redistribute")
    return assess(tree, values(count, gaps=gaps), units=classes(count), **more)


def rich_province(**more: Any) -> Assessment:
    """The same with events, tiers, backfill, ties, awards and rounding."""
    awards = [
        {"id": "up", "when": 'rank_change >= 3 and tier != "first"'},
        {"id": "top", "top": 2, "by": 'rate("q")'},
        {"id": "each", "top": 2, "by": "total", "each": "class"},
        {"id": "streak", "when": 'streak("first") >= 2 or first_time("third") or event("e") > 0'},
    ]
    track = {"tiers": TIERS, "backfill": True, "ties": {"by": ["p"]}, "awards": awards}
    rows = [
        f"{year} u{number:02d} 50 {(number * 7 + year) % 30 + 1} {('first', 'third')[(number + year) % 2]}"
        for number in range(29)
        for year in (2018, 2019)
    ]
    given: dict[str, Any] = {
        "full_mark": 1000,
        "missing": "zero",
        "gaps": 0.06,
        "track": track,
        "rounding": {"at": ["total"], "places": 0},
        "rules": {"e": {"deduct": 30}, "f": {"tier_down": 1}, "g": {"bonus": 50}},
        "events": "event unit\ne u01\nf u02\nf u05\ng u06\nf u07\n",
        "history": "\n".join(["year unit total rank tier", *rows]),
    }
    return province(**(given | more))


def experiment(assessment: Assessment, text: str) -> Experiment:
    return Experiment(assessment, spec(text))


def parts(places: list[int], count: int) -> np.ndarray:
    """A design of one column that chooses these alternatives out of so many."""
    return ((np.array(places) + 0.5) / count)[:, None]
