"""Names, types and keys of the tables that cross package borders.

Text columns never hold null (absent text is ``""``); number columns hold null where there is no number, never NaN or infinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

ColumnKind = Literal["text", "number", "integer"]

#: states of an observation (section 1 of the format)
STATES = ("reported", "null_reported", "missing", "not_applicable", "provisional", "disputed")
#: states whose value is used
USED_STATES = ("reported", "null_reported", "provisional", "disputed")
#: states that are used, but flagged
FLAGGED_STATES = ("provisional", "disputed")

DTYPES: dict[ColumnKind, pl.DataType] = {"text": pl.String(), "number": pl.Float64(), "integer": pl.Int64()}


@dataclass(frozen=True)
class TableSpec:
    """One table of an assessment folder.

    Attributes:
        name: Name of the table, its file (``units.csv``) and its sheet.
        columns: Every known column with its kind, in canonical order.
        required: Columns that the table must have.
        key: Columns that name a row; no two rows share them. Also the canonical sort order.
        optional: Whether the folder may do without the table.
        open: Whether further columns are kept (a number or a text each).
    """

    name: str
    columns: dict[str, ColumnKind]
    required: tuple[str, ...]
    key: tuple[str, ...]
    optional: bool = True
    open: bool = False

    def schema(self) -> dict[str, pl.DataType]:
        """Polars types of the known columns."""
        return {column: DTYPES[kind] for column, kind in self.columns.items()}

    def empty(self) -> pl.DataFrame:
        """The table without rows."""
        return pl.DataFrame(schema=self.schema())


UNITS = TableSpec(
    "units",
    {"unit": "text", "track": "text", "class": "text", "name_zh": "text", "name_en": "text", "parent": "text"},
    ("unit", "track"),
    ("unit",),
    optional=False,
    open=True,
)
OBSERVATIONS = TableSpec(
    "observations",
    {"unit": "text", "indicator": "text", "period": "text", "value": "number", "state": "text", "source": "text"},
    ("unit", "indicator", "value"),
    ("unit", "indicator", "period"),
    optional=False,
)
TARGETS = TableSpec(
    "targets",
    {"unit": "text", "indicator": "text", "period": "text", "target": "number", "baseline": "number", "challenge": "number"},
    ("unit", "indicator"),
    ("unit", "indicator", "period"),
)
EVENTS = TableSpec(
    "events",
    {
        "event": "text",
        "unit": "text",
        "date": "text",
        "count": "number",
        "points": "number",
        "indicator": "text",
        "note": "text",
        "evidence": "text",
    },
    ("event", "unit"),
    ("event", "unit", "date", "indicator", "count", "points", "note", "evidence"),
)
HISTORY = TableSpec(
    "history",
    {"year": "integer", "track": "text", "unit": "text", "total": "number", "rank": "integer", "tier": "text"},
    ("year", "track", "unit"),
    ("year", "track", "unit"),
)
WEIGHTS = TableSpec(
    "weights",
    {"unit": "text", "node": "text", "points": "number", "weight": "number"},
    ("unit", "node"),
    ("unit", "node"),
)
NOMINATIONS = TableSpec(
    "nominations",
    {"quota": "text", "city": "text", "unit": "text", "order": "integer"},
    ("quota", "city", "unit"),
    ("quota", "city", "unit"),
)

#: the tables of a folder, in the order in which they are read and reported
TABLES: tuple[TableSpec, ...] = (UNITS, OBSERVATIONS, TARGETS, EVENTS, HISTORY, WEIGHTS, NOMINATIONS)
