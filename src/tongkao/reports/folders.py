"""The folder that an analysis writes: where it may be, that it is there as a whole or not at all, and its workbook."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]  # the package has no type information

from tongkao.errors import OutputError, Place, Problem
from tongkao.reports import messages as say
from tongkao.reports.files import INPUTS, RUN
from tongkao.reports.output import cannot_write

#: rows of a sheet of a workbook, its header included; what is longer is in the other files only
SHEET_ROWS = 1_048_576


def check_analysis_place(out: Path | str, kind: str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where an analysis must not be written, before any work is done.

    Args:
        out: The folder to write.
        kind: What ``run.json`` of an earlier one says that it is.
        folder: The assessment folder, where there is one.

    Raises:
        OutputError: If the place is a file, the folder one is in, inside or around the assessment folder, or holds anything
            but an earlier analysis of this kind.
    """
    try:
        code, fields = _objection(Path(out).resolve(), kind, None if folder is None else Path(folder))
    except OSError as error:
        raise cannot_write(out, error) from error
    if code:
        raise OutputError([Problem(code, Place(), {"path": str(out), **fields})])


def _objection(target: Path, kind: str, folder: Path | None) -> tuple[str, dict[str, object]]:
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
    names = {entry.name for entry in target.iterdir()}
    if not names:
        return "", {}
    try:
        run = json.loads((target / RUN).read_bytes())
        ours = {name.partition("/")[0] for name in (*run["outputs"], RUN)} | {INPUTS} if run["kind"] == kind else set()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return say.OUT_NOT_OURS, {}
    foreign = sorted(names - ours)
    return (say.OUT_FOREIGN, {"files": foreign}) if foreign else ("", {})


def write_folder(out: Path | str, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, as a whole or not at all; what was there is replaced, or stays as it was if that fails.

    Args:
        out: The folder.
        files: Contents by name; a name may have folders in front, with slashes.

    Raises:
        OutputError: If the system refuses.
    """
    target = Path(out).resolve()
    made = [above for above in (target.parent, *target.parent.parents) if not above.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        holder = Path(tempfile.mkdtemp(prefix=".tongkao-", dir=target.parent))
        try:
            fresh = holder / "fresh"
            fresh.mkdir()
            for name, content in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_bytes(content)
            _put(fresh, target, holder / "earlier")
        finally:
            shutil.rmtree(holder, ignore_errors=True)
    except BaseException as error:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        if isinstance(error, OSError):
            raise cannot_write(out, error) from error
        raise


def _put(fresh: Path, target: Path, earlier: Path) -> None:
    replaced = target.exists()
    if replaced:
        target.rename(earlier)
    try:
        fresh.rename(target)
    except BaseException:
        if replaced:
            earlier.rename(target)
        raise


def workbook(tables: Mapping[str, pl.DataFrame], *, title: str, year: int, note: Callable[[str, int], str]) -> bytes:
    """Tables as a workbook: one sheet each, numbers as numbers, the header in sight. The same tables give the same bytes.

    Args:
        tables: Tables by name.
        title: Title in the properties of the file.
        year: Year of the assessment; the file's date is its first day, for a clock would change the bytes.
        note: What a sheet says instead of a table that is too long for one, from its name and its number of rows.
    """
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": title, "created": datetime.datetime(year, 1, 1)})
    head = book.add_format({"bold": True, "bottom": 1})
    for name, frame in tables.items():
        sheet = book.add_worksheet(name)
        if frame.height >= SHEET_ROWS:
            sheet.write_string(0, 0, note(name, frame.height))
            continue
        for column, series in enumerate(frame.get_columns()):
            sheet.write_string(0, column, series.name, head)
            if series.dtype == pl.String:
                write = sheet.write_string
            elif series.dtype == pl.Boolean:
                write = sheet.write_boolean
            else:
                write = sheet.write_number
            for row, value in enumerate(series.to_list(), start=1):
                if value is not None and value != "":
                    write(row, column, value)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, frame.width - 1), 16)
        if frame.height:
            sheet.autofilter(0, 0, frame.height, frame.width - 1)
    book.close()
    return buffer.getvalue()
