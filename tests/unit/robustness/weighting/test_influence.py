"""Benefit of the doubt, balance, effective weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import bits
from tests.unit.robustness.weighting.tables import code_of
from tongkao.robustness import weighting as w

NAN = float("nan")

# --- benefit of the doubt -----------------------------------------------------------------------------------------------------


def test_doubt_by_hand() -> None:
    # (4, 1) and (1, 4) are the frontier, with (3, 3); (2, 2) reaches 2/3 of (3, 3); (4, 0.5) equals (4, 1) on the first
    found = w.benefit_of_the_doubt([[4, 1], [1, 4], [3, 3], [2, 2], [4, 0.5]])
    np.testing.assert_allclose(found.scores, [1, 1, 1, 2 / 3, 1], atol=1e-9)
    np.testing.assert_allclose(found.shares.sum(axis=1), 1, atol=1e-8)
    np.testing.assert_allclose(found.shares[4], [1, 0], atol=1e-8)
    assert found.mean_shares.sum() == pytest.approx(1)


def test_doubt_with_fixed_shares_by_hand() -> None:
    # half of the score s from each: w = (s/2)/y. For (2, 2) the peer (4, 1) allows s/2 · (4/2 + 1/2) ≤ 1, so s = 0.8; for (4, 1)
    # the peer (2, 2) allows s/2 · (2/4 + 2/1) ≤ 1, so again 0.8: under their own weights each is beaten by the other
    found = w.benefit_of_the_doubt([[4, 1], [2, 2]], lowest=0.5, highest=[0.5, 0.5])
    np.testing.assert_allclose(found.scores, [0.8, 0.8], atol=1e-9)
    np.testing.assert_allclose(found.shares, 0.5, atol=1e-8)
    np.testing.assert_allclose(found.weights[1], [0.2, 0.2], atol=1e-8)


@settings(max_examples=12)
@given(
    y=st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=2, max_size=5),
    factor=st.lists(st.sampled_from([0.01, 1.0, 1000.0]), min_size=3, max_size=3),
    lowest=st.sampled_from([0.0, 0.1, 0.3]),
)
def test_doubt_is_fair(y: list[list[int]], factor: list[float], lowest: float) -> None:
    rates = np.array(y, dtype=np.float64)
    found = w.benefit_of_the_doubt(rates, lowest=lowest)
    assert found.scores.max() == 1 or lowest > 0
    assert (found.scores > 0).all()
    # nobody exceeds 1 under anybody's weights, and no other weights that keep the bounds do better by equal shares
    assert (found.weights @ rates.T <= 1 + 1e-7).all()
    assert (found.shares >= lowest - 1e-7).all()
    for unit, own in enumerate(rates):
        assert found.scores[unit] >= 3 / (rates / own).sum(axis=1).max() - 1e-7
    # unit of measure and order do not matter
    np.testing.assert_allclose(w.benefit_of_the_doubt(rates * factor, lowest=lowest).scores, found.scores, atol=1e-7)
    np.testing.assert_allclose(w.benefit_of_the_doubt(rates[::-1], lowest=lowest).scores[::-1], found.scores, atol=1e-8)


def test_doubt_of_a_unit_without_what_it_must_have() -> None:
    found = w.benefit_of_the_doubt([[4, 0], [2, 2]], lowest=[0, 0.2])
    assert found.scores.tolist() == [0, 1]
    assert found.shares[0].tolist() == [0, 0]


def test_doubt_refuses() -> None:
    assert code_of(lambda: w.benefit_of_the_doubt([[1, -1], [1, 1]])) == "robustness.negative: [2]"
    assert code_of(lambda: w.benefit_of_the_doubt([[1, NAN]])) == "robustness.not_finite: [2]"
    assert code_of(lambda: w.benefit_of_the_doubt([[0, 0]])) == "robustness.no_spread: "
    assert code_of(lambda: w.benefit_of_the_doubt(np.empty((0, 2)))) == "robustness.too_few_units: "
    for bounds in ({"lowest": 0.6}, {"highest": 0.4}, {"lowest": [0.5, 0.1], "highest": [0.4, 1]}, {"highest": 1.5}):
        assert code_of(lambda bounds=bounds: w.benefit_of_the_doubt([[1, 2]], **bounds)) == "robustness.bad_shares: "  # type: ignore[misc]
    assert code_of(lambda: w.benefit_of_the_doubt([[1, 2]], lowest=[0.1])) == "robustness.shape: "


# --- balance ------------------------------------------------------------------------------------------------------------------


def sample(n: int = 400) -> np.ndarray:
    """Three indicators, two of which say much the same and one of which varies little."""
    random = np.random.default_rng(11)
    first = random.normal(50, 10, n)
    return np.column_stack([first, first + random.normal(0, 5, n), random.normal(50, 4, n)])


def test_influence_of_uncorrelated_indicators_by_hand() -> None:
    # variances 1 and 4 and no correlation: weights 1/2 each give the influences 1/5 and 4/5
    x = np.array([[1.0, 2.0], [1.0, -2.0], [-1.0, 2.0], [-1.0, -2.0]])
    np.testing.assert_allclose(w.influences(x, [1, 1]), [0.2, 0.8], rtol=1e-12)
    np.testing.assert_allclose(w.influences(x, [1, 1], measure="main_effect", groups=2), [0.2, 0.8], rtol=1e-12)
    found = w.balance(x)
    np.testing.assert_allclose(found.weights, [2 / 3, 1 / 3], atol=1e-6)
    np.testing.assert_allclose(w.balance(x, target=[1, 3]).weights, [2 / (2 + 3**0.5), 3**0.5 / (2 + 3**0.5)], atol=1e-6)
    assert found.is_reached


def test_the_main_effect_sees_a_curve_that_a_line_does_not() -> None:
    # the second indicator is the square of the first: the composite depends on the first, not along a line
    first = np.linspace(-1, 1, 201)
    x = np.column_stack([first, first**2])
    straight = w.influences(x, [0, 1])
    curved = w.influences(x, [0, 1], measure="main_effect", groups=20)
    assert straight[0] == pytest.approx(0, abs=1e-12)
    assert curved[0] > 0.95


@pytest.mark.parametrize("measure", ["squared_correlation", "main_effect"])
@pytest.mark.parametrize("target", [None, [0.4, 0.35, 0.25]])
def test_balance_reaches_what_is_asked_for(measure: Any, target: list[float] | None) -> None:
    x = sample()
    found = w.balance(x, target=target, measure=measure)
    assert found.is_reached
    reached = w.influences(x, found.weights, measure=measure)
    np.testing.assert_allclose(reached / reached.sum(), target or [1 / 3] * 3, atol=2e-6)
    assert found.weights.sum() == pytest.approx(1)
    # equal weights would be far from it
    equal = w.influences(x, [1, 1, 1], measure=measure)
    assert np.abs(equal / equal.sum() - found.target).max() > 0.1
    assert bits(w.balance(x, target=target, measure=measure).weights) == bits(found.weights)


def test_balance_says_when_it_cannot_be_had() -> None:
    # a total in which the first indicator has all the influence does not exist where the second is nearly the same
    x = sample()[:, :2]
    found = w.balance(x, target=[1, 0])
    assert not found.is_reached
    assert found.largest_gap > 0.3


def test_balance_refuses() -> None:
    assert code_of(lambda: w.balance([[1, 2], [1, 3]])) == "robustness.no_spread: "
    assert code_of(lambda: w.balance([[1, 2], [NAN, 3]])) == "robustness.not_finite: [1]"
    assert code_of(lambda: w.balance([[1, 2], [2, 3]], target=[0, 0])) == "robustness.zero_weights: the target"
    assert code_of(lambda: w.balance([[1, 2], [2, 3]], measure="rank")) == "robustness.bad_setting: "  # type: ignore[arg-type]
    assert code_of(lambda: w.balance([[1, 2], [2, 3]], groups=1)) == "robustness.bad_setting: "
    assert code_of(lambda: w.influences([[1, 2], [2, 1]], [1, 1])) == "robustness.no_spread: "


# --- effective weights --------------------------------------------------------------------------------------------------------

#: two papers (3 : 1); below the first a, b, c (1 : 1 : 2), below the second d
PARENTS = [-1, -1, 0, 0, 0, 1]
WEIGHTS = [3, 1, 1, 1, 2, 7]


def test_effective_weights_by_hand() -> None:
    found = w.effective_weights(PARENTS, WEIGHTS)
    np.testing.assert_allclose(found, [0.75, 0.25, 0.1875, 0.1875, 0.375, 0.25], rtol=1e-15)
    # children may come before their parents
    np.testing.assert_allclose(w.effective_weights([1, -1, 1], [1, 5, 3]), [0.25, 1, 0.75], rtol=1e-15)


def test_weights_within_undoes_effective_weights() -> None:
    effective = w.effective_weights(PARENTS, WEIGHTS)
    np.testing.assert_allclose(w.weights_within(PARENTS, effective), [0.75, 0.25, 0.25, 0.25, 0.5, 1], rtol=1e-15)
    np.testing.assert_allclose(w.weights_within(PARENTS, [9, 9, 2, 2, 0, 0]), [1, 0, 0.5, 0.5, 0, 0], rtol=1e-15)


@given(
    parents=st.lists(st.integers(0, 5), min_size=1, max_size=12),
    weights=st.lists(st.integers(1, 9), min_size=13, max_size=13),
)
def test_leaves_add_to_one_whatever_the_tree(parents: list[int], weights: list[int]) -> None:
    parent = np.array([-1, *[min(above, place) for place, above in enumerate(parents)]])
    effective = w.effective_weights(parent, weights[: len(parent)])
    leaves = ~np.isin(np.arange(len(parent)), parent)
    assert effective[leaves].sum() == pytest.approx(1)
    back = w.effective_weights(parent, w.weights_within(parent, effective))
    np.testing.assert_allclose(back, effective, rtol=1e-12)


def test_trees_that_are_none_are_refused_and_an_empty_group_is_named() -> None:
    names = ["development", "satisfaction", "a", "b", "c", "d"]
    assert (
        code_of(lambda: w.effective_weights(PARENTS, [3, 1, 0, 0, 0, 7], names=names)) == "robustness.zero_weights: development"
    )
    assert code_of(lambda: w.effective_weights(PARENTS, [3, 1, 0, 0, 0, 7])) == "robustness.zero_weights: node 1"
    assert code_of(lambda: w.effective_weights(PARENTS, [0, 0, 1, 1, 1, 7])) == "robustness.zero_weights: the total"
    assert code_of(lambda: w.effective_weights([1, 0, -1], [1, 1, 1])) == "robustness.bad_tree: [1, 2]"
    assert code_of(lambda: w.effective_weights([-1, 1], [1, 1])) == "robustness.bad_tree: [2]"
    assert code_of(lambda: w.effective_weights([-1, 7], [1, 1])) == "robustness.bad_tree: [2]"
    assert code_of(lambda: w.effective_weights([-1, -1], [1, -1])) == "robustness.bad_weights: [2]"
    assert code_of(lambda: w.effective_weights([-1, -1], [1])) == "robustness.shape: "
    assert code_of(lambda: w.effective_weights([], [])) == "robustness.shape: "


def test_change_by_hand() -> None:
    # totals 60, 56, 50 under 1 : 1 and 52, 60, 50 under 1 : 3
    found = w.change([[76, 44], [48, 64], [50, 50]], [1, 1], [1, 3])
    np.testing.assert_allclose(found.weights, [0.25, 0.75], rtol=1e-15)
    np.testing.assert_allclose(found.weight_change, [-0.25, 0.25], rtol=1e-15)
    np.testing.assert_allclose(found.totals, [52, 60, 50], rtol=1e-15)
    assert found.ranks.tolist() == [2, 1, 3]
    assert found.rank_change.tolist() == [-1, 1, 0]
    assert (found.mean_rank_change, found.moved) == (pytest.approx(2 / 3), 2)


def test_change_to_the_same_weights_is_none() -> None:
    found = w.change([[1, 2], [2, 1], [1.5, 1.5]], [2, 2], [7, 7])
    assert found.ranks.tolist() == [1, 1, 1]
    assert (found.mean_rank_change, found.moved) == (0.0, 0)
