"""Weights: who counts how much in its parent, before and after items leave (sections 4 and 7 of the format)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import row_blocks
from tongkao.engine.layout import IntArray, Layout, Level
from tongkao.scheme.model import Amounts

FloatArray = NDArray[np.float64]
StatusArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)

#: what became of an item for one unit
STAYS, LEFT, LEFT_EQUALLY, WEIGHTLESS = 0, 1, 2, 3


@dataclass(frozen=True)
class Nominal:
    """What the scheme gives each unit, before anything left.

    Units with the same weights share a profile: a class, or a unit with weights of its own. There are few profiles, however
    many units there are.

    Attributes:
        profiles: Profile of each row, (rows,).
        amounts: Points or weights as written, (profiles, N); the root's column is 0.
        shares: Share among siblings, (profiles, N), summing to 1 below each parent that counts; 1 for the root.
        full: Full mark in points, (profiles, N).
        weightless: Whether the item is taken out because it, or a node above, has amount 0, (profiles, N).
        own: Whether the amount is the unit's own (``weights.csv``), (profiles, N).
    """

    profiles: IntArray
    amounts: FloatArray
    shares: FloatArray
    full: FloatArray
    weightless: BoolArray
    own: BoolArray

    def of_rows(self, values: NDArray[Scalar], rows: slice | IntArray = slice(None)) -> NDArray[Scalar]:
        """Spread something of the profiles over rows; a single profile is one row that stands for all."""
        return values if len(values) == 1 else values[self.profiles[rows]]

    def repeat(self, times: int) -> Nominal:
        """The same weights for so many years."""
        return Nominal(np.tile(self.profiles, times), self.amounts, self.shares, self.full, self.weightless, self.own)


def nominal(layout: Layout, units: pl.DataFrame, weights: pl.DataFrame, full_mark: float) -> Nominal:
    """Read points and weights off the scheme.

    Args:
        layout: The track's tree.
        units: The track's units in canonical order, n rows.
        weights: Rows of ``weights.csv``.
        full_mark: Points of the root.
    """
    unit_ids: list[str] = units["unit"].to_list()
    given = [layout.amounts(column) for column in range(1, len(layout.ids))]
    by = sorted({amounts.by for amounts in given if isinstance(amounts, Amounts)})
    own_rows = weights.filter(pl.col("unit").is_in(unit_ids) & pl.col("node").is_in(layout.ids))
    own_units = set(own_rows["unit"].to_list())
    keys = list(
        zip([unit if unit in own_units else "" for unit in unit_ids], *(column_as_text(units[name]) for name in by), strict=True)
    )
    order = {key: profile for profile, key in enumerate(sorted(set(keys)))}
    profiles = np.array([order[key] for key in keys], np.intp)
    amounts = np.zeros((len(order), len(layout.ids)))
    own = np.zeros(amounts.shape, bool)
    for column, each in enumerate(given, start=1):
        if isinstance(each, Amounts):
            place = 1 + by.index(each.by)
            amounts[:, column] = [each.amount(key[place]) or 0.0 for key in order]
        else:
            amounts[:, column] = each
    profile_of = {key[0]: profile for key, profile in order.items()}
    column_of = {node: column for column, node in enumerate(layout.ids)}
    for unit, node, points, weight in own_rows.select("unit", "node", "points", "weight").iter_rows():
        cell = profile_of[unit], column_of[node]
        amounts[cell] = points if points is not None else weight
        own[cell] = True
    shares, full = _shares(layout, amounts, full_mark)
    return Nominal(profiles, amounts, shares, full, full <= 0.0, own)


def _shares(layout: Layout, amounts: FloatArray, full_mark: float) -> tuple[FloatArray, FloatArray]:
    """Shares among siblings and full marks, from the root down."""
    shares, full = np.zeros(amounts.shape), np.zeros(amounts.shape)
    shares[:, 0], full[:, 0] = 1.0, full_mark
    in_points = np.array([node is not None and node.points is not None for node in layout.nodes])
    for level in reversed(layout.levels):
        children = slice(level.low, level.high)
        sums = np.add.reduceat(amounts[:, children], level.starts, axis=1)[:, level.child_parent]
        above = full[:, level.parents][:, level.child_parent]
        with np.errstate(divide="ignore", invalid="ignore"):
            shares[:, children] = np.where(sums > 0, amounts[:, children] / sums, 0.0)
        # Points that add up to their parent's are the full marks themselves: no noise from dividing and multiplying.
        as_written = in_points[children] & (np.abs(sums - above) <= 1e-9 * full_mark)
        full[:, children] = np.where(as_written, amounts[:, children], shares[:, children] * above)
    return shares, full


def column_as_text(column: pl.Series) -> list[str]:
    """Values of a unit column as the scheme writes them: whole numbers without a decimal point."""
    if column.dtype == pl.String:
        return [value or "" for value in column.to_list()]
    return ["" if value is None else format(value, ".15g") for value in column.to_list()]


@dataclass(frozen=True)
class Block:
    """Some rows after redistribution.

    Attributes:
        status: What became of each node, (rows, N).
        shares: Share among the siblings that stay, (rows, N) or one row for all; 0 for those that do not stay.
        complete: Whether every node stays in every row.
    """

    status: StatusArray
    shares: FloatArray
    complete: bool


class Effective:
    """What counts after items left; worked out block by block, and as whole arrays only when somebody asks.

    Among siblings the equal parts of those that left are shared out first, then the rest in proportion to the weights so
    enlarged. A node all of whose children left, or with too small a share of its children present, leaves in proportion.

    Args:
        layout: The track's tree.
        given: Nominal weights.
        leaves: Status of each leaf, rows × m, or None when nothing left anywhere.
    """

    def __init__(self, layout: Layout, given: Nominal, leaves: StatusArray | None) -> None:
        self.layout = layout
        self.given = given
        self.leaves = leaves
        self.rows = len(given.profiles)

    @cached_property
    def simple(self) -> bool:
        """Whether weights go on in proportion only, and no node asks for a least share of children."""
        return not self.layout.least.any() and (self.leaves is None or not (self.leaves == LEFT_EQUALLY).any())

    def block(self, rows: slice) -> Block:
        """Redistribute in some rows."""
        layout, given = self.layout, self.given
        weightless = np.broadcast_to(given.of_rows(given.weightless, rows), (rows.stop - rows.start, len(layout.ids)))
        none = not weightless.any()
        if self.leaves is None and not layout.least.any():
            status = np.where(weightless, np.uint8(WEIGHTLESS), np.uint8(STAYS))
            shares: FloatArray = given.of_rows(given.shares, rows)
            return Block(status, shares if none else np.where(weightless, 0.0, shares), none)
        status = np.where(weightless, np.uint8(WEIGHTLESS), np.uint8(STAYS))
        if self.leaves is not None:
            own = self.leaves[rows]
            status[:, layout.leaves] = own if none else np.where(weightless[:, layout.leaves], WEIGHTLESS, own)
        shares = np.array(np.broadcast_to(given.of_rows(given.shares, rows), status.shape))
        if not none:
            shares[weightless] = 0.0
        for level in layout.levels:
            _settle(layout, level, status, shares)
        return Block(status, shares, bool((status == STAYS).all()))

    def full_of(self, rows: slice, block: Block) -> FloatArray:
        """Full marks of some rows, 0 for what does not stay."""
        layout, given = self.layout, self.given
        written: FloatArray = np.broadcast_to(given.of_rows(given.full, rows), block.status.shape)
        if block.complete and self.leaves is None:
            return written
        before: FloatArray = np.broadcast_to(given.of_rows(given.shares, rows), block.status.shape)
        shares = np.broadcast_to(block.shares, block.status.shape)
        full = written.copy()
        for level in reversed(layout.levels):
            children = slice(level.low, level.high)
            above = full[:, level.parents][:, level.child_parent]
            nominal_above = written[:, level.parents][:, level.child_parent]
            # What redistribution did not touch keeps its full mark exactly as written.
            same = (shares[:, children] == before[:, children]) & (above == nominal_above)
            full[:, children] = np.where(same, written[:, children], shares[:, children] * above)
        full[block.status != STAYS] = 0.0
        return full

    def _whole(self, dtype: type[Scalar], of_block: Callable[[slice, Block], NDArray[Scalar]]) -> NDArray[Scalar]:
        result = np.empty((self.rows, len(self.layout.ids)), dtype)
        for rows in row_blocks(self.rows, len(self.layout.ids)):
            result[rows] = of_block(rows, self.block(rows))
        return result

    @cached_property
    def status(self) -> StatusArray:
        """What became of each node, rows × N: :data:`STAYS`, :data:`LEFT`, :data:`LEFT_EQUALLY` or :data:`WEIGHTLESS`."""
        return self._whole(np.uint8, lambda _, block: block.status)

    @cached_property
    def shares(self) -> FloatArray:
        """Share among the siblings that stay, rows × N, 0 for those that do not."""
        return self._whole(np.float64, lambda _, block: block.shares)

    @cached_property
    def full(self) -> FloatArray:
        """Full mark in points after redistribution, rows × N, 0 for what does not stay."""
        return self._whole(np.float64, self.full_of)


def _settle(layout: Layout, level: Level, status: StatusArray, shares: FloatArray) -> None:
    """Redistribute among the children of one depth and let the parents leave that have to."""
    children = slice(level.low, level.high)
    below = status[:, children]
    stays = below == STAYS
    if stays.all() and not layout.least.any():
        return
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
    sums = np.add.reduceat(kept, level.starts, axis=1)
    # Parents none of whose children left keep their shares exactly as written.
    sums[~np.logical_or.reduceat(left, level.starts, axis=1) | (sums <= 0)] = 1.0
    shares[:, children] = kept / sums[:, level.child_parent]
