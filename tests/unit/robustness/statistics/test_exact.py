"""Sums that no order can change."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tongkao.robustness.statistics.exact import Exact, add, scale_columns


def matrix(n: int, k: int, seed: int) -> np.ndarray:
    made = np.random.default_rng(seed)
    return scale_columns(made.normal(size=(n, k)) * 2.0 ** made.integers(-60, 0, size=(n, k)) / 8)[0]


@pytest.mark.parametrize("n", [1, 2, 3, 51, 1000])
def test_the_order_of_units_and_columns_changes_no_bit(n: int) -> None:
    x, y = matrix(n, 5, 1), matrix(n, 4, 2)
    exact = Exact(max(2, n))
    units, columns = np.random.default_rng(3).permutation(n), [3, 0, 4, 1, 2]
    products = exact.cross_products(x, y)
    assert np.array_equal(exact.cross_products(x[units][:, columns], y[units]), products[columns])
    assert np.array_equal(exact.cross_products(y, x), products.T)
    assert np.array_equal(np.diagonal(exact.cross_products(x)), exact.products(x, x))
    assert np.array_equal(exact.products(x[:, :4], y), np.diagonal(products))
    assert np.array_equal(exact.sums(x[units]), exact.sums(x))


def test_rows_of_zeros_change_no_bit() -> None:
    x = matrix(40, 3, 5)
    exact = Exact(100)
    padded = np.vstack([x[:10], np.zeros((60, 3)), x[10:]])
    assert np.array_equal(exact.cross_products(padded), exact.cross_products(x))
    assert np.array_equal(exact.sums(padded), exact.sums(x))


@pytest.mark.parametrize("n", [2, 51, 300])
def test_sums_are_right(n: int) -> None:
    """Within a few units of the last place of the number of units."""
    x = matrix(n, 2, 7)
    whole = [
        [float(sum(Fraction(a) * Fraction(b) for a, b in zip(x[:, i], x[:, j], strict=True))) for j in (0, 1)] for i in (0, 1)
    ]
    np.testing.assert_allclose(Exact(n).cross_products(x), whole, rtol=0, atol=n * 2.0**-52)
    sums = [float(sum(map(Fraction, x[:, i].tolist()))) for i in (0, 1)]
    np.testing.assert_allclose(Exact(n).sums(x), sums, rtol=0, atol=n * 2.0**-52)


def test_columns_are_scaled_by_powers_of_two() -> None:
    scaled, divided = scale_columns(np.array([[0.3, 0.0, -(2.0**-40)], [-0.2, 0.0, 2.0**-42]]))
    assert divided.tolist() == [0.5, 1.0, 2.0**-39]
    assert scaled.tolist() == [[0.6, 0.0, -0.5], [-0.4, 0.0, 0.125]]


def test_a_sum_is_rounded_once() -> None:
    assert add(np.array([[1e16, 1.0], [-1e16, 1e-16]])) == 1.0
