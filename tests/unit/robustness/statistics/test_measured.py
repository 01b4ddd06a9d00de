"""A marking as matrices: which numbers count, and where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

import tongkao
from tests.reference.folders import simple_scheme, write_folder
from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.result import compile_markers
from tongkao.engine.values import TrackValues
from tongkao.robustness import statistics as st
from tongkao.scheme.model import Score

NAN = float("nan")
UNITS: list[dict[str, object]] = [
    {"unit": "a", "class": "north", "track": "unit", "size": 10},
    {"unit": "b", "class": "north", "track": "unit", "size": 20},
    {"unit": "c", "class": "south", "track": "unit", "size": ""},
    {"unit": "zone", "class": "south", "track": "unit", "size": 40},
]
INDICATORS: dict[str, dict[str, object]] = {
    "income": {"denominate": "size", "score": {"method": "minmax"}, "missing": {"impute": "mean", "within": "track"}},
    "dust": {"direction": "down", "score": {"method": "target"}, "missing": {"floor": 60}},
    "both": {
        "direction": "down",
        "score": {
            "method": "mix",
            "parts": [
                {"share": 0.5, "score": {"method": "minmax"}},
                {"share": 0.5, "value": "growth(both)", "direction": "up", "score": {"method": "minmax"}},
            ],
        },
    },
}
TREE = [
    {
        "id": "wealth",
        "title": "wealth",
        "points": 60,
        "children": [{"indicator": "income", "points": 40}, {"indicator": "dust", "points": {"default": 20, "south": 20}}],
    },
    {"indicator": "both", "points": 40},
]
ROWS = [
    {"unit": unit, "indicator": name, "period": year, "value": value, "state": state}
    for name, year, values in (
        ("income", 2019, (80.0, 80.0, 30.0, 100.0)),
        ("income", 2020, (100.0, 100.0, 50.0, 120.0)),
        ("dust", 2020, (50.0, None, "not_applicable", 25.0)),
        ("both", 2019, (10.0, 20.0, 40.0, 50.0)),
        ("both", 2020, (20.0, 10.0, None, 50.0)),
    )
    for unit, given in zip(("a", "b", "c", "zone"), values, strict=True)
    for value, state in [(None, given) if isinstance(given, str) else (given, "")]
]


def marked(path: Path, **more: object) -> tuple[Marks, TrackValues]:
    scheme = simple_scheme(INDICATORS, TREE, track={"unranked": ["zone"]}, missing="redistribute", **more)
    targets: list[dict[str, Any]] = [{"unit": "", "indicator": "dust", "target": 50.0}]
    assessment = tongkao.read_folder(write_folder(path, scheme, UNITS, observations=ROWS, targets=targets))
    marker = compile_markers(assessment)["unit"]
    return marker.mark(gather(marker.plan, marker.values)), marker.values


def test_stages(tmp_path: Path) -> None:
    marks, _ = marked(tmp_path / "folder")
    found = {stage: st.measured(marks, stage) for stage in ("given", *st.STAGES)}
    given = [[20, 100, 100, 50], [10, -50, 100, NAN], [NAN, NAN, 50, NAN], [50, 0, 120, 25]]
    own = [[20, 100, 10, 50], [10, -50, 5, NAN], [NAN, NAN, NAN, NAN], [50, 0, 3, 25]]
    np.testing.assert_array_equal(found["given"].values, given)
    np.testing.assert_array_equal(found["own"].values, own)
    own[2][2] = 7.5
    np.testing.assert_array_equal(found["imputed"].values, own)
    np.testing.assert_array_equal(found["treated"].values, own)
    np.testing.assert_array_equal(found["own"].oriented[0], [-20, 100, 10, -50])
    # the rate 60 that a policy gives to b is no measurement
    rates = [[50, 100, 100], [50, 0, NAN], [NAN, 50, NAN], [50 / 3, 0, 100]]
    np.testing.assert_allclose(found["rate"].values, rates, rtol=1e-15)
    assert (found["rate"].leaves.tolist(), found["rate"].parts.tolist(), found["rate"].sign.tolist()) == (
        [0, 1, 2],
        [0, 0, 0],
        [1.0, 1.0, 1.0],
    )
    names = [marks.plan.layout.ids[marks.plan.layout.leaves[leaf]] for leaf in found["own"].leaves]
    assert list(zip(names, found["own"].parts.tolist(), found["own"].sign.tolist(), strict=True)) == [
        ("both", 1, -1.0),
        ("both", 2, 1.0),
        ("income", 0, 1.0),
        ("dust", 0, -1.0),
    ]


def test_who_counts_and_what_is_asked(tmp_path: Path) -> None:
    marks, _ = marked(tmp_path / "folder")
    own = st.measured(marks, "own")
    assert own.counted.tolist() == [True, True, True, False]
    assert own.asked.all()
    assert own.not_applicable.any(axis=1).tolist() == [False, False, True, False]
    assert own.not_applicable[2].tolist() == [False, False, False, True]


def test_a_weight_of_zero_is_not_asked(tmp_path: Path) -> None:
    tree = [
        {"indicator": "dust", "points": {"default": 0, "north": 100}},
        {"indicator": "income", "points": {"default": 100, "north": 0}},
    ]
    scheme = simple_scheme({name: INDICATORS[name] for name in ("dust", "income")}, tree, missing="redistribute")
    targets: list[dict[str, Any]] = [{"unit": "", "indicator": "dust", "target": 50.0}]
    rows = [row for row in ROWS if row["indicator"] != "both"]
    assessment = tongkao.read_folder(write_folder(tmp_path / "folder", scheme, UNITS, observations=rows, targets=targets))
    marker = compile_markers(assessment)["unit"]
    own = st.measured(marker.mark(gather(marker.plan, marker.values)), "own")
    assert own.asked.tolist() == [[True, False], [True, False], [False, True], [False, True]]
    np.testing.assert_array_equal(own.values, [[50, NAN], [NAN, NAN], [NAN, NAN], [NAN, 3]])


def test_rates_that_are_treated_are_no_values(tmp_path: Path) -> None:
    """Where a scheme treats after it scores, the rates are treated and the values stay as they were."""
    treat = {"method": "clip", "low": 10, "high": 90}
    marks, _ = marked(tmp_path / "folder", steps=["denominate", "score", "treat"], treat=treat)
    treated, rates = st.measured(marks, "treated"), st.measured(marks, "rate")
    np.testing.assert_array_equal(treated.values, st.measured(marks, "own").values)
    assert (rates.values.shape, rates.sign.tolist(), rates.parts.tolist()) == ((4, 3), [1.0, 1.0, 1.0], [0, 0, 0])
    assert (np.nanmin(rates.values) >= 10, np.nanmax(rates.values) <= 90) == (True, True)


def test_whole_values(tmp_path: Path) -> None:
    """A mix has no value of its own: its rate stands for it."""
    marks, _ = marked(tmp_path / "folder")
    np.testing.assert_allclose(st.whole_values(marks), [[50, 10, 50], [50, 5, NAN], [NAN, NAN, NAN], [50 / 3, 3, 25]], rtol=1e-15)
    assert st.whole_signs(marks).tolist() == [1.0, 1.0, -1.0]


def test_membership(tmp_path: Path) -> None:
    marks, _ = marked(tmp_path / "folder")
    layout = marks.plan.layout
    assert layout.ids == ("total", "wealth", "both", "income", "dust")
    assert st.membership(layout).tolist() == [
        [True, False, True, False, False],
        [True, True, False, True, False],
        [True, True, False, False, True],
    ]


def test_years_and_denominators(tmp_path: Path) -> None:
    marks, values = marked(tmp_path / "folder")
    years, own = st.own_years(marks, values)
    assert years == [2019, 2020]
    np.testing.assert_array_equal(own[:, :, 1], [[8, 4, NAN, 2.5], [10, 5, NAN, 3]])
    np.testing.assert_array_equal(own[:, :, 0], [[10, 20, 40, 50], [20, 10, NAN, 50]])
    names, sizes = st.denominators(marks, values)
    assert names == ["size"]
    np.testing.assert_array_equal(sizes[:, 0], [10, 20, NAN, 40])


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        ({"method": "identity"}, (NAN, NAN)),
        ({"method": "identity", "cap": 120.0}, (NAN, 120)),
        ({"method": "minmax", "low": 60.0}, (60, 100)),
        ({"method": "minmax", "low": 60.0, "floor": "none", "cap": 110.0}, (NAN, 110)),
        ({"method": "minmax", "low": 100.0, "high": 1.0}, (1, 100)),
        ({"method": "target"}, (0, 100)),
        ({"method": "ratio_to_best", "cap": "none"}, (0, NAN)),
        ({"method": "challenge", "cap": 110.0}, (NAN, 110)),
        ({"method": "base_step", "step": 1.0}, (0, 120)),
        ({"method": "rank_step"}, (0, NAN)),
        ({"method": "rank_table"}, (80, 100)),
        ({"method": "rank_linear", "low": 60.0}, (60, 100)),
        ({"method": "bands", "bands": [[90.0, 100.0], [0.0, 60.0]]}, (60, 100)),
        ({"method": "deduct"}, (0, NAN)),
        ({"method": "zscore"}, (NAN, NAN)),
        ({"method": "percentile"}, (0, 100)),
        ({"method": "borda"}, (0, 100)),
    ],
    ids=str,
)
def test_bounds(score: dict[str, Any], expected: tuple[float, float]) -> None:
    np.testing.assert_array_equal(st.bounds(TypeAdapter(Score).validate_python(score)), expected)
