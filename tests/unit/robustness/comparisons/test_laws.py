"""Laws of all comparisons: order, scale of weights, dominance, monotony; and counter-examples where a method is not monotone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import bits
from tests.unit.robustness.comparisons.laws import BY_NAME, MONOTONE, OWN_SCORE, Table, improved, ranks, tables
from tongkao.robustness import comparisons as c

FACTOR = st.sampled_from([1.001, 1.3, 2.0, 7.0, 1000.0])


@given(table=tables(), seed=st.integers(0, 99))
def test_order_of_units_and_columns_never_matters(table: Table, seed: int) -> None:
    x, weight, sign = table
    random = np.random.default_rng(seed)
    units, columns = random.permutation(len(x)), random.permutation(len(weight))
    for name, method in BY_NAME.items():
        moved = method(np.ascontiguousarray(x[units][:, columns]), weight[columns], sign[columns])
        assert bits(moved) == bits(method(x, weight, sign)[units]), name


@given(table=tables(), factor=st.sampled_from([1e-200, 1e-3, 0.7, 3.0, 1e200]))
def test_weights_on_any_scale_give_the_same(table: Table, factor: float) -> None:
    x, weight, sign = table
    for name, method in BY_NAME.items():
        np.testing.assert_allclose(
            method(x, weight * factor, sign), method(x, weight, sign), rtol=1e-12, atol=1e-12, err_msg=name
        )


@given(table=tables(least_units=2))
def test_a_unit_that_is_nowhere_worse_never_scores_less(table: Table) -> None:
    x, weight, sign = table
    x = x.copy()
    x[1] = np.where(sign > 0, np.minimum(x[0], x[1]), np.maximum(x[0], x[1]))
    for name, method in BY_NAME.items():
        scores = method(x, weight, sign)
        assert scores[0] >= scores[1] - 1e-12, name


@given(table=tables())
def test_equal_units_score_the_same_and_nothing_is_missing(table: Table) -> None:
    x, weight, sign = table
    for name, method in BY_NAME.items():
        scores = method(np.vstack([x, x]), weight, sign)
        assert np.isfinite(scores).all(), name
        assert bits(scores[: len(x)]) == bits(scores[len(x) :]), name


@given(table=tables(), factor=FACTOR, data=st.data())
def test_a_better_value_never_lowers_the_rank(table: Table, factor: float, data: st.DataObject) -> None:
    x, weight, sign = table
    unit = data.draw(st.integers(0, len(x) - 1))
    better = improved(x, sign, unit, data.draw(st.integers(0, len(weight) - 1)), factor)
    for name in MONOTONE:
        before, after = BY_NAME[name](x, weight, sign), BY_NAME[name](better, weight, sign)
        assert ranks(after)[unit] <= ranks(before)[unit], name


@given(table=tables(), factor=FACTOR, data=st.data())
def test_a_better_value_never_lowers_the_own_score(table: Table, factor: float, data: st.DataObject) -> None:
    x, weight, sign = table
    unit = data.draw(st.integers(0, len(x) - 1))
    better = improved(x, sign, unit, data.draw(st.integers(0, len(weight) - 1)), factor)
    for name in OWN_SCORE:
        assert BY_NAME[name](better, weight, sign)[unit] >= BY_NAME[name](x, weight, sign)[unit] - 1e-12, name


@given(table=tables(), factor=FACTOR, data=st.data())
def test_with_the_ends_of_columns_fixed_a_better_value_never_lowers_the_rank(
    table: Table, factor: float, data: st.DataObject
) -> None:
    x, weight, sign = table
    unit = data.draw(st.integers(0, len(x) - 1))
    better = improved(x, sign, unit, data.draw(st.integers(0, len(weight) - 1)), factor)
    # two units that never change hold the best and the worst value of every column
    ends = np.vstack([np.minimum(x, better).min(axis=0) / 2, np.maximum(x, better).max(axis=0) * 2])
    for name in ("vikor", "topsis_minmax"):
        before = BY_NAME[name](np.vstack([x, ends]), weight, sign)
        after = BY_NAME[name](np.vstack([better, ends]), weight, sign)
        assert ranks(after)[unit] <= ranks(before)[unit], name


@given(table=tables(), factor=FACTOR, data=st.data())
def test_copras_is_monotone_where_more_is_better(table: Table, factor: float, data: st.DataObject) -> None:
    x, weight, sign = table
    unit, column = data.draw(st.integers(0, len(x) - 1)), data.draw(st.integers(0, len(weight) - 1))
    sign = np.where(np.arange(len(sign)) == column, 1.0, sign)
    better = improved(x, sign, unit, column, factor)
    assert ranks(c.copras(better, weight, sign))[unit] <= ranks(c.copras(x, weight, sign))[unit]


@given(table=tables())
def test_copras_never_rewards_a_cost(table: Table) -> None:
    # one tool lifts a unit from rank 8 to rank 3 when its cost becomes ten times worse
    x, weight, _ = table
    sign = -np.ones(len(weight))
    worse = x.copy()
    worse[0] *= 10
    assert ranks(c.copras(worse, weight, sign))[0] >= ranks(c.copras(x, weight, sign))[0]


@pytest.mark.parametrize(
    ("name", "x", "weight", "sign", "cell", "better", "places"),
    [
        ("topsis", [[24, 2.8], [8, 4.3], [6.3, 4.0], [1, 0.2]], [5, 2], [-1, 1], (2, 1), 4.2, (1, 2)),
        ("vikor", [[2, 5], [7, 4], [9, 6]], [4, 3], [-1, 1], (2, 1), 7, (2, 3)),
        ("copras", [[24, 11, 59], [21, 2, 3], [3, 10, 8]], [1, 2, 2], [-1, 1, -1], (0, 2), 47, (2, 3)),
        (
            "edas",
            [[0.36, 5.01, 0.4, 238.14], [41.63, 15.95, 0.71, 2.86], [182.03, 44.43, 0.04642, 2.76], [19.28, 0.71, 2.19, 0.31]],
            [0.04, 2.31, 3.39, 0.07],
            [-1, -1, -1, 1],
            (1, 3),
            30,
            (2, 3),
        ),
    ],
)
def test_not_monotone_as_documented(
    name: str,
    x: list[list[float]],
    weight: list[float],
    sign: list[float],
    cell: tuple[int, int],
    better: float,
    places: tuple[int, int],
) -> None:
    before = np.array(x, dtype=np.float64)
    after = before.copy()
    after[cell] = better
    assert (after[cell] - before[cell]) * sign[cell[1]] > 0
    weights, signs = np.array(weight, dtype=np.float64), np.array(sign, dtype=np.float64)
    found = tuple(int(ranks(BY_NAME[name](table, weights, signs))[cell[0]]) for table in (before, after))
    assert found == places
