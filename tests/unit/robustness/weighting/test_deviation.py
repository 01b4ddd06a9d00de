from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import bits
from tests.unit.robustness.weighting.tables import code_of, tables
from tongkao.engine.kernels import FloatArray
from tongkao.robustness import weighting as w
from tongkao.robustness.weighting import sums

NAN = float("nan")


def cross_products(x: FloatArray) -> FloatArray:
    return sums.cross_products(x, x.min(axis=0), x.max(axis=0))


Method = Callable[[FloatArray, FloatArray], FloatArray]
METHODS: dict[str, Method] = {
    "standard_deviation": lambda x, _: w.standard_deviation(x),
    "standard_deviation_raw": lambda x, _: w.standard_deviation(x, normalise=False),
    "variance": lambda x, _: w.variance(x),
    "entropy": lambda x, _: w.entropy(x),
    "critic": w.critic,
    "critic_spearman": lambda x, s: w.critic(x, s, correlation="spearman"),
    "merec": w.merec,
    "pca": w.pca,
}
EVERY = pytest.mark.parametrize("name", sorted(METHODS))


def weights_or_none(name: str, x: FloatArray, sign: FloatArray) -> FloatArray | None:
    """The weights; None where the indicators do not conflict and CRITIC says so."""
    try:
        return METHODS[name](x, sign)
    except w.AnalysisError as error:
        if error.problems[0].code != "robustness.no_spread":
            raise
        return None


# --- by hand ------------------------------------------------------------------------------------------------------------------


def test_equal() -> None:
    assert w.equal(4).tolist() == [0.25] * 4
    assert code_of(lambda: w.equal(0)) == "robustness.bad_setting: "


def test_standard_deviation_and_variance_by_hand() -> None:
    # min-max: 0, 1/2, 1 (s = 1/2) and 0, 0, 1 (s = 1/√3)
    x = np.array([[2.0, 1.0], [3.0, 1.0], [4.0, 5.0]])
    np.testing.assert_allclose(w.standard_deviation(x), [0.5 / (0.5 + 3**-0.5), 3**-0.5 / (0.5 + 3**-0.5)], rtol=1e-15)
    np.testing.assert_allclose(w.variance(x), [3 / 7, 4 / 7], rtol=1e-15)
    # without: s = 1 and 4/√3
    np.testing.assert_allclose(w.standard_deviation(x, normalise=False), [1 / (1 + 4 / 3**0.5), 4 / (4 + 3**0.5)], rtol=1e-15)
    np.testing.assert_allclose(w.variance(x, normalise=False), [3 / 19, 16 / 19], rtol=1e-15)


def test_entropy_by_hand() -> None:
    # shares 1/2, 1/2, 0: E = ln 2 / ln 3; shares 1, 0, 0: E = 0; equal shares: E = 1
    x = np.array([[2.0, 7.0, 3.0], [2.0, 0.0, 3.0], [0.0, 0.0, 3.0]])
    first = 1 - math.log(2) / math.log(3)
    np.testing.assert_allclose(w.entropy(x), [first / (1 + first), 1 / (1 + first), 0], rtol=1e-14)


def test_critic_by_hand() -> None:
    # directed min-max: 0, 1/2, 1 and 1, 1, 0; s = 1/2 and 1/√3, r = -√3/2
    x, sign = np.array([[2.0, 1.0], [3.0, 1.0], [4.0, 5.0]]), np.array([1.0, -1.0])
    np.testing.assert_allclose(w.critic(x, sign), [0.5 / (0.5 + 3**-0.5), 3**-0.5 / (0.5 + 3**-0.5)], rtol=1e-12)


def test_critic_uses_the_direction() -> None:
    x = np.array([[1.0, 2.0, 5.0], [2.0, 1.0, 3.0], [3.0, 4.0, 4.0], [4.0, 3.0, 1.0]])
    assert not np.allclose(w.critic(x, np.array([1.0, 1, 1])), w.critic(x, np.array([1.0, 1, -1])))


def test_critic_spearman_depends_on_order_alone_for_conflict() -> None:
    x = np.array([[1.0, 3.0, 2.0], [2.0, 1.0, 2.0], [4.0, 2.0, 9.0], [5.0, 5.0, 1.0]])
    r = np.array([[1, 0.4, -1 / 10**0.5], [0.4, 1, -2 / 10**0.5], [-1 / 10**0.5, -2 / 10**0.5, 1]])
    z = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    amount = z.std(axis=0, ddof=1) * (1 - r).sum(axis=1)
    assert r[0, 2] == pytest.approx(np.corrcoef([1, 2, 3, 4], [2.5, 2.5, 4, 1])[0, 1])
    np.testing.assert_allclose(w.critic(x, np.ones(3), correlation="spearman"), amount / amount.sum(), rtol=1e-12)


def test_merec_by_hand() -> None:
    # n: 1, 1/2 (more is better) and 1/4, 1 (less is better): terms 0, ln 2 and ln 4, 0
    x, sign = np.array([[1.0, 1.0], [2.0, 4.0]]), np.array([1.0, -1.0])
    first, second = math.log(1 + math.log(2) / 2), math.log(1 + math.log(4) / 2)
    np.testing.assert_allclose(w.merec(x, sign), [first / (first + second), second / (first + second)], rtol=1e-14)


# --- laws ---------------------------------------------------------------------------------------------------------------------


@EVERY
@given(table=tables(), seed=st.integers(0, 99))
def test_order_of_units_and_columns_never_matters(name: str, table: tuple[FloatArray, FloatArray], seed: int) -> None:
    x, sign = table
    random = np.random.default_rng(seed)
    units, columns = random.permutation(len(x)), random.permutation(len(sign))
    found = weights_or_none(name, x, sign)
    moved = weights_or_none(name, np.ascontiguousarray(x[units][:, columns]), sign[columns])
    if found is None or moved is None:
        assert found is moved
    elif name == "pca":  # the first component may be one of several equally large ones
        assert moved.sum() == pytest.approx(1)
        assert bits(w.pca(x[units], sign)) == bits(found)
    else:
        assert bits(moved) == bits(found[columns])


@EVERY
@given(table=tables())
def test_weights_are_shares_and_constant_columns_get_nothing(name: str, table: tuple[FloatArray, FloatArray]) -> None:
    x, sign = table
    found = weights_or_none(name, x, sign)
    if found is None:
        return
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found >= 0).all()
    assert not found[np.ptp(x, axis=0) == 0].any()


@pytest.mark.parametrize("name", sorted(set(METHODS) - {"merec"}))
@given(table=tables())
def test_a_constant_column_changes_no_other_weight(name: str, table: tuple[FloatArray, FloatArray]) -> None:
    x, sign = table
    found = weights_or_none(name, x, sign)
    beside = weights_or_none(name, np.hstack([x, np.full((len(x), 1), 3.7)]), np.append(sign, -1.0))
    if found is None or beside is None:
        assert found is beside
    else:
        np.testing.assert_allclose(beside, [*found, 0], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("name", ["standard_deviation", "variance", "critic", "critic_spearman", "pca"])
@given(table=tables())
def test_unit_of_measure_never_matters(name: str, table: tuple[FloatArray, FloatArray]) -> None:
    x, sign = table
    found, rescaled = weights_or_none(name, x, sign), weights_or_none(name, x * 1024.0 - 512.0, sign)
    if found is None or rescaled is None:
        assert found is rescaled
    elif name != "pca":
        np.testing.assert_allclose(rescaled, found, rtol=1e-9, atol=1e-9)


def test_rounding_noise_is_no_difference() -> None:
    # 0.1 + 0.2 and 0.3 are not the same double, and still no difference between units
    x = np.array([[0.1 + 0.2, 1.0], [0.3, 2.0], [0.3, 4.0]])
    for name, method in METHODS.items():
        assert method(x, np.ones(2)).tolist() == [0.0, 1.0], name


def test_critic_weighs_equal_columns_alike_and_finds_no_conflict_between_them() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(50, 3))
    doubled = np.hstack([x, x[:, :1] * 1024.0])
    weight = w.critic(doubled, np.ones(4))
    assert weight[0] == weight[3]
    assert code_of(lambda: w.critic(doubled[:, [0, 3]], np.ones(2))) == "robustness.no_spread: "


# --- refusals -----------------------------------------------------------------------------------------------------------------


@EVERY
def test_gaps_single_units_and_tables_without_difference_are_refused(name: str) -> None:
    method, up = METHODS[name], np.ones(2)
    assert code_of(lambda: method(np.array([[1.0, NAN], [2.0, 1.0]]), up)) == "robustness.not_finite: [2]"
    assert code_of(lambda: method(np.array([[1.0, 2.0]]), up)) == "robustness.too_few_units: "
    assert code_of(lambda: method(np.array([[1.0, 2.0], [1.0, 2.0]]), up)) == "robustness.no_spread: "
    assert code_of(lambda: method(np.ones(3), up)) == "robustness.shape: "


def test_entropy_refuses_negative_values_and_merec_zero() -> None:
    assert code_of(lambda: w.entropy([[1.0, -0.5], [2.0, 1.0]])) == "robustness.negative: [2]"
    assert code_of(lambda: w.merec([[1.0, 0.0], [2.0, 1.0]], [1, -1])) == "robustness.not_positive: [2]"
    assert code_of(lambda: w.critic([[1.0], [2.0]], [1], correlation="kendall")) == "robustness.bad_setting: "  # type: ignore[arg-type]
    assert code_of(lambda: w.critic([[1.0, 3.0], [2.0, 1.0]], [1, 2])) == "robustness.bad_sign: [2]"


@pytest.mark.parametrize("scale", [1e-280, 1e-160, 1e140])
def test_very_small_and_very_large_values(scale: float) -> None:
    x = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0]])
    np.testing.assert_allclose(w.entropy(x * scale), w.entropy(x), rtol=1e-12)
    np.testing.assert_allclose(w.merec(x * scale, np.ones(2)), w.merec(x, np.ones(2)), rtol=1e-12)
    np.testing.assert_allclose(w.critic(x * scale, np.ones(2)), w.critic(x, np.ones(2)), rtol=1e-12)


# --- sums ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 7, 1023, 1024, 1025, 5000])
def test_products_agree_with_numpy_and_do_not_depend_on_the_order(n: int) -> None:
    random = np.random.default_rng(n)
    x = random.standard_cauchy((n, 9))  # far outliers
    found = cross_products(x)
    z = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    expected = (z - z.mean(axis=0)).T @ (z - z.mean(axis=0))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(sums.correlations(found), np.corrcoef(x.T), atol=2e-11)
    assert bits(cross_products(x[random.permutation(n)])) == bits(found)
    assert bits(found) == bits(found.T)


def test_entropy_of_many_units_agrees_with_the_definition_and_does_not_depend_on_the_order() -> None:
    random = np.random.default_rng(4)
    x = random.gamma(0.5, 10, (20_000, 6))
    x[random.random(x.shape) < 0.1] = 0
    p = x / x.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        divergence = 1 + np.nansum(p * np.log(p), axis=0) / np.log(len(x))
    np.testing.assert_allclose(w.entropy(x), divergence / divergence.sum(), rtol=1e-11)
    assert bits(w.entropy(x[random.permutation(len(x))])) == bits(w.entropy(x))
