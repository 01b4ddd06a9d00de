"""Up the tree for many runs at once, a node at a time; for trees that are no single product of matrices.

Values of leaves do not differ between runs, so the children of a node that are leaves take part as one product; those that are
nodes themselves are added one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.layout import Layout
from tongkao.scheme.model import Aggregate, Power

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Transform = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Family:
    """A node and its children, for some units.

    Attributes:
        parent: Column of the node.
        aggregate: How it combines them.
        leaves: Columns of the children that are leaves, (a,).
        rates: Their rates, (a, k), transformed where the mean needs it; 0 where they do not stay.
        present: Whether they stay, (a, k) as numbers; None where all do.
        inner: Columns of the children that are nodes.
        open: Whether a child that is a node is missing for any unit.
        counts: Which units the node stays for, (k,); None where for all.
        bad: Leaves with a rate that the mean cannot take, (a,).
    """

    parent: int
    aggregate: Aggregate
    leaves: IntArray
    rates: FloatArray
    present: FloatArray | None
    inner: tuple[int, ...]
    open: bool
    counts: BoolArray | None
    bad: BoolArray


def families(layout: Layout, rates: FloatArray, stays: BoolArray) -> list[Family]:
    """The nodes of a tree from the deepest up, with the rates of their leaves.

    Args:
        layout: The tree.
        rates: (k, m) rates of the leaves of some units, 0 where they do not stay.
        stays: (k, N) whether each node stays.
    """
    leaf_of = {int(column): leaf for leaf, column in enumerate(layout.leaves)}
    made = []
    for level in layout.levels:
        for position, parent in enumerate(level.parents):
            first = int(level.low + level.starts[position])
            children = range(first, first + int(level.sizes[position]))
            leaves = np.array([column for column in children if column in leaf_of], np.intp)
            inner = tuple(column for column in children if column not in leaf_of)
            aggregate = layout.aggregates[parent]
            here = stays[:, leaves].T
            own = rates[:, [leaf_of[column] for column in leaves.tolist()]].T
            forward, _, positive = _transforms(aggregate)
            wrong = here & (own <= 0) if positive else np.zeros(own.shape, bool)
            with np.errstate(divide="ignore", invalid="ignore"):
                changed = np.where(here & ~wrong, forward(np.where(here & ~wrong, own, 1.0)), 0.0)
            made.append(
                Family(
                    int(parent),
                    aggregate,
                    leaves,
                    np.ascontiguousarray(changed),
                    None if here.all() else here.astype(np.float64),
                    inner,
                    bool(inner) and not stays[:, list(inner)].all(),
                    None if stays[:, parent].all() else stays[:, parent].copy(),
                    np.asarray(wrong.any(axis=1)),
                )
            )
    return made


def _same(x: FloatArray) -> FloatArray:
    return x


def _transforms(aggregate: Aggregate) -> tuple[Transform, Transform, bool]:
    """What is done to rates before they are averaged, what undoes it, and whether rates must be positive."""
    if aggregate == "geometric":
        return np.log, np.exp, True
    if aggregate == "harmonic":
        return np.reciprocal, np.reciprocal, True
    if isinstance(aggregate, Power):
        p = aggregate.power
        if p == 0:
            return np.log, np.exp, False
        return (lambda x: x**p), (lambda x: x ** (1.0 / p)), False
    return _same, _same, False


def climb(tree: list[Family], stays: BoolArray, amounts: FloatArray) -> tuple[dict[int, FloatArray], BoolArray, BoolArray]:
    """Rates of every inner node.

    Args:
        tree: The families, deepest first.
        stays: (k, N) whether each node stays.
        amounts: (runs, N) amounts of the nodes.

    Returns:
        Rates (runs, k) of each inner node by column, without meaning where it does not stay; (runs,) whether a run cannot be
        marked for a rate that a mean cannot take; (runs,) whether a run has to be marked by itself because a node that stays
        has no weight below it, or a mean has no value.
    """
    values: dict[int, FloatArray] = {}
    failed = np.zeros(len(amounts), bool)
    alone = np.zeros(len(amounts), bool)
    for family in tree:
        forward, backward, positive = _transforms(family.aggregate)
        if family.aggregate == "min":
            values[family.parent] = _least(family, stays, amounts, values)
        else:
            weights = np.ascontiguousarray(amounts[:, family.leaves])
            if family.bad.any():
                failed |= (weights[:, family.bad] > 0).any(axis=1)
            sums = weights @ family.rates
            if family.present is None:
                whole = np.add.reduce(weights, axis=1)[:, None] + np.zeros((1, sums.shape[1]) if family.open else (1, 1))
            else:
                whole = weights @ family.present
            for column in family.inner:
                weight = amounts[:, column][:, None]
                value = values[column]
                if family.open:
                    weight = weight * stays[:, column]
                if positive:
                    wrong = (value <= 0) & (weight > 0)
                    if wrong.any():
                        failed |= wrong.any(axis=1)
                        value = np.where(value <= 0, 1.0, value)
                with np.errstate(divide="ignore", invalid="ignore"):
                    changed = forward(value)
                if family.open:
                    changed = np.where(weight > 0, changed, 0.0)
                sums += weight * changed
                whole = whole + weight
            empty = whole <= 0
            if empty.any():
                alone |= (np.broadcast_to(empty, sums.shape) & (True if family.counts is None else family.counts)).any(axis=1)
                whole = np.where(empty, 1.0, whole)
            sums /= whole
            with np.errstate(divide="ignore", invalid="ignore"):
                values[family.parent] = backward(sums)
        if family.aggregate != "arithmetic":
            # Only means of powers can have no value; a run in which one has none is settled by the engine.
            none = ~np.isfinite(values[family.parent])
            if none.any():
                alone |= (none & (True if family.counts is None else family.counts)).any(axis=1)
                values[family.parent] = np.where(none, 1.0, values[family.parent])
    return values, failed, alone & ~failed


def _least(family: Family, stays: BoolArray, amounts: FloatArray, values: dict[int, FloatArray]) -> FloatArray:
    """The least rate among the children that weigh anything."""
    least = np.full((len(amounts), len(stays)), np.inf)
    for place, column in enumerate(family.leaves):
        counts = (amounts[:, column] > 0)[:, None] & stays[:, column]
        least = np.where(counts, np.minimum(least, family.rates[place]), least)
    for column in family.inner:
        counts = (amounts[:, column] > 0)[:, None] & stays[:, column]
        least = np.where(counts, np.minimum(least, values[column]), least)
    return least
