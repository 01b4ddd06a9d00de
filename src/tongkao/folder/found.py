"""A table as it was found: its cells, and where each of them stands in a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from tongkao.errors import Place, Problem, Words
from tongkao.folder.messages import MORE, MORE_WARNINGS
from tongkao.tables import TableSpec

Rows = npt.NDArray[np.int64]

#: problems of one code and table that are listed one by one
LISTED = 100


class Locator(Protocol):
    """Knows where the cells of a table stand."""

    def place(self, row: int, column: str = "") -> Place:
        """Place of a cell (row counts from 0, column by its known name), or of the row where no column is named."""


@dataclass(frozen=True)
class LineLocator:
    """Places in a CSV or Parquet file.

    Attributes:
        file: Name of the file.
        first: Line of row 0 where ``lines`` is not given.
        columns: Column number (from 1) by name.
        lines: Line of each row, where rows and lines do not go side by side.
    """

    file: str
    first: int
    columns: Mapping[str, int]
    lines: Rows | None = None

    def place(self, row: int, column: str = "") -> Place:
        """Place of a cell, see :class:`Locator`."""
        line = self.first + row if self.lines is None else int(self.lines[row])
        return Place(file=self.file, line=line, column=self.columns.get(column, 0))


def column_letters(index: int) -> str:
    """Name of a sheet's column, counted from 0: A, B, ..., Z, AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Name of a sheet's cell, both counted from 0: ``B7``."""
    return f"{column_letters(column)}{row + 1}"


def sheet_place(file: str, sheet: str, row: int, column: int | None) -> Place:
    """Place in a sheet, row and column counted from 0; ``line`` and ``column`` are kept so that places sort by them."""
    if column is None:
        return Place(file=file, sheet=sheet, line=0, cell=f"{row + 1}:{row + 1}")
    return Place(file=file, sheet=sheet, cell=cell_name(row, column))


@dataclass(frozen=True)
class SheetLocator:
    """Places in a sheet of a workbook.

    Attributes:
        file: Name of the workbook.
        sheet: Name of the sheet.
        rows: Sheet row (from 0) of each row.
        columns: Sheet column (from 0) by name.
    """

    file: str
    sheet: str
    rows: Rows
    columns: Mapping[str, int]

    def place(self, row: int, column: str = "") -> Place:
        """Place of a cell, see :class:`Locator`."""
        return sheet_place(self.file, self.sheet, int(self.rows[row]), self.columns.get(column))


@dataclass(frozen=True)
class GridLocator:
    """Places in a sheet that holds units down the side and indicators across the top.

    Attributes:
        file: Name of the workbook.
        sheet: Name of the sheet.
        header: Sheet row (from 0) of the indicators' ids.
        rows: Sheet row of each unit.
        columns: Sheet column of each indicator; table rows run through the indicators of the first unit, then of the next.
        kept: Which cells of the grid are rows of the table, None for all.
    """

    file: str
    sheet: str
    header: int
    rows: Rows
    columns: Rows
    unit_column: int
    kept: Rows | None = None

    def place(self, row: int, column: str = "") -> Place:
        """Place of a cell, see :class:`Locator`: the unit's cell, the indicator's, or the value's for everything else."""
        cell = row if self.kept is None else int(self.kept[row])
        unit, indicator = divmod(cell, len(self.columns))
        if column == "unit":
            return sheet_place(self.file, self.sheet, int(self.rows[unit]), self.unit_column)
        if column == "indicator":
            return sheet_place(self.file, self.sheet, self.header, int(self.columns[indicator]))
        return sheet_place(self.file, self.sheet, int(self.rows[unit]), int(self.columns[indicator]))


@dataclass(frozen=True)
class JoinedLocator:
    """Places of tables that were put one under the other."""

    starts: tuple[int, ...]
    locators: tuple[Locator, ...]

    def place(self, row: int, column: str = "") -> Place:
        """Place of a cell, see :class:`Locator`."""
        part = bisect_right(self.starts, row) - 1
        return self.locators[part].place(row - self.starts[part], column)


@dataclass(frozen=True)
class Found:
    """A table as it was found.

    Attributes:
        spec: Which table it is.
        frame: Its columns by known name: String (``""`` is an empty cell) or Float64 (null is an empty cell).
        locator: Where its cells stand.
        place: Its file, or its workbook and sheet.
        asked: Indicators that have a column, though perhaps no value yet.
    """

    spec: TableSpec
    frame: pl.DataFrame
    locator: Locator
    place: Place
    asked: frozenset[str] = frozenset()


def join(parts: list[Found]) -> Found:
    """Put tables of one kind one under the other."""
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0] + [part.frame.height for part in parts[:-1]])
    kinds = {name: part.frame.schema[name] for part in parts for name in part.frame.columns}
    mixed = {name for part in parts for name in part.frame.columns if part.frame.schema[name] != kinds[name]}
    frames = []
    for part in parts:
        columns = [
            pl.col(name) if name not in mixed or kind == pl.String else pl.col(name).cast(pl.String).fill_null("")
            for name, kind in part.frame.schema.items()
        ]
        frames.append(part.frame.select(columns))
    frame = pl.concat(frames, how="diagonal")
    frame = frame.with_columns(pl.col(pl.String).fill_null(""))
    locator = JoinedLocator(tuple(int(start) for start in starts), tuple(part.locator for part in parts))
    return Found(parts[0].spec, frame, locator, parts[0].place, frozenset().union(*(part.asked for part in parts)))


@dataclass
class Findings:
    """Problems as they are found; each kind is counted in full and listed up to :data:`LISTED` times a table."""

    problems: list[Problem] = field(default_factory=list)
    _listed: dict[tuple[str, str], list[Problem]] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, code: str, place: Place, **fields: object) -> None:
        """Note one problem."""
        self.problems.append(Problem(code, place, fields))

    def rows(
        self,
        code: str,
        table: Found,
        rows: Rows,
        column: str,
        fields: Callable[[int], Mapping[str, object]] = lambda _: {},
    ) -> None:
        """Note the same problem for many rows of a table.

        Args:
            code: The problem.
            table: Where.
            rows: Rows of the table, ascending.
            column: Column whose cells are at fault.
            fields: Gives the message's fields for a position in ``rows`` (not for a row).
        """
        if not len(rows):
            return
        key = (code, table.spec.name)
        self._counts[key] = self._counts.get(key, 0) + len(rows)
        listed = self._listed.setdefault(key, [])
        for position, row in enumerate(rows[: LISTED + 1]):
            listed.append(Problem(code, table.locator.place(int(row), column), fields(position)))

    @property
    def count(self) -> int:
        """How many problems there are, listed or not."""
        return len(self.problems) + sum(self._counts.values())

    def listed(self) -> list[Problem]:
        """All problems, at most :data:`LISTED` of a kind and table, the rest as one line with their number."""
        result = list(self.problems)
        for (code, _), problems in self._listed.items():
            if self._counts[code, _] <= LISTED:
                result.extend(problems)
                continue
            ordered = sorted(problems, key=lambda problem: problem.place.sort_key())
            result.extend(ordered[:LISTED])
            more = MORE if ordered[0].severity == "error" else MORE_WARNINGS
            rest = self._counts[code, _] - LISTED
            like = Words(ordered[0].message("zh"), ordered[0].message("en"))
            result.append(Problem(more, ordered[LISTED].place, {"count": f"{rest:,}", "kind": like}))
        return result
