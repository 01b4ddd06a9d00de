"""Workbooks: sheets that hold a table with a header, and sheets with units down the side and indicators across the top."""

from __future__ import annotations

import gc
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
import python_calamine

from tongkao.errors import Place, reason_of
from tongkao.folder import file_messages as file_say
from tongkao.folder.cells import PERIOD, STATE_WORDS, is_error_text, parse_number, report_numbers, text_of
from tongkao.folder.container import AREA_LIMIT, Container, open_container
from tongkao.folder.found import Findings, Found, GridLocator, SheetLocator, cell_name, sheet_place
from tongkao.folder.headers import known_name, recognise
from tongkao.tables import OBSERVATIONS, STATES, TABLES, TableSpec

#: Chinese names of sheets that are accepted beside the English ones
SHEET_NAMES = {
    "考核对象": "units",
    "观测值": "observations",
    "数值": "values",
    "目标值": "targets",
    "事件": "events",
    "历年结果": "history",
    "单位权重": "weights",
    "推荐名单": "nominations",
    "方案": "scheme",
    "指标体系": "tree",
    "指标": "indicators",
}
SCHEME_SHEETS = ("scheme", "tree", "indicators")
KNOWN_SHEETS = (*SCHEME_SHEETS, *(spec.name for spec in TABLES), "values")
#: a header may stand below a title, but not farther down than this
HEADER_ROWS = 10

_VALUES = re.compile(r"(?:values|数值)[ _-]*(.*)\Z", re.I | re.S)


@dataclass(frozen=True)
class Sheet:
    """Cells of a sheet.

    Attributes:
        file: Name of the workbook.
        name: Name of the sheet.
        cells: All rows from row 1, each from column A and equally long; an empty cell is ``""``.
        merged: First and last cell of each merged range.
    """

    file: str
    name: str
    cells: list[list[object]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]

    def place(self, row: int, column: int | None = None) -> Place:
        """Place of a cell, row and column counted from 0."""
        return sheet_place(self.file, self.name, row, column)

    @cached_property
    def rows(self) -> list[int]:
        """Rows with any cell that is not empty."""
        # nearly every row is decided by the text in its first cell
        return [
            number
            for number, row in enumerate(self.cells)
            if (isinstance(row[0], str) and row[0] and not row[0].isspace()) or not is_blank(row)
        ]

    def columns(self, rows: list[int]) -> list[tuple[object, ...]]:
        """Cells of some rows, column by column."""
        return list(zip(*(self.cells[row] for row in rows), strict=True)) or [()] * len(self.cells[0])


def is_blank(row: list[object]) -> bool:
    """Whether all cells of a row are empty."""
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def canonical_sheet(name: str) -> str:
    """English name of a sheet, the name itself where it is not a known one."""
    text = name.strip()
    lower = text.lower()
    if text in SHEET_NAMES:
        return SHEET_NAMES[text]
    if lower in KNOWN_SHEETS:
        return lower
    return "values" if re.match(r"(values|数值)[ _-]", text, re.I) else text


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep the collector of reference cycles away from a million new cells, among which it would search again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Workbook:
    """A workbook whose sheets are read when they are asked for."""

    def __init__(self, file: str, container: Container, book: python_calamine.CalamineWorkbook) -> None:
        self.file = file
        self._container = container
        self._book = book
        self.sheet_names: list[str] = book.sheet_names

    def named(self, table: str) -> list[str]:
        """Sheets of a table, in the order of the workbook."""
        return [name for name in self.sheet_names if canonical_sheet(name) == table]

    def sheet(self, name: str, findings: Findings) -> Sheet | None:
        """Read a sheet; an error cell holds the text of its error, a formula without a result the formula.

        Args:
            name: Its name.
            findings: Takes problems that concern the sheet as a whole.
        """
        facts = self._container.facts.get(name)
        here = Place(file=self.file, sheet=name)
        if facts is not None and facts.too_large:
            findings.add(file_say.SHEET_TOO_LARGE, here, area=facts.too_large, limit=f"{AREA_LIMIT:,}")
            return None
        try:
            with _no_collection():
                sheet = self._book.get_sheet_by_name(name)
                cells: list[list[object]] = sheet.to_python(skip_empty_area=False)  # type: ignore[assignment]
            merged = sheet.merged_cell_ranges or []
        except (python_calamine.CalamineError, ValueError, OverflowError) as error:
            findings.add(file_say.NOT_A_WORKBOOK, here, reason=reason_of(error))
            return None
        if facts is not None:
            for (row, column), text in facts.odd.items():
                _put(cells, row, column, text)
            if facts.hidden:
                findings.add(file_say.HIDDEN_ROWS, here)
        if name in self._container.hidden:
            findings.add(file_say.HIDDEN_SHEET, here)
        return Sheet(self.file, name, cells, merged)


def _put(cells: list[list[object]], row: int, column: int, text: str) -> None:
    """Write into a cell, which the reader may have left out because it takes it for empty."""
    width = max(len(cells[0]) if cells else 0, column + 1)
    if cells and width > len(cells[0]):
        for line in cells:
            line.extend([""] * (width - len(line)))
    while len(cells) <= row:
        cells.append([""] * width)
    cells[row][column] = text


def open_workbook(path: Path, findings: Findings) -> Workbook | None:
    """Open a workbook, after its file has been looked at (see :mod:`tongkao.folder.container`)."""
    container = open_container(path, findings)
    if container is None:
        return None
    here = Place(file=path.name)
    try:
        book = python_calamine.load_workbook(io.BytesIO(container.data))
    except python_calamine.PasswordError:
        findings.add(file_say.ENCRYPTED, here)
        return None
    except (python_calamine.CalamineError, ValueError, OverflowError) as error:
        findings.add(file_say.NOT_A_WORKBOOK, here, reason=reason_of(error))
        return None
    return Workbook(path.name, container, book)


def _header_row(sheet: Sheet, spec: TableSpec, findings: Findings) -> int | None:
    """The row with the columns' names: the first one that has all needed ones, else the first that is not empty."""
    candidates = []
    for row in sheet.rows:
        candidates.append(row)
        names = {known_name(spec, text_of(cell)) for cell in sheet.cells[row]}
        if names.issuperset(spec.required):
            return row
        if len(candidates) == HEADER_ROWS:
            break
    if not candidates:
        findings.add(file_say.EMPTY_SHEET, Place(file=sheet.file, sheet=sheet.name))
        return None
    return candidates[0]


def _body_rows(sheet: Sheet, header: int, findings: Findings) -> list[int]:
    """Rows below the header, without blank ones and a row of remarks right below it; merged cells are a problem."""
    for (top, left), (bottom, right) in sheet.merged:
        if bottom > header:
            text = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            findings.add(file_say.MERGED, sheet.place(max(top, header + 1), left), range=text)
    rows = [row for row in sheet.rows if row > header]
    if rows:
        first = next(text for cell in sheet.cells[rows[0]] if (text := text_of(cell).strip()))
        if first.startswith("#") and not is_error_text(first):
            del rows[0]
    return rows


def table_of(sheet: Sheet, spec: TableSpec, findings: Findings) -> Found | None:
    """Read a sheet that holds a table with a header.

    Returns:
        The table, None where there is no header or a needed column is missing.
    """
    header = _header_row(sheet, spec, findings)
    if header is None:
        return None
    rows = _body_rows(sheet, header, findings)
    names = [text_of(cell) for cell in sheet.cells[header]]

    def place(column: int) -> Place:
        return sheet.place(header, None if column < 0 else column)

    cells = sheet.columns(rows)
    columns = recognise(spec, names, place, findings, has_cells=lambda column: any(cell != "" for cell in cells[column]))
    if columns is None:
        return None
    series = [column_of(cells[column]).alias(name) for name, column in columns.items()]
    locator = SheetLocator(sheet.file, sheet.name, np.array(rows, np.int64), columns)
    return Found(spec, pl.DataFrame(series), locator, Place(file=sheet.file, sheet=sheet.name))


def column_of(cells: Sequence[object]) -> pl.Series:
    """Cells of a column: Float64 where all are numbers or empty, else texts."""
    kinds = set(map(type, cells))
    if kinds <= {float, int}:
        return pl.Series(cells, dtype=pl.Float64, strict=False)
    if kinds == {str}:
        return pl.Series(cells, dtype=pl.String)
    if kinds <= {float, int, str} and all(cell == "" for cell in cells if isinstance(cell, str)):
        return pl.Series([None if cell == "" else cell for cell in cells], dtype=pl.Float64, strict=False)
    return pl.Series([text_of(cell) for cell in cells], dtype=pl.String)


def _period_of(sheet: Sheet, findings: Findings) -> str:
    match = _VALUES.match(sheet.name.strip())
    period = match.group(1).strip() if match else ""
    if period and not PERIOD.match(period):
        findings.add(file_say.VALUES_PERIOD, Place(file=sheet.file, sheet=sheet.name), sheet=sheet.name)
        return ""
    return period


def grid_of(sheet: Sheet, findings: Findings) -> Found | None:
    """Read a sheet ``values``: units down the side, one column an indicator; a cell holds a number or a word for a state.

    Empty cells are no rows of the table, which means the same: missing. Cells that are neither are reported here.
    """
    if not sheet.rows:
        findings.add(file_say.EMPTY_SHEET, Place(file=sheet.file, sheet=sheet.name))
        return None
    header = sheet.rows[0]
    for row in sheet.rows[:HEADER_ROWS]:
        if any(known_name(OBSERVATIONS, text_of(cell)) == "unit" for cell in sheet.cells[row]):
            header = row
            break
    names = [text_of(cell).strip() for cell in sheet.cells[header]]
    unit_column = next((at for at, name in enumerate(names) if known_name(OBSERVATIONS, name) == "unit"), None)
    if unit_column is None:
        findings.add(file_say.MISSING_COLUMN, sheet.place(header), column="unit", header=[name for name in names if name])
        return None
    period = _period_of(sheet, findings)
    rows = _body_rows(sheet, header, findings)
    columns = []
    cells = sheet.columns(rows)
    for at, name in enumerate(names):
        if at == unit_column or name.startswith("#"):
            continue
        if name in names[:at] and name:
            findings.add(file_say.COLUMN_TWICE, sheet.place(header, at), column=name)
        elif name:
            columns.append(at)
        elif any(cell != "" for cell in cells[at]):
            findings.add(file_say.UNNAMED_COLUMN, sheet.place(header, at))
    units = [cell.strip() if isinstance(cell, str) else text_of(cell) for cell in cells[unit_column]]
    return _grid(sheet, header, unit_column, rows, {at: cells[at] for at in columns}, units, period, findings)


def _grid(
    sheet: Sheet,
    header: int,
    unit_column: int,
    rows: list[int],
    columns: dict[int, tuple[object, ...]],
    units: list[str],
    period: str,
    findings: Findings,
) -> Found:
    shape = (len(rows), len(columns))
    values = np.full(shape, np.nan)
    states: dict[int, str] = {}
    odd: dict[int, str] = {}
    for place, cells in enumerate(columns.values()):
        if set(map(type, cells)) <= {float, int}:
            values[:, place] = cells
            continue
        for at, cell in enumerate(cells):
            if type(cell) is float or type(cell) is int:
                values[at, place] = cell
            elif cell != "":
                text = text_of(cell).strip()
                number = parse_number(text)
                if number is not None:
                    values[at, place] = number
                elif text in STATES or text in STATE_WORDS:
                    states[at * shape[1] + place] = text
                elif text:
                    odd[at * shape[1] + place] = text
    flat = values.ravel()
    filled = ~np.isnan(flat)
    filled[[*states, *odd]] = True
    kept = None if filled.all() else np.flatnonzero(filled)
    locator = GridLocator(
        sheet.file, sheet.name, header, np.array(rows, np.int64), np.array(list(columns), np.int64), unit_column, kept
    )
    everything = np.arange(len(flat)) if kept is None else kept
    names = pl.Series([text_of(sheet.cells[header][column]).strip() for column in columns], dtype=pl.String)
    state = np.full(len(flat), 0, np.uint8)
    words = [*STATES, *STATE_WORDS]
    for at, word in states.items():
        state[at] = words.index(word) + 1
    frame = pl.DataFrame(
        {
            "unit": pl.Series(units, dtype=pl.String).gather(everything // max(1, shape[1])),
            "indicator": names.gather(everything % max(1, shape[1])),
            "period": pl.repeat(period, len(everything), dtype=pl.String, eager=True),
            "value": pl.Series(flat[everything]).fill_nan(None),
            "state": pl.Series(["", *words]).gather(state[everything]),
        }
    )
    found = Found(OBSERVATIONS, frame, locator, Place(file=sheet.file, sheet=sheet.name), frozenset(names))
    if odd:
        faulty = sorted(odd)
        at_rows = np.searchsorted(everything, faulty).astype(np.int64)
        report_numbers(found, "value", at_rows, pl.Series([odd[cell] for cell in faulty]), findings)
    return found
