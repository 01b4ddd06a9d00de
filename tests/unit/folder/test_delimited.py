import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongkao.folder.delimited import parse_delimited, read_delimited
from tongkao.folder.found import Findings
from tongkao.tables import HISTORY, UNITS


def read(data: bytes, spec=UNITS):
    """Rows with their lines, and problems in English."""
    findings = Findings()
    found = parse_delimited(data, "t.csv", spec, findings)
    rows = None if found is None else [(found.locator.place(at).line, *row) for at, row in enumerate(found.frame.rows())]
    return rows, sorted(problem.describe("en") for problem in findings.listed())


@pytest.mark.parametrize(
    "data",
    [
        b"unit,track\na,b\nc,d\n",
        b"unit,track\r\na,b\r\nc,d\r\n",
        b"unit,track\ra,b\rc,d",
        b"\xef\xbb\xbfunit,track\na,b\nc,d",
        b'"unit","track"\n"a","b"\n"c","d"\n',
    ],
)
def test_every_kind_of_line_end_mark_and_quoting_reads_the_same(data):
    assert read(data) == ([(2, "a", "b"), (3, "c", "d")], [])


def test_gb18030_is_recognised():
    assert read("单位,序列,名称\n南京,城市,南京市\n".encode("gb18030")) == ([(2, "南京", "城市", "南京市")], [])


def test_chinese_headers_in_utf8():
    assert read("考核对象,考核序列\n南京,城市\n".encode()) == ([(2, "南京", "城市")], [])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            "单位,序列\n南京,城市\n".encode("utf-16"),
            't.csv:1: the file is UTF-16; save it as UTF-8 (in a spreadsheet program: "CSV UTF-8")',
        ),
        (
            "单位,序列\n南京,城市\n".encode("utf-16-be"),
            't.csv:1: the file is UTF-16; save it as UTF-8 (in a spreadsheet program: "CSV UTF-8")',
        ),
        (
            "单位,序列\n南京,城市\n苏州,".encode() + b"\xff\n",
            "t.csv:3: the UTF-8 file has a damaged byte 0xFF here; correct this line",
        ),
        (
            b"unit,track\n\xff\xfa\x80\x81,x\n",
            't.csv:2: the byte 0xFF is neither UTF-8 nor GB18030; save the file as UTF-8 (in a spreadsheet program: "CSV UTF-8")',
        ),
        (b"unit,track\na,b\nc\0,d\n", "t.csv:3: the file holds a NUL byte; it is damaged or no text file"),
        (b"unit;track\na;b\n", "t.csv:1: the columns are separated by “;”, expected a comma"),
        (b"unit\ttrack\na\tb\n", "t.csv:1: the columns are separated by Tab, expected a comma"),
        (
            b'unit,track\na,b\nc"x,d\ne"f,1',
            "t.csv:3: a quotation mark is out of place: quote the whole cell and write a quotation "
            'mark inside it twice ("a ""b"" c")',
        ),
        (b'unit,track\na,b\n"c,d\ne,f\n', "t.csv:3: the quotation mark opened in this line is never closed"),
        (b"unit\na\n", "t.csv:1: the column track is missing; the header is: unit"),
        (b"unit,track,unit\na,b,c\n", "t.csv:1:3: the column unit is there twice"),
        ("unit,track,单位\na,b,c\n".encode(), "t.csv:1:3: the column 单位 is there twice"),
        (b"\n\n", "t.csv: the file is empty"),
    ],
)
def test_faults_of_the_whole_file(data, problem):
    rows, found = read(data)
    assert found == [problem]
    assert rows is None or problem.endswith("twice")


def test_unknown_column_of_a_closed_table_is_an_error_and_names_the_nearest():
    _, found = read(b"year,track,unit,totl\n", HISTORY)
    expected = "the table history has no column totl; its columns are: year, track, unit, total, rank, tier (did you mean total?)"
    assert found == [f"t.csv:1:4: {expected}"]


def test_rows_with_too_many_and_too_few_cells_keep_their_lines():
    data = b'unit,track\na,b\n\n"x\ny",1\nc\n  ,\nd,e,f\nz,\n'
    assert read(data) == (
        [(2, "a", "b"), (4, "x\ny", "1"), (9, "z", "")],
        [
            "t.csv:6: this row has 1 cells, the header has 2; an empty cell needs its comma too",
            "t.csv:8: this row has 3 cells, the header has 2; a cell that holds a comma needs quotation marks",
        ],
    )


def test_ragged_rows_that_cancel_out_in_the_count_of_commas_are_found():
    _, found = read(b"unit,track\na\nb,c,d\n")
    assert found == [
        "t.csv:2: this row has 1 cells, the header has 2; an empty cell needs its comma too",
        "t.csv:3: this row has 3 cells, the header has 2; a cell that holds a comma needs quotation marks",
    ]


def test_header_over_two_lines():
    assert read(b'unit,"my\ncolumn",track\na,1,b\n') == ([(3, "a", "1", "b")], [])


def test_header_only_is_a_table_without_rows():
    assert read(b"unit,track") == ([], [])


def test_a_line_of_one_gigabyte_is_refused_at_once(tmp_path):
    path = tmp_path / "units.csv"
    with path.open("wb") as file:
        file.write(b"unit,track\n")
        file.seek(2**30)
        file.write(b"x\n")
    findings = Findings()
    start = time.perf_counter()
    assert read_delimited(path, UNITS, findings) is None
    assert time.perf_counter() - start < 0.5
    assert [problem.describe("en") for problem in findings.listed()] == [
        "units.csv:2: this line is longer than 1,048,576 bytes; this does not look like a proper text file"
    ]


def test_a_long_line_that_straddles_windows_is_found(tmp_path):
    path = tmp_path / "units.csv"
    path.write_bytes(b"unit,track\n" * 90_000 + b"a" * 1_100_000 + b",b\n")
    findings = Findings()
    assert read_delimited(path, UNITS, findings) is None
    assert findings.listed()[0].place.line == 90_001


def test_a_line_just_below_the_limit_is_read(tmp_path):
    path = tmp_path / "units.csv"
    path.write_bytes(b"unit,track\n" + b"a" * (2**20 - 2) + b",b\n")
    findings = Findings()
    found = read_delimited(path, UNITS, findings)
    assert found is not None
    assert findings.count == 0


def test_a_folder_instead_of_a_file(tmp_path):
    (tmp_path / "units.csv").mkdir()
    findings = Findings()
    assert read_delimited(tmp_path / "units.csv", UNITS, findings) is None
    assert findings.listed()[0].code == "folder.unreadable"


cells = st.text(alphabet='ab ,"\n1南', max_size=6)


@given(st.lists(st.tuples(cells, cells), max_size=8), st.booleans())
def test_what_is_written_as_csv_is_read_back_with_its_lines(rows, windows):
    end = "\r\n" if windows else "\n"

    def quote(cell):
        return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell

    text = "unit,track" + end
    expected = []
    line = 2
    for row in rows:
        written = ",".join(quote(cell) for cell in row)
        if any(cell.strip() for cell in row):
            expected.append((line, *row))
        line += written.count("\n") + 1
        text += written + end
    assert read(text.encode()) == (expected, [])


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data):
    read(b"unit,track\n" + data)
    read(data)
