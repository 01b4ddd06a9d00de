"""Assessments made from a few lines, and what a marking says of them.

A tree is a mapping from ids to what they get: a number (points of an indicator), amounts by class (``{"default": 30, "north":
20}``), or the keys of the node (``{"weight": 2}``, ``{"points": 60, "children": {...}}``). Tables are text, a header and one line
a row, ``-`` for an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.plan import TrackPlan, compile_track
from tongkao.engine.result import Result, compile_markers, score
from tongkao.errors import MarkingError
from tongkao.folder.assessment import Assessment
from tongkao.scheme.model import Scheme
from tongkao.scheme.validator import validate
from tongkao.tables import EVENTS, HISTORY, NOMINATIONS, OBSERVATIONS, TARGETS, UNITS, WEIGHTS, TableSpec

YEAR = 2020
NAN = float("nan")
IDENTITY = {"method": "identity"}
TIERS = [{"id": "first", "count": 1}, {"id": "second", "count": 2}, {"id": "third"}]
"""One place, two places, all the others."""


def assess(
    tree: Mapping[str, Any],
    values: str = "unit",
    *,
    units: str | None = None,
    indicators: Mapping[str, Mapping[str, Any]] | None = None,
    track: Mapping[str, Any] | None = None,
    tracks: Mapping[str, Mapping[str, Any]] | None = None,
    events: str | None = None,
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    observations: str | None = None,
    targets: str | None = None,
    history: str | None = None,
    weights: str | None = None,
    nominations: str | None = None,
    **scheme: Any,
) -> Assessment:
    """Make an assessment.

    Args:
        tree: The tree of track ``t``.
        values: Values of the scheme's year: a column ``unit``, then one an indicator; ``-`` missing, ``n/a`` not applicable,
            ``.`` no row at all.
        units: The units, where they have more than an id and the track ``t``; columns of numbers become numbers.
        indicators: What is said of an indicator beside ``score: identity``.
        track: Further rules of track ``t``.
        tracks: Further tracks, with their trees.
        events: Rows of the events.
        rules: Effects of the events.
        observations: Further observations.
        targets: Targets.
        history: Earlier results.
        weights: Weights of units' own.
        nominations: Nominations.
        **scheme: Further keys of the scheme.
    """
    all_tracks = {"t": {"title": "t", "tree": tree, **(track or {})}} if tree else {}
    all_tracks |= {name: {"title": name, **rule} for name, rule in (tracks or {}).items()}
    used: list[str] = list(indicators or {})
    made = {name: {**rule, "tree": nodes(rule["tree"], used)} for name, rule in all_tracks.items()}
    for rule in made.values():
        for key in ("tiers", "awards"):
            if key in rule:
                rule[key] = [{"title": item["id"], **item} for item in rule[key]]
    data: dict[str, Any] = {
        "tongkao": 1,
        "id": "case",
        "title": "case",
        "year": YEAR,
        "indicators": {
            name: {"title": name, "score": IDENTITY, **(indicators or {}).get(name, {})} for name in dict.fromkeys(used)
        },
        "tracks": made,
        **scheme,
    }
    if rules:
        data["events"] = {name: {"title": name, "effect": effect} for name, effect in rules.items()}
    grid = rows_of(values)
    people = rows_of(units) if units is not None else [{"unit": row["unit"]} for row in grid]
    observed = [_observation(row["unit"] or "", name, cell) for row in grid for name, cell in row.items() if name != "unit"]
    observed = [row for row in observed if row["state"] != "."] + [_filled(row) for row in rows_of(observations)]
    unit_table = _units(people)
    rules_of_all = Scheme.model_validate(data)
    classes = {name: set(unit_table.filter(pl.col("track") == name)["class"]) for name in made}
    problems = validate(rules_of_all, classes=classes)
    assert not problems, [problem.describe("en") for problem in problems]
    year = {"period": str(data["year"])}
    return Assessment(
        rules_of_all,
        "",
        unit_table,
        _table(OBSERVATIONS, observed, {"source": "", **year}),
        _table(TARGETS, rows_of(targets), {"unit": "", **year}),
        _table(EVENTS, rows_of(events), {"date": "", "count": "1", "indicator": "", "note": "", "evidence": ""}),
        _table(HISTORY, rows_of(history), {"tier": "", "track": "t"}),
        _table(WEIGHTS, rows_of(weights), {}),
        _table(NOMINATIONS, rows_of(nominations), {}),
    )


def nodes(tree: Mapping[str, Any], used: list[str]) -> list[dict[str, Any]]:
    """A tree as the scheme writes it; notes the indicators."""
    result = []
    for name, given in tree.items():
        if isinstance(given, Mapping) and "children" in given:
            result.append({"id": name, "title": name, **given, "children": nodes(given["children"], used)})
            continue
        used.append(name)
        keys = given if isinstance(given, Mapping) and {"points", "weight"} & set(given) else {"points": given}
        result.append({"indicator": name, **keys})
    return result


def rows_of(text: str | None) -> list[dict[str, str | None]]:
    """Lines of a table; ``-`` is None."""
    lines = [line.split() for line in (text or "").strip().splitlines()]
    return [dict(zip(lines[0], (None if cell == "-" else cell for cell in line), strict=True)) for line in lines[1:]]


def _observation(unit: str, name: str, cell: str | None) -> dict[str, str | None]:
    row = {"unit": unit, "indicator": name, "value": cell, "state": "reported" if cell else "missing"}
    if cell == "n/a":
        row |= {"value": None, "state": "not_applicable"}
    elif cell == ".":
        row |= {"value": None, "state": "."}
    return row


def _filled(row: dict[str, str | None]) -> dict[str, str | None]:
    state = row.get("state") or ("reported" if row.get("value") else "missing")
    return {**row, "state": state, "value": "0" if state == "null_reported" else row.get("value")}


def _table(spec: TableSpec, rows: list[dict[str, str | None]], defaults: dict[str, str]) -> pl.DataFrame:
    text = pl.DataFrame(
        [{column: row.get(column) or defaults.get(column) for column in spec.columns} for row in rows],
        schema=dict.fromkeys(spec.columns, pl.String()),
    )
    typed = text.cast(spec.schema())  # type: ignore[arg-type]
    words = [column for column, kind in spec.columns.items() if kind == "text"]
    return typed.with_columns(pl.col(words).fill_null("")).sort(spec.key, nulls_last=True)


def _units(rows: list[dict[str, str | None]]) -> pl.DataFrame:
    further = sorted({column for row in rows for column in row} - set(UNITS.columns))
    columns = {column: [row.get(column) or ("t" if column == "track" else "") for row in rows] for column in UNITS.columns}
    table = pl.DataFrame(columns, schema=UNITS.schema())
    for column in further:
        cells = [row.get(column) for row in rows]
        numbers = pl.Series(column, cells, pl.String()).cast(pl.Float64, strict=False)
        words = pl.Series(column, [cell or "" for cell in cells])
        table = table.with_columns(numbers if any(cells) and numbers.count() == sum(c is not None for c in cells) else words)
    return table.sort("unit")


# --- what a marking says -----------------------------------------------------------------------------------------------------


def plan_of(assessment: Assessment, track: str = "t") -> TrackPlan:
    """The compiled plan of a track."""
    return compile_track(assessment, track)


def marks_of(assessment: Assessment, track: str = "t") -> Marks:
    """The marking of a track, whatever its problems."""
    marker = compile_markers(assessment)[track]
    return marker.mark(gather(marker.plan, marker.values))


def of_node(assessment: Assessment, node: str, column: str = "rate") -> dict[str, Any]:
    """One column of the scores of a node, by unit."""
    table = score(assessment).scores.filter(pl.col("node") == node)
    return dict(table.select("unit", column).iter_rows())


def of_unit(assessment: Assessment, unit: str, column: str = "points") -> dict[str, Any]:
    """One column of the scores of a unit, by node."""
    table = score(assessment).scores.filter(pl.col("unit") == unit)
    return dict(table.select("node", column).iter_rows())


def of_results(assessment: Assessment, column: str) -> dict[str, Any]:
    """One column of the results, by unit."""
    return dict(score(assessment).results.select("unit", column).iter_rows())


def traced(result: Result, record: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of one kind of record of the trace."""
    return result.trace.filter(pl.col("record") == record).select(*columns).rows()


def refusals(assessment: Assessment) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Why a marking is refused: code, unit, node and fields of each problem; every problem has words in both languages."""
    with pytest.raises(MarkingError) as caught:
        score(assessment)
    problems = caught.value.problems
    assert all(problem.describe("zh") and problem.describe("en") for problem in problems)
    return [(problem.code, problem.place.unit, problem.place.node, dict(problem.fields)) for problem in problems]
