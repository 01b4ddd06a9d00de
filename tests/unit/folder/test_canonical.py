import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.folder.folders import added, make, replaced
from tongkao.errors import OutputError
from tongkao.folder.canonical import data_digest, number_texts, table_text, table_texts
from tongkao.folder.cells import plain
from tongkao.folder.read import read_folder
from tongkao.folder.write import input_files, write_inputs


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_numbers_are_written_as_python_writes_them(values):
    texts = number_texts(pl.Series("value", values, dtype=pl.Float64)).to_list()
    assert texts == [None if value is None else plain(value) for value in values]
    assert [text and float(text) for text in texts] == [
        None if value is None else pytest.approx(value, abs=0) for value in values
    ]


@given(st.floats(1e-4, 1e15))
def test_numbers_without_exponent_are_shortest(value):
    text = number_texts(pl.Series([value])).to_list()[0]
    assert text == (str(int(value)) if value == int(value) and value < 1e15 else repr(value))


def test_special_numbers():
    values = [0.0, -0.0, 1.0, -3.0, 0.1, 1e15, 1e22, 1e-7, 123456789012345.0, 5e-324, None]
    assert number_texts(pl.Series(values)).to_list() == [
        "0", "0", "1", "-3", "0.1", "1000000000000000.0", "1e+22", "1e-07", "123456789012345", "5e-324", None,
    ]  # fmt: skip
    assert math.copysign(1, float("0")) == 1


def test_text_of_a_table():
    frame = pl.DataFrame({"unit": ["", 'a,"b"', "南京\n市"], "value": [1.5, None, 2.0], "rank": [1, None, 3]})
    assert table_text(frame).decode() == 'unit,value,rank\n,1.5,1\n"a,""b""",,\n"南京\n市",2,3\n'


def test_text_of_an_empty_table():
    frame = pl.DataFrame(schema={"unit": pl.String, "value": pl.Float64})
    assert table_text(frame) == b"unit,value\n"


def test_only_tables_with_rows_are_written(tmp_path):
    assert list(table_texts(read_folder(make(tmp_path)))) == ["units", "observations", "targets", "events", "history"]


def test_the_digest_changes_with_any_cell(tmp_path):
    first = data_digest(read_folder(make(tmp_path / "a")))
    assert len(first) == 64
    assert first == data_digest(read_folder(make(tmp_path / "b", replaced("observations.csv", "2384,", "2384.0,"))))
    for number, change in enumerate(
        (
            replaced("observations.csv", "2384,", "2384.1,"),
            replaced("units.csv", "Beihu", "Beihu City"),
            added("history.csv", "2023,city,beihu,80,4,third"),
        )
    ):
        assert data_digest(read_folder(make(tmp_path / str(number), change))) != first


def test_written_inputs_read_back_the_same(tmp_path):
    first = read_folder(make(tmp_path / "a"))
    written = write_inputs(first, tmp_path / "new" / "b")
    assert [path.name for path in written] == [
        "events.csv", "history.csv", "observations.csv", "scheme.yaml", "targets.csv", "units.csv",
    ]  # fmt: skip
    second = read_folder(tmp_path / "new" / "b")
    assert data_digest(second) == data_digest(first)
    assert input_files(second) == input_files(first)


def test_writing_where_a_file_stands(tmp_path):
    (tmp_path / "x").write_text("here")
    with pytest.raises(OutputError) as error:
        write_inputs(read_folder(make(tmp_path / "a")), tmp_path / "x")
    assert [problem.code for problem in error.value.problems] == ["folder.cannot_write"]
