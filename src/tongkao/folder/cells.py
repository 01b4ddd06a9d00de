"""Text of cells to numbers, whole numbers, states, periods and dates, with a message of its own for each way to go wrong."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Callable

import numpy as np
import polars as pl

from tongkao.errors import nearest
from tongkao.folder import messages as say
from tongkao.folder.found import Findings, Found, Rows
from tongkao.tables import STATES

#: Chinese words for states that are accepted beside the English ones
STATE_WORDS = {
    "已报": "reported",
    "零报告": "null_reported",
    "缺报": "missing",
    "不适用": "not_applicable",
    "暂定": "provisional",
    "有争议": "disputed",
}
PERIOD = re.compile(r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2]))?\Z")

_PLAIN = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}([,，' \u00a0\u202f][0-9]{3})+(\.[0-9]+)?\Z")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+[,，][0-9]+\Z")
_PERCENT = re.compile(r"([-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+))\s*[%％]\Z")
_ERROR = re.compile(r"#(DIV/0!|REF!|N/A|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BLOCKED!|FIELD!|BUSY!)\Z", re.I)
_NOT_FINITE = re.compile(r"[-+]?(nan|inf|infinity|∞|1\.#.*)\Z", re.I)
_DATE = re.compile(
    r"([0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?|月)?([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"
    r"|[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]{2,4}|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"
    r"|[0-9]{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(-[0-9]{2,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-[0-9]{2,4})\Z",
    re.I,
)
_PLACEHOLDERS = frozenset(
    ("-", "--", "—", "——", "–", "－", "/", "\\", ".", "…", "……", "*", "n/a", "na", "null", "none", "nil")
) | frozenset(("无", "缺", "空", "暂无", "未报", "缺报", "不适用"))
_TRUTH = frozenset(("true", "false", "是", "否", "yes", "no"))
_WITH_UNIT = re.compile(r"([-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*([^0-9\s,.%_].*)\Z")
_FACTORS = {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2, "百万": 1e6, "千万": 1e7, "万亿": 1e12}
_YMD = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})")


def is_error_text(text: str) -> bool:
    """Whether a text is what a spreadsheet shows for an error, such as ``#DIV/0!``."""
    return bool(_ERROR.match(text))


def plain(value: float) -> str:
    """Write a number as a cell should hold it."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def text_of(value: object) -> str:
    """Text of a workbook's cell: whole numbers without a point, dates as 2020-11-30, errors and words as they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return plain(value) if math.isfinite(value) else repr(value)
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def explain_number(text: str) -> tuple[str, dict[str, object]]:
    """Say why a text is no plain number.

    Args:
        text: A cell that is not empty and no plain number.

    Returns:
        Code of the message and its fields beside ``column`` and ``found``; ``write`` is what to write instead.
    """
    found = text.strip()
    if _ERROR.match(found):
        return say.NUMBER_ERROR, {}
    if found.startswith("="):
        return say.NUMBER_FORMULA, {}
    if _NOT_FINITE.match(found) or (_PLAIN.match(found) and not math.isfinite(float(found))):
        return say.NUMBER_NOT_FINITE, {}
    if found.lower() in _PLACEHOLDERS:
        return say.NUMBER_PLACEHOLDER, {}
    if found.lower() in _TRUTH:
        return say.NUMBER_TRUTH, {}
    if _DATE.match(found):
        return say.NUMBER_DATE, {}
    narrow = unicodedata.normalize("NFKC", found).replace("\u2212", "-").replace("—", "-").replace("。", ".")
    narrow = narrow.replace("\u200b", "").replace("\ufeff", "").strip()
    if _PLAIN.match(narrow) and math.isfinite(float(narrow)):
        return say.NUMBER_FULL_WIDTH, {"write": narrow}
    if _THOUSANDS.match(found) or _THOUSANDS.match(narrow):
        return say.NUMBER_THOUSANDS, {"write": re.sub(r"[^0-9.+-]", "", narrow)}
    if _DECIMAL_COMMA.match(found):
        return say.NUMBER_COMMA, {"write": narrow.replace(",", ".")}
    percent = _PERCENT.match(narrow)
    if percent:
        share = plain(round(float(percent.group(1)) / 100, 12))
        return say.NUMBER_PERCENT, {"write": percent.group(1), "share": share}
    with_unit = _WITH_UNIT.match(narrow)
    if with_unit:
        digits, measure = with_unit.group(1).replace(",", ""), with_unit.group(2).strip()
        factor = next((_FACTORS[measure[:size]] for size in (2, 1) if measure[:size] in _FACTORS), 1.0)
        write = digits if factor == 1 else plain(round(float(digits) * factor, 6))
        return say.NUMBER_UNIT, {"measure": measure, "write": write}
    return say.NUMBER_TEXT, {}


def parse_number(text: str) -> float | None:
    """The number that a text is, None where it is no plain and finite one."""
    number = float(text) if _PLAIN.match(text) else math.inf
    return number if math.isfinite(number) else None


def texts(table: Found, column: str) -> pl.Series:
    """A column as texts without blanks at the ends; an absent column is all empty."""
    if column not in table.frame.columns:
        return pl.repeat("", table.frame.height, dtype=pl.String, eager=True).alias(column)
    series = table.frame.get_column(column)
    if series.dtype != pl.String:
        return pl.Series(column, ["" if value is None else text_of(value) for value in series.to_list()], dtype=pl.String)
    return series.str.strip_chars()


def numbers(table: Found, column: str, findings: Findings) -> pl.Series:
    """A column as Float64, null where the cell is empty or faulty.

    Args:
        table: The table; an absent column is all null.
        column: Name of the column.
        findings: Takes a problem for each cell that is no plain number.
    """
    if column not in table.frame.columns:
        return pl.repeat(None, table.frame.height, dtype=pl.Float64, eager=True).alias(column)
    series = table.frame.get_column(column)
    if series.dtype != pl.String:
        cast = series.cast(pl.Float64)
        return _without(cast, table, column, cast.is_not_null() & ~cast.is_finite(), findings)
    cast = series.cast(pl.Float64, strict=False)
    doubtful = ((cast.is_null() & (series.str.len_bytes() > 0)) | ~cast.is_finite().fill_null(value=True)).fill_null(value=False)
    if not doubtful.any():
        return cast
    rows = doubtful.arg_true()
    again = series.gather(rows).str.strip_chars()
    trimmed = again.cast(pl.Float64, strict=False)
    cast = cast.scatter(rows, trimmed)
    empty = again.str.len_bytes() == 0
    bad = ((trimmed.is_null() & ~empty) | ~trimmed.is_finite().fill_null(value=True)).fill_null(value=False)
    still = pl.Series(values=np.zeros(table.frame.height, bool)).scatter(rows, bad)
    return _without(cast, table, column, still, findings)


def _without(cast: pl.Series, table: Found, column: str, bad: pl.Series, findings: Findings) -> pl.Series:
    """Report the faulty cells of a number column and make them null."""
    if not bad.any():
        return cast
    rows = bad.arg_true()
    found = table.frame.get_column(column).gather(rows)
    report_numbers(table, column, rows.to_numpy().astype(np.int64), found, findings)
    return cast.scatter(rows, None)


def report_numbers(table: Found, column: str, rows: Rows, found: pl.Series, findings: Findings) -> None:
    """Report cells that are no numbers, each kind with its own message; what repeats is looked at once."""
    cells = found.cast(pl.String).str.strip_chars() if found.dtype == pl.String else found.cast(pl.String)
    distinct = {text: explain_number(text) for text in cells.unique(maintain_order=True).to_list()}
    kinds = list(dict.fromkeys(code for code, _ in distinct.values()))
    codes = cells.replace_strict(
        list(distinct), [kinds.index(code) for code, _ in distinct.values()], return_dtype=pl.Int64
    ).to_numpy()
    listed = cells.to_list()
    for index, code in enumerate(kinds):
        at = np.flatnonzero(codes == index)

        def fields(position: int, at: Rows = at) -> dict[str, object]:
            text = listed[at[position]]
            return {"column": column, "found": text, **distinct[text][1]}

        findings.rows(code, table, rows[at], column, fields)


def integers(table: Found, column: str, findings: Findings) -> pl.Series:
    """A column as Int64, null where the cell is empty or faulty."""
    values = numbers(table, column, findings)
    broken = (values.is_not_null() & ((values != values.floor()) | (values.abs() >= 2**53))).fill_null(value=False)
    if broken.any():
        rows = broken.arg_true()
        found = values.gather(rows).to_list()
        findings.rows(
            say.NOT_WHOLE, table, rows.to_numpy().astype(np.int64), column, lambda at: {"column": column, "found": found[at]}
        )
        values = values.scatter(rows, None)
    return values.cast(pl.Int64)


def words(
    series: pl.Series,
    table: Found,
    findings: Findings,
    read: Callable[[str], str | tuple[str, dict[str, object]]],
) -> pl.Series:
    """Translate a column of few different texts, each looked at once.

    Args:
        series: Trimmed texts, named by their column.
        table: Where they come from.
        findings: Takes the problems.
        read: Gives the canonical text, or code and fields of a problem.

    Returns:
        Canonical texts, ``""`` where there was a problem.
    """
    answers: dict[str, str] = {}
    faults: dict[str, tuple[str, dict[str, object]]] = {}
    for text in series.unique(maintain_order=True).to_list():
        answer = read(text)
        if isinstance(answer, str):
            answers[text] = answer
        else:
            answers[text] = ""
            faults[text] = answer
    if faults:
        bad = series.is_in(list(faults))
        rows = bad.arg_true()
        found = series.gather(rows).to_list()
        by_code: dict[str, list[int]] = {}
        for position, text in enumerate(found):
            by_code.setdefault(faults[text][0], []).append(position)
        for code, positions in by_code.items():
            at = rows.gather(positions).to_numpy().astype(np.int64)

            def fields(position: int, positions: list[int] = positions) -> dict[str, object]:
                return faults[found[positions[position]]][1]

            findings.rows(code, table, at, series.name, fields)
    if all(text == answer for text, answer in answers.items()):
        return series
    return series.replace_strict(list(answers), list(answers.values()), return_dtype=pl.String)


def read_state(text: str) -> str | tuple[str, dict[str, object]]:
    """One of the six states in English, ``""`` for an empty cell; Chinese words are accepted."""
    if not text or text in STATES:
        return text
    if text in STATE_WORDS:
        return STATE_WORDS[text]
    lower = text.lower().replace(" ", "_").replace("-", "_")
    if lower in STATES:
        return lower
    return say.BAD_STATE, {"found": text, "nearest": nearest(text, [*STATES, *STATE_WORDS])}


def read_period(text: str) -> str | tuple[str, dict[str, object]]:
    """A period, ``""`` for an empty cell."""
    if not text or PERIOD.match(text):
        return text
    parts = _YMD.match(text) if _DATE.match(text) else None
    if parts and 1 <= int(parts.group(2)) <= 12:
        return say.PERIOD_DATE, {"found": text, "write": f"{parts.group(1)}-{int(parts.group(2)):02d}"}
    return say.BAD_PERIOD, {"found": text}


def read_date(text: str) -> str | tuple[str, dict[str, object]]:
    """A date ``2020-11-30``, ``2020-11`` or ``2020``, ``""`` for an empty cell."""
    if not text or re.match(r"[0-9]{4}(-(0[1-9]|1[0-2]))?\Z", text, re.ASCII):
        return text
    day = re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})( 00:00:00)?\Z", text, re.ASCII)
    if day:
        try:
            return datetime.date.fromisoformat(day.group(1)).isoformat()
        except ValueError:
            pass
    return say.BAD_DATE, {"found": text}
