"""The oracle reproduces the sixteen marked reference folders."""

from __future__ import annotations

import csv
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from .exact import mark
from .generator import generate


def reference() -> Path:
    named = os.environ.get("TONGKAO_REFERENCE")
    return (Path(named) if named else Path(__file__).parents[3] / "shared" / "reference") / "marking"


CASES = sorted(path.name for path in reference().glob("case_*"))


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def assert_near(found: Any, expected: str, allowed: Fraction, place: str) -> None:
    assert (found is None) == (expected == ""), place
    if found is not None:
        assert abs(found - Fraction(expected)) <= allowed, f"{place}: {float(found)} is not {expected}"


@pytest.mark.skipif(not CASES, reason=f"no reference folders at {reference()}; set TONGKAO_REFERENCE")
@pytest.mark.parametrize("case", CASES or ["none"])
def test_reproduces_reference(case: str) -> None:
    folder = reference() / case
    marking = mark(folder)
    scheme = YAML(typ="safe").load((folder / "scheme.yaml").read_text(encoding="utf-8"))
    full = Fraction(str(scheme["full_mark"]))
    rounded = set(scheme["rounding"]["at"])
    # a printed number has 16 digits: equal where something is rounded means equal up to those
    printed = Fraction(1, 10**14)
    expected = read(folder / "expected_results.csv")
    assert [(row["track"], row["unit"]) for row in marking.results] == [(row["track"], row["unit"]) for row in expected]
    for found, row in zip(marking.results, expected, strict=True):
        place = f"{case} {row['unit']}"
        assert_near(found["total"], row["total"], full * (printed if "total" in rounded else Fraction(1, 10**9)), place)
        for column in ("rank", "tier", "rank_last", "tier_last", "rank_change", "awards"):
            cell = found[column]
            assert ("" if cell is None else str(cell)) == row[column], f"{place} {column}"
    expected = read(folder / "expected_scores.csv")
    keys = ("track", "unit", "node", "kind")
    assert [tuple(row[key] for key in keys) for row in marking.scores] == [tuple(row[key] for key in keys) for row in expected]
    for found, row in zip(marking.scores, expected, strict=True):
        place = f"{case} {row['unit']} {row['node']}"
        allowed = full * (printed if row["kind"] in rounded else Fraction(1, 10**9))
        assert_near(found["points"], row["points"], allowed, place)
        assert_near(found["full_mark"], row["full_mark"], full / 10**9, place)
        assert_near(found["rate"], row["rate"], Fraction(100, 10**9), place)


@pytest.mark.parametrize("seed", range(40))
def test_marks_generated_folder(seed: int, tmp_path: Path) -> None:
    generate(seed, tmp_path / "once")
    generate(seed, tmp_path / "again")
    files = sorted(path.name for path in (tmp_path / "once").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "again").iterdir())
    for name in files:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    marking = mark(tmp_path / "once")
    assert len(marking.results) == len(read(tmp_path / "once" / "units.csv"))
    assert {row["unit"] for row in marking.scores} == {row["unit"] for row in marking.results if row["total"] is not None}
