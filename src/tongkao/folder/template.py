"""``tongkao template``: the workbook that a department fills in, made from the same definition that reads it back."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import polars as pl
import xlsxwriter  # type: ignore[import-untyped]  # the package has no type information

from tongkao.errors import FolderError, OutputError, Place, Problem, nearest
from tongkao.folder.cells import STATE_WORDS
from tongkao.folder.file_messages import CANNOT_WRITE, FILE_EXISTS, UNKNOWN_OWNER
from tongkao.folder.found import cell_name
from tongkao.folder.read import read_scheme_and_units
from tongkao.folder.uses import observed_names
from tongkao.scheme.model import Scheme

_NOTES = "填写说明 notes"
_INSTRUCTIONS = (
    (
        "每个考核对象一行，每个指标一列；白色格子填数，灰色格子不用填。",
        "One row a unit, one column an indicator; fill in the white cells only.",
    ),
    (
        "只填数字：不要单位、百分号、千位分隔符；计量单位见第二行。",
        "Numbers only: no units, percent signs or thousands separators; the unit of measure is in row 2.",
    ),
    (
        "没有数的，填下列状态词之一；留空即缺报。",
        "Where there is no number, enter one of the words below; an empty cell is missing.",
    ),
    ("不要改第一行和第一列，不要合并单元格。", "Leave row 1 and column A as they are; do not merge cells."),
)
_MEANINGS = {
    "reported": "",
    "null_reported": "确认没有发生，按 0 计 / nothing to report: 0",
    "missing": "应有而未报 / should be there and is not",
    "not_applicable": "该考核对象不适用 / does not exist for this unit",
}


def make_template(scheme: Scheme, units: pl.DataFrame, *, owner: str = "", period: str = "") -> bytes:
    """Make the workbook.

    Args:
        scheme: The scheme; its indicators without an expression, and the names that expressions use, become columns.
        units: The canonical table of units.
        owner: Only the indicators of this department; ``""`` for all.
        period: Period of the values; ``""`` for the scheme's year.

    Returns:
        The file. The same inputs give the same bytes.
    """
    needed = {track: observed_names(scheme, track) for track in scheme.tracks}
    columns_of_units = set(units.columns)
    names = [
        name
        for name in dict.fromkeys(name for track in needed.values() for name in track)
        if name not in columns_of_units and (not owner or _owner(scheme, name) == owner)
    ]
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": scheme.title.zh, "created": datetime.datetime(scheme.year, 1, 1)})
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"})
    remark = book.add_format({"italic": True, "font_color": "#555555", "border": 1, "text_wrap": True, "valign": "vcenter"})
    fixed = book.add_format({"bg_color": "#F2F2F2", "border": 1, "num_format": "@"})
    closed = book.add_format({"bg_color": "#D9D9D9", "pattern": 1, "border": 1})
    empty = book.add_format({"border": 1})
    sheet = book.add_worksheet(f"values {period}".strip())
    notes = book.add_worksheet(_NOTES)
    words_from = len(_INSTRUCTIONS) + 2
    chinese = {state: word for word, state in STATE_WORDS.items()}
    for row, (zh, en) in enumerate(_INSTRUCTIONS):
        notes.write_string(row, 0, zh)
        notes.write_string(row, 3, en)
    words = [state for state in _MEANINGS if state != "reported"]
    for row, state in enumerate(words, start=words_from):
        notes.write_string(row, 0, chinese[state])
        notes.write_string(row, 1, state)
        notes.write_string(row, 3, _MEANINGS[state])
    notes.set_column(0, 2, 18)
    sheet.write_string(0, 0, "考核对象", head)
    sheet.write_string(0, 1, "# 名称 name", head)
    sheet.write_string(1, 0, "# 指标名称", remark)
    sheet.write_string(1, 1, "", remark)
    for column, name in enumerate(names, start=2):
        sheet.write_string(0, column, name, head)
        sheet.write_string(1, column, _label(scheme, name), remark)
    rows = units.sort("track", "unit", maintain_order=True).select("unit", "track", "name_zh", "name_en").rows()
    for row, (unit, track, name_zh, name_en) in enumerate(rows, start=2):
        sheet.write_string(row, 0, unit, fixed)
        sheet.write_string(row, 1, name_zh or name_en, fixed)
        wanted = set(needed.get(track, ()))
        for column, name in enumerate(names, start=2):
            sheet.write_blank(row, column, None, empty if name in wanted else closed)
    if rows and names:
        first = cell_name(2, 2)
        states = f"'{_NOTES}'!$A${words_from + 1}:$B${words_from + len(words)}"
        sheet.data_validation(
            2,
            2,
            len(rows) + 1,
            len(names) + 1,
            {
                "validate": "custom",
                "value": f"=OR(ISNUMBER({first}),COUNTIF({states},{first})>0)",
                "error_title": "只填数字",
                "error_message": "请填数字，或填写说明中的状态词。Enter a number, or a word from the notes.",
            },
        )
    sheet.freeze_panes(2, 2)
    # On paper as on the screen: every page has the units and the names of the indicators.
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0, 1)
    sheet.repeat_columns(0, 1)
    sheet.set_row(1, 45)
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, max(2, len(names) + 1), 14)
    book.close()
    return buffer.getvalue()


def write_template(folder: str | Path, out: str | Path, *, owner: str = "", period: str = "", overwrite: bool = False) -> Path:
    """Write the workbook that a department fills in and puts into the folder.

    Args:
        folder: Folder with a scheme and units; observations need not be there.
        out: The workbook to write.
        owner: Only the indicators of this department; ``""`` for all.
        period: Period of the values; ``""`` for the scheme's year.
        overwrite: Whether a file that is there may be replaced.

    Returns:
        The file.

    Raises:
        FolderError: If the scheme or the units are at fault, or the department has no indicator.
        OutputError: If the file is there already or cannot be written.
    """
    scheme, units = read_scheme_and_units(folder)
    owners = {indicator.owner for indicator in scheme.indicators.values() if indicator.owner}
    if owner and owner not in owners:
        raise FolderError([Problem(UNKNOWN_OWNER, Place(), {"owner": owner, "nearest": nearest(owner, owners)})])
    target = Path(out)
    if target.exists() and not overwrite:
        raise OutputError([Problem(FILE_EXISTS, Place(), {"path": str(target)})])
    content = make_template(scheme, units.frame, owner=owner, period=period)
    try:
        target.write_bytes(content)
    except OSError as error:
        fields = {"path": str(target), "reason": error.strerror or type(error).__name__}
        raise OutputError([Problem(CANNOT_WRITE, Place(), fields)]) from error
    return target


def _owner(scheme: Scheme, name: str) -> str:
    """The department of a name: its own, or that of an indicator whose expression uses it."""
    indicator = scheme.indicators.get(name)
    if indicator is not None:
        return indicator.owner
    users = [item.owner for item in scheme.indicators.values() if item.value is not None and name in item.value]
    return users[0] if users else ""


def _label(scheme: Scheme, name: str) -> str:
    """Name of a column for people, with the unit of measure."""
    indicator = scheme.indicators.get(name)
    if indicator is None:
        users = [item.title.zh for item in scheme.indicators.values() if item.value is not None and name in item.value]
        return f"（用于 {'、'.join(users)}）" if users else ""
    measure = f"（{indicator.unit_of_measure}）" if indicator.unit_of_measure else ""
    return f"{indicator.title.zh}{measure}"
