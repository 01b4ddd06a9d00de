from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN, bits, frozen
from tongkao.engine.kernels import BoolArray, FloatArray, copeland_net, copeland_rate, outranking


def by_definition(rates: FloatArray, shares: FloatArray, counted: BoolArray) -> list[float]:
    """Net wins, two units at a time."""
    shares = np.broadcast_to(shares, rates.shape)
    here = ~np.isnan(rates) & (shares > 0)
    weight = np.where(here, shares, 0) / np.maximum(np.where(here, shares, 0).sum(axis=1, keepdims=True), 1e-300)
    net = []
    for a in range(len(rates)):
        if not here[a].any():
            net.append(NAN)
            continue
        wins = 0
        for b in range(len(rates)):
            common = here[a] & here[b]
            if a == b or not counted[b] or not common.any():
                continue
            pair = (weight[a] + weight[b])[common]
            higher, equal = rates[a][common] > rates[b][common], rates[a][common] == rates[b][common]
            share = (pair * higher).sum() / pair.sum() + (pair * equal).sum() / pair.sum() / 2
            wins += int(share > 0.5 + 1e-12) - int(share < 0.5 - 1e-12)
        net.append(wins)
    return net


@st.composite
def matrices(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, BoolArray]:
    n, k = draw(st.integers(1, 7)), draw(st.integers(1, 10))
    cell = st.one_of(st.integers(0, 5).map(float), st.just(NAN)) if draw(st.booleans()) else st.integers(0, 5).map(float)
    rates = np.array(draw(st.lists(st.lists(cell, min_size=k, max_size=k), min_size=n, max_size=n)))
    rows = 1 if draw(st.booleans()) else n
    share = st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.25])
    shares = np.array(draw(st.lists(st.lists(share, min_size=k, max_size=k), min_size=rows, max_size=rows)))
    return (
        frozen(rates),
        frozen(shares[0].copy() if rows == 1 else shares),
        np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))),
    )


@given(matrix=matrices(), block=st.sampled_from([1, 2, 512]))
def test_net_wins_agree_with_the_definition(matrix: tuple[FloatArray, FloatArray, BoolArray], block: int) -> None:
    before, outranking.BLOCK = outranking.BLOCK, block
    try:
        np.testing.assert_array_equal(copeland_net(*matrix), by_definition(*matrix))
    finally:
        outranking.BLOCK = before


@given(matrix=matrices(), seed=st.integers(0, 9))
def test_order_of_units_never_matters(matrix: tuple[FloatArray, FloatArray, BoolArray], seed: int) -> None:
    rates, shares, counted = matrix
    order = np.random.default_rng(seed).permutation(len(rates))
    own = shares[order] if shares.ndim == 2 else shares
    assert bits(copeland_rate(rates[order], own, counted[order])) == bits(copeland_rate(rates, shares, counted)[order])


def test_copeland_by_hand() -> None:
    # a beats b on 0.6, both beat c on 1
    rates = np.array([[90.0, 60.0], [80.0, 70.0], [70.0, 55.0], [NAN, NAN]])
    shares, everyone = np.array([0.6, 0.4]), np.ones(4, dtype=bool)
    np.testing.assert_array_equal(copeland_net(rates, shares, everyone), [2, 0, -2, NAN])
    np.testing.assert_array_equal(copeland_rate(rates, shares, everyone), [100, 50, 0, NAN])


def test_gaps_do_not_make_the_result_depend_on_the_order() -> None:
    rates = np.array([[1.0, NAN, 3.0], [2.0, 2.0, NAN], [NAN, 1.0, 2.0], [3.0, 3.0, 1.0]])
    shares, everyone = np.array([0.5, 0.3, 0.2]), np.ones(4, dtype=bool)
    net = copeland_net(rates, shares, everyone)
    assert net.tolist() == [-1, 1, -3, 3]
    assert copeland_net(rates[::-1], shares, everyone).tolist() == net[::-1].tolist()


def test_weights_that_halve_exactly_are_a_draw() -> None:
    # 0.1 + 0.2 + 0.2 against 0.5: sums of doubles miss one half
    rates = np.array([[2.0, 2.0, 2.0, 1.0], [1.0, 1.0, 1.0, 2.0]])
    assert copeland_net(rates, np.array([0.1, 0.2, 0.2, 0.5]), np.ones(2, dtype=bool)).tolist() == [0, 0]


def test_rates_that_differ_by_noise_are_equal() -> None:
    rates = np.array([[30.0], [100 * (0.1 + 0.2)]])
    assert copeland_net(rates, np.array([1.0]), np.ones(2, dtype=bool)).tolist() == [0, 0]
    assert copeland_net(rates, np.array([1.0]), np.ones(2, dtype=bool), tolerance=0.0).tolist() == [-1, 1]


def test_units_that_do_not_count_change_nobody_else_and_stay_within_the_scale() -> None:
    rates = np.array([[90.0], [80.0], [70.0], [95.0], [85.0]])
    counted = np.array([True, True, True, False, False])
    assert copeland_net(rates, np.array([1.0]), counted).tolist() == [2, 0, -2, 3, 1]
    assert copeland_rate(rates, np.array([1.0]), counted).tolist() == [100, 50, 0, 100, 75]


@pytest.mark.parametrize("counted", [True, False])
def test_a_single_unit_gets_the_middle(counted: bool) -> None:
    assert copeland_rate(np.array([[70.0]]), np.array([1.0]), np.array([counted])).tolist() == [50]


def test_large_numbers_of_units_and_indicators_agree_with_the_definition() -> None:
    random = np.random.default_rng(4)
    rates = random.integers(0, 50, size=(60, 37)).astype(np.float64)
    rates[random.random(rates.shape) < 0.1] = NAN
    shares, counted = random.random((60, 37)), random.random(60) < 0.9
    np.testing.assert_array_equal(copeland_net(rates, shares, counted), by_definition(rates, shares, counted))
