"""Where a unit stands: places on every node, within its group, and on what it is strong and weak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import FloatArray, IntArray
from tongkao.engine.kernels.ranking import place_within
from tongkao.robustness.statistics.levels import levels_of

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Item:
    """One strength or weakness.

    Attributes:
        column: The indicator's column.
        place: The unit's place on it, best 1, equal values sharing the best place.
        of: How many units have a value.
        sharing: How many share the place.
    """

    column: int
    place: int
    of: int
    sharing: int


def group_places(rates: FloatArray, groups: Codes) -> IntArray:
    """Place of every unit on every node within its group.

    Args:
        rates: (n, N) rates, NaN where a unit has none.
        groups: (n,) code of each unit's group.

    Returns:
        (n, N) places from 1, 0 where there is no rate; equal rates (to 1e-9 of 100) share the best place.
    """
    return place_within(rates, groups.astype(np.int64))


def value_places(x: FloatArray, sign: FloatArray) -> IntArray:
    """Place of every unit by value.

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 where more is better, -1 where less is.

    Returns:
        (n, k) places from 1, 0 where there is no value; values that differ by less than 1e-12 of the largest are equal.
    """
    levels = levels_of(x * sign)
    return place_within(np.where(levels >= 0, levels.astype(np.float64), np.nan), np.zeros(x.shape[0], np.int64))


def strengths_and_weaknesses(
    places: IntArray, rows: Sequence[int] | IntArray, *, number: int = 5, without_worst: bool = False
) -> list[tuple[list[Item], list[Item]]]:
    """The indicators on which units have their best and their worst places.

    Among equal places the one that fewer units share says more and goes first, then the indicator's own order decides.

    Args:
        places: (n, k) places from 1, 0 where there is no value.
        rows: The units to look at.
        number: How many of each at most, and never more than half of the indicators, so that none is in both lists.
        without_worst: Leave out indicators on which nobody has a lower value than the unit; COINr does so by default.

    Returns:
        Of each unit its strengths, best place first, and its weaknesses, worst place last.
    """
    of, last = (places > 0).sum(axis=0), places.max(axis=0, initial=0)
    sharing = _sharing(places)
    found = []
    for row in rows:
        columns = np.flatnonzero((places[row] > 0) & ~((places[row] == last) & without_worst))
        most = min(number, len(columns) // 2)
        best = columns[np.lexsort((columns, sharing[row, columns], places[row, columns]))[:most]]
        others = np.setdiff1d(columns, best)
        worst = others[np.lexsort((others, sharing[row, others], -places[row, others]))[:most]]
        lists = [
            [Item(int(column), int(places[row, column]), int(of[column]), int(sharing[row, column])) for column in chosen]
            for chosen in (best, worst[::-1])
        ]
        found.append((lists[0], lists[1]))
    return found


def _sharing(places: IntArray) -> IntArray:
    """How many units share each place, (n, k)."""
    result = np.empty(places.shape, np.int64)
    for column in range(places.shape[1]):
        result[:, column] = np.bincount(places[:, column])[places[:, column]]
    return result
