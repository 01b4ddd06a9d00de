"""Earlier years' results as columns: places and tiers of last year, rows of good years (section 9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Past:
    """What is known of the units of a track from earlier years.

    Attributes:
        known: Whether a unit has any earlier result, (n,).
        rank_last: Last year's place, 0 where none.
        tier_last: Last year's tier, "" where none.
        tiers: For each unit the tier of each earlier year.
        year_before: Year of the marking before this one.
        step: Years from one marking to the next.
    """

    known: BoolArray
    rank_last: IntArray
    tier_last: tuple[str, ...]
    tiers: tuple[dict[int, str], ...]
    year_before: int
    step: int

    def streak(self, tier: str, now: Iterable[str]) -> IntArray:
        """Years in a row, this one included, in which each unit was in a tier."""
        counts = []
        for current, earlier in zip(now, self.tiers, strict=True):
            count = 0
            if current == tier:
                count = 1
                while earlier.get(self.year_before - (count - 1) * self.step) == tier:
                    count += 1
            counts.append(count)
        return np.array(counts, np.intp)

    def first_time(self, tier: str, now: Iterable[str]) -> BoolArray:
        """Whether each unit is in a tier now and never was in an earlier year."""
        return np.array(
            [current == tier and tier not in earlier.values() for current, earlier in zip(now, self.tiers, strict=True)], bool
        )


def read_past(unit_ids: list[str], history: pl.DataFrame, track: str, year: int, year_before: int | None = None) -> Past:
    """Look the units up in the table of earlier results; rows of this year or later are left aside.

    Args:
        unit_ids: The track's units in canonical order.
        history: The table of history.
        track: Id of the track.
        year: The scheme's year.
        year_before: Year of the marking before this one; None for the year before.
    """
    rows = history.filter((pl.col("track") == track) & (pl.col("year") < year))
    before = year - 1 if year_before is None else year_before
    row_of = {unit: row for row, unit in enumerate(unit_ids)}
    known = np.zeros(len(unit_ids), bool)
    rank_last = np.zeros(len(unit_ids), np.intp)
    tier_last = [""] * len(unit_ids)
    tiers: list[dict[int, str]] = [{} for _ in unit_ids]
    for when, unit, rank, tier in rows.select("year", "unit", "rank", "tier").iter_rows():
        row = row_of.get(unit)
        if row is None:
            continue
        known[row] = True
        if tier:
            tiers[row][when] = tier
        if when == before:
            rank_last[row] = rank or 0
            tier_last[row] = tier
    return Past(known, rank_last, tuple(tier_last), tuple(tiers), before, year - before)
