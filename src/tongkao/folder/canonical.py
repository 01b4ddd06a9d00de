"""One text for each table: canonical order, canonical numbers. Copies are written and digests taken from it.

Polars writes numbers that need no exponent in their shortest form, as Python does; the others are left to Python, whose
``repr`` is part of the language, so that a digest does not depend on the version of a library.
"""

from __future__ import annotations

import hashlib

import polars as pl

from tongkao.folder.assessment import Assessment
from tongkao.folder.cells import plain
from tongkao.tables import TABLES


def number_texts(values: pl.Series) -> pl.Series:
    """Write numbers: whole ones without a point, others in the shortest form that reads back the same; null stays null."""
    name = values.name
    if values.dtype != pl.Float64:
        return values.cast(pl.String)
    size = values.abs()
    whole = ((values == values.floor()) & (size < 1e15)).fill_null(value=False)
    simple = ((size >= 1e-4) & (size < 1e15)).fill_null(value=False)
    texts = (
        pl.DataFrame({"value": values, "whole": whole})
        .select(
            pl.when("whole")
            .then(pl.when("whole").then("value").otherwise(0.0).cast(pl.Int64).cast(pl.String))
            .otherwise(pl.col("value").cast(pl.String))
        )
        .to_series()
        .alias(name)
    )
    rest = (~whole & ~simple & values.is_not_null()).arg_true()
    if len(rest):
        texts = texts.scatter(rest, pl.Series([plain(value) for value in values.gather(rest).to_list()], dtype=pl.String))
    return texts


def table_text(frame: pl.DataFrame) -> bytes:
    """CSV text of a canonical table: UTF-8, lines end with a line feed, cells are quoted only where they must be."""
    columns = []
    for series in frame.get_columns():
        texts = number_texts(series)
        columns.append(texts.set(texts.str.len_bytes() == 0, None) if len(texts) else texts.cast(pl.String))
    text = pl.DataFrame(columns).write_csv(quote_style="necessary", line_terminator="\n", null_value="")
    return text.encode()


def table_texts(assessment: Assessment) -> dict[str, bytes]:
    """CSV text of each table that has rows (the units and observations always), by name."""
    texts = {}
    for spec in TABLES:
        frame: pl.DataFrame = getattr(assessment, spec.name)
        if frame.height or not spec.optional:
            texts[spec.name] = table_text(frame)
    return texts


def data_digest(assessment: Assessment) -> str:
    """SHA-256 of all tables in canonical form, as hexadecimal text.

    The same data give the same digest whatever the order of rows, the kind of file or the wording of its headers.
    """
    digest = hashlib.sha256()
    for name, text in table_texts(assessment).items():
        digest.update(f"{name} {len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()
