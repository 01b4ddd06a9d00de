"""The definitions of the ASEM reference written down once more, plainly and apart from the library: an independent recomputation.

It serves the cases whose expected tables are not at hand: other parameters and other orders of the same steps. It follows the
README of the reference, cell by cell, and is itself checked against the tables that are there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.reference.asem import Conversion
from tests.reference.asem_tree import Member
from tests.reference.asem_words import DEFAULT_TREATMENT, NO_LIMIT
from tests.reference.folders import read_rows

Array = NDArray[np.float64]
#: (year, unit, code) -> number
Cells = dict[tuple[int, str, str], float]


@dataclass
class Table:
    """Rows (year, unit) and indicators across, NaN where there is no value."""

    rows: list[tuple[int, str]]
    codes: list[str]
    x: Array

    def cells(self) -> Cells:
        """Every number that is there."""
        return {
            (*row, code): float(self.x[i, j])
            for i, row in enumerate(self.rows)
            for j, code in enumerate(self.codes)
            if not math.isnan(self.x[i, j])
        }

    def years(self) -> list[list[int]]:
        """The rows of each year."""
        return [[i for i, row in enumerate(self.rows) if row[0] == year] for year in sorted({year for year, _ in self.rows})]


def recompute(conversion: Conversion) -> dict[str, Cells]:
    """Every table of a case, by the name of its file."""
    steps, members = conversion.case.steps, conversion.indicators
    data = sorted(conversion.data, key=lambda row: (int(row["Time"]), row["uCode"]))
    table = Table(
        [(int(row["Time"]), row["uCode"]) for row in data],
        [member.code for member in members],
        np.array([[float(row[member.code] or "nan") for member in members] for row in data]),
    )
    by_row = {(int(row["Time"]), row["uCode"]): row for row in data}
    found: dict[str, Cells] = {}
    for step in conversion.order:
        if step == "denominate":
            for j, member in enumerate(members):
                if member.row["Denominator"]:
                    table.x[:, j] /= [float(by_row[row][member.row["Denominator"]] or "nan") for row in table.rows]
            found["denominated"] = table.cells()
        elif step == "impute":
            _impute(table, steps["impute"], by_row, members, conversion.tree)
            found["imputed"] = table.cells()
        elif step == "screen":
            table = _screen(table, steps["screen"])
            found["screened"] = table.cells()
        elif step == "treat":
            given = steps["treat"] if isinstance(steps["treat"], Mapping) else {}
            for rows in table.years():
                for j in range(len(members)):
                    table.x[rows, j] = treat(table.x[rows, j], given)
            found["treated"] = table.cells()
        elif step == "normalise":
            _normalise(table, steps["normalise"], members, conversion)
            found["normalised"] = table.cells()
    found["aggregated"] = _aggregate(table, steps["aggregate"], conversion)
    found["ranks"] = _ranks(found["aggregated"])
    return found


# --- impute -------------------------------------------------------------------------------------------------------------------


def _impute(table: Table, given: Any, by_row: Mapping[Any, Mapping[str, str]], members: Sequence[Member], tree: Member) -> None:
    method = given["method"]
    if method == "panel":
        for unit in {unit for _, unit in table.rows}:
            rows = [i for i, row in enumerate(table.rows) if row[1] == unit]
            years = [table.rows[i][0] for i in rows]
            for j in range(len(members)):
                table.x[rows, j] = _over_time(years, list(table.x[rows, j]), given["type"], given.get("max_time") or math.inf)
        return
    original = table.x.copy()
    for rows in table.years():
        if method.startswith("row_"):
            _by_row(table, original, rows, given, members, tree)
            continue
        middle = np.median if method.endswith("median") else np.mean
        for i in rows:
            group = [
                k
                for k in rows
                if "group" not in method or by_row[table.rows[k]][given["group"]] == by_row[table.rows[i]][given["group"]]
            ]
            for j in np.flatnonzero(np.isnan(original[i])).tolist():
                present = original[group, j][~np.isnan(original[group, j])]
                if present.size:
                    table.x[i, j] = middle(present)


def _over_time(years: list[int], values: list[float], kind: str, reach: float) -> list[float]:
    known = [(year, value) for year, value in zip(years, values, strict=True) if not math.isnan(value)]
    filled = []
    for year, value in zip(years, values, strict=True):
        before = [pair for pair in known if pair[0] < year]
        after = [pair for pair in known if pair[0] > year]
        if not math.isnan(value) or not known:
            filled.append(value)
        elif kind == "latest":
            filled.append(before[-1][1] if before and year - before[-1][0] <= reach else math.nan)
        elif kind == "constant":
            filled.append(before[-1][1] if before else known[0][1])
        elif len(known) == 1:
            filled.append(known[0][1] if kind == "linear-constant" else math.nan)
        elif before and after:
            (y0, v0), (y1, v1) = before[-1], after[0]
            filled.append(v0 + (v1 - v0) * (year - y0) / (y1 - y0))
        else:
            filled.append(before[-1][1] if before else after[0][1])
    return filled


def _by_row(table: Table, original: Array, rows: list[int], given: Any, members: Sequence[Member], tree: Member) -> None:
    parents = {leaf.code: node.code for node in tree.branches() if node.level == given["within_level"] for leaf in node.leaves()}
    sign = np.array([float(member.row["Direction"]) for member in members])
    turned = original[rows] * sign
    low, high = np.nanmin(turned, axis=0), np.nanmax(turned, axis=0)
    scaled = (turned - low) / (high - low)
    middle = np.median if given["method"].endswith("median") else np.mean
    for place, i in enumerate(rows):
        for j in np.flatnonzero(np.isnan(original[i])).tolist():
            family = [k for k, member in enumerate(members) if parents[member.code] == parents[members[j].code]]
            present = [scaled[place, k] for k in family if not math.isnan(scaled[place, k])]
            if present:
                table.x[i, j] = (middle(present) * (high[j] - low[j]) + low[j]) * sign[j]


# --- screen -------------------------------------------------------------------------------------------------------------------


def _screen(table: Table, given: Mapping[str, Any]) -> Table:
    kept = []
    for i in range(len(table.rows)):
        present = table.x[i][~np.isnan(table.x[i])]
        availability, non_zero = len(present) / len(table.codes), float(np.mean(present != 0)) if present.size else 0.0
        rule, threshold = given["rule"], float(given.get("threshold", 0))
        if rule == "availability":
            good = availability >= threshold
        elif rule == "non_zero":
            good = non_zero >= threshold
        else:
            good = availability >= given["availability"] and non_zero >= given["non_zero"]
        if good:
            kept.append(i)
    return Table([table.rows[i] for i in kept], table.codes, table.x[kept])


# --- treat --------------------------------------------------------------------------------------------------------------------


def skewness(x: Array) -> float:
    """G1, with the correction for small samples."""
    n, d = len(x), x - x.mean()
    return float(math.sqrt(n * (n - 1)) / (n - 2) * np.mean(d**3) / np.mean(d**2) ** 1.5)


def kurtosis(x: Array) -> float:
    """Excess kurtosis G2, with the correction for small samples."""
    n, d = len(x), x - x.mean()
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (np.mean(d**4) / np.mean(d**2) ** 2 - 3) + 6))


def treat(column: Array, given: Mapping[str, Any]) -> Array:
    """A column after the two stages: winsorise one value at a time, then the logarithm of the original."""
    skew, kurt = given.get("skew", DEFAULT_TREATMENT["skew"]), given.get("kurtosis", DEFAULT_TREATMENT["kurtosis"])
    most = given.get("winmax", DEFAULT_TREATMENT["max"]) or NO_LIMIT
    method = given.get("method", "winsorise_then_log_shift_1pct")
    there = ~np.isnan(column)
    original = column[there]

    def passes(x: Array) -> bool:
        return bool(abs(skewness(x)) < skew or kurtosis(x) < kurt)

    if len(set(original)) < 2 or passes(original):
        return column
    x, top, bottom = original.copy(), 0, 0
    while not passes(x) and top + bottom < most:
        high = skewness(x) >= 0
        end = x.max() if high else x.min()
        at_end = x == end
        if len(set(x[~at_end])) < 2:
            return column
        x[at_end] = x[~at_end].max() if high else x[~at_end].min()
        count = int(np.sum(x == (x.max() if high else x.min())) - np.sum(original == (x.max() if high else x.min())))
        top, bottom = (count, bottom) if high else (top, count)
    if not passes(x) and "log" in method:
        source = x if given.get("combine") else original
        shift = 0.01 * (source.max() - source.min())
        signed = "signed" in method and skewness(source) <= 0
        x = -np.log(source.max() + shift - source) if signed else np.log(source - source.min() + shift)
    result = column.copy()
    result[there] = x
    return result


# --- normalise ----------------------------------------------------------------------------------------------------------------


def _normalise(table: Table, given: Mapping[str, Any], members: Sequence[Member], conversion: Conversion) -> None:
    everything = list(range(len(table.rows)))
    for rows in table.years() if given.get("scope") == "per year" else [everything]:
        for j, member in enumerate(members):
            table.x[rows, j] = normalise(table.x[rows, j], given, member, conversion, [table.rows[i][1] for i in rows])


def normalise(x: Array, given: Mapping[str, Any], member: Member, conversion: Conversion, units: list[str]) -> Array:
    """A column after one method; the direction first, except for goalposts."""
    method, sign = given["method"], float(member.row["Direction"])
    if method in ("goalposts", "scaled"):
        table = given.get("table") or ("goalposts_A" if method == "goalposts" else "scaled_bounds")
        row = next(row for row in read_rows(conversion.case.inputs / f"{table}.csv") if row["iCode"] == member.code)
        low, high = (float(next(row[name] for name in row if name.endswith(end))) for end in ("_lower", "_upper"))
        share = (x - low) / (high - low) if sign > 0 else (high - x) / (high - low)
        return scaled(np.clip(share, 0, 1) if given.get("truncate") else share, given["scale"])
    x = x * sign
    low, high, there = np.nanmin(x), np.nanmax(x), ~np.isnan(x)
    if method == "minmax":
        lower, upper = given.get("lower", 0), given.get("upper", 100)
        return scaled((x - low) / (high - low), upper - lower, lower)
    if method == "zscore":
        return scaled((x - np.nanmean(x)) / np.nanstd(x, ddof=1), given.get("sd", 1), given.get("mean", 0))
    if method in ("borda", "rank", "percentile_rank"):
        ranks = _ascending(x, given.get("ties", "min"))
        if method == "percentile_rank":
            return scaled(ranks - 1, 1 / (there.sum() - 1))
        return ranks - 1 if method == "borda" else ranks
    if method == "distance_to_max":
        return scaled((high - x) / (high - low), -1, 1)
    if method == "distance_to_target":
        share = (x - low) / (sign * float(member.row["Target"]) - low)
        return np.minimum(share, 1) if given.get("cap") else share
    assert method == "distance_to_reference"
    reference = x[units.index(given["unit"])]
    return scaled((reference - x) / (reference - low), -1, 1)


def scaled(share: Array, factor: float, start: float = 0) -> Array:
    """A share on another scale."""
    return start + factor * share


def _ascending(x: Array, ties: str) -> Array:
    ranks = np.full(len(x), np.nan)
    for i, value in enumerate(x):
        if not math.isnan(value):
            lowest, highest = 1 + np.sum(x < value), np.sum(x <= value)
            ranks[i] = {"min": lowest, "max": highest, "average": (lowest + highest) / 2}[ties]
    return ranks


# --- aggregate ----------------------------------------------------------------------------------------------------------------


def _aggregate(table: Table, given: Any, conversion: Conversion) -> Cells:
    levels = conversion.tree.level - 1
    method = given["method"] if isinstance(given, Mapping) else given
    thresholds = given.get("data_threshold") if isinstance(given, Mapping) else None
    methods = method if isinstance(method, list) else [method] * levels
    least = thresholds if isinstance(thresholds, list) else [thresholds or 0] * levels
    power = given.get("p") if isinstance(given, Mapping) else None
    numbers = {code: table.x[:, j] for j, code in enumerate(table.codes)}
    weights = {member.code: member.weight for node in conversion.tree.branches() for member in node.children}
    for level in range(2, conversion.tree.level + 1):
        for node in conversion.tree.branches():
            if node.level != level:
                continue
            x = np.column_stack([numbers[child.code] for child in node.children])
            w = np.array([weights[child.code] for child in node.children])
            if methods[level - 2] == "copeland":
                result = np.full(len(x), np.nan)
                for rows in table.years():
                    result[rows] = copeland(x[rows], w)
            else:
                result = np.array([mean(row, w, methods[level - 2], power) for row in x])
            result[(~np.isnan(x)).mean(axis=1) < least[level - 2] - 1e-12] = np.nan
            numbers[node.code] = result
    return {
        (*row, node.code): float(numbers[node.code][i])
        for node in conversion.tree.branches()
        for i, row in enumerate(table.rows)
        if not math.isnan(numbers[node.code][i])
    }


MEANS: dict[str, Callable[[Array, Array, Any], float]] = {
    "arithmetic": lambda x, w, _: float(np.sum(w * x)),
    "geometric": lambda x, w, _: float(np.exp(np.sum(w * np.log(x)))),
    "harmonic": lambda x, w, _: float(1 / np.sum(w / x)),
    "power": lambda x, w, p: float(np.sum(w * x**p) ** (1 / p)),
}


def mean(row: Array, weights: Array, method: str, power: Any) -> float:
    """A weighted mean of what is there, the weights made to add to 1 over it."""
    there = ~np.isnan(row)
    if not there.any() or weights[there].sum() == 0:
        return math.nan
    return MEANS[method](row[there], weights[there] / weights[there].sum(), power)


def copeland(x: Array, weights: Array) -> Array:
    """Net number of units that a unit outranks; for complete data."""
    w = weights / weights.sum()
    net = np.zeros(len(x))
    for a in range(len(x)):
        for b in range(len(x)):
            if a != b:
                share = float(np.sum(w * ((x[a] > x[b]) + 0.5 * (x[a] == x[b]))))
                net[a] += (share > 0.5 + 1e-12) - (share < 0.5 - 1e-12)
    return net


def _ranks(cells: Cells) -> Cells:
    groups: dict[tuple[int, str], list[float]] = {}
    for (year, _, code), value in cells.items():
        groups.setdefault((year, code), []).append(round(value, 10))
    return {key: 1 + sum(other > round(value, 10) for other in groups[key[0], key[2]]) for key, value in cells.items()}
