import datetime
import io
import re
import zipfile

import pytest
import xlsxwriter

from tests.unit.folder.folders import make
from tongkao.folder.container import column_index
from tongkao.folder.found import cell_name
from tongkao.folder.read import check_folder, read_folder
from tongkao.folder.starter import STARTER_FILES


def rows_of(name: str) -> list[list[object]]:
    """Rows of a starting table, numbers as numbers."""
    rows = [line.split(",") for line in STARTER_FILES[name].splitlines()]
    return [[float(cell) if re.fullmatch(r"-?[0-9.]+", cell) else cell for cell in row] for row in rows]


def book(sheets: dict[str, list[list[object]]], *, hidden: str = "", merge: tuple[str, str] | None = None) -> bytes:
    """A workbook; a cell is a number, a text, a date, None or a formula with its result."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        if name == hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif isinstance(cell, datetime.date):
                    sheet.write_datetime(row, column, cell)
                elif isinstance(cell, str) and cell:
                    sheet.write_string(row, column, cell)
                elif cell not in (None, ""):
                    sheet.write(row, column, cell)
        if merge is not None and merge[0] == name:
            sheet.merge_range(merge[1], "x")
    workbook.close()
    return buffer.getvalue()


def problems(path, sheets, *, keep=(), **options) -> list[str]:
    """Problems of the starting folder whose tables of these names come from a workbook instead."""
    dropped = {f"{name}.csv": None for name in ("units", "observations", "targets", "events", "history") if name in sheets}
    if any(name.startswith("values") for name in sheets):
        dropped["observations.csv"] = None
    folder = make(path, {**{name: None for name in dropped if name not in keep}, "data.xlsx": book(sheets, **options)})
    return [problem.describe("en") for problem in check_folder(folder)[1]]


TABLES = {name: rows_of(f"{name}.csv") for name in ("units", "observations", "targets", "events", "history")}
GRID: list[list[object]] = [
    ["考核对象", "# 名称", "gdp", "pm25", "satisfaction"],
    ["# 指标名称", "", "地区生产总值", "PM2.5", "满意度"],
    ["donghe", "东河市", 6240.5, 31, 88.2],
    ["xishan", "西山市", 4305, 28.5, 90.4],
    ["nanping", "南坪市", 2555.5, 36, 86.9],
    ["beihu", "北湖市", 2384, 33, 91.3],
]


def grid(**changes: object) -> list[list[object]]:
    """The grid with some cells changed, named as in the sheet."""
    rows = [list(row) for row in GRID]
    for name, value in changes.items():
        rows[int(name[1:]) - 1][column_index(name[0])] = value
    return rows


def test_all_tables_as_sheets_read_the_same_as_csv(tmp_path):
    from_csv = read_folder(make(tmp_path / "csv"))
    assert problems(tmp_path / "book", TABLES) == []
    from_book = read_folder(tmp_path / "book")
    for name in TABLES:
        assert getattr(from_book, name).equals(getattr(from_csv, name)), name


def test_a_workbook_alone_may_be_named_instead_of_a_folder(tmp_path):
    path = tmp_path / "data.xlsx"
    path.write_bytes(book(TABLES))
    assert [problem.code for problem in check_folder(path)[1]] == ["folder.missing_scheme"]


def test_values_in_wide_form(tmp_path):
    assert problems(tmp_path, {"values": grid()}) == []
    table = read_folder(tmp_path).observations
    assert table.select("unit", "indicator", "period", "value", "state").rows()[:2] == [
        ("beihu", "gdp", "2025", 2384.0, "reported"),
        ("beihu", "pm25", "2025", 33.0, "reported"),
    ]
    assert table.height == 12


def test_values_of_several_periods_and_state_words(tmp_path):
    sheets = {
        "values": grid(),
        "values 2024-Q3": [["unit", "pm25", "satisfaction"], ["beihu", "零报告", "缺报"], ["donghe", 5, "not_applicable"]],
    }
    assert problems(tmp_path, sheets) == []
    table = read_folder(tmp_path).observations
    assert table.filter(period="2024-Q3").select("unit", "indicator", "value", "state").rows() == [
        ("beihu", "pm25", 0.0, "null_reported"),
        ("beihu", "satisfaction", None, "missing"),
        ("donghe", "pm25", 5.0, "reported"),
        ("donghe", "satisfaction", None, "not_applicable"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"D3": "12万"},
            ["data.xlsx [values] D3: value is 12万: no unit of measure (万) in the cell, write only the number, such as 120000"],
        ),
        ({"D3": "31.5"}, []),
        (
            {"D3": datetime.date(2025, 3, 1)},
            [
                "data.xlsx [values] D3: value is the date 2025-03-01, expected a number; a spreadsheet may "
                "have turned it into a date"
            ],
        ),
        (
            {"D3": ("=1/0", "#DIV/0!")},
            [
                "data.xlsx [values] D3: value holds the spreadsheet error #DIV/0!; correct the formula, "
                "or leave the cell empty if there is no value"
            ],
        ),
        ({"D3": ("=30+1", 31)}, []),
        ({"D3": True}, ["data.xlsx [values] D3: value is the truth value TRUE, expected a number"]),
        ({"A3": "dongh"}, ["data.xlsx [values] A3: the table units has no unit dongh (did you mean donghe?)"]),
        ({"A3": ""}, ["data.xlsx [values] A3: unit must not be empty"]),
        (
            {"A3": "xishan"},
            ["data.xlsx [values] A4: xishan / gdp / 2025 is there twice, first in data.xlsx [values] A3"],
        ),
        ({"D1": "gdp"}, ["data.xlsx [values] D1: the column gdp is there twice"]),
        ({"D1": ""}, ["data.xlsx [values] D1: this column has cells but no name in the header"]),
    ],
)
def test_faults_of_a_grid(tmp_path, changes, expected):
    found = problems(tmp_path, {"values": grid(**changes)})
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_a_period_that_is_none_in_a_sheet_name(tmp_path):
    assert problems(tmp_path, {"values": grid(), "values May": [["unit", "pm25"]]}) == [
        "data.xlsx [values May]: the period in the sheet name values May should be like values "
        "2020, values 2020-Q3 or values 2020-11"
    ]


def test_a_header_below_a_title(tmp_path):
    rows = [["各市基本情况"], [], *TABLES["units"]]
    assert problems(tmp_path, {"units": rows}) == []
    assert read_folder(tmp_path).units.height == 4


def test_cells_of_a_table(tmp_path):
    rows = [list(row) for row in TABLES["observations"]]
    rows[1][3] = ("=NA()", "#N/A")
    rows[2][2] = datetime.date(2025, 1, 1)
    rows[3][3] = datetime.date(2025, 1, 1)
    rows[5][4] = "late"
    assert problems(tmp_path, {"observations": rows}) == [
        "data.xlsx [observations] D2: value holds the spreadsheet error #N/A; correct the formula, "
        "or leave the cell empty if there is no value",
        "data.xlsx [observations] C3: the period 2025-01-01 is a date; write 2025-01 (in a "
        "spreadsheet, format the cell as text first)",
        "data.xlsx [observations] D4: value is the date 2025-01-01, expected a number; a "
        "spreadsheet may have turned it into a date",
        "data.xlsx [observations] E6: the state late is unknown; expected reported, null_reported, missing, not_applicable, "
        "provisional or disputed",
    ]


def test_an_error_in_the_last_column_is_not_lost(tmp_path):
    rows = [["unit", "track", "class", "population"], *[[*row[:3], row[5]] for row in TABLES["units"][1:]]]
    rows[1][3] = ("=1/0", "#DIV/0!")
    rows[2][3] = ("=1/0", "#DIV/0!")
    assert problems(tmp_path, {"units": rows}) == [
        "data.xlsx [units] D2: population holds the spreadsheet error #DIV/0!; correct the formula, "
        "or leave the cell empty if there is no value",
        "data.xlsx [units] D3: population holds the spreadsheet error #DIV/0!; correct the formula, "
        "or leave the cell empty if there is no value",
    ]


def test_merged_cells_and_hidden_sheets(tmp_path):
    assert problems(tmp_path / "merged", {"units": TABLES["units"]}, merge=("units", "B8:B9")) == [
        "data.xlsx [units] A8: unit must not be empty",
        "data.xlsx [units] B8: the data has merged cells B8:B9; unmerge them and fill in each cell",
        "data.xlsx [units] B8: the scheme has no track x; expected one of: city",
    ]
    assert problems(tmp_path / "hidden", {"units": TABLES["units"], "targets": TABLES["targets"]}, hidden="targets") == [
        "data.xlsx [targets]: the hidden sheet was read like the others"
    ]


def test_sheets_found_twice_or_with_a_slip(tmp_path):
    assert problems(tmp_path / "twice", {"units": TABLES["units"]}, keep=("units.csv",)) == [
        "data.xlsx [units]: units is there more than once: units.csv, data.xlsx [units]; keep one"
    ]
    assert problems(tmp_path / "both", {"units": TABLES["units"], "考核对象": TABLES["units"]})[0] == (
        "data.xlsx [考核对象]: units is there more than once: data.xlsx [units], data.xlsx [考核对象]; keep one"
    )
    assert problems(tmp_path / "grid", {"values": grid()}, keep=("observations.csv",)) == [
        "data.xlsx [values]: observations is there more than once: observations.csv, data.xlsx [values]; keep one"
    ]
    assert problems(tmp_path / "slip", {"value": grid()}) == [
        "data.xlsx [value]: the sheet value was not read: no table has this name (did you mean values?)"
    ]


def test_two_workbooks(tmp_path):
    folder = make(tmp_path, {"a.xlsx": book(TABLES), "b.xlsx": book(TABLES)})
    assert [problem.describe("en") for problem in check_folder(folder)[1]] == [
        "b.xlsx: the folder holds several workbooks: a.xlsx, b.xlsx; keep one .xlsx"
    ]


def zipped(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def changed(workbook: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook with some text of a part replaced."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    return zipped(parts)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "data.xlsx: the file is empty"),
        (
            b"unit,track",
            "data.xlsx: this is no valid .xlsx workbook (it is damaged or of another format); save it again as .xlsx",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "data.xlsx: this is the old .xls format; save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "data.xlsx: the workbook has a password; remove it first",
        ),
        (
            zipped({"a.txt": b"x"}),
            "data.xlsx: this is no valid .xlsx workbook (xl/workbook.xml is missing); save it again as .xlsx",
        ),
        (
            zipped({"xl/workbook.xml": b"<x", "xl/_rels/workbook.xml.rels": b"<x/>"}),
            "data.xlsx: this is no valid .xlsx workbook (its XML is damaged); save it again as .xlsx",
        ),
        (
            zipped({"xl/workbook.xml": b"<workbook/>", "xl/_rels/workbook.xml.rels": b"<x/>"}),
            "data.xlsx: the workbook has no sheets",
        ),
        (
            zipped({"xl/worksheets/sheet1.xml": b"0" * (65 * 2**20)}),
            "data.xlsx: the workbook unpacks to 68,157,440 bytes (ratio 1027), beyond the limit "
            "(1,073,741,824 bytes or ratio 200); "
            "it was not read",
        ),
    ],
)
def test_files_that_are_no_workbook_or_none_to_open(tmp_path, content, expected):
    folder = make(tmp_path, {"data.xlsx": content})
    found = [problem.describe("en") for problem in check_folder(folder)[1]]
    assert [re.sub(r"ratio 10\d\d", "ratio 1027", line) for line in found] == [expected]


def test_a_part_that_holds_more_than_it_declares_is_refused(tmp_path):
    content = bytearray(zipped({"xl/workbook.xml": b"0" * 5_000_000}))
    for place in range(len(content) - 4):
        if content[place : place + 4] == (5_000_000).to_bytes(4, "little"):
            content[place : place + 4] = (1_000).to_bytes(4, "little")
    folder = make(tmp_path, {"data.xlsx": bytes(content)})
    assert [problem.code for problem in check_folder(folder)[1]] == ["folder.not_a_workbook"]


def test_a_stray_cell_far_out_is_refused(tmp_path):
    rows = [list(row) for row in TABLES["units"]]
    content = changed(
        book({"units": rows}),
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    content = changed(content, "xl/worksheets/sheet1.xml", b'dimension ref="A1:F5"', b'dimension ref="A1:XFD1048576"')
    folder = make(tmp_path, {"data.xlsx": content, "units.csv": None})
    assert [problem.describe("en") for problem in check_folder(folder)[1]] == [
        "data.xlsx [units]: the sheet covers A1:XFD1048576, more than 30,000,000 cells; delete the stray cells far out"
    ]


def test_a_formula_without_a_stored_result(tmp_path):
    rows = [list(row) for row in TABLES["observations"]]
    rows[1][3] = ("=6000+240.5", 6240.5)
    content = changed(
        book({"observations": rows}), "xl/worksheets/sheet1.xml", b"<f>6000+240.5</f><v>6240.5</v>", b"<f>6000+240.5</f>"
    )
    folder = make(tmp_path, {"data.xlsx": content, "observations.csv": None})
    assert [problem.describe("en") for problem in check_folder(folder)[1]] == [
        "data.xlsx [observations] D2: value is the formula =6000+240.5 without a result; open and save the workbook "
        "in a spreadsheet program, or enter the number"
    ]


def test_an_empty_sheet_and_one_without_a_needed_column(tmp_path):
    assert problems(tmp_path / "a", {"targets": []}) == ["data.xlsx [targets]: the sheet is empty"]
    assert problems(tmp_path / "b", {"targets": [["unit", "goal"], ["x", 1]]}) == [
        "data.xlsx [targets] 1:1: the column indicator is missing; the header is: unit, goal",
        "data.xlsx [targets] B1: the table targets has no column goal; its columns are: unit, indicator, period, target, "
        "baseline, challenge",
    ]


def test_names_of_cells():
    assert [cell_name(0, 0), cell_name(6, 27), cell_name(1048575, 16383)] == ["A1", "AB7", "XFD1048576"]
    assert [column_index(name) for name in ("A", "AB", "XFD")] == [0, 27, 16383]
