from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN, bits, column, listed, tables, there
from tongkao.engine.kernels import BoolArray, FloatArray, column_mean, column_median, interpolate, row_mean, row_median
from tongkao.engine.kernels.imputation import Interpolation

# --- from other units ---------------------------------------------------------------------------------------------------------


def test_column_mean_and_median_by_group() -> None:
    x = column(1, 2, 6, NAN, 10, NAN, NAN)
    codes = np.array([0, 0, 0, 0, 1, 1, 2])
    assert listed(column_mean(x, codes)) == [1, 2, 6, 3, 10, 10, -999]
    assert listed(column_median(x, codes)) == [1, 2, 6, 2, 10, 10, -999]
    assert listed(x) == [1, 2, 6, -999, 10, -999, -999]


def test_only_units_that_count_give_the_mean() -> None:
    x = column(1, 3, 100, NAN)
    counted = np.array([[True], [True], [False], [False]])
    assert listed(column_mean(x, np.zeros(4, dtype=int), counted)) == [1, 3, 100, 2]


@given(table=tables(), seed=st.integers(0, 9))
def test_order_of_units_never_matters_and_observed_values_stay(
    table: tuple[FloatArray, BoolArray, FloatArray], seed: int
) -> None:
    x, counted, sign = table
    codes = np.arange(x.shape[0]) % 2
    order = np.random.default_rng(seed).permutation(x.shape[0])
    blocks = [np.arange(x.shape[1])]
    for fill in (column_mean, column_median):
        filled = fill(x, codes, counted)
        assert bits(fill(x[order], codes[order], counted[order])) == bits(filled[order])
        np.testing.assert_array_equal(filled[there(x)], x[there(x)])
    for fill_row in (row_mean, row_median):
        filled = fill_row(x, counted, sign, blocks)
        assert bits(fill_row(x[order], counted[order], sign, blocks)) == bits(filled[order])
        np.testing.assert_array_equal(filled[there(x)], x[there(x)])


# --- from the unit's own indicators -------------------------------------------------------------------------------------------


def test_row_mean_by_hand() -> None:
    # columns of 0..10, 0..100 down and 0..4; the last unit is at 0.2 and 0.6 (0.4 of the way in the worse direction)
    x = np.array([[0.0, 0.0, 0.0], [10.0, 100.0, 4.0], [2.0, 40.0, NAN]])
    filled = row_mean(x, there(x), np.array([1.0, -1.0, 1.0]), [np.array([0, 1, 2])])
    np.testing.assert_allclose(filled[2], [2, 40, 1.6], rtol=1e-15)


def test_row_median_by_hand_and_blocks_do_not_know_each_other() -> None:
    x = np.array([[0.0, 0.0, 0.0, 0.0, 5.0], [1.0, 1.0, 1.0, 10.0, 6.0], [0.1, 0.2, 0.9, NAN, NAN]])
    sign = np.ones(5)
    filled = row_median(x, there(x), sign, [np.array([0, 1, 2, 3]), np.array([4])])
    np.testing.assert_allclose(filled[2, 3], 2.0, rtol=1e-15)
    assert np.isnan(filled[2, 4])


def test_row_mean_with_a_constant_column() -> None:
    x = np.array([[0.0, 7.0, 1.0], [10.0, 7.0, 3.0], [5.0, NAN, NAN]])
    filled = row_mean(x, there(x), np.ones(3), [np.array([0, 1, 2])])
    assert filled[2].tolist() == [5, 7, 2]
    only_constant = np.array([[7.0, 1.0], [7.0, 3.0], [7.0, NAN]])
    assert np.isnan(row_mean(only_constant, there(only_constant), np.ones(2), [np.array([0, 1])])[2, 1])


# --- from the unit's own years ------------------------------------------------------------------------------------------------

YEARS = np.array([2015.0, 2016.0, 2018.0, 2020.0])


@pytest.mark.parametrize(
    ("kind", "series", "expected"),
    [
        ("linear", [10, NAN, 16, NAN], [10, 12, 16, 16]),
        ("linear", [NAN, 10, NAN, 18], [10, 10, 14, 18]),
        ("linear", [NAN, 10, NAN, NAN], [NAN, 10, NAN, NAN]),
        ("linear_constant", [NAN, 10, NAN, NAN], [10, 10, 10, 10]),
        ("linear_constant", [10, NAN, NAN, 20], [10, 12, 16, 20]),
        ("constant", [10, NAN, 16, NAN], [10, 10, 16, 16]),
        ("constant", [NAN, NAN, 16, NAN], [16, 16, 16, 16]),
        ("constant", [NAN, NAN, NAN, NAN], [NAN, NAN, NAN, NAN]),
        ("linear_constant", [NAN, NAN, NAN, NAN], [NAN, NAN, NAN, NAN]),
        ("linear", [1, 2, 3, 4], [1, 2, 3, 4]),
    ],
)
def test_interpolate_by_hand(kind: Interpolation, series: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(interpolate(np.array([series]), YEARS, kind=kind), [expected], rtol=1e-15)


def test_interpolate_many_series_at_once() -> None:
    series = np.array([[[10, NAN, 16, NAN], [NAN, 1, NAN, NAN]], [[1, 2, 3, 4], [NAN, NAN, NAN, NAN]]])
    filled = interpolate(series, YEARS, kind="linear_constant")
    expected = [[[10, 12, 16, 16], [1, 1, 1, 1]], [[1, 2, 3, 4], [NAN, NAN, NAN, NAN]]]
    np.testing.assert_array_equal(filled, expected)
