from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import (
    DOWN,
    NAN,
    UP,
    assert_better_values_never_get_less,
    assert_gaps_stay_gaps,
    assert_order_of_units_never_matters,
    column,
    listed,
    tables,
)
from tongkao.engine.kernels import BoolArray, FloatArray, bands

THRESHOLDS = np.array([90.0, 80.0, 70.0, 0.0])
RATES = np.array([100.0, 95.0, 90.0, 60.0])


@pytest.mark.parametrize("interpolate", [False, True])
@given(table=tables(), seed=st.integers(0, 9))
def test_laws(*, interpolate: bool, table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    def method(x: FloatArray, counted: BoolArray, sign: FloatArray) -> FloatArray:
        thresholds = np.array([4.0, 1.3, 0.1, -2.0]) * sign[:, None]
        return bands(x, sign, thresholds=thresholds, rates=RATES, interpolate=interpolate)

    assert_order_of_units_never_matters(method, *table, seed)
    assert_better_values_never_get_less(method, *table)
    assert_gaps_stay_gaps(method, *table)


def test_bands_published_votes() -> None:
    # F10, Rui'an: 200 points from 90 % of excellent votes, 190 from 80 %, 180 from 70 %, 170 from 60 %, 160 below
    x = column(0.95, 0.9, 0.85, 0.7, 0.65, 0.3)
    rates = bands(x, UP, thresholds=np.array([0.9, 0.8, 0.7, 0.6, 0.0]), rates=np.array([100, 95, 90, 85, 80.0]))
    assert [2 * rate for rate in listed(rates)] == [200, 200, 190, 180, 170, 160]


def test_bands_reach_from_the_threshold_on_and_go_on_beyond_the_last() -> None:
    x = column(90, 89.99, 0, -5, NAN)
    assert listed(bands(x, UP, thresholds=THRESHOLDS, rates=RATES)) == [100, 95, 60, 60, -999]


def test_bands_where_less_is_better() -> None:
    x = column(10, 10.01, 20, 35, 60)
    assert listed(bands(x, DOWN, thresholds=np.array([10, 20, 35.0]), rates=np.array([100, 80, 60.0]))) == [100, 80, 80, 60, 60]


def test_bands_all_or_nothing() -> None:
    # F9: full marks if the condition holds, else none
    assert listed(bands(column(1, 0), UP, thresholds=np.array([1.0, 0.0]), rates=np.array([100.0, 0.0]))) == [100, 0]


def test_bands_interpolated_published_grade_points() -> None:
    # F16: code 4 is 120, code 3 is 100; a value of 108 is 3.4
    rates = bands(column(108, 130, 90), UP, thresholds=np.array([120, 100.0]), rates=np.array([4, 3.0]), interpolate=True)
    assert listed(rates) == [pytest.approx(3.4, rel=1e-15), 4, 3]


def test_bands_interpolated_by_hand() -> None:
    x = column(95, 90, 85, 80, 35, 0, -1, NAN)
    assert listed(bands(x, UP, thresholds=THRESHOLDS, rates=RATES, interpolate=True)) == [100, 100, 97.5, 95, 75, 60, 60, -999]
    y = column(5, 15, 25)
    assert listed(bands(y, DOWN, thresholds=np.array([10, 20.0]), rates=np.array([100, 50.0]), interpolate=True)) == [100, 75, 50]


def test_a_computed_value_that_falls_short_by_noise_reaches_the_band() -> None:
    x = column(0.1 + 0.2, 0.3)
    limits = {"thresholds": np.array([0.3, 1.0]), "rates": np.array([100.0, 0.0])}
    assert listed(bands(x, DOWN, **limits)) == [0, 100]
    assert listed(bands(x, DOWN, **limits, relative_tolerance=1e-9)) == [100, 100]


def test_bands_may_differ_by_column() -> None:
    x = np.array([[5.0, 5.0]])
    rates = bands(x, np.array([1.0, 1.0]), thresholds=np.array([[4.0, 0.0], [6.0, 0.0]]), rates=np.array([100.0, 50.0]))
    assert rates.tolist() == [[100, 50]]


def test_bands_want_one_rate_for_each_threshold() -> None:
    with pytest.raises(ValueError, match="2 thresholds and 1 rates"):
        bands(column(1), UP, thresholds=np.array([1.0, 2.0]), rates=np.array([1.0]))
    with pytest.raises(ValueError, match="0 thresholds and 0 rates"):
        bands(column(1), UP, thresholds=np.array([]), rates=np.array([]))
