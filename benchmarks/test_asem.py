"""The composite indicator of the reference cases, all seven steps: what COINr needs 62 ms for."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from tests.reference.test_asem import marked

from tongkao.engine.inputs import Inputs, gather
from tongkao.engine.marking import Marker
from tongkao.engine.result import compile_markers


@pytest.fixture(scope="module")
def ready() -> tuple[Marker, Inputs]:
    """The default case: denominators, imputation by group, screening, treatment, min-max, three levels of means, ranks."""
    ((_, marker),) = compile_markers(marked("s01_default").result.assessment).items()
    return marker, gather(marker.plan, marker.values)


def test_asem_all_steps(benchmark: BenchmarkFixture, ready: tuple[Marker, Inputs]) -> None:
    """51 countries × 49 indicators, 8 pillars, 2 sub-indices, 1 index."""
    marker, inputs = ready
    marks = benchmark.pedantic(marker.mark, args=(inputs,), rounds=200, warmup_rounds=5)
    assert np.count_nonzero(marks.final.ranks) == 51
