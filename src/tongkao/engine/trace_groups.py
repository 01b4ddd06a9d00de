"""What a value is compared with: count, best, worst, mean and spread of the comparison group, and the place in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.marking import Marks

FIELDS = ("group_count", "group_best", "group_worst", "group_mean", "group_sd", "group_place")


def group_statistics(marks: Marks, columns: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
    """Count, best, worst, mean and standard deviation of each leaf's comparison group, and the unit's place in it."""
    plan, rows = marks.plan, marks.plan.main()
    x = marks.prepared.treated
    if x.shape[1] != len(plan.columns):
        return {}
    n, m = len(plan.unit_ids), len(columns)
    result = {field: np.full((n, m), np.nan) for field in FIELDS}
    compares = np.array([plan.indicators[plan.columns[column].leaf].compare for column in columns])
    for compare in np.unique(compares):
        chosen = np.flatnonzero(compares == compare)
        codes = plan.compare_codes(str(compare))
        for code in np.unique(codes[rows]):
            members = np.flatnonzero(codes == code)
            here = np.flatnonzero(codes[rows] == code)
            values = x[np.ix_(members, columns[chosen])]
            counted = ~np.isnan(values) & plan.ranked[members][:, None]
            signs = np.array([plan.columns[column].sign for column in columns[chosen]])
            mine = np.ix_(here, chosen)
            for field, statistic in _statistics(values, counted, signs).items():
                result[field][mine] = statistic
            own = x[rows][np.ix_(here, columns[chosen])]
            result["group_place"][mine] = _place_among(own, values, counted, signs)
    return result


def _statistics(
    values: NDArray[np.float64], counted: NDArray[np.bool_], signs: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    count = counted.sum(axis=0).astype(np.float64)
    highest = np.where(counted, values, -np.inf).max(axis=0, initial=-np.inf)
    lowest = np.where(counted, values, np.inf).min(axis=0, initial=np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(counted, values, 0.0).sum(axis=0) / count
        deviation = np.where(counted, values - mean, 0.0)
        spread = np.sqrt((deviation * deviation).sum(axis=0) / (count - 1))
    best, worst = np.where(signs > 0, highest, lowest), np.where(signs > 0, lowest, highest)
    nothing = count == 0
    return {
        "group_count": count,
        "group_best": np.where(nothing, np.nan, best),
        "group_worst": np.where(nothing, np.nan, worst),
        "group_mean": np.where(nothing, np.nan, mean),
        "group_sd": np.where(count < 2, np.nan, spread),
    }


def _place_among(
    own: NDArray[np.float64], values: NDArray[np.float64], counted: NDArray[np.bool_], signs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """1 + the number of counted values that are better, nearly equal ones not."""
    result = np.full(own.shape, np.nan)
    for column in range(own.shape[1]):
        group = np.sort(signs[column] * values[counted[:, column], column])
        mine = signs[column] * own[:, column]
        better = len(group) - np.searchsorted(group, mine + 1e-9 * np.abs(mine), side="right")
        result[:, column] = np.where(np.isnan(mine), np.nan, 1 + better)
    return result
