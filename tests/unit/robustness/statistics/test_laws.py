"""Laws of every statistic: order never matters, to the last bit; scale and direction do what they should."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as s
from hypothesis.extra.numpy import arrays

from tongkao.robustness import statistics as st

NAN = float("nan")
KINDS = ("pearson", "spearman", "kendall")
#: few values make ties, wide ones test the arithmetic
numbers = s.one_of(s.integers(-3, 3).map(float), s.floats(-1e6, 1e6, allow_subnormal=False), s.just(NAN))
matrices = s.tuples(s.integers(0, 12), s.integers(1, 6)).flatmap(lambda shape: arrays(np.float64, shape, elements=numbers))
whole = s.tuples(s.integers(3, 12), s.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=s.integers(-5, 5).map(float))
)


@s.composite
def shuffled(draw: Any, source: Any = matrices) -> tuple[np.ndarray, list[int], list[int]]:
    x = draw(source)
    return x, draw(s.permutations(range(x.shape[0]))), draw(s.permutations(range(x.shape[1])))


def same(one: Any, other: Any) -> bool:
    """The same bits, but for the sign of zero."""
    a, b = np.asarray(one), np.asarray(other)
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


@pytest.mark.parametrize("kind", KINDS)
@given(shuffled())
def test_correlations_do_not_know_the_order(kind: Any, case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    before, after = st.correlate(x, kind), st.correlate(x[units][:, columns], kind)
    for field in fields(before):
        assert same(getattr(before, field.name)[np.ix_(columns, columns)], getattr(after, field.name))
    assert same(before.coefficients, before.coefficients.T)


@pytest.mark.parametrize("kind", KINDS)
@given(matrices)
def test_correlations_stay_within_their_bounds(kind: Any, x: np.ndarray) -> None:
    found = st.correlate(x, kind)
    r, p = found.coefficients, found.p_values
    assert (np.isnan(r) | (np.abs(r) <= 1)).all()
    assert (np.isnan(p) | ((p >= 0) & (p <= 1))).all()
    assert not (np.isnan(r) & ~np.isnan(p)).any()


@pytest.mark.parametrize("kind", KINDS)
@given(matrices, s.integers(-30, 30))
def test_correlations_do_not_know_the_scale(kind: Any, x: np.ndarray, power: int) -> None:
    assert same(st.correlate(x, kind).coefficients, st.correlate(x * 2.0**power, kind).coefficients)


@pytest.mark.parametrize("kind", KINDS)
@given(matrices)
def test_a_turned_column_turns_its_correlations(kind: Any, x: np.ndarray) -> None:
    turned = x.copy()
    turned[:, 0] *= -1
    before, after = st.correlate(x, kind).coefficients, st.correlate(turned, kind).coefficients
    before[0, 1:] *= -1
    before[1:, 0] *= -1
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-9)


@given(whole)
def test_ranks_alone_make_spearman_and_kendall(x: np.ndarray) -> None:
    """Any rising change of a column leaves them as they are."""
    for kind in ("spearman", "kendall"):
        assert same(st.correlate(x, kind).coefficients, st.correlate(x**3 + x, kind).coefficients)  # type: ignore[arg-type]


@given(shuffled())
def test_descriptions_do_not_know_the_order(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    before, after = st.describe(x), st.describe(x[units][:, columns])
    for field in fields(before):
        assert same(getattr(before, field.name)[columns], getattr(after, field.name)), field.name


@given(matrices, s.integers(-20, 20))
def test_descriptions_follow_the_scale(x: np.ndarray, power: int) -> None:
    before, after = st.describe(x), st.describe(x * 2.0**power)
    for name in ("minimum", "maximum", "mean", "median", "sd", "frequent"):
        assert same(getattr(before, name) * 2.0**power, getattr(after, name)), name
    for name in ("n", "zeros", "unique", "same", "constant", "few_unique", "many_zeros", "heavy_tailed"):
        assert same(getattr(before, name), getattr(after, name)), name


@given(shuffled())
def test_alpha_does_not_know_the_order(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    before, after = st.cronbach(x), st.cronbach(x[units][:, columns])
    assert same(before.alpha, after.alpha)
    assert same(before.without[columns], after.without)


@given(shuffled(whole))
def test_alpha_is_at_most_one_where_there_are_no_gaps(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    alpha = st.cronbach(case[0]).alpha
    assert np.isnan(alpha) or alpha <= 1 + 1e-9


def test_alpha_may_exceed_one_with_gaps() -> None:
    """Covariances over the units that two columns share need not belong to any one table: here 12/11."""
    x = np.array([[0.0, 1.0], [-1.0, 0.0], [np.nan, 0.0]])
    # Variances 1/2 (two units) and 1/3 (three), covariance 1/2 (two): 2 · (1 - (5/6) / (11/6)) = 12/11.
    assert st.cronbach(x).alpha == pytest.approx(12 / 11)


@given(shuffled(whole))
def test_components_do_not_know_the_order(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    before, after = st.principal_components(x), st.principal_components(x[units][:, columns])
    if before is None or after is None:
        assert before is after
        return
    assert same(before.eigenvalues, after.eigenvalues)
    assert before.shares.sum() == pytest.approx(1.0)
    # Columns that hold the same values in another order of units cannot be told apart by their values.
    if np.unique(np.sort(x, axis=0), axis=1).shape[1] == x.shape[1]:
        assert same(before.loadings[columns], after.loadings)


@given(shuffled())
def test_outranking_does_not_know_the_order(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    weights = np.linspace(0.1, 1.7, x.shape[1])
    before = st.outranking(x, weights)
    assert same(before[np.ix_(units, units)], st.outranking(x[units][:, columns], weights[columns]))
    pairs = before + before.T
    off = ~np.eye(x.shape[0], dtype=bool)
    assert (np.isnan(pairs[off]) | (np.abs(pairs[off] - 1) < 1e-12)).all()
    assert same(before, st.outranking(x, weights * 4.0))


@given(matrices)
def test_a_better_value_never_lowers_outranking(x: np.ndarray) -> None:
    if not x.shape[0] or np.isnan(x[0, 0]):
        return
    better = x.copy()
    better[0, 0] += 1.0
    before, after = (st.outranking(values, np.ones(x.shape[1])) for values in (x, better))
    assert (np.isnan(before[0]) | (after[0] >= before[0])).all()


@given(shuffled())
def test_discrimination_does_not_know_the_order(case: tuple[np.ndarray, list[int], list[int]]) -> None:
    x, units, columns = case
    before, after = st.discriminate(x), st.discriminate(x[units][:, columns])
    for field in fields(before):
        assert same(getattr(before, field.name)[columns], getattr(after, field.name)), field.name


@given(matrices)
def test_turning_a_direction_turns_the_places(x: np.ndarray) -> None:
    up, down = st.value_places(x, np.ones(x.shape[1])), st.value_places(x, -np.ones(x.shape[1]))
    assert same(down, st.value_places(-x, np.ones(x.shape[1])))
    number = (up > 0).sum(axis=0)
    for column in range(x.shape[1]):
        for row in np.flatnonzero(up[:, column]):
            tied = int(np.count_nonzero(up[:, column] == up[row, column]))
            assert up[row, column] + down[row, column] + tied - 1 == number[column] + 1


@given(matrices)
def test_trends_follow_the_direction(x: np.ndarray) -> None:
    years = x[:, :, None]
    labels = list(range(2000, 2000 + x.shape[0]))
    up, down = st.trends(years, labels, np.ones(1)), st.trends(years, labels, -np.ones(1))
    assert same(up.better, -down.better)
    assert same(up.growth, down.growth)
    assert not np.isinf(up.growth).any()
