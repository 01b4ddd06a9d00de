import polars as pl
import pytest

from tests.unit.folder.folders import added, make, problems, replaced
from tongkao.errors import FolderError
from tongkao.folder.canonical import data_digest
from tongkao.folder.read import check_folder, read_folder
from tongkao.folder.starter import STARTER_FILES


def test_the_starting_folder_is_read_in_canonical_form(tmp_path):
    assessment = read_folder(make(tmp_path))
    assert assessment.warnings == ()
    assert assessment.scheme_text == STARTER_FILES["scheme.yaml"]
    assert assessment.units.rows() == [
        ("beihu", "city", "north", "北湖市", "Beihu", "", 298.0),
        ("donghe", "city", "south", "东河市", "Donghe", "", 520.0),
        ("nanping", "city", "north", "南坪市", "Nanping", "", 365.0),
        ("xishan", "city", "south", "西山市", "Xishan", "", 410.0),
    ]
    assert assessment.observations.head(2).rows() == [
        ("beihu", "gdp", "2025", 2384.0, "provisional", "invented"),
        ("beihu", "pm25", "2025", 33.0, "reported", "invented"),
    ]
    assert assessment.targets.rows() == [
        ("", "pm25", "2025", 32.0, None, None),
        ("beihu", "pm25", "2025", 35.0, None, None),
        ("nanping", "pm25", "2025", 37.0, None, None),
    ]
    assert assessment.events.rows() == [
        ("ledger_request", "donghe", "2025-09", 2.0, None, "", "invented", ""),
        ("national_praise", "xishan", "2025-06-18", 1.0, None, "", "invented", ""),
    ]
    assert assessment.history.row(0) == (2024, "city", "beihu", 83.85, 4, "third")
    assert assessment.weights.height == assessment.nominations.height == 0


def test_all_problems_of_scheme_and_tables_come_together_in_order(tmp_path):
    changes = {
        **replaced("scheme.yaml", "points: 60", "points: 61"),
        **replaced("observations.csv", "beihu,gdp,2025,2384,", "beihu,gdp,2025,2384万,"),
        **replaced("units.csv", "donghe,city", "donghe,town"),
    }
    with pytest.raises(FolderError) as error:
        read_folder(make(tmp_path, changes))
    files = [problem.place.file for problem in error.value.problems]
    assert files == sorted(files)
    assert set(files) == {"observations.csv", "scheme.yaml", "units.csv"}
    lines = [problem.describe("en") for problem in error.value.problems]
    expected = (
        "observations.csv:5:4: value is 2384万: no unit of measure (万) in the cell, write only the number, such as 23840000"
    )
    assert lines[0] == expected
    assert lines[-1] == "units.csv:2:2: the scheme has no track town; expected one of: city"


def test_no_folder(tmp_path):
    path = tmp_path / "nowhere"
    assert [problem.describe("en") for problem in check_folder(path)[1]] == [f"{path} is not a folder"]


def test_an_empty_folder(tmp_path):
    assert [problem.describe("en") for problem in check_folder(tmp_path)[1]] == [
        "observations.csv: the table observations is missing: expected observations.csv, observations.parquet, "
        "or a sheet observations in a workbook (.xlsx)",
        "scheme.yaml: the scheme is missing: expected scheme.yaml, or the sheets scheme, tree and "
        "indicators in a workbook (.xlsx)",
        "units.csv: the table units is missing: expected units.csv, units.parquet, or a sheet units in a workbook (.xlsx)",
    ]


def test_a_slip_in_a_file_name_is_a_warning(tmp_path):
    assert problems(tmp_path, {"target.csv": "x"}) == [
        "target.csv: target.csv was not read: no table has this name (did you mean targets.csv?)"
    ]


def test_other_files_do_not_matter(tmp_path):
    files = {"README.md": "x", "expected_results.csv": "x", "expected_scores.csv": "x", "~$data.xlsx": "x", ".hidden.csv": "x"}
    assert problems(tmp_path, files) == []


def test_a_table_in_two_places(tmp_path):
    make(tmp_path)
    pl.DataFrame({"unit": ["a"], "track": ["city"]}).write_parquet(tmp_path / "units.parquet")
    found = [problem.describe("en") for problem in check_folder(tmp_path)[1]]
    assert found == ["units.parquet: units is there more than once: units.csv, units.parquet; keep one"]


def test_old_workbooks_are_not_read(tmp_path):
    assert problems(tmp_path, {"data.xls": b"\xd0\xcf\x11\xe0"}) == [
        "data.xls: data.xls was not read: save the workbook as .xlsx"
    ]


def test_a_scheme_that_is_no_text(tmp_path):
    assert problems(tmp_path, {"scheme.yaml": STARTER_FILES["scheme.yaml"].encode("utf-16")}) == [
        'scheme.yaml:1: the file is UTF-16; save it as UTF-8 (in a spreadsheet program: "CSV UTF-8")'
    ]


def test_a_scheme_in_gb18030_is_read(tmp_path):
    assert problems(tmp_path, {"scheme.yaml": STARTER_FILES["scheme.yaml"].encode("gb18030")}) == []


def test_tables_are_checked_even_without_a_scheme(tmp_path):
    found = problems(tmp_path, {"scheme.yaml": None, **added("events.csv", "x,nobody,2025,0,")})
    assert found == [
        "events.csv:4:2: the table units has no unit nobody",
        "events.csv:4:4: the count is 0, expected more than 0",
        "scheme.yaml: the scheme is missing: expected scheme.yaml, or the sheets scheme, tree and "
        "indicators in a workbook (.xlsx)",
    ]


def test_the_order_of_rows_and_columns_and_the_encoding_do_not_matter(tmp_path):
    first = read_folder(make(tmp_path / "a"))
    lines = STARTER_FILES["observations.csv"].splitlines()
    shuffled = "\r\n".join([lines[0], *reversed(lines[1:])])
    frame = pl.read_csv(STARTER_FILES["units.csv"].encode()).select("population", "name_zh", "class", "track", "unit", "name_en")
    units = frame.rename({"name_zh": "名称", "unit": "考核对象"}).write_csv()
    second = read_folder(make(tmp_path / "b", {"observations.csv": "\ufeff" + shuffled, "units.csv": units.encode("gb18030")}))
    assert data_digest(first) == data_digest(second)
    assert first.observations.equals(second.observations)
    assert first.units.equals(second.units)
