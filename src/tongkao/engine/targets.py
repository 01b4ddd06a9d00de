"""Target, baseline and challenge values as arrays: a unit's own row goes before the row for all units."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Which = Literal["target", "baseline", "challenge"]
FIELDS: tuple[Which, ...] = ("target", "baseline", "challenge")


class Targets:
    """The rows of ``targets.csv`` for some units.

    Args:
        units: Unit ids in canonical order.
        table: The table of targets, ``period`` filled in.
        year: The scheme's year; its targets serve the other years of a panel that have none of their own.
        panel: The years of a panel.
    """

    def __init__(self, units: list[str], table: pl.DataFrame, year: int, panel: Collection[int] = ()) -> None:
        self.n = len(units)
        self.year = str(year)
        self._panel = frozenset(panel)
        self._rows: dict[tuple[str, str], pl.DataFrame] = {}
        if table.height:
            places = pl.DataFrame(
                {"unit": ["", *units], "row": [-1, *range(self.n)]}, schema={"unit": pl.String, "row": pl.Int64}
            )
            known = table.join(places, on="unit", how="inner").sort("indicator", "period", "row")
            parts = known.partition_by("indicator", "period", as_dict=True)
            self._rows = {(str(indicator), str(period)): part for (indicator, period), part in parts.items()}

    def column(self, indicator: str, year: int, which: Which) -> FloatArray:
        """One kind of value for an indicator, (n,), NaN where there is none."""
        part = self._rows.get((indicator, str(year)))
        if part is None and year in self._panel:
            part = self._rows.get((indicator, self.year))
        values = np.full(self.n, np.nan)
        if part is None:
            return values
        rows, numbers = part["row"].to_numpy(), part[which].to_numpy()
        general = rows < 0
        if general.any():
            values[:] = numbers[general][0]
        values[rows[~general]] = numbers[~general]
        return values
