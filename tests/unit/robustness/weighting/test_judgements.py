"""AHP, budget allocation, PCA."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import bits
from tests.unit.robustness.weighting.tables import code_of
from tongkao.engine.kernels import FloatArray
from tongkao.robustness import weighting as w

NAN = float("nan")


def judgements(weights: list[float]) -> FloatArray:
    """The consistent matrix of these weights."""
    return np.divide.outer(np.array(weights), np.array(weights))


# --- AHP ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["eigenvector", "geometric_mean"])
def test_consistent_judgements_give_their_weights(method: Any) -> None:
    found = w.ahp(judgements([6, 3, 2, 1]), method=method)
    np.testing.assert_allclose(found.weights, [0.5, 0.25, 1 / 6, 1 / 12], rtol=1e-14)
    assert found.lambda_max == pytest.approx(4, abs=1e-13)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-13)
    assert found.is_consistent


def test_inconsistent_judgements_by_hand() -> None:
    # A over B 2, B over C 2, but C over A 1: λ of a 3 × 3 matrix is 1 + t + 1/t with t³ = a12·a23/a13 = 4
    found = w.ahp([[1, 2, 1], [0.5, 1, 2], [1, 0.5, 1]])
    t = 4 ** (1 / 3)
    assert found.lambda_max == pytest.approx(1 + t + 1 / t, rel=1e-14)
    assert found.consistency_index == pytest.approx((t + 1 / t - 2) / 2, rel=1e-13)
    assert found.random_index == 0.58
    assert found.consistency_ratio == pytest.approx((t + 1 / t - 2) / 2 / 0.58, rel=1e-13)
    assert not found.is_consistent
    # for three indicators eigenvector and geometric mean agree
    np.testing.assert_allclose(
        found.weights, np.array([2, 1, 0.5]) ** (1 / 3) / sum([2 ** (1 / 3), 1, 0.5 ** (1 / 3)]), rtol=1e-14
    )
    other = w.ahp([[1, 2, 1], [0.5, 1, 2], [1, 0.5, 1]], random_index="alonso_lamata_2006")
    assert other.random_index == 0.5245
    assert other.table == "alonso_lamata_2006"


@given(
    upper=st.lists(st.sampled_from([1 / 9, 1 / 5, 1 / 3, 0.5, 1.0, 2.0, 3.0, 5.0, 9.0]), min_size=10, max_size=10),
    seed=st.integers(0, 9),
)
def test_weights_are_the_principal_eigenvector_in_any_order(upper: list[float], seed: int) -> None:
    a = np.eye(5)
    a[np.triu_indices(5, 1)] = upper
    a = np.triu(a) + np.tril(1 / np.where(a.T == 0, 1, a.T), -1)
    found = w.ahp(a)
    np.testing.assert_allclose(a @ found.weights, found.lambda_max * found.weights, rtol=1e-12)
    assert found.lambda_max >= 5 - 1e-12
    order = np.random.default_rng(seed).permutation(5)
    np.testing.assert_allclose(w.ahp(a[np.ix_(order, order)]).weights, found.weights[order], rtol=1e-13)


def test_a_mirrored_cell_may_be_left_out() -> None:
    full = w.ahp([[1, 4, 2], [0.25, 1, 0.5], [0.5, 2, 1]])
    gaps = w.ahp([[NAN, 4, NAN], [NAN, 1, 0.5], [0.5, NAN, 1]])
    assert bits(gaps.weights) == bits(full.weights)


@pytest.mark.parametrize("m", [1, 2])
def test_below_three_indicators_judgements_are_always_consistent(m: int) -> None:
    found = w.ahp(judgements([3.0, 1.0][:m]))
    assert (found.consistency_index, found.random_index, found.consistency_ratio) == (0.0, 0.0, 0.0)
    np.testing.assert_allclose(found.weights, [[1.0], [0.75, 0.25]][m - 1], rtol=1e-15)


@pytest.mark.parametrize("table", sorted(w.RANDOM_INDEX))
def test_above_fifteen_indicators_there_is_no_ratio(table: Any) -> None:
    assert len(w.RANDOM_INDEX[table]) == 15
    assert w.ahp(np.ones((15, 15)), random_index=table).random_index == w.RANDOM_INDEX[table][-1]
    found = w.ahp(np.ones((16, 16)), random_index=table)
    assert (found.random_index, found.consistency_ratio, found.is_consistent) == (None, None, None)
    np.testing.assert_allclose(found.weights, np.full(16, 1 / 16), rtol=1e-15)


def test_saaty_table() -> None:
    assert w.RANDOM_INDEX["saaty_1980"] == (0, 0, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


def test_unfit_judgements_are_refused() -> None:
    assert code_of(lambda: w.ahp([[1, 2], [0.4, 1]])) == "robustness.not_reciprocal: (1, 2)"
    assert code_of(lambda: w.ahp([[2, 2], [0.5, 1]])) == "robustness.not_reciprocal: (1, 1)"
    assert code_of(lambda: w.ahp([[1, -2], [-0.5, 1]])) == "robustness.bad_judgement: (1, 2), (2, 1)"
    assert code_of(lambda: w.ahp([[1, 0], [NAN, 1]])) == "robustness.bad_judgement: (1, 2), (2, 1)"
    assert code_of(lambda: w.ahp([[1, NAN], [NAN, 1]])) == "robustness.bad_judgement: (1, 2), (2, 1)"
    assert code_of(lambda: w.ahp([[1, np.inf], [0, 1]])) == "robustness.bad_judgement: (1, 2), (2, 1)"
    assert code_of(lambda: w.ahp([[1, 2, 3], [0.5, 1, 2]])) == "robustness.not_square: "
    assert code_of(lambda: w.ahp([[1]], method="mean")) == "robustness.bad_setting: "  # type: ignore[arg-type]
    assert code_of(lambda: w.ahp([[1]], random_index="own")) == "robustness.bad_setting: "  # type: ignore[arg-type]


def test_a_group_is_the_geometric_mean_of_its_experts() -> None:
    found = w.group_judgements([judgements([4, 1]), judgements([1, 1])])
    np.testing.assert_allclose(found, [[1, 2], [0.5, 1]], rtol=1e-15)
    weighted = w.group_judgements([judgements([16, 1]), judgements([1, 1])], experts=[3, 1])
    np.testing.assert_allclose(weighted, [[1, 8], [1 / 8, 1]], rtol=1e-14)
    three = [judgements([4, 1, 7]), judgements([1, 3, 2]), judgements([5, 2, 2])]
    assert bits(w.group_judgements(three)) == bits(w.group_judgements(three[::-1]))
    assert code_of(lambda: w.group_judgements(three, experts=[0, 0, 0])) == "robustness.zero_weights: the experts"
    assert code_of(lambda: w.group_judgements(three[0])) == "robustness.shape: "
    assert code_of(lambda: w.group_judgements([[[1, 2], [2, 1]]])) == "robustness.not_reciprocal: (1, 2)"


# --- budget -------------------------------------------------------------------------------------------------------------------


def test_budget_by_hand() -> None:
    found = w.budget([[50, 30, 20], [30, 30, 40]])
    np.testing.assert_allclose(found.weights, [0.4, 0.3, 0.3], rtol=1e-15)
    np.testing.assert_allclose(found.lowest, [0.3, 0.3, 0.2], rtol=1e-15)
    np.testing.assert_allclose(found.highest, [0.5, 0.3, 0.4], rtol=1e-15)
    assert found.spread is not None
    np.testing.assert_allclose(found.spread, [0.02**0.5, 0, 0.02**0.5], rtol=1e-14)
    np.testing.assert_allclose(w.budget([[50, 30, 20], [30, 30, 40]], experts=[3, 1]).weights, [0.45, 0.3, 0.25], rtol=1e-15)
    single = w.budget([[6, 4]], total=10)
    assert single.weights.tolist() == [0.6, 0.4]
    assert single.spread is None


def test_budget_refuses_what_does_not_add_up() -> None:
    assert code_of(lambda: w.budget([[50, 50], [50, 49], [70, 31]])) == "robustness.bad_budget: [2, 3]"
    assert code_of(lambda: w.budget([[50, 50], [110, -10]])) == "robustness.bad_points: [2]"
    assert code_of(lambda: w.budget([[50, NAN]])) == "robustness.bad_points: [1]"
    assert code_of(lambda: w.budget([[]])) == "robustness.shape: "
    assert code_of(lambda: w.budget([[1, 0]], total=0)) == "robustness.bad_setting: "
    # thirds written with all digits of a double add to the total
    np.testing.assert_allclose(w.budget([[100 / 3, 100 / 3, 100 / 3]]).weights, [1 / 3] * 3, rtol=1e-15)


# --- PCA ----------------------------------------------------------------------------------------------------------------------


def test_pca_of_two_indicators_by_hand() -> None:
    # r = 0.5: the first component is (1, 1)/√2 and explains (1 + 0.5)/2
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    loadings, explained = w.first_component(x, [1, 1])
    np.testing.assert_allclose(loadings, [0.5**0.5] * 2, atol=1e-11)
    assert explained == pytest.approx(0.75, abs=1e-11)
    np.testing.assert_allclose(w.pca(x, [1, 1]), [0.5, 0.5], atol=1e-11)
    np.testing.assert_allclose(w.pca(x, [1, 1], loadings="plain"), [0.5, 0.5], atol=1e-11)


def test_pca_directs_the_indicators_and_refuses_negative_loadings() -> None:
    x = np.array([[1.0, 9.0, 2.0], [2.0, 7.0, 1.0], [3.0, 4.0, 4.0], [4.0, 3.0, 3.0]])
    assert code_of(lambda: w.pca(x, [1, 1, 1], loadings="plain")) == "robustness.negative_loading: [2]"
    np.testing.assert_allclose(w.pca(x, [1, 1, 1]), w.pca(x, [1, -1, 1]), atol=1e-12)
    assert (w.pca(x, [1, -1, 1], loadings="plain") > 0).all()
    z = x * [1, -1, 1]
    size, vectors = np.linalg.eigh(np.corrcoef(z.T))
    loadings, explained = w.first_component(x, [1, -1, 1])
    np.testing.assert_allclose(loadings, np.abs(vectors[:, -1]), atol=1e-11)
    assert explained == pytest.approx(size[-1] / 3, abs=1e-11)
    assert code_of(lambda: w.pca(x, [1, 1, 1], loadings="rotated")) == "robustness.bad_setting: "  # type: ignore[arg-type]
