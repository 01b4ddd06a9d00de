"""Statistics of the ASEM data as COINr gives them: every table of every case of kind ``statistics``.

The data are those of the case's base, marked by a scheme. Three things differ on purpose and are compared as said here: growth
from zero has no rate (COINr: infinite), among equal places anyone may be listed as a strength or weakness (COINr takes one or
the other), and equality is taken bit by bit where R does so.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import tongkao
from tests.reference.asem import Case, Conversion, convert, read_cases
from tests.reference.asem_tree import identifier
from tests.reference.folders import cases_of, needed, read_rows, reference_root
from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.result import compile_markers
from tongkao.engine.values import TrackValues
from tongkao.robustness import statistics as st

RELATIVE = ABSOLUTE = 1e-9
#: p-values and components
LOOSE = 1e-8
FLAGGED = 0.7
DATA: dict[str, st.Stage] = {
    "Raw": "given",
    "Denominated": "own",
    "Imputed": "imputed",
    "Screened": "imputed",
    "Treated": "treated",
    "Normalised": "rate",
}


@dataclass(frozen=True)
class Studied:
    """A case with the marking of its base."""

    entry: Mapping[str, Any]
    folder: Path
    base: Conversion
    marks: Marks
    values: TrackValues

    @cached_property
    def codes(self) -> list[str]:
        """Codes of the indicators in the order of the leaves."""
        names = {identifier(item.code): item.code for item in self.base.indicators}
        layout = self.marks.plan.layout
        return [names[layout.ids[column]] for column in layout.leaves]

    @cached_property
    def listed(self) -> list[str]:
        """Codes of the indicators in the order of ``iMeta.csv``."""
        meta = read_rows(self.base.case.inputs / "iMeta.csv")
        return [row["iCode"] for row in meta if row["iCode"] in self.codes]

    @property
    def units(self) -> list[str]:
        return self.marks.plan.unit_ids

    @property
    def kind(self) -> Any:
        return self.entry.get("correlation", "pearson")

    @property
    def data(self) -> np.ndarray:
        return self.at(self.entry.get("dset", "Raw"))

    def at(self, data: str) -> np.ndarray:
        """One of COINr's data sets, units × indicators in the order of the leaves."""
        return st.measured(self.marks, DATA[data]).values

    def below(self, node: str) -> list[int]:
        """Leaves below a node, by its code."""
        column = self.marks.plan.layout.column(self.base.node(node))
        return np.flatnonzero(st.membership(self.marks.plan.layout)[:, column]).tolist()

    def scores(self, code: str) -> np.ndarray:
        """The reference's number of a node for every unit."""
        rates = self.marks.climbed.rates[:, self.marks.plan.layout.column(self.base.node(code))]
        counted = int(np.count_nonzero(~np.isnan(rates)))
        return np.array([self.base.scales[code].number(float(rate), counted) for rate in rates])

    @cached_property
    def nodes(self) -> list[str]:
        return [member.code for member in self.base.tree.branches()]

    def rows(self, table: str) -> list[dict[str, str]]:
        found = read_rows(self.folder / f"{table}.csv")
        assert found, f"{table}.csv is empty"
        return found


def entries() -> list[dict[str, Any]]:
    root = reference_root()
    path = root / "asem" / "variants.json" if root is not None else None
    listed = json.loads(path.read_text(encoding="utf-8")) if path is not None and path.is_file() else []
    return [entry for entry in listed if entry["kind"] == "statistics"]


@cache
def studied(case_id: str) -> Studied:
    root = needed("asem")
    entry = next(entry for entry in entries() if entry["id"] == case_id)
    named = re.search(r"base (\w+)", entry.get("note", ""))
    base = str(entry.get("base") or (named[1] if named else "s01_default"))
    conversion = convert(next(case for case in read_cases(root) if case.id == base))
    marks, values = _mark(conversion)
    return Studied(entry, root / case_id, conversion, marks, values)


def _mark(conversion: Conversion) -> tuple[Marks, TrackValues]:
    with TemporaryDirectory() as folder:
        assessment = tongkao.read_folder(conversion.write(Path(folder)))
    marker = compile_markers(assessment)["country"]
    return marker.mark(gather(marker.plan, marker.values)), marker.values


# --- comparison -------------------------------------------------------------------------------------------------------------


def differs(place: str, text: str | None, found: float | int | None, *, tolerance: float = RELATIVE) -> list[str]:
    """Nothing where a cell agrees; empty and NaN mean that there is no number."""
    have = None if found is None or math.isnan(found) else float(found)
    want = None if text in (None, "", "NA", "NaN") else float(str(text))
    if want is None or have is None:
        agree = want is have
    else:
        agree = math.isclose(want, have, rel_tol=tolerance, abs_tol=ABSOLUTE if tolerance == RELATIVE else 0.0)
    return [] if agree else [f"{place}: expected {text!r}, found {have!r}"]


def joined(parts: Iterable[list[str]]) -> list[str]:
    return [difference for part in parts for difference in part]


def check_correlations(case: Studied, table: str, kind: Any, data: str) -> list[str]:
    found = st.correlate(case.at(data), kind, noise=0.0).coefficients
    place = {code: column for column, code in enumerate(case.codes)}
    rows = case.rows(table)
    assert len(rows) == len(case.codes) ** 2
    return joined(
        differs(f"{row['Var1']} {row['Var2']}", row["Correlation"], found[place[row["Var1"]], place[row["Var2"]]]) for row in rows
    )


def check_levels(case: Studied, table: str) -> list[str]:
    rows = case.rows(table)
    names = sorted({row[column] for row in rows for column in ("Var1", "Var2")})
    scores = np.column_stack([case.scores(name) for name in names])
    found = st.correlate(scores, case.kind, noise=0.0).coefficients
    return joined(
        differs(f"{row['Var1']} {row['Var2']}", row["Correlation"], found[names.index(row["Var1"]), names.index(row["Var2"])])
        for row in rows
    )


def check_p_values(case: Studied, table: str) -> list[str]:
    found = st.correlate(case.data).p_values
    place = {code: column for column, code in enumerate(case.codes)}
    return joined(
        differs(f"{row['iCode']} {code}", text, found[place[row["iCode"]], place[code]], tolerance=LOOSE)
        for row in case.rows(table)
        for code, text in row.items()
        if code != "iCode"
    )


def check_flags(case: Studied, table: str) -> list[str]:
    found = st.correlate(case.at("Normalised"), case.kind, noise=0.0).coefficients
    layout = case.marks.plan.layout
    parents = [int(layout.parent[column]) for column in layout.leaves]
    limit = float(case.entry.get("threshold", FLAGGED))
    pairs = st.remarkable_pairs(found, parents, redundant=limit, negative=-2.0, within=True)
    ours = {frozenset((case.codes[pair.first], case.codes[pair.second])): pair for pair in pairs}
    rows = {frozenset((row["Ind1"], row["Ind2"])): row for row in case.rows(table)}
    assert set(ours) == set(rows)
    groups = {key: case.base.node(row["Group"]) for key, row in rows.items()}
    assert {key: layout.ids[parents[pair.first]] for key, pair in ours.items()} == groups
    return joined(differs(str(sorted(key)), row["Corr"], ours[key].coefficient) for key, row in rows.items())


def check_denominators(case: Studied, table: str) -> list[str]:
    names, sizes = st.denominators(case.marks, case.values)
    k = len(case.codes)
    r = st.correlate(np.hstack([case.at("Raw"), sizes]), case.kind, noise=0.0).coefficients[:k, k:]
    limit = float(case.entry.get("threshold", FLAGGED))
    ours = {(case.codes[pair.first], names[pair.second]): pair.coefficient for pair in st.pairs_with_denominators(r, limit=limit)}
    rows = {(row["Ind"], identifier(row["Denom"])): row["Corr"] for row in case.rows(table)}
    assert set(ours) == set(rows)
    return joined(differs(str(key), text, ours[key]) for key, text in rows.items())


def check_alpha(case: Studied, table: str) -> list[str]:
    x = case.at("Normalised")
    return joined(
        differs(row["group"], row["alpha"], st.cronbach(x[:, case.below(row["group"])]).alpha) for row in case.rows(table)
    )


@cache
def components(case_id: str, group: str) -> st.Components:
    case = studied(case_id)
    found = st.principal_components(case.at("Normalised")[:, case.below(group)])
    assert found is not None
    return found


def check_eigenvalues(case: Studied, table: str) -> list[str]:
    rows = case.rows(table)
    groups = {row["group"] for row in rows}
    assert {group: components(case.entry["id"], group).shares.size for group in groups} == {
        group: sum(row["group"] == group for row in rows) for group in groups
    }
    wrong = []
    for row in rows:
        found, place = components(case.entry["id"], row["group"]), int(row["component"]) - 1
        wrong += differs(f"{row['group']} {place} sdev", row["sdev"], found.deviations[place], tolerance=LOOSE)
        wrong += differs(f"{row['group']} {place} share", row["variance_share"], found.shares[place], tolerance=LOOSE)
    return wrong


def check_loadings(case: Studied, table: str) -> list[str]:
    """The sign of a component is free: one for all its loadings."""
    wrong = []
    rows = case.rows(table)
    for group in sorted({row["group"] for row in rows}):
        of_group = {row["iCode"]: float(row["loading_pc1"]) for row in rows if row["group"] == group}
        leaves = case.below(group)
        loadings = components(case.entry["id"], group).loadings[:, 0]
        ours = {case.codes[leaf]: float(loading) for leaf, loading in zip(leaves, loadings, strict=True)}
        assert set(ours) == set(of_group)
        assert max(ours.values(), key=abs) > 0
        largest = max(of_group, key=lambda code: abs(of_group[code]))
        sign = math.copysign(1.0, of_group[largest]) * math.copysign(1.0, ours[largest])
        wrong += joined(differs(code, repr(value), sign * ours[code], tolerance=LOOSE) for code, value in of_group.items())
    return wrong


def check_stats(case: Studied, table: str) -> list[str]:
    found = st.describe(case.data, noise=0.0)
    columns: dict[str, Callable[[int], Any]] = {
        "Min": lambda c: found.minimum[c],
        "Max": lambda c: found.maximum[c],
        "Mean": lambda c: found.mean[c],
        "Median": lambda c: found.median[c],
        "Std": lambda c: found.sd[c],
        "Skew": lambda c: found.skewness[c],
        "Kurt": lambda c: found.kurtosis[c],
        "N.Avail": lambda c: found.n[c],
        "N.NonZero": lambda c: found.n[c] - found.zeros[c],
        "N.Unique": lambda c: found.unique[c],
        "N.Same": lambda c: found.same[c],
        "Frc.Avail": lambda c: found.n[c] / found.asked[c],
        "Frc.NonZero": lambda c: 1 - found.zeros[c] / found.n[c],
        "Frc.Unique": lambda c: found.unique[c] / found.n[c],
        "Frc.Same": lambda c: found.same[c] / found.n[c],
    }
    flags = {
        "Flag.Avail": (found.rarely_available, "LOW"),
        "Flag.NonZero": (found.many_zeros, "LOW"),
        "Flag.Unique": (found.few_unique, "LOW"),
        "Flag.SkewKurt": (found.heavy_tailed, "OUT"),
    }
    wrong = []
    rows = case.rows(table)
    assert {row["iCode"] for row in rows} == set(case.codes)
    for row in rows:
        column = case.codes.index(row["iCode"])
        assert set(row) == {"iCode", *columns, *flags}
        wrong += joined(differs(f"{row['iCode']} {name}", row[name], number(column)) for name, number in columns.items())
        words = {name: word if flagged[column] else "ok" for name, (flagged, word) in flags.items()}
        wrong += [f"{row['iCode']} {name}: {row[name]}" for name, word in words.items() if row[name] != word]
    return wrong


def check_availability(case: Studied, table: str) -> list[str]:
    raw = case.at("Raw")
    found = st.count_available(raw, np.ones((raw.shape[1], 1), bool))
    wrong = []
    rows = case.rows(table)
    assert {row["uCode"] for row in rows} == set(case.units)
    for row in rows:
        unit = case.units.index(row["uCode"])
        missing, zeros = int(found.missing[unit, 0]), int(found.zeros[unit, 0])
        counts = {"N_missing": missing, "N_zero": zeros, "N_miss_or_zero": missing + zeros}
        wrong += [f"{row['uCode']} {name}" for name, count in counts.items() if int(row[name]) != count]
        wrong += differs(f"{row['uCode']} Dat_Avail", row["Dat_Avail"], found.shares[unit, 0])
        wrong += differs(f"{row['uCode']} Non_Zero", row["Non_Zero"], found.non_zero_shares[unit, 0])
    return wrong


def check_availability_by_group(case: Studied, table: str) -> list[str]:
    layout = case.marks.plan.layout
    shares = st.count_available(case.at("Raw"), st.membership(layout)).shares
    rows = case.rows(table)
    assert {row["uCode"] for row in rows} == set(case.units)
    return joined(
        differs(f"{row['uCode']} {code}", text, shares[case.units.index(row["uCode"]), layout.column(case.base.node(code))])
        for row in rows
        for code, text in row.items()
        if code != "uCode"
    )


def check_effective_weights(case: Studied, table: str) -> list[str]:
    plan = case.marks.plan
    full = plan.given.full[0] / plan.full_mark
    written = {member.code: member.weight for member in (*case.base.indicators, *case.base.tree.branches())}
    rows = case.rows(table)
    assert {row["iCode"] for row in rows} == set(written)
    return joined(
        differs(row["iCode"], row["Weight"], written[row["iCode"]])
        + differs(row["iCode"], row["EffWeight"], full[plan.layout.column(case.base.node(row["iCode"]))])
        for row in rows
    )


def check_group_ranks(case: Studied, table: str) -> list[str]:
    rows = case.rows(table)
    column = list(rows[0])[1]
    names = case.marks.plan.units[identifier(column)].to_list()
    codes = np.array([sorted(set(names)).index(name) for name in names], np.intp)
    nodes = list(rows[0])[2:]
    places = st.group_places(np.column_stack([case.scores(node) for node in nodes]), codes)
    expected = {row["uCode"]: [row[column], *(int(row[node]) for node in nodes)] for row in rows}
    found = {unit: [names[row], *places[row].tolist()] for row, unit in enumerate(case.units)}
    return [f"{unit}: expected {expected.get(unit)}, found {found[unit]}" for unit in found if found[unit] != expected.get(unit)]


def check_outranking(case: Studied, table: str) -> list[str]:
    first = [case.codes.index(code) for code in case.listed[:8]]
    found = st.outranking(case.at("Normalised")[:, first], np.ones(8))
    rows = case.rows(table)
    assert {row["uCode"] for row in rows} == set(case.units)
    return joined(
        differs(f"{row['uCode']} {other}", text, found[case.units.index(row["uCode"]), case.units.index(other)])
        for row in rows
        for other, text in row.items()
        if other != "uCode"
    )


def check_unit_summary(case: Studied, table: str, unit: str) -> list[str]:
    row = case.units.index(unit)
    wrong = []
    rows = case.rows(table)
    assert {line["Code"] for line in rows} == set(case.nodes)
    for line in rows:
        scores = case.scores(line["Code"])
        places = st.group_places(scores[:, None], np.zeros(len(scores), np.intp))
        wrong += differs(line["Code"], line["Score"], scores[row])
        wrong += [] if int(line["Rank"]) == places[row, 0] else [f"{line['Code']}: place {places[row, 0]}"]
    return wrong


def check_strengths(case: Studied, table: str, side: str, unit: str) -> list[str]:
    """Places and values of what is listed; which of several equal places is listed is free."""
    raw = case.at("Raw")
    row = case.units.index(unit)
    signs = np.array([column.sign for column in case.marks.plan.columns])
    places = st.value_places(raw, signs)
    rows = case.rows(table)
    (lists,) = st.strengths_and_weaknesses(places, [row], number=len(rows), without_worst=True)
    ours = lists[0] if side == "strengths" else lists[1]
    wrong = [] if [int(line["Rank"]) for line in rows] == [item.place for item in ours] else [f"places {ours}"]
    layout = case.marks.plan.layout
    for line in rows:
        leaf = case.codes.index(line["Code"])
        wrong += differs(line["Code"], line["Value"], raw[row, leaf])
        wrong += [] if int(line["Rank"]) == places[row, leaf] else [f"{line['Code']}: place {places[row, leaf]}"]
        parent = layout.ids[layout.parent[layout.leaves[leaf]]]
        wrong += [] if parent == case.base.node(line["Pillar"]) else [f"{line['Code']}: {parent}"]
    return wrong


@cache
def panel_trends() -> tuple[list[str], list[str], int, st.Trends]:
    steps = {"input": "iData_panel", "normalise": {"method": "minmax", "lower": 0, "upper": 100}, "aggregate": "arithmetic"}
    conversion = convert(Case("trends", "panel", steps, needed("asem") / "trends"))
    marks, values = _mark(conversion)
    years, x = st.own_years(marks, values)
    names = {identifier(item.code): item.code for item in conversion.indicators}
    codes = [names[marks.plan.layout.ids[column]] for column in marks.plan.layout.leaves]
    return marks.plan.unit_ids, codes, len(years), st.trends(x, years, np.ones(len(codes)))


def check_trends(case: Studied, table: str, kind: str) -> list[str]:
    units, codes, number, found = panel_trends()
    wrong = []
    for row in case.rows(table):
        cell = units.index(row["uCode"]), codes.index(row["iCode"])
        place = f"{row['uCode']} {row['iCode']}"
        infinite = row[kind] in ("Inf", "-Inf")
        if infinite:
            assert found.first[cell] == 0
        growth = found.growth if kind == "CAGR" else 100.0 * found.change / np.where(found.first == 0, np.nan, found.first)
        wrong += differs(place, "" if infinite else row[kind], growth[cell])
        wrong += differs(place, row["Avail"], found.counts[cell] / number)
        wrong += differs(place, row["t_first"] or "0", found.first_years[cell])
        wrong += differs(place, row["t_latest"] or "0", found.last_years[cell])
    return wrong


#: pattern of a table's name -> who compares it; what the pattern finds are further arguments
CHECKS: dict[str, Callable[..., list[str]]] = {
    r"corr_(pearson|spearman|kendall)_(\w+)_long": check_correlations,
    r"corr_pillar_subindex": check_levels,
    r"pvalues_first\d+": check_p_values,
    r"correlation_flags": check_flags,
    r"denominator_correlations": check_denominators,
    r"cronbach": check_alpha,
    r"pca_eigen": check_eigenvalues,
    r"pca_loadings_pc1": check_loadings,
    r"stats": check_stats,
    r"data_availability": check_availability,
    r"data_availability_by_group": check_availability_by_group,
    r"effective_weights": check_effective_weights,
    r"group_ranks": check_group_ranks,
    r"outranking_matrix": check_outranking,
    r"unit_summary_(\w+)": check_unit_summary,
    r"(strengths|weaknesses)_(\w+)": check_strengths,
    r"trends_(\w+)": check_trends,
}

TABLES = [f"{entry['id']}/{path.stem}" for entry in entries() for path in sorted((needed("asem") / entry["id"]).glob("*.csv"))]


@pytest.mark.parametrize("table", cases_of("asem", TABLES))
def test_table(table: str) -> None:
    case_id, name = table.split("/")
    matches = [(check, found) for pattern, check in CHECKS.items() if (found := re.fullmatch(pattern, name))]
    assert len(matches) == 1, f"nobody compares {name}.csv of {case_id}"
    check, found = matches[0]
    assert check(studied(case_id), name, *found.groups())[:8] == []


def test_a_difference_is_found() -> None:
    """The comparison does compare: another number, a number too many, a number too few."""
    assert differs("here", "0.5", 0.5 + 2e-9) == ["here: expected '0.5', found 0.500000002"]
    assert differs("here", "", 0.5) == ["here: expected '', found 0.5"]
    assert differs("here", "0.5", math.nan) == ["here: expected '0.5', found None"]
    assert differs("here", "NA", math.nan) == []
    assert differs("here", "0.5", 0.5 + 1e-10) == []
