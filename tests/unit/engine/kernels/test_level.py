from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import (
    DOWN,
    NAN,
    UP,
    Method,
    assert_better_values_never_get_less,
    assert_gaps_stay_gaps,
    assert_order_of_units_never_matters,
    bits,
    column,
    listed,
    positive_numbers,
    tables,
    there,
)
from tongkao.engine.kernels import BoolArray, FloatArray, deduct, distance_to_reference, identity, minmax, ratio_to_best, zscore

METHODS: dict[str, Method] = {
    "identity": lambda x, counted, sign: identity(x * sign, cap=100.0, floor=0.0),
    "minmax": lambda x, counted, sign: minmax(x, counted, sign, low=60.0, high=100.0, cap=100.0, floor=60.0),
    "minmax_unlimited": lambda x, counted, sign: minmax(x, counted, sign),
    "minmax_goalposts": lambda x, counted, sign: minmax(x, counted, sign, worst=-5.0 * sign, best=5.0 * sign),
    "zscore": lambda x, counted, sign: zscore(x, counted, sign, mean=50.0, sd=10.0),
}


@pytest.mark.parametrize("name", METHODS)
@given(table=tables(), seed=st.integers(0, 9))
def test_laws(name: str, table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    assert_order_of_units_never_matters(METHODS[name], *table, seed)
    assert_better_values_never_get_less(METHODS[name], *table)
    assert_gaps_stay_gaps(METHODS[name], *table)


@given(table=tables(positive_numbers), seed=st.integers(0, 9))
def test_ratio_to_best_obeys_the_laws_for_values_above_zero(table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    def method(x: FloatArray, counted: BoolArray, sign: FloatArray) -> FloatArray:
        return ratio_to_best(x, counted, sign, cap=100.0, floor=0.0)

    assert_order_of_units_never_matters(method, *table, seed)
    assert_better_values_never_get_less(method, *table)
    assert_gaps_stay_gaps(method, *table)


@given(table=tables())
def test_who_does_not_count_changes_nobody_else(table: tuple[FloatArray, BoolArray, FloatArray]) -> None:
    x, counted, sign = table
    other = np.where(counted, x, x * 7 + 13)
    for method in (METHODS["minmax"], METHODS["zscore"]):
        assert bits(method(x, counted, sign)[counted]) == bits(method(other, counted, sign)[counted])


# --- identity -----------------------------------------------------------------------------------------------------------------


def test_identity_limits_and_keeps_the_input() -> None:
    x = column(-5, 88.5, 130, NAN)
    assert listed(identity(x, cap=100.0, floor=0.0)) == [0, 88.5, 100, -999]
    assert listed(identity(x)) == [-5, 88.5, 130, -999]
    assert listed(x) == [-5, 88.5, 130, -999]


def test_limits_may_differ_by_column() -> None:
    x = np.array([[150.0, 150.0], [-1.0, -1.0]])
    limited = identity(x, cap=np.array([100.0, np.inf]), floor=np.array([-np.inf, 0.0]))
    assert limited.tolist() == [[100, 150], [-1, 0]]


# --- minmax -------------------------------------------------------------------------------------------------------------------


def test_minmax_published_efficacy_coefficient() -> None:
    # F1: growth 9.6 / 7.2 / 3.1 and PM2.5 26 / 31 / 38, between 60 and 100
    x = np.array([[9.6, 26], [7.2, 31], [3.1, 38]])
    rates = minmax(x, there(x), np.array([1.0, -1.0]), low=60.0, high=100.0, cap=100.0, floor=60.0)
    np.testing.assert_allclose(rates, [[100, 100], [85.230769230769, 83.333333333333], [60, 60]], rtol=1e-13)


def test_minmax_by_hand_has_exact_ends() -> None:
    x = column(0.1, 0.7, 0.3)
    assert listed(minmax(x, there(x), UP)) == [0, 100, pytest.approx(100 / 3, rel=1e-15)]
    assert listed(minmax(x, there(x), DOWN)) == [100, 0, pytest.approx(200 / 3, rel=1e-15)]


def test_minmax_of_equal_values_and_of_a_single_unit_is_high() -> None:
    x = column(4, NAN, 4)
    assert listed(minmax(x, there(x), UP, low=60.0, high=90.0)) == [90, -999, 90]
    assert listed(minmax(column(7), there(column(7)), DOWN)) == [100]


def test_minmax_takes_computed_values_that_differ_by_noise_as_equal() -> None:
    x = column(0.3, 0.1 + 0.2)
    assert listed(minmax(x, there(x), UP)) == [0, 100]
    assert listed(minmax(x, there(x), UP, relative_tolerance=1e-9)) == [100, 100]


def test_minmax_scores_units_listed_apart_against_the_group() -> None:
    x = column(0, 50, 100, 150, -50)
    counted = np.array([[True], [True], [True], [False], [False]])
    assert listed(minmax(x, counted, UP)) == [0, 50, 100, 150, -50]
    assert listed(minmax(x, counted, UP, cap=100.0, floor=0.0)) == [0, 50, 100, 100, 0]


def test_minmax_without_a_group_has_no_answer_unless_there_are_goalposts() -> None:
    x = column(3)
    nobody = np.array([[False]])
    assert listed(minmax(x, nobody, UP)) == [-999]
    assert listed(minmax(x, nobody, UP, worst=1.0, best=5.0)) == [50]


def test_minmax_goalposts_limits_and_half_given_goalposts() -> None:
    # human development index: life expectancy between 20 and 85 years, capped at the goalpost
    x = column(84.0, 20.0, 85.473, 15.0)
    rates = minmax(x, there(x), UP, worst=20.0, best=85.0, cap=100.0, floor=0.0)
    assert listed(rates) == [pytest.approx(98.461538461538), 0, 100, 0]
    y = np.array([[2.0, 2.0], [4.0, 4.0]])
    rates = minmax(y, there(y), np.array([1.0, 1.0]), best=np.array([10.0, NAN]))
    assert rates.tolist() == [[0, 0], [25, 100]]


def test_minmax_zero_is_never_negative_zero() -> None:
    x = column(1, 3)
    assert not np.signbit(minmax(x, there(x), DOWN)).any()


def test_minmax_in_blocks_is_the_same_as_at_once() -> None:
    x = np.random.default_rng(1).normal(size=(2_000, 70))
    x[::7, 3] = NAN
    sign = np.where(np.arange(70) % 3 == 0, -1.0, 1.0)
    worst = np.where(sign > 0, np.nanmin(x, axis=0), np.nanmax(x, axis=0))
    best = np.where(sign > 0, np.nanmax(x, axis=0), np.nanmin(x, axis=0))
    np.testing.assert_array_equal(minmax(x, there(x), sign), (x - worst) / (best - worst) * 100 + 0.0)


# --- ratio to best ------------------------------------------------------------------------------------------------------------


def test_ratio_to_best_published() -> None:
    # F2: W = 600, x = 812.5, first = 870.2 -> 560.22 points
    x = column(812.5, 870.2)
    assert round(6 * ratio_to_best(x, there(x), UP)[0, 0], 2) == 560.22
    assert ratio_to_best(x, there(x), UP)[1, 0] == 100


def test_ratio_to_best_by_hand_in_both_directions() -> None:
    x = np.array([[50, 4], [100, 2], [NAN, 8]])
    assert ratio_to_best(x, there(x), np.array([1.0, -1.0]))[:2].tolist() == [[50, 50], [100, 100]]
    assert listed(ratio_to_best(x[:, 1:], there(x)[:, 1:], DOWN)) == [50, 100, 25]


def test_ratio_to_best_has_no_answer_to_a_division_by_zero() -> None:
    zeros = column(0, 0)
    assert listed(ratio_to_best(zeros, there(zeros), UP)) == [-999, -999]
    x = column(0, 5)
    assert listed(ratio_to_best(x, there(x), DOWN, cap=100.0, floor=0.0)) == [-999, 0]
    assert listed(ratio_to_best(x, np.zeros((2, 1), dtype=bool), UP)) == [-999, -999]


def test_ratio_to_best_is_capped_for_a_unit_listed_apart() -> None:
    x, counted = column(200, 100), np.array([[False], [True]])
    assert listed(ratio_to_best(x, counted, UP, cap=100.0)) == [100, 100]
    assert listed(ratio_to_best(x, counted, UP)) == [200, 100]


# --- deduct -------------------------------------------------------------------------------------------------------------------


def test_deduct_published_and_by_hand() -> None:
    # F8: W = 3 points, 2 micrograms over at 0.5 points each -> 2.0 points; 0.5 of 3 points is a rate of 50/3
    assert 3 * deduct(column(2), per=50 / 3, floor=0.0)[0, 0] / 100 == pytest.approx(2.0, rel=1e-15)
    assert listed(deduct(column(0, 3, 250, NAN), floor=0.0)) == [100, 97, 0, -999]
    assert listed(deduct(column(250), per=1.0)) == [-150]


# --- zscore -------------------------------------------------------------------------------------------------------------------


def test_zscore_by_hand() -> None:
    x = column(2, 4, 6, NAN)
    assert listed(zscore(x, there(x), UP)) == [-1, 0, 1, -999]
    assert listed(zscore(x, there(x), DOWN, mean=50.0, sd=10.0)) == [60, 50, 40, -999]


def test_zscore_of_the_usual_textbook_numbers() -> None:
    # mean 5, squared deviations add to 32, s = √(32 / 7) = 2.138
    x = column(2, 4, 4, 4, 5, 5, 7, 9)
    assert zscore(x, there(x), UP)[-1, 0] == pytest.approx(4 / 2.1380899352993952, rel=1e-14)


def test_zscore_without_spread_is_the_mean_and_without_group_has_no_answer() -> None:
    equal = column(0.1, 0.1, 0.1)
    assert listed(zscore(equal, there(equal), UP, mean=50.0)) == [50, 50, 50]
    assert listed(zscore(column(7), there(column(7)), UP, mean=50.0)) == [50]
    assert listed(zscore(column(7), np.array([[False]]), UP)) == [-999]
    noise = column(0.3, 0.1 + 0.2)
    assert listed(zscore(noise, there(noise), UP, relative_tolerance=1e-9)) == [0, 0]


# --- distance to a reference unit ---------------------------------------------------------------------------------------------


def test_distance_to_reference_by_hand() -> None:
    x = column(10, 30, 50, NAN)
    assert listed(distance_to_reference(x, there(x), UP, np.array([30.0]))) == [0, 100, 200, -999]
    assert listed(distance_to_reference(x, there(x), UP, np.array([30.0]), cap=100.0)) == [0, 100, 100, -999]
    assert listed(distance_to_reference(x, there(x), DOWN, np.array([10.0]))) == [100, 50, 0, -999]


def test_distance_to_reference_has_no_answer_without_one_or_where_it_is_the_worst() -> None:
    x = column(10, 30)
    assert listed(distance_to_reference(x, there(x), UP, np.array([NAN]))) == [-999, -999]
    assert listed(distance_to_reference(x, there(x), UP, np.array([10.0]))) == [-999, -999]
