"""The outranking matrix."""

from __future__ import annotations

import numpy as np

from tongkao.robustness.statistics import outranking

NAN = float("nan")


def test_by_hand() -> None:
    x = np.array([[3.0, 1.0, 5.0], [2.0, 1.0, 6.0], [1.0, 2.0, NAN]])
    found = outranking(x, np.array([0.5, 0.3, 0.2]))
    # the first is ahead of the second on 0.5, ties on 0.3; the third has two indicators in common with the others
    np.testing.assert_allclose(found, [[0, 0.65, 0.625], [0.35, 0, 0.625], [0.375, 0.375, 0]], rtol=1e-15)


def test_weights_by_unit_are_averaged() -> None:
    x = np.array([[2.0, 1.0], [1.0, 2.0]])
    found = outranking(x, np.array([[0.9, 0.1], [0.5, 0.5]]))
    np.testing.assert_allclose(found, [[0, 0.7], [0.3, 0]], rtol=1e-15)


def test_nothing_in_common() -> None:
    x = np.array([[1.0, NAN], [NAN, 1.0], [2.0, 3.0]])
    found = outranking(x, np.array([1.0, 0.0]))
    np.testing.assert_array_equal(found, [[0, NAN, 0], [NAN, 0, NAN], [1, NAN, 0]])
    assert outranking(np.empty((0, 2)), np.ones(2)).shape == (0, 0)
