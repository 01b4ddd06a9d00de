"""The front door: an assessment folder to an :class:`Assessment`, or to everything that is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tongkao.errors import FolderError, Problem, sort_problems
from tongkao.folder.assessment import Assessment
from tongkao.folder.check import SchemeText, check_scheme, check_tables
from tongkao.folder.delimited import read_bytes, to_utf8
from tongkao.folder.found import Findings
from tongkao.folder.sources import SCHEME_FILE, Sources, find_sources, read_table, scheme_source
from tongkao.folder.units import Units
from tongkao.folder.workbook import Workbook
from tongkao.folder.workbook_scheme import SheetScheme, read_scheme_sheets
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.model import Scheme
from tongkao.tables import TABLES, UNITS

SCHEME_SIZE_LIMIT = 20_000_000


def read_folder(path: str | Path) -> Assessment:
    """Read an assessment folder.

    Args:
        path: A folder with ``scheme.yaml`` and tables, each as CSV, Parquet or a sheet of the only workbook; or a workbook
            that holds everything.

    Returns:
        The assessment, ready to be marked; ``warnings`` holds what is odd but no error.

    Raises:
        FolderError: With all problems of scheme and tables together.
    """
    assessment, problems = check_folder(path)
    if assessment is None:
        raise FolderError(problems)
    return assessment


def check_folder(path: str | Path) -> tuple[Assessment | None, list[Problem]]:
    """Read an assessment folder and list everything that is wrong with it.

    Args:
        path: See :func:`read_folder`.

    Returns:
        The assessment, None where there is any error; all errors and warnings in the order of their places.
    """
    findings = Findings()
    sources = find_sources(Path(path), findings)
    if sources is None:
        return None, sort_problems(findings.listed())
    source, scheme_problems, sheets = _read_scheme(sources, findings)
    found = {spec.name: read_table(sources, spec, findings) for spec in TABLES}
    units, tables = check_tables(source.scheme, found, findings)
    observations = found["observations"]
    observed = None if observations is None else set(tables["observations"].get_column("indicator").unique()) | observations.asked
    scheme_problems += check_scheme(source, units, observed)
    problems = sort_problems([*findings.listed(), *_to_cells(scheme_problems, sheets)])
    if source.scheme is None or any(problem.severity == "error" for problem in problems):
        return None, problems
    return Assessment(scheme=source.scheme, scheme_text=source.text, warnings=tuple(problems), **tables), problems


def read_scheme_and_units(path: str | Path) -> tuple[Scheme, Units]:
    """Read only what is known before anybody has reported a value.

    Raises:
        FolderError: If the scheme or the table of units is at fault.
    """
    findings = Findings()
    sources = find_sources(Path(path), findings)
    if sources is None:
        raise FolderError(findings.listed())
    source, scheme_problems, sheets = _read_scheme(sources, findings)
    units, _ = check_tables(source.scheme, {"units": read_table(sources, UNITS, findings)}, findings)
    scheme_problems += check_scheme(source, units, None)
    problems = [*findings.listed(), *_to_cells(scheme_problems, sheets)]
    if source.scheme is None or any(problem.severity == "error" for problem in problems):
        raise FolderError(problems)
    return source.scheme, units


def _read_scheme(sources: Sources, findings: Findings) -> tuple[SchemeText, list[Problem], SheetScheme | None]:
    """Read the scheme from its file or its sheets."""
    where = scheme_source(sources, findings)
    sheets = None
    text: str | None = None
    file = SCHEME_FILE
    if isinstance(where, Workbook):
        file = where.file
        sheets = read_scheme_sheets(where, findings)
        text = sheets.text if sheets is not None else None
    elif where is not None:
        data = read_bytes(where, findings, size_limit=SCHEME_SIZE_LIMIT)
        data = to_utf8(data, SCHEME_FILE, findings) if data is not None else None
        text = data.decode() if data is not None else None
    if text is None:
        empty, _, positions = load_scheme("", file)
        return SchemeText("", file, empty, positions), [], None
    scheme, problems, positions = load_scheme(text, file)
    return SchemeText(text, file, scheme, positions), list(problems), sheets


def _to_cells(problems: list[Problem], sheets: SheetScheme | None) -> list[Problem]:
    """Move problems of a scheme that came from sheets from the lines of its text to the cells they were made from."""
    if sheets is None:
        return problems
    return [replace(problem, place=sheets.cell(problem.place)) for problem in problems]
