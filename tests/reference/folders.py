"""Assessment folders made from plain Python values, and what a marked folder says, for the reference tests."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import tongkao

if TYPE_CHECKING:
    from tongkao import Result

Row = Mapping[str, object]
#: unit -> indicator -> value; ``None`` is missing, a text is a state such as ``not_applicable``
Values = Mapping[str, Mapping[str, float | str | None]]

ROOT = Path(__file__).resolve().parents[2]
ABSENT = "the reference folder is not there: put it beside the checkout as ../shared/reference or set TONGKAO_REFERENCE"


def reference_root() -> Path | None:
    """The folder of reference cases, or None where it is not there."""
    named = os.environ.get("TONGKAO_REFERENCE")
    root = Path(named) if named else ROOT.parent / "shared" / "reference"
    return root if root.is_dir() else None


def needed(name: str) -> Path:
    """One folder of the reference cases; the test is skipped, saying why, where it is not there."""
    root = reference_root()
    if root is None or not (root / name).is_dir():
        pytest.skip(f"{ABSENT} ({name})")
    return root / name


def cases_of(name: str, ids: Iterable[str]) -> list[Any]:
    """Parameters for ``parametrize``: the ids, or one that is skipped and says why where the reference folder is not there."""
    found = list(ids)
    if found:
        return found
    return [pytest.param("none", marks=pytest.mark.skip(reason=f"{ABSENT} ({name})"))]


# --- reading ----------------------------------------------------------------------------------------------------------------


def read_rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as text, one mapping a row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str | None) -> float | None:
    """A field of a CSV file as a number; an empty one is None."""
    return float(text) if text not in (None, "") else None


# --- writing ----------------------------------------------------------------------------------------------------------------


def write_table(path: Path, rows: Iterable[Row]) -> None:
    """Write a table as CSV; None is an empty field, numbers keep every digit."""
    listed = list(rows)
    columns = list(dict.fromkeys(column for row in listed for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in listed:
            writer.writerow([_field(row.get(column)) for column in columns])


def _field(value: object) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def observations(values: Values, period: int | str = "") -> list[dict[str, object]]:
    """Rows of ``observations.csv``: a number is a value, None is missing, a text is the state."""
    rows: list[dict[str, object]] = []
    for unit, of_unit in values.items():
        for indicator, value in of_unit.items():
            row: dict[str, object] = {"unit": unit, "indicator": indicator, "period": period, "value": None, "state": ""}
            row["state" if isinstance(value, str) else "value"] = value
            rows.append(row)
    return rows


def write_folder(path: Path, scheme: Mapping[str, object], units: Sequence[Row], **tables: Iterable[Row]) -> Path:
    """Write an assessment folder.

    Args:
        path: Where; made if it is not there.
        scheme: The scheme; written as JSON, which is YAML too.
        units: Rows of ``units.csv``.
        **tables: Rows of the other tables by name (``observations``, ``events`` ...); a table without rows is not written,
            except the observations, which a folder must have.

    Returns:
        The path.
    """
    path.mkdir(parents=True, exist_ok=True)
    (path / "scheme.yaml").write_text(json.dumps(scheme, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_table(path / "units.csv", units)
    for name, rows in tables.items():
        listed = list(rows)
        if listed:
            write_table(path / f"{name}.csv", listed)
        elif name == "observations":
            (path / "observations.csv").write_text("unit,indicator,period,value,state\n", encoding="utf-8")
    return path


# --- marking ----------------------------------------------------------------------------------------------------------------


def mark(path: Path) -> Result:
    """Read a folder and mark it."""
    return tongkao.score(tongkao.read_folder(path))


def simple_scheme(indicators: Mapping[str, Mapping[str, object]], tree: Sequence[Row], **more: object) -> dict[str, Any]:
    """A scheme of one track ``unit``; ``track`` in ``more`` adds to the track, everything else to the scheme."""
    track = {"title": "单位", "tree": list(tree), **dict(_mapping(more.pop("track", {})))}
    return {
        "tongkao": 1,
        "id": "worked-example",
        "title": {"zh": "算例", "en": "Worked example"},
        "year": 2020,
        "indicators": {name: {"title": name, **indicator} for name, indicator in indicators.items()},
        "tracks": {"unit": track},
        **more,
    }


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


def mark_values(
    path: Path, scheme: Mapping[str, object], values: Values, *, units: Sequence[Row] = (), **tables: Iterable[Row]
) -> Result:
    """Write a folder of one track ``unit`` whose units are those of ``values`` (or ``units``, filled up), and mark it."""
    listed = [{"track": "unit", **row} for row in units] or [{"unit": unit, "track": "unit"} for unit in values]
    rows = [*observations(values), *tables.pop("observations", ())]
    return mark(write_folder(path, scheme, listed, observations=rows, **tables))


def rates(result: Result, node: str) -> dict[str, float]:
    """The rate of a node for each unit that has it."""
    return _column(result.scores.filter(pl.col("node") == node), "rate")


def points(result: Result, node: str) -> dict[str, float]:
    """The points of a node for each unit that has it."""
    return _column(result.scores.filter(pl.col("node") == node), "points")


def of_results(result: Result, column: str) -> dict[str, Any]:
    """One column of the results for each unit; an empty rank or tier is None."""
    return {unit: None if value == "" else value for unit, value in _column(result.results, column).items()}


def _column(table: pl.DataFrame, column: str) -> dict[str, Any]:
    return dict(zip(table["unit"].to_list(), table[column].to_list(), strict=True))
