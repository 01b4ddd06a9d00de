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
        equal: (k, n) number of group units that equal it, itself too if it is in the group.
        number: (k, 1) size of the group.
    """

    columns: slice
    worse: IntArray
    equal: IntArray
    number: IntArray

    @property
    def better(self) -> IntArray:
        """(k, n) number of group units that are strictly better: the place less 1."""
        return self.number - self.worse - self.equal


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
            100.0 * (standing.worse + standing.equal / 2) / np.where(standing.number > 0, standing.number, np.nan)
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
        lowest, highest = standing.worse + 1.0, standing.worse + np.maximum(standing.equal, 1.0)
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
        order = np.argsort(values, axis=1)
        values = np.take_along_axis(values, order, axis=1)
        held = counted[:, columns]
        in_group = np.ones(values.shape, dtype=bool) if held.all() else np.take_along_axis(held.T, order, axis=1)
        worse, equal, number = _standing(values, in_group, tolerance[columns, None])
        rates = rate(Standing(columns, worse, equal, number))
        np.copyto(rates, np.nan, where=np.isnan(values))
        sorted_back = np.empty_like(values)
        np.put_along_axis(sorted_back, order, rates, axis=1)
        result[:, columns] = sorted_back.T
    return result


def _standing(values: FloatArray, in_group: BoolArray, tolerance: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Number of group units strictly worse than each value, number equal to it, and size of the group.

    Args:
        values: (k, n) ascending from worst to best, NaN at the end.
        in_group: (k, n) which of them count.
        tolerance: (k, 1) relative.

    Returns:
        (k, n), (k, n) and (k, 1) integers.
    """
    k, n = values.shape
    below = np.full((k, n), -np.inf)  # the counted value before this one
    everyone = bool(in_group.all())
    if everyone:
        below[:, 1:] = values[:, :-1]
    elif n:
        below[:, 1:] = np.maximum.accumulate(np.where(in_group, values, -np.inf), axis=1)[:, :-1]
    gap_below = values - below
    joined = _are_equal(gap_below, values, below, tolerance)
    counts = np.cumsum(in_group, axis=1, dtype=np.int64)
    number = counts[:, -1:] if n else np.zeros((k, 1), dtype=np.int64)

    starts = np.flatnonzero(in_group & ~joined)  # where a new set of equal values begins, over all columns
    if starts.size == 0:
        nobody = np.zeros((k, n), dtype=np.int64)
        return nobody, nobody, number
    column = starts // n
    first = counts.ravel()[starts] - 1  # how many are worse than the set
    upto = np.append(first[1:], 0)  # how many are worse than the next set
    closes = np.append(column[1:] != column[:-1], True)
    upto[closes] = number[column[closes], 0]
    begins = np.zeros(k * n, dtype=np.int64)
    begins[starts] = 1
    member = (np.cumsum(begins) - 1).reshape(k, n)
    if everyone:
        worse = first[member]
        return worse, upto[member] - worse, number

    above = np.minimum.accumulate(np.where(in_group, values, np.inf)[:, ::-1], axis=1)[:, ::-1]
    next_member = np.minimum.accumulate(np.where(in_group, member, starts.size - 1)[:, ::-1], axis=1)[:, ::-1]
    gap_above = above - values
    joined_above = _are_equal(gap_above, above, values, tolerance) & ~in_group
    upwards = joined_above & (~joined | (gap_above <= gap_below))
    member = np.where(upwards, next_member, member)
    matched = in_group | joined | joined_above
    worse = np.where(matched, first[member], counts)
    equal = np.where(matched, upto[member] - worse, 0)
    return worse, equal, number


def _are_equal(gap: FloatArray, larger: FloatArray, smaller: FloatArray, tolerance: FloatArray) -> BoolArray:
    equal = gap <= 0
    if tolerance.any():
        with np.errstate(invalid="ignore"):
            equal |= gap < tolerance * np.maximum(np.abs(larger), np.abs(smaller))
    return equal
