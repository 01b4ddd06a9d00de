"""A marking as matrices: which numbers count, and where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tongkao
from tests.reference.folders import simple_scheme, write_folder
from tongkao.engine.inputs import gather
from tongkao.engine.marking import Marks
from tongkao.engine.result import compile_markers
from tongkao.engine.values import TrackValues
from tongkao.robustness import statistics as st
from tongkao.scheme.model import Scheme

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
    given = [[100, 50, 20, 100], [100, NAN, 10, -50], [50, NAN, NAN, NAN], [120, 25, 50, 0]]
    own = [[10, 50, 20, 100], [5, NAN, 10, -50], [NAN, NAN, NAN, NAN], [3, 25, 50, 0]]
    np.testing.assert_array_equal(found["given"].values, given)
    np.testing.assert_array_equal(found["own"].values, own)
    own[2][0] = 7.5
    np.testing.assert_array_equal(found["imputed"].values, own)
    np.testing.assert_array_equal(found["treated"].values, own)
    # the rate 60 that a policy gives to b is no measurement
    np.testing.assert_array_equal(found["rate"].values, [[100, 100, 50], [0, NAN, 50], [50, NAN, NAN], [0, 100, 0]])
    for stage in ("given", "own", "imputed", "treated"):
        assert found[stage].leaves.tolist() == [1, 2, 0, 0] or sorted(found[stage].leaves.tolist()) == [0, 0, 1, 2]
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
