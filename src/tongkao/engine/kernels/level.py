"""Rates from the value itself, compared with the group's values: identity, min-max, ratio to the best, z-score, deduction.

``x`` is units × columns, NaN = no value; ``counted`` says which units have a value and are in the comparison group; ``sign``
is +1 where more is better and -1 where less is. Rates are NaN where ``x`` is, and where a value has no answer (nobody to
compare with, division by zero). Cap and floor bite last; ``inf`` and ``-inf`` mean none.
"""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels.arrays import (
    CACHED_COLUMNS,
    BoolArray,
    FloatArray,
    Numeric,
    by_column,
    column_blocks,
    finish,
    is_constant,
    limit,
    row_blocks,
    shared,
)
from tongkao.engine.kernels.statistics import extremes, row_means, sort_columns, spread_of_rows, worst_and_best


def identity(x: FloatArray, *, cap: Numeric = np.inf, floor: Numeric = -np.inf) -> FloatArray:
    """The value itself is the rate.

    Args:
        x: (n, k) values, NaN where there is none.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates.
    """
    rates = x.copy()
    limit(rates, cap, floor)
    return rates


def minmax(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    low: Numeric = 0.0,
    high: Numeric = 100.0,
    worst: Numeric | None = None,
    best: Numeric | None = None,
    cap: Numeric = np.inf,
    floor: Numeric = -np.inf,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """Linear between the worst value (rate ``low``) and the best (rate ``high``): the efficacy coefficient with ``low=60``.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        low: Rate of the worst value.
        high: Rate of the best value.
        worst: Goalpost in place of the group's worst value; NaN entries are taken from the group.
        best: Goalpost in place of the group's best value; NaN entries are taken from the group.
        cap: Highest rate.
        floor: Lowest rate.
        relative_tolerance: A range below this share of the larger magnitude counts as none.

    Returns:
        (n, k) rates. Where best equals worst, everybody gets ``high``. Without a group and without goalposts: NaN.
    """
    n, k = x.shape
    everyone = bool(counted.all())
    worst_, best_ = _ends(x, counted, sign, worst, best)
    constant = is_constant(worst_, best_, relative_tolerance)
    start, width = low, high - low
    with np.errstate(over="ignore", invalid="ignore"):
        span = best_ - worst_
        if constant.any():  # dividing by infinity puts everybody at the start, which then is ``high``
            start, width, span = np.where(constant, high, low), np.where(constant, 0.0, width), np.where(constant, np.inf, span)
        start, width = shared(start), shared(width)
        free = everyone and worst is None and best is None and _within(start, width, cap, floor)
        rates = np.empty((n, k))
        for rows in row_blocks(n, k):
            block = rates[rows]
            np.subtract(x[rows], worst_, out=block)
            block /= span
            block *= width
            block += start
            if not free:
                limit(block, cap, floor)
    return rates


def _ends(
    x: FloatArray, counted: BoolArray, sign: FloatArray, worst: Numeric | None, best: Numeric | None
) -> tuple[FloatArray, FloatArray]:
    """Worst and best value of every column: the goalposts, and the group's where there is none."""
    if worst is None and best is None:
        return worst_and_best(x, counted, sign)
    k = x.shape[1]
    given_worst = by_column(np.nan if worst is None else worst, k)
    given_best = by_column(np.nan if best is None else best, k)
    if not (np.isnan(given_worst) | np.isnan(given_best)).any():
        return given_worst, given_best
    worst_, best_ = worst_and_best(x, counted, sign)
    return np.where(np.isnan(given_worst), worst_, given_worst), np.where(np.isnan(given_best), best_, given_best)


def _within(start: Numeric, width: Numeric, cap: Numeric, floor: Numeric) -> bool:
    """Whether rates between both ends can break neither limit."""
    end = start + width
    return bool(np.all(np.maximum(start, end) <= cap) and np.all(np.minimum(start, end) >= floor))


def ratio_to_best(
    x: FloatArray, counted: BoolArray, sign: FloatArray, *, cap: Numeric = np.inf, floor: Numeric = -np.inf
) -> FloatArray:
    """Proportion to the first: 100·x/best, and 100·best/x where less is better.

    Args:
        x: (n, k) values, NaN where there is none; meant for values above zero.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates; NaN where the divisor is zero or nobody counts.
    """
    _, best = worst_and_best(x, counted, sign)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rates = x / np.where(best == 0, np.nan, best)
        down = np.flatnonzero(sign < 0)
        if down.size:
            divisor = x[:, down]
            rates[:, down] = best[down] / np.where(divisor == 0, np.nan, divisor)
        rates *= 100.0
    return finish(rates, cap, floor)


def deduct(x: FloatArray, *, per: Numeric = 1.0, floor: Numeric = -np.inf) -> FloatArray:
    """Deduct to zero: 100 - per·x; the direction of the indicator does not matter.

    Args:
        x: (n, k) what is deducted for, usually a number of cases; NaN where there is none.
        per: Rate for one unit of value.
        floor: Lowest rate.

    Returns:
        (n, k) rates.
    """
    rates = x * np.negative(per)
    rates += 100.0
    return finish(rates, np.inf, floor)


def zscore(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    *,
    mean: Numeric = 0.0,
    sd: Numeric = 1.0,
    relative_tolerance: Numeric = 0.0,
) -> FloatArray:
    """Standard score: mean + sd·(x - x̄)/s, s with n-1, the difference turned round where less is better.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        mean: Rate of the group's mean.
        sd: Rate for one standard deviation.
        relative_tolerance: A range below this share of the larger magnitude counts as none.

    Returns:
        (n, k) rates; ``mean`` where s is zero or only one unit counts, NaN where nobody does.
    """
    n, k = x.shape
    centre, spread = np.empty(k), np.empty(k)
    lowest, highest = extremes(x, counted)
    for columns in column_blocks(n, k, elements=CACHED_COLUMNS):
        values, number = sort_columns(x[:, columns], counted[:, columns])
        centre[columns] = row_means(values, number)
        spread[columns] = spread_of_rows(values, number)
    flat = is_constant(lowest, highest, relative_tolerance) | (spread == 0)  # s may underflow to 0
    spread = np.where(flat, np.inf, spread)
    factor = np.broadcast_to(np.multiply(sd, sign), (k,))
    rates = np.empty((n, k))
    with np.errstate(over="ignore"):
        for rows in row_blocks(n, k):
            block = rates[rows]
            np.subtract(x[rows], centre, out=block)
            block /= spread
            block *= factor
            block += mean
    return rates


def distance_to_reference(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    reference: FloatArray,
    *,
    cap: Numeric = np.inf,
    floor: Numeric = -np.inf,
) -> FloatArray:
    """How far from the group's worst value to the value of a reference unit: 100·(x - worst)/(reference - worst).

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        reference: (k,) value of the reference unit, NaN where it has none.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates; NaN where the reference is missing or is itself the worst value.
    """
    worst, _ = worst_and_best(x, counted, sign)
    span = reference - worst
    span[span == 0] = np.nan
    with np.errstate(over="ignore"):
        rates = x - worst
        rates /= span
        rates *= 100.0
    return finish(rates, cap, floor)
