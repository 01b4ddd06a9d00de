"""Values, states and targets of every column."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.unit.engine.cases import NAN, assess, plan_of
from tongkao.engine.inputs import Inputs, gather, look_up
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT

P, M, N = PRESENT, MISSING, NOT_APPLICABLE


def inputs(*given: Any, **more: Any) -> Inputs:
    assessment = assess(*given, **more)
    plan = plan_of(assessment)
    return gather(plan, look_up(plan, assessment))


def same(found: np.ndarray | None, expected: list[list[float]]) -> bool:
    return found is not None and np.array_equal(found, np.array(expected, float), equal_nan=True)


def test_values_and_states_of_every_column() -> None:
    mix = {"method": "mix", "parts": [{"share": 0.5, "score": {"method": "identity"}}]}
    mix["parts"].append({"share": 0.5, "value": "10 * x", "score": {"method": "identity"}})  # type: ignore[attr-defined]
    found = inputs({"x": 50, "y": 50}, "unit x y\nu 3 n/a\nv - 4", indicators={"x": {"score": mix}, "y": {"value": "x + 1"}})
    assert same(found.values, [[3, 30, 4], [NAN, NAN, NAN]])
    assert found.states.tolist() == [[P, P, P], [M, M, M]]
    assert (found.denominators, found.carried, found.carried_years, found.targets) == (None, None, None, {})


def test_a_value_that_is_not_used_is_no_number() -> None:
    rows = "unit indicator period value state\nu x 2020 5 not_applicable\nv x 2020 6 missing"
    found = inputs({"x": 100}, units="unit\nu\nv", observations=rows)
    assert same(found.values, [[NAN], [NAN]])
    assert found.states.tolist() == [[N], [M]]


def test_years_of_a_panel_come_one_after_the_other() -> None:
    found = inputs(
        {"x": 100}, "unit x\nu 1\nv 2", observations="unit indicator period value\nu x 2019 3", panel={"years": [2019, 2020]}
    )
    assert same(found.values, [[3], [NAN], [1], [2]])


def test_targets_only_where_a_method_needs_them() -> None:
    rules = {"x": {"score": {"method": "target"}}}
    targets = "unit indicator target baseline challenge\n- x 9 1 -\n- y 7 7 7"
    found = inputs({"x": 50, "y": 50}, "unit x y\nu 1 1", indicators=rules, targets=targets)
    assert same(found.targets["target"], [[9, NAN]])
    assert same(found.targets["baseline"], [[1, NAN]])
    assert same(found.targets["challenge"], [[NAN, NAN]])


def test_targets_of_the_schemes_year_serve_the_years_of_a_panel_without_their_own() -> None:
    rules = {"x": {"score": {"method": "target"}}}
    targets = "unit indicator period target\n- x 2020 9\n- x 2018 7"
    found = inputs({"x": 100}, "unit x\nu 1", indicators=rules, targets=targets, panel={"years": [2018, 2019, 2020]})
    assert same(found.targets["target"], [[7], [9], [9]])


def test_denominators_are_columns_of_the_units_or_observations() -> None:
    rules = {"x": {"denominate": "people"}, "y": {"denominate": "area"}}
    found = inputs(
        {"x": 30, "y": 30, "z": 40},
        "unit x y z\nu 1 1 1\nv 1 1 1",
        units="unit people\nu 4\nv -",
        observations="unit indicator period value\nu area 2020 5",
        indicators=rules,
    )
    assert same(found.denominators, [[4, 5, 1], [NAN, NAN, 1]])


def test_a_denominator_that_is_observed_is_of_the_same_year() -> None:
    rows = "unit indicator period value\nu area 2019 5\nu area 2020 6\nu x 2019 1"
    found = inputs(
        {"x": 100}, "unit x\nu 1", observations=rows, indicators={"x": {"denominate": "area"}}, panel={"years": [2019, 2020]}
    )
    assert same(found.denominators, [[5], [6]])


EARLIER = """
unit indicator period value
u    x         2018   1
u    x         2017   2
v    x         2016   3
v    x         2021   9
w    x         2019   4
"""


def test_the_newest_earlier_value_is_carried() -> None:
    found = inputs({"x": 100}, "unit x\nu -\nv -\nw 5\nz -", observations=EARLIER, missing="carry_forward")
    assert same(found.carried, [[1], [3], [NAN], [NAN]])
    assert found.carried_years is not None
    assert found.carried_years.tolist() == [[2018], [2016], [0], [0]]


def test_no_farther_than_the_policy_looks_back() -> None:
    policy = {"carry_forward": 2, "otherwise": "zero"}
    found = inputs({"x": 100}, "unit x\nu -\nv -", observations=EARLIER, missing=policy)
    assert same(found.carried, [[1], [NAN]])
    longer = {"carry_forward": 1, "otherwise": {"carry_forward": 4, "otherwise": "zero"}}
    assert same(inputs({"x": 100}, "unit x\nu -\nv -", observations=EARLIER, missing=longer).carried, [[1], [3]])


def test_a_value_by_expression_is_carried_as_it_was_then() -> None:
    rows = "unit indicator period value\nu h 2019 6\nu k 2019 3\nu h 2020 8"
    found = inputs({"x": 100}, "unit x\nu .", observations=rows, indicators={"x": {"value": "h / k"}}, missing="carry_forward")
    assert same(found.carried, [[2]])


def test_nothing_to_carry() -> None:
    assert inputs({"x": 100}, "unit x\nu -", missing="carry_forward").carried is None
    assert inputs({"x": 100}, "unit x\nu -", observations=EARLIER, missing="zero").carried is None
