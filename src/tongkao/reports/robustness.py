"""The output of ``tongkao robustness``: the runs, their tables and charts, and the folder that holds them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from tongkao import __version__
from tongkao.errors import Problem
from tongkao.folder.assessment import Assessment
from tongkao.folder.canonical import data_digest, table_text
from tongkao.folder.write import input_files
from tongkao.reports import robustness_tables as tables_of
from tongkao.reports.files import INPUTS, RUN, parquet_bytes, sha256
from tongkao.reports.folders import check_analysis_place, workbook, write_folder
from tongkao.reports.robustness_charts import charts
from tongkao.reports.robustness_tables import Ran
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.leaving_out import add_one, leave_out
from tongkao.robustness.moves import bases
from tongkao.robustness.sensitivity import sensitivity
from tongkao.robustness.spec import FILE, Spec
from tongkao.robustness.spec_faults import Locations
from tongkao.scheme.digest import scheme_digest

KIND = "robustness"
#: version of the layout of the output
FORMAT = 1
WORKBOOK = "robustness.xlsx"
#: fewest and most points of the design for sensitivity
LEAST_POINTS, MOST_POINTS = 32, 1024
#: what a progress bar is told: the stage, runs that are done, all of them
Progress = Callable[[Literal["runs", "sensitivity"], int, int], object]


@dataclass(frozen=True)
class Robustness:
    """A robustness analysis.

    Attributes:
        ran: The experiment and what its runs gave.
        spec_text: The text of the spec as it was read.
        points: Points of the design behind the sensitivity indices; 0 where no two choices can be compared.
        tables: Every table by name, in the order in which one reads them.
        warnings: What is odd but no error.
    """

    ran: Ran
    spec_text: str
    points: int
    tables: Mapping[str, pl.DataFrame]
    warnings: tuple[Problem, ...]

    @property
    def assessment(self) -> Assessment:
        """What was marked."""
        return self.ran.experiment.assessment


def analyse(
    assessment: Assessment,
    spec: Spec,
    spec_text: str,
    locations: Locations | None = None,
    *,
    state: Path | None = None,
    progress: Progress | None = None,
) -> Robustness:
    """Run what a spec lets vary, and make every table of it.

    Args:
        assessment: A checked assessment.
        spec: What varies, how often, and the seed.
        spec_text: Its text, for the copy in the output.
        locations: Where its values stand, for the places of problems.
        state: A file that keeps finished runs; where it is there, the analysis goes on from it.
        progress: Is told how far the work is.

    Raises:
        SpecError: If the spec names what is not there or asks for what is impossible, before anything runs; or if the state
            belongs to another run.
        MarkingError: If the assessment as it is cannot be marked.
    """

    def forward(stage: Literal["runs", "sensitivity"]) -> Callable[[int, int], object] | None:
        if progress is None:
            return None
        return lambda done, whole: progress(stage, done, whole)

    experiment = Experiment(assessment, spec, locations)
    outcomes = experiment.random(state=state, progress=forward("runs"))
    ran = Ran.of(experiment, outcomes)
    warnings = list(experiment.warnings)
    made = {"units": tables_of.units_table(ran), **tables_of.shares_tables(ran), **tables_of.borders_tables(ran)}
    points = points_for(spec.runs, len(experiment.choices))
    if points:
        found = sensitivity(experiment, points, progress=forward("sensitivity"))
        made["sensitivity"] = found.table
        warnings += found.warnings
    made["turns"] = tables_of.turns_table(ran)
    made["alternatives"] = tables_of.alternatives_table(ran)
    made |= _leaving_out(assessment)
    made["choices"] = tables_of.choices_table(ran)
    made["failures"] = tables_of.failures_table(ran)
    return Robustness(ran, spec_text, points, {name: table for name, table in made.items() if table.height}, tuple(warnings))


def points_for(runs: int, choices: int) -> int:
    """Points of the design for sensitivity: a power of two, at most a third of the runs; 0 where there are no two choices."""
    if choices < 2:
        return 0
    wanted = max(LEAST_POINTS, min(MOST_POINTS, runs // 3))
    return 1 << (wanted.bit_length() - 1)


def _leaving_out(assessment: Assessment) -> dict[str, pl.DataFrame]:
    """Every node left out, and every node alone: a summary, and who moves."""
    ways = [way for _, base in sorted(bases(assessment).items()) for way in (leave_out(base), add_one(base))]
    return {
        "leaving_out": pl.concat([way.summary() for way in ways]),
        "leaving_out_units": pl.concat([way.table() for way in ways]),
    }


# --- the folder -----------------------------------------------------------------------------------------------------------


def check_robustness_place(out: Path | str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where an analysis must not be written; see :func:`tongkao.reports.folders.check_analysis_place`."""
    check_analysis_place(out, KIND, folder=folder)


def robustness_files(robustness: Robustness) -> dict[str, bytes]:
    """Every file of the output by name. The same assessment, spec, runs and seed give the same bytes."""
    scheme = robustness.assessment.scheme
    outputs: dict[str, bytes] = {}
    for name, table in robustness.tables.items():
        outputs[f"{name}.csv"] = table_text(_plain(table))
        outputs[f"{name}.parquet"] = parquet_bytes(table)
    outputs[WORKBOOK] = workbook(robustness.tables, title=scheme.title.zh, year=scheme.year, note=_too_long)
    outputs |= charts(robustness.ran, robustness.tables)
    inputs = {**input_files(robustness.assessment), FILE: robustness.spec_text.encode()}
    run = json.dumps(_run(robustness, outputs, inputs), ensure_ascii=False, indent=2) + "\n"
    return {**outputs, RUN: run.encode(), **{f"{INPUTS}/{name}": content for name, content in inputs.items()}}


def write_robustness(robustness: Robustness, out: Path | str, *, folder: Path | str | None = None) -> list[str]:
    """Write everything into a folder, as a whole or not at all.

    Args:
        robustness: The analysis.
        out: The folder to write; an earlier analysis there is replaced.
        folder: The assessment folder that was read; the output must not be inside it.

    Returns:
        What is at the top of the folder, folders with a slash.

    Raises:
        OutputError: If the place cannot be used or written.
    """
    check_robustness_place(out, folder=folder)
    files = robustness_files(robustness)
    write_folder(out, files)
    return list(dict.fromkeys(name if "/" not in name else name.partition("/")[0] + "/" for name in files))


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Truth values as the words ``true`` and ``false``."""
    return table.with_columns(pl.col(pl.Boolean).cast(pl.String))


def _too_long(name: str, rows: int) -> str:
    return f"{name}: {rows:,} 行，超过一张工作表的上限；见 {name}.csv / {rows:,} rows are more than a sheet takes; see {name}.csv"


def _run(robustness: Robustness, outputs: Mapping[str, bytes], inputs: Mapping[str, bytes]) -> dict[str, Any]:
    assessment, outcomes = robustness.assessment, robustness.ran.outcomes
    spec = robustness.ran.experiment.spec
    scheme = assessment.scheme
    return {
        "format": FORMAT,
        "kind": KIND,
        "tongkao": __version__,
        "scheme": {"id": scheme.id, "year": scheme.year, "digest": scheme_digest(scheme)},
        "data": {"digest": data_digest(assessment)},
        "spec": spec.model_dump(mode="json", exclude_none=True),
        "seed": outcomes.seed,
        "runs": len(outcomes.design),
        "failed": outcomes.failed,
        "kept_every": outcomes.step,
        "sensitivity_points": robustness.points,
        "outputs": {name: sha256(content) for name, content in sorted(outputs.items())},
        "inputs": {name: sha256(content) for name, content in sorted(inputs.items())},
    }
