"""The OECD/JRC pipeline on the ASEM data: every table of every case of ``variants.json``, marked by a scheme.

Kinds that need draws or statistics (Monte Carlo, uncertainty, Sobol indices, removal of elements, statistics) are not the
marking's; they belong to the packages that do those, and are named here so that none is forgotten.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tests.reference.asem import Case, Conversion, convert, read_cases
from tests.reference.asem_tree import UnknownStep, identifier
from tests.reference.asem_words import treat_of
from tests.reference.folders import cases_of, mark, needed, read_rows, reference_root
from tongkao.scheme.model import Scheme

if TYPE_CHECKING:
    from tongkao import Result

#: (year, unit, column) -> number; a missing cell has no entry
Cells = dict[tuple[int, str, str], float]

MARKED = ("pipeline", "panel")
OF_OTHER_PARTS = {"monte_carlo_weights", "uncertainty", "sobol_estimator", "remove_elements", "statistics"}
RELATIVE = ABSOLUTE = 1e-10


def all_cases() -> list[Case]:
    root = reference_root()
    return read_cases(root / "asem") if root is not None and (root / "asem").is_dir() else []


MARKED_IDS = [case.id for case in all_cases() if case.kind in MARKED]


@cache
def case_of(case_id: str) -> Case:
    needed("asem")
    return next(case for case in all_cases() if case.id == case_id)


@cache
def marked(case_id: str) -> Marked:
    return Marked(convert(case_of(case_id)))


@dataclass(frozen=True)
class Marked:
    """A case, marked as a whole and, to see its values after a step, up to that step only."""

    conversion: Conversion

    def _mark(self, year: int, upto: str | None = None) -> Result:
        with TemporaryDirectory() as folder:
            return mark(self.conversion.write(Path(folder), year=year, upto=upto))

    @cached_property
    def result(self) -> Result:
        return self._mark(self.conversion.years[-1])

    @cached_property
    def nodes(self) -> pl.DataFrame:
        """Rates and places of all nodes, with their years."""
        result, conversion = self.result, self.conversion
        one_year = result.scores.with_columns(year=pl.lit(conversion.years[-1]))
        table: pl.DataFrame = result.panel if conversion.case.is_panel else one_year
        return table.select("year", "unit", "node", "kind", "rate", "place")

    @cached_property
    def marked_units(self) -> set[tuple[int, str]]:
        """Who passed the screening, by year."""
        return set(self.nodes.filter(pl.col("kind") == "indicator").select("year", "unit").unique().iter_rows())

    def after(self, step: str) -> Cells:
        """The values after a step; a trace is about the scheme's own year, so each year of a panel is marked once."""
        return {
            cell: value
            for year in self.conversion.years
            for cell, value in self.traced(self._mark(year, step), "treated", year).items()
        }

    def before(self, step: str) -> Cells:
        """The values when a step was about to be done."""
        place = self.conversion.order.index(step)
        if place:
            return self.after(self.conversion.order[place - 1])
        codes = [item.code for item in self.conversion.indicators]
        return {
            (int(row["Time"]), row["uCode"], code): float(row[code])
            for row in self.conversion.data
            for code in codes
            if row[code] != ""
        }

    def traced(self, result: Result, column: str, year: int) -> Cells:
        """One column of a trace by year, unit and the reference's code."""
        codes = {identifier(item.code): item.code for item in self.conversion.indicators}
        leaves = result.trace.filter((pl.col("record") == "node") & (pl.col("kind") == "indicator"))
        rows = leaves.select("unit", "node", column).drop_nulls().iter_rows()
        return {(year, unit, codes[node]): number for unit, node, number in rows}


# --- comparison -------------------------------------------------------------------------------------------------------------


def expected_cells(case: Case, name: str, year: int) -> Cells:
    """A table of the reference: units (and years) down, codes across."""
    return {
        (int(row.get("Time") or year), row["uCode"], code): float(text)
        for row in read_rows(case.folder / f"{name}.csv")
        for code, text in row.items()
        if code not in ("uCode", "Time") and text != ""
    }


def differences(expected: Cells, found: Cells, *, exact: bool = False) -> Iterator[str]:
    """Name every cell that differs, and every one that is missing on one side only."""
    for cell in sorted(expected.keys() - found.keys()):
        yield f"{cell}: expected {expected[cell]}, found nothing"
    for cell in sorted(found.keys() - expected.keys()):
        yield f"{cell}: expected nothing, found {found[cell]}"
    for cell in sorted(expected.keys() & found.keys()):
        want, have = expected[cell], found[cell]
        if want != have if exact else not math.isclose(want, have, rel_tol=RELATIVE, abs_tol=ABSOLUTE):
            yield f"{cell}: expected {want!r}, found {have!r}"


def compare(case: Marked, name: str, found: Cells, *, exact: bool = False) -> list[str]:
    """The first differences of a table; empty where it agrees."""
    expected = expected_cells(case.conversion.case, name, case.conversion.years[-1])
    assert expected, f"{name}.csv is empty"
    listed = list(differences(expected, found, exact=exact))
    return [f"{name}: {len(listed)} of {len(expected)} cells differ", *listed[:8]] if listed else []


def codes_of(case: Marked) -> dict[str, str]:
    """Code of each inner node."""
    return {case.conversion.node(item.code): item.code for item in case.conversion.tree.branches()}


def check_denominated(case: Marked) -> list[str]:
    return compare(case, "denominated", case.after("denominate"))


def check_imputed(case: Marked) -> list[str]:
    return compare(case, "imputed", case.after("impute"))


def check_screened(case: Marked) -> list[str]:
    return compare(case, "screened", case.after("screen"))


def check_treated(case: Marked) -> list[str]:
    return compare(case, "treated", case.after("treat"))


def check_normalised(case: Marked) -> list[str]:
    codes = {identifier(item.code): item.code for item in case.conversion.indicators}
    rows = case.nodes.filter(pl.col("kind") == "indicator").select("year", "unit", "node", "rate").iter_rows()
    scales = case.conversion.scales
    return compare(
        case, "normalised", {(year, unit, codes[node]): scales[codes[node]].number(rate, 0) for year, unit, node, rate in rows}
    )


def check_aggregated(case: Marked) -> list[str]:
    codes = codes_of(case)
    rows = [row for row in case.nodes.iter_rows(named=True) if row["node"] in codes]
    counts = Counter((row["year"], row["node"]) for row in rows)
    found = {
        (row["year"], row["unit"], codes[row["node"]]): case.conversion.scales[codes[row["node"]]].number(
            row["rate"], counts[row["year"], row["node"]]
        )
        for row in rows
    }
    return compare(case, "aggregated", found)


def check_ranks(case: Marked) -> list[str]:
    codes = codes_of(case)
    rows = case.nodes.drop_nulls("place").iter_rows(named=True)
    found = {(row["year"], row["unit"], codes[row["node"]]): row["place"] for row in rows if row["node"] in codes}
    return compare(case, "ranks", found, exact=True)


def check_screening(case: Marked) -> list[str]:
    """Missing values, zeros and who is in, counted on the values that were there when units were screened."""
    conversion, values = case.conversion, case.before("screen")
    everybody = {(int(row["Time"]), row["uCode"]) for row in conversion.data}
    total = len(conversion.indicators)
    wrong = []
    for row in read_rows(conversion.case.folder / "screening.csv"):
        key = (int(row.get("Time") or conversion.years[-1]), row["uCode"])
        everybody.remove(key)
        present = [number for (year, unit, _), number in values.items() if (year, unit) == key]
        zeros = sum(number == 0 for number in present)
        counts = (total - len(present), zeros, key in case.marked_units)
        expected = (int(row["N_missing"]), int(row["N_zero"]), row["Included"] == "true")
        if counts != expected:
            wrong.append(f"screening {key}: expected (missing, zero, included) = {expected}, found {counts}")
    return wrong + [f"screening: {key} is not in the reference" for key in sorted(everybody)]


TREATMENT = {
    **{"pass0": "pass_before", "skew0": "skew_before", "kurt0": "kurtosis_before"},
    **{"pass1": "pass_winsorised", "skew1": "skew_winsorised", "kurt1": "kurtosis_winsorised"},
    **{"pass2": "pass_after", "skew2": "skew_after", "kurt2": "kurtosis_after"},
}


def check_treatment(case: Marked) -> list[str]:
    """Decision, skewness and kurtosis before and after each stage, and the number of winsorised points."""
    found = {row["indicator"]: row for row in case.result.treatment.iter_rows(named=True)}
    wrong = []
    for row in read_rows(case.conversion.case.folder / "treatment.csv"):
        have = found[identifier(row["iCode"])]
        for column, name in TREATMENT.items():
            # The reference says nothing of a second stage that was not needed.
            value = have[name] if have["log"] or not column.endswith("2") else None
            wrong += _differs(f"treatment {row['iCode']} {column}", row.get(column, ""), value)
        wrong += _differs(
            f"treatment {row['iCode']} n_winsorised",
            row.get("n_winsorised") or "0",
            (have["winsorised_high"] or 0) + (have["winsorised_low"] or 0),
        )
    return wrong


def _differs(place: str, expected: str, found: Any) -> list[str]:
    if expected == "" or found is None:
        agree = expected == "" and found is None
    elif expected in ("true", "false"):
        agree = found is (expected == "true")
    else:
        agree = math.isclose(float(expected), found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return [] if agree else [f"{place}: expected {expected!r}, found {found!r}"]


def check_treated_points(case: Marked) -> list[str]:
    """Which cells were pulled in, and which columns were transformed.

    In a column that was transformed the pulled-in cells are not seen any more in the values: there the marks must be on as
    many of the largest (smallest) values as the treatment says, and the transformation on every cell.
    """
    before, after = case.before("treat"), case.after("treat")
    decisions = {row["indicator"]: row for row in case.result.treatment.iter_rows(named=True)}
    columns: dict[str, dict[str, set[str]]] = {}
    year = case.conversion.years[-1]
    for row in read_rows(case.conversion.case.folder / "treated_points.csv"):
        for code in row.keys() - {"uCode"}:
            columns.setdefault(code, {})[row["uCode"]] = set(row[code].split("+")) - {""}
    wrong = []
    for code, marks in sorted(columns.items()):
        decision = decisions[identifier(code)]
        values = {unit: before[year, unit, code] for unit in marks if (year, unit, code) in before}
        pulled = {
            "winhi": {unit for unit in values if after[year, unit, code] < values[unit]},
            "winlo": {unit for unit in values if after[year, unit, code] > values[unit]},
        }
        if decision["log"]:
            pulled = {
                "winhi": set(sorted(values, key=lambda unit: -values[unit])[: decision["winsorised_high"] or 0]),
                "winlo": set(sorted(values, key=lambda unit: values[unit])[: decision["winsorised_low"] or 0]),
            }
        for word, units in pulled.items():
            marked_units = {unit for unit in values if word in marks[unit]}
            if marked_units != units:
                wrong.append(f"treated_points {code} {word}: expected {sorted(marked_units)}, found {sorted(units)}")
        transformed = {unit for unit in values if marks[unit] - {"winhi", "winlo"}}
        if transformed != (set(values) if decision["log"] else set()):
            wrong.append(f"treated_points {code}: expected {len(transformed)} transformed cells, found log {decision['log']}")
    return wrong


CHECKS: dict[str, Callable[[Marked], list[str]]] = {
    "denominated": check_denominated,
    "imputed": check_imputed,
    "screened": check_screened,
    "screening": check_screening,
    "treated": check_treated,
    "treatment": check_treatment,
    "treated_points": check_treated_points,
    "normalised": check_normalised,
    "aggregated": check_aggregated,
    "ranks": check_ranks,
}


def tables() -> list[tuple[str, str]]:
    return [(case_id, path.stem) for case_id in MARKED_IDS for path in sorted(case_of(case_id).folder.glob("*"))]


# --- tests ------------------------------------------------------------------------------------------------------------------


def test_every_kind_of_case_is_known() -> None:
    needed("asem")
    unknown = {case.id: case.kind for case in all_cases() if case.kind not in OF_OTHER_PARTS.union(MARKED)}
    assert not unknown


@pytest.mark.parametrize("case_id", cases_of("asem", MARKED_IDS))
def test_case_is_a_sound_scheme(case_id: str) -> None:
    scheme = convert(case_of(case_id)).scheme()
    assert Scheme.model_validate(scheme).order_of_steps() == tuple(scheme["steps"])


TABLES = [pytest.param(case_id, table, id=f"{case_id}-{table}") for case_id, table in tables()]


@pytest.mark.parametrize(("case_id", "table"), TABLES or [("none", "none")])
def test_table_of_case(case_id: str, table: str) -> None:
    needed("asem")
    assert table in CHECKS, f"nobody compares {table}.csv of {case_id}"
    assert CHECKS[table](marked(case_id)) == []


UNKNOWN: list[tuple[dict[str, Any], str]] = [
    ({"impute": {"method": "em"}}, "impute: method 'em'"),
    ({"impute": {"method": "mean", "seed": 1}}, "impute: parameters {'seed': 1}"),
    ({"screen": {"rule": "variance", "threshold": 1}}, "screen: rule: 'variance'"),
    ({"treat": {"method": "winsorise_then_boxcox"}}, "treat: method: 'boxcox'"),
    ({"normalise": {"method": "logistic"}}, "normalise: method: 'logistic'"),
    ({"normalise": {"method": "borda", "ties": "random"}}, "normalise: ties: 'random'"),
    ({"aggregate": "owa"}, "aggregate: 'owa'"),
    ({"aggregate": ["arithmetic"]}, "aggregate: 1 entries of method for 3 levels"),
    ({"weights": "pca"}, "weights: 'pca'"),
    ({"smooth": 3}, "steps {'smooth': 3}"),
    ({"order": ["denominate", "impute", "screen", "rank", "normalise", "aggregate"]}, "order: ['rank']"),
    ({"exclude": ["Nothing"]}, "exclude: ['Nothing']"),
]


@pytest.mark.parametrize(("change", "message"), UNKNOWN, ids=[message for _, message in UNKNOWN])
def test_unknown_steps_are_named(change: dict[str, Any], message: str) -> None:
    """What the converter has no words for is never passed over in silence."""
    case = Case("changed", "pipeline", default_steps() | change, needed("asem") / "changed")
    with pytest.raises(UnknownStep) as caught:
        convert_wholly(case)
    assert str(caught.value) == message


def convert_wholly(case: Case) -> None:
    conversion = convert(case)
    conversion.scheme()
    assert conversion.scales


def default_steps() -> dict[str, Any]:
    return {
        "denominate": "iMeta.Denominator, value / denominator",
        "impute": {"method": "group_mean", "group": "EurAsia_group"},
        "screen": {"rule": "availability", "threshold": 0.9},
        "treat": {"method": "winsorise_then_log_shift_1pct", "winmax": 5, "skew": 2, "kurtosis": 3.5, "combine": False},
        "normalise": {"method": "minmax", "lower": 0, "upper": 100},
        "weights": "iMeta.Weight",
        "aggregate": "arithmetic",
    }


#: steps of the kind that other cases may have, each with what the scheme says for it
OTHER_WORDS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"impute": {"method": "row_median", "within_level": 3}}, {"missing": {"impute": "row_median", "within": "paper"}}),
    ({"impute": {"method": "row_mean", "within_level": 4}}, {"missing": {"impute": "row_mean", "within": "total"}}),
    ({"impute": {"method": "group_median", "group": "Pop_group"}}, {"missing": {"impute": "median", "within": "pop_group"}}),
    ({"impute": {"method": "panel", "type": "linear-constant"}}, {"missing": {"interpolate": "linear_constant"}}),
    ({"impute": {"method": "panel", "type": "latest", "max_time": 2}}, {"missing": {"carry_forward": 2}}),
    (
        {"order": ["denominate", "screen", "impute", "treat", "normalise", "aggregate"]},
        {"steps": ["denominate", "screen", "impute", "treat", "score"]},
    ),
    ({"denominate": None, "screen": None}, {"steps": ["impute", "treat", "score"]}),
    (
        {"treat": {"method": "winsorise_then_signed_log_shift_1pct", "winmax": 3, "combine": True}},
        {"treat": {"method": "coin", "max": 3, "skew": 2, "kurtosis": 3.5, "combine": True, "log": "signed_shift"}},
    ),
]


@pytest.mark.parametrize(("change", "expected"), OTHER_WORDS, ids=[repr(change) for change, _ in OTHER_WORDS])
def test_words_of_the_scheme_for_other_steps(change: dict[str, Any], expected: dict[str, Any]) -> None:
    case = Case("changed", "pipeline", default_steps() | change, needed("asem") / "changed")
    scheme = convert(case).scheme()
    otherwise = {"missing": {"otherwise": "redistribute"}}
    wanted = {key: otherwise.get(key, {}) | value if isinstance(value, dict) else value for key, value in expected.items()}
    assert {key: scheme[key] for key in wanted} == wanted
    Scheme.model_validate(scheme)


def test_thresholds_and_powers_by_level() -> None:
    change = {"aggregate": {"method": ["power", "geometric", "arithmetic"], "p": 0.5, "data_threshold": [0.8, 0.7, 0.6]}}
    case = Case("changed", "pipeline", default_steps() | change, needed("asem") / "changed")
    track = convert(case).scheme()["tracks"]["country"]
    assert (track["aggregate"], track["least_available"]) == ("arithmetic", 0.6)
    connectivity = track["tree"][0]
    assert (connectivity["id"], connectivity["aggregate"], connectivity["least_available"]) == ("conn", "geometric", 0.7)
    physical = connectivity["children"][0]
    assert (physical["id"], physical["aggregate"], physical["least_available"]) == ("physical", {"power": 0.5}, 0.8)


def test_treatment_by_default_is_the_two_stage_one() -> None:
    assert treat_of("per year, default") == treat_of(default_steps()["treat"])
