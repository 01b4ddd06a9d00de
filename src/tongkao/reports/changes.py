"""What changed between the data of two assessments, in numbers that fit on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tongkao.folder.assessment import Assessment
from tongkao.tables import EVENTS, HISTORY, NOMINATIONS, OBSERVATIONS, TARGETS, WEIGHTS, TableSpec

#: tables whose rows are counted as they are; units and observations are told in more detail
COUNTED: tuple[TableSpec, ...] = (TARGETS, EVENTS, HISTORY, WEIGHTS, NOMINATIONS)


@dataclass(frozen=True)
class Counts:
    """Rows that were added, removed or changed."""

    added: int = 0
    removed: int = 0
    changed: int = 0

    @property
    def any(self) -> bool:
        """Whether there is any."""
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Moved:
    """A unit that is in another track or class."""

    unit: str
    track_old: str
    track_new: str
    class_old: str
    class_new: str


@dataclass(frozen=True)
class DataChanges:
    """What changed in the tables.

    Attributes:
        added: Units that are new.
        removed: Units that are gone.
        moved: Units in another track or class.
        columns: Further unit columns, with the number of units for which they changed.
        observations: Observations by indicator.
        tables: Rows of the other tables by name.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: tuple[Moved, ...]
    columns: Mapping[str, Counts]
    observations: Mapping[str, Counts]
    tables: Mapping[str, Counts]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.removed or self.moved or self.columns or self.observations or self.tables)


def data_changes(old: Assessment, new: Assessment) -> DataChanges:
    """Compare the tables of two assessments.

    Only what can matter to a marking counts: names of units and sources of observations do not.

    Args:
        old: The earlier one.
        new: The later one.
    """
    before, after = old.units, new.units
    both = before.join(after, on="unit", suffix="_new")
    moved = both.filter((pl.col("track") != pl.col("track_new")) | (pl.col("class") != pl.col("class_new")))
    tables = {spec.name: _table(getattr(old, spec.name), getattr(new, spec.name), spec) for spec in COUNTED}
    return DataChanges(
        tuple(after.join(before, on="unit", how="anti")["unit"].sort()),
        tuple(before.join(after, on="unit", how="anti")["unit"].sort()),
        tuple(Moved(*row) for row in moved.sort("unit").select("unit", "track", "track_new", "class", "class_new").iter_rows()),
        _columns(before, after),
        _observations(old.observations, new.observations),
        {name: counts for name, counts in tables.items() if counts.any},
    )


def _columns(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, Counts]:
    """Changes of the parent and of further columns, for the units that are in both; a column that comes or goes counts too."""
    ignored = {"unit", "track", "class", "name_zh", "name_en"}
    names = sorted({*before.columns, *after.columns} - ignored)
    both = before.select("unit").join(after.select("unit"), on="unit").sort("unit")
    counts = {}
    for name in names:
        columns = [
            both.join(table, on="unit", how="left", maintain_order="left")[name].cast(pl.String)
            if name in table.columns
            else pl.Series([None] * both.height, dtype=pl.String)
            for table in (before, after)
        ]
        was, now = (column.replace("", None) for column in columns)
        count = Counts(
            int((was.is_null() & now.is_not_null()).sum()),
            int((was.is_not_null() & now.is_null()).sum()),
            int((was.is_not_null() & now.is_not_null() & (was != now)).sum()),
        )
        if count.any:
            counts[name] = count
    return counts


def _observations(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, Counts]:
    keys = list(OBSERVATIONS.key)
    both = before.join(after, on=keys, how="full", suffix="_new", coalesce=True)
    changed = pl.col("value").ne_missing(pl.col("value_new")) | (pl.col("state") != pl.col("state_new"))
    kinds = both.select(
        "indicator",
        added=pl.col("state").is_null(),
        removed=pl.col("state_new").is_null(),
        changed=pl.col("state").is_not_null() & pl.col("state_new").is_not_null() & changed,
    )
    sums = kinds.group_by("indicator").agg(pl.all().sum()).sort("indicator")
    return {row[0]: Counts(*row[1:]) for row in sums.iter_rows() if any(row[1:])}


def _table(before: pl.DataFrame, after: pl.DataFrame, spec: TableSpec) -> Counts:
    keys = list(spec.key)
    added = after.join(before, on=keys, how="anti", nulls_equal=True).height
    removed = before.join(after, on=keys, how="anti", nulls_equal=True).height
    values = [name for name in spec.columns if name not in spec.key]
    if not values:
        return Counts(added, removed)
    both = before.join(after, on=keys, suffix="_new", nulls_equal=True)
    changed = both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in values)).height
    return Counts(added, removed, changed)
