"""The corpus of faulty folders in ``tests/data/broken``: what is wrong with each, and those parts that git should not carry.

A folder is named for the rule that it breaks and holds what its author reads, ``expected.zh.txt`` and ``expected.en.txt``. Most
folders lie there as they are; files that would be large or binary are made by the builder of that name below.

``python -m tests.broken_cases`` writes the expected files anew, for messages that were changed on purpose: read every
difference as the person who made the mistake.
"""

from __future__ import annotations

import datetime
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import xlsxwriter

from tongkao.engine.result import score
from tongkao.errors import Lang, MarkingError, Problem, sort_problems
from tongkao.folder.read import check_folder

BROKEN = Path(__file__).parent / "data" / "broken"
LANGUAGES: tuple[Lang, ...] = ("zh", "en")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of a workbook of the old kind, and of one with a password."""


def case_names() -> list[str]:
    """Every folder of the corpus."""
    return sorted(folder.name for folder in BROKEN.iterdir() if folder.is_dir())


def prepare(name: str, tmp_path: Path) -> Path:
    """The folder of a case: the one in the corpus, or a copy to which the builder has added the rest."""
    if name not in BUILDERS:
        return BROKEN / name
    folder = tmp_path / name
    shutil.copytree(BROKEN / name, folder, ignore=shutil.ignore_patterns("expected.*"))
    BUILDERS[name](folder)
    return folder


def diagnose(folder: Path) -> list[Problem]:
    """What ``tongkao check`` reports: every problem of the folder, and of a marking on trial."""
    assessment, problems = check_folder(folder)
    if assessment is None:
        return problems
    try:
        score(assessment)
    except MarkingError as error:
        return sort_problems([*problems, *error.problems])
    return problems


def expected(name: str, lang: Lang) -> str:
    """What the author of a folder reads."""
    return (BROKEN / name / f"expected.{lang}.txt").read_text(encoding="utf-8")


def described(problems: Sequence[Problem], lang: Lang) -> str:
    """Problems as they stand in the expected files: one a line."""
    return "".join(f"{problem.describe(lang)}\n" for problem in problems)


# --- workbooks ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Formula:
    """A formula and the result that is stored with it."""

    text: str
    result: str | float = ""


Cell = str | float | datetime.date | Formula
Rows = list[list[Cell]]

UNITS: Rows = [["unit", "track"], ["甲市", "city"], ["乙市", "city"], ["丙市", "city"]]
SCHEME: Rows = [
    ["项目", "内容"],
    ["id", "small-2020"],
    ["title", "小考核"],
    ["year", 2020],
    ["tracks.city.title", "设区市"],
]
INDICATORS: Rows = [
    ["指标", "名称", "方向", "计分方法"],
    ["gdp", "产值", "正向", "minmax"],
    ["air", "空气", "逆向", "minmax"],
]
TREE: Rows = [
    ["序列", "节点", "上级", "名称", "分值"],
    ["city", "economy", "", "经济", 60],
    ["city", "gdp", "economy", "", 60],
    ["city", "air", "", "", 40],
]


def observations(gdp_of_yi: Cell = 300) -> Rows:
    """The observations of the small folder, one of them as given."""
    values: list[tuple[str, str, Cell]] = [
        ("甲市", "gdp", 100),
        ("乙市", "gdp", gdp_of_yi),
        ("丙市", "gdp", 200),
        ("甲市", "air", 30),
        ("乙市", "air", 40),
        ("丙市", "air", 50),
    ]
    return [["unit", "indicator", "value"], *([*value] for value in values)]


def changed(rows: Rows, old: Cell, new: Cell) -> Rows:
    """A sheet with one of its cells changed."""
    assert sum(row.count(old) for row in rows) == 1, old
    return [[new if cell == old else cell for cell in row] for row in rows]


def book(sheets: dict[str, Rows], *, merge: str = "", hidden: str = "", hidden_row: int = 0) -> bytes:
    """A workbook.

    Args:
        sheets: Rows of each sheet.
        merge: A range of the last sheet that is merged.
        hidden: A sheet that is hidden.
        hidden_row: A row of every sheet that is hidden, counted from 1; 0 for none.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    date = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        if hidden_row:
            sheet.set_row(hidden_row - 1, None, None, {"hidden": True})
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, Formula):
                    sheet.write_formula(row, column, cell.text, None, cell.result)
                elif isinstance(cell, datetime.date):
                    sheet.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time()), date)
                elif cell != "":
                    sheet.write(row, column, cell)
    if merge:
        sheet.merge_range(merge, "")
    workbook.close()
    return buffer.getvalue()


def with_sheets(
    *, name: str = "data.xlsx", merge: str = "", hidden: str = "", hidden_row: int = 0, **sheets: Rows
) -> Callable[[Path], None]:
    """A builder that puts a workbook into the folder; ``_`` in the name of a sheet is a blank."""

    def build(folder: Path) -> None:
        named = {sheet.replace("_", " "): rows for sheet, rows in sheets.items()}
        content = book(named, merge=merge, hidden=hidden, hidden_row=hidden_row)
        (folder / name).write_bytes(content)

    return build


def whole_book(**sheets: Rows) -> Callable[[Path], None]:
    """A builder of a workbook that holds everything, the scheme too, with some sheets replaced (left out where empty)."""
    everything = {
        "scheme": SCHEME,
        "tree": TREE,
        "indicators": INDICATORS,
        "units": UNITS,
        "observations": observations(),
        **sheets,
    }
    return with_sheets(**{name: rows for name, rows in everything.items() if rows})


def with_file(name: str, content: bytes) -> Callable[[Path], None]:
    """A builder that adds one file."""

    def build(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return build


def formula_without_result(folder: Path) -> None:
    """What a program writes that computes nothing: a formula and no value."""
    with zipfile.ZipFile(io.BytesIO(book({"observations": observations(Formula("=C2+C4", 0))}))) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</f><v>0</v>", b"</f>")
    with zipfile.ZipFile(folder / "data.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def without_sheets(folder: Path) -> None:
    """An archive that says it is a workbook and lists no sheet."""
    with zipfile.ZipFile(folder / "data.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/_rels/workbook.xml.rels", "<Relationships/>")


def stray_cell(folder: Path) -> None:
    """One cell in the last corner of a sheet."""
    rows = observations()
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = workbook.add_worksheet("observations")
    for row, cells in enumerate(rows):
        sheet.write_row(row, 0, cells)
    sheet.write(1_048_575, 16_383, "x")
    workbook.close()
    (folder / "data.xlsx").write_bytes(buffer.getvalue())


def zip_bomb(folder: Path) -> None:
    """A workbook of 200,000 bytes that unpacks to 128 MiB (what the compressor leaves short of that is put in front)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml"), b" " * 2**27, zipfile.ZIP_DEFLATED)
    packed = buffer.getvalue()
    (folder / "data.xlsx").write_bytes(packed.rjust(200_000, b"\0"))


# --- Parquet --------------------------------------------------------------------------------------------------------------


def with_parquet(**columns: list[object]) -> Callable[[Path], None]:
    """A builder that adds ``observations.parquet``."""

    def build(folder: Path) -> None:
        pl.DataFrame(columns).write_parquet(folder / "observations.parquet")

    return build


PARQUET: dict[str, list[object]] = {
    "unit": ["甲市", "乙市", "丙市"] * 2,
    "indicator": ["gdp"] * 3 + ["air"] * 3,
    "value": [100.0, 300.0, 200.0, 30.0, 40.0, 50.0],
}


# --- what is too large ----------------------------------------------------------------------------------------------------


def gigabyte_line(name: str, start: str) -> Callable[[Path], None]:
    """A builder of a file with one line of a gigabyte: digits, then a hole that takes no room on the disk."""

    def build(folder: Path) -> None:
        with (folder / name).open("wb") as file:
            file.write(start.encode() + b"9" * 2**21)
            file.truncate(2**30)

    return build


def with_scheme(per_capita: str) -> Callable[[Path], None]:
    """A builder that puts a long expression into the scheme of the folder, in place of the word ``EXPRESSION``."""

    def build(folder: Path) -> None:
        path = folder / "scheme.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("EXPRESSION", per_capita), encoding="utf-8")

    return build


LEVELS = 10_000

BUILDERS: dict[str, Callable[[Path], None]] = {
    # text
    "csv_line_of_a_gigabyte": gigabyte_line("observations.csv", "unit,indicator,value\n甲市,gdp,"),
    "yaml_line_of_a_gigabyte": gigabyte_line("scheme.yaml", "tongkao: "),
    "yaml_ten_thousand_levels": with_file("scheme.yaml", ("a: " + "[" * LEVELS + "]" * LEVELS + "\n").encode()),
    "yaml_too_large": with_file("scheme.yaml", b"# nothing\n" * 500_001),
    "expression_ten_thousand_levels": with_scheme("(" * LEVELS + "gdp" + ")" * LEVELS),
    "yaml_too_many_values": with_file("scheme.yaml", b"a:\n" + b"- 1\n" * 1_000_001),
    "scheme_more_than_a_thousand_faults": with_file(
        "scheme.yaml", ("tongkao: 1\n" + "".join(f"key_{number}: 1\n" for number in range(1_100))).encode()
    ),
    "expression_too_long": with_scheme("gdp" + " + 0 * gdp" * 1_000),
    "expression_four_hundred_levels": with_scheme("(" * 400 + "gdp" + ")" * 400),
    # files
    "files_empty_folder": lambda _: None,
    "files_folder_for_a_file": lambda folder: (folder / "observations.csv").mkdir(),
    "files_found_twice": with_parquet(**PARQUET),
    "files_two_workbooks": lambda folder: (
        with_sheets(observations=observations())(folder),
        with_sheets(name="data(1).xlsx", observations=observations())(folder),
    )[0],
    "files_sheet_and_file": with_sheets(units=UNITS),
    # how much is listed, and in which order
    "data_more_than_a_hundred_of_a_kind": with_file(
        "observations.csv",
        "".join(["unit,indicator,period,value\n", *(f"甲市,gdp,{year},未统计\n" for year in range(1900, 2021))]).encode(),
    ),
    "data_more_than_a_hundred_warnings": with_file(
        "observations.csv",
        "".join(
            [
                "unit,indicator,period,value\n",
                *(f"{unit},{name},2020,1\n" for unit in ("甲市", "乙市", "丙市") for name in ("gdp", "air")),
                *(f"甲市,gdp2,{year},1\n" for year in range(1900, 2021)),
            ]
        ).encode(),
    ),
    "workbook_order_of_cells": with_sheets(
        observations=[
            ["unit", "indicator", "period", "value"],
            *(["甲市", "gdp", str(year), "未统计"] for year in range(2010, 2021)),
        ]
    ),
    # workbooks
    "workbook_error_cell": with_sheets(observations=observations(Formula("=1/0", "#DIV/0!"))),
    "workbook_date_cell": with_sheets(observations=observations(datetime.date(2020, 3, 1))),
    "workbook_text_cell": with_sheets(observations=observations("300万元")),
    "workbook_formula_without_result": formula_without_result,
    "workbook_merged_cells": with_sheets(observations=observations(), merge="A3:A4"),
    "workbook_unnamed_column": with_sheets(observations=[[*row, "上报" if at else ""] for at, row in enumerate(observations())]),
    "workbook_sheet_misspelt": with_sheets(observation=observations()),
    "workbook_empty_sheet": with_sheets(observations=[]),
    "workbook_hidden_sheet": with_sheets(notes=[["说明"]], observations=observations("三百"), hidden="observations"),
    "workbook_hidden_rows": with_sheets(observations=observations("三百"), hidden_row=3),
    "workbook_without_sheets": without_sheets,
    "workbook_values_cells": with_sheets(
        values=[
            ["unit", "gdp", "air"],
            ["甲市", 100, 30],
            ["乙市", "约300", Formula("=NA()", "#N/A")],
            ["丁市", 200, datetime.date(2020, 3, 5)],
        ]
    ),
    "workbook_values_of_an_odd_period": with_sheets(**{"values_2020年": [["unit", "gdp", "air"], ["甲市", 100, 30]]}),
    "workbook_stray_cell": stray_cell,
    "workbook_that_is_none": with_file("data.xlsx", "unit,indicator,value\n甲市,gdp,100\n".encode()),
    "workbook_of_the_old_kind": with_file("data.xlsx", OLE + bytes(600)),
    "workbook_with_a_password": with_file("data.xlsx", OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    "workbook_zip_bomb": zip_bomb,
    # a scheme in a workbook
    "workbook_scheme_unknown_method": whole_book(indicators=[*INDICATORS[:2], ["air", "空气", "逆向", "min_max"]]),
    "workbook_scheme_points": whole_book(tree=changed(TREE, 40, 35)),
    "workbook_scheme_points_are_text": whole_book(tree=changed(TREE, 40, "四十")),
    "workbook_scheme_unknown_parent": whole_book(tree=[*TREE[:2], ["city", "gdp", "econmy", "", 60], TREE[3]]),
    "workbook_scheme_parent_circle": whole_book(tree=[TREE[0], ["city", "economy", "economy", "经济", 60], *TREE[2:]]),
    "workbook_scheme_bad_key": whole_book(scheme=[*SCHEME, ["tracks city tiers", "first"]]),
    "workbook_scheme_key_twice": whole_book(scheme=[*SCHEME, ["year", 2021]]),
    "workbook_scheme_key_clash": whole_book(scheme=[*SCHEME, ["tracks.city.title.en", "Cities"]]),
    "workbook_scheme_brackets": whole_book(
        scheme=[
            *SCHEME,
            ["tracks.city.tiers[]", "{id: first, title: 一等, count: 1"],
            ["tracks.city.tiers[]", "{id: rest, title: 二等}"],
        ]
    ),
    "workbook_scheme_sheet_missing": whole_book(tree=[]),
    "workbook_scheme_column_missing": whole_book(indicators=[row[:3] for row in INDICATORS]),
    # Parquet
    "parquet_that_is_none": with_file("observations.parquet", "unit,indicator,value\n甲市,gdp,100\n".encode()),
    "parquet_empty": with_file("observations.parquet", b""),
    "parquet_text_for_numbers": with_parquet(**{**PARQUET, "value": ["100", "300", "200", "30", "40", "50"]}),
    "parquet_infinity": with_parquet(**{**PARQUET, "value": [100.0, float("inf"), 200.0, 30.0, float("nan"), 50.0]}),
    "parquet_column_missing": with_parquet(unit=PARQUET["unit"], indicator=PARQUET["indicator"]),
}


def write_expected() -> None:
    """Write what every folder's author reads now."""
    with tempfile.TemporaryDirectory() as temporary:
        for name in sorted({*case_names(), *BUILDERS}):
            (BROKEN / name).mkdir(parents=True, exist_ok=True)
            problems = diagnose(prepare(name, Path(temporary)))
            for lang in LANGUAGES:
                (BROKEN / name / f"expected.{lang}.txt").write_text(described(problems, lang), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_expected()
