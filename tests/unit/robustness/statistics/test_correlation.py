"""Correlations: by hand, against SciPy, and where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tongkao.robustness.statistics import correlate, moments
from tongkao.robustness.statistics import correlation as module

NAN = float("nan")
KINDS = ("pearson", "spearman", "kendall")


def sample(n: int = 40, k: int = 6, gaps: float = 0.15, seed: int = 1) -> np.ndarray:
    """Made-up values with ties and gaps."""
    made = np.random.default_rng(seed)
    x = np.round(made.normal(size=(n, k)) + made.normal(size=(n, 1)), 1)
    x[made.random(x.shape) < gaps] = NAN
    return x


def test_by_hand() -> None:
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    # deviations -1.5, -0.5, 0.5, 1.5 and -0.5, -1.5, 1.5, 0.5: 3 / 5; ranks are the values; 4 pairs agree and 2 do not
    assert [correlate(x, kind).coefficients[0, 1] for kind in KINDS] == pytest.approx([0.6, 0.6, 1 / 3], abs=1e-15)
    # t = 0.6 √2 / 0.8 with 2 degrees of freedom: p = 1 - r exactly there
    assert correlate(x).p_values[0, 1] == pytest.approx(0.4, abs=1e-15)
    # variance of the difference 4·3·13/18, z = 2 / √(26/3)
    assert correlate(x, "kendall").p_values[0, 1] == pytest.approx(2 * stats.norm.sf(2 / np.sqrt(26 / 3)), rel=1e-14)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gaps", [0.0, 0.15])
@pytest.mark.parametrize("by_column", [False, True])
def test_against_scipy(kind: Any, gaps: float, by_column: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if by_column:
        monkeypatch.setattr(module, "_patterns", lambda present: [np.arange(1)] * 1000)
    x = sample(gaps=gaps)
    peers = {
        "pearson": stats.pearsonr,
        "spearman": stats.spearmanr,
        "kendall": lambda a, b: stats.kendalltau(a, b, method="asymptotic"),
    }
    found = correlate(x, kind)
    for i in range(x.shape[1]):
        for j in range(i):
            both = ~np.isnan(x[:, i]) & ~np.isnan(x[:, j])
            peer = peers[kind](x[both, i], x[both, j])
            assert found.counts[i, j] == both.sum()
            assert found.coefficients[i, j] == pytest.approx(peer.statistic, abs=1e-14)
            assert found.p_values[i, j] == pytest.approx(peer.pvalue, rel=1e-10)


@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_both_ways_of_going_through_gaps_give_the_same_bits(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    x = sample()
    by_pattern = correlate(x[:, :2], kind)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_patterns", lambda present: [np.arange(1)] * 1000)
        by_column = correlate(x[:, :2], kind)
    assert np.array_equal(by_pattern.coefficients, by_column.coefficients)


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_no_coefficient(kind: Any) -> None:
    """A constant column; columns without a common unit; one that is constant only where the other has a value."""
    x = np.array(
        [
            [1.0, 5.0, NAN, 1.0],
            [2.0, 5.0, NAN, 2.0],
            [3.0, 5.0, 1.0, 7.0],
            [NAN, 5.0, 2.0, 7.0],
            [NAN, 5.0, 4.0, 7.0],
        ]
    )
    found = correlate(x, kind)
    nothing = [[False, True, True, False], [True, True, True, True], [True, True, False, True], [False, True, True, False]]
    assert np.isnan(found.coefficients).tolist() == nothing
    assert np.isnan(found.p_values).tolist() == nothing
    assert found.counts.tolist() == [[3, 3, 1, 3], [3, 5, 3, 5], [1, 3, 3, 3], [3, 5, 3, 5]]
    assert np.diagonal(found.coefficients)[[0, 2, 3]].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", KINDS)
def test_two_units_have_a_coefficient_and_no_p_value(kind: Any) -> None:
    found = correlate(np.array([[1.0, 4.0], [2.0, 3.0]]), kind)
    assert found.coefficients.tolist() == [[1.0, -1.0], [-1.0, 1.0]]
    assert np.isnan(found.p_values).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_unit_and_no_column(kind: Any) -> None:
    assert np.isnan(correlate(np.empty((0, 2)), kind).coefficients).all()
    assert correlate(np.empty((4, 0)), kind).coefficients.shape == (0, 0)
    assert np.isnan(correlate(np.full((3, 1), NAN), kind).coefficients).all()


def test_noise_is_no_variation() -> None:
    """Equal values that a calculation left a few bits apart correlate with nothing."""
    x = np.array([[0.1 + 0.2, 1.0], [0.3, 2.0], [0.3, 4.0], [0.1 + 0.2, 0.5]])
    for kind in KINDS:
        assert np.isnan(correlate(x, kind).coefficients[0, 1])  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [1e-300, 1e-8, 1e150, 1e300])
def test_size_and_distance_from_zero_do_not_matter(size: float) -> None:
    x = sample(gaps=0.0)
    plain = correlate(x).coefficients
    np.testing.assert_allclose(correlate(x * size).coefficients, plain, rtol=0, atol=1e-14)
    np.testing.assert_allclose(correlate(x + 1e6).coefficients, plain, rtol=0, atol=1e-9)


def test_a_straight_line_is_exactly_one() -> None:
    x = np.linspace(0.1, 7.3, 23)
    found = correlate(np.column_stack([x, 3 * x + 1, -x])).coefficients
    assert np.abs(found).max() <= 1.0
    np.testing.assert_allclose(found, [[1, 1, -1], [1, 1, -1], [-1, -1, 1]], rtol=0, atol=1e-15)


def test_covariances() -> None:
    x = sample()
    found = moments(x).covariances()
    both = ~np.isnan(x[:, 0]) & ~np.isnan(x[:, 1])
    assert found[0, 1] == pytest.approx(np.cov(x[both, 0], x[both, 1])[0, 1], rel=1e-13)
    assert found[0, 0] == pytest.approx(np.nanvar(x[:, 0], ddof=1), rel=1e-13)
    assert np.isnan(moments(np.array([[1e300], [-1e300]])).covariances()).all()


def test_kendall_in_pieces_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x = sample()
    whole = correlate(x, "kendall")
    monkeypatch.setattr(module, "_ELEMENTS", 1000)
    pieces = correlate(x, "kendall")
    assert np.array_equal(whole.coefficients, pieces.coefficients)
    assert np.array_equal(whole.p_values, pieces.p_values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_leading_columns_only(kind: Any, gaps: float) -> None:
    """The pairs that are asked for have the same bits as among all."""
    x = sample(gaps=gaps)
    whole, some = correlate(x, kind), correlate(x, kind, leading=2)
    for name in ("coefficients", "counts", "p_values"):
        assert np.array_equal(getattr(some, name)[:2], getattr(whole, name)[:2])
        assert np.array_equal(getattr(some, name)[:, :2], getattr(whole, name)[:, :2])
    assert np.isnan(some.coefficients[2:, 2:]).all()
    assert not some.counts[2:, 2:].any()
