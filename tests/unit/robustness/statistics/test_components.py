"""Principal components: by hand, and their sign."""

from __future__ import annotations

import numpy as np
import pytest

from tongkao.robustness.statistics import correlate, principal_components

NAN = float("nan")
HALF = np.sqrt(0.5)


def test_two_columns_by_hand() -> None:
    """r = 0.6: eigenvalues 1.6 and 0.4; the sizes are equal, so the sign follows the column with the smaller values."""
    x = np.array([[1.0, 12.0], [2.0, 11.0], [3.0, 14.0], [4.0, 13.0]])
    found = principal_components(x)
    assert found is not None
    assert found.units == 4
    np.testing.assert_allclose(found.eigenvalues, [1.6, 0.4], atol=1e-14)
    np.testing.assert_allclose(found.shares, [0.8, 0.2], atol=1e-14)
    np.testing.assert_allclose(found.deviations, np.sqrt([1.6, 0.4]), atol=1e-14)
    np.testing.assert_allclose(found.loadings, [[HALF, HALF], [HALF, -HALF]], atol=1e-14)
    turned = principal_components(x[:, ::-1])
    assert turned is not None
    assert np.array_equal(turned.loadings, found.loadings[::-1])


def test_the_largest_loading_is_positive() -> None:
    made = np.random.default_rng(4)
    x = made.normal(size=(30, 5))
    for sign in (1.0, -1.0):
        found = principal_components(sign * x)
        assert found is not None
        largest = np.abs(found.loadings).argmax(axis=0)
        assert (found.loadings[largest, np.arange(5)] > 0).all()
        np.testing.assert_allclose(found.loadings.T @ found.loadings, np.eye(5), atol=1e-13)
        rebuilt = found.loadings * found.eigenvalues @ found.loadings.T
        np.testing.assert_allclose(rebuilt, correlate(x).coefficients, atol=1e-13)


def test_only_units_with_all_values_count_and_constants_have_no_loading() -> None:
    x = np.array([[1.0, 2.0, 7.0], [2.0, 1.0, 7.0], [3.0, 4.0, 7.0], [4.0, 3.0, 7.0], [NAN, 90.0, 7.0]])
    found = principal_components(x)
    assert found is not None
    assert found.units == 4
    np.testing.assert_allclose(found.eigenvalues, [1.6, 0.4], atol=1e-14)
    assert np.isnan(found.loadings).tolist() == [[False, False], [False, False], [True, True]]


def test_collinear_columns_have_no_negative_eigenvalue() -> None:
    x = np.linspace(0, 1, 9)[:, None] * [1.0, 2.0, 5.0]
    found = principal_components(x)
    assert found is not None
    assert (found.eigenvalues >= 0).all()
    assert found.eigenvalues[0] == pytest.approx(3.0)


@pytest.mark.parametrize(
    "x",
    [np.empty((0, 2)), np.empty((5, 0)), np.array([[1.0, 2.0], [2.0, 1.0]]), np.full((4, 2), 3.0), np.full((4, 2), NAN)],
    ids=["no unit", "no column", "two units", "constant", "missing"],
)
def test_where_there_are_none(x: np.ndarray) -> None:
    assert principal_components(x) is None
