"""Treatment of outliers and skewed columns before scoring: winsorise, clip, logarithms, Box-Cox, and the two steps of OECD/JRC.

``x`` is units × columns, NaN = no value. ``counted`` says whose values decide (None = every value that is there); the other
values are treated by the constants so found and decide nothing. Statistics and constants never depend on the order of the
units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import CACHED_COLUMNS, BoolArray, FloatArray, IntArray, Numeric, by_column, column_blocks
from tongkao.engine.kernels.statistics import extremes, shape_of_rows, sort_columns

LogVariant = Literal["shift", "signed_shift", "plain"]

WINSORISED_HIGH = 1
"""Mark of a cell that the first step pulled down to the new largest value."""
WINSORISED_LOW = 2
"""Mark of a cell that the first step pulled up to the new smallest value."""
LOGGED = 4
"""Mark of a cell whose logarithm was taken; unless steps are combined, of its original value."""

NOT_JUDGED = -1
FAILED = 0
PASSED = 1


@dataclass(frozen=True)
class Treated:
    """Treated columns and what was decided.

    Attributes:
        values: (n, k) treated values.
        marks: (n, k) uint8, sum of the marks of each cell.
        skewness: (3, k) before, after the first step, after the second; NaN where that step was not taken.
        kurtosis: (3, k) likewise, excess.
        passed: (3, k) int8 ``PASSED``, ``FAILED`` or ``NOT_JUDGED`` (step not taken, or no skewness: constant or too short).
        winsorised_high: (k,) counted cells that the first step pulled down.
        winsorised_low: (k,) counted cells that the first step pulled up.
        logged: (k,) whether the second step was taken.
        left_alone: (k,) whether the column failed but stays as it was, because winsorising would have made it constant.
    """

    values: FloatArray
    marks: NDArray[np.uint8]
    skewness: FloatArray
    kurtosis: FloatArray
    passed: NDArray[np.int8]
    winsorised_high: IntArray
    winsorised_low: IntArray
    logged: BoolArray
    left_alone: BoolArray


def winsorise(
    x: FloatArray,
    *,
    max: int = 5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    counted: BoolArray | None = None,
    may_become_constant: bool = False,
) -> Treated:
    """Pull in the farthest values, one value at a time, until the column passes or ``max`` cells are changed.

    A column passes when abs(skewness) < ``skew`` or kurtosis < ``kurtosis``. All cells equal to the largest value take the
    next smaller value; with a negative skewness all cells equal to the smallest take the next larger. Ties go together, so
    that more than ``max`` cells may be changed in the end. Columns that are constant or have fewer than three values are not
    judged.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008); Becker et al. (2022), COINr, JOSS 7(78), 4567.

    Args:
        x: (n, k) values, NaN where there is none.
        max: No further value is pulled in once so many cells are changed.
        skew: Limit of the skewness.
        kurtosis: Limit of the excess kurtosis.
        counted: (n, k) whose values decide.
        may_become_constant: Take a column down to a single value, where else it is left as it was.

    Returns:
        Treated columns and what was decided.
    """
    return _treat(x, counted, max, skew, kurtosis, None, combine=False, guard=not may_become_constant)


def coin(
    x: FloatArray,
    *,
    max: int = 5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    combine: bool = False,
    log: LogVariant = "shift",
    counted: BoolArray | None = None,
) -> Treated:
    """Winsorise, and where that does not suffice take the logarithm of the original column.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008); Becker et al. (2022), COINr, JOSS 7(78), 4567.

    Args:
        x: (n, k) values, NaN where there is none.
        max: No further value is pulled in once so many cells are changed.
        skew: Limit of the skewness.
        kurtosis: Limit of the excess kurtosis.
        combine: Take the logarithm of the winsorised column instead.
        log: Which logarithm.
        counted: (n, k) whose values decide.

    Returns:
        Treated columns and what was decided.
    """
    return _treat(x, counted, max, skew, kurtosis, log, combine=combine, guard=True)


def clip(x: FloatArray, *, low: Numeric = -np.inf, high: Numeric = np.inf) -> FloatArray:
    """Limit the values to ``low`` and ``high``; NaN stays NaN."""
    return np.minimum(np.maximum(x, low), high)


def log_plain(x: FloatArray) -> FloatArray:
    """Natural logarithm; NaN (no answer) for values ≤ 0."""
    return np.log(np.where(x > 0, x, np.nan))


def log_shift(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """log(x - min + 0.01·(max - min)) by column; constant columns stay as they are.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whose values give minimum and maximum; a value below that minimum is treated as the minimum.

    Returns:
        (n, k) values.
    """
    lowest, highest = extremes(x, ~np.isnan(x) if counted is None else counted)
    return _log(x, lowest, highest, np.zeros(x.shape[1], dtype=bool))


def signed_log_shift(x: FloatArray, counted: BoolArray | None = None) -> FloatArray:
    """As :func:`log_shift`, but -log(max + 0.01·(max - min) - x) where the skewness is not positive; constant columns stay.

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whose values give minimum, maximum and skewness; a value outside their range is treated as the end.

    Returns:
        (n, k) values.
    """
    present = ~np.isnan(x) if counted is None else counted
    lowest, highest = extremes(x, present)
    skewness = shape_of_rows(*sort_columns(x, present))[0]
    return _log(x, lowest, highest, skewness <= 0)


def boxcox(x: FloatArray, *, exponent: Numeric = 0.0, counted: BoolArray | None = None) -> FloatArray:
    """Box-Cox transformation of x - min + 1: (y**exponent - 1)/exponent, log(y) for exponent 0.

    Source: Box and Cox (1964), An analysis of transformations, J. R. Stat. Soc. B 26(2); the shift as in COINr.

    Args:
        x: (n, k) values, NaN where there is none.
        exponent: For all columns or one a column.
        counted: (n, k) whose values give the minimum; a value below it is treated as the minimum.

    Returns:
        (n, k) values.
    """
    lowest, _ = extremes(x, ~np.isnan(x) if counted is None else counted)
    shifted = np.maximum(x - lowest, 0.0) + 1.0
    power = by_column(exponent, x.shape[1])
    logarithm = power == 0
    divisor = np.where(logarithm, 1.0, power)
    with np.errstate(over="ignore"):
        return np.where(logarithm, np.log(shifted), (shifted**divisor - 1.0) / divisor)


def _log(x: FloatArray, lowest: FloatArray, highest: FloatArray, mirrored: BoolArray) -> FloatArray:
    shift = 0.01 * (highest - lowest)
    # a value beyond the decisive end would have no logarithm, or one far below all others
    argument = np.where(mirrored, np.maximum(highest - x, 0.0), np.maximum(x - lowest, 0.0)) + shift
    with np.errstate(divide="ignore"):
        logarithm = np.log(argument)
    return np.where(shift == 0, x, np.where(mirrored, -logarithm, logarithm))


def _treat(
    x: FloatArray,
    counted: BoolArray | None,
    most: int,
    skew: float,
    kurtosis: float,
    log: LogVariant | None,
    *,
    combine: bool,
    guard: bool,
) -> Treated:
    n, k = x.shape
    result = Treated(
        values=x.copy(),
        marks=np.zeros((n, k), dtype=np.uint8),
        skewness=np.full((3, k), np.nan),
        kurtosis=np.full((3, k), np.nan),
        passed=np.full((3, k), NOT_JUDGED, dtype=np.int8),
        winsorised_high=np.zeros(k, dtype=np.int64),
        winsorised_low=np.zeros(k, dtype=np.int64),
        logged=np.zeros(k, dtype=bool),
        left_alone=np.zeros(k, dtype=bool),
    )
    for block in column_blocks(n, k, elements=CACHED_COLUMNS):
        values, number = sort_columns(x[:, block], None if counted is None else counted[:, block])
        columns = np.arange(block.start, block.stop)
        passed = _judge(result, 0, columns, values, number, skew, kurtosis)
        failing = np.flatnonzero(passed == FAILED)
        if failing.size == 0:
            continue
        columns, values, number = columns[failing], values[failing], number[failing]
        low, high = _pull_in(result, columns, values, number, most, skew, kurtosis, guard=guard)
        _apply_ends(result, x, columns, low, high)
        if log is None:
            continue
        again = np.flatnonzero((result.passed[1, columns] == FAILED) & ~result.left_alone[columns])
        if again.size:
            columns, values, number, low, high = columns[again], values[again], number[again], low[again], high[again]
            source = result.values[:, columns] if combine else x[:, columns]
            if combine:
                values = np.clip(values, low[:, None], high[:, None])
            _take_logarithm(result, columns, source, values, number, log, skew, kurtosis)
    return result


def _judge(
    result: Treated, step: int, columns: IntArray, values: FloatArray, number: IntArray, skew: float, kurtosis: float
) -> NDArray[np.int8]:
    """Write skewness, kurtosis and verdict of a step into the record."""
    skewness_, kurtosis_ = shape_of_rows(values, number)
    passed = _verdict(skewness_, kurtosis_, skew, kurtosis)
    result.skewness[step, columns], result.kurtosis[step, columns] = skewness_, kurtosis_
    result.passed[step, columns] = passed
    return passed


def _verdict(skewness: FloatArray, kurtosis_: FloatArray, skew: float, kurtosis: float) -> NDArray[np.int8]:
    verdict = np.where((np.abs(skewness) < skew) | (kurtosis_ < kurtosis), PASSED, FAILED).astype(np.int8)
    verdict[np.isnan(skewness)] = NOT_JUDGED
    return verdict


def _pull_in(
    result: Treated,
    columns: IntArray,
    values: FloatArray,
    number: IntArray,
    most: int,
    skew: float,
    kurtosis: float,
    *,
    guard: bool,
) -> tuple[FloatArray, FloatArray]:
    """Find the ends to which the values of failing columns are pulled in; the loop is over pulls, all columns at once.

    Args:
        result: The record; step one is written into it.
        columns: (f,) numbers of the failing columns.
        values: (f, n) their values in ascending order, NaN at the end.
        number: (f,) how many values they have.
        most: Cells that may be changed.
        skew: Limit of the skewness.
        kurtosis: Limit of the kurtosis.
        guard: Leave a column as it was rather than make it constant.

    Returns:
        Lowest and highest value that stay, (f,) each; infinite where nothing is pulled in.
    """
    low, high = np.full(columns.size, -np.inf), np.full(columns.size, np.inf)
    bottom, top = values[:, 0].copy(), np.take_along_axis(values, number[:, None] - 1, axis=1)[:, 0]
    skewness, kurtosis_ = result.skewness[0, columns], result.kurtosis[0, columns]
    verdict = result.passed[0, columns]
    pulled = np.zeros((2, columns.size), dtype=np.int64)
    active = np.arange(columns.size) if most > 0 else np.arange(0)
    while active.size:
        rows = values[active]
        from_top = skewness[active] >= 0
        under = (rows < top[active, None]).sum(axis=1)
        upto = (rows <= bottom[active, None]).sum(axis=1)
        next_end = np.take_along_axis(rows, np.where(from_top, under - 1, upto)[:, None], axis=1)[:, 0]
        constant = next_end == np.where(from_top, bottom[active], top[active])
        if guard:
            result.left_alone[columns[active[constant]]] = True
            kept = ~constant
            active, rows, from_top, next_end = active[kept], rows[kept], from_top[kept], next_end[kept]
            under, upto = under[kept], upto[kept]
        top[active] = np.where(from_top, next_end, top[active])
        bottom[active] = np.where(from_top, bottom[active], next_end)
        high[active] = np.where(from_top, next_end, high[active])
        low[active] = np.where(from_top, low[active], next_end)
        pulled[0, active] = np.where(from_top, number[active] - under, pulled[0, active])
        pulled[1, active] = np.where(from_top, pulled[1, active], upto)
        clipped = np.clip(rows, bottom[active, None], top[active, None])
        skewness[active], kurtosis_[active] = shape_of_rows(clipped, number[active])
        verdict[active] = _verdict(skewness[active], kurtosis_[active], skew, kurtosis)
        active = active[(verdict[active] == FAILED) & (pulled[:, active].sum(axis=0) < most)]
    alone = result.left_alone[columns]
    low[alone], high[alone], pulled[:, alone] = -np.inf, np.inf, 0
    taken = ~alone
    result.skewness[1, columns[taken]] = skewness[taken]
    result.kurtosis[1, columns[taken]] = kurtosis_[taken]
    result.passed[1, columns[taken]] = verdict[taken]
    result.winsorised_high[columns], result.winsorised_low[columns] = pulled
    return low, high


def _apply_ends(result: Treated, x: FloatArray, columns: IntArray, low: FloatArray, high: FloatArray) -> None:
    """Pull in the cells beyond the ends, those of units that do not count too, and mark them."""
    source = x[:, columns]
    result.values[:, columns] = clip(source, low=low, high=high)
    marks = np.zeros(source.shape, dtype=np.uint8)
    marks[source > high] = WINSORISED_HIGH
    marks[source < low] = WINSORISED_LOW
    result.marks[:, columns] = marks


def _take_logarithm(
    result: Treated,
    columns: IntArray,
    source: FloatArray,
    values: FloatArray,
    number: IntArray,
    log: LogVariant,
    skew: float,
    kurtosis: float,
) -> None:
    """Second step: logarithm of the columns that still fail, with the constants of their counted values."""
    if log == "plain":
        treated, ordered = log_plain(source), log_plain(values)
    else:
        lowest, highest = values[:, 0], np.take_along_axis(values, number[:, None] - 1, axis=1)[:, 0]
        mirrored = shape_of_rows(values, number)[0] <= 0 if log == "signed_shift" else np.zeros(columns.size, dtype=bool)
        treated = _log(source, lowest, highest, mirrored)
        ordered = _log(values.T, lowest, highest, mirrored).T
    result.values[:, columns] = treated
    result.marks[:, columns] += np.where(np.isnan(source), 0, LOGGED).astype(np.uint8)
    result.logged[columns] = True
    if log == "plain":  # values without a logarithm leave the front of the row
        ordered = np.sort(ordered, axis=1)
        number = (~np.isnan(ordered)).sum(axis=1)
    _judge(result, 2, columns, ordered, number, skew, kurtosis)
