"""Rates from the place in the comparison group: steps, table and line by rank, percentile, Borda, ascending rank.

``x`` is units × columns, NaN = no value; ``counted`` says which units have a value and are in the comparison group; ``sign``
is +1 where more is better and -1 where less is. A unit that has a value but does not count (listed apart) is compared with
the group and never changes anybody else's place.

Two values are equal when they differ by less than ``relative_tolerance`` times the larger magnitude (0 = only when
identical). Going through the group in order of size, each value is compared with its neighbour, so that equality is
transitive: a, b, c with a = b and b = c are all equal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray, Numeric, by_column, column_blocks


@dataclass(frozen=True)
class Standing:
    """How the values of some columns stand in the group, each column in ascending order.

    Attributes:
        columns: Which columns these are.
        worse: (k, n) number of group units that are strictly worse than each value.
        upto: (k, n) number of group units that are worse or equal, itself too if it is in the group.
        number: (k, 1) size of the group.
    """

    columns: slice
    worse: IntArray
    upto: IntArray
    number: IntArray

    @property
    def better(self) -> IntArray:
        """(k, n) number of group units that are strictly better: the place less 1."""
        return self.number - self.upto


Rate = Callable[[Standing], FloatArray]


def rank_step(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    drop: Numeric = 2.0,
    floor: Numeric = 0.0,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """So much less for each place: 100 - drop·(r-1), r = 1 + number of counted units that are strictly better.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        drop: Rate that a place costs.
        floor: Lowest rate.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) rates; the first of nobody is first.
    """
    drop_, floor_ = by_column(drop, x.shape[1]), by_column(floor, x.shape[1])

    def rate(standing: Standing) -> FloatArray:
        return np.maximum(100.0 - drop_[standing.columns, None] * standing.better, floor_[standing.columns, None])

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def rank_table(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    table: FloatArray,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """A list of rates by place; the last entry holds for all further places.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        table: (m,) for all columns or (k, m); fill shorter lists up with their last entry.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) rates; the first of nobody is first.

    Raises:
        ValueError: If the table is empty.
    """
    entries = np.atleast_2d(np.asarray(table, dtype=np.float64))
    length = entries.shape[1]
    if length == 0:
        raise ValueError("the table is empty")
    entries = np.broadcast_to(entries, (x.shape[1], length))

    def rate(standing: Standing) -> FloatArray:
        return np.take_along_axis(entries[standing.columns], np.minimum(standing.better, length - 1), axis=1)

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def rank_linear(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    low: Numeric = 0.0,
    high: Numeric = 100.0,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """Linear by place: high - (high-low)·(r-1)/(n-1), never beyond ``low``.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        low: Rate of the last place.
        high: Rate of the first place.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) rates; ``high`` where at most one unit counts.
    """
    low_, high_ = by_column(low, x.shape[1]), by_column(high, x.shape[1])

    def rate(standing: Standing) -> FloatArray:
        share = np.minimum(standing.better / np.maximum(standing.number - 1, 1), 1.0)
        share[np.broadcast_to(standing.number <= 1, share.shape)] = 0.0
        top, bottom = high_[standing.columns, None], low_[standing.columns, None]
        return np.where(share < 1, top - (top - bottom) * share, bottom)

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def percentile(x: FloatArray, counted: BoolArray, sign: FloatArray, *, relative_tolerance: Numeric = 0.0) -> FloatArray:
    """Share of the group that is worse, half of the equal ones included: 100·(w + e/2)/n.

    A unit of the group is one of the equal ones itself; a unit listed apart is not.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) rates; NaN where nobody counts.
    """

    def rate(standing: Standing) -> FloatArray:
        shares: FloatArray = (
            100.0 * ((standing.worse + standing.upto) / 2) / np.where(standing.number > 0, standing.number, np.nan)
        )
        return shares

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def borda(x: FloatArray, counted: BoolArray, sign: FloatArray, *, relative_tolerance: Numeric = 0.0) -> FloatArray:
    """Share of the others that are worse: 100·w/(n-1), at most 100.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) rates; 100 where at most one unit counts.
    """

    def rate(standing: Standing) -> FloatArray:
        shares = np.minimum(100.0 * standing.worse / np.maximum(standing.number - 1, 1), 100.0)
        shares[np.broadcast_to(standing.number <= 1, shares.shape)] = 100.0
        return shares

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def ascending_rank(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    ties: Literal["lowest", "mean", "highest"] = "lowest",
    minus: Numeric = 0.0,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """Place from the bottom, the worst is 1; a number of places, not a rate of 0 to 100.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        ties: Which of the places that equal units fill they all get.
        minus: Taken off the place.
        relative_tolerance: When two values are equal, see the module.

    Returns:
        (n, k) places less ``minus``. A unit listed apart gets the place of the group's units that equal it, or the one above
        all that are worse.
    """
    minus_ = by_column(minus, x.shape[1])

    def rate(standing: Standing) -> FloatArray:
        lowest, highest = standing.worse + 1.0, np.maximum(standing.upto, standing.worse + 1.0)
        place = lowest if ties == "lowest" else highest if ties == "highest" else (lowest + highest) / 2
        return place - minus_[standing.columns, None]

    return _rate_by_place(x, counted, sign, relative_tolerance, rate)


def _rate_by_place(x: FloatArray, counted: BoolArray, sign: FloatArray, relative_tolerance: Numeric, rate: Rate) -> FloatArray:
    """Sort every column once, count who is worse and who is equal, and put the rates back in the units' order."""
    n, k = x.shape
    result = np.empty((n, k))
    tolerance = by_column(relative_tolerance, k)
    for columns in column_blocks(n, k):
        values = np.multiply(x[:, columns].T, sign[columns, None], order="C")
        missing = np.isnan(values)
        np.copyto(values, np.inf, where=missing)  # sorting is several times faster without NaN
        order = np.argsort(values, axis=1)
        order += n * np.arange(values.shape[0])[:, None]  # flat numbers of the cells
        values = values.ravel()[order]
        held = counted[:, columns].T
        margin = tolerance[columns, None]
        if (held | missing).all():
            standing = _standing_in_group(columns, values, held.sum(axis=1, dtype=np.int64)[:, None], margin)
        else:
            standing = _standing_beside_group(columns, values, held.ravel()[order], margin)
        rates = rate(standing)
        sorted_back = np.empty(rates.size)
        sorted_back[order] = rates
        sorted_back[missing.ravel()] = np.nan
        result[:, columns] = sorted_back.reshape(values.shape).T
    return result


def _standing_in_group(columns: slice, values: FloatArray, number: IntArray, tolerance: FloatArray) -> Standing:
    """Standing where everybody who has a value counts.

    Args:
        columns: Which columns these are.
        values: (k, n) ascending from worst to best, inf at the end for units without a value.
        number: (k, 1) how many values there are.
        tolerance: (k, 1) relative.

    Returns:
        The standing; without meaning where there is no value.
    """
    k, n = values.shape
    position = np.arange(n)
    differs = _differ(values[:, :-1], values[:, 1:], tolerance)
    if differs.all():
        return Standing(columns, np.broadcast_to(position, (k, n)), np.broadcast_to(position + 1, (k, n)), number)
    worse = np.zeros((k, n), dtype=np.int64)
    np.multiply(differs, position[1:], out=worse[:, 1:])
    np.maximum.accumulate(worse, axis=1, out=worse)
    upto = np.broadcast_to(number, (k, n)).copy()
    np.copyto(upto[:, :-1], position[1:], where=differs)
    np.minimum.accumulate(upto[:, ::-1], axis=1, out=upto[:, ::-1])
    return Standing(columns, worse, upto, number)


def _standing_beside_group(columns: slice, values: FloatArray, in_group: BoolArray, tolerance: FloatArray) -> Standing:
    """Standing where some units have a value and do not count.

    Sets of equal values are formed by the group alone. A value beside the group belongs to the set of the nearest group
    value that equals it, and else stands between two sets.

    Args:
        columns: Which columns these are.
        values: (k, n) ascending from worst to best, inf at the end for units without a value.
        in_group: (k, n) which of them count.
        tolerance: (k, 1) relative.

    Returns:
        The standing; without meaning where there is no value.
    """
    k, n = values.shape
    counts = np.cumsum(in_group, axis=1, dtype=np.int64)
    number = counts[:, -1:]
    below = np.full((k, n), -np.inf)  # the group's value before this one
    below[:, 1:] = np.maximum.accumulate(np.where(in_group, values, -np.inf), axis=1)[:, :-1]
    above = np.minimum.accumulate(np.where(in_group, values, np.inf)[:, ::-1], axis=1)[:, ::-1]
    apart = _differ(below, values, tolerance)

    starts = np.flatnonzero(in_group & apart)  # where a new set of equal values begins, over all columns
    if starts.size == 0:
        nobody = np.zeros((k, n), dtype=np.int64)
        return Standing(columns, nobody, nobody, number)
    column = starts // n
    worse_of_set = counts.ravel()[starts] - 1
    upto_of_set = np.append(worse_of_set[1:], 0)
    last = np.append(column[1:] != column[:-1], True)
    upto_of_set[last] = number[column[last], 0]
    begins = np.zeros(k * n, dtype=np.int64)
    begins[starts] = 1
    member = (np.cumsum(begins) - 1).reshape(k, n)
    next_member = np.minimum.accumulate(np.where(in_group, member, starts.size - 1)[:, ::-1], axis=1)[:, ::-1]

    equals_below = ~apart
    equals_above = ~_differ(values, above, tolerance) & np.isfinite(above)
    with np.errstate(invalid="ignore"):
        upwards = ~in_group & equals_above & (~equals_below | (above - values <= values - below))
    member = np.where(upwards, next_member, member)
    matched = in_group | equals_below | equals_above
    return Standing(
        columns,
        np.where(matched, worse_of_set[member], counts),
        np.where(matched, upto_of_set[member], counts),
        number,
    )


def _differ(smaller: FloatArray, larger: FloatArray, tolerance: FloatArray) -> BoolArray:
    """Whether neighbours in order of size are different values."""
    differ = larger > smaller
    if tolerance.any():
        with np.errstate(invalid="ignore"):
            differ &= ~(larger - smaller < tolerance * np.maximum(np.abs(larger), np.abs(smaller)))
    return differ
