"""Statistics of indicators and dimensions as columns of tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from tongkao.engine.tabulate import numbers
from tongkao.reports.statistics_track import COUNT, KENDALL_UNITS, NUMBER, TEXT, Array, Columns, Schema, TrackMarks, number, share
from tongkao.robustness import statistics as st

INDICATORS: Schema = {
    **dict.fromkeys(("stage", "indicator"), TEXT),
    **dict.fromkeys(("part", "asked", "n", "missing", "not_applicable"), COUNT),
    **dict.fromkeys(("available_share", "minimum", "maximum", "mean", "median", "sd", "skewness", "kurtosis"), NUMBER),
    **{"zeros": COUNT, "zero_share": NUMBER, "unique": COUNT, "unique_share": NUMBER},
    **{"frequent": NUMBER, "same": COUNT, "same_share": NUMBER, "flags": TEXT},
}
DISCRIMINATION: Schema = {
    **{"indicator": TEXT, "n": COUNT},
    **dict.fromkeys(("minimum", "maximum", "mean", "sd", "variation", "value_variation"), NUMBER),
    **{"distinct": COUNT, "near_share": NUMBER, "cap_share": NUMBER, "floor_share": NUMBER, "flags": TEXT},
}
AVAILABILITY: Schema = {
    **dict.fromkeys(("class", "unit", "node", "kind"), TEXT),
    **dict.fromkeys(("asked", "present", "missing", "not_applicable", "zeros"), COUNT),
    **dict.fromkeys(("available_share", "non_zero_share"), NUMBER),
}
CORRELATIONS: Schema = {
    **dict.fromkeys(("stage", "level", "first", "second", "first_parent", "second_parent", "relation"), TEXT),
    "n": COUNT,
    **dict.fromkeys(("pearson", "pearson_p", "spearman", "spearman_p", "kendall", "kendall_p"), NUMBER),
    "flag": TEXT,
}
DENOMINATORS: Schema = {
    **dict.fromkeys(("stage", "indicator", "denominator"), TEXT),
    **{"n": COUNT, "pearson": NUMBER, "spearman": NUMBER, "flag": TEXT},
}
CONSISTENCY: Schema = {"node": TEXT, "without": TEXT, "items": COUNT, "alpha": NUMBER}
COMPONENTS: Schema = {
    **{"node": TEXT, "component": COUNT, "n": COUNT},
    **dict.fromkeys(("eigenvalue", "sd", "share", "cumulative_share"), NUMBER),
}
LOADINGS: Schema = {"node": TEXT, "component": COUNT, "indicator": TEXT, "loading": NUMBER}

# --- indicators -------------------------------------------------------------------------------------------------------------


def indicators(track: TrackMarks) -> Columns:
    """One row a stage and indicator (or part of a mix): what its values look like."""
    rows: dict[str, list[Any]] = {name: [] for name in INDICATORS}
    for stage in st.STAGES:
        found = track.at(stage)
        keep = found.counted
        what = st.describe(found.values[keep], asked=found.asked[keep], not_applicable=found.not_applicable[keep])
        for column in track.tree_order(found.leaves):
            leaf = int(found.leaves[column])
            n = int(what.n[column])
            rows["stage"].append(stage)
            rows["indicator"].append(track.leaf_id(leaf))
            rows["part"].append(int(found.parts[column]) or None)
            for name in ("asked", "n", "missing", "not_applicable", "zeros", "unique", "same"):
                rows[name].append(int(getattr(what, name)[column]))
            for name in ("minimum", "maximum", "mean", "median", "sd", "skewness", "kurtosis", "frequent"):
                rows[name].append(number(getattr(what, name)[column]))
            rows["available_share"].append(share(n, int(what.asked[column])))
            rows["zero_share"].append(share(int(what.zeros[column]), n))
            rows["unique_share"].append(share(int(what.unique[column]), n))
            rows["same_share"].append(share(int(what.same[column]), n))
            rows["flags"].append(";".join(what.flags(int(column))))
    return rows


def discrimination(track: TrackMarks) -> Columns:
    """One row an indicator: how well its rates tell units apart."""
    found = track.at("rate")
    own = track.at("own")
    limits = np.array([st.bounds(indicator.score) for indicator in track.marks.plan.indicators]).reshape(-1, 2)
    what = st.discriminate(found.values[found.counted], floors=limits[:, 0], caps=limits[:, 1])
    spread = st.describe(own.values[own.counted])
    order = track.tree_order(found.leaves)
    with np.errstate(invalid="ignore", divide="ignore"):
        variation = np.where(spread.mean != 0, spread.sd / np.abs(spread.mean), np.nan)
    whole = {int(leaf): column for column, leaf in enumerate(own.leaves) if own.parts[column] == 0}
    flags = [";".join(name for name in ("near_target", "no_spread") if getattr(what, name)[column]) for column in order]
    return {
        "indicator": [track.leaf_id(int(leaf)) for leaf in order],
        "n": what.n[order],
        **{name: numbers(getattr(what, name)[order]) for name in ("minimum", "maximum", "mean", "sd", "variation")},
        "value_variation": [number(variation[whole[leaf]]) if leaf in whole else None for leaf in order.tolist()],
        "distinct": what.distinct[order],
        "near_share": numbers(what.shares(what.near)[order]),
        "cap_share": numbers(np.where(np.isnan(limits[:, 1]), np.nan, what.shares(what.at_cap))[order]),
        "floor_share": numbers(np.where(np.isnan(limits[:, 0]), np.nan, what.shares(what.at_floor))[order]),
        "flags": flags,
    }


# --- availability -----------------------------------------------------------------------------------------------------------


def availability(track: TrackMarks) -> Columns:
    """How much is there: of all units and of each class by node, of each unit by dimension."""
    marks = track.marks
    plan, layout = marks.plan, marks.plan.layout
    own = track.at("own")
    asked, inapplicable, x = _by_leaf(own, len(plan.indicators))
    found = st.count_available(x, st.membership(layout), asked=asked, not_applicable=inapplicable)
    classes = plan.units["class"].to_list()
    nodes = np.array(track.order, np.intp)
    inner = np.array([column for column in track.order if layout.kinds[column] != "indicator"], np.intp)
    everybody = st.by_group(found, np.zeros(len(classes), np.intp), 1)
    rows: dict[str, list[Any]] = {name: [] for name in AVAILABILITY}
    _add_availability(rows, track, everybody, nodes, [("", "")])
    names = sorted(set(classes))
    if names != [""]:
        codes = np.array([names.index(name) for name in classes], np.intp)
        _add_availability(rows, track, st.by_group(found, codes, len(names)), nodes, [(name, "") for name in names])
    _add_availability(rows, track, found, inner, list(zip(classes, plan.unit_ids, strict=True)))
    return {name: list(chain.from_iterable(parts)) for name, parts in rows.items()}


def _by_leaf(own: st.Measured, m: int) -> tuple[Array, Array, Array]:
    """Parts of a mix put together: asked, not applicable, and a value where all parts have one, zero where one is zero."""
    n = own.values.shape[0]
    asked, inapplicable, x = np.zeros((n, m), bool), np.zeros((n, m), bool), np.full((n, m), 0.0)
    for column, leaf in enumerate(own.leaves):
        asked[:, leaf] |= own.asked[:, column]
        inapplicable[:, leaf] |= own.not_applicable[:, column]
        part = own.values[:, column]
        x[:, leaf] = part if own.parts[column] <= 1 else np.where(np.isnan(part), np.nan, np.where(part == 0, 0.0, x[:, leaf]))
    return asked, inapplicable, x


def _add_availability(
    rows: dict[str, list[Any]], track: TrackMarks, found: st.Availability, nodes: Array, who: Sequence[tuple[str, str]]
) -> None:
    kinds, times = track.marks.plan.layout.kinds, len(who)
    rows["class"].append([name for name, _ in who for _ in nodes])
    rows["unit"].append([unit for _, unit in who for _ in nodes])
    rows["node"].append([track.ids[node] for node in nodes] * times)
    rows["kind"].append([kinds[node] for node in nodes] * times)
    for name in ("asked", "present", "missing", "not_applicable", "zeros"):
        rows[name].append(getattr(found, name)[:, nodes].ravel().tolist())
    for name, shares in (("available_share", found.shares), ("non_zero_share", found.non_zero_shares)):
        rows[name].append([number(part) for part in shares[:, nodes].ravel()])


# --- correlations -----------------------------------------------------------------------------------------------------------


def correlations(track: TrackMarks) -> Columns:
    """One row a pair: of indicators by their own values and by their rates, of dimensions by their rates."""
    layout = track.marks.plan.layout
    rows: dict[str, list[Any]] = {name: [] for name in CORRELATIONS}
    stages: tuple[st.Stage, ...] = ("own", "rate")
    for stage in stages:
        found = track.at(stage)
        order = track.tree_order(found.leaves)
        labels = [track.label(int(found.leaves[column]), int(found.parts[column])) for column in order]
        nodes = [int(layout.leaves[found.leaves[column]]) for column in order]
        _add_correlations(rows, track, stage, found.oriented[found.counted][:, order], labels, nodes)
    inner = [column for column in track.order if layout.kinds[column] != "indicator"]
    _add_correlations(rows, track, "rate", track.rates[:, inner], [track.ids[column] for column in inner], inner)
    return rows


def _add_correlations(
    rows: dict[str, list[Any]], track: TrackMarks, stage: str, x: Array, labels: list[str], nodes: list[int]
) -> None:
    layout = track.marks.plan.layout
    kinds = {"pearson": st.correlate(x), "spearman": st.correlate(x, "spearman")}
    if x.shape[0] <= KENDALL_UNITS:
        kinds["kendall"] = st.correlate(x, "kendall")
    pearson = kinds["pearson"].coefficients
    parents = [int(layout.parent[node]) for node in nodes]
    flags = {(pair.first, pair.second): pair.flag for pair in st.remarkable_pairs(pearson, parents)}
    above = [_above(layout.parent, node) for node in nodes]
    for first in range(len(nodes)):
        for second in range(first + 1, len(nodes)):
            a, b = nodes[first], nodes[second]
            part = a in above[second] or b in above[first]
            rows["stage"].append(stage)
            rows["level"].append("indicator" if layout.kinds[a] == "indicator" else "dimension")
            rows["first"].append(labels[first])
            rows["second"].append(labels[second])
            rows["first_parent"].append(track.ids[parents[first]] if parents[first] >= 0 else "")
            rows["second_parent"].append(track.ids[parents[second]] if parents[second] >= 0 else "")
            rows["relation"].append("contains" if part else "within" if parents[first] == parents[second] else "across")
            rows["n"].append(int(kinds["pearson"].counts[first, second]))
            for kind in ("pearson", "spearman", "kendall"):
                known = kinds.get(kind)
                rows[kind].append(number(known.coefficients[first, second]) if known is not None else None)
                rows[f"{kind}_p"].append(number(known.p_values[first, second]) if known is not None else None)
            rows["flag"].append("" if part else flags.get((first, second), ""))


def _above(parent: Array, node: int) -> set[int]:
    found = set()
    while (node := int(parent[node])) >= 0:
        found.add(node)
    return found


def _label(track: TrackMarks, leaf: int, part: int) -> str:
    return f"{track.leaf_id(leaf)}[{part}]" if part else track.leaf_id(leaf)


def denominators(track: TrackMarks) -> Columns:
    """One row an indicator and denominator: whether the indicator says how large a unit is, before and after dividing."""
    names, sizes = st.denominators(track.marks, track.values)
    rows: dict[str, list[Any]] = {name: [] for name in DENOMINATORS}
    if not names:
        return rows
    stages: tuple[st.Stage, ...] = ("given", "own")
    for stage in stages:
        found = track.at(stage)
        order, keep, wide = track.tree_order(found.leaves), found.counted, len(names)
        together = np.hstack([sizes[keep], found.values[keep][:, order]])
        pearson = st.correlate(together, leading=wide)
        spearman = st.correlate(together, "spearman", leading=wide)
        flagged = {(pair.first, pair.second) for pair in st.pairs_with_denominators(pearson.coefficients[wide:, :wide])}
        for i, column in enumerate(order):
            for d, name in enumerate(names):
                rows["stage"].append(stage)
                rows["indicator"].append(track.label(int(found.leaves[column]), int(found.parts[column])))
                rows["denominator"].append(name)
                rows["n"].append(int(pearson.counts[wide + i, d]))
                rows["pearson"].append(number(pearson.coefficients[wide + i, d]))
                rows["spearman"].append(number(spearman.coefficients[wide + i, d]))
                rows["flag"].append("size" if (i, d) in flagged else "")
    return rows


# --- dimensions -------------------------------------------------------------------------------------------------------------


def _groups(track: TrackMarks) -> list[tuple[int, Array]]:
    """Every node of two indicators or more, with the leaves below it in the order of the tree."""
    layout = track.marks.plan.layout
    below = st.membership(layout)
    found = []
    for column in track.order:
        leaves = np.flatnonzero(below[:, column])
        if len(leaves) > 1:
            found.append((column, leaves[track.tree_order(leaves)]))
    return found


def consistency(track: TrackMarks) -> Columns:
    """One row a node of several indicators, and one for each indicator left out of it: Cronbach's alpha of the rates."""
    rows: dict[str, list[Any]] = {name: [] for name in CONSISTENCY}
    rates = track.at("rate")
    x = rates.values[rates.counted]
    for column, leaves in _groups(track):
        found = st.cronbach(x[:, leaves])
        for item, value in [("", found.alpha), *zip([track.leaf_id(int(leaf)) for leaf in leaves], found.without, strict=True)]:
            rows["node"].append(track.ids[column])
            rows["without"].append(item)
            rows["items"].append(len(leaves) - bool(item))
            rows["alpha"].append(number(value))
    return rows


def components(track: TrackMarks) -> Columns:
    """One row a component of a node of several indicators."""
    rows: dict[str, list[Any]] = {name: [] for name in COMPONENTS}
    for column, _, found in _analysed(track):
        for place, (value, part) in enumerate(zip(found.eigenvalues.tolist(), found.shares.tolist(), strict=True)):
            rows["node"].append(track.ids[column])
            rows["component"].append(place + 1)
            rows["n"].append(found.units)
            rows["eigenvalue"].append(value)
            rows["sd"].append(float(found.deviations[place]))
            rows["share"].append(part)
            rows["cumulative_share"].append(min(1.0, float(found.shares[: place + 1].sum())))
    return rows


def loadings(track: TrackMarks) -> Columns:
    """One row a component and indicator."""
    rows: dict[str, list[Any]] = {name: [] for name in LOADINGS}
    for column, leaves, found in _analysed(track):
        for place in range(found.eigenvalues.size):
            for row, leaf in enumerate(leaves):
                rows["node"].append(track.ids[column])
                rows["component"].append(place + 1)
                rows["indicator"].append(track.leaf_id(int(leaf)))
                rows["loading"].append(number(found.loadings[row, place]))
    return rows


def _analysed(track: TrackMarks) -> list[tuple[int, Array, st.Components]]:
    rates = track.at("rate")
    x = rates.values[rates.counted]
    analysed = [(column, leaves, st.principal_components(x[:, leaves])) for column, leaves in _groups(track)]
    return [(column, leaves, found) for column, leaves, found in analysed if found is not None]
