from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN, bits, frozen
from tongkao.engine.kernels import (
    FloatArray,
    IntArray,
    arithmetic,
    geometric,
    harmonic,
    minimum,
    power,
    weighted_median,
)

Mean = Callable[[FloatArray, FloatArray, IntArray], FloatArray]
MEANS: dict[str, Mean] = {
    "minimum": minimum,
    "power -2": lambda rates, shares, starts: power(rates, shares, starts, p=-2.0),
    "harmonic": harmonic,
    "geometric": geometric,
    "arithmetic": arithmetic,
    "power 3": lambda rates, shares, starts: power(rates, shares, starts, p=3.0),
    "median": weighted_median,
}
ONE = np.array([0])


@st.composite
def trees(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, IntArray]:
    n, width = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    cells = st.lists(st.integers(1, 1000).map(lambda m: m / 10), min_size=width, max_size=width)
    rates = np.array(draw(st.lists(cells, min_size=n, max_size=n)))
    shares = np.array(draw(st.lists(st.lists(st.integers(0, 4), min_size=width, max_size=width), min_size=n, max_size=n))) * 1.0
    inner = draw(st.sets(st.integers(1, max(1, width - 1)), max_size=3)) if width > 1 else set()
    rates[shares == 0] = NAN
    return frozen(rates), frozen(shares), np.array(sorted({0, *inner}))


@pytest.mark.parametrize("name", MEANS)
@given(tree=trees())
def test_a_mean_lies_between_its_children_and_absent_ones_do_not_matter(
    name: str, tree: tuple[FloatArray, FloatArray, IntArray]
) -> None:
    rates, shares, starts = tree
    nodes = MEANS[name](rates, shares, starts)
    stops = [*starts[1:], rates.shape[1]]
    for row in range(rates.shape[0]):
        for node, (start, stop) in enumerate(zip(starts, stops, strict=True)):
            here = shares[row, start:stop] > 0
            children = rates[row, start:stop][here]
            if not here.any():
                assert np.isnan(nodes[row, node])
                continue
            assert children.min() - 1e-9 <= nodes[row, node] <= children.max() + 1e-9
            alone = MEANS[name](children[None], shares[row, start:stop][here][None], ONE)
            assert nodes[row, node] == pytest.approx(alone[0, 0], rel=1e-12)


@given(tree=trees())
def test_power_means_grow_with_the_exponent(tree: tuple[FloatArray, FloatArray, IntArray]) -> None:
    rates, shares, starts = tree
    last = minimum(rates, shares, starts)
    for p in (-50.0, -1.0, 0.0, 0.5, 1.0, 2.0, 50.0):
        mean = power(rates, shares, starts, p=p)
        assert (np.nan_to_num(mean - last) >= -1e-9).all()
        last = mean


@pytest.mark.parametrize("name", MEANS)
@given(tree=trees(), seed=st.integers(0, 9))
def test_units_are_alone_bit_for_bit(name: str, tree: tuple[FloatArray, FloatArray, IntArray], seed: int) -> None:
    rates, shares, starts = tree
    order = np.random.default_rng(seed).permutation(rates.shape[0])
    mean = MEANS[name]
    assert bits(mean(rates[order], shares[order], starts)) == bits(mean(rates, shares, starts)[order])


def test_means_by_hand() -> None:
    rates, shares = np.array([[2.0, 8.0, 90.0, 60.0]]), np.array([1.0, 1.0, 3.0, 1.0])
    starts = np.array([0, 2])
    assert arithmetic(rates, shares, starts).tolist() == [[5, 82.5]]
    np.testing.assert_allclose(geometric(rates, shares, starts), [[4, (90**3 * 60) ** 0.25]], rtol=1e-14)
    np.testing.assert_allclose(harmonic(rates, shares, starts), [[3.2, 80]], rtol=1e-14)
    np.testing.assert_allclose(power(rates, shares, starts, p=2.0), [[34**0.5, 6975**0.5]], rtol=1e-14)
    assert minimum(rates, shares, starts).tolist() == [[2, 60]]
    assert weighted_median(rates, shares, starts).tolist() == [[5, 90]]


def test_arithmetic_published_weights_and_missing_part() -> None:
    # F22: 81.7075; F17: weights 20/30/25/25, scores 92, 85, 78, the fourth leaves: 84.53
    weights = np.array([29.3, 16.5, 19.3, 16.5, 9.2, 9.2])
    assert arithmetic(np.array([[84.2, 87.1, 82.7, 69.9, 85.6, 79.3]]), weights, ONE)[0, 0] == pytest.approx(81.7075, rel=1e-14)
    left = arithmetic(np.array([[92.0, 85, 78, NAN]]), np.array([[20.0, 30, 25, 0]]), ONE)
    assert round(left[0, 0], 2) == 84.53


def test_geometric_published_human_development_index() -> None:
    # Switzerland 2021: health, education and income index from the published inputs -> 0.962
    rate = geometric(np.array([[98.44184615, 92.03303231, 98.28104731]]), np.ones(3), ONE)[0, 0]
    assert round(rate / 100, 3) == 0.962


def test_a_share_of_zero_lets_a_child_leave_for_all_units() -> None:
    rates, shares = np.array([[NAN, 80.0, 40.0]]), np.array([0.0, 1.0, 1.0])
    assert arithmetic(rates, shares, ONE).tolist() == [[60]]
    assert minimum(rates, shares, ONE).tolist() == [[40]]
    assert weighted_median(rates, shares, ONE).tolist() == [[60]]
    assert power(rates, shares, ONE, p=1.0).tolist() == [[60]]
    assert power(rates, shares, ONE, p=0.0)[0, 0] == pytest.approx(3200**0.5)


@pytest.mark.parametrize("name", MEANS)
def test_a_gap_that_counts_makes_the_node_missing(name: str) -> None:
    rates = np.array([[50.0, NAN]])
    assert np.isnan(MEANS[name](rates, np.array([1.0, 1.0]), ONE)).all()


@pytest.mark.parametrize("name", ["harmonic", "geometric", "power -2"])
@pytest.mark.parametrize("rate", [0.0, -1.0])
def test_means_that_want_rates_above_zero_have_no_answer(name: str, rate: float) -> None:
    assert np.isnan(MEANS[name](np.array([[50.0, rate]]), np.array([1.0, 1.0]), ONE)).all()
    assert not np.isnan(MEANS[name](np.array([[50.0, rate]]), np.array([1.0, 0.0]), ONE)).any()


def test_power_means_of_zeros_and_negative_rates() -> None:
    assert power(np.array([[0.0, 0.0]]), np.ones(2), ONE, p=2.0).tolist() == [[0]]
    assert power(np.array([[0.0, 10.0]]), np.ones(2), ONE, p=2.0)[0, 0] == pytest.approx(50**0.5)
    assert np.isnan(power(np.array([[-1.0, 10.0]]), np.ones(2), ONE, p=2.0)).all()
    assert power(np.array([[-10.0, 30.0]]), np.ones(2), ONE, p=1.0).tolist() == [[10]]
    assert power(np.array([[1.0, 100.0]]), np.ones(2), ONE, p=500.0)[0, 0] == pytest.approx(100 * 0.5 ** (1 / 500))


def test_weighted_median_is_the_ordinary_median_with_equal_shares() -> None:
    rates = np.random.default_rng(0).normal(50, 10, size=(20, 9))
    expected = np.column_stack([np.median(rates[:, :4], axis=1), np.median(rates[:, 4:], axis=1)])
    np.testing.assert_allclose(weighted_median(rates, np.full(9, 0.1), np.array([0, 4])), expected, rtol=1e-14)


def test_weighted_median_at_exactly_one_half() -> None:
    # 0.1 + 0.4 is one half although the sum of doubles may miss it
    rates = np.array([[10.0, 20.0, 30.0]])
    assert weighted_median(rates, np.array([0.1, 0.4, 0.5]), ONE).tolist() == [[25]]
    assert weighted_median(rates, np.array([0.1, 0.5, 0.4]), ONE).tolist() == [[20]]


def test_many_units_in_blocks_are_the_same_as_one_by_one() -> None:
    random = np.random.default_rng(2)
    rates, shares = random.normal(50, 10, size=(2_000, 50)), random.random((2_000, 50))
    starts = np.array([0, 10, 11, 30])
    nodes = arithmetic(rates, shares, starts)
    for row in (0, 1_310, 1_999):
        assert nodes[row].tolist() == arithmetic(rates[row : row + 1], shares[row], starts)[0].tolist()
