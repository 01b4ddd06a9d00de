from __future__ import annotations

import statistics as standard

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN, bits, column, tables, there
from tongkao.engine.kernels import BoolArray, FloatArray, statistics

ALL = ["mean", "total", "standard_deviation", "median", "skewness", "kurtosis"]


@pytest.mark.parametrize("name", ALL)
@given(table=tables(), seed=st.integers(0, 9))
def test_order_of_units_never_matters(name: str, table: tuple[FloatArray, BoolArray, FloatArray], seed: int) -> None:
    x, counted, _ = table
    order = np.random.default_rng(seed).permutation(x.shape[0])
    statistic = getattr(statistics, name)
    assert bits(statistic(x[order], counted[order])) == bits(statistic(x, counted))


@given(table=tables())
def test_statistics_agree_with_the_standard_library(table: tuple[FloatArray, BoolArray, FloatArray]) -> None:
    x, counted, _ = table
    for col in range(x.shape[1]):
        values = x[counted[:, col], col].tolist()
        one = (x[:, col : col + 1], counted[:, col : col + 1])
        assert statistics.count(one[1])[0] == len(values)
        assert statistics.mean(*one)[0] == pytest.approx(
            standard.fmean(values) if values else NAN, rel=1e-12, abs=1e-9, nan_ok=True
        )
        assert statistics.median(*one)[0] == pytest.approx(standard.median(values) if values else NAN, rel=1e-12, nan_ok=True)
        assert statistics.total(*one)[0] == pytest.approx(sum(values) if values else NAN, rel=1e-12, abs=1e-9, nan_ok=True)
        spread = standard.stdev(values) if len(values) > 1 else NAN
        assert statistics.standard_deviation(*one)[0] == pytest.approx(spread, rel=1e-9, abs=1e-9, nan_ok=True)
        ends = [low[0] for low in statistics.extremes(*one)]
        assert ends == pytest.approx([min(values), max(values)] if values else [NAN, NAN], nan_ok=True)


def test_worst_and_best_follow_the_direction() -> None:
    x = np.array([[1.0, 1.0], [3.0, 3.0], [9.0, 9.0]])
    counted = np.array([[True, True], [True, True], [False, False]])
    worst, best = statistics.worst_and_best(x, counted, np.array([1.0, -1.0]))
    assert worst.tolist() == [1, 3]
    assert best.tolist() == [3, 1]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 1_001])
def test_extremes_of_any_number_of_units(n: int) -> None:
    x = np.random.default_rng(n).normal(size=(n, 3))
    lowest, highest = statistics.extremes(x, there(x))
    assert lowest.tolist() == x.min(axis=0).tolist()
    assert highest.tolist() == x.max(axis=0).tolist()
    lowest, highest = statistics.extremes(np.asfortranarray(x), there(x))
    assert lowest.tolist() == x.min(axis=0).tolist()
    assert highest.tolist() == x.max(axis=0).tolist()


def test_equal_values_have_their_value_as_mean_and_no_spread() -> None:
    x = column(*[0.1] * 7)
    assert statistics.mean(x).tolist() == [0.1]
    assert statistics.standard_deviation(x).tolist() == [0]
    assert np.isnan(statistics.skewness(x)).all()
    assert np.isnan(statistics.kurtosis(x)).all()


def test_skewness_and_kurtosis_published() -> None:
    # the example of the documentation of SKEW and KURT in spreadsheets: 0.359543071 and -0.151799637
    x = column(3, 4, 5, 2, 3, 4, 5, 6, 4, 7, NAN)
    assert statistics.skewness(x)[0] == pytest.approx(0.359543071406797, rel=1e-13)
    assert statistics.kurtosis(x)[0] == pytest.approx(-0.151799637208416, rel=1e-12)


def test_skewness_and_kurtosis_by_hand() -> None:
    # 0, 0, 0, 4: deviations -1, -1, -1, 3; sums of powers 12, 24, 84
    x = column(0, 0, 0, 4)
    assert statistics.skewness(x)[0] == pytest.approx(2, rel=1e-14)
    assert statistics.kurtosis(x)[0] == pytest.approx(4, rel=1e-14)


def test_skewness_and_kurtosis_want_enough_values() -> None:
    assert np.isnan(statistics.skewness(column(1, 2, NAN))).all()
    assert np.isnan(statistics.kurtosis(column(1, 2, 4, NAN))).all()
    assert not np.isnan(statistics.skewness(column(1, 2, 4, NAN))).any()


def test_fourth_powers_do_not_overflow() -> None:
    x = column(0, 0, 0, 4)
    assert statistics.kurtosis(x * 1e150)[0] == pytest.approx(4, rel=1e-12)
    assert statistics.kurtosis(x * 1e-150)[0] == pytest.approx(4, rel=1e-12)


def test_statistics_of_nobody() -> None:
    x = np.empty((0, 2))
    for name in ALL:
        assert np.isnan(getattr(statistics, name)(x)).tolist() == [True, True]
