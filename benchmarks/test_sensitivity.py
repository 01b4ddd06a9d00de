"""How fast one learns which choice matters, and what each indicator does; 51 units × 49 indicators, as many as ASEM has."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.synthetic import assessment
from pytest_benchmark.fixture import BenchmarkFixture

from tongkao.robustness.blas import one_thread
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.leaving_out import leave_out, leave_out_units, nodes_of
from tongkao.robustness.leaving_words import explain
from tongkao.robustness.moves import Base, bases
from tongkao.robustness.sampling import radial
from tongkao.robustness.sensitivity import sensitivity
from tongkao.robustness.sobol import indices
from tongkao.robustness.spec import Spec

CHOICES = [
    {"id": "weights", "weights": {"method": "band", "share": 0.25}, "at": "all"},
    {
        "id": "normalise",
        "path": "indicators.*.score",
        "choices": [{"method": "minmax", "low": 1.0, "high": 100.0}, {"method": "percentile"}],
    },
    {"id": "mean", "path": "tracks.city.aggregate", "choices": ["arithmetic", {"power": 0.5}]},
    {
        "id": "treat",
        "settings": {"as_it_is": {}, "winsorise": {"treat": {"method": "winsorise", "max": 5}}},
    },
]


@pytest.mark.parametrize("choices", [3, 4])
def test_sensitivity_with_everything(benchmark: BenchmarkFixture, choices: int) -> None:
    """N = 1,000: 5,000 or 6,000 markings with ranks, 1,000 bootstraps, ranks and totals of all units and the mean rank change."""
    made = assessment(51, 49)
    spec = Spec.model_validate({"vary": CHOICES[:choices]})

    def fresh() -> tuple[tuple[Experiment], dict[str, int]]:
        return (Experiment(made, spec),), {"n": 1000, "bootstraps": 1000}

    found = benchmark.pedantic(sensitivity, setup=fresh, rounds=5, warmup_rounds=1)
    assert found.table.height == 103 * choices


def test_indices_alone(benchmark: BenchmarkFixture) -> None:
    """The estimators and their bootstrap: 103 targets, 4 choices, N = 1,000, 1,000 resamples, one thread."""
    design = radial(1000, 4, seed=1)
    x = design.rows()
    totals = x @ np.random.default_rng(1).random((4, 51)) + x[:, :1] * x[:, 1:2]
    ranks = np.argsort(np.argsort(-totals, axis=1), axis=1) + 1.0
    outputs = design.blocks(np.column_stack([ranks, totals, np.abs(ranks - ranks[0]).mean(axis=1)]))
    with one_thread():
        found = benchmark.pedantic(indices, args=(outputs,), rounds=7, warmup_rounds=1)
    assert (found.total > 0).any()


@pytest.fixture(scope="module")
def base() -> Base:
    return bases(assessment(51, 49))["city"]


def test_leave_out_each_indicator(benchmark: BenchmarkFixture, base: Base) -> None:
    """49 indicators: totals, ranks, what each unit gains and from where, largest movers, mean absolute rank change."""
    indicators = nodes_of(base, ["indicator"])

    def whole() -> int:
        moves = leave_out(base, indicators)
        return len(moves.mean_changes) + moves.gains.size + moves.rises.size

    assert benchmark.pedantic(whole, rounds=50, warmup_rounds=3) == 49 + 2 * 49 * 51
    assert not leave_out(base, indicators).remarked.any()


def test_leave_out_each_indicator_in_words(benchmark: BenchmarkFixture, base: Base) -> None:
    """The same with a sentence on each: where its weight goes, who rises and falls, and why."""
    indicators = nodes_of(base, ["indicator"])

    def whole() -> list[str]:
        moves = leave_out(base, indicators)
        return [explain(moves, item, "en") for item in range(len(moves.items))]

    assert len(benchmark.pedantic(whole, rounds=20, warmup_rounds=2)) == 49


def test_leave_out_each_indicator_by_marking_again(benchmark: BenchmarkFixture, base: Base) -> None:
    """The exact way, for schemes that are no chain of means."""
    moves = benchmark.pedantic(leave_out, args=(base,), kwargs={"exact": True}, rounds=5, warmup_rounds=1)
    assert moves.remarked.all()


def test_leave_out_each_unit(benchmark: BenchmarkFixture, base: Base) -> None:
    """51 units, each marked again."""
    moves = benchmark.pedantic(leave_out_units, args=(base,), rounds=5, warmup_rounds=1)
    assert len(moves.items) == 51
