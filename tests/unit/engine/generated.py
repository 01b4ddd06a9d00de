"""Folders of the oracle's generator, read as they are or changed before."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import assume
from ruamel.yaml import YAML

from tests.oracle.generator import generate
from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.result import Result, compile_markers, score
from tongkao.errors import MarkingError
from tongkao.folder.assessment import Assessment
from tongkao.folder.read import read_folder

Rows = dict[str, list[dict[str, str]]]
Change = Callable[[dict[str, Any], Rows], None]


@cache
def tables_of(seed: int) -> tuple[str, dict[str, tuple[list[str], list[dict[str, str]]]]]:
    """The scheme of a generated folder as JSON, and its tables with their columns."""
    with tempfile.TemporaryDirectory() as folder:
        generate(seed, folder)
        scheme = YAML(typ="safe").load(Path(folder, "scheme.yaml").read_text(encoding="utf-8"))
        tables = {}
        for file in Path(folder).glob("*.csv"):
            with file.open(encoding="utf-8-sig", newline="") as text:
                reader = csv.DictReader(text)
                tables[file.stem] = (list(reader.fieldnames or []), list(reader))
    return json.dumps(scheme), tables


def folder_of(seed: int, change: Change | None = None) -> Assessment:
    """Read a generated folder, changed or not."""
    text, tables = tables_of(seed)
    scheme = json.loads(text)
    rows = {name: [dict(row) for row in lines] for name, (_, lines) in tables.items()}
    if change is not None:
        change(scheme, rows)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "scheme.yaml").write_text(json.dumps(scheme), encoding="utf-8")
        for name, (columns, _) in tables.items():
            with Path(folder, f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows[name])
        return read_folder(folder)


def marked(assessment: Assessment) -> Result:
    """Mark; a folder whose nominations do not fit its tiers is no example."""
    try:
        return score(assessment)
    except MarkingError as error:
        assume(all(problem.code != "engine.over_quota" for problem in error.problems))
        raise


def marks_of(assessment: Assessment) -> dict[str, Marks]:
    """The marking of every track, whatever its problems."""
    return {name: marker.mark(gather(marker.plan, marker.values)) for name, marker in compile_markers(assessment).items()}
