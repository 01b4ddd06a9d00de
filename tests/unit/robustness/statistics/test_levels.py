"""Equal values, and ranks that they share."""

from __future__ import annotations

import numpy as np

from tongkao.robustness.statistics.levels import average_ranks, levels_of

NAN = float("nan")


def test_rounding_noise_is_no_difference() -> None:
    x = np.array([[0.1 + 0.2, 9.8], [0.3, 9.7999999999999989], [NAN, 9.8], [-5.0, 1.0]])
    assert levels_of(x).tolist() == [[1, 1], [1, 1], [-1, 1], [0, 0]]
    assert levels_of(x, noise=0.0).tolist() == [[2, 2], [1, 1], [-1, 2], [0, 0]]


def test_equality_is_chained() -> None:
    """Three neighbours, each within the noise of the next, are one level although the ends are not."""
    x = np.array([[1.0], [1.0 + 0.9e-12], [1.0 + 1.8e-12], [1.0 + 1e-11]])
    assert levels_of(x)[:, 0].tolist() == [0, 0, 0, 1]


def test_nothing() -> None:
    assert levels_of(np.empty((0, 3))).shape == (0, 3)
    assert levels_of(np.full((2, 1), NAN)).tolist() == [[-1], [-1]]
    assert average_ranks(np.empty((0, 2), np.int64)).shape == (0, 2)


def test_ranks_are_shared() -> None:
    levels = np.array([[0, 2], [3, -1], [3, 2], [7, 0]])
    np.testing.assert_array_equal(average_ranks(levels), [[1, 2.5], [2.5, NAN], [2.5, 2.5], [4, 1]])
