"""A scheme in the sheets ``scheme``, ``tree`` and ``indicators``: read as the YAML text that says the same.

Each line of the text comes from one cell, so that whatever is found wrong with the text is reported at its cell, and the text
is what is kept with the results. ``docs/how-to/workbook.md`` describes the sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tongkao.errors import Place
from tongkao.errors import nearest as nearest_name
from tongkao.folder import file_messages as file_say
from tongkao.folder import messages as say
from tongkao.folder.cell_text import BadText, binding_cell, free_cell, key_text, mapping_cell, text_cell
from tongkao.folder.cells import text_of
from tongkao.folder.found import Findings
from tongkao.folder.workbook import SCHEME_SHEETS, Sheet, Workbook, is_blank

#: columns of the three sheets with their Chinese names
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "scheme": {"key": ("项目", "键"), "value": ("内容", "值")},
    "indicators": {
        "indicator": ("指标", "指标代码"),
        "title_zh": ("名称", "指标名称"),
        "title_en": ("英文名称",),
        "unit_of_measure": ("计量单位",),
        "owner": ("责任单位",),
        "basis": ("依据",),
        "value": ("算式",),
        "denominate": ("分母",),
        "direction": ("方向",),
        "compare": ("比较范围",),
        "score": ("计分方法", "赋分方法"),
        "missing": ("缺报处理",),
        "not_applicable": ("不适用处理",),
        "treat": ("极端值处理",),
        "binding": ("约束",),
    },
    "tree": {
        "track": ("序列", "考核序列"),
        "node": ("节点",),
        "parent": ("上级", "上级节点"),
        "title_zh": ("名称",),
        "title_en": ("英文名称",),
        "points": ("分值",),
        "weight": ("权重",),
        "by": ("区分列",),
        "aggregate": ("合成方法",),
        "least_available": ("最低可用份额",),
    },
}
_NEEDED = {"scheme": ("key", "value"), "indicators": ("indicator", "score"), "tree": ("track", "node")}
_REMARKS = ("note", "notes", "备注", "说明")
_BY_CLASS = re.compile(r"(points|weight|分值|权重)\s*[ :：/]\s*(.+)\Z", re.I)
_DIRECTIONS = {"正向": "up", "逆向": "down"}
_TEXT_KEYS = frozenset(("id", "title", "zh", "en", "when", "require", "unit_of_measure", "owner", "basis", "value"))
_KEY = re.compile(r"[^\s.\[\]]+(\.[^\s.\[\]]+)*(\[\])?\Z")


@dataclass(frozen=True)
class SheetScheme:
    """A scheme that was made from sheets.

    Attributes:
        text: Its YAML text.
        places: Cell of each line of the text.
    """

    text: str
    places: tuple[Place, ...]

    def cell(self, place: Place) -> Place:
        """The cell that a place in the text comes from; a place without a line stays as it is."""
        return self.places[place.line - 1] if 0 < place.line <= len(self.places) else place


@dataclass
class Entry:
    """A value of the scheme: a line of text, or parts by key, or a list."""

    place: Place
    text: str | None = None
    parts: dict[str, Entry] = field(default_factory=dict)
    items: list[Entry] = field(default_factory=list)


def _lines(entry: Entry, depth: int) -> Iterator[tuple[str, Place]]:
    """YAML lines of what is in an entry, each with its place."""
    indent = "  " * depth
    for key, part in entry.parts.items():
        if part.text is not None:
            yield f"{indent}{key_text(key)}: {part.text}", part.place
        elif part.parts or part.items:
            yield f"{indent}{key_text(key)}:", part.place
            yield from _lines(part, depth + 1)
    for item in entry.items:
        if item.text is not None:
            yield f"{indent}- {item.text}", item.place
            continue
        first = True
        for line, place in _lines(item, depth + 1):
            yield (f"{indent}- {line.lstrip()}" if first else line), place
            first = False


def read_scheme_sheets(workbook: Workbook, findings: Findings) -> SheetScheme | None:
    """Read a scheme from a workbook.

    Args:
        workbook: The workbook.
        findings: Takes the problems of the sheets' form; those of the scheme itself are found in its text.

    Returns:
        The text with its places, None after a problem.
    """
    before = sum(problem.severity == "error" for problem in findings.problems)
    sheets = {}
    for name in SCHEME_SHEETS:
        named = workbook.named(name)
        if not named:
            findings.add(file_say.MISSING_SCHEME_SHEET, Place(file=workbook.file), sheet=name)
        elif len(named) > 1:
            findings.add(file_say.FOUND_TWICE, Place(file=workbook.file, sheet=named[1]), name=name, places=named)
        else:
            sheets[name] = workbook.sheet(named[0], findings)
    tables = {name: _Table.read(name, sheet, findings) for name, sheet in sheets.items() if sheet is not None}
    root = Entry(Place(file=workbook.file))
    complete = [table for table in tables.values() if table is not None]
    for table in complete:
        if table.name == "scheme":
            _read_keys(table, root, findings)
    for table in complete:
        if table.name == "indicators":
            _read_indicators(table, root, findings)
    for table in complete:
        if table.name == "tree":
            _read_trees(table, root, findings)
    if len(complete) < len(SCHEME_SHEETS) or sum(problem.severity == "error" for problem in findings.problems) > before:
        return None
    root.parts.setdefault("tongkao", Entry(Place(file=workbook.file, sheet=tables["scheme"].sheet.name), "1"))  # type: ignore[union-attr]
    lines = list(_lines(root, 0))
    return SheetScheme("".join(f"{line}\n" for line, _ in lines), tuple(place for _, place in lines))


@dataclass(frozen=True)
class _Table:
    """Rows of one of the sheets, by the names of their columns."""

    name: str
    sheet: Sheet
    columns: Mapping[str, int]
    by_class: Mapping[str, Mapping[str, int]]
    rows: tuple[int, ...]

    @classmethod
    def read(cls, name: str, sheet: Sheet, findings: Findings) -> _Table | None:
        """Find the header and the columns of a sheet."""
        filled = [row for row, cells in enumerate(sheet.cells) if not is_blank(cells)]
        if not filled:
            findings.add(file_say.EMPTY_SHEET, Place(file=sheet.file, sheet=sheet.name))
            return None
        header = filled[0]
        columns: dict[str, int] = {}
        by_class: dict[str, dict[str, int]] = {}
        known = COLUMNS[name]
        for at, cell in enumerate(sheet.cells[header]):
            title = text_of(cell).strip()
            lower = title.lower()
            if not title or title.startswith("#") or lower in _REMARKS:
                continue
            found = lower if lower in known else next((key for key, words in known.items() if title in words), None)
            split = _BY_CLASS.match(title) if name == "tree" and found is None else None
            if split is not None:
                kind = {"分值": "points", "权重": "weight"}.get(split.group(1), split.group(1).lower())
                by_class.setdefault(kind, {})[split.group(2).strip()] = at
            elif found is None:
                place = sheet.place(header, at)
                fields = {"table": name, "column": title, "known": list(known), "nearest": nearest_name(title, known)}
                findings.add(file_say.UNKNOWN_COLUMN, place, **fields)
            elif found in columns:
                findings.add(file_say.COLUMN_TWICE, sheet.place(header, at), column=title)
            else:
                columns[found] = at
        missing = [column for column in _NEEDED[name] if column not in columns]
        for column in missing:
            shown = [text for cell in sheet.cells[header] if (text := text_of(cell).strip())]
            findings.add(file_say.MISSING_COLUMN, sheet.place(header), column=column, header=shown)
        for (top, left), (bottom, _) in sheet.merged:
            if bottom > header:
                findings.add(file_say.MERGED, sheet.place(max(top, header + 1), left), range=f"{top + 1}:{bottom + 1}")
        rows = tuple(row for row in filled[1:] if not text_of(sheet.cells[row][0]).lstrip().startswith("#"))
        return None if missing else cls(name, sheet, columns, by_class, rows)

    def cell(self, row: int, column: str) -> object:
        """A cell, ``""`` where it is empty or the column is absent."""
        at = self.columns.get(column)
        cell = "" if at is None else self.sheet.cells[row][at]
        return "" if isinstance(cell, str) and not cell.strip() else cell

    def text(self, row: int, column: str) -> str:
        """A cell as trimmed text."""
        return text_of(self.cell(row, column)).strip()

    def place(self, row: int, column: str) -> Place:
        """Place of a cell."""
        return self.sheet.place(row, self.columns.get(column))

    def entry(self, row: int, column: str, write: Callable[[object], str], example: str, findings: Findings) -> Entry | None:
        """A cell as a line of the scheme, None where it is empty or faulty."""
        cell = self.cell(row, column)
        return None if cell == "" else _entry(cell, self.place(row, column), write, example, findings)


def _entry(cell: object, place: Place, write: Callable[[object], str], example: str, findings: Findings) -> Entry | None:
    try:
        return Entry(place, write(cell))
    except BadText:
        findings.add(file_say.BAD_CELL_TEXT, place, found=text_of(cell), example=example)
        return None


def _read_keys(table: _Table, root: Entry, findings: Findings) -> None:
    """The sheet ``scheme``: a key such as ``tracks.city.title.zh`` and its value a row."""
    for row in table.rows:
        key = table.text(row, "key")
        place = table.place(row, "key")
        if not key or not _KEY.match(key):
            findings.add(file_say.BAD_KEY, place, key=key)
            continue
        is_item = key.endswith("[]")
        steps = key.removesuffix("[]").split(".")
        is_text = steps[-1] in _TEXT_KEYS and not is_item and not table.text(row, "value").startswith("{")
        write = text_cell if is_text else free_cell
        entry = table.entry(row, "value", write, "{id: first, title: 第一等次, count: 5}", findings)
        if entry is None:
            continue
        parent: Entry | None = root
        for number, step in enumerate(steps[:-1]):
            parent = parent.parts.setdefault(step, Entry(place)) if parent is not None else None
            if parent is not None and (parent.text is not None or parent.items):
                findings.add(file_say.KEY_CLASH, place, key=key, other=".".join(steps[: number + 1]))
                parent = None
        if parent is None:
            continue
        last = parent.parts.get(steps[-1])
        if is_item:
            if last is None:
                last = parent.parts.setdefault(steps[-1], Entry(place))
            if last.text is not None or last.parts:
                findings.add(file_say.KEY_CLASH, place, key=key, other=key.removesuffix("[]"))
            else:
                last.items.append(entry)
        elif last is not None:
            findings.add(file_say.KEY_TWICE if last.text is not None else file_say.KEY_CLASH, place, key=key, other=key)
        else:
            parent.parts[steps[-1]] = entry


def _title(table: _Table, row: int, findings: Findings) -> Entry | None:
    """A title in one language or both; one stands in for the other."""
    zh = table.entry(row, "title_zh", text_cell, "", findings)
    en = table.entry(row, "title_en", text_cell, "", findings)
    if zh is None or en is None:
        return zh or en
    return Entry(zh.place, parts={"zh": zh, "en": en})


def _direction(cell: object) -> str:
    text = text_of(cell).strip()
    return free_cell(_DIRECTIONS.get(text, text))


_INDICATOR_CELLS: dict[str, tuple[Callable[[object], str], str]] = {
    "unit_of_measure": (text_cell, "元"),
    "owner": (text_cell, "统计局"),
    "basis": (text_cell, "第 12 条"),
    "value": (text_cell, "gdp / population"),
    "denominate": (text_cell, "population"),
    "direction": (_direction, "up"),
    "compare": (free_cell, "class"),
    "score": (lambda cell: mapping_cell(cell, "method"), "minmax; low: 60; high: 100"),
    "missing": (lambda cell: mapping_cell(cell, ""), "impute: mean; within: class"),
    "not_applicable": (lambda cell: mapping_cell(cell, ""), "redistribute"),
    "treat": (lambda cell: "none" if text_of(cell).strip() == "none" else mapping_cell(cell, "method"), "winsorise; max: 5"),
    "binding": (binding_cell, "value <= target; tier_at_most: second"),
}


def _read_indicators(table: _Table, root: Entry, findings: Findings) -> None:
    """The sheet ``indicators``: one row an indicator."""
    indicators = root.parts.setdefault("indicators", Entry(Place(file=table.sheet.file, sheet=table.sheet.name)))
    for row in table.rows:
        name = table.text(row, "indicator")
        place = table.place(row, "indicator")
        if not name:
            findings.add(say.EMPTY_CELL, place, column="indicator")
            continue
        if name in indicators.parts:
            findings.add(file_say.KEY_TWICE, place, key=name)
            continue
        entry = indicators.parts.setdefault(name, Entry(place))
        title = _title(table, row, findings) or Entry(place, text_cell(name))
        entry.parts["title"] = title
        for column, (write, example) in _INDICATOR_CELLS.items():
            part = table.entry(row, column, write, example, findings)
            if part is not None:
                entry.parts[column] = part


def _amounts(table: _Table, row: int, kind: str, findings: Findings) -> Entry | None:
    """Points or weight of a node, by class where there are columns for classes."""
    plain = table.entry(row, kind, free_cell, "30", findings)
    classes = {}
    for name, at in table.by_class.get(kind, {}).items():
        cell = table.sheet.cells[row][at]
        if text_of(cell).strip():
            part = _entry(cell, table.sheet.place(row, at), free_cell, "30", findings)
            if part is not None:
                classes[name] = part
    if not classes:
        return plain
    by = table.entry(row, "by", text_cell, "role", findings)
    parts = {**({"by": by} if by is not None else {}), **({"default": plain} if plain is not None else {}), **classes}
    return Entry(next(iter(parts.values())).place, parts=parts)


def _read_trees(table: _Table, root: Entry, findings: Findings) -> None:
    """The sheet ``tree``: one row a node, below its parent."""
    tracks: dict[str, list[int]] = {}
    for row in table.rows:
        track = table.text(row, "track")
        for column in ("track", "node"):
            if not table.text(row, column):
                findings.add(say.EMPTY_CELL, table.place(row, column), column=column)
        if track and table.text(row, "node"):
            tracks.setdefault(track, []).append(row)
    all_tracks = root.parts.setdefault("tracks", Entry(Place(file=table.sheet.file, sheet=table.sheet.name)))
    for track, rows in tracks.items():
        entry = all_tracks.parts.setdefault(track, Entry(table.place(rows[0], "track")))
        tree = entry.parts.setdefault("tree", Entry(table.place(rows[0], "node")))
        if tree.text is not None or entry.text is not None:
            findings.add(file_say.KEY_CLASH, table.place(rows[0], "track"), key=f"tracks.{track}.tree", other="tree")
            continue
        _read_tree(table, track, rows, tree, findings)


def _read_tree(table: _Table, track: str, rows: list[int], tree: Entry, findings: Findings) -> None:
    children: dict[str, list[int]] = {}
    names = {table.text(row, "node") for row in rows}
    for row in rows:
        parent = table.text(row, "parent")
        if parent and parent not in names:
            fields = {"track": track, "parent": parent, "nearest": nearest_name(parent, names)}
            findings.add(file_say.UNKNOWN_PARENT, table.place(row, "parent"), **fields)
        else:
            children.setdefault(parent, []).append(row)
    placed: set[int] = set()

    def place_below(parent: str, into: Entry) -> None:
        for row in children.get(parent, ()):
            name = table.text(row, "node")
            repeated = row in placed
            placed.add(row)
            is_branch = name in children and not repeated
            node = Entry(table.place(row, "node"))
            node.parts["id" if is_branch else "indicator"] = Entry(table.place(row, "node"), text_cell(name))
            optional = {"points": _amounts(table, row, "points", findings), "weight": _amounts(table, row, "weight", findings)}
            if is_branch:
                optional["title"] = _title(table, row, findings)
                optional["aggregate"] = table.entry(row, "aggregate", lambda cell: mapping_cell(cell, ""), "geometric", findings)
                optional["least_available"] = table.entry(row, "least_available", free_cell, "0.5", findings)
            node.parts.update({key: part for key, part in optional.items() if part is not None})
            into.items.append(node)
            if is_branch and all(below not in placed for below in children[name]):
                below = node.parts.setdefault("children", Entry(table.place(row, "node")))
                place_below(name, below)

    place_below("", tree)
    for row in rows:
        parent = table.text(row, "parent")
        if row not in placed and (not parent or parent in names):
            findings.add(file_say.PARENT_CYCLE, table.place(row, "parent"), node=table.text(row, "node"))
            break
