"""Human Development Index 2021: fixed goalposts with caps, a logarithm, a geometric mean, ranks from the rounded index."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.reference.folders import mark, needed, of_results, read_rows, simple_scheme, write_folder

COLUMNS = {"life_expectancy": "life_exp", "expected_schooling": "eys", "mean_schooling": "mys", "income": "gni_pc"}


def write(path: Path, *, places: int | None) -> Path:
    """The index as an assessment folder: full mark 1, so that points are the index itself."""
    source = needed("hdi_2021")
    posts = {row["variable"]: row for row in read_rows(source / "goalposts.csv")}
    indicators: dict[str, dict[str, object]] = {}
    for indicator, variable in COLUMNS.items():
        low, high = posts[variable]["minimum"], posts[variable]["maximum"]
        scale = posts[variable]["scale"]
        assert scale in ("linear", "log")
        indicators[indicator] = (
            {"score": {"method": "minmax", "goalposts": [float(low), float(high)]}}
            if scale == "linear"
            else {"value": "log(gni)", "score": {"method": "minmax", "goalposts": [f"log({low})", f"log({high})"]}}
        )
    education = {
        "id": "education",
        "title": "教育",
        "weight": 1,
        "aggregate": "arithmetic",
        "children": [{"indicator": name, "weight": 1} for name in ("expected_schooling", "mean_schooling")],
    }
    tree = [{"indicator": "life_expectancy", "weight": 1}, education, {"indicator": "income", "weight": 1}]
    scheme = simple_scheme(
        indicators,
        tree,
        full_mark=1,
        rounding={"at": [] if places is None else ["total"], "places": places or 0},
        track={"aggregate": "geometric"},
    )
    rows = read_rows(source / "inputs.csv")
    observations = [
        {"unit": row["country"], "indicator": "gni" if name == "income" else name, "value": row[column]}
        for row in rows
        for name, column in COLUMNS.items()
    ]
    return write_folder(path, scheme, [{"unit": row["country"], "track": "unit"} for row in rows], observations=observations)


def test_unrounded_index_is_within_half_a_thousandth_of_the_published_one(tmp_path: Path) -> None:
    expected = {row["country"]: float(row["hdi"]) for row in read_rows(needed("hdi_2021") / "expected.csv")}
    found = of_results(mark(write(tmp_path, places=None)), "total")
    assert found.keys() == expected.keys()
    far = {country: (found[country], hdi) for country, hdi in expected.items() if abs(found[country] - hdi) >= 0.0005}
    assert not far


def test_rounded_index_and_its_ranks_are_the_published_ones(tmp_path: Path) -> None:
    rows = read_rows(needed("hdi_2021") / "expected.csv")
    result = mark(write(tmp_path, places=3))
    assert len(rows) == 191
    assert of_results(result, "total") == {row["country"]: float(row["hdi"]) for row in rows}
    assert of_results(result, "rank") == {row["country"]: int(row["hdi_rank"]) for row in rows}


def test_caps_bite_where_the_report_says(tmp_path: Path) -> None:
    """One country is above the ceiling of life expectancy, 13 of expected schooling, 5 of income."""
    scores = mark(write(tmp_path, places=3)).scores
    full = scores.filter((pl.col("kind") == "indicator") & (pl.col("rate") == 100)).group_by("node").len()
    assert dict(full.iter_rows()) == {"life_expectancy": 1, "expected_schooling": 13, "income": 5}


def test_health_of_one_country_by_hand(tmp_path: Path) -> None:
    """Afghanistan lives 61.9824 years: (61.9824 - 20) / 65 = 64.588 %."""
    scores = mark(write(tmp_path, places=3)).scores
    rate = scores.filter((pl.col("unit") == "Afghanistan") & (pl.col("node") == "life_expectancy"))["rate"].item()
    assert rate == pytest.approx(100 * (61.9824 - 20) / 65, abs=1e-9)
