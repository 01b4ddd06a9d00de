"""Other parameters and other orders of the pipeline's steps, compared with an independent recomputation of the definitions."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.reference.asem import Case, convert
from tests.reference.asem_definitions import Cells, kurtosis, recompute, skewness
from tests.reference.asem_tree import identifier
from tests.reference.folders import cases_of, needed
from tests.reference.test_asem import CHECKS, MARKED_IDS, Marked, case_of, default_steps, differences, expected_cells, marked

RAW = {"denominate": None, "treat": None}
COMPLETE = {"impute": {"method": "group_mean", "group": "EurAsia_group"}}
PANEL: dict[str, Any] = {"input": "iData_panel", "normalise": {"method": "minmax"}, "aggregate": "arithmetic"}
GAPS = PANEL | {"input": "iData_panel_gaps", "impute": {"method": "panel", "type": "latest"}}
PLAIN_ORDER = ["denominate", "impute", "screen", "treat", "normalise", "aggregate"]


def reordered(*first: str) -> list[str]:
    return [*first, *(step for step in PLAIN_ORDER if step not in first)]


#: what differs from the default pipeline
PIPELINES: dict[str, dict[str, Any]] = {
    "impute_median": {"impute": {"method": "median"}},
    "impute_group_median": {"impute": {"method": "group_median", "group": "GDP_group"}},
    "impute_group_of_few": {"impute": {"method": "group_mean", "group": "Pop_group"}},
    "impute_row_median_subindex": {"impute": {"method": "row_median", "within_level": 3, "temporary_normalise": True}},
    "impute_row_mean_index": {"impute": {"method": "row_mean", "within_level": 4}},
    "impute_row_median_pillar": {"impute": {"method": "row_median", "within_level": 2}},
    "impute_before_denomination": {"order": ["impute", "denominate", "screen", "treat", "normalise", "aggregate"]},
    "screen_before_imputation": {"order": ["denominate", "screen", "impute", "treat", "normalise", "aggregate"]},
    "screen_first_of_all": {"order": ["screen", "denominate", "impute", "treat", "normalise", "aggregate"]},
    "treat_before_imputation": {"order": ["denominate", "treat", "impute", "screen", "normalise", "aggregate"]},
    "screen_after_treatment": {"order": ["denominate", "treat", "screen", "normalise", "aggregate"], "impute": None},
    "screen_strictly": {"impute": None, "screen": {"rule": "availability", "threshold": 0.98}},
    "screen_non_zero": {"screen": {"rule": "non_zero", "threshold": 0.96}},
    "screen_both": {"impute": None, "screen": {"rule": "both", "availability": 0.9, "non_zero": 0.95}},
    "treat_winmax_2_combined": {"treat": {"method": "winsorise_then_log_shift_1pct", "winmax": 2, "combine": True}},
    "treat_signed_log": {"treat": {"method": "winsorise_then_signed_log_shift_1pct", "winmax": 1}},
    "treat_strictly": {"treat": {"method": "winsorise_then_log_shift_1pct", "winmax": 4, "skew": 1.2, "kurtosis": 1.5}},
    "treat_strictly_signed_combined": {
        "treat": {"method": "winsorise_then_signed_log_shift_1pct", "winmax": 3, "skew": 1, "kurtosis": 1, "combine": True}
    },
    "treat_winsorise_only": {"treat": {"method": "winsorise", "winmax": 3}},
    "zscore_50_10": {"normalise": {"method": "zscore", "mean": 50, "sd": 10}},
    "rank_average": {"normalise": {"method": "rank", "ties": "average"}},
    "rank_max": {"normalise": {"method": "rank", "ties": "max"}},
    "percentile_rank": {"normalise": {"method": "percentile_rank"}},
    "borda_with_gaps": {"impute": None, "normalise": {"method": "borda", "ties": "min"}},
    "distance_to_max": {"normalise": {"method": "distance_to_max"}},
    "distance_to_target_capped": RAW | {"normalise": {"method": "distance_to_target", "target": "iMeta.Target", "cap": True}},
    "goalposts_b": {"normalise": {"method": "goalposts", "table": "goalposts_B", "truncate": False, "scale": 1}},
    "goalposts_b_truncated": {"normalise": {"method": "goalposts", "table": "goalposts_B", "truncate": True, "scale": 10}},
    "scaled": {"normalise": {"method": "scaled", "scale": 100}},
    "distance_to_reference": {"treat": None, "normalise": {"method": "distance_to_reference", "unit": "DEU"}},
    "weights_w2": {"weights": "weights_W2"},
    "weights_w2_with_gaps": {"weights": "weights_W2", "impute": None, "screen": None},
    "weights_equal": {"weights": "equal"},
    "power_2": {"aggregate": {"method": "power", "p": 2}},
    "power_negative": {
        "normalise": {"method": "minmax", "lower": 1, "upper": 100},
        "aggregate": {"method": ["power", "arithmetic", "geometric"], "p": -0.5},
    },
    "harmonic": {"normalise": {"method": "minmax", "lower": 1, "upper": 100}, "aggregate": "harmonic"},
    "copeland_of_w1": {"weights": "weights_W1", "aggregate": "copeland"},
    "copeland_at_the_top": {"aggregate": ["arithmetic", "arithmetic", "copeland"]},
    "copeland_below": {"aggregate": ["copeland", "arithmetic", "arithmetic"]},
    "threshold_geometric": {
        "impute": None,
        "screen": None,
        "normalise": {"method": "minmax", "lower": 1, "upper": 100},
        "aggregate": {"method": "geometric", "data_threshold": [0.9, 0.5, 1]},
    },
    "exclude_a_pillar": {"exclude": ["Renew", "PrimEner", "CO2", "MatCon", "Forest"]},
    "raw": RAW | {"impute": None, "screen": None},
}

PANELS: dict[str, dict[str, Any]] = {
    "per_year": PANEL | {"normalise": {"method": "minmax", "scope": "per year", "lower": 1}, "aggregate": "geometric"},
    "zscore_of_all_years": PANEL | {"normalise": {"method": "zscore", "scope": "all years"}},
    "borda_of_all_years": PANEL | {"normalise": {"method": "borda", "scope": "all years"}},
    "constant": GAPS | {"impute": {"method": "panel", "type": "constant"}},
    "linear_constant": GAPS | {"input": "iData_panel_gaps2", "impute": {"method": "panel", "type": "linear-constant"}},
    "linear_of_gaps2": GAPS | {"input": "iData_panel_gaps2", "impute": {"method": "panel", "type": "linear"}},
    "latest_of_one_year": GAPS | {"impute": {"method": "panel", "type": "latest", "max_time": 1}},
    "group_mean_within_a_year": GAPS | {"impute": {"method": "group_mean", "group": "EurAsia_group"}},
    "denominated_and_screened": GAPS
    | {
        "denominate": "iMeta.Denominator, value / denominator",
        "impute": None,
        "screen": {"rule": "availability", "threshold": 0.85},
        "treat": "per year, default",
        "weights": "weights_W1",
    },
    "threshold": GAPS | {"impute": None, "aggregate": {"method": "arithmetic", "data_threshold": 0.8}},
}


@cache
def other(kind: str, name: str) -> Marked:
    steps = default_steps() | PIPELINES[name] if kind == "pipeline" else PANELS[name]
    return Marked(convert(Case(f"other_{name}", kind, steps, needed("asem") / name)))


def check(case: Marked, expected: dict[str, Cells], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Compare every table that the recomputation gives."""
    monkeypatch.setattr("tests.reference.test_asem.expected_cells", lambda _case, name, _year: expected[name])
    return [line for name in expected for line in CHECKS[name](case)]


@pytest.mark.parametrize("case_id", cases_of("asem", MARKED_IDS))
def test_the_recomputation_gives_the_tables_at_hand(case_id: str) -> None:
    conversion = marked(case_id).conversion
    found = recompute(conversion)
    for path in sorted(case_of(case_id).folder.glob("*.csv")):
        if path.stem in found:
            expected = expected_cells(conversion.case, path.stem, conversion.years[-1])
            assert list(differences(expected, found[path.stem], exact=path.stem == "ranks"))[:8] == [], path.stem


@pytest.mark.parametrize("name", PIPELINES)
def test_other_pipeline(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = other("pipeline", name)
    assert check(case, recompute(case.conversion), monkeypatch) == []


@pytest.mark.parametrize("name", PANELS)
def test_other_panel(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = other("panel", name)
    assert check(case, recompute(case.conversion), monkeypatch) == []


@cache
def default() -> Marked:
    return Marked(convert(Case("default", "pipeline", default_steps(), needed("asem") / "default")))


def test_trace_of_one_marking_has_every_stage() -> None:
    """Without running anything twice: own values, values after imputation and treatment, and rates are all in one trace."""
    case = default()
    expected, year = recompute(case.conversion), case.conversion.years[-1]
    stages = {"denominated": "observed", "imputed": "value", "treated": "treated", "normalised": "rate"}
    for name, column in stages.items():
        assert list(differences(expected[name], case.traced(case.result, column, year)))[:8] == [], name


def test_trace_says_which_values_stand_in_for_missing_ones() -> None:
    case = default()
    expected = recompute(case.conversion)
    gaps = expected["imputed"].keys() - expected["denominated"].keys()
    leaves = case.result.trace.filter((pl.col("record") == "node") & (pl.col("kind") == "indicator"))
    filled = leaves.filter(pl.col("filled") == "impute_mean").select("unit", "node")
    assert gaps
    assert set(filled.iter_rows()) == {(unit, identifier(code)) for _, unit, code in gaps}


@pytest.mark.parametrize("name", [name for name in PIPELINES if name.startswith("treat_") and name != "treat_before_imputation"])
def test_record_of_the_treatment_is_about_the_columns(name: str) -> None:
    """Skewness and kurtosis of the record are those of the columns before and after, and its counts those of changed cells."""
    case = other("pipeline", name)
    before, after = by_column(case.before("treat")), by_column(case.after("treat"))
    record = {row["indicator"]: row for row in case.result.treatment.iter_rows(named=True)}
    seen: Counter[str] = Counter()
    for code, column in before.items():
        row, last = record[identifier(code)], "before"
        x, y = np.array(list(column.values())), np.array([after[code][unit] for unit in column])
        assert (row["skew_before"], row["kurtosis_before"]) == pytest.approx((skewness(x), kurtosis(x)), abs=1e-10)
        if row["log"]:
            last = "after"
        elif row["winsorised_high"] or row["winsorised_low"]:
            last = "winsorised"
            assert (int((y < x).sum()), int((y > x).sum())) == (row["winsorised_high"], row["winsorised_low"])
        else:
            assert (x == y).all()
        assert (row[f"skew_{last}"], row[f"kurtosis_{last}"]) == pytest.approx((skewness(y), kurtosis(y)), abs=1e-10)
        seen[last] += 1
    assert seen["before"]
    assert seen["winsorised"]
    assert bool(seen["after"]) == ("log" in PIPELINES[name]["treat"]["method"])


def by_column(cells: Cells) -> dict[str, dict[str, float]]:
    columns: dict[str, dict[str, float]] = {}
    for (_, unit, code), value in cells.items():
        columns.setdefault(code, {})[unit] = value
    return columns
