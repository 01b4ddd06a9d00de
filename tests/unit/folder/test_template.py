import io

import pytest
import python_calamine
import xlsxwriter

from tests.unit.folder.folders import make, replaced
from tongkao.errors import FolderError, OutputError
from tongkao.folder.read import check_folder, read_folder, read_scheme_and_units
from tongkao.folder.starter import STARTER_FILES, write_starter
from tongkao.folder.template import make_template, write_template


def cells(content: bytes) -> list[list[object]]:
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_template_has_a_row_a_unit_and_a_column_an_observation(tmp_path):
    write_template(make(tmp_path, {"observations.csv": None}), tmp_path / "out.xlsx")
    assert cells((tmp_path / "out.xlsx").read_bytes()) == [
        ["考核对象", "# 名称 name", "gdp", "pm25", "satisfaction"],
        ["# 指标名称", "", "（用于 人均地区生产总值）", "PM2.5 年均浓度（微克/立方米）", "群众满意度（分）"],
        ["beihu", "北湖市", "", "", ""],
        ["donghe", "东河市", "", "", ""],
        ["nanping", "南坪市", "", "", ""],
        ["xishan", "西山市", "", "", ""],
    ]


def test_a_template_that_is_filled_in_is_read(tmp_path):
    folder = make(tmp_path / "f", {"observations.csv": None})
    rows = cells(make_template(read_scheme_and_units(folder)[0], read_scheme_and_units(folder)[1].frame))
    book = xlsxwriter.Workbook(folder / "filled.xlsx")
    sheet = book.add_worksheet("values")
    for row, line in enumerate(rows):
        sheet.write_row(row, 0, line)
        if row > 1:
            sheet.write_row(row, 2, [1000 + row, 30, "不适用"])
    book.close()
    table = read_folder(folder).observations
    assert table.filter(unit="beihu").select("indicator", "value", "state").rows() == [
        ("gdp", 1002.0, "reported"),
        ("pm25", 30.0, "reported"),
        ("satisfaction", None, "not_applicable"),
    ]


def test_an_empty_template_is_sound_and_has_no_values(tmp_path):
    folder = make(tmp_path, {"observations.csv": None})
    write_template(folder, folder / "empty.xlsx")
    assessment, found = check_folder(folder)
    assert found == []
    assert assessment is not None
    assert assessment.observations.height == 0


def test_only_the_columns_of_one_department(tmp_path):
    scheme, units = read_scheme_and_units(make(tmp_path))
    assert cells(make_template(scheme, units.frame, owner="统计局"))[0] == ["考核对象", "# 名称 name", "gdp"]
    assert cells(make_template(scheme, units.frame, owner="生态环境局"))[0] == ["考核对象", "# 名称 name", "pm25"]


def test_a_period_is_in_the_name_of_the_sheet(tmp_path):
    scheme, units = read_scheme_and_units(make(tmp_path))
    content = make_template(scheme, units.frame, period="2025-Q3")
    assert python_calamine.load_workbook(io.BytesIO(content)).sheet_names[0] == "values 2025-Q3"


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    scheme, units = read_scheme_and_units(make(tmp_path))
    assert make_template(scheme, units.frame) == make_template(scheme, units.frame)


def test_what_a_template_refuses(tmp_path):
    folder = make(tmp_path)
    with pytest.raises(FolderError) as error:
        write_template(folder, tmp_path / "x.xlsx", owner="统计")
    assert error.value.describe("en") == "no indicator has the owner 统计 (did you mean 统计局?)"
    (tmp_path / "x.xlsx").write_bytes(b"here")
    with pytest.raises(OutputError):
        write_template(make(tmp_path / "f"), tmp_path / "x.xlsx")
    with pytest.raises(FolderError):
        write_template(make(tmp_path / "broken", replaced("scheme.yaml", "year: 2025", "year: soon")), tmp_path / "y.xlsx")
    with pytest.raises(FolderError):
        write_template(tmp_path / "nowhere", tmp_path / "y.xlsx")


def test_a_new_folder_passes_every_check(tmp_path):
    written = write_starter(tmp_path / "new" / "folder")
    assert [path.name for path in written] == list(STARTER_FILES)
    assessment, found = check_folder(tmp_path / "new" / "folder")
    assert assessment is not None
    assert found == []


def test_a_new_folder_never_overwrites(tmp_path):
    (tmp_path / "mine.txt").write_text("here")
    with pytest.raises(OutputError) as error:
        write_starter(tmp_path)
    assert error.value.describe("en") == f"{tmp_path} exists and is not an empty folder"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
