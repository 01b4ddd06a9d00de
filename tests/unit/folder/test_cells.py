import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongkao.errors import Place, Problem
from tongkao.folder.cells import explain_number, numbers, parse_number, read_date, read_period, read_state, text_of
from tongkao.folder.found import Findings, Found, LineLocator
from tongkao.tables import OBSERVATIONS


def column(*cells: str) -> Found:
    frame = pl.DataFrame({"value": list(cells)}, schema={"value": pl.String})
    return Found(OBSERVATIONS, frame, LineLocator("t.csv", 2, {"value": 4}), Place(file="t.csv"))


def read(*cells: str):
    findings = Findings()
    return numbers(column(*cells), "value", findings).to_list(), [problem.describe("en") for problem in findings.listed()]


def test_plain_numbers():
    cells = ["1", "-2.5", "+3", ".5", "5.", "1e3", "1E-3", "", "  7 ", "\u00a08\u3000", "   ", "00012", "-0"]
    assert read(*cells) == ([1, -2.5, 3, 0.5, 5, 1000, 0.001, None, 7, 8, None, 12, 0], [])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1,234.5", "value is 1,234.5: no thousands separators, write 1234.5"),
        ("1 234 567", "value is 1 234 567: no thousands separators, write 1234567"),
        ("１，２３４", "value is １，２３４: no thousands separators, write 1234"),
        ("3,5", "value is 3,5: use a point for decimals, write 3.5"),
        ("１２", "value is １２: it has full-width characters, write 12"),
        ("－１２．５", "value is －１２．５: it has full-width characters, write -12.5"),
        ("−5", "value is −5: it has full-width characters, write -5"),
        ("12%", "value is 12%: no percent sign, write 12 (or 0.12) as the indicator's unit of measure asks"),
        ("3.5％", "value is 3.5％: no percent sign, write 3.5 (or 0.035) as the indicator's unit of measure asks"),
        ("12万", "value is 12万: no unit of measure (万) in the cell, write only the number, such as 120000"),
        ("1.2亿元", "value is 1.2亿元: no unit of measure (亿元) in the cell, write only the number, such as 120000000"),
        ("3 km", "value is 3 km: no unit of measure (km) in the cell, write only the number, such as 3"),
        (
            "#DIV/0!",
            "value holds the spreadsheet error #DIV/0!; correct the formula, or leave the cell empty if there is no value",
        ),
        ("#REF!", "value holds the spreadsheet error #REF!; correct the formula, or leave the cell empty if there is no value"),
        ("#N/A", "value holds the spreadsheet error #N/A; correct the formula, or leave the cell empty if there is no value"),
        ("NaN", "value is NaN: not a finite number; leave the cell empty if there is no value"),
        ("inf", "value is inf: not a finite number; leave the cell empty if there is no value"),
        ("-Infinity", "value is -Infinity: not a finite number; leave the cell empty if there is no value"),
        ("1e999", "value is 1e999: not a finite number; leave the cell empty if there is no value"),
        ("2020-11-30", "value is the date 2020-11-30, expected a number; a spreadsheet may have turned it into a date"),
        ("11月30日", "value is the date 11月30日, expected a number; a spreadsheet may have turned it into a date"),
        ("Nov-20", "value is the date Nov-20, expected a number; a spreadsheet may have turned it into a date"),
        ("-", "value is -: leave the cell empty and write missing or not_applicable as the state"),
        ("无", "value is 无: leave the cell empty and write missing or not_applicable as the state"),
        ("TRUE", "value is the truth value TRUE, expected a number"),
        ("about five", "value is the text about five, expected a number such as 12.5"),
        ("1_000", "value is the text 1_000, expected a number such as 12.5"),
        ("0x10", "value is 0x10: no unit of measure (x10) in the cell, write only the number, such as 0"),
    ],
)
def test_each_way_to_write_no_number_has_its_message(cell, message):
    values, found = read("1", cell, "2")
    assert values == [1, None, 2]
    assert found == [f"t.csv:3:4: {message}"]


def test_problems_beyond_the_first_hundred_are_counted():
    values, found = read(*["1", "x"] * 12_445)
    assert values[:4] == [1, None, 1, None]
    assert len(found) == 101
    assert found[0] == "t.csv:3:4: value is the text x, expected a number such as 12.5"
    assert found[-1] == (
        "t.csv:203:4: from here on 12,345 more of this kind: value is the text x, expected a number such as 12.5"
    )


@given(st.text(alphabet="0123456789+-.eE naif,%万１ _x", max_size=8))
def test_polars_and_our_definition_of_a_plain_number_agree(text):
    values, found = read(text)
    expected = parse_number(text.strip())
    assert values == [expected]
    assert len(found) == (expected is None and bool(text.strip()))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_being_written_by_python(number):
    assert read(repr(number))[0] == [number]


@given(st.text(max_size=20))
def test_every_text_has_an_explanation_that_can_be_shown(text):
    if text.strip() and parse_number(text.strip()) is None:
        code, fields = explain_number(text)
        problem = Problem(code, Place(), {"column": "value", "found": text, **fields})
        assert problem.message("zh")
        assert problem.message("en")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", ""),
        ("reported", "reported"),
        ("零报告", "null_reported"),
        ("不适用", "not_applicable"),
        ("Not Applicable", "not_applicable"),
    ],
)
def test_states(text, state):
    assert read_state(text) == state


def test_an_unknown_state_names_the_nearest():
    assert read_state("reportd") == ("folder.bad_state", {"found": "reportd", "nearest": "reported"})


@pytest.mark.parametrize("text", ["2020", "2020-Q3", "2020-11", ""])
def test_periods(text):
    assert read_period(text) == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("2020年", ("folder.bad_period", {"found": "2020年"})),
        ("2020Q3", ("folder.bad_period", {"found": "2020Q3"})),
        ("2020-Q5", ("folder.bad_period", {"found": "2020-Q5"})),
        ("2020-13", ("folder.bad_period", {"found": "2020-13"})),
        ("2020-11-01", ("folder.period_date", {"found": "2020-11-01", "write": "2020-11"})),
        ("2020/3/1", ("folder.period_date", {"found": "2020/3/1", "write": "2020-03"})),
        ("２０２０", ("folder.bad_period", {"found": "２０２０"})),
    ],
)
def test_what_is_no_period(text, answer):
    assert read_period(text) == answer


@pytest.mark.parametrize(
    ("text", "date"),
    [("2020-02-29", "2020-02-29"), ("2020-02", "2020-02"), ("2020", "2020"), ("", ""), ("2020-02-29 00:00:00", "2020-02-29")],
)
def test_dates(text, date):
    assert read_date(text) == date


@pytest.mark.parametrize("text", ["2021-02-29", "2020/1/1", "20200101", "1 May", "2020-13", "２０２０"])
def test_what_is_no_date(text):
    assert read_date(text) == ("folder.bad_date", {"found": text})


def test_texts_of_workbook_cells():
    assert [text_of(cell) for cell in (5.0, 0.1, True, "a", 1e300, math.inf, 7)] == [
        "5",
        "0.1",
        "TRUE",
        "a",
        "1e+300",
        "inf",
        "7",
    ]
