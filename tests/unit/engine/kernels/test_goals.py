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
    positive_numbers,
    tables,
    there,
)
from tongkao.engine.kernels import BoolArray, FloatArray, base_step, challenge, distance_to_target, target


def goal(x: FloatArray, value: float) -> FloatArray:
    return np.full(x.shape, value)


METHODS: dict[str, Method] = {
    "target": lambda x, counted, sign: target(x, sign, goal(x, 50.0), cap=100.0, floor=0.0),
    "target_with_baseline": lambda x, counted, sign: target(x, sign, goal(x, 1.0) * sign * 50, goal(x, 0.0)),
    "challenge": lambda x, counted, sign: challenge(x, sign, goal(x, 50.0), goal(x, 50.0) + 20 * sign),
    "base_step": lambda x, counted, sign: base_step(x, sign, goal(x, 50.0), step=0.5, cap=120.0, floor=0.0),
    "distance_to_target": lambda x, counted, sign: distance_to_target(
        x, counted, sign, np.where(sign > 0, 2_000.0, -2_000.0) * np.ones(x.shape)
    ),
}


@pytest.mark.parametrize("name", METHODS)
@given(table=tables(positive_numbers), seed=st.integers(0, 9))
def test_laws(name: str, table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    assert_order_of_units_never_matters(METHODS[name], *table, seed)
    assert_better_values_never_get_less(METHODS[name], *table)
    assert_gaps_stay_gaps(METHODS[name], *table)


# --- target -------------------------------------------------------------------------------------------------------------------


def test_target_without_baseline_by_hand() -> None:
    x = column(45, 60, -3, NAN)
    assert listed(target(x, UP, goal(x, 50.0), cap=100.0, floor=0.0)) == [90, 100, 0, -999]
    y = column(25, 50, 100)
    assert listed(target(y, DOWN, goal(y, 50.0), cap=100.0, floor=0.0)) == [100, 100, 50]
    assert listed(target(y, DOWN, goal(y, 50.0))) == [200, 100, 50]


def test_target_with_baseline_by_hand_in_both_directions() -> None:
    x = np.array([[12.0, 30.0], [15.0, 26.0], [9.0, 36.0]])
    rates = target(x, np.array([1.0, -1.0]), np.tile([15.0, 28.0], (3, 1)), np.tile([10.0, 35.0], (3, 1)), cap=100.0, floor=0.0)
    np.testing.assert_allclose(rates, [[40, 500 / 7], [100, 100], [0, 0]], rtol=1e-15)


def test_target_uses_a_baseline_only_where_there_is_one() -> None:
    x = column(12, 12)
    assert listed(target(x, UP, goal(x, 16.0), column(8, NAN))) == [50, 75]
    assert listed(target(x, UP, goal(x, 16.0), column(NAN, NAN))) == [75, 75]


def test_target_published_completion_ratio() -> None:
    # F7: S = W·min(1, a/t); W = 30, a = 46.2, t = 56 -> 24.75
    assert 30 * target(column(46.2), UP, column(56), cap=100.0)[0, 0] / 100 == pytest.approx(24.75, rel=1e-14)


def test_target_has_no_answer_without_a_target_or_to_a_division_by_zero() -> None:
    x = column(5, 5, 0, 5)
    goals, baselines, signs = column(NAN, 0, 0, 7), column(NAN, NAN, NAN, 7), UP
    assert listed(target(x, signs, goals, baselines, cap=100.0, floor=0.0)) == [-999, -999, -999, -999]
    assert listed(target(column(0), DOWN, column(4), cap=100.0)) == [-999]


# --- challenge ----------------------------------------------------------------------------------------------------------------


def test_challenge_by_hand() -> None:
    x = column(40, 80, 100, 110, 120, 150, NAN)
    rates = challenge(x, UP, goal(x, 100.0), goal(x, 120.0), base=80.0, cap=100.0)
    assert listed(rates) == [32, 64, 80, 90, 100, 100, -999]
    y = column(60, 40, 35, 30, 20)
    assert listed(challenge(y, DOWN, goal(y, 40.0), goal(y, 30.0))) == [pytest.approx(160 / 3), 80, 90, 100, 100]


def test_challenge_with_baseline_and_below_it() -> None:
    x = column(90, 95, 100, 105, 80)
    assert listed(challenge(x, UP, goal(x, 100.0), goal(x, 110.0), goal(x, 90.0))) == [0, 40, 80, 90, 0]


def test_challenge_that_equals_the_target_gives_the_cap_at_once() -> None:
    x = column(50, 99, 100, 101)
    assert listed(challenge(x, UP, goal(x, 100.0), goal(x, 100.0))) == [40, pytest.approx(79.2), 100, 100]


def test_challenge_is_needed_only_beyond_the_target() -> None:
    x = column(50, 100, 150, 50, 150, 50)
    assert listed(challenge(x, UP, goal(x, 100.0), column(NAN, NAN, NAN, 90, 90, 110))) == [40, 80, -999, 40, -999, 40]
    assert listed(challenge(column(5), UP, column(NAN), column(9))) == [-999]


# --- base and step ------------------------------------------------------------------------------------------------------------


def test_base_step_published() -> None:
    # F6: W = 60, target 10, half a point a unit: 13.4 -> 49.70 points, 8.2 -> 47.10; half a point of 60 is a rate of 5/6
    x = column(13.4, 8.2)
    points = 0.6 * base_step(x, UP, goal(x, 10.0), base=80.0, step=5 / 6, cap=120.0, floor=0.0)
    np.testing.assert_allclose(points[:, 0], [49.70, 47.10], rtol=1e-14)


def test_base_step_by_hand() -> None:
    x = column(10, 12, 100, -100, NAN)
    assert listed(base_step(x, UP, goal(x, 10.0), step=2.0, cap=120.0, floor=0.0)) == [80, 84, 120, 0, -999]
    assert listed(base_step(x, DOWN, goal(x, 10.0), step=2.0, cap=120.0, floor=0.0)) == [80, 76, 0, 120, -999]
    assert listed(base_step(column(1), UP, column(NAN), step=2.0)) == [-999]


# --- distance to the target ---------------------------------------------------------------------------------------------------


def test_distance_to_target_by_hand() -> None:
    x = column(10, 20, 30, NAN)
    assert listed(distance_to_target(x, there(x), UP, goal(x, 25.0))) == [0, pytest.approx(200 / 3), pytest.approx(400 / 3), -999]
    assert listed(distance_to_target(x, there(x), UP, goal(x, 25.0), cap=100.0)) == [0, pytest.approx(200 / 3), 100, -999]
    assert listed(distance_to_target(x, there(x), DOWN, goal(x, 10.0))) == [100, 50, 0, -999]


def test_distance_to_target_has_no_answer_without_target_group_or_range() -> None:
    x = column(10, 20)
    assert listed(distance_to_target(x, there(x), UP, column(NAN, 10))) == [-999, -999]
    assert listed(distance_to_target(x, np.zeros((2, 1), dtype=bool), UP, goal(x, 30.0))) == [-999, -999]
