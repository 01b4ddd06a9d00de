"""How fast a track is marked: the plan compiled once, the arrays of one marking kept as its trace."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.synthetic import assessment, write_folder
from pytest_benchmark.fixture import BenchmarkFixture

from tongkao.engine.inputs import Inputs, gather
from tongkao.engine.marking import Marker
from tongkao.engine.result import compile_markers, score
from tongkao.folder.read import read_folder
from tongkao.reports.output import write_output


def ready(units: int, indicators: int, missing_share: float = 0.0) -> tuple[Marker, Inputs]:
    marker = compile_markers(assessment(units, indicators, missing_share=missing_share))["city"]
    inputs = gather(marker.plan, marker.values)
    marker.mark(inputs)
    gc.collect()
    return marker, inputs


@pytest.mark.parametrize(
    ("units", "indicators", "missing_share", "rounds"),
    [(13, 60, 0.0, 200), (280, 150, 0.0, 200), (3_000, 200, 0.0, 30), (40_000, 200, 0.05, 7)],
)
def test_mark(benchmark: BenchmarkFixture, units: int, indicators: int, missing_share: float, rounds: int) -> None:
    """Min-max, three levels of weighted means, ranks; with everything kept that the trace is made from."""
    marker, inputs = ready(units, indicators, missing_share)
    marks = benchmark.pedantic(marker.mark, args=(inputs,), rounds=rounds, warmup_rounds=2)
    assert (marks.final.ranks > 0).all()


def test_whole_folder(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """A folder of 280 units × 150 indicators with classes, events, tiers and history: read, check, mark, write."""
    folder = tmp_path / "folder"
    write_folder(folder, units=280, indicators=150)
    count = iter(range(10_000))

    def whole() -> int:
        result = score(read_folder(folder))
        write_output(result, tmp_path / f"out{next(count)}")
        return int(result.results.height)

    assert benchmark.pedantic(whole, rounds=7, warmup_rounds=1) == 280


LIBRARIES = """
import numpy as np
from benchmarks.synthetic import assessment
from tongkao.engine.inputs import Inputs
from tongkao.engine.result import compile_markers
"""
MARK = """
marker = compile_markers(assessment(40_000, 200, missing_share=0.05, observed=False))["city"]
chance = np.random.default_rng(7)
values = chance.gamma(4.0, 10.0, (40_000, 200))
states = (chance.random((40_000, 200)) < 0.05).astype(np.uint8)
values[states > 0] = np.nan
marks = marker.mark(Inputs(values, states, {}))
assert (marks.final.ranks > 0).all()
"""


def peak_bytes(script: str) -> int:
    """Largest resident size of a fresh process that runs a script."""
    # Not getrusage: its peak starts from that of the process which started this one.
    code = script + '\nprint(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])'
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) * 1024


def test_memory_of_marking_40000_units() -> None:
    """Marking with its data stays below 4 × the data + 60 MB: peak of a process that does it, less that of its libraries."""
    data = 40_000 * 200 * 8
    used = peak_bytes(LIBRARIES + MARK) - peak_bytes(LIBRARIES)
    print(f"marking 40,000 x 200: {used / 1e6:.0f} MB beyond the libraries, {data / 1e6:.0f} MB of data")
    assert used < 4 * data + 60e6
