"""Checks of sums: the points of the children add up to the parent's, for every class; weights are not all zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import fsum

from tongkao.scheme import check_messages as say
from tongkao.scheme.checking import Checking, families, near, tree_paths
from tongkao.scheme.model import Amounts, Branch, Leaf
from tongkao.scheme.positions import Path

OTHER = "*"
"""Stands for every value of a column that no table of points names."""
TOLERANCE = 1e-9
"""Of the full mark."""
KNOWN_COLUMNS = ("class", "track", "parent", "name_zh", "name_en")
"""Text columns that every table of units may have."""

Amount = float | Amounts
Row = dict[str, str]
"""A value for each unit column by which points or weights differ."""


def check_points(checking: Checking) -> None:
    """Check every table of points or weights, and every sum."""
    for name, track in checking.scheme.tracks.items():
        root: Path = ("tracks", name, "tree")
        for node, path in tree_paths(track.tree, root):
            for key in ("points", "weight"):
                amount = getattr(node, key)
                if isinstance(amount, Amounts):
                    _check_table(checking, name, amount, (*path, key), f"{node.id}.{key}")
        for parent, siblings, path in families(track.tree, root):
            _check_family(checking, name, parent, siblings, path)


def _check_table(checking: Checking, track: str, amounts: Amounts, path: Path, label: str) -> None:
    if not amounts.classes and amounts.default is None:
        checking.add(say.AMOUNTS_EMPTY, path, path=label)
    if not _is_class_column(checking, amounts.by):
        columns = checking.columns or {}
        if amounts.by not in columns:
            names = [*columns, "class"]
            checking.add(say.UNKNOWN_COLUMN, (*path, "by"), path=label, name=amounts.by, nearest=near(amounts.by, names))
        else:
            checking.add(say.COLUMN_OF_NUMBERS, (*path, "by"), path=label, name=amounts.by)
        return
    known = _known_values(checking, track, amounts.by)
    if known is None:
        return
    for name in amounts.classes:
        if name not in known:
            fields = {"path": label, "track": track, "name": name, "column": amounts.by}
            code = say.CLASS_WITHOUT_UNITS if amounts.by == "class" else say.VALUE_WITHOUT_UNITS
            checking.add(code, (*path, name), "key", **fields, nearest=near(name, known - set(amounts.classes)))
    if amounts.default is None:
        for value in sorted(known - set(amounts.classes)):
            code = say.CLASS_WITHOUT_AMOUNT if value else say.CLASSLESS_WITHOUT_AMOUNT
            checking.add(code, path, path=label, column=amounts.by, value=value)


def _is_class_column(checking: Checking, column: str) -> bool:
    """Whether units can be told apart by a column: it is not known to be absent or to hold numbers."""
    return column in KNOWN_COLUMNS or checking.columns is None or checking.columns.get(column) == "text"


def _known_values(checking: Checking, track: str, column: str) -> set[str] | None:
    """The values of a column among the units of a track, None where not known."""
    if column == "class" and checking.classes is not None:
        return set(checking.classes.get(track, ()))
    if checking.combinations is not None:
        return {row[0] for row in checking.combinations(track, (column,))}
    return None


def _check_family(
    checking: Checking, track: str, parent: Branch | None, siblings: list[tuple[Leaf | Branch, Path]], path: Path
) -> None:
    nodes = [node for node, _ in siblings]
    tables = [amount for node in (*nodes, *([parent] if parent else [])) for amount in (node.points, node.weight)]
    if not all(_is_class_column(checking, table.by) for table in tables if isinstance(table, Amounts)):
        return  # reported with the table
    if all(node.points is not None and node.weight is None for node in nodes):
        expected = parent.points if parent is not None else _full_mark(checking, track)
        if expected is not None:
            _check_sum(checking, track, parent, [node.points for node in nodes if node.points is not None], expected, path)
    elif all(node.weight is not None and node.points is None for node in nodes):
        own = None if parent is None else parent.points if parent.points is not None else parent.weight
        _check_weights(checking, track, parent, [node.weight for node in nodes if node.weight is not None], own, path)


def _check_sum(
    checking: Checking, track: str, parent: Branch | None, amounts: list[Amount], expected: Amount, path: Path
) -> None:
    full_mark = _full_mark(checking, track)
    wrong: dict[tuple[float, float], list[Row]] = {}
    for row in _rows(checking, track, [*amounts, expected]):
        parts, whole = [amount_of(amount, row) for amount in amounts], amount_of(expected, row)
        if whole is None or any(part is None for part in parts):
            continue  # reported where the table lacks the class
        total = fsum(part for part in parts if part is not None)
        if abs(total - whole) > TOLERANCE * full_mark:
            wrong.setdefault((total, whole), []).append(row)
    varies = any(isinstance(amount, Amounts) for amount in [*amounts, expected])
    for (total, whole), rows in wrong.items():
        who_zh, who_en = _who(rows) if varies else ("", "")
        fields = {
            "name": parent.id if parent is not None else track,
            "who_zh": who_zh,
            "who_en": who_en,
            "sum": total,
            "expected": whole,
            "difference": abs(total - whole),
        }
        if parent is None:
            checking.add(say.PAPERS_SHORT if total < whole else say.PAPERS_OVER, path, "key", **fields)
        else:
            checking.add(say.POINTS_SHORT if total < whole else say.POINTS_OVER, (*path, "points"), **fields)


def _full_mark(checking: Checking, track: str) -> float:
    return checking.scheme.tracks[track].full_mark or checking.scheme.full_mark


def _check_weights(
    checking: Checking, track: str, parent: Branch | None, amounts: list[Amount], own: Amount | None, path: Path
) -> None:
    varies = any(isinstance(amount, Amounts) for amount in amounts)
    rows = [
        row
        for row in _rows(checking, track, [*amounts, *([own] if own is not None else [])])
        if all(amount_of(amount, row) == 0 for amount in amounts) and (own is None or amount_of(own, row) != 0)
    ]
    if rows:
        who_zh, who_en = _who(rows) if varies else ("", "")
        key: Path = (*path, "children") if parent is not None else path
        name = parent.id if parent is not None else track
        checking.add(say.WEIGHTS_ZERO, key, "key", name=name, who_zh=who_zh, who_en=who_en)


def amount_of(amount: Amount, row: Row) -> float | None:
    """Points or weight for one row of unit columns, None where the table has no answer."""
    return amount.amount(row[amount.by]) if isinstance(amount, Amounts) else amount


def _rows(checking: Checking, track: str, amounts: list[Amount]) -> Iterator[Row]:
    """Every row of unit columns for which a sum must be right.

    Those that occur among the units where that is known; else every value that the tables name, and any other.
    """
    tables = [amount for amount in amounts if isinstance(amount, Amounts)]
    columns = tuple(dict.fromkeys(table.by for table in tables))
    if not columns:
        yield {}
        return
    named = {
        column: dict.fromkeys(name for table in tables if table.by == column for name in table.classes) for column in columns
    }
    if len(columns) > 1 and checking.combinations is not None:
        yield from _distinct(dict(zip(columns, row, strict=True)) for row in sorted(checking.combinations(track, columns)))
        return
    values = {column: _values(checking, track, column, named[column]) for column in columns}
    if len(columns) == 1:
        yield from ({columns[0]: value} for value in values[columns[0]])
        return
    yield from _distinct(_one_at_a_time(values))


def _values(checking: Checking, track: str, column: str, named: Iterable[str]) -> list[str]:
    known = _known_values(checking, track, column)
    return sorted({*known, *named}) if known is not None else [*named, OTHER]


def _one_at_a_time(values: dict[str, list[str]]) -> Iterator[Row]:
    """Which values of several columns occur together is not known: each column alone, the others unnamed."""
    for column, choices in values.items():
        for value in choices:
            yield {**dict.fromkeys(values, OTHER), column: value}


def _distinct(rows: Iterable[Row]) -> Iterator[Row]:
    seen: set[tuple[tuple[str, str], ...]] = set()
    for row in rows:
        key = tuple(sorted(row.items()))
        if key not in seen:
            seen.add(key)
            yield row


def _who(rows: list[Row]) -> tuple[str, str]:
    """Name the units whose sum is wrong, in both languages."""

    def one(row: Row, other: str, none: Callable[[str], str]) -> str:
        return " & ".join(
            other if value == OTHER else none(column) if value == "" else value if column == "class" else f"{column} {value}"
            for column, value in row.items()
        )

    zh = "、".join(one(row, "其他", lambda column: f"未填 {column}") for row in rows)
    en = ", ".join(one(row, "any other", lambda column: f"no {column}") for row in rows)
    return f"（{zh}）", f" ({en})"
