"""Weights by every method: hand values, what they change, what experts said, and the folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tests.unit.reports.folders import contents, full_folder, small_folder
from tongkao.errors import MarkingError, OutputError
from tongkao.folder.read import read_folder
from tongkao.reports.files import sha256
from tongkao.reports.weights import WeightsAnalysis, weights_files, weights_of, write_weights
from tongkao.reports.weights_proposals import METHODS, OF_EXPERTS, TITLES
from tongkao.robustness import weighting

VALUES = np.array([[90.0, 30.0], [80.0, 20.0], [70.0, 40.0]])
SIGN = np.array([1.0, -1.0])
#: rates of the three cities with a place; the new zone has none and is in no comparison group
RATES = np.array([[90.0, 80.0], [80.0, 100.0], [70.0, 60.0]])


def _small(tmp_path: Path, *changes: tuple[str, str, str]) -> WeightsAnalysis:
    return weights_of(read_folder(small_folder(tmp_path / "folder", *changes)))


def _weights(analysis: WeightsAnalysis, method: str) -> list[float]:
    rows = analysis.tables["weights"].filter((pl.col("method") == method) & (pl.col("kind") == "indicator"))
    return rows["weight"].to_list()


def test_every_method_sees_the_values_or_rates_of_the_units_with_a_place(tmp_path: Path) -> None:
    analysis = _small(tmp_path)
    expected = {
        "scheme": [0.6, 0.4],
        "equal": [0.5, 0.5],
        "standard_deviation": weighting.standard_deviation(VALUES),
        "entropy": weighting.entropy(VALUES),
        "critic": weighting.critic(VALUES, SIGN),
        "merec": weighting.merec(VALUES, SIGN),
        "pca": weighting.pca(VALUES, SIGN),
        "balance": weighting.balance(RATES).weights,
        "benefit_of_the_doubt": weighting.benefit_of_the_doubt(RATES).mean_shares,
    }
    assert analysis.tables["weights"]["method"].unique(maintain_order=True).to_list() == list(expected)
    for method, weights in expected.items():
        assert _weights(analysis, method) == pytest.approx(list(weights), abs=1e-12), method
    changes = analysis.tables["weights"].filter(pl.col("method") == "equal")["change"].to_list()
    assert changes == pytest.approx([-0.1, 0.1])


def test_what_equal_weights_would_change(tmp_path: Path) -> None:
    tables = _small(tmp_path).tables
    rows = tables["ranks"].filter(pl.col("method") == "equal")
    assert rows.select("unit", "total_before", "total", "rank_before", "rank", "rank_change", "tier_before", "tier").rows() == [
        ("a", 86.0, 85.0, 2, 2, 0, "second", "second"),
        ("b", 88.0, 90.0, 1, 1, 0, "first", "first"),
        ("c", 66.0, 65.0, 3, 3, 0, "second", "second"),
        ("zone", 87.0, 87.5, None, None, None, "", ""),
    ]
    summary = tables["summary"].filter(pl.col("method") == "equal").row(0, named=True)
    assert {key: summary[key] for key in ("mean_rank_change", "moved", "tiers_changed", "most_up", "reason_en")} == {
        "mean_rank_change": 0.0,
        "moved": 0,
        "tiers_changed": 0,
        "most_up": "",
        "reason_en": "",
    }


def test_influence_beside_weight(tmp_path: Path) -> None:
    rows = _small(tmp_path).tables["influence"]
    found = weighting.influences(RATES, [0.6, 0.4])
    assert rows["weight"].to_list() == pytest.approx([0.6, 0.4])
    assert rows["squared_correlation"].to_list() == pytest.approx(found.tolist())
    assert rows["influence"].sum() == pytest.approx(1.0)


def test_a_method_that_cannot_says_why_and_the_others_go_on(tmp_path: Path) -> None:
    tables = _small(tmp_path, ("observations.csv", "c,growth,70", "c,growth,-70")).tables
    refused = tables["summary"].filter(pl.col("moved").is_null())
    assert refused["method"].to_list() == ["entropy", "merec", "benefit_of_the_doubt"]
    assert "1 (growth)" in refused["reason_en"][0]
    assert "1 (growth)" in refused["reason_zh"][0]
    assert "pca" in tables["ranks"]["method"].to_list()


def test_classes_with_weights_of_their_own_and_gaps(tmp_path: Path) -> None:
    analysis = weights_of(read_folder(full_folder(tmp_path / "full")))
    weights = analysis.tables["weights"].filter((pl.col("track") == "city") & (pl.col("method").is_in(["scheme", "equal"])))
    sums = weights.filter(pl.col("kind") == "indicator").group_by("profile", "method").agg(pl.col("weight").sum())
    assert sums["weight"].to_list() == pytest.approx([1.0] * sums.height)
    equal = weights.filter((pl.col("method") == "equal") & (pl.col("kind") == "indicator"))["weight"]
    assert equal.to_list() == pytest.approx([1 / 3] * len(equal))
    refused = analysis.tables["summary"].filter(pl.col("moved").is_null() & (pl.col("track") == "city"))
    assert "equal" not in refused["method"].to_list()
    assert refused["reason_en"].str.contains("no rule for gaps").all()


JUDGEMENTS = "expert,first,second,times\nWang,growth,air,3\nLi,air,growth,1/5\n"


def test_judgements_of_experts(tmp_path: Path) -> None:
    file, points = tmp_path / "pairs.csv", tmp_path / "points.csv"
    file.write_text("\ufeff" + JUDGEMENTS, encoding="utf-8")
    points.write_text("node,points,expert\ngrowth,7,Wang\nair,3,Wang\ngrowth,50,Li\nair,50,Li\n", encoding="utf-8")
    analysis = weights_of(read_folder(small_folder(tmp_path / "folder")), judgements=file, points=points)
    ratio = 15.0**0.5
    for method in ("ahp", "ahp_geometric_mean"):
        assert _weights(analysis, method) == pytest.approx([ratio / (1 + ratio), 1 / (1 + ratio)], abs=1e-9)
    assert _weights(analysis, "budget") == pytest.approx([0.6, 0.4])
    consistency = analysis.tables["consistency"]
    assert consistency.select("node", "expert", "method").rows() == [
        *(("total", who, "ahp") for who in ("Wang", "Li", "")),
        ("total", "", "ahp_geometric_mean"),
    ]
    assert consistency["consistency_ratio"].to_list() == [0.0] * 4
    files = weights_files(analysis)
    assert files["inputs/judgements.csv"].decode("utf-8-sig") == JUDGEMENTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first,second\na,b\n", "columns are missing: times; expected are first, second, times"),
        ("first,second,times\ngrowht,air,3\n", "pairs.csv:2: there is no node growht (did you mean growth?)"),
        (
            "first,second,times\ngrowth,air,much\n",
            'pairs.csv:2: "much" should be a positive number or fraction, such as 3 or 1/3',
        ),
        ("first,second,times\ngrowth,air,1/0\n", 'pairs.csv:2: "1/0" should be a positive number or fraction, such as 3 or 1/3'),
        ("first,second,times\ngrowth,growth,1\n", "growth and growth are not two children of one node and cannot be compared"),
        ("first,second,times\ngrowth,air,3\nair,growth,1/3\n", "pairs.csv:3: - speaks of air, growth twice"),
    ],
)
def test_judgements_that_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        weights_of(read_folder(small_folder(tmp_path / "folder")), judgements=file)
    assert expected in caught.value.describe("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("node,points\ngrowth,60\n", "points.csv: - does not speak of air below total"),
        ("node,points\ngrowth,-1\nair,2\n", 'points.csv:2: "-1" should be a number of 0 or more'),
        ("node,points\ngrowth,1\ngrowth,1\nair,2\n", "points.csv:3: - speaks of growth twice"),
        ("node,points\nairs,1\n", "points.csv:2: there is no node airs (did you mean air?)"),
    ],
)
def test_points_that_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        weights_of(read_folder(small_folder(tmp_path / "folder")), points=file)
    assert expected in caught.value.describe("en")


def test_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    analysis = _small(tmp_path)
    names = write_weights(analysis, out, folder=tmp_path / "folder")
    assert names == [
        *(f"{name}.{form}" for name in ("summary", "weights", "ranks", "influence", "doubt") for form in ("csv", "parquet")),
        *("weights.xlsx", "charts/", "run.json", "inputs/"),
    ]
    run = json.loads((out / "run.json").read_bytes())
    assert (run["kind"], run["methods"]) == ("weights", list(METHODS))
    assert {name: sha256((out / name).read_bytes()) for name in run["outputs"]} == run["outputs"]
    before = contents(out)
    write_weights(_small(tmp_path / "again"), out)
    assert contents(out) == before
    (out / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        write_weights(analysis, out)


def test_a_folder_that_cannot_be_marked_has_no_weights(tmp_path: Path) -> None:
    with pytest.raises(MarkingError):
        _small(tmp_path, ("observations.csv", "c,growth,70\n", ""))


def test_every_method_has_a_name_in_both_languages() -> None:
    assert set(TITLES) == set(METHODS)
    assert set(OF_EXPERTS) < set(METHODS)
    assert all(zh and en for zh, en in TITLES.values())
