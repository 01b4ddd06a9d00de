"""The outranking matrix: on how much of the weight one unit is ahead of another."""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray
from tongkao.robustness.statistics.levels import levels_of

_BITS = 26
"""Bits of a slice of a weight; sums of slices are exact, so that the order of the columns cannot show."""


def outranking(x: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of the weight on which the unit of the row is ahead of the unit of the column, ties counting half.

    Compared are the indicators that both units have, whose weights are made to add to 1, so that o(a, b) + o(b, a) = 1. Where
    weights differ by unit, an indicator's weight in a comparison is the mean of both units'.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), section 6 (non-compensatory aggregation).

    Args:
        x: (n, k) values that all point the same way, NaN where there is none; differences below 1e-12 of a column's largest
            value are ties.
        weights: (k,) or (n, k) weights, not negative.

    Returns:
        (n, n) shares within 0 and 1; 0 on the diagonal, NaN where two units have no weighted indicator in common.
    """
    n, k = x.shape
    levels = levels_of(x)
    given = np.where(levels >= 0, np.broadcast_to(weights, x.shape), 0.0)
    largest = given.max(initial=0.0)
    if largest > 0:
        given = given / 2.0 ** np.frexp(largest)[1]
    won = [np.zeros((n, n)) for _ in range(3)]
    common = [np.zeros((n, n)) for _ in range(3)]
    slices = _slices(given)
    for column in range(k):
        level = levels[:, column]
        there = level >= 0
        both = there[:, None] & there[None, :]
        outcome = 0.5 + 0.5 * np.sign(level[:, None] - level[None, :])
        for place, part in enumerate(slices):
            weight = (part[:, column, None] + part[None, :, column]) * both
            won[place] += weight * outcome
            common[place] += weight
    whole = common[2] + common[1] + common[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.where(whole > 0, (won[2] + won[1] + won[0]) / whole, np.nan)
    np.fill_diagonal(result, 0.0)
    return result


def _slices(weights: FloatArray) -> list[FloatArray]:
    rest, slices = weights, []
    for place in range(1, 4):
        part = np.rint(rest * 2.0 ** (_BITS * place)) * 2.0 ** (-_BITS * place)
        slices.append(part)
        rest = rest - part
    return slices
