"""Numbers written as formulas over numbers."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest

from tongkao.scheme.constants import constant_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", 60.0),
        ("-5", -5.0),
        (" 100 / 3 ", 100 / 3),
        ("log(75000)", math.log(75000)),
        ("1e3", 1000.0),
        ("2 ** 10", 1024.0),
        ("round(200 / 3, 2)", 66.67),
        ("if(1 < 2, max(3, 4), 0)", 4.0),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert constant_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gdp",
        "gdp * 2",
        "target()",
        "best(1)",
        "prev(gdp)",
        'streak("first")',
        "1 / 0",
        "log(0)",
        "1e999",
        "1 < 2",
        '"60"',
        "nan",
        "inf",
        "１００",
        "60%",
        "60 分",
        "__import__('os')",
        "(" * 10_000,
        "9 ** 9 ** 9",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert constant_number(text) is None


def test_the_model_is_not_needed() -> None:
    code = "import sys, tongkao.scheme.constants; print('tongkao.scheme.model' in sys.modules, 'pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False False\n"
