"""Target, baseline and challenge values."""

from __future__ import annotations

import numpy as np

from tests.unit.engine.cases import NAN, assess
from tongkao.engine.targets import Targets

ROWS = """
unit indicator period target baseline challenge
-    x         2020   10     1        -
v    x         2020   20     -        30
zz   x         2020   99     99       99
-    x         2019   5      -        -
u    y         2020   7      -        -
"""


def column(indicator: str, year: int, which: str) -> list[float]:
    table = assess({"x": 100}, targets=ROWS).targets
    return Targets(["u", "v"], table, 2020).column(indicator, year, which).tolist()  # type: ignore[arg-type]


def same(found: list[float], expected: list[float]) -> bool:
    return np.array_equal(found, expected, equal_nan=True)


def test_a_units_own_row_goes_before_the_row_for_all() -> None:
    assert column("x", 2020, "target") == [10, 20]


def test_the_own_row_is_taken_as_a_whole() -> None:
    """v has a row without a baseline: it has none, and does not borrow the general one."""
    assert same(column("x", 2020, "baseline"), [1, NAN])
    assert same(column("x", 2020, "challenge"), [NAN, 30])


def test_an_own_row_helps_nobody_else() -> None:
    assert same(column("y", 2020, "target"), [7, NAN])


def test_another_year_may_have_its_own() -> None:
    assert column("x", 2019, "target") == [5, 5]


def test_no_targets() -> None:
    assert same(column("z", 2020, "target"), [NAN, NAN])
    assert same(Targets(["u"], assess({"x": 100}).targets, 2020).column("x", 2020, "target").tolist(), [NAN])
