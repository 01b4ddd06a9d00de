"""The tables of statistics: whole rows by hand, and no number that is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.oracle.generator import generate
from tests.unit.reports.folders import small_folder
from tongkao.folder.read import read_folder
from tongkao.reports.statistics import Statistics, statistics_files, statistics_of


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, pl.DataFrame]:
    """Of the small folder: growth 90, 80, 70 and air 30, 20, 40 (less is better); a fourth unit is listed apart."""
    folder = small_folder(tmp_path / "folder")
    header, *lines = (folder / "observations.csv").read_text("utf-8").splitlines()
    earlier = ["a,air,60,2018", "b,growth,20,2018", "b,air,0,2019"]
    (folder / "observations.csv").write_text(
        "\n".join([f"{header},period", *(f"{line}," for line in lines), *earlier]) + "\n", "utf-8"
    )
    return dict(statistics_of(read_folder(folder)).tables)


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return table.select(columns).rows()


def test_discrimination(tables: dict[str, pl.DataFrame]) -> None:
    third = pytest.approx(1 / 3)
    assert tables["discrimination"].rows() == [
        ("city", "growth", 3, 70.0, 90.0, 80.0, 10.0, 0.125, 0.125, 3, 0.0, None, None, ""),
        ("city", "air", 3, 60.0, 100.0, 80.0, 20.0, 0.25, third, 3, third, third, third, ""),
    ]


def test_units_and_who_is_listed_apart(tables: dict[str, pl.DataFrame]) -> None:
    totals = tables["units"].filter(pl.col("node") == "total")
    assert rows(totals, "unit", "rate", "place", "place_in_track", "of_track", "place_in_class", "of_class") == [
        ("a", 86.0, 2, 2, 3, 2, 3),
        ("b", 88.0, 1, 1, 3, 1, 3),
        ("c", 66.0, 3, 3, 3, 3, 3),
        ("zone", 87.0, None, None, 3, None, 3),
    ]


def test_strengths(tables: dict[str, pl.DataFrame]) -> None:
    assert rows(tables["strengths"], "unit", "side", "indicator", "parent", "place", "of", "sharing", "value", "rate") == [
        ("a", "strength", "growth", "total", 1, 3, 1, 90.0, 90.0),
        ("a", "weakness", "air", "total", 2, 3, 1, 30.0, 80.0),
        ("b", "strength", "air", "total", 1, 3, 1, 20.0, 100.0),
        ("b", "weakness", "growth", "total", 2, 3, 1, 80.0, 80.0),
        ("c", "strength", "growth", "total", 3, 3, 1, 70.0, 70.0),
        ("c", "weakness", "air", "total", 3, 3, 1, 40.0, 60.0),
    ]


def test_trends(tables: dict[str, pl.DataFrame]) -> None:
    """Growth from zero has no rate; less air is better."""
    moved = tables["trends"].filter(pl.col("years") > 1)
    assert rows(moved, "unit", "indicator", "first_year", "last_year", "first", "last", "growth", "change", "moved") == [
        ("a", "air", 2018, 2020, 60.0, 30.0, pytest.approx(0.5**0.5 - 1), -15.0, "better"),
        ("b", "growth", 2018, 2020, 20.0, 80.0, pytest.approx(1.0), 30.0, "better"),
        ("b", "air", 2019, 2020, 0.0, 20.0, None, 20.0, "worse"),
    ]
    assert tables["trends"].height == 8


def test_outranking(tables: dict[str, pl.DataFrame]) -> None:
    assert rows(tables["outranking"], "unit", "other", "share") == [
        ("a", "b", pytest.approx(0.6)),
        ("a", "c", pytest.approx(1.0)),
        ("b", "a", pytest.approx(0.4)),
        ("b", "c", pytest.approx(1.0)),
        ("c", "a", 0.0),
        ("c", "b", 0.0),
    ]


def test_correlations(tables: dict[str, pl.DataFrame]) -> None:
    """Own values are turned, so that both stages say the same here; the total contains what is below it."""
    columns = ("stage", "level", "first", "second", "relation", "n", "pearson", "spearman", "kendall", "flag")
    half = pytest.approx(0.5)
    assert rows(tables["correlations"], *columns) == [
        ("own", "indicator", "growth", "air", "within", 3, half, half, pytest.approx(1 / 3), ""),
        ("rate", "indicator", "growth", "air", "within", 3, half, half, pytest.approx(1 / 3), ""),
    ]


def test_consistency_and_components(tables: dict[str, pl.DataFrame]) -> None:
    # variances 100 and 400, covariance 100: alpha = 2 (1 - 500/700)
    assert rows(tables["consistency"], "node", "without", "items", "alpha") == [
        ("total", "", 2, pytest.approx(4 / 7)),
        ("total", "growth", 1, None),
        ("total", "air", 1, None),
    ]
    assert rows(tables["components"], "node", "component", "n", "eigenvalue", "share", "cumulative_share") == [
        ("total", 1, 3, pytest.approx(1.5), pytest.approx(0.75), pytest.approx(0.75)),
        ("total", 2, 3, pytest.approx(0.5), pytest.approx(0.25), pytest.approx(1.0)),
    ]
    assert tables["loadings"].height == 4


def test_availability_counts_units_apart_too(tables: dict[str, pl.DataFrame]) -> None:
    whole = tables["availability"].filter(pl.col("unit") == "")
    assert rows(whole, "class", "node", "kind", "asked", "present", "missing", "available_share") == [
        ("", "total", "total", 8, 8, 0, 1.0),
        ("", "growth", "indicator", 4, 4, 0, 1.0),
        ("", "air", "indicator", 4, 4, 0, 1.0),
    ]


def border(statistics: Statistics) -> None:
    for name, table in statistics.tables.items():
        for column in table.get_columns():
            if column.dtype == pl.Float64:
                assert bool(column.drop_nulls().is_finite().all()), (name, column.name)
            if column.dtype == pl.String:
                assert column.null_count() == 0, (name, column.name)


@pytest.mark.parametrize("seed", range(12))
def test_random_folders(seed: int, tmp_path: Path) -> None:
    """Gaps, mixes, classes, weights of zero, tiny groups, constants: everything has statistics, and nothing holds NaN."""
    generate(seed, tmp_path)
    statistics = statistics_of(read_folder(tmp_path))
    border(statistics)
    assert statistics_files(statistics, "csv") == statistics_files(statistics_of(read_folder(tmp_path)), "csv")
