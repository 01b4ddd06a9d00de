"""Observations as arrays."""

from __future__ import annotations

import numpy as np

from tests.unit.engine.cases import NAN, assess
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT, Observed

ROWS = """
unit indicator period  value state
u    x         2020    5     reported
v    x         2020    -     missing
w    x         2020    -     not_applicable
u    y         2020    -     null_reported
v    y         2020    7     provisional
w    y         2020    8     disputed
u    x         2018    4     reported
v    x         2020-10 1     reported
v    x         2020-02 2     reported
u    x         2020-02 3     reported
u    x         2020-10 -     missing
w    x         2020-02 -     not_applicable
zz   x         2020    99    reported
"""


def observed(units: tuple[str, ...] = ("u", "v", "w")) -> Observed:
    return Observed(list(units), assess({"x": 100}, observations=ROWS).observations)


def same(found: tuple[np.ndarray, np.ndarray], values: list[float], states: list[int]) -> bool:
    return np.array_equal(found[0], np.array(values, float), equal_nan=True) and found[1].tolist() == states


def test_values_of_a_year_with_their_states() -> None:
    assert same(observed().annual("x", 2020), [5, NAN, NAN], [PRESENT, MISSING, NOT_APPLICABLE])


def test_null_reports_are_zeros_and_flagged_values_are_used() -> None:
    assert same(observed().annual("y", 2020), [0, 7, 8], [PRESENT] * 3)


def test_a_unit_without_a_row_is_missing_and_so_is_everybody_in_a_year_without_rows() -> None:
    assert same(observed().annual("x", 2018), [4, NAN, NAN], [PRESENT, MISSING, MISSING])
    assert same(observed().annual("y", 2018), [NAN] * 3, [MISSING] * 3)
    assert same(observed().annual("x", 2019), [NAN] * 3, [MISSING] * 3)
    assert same(observed().annual("nothing", 2020), [NAN] * 3, [MISSING] * 3)


def test_units_stand_in_the_order_asked_for() -> None:
    assert same(observed(("w", "u")).annual("y", 2020), [8, 0], [PRESENT] * 2)


def test_months_stand_in_the_order_of_time_and_are_no_value_of_the_year() -> None:
    values, states = observed().periods("x", 2020)
    assert np.array_equal(values, [[3, NAN], [2, 1], [NAN, NAN]], equal_nan=True)
    # w says of every month that it does not apply; u and v have a value.
    assert states.tolist() == [MISSING, MISSING, NOT_APPLICABLE]


def test_a_year_without_months() -> None:
    values, states = observed().periods("x", 2018)
    assert values.shape == (3, 0)
    assert states.tolist() == [MISSING] * 3


def test_years_and_names() -> None:
    assert observed().years == [2018, 2020]
    assert ("x" in observed(), "z" in observed()) == (True, False)
