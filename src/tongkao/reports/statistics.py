"""The tables of ``tongkao statistics``: what the data of an assessment look like, track by track, in canonical order.

Text columns hold ``""`` and number columns null where there is nothing; NaN never gets here.
"""

from __future__ import annotations

import datetime
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]  # the package has no type information

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
from tongkao.reports.files import parquet_bytes, sha256
from tongkao.reports.output import cannot_write
from tongkao.reports.statistics_track import KENDALL_UNITS, OUTRANKING_UNITS, Columns, Schema, TrackMarks
from tongkao.scheme.digest import scheme_digest

Form = Literal["csv", "parquet", "xlsx"]

#: version of the layout of the tables
FORMAT = 1
RUN = "statistics.json"
WORKBOOK = "statistics.xlsx"
#: rows of a sheet of a workbook, its header included
SHEET_ROWS = 1_048_576

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
    target = Path(out).resolve()
    try:
        _replace(target, files)
    except OSError as error:
        raise cannot_write(out, error) from error
    return list(files)


def check_statistics_place(out: Path | str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where statistics must not be written, before any work is done.

    Raises:
        OutputError: If the place is a file, inside the assessment folder, or holds anything but earlier statistics.
    """
    try:
        code, fields = _objection(Path(out).resolve(), None if folder is None else Path(folder))
    except OSError as error:
        raise cannot_write(out, error) from error
    if code:
        raise OutputError([Problem(code, Place(), {"path": str(out), **fields})])


def _objection(target: Path, folder: Path | None) -> tuple[str, dict[str, object]]:
    if folder is not None:
        source = folder.resolve()
        if source.is_dir() and target.is_relative_to(source):
            return say.OUT_IN_FOLDER, {"folder": str(folder)}
        if target.is_dir() and source.is_relative_to(target):
            return say.FOLDER_IN_OUT, {"folder": str(folder)}
    if not target.exists():
        return "", {}
    if not target.is_dir():
        return say.OUT_IS_FILE, {}
    if Path.cwd().is_relative_to(target):
        return say.OUT_IS_HERE, {}
    ours = {RUN, WORKBOOK, *(f"{name}.{form}" for name in TABLES for form in ("csv", "parquet"))}
    names = sorted(entry.name for entry in target.iterdir())
    foreign = [name for name in names if name not in ours]
    if foreign or (names and RUN not in names):
        return say.OUT_FOREIGN, {"files": foreign or names}
    return "", {}


def statistics_files(statistics: Statistics, form: Form) -> dict[str, bytes]:
    """The tables as files by name, with ``statistics.json``, which says of what they are. The same data give the same bytes.

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
        "tongkao": __version__,
        "scheme": {
            "id": assessment.scheme.id,
            "year": assessment.scheme.year,
            "digest": scheme_digest(assessment.scheme),
        },
        "data": {"digest": data_digest(assessment)},
        "left_out": [{"track": track, "what": what, "most_units": most} for track, what, most in statistics.left_out],
        "outputs": {name: sha256(content) for name, content in sorted(files.items())},
    }
    return {**files, RUN: (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()}


def _workbook(statistics: Statistics) -> bytes:
    """One sheet a table; numbers stay numbers, the header stays in sight."""
    problems = [
        Problem(say.TOO_MANY_ROWS, Place(sheet=name), {"rows": f"{frame.height:,}", "limit": f"{SHEET_ROWS - 1:,}"})
        for name, frame in statistics.tables.items()
        if frame.height >= SHEET_ROWS
    ]
    if problems:
        raise OutputError(problems)
    scheme = statistics.assessment.scheme
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    # A fixed time: the same data give the same bytes.
    book.set_properties({"title": scheme.title.zh, "created": datetime.datetime(scheme.year, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
    for name, frame in statistics.tables.items():
        sheet = book.add_worksheet(name)
        for column, series in enumerate(frame.get_columns()):
            sheet.write_string(0, column, series.name, head)
            write = sheet.write_string if series.dtype == pl.String else sheet.write_number
            for row, value in enumerate(series.to_list(), start=1):
                if value is not None and value != "":
                    write(row, column, value)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(0, frame.width - 1), 16)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)
    book.close()
    return buffer.getvalue()


def _replace(target: Path, files: Mapping[str, bytes]) -> None:
    """Make the folder beside its place and move it there when it is complete; earlier statistics come back if that fails."""
    made = [above for above in (target.parent, *target.parent.parents) if not above.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        holder = Path(tempfile.mkdtemp(prefix=".tongkao-", dir=target.parent))
        try:
            fresh, earlier = holder / "fresh", holder / "earlier"
            fresh.mkdir()
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            replaced = target.exists()
            if replaced:
                target.rename(earlier)
            try:
                fresh.rename(target)
            except BaseException:
                if replaced:
                    earlier.rename(target)
                raise
        finally:
            shutil.rmtree(holder, ignore_errors=True)
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise
