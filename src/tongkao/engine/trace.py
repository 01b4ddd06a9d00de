"""The trace: everything that was computed, recorded once as one table, read by explanations and audits.

Five kinds of rows, told apart by ``record``:

* ``node``: one row a unit and node, also for what left or weighs nothing: weight, value, how it came about, rate, points before
  and after events and rounding;
* ``part``: one row a unit and part of a mix;
* ``event``: one row a unit and effect, with place and tier before and after;
* ``tier``: why a unit did not enter a tier, or moved up;
* ``award``: one row an award.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.events import PointsLine
from tongkao.engine.impute import SOURCES
from tongkao.engine.marking import Marks, Standing
from tongkao.engine.observed import NOT_APPLICABLE
from tongkao.engine.policies import chain
from tongkao.engine.shares import LEFT, LEFT_EQUALLY, STAYS, WEIGHTLESS
from tongkao.engine.tabulate import Marked, integers, numbers, places, tree_order
from tongkao.engine.tiers import NO_TIER
from tongkao.scheme.model import Floor, Neutral

STATUS = {STAYS: "stays", LEFT: "left", LEFT_EQUALLY: "left_equally", WEIGHTLESS: "weightless"}

TRACE: dict[str, pl.DataType] = {
    "track": pl.String(),
    "class": pl.String(),
    "unit": pl.String(),
    "record": pl.String(),
    "node": pl.String(),
    "kind": pl.String(),
    "part": pl.Int64(),
    "status": pl.String(),
    "amount": pl.Float64(),
    "own_weight": pl.Boolean(),
    "nominal": pl.Float64(),
    "full_mark": pl.Float64(),
    "share": pl.Float64(),
    "state": pl.String(),
    "observed": pl.Float64(),
    "value": pl.Float64(),
    "filled": pl.String(),
    "filled_from": pl.Int64(),
    "treated": pl.Float64(),
    "target": pl.Float64(),
    "baseline": pl.Float64(),
    "challenge": pl.Float64(),
    "group_count": pl.Int64(),
    "group_best": pl.Float64(),
    "group_worst": pl.Float64(),
    "group_mean": pl.Float64(),
    "group_sd": pl.Float64(),
    "group_place": pl.Int64(),
    "scored": pl.Float64(),
    "policy": pl.String(),
    "voided": pl.Boolean(),
    "aggregated": pl.Float64(),
    "event_points": pl.Float64(),
    "rounding": pl.Float64(),
    "points": pl.Float64(),
    "rate": pl.Float64(),
    "place": pl.Int64(),
    "rule": pl.String(),
    "effect": pl.String(),
    "binding": pl.Boolean(),
    "count": pl.Float64(),
    "asked": pl.Float64(),
    "capped": pl.Float64(),
    "granted": pl.Float64(),
    "rank_before": pl.Int64(),
    "rank_after": pl.Int64(),
    "tier_before": pl.String(),
    "tier_after": pl.String(),
    "reason": pl.String(),
    "note": pl.String(),
}


def trace_table(tracks: Mapping[str, Marked], observations: pl.DataFrame) -> pl.DataFrame:
    """The trace of all tracks, sorted by track; within a track the records in the order above, units in canonical order.

    Args:
        tracks: The marked tracks.
        observations: The table of observations, for the states as they were reported.
    """
    parts = []
    for name in sorted(tracks):
        marked = tracks[name]
        parts += [
            _node_records(name, marked.marks, observations),
            _part_records(name, marked.marks),
            _event_records(name, marked.marks),
            _tier_records(name, marked.marks),
            _award_records(name, marked),
        ]
    filled = [
        part.select(
            *(pl.col(column) if column in part.columns else pl.lit(None, kind).alias(column) for column, kind in TRACE.items())
        )
        for part in parts
        if part.height
    ]
    return pl.concat(filled) if filled else pl.DataFrame(schema=TRACE)


def _node_records(name: str, marks: Marks, observations: pl.DataFrame) -> pl.DataFrame:
    plan, layout, prepared = marks.plan, marks.plan.layout, marks.prepared
    rows = plan.main()
    order = tree_order(marks)
    n, size = len(plan.unit_ids), len(order)
    column_of_leaf = {leaf: column for column, leaf in reversed(list(enumerate(c.leaf for c in plan.columns)))}
    leaf_of_node = {int(node): leaf for leaf, node in enumerate(layout.leaves)}
    leaves = [leaf_of_node.get(int(column)) for column in order]
    is_leaf = np.array([leaf is not None for leaf in leaves])
    leaf_columns = np.array([leaf for leaf in leaves if leaf is not None], np.intp)
    value_columns = np.array([column_of_leaf[leaf] for leaf in leaf_columns], np.intp)

    def spread(values: NDArray[np.float64]) -> pl.Series:
        """Values of leaves (n, m in tree order) as cells of all nodes, null for the others."""
        whole = np.full((n, size), np.nan)
        whole[:, is_leaf] = values
        return numbers(whole.ravel())

    def every(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.ascontiguousarray(values[rows][:, order]).ravel()

    def of_columns(values: NDArray[np.float64]) -> pl.Series:
        return spread(values[rows][:, value_columns])

    status = every(marks.effective.status)
    climbed = marks.climbed
    statistics = _group_statistics(marks, value_columns)
    table = pl.DataFrame(
        {
            "track": pl.Series([name]).new_from_index(0, n * size),
            "class": plan.units["class"][np.repeat(np.arange(n), size)],
            "unit": pl.Series(plan.unit_ids, dtype=pl.String)[np.repeat(np.arange(n), size)],
            "record": pl.Series(["node"]).new_from_index(0, n * size),
            "node": pl.Series([layout.ids[column] for column in order])[np.tile(np.arange(size), n)],
            "kind": pl.Series([layout.kinds[column] for column in order])[np.tile(np.arange(size), n)],
            "status": pl.Series(list(STATUS.values()))[status.astype(np.int64)],
            "amount": numbers(every(plan.given.amounts)),
            "own_weight": pl.Series(every(plan.given.own)),
            "nominal": numbers(every(plan.given.full)),
            "full_mark": numbers(every(marks.effective.full)),
            "share": numbers(every(marks.effective.shares)),
            "observed": of_columns(prepared.observed),
            "value": of_columns(prepared.values),
            "treated": of_columns(prepared.treated),
            "scored": of_columns(prepared.scored)
            if len(plan.columns) == len(plan.indicators)
            else spread(prepared.rates[rows][:, leaf_columns]),
            "aggregated": numbers(every(climbed.aggregated)),
            "event_points": numbers(every(climbed.with_events) - every(climbed.aggregated)),
            "rounding": numbers(every(climbed.points) - every(climbed.with_events)),
            "points": numbers(every(climbed.points)),
            "rate": numbers(every(climbed.rates)),
            "place": integers(every(places(marks))),
            "voided": pl.Series(_spread_flags(marks, is_leaf, leaf_columns, n, size)),
            **{field: spread(values) for field, values in _targets(marks, value_columns).items()},
            **{
                field: spread(values) if field.endswith(("best", "worst", "mean", "sd")) else spread(values).cast(pl.Int64)
                for field, values in statistics.items()
            },
        }
    )
    table = table.with_columns(
        _filled(marks, is_leaf, value_columns, n, size),
        _policies(marks, is_leaf, leaf_columns, n, size),
    )
    return _with_states(table, plan.scheme.year, observations)


def _spread_flags(
    marks: Marks, is_leaf: NDArray[np.bool_], leaf_columns: NDArray[np.intp], n: int, size: int
) -> NDArray[np.bool_]:
    whole = np.zeros((n, size), bool)
    if marks.voided is not None:
        whole[:, is_leaf] = marks.voided[marks.plan.main()][:, leaf_columns]
    return whole.ravel()


def _targets(marks: Marks, columns: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
    rows = marks.plan.main()
    return {str(which): values[rows][:, columns] for which, values in marks.inputs.targets.items()}


def _group_statistics(marks: Marks, columns: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
    """Count, best, worst, mean and standard deviation of each leaf's comparison group, and the unit's place in it."""
    plan, rows = marks.plan, marks.plan.main()
    x = marks.prepared.treated
    if x.shape[1] != len(plan.columns):
        return {}
    n, m = len(plan.unit_ids), len(columns)
    result = {
        field: np.full((n, m), np.nan)
        for field in ("group_count", "group_best", "group_worst", "group_mean", "group_sd", "group_place")
    }
    compares = np.array([plan.indicators[plan.columns[column].leaf].compare for column in columns])
    for compare in np.unique(compares):
        chosen = np.flatnonzero(compares == compare)
        codes = plan.compare_codes(str(compare))
        for code in np.unique(codes[rows]):
            members = np.flatnonzero(codes == code)
            here = np.flatnonzero(codes[rows] == code)
            values = x[np.ix_(members, columns[chosen])]
            counted = ~np.isnan(values) & plan.ranked[members][:, None]
            signs = np.array([plan.columns[column].sign for column in columns[chosen]])
            mine = np.ix_(here, chosen)
            for field, numbers_ in _statistics(values, counted, signs).items():
                result[field][mine] = numbers_
            own = x[rows][np.ix_(here, columns[chosen])]
            result["group_place"][mine] = _place_among(own, values, counted, signs)
    return result


def _statistics(
    values: NDArray[np.float64], counted: NDArray[np.bool_], signs: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    count = counted.sum(axis=0).astype(np.float64)
    highest = np.where(counted, values, -np.inf).max(axis=0, initial=-np.inf)
    lowest = np.where(counted, values, np.inf).min(axis=0, initial=np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(counted, values, 0.0).sum(axis=0) / count
        deviation = np.where(counted, values - mean, 0.0)
        spread = np.sqrt((deviation * deviation).sum(axis=0) / (count - 1))
    best, worst = np.where(signs > 0, highest, lowest), np.where(signs > 0, lowest, highest)
    nothing = count == 0
    return {
        "group_count": count,
        "group_best": np.where(nothing, np.nan, best),
        "group_worst": np.where(nothing, np.nan, worst),
        "group_mean": np.where(nothing, np.nan, mean),
        "group_sd": np.where(count < 2, np.nan, spread),
    }


def _place_among(
    own: NDArray[np.float64], values: NDArray[np.float64], counted: NDArray[np.bool_], signs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 + the number of counted values that are better, nearly equal ones not."""
    result = np.full(own.shape, np.nan)
    for column in range(own.shape[1]):
        group = np.sort(signs[column] * values[counted[:, column], column])
        mine = signs[column] * own[:, column]
        better = len(group) - np.searchsorted(group, mine + 1e-9 * np.abs(mine), side="right")
        result[:, column] = np.where(np.isnan(mine), np.nan, 1 + better)
    return result


def _filled(marks: Marks, is_leaf: NDArray[np.bool_], columns: NDArray[np.intp], n: int, size: int) -> list[pl.Series]:
    kinds, years = np.zeros((n, size), np.int64), np.zeros((n, size), np.int64)
    filled = marks.prepared.filled
    if filled is not None and filled.kinds.shape[1] == len(marks.plan.columns):
        rows = marks.plan.main()
        kinds[:, is_leaf] = filled.kinds[rows][:, columns]
        years[:, is_leaf] = filled.years[rows][:, columns]
    return [pl.Series("filled", list(SOURCES))[kinds.ravel()].alias("filled"), integers(years.ravel()).alias("filled_from")]


def _policies(marks: Marks, is_leaf: NDArray[np.bool_], leaf_columns: NDArray[np.intp], n: int, size: int) -> pl.Series:
    """The word of the policy that ended each absent cell."""
    plan, rows = marks.plan, marks.plan.main()
    names = [""]
    codes = np.zeros((n, len(leaf_columns)), np.int64)
    for place, leaf in enumerate(leaf_columns):
        given = marks.prepared.given[rows, leaf] if marks.prepared.given is not None else np.zeros(n, bool)
        left = np.isin(marks.effective.status[rows, plan.layout.leaves[leaf]], (LEFT, LEFT_EQUALLY))
        cells = given | left
        if not cells.any():
            continue
        column = next(c for c, candidate in enumerate(plan.columns) if candidate.leaf == leaf)
        for applicable in (True, False):
            _, end = chain(plan.policy(int(leaf), applicable=applicable))
            word = "floor" if isinstance(end, Floor) else "neutral" if isinstance(end, Neutral) else end
            inapplicable = marks.prepared.states[rows, column] == NOT_APPLICABLE
            chosen = cells & (inapplicable != applicable)
            if chosen.any():
                names.append(word)
                codes[chosen, place] = len(names) - 1
    whole = np.zeros((n, size), np.int64)
    whole[:, is_leaf] = codes
    return pl.Series("policy", names)[whole.ravel()].alias("policy")


def _with_states(table: pl.DataFrame, year: int, observations: pl.DataFrame) -> pl.DataFrame:
    """Add the state as reported; cells without an observation of their own are computed or missing."""
    reported = observations.filter(pl.col("period") == str(year)).select("unit", pl.col("indicator").alias("node"), "state")
    return table.join(reported, on=["unit", "node"], how="left", maintain_order="left").with_columns(
        pl.when(pl.col("kind") != "indicator")
        .then(pl.lit(""))
        .otherwise(
            pl.coalesce("state", pl.when(pl.col("observed").is_null()).then(pl.lit("missing")).otherwise(pl.lit("computed")))
        )
        .alias("state")
    )


def _part_records(name: str, marks: Marks) -> pl.DataFrame:
    plan, prepared, rows = marks.plan, marks.prepared, marks.plan.main()
    parts = []
    for c, column in enumerate(plan.columns):
        if column.share == 1.0 and column.part == 0 and sum(other.leaf == column.leaf for other in plan.columns) == 1:
            continue
        parts.append(
            pl.DataFrame(
                {
                    "track": [name] * len(plan.unit_ids),
                    "class": plan.units["class"],
                    "unit": plan.unit_ids,
                    "record": ["part"] * len(plan.unit_ids),
                    "node": [column.indicator] * len(plan.unit_ids),
                    "part": pl.Series([column.part + 1] * len(plan.unit_ids), dtype=pl.Int64),
                    "share": [column.share] * len(plan.unit_ids),
                    "observed": numbers(prepared.observed[rows, c]),
                    "value": numbers(prepared.values[rows, c]),
                    "treated": numbers(prepared.treated[rows, c]),
                    "scored": numbers(prepared.scored[rows, c]),
                    **{which: numbers(values[rows, c]) for which, values in marks.inputs.targets.items()},
                    **{
                        field: numbers(values[:, 0])
                        if field.endswith(("best", "worst", "mean", "sd"))
                        else numbers(values[:, 0]).cast(pl.Int64)
                        for field, values in _group_statistics(marks, np.array([c], np.intp)).items()
                    },
                }
            )
        )
    return pl.concat(parts).sort("unit", "node", "part") if parts else pl.DataFrame()


def _event_records(name: str, marks: Marks) -> pl.DataFrame:
    if not marks.stages:
        return pl.DataFrame()
    plan = marks.plan
    rows: list[dict[str, object]] = []

    def add(row: int, stage: int, effect: str, rule: str, binding: bool, **more: object) -> None:
        unit = row - plan.main().start
        before, after = marks.stages[stage], marks.stages[stage + 1]
        rows.append(
            {
                "track": name,
                "class": plan.units["class"][unit],
                "unit": plan.unit_ids[unit],
                "record": "event",
                "effect": effect,
                "rule": rule,
                "binding": binding,
                **_before_and_after(marks, before, after, row),
                **more,
            }
        )

    for happening in marks.found:
        effect = happening.effect
        common = {"count": happening.count, "note": happening.note}
        if effect.void is not None:
            add(happening.row, 0, "void", happening.rule, happening.binding, node=happening.indicator or happening.rule, **common)
    for line in marks.lines:
        _add_points(add, marks, line)
    for happening in marks.found:
        effect = happening.effect
        common = {"count": happening.count, "note": happening.note}
        if effect.tier_at_most is not None:
            add(happening.row, 2, "tier_at_most", happening.rule, happening.binding, reason=effect.tier_at_most, **common)
        if effect.tier_down is not None:
            add(happening.row, 3, "tier_down", happening.rule, happening.binding, reason=str(effect.tier_down), **common)
        if effect.disqualify:
            add(happening.row, 4, "disqualify", happening.rule, happening.binding, **common)
    if not rows:
        return pl.DataFrame()
    columns = {key for row in rows for key in row}
    return pl.DataFrame(rows, schema={column: kind for column, kind in TRACE.items() if column in columns}).sort(
        "unit", maintain_order=True
    )


def _add_points(add: object, marks: Marks, line: PointsLine) -> None:
    assert callable(add)
    node = line.node if marks.effective.status[line.row, line.node] == STAYS else 0
    count = sum(h.count for h in marks.found if h.row == line.row and h.rule == line.rule and h.binding == line.binding)
    add(
        line.row,
        1,
        "bonus" if line.bonus else "deduct",
        line.rule,
        line.binding,
        node=marks.plan.layout.ids[node],
        count=count,
        asked=line.asked,
        capped=line.capped,
        granted=line.granted,
    )


def _before_and_after(marks: Marks, before: Standing, after: Standing, row: int) -> dict[str, object]:
    tiers = marks.plan.track.tiers

    def tier(standing: Standing) -> str:
        index = standing.tiers[row]
        return tiers[index].id if index != NO_TIER else ""

    return {
        "rank_before": int(before.ranks[row]) or None,
        "rank_after": int(after.ranks[row]) or None,
        "tier_before": tier(before),
        "tier_after": tier(after),
    }


def _tier_records(name: str, marks: Marks) -> pl.DataFrame:
    plan = marks.plan
    rows = plan.main()
    chosen = [note for note in marks.notes if rows.start <= note.row < rows.stop]
    chosen.sort(key=lambda note: (note.row, note.reason == "moved_up", note.tier))
    if not chosen:
        return pl.DataFrame()
    units = [note.row - rows.start for note in chosen]
    return pl.DataFrame(
        {
            "track": [name] * len(chosen),
            "class": [plan.units["class"][unit] for unit in units],
            "unit": [plan.unit_ids[unit] for unit in units],
            "record": ["tier"] * len(chosen),
            "reason": [note.reason for note in chosen],
            "node": [note.node for note in chosen],
            "tier_after": [plan.track.tiers[note.tier].id for note in chosen],
        }
    )


def _award_records(name: str, marked: Marked) -> pl.DataFrame:
    plan = marked.marks.plan
    rows = [
        (name, plan.units["class"][unit], plan.unit_ids[unit], "award", award)
        for unit, won in enumerate(marked.awards)
        for award in won
    ]
    return pl.DataFrame(rows, schema=["track", "class", "unit", "record", "rule"], orient="row") if rows else pl.DataFrame()
