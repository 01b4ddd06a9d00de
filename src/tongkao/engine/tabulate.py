"""Markings as tables: results, scores and the panel, in canonical order (section 10 of the format)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.history import Past
from tongkao.engine.kernels import ranking
from tongkao.engine.layout import IntArray
from tongkao.engine.marking import Marks
from tongkao.engine.plan import TOLERANCE
from tongkao.engine.shares import STAYS
from tongkao.engine.tiers import NO_TIER

FloatArray = NDArray[np.float64]

RESULTS = {
    "track": pl.String(),
    "class": pl.String(),
    "unit": pl.String(),
    "total": pl.Float64(),
    "rank": pl.Int64(),
    "tier": pl.String(),
    "rank_last": pl.Int64(),
    "tier_last": pl.String(),
    "rank_change": pl.Int64(),
    "awards": pl.String(),
}
SCORES = {
    "track": pl.String(),
    "class": pl.String(),
    "unit": pl.String(),
    "node": pl.String(),
    "kind": pl.String(),
    "full_mark": pl.Float64(),
    "rate": pl.Float64(),
    "points": pl.Float64(),
    "place": pl.Int64(),
}


@dataclass(frozen=True)
class Marked:
    """One track with everything that the tables need.

    Attributes:
        marks: Its marking.
        past: Earlier results of its units.
        awards: Awards of each unit.
    """

    marks: Marks
    past: Past
    awards: Sequence[Sequence[str]]


def places(marks: Marks) -> IntArray:
    """Place of each rate in the list in which the row is ranked, rows × N, 0 where there is none; the total's is the rank."""
    rates = np.where(marks.plan.ranked[:, None], marks.climbed.rates, np.nan)
    result: IntArray = ranking.place_within(rates, marks.plan.rank_codes, tolerance=TOLERANCE * 100.0)
    result[:, 0] = marks.final.ranks
    return result


def integers(values: NDArray[np.generic]) -> pl.Series:
    """Places as a column, null for 0."""
    series = pl.Series(values.astype(np.int64))
    return series.replace(0, None) if len(series) else series


def numbers(values: FloatArray) -> pl.Series:
    """Numbers as a column, null for NaN."""
    return pl.Series(np.ascontiguousarray(values)).fill_nan(None)


def results_table(tracks: Mapping[str, Marked]) -> pl.DataFrame:
    """One row a unit, sorted by track, then unit."""
    parts = [_results(name, tracks[name]) for name in sorted(tracks)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=RESULTS)


def _results(name: str, marked: Marked) -> pl.DataFrame:
    marks, past = marked.marks, marked.past
    plan, rows = marks.plan, marks.plan.main()
    ranks, tiers, last = marks.final.ranks[rows], marks.final.tiers[rows], past.rank_last
    change = np.where((ranks > 0) & (last > 0), last - ranks, 0)
    known = (ranks > 0) & (last > 0)
    return pl.DataFrame(
        {
            "track": [name] * len(plan.unit_ids),
            "class": plan.units["class"],
            "unit": plan.unit_ids,
            "total": numbers(marks.totals[rows]),
            "rank": integers(ranks),
            "tier": [plan.track.tiers[tier].id if tier != NO_TIER else "" for tier in tiers],
            "rank_last": integers(last),
            "tier_last": list(past.tier_last),
            "rank_change": pl.Series(change, dtype=pl.Int64).set(pl.Series(~known), None) if len(change) else [],
            "awards": [";".join(won) for won in marked.awards],
        },
        schema=RESULTS,
    ).sort("unit")


def scores_table(tracks: Mapping[str, Marked]) -> pl.DataFrame:
    """One row a unit and node that counts for it, sorted by track, unit and the order of the tree."""
    parts = []
    for name in sorted(tracks):
        marks = tracks[name].marks
        rows = marks.plan.main()
        parts.append(_nodes(name, marks, rows, places(marks)))
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCORES)


def tree_order(marks: Marks) -> IntArray:
    """Columns of the nodes as one reads the tree: a node, then what is below it."""
    layout = marks.plan.layout
    children: dict[int, list[int]] = {}
    for column, parent in enumerate(layout.parent.tolist()):
        children.setdefault(parent, []).append(column)
    order, stack = [], [0]
    while stack:
        column = stack.pop()
        order.append(column)
        stack.extend(reversed(children.get(column, [])))
    return np.array(order, np.intp)


def _nodes(name: str, marks: Marks, rows: slice, place: IntArray) -> pl.DataFrame:
    plan, layout = marks.plan, marks.plan.layout
    order = tree_order(marks)
    stays = marks.effective.status[rows][:, order] == STAYS

    def cells(values: NDArray[Any]) -> NDArray[Any]:
        chosen: NDArray[Any] = values[rows][:, order][stays]
        return chosen

    row_index, node_index = np.nonzero(stays)
    labels = pl.DataFrame({"class": plan.units["class"], "unit": plan.unit_ids}, schema={"class": pl.String, "unit": pl.String})
    nodes = pl.DataFrame(
        {"node": [layout.ids[column] for column in order], "kind": [layout.kinds[column] for column in order]},
        schema={"node": pl.String, "kind": pl.String},
    )
    return pl.concat(
        [
            pl.select(pl.repeat(name, len(row_index), dtype=pl.String).alias("track")),
            labels[row_index],
            nodes[node_index],
            pl.DataFrame(
                {
                    "full_mark": cells(marks.effective.full),
                    "rate": cells(marks.climbed.rates),
                    "points": cells(marks.climbed.points),
                    "place": integers(cells(place)),
                },
                schema={"full_mark": pl.Float64, "rate": pl.Float64, "points": pl.Float64, "place": pl.Int64},
            ),
        ],
        how="horizontal",
    )


def panel_table(tracks: Mapping[str, Marked]) -> pl.DataFrame:
    """Scores of every year of a panel: a column ``year`` before those of the scores; no rows without a panel."""
    parts = []
    for name in sorted(tracks):
        marks = tracks[name].marks
        plan = marks.plan
        if len(plan.years) > 1:
            place = places(marks)
            n = len(plan.unit_ids)
            for number, year in enumerate(plan.years):
                table = _nodes(name, marks, slice(number * n, (number + 1) * n), place)
                parts.append(table.select(pl.lit(year, pl.Int64).alias("year"), pl.all()))
    return (
        pl.concat(parts).sort("year", "track", maintain_order=True)
        if parts
        else pl.DataFrame(schema={"year": pl.Int64(), **SCORES})
    )
