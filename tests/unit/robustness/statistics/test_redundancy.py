"""Remarkable pairs."""

from __future__ import annotations

import numpy as np

from tongkao.robustness.statistics import Pair, pairs_with_denominators, remarkable_pairs

NAN = float("nan")
R = np.array([[1.0, 0.95, -0.5, NAN], [0.95, 1.0, -0.6, 0.93], [-0.5, -0.6, 1.0, 0.92], [NAN, 0.93, 0.92, 1.0]])
DIMENSIONS = ["a", "a", "a", "b"]


def test_pairs() -> None:
    negative = [Pair(0, 2, -0.5, "negative"), Pair(1, 2, -0.6, "negative")]
    redundant = [Pair(0, 1, 0.95, "redundant"), Pair(1, 3, 0.93, "redundant")]
    assert remarkable_pairs(R, DIMENSIONS) == [redundant[0], *negative, redundant[1]]
    assert remarkable_pairs(R, DIMENSIONS, within=True) == [redundant[0], *negative]
    assert remarkable_pairs(R, list("abcd")) == redundant
    assert remarkable_pairs(R, DIMENSIONS, redundant=0.99, negative=-0.55) == [negative[1]]


def test_pairs_with_denominators() -> None:
    r = np.array([[0.71, 0.7], [-0.8, NAN]])
    assert pairs_with_denominators(r) == [Pair(0, 0, 0.71, "size"), Pair(1, 0, -0.8, "size")]
    assert pairs_with_denominators(r, limit=0.75) == [Pair(1, 0, -0.8, "size")]
