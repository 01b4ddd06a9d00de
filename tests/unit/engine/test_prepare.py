"""From own values to rates of the leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import NAN, assess, marks_of, of_node, of_results, of_unit, refusals
from tongkao.engine.observed import MISSING, NOT_APPLICABLE
from tongkao.engine.prepare import Prepared
from tongkao.engine.shares import LEFT, LEFT_EQUALLY, STAYS


def prepared(*given: Any, **more: Any) -> Prepared:
    return marks_of(assess(*given, **more)).prepared


def same(found: np.ndarray, expected: list[list[float]]) -> bool:
    return np.array_equal(found, np.array(expected, float), equal_nan=True)


# --- policies at the end ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "rate"), [("zero", 0), ({"floor": 60}, 60), ({"neutral": 0.5}, 50), ({"neutral": 0.6667}, 66.67)]
)
def test_a_policy_gives_a_rate_and_the_item_keeps_its_weight(policy: Any, rate: float) -> None:
    assessment = assess({"x": 40, "y": 60}, "unit x y\na - 100\nb 80 50", missing=policy)
    assert of_node(assessment, "x") == pytest.approx({"a": rate, "b": 80})
    assert of_unit(assessment, "a", "full_mark") == {"total": 100, "x": 40, "y": 60}
    assert of_node(assessment, "total", "points")["a"] == pytest.approx(0.4 * rate + 60)


def test_given_rates_do_not_count_in_the_comparison_group() -> None:
    """Floor 60 of minmax: a is not the worst value of anybody."""
    rules = {"x": {"score": {"method": "minmax"}, "missing": {"floor": 60}}}
    assert of_node(assess({"x": 100}, "unit x\na -\nb 5\nc 10", indicators=rules), "x") == {"a": 60, "b": 0, "c": 100}


def test_missing_and_not_applicable_have_policies_of_their_own() -> None:
    assessment = assess(
        {"x": 40, "y": 60}, "unit x y\na - 50\nb n/a 50\nc 100 50", missing="zero", not_applicable={"neutral": 0.5}
    )
    assert of_node(assessment, "x") == {"a": 0, "b": 50, "c": 100}


def test_what_is_not_applicable_is_redistributed_unless_the_scheme_says_otherwise() -> None:
    assessment = assess({"x": 40, "y": 60}, "unit x y\na n/a 50\nb 100 50", missing="zero")
    assert of_unit(assessment, "a") == {"total": 50, "y": 50}


def test_error_lists_every_cell_and_nothing_else() -> None:
    assessment = assess({"x": 40, "y": 60}, "unit x y\na - .\nb 1 n/a\nc 1 1", not_applicable="error")
    assert [(unit, node) for _, unit, node, _ in refusals(assessment)] == [("a", "x"), ("a", "y"), ("b", "y")]
    found = marks_of(assessment).prepared
    assert found.errors == ((0, 0, MISSING), (0, 1, MISSING), (1, 1, NOT_APPLICABLE))
    # Such cells are out for the time being, so that nothing else is told of them.
    assert found.leaves is not None
    assert found.leaves.tolist() == [[LEFT, LEFT], [STAYS, LEFT], [STAYS, STAYS]]


def test_the_status_of_each_leaf() -> None:
    found = prepared(
        {"x": 30, "y": 30, "z": 40},
        "unit x y z\na - - -\nb 1 1 1",
        indicators={"x": {"missing": "redistribute"}, "y": {"missing": "redistribute_equally"}, "z": {"missing": "zero"}},
    )
    assert found.leaves is not None
    assert found.leaves.tolist() == [[LEFT, LEFT_EQUALLY, STAYS], [STAYS] * 3]
    assert found.given is not None
    assert found.given.tolist() == [[False, False, True], [False] * 3]
    assert same(found.rates, [[NAN, NAN, 0], [1, 1, 1]])


def test_nothing_is_absent() -> None:
    found = prepared({"x": 100}, "unit x\na 1\nb 2")
    assert (found.leaves, found.given, found.filled, found.availability, found.marks) == (None, None, None, None, None)
    assert found.alive.all()
    assert found.values is found.observed


def test_a_cell_of_weight_0_is_never_missing() -> None:
    tree = {"x": {"default": 40, "n": 0}, "y": {"default": 60, "n": 100}}
    assessment = assess(tree, "unit x y\na - 50\nb 20 50", units="unit class\na n\nb s")
    assert of_unit(assessment, "a") == {"total": 50, "y": 50}


# --- mix ----------------------------------------------------------------------------------------------------------------------


def mix(*parts: tuple[float, str]) -> dict[str, Any]:
    return {
        "method": "mix",
        "parts": [{"share": share, "value": value, "score": {"method": "identity"}} for share, value in parts],
    }


def test_a_mix_is_the_weighted_sum_of_its_parts() -> None:
    rules = {"x": {"score": mix((0.6, "x"), (0.4, "x - prev(x)"))}}
    rows = "unit indicator period value\na x 2019 50"
    assert of_node(assess({"x": 100}, "unit x\na 80", indicators=rules, observations=rows), "x") == pytest.approx({"a": 60})


def test_a_missing_part_makes_the_indicator_missing() -> None:
    rules = {"x": {"score": mix((0.6, "x"), (0.4, "x - prev(x)")), "missing": {"floor": 7}}}
    rows = "unit indicator period value\na x 2019 50"
    assert of_node(assess({"x": 100}, "unit x\na 80\nb 80", indicators=rules, observations=rows), "x") == pytest.approx(
        {"a": 60, "b": 7}
    )


def test_a_part_that_is_not_applicable_goes_before_one_that_is_missing() -> None:
    rules = {"x": {"score": mix((0.5, "h"), (0.5, "k")), "missing": {"floor": 7}, "not_applicable": {"floor": 9}}}
    rows = "unit indicator period value state\na h 2020 - not_applicable\nb k 2020 1 -\na k 2020 - missing"
    assert of_node(assess({"x": 100}, "unit x\na 1\nb 1", indicators=rules, observations=rows), "x") == {"a": 9, "b": 7}


# --- denominate ---------------------------------------------------------------------------------------------------------------


def test_a_value_is_divided_by_its_denominator() -> None:
    rules = {"x": {"denominate": "people", "missing": {"floor": 7}}}
    units = "unit people\na 4\nb 0\nc -\nd 2"
    found = assess({"x": 100}, "unit x\na 100\nb 100\nc 100\nd -", units=units, indicators=rules)
    # A denominator that is 0 or missing makes the value missing.
    assert of_node(found, "x") == {"a": 25, "b": 7, "c": 7, "d": 7}
    assert same(marks_of(found).prepared.observed, [[25], [NAN], [NAN], [NAN]])


# --- screening ----------------------------------------------------------------------------------------------------------------

SCREENED = "unit x y z\na 1 2 3\nb 1 2 -\nc 1 - -\nd 0 0 3"


def test_units_with_too_few_values_are_not_marked() -> None:
    tree = {name: {"weight": 1} for name in "xyz"}
    found = assess(tree, SCREENED, missing="redistribute", track={"screen": {"availability": 0.5}})
    assert of_results(found, "total") == {"a": pytest.approx(2), "b": pytest.approx(1.5), "c": None, "d": pytest.approx(1)}
    assert of_results(found, "rank") == {"a": 1, "b": 2, "c": None, "d": 3}
    assert marks_of(found).prepared.availability.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 1])  # type: ignore[union-attr]
    assert set(of_node(found, "total")) == {"a", "b", "d"}


def test_a_share_that_is_just_reached_suffices() -> None:
    tree = {name: {"weight": 1} for name in "xyz"}
    found = assess(tree, SCREENED, missing="redistribute", track={"screen": {"availability": 2 / 3}})
    assert marks_of(found).prepared.alive.tolist() == [True, True, False, True]


def test_units_with_too_many_zeros_are_not_marked() -> None:
    tree = {name: {"weight": 1} for name in "xyz"}
    found = assess(tree, SCREENED, missing="redistribute", track={"screen": {"non_zero": 0.5}})
    assert marks_of(found).prepared.alive.tolist() == [True, True, True, False]


def test_who_is_screened_out_counts_in_no_group() -> None:
    tree = {name: {"weight": 1} for name in "xy"}
    rules = {"x": {"score": {"method": "minmax"}}}
    values = "unit x y\na 1 1\nb 5 1\nc 9 -"
    found = assess(tree, values, indicators=rules, missing="redistribute", track={"screen": {"availability": 1}})
    assert of_node(found, "x") == {"a": 0, "b": 100}


def test_items_of_weight_0_are_not_asked_for_by_the_screening() -> None:
    tree = {"x": {"weight": 1}, "y": {"weight": {"default": 1, "n": 0}}}
    values = "unit x y\na 1 -\nb 5 -\nc 2 2"
    units = "unit class\na n\nb s\nc s"
    found = assess(tree, values, units=units, missing="zero", track={"screen": {"availability": 1}})
    assert marks_of(found).prepared.alive.tolist() == [True, False, True]


# --- order of the steps -------------------------------------------------------------------------------------------------------

CLIP = {"x": {"treat": {"method": "clip", "high": 10}, "missing": {"impute": "mean"}}}
HOLES = "unit x\na -\nb 4\nc 20"


def test_imputation_comes_before_treatment() -> None:
    assert of_node(assess({"x": 100}, HOLES, indicators=CLIP), "x") == {"a": 10, "b": 4, "c": 10}


def test_the_scheme_may_say_another_order() -> None:
    found = assess({"x": 100}, HOLES, indicators=CLIP, steps=["treat", "impute", "score"])
    assert of_node(found, "x") == {"a": 7, "b": 4, "c": 10}


def test_a_step_that_is_left_out_is_not_done() -> None:
    found = assess({"x": 100}, "unit x\na 1\nb 4\nc 20", indicators=CLIP, steps=["score"])
    assert of_node(found, "x") == {"a": 1, "b": 4, "c": 20}


def test_rates_may_be_imputed_after_scoring() -> None:
    """The mean of the rates 0 and 100, not the rate of the mean value 6."""
    rules = {"x": {"score": {"method": "minmax", "goalposts": [4, 20]}, "missing": {"impute": "mean"}}}
    values = "unit x\na -\nb 4\nc 8"
    assert of_node(assess({"x": 100}, values, indicators=rules), "x") == {"a": 12.5, "b": 0, "c": 25}
    rules["x"]["score"] = {"method": "rank_linear"}
    assert of_node(assess({"x": 100}, "unit x\na -\nb 4\nc 8\nd 9", indicators=rules, steps=["score", "impute"]), "x") == {
        "a": 50,
        "b": 0,
        "c": 50,
        "d": 100,
    }


def test_screening_before_or_after_imputation() -> None:
    tree = {name: {"weight": 1} for name in "xy"}
    values = "unit x y\na - 5\nb 4 5"
    more = {"missing": {"impute": "mean"}, "track": {"screen": {"availability": 1}}}
    assert marks_of(assess(tree, values, **more)).prepared.alive.tolist() == [True, True]
    early = assess(tree, values, steps=["screen", "impute", "score"], **more)
    assert marks_of(early).prepared.alive.tolist() == [False, True]


# --- methods without an answer ------------------------------------------------------------------------------------------------


def test_every_value_for_which_the_method_has_no_answer_is_kept() -> None:
    rules = {"x": {"score": {"method": "target"}}}
    found = prepared(
        {"x": 100}, "unit x\na 5\nb 6\nc -", indicators=rules, missing="zero", targets="unit indicator target\nb x 0"
    )
    assert found.unanswered == ((0, 0), (1, 0))
