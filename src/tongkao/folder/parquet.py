"""Parquet files: the same tables with typed columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongkao.errors import Place, Words, reason_of
from tongkao.folder import file_messages as file_say
from tongkao.folder.delimited import SIZE_LIMIT
from tongkao.folder.found import Findings, Found, LineLocator
from tongkao.folder.headers import recognise
from tongkao.tables import TableSpec

_WORDS = {"text": Words("文字", "text"), "number": Words("数字", "a number"), "integer": Words("整数", "a whole number")}


def read_parquet(path: Path, spec: TableSpec, findings: Findings) -> Found | None:
    """Read one table from a Parquet file; rows are counted like the lines of a CSV file, the first one is 2.

    Args:
        path: The file.
        spec: The table that it should hold.
        findings: Takes the problems.

    Returns:
        The table, None where nothing could be read.
    """
    here = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > SIZE_LIMIT:
            findings.add(file_say.TOO_LARGE, here, size=f"{size:,}", limit=f"{SIZE_LIMIT:,}")
            return None
        if not size:
            findings.add(file_say.EMPTY_FILE, here)
            return None
        frame = pl.read_parquet(path.read_bytes(), hive_partitioning=False)
    except OSError as error:
        findings.add(file_say.UNREADABLE, here, reason=reason_of(error))
        return None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, OverflowError) as error:
        findings.add(file_say.NOT_PARQUET, here, reason=reason_of(error))
        return None
    names = frame.columns
    columns = recognise(spec, names, lambda at: here if at < 0 else Place(file=path.name, column=at + 1), findings)
    if columns is None:
        return None
    series = []
    for name, position in columns.items():
        found = _column(frame.get_column(names[position]), spec, name)
        if found is None:
            kind = spec.columns.get(name, "text")
            findings.add(
                file_say.PARQUET_TYPE,
                Place(file=path.name, column=position + 1),
                column=names[position],
                found=str(frame.dtypes[position]),
                expected=_WORDS[kind],
            )
        else:
            series.append(found.alias(name))
    if len(series) < len(columns):
        return None
    numbers = {name: position + 1 for name, position in columns.items()}
    return Found(spec, pl.DataFrame(series), LineLocator(path.name, 2, numbers), here)


def _column(series: pl.Series, spec: TableSpec, name: str) -> pl.Series | None:
    """A column as texts or as Float64; None where its type can be neither."""
    kind = series.dtype
    wanted = spec.columns.get(name)
    if kind in (pl.Categorical, pl.Enum):
        return series.cast(pl.String).fill_null("")
    if kind == pl.String:
        return series.fill_null("") if wanted in (None, "text") or series.null_count() == len(series) else None
    if kind == pl.Null:
        return pl.repeat("", len(series), dtype=pl.String, eager=True)
    if kind == pl.Date and wanted == "text":
        return series.cast(pl.String).fill_null("")
    if kind.is_integer() and wanted == "text":
        return series.cast(pl.String).fill_null("")
    if kind.is_numeric() and wanted != "text":
        return series.cast(pl.Float64)
    return None
