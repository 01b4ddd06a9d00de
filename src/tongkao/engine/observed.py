"""Observations as arrays: every name and year a column over all units, looked up once and kept."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.tables import USED_STATES

FloatArray = NDArray[np.float64]
StateArray = NDArray[np.uint8]

#: states of a value inside the engine
PRESENT, MISSING, NOT_APPLICABLE = 0, 1, 2


class Observed:
    """The observations of some units, ordered for look-up by year and name.

    Args:
        units: Unit ids in canonical order; their places are the rows of every array.
        observations: The table of observations.
    """

    def __init__(self, units: list[str], observations: pl.DataFrame) -> None:
        self.n = len(units)
        unit_codes = pl.DataFrame(
            {"unit": units, "row": np.arange(self.n, dtype=np.int64)}, schema={"unit": pl.String, "row": pl.Int64}
        )
        self.names: list[str] = observations["indicator"].unique().sort().to_list()
        self._code = {name: code for code, name in enumerate(self.names)}
        name_codes = pl.DataFrame(
            {"indicator": self.names, "name": np.arange(len(self.names), dtype=np.int64)},
            schema={"indicator": pl.String, "name": pl.Int64},
        )
        table = (
            observations.lazy()
            .join(unit_codes.lazy(), on="unit", how="inner")
            .join(name_codes.lazy(), on="indicator", how="inner")
            .select(
                "row",
                "name",
                pl.col("value"),
                pl.col("period").str.slice(0, 4).cast(pl.Int64).alias("year"),
                pl.col("period").str.slice(5).alias("within"),
                pl.when(pl.col("state") == "not_applicable")
                .then(pl.lit(NOT_APPLICABLE, pl.UInt8))
                .when(pl.col("state").is_in(USED_STATES))
                .then(pl.lit(PRESENT, pl.UInt8))
                .otherwise(pl.lit(MISSING, pl.UInt8))
                .alias("code"),
                "state",
            )
            .collect()
        )
        self._annual = {
            year: part for (year,), part in table.filter(pl.col("within") == "").partition_by("year", as_dict=True).items()
        }
        self._parts = {
            (year, self.names[name]): part
            for (year, name), part in table.filter(pl.col("within") != "").partition_by("year", "name", as_dict=True).items()
        }
        self._matrices: dict[int, tuple[FloatArray, StateArray]] = {}

    @property
    def years(self) -> list[int]:
        """Years that have any value, of their own or of their months and quarters, ascending."""
        return sorted({*self._annual, *(year for year, _ in self._parts)})

    def __contains__(self, name: str) -> bool:
        return name in self._code

    def annual(self, name: str, year: int) -> tuple[FloatArray, StateArray]:
        """Values (n,) of a name in a year, NaN where there is none, and their states (n,)."""
        if name not in self._code or year not in self._annual:
            return np.full(self.n, np.nan), np.full(self.n, MISSING, np.uint8)
        values, states = self._matrix(year)
        column = self._code[name]
        return values[column], states[column]

    def periods(self, name: str, year: int) -> tuple[FloatArray, StateArray]:
        """Months or quarters of a year.

        Returns:
            Values (n, p) of a name in the order of time, NaN where there is none; and what a unit without any value is, (n,):
            not applicable where every month it reported is so, else missing.
        """
        part = self._parts.get((year, name))
        if part is None:
            return np.empty((self.n, 0)), np.full(self.n, MISSING, np.uint8)
        labels = sorted(part["within"].unique().to_list())
        place = {label: column for column, label in enumerate(labels)}
        values = np.full((self.n, len(labels)), np.nan)
        used = part.filter(pl.col("code") == PRESENT)
        columns = np.array([place[label] for label in used["within"].to_list()], np.intp)
        values[used["row"].to_numpy(), columns] = used["value"].to_numpy()
        rows = part["row"].to_numpy()
        inapplicable = np.bincount(rows, weights=part["code"].to_numpy() == NOT_APPLICABLE, minlength=self.n)
        reported = np.bincount(rows, minlength=self.n)
        states = np.where((reported > 0) & (inapplicable == reported), NOT_APPLICABLE, MISSING).astype(np.uint8)
        return values, states

    def _matrix(self, year: int) -> tuple[FloatArray, StateArray]:
        """All names of a year at once, (names, n), so that each name is one contiguous row."""
        if year not in self._matrices:
            part = self._annual[year]
            values = np.full((len(self.names), self.n), np.nan)
            states = np.full((len(self.names), self.n), MISSING, np.uint8)
            rows, names = part["row"].to_numpy(), part["name"].to_numpy()
            codes = part["code"].to_numpy()
            values[names, rows] = part["value"].to_numpy()
            states[names, rows] = codes
            values[states != PRESENT] = np.nan
            self._matrices[year] = values, states
        return self._matrices[year]
