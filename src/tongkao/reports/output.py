"""Write the folder of a marking as a whole or not at all, and read it again."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from tongkao.engine.explain import explain
from tongkao.engine.result import Result
from tongkao.engine.tabulate import RESULTS, SCORES
from tongkao.errors import OutputError, Place, Problem, nearest
from tongkao.folder.assessment import Assessment
from tongkao.folder.read import read_folder
from tongkao.folder.write import input_files
from tongkao.reports import messages as say
from tongkao.reports.files import INPUTS, NAMES, RUN, TRACE, output_files, text_table
from tongkao.reports.run import read_run, run_bytes, run_of

#: errno -> message with words of its own
_REASONS = {
    errno.ENOSPC: say.NO_SPACE,
    errno.EDQUOT: say.NO_SPACE,
    errno.EACCES: say.NO_PERMISSION,
    errno.EPERM: say.NO_PERMISSION,
    errno.EROFS: say.NO_PERMISSION,
    errno.ENOENT: say.NO_PLACE,
    errno.ENOTDIR: say.NO_PLACE,
    errno.EEXIST: say.NO_PLACE,
}


# --- writing ------------------------------------------------------------------------------------------------------------------


def write_output(result: Result, out: Path | str, *, folder: Path | str | None = None) -> list[str]:
    """Write everything that a marking gives into a folder.

    The folder is made beside its place and moved there when it is complete: whatever goes wrong, nothing half written is
    left, and an earlier output stays as it was.

    Args:
        result: The marking.
        out: The folder to write; an earlier output of Tongkao there is replaced.
        folder: The assessment folder that was read; the output must not be inside it.

    Returns:
        The names of the files at the top of the folder, in order, the folder of inputs with a slash.

    Raises:
        OutputError: If the place cannot be used or written; see :func:`check_place`.
    """
    check_place(out, folder=folder)
    outputs = output_files(result)
    inputs = input_files(result.assessment)
    run = run_bytes(run_of(result.assessment, outputs, inputs))
    target = Path(out).resolve()
    try:
        with _holder(target.parent) as holder:
            fresh = holder / "fresh"
            (fresh / INPUTS).mkdir(parents=True)
            for name, content in {**outputs, RUN: run}.items():
                (fresh / name).write_bytes(content)
            for name, content in inputs.items():
                (fresh / INPUTS / name).write_bytes(content)
            _put(fresh, target, holder / "earlier")
    except OSError as error:
        raise cannot_write(out, error) from error
    return [*outputs, RUN, f"{INPUTS}/"]


def check_place(out: Path | str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where an output must not be written, before any work is done.

    Args:
        out: The folder to write.
        folder: The assessment folder, where there is one.

    Raises:
        OutputError: If the place is a file, the folder one is in, inside or around the assessment folder, or holds anything
            but an earlier output of Tongkao.
    """
    try:
        code, fields = _objection(Path(out), None if folder is None else Path(folder))
    except OSError as error:
        raise cannot_write(out, error) from error
    if code:
        raise OutputError([Problem(code, Place(), {"path": str(out), **fields})])


def _objection(out: Path, folder: Path | None) -> tuple[str, dict[str, object]]:
    target = out.resolve()
    if folder is not None:
        source = folder.resolve()
        if source.is_dir() and target.is_relative_to(source):
            return say.OUT_IN_FOLDER, {"folder": str(folder)}
        if source.is_relative_to(target) and target.is_dir():
            return say.FOLDER_IN_OUT, {"folder": str(folder)}
    if not target.exists():
        return "", {}
    if not target.is_dir():
        return say.OUT_IS_FILE, {}
    if Path.cwd().is_relative_to(target):
        return say.OUT_IS_HERE, {}
    names = sorted(entry.name for entry in target.iterdir())
    if not names:
        return "", {}
    try:
        read_run(target)
    except OutputError:
        return say.OUT_NOT_OURS, {}
    foreign = [name for name in names if name not in NAMES]
    return (say.OUT_FOREIGN, {"files": foreign}) if foreign else ("", {})


def cannot_write(out: Path | str, error: OSError) -> OutputError:
    """A system's refusal in our words."""
    code = _REASONS.get(error.errno or 0, say.CANNOT_WRITE)
    return OutputError([Problem(code, Place(), {"path": str(out), "reason": error.strerror or type(error).__name__})])


@contextmanager
def _holder(parent: Path) -> Iterator[Path]:
    """A folder beside the output for what is not finished; folders above it that had to be made go again on failure."""
    made = []
    above = parent
    while not above.exists():
        made.append(above)
        above = above.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        holder = Path(tempfile.mkdtemp(prefix=".tongkao-", dir=parent))
        try:
            yield holder
        finally:
            shutil.rmtree(holder, ignore_errors=True)
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise


def _put(fresh: Path, target: Path, earlier: Path) -> None:
    """Move the finished folder to its place; an earlier one is moved aside first, and back if that fails."""
    replaced = target.exists()
    if replaced:
        target.rename(earlier)
    try:
        fresh.rename(target)
    except BaseException:
        if replaced:
            earlier.rename(target)
        raise


# --- reading ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Output:
    """A marked folder, its tables read when they are asked for.

    Attributes:
        path: The folder.
        run: What run.json says.
    """

    path: Path
    run: dict[str, Any]

    @cached_property
    def results(self) -> pl.DataFrame:
        """The table ``results.csv`` with its types."""
        return _typed(self.path / "results.csv", RESULTS)

    @cached_property
    def scores(self) -> pl.DataFrame:
        """The table ``scores.csv`` with its types."""
        return _typed(self.path / "scores.csv", SCORES)

    @cached_property
    def trace(self) -> pl.DataFrame:
        """The table ``trace.parquet``."""
        try:
            return pl.read_parquet(self.path / TRACE)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise _damaged(TRACE, error) from error

    @cached_property
    def assessment(self) -> Assessment:
        """What was marked, from the copies of the inputs."""
        return read_folder(self.path / INPUTS)

    def find_unit(self, name: str) -> str:
        """A unit's id from its id or one of its names.

        Raises:
            OutputError: If there is no such unit; the nearest one is named.
        """
        units = self.assessment.units
        if name in units["unit"]:
            return name
        named = units.filter((pl.col("name_zh") == name) | (pl.col("name_en") == name))["unit"].to_list()
        if len(named) == 1:
            return str(named[0])
        names = {name for column in ("unit", "name_zh", "name_en") for name in units[column] if name}
        near = nearest(name, names)
        raise OutputError([Problem(say.UNKNOWN_UNIT, Place(), {"unit": name, "nearest": near})])

    def explain(self, unit: str, node: str | None = None) -> dict[str, Any]:
        """How a unit came to its points, read off the tables; see :func:`tongkao.engine.explain.explain`.

        Raises:
            OutputError: If there is no such unit; the nearest one is named.
            ExplainError: If the unit's tree has no such node; the nearest one is named.
        """
        return explain(self.assessment, self.trace, self.results, self.find_unit(unit), node)


def read_output(out: Path | str) -> Output:
    """Open a marked folder.

    Args:
        out: The folder that :func:`write_output` wrote.

    Raises:
        OutputError: If it is none.
    """
    path = Path(out)
    return Output(path, read_run(path))


def _typed(path: Path, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    try:
        table = text_table(path.read_bytes())
        return table.select(
            pl.col(name) if kind == pl.String else pl.col(name).replace("", None).cast(kind) for name, kind in schema.items()
        )
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _damaged(path.name, error) from error


def _damaged(name: str, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).partition("\n")[0]
    return OutputError([Problem(say.DAMAGED, Place(file=name), {"reason": reason})])
