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

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.impute import SOURCES
from tongkao.engine.marking import Marks
from tongkao.engine.observed import NOT_APPLICABLE
from tongkao.engine.policies import chain
from tongkao.engine.shares import LEFT, LEFT_EQUALLY, STAYS, WEIGHTLESS
from tongkao.engine.tabulate import Marked, integers, numbers, places, tree_order
from tongkao.engine.trace_events import award_records, event_records, tier_records
from tongkao.engine.trace_groups import group_statistics
from tongkao.scheme.model import Floor, Neutral

STATUS = {STAYS: "stays", LEFT: "left", LEFT_EQUALLY: "left_equally", WEIGHTLESS: "weightless"}

#: words for the marks of a treated cell, which add up (see :mod:`tongkao.engine.kernels.treatment`)
TREATMENTS = tuple(
    ";".join(word for bit, word in ((1, "winsorised_high"), (2, "winsorised_low"), (4, "log")) if code & bit) for code in range(8)
)

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
    "treatment": pl.String(),
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
            event_records(name, marked.marks),
            tier_records(name, marked.marks),
            award_records(name, marked),
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

    def every(values: NDArray[Any]) -> NDArray[Any]:
        return np.ascontiguousarray(values[rows][:, order]).ravel()

    def of_columns(values: NDArray[np.float64]) -> pl.Series:
        return spread(values[rows][:, value_columns])

    status = every(marks.effective.status)
    climbed, steps = marks.climbed, marks.climbed.steps
    statistics = group_statistics(marks, value_columns)
    table = pl.DataFrame(
        {
            "track": pl.Series([name]).new_from_index(0, n * size),
            "class": plan.units["class"][np.repeat(np.arange(n), size)],
            "unit": pl.Series(plan.unit_ids, dtype=pl.String)[np.repeat(np.arange(n), size)],
            "record": pl.Series(["node"]).new_from_index(0, n * size),
            "node": pl.Series([layout.ids[column] for column in order])[np.tile(np.arange(size), n)],
            "kind": pl.Series([layout.kinds[column] for column in order])[np.tile(np.arange(size), n)],
            "status": pl.Series(list(STATUS.values()))[status.astype(np.int64)],
            "amount": numbers(every(plan.given.amounts[plan.given.profiles])),
            "own_weight": pl.Series(every(plan.given.own[plan.given.profiles])),
            "nominal": numbers(every(plan.given.full[plan.given.profiles])),
            "full_mark": numbers(every(marks.effective.full)),
            "share": numbers(every(marks.effective.shares)),
            "observed": of_columns(prepared.observed),
            "value": of_columns(prepared.values),
            "treated": of_columns(prepared.treated),
            "scored": spread(prepared.rates[rows][:, leaf_columns]),
            "aggregated": numbers(every(steps.aggregated)),
            "event_points": numbers(every(steps.with_events) - every(steps.aggregated)),
            "rounding": numbers(every(steps.points) - every(steps.with_events)),
            "points": numbers(every(steps.points)),
            "rate": numbers(every(climbed.rates)),
            "place": integers(every(places(marks))),
            "voided": pl.Series(_spread_flags(marks, is_leaf, leaf_columns, n, size)),
            **_targets(marks, value_columns, spread),
            **{field: spread(values).cast(TRACE[field]) for field, values in statistics.items()},
        }
    )
    table = table.with_columns(
        *_filled(marks, is_leaf, value_columns, n, size),
        _policies(marks, is_leaf, leaf_columns, n, size),
        _treatments(marks, is_leaf, value_columns, n, size),
    )
    return _with_states(table, plan.scheme.year, observations)


def _spread_flags(
    marks: Marks, is_leaf: NDArray[np.bool_], leaf_columns: NDArray[np.intp], n: int, size: int
) -> NDArray[np.bool_]:
    whole = np.zeros((n, size), bool)
    if marks.voided is not None:
        rows = marks.plan.main()
        stays = marks.effective.status[rows][:, marks.plan.layout.leaves] == STAYS
        whole[:, is_leaf] = (marks.voided[rows] & stays)[:, leaf_columns]
    return whole.ravel()


def _targets(marks: Marks, columns: NDArray[np.intp], spread: Callable[[NDArray[np.float64]], pl.Series]) -> dict[str, pl.Series]:
    rows = marks.plan.main()
    return {str(which): spread(values[rows][:, columns]) for which, values in marks.inputs.targets.items()}


def _filled(marks: Marks, is_leaf: NDArray[np.bool_], columns: NDArray[np.intp], n: int, size: int) -> list[pl.Series]:
    kinds, years = np.zeros((n, size), np.int64), np.zeros((n, size), np.int64)
    filled = marks.prepared.filled
    if filled is not None and filled.kinds.shape[1] == len(marks.plan.columns):
        rows = marks.plan.main()
        kinds[:, is_leaf] = filled.kinds[rows][:, columns]
        years[:, is_leaf] = filled.years[rows][:, columns]
    return [pl.Series("filled", list(SOURCES))[kinds.ravel()].alias("filled"), integers(years.ravel()).alias("filled_from")]


def _treatments(marks: Marks, is_leaf: NDArray[np.bool_], columns: NDArray[np.intp], n: int, size: int) -> pl.Series:
    """What the treatment did to each cell."""
    codes = np.zeros((n, size), np.int64)
    done = marks.prepared.marks
    if done is not None and done.shape[1] == len(marks.plan.columns):
        codes[:, is_leaf] = done[marks.plan.main()][:, columns]
    return pl.Series(TREATMENTS)[codes.ravel()].alias("treatment")


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
        columns = [c for c, candidate in enumerate(plan.columns) if candidate.leaf == leaf]
        for applicable in (True, False):
            _, end = chain(plan.policy(int(leaf), applicable=applicable))
            word = "floor" if isinstance(end, Floor) else "neutral" if isinstance(end, Neutral) else end
            # A mix is not applicable as soon as one of its parts is.
            inapplicable = (marks.prepared.states[rows][:, columns] == NOT_APPLICABLE).any(axis=1)
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
                    **_targets(marks, np.array([c], np.intp), lambda values: numbers(values[:, 0])),
                    **{
                        field: numbers(values[:, 0]).cast(TRACE[field])
                        for field, values in group_statistics(marks, np.array([c], np.intp)).items()
                    },
                }
            )
        )
    return pl.concat(parts).sort("unit", "node", "part") if parts else pl.DataFrame()
