"""How long weights and comparisons take at the sizes of a province, of all counties and of all townships.

The limits are those of the documentation's table; the fastest round is held to them, because other work on the machine only
ever makes a round slower. Medians are what the report shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tongkao.engine.kernels import FloatArray
from tongkao.robustness import comparisons, weighting

#: processor time, which is what the clock shows on a machine that does nothing else; CRITIC, on two threads, needs the clock
pytestmark = pytest.mark.benchmark(timer=time.process_time)
ON_TWO_THREADS = pytest.mark.benchmark(timer=time.perf_counter)


def table(n: int, m: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Made-up values above 0, weights, directions."""
    random = np.random.default_rng(20)
    return random.gamma(4.0, 10.0, (n, m)), random.random(m), np.where(random.random(m) < 0.3, -1.0, 1.0)


PROVINCE, COUNTIES, TOWNSHIPS = table(280, 150), table(3_000, 200), table(40_000, 200)


def within(benchmark: BenchmarkFixture, seconds: float, work: Callable[[], Any], *, rounds: int) -> None:
    """Time some work and hold it to its limit."""
    benchmark.pedantic(work, rounds=rounds, iterations=1, warmup_rounds=2)
    if benchmark.stats is not None:  # None under --benchmark-disable
        assert benchmark.stats.stats.min < seconds


@ON_TWO_THREADS
def test_critic_3000_200(benchmark: BenchmarkFixture) -> None:
    x, _, sign = COUNTIES
    within(benchmark, 0.010, lambda: weighting.critic(x, sign), rounds=50)


@ON_TWO_THREADS
def test_critic_40000_200(benchmark: BenchmarkFixture) -> None:
    x, _, sign = TOWNSHIPS
    within(benchmark, 0.150, lambda: weighting.critic(x, sign), rounds=15)


def test_entropy_40000_200(benchmark: BenchmarkFixture) -> None:
    x = TOWNSHIPS[0]
    within(benchmark, 0.050, lambda: weighting.entropy(x), rounds=20)


@pytest.mark.parametrize("name", ["copeland", "promethee"])
def test_pairs_280_150(benchmark: BenchmarkFixture, name: str) -> None:
    method = getattr(comparisons, name)
    within(benchmark, 0.050, lambda: method(*PROVINCE), rounds=50)


@pytest.mark.parametrize(
    "name", ["aras", "copras", "edas", "mabac", "moora", "promethee", "topsis", "vikor", "waspas", "weighted_sum"]
)
def test_comparisons_3000_200(benchmark: BenchmarkFixture, name: str) -> None:
    method = getattr(comparisons, name)
    within(benchmark, 0.250, lambda: method(*COUNTIES), rounds=10)
