"""Weights: who counts how much in its parent, before and after items leave (sections 4 and 7 of the format)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.layout import Layout, Level
from tongkao.scheme.model import Amounts

FloatArray = NDArray[np.float64]
StatusArray = NDArray[np.uint8]

#: what became of an item for one unit
STAYS, LEFT, LEFT_EQUALLY, WEIGHTLESS = 0, 1, 2, 3


@dataclass(frozen=True)
class Nominal:
    """What the scheme gives each unit, before anything left.

    Attributes:
        amounts: Points or weights as written, (n, N); the root's column is 0.
        shares: Share among siblings, (n, N), summing to 1 below each parent that counts; 1 for the root.
        full: Full mark in points, (n, N).
        weightless: Whether the item is taken out for the unit because it, or a node above, has amount 0, (n, N).
        own: Whether the amount is the unit's own (``weights.csv``), (n, N).
    """

    amounts: FloatArray
    shares: FloatArray
    full: FloatArray
    weightless: NDArray[np.bool_]
    own: NDArray[np.bool_]


def nominal(layout: Layout, units: pl.DataFrame, weights: pl.DataFrame, full_mark: float) -> Nominal:
    """Read points and weights off the scheme for each unit.

    Args:
        layout: The track's tree.
        units: The track's units in canonical order, n rows.
        weights: Rows of ``weights.csv`` of these units.
        full_mark: Points of the root.
    """
    n, size = units.height, len(layout.ids)
    amounts = np.zeros((n, size))
    own = np.zeros((n, size), bool)
    columns: dict[str, list[str]] = {}
    for column in range(1, size):
        given = layout.amounts(column)
        if isinstance(given, Amounts):
            if given.by not in columns:
                columns[given.by] = column_as_text(units[given.by])
            names = columns[given.by]
            by_name = {name: given.amount(name) or 0.0 for name in set(names)}
            amounts[:, column] = [by_name[name] for name in names]
        else:
            amounts[:, column] = given
    if weights.height:
        row_of = {unit: row for row, unit in enumerate(units["unit"].to_list())}
        column_of = {node: column for column, node in enumerate(layout.ids)}
        for unit, node, points, weight in weights.select("unit", "node", "points", "weight").iter_rows():
            if unit in row_of and node in column_of:
                amounts[row_of[unit], column_of[node]] = points if points is not None else weight
                own[row_of[unit], column_of[node]] = True
    shares, full = np.zeros((n, size)), np.zeros((n, size))
    shares[:, 0], full[:, 0] = 1.0, full_mark
    in_points = _in_points(layout)
    for level in reversed(layout.levels):
        children = slice(level.low, level.high)
        sums = np.add.reduceat(amounts[:, children], level.starts, axis=1)[:, level.child_parent]
        above = full[:, level.parents][:, level.child_parent]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares[:, children] = np.where(sums > 0, amounts[:, children] / sums, 0.0)
        # Points that add up to their parent's are the full marks themselves: no rounding noise from dividing and multiplying.
        as_written = in_points[children] & (np.abs(sums - above) <= 1e-9 * full_mark)
        full[:, children] = np.where(as_written, amounts[:, children], shares[:, children] * above)
    return Nominal(amounts, shares, full, full <= 0.0, own)


def _in_points(layout: Layout) -> NDArray[np.bool_]:
    return np.array([node is not None and node.points is not None for node in layout.nodes])


def column_as_text(column: pl.Series) -> list[str]:
    """Values of a unit column as the scheme writes them: whole numbers without a decimal point."""
    if column.dtype == pl.String:
        return [value or "" for value in column.to_list()]
    return ["" if value is None else format(value, ".15g") for value in column.to_list()]


@dataclass(frozen=True)
class Effective:
    """What counts after items left.

    Attributes:
        status: What became of each node, (n, N): :data:`STAYS`, :data:`LEFT`, :data:`LEFT_EQUALLY` or :data:`WEIGHTLESS`.
        shares: Share among the siblings that stay, (n, N), 0 for those that do not.
        full: Full mark in points after redistribution, (n, N), 0 for what does not stay.
    """

    status: StatusArray
    shares: FloatArray
    full: FloatArray


def redistribute(layout: Layout, given: Nominal, leaves: StatusArray | None) -> Effective:
    """Share the weight of items that left out to the siblings that stay.

    Among siblings the equal parts are shared out first, then the rest in proportion to the weights so enlarged. A node all of
    whose children left, or with too small a share of its children present, leaves in proportion.

    Args:
        layout: The track's tree.
        given: Nominal weights.
        leaves: Status of each leaf, (n, m), or None when nothing left anywhere.
    """
    status = np.where(given.weightless, np.uint8(WEIGHTLESS), np.uint8(STAYS))
    if leaves is None and not layout.least.any():
        return Effective(status, given.shares, np.where(given.weightless, 0.0, given.full))
    if leaves is not None:
        status[:, layout.leaves] = np.where(given.weightless[:, layout.leaves], WEIGHTLESS, leaves)
    shares = np.where(given.weightless, 0.0, given.shares)
    for level in layout.levels:
        _settle(layout, level, status, shares)
    full = given.full.copy()
    for level in reversed(layout.levels):
        children = slice(level.low, level.high)
        above = full[:, level.parents][:, level.child_parent]
        before = given.full[:, level.parents][:, level.child_parent]
        # What redistribution did not touch keeps its full mark exactly as written.
        same = (shares[:, children] == given.shares[:, children]) & (above == before)
        full[:, children] = np.where(same, given.full[:, children], shares[:, children] * above)
    full[status != STAYS] = 0.0
    return Effective(status, shares, full)


def _settle(layout: Layout, level: Level, status: StatusArray, shares: FloatArray) -> None:
    """Redistribute among the children of one depth and let the parents leave that have to."""
    children = slice(level.low, level.high)
    below = status[:, children]
    stays = below == STAYS
    counts = np.add.reduceat(stays, level.starts, axis=1, dtype=np.intp)
    weighing = np.add.reduceat(below != WEIGHTLESS, level.starts, axis=1, dtype=np.intp)
    gone = (counts == 0) | (counts < layout.least[level.parents] * weighing - 1e-9)
    parents = status[:, level.parents]
    status[:, level.parents] = np.where((parents == STAYS) & gone, LEFT, parents)
    current = shares[:, children]
    equally = below == LEFT_EQUALLY
    left = equally | (below == LEFT)
    if equally.any():
        pot = np.add.reduceat(np.where(equally, current, 0.0), level.starts, axis=1)
        current = current + (pot / np.maximum(counts, 1))[:, level.child_parent]
    kept = np.where(stays, current, 0.0)
    sums = np.add.reduceat(kept, level.starts, axis=1)[:, level.child_parent]
    touched = np.logical_or.reduceat(left, level.starts, axis=1)[:, level.child_parent]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares[:, children] = np.where(touched & (sums > 0), kept / sums, kept)
