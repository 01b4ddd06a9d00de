"""What formulas give: numbers, conditions, texts, and the two ways of having no value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tongkao.scheme.expressions import Column, check, evaluate, holds, near, parse, round_half_up

from .expressions_units import ANYTHING, EXAMPLE, MISSING, NAN, NOT_APPLICABLE, Units, cells, column

NA = NOT_APPLICABLE


def values(text: str, units: Units = EXAMPLE) -> list[Any]:
    return cells(evaluate(parse(text), units))


def constant(text: str) -> Any:
    return values(text, Units(n=1))[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 - 2 - 3 + 4", 0.0),
        ("8 / 4 / 2 * 3", 3.0),
        ("2 ** 3 ** 2", 512.0),
        ("-2 ** 2", -4.0),
        ("2 ** -1", 0.5),
        ("2 + 3 * 4 ** .5", 8.0),
        ("+(1 - 3)", -2.0),
        ("0 ** 0", 1.0),
        ("min(3, 1, 2) + max(3, 1, 2) * 10 + min(7)", 38.0),
        ("abs(-2.5) + sqrt(16) + log10(1000) + log(exp(2)) + exp(0)", 12.5),
        ("clip(5, 0, 3) + clip(-5, 0, 3) * 10 + clip(2, 0, 3) * 100", 203.0),
        ("if(1 > 2, 10, 20)", 20.0),
        ("1 < 2 and not 2 < 1 or 1 / 0 > 1", MISSING),
        ("not 1 > 2 and 2 > 1", True),
        ("1 > 2 or 2 > 1", True),
        ("1 > 2 or 2 > 3", False),
        ('"a" == "a" and "a" != "b"', True),
        ("(1 > 2) == (2 > 3)", True),
        ("(1 > 2) != (2 > 3)", False),
    ],
)
def test_constants(text: str, expected: Any) -> None:
    assert constant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1 / 0",
        "0 / 0",
        "1 / (0.1 + 0.2 - 0.3)",
        "1 / (1 / 3 * 3 - 1)",
        "log(0)",
        "log(-1)",
        "log10(0)",
        "sqrt(-1)",
        "(-8) ** (1 / 3)",
        "0 ** -1",
        "exp(1000)",
        "1e300 * 1e300",
        "1 / (1e300 * 1e300)",
        "1 / 0 * 0",
        "0 * log(0)",
        "if(log(0) > 1, 1, 2)",
        "min(1, 1 / 0)",
        "round(1 / 0, 2)",
    ],
)
def test_what_has_no_answer_is_missing(text: str) -> None:
    assert constant(text) == MISSING


def test_units_are_computed_side_by_side() -> None:
    assert values("gdp * 10 / population") == [24.0, 20.0, MISSING, NA]
    assert values("population") == [50.0, 40.0, 30.0, 20.0]
    assert values("1 + 1") == [2.0, 2.0, 2.0, 2.0]
    assert values('class == "north"') == [True, True, False, False]
    assert values('if(class == "north", gdp, population)') == [120.0, 80.0, 30.0, 20.0]
    assert values("if(population > 35, class, tier)") == ["north", "north", "second", "second"]


def test_values_have_the_promised_types_and_nothing_where_there_is_no_value() -> None:
    number = evaluate(parse("gdp"), EXAMPLE)
    assert (number.kind, number.values.dtype, number.state.dtype) == ("number", np.float64, np.uint8)
    np.testing.assert_array_equal(number.values, [120.0, 80.0, NAN, NAN])
    np.testing.assert_array_equal(number.state, [0, 0, 1, 2])
    truth = evaluate(parse("gdp > 100"), EXAMPLE)
    assert (truth.kind, truth.values.dtype) == ("truth", np.bool_)
    np.testing.assert_array_equal(truth.values, [True, False, False, False])
    text = evaluate(parse("if(gdp > 100, class, tier)"), EXAMPLE)
    assert (text.kind, text.values.dtype) == ("text", np.object_)
    assert text.values.tolist() == ["north", "first", "", ""]


class TestMissingParts:
    """a is present, missing or not applicable; so is b."""

    UNITS = Units(
        n=9,
        values={
            ("a", 0): [1, 1, 1, MISSING, MISSING, MISSING, NA, NA, NA],
            ("b", 0): [2, MISSING, NA, 2, MISSING, NA, 2, MISSING, NA],
        },
    )
    STATES = (0, 1, 2, 1, 1, 2, 2, 2, 2)

    @pytest.mark.parametrize(
        "text",
        [
            "a + b",
            "a - b - 1",
            "a * b",
            "a / b",
            "a ** b",
            "-a + +b",
            "min(a, b)",
            "max(a, 5, b)",
            "clip(a, 0, b)",
            "abs(a) * round(b, 1)",
            "a < b",
            "a == b",
            "a > 0 and b > 0",
            "a > 5 and b > 0",
            "a > 0 or b > 0",
            "not (a > b)",
            "0 * a * b",
        ],
    )
    def test_any_missing_part_makes_the_whole_missing_and_not_applicable_wins(self, text: str) -> None:
        assert tuple(evaluate(parse(text), self.UNITS).state) == self.STATES

    def test_if_needs_only_the_chosen_branch(self) -> None:
        assert values("if(1 < 2, a, b)", self.UNITS) == [1.0] * 3 + [MISSING] * 3 + [NA] * 3
        assert values("if(2 < 1, a, b)", self.UNITS) == [2.0, MISSING, NA] * 3
        assert values("if(a > 0, b, 5)", self.UNITS) == [2.0, MISSING, NA, MISSING, MISSING, MISSING, NA, NA, NA]
        assert values("if(a > 5, b, 5)", self.UNITS) == [5.0] * 3 + [MISSING] * 3 + [NA] * 3
        assert constant("if(1 > 2, 1 / 0, 7)") == 7.0

    def test_not_applicable_wins_over_an_operation_without_an_answer(self) -> None:
        assert values("a / 0", self.UNITS) == [MISSING] * 6 + [NA] * 3
        assert values("log(a - 1)", self.UNITS) == [MISSING] * 6 + [NA] * 3

    def test_texts_too(self) -> None:
        units = Units(n=3, values={("region", 0): ["north", MISSING, NA]})
        assert values('region == "north"', units) == [True, MISSING, NA]
        assert values('region != ""', units) == [True, MISSING, NA]


class TestTolerance:
    @pytest.mark.parametrize(
        "text",
        [
            "0.1 + 0.2 <= 0.3",
            "0.1 + 0.2 == 0.3",
            "0.1 + 0.2 >= 0.3",
            "not 0.1 + 0.2 > 0.3",
            "not 0.3 < 0.1 + 0.2",
            "not 0.1 + 0.2 != 0.3",
            "0.1 + 0.2 - 0.3 == 0",
            "0.1 + 0.2 - 0.3 <= 0",
            "1 - 0.9 - 0.1 >= 0",
            "100 * (0.3 - 0.1) - 20 == 0",
            "1000000000 == 1000000000.5",
            "1 == 1.0000000009",
            "1 != 1.0000000011",
            "1 < 1.0000000011",
            "0 == 0",
            "-1 == -1.0000000001",
            "0 < 1e-300",
            "1e-10 != 2e-10",
            "1e300 < 1e301",
        ],
    )
    def test_comparisons(self, text: str) -> None:
        assert constant(text) is True

    def test_what_is_left_when_parts_cancel_is_nothing(self) -> None:
        assert constant("0.1 + 0.2 - 0.3") == 0.0
        assert constant("1.1 - 1 - 0.1") == 0.0
        assert constant("1 - 0.99999999") == 1 - 0.99999999
        assert constant("12345678901 - 12345678900.99") == 12345678901 - 12345678900.99

    def test_there_is_no_minus_zero(self) -> None:
        for text in ("-0", "0 * -1", "round(-0.2)", "0 / -5"):
            assert str(constant(text)) == "0.0"

    def test_near(self) -> None:
        left = np.array([0.0, 1.0, 1.0, 0.0, NAN])
        right = np.array([0.0, 1 + 9e-10, 1 + 2e-9, 1e-20, 1.0])
        assert near(left, right).tolist() == [True, True, False, False, False]


class TestRounding:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("round(2.5)", 3.0),
            ("round(2.4999)", 2.0),
            ("round(-2.5)", -3.0),
            ("round(-2.4)", -2.0),
            ("round(1.005, 2)", 1.01),
            ("round(84.125, 2)", 84.13),
            ("round(0.285, 2)", 0.29),
            ("round(2.675, 2)", 2.68),
            ("round(1.1 * 1.5, 2)", 1.65),
            ("round(84.1249999, 2)", 84.12),
            ("round(84.12499999999, 2)", 84.13),
            ("round(0, 2)", 0.0),
            ("round(1250, -2)", 1300.0),
            ("round(-1249, -2)", -1200.0),
            ("round(123456789012.344, 2)", 123456789012.34),
            ("round(123456789012.346, 2)", 123456789012.35),
            ("round(9007199254740993, 2)", 9007199254740992.0),
            ("round(1e300, 15)", 1e300),
            ("round(0.5e-15, 15)", 1e-15),
            ("round(5e14, -15)", 1e15),
        ],
    )
    def test_half_up_as_on_paper(self, text: str, expected: float) -> None:
        assert constant(text) == expected

    def test_whole_numbers_stay_whatever_their_size(self) -> None:
        numbers = 10.0 ** np.arange(16)
        np.testing.assert_array_equal(round_half_up(numbers, 0), numbers)
        np.testing.assert_array_equal(round_half_up(-numbers, 2), -numbers)


class TestTime:
    def test_earlier_years(self) -> None:
        assert values("gdp - prev(gdp)") == [20.0, -20.0, MISSING, NA]
        assert values("prev(gdp, 2)") == [80.0, 100.0, 90.0, NA]
        assert values("prev(gdp, 0)") == [120.0, 80.0, MISSING, NA]
        assert values("prev(gdp, 3)") == [MISSING] * 4

    def test_the_name_of_an_earlier_year_is_not_asked_for_in_this_year(self) -> None:
        units = Units(n=1, values={("a", 1): [5]})
        assert values("prev(a) * 2", units) == [10.0]
        assert units.asked == [("a", 1)]

    def test_growth(self) -> None:
        units = Units(n=6, values={("a", 0): [110, -5, 5, 0.3, 1, NA], ("a", 1): [100, -10, -10, 0.1 + 0.2, 0, MISSING]})
        assert values("growth(a)", units) == [10.0, 50.0, 150.0, 0.0, MISSING, NA]

    def test_periods(self) -> None:
        assert values("periods_sum(visits)") == [36.0, 20.0, MISSING, NA]
        assert values("periods_mean(visits)") == [12.0, 5.0, MISSING, NA]
        assert values("periods_last(visits)") == [14.0, 5.0, MISSING, NA]

    def test_periods_count_where_the_year_itself_has_no_value(self) -> None:
        units = Units(
            n=4,
            values={("a", 0): [MISSING, MISSING, NA, 7]},
            quarters={"a": [[0, NAN, NAN], [NAN, 3, NAN], [1, 2, 3], [NAN, NAN, NAN]]},
        )
        assert values("periods_last(a)", units) == [0.0, 3.0, NA, MISSING]
        assert values("periods_mean(a)", units) == [0.0, 3.0, NA, MISSING]

    def test_a_year_without_periods(self) -> None:
        units = Units(n=2, values={("a", 0): [1, NA]}, quarters={"a": [[], []]})
        for function in ("periods_sum", "periods_mean", "periods_last"):
            assert values(f"{function}(a)", units) == [MISSING, NA]


class TestAskingTheEngine:
    def test_group_statistics_get_a_whole_column(self) -> None:
        assert values("best(gdp / 10)") == [12.0] * 4
        assert values("gdp / mean(gdp)") == [1.2, 0.8, MISSING, NA]
        assert values("total(1) + median(population) + worst(population)") == [4.0 + 35.0 + 20.0] * 4

    def test_targets(self) -> None:
        assert values("(gdp - baseline()) / (target() - baseline())") == [20 / 30, 0.0, MISSING, NA]
        assert values("challenge()") == [150.0, 100.0, 110.0, MISSING]

    def test_results_and_history(self) -> None:
        assert values('streak("first") >= 2') == [True, False, False, MISSING]
        assert values('first_time("first")') == [False, True, False, MISSING]
        assert values('rank_change >= 2 and tier == "first"') == [True, False, False, MISSING]
        assert values('rate("growth") / 10') == [9.55, 8.0, MISSING, 7.0]

    def test_a_count_is_a_number_and_a_condition(self) -> None:
        assert values('event("praise") >= 2') == [True, False, False, False]
        assert values('not event("praise")') == [False, True, False, True]
        assert values('if(event("praise"), 1, 0) + event("praise")') == [3.0, 0.0, 2.0, 0.0]
        assert values('event("praise") and tier == "first" or event("praise") > 5') == [True, False, False, False]

    def test_what_happened_or_not_counts_as_one_or_nothing(self) -> None:
        units = Units(n=2, calls={("event", "praise"): [True, False]})
        assert values('event("praise") - 1', units) == [0.0, -1.0]
        assert values('event("praise") == 0', units) == [False, True]

    def test_a_rule_that_lacks_a_value_does_not_hold(self) -> None:
        def held(text: str) -> list[bool]:
            return holds(evaluate(parse(text), EXAMPLE)).tolist()

        assert held('first_time("first")') == [False, True, False, False]
        assert held('not first_time("first")') == [True, False, True, False]
        assert held('event("praise")') == [True, False, True, False]

    def test_what_stands_where_there_is_no_value_never_makes_a_rule_hold(self) -> None:
        states = np.array([0, 1, 2], dtype=np.uint8)
        assert holds(Column("truth", np.array([True, True, True]), states)).tolist() == [True, False, False]
        assert holds(Column("number", np.array([1.0, 1.0, NAN]), states)).tolist() == [True, False, False]


class TestSize:
    def test_no_units(self) -> None:
        units = Units(n=0, values={("a", 0): []}, quarters={"a": []})
        for text in ("a + 1", "1", "if(a > 1, a, 2)", "periods_last(a)", "growth(a)"):
            result = evaluate(parse(text), units)
            assert (result.values.shape, result.state.shape) == ((0,), (0,))

    def test_a_chain_of_two_thousand_terms(self) -> None:
        units = Units(n=3, values={("a", 0): [1, 2, MISSING]})
        assert values("+".join(["a"] * 2_000), units) == [2000.0, 4000.0, MISSING]
        assert values(" or ".join(["a>1"] * 1_200), units) == [False, True, MISSING]

    def test_two_hundred_deep(self) -> None:
        assert values("abs(" * 197 + "-1-population" + ")" * 197) == [51.0, 41.0, 31.0, 21.0]

    def test_nothing_is_written_into_the_arrays_of_the_environment(self) -> None:
        frozen = column([1.0, MISSING, NA])
        frozen.values.setflags(write=False)
        frozen.state.setflags(write=False)

        class Frozen(Units):
            def value(self, name: str, years_back: int) -> Any:
                return frozen

        assert values("a", Frozen(n=3)) == [1.0, MISSING, NA]
        assert values("if(a > 0, -a, a) + a * 2 - round(a, 1)", Frozen(n=3)) == [0.0, MISSING, NA]


def test_sound_formulas_only() -> None:
    """Everything above is a formula that passes the check, so that the check allows what can be computed."""
    for text in ('event("praise") and tier == "first"', "(gdp - baseline()) / (target() - baseline()) > 1"):
        faults = check(parse(text), ANYTHING)
        assert [fault.code for fault in faults] == ["expression.result_number"]
