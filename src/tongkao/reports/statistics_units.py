"""Statistics of units as columns of tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from tongkao.engine.tabulate import integers, numbers
from tongkao.engine.tabulate import places as official_places
from tongkao.reports.statistics_track import COUNT, NUMBER, OUTRANKING_UNITS, TEXT, Columns, Schema, TrackMarks, number
from tongkao.robustness import statistics as st
from tongkao.scheme.model import Mix

FOREMOST = 5
"""Strengths and weaknesses listed of each unit."""

TRENDS: Schema = {
    **{"unit": TEXT, "indicator": TEXT, "years": COUNT, "available_share": NUMBER, "first_year": COUNT, "last_year": COUNT},
    **dict.fromkeys(("first", "last", "growth", "change"), NUMBER),
    "moved": TEXT,
}
UNITS: Schema = {
    **dict.fromkeys(("class", "unit", "node", "kind"), TEXT),
    **dict.fromkeys(("rate", "points"), NUMBER),
    **dict.fromkeys(("place", "place_in_track", "of_track", "place_in_class", "of_class"), COUNT),
}
STRENGTHS: Schema = {
    **{"unit": TEXT, "side": TEXT, "order": COUNT, "indicator": TEXT, "parent": TEXT},
    **dict.fromkeys(("place", "of", "sharing"), COUNT),
    **dict.fromkeys(("value", "rate"), NUMBER),
}
OUTRANKING: Schema = {"unit": TEXT, "other": TEXT, "share": NUMBER}


def trends(track: TrackMarks) -> Columns:
    """One row a unit and indicator with a value in any year: the first and the last value, and the change between them."""
    marks = track.marks
    years, x = st.own_years(marks, track.values)
    sign = np.array([1.0 if indicator.direction == "up" else -1.0 for indicator in marks.plan.indicators])
    found = st.trends(x, years, sign)
    order = track.tree_order(np.arange(x.shape[2]))
    units, leaves = np.nonzero(found.counts[:, order] > 0)
    cells = (units, order[leaves])
    words = ("worse", "same", "better")
    return {
        "unit": [marks.plan.unit_ids[unit] for unit in units],
        "indicator": [track.leaf_id(int(leaf)) for leaf in cells[1]],
        "years": found.counts[cells],
        "available_share": found.counts[cells] / max(1, len(years)),
        "first_year": found.first_years[cells],
        "last_year": found.last_years[cells],
        "first": numbers(found.first[cells]),
        "last": numbers(found.last[cells]),
        "growth": numbers(found.growth[cells]),
        "change": numbers(found.change[cells]),
        "moved": [
            words[better + 1] if counted > 1 else ""
            for better, counted in zip(found.better[cells].tolist(), found.counts[cells].tolist(), strict=True)
        ],
    }


def units(track: TrackMarks) -> Columns:
    """One row a unit and node: rate, points and places in its list, the track and its class."""
    marks = track.marks
    plan, main = marks.plan, marks.plan.main()
    rates, place = marks.climbed.rates[main], official_places(marks)[main]
    classes = plan.units["class"].to_list()
    names = sorted(set(classes))
    codes = np.array([names.index(name) for name in classes], np.intp)
    ranked = track.rates
    in_class = st.group_places(ranked, codes)
    in_track = st.group_places(ranked, np.zeros(len(classes), np.intp))
    order = np.array(track.order, np.intp)
    stays = ~np.isnan(rates[:, order])
    rows, nodes = np.nonzero(stays)
    cells = (rows, order[nodes])
    there = ~np.isnan(ranked)
    members = np.zeros((len(names), len(track.ids)), np.int64)
    np.add.at(members, codes, there.astype(np.int64))
    return {
        "class": [classes[row] for row in rows],
        "unit": [plan.unit_ids[row] for row in rows],
        "node": [track.ids[node] for node in cells[1]],
        "kind": [plan.layout.kinds[node] for node in cells[1]],
        "rate": numbers(rates[cells]),
        "points": numbers(marks.climbed.points[main][cells]),
        "place": integers(place[cells]),
        "place_in_track": integers(in_track[cells]),
        "of_track": there.sum(axis=0)[cells[1]],
        "place_in_class": integers(in_class[cells]),
        "of_class": members[codes[rows], cells[1]],
    }


def strengths(track: TrackMarks) -> Columns:
    """The indicators on which each unit has its best and its worst places, by own value."""
    marks = track.marks
    plan = marks.plan
    own = track.at("own")
    values = st.whole_values(marks)
    order = track.tree_order(np.arange(values.shape[1]))
    places = st.value_places(np.where(own.counted[:, None], values, np.nan)[:, order], st.whole_signs(marks)[order])
    rates = track.at("rate").values[:, order]
    rows: dict[str, list[Any]] = {name: [] for name in STRENGTHS}
    counted = np.flatnonzero(own.counted)
    for row, lists in zip(counted, st.strengths_and_weaknesses(places, counted, number=FOREMOST), strict=True):
        for side, items in zip(("strength", "weakness"), lists, strict=True):
            for place, item in enumerate(items):
                leaf = int(order[item.column])
                mixed = isinstance(plan.indicators[leaf].score, Mix)
                rows["unit"].append(plan.unit_ids[row])
                rows["side"].append(side)
                rows["order"].append(place + 1)
                rows["indicator"].append(track.leaf_id(leaf))
                rows["parent"].append(track.parent_id(leaf))
                rows["place"].append(item.place)
                rows["of"].append(item.of)
                rows["sharing"].append(item.sharing)
                rows["value"].append(None if mixed else number(values[row, leaf]))
                rows["rate"].append(number(rates[row, item.column]))
    return rows


def outranking(track: TrackMarks) -> Columns:
    """One row an ordered pair of units: the share of the weight on which the first is ahead."""
    marks = track.marks
    plan, rates = marks.plan, track.at("rate")
    units = np.flatnonzero(rates.counted)
    if len(plan.unit_ids) > OUTRANKING_UNITS:
        units = units[:0]
    weights = marks.effective.full[plan.main()][:, plan.layout.leaves] / plan.full_mark
    found = st.outranking(rates.values[units], weights[units])
    first, second = np.nonzero(~np.eye(len(units), dtype=bool))
    return {
        "unit": [plan.unit_ids[units[row]] for row in first],
        "other": [plan.unit_ids[units[row]] for row in second],
        "share": numbers(found[first, second]),
    }
