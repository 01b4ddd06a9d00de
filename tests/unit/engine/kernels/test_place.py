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
    column,
    listed,
    tables,
    there,
)
from tongkao.engine.kernels import (
    BoolArray,
    FloatArray,
    ascending_rank,
    borda,
    percentile,
    rank_linear,
    rank_step,
    rank_table,
)

TABLE = np.array([100.0, 95.0, 90.0])
METHODS: dict[str, Method] = {
    "rank_step": lambda x, counted, sign: rank_step(x, counted, sign, drop=5.0),
    "rank_table": lambda x, counted, sign: rank_table(x, counted, sign, table=TABLE),
    "rank_linear": lambda x, counted, sign: rank_linear(x, counted, sign, low=60.0),
    "percentile": percentile,
    "borda": borda,
    "ascending_rank": ascending_rank,
    "ascending_rank_mean": lambda x, counted, sign: ascending_rank(x, counted, sign, ties="mean"),
    "percentile_tolerant": lambda x, counted, sign: percentile(x, counted, sign, relative_tolerance=0.3),
}


@pytest.mark.parametrize("name", METHODS)
@given(table=tables(), seed=st.integers(0, 9))
def test_laws(name: str, table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    assert_order_of_units_never_matters(METHODS[name], *table, seed)
    assert_better_values_never_get_less(METHODS[name], *table)
    assert_gaps_stay_gaps(METHODS[name], *table)


def counted_by_hand(x: FloatArray, counted: BoolArray, sign: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Units of the group strictly worse, equal, and all, one cell after the other."""
    worse, equal, number = (np.full(x.shape, NAN) for _ in range(3))
    for (row, col), value in np.ndenumerate(x):
        group = x[counted[:, col], col]
        if not np.isnan(value):
            worse[row, col] = (group * sign[col] < value * sign[col]).sum()
            equal[row, col] = (group == value).sum()
            number[row, col] = group.size
    return worse, equal, number


@given(table=tables())
def test_rates_agree_with_counting_by_hand(table: tuple[FloatArray, BoolArray, FloatArray]) -> None:
    x, counted, sign = table
    worse, equal, number = counted_by_hand(x, counted, sign)
    place = 1 + number - worse - equal
    np.testing.assert_array_equal(rank_step(x, counted, sign, drop=7.0), np.maximum(100 - 7 * (place - 1), 0))
    np.testing.assert_array_equal(ascending_rank(x, counted, sign), worse + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        np.testing.assert_allclose(percentile(x, counted, sign), 100 * (worse + equal / 2) / number, rtol=1e-15)
        expected = np.where(number > 1, np.minimum(100 * worse / (number - 1), 100), 100)
    np.testing.assert_allclose(borda(x, counted, sign), np.where(np.isnan(x), NAN, expected), rtol=1e-15)


@given(table=tables())
def test_who_does_not_count_changes_nobody_else(table: tuple[FloatArray, BoolArray, FloatArray]) -> None:
    x, counted, sign = table
    other = np.where(counted, x, NAN)
    for relative_tolerance in (0.0, 0.3):
        alone = percentile(other, counted, sign, relative_tolerance=relative_tolerance)[counted]
        assert percentile(x, counted, sign, relative_tolerance=relative_tolerance)[counted].tolist() == alone.tolist()


def test_many_units_and_columns_agree_with_counting_by_hand() -> None:
    random = np.random.default_rng(5)
    x = random.integers(0, 40, size=(120, 90)).astype(np.float64)  # ties, and several blocks of columns
    x[random.random(x.shape) < 0.1] = NAN
    counted = there(x) & (random.random(x.shape) < 0.9)
    sign = np.where(np.arange(90) % 2 == 0, 1.0, -1.0)
    for group in (counted, there(x)):
        worse, equal, number = counted_by_hand(x, group, sign)
        np.testing.assert_allclose(percentile(x, group, sign), 100 * (worse + equal / 2) / number, rtol=1e-15)


# --- equality -----------------------------------------------------------------------------------------------------------------


def test_computed_values_that_differ_by_noise_share_a_place() -> None:
    x = column(0.3, 0.1 + 0.2, 0.2)
    assert listed(rank_step(x, there(x), UP)) == [98, 100, 96]
    assert listed(rank_step(x, there(x), UP, relative_tolerance=1e-9)) == [100, 100, 96]


def test_equality_is_transitive_and_by_column() -> None:
    x = column(1.0, 1.05, 1.1, 2.0)
    both = np.hstack([x, x])
    rates = rank_step(both, there(both), np.array([1.0, 1.0]), relative_tolerance=np.array([0.06, 0.0]))
    assert rates.tolist() == [[98, 94], [98, 96], [98, 98], [100, 100]]


def test_a_unit_listed_apart_never_joins_two_values_of_the_group() -> None:
    x = column(1.0, 1.1, 1.05, 3.0)
    counted = np.array([[True], [True], [False], [True]])
    # 1.05 equals 1.0 as well as 1.1, but these two stay apart; it shares the place of the nearer one, here of 1.1
    assert listed(rank_step(x, counted, UP, relative_tolerance=0.06)) == [96, 98, 98, 100]


def test_a_unit_listed_apart_stands_between_and_beyond_the_group() -> None:
    x = column(10, 20, 30, 5, 25, 40, 20)
    counted = np.array([[True]] * 3 + [[False]] * 4)
    assert listed(rank_step(x, counted, UP, drop=10.0)) == [80, 90, 100, 70, 90, 100, 90]
    assert listed(rank_linear(x, counted, UP)) == [0, 50, 100, 0, 50, 100, 50]
    assert listed(borda(x, counted, UP)) == [0, 50, 100, 0, 100, 100, 50]
    percents = [100 / 6, 50, 500 / 6, 0, 200 / 3, 100, 50]
    assert listed(percentile(x, counted, UP)) == pytest.approx(percents, rel=1e-15)
    assert listed(ascending_rank(x, counted, UP, ties="mean")) == [1, 2, 3, 1, 3, 4, 2]


# --- hand and published examples ----------------------------------------------------------------------------------------------


def test_rank_step_published() -> None:
    # F3: W = 200, 2 % a place: places 1, 2, 5, 14 -> 200, 196, 184, 148; W = 30, 5 %: place 4 -> 25.5
    x = column(*range(14, 0, -1))
    points = 2 * rank_step(x, there(x), UP, drop=2.0)[[0, 1, 4, 13], 0]
    assert points.tolist() == [200, 196, 184, 148]
    assert 0.3 * rank_step(x, there(x), UP, drop=5.0)[3, 0] == 25.5


def test_rank_step_shares_places_and_stops_at_the_floor() -> None:
    x = column(9, 7, 7, 5, NAN)
    assert listed(rank_step(x, there(x), UP, drop=40.0)) == [100, 60, 60, 0, -999]
    assert listed(rank_step(x, there(x), DOWN, drop=10.0, floor=75.0)) == [75, 90, 90, 100, -999]


def test_rank_table_published_and_beyond_its_end() -> None:
    # F4: 60, 57, 54, 51, 48 points of 60
    x = column(*range(7, 0, -1))
    table = np.array([60, 57, 54, 51, 48]) / 0.6
    np.testing.assert_allclose(0.6 * rank_table(x, there(x), UP, table=table)[:, 0], [60, 57, 54, 51, 48, 48, 48], rtol=1e-15)


def test_rank_table_may_differ_by_column() -> None:
    x = np.array([[3.0, 3.0], [2.0, 2.0], [1.0, 1.0]])
    rates = rank_table(x, there(x), np.array([1.0, -1.0]), table=np.array([[100.0, 50.0, 50.0], [90.0, 80.0, 70.0]]))
    assert rates.tolist() == [[100, 70], [50, 80], [50, 90]]
    with pytest.raises(ValueError, match="the table is empty"):
        rank_table(x, there(x), np.array([1.0, 1.0]), table=np.array([]))


def test_rank_linear_by_hand() -> None:
    x = column(9, 7, 7, 5, NAN)
    assert listed(rank_linear(x, there(x), UP, low=70.0)) == [100, 90, 90, 70, -999]
    assert listed(rank_linear(x, there(x), DOWN, low=70.0)) == [70, 90, 90, 100, -999]


def test_percentile_published() -> None:
    # Roscoe (1975): percentile rank counts those below and half of those equal
    x = column(7, 5, 5, 4, 4, 3, 3, 3, 2, 1)
    assert listed(percentile(x, there(x), UP)) == pytest.approx([95, 80, 80, 60, 60, 35, 35, 35, 15, 5])


def test_borda_by_hand() -> None:
    x = column(9, 7, 7, 5, NAN)
    assert listed(borda(x, there(x), UP)) == [100, pytest.approx(100 / 3), pytest.approx(100 / 3), 0, -999]


def test_ascending_rank_with_each_kind_of_ties() -> None:
    x = column(3, 1, 4, 1, 5, 9, 2, 6)
    assert listed(ascending_rank(x, there(x), UP, minus=1.0)) == [3, 0, 4, 0, 5, 7, 2, 6]
    assert listed(ascending_rank(x, there(x), UP, ties="mean")) == [4, 1.5, 5, 1.5, 6, 8, 3, 7]
    assert listed(ascending_rank(x, there(x), UP, ties="highest")) == [4, 2, 5, 2, 6, 8, 3, 7]
    assert listed(ascending_rank(x, there(x), DOWN)) == [5, 7, 4, 7, 3, 1, 6, 2]


# --- one unit, and none -------------------------------------------------------------------------------------------------------


def test_a_single_unit() -> None:
    x = column(7, NAN)
    assert listed(rank_step(x, there(x), UP)) == [100, -999]
    assert listed(rank_table(x, there(x), UP, table=TABLE)) == [100, -999]
    assert listed(rank_linear(x, there(x), UP, low=60.0, high=90.0)) == [90, -999]
    assert listed(percentile(x, there(x), UP)) == [50, -999]
    assert listed(borda(x, there(x), UP)) == [100, -999]
    assert listed(ascending_rank(x, there(x), UP)) == [1, -999]


def test_an_empty_group() -> None:
    x, nobody = column(7, 8), np.zeros((2, 1), dtype=bool)
    assert listed(rank_step(x, nobody, UP)) == [100, 100]
    assert listed(rank_table(x, nobody, UP, table=TABLE)) == [100, 100]
    assert listed(rank_linear(x, nobody, UP)) == [100, 100]
    assert listed(borda(x, nobody, UP)) == [100, 100]
    assert listed(ascending_rank(x, nobody, UP)) == [1, 1]
    assert listed(percentile(x, nobody, UP)) == [-999, -999]


def test_nobody_at_all() -> None:
    assert percentile(np.empty((0, 2)), np.empty((0, 2), dtype=bool), np.array([1.0, -1.0])).shape == (0, 2)
