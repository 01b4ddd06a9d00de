"""The marked folders: every number of the expected files, and nothing beside them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import tongkao
from tests.reference.folders import cases_of, mark, needed, number, read_rows, reference_root

#: what names a row
Key = tuple[str, ...]
RESULT_NUMBERS = ("rank", "rank_last", "rank_change")
RESULT_TEXTS = ("tier", "tier_last", "awards")


def case_ids() -> list[str]:
    root = reference_root()
    return [] if root is None else [path.parent.name for path in sorted(root.glob("marking/*/scheme.yaml"))]


@pytest.fixture(params=cases_of("marking", case_ids()))
def folder(request: pytest.FixtureRequest) -> Path:
    return needed("marking") / str(request.param)


def by_key(rows: list[dict[str, str]], *keys: str) -> dict[Key, dict[str, str]]:
    return {tuple(row[key] for key in keys): row for row in rows}


def table_by_key(table: pl.DataFrame, *keys: str) -> dict[Key, dict[str, Any]]:
    return {tuple(str(row[key]) for key in keys): row for row in table.iter_rows(named=True)}


def differences(
    expected: dict[Key, dict[str, str]],
    found: dict[Key, dict[str, Any]],
    tolerances: Mapping[str, float],
    texts: tuple[str, ...],
) -> Iterator[str]:
    """Name every cell that differs; a number may differ by its column's tolerance, a text not at all."""
    for key in sorted(expected.keys() - found.keys()):
        yield f"{key} is expected and not there"
    for key in sorted(found.keys() - expected.keys()):
        yield f"{key} is there and not expected"
    for key in sorted(expected.keys() & found.keys()):
        for column, tolerance in tolerances.items():
            want, have = number(expected[key][column]), found[key][column]
            if (want is None) != (have is None) or (
                want is not None and not math.isclose(want, have, rel_tol=0, abs_tol=tolerance)
            ):
                yield f"{key} {column}: expected {want}, found {have}"
        for column in texts:
            if expected[key][column] != (found[key][column] or ""):
                yield f"{key} {column}: expected {expected[key][column]!r}, found {found[key][column]!r}"


def by_kind(rows: dict[Key, dict[str, Any]], kinds: Collection[str], *, rounded: bool) -> dict[Key, dict[str, Any]]:
    """The rows whose kind of node is rounded, or the others."""
    return {key: row for key, row in rows.items() if (row["kind"] in kinds) == rounded}


def test_results_are_those_expected(folder: Path) -> None:
    """A rounded total is equal, another one to 1e-9 of the full mark; ranks, tiers and awards are equal."""
    assessment = tongkao.read_folder(folder)
    scheme = assessment.scheme
    expected = by_key(read_rows(folder / "expected_results.csv"), "track", "unit")
    found = table_by_key(tongkao.score(assessment).results, "track", "unit")
    tolerance = 0.0 if "total" in scheme.rounding.at else 1e-9 * scheme.full_mark
    tolerances = {"total": tolerance, **dict.fromkeys(RESULT_NUMBERS, 0.0)}
    assert not list(differences(expected, found, tolerances, RESULT_TEXTS))


@pytest.mark.parametrize("rounded", [True, False], ids=["rounded", "unrounded"])
def test_scores_are_those_expected(folder: Path, rounded: bool) -> None:
    """Points where the scheme rounds are equal, others to 1e-9 of the full mark; rates to 1e-9 of 100."""
    assessment = tongkao.read_folder(folder)
    kinds, tolerance = assessment.scheme.rounding.at, 1e-9 * assessment.scheme.full_mark
    expected = by_kind(by_key(read_rows(folder / "expected_scores.csv"), "track", "unit", "node"), kinds, rounded=rounded)
    found = by_kind(table_by_key(tongkao.score(assessment).scores, "track", "unit", "node"), kinds, rounded=rounded)
    tolerances = {"full_mark": tolerance, "points": 0.0 if rounded else tolerance, "rate": 1e-7}
    assert not list(differences(expected, found, tolerances, ("kind",)))


def test_rounded_points_have_no_more_decimals_than_the_scheme_says(folder: Path) -> None:
    assessment = tongkao.read_folder(folder)
    rounding = assessment.scheme.rounding
    rounded = mark(folder).scores.filter(pl.col("kind").is_in(rounding.at))
    longer = [points for points in rounded["points"] if points != round(points, rounding.places)]
    assert not longer


def test_the_order_of_rows_does_not_matter(folder: Path, tmp_path: Path) -> None:
    """The folder with every table upside down gives the very same results."""
    for path in folder.iterdir():
        if path.name.startswith("expected_"):
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            head, *body = text.splitlines()
            text = "\n".join([head, *reversed(body)]) + "\n"
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    straight, upside_down = mark(folder), mark(tmp_path)
    assert upside_down.results.equals(straight.results)
    assert upside_down.scores.equals(straight.scores)
