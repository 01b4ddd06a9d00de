"""Places by total or by rate, highest first; equal ones share the best place (1, 2, 2, 4).

Two numbers are equal when they differ by less than the tolerance; neighbours in order of size are compared, so that equality is
transitive.
"""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray


def competition_rank(
    totals: FloatArray,
    groups: IntArray,
    tie_keys: FloatArray | None = None,
    *,
    tolerance: float,
    tie_tolerance: float = 0.0,
) -> IntArray:
    """Rank of every unit in its group.

    Args:
        totals: (n,) totals, NaN for units that have none or are not ranked.
        groups: (n,) code of the group (track or class) in which a unit is ranked.
        tie_keys: (n, t) rates that order units of equal total, the first column first, highest first; ``-inf`` or NaN where
            a unit has no such rate, which puts it last.
        tolerance: Totals that differ by less are equal; 1e-9 of the full mark.
        tie_tolerance: The same for tie keys; 1e-9 of 100.

    Returns:
        (n,) ranks from 1, 0 where the total is NaN.
    """
    n = totals.shape[0]
    ranks = np.zeros(n, dtype=np.int64)
    units = np.flatnonzero(~np.isnan(totals))
    if units.size == 0:
        return ranks
    _, level = np.unique(groups[units], return_inverse=True)
    group = level.astype(np.int64)
    level = _split(group, totals[units], tolerance)
    if tie_keys is not None:
        for key in np.where(np.isnan(tie_keys[units]), -np.inf, tie_keys[units]).T:
            level = _split(level, key, tie_tolerance)
    order = np.argsort(level, kind="stable")  # groups are together, and the best level of a group is first
    position = np.arange(units.size)
    new_group, new_level = _changes(group[order]), _changes(level[order])
    group_start = np.maximum.accumulate(np.where(new_group, position, 0))
    level_start = np.maximum.accumulate(np.where(new_level, position, 0))
    ranks[units[order]] = level_start - group_start + 1
    return ranks


def _split(level: IntArray, key: FloatArray, tolerance: float) -> IntArray:
    """Split every level into finer ones by a key, highest first; levels are numbered on in that order."""
    order = np.lexsort((-key, level))
    sorted_level, sorted_key = level[order], key[order]
    step = _changes(sorted_level)
    with np.errstate(invalid="ignore"):
        gap = sorted_key[:-1] - sorted_key[1:]
        step[1:] |= (sorted_key[:-1] != sorted_key[1:]) & ~(gap < tolerance)
    finer = np.empty_like(level)
    finer[order] = np.cumsum(step) - 1
    return finer


def _changes(codes: IntArray) -> BoolArray:
    """Where a sorted array takes a new value; the first element does."""
    changes = np.ones(codes.shape, dtype=bool)
    changes[1:] = codes[1:] != codes[:-1]
    return changes


def place_within(rates: FloatArray, groups: IntArray, *, tolerance: float = 1e-7) -> IntArray:
    """Place of every unit by every column, in its group.

    Args:
        rates: (n, N) rates of N nodes, NaN where a unit has none.
        groups: (n,) code of the group in which a unit is placed.
        tolerance: Rates that differ by less are equal; the default is 1e-9 of 100.

    Returns:
        (n, N) places from 1, 0 where the rate is NaN.
    """
    places = np.zeros(rates.shape, dtype=np.int64)
    if rates.size == 0:
        return places
    if (groups == groups[0]).all():
        places[:] = _places(rates, tolerance).T
        return places
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(_changes(groups[order]))
    for rows in np.split(order, starts[1:]):
        places[rows] = _places(rates[rows], tolerance).T
    return places


def _places(rates: FloatArray, tolerance: float) -> IntArray:
    """Places by every column, columns × units."""
    values = np.negative(rates.T, order="C")
    missing = np.isnan(values)
    np.copyto(values, np.inf, where=missing)  # sorting is several times faster without NaN
    order = np.argsort(values, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    place = np.ones(values.shape, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        gap = values[:, 1:] - values[:, :-1]
        np.multiply((gap > 0) & (gap >= tolerance), np.arange(2, values.shape[1] + 1), out=place[:, 1:])
    np.maximum.accumulate(place, axis=1, out=place)
    result = np.empty_like(place)
    np.put_along_axis(result, order, place, axis=1)
    result[missing] = 0
    return result
