"""How long the kernels take at the sizes of a province, of all counties and of all townships.

Run with BLAS on one thread: ``OPENBLAS_NUM_THREADS=1 pytest benchmarks/test_kernels.py``. Each limit is
what the kernel must keep; the fastest round is compared with it, for other work on the machine only ever makes a round slower.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tongkao.engine import kernels

Table = tuple[kernels.FloatArray, kernels.BoolArray, kernels.FloatArray]
#: processor time: the kernels use one thread, so it is what the clock shows on a machine that does nothing else
pytestmark = pytest.mark.benchmark(timer=time.process_time)
SCALE: dict[str, float] = {"cap": 100.0, "floor": 0.0}


def table(n: int, k: int, *, missing: float = 0.0) -> Table:
    """Made-up values, who counts, and directions."""
    random = np.random.default_rng(20)
    x = random.normal(50, 10, size=(n, k))
    x[random.random(x.shape) < missing] = np.nan
    return x, ~np.isnan(x), np.where(random.random(k) < 0.3, -1.0, 1.0)


def shares(k: int) -> kernels.FloatArray:
    """Made-up shares."""
    return np.random.default_rng(21).random(k)


def within(benchmark: BenchmarkFixture, seconds: float, work: Callable[[], Any], *, rounds: int = 20) -> Any:
    """Time some work and hold it to its limit."""
    result = benchmark.pedantic(work, rounds=rounds, iterations=1, warmup_rounds=2)
    if benchmark.stats is not None:  # None under --benchmark-disable
        assert benchmark.stats.stats.min < seconds
    return result


TABLE_280 = table(280, 150)
TABLE_280_GAPS = table(280, 150, missing=0.05)

# --- 280 units × 150 indicators ----------------------------------------------------------------------------------------------


def test_minmax_280_150(benchmark: BenchmarkFixture) -> None:
    # 100 microseconds are wanted and measured on a quiet machine; half as much again is left for one that is not
    within(benchmark, 0.000_150, lambda: kernels.minmax(*TABLE_280, **SCALE), rounds=200)


@pytest.mark.parametrize("name", ["rank_step", "rank_linear", "percentile", "borda", "ascending_rank"])
@pytest.mark.parametrize("gaps", [False, True], ids=["complete", "gaps"])
def test_places_280_150(benchmark: BenchmarkFixture, name: str, gaps: bool) -> None:
    method = getattr(kernels, name)
    within(benchmark, 0.003, lambda: method(*(TABLE_280_GAPS if gaps else TABLE_280), relative_tolerance=1e-9))


def test_zscore_280_150(benchmark: BenchmarkFixture) -> None:
    within(benchmark, 0.003, lambda: kernels.zscore(*TABLE_280))


def test_arithmetic_280_150(benchmark: BenchmarkFixture) -> None:
    within(benchmark, 0.000_500, lambda: kernels.arithmetic(TABLE_280[0], shares(150), np.arange(0, 150, 5)))


@pytest.mark.parametrize("gaps", [False, True], ids=["complete", "gaps"])
def test_copeland_280_150(benchmark: BenchmarkFixture, gaps: bool) -> None:
    x, counted, _ = TABLE_280_GAPS if gaps else TABLE_280
    own = np.where(counted, shares(150), 0.0) if gaps else shares(150)
    within(benchmark, 0.050, lambda: kernels.copeland_net(x, own, np.ones(280, dtype=bool)), rounds=5)


def test_places_of_all_nodes_280_150(benchmark: BenchmarkFixture) -> None:
    within(benchmark, 0.003, lambda: kernels.place_within(TABLE_280_GAPS[0], np.arange(280) % 3))


def test_rounding_280_150(benchmark: BenchmarkFixture) -> None:
    within(benchmark, 0.001, lambda: kernels.round_points(TABLE_280[0], places=2, mode="half_up", scale=100.0))


# --- treatment ----------------------------------------------------------------------------------------------------------------


def test_coin_51_49(benchmark: BenchmarkFixture) -> None:
    x = np.exp(np.random.default_rng(22).normal(size=(51, 49)) * np.linspace(0.2, 1.6, 49))
    within(benchmark, 0.001, lambda: kernels.coin(x))


def test_coin_3000_200_when_every_column_fails(benchmark: BenchmarkFixture) -> None:
    x = np.random.default_rng(23).lognormal(size=(3_000, 200))
    treated = within(benchmark, 0.100, lambda: kernels.coin(x), rounds=5)
    assert treated.logged.all()


# --- 40,000 units × 200 indicators with 5 % missing ----------------------------------------------------------------------------


def test_minmax_40000_200(benchmark: BenchmarkFixture) -> None:
    large = table(40_000, 200, missing=0.05)
    within(benchmark, 0.070, lambda: kernels.minmax(*large, **SCALE), rounds=5)
    tracemalloc.start()
    try:
        kernels.minmax(*large, **SCALE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.1 * large[0].nbytes  # the result and hardly anything beside it


def test_arithmetic_40000_200_with_shares_of_each_unit(benchmark: BenchmarkFixture) -> None:
    x, counted, _ = table(40_000, 200, missing=0.05)
    own = np.where(counted, shares(200), 0.0)
    within(benchmark, 0.100, lambda: kernels.arithmetic(x, own, np.arange(0, 200, 5)), rounds=5)
