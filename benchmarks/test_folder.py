"""Reading and checking large folders: 1,000,000 observations from CSV, and a workbook of 50,000 units by 20 indicators.

Run with ``pytest benchmarks/test_folder.py``. The data are invented.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from tongkao.folder.read import check_folder

ROUNDS = 5


def write_scheme(path: Path, indicators: list[str]) -> None:
    lines = ["tongkao: 1", "id: large", "title: large", "year: 2020", "missing: zero", "indicators:"]
    lines += [f"  {name}: {{title: {name}, score: {{method: minmax}}}}" for name in indicators]
    lines += ["tracks:", "  city:", "    title: city", "    tree:"]
    lines += [f"      - {{indicator: {name}, weight: 1}}" for name in indicators]
    (path / "scheme.yaml").write_text("\n".join(lines) + "\n")


def write_units(path: Path, units: list[str]) -> None:
    (path / "units.csv").write_text("unit,track\n" + "".join(f"{unit},city\n" for unit in units))


def write_observations(path: Path, units: list[str], indicators: list[str], *, faulty: int = 0, shuffled: bool = False) -> None:
    """One row a unit and indicator; every ``faulty``-th value is a text."""
    values = np.random.default_rng(1).normal(1000, 300, len(units) * len(indicators)).round(4)
    rows = []
    for number, value in enumerate(values):
        unit, indicator = units[number // len(indicators)], indicators[number % len(indicators)]
        shown = "12万" if faulty and number % faulty == 0 else value
        rows.append(f"{unit},{indicator},2020,{shown},reported,\n")
    if shuffled:
        rows = [rows[place] for place in np.random.default_rng(2).permutation(len(rows))]
    (path / "observations.csv").write_text("unit,indicator,period,value,state,source\n" + "".join(rows))


@pytest.fixture(scope="module")
def names() -> tuple[list[str], list[str]]:
    return [f"unit_{number:05d}" for number in range(5_000)], [f"item_{number:03d}" for number in range(200)]


@pytest.mark.parametrize("kind", ["clean", "faulty", "shuffled"])
def test_million_observations(benchmark, tmp_path_factory, names, kind):
    path = tmp_path_factory.mktemp(kind)
    units, indicators = names
    write_scheme(path, indicators)
    write_units(path, units)
    write_observations(path, units, indicators, faulty=100 if kind == "faulty" else 0, shuffled=kind == "shuffled")
    assessment, problems = benchmark.pedantic(check_folder, args=(path,), rounds=ROUNDS, warmup_rounds=1)
    if kind == "faulty":
        assert assessment is None
        assert problems[-1].fields["count"] == "9,900"
    else:
        assert problems == []
        assert assessment.observations.height == 1_000_000


def test_workbook_of_50_000_by_20(benchmark, tmp_path):
    units, indicators = [f"unit_{number:05d}" for number in range(50_000)], [f"item_{number:02d}" for number in range(20)]
    write_scheme(tmp_path, indicators)
    write_units(tmp_path, units)
    values = np.random.default_rng(1).normal(100, 20, (len(units), len(indicators))).round(3)
    with xlsxwriter.Workbook(tmp_path / "values.xlsx") as book:
        sheet = book.add_worksheet("values")
        sheet.write_row(0, 0, ["unit", *indicators])
        for row, unit in enumerate(units, start=1):
            sheet.write_row(row, 0, [unit, *values[row - 1]])
    assessment, problems = benchmark.pedantic(check_folder, args=(tmp_path,), rounds=ROUNDS, warmup_rounds=1)
    assert problems == []
    assert assessment.observations.height == 1_000_000
