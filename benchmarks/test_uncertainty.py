"""How fast an experiment runs: many markings of one assessment under other weights, scores, means, treatments, imputations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from benchmarks.synthetic import assessment, write_folder
from benchmarks.test_engine import peak_bytes
from pytest_benchmark.fixture import BenchmarkFixture

from tongkao.folder.assessment import Assessment
from tongkao.folder.read import read_folder
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.spec import Spec
from tongkao.robustness.uncertainty import uncertainty
from tongkao.scheme.model import Scheme

WEIGHTS = {"id": "weights", "weights": {"method": "band", "share": 0.25}, "at": "all"}
SCORES = {
    "id": "scores",
    "path": "indicators.*.score",
    "choices": [{"method": "minmax", "low": 1.0, "high": 100.0}, {"method": "zscore", "mean": 50.0, "sd": 5.0}],
}
MEANS = {"id": "means", "path": "tracks.city.aggregate", "choices": ["arithmetic", "geometric"]}
TREATMENTS = {"id": "treatments", "path": "treat.max", "choices": [1, 2, 3, 4, 5]}
IMPUTATIONS = {
    "id": "imputations",
    "path": "missing",
    "choices": [{"impute": "mean", "within": "class"}, {"impute": "median", "within": "track"}],
}


def index(units: int = 51, indicators: int = 49) -> Assessment:
    """A composite index of the size of ASEM: 4 % of the values missing and imputed, outliers pulled in."""
    made = assessment(units, indicators, missing_share=0.04)
    data = made.scheme.model_dump(mode="json", exclude_unset=True)
    data |= {"missing": {"impute": "mean", "within": "class"}, "treat": {"method": "coin", "max": 5}}
    return replace(made, scheme=Scheme.model_validate(data))


def spec(*vary: dict[str, Any], runs: int = 1000) -> Spec:
    return Spec.model_validate({"runs": runs, "vary": list(vary)})


@pytest.mark.parametrize(
    "vary", [(WEIGHTS, SCORES, MEANS), (WEIGHTS, SCORES, MEANS, TREATMENTS, IMPUTATIONS)], ids=["rules", "rules-and-values"]
)
@pytest.mark.parametrize("ready", [True, False], ids=["ready", "from-scratch"])
def test_uncertainty_of_an_index(benchmark: BenchmarkFixture, vary: tuple[dict[str, Any], ...], ready: bool) -> None:
    """1,000 runs of 51 × 49 with ranks and quantiles; from scratch: with the check of every combination and its preparation."""
    made, what = index(), spec(*vary)
    experiment = Experiment(made, what)
    experiment.random()

    def whole() -> int:
        outcomes = (experiment if ready else Experiment(made, what)).random()
        described = uncertainty(outcomes, "city")
        return int(described.ranks.quantiles.shape[2])

    assert benchmark.pedantic(whole, rounds=9, warmup_rounds=1) == 51


@pytest.mark.parametrize(("units", "indicators", "rounds"), [(13, 60, 15), (280, 150, 9), (3_000, 200, 5)])
def test_weights(benchmark: BenchmarkFixture, units: int, indicators: int, rounds: int) -> None:
    """10,000 draws of any weights: totals, places and how often each unit had each place."""
    experiment = Experiment(assessment(units, indicators), spec({"id": "any", "weights": {"method": "dirichlet"}}, runs=10_000))

    def whole() -> int:
        return int(experiment.random().tracks["city"].counts.placed.sum())

    assert benchmark.pedantic(whole, rounds=rounds, warmup_rounds=1) == 10_000 * units


def test_full_rules(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """10,000 draws of 280 × 150 with classes, events, gates, tiers, backfill, ties by a paper, awards and rounding."""
    write_folder(tmp_path / "folder", units=280, indicators=150)
    experiment = Experiment(
        read_folder(tmp_path / "folder"),
        spec({"id": "noise", "weights": {"method": "band", "share": 0.25}, "at": "all"}, runs=10_000),
    )

    def whole() -> float:
        return float(uncertainty(experiment.random(), "city").tiers.sum())

    assert benchmark.pedantic(whole, rounds=5, warmup_rounds=1) == pytest.approx(280)


LIBRARIES = """
from benchmarks.synthetic import assessment
from benchmarks.test_uncertainty import spec
from tongkao.robustness.experiment import Experiment
"""
RUN = """
what = spec({"id": "any", "weights": {"method": "dirichlet"}}, runs=25_000)
outcomes = Experiment(assessment(3_000, 50), what).random()
assert outcomes.step == 3
"""


def test_memory_does_not_grow_with_the_runs() -> None:
    """75 million totals, of which a third are kept with places and tiers: 325 MB, whatever the number of runs."""
    used = peak_bytes(LIBRARIES + RUN) - peak_bytes(LIBRARIES)
    print(f"25,000 draws of 3,000 x 50: {used / 1e6:.0f} MB beyond the libraries")
    assert used < 600e6
