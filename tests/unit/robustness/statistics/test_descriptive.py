"""What columns look like, and what is odd about them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from scipy import stats

from tongkao.robustness.statistics import Limits, describe

NAN = float("nan")


def as_dict(x: np.ndarray, **more: np.ndarray) -> dict[str, list[float]]:
    found = describe(x, **more)  # type: ignore[arg-type]
    return {field.name: getattr(found, field.name).tolist() for field in fields(found)}


def test_whole_description() -> None:
    x = np.array([[2.0], [0.0], [2.0], [NAN], [NAN], [8.0], [0.0]])
    asked = np.ones((7, 1), bool)
    inapplicable = np.array([[False]] * 4 + [[True]] + [[False]] * 2)
    found = as_dict(x, asked=asked, not_applicable=inapplicable)
    skewness, kurtosis = found.pop("skewness"), found.pop("kurtosis")
    assert found == {
        "asked": [7],
        "n": [5],
        "missing": [1],
        "not_applicable": [1],
        "minimum": [0.0],
        "maximum": [8.0],
        "mean": [2.4],
        "median": [2.0],
        "sd": [pytest.approx(np.sqrt(10.8))],
        "zeros": [2],
        "unique": [3],
        "frequent": [0.0],
        "same": [2],
        "heavy_tailed": [False],
        "rarely_available": [False],
        "constant": [False],
        "few_unique": [False],
        "many_zeros": [False],
    }
    present = x[~np.isnan(x)]
    assert skewness == [pytest.approx(stats.skew(present, bias=False), rel=1e-13)]
    assert kurtosis == [pytest.approx(stats.kurtosis(present, bias=False), rel=1e-13)]


def test_flags() -> None:
    tail = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 500.0]
    columns = {
        "heavy": tail,
        "constant": [4.0] * 10,
        "zeros": [0.0] * 6 + [1.0, 2.0, 3.0, 4.0],
        "rare": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, NAN, NAN, NAN, NAN],
        "few": [1.0, 2.0, 3.0, 4.0, 5.0] * 2,
        "fine": list(range(1, 11)),
    }
    x = np.array(list(columns.values())).T
    found = describe(x)
    assert {name: found.flags(place) for place, name in enumerate(columns)} == {
        "heavy": ["heavy_tailed"],
        "constant": ["constant", "few_unique"],
        "zeros": ["few_unique", "many_zeros"],
        "rare": ["rarely_available"],
        "few": ["few_unique"],
        "fine": [],
    }
    loose = Limits(skewness=9, kurtosis=99, available=0.6, non_zero=0.4, unique=0.05)
    assert [describe(x, limits=loose).flags(place) for place in range(6)] == [[], ["constant"], [], [], [], []]


def test_limits_compare_counts() -> None:
    """13 of 20 is 65 %, however a share would be rounded."""
    x = np.where(np.arange(20) < 13, np.arange(20.0), NAN)[:, None]
    assert not describe(x).rarely_available[0]
    assert describe(x[1:], asked=np.ones((19, 1), bool)).rarely_available[0]


def test_nobody_and_one_unit() -> None:
    found = describe(np.array([[NAN, 3.0], [NAN, NAN]]))
    assert found.n.tolist() == [0, 1]
    assert found.minimum.tolist()[1:] == [3.0]
    assert np.isnan(found.minimum[0])
    assert np.isnan(found.sd).all()
    assert np.isnan(found.skewness).all()
    assert [found.flags(column) for column in (0, 1)] == [["rarely_available"], ["rarely_available"]]
    assert describe(np.empty((0, 1))).flags(0) == []
