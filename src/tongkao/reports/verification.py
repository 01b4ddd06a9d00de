"""Recompute a marked folder from its own inputs, and name everything that differs."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from tongkao import __version__
from tongkao.engine.result import score
from tongkao.errors import Place, Problem, TongkaoError
from tongkao.folder.read import read_folder
from tongkao.folder.write import input_files
from tongkao.reports import messages as say
from tongkao.reports.files import INPUTS, KEYS, RUN, TRACE, output_files, sha256, text_table
from tongkao.reports.run import read_run, run_of

#: differences of one file that are listed one by one
LISTED = 20
#: ending of the columns that hold the recomputed values; no column is called so
RECOMPUTED = " (recomputed)"


@dataclass(frozen=True)
class Verification:
    """What a recomputation showed.

    Attributes:
        run: What run.json says.
        problems: Everything that differs, inputs first, then file by file; that another version made the result is a warning.
        files: How many files were compared.
    """

    run: Mapping[str, Any]
    problems: tuple[Problem, ...]
    files: int

    @property
    def is_sound(self) -> bool:
        """Whether every file is what the inputs give."""
        return not any(problem.severity == "error" for problem in self.problems)


def verify(out: Path | str) -> Verification:
    """Mark the inputs of an output again and compare every file.

    Args:
        out: A folder that :func:`tongkao.write_output` wrote.

    Returns:
        What differs.

    Raises:
        OutputError: If the folder is no output at all.
    """
    path = Path(out)
    run = read_run(path)
    problems: list[Problem] = []
    if run["tongkao"] != __version__:
        problems.append(Problem(say.OTHER_VERSION, Place(file=RUN), {"made": run["tongkao"], "used": __version__}))
    problems += _changed_inputs(path, run["inputs"])
    compared = len(run["inputs"])
    try:
        result = score(read_folder(path / INPUTS))
    except TongkaoError as error:
        problems += [_below_inputs(problem) for problem in error.problems]
        return Verification(run, tuple(problems), compared)
    outputs = output_files(result)
    problems += _changed_run(run, run_of(result.assessment, outputs, input_files(result.assessment)))
    found = {entry.name for entry in path.iterdir()} - {RUN, INPUTS}
    for name in sorted(found | set(outputs)):
        problems += _compare(path / name, outputs.get(name), run["outputs"].get(name))
    return Verification(run, tuple(problems), compared + len(outputs) + 1)


# --- inputs -------------------------------------------------------------------------------------------------------------------


def _changed_inputs(out: Path, recorded: Mapping[str, str]) -> list[Problem]:
    folder = out / INPUTS
    found = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    problems = []
    for name in sorted(found | set(recorded)):
        place = Place(file=f"{INPUTS}/{name}")
        if name not in recorded:
            problems.append(Problem(say.FILE_ADDED, place))
        elif name not in found:
            problems.append(Problem(say.FILE_MISSING, place))
        else:
            content, fault = _read(folder / name, place)
            if content is None:
                problems += fault
            elif sha256(content) != recorded[name]:
                problems.append(Problem(say.INPUT_CHANGED, place))
    return problems


def _below_inputs(problem: Problem) -> Problem:
    """The same problem with the file's place seen from the output."""
    place = problem.place
    file = f"{INPUTS}/{place.file}" if place.file and not place.file.startswith(f"{INPUTS}/") else place.file or INPUTS
    return Problem(
        problem.code,
        Place(file, place.line, place.column, place.sheet, place.cell, place.unit, place.node),
        problem.fields,
    )


# --- run.json -----------------------------------------------------------------------------------------------------------------


def _changed_run(recorded: Mapping[str, Any], recomputed: Mapping[str, Any]) -> list[Problem]:
    """Compare run.json entry by entry.

    The version has its own warning; the digests of the inputs and of the trace are compared with the files.
    """
    before, after = _flat(recorded), _flat(recomputed)
    apart = ("tongkao", f"outputs.{TRACE}")
    return [
        Problem(
            say.RUN_DIFFERS,
            Place(file=RUN),
            {"key": key, "recorded": before.get(key, "-"), "recomputed": after.get(key, "-")},
        )
        for key in sorted({*before, *after})
        if key not in apart and before.get(key, "-") != after.get(key, "-") and not key.startswith(f"{INPUTS}.")
    ]


def _flat(run: Mapping[str, Any], above: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in run.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{name}."))
        else:
            flat[name] = "null" if value is None else str(value)
    return flat


# --- files --------------------------------------------------------------------------------------------------------------------


def _compare(path: Path, recomputed: bytes | None, digest: str | None) -> list[Problem]:
    place = Place(file=path.name)
    if recomputed is None:
        return [Problem(say.FILE_ADDED, place)]
    if not path.exists():
        return [Problem(say.FILE_MISSING, place)]
    content, fault = _read(path, place)
    if content is None:
        return fault
    try:
        if path.name == TRACE:
            return _compare_trace(content, recomputed, digest)
        if content == recomputed:
            return []
        found = _compare_keyed(path.name, text_table(content), text_table(recomputed))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError) as error:
        return [Problem(say.DAMAGED, place, {"reason": str(error).partition("\n")[0]})]
    return found or [Problem(say.BYTES_DIFFER, place)]


def _compare_trace(content: bytes, recomputed: bytes, digest: str | None) -> list[Problem]:
    """Compare tables, not bytes: another version of the Parquet writer writes the same table otherwise.

    The bytes must still be those that were written, as run.json records them.
    """
    if content != recomputed:
        found = _compare_positions(TRACE, pl.read_parquet(io.BytesIO(content)), pl.read_parquet(io.BytesIO(recomputed)))
        if found:
            return found
    if sha256(content) == digest:
        return []
    fields = {"key": f"outputs.{TRACE}", "recorded": digest or "-", "recomputed": sha256(content)}
    return [Problem(say.RUN_DIFFERS, Place(file=RUN), fields)]


def _read(path: Path, place: Place) -> tuple[bytes | None, list[Problem]]:
    try:
        return path.read_bytes(), []
    except OSError as error:
        return None, [Problem(say.DAMAGED, place, {"reason": error.strerror or type(error).__name__})]


def _columns(name: str, recorded: pl.DataFrame, recomputed: pl.DataFrame) -> list[Problem]:
    if recorded.columns == recomputed.columns:
        return []
    fields = {"recorded": recorded.columns, "recomputed": recomputed.columns}
    return [Problem(say.COLUMNS_DIFFER, Place(file=name, line=1), fields)]


def _compare_keyed(name: str, recorded: pl.DataFrame, recomputed: pl.DataFrame) -> list[Problem]:
    """Compare two tables of text whose rows have keys, so that one row more does not make all below it differ."""
    if wrong := _columns(name, recorded, recomputed):
        return wrong
    keys = list(KEYS[name])
    recorded = recorded.with_row_index("line", 2)
    listing = _Listing(name)
    listing.rows(say.ROW_TWICE, recorded.filter(~pl.struct(keys).is_first_distinct()), keys)
    recorded = recorded.unique(keys, keep="first", maintain_order=True)
    listing.rows(say.ROW_ADDED, recorded.join(recomputed, on=keys, how="anti", maintain_order="left"), keys)
    listing.rows(say.ROW_MISSING, recomputed.join(recorded, on=keys, how="anti", maintain_order="left"), keys)
    both = recorded.join(recomputed, on=keys, how="inner", suffix=RECOMPUTED, maintain_order="left")
    for column in recomputed.columns:
        if column not in keys:
            listing.cells(column, both.filter(pl.col(column) != pl.col(column + RECOMPUTED)))
    return listing.problems()


def _compare_positions(name: str, recorded: pl.DataFrame, recomputed: pl.DataFrame) -> list[Problem]:
    """Compare two typed tables row by row."""
    if wrong := _columns(name, recorded, recomputed):
        return wrong
    if recorded.height != recomputed.height:
        return [Problem(say.ROW_COUNT, Place(file=name), {"recorded": recorded.height, "recomputed": recomputed.height})]
    listing = _Listing(name)
    for column in recomputed.columns:
        before, after = recorded[column], recomputed[column]
        if before.dtype != after.dtype:
            listing.kinds(column, before.dtype, after.dtype)
        elif not before.equals(after):
            pair = pl.DataFrame({column: before.cast(pl.String), column + RECOMPUTED: after.cast(pl.String)})
            rows = pair.hstack(recorded.select(name for name in ("unit", "node") if name != column)).with_row_index("line", 1)
            listing.cells(column, rows.filter(pl.col(column).ne_missing(pl.col(column + RECOMPUTED))))
    return listing.problems()


@dataclass
class _Listing:
    """Differences of one file: all counted, the first ones listed."""

    name: str
    count: int = 0
    listed: list[Problem] = field(default_factory=list)

    def rows(self, code: str, rows: pl.DataFrame, keys: list[str]) -> None:
        """Note whole rows."""

        def words(row: Mapping[str, Any]) -> dict[str, object]:
            return {
                "row": ", ".join(f"{column} {value}" for column, value in row.items() if value and column not in ("line", *keys))
            }

        self._note(code, rows, words)

    def cells(self, column: str, rows: pl.DataFrame) -> None:
        """Note cells of one column."""

        def words(row: Mapping[str, Any]) -> dict[str, object]:
            return {"column": column, "recorded": row[column] or "-", "recomputed": row[column + RECOMPUTED] or "-"}

        self._note(say.CELL_DIFFERS, rows, words)

    def kinds(self, column: str, recorded: pl.DataType, recomputed: pl.DataType) -> None:
        """Note that a column has another type."""
        self.count += 1
        fields = {"column": column, "recorded": str(recorded), "recomputed": str(recomputed)}
        self.listed.append(Problem(say.CELL_DIFFERS, Place(file=self.name), fields))

    def problems(self) -> list[Problem]:
        """What is listed, by line, and how many more there are."""
        listed = sorted(self.listed, key=lambda problem: problem.place.line)
        rest = self.count - len(listed)
        return [*listed, Problem(say.MORE_DIFFERENCES, Place(file=self.name), {"count": rest})] if rest else listed

    def _note(self, code: str, rows: pl.DataFrame, words: Callable[[Mapping[str, Any]], dict[str, object]]) -> None:
        self.count += rows.height
        for row in rows.head(max(0, LISTED - len(self.listed))).iter_rows(named=True):
            place = Place(self.name, int(row.get("line", 0)), unit=row.get("unit") or "", node=row.get("node") or "")
            self.listed.append(Problem(code, place, words(row)))
