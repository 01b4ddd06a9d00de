"""How values move over the years, and whether that is for the better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Trends:
    """Change of n units on k indicators between the first and the last year that have a value, each (n, k).

    Attributes:
        counts: Years that have a value.
        first_years: The first of them, 0 where there is none.
        last_years: The last of them, 0 where there is none.
        first: Value in the first year, NaN where there is none.
        last: Value in the last year.
        growth: Compound annual growth rate; NaN with fewer than two years, from a value that is not above 0, or to one below 0.
        change: Mean yearly change in the unit of measure; NaN with fewer than two years.
        better: 1 where the change is for the better, -1 for the worse, 0 where there is none or it is not known.
    """

    counts: IntArray
    first_years: IntArray
    last_years: IntArray
    first: FloatArray
    last: FloatArray
    growth: FloatArray
    change: FloatArray
    better: IntArray


def trends(values: FloatArray, years: Sequence[int], sign: FloatArray) -> Trends:
    """Compare the first and the last year of every unit and indicator.

    Growth from zero or a negative value has no rate; COINr gives an infinite one there.

    Args:
        values: (T, n, k) values, NaN where there is none.
        years: The T years, ascending.
        sign: (k,) +1 where more is better, -1 where less is.
    """
    present = ~np.isnan(values)
    counts = present.sum(axis=0, dtype=np.int64)
    known = counts > 0
    number = len(years)
    calendar = np.array(years, np.int64)
    start = present.argmax(axis=0) if number else np.zeros(values.shape[1:], np.intp)
    end = number - 1 - present[::-1].argmax(axis=0) if number else start
    first, last = (
        np.take_along_axis(values, place[None], axis=0)[0] if number else np.full(place.shape, np.nan) for place in (start, end)
    )
    first_years, last_years = (np.where(known, calendar[place], 0) if number else place for place in (start, end))
    span = np.where(last_years > first_years, last_years - first_years, 1)
    two = last_years > first_years
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        growth = np.where(two & (first > 0) & (last >= 0), (last / first) ** (1.0 / span) - 1.0, np.nan)
        change = np.where(two, last / span - first / span, np.nan)
        better = np.where(two, np.sign(np.nan_to_num(last - first)) * sign, 0.0).astype(np.int64)
    growth[~np.isfinite(growth)] = np.nan
    return Trends(counts, first_years, last_years, first, last, growth, change, better)
