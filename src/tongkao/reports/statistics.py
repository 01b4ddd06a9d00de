"""The tables of ``tongkao statistics``: what the data of an assessment look like, track by track, in canonical order.

Text columns hold ``""`` and number columns null where there is nothing; NaN never gets here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from tongkao import __version__
from tongkao.engine.inputs import gather
from tongkao.engine.result import compile_markers
from tongkao.engine.tabulate import tree_order
from tongkao.errors import OutputError, Place, Problem
from tongkao.folder.assessment import Assessment
from tongkao.folder.canonical import data_digest, table_text
from tongkao.reports import messages as say
from tongkao.reports import statistics_indicators as indicators
from tongkao.reports import statistics_units as units
from tongkao.reports.files import RUN, parquet_bytes, sha256
from tongkao.reports.folders import SHEET_ROWS, check_analysis_place, workbook, write_folder
from tongkao.reports.statistics_track import KENDALL_UNITS, OUTRANKING_UNITS, Columns, Schema, TrackMarks
from tongkao.scheme.digest import scheme_digest

Form = Literal["csv", "parquet", "xlsx"]

#: version of the layout of the tables
FORMAT = 1
#: what run.json says that the folder is
KIND = "statistics"
WORKBOOK = "statistics.xlsx"

#: name of each table -> its columns beside the track, and who makes them of a track
TABLES: dict[str, tuple[Schema, Callable[[TrackMarks], Columns]]] = {
    "indicators": (indicators.INDICATORS, indicators.indicators),
    "discrimination": (indicators.DISCRIMINATION, indicators.discrimination),
    "availability": (indicators.AVAILABILITY, indicators.availability),
    "correlations": (indicators.CORRELATIONS, indicators.correlations),
    "denominators": (indicators.DENOMINATORS, indicators.denominators),
    "consistency": (indicators.CONSISTENCY, indicators.consistency),
    "components": (indicators.COMPONENTS, indicators.components),
    "loadings": (indicators.LOADINGS, indicators.loadings),
    "trends": (units.TRENDS, units.trends),
    "units": (units.UNITS, units.units),
    "strengths": (units.STRENGTHS, units.strengths),
    "outranking": (units.OUTRANKING, units.outranking),
}


@dataclass(frozen=True)
class Statistics:
    """Statistics of an assessment.

    Attributes:
        assessment: Whose.
        tables: The tables by name, in the order in which one reads them.
        left_out: What was left out because there are too many units: (track, ``kendall`` or ``outranking``, most units).
    """

    assessment: Assessment
    tables: Mapping[str, pl.DataFrame]
    left_out: tuple[tuple[str, str, int], ...]


def statistics_of(assessment: Assessment) -> Statistics:
    """Statistics of every track.

    An assessment that cannot be marked because values are missing has statistics all the same.

    Args:
        assessment: As :func:`tongkao.read_folder` gives it.
    """
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in TABLES}
    left_out: list[tuple[str, str, int]] = []
    markers = compile_markers(assessment)
    for name in sorted(markers):
        marker = markers[name]
        marks = marker.mark(gather(marker.plan, marker.values))
        track = TrackMarks(name, marks, marker.values, tuple(tree_order(marks).tolist()))
        for what, limit in (("kendall", KENDALL_UNITS), ("outranking", OUTRANKING_UNITS)):
            if len(marker.plan.unit_ids) > limit:
                left_out.append((name, what, limit))
        for table, (schema, make) in TABLES.items():
            parts[table].append(_frame(name, schema, make(track)))
    return Statistics(assessment, {table: pl.concat(frames) for table, frames in parts.items()}, tuple(left_out))


def _frame(track: str, schema: Schema, columns: Columns) -> pl.DataFrame:
    height = len(columns[next(iter(schema))])
    return pl.DataFrame({"track": [track] * height, **columns}, schema={"track": pl.String(), **schema})


# --- writing ----------------------------------------------------------------------------------------------------------------


def write_statistics(
    statistics: Statistics, out: Path | str, *, form: Form = "csv", folder: Path | str | None = None
) -> list[str]:
    """Write the tables into a folder, as a whole or not at all.

    Args:
        statistics: The statistics.
        out: The folder to write; earlier statistics there are replaced.
        form: ``csv`` or ``parquet``, a file a table; ``xlsx``, one workbook with a sheet a table.
        folder: The assessment folder that was read; the output must not be inside it.

    Returns:
        The names of the files in order.

    Raises:
        OutputError: If the place cannot be used or written (:func:`check_statistics_place`), or if a table has more rows than a
            sheet of a workbook takes.
    """
    check_statistics_place(out, folder=folder)
    files = statistics_files(statistics, form)
    write_folder(out, files)
    return list(files)


def check_statistics_place(out: Path | str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where statistics must not be written, before any work is done.

    Raises:
        OutputError: If the place is a file, inside the assessment folder, or holds anything but earlier statistics.
    """
    check_analysis_place(out, KIND, folder=folder)


def statistics_files(statistics: Statistics, form: Form) -> dict[str, bytes]:
    """The tables as files by name, with ``run.json``, which says of what they are. The same data give the same bytes.

    Raises:
        OutputError: If a table has more rows than a sheet of a workbook takes.
    """
    if form == "xlsx":
        files = {WORKBOOK: _workbook(statistics)}
    elif form == "parquet":
        files = {f"{name}.parquet": parquet_bytes(frame) for name, frame in statistics.tables.items()}
    else:
        files = {f"{name}.csv": table_text(frame) for name, frame in statistics.tables.items()}
    assessment = statistics.assessment
    run: dict[str, Any] = {
        "format": FORMAT,
        "kind": KIND,
        "tongkao": __version__,
        "scheme": {
            "id": assessment.scheme.id,
            "year": assessment.scheme.year,
            "digest": scheme_digest(assessment.scheme),
        },
        "data": {"digest": data_digest(assessment)},
        "left_out": [{"track": track, "what": what, "most_units": most} for track, what, most in statistics.left_out],
        "outputs": {name: sha256(content) for name, content in sorted(files.items())},
        "inputs": {},
    }
    return {**files, RUN: (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()}


def _workbook(statistics: Statistics) -> bytes:
    """One sheet a table."""
    problems = [
        Problem(say.TOO_MANY_ROWS, Place(sheet=name), {"rows": f"{frame.height:,}", "limit": f"{SHEET_ROWS - 1:,}"})
        for name, frame in statistics.tables.items()
        if frame.height >= SHEET_ROWS
    ]
    if problems:
        raise OutputError(problems)
    scheme = statistics.assessment.scheme
    return workbook(statistics.tables, title=scheme.title.zh, year=scheme.year, note=lambda name, rows: f"{name}: {rows:,}")
