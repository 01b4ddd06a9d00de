"""Weights of a unit's own: read, and checked to add up under each parent as the scheme's own points must."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tongkao.errors import nearest, show
from tongkao.folder import messages as say
from tongkao.folder.cells import texts
from tongkao.folder.coded import (
    Codes,
    UnitIndex,
    column,
    empty_cells,
    in_order,
    not_negative,
    repeated,
    rows_of,
    unknown_units,
)
from tongkao.folder.found import Findings, Found, Rows
from tongkao.scheme.model import Amounts, Branch, Node, Scheme, Track, branches, leaves
from tongkao.tables import WEIGHTS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Family:
    """A parent and its children; the parent is None at the top of a track."""

    parent: Branch | None
    children: Sequence[Node]


def read_weights(table: Found, scheme: Scheme | None, units: UnitIndex, frame: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Check the weights of units' own and bring them into canonical form.

    Args:
        table: As it was found.
        scheme: The scheme, None where there is no sound one.
        units: Units by id.
        frame: The table of units, for columns that decide points.
        findings: Takes the problems.

    Returns:
        The canonical table; of use only where there is no problem.
    """
    before = findings.count
    points, weight = not_negative(table, "points", findings), not_negative(table, "weight", findings)
    unit, node = column(table, "unit"), column(table, "node")
    lacking = [empty_cells(table, "unit", unit, findings), empty_cells(table, "node", node, findings)]
    unknown_units(table, "unit", unit, units, findings)
    order = repeated(table, "node", (unit, node), findings, lacking=lacking)
    has_points, has_weight = _filled(table, "points", points), _filled(table, "weight", weight)
    findings.rows(say.WEIGHT_NEITHER, table, rows_of(~has_points & ~has_weight), "points")
    findings.rows(say.WEIGHT_BOTH, table, rows_of(has_points & has_weight), "weight")
    given = {"unit": texts(table, "unit"), "node": texts(table, "node"), "points": points, "weight": weight}
    own = pl.DataFrame(given, schema=WEIGHTS.schema())
    if scheme is not None and units.trusted:
        for track_id, track in scheme.tracks.items():
            _nodes(table, track_id, track, unit, node, units, own, findings)
        if findings.count == before:
            for track_id, track in scheme.tracks.items():
                _sums(table, scheme, track_id, track, unit, node, units, own, frame, findings)
    return in_order(own, order)


def _filled(table: Found, name: str, values: pl.Series) -> pl.Series:
    if name not in table.frame.columns:
        return values.is_not_null()
    return values.is_not_null() | (texts(table, name).str.len_bytes() > 0)


def _families(track: Track) -> Iterator[_Family]:
    yield _Family(None, track.tree)
    for branch in branches(track.tree):
        yield _Family(branch, branch.children)


def _nodes(
    table: Found, track_id: str, track: Track, unit: Codes, node: Codes, units: UnitIndex, own: pl.DataFrame, findings: Findings
) -> None:
    """Check that a unit's nodes are in its tree, and that siblings do not mix points and weights."""
    here = np.array([units.tracks.get(name) == track_id for name in unit.names] or [False])[unit.codes]
    nodes: list[Node] = [*branches(track.tree), *leaves(track.tree)]
    known = {item.id for item in nodes}
    wrong = np.array([bool(name) and name not in known for name in node.names] or [False])[node.codes]
    rows = np.flatnonzero(here & wrong)

    def fields(at: int) -> dict[str, object]:
        name = node.name(rows[at])
        return {"track": track_id, "node": name, "nearest": nearest(name, known)}

    findings.rows(say.UNKNOWN_NODE, table, rows, "node", fields)
    for kind, other in (("points", "weight"), ("weight", "points")):
        by_other = {
            child.id
            for family in _families(track)
            for child in family.children
            if any(getattr(sibling, other) is not None for sibling in family.children)
        }
        mixed = np.array([name in by_other for name in node.names] or [False])[node.codes]
        given = own.get_column(kind).is_not_null().to_numpy()
        at_fault = np.flatnonzero(here & mixed & given)

        def mixed_fields(at: int, at_fault: Rows = at_fault, kind: str = kind, other: str = other) -> dict[str, object]:
            return {"node": node.name(at_fault[at]), "scheme_kind": other, "kind": kind}

        findings.rows(say.WEIGHT_MIXED, table, at_fault, kind, mixed_fields)


def _sums(
    table: Found,
    scheme: Scheme,
    track_id: str,
    track: Track,
    unit: Codes,
    node: Codes,
    units: UnitIndex,
    own: pl.DataFrame,
    frame: pl.DataFrame,
    findings: Findings,
) -> None:
    """Check that the points of each listed unit add up under each parent, class points standing in for those not listed."""
    listed = [name for name in unit.names if units.tracks.get(name) == track_id]
    if not listed:
        return
    of_listed = {name: position for position, name in enumerate(listed)}
    position = np.array([of_listed.get(name, -1) for name in unit.names])[unit.codes]
    first_row = np.full(len(listed), -1)
    for row in np.flatnonzero(position >= 0)[::-1]:
        first_row[position[row]] = row
    table_of_units = pl.DataFrame({"unit": listed}).join(frame, on="unit", how="left", maintain_order="left")

    def amounts(item: Node, kind: str) -> Floats:
        amount = getattr(item, kind)
        values = np.full(len(listed), np.nan)
        if isinstance(amount, Amounts):
            classes = (
                table_of_units.get_column(amount.by).cast(pl.String).to_list() if amount.by in table_of_units.columns else []
            )
            for place, name in enumerate(classes):
                found = amount.amount(name or "")
                values[place] = np.nan if found is None else found
        elif amount is not None:
            values[:] = amount
        if item.id in node.names:
            rows = np.flatnonzero((node.codes == node.names.index(item.id)) & (position >= 0))
            given = own.get_column(kind).to_numpy()[rows]
            there = ~np.isnan(given)
            values[position[rows[there]]] = given[there]
        return values

    for family in _families(track):
        full = track.full_mark if track.full_mark is not None else scheme.full_mark
        parent = np.full(len(listed), full) if family.parent is None else amounts(family.parent, "points")
        name = "total" if family.parent is None else family.parent.id
        children = np.array([amounts(child, "points") for child in family.children])
        total = children.sum(axis=0)
        off = ~np.isnan(total) & ~np.isnan(parent) & (parent > 0) & (np.abs(total - parent) > 1e-9 * np.maximum(1.0, parent))
        wrong = np.flatnonzero(off)
        rows = first_row[wrong]
        by_row = np.argsort(rows)

        def fields(
            at: int, wrong: Rows = wrong[by_row], total: Floats = total, parent: Floats = parent, name: str = name
        ) -> dict[str, object]:
            which = wrong[at]
            gap = total[which] - parent[which]
            difference = f"+{show(float(gap))}" if gap > 0 else show(float(gap))
            return {
                "unit": listed[which],
                "parent": name,
                "found": float(total[which]),
                "expected": float(parent[which]),
                "difference": difference,
            }

        findings.rows(say.WEIGHT_SUM, table, rows[by_row], "points", fields)
        weights = np.array([amounts(child, "weight") for child in family.children])
        empty = np.flatnonzero(weights.sum(axis=0) == 0)
        rows = first_row[empty]
        findings.rows(
            say.WEIGHT_ALL_ZERO,
            table,
            rows,
            "weight",
            lambda at, empty=empty, name=name: {"unit": listed[empty[at]], "parent": name},  # type: ignore[misc]
        )
