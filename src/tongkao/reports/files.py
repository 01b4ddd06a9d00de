"""The files of an output: which there are, and the bytes of each."""

from __future__ import annotations

import hashlib
import io

import polars as pl

from tongkao.engine.result import Result
from tongkao.folder.canonical import table_text

RUN = "run.json"
TRACE = "trace.parquet"
INPUTS = "inputs"

#: every table that an output may have as CSV, with the columns that name a row
KEYS: dict[str, tuple[str, ...]] = {
    "results.csv": ("track", "unit"),
    "scores.csv": ("track", "unit", "node"),
    "panel.csv": ("year", "track", "unit", "node"),
    "quotas.csv": ("quota", "city", "unit"),
    "treatment.csv": ("track", "year", "indicator", "group"),
}
#: tables that are there even without a row
ALWAYS = ("results.csv", "scores.csv")
#: everything that an output may hold at its top
NAMES = (*KEYS, TRACE, RUN, INPUTS)

#: rows of a row group: fixed, for the bytes must not depend on the machine
ROW_GROUP = 131_072


def output_files(result: Result) -> dict[str, bytes]:
    """The tables of a result as files by name, without run.json and the inputs.

    The same result gives the same bytes, whatever the number of threads.
    """
    files = {}
    for name in KEYS:
        frame = table_of(result, name)
        if frame.height or name in ALWAYS:
            files[name] = table_text(frame)
    files[TRACE] = parquet_bytes(result.trace)
    return files


def table_of(result: Result, name: str) -> pl.DataFrame:
    """The table of a result that a file holds."""
    frame: pl.DataFrame = getattr(result, name.partition(".")[0])
    return frame


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """A table as Parquet, with every setting that shapes the bytes fixed."""
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(
        buffer,
        compression="zstd",
        compression_level=3,
        statistics=False,
        row_group_size=ROW_GROUP,
        data_page_size=1024**2,
        use_pyarrow=False,
    )
    return buffer.getvalue()


def text_table(content: bytes) -> pl.DataFrame:
    """A CSV file of an output with every cell as text, ``""`` for an empty one.

    Raises:
        polars.exceptions.PolarsError: If the content is no such table.
    """
    return pl.read_csv(io.BytesIO(content), infer_schema=False, empty_string_is_null=False)


def sha256(content: bytes) -> str:
    """SHA-256 as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()
