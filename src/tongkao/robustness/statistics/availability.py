"""How much of what is asked for is there: by unit, by indicator, by dimension and by group of units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, IntArray

Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Availability:
    """Counts of cells, all of one shape.

    Attributes:
        asked: Cells that should hold a value: the item has a weight for the unit.
        present: Cells that hold one.
        not_applicable: Cells of items that do not exist for the unit.
        zeros: Cells whose value is zero.
    """

    asked: IntArray
    present: IntArray
    not_applicable: IntArray
    zeros: IntArray

    @property
    def missing(self) -> IntArray:
        """Cells that should hold a value and hold none."""
        return self.asked - self.present - self.not_applicable

    @property
    def shares(self) -> FloatArray:
        """Share of the asked cells that hold a value, NaN where nothing is asked."""
        return _share(self.present, self.asked)

    @property
    def non_zero_shares(self) -> FloatArray:
        """Share of the values that are not zero, NaN where there is none."""
        return _share(self.present - self.zeros, self.present)


def count_available(
    x: FloatArray,
    members: BoolArray,
    *,
    asked: BoolArray | None = None,
    not_applicable: BoolArray | None = None,
) -> Availability:
    """Count by unit and node.

    Args:
        x: (n, m) own values of the indicators, NaN where there is none.
        members: (m, N) whether an indicator lies below a node; a column for each node to count, an indicator's with itself only.
        asked: (n, m) whether the unit should have a value; by default all should.
        not_applicable: (n, m) whether there is no such thing for the unit.

    Returns:
        Counts (n, N).
    """
    asked = np.ones(x.shape, bool) if asked is None else asked
    present = asked & ~np.isnan(x)
    inapplicable = np.zeros(x.shape, bool) if not_applicable is None else not_applicable & asked & ~present
    below = members.astype(np.float64)

    def counted(cells: BoolArray) -> IntArray:
        return np.rint(cells.astype(np.float64) @ below).astype(np.int64)

    return Availability(counted(asked), counted(present), counted(inapplicable), counted(present & (x == 0)))


def by_group(found: Availability, groups: Codes, number: int) -> Availability:
    """Add the counts of the units of each group.

    Args:
        found: Counts (n, N).
        groups: (n,) code of each unit's group, from 0.
        number: How many groups there are.

    Returns:
        Counts (groups, N).
    """

    def added(counts: IntArray) -> IntArray:
        sums = np.zeros((number, counts.shape[1]), np.int64)
        np.add.at(sums, groups, counts)
        return sums

    return Availability(added(found.asked), added(found.present), added(found.not_applicable), added(found.zeros))


def _share(part: IntArray, whole: IntArray) -> FloatArray:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
