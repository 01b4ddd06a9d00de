"""The examples are sound, and what one of them takes from the other is what the other gives."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import tongkao

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@pytest.mark.parametrize("folder", sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()))
def test_every_example_is_marked_without_a_warning(folder: str) -> None:
    assessment = tongkao.read_folder(EXAMPLES / folder)
    assert assessment.warnings == ()
    assert tongkao.score(assessment).results.height == assessment.units.height


def test_the_history_of_jiangsu_is_the_marking_of_2018() -> None:
    marked = tongkao.score(tongkao.read_folder(EXAMPLES / "jiangsu-cities-2018")).results
    history = tongkao.read_folder(EXAMPLES / "jiangsu-cities-2022").history
    columns = ["track", "unit", "total", "rank", "tier"]
    assert history.select("year", *columns).sort("unit").rows() == [
        (2018, *row) for row in marked.select(columns).sort("unit").rows()
    ]


def test_jiangsu_shows_moves_tiers_and_awards() -> None:
    results = tongkao.score(tongkao.read_folder(EXAMPLES / "jiangsu-cities-2022")).results.sort("rank")
    assert results.select("unit", "total", "rank", "tier", "rank_change", "awards").rows() == [
        ("无锡", 87.07, 1, "first", 1, ""),
        ("扬州", 85.70, 2, "first", -1, ""),
        ("宿迁", 84.03, 3, "first", 9, "pace"),
        ("常州", 83.50, 4, "first", 5, "pace"),
        ("苏州", 82.94, 5, "second", -2, ""),
        ("淮安", 82.38, 6, "second", -1, ""),
        ("连云港", 81.79, 7, "second", 4, "advancement"),
        ("南京", 80.86, 8, "second", 0, ""),
        ("盐城", 80.83, 9, "second", -5, ""),
        ("南通", 80.47, 10, "third", -3, "pace"),
        ("徐州", 74.84, 11, "third", -5, ""),
        ("镇江", 71.03, 12, "third", 1, ""),
        ("泰州", 70.91, 13, "third", -3, ""),
    ]


def test_jiangsu_is_the_published_figures() -> None:
    """Sums that the yearbook prints for the province."""
    observations = pl.read_csv(EXAMPLES / "jiangsu-cities-2022" / "observations.csv")
    sums = observations.group_by("indicator", "period").agg(pl.col("value").sum().round(2)).sort("indicator", "period")
    province = sums.filter(pl.col("indicator").is_in(["population", "urban_population"])).rows()
    assert province == [
        ("population", 2017, 8029.30),
        ("population", 2018, 8050.70),
        ("urban_population", 2017, 5520.95),
        ("urban_population", 2018, 5604.09),
    ]
