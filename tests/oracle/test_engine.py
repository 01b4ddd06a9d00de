"""The engine agrees with the exact oracle on random folders: every score row, every result row, every list of a quota."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tongkao.engine.result import Result, score
from tongkao.errors import MarkingError
from tongkao.folder.read import read_folder

from .exact import Cell, Marking, mark
from .expressions import Problem as Refusal
from .generator import generate

SOAK = settings.get_current_profile_name() == "soak"
SEEDS = range(3_000 if SOAK else 60)
NEAR = 1e-9
"""Of the full mark for points, of 100 for rates."""


@pytest.mark.hypothesis
@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_agrees_with_the_oracle(seed: int, tmp_path: Path) -> None:
    generate(seed, tmp_path)
    assessment = read_folder(tmp_path)
    try:
        marking = mark(tmp_path)
    except Refusal:
        with pytest.raises(MarkingError):
            score(assessment)
        return
    result = score(assessment)
    compare_results(marking, result)
    compare_scores(marking, result)
    compare_places(marking, result)
    compare_quotas(marking, result)


def compare_results(marking: Marking, result: Result) -> None:
    """Totals to 1e-9 of the full mark, everything else as it stands."""
    near = NEAR * result.assessment.scheme.full_mark
    found = result.results.drop("class").to_dicts()
    assert [(row["track"], row["unit"]) for row in found] == [(row["track"], row["unit"]) for row in marking.results]
    for row, expected in zip(found, marking.results, strict=True):
        texts = {name: expected[name] or "" for name in ("tier", "tier_last", "awards")}
        assert row == {**expected, **texts, "total": close_to(expected["total"], near)}


def compare_scores(marking: Marking, result: Result) -> None:
    """Points and full marks to 1e-9 of the full mark, rates to 1e-9 of 100; the same rows of the same kinds."""
    near = NEAR * result.assessment.scheme.full_mark
    keys = ("track", "unit", "node", "kind")
    found = result.scores.sort("track", "unit", "node").to_dicts()
    assert [[row[key] for key in keys] for row in found] == [[row[key] for key in keys] for row in marking.scores]
    for row, expected in zip(found, marking.scores, strict=True):
        place = [row[key] for key in keys]
        assert row["points"] == close_to(expected["points"], near), place
        assert row["full_mark"] == close_to(expected["full_mark"], near), place
        assert row["rate"] == close_to(expected["rate"], NEAR * 100), place


def close_to(number: Cell, near: float) -> Any:
    return None if number is None else pytest.approx(float(Fraction(number)), rel=0, abs=near)


def compare_places(marking: Marking, result: Result) -> None:
    """A node's place counts the ranked units of the same list that have a higher rate; the total's place is the rank."""
    ranks = {row["unit"]: row["rank"] for row in marking.results}
    classes = dict(result.assessment.units.select("unit", "class").iter_rows())
    lists: dict[tuple[object, ...], list[Fraction]] = defaultdict(list)

    def group(row: dict[str, Cell]) -> tuple[object, ...]:
        track = result.assessment.scheme.tracks[str(row["track"])]
        return row["track"], row["node"], classes[row["unit"]] if track.rank_within == "class" else ""

    for row in marking.scores:
        if ranks[row["unit"]] is not None:
            lists[group(row)].append(Fraction(row["rate"] or 0))
    expected = {}
    for row in marking.scores:
        key, rank = (row["unit"], row["node"]), ranks[row["unit"]]
        if rank is None or row["node"] == "total":
            expected[key] = rank
        else:
            own = Fraction(row["rate"] or 0) + Fraction(1, 10**7)
            expected[key] = 1 + sum(rate >= own for rate in lists[group(row)])
    assert {(row["unit"], row["node"]): row["place"] for row in result.scores.iter_rows(named=True)} == expected


def compare_quotas(marking: Marking, result: Result) -> None:
    """The lists are the same, except that the engine does not cut a place that several share: then its list is shorter."""
    listed: dict[str, set[str]] = {str(quota): set() for quota in marking.quotas}
    for row in result.quotas.filter("listed").iter_rows(named=True):
        listed[row["quota"]].add(row["unit"])
    ranks = {str(row["unit"]): row["rank"] for row in marking.results}
    for quota, units in marking.quotas.items():
        expected = set(units)
        for doubt in marking.doubts:
            if doubt.startswith(f"quota {quota}: "):
                assert doubt.endswith("share a rank at the end")
                border = ranks[units[-1]]
                expected = {unit for unit in units if ranks[unit] != border}
        assert listed[quota] == expected
