"""One marked track, and what the tables of statistics share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.marking import Marks
from tongkao.engine.values import TrackValues
from tongkao.robustness.statistics import Measured, Stage, measured

Array = NDArray[Any]
Columns = Mapping[str, Any]
Schema = Mapping[str, pl.DataType]

TEXT, NUMBER, COUNT = pl.String(), pl.Float64(), pl.Int64()

KENDALL_UNITS = 3000
"""Units beyond which Kendall's tau, whose work grows with their square, is left out."""
OUTRANKING_UNITS = 500
"""Units beyond which the outranking matrix is left out."""


@dataclass(frozen=True)
class TrackMarks:
    """A marked track.

    Attributes:
        name: Its id.
        marks: Its marking.
        values: Its look-up of values.
        order: Columns of the nodes as one reads the tree.
    """

    name: str
    marks: Marks
    values: TrackValues
    order: tuple[int, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Id of each node."""
        return self.marks.plan.layout.ids

    @cached_property
    def rates(self) -> Array:
        """Rates of the nodes, n × N, NaN for units that do not count and where there is none."""
        return np.where(self.at("rate").counted[:, None], self.marks.climbed.rates[self.marks.plan.main()], np.nan)

    @cached_property
    def _stages(self) -> dict[Stage, Measured]:
        return {}

    def at(self, stage: Stage) -> Measured:
        """The numbers of a stage."""
        if stage not in self._stages:
            self._stages[stage] = measured(self.marks, stage)
        return self._stages[stage]

    def leaf_id(self, leaf: int) -> str:
        """Id of an indicator."""
        return self.ids[int(self.marks.plan.layout.leaves[leaf])]

    def parent_id(self, leaf: int) -> str:
        """Id of the dimension of an indicator."""
        layout = self.marks.plan.layout
        return self.ids[int(layout.parent[layout.leaves[leaf]])]

    def label(self, leaf: int, part: int) -> str:
        """Id of an indicator, or of one part of a mix."""
        return f"{self.leaf_id(leaf)}[{part}]" if part else self.leaf_id(leaf)

    def tree_order(self, leaves: Array) -> Array:
        """Places of some columns in the order of the tree.

        Args:
            leaves: The leaf of each column.
        """
        place = {column: number for number, column in enumerate(self.order)}
        nodes = self.marks.plan.layout.leaves[leaves]
        return np.array(sorted(range(len(leaves)), key=lambda column: (place[int(nodes[column])], column)), np.intp)


def number(value: Any) -> float | None:
    """A number of a table: None for NaN and what is beyond all numbers."""
    found = float(value)
    return found if np.isfinite(found) else None


def share(part: int, whole: int) -> float | None:
    """A share, None of nothing."""
    return part / whole if whole else None
