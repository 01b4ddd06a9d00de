"""Laws: writing and reading undo each other, and all units at once give what one unit alone gives on paper.

The other evaluator computes with exact fractions, one unit at a time, and shares nothing with the one under test.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tongkao.scheme.expressions import (
    Binary,
    Call,
    Compare,
    Expression,
    ExpressionError,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    check,
    evaluate,
    parse,
    render,
)

from .expressions_units import ANYTHING, MISSING, NOT_APPLICABLE, VALUES, Units, cells

# --- formulas ---------------------------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from(["a", "b", "c"]).map(Name) | st.integers(0, 12).map(lambda n: Number(n / 4))
TRUTHS = st.tuples(st.sampled_from(["==", "!="]), st.sampled_from(["north", "south"])).map(
    lambda drawn: Compare(drawn[0], Name("region"), Text(drawn[1]))
)


def chain(operators: str, numbers: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    links = st.lists(st.tuples(st.sampled_from(operators), numbers), min_size=1, max_size=3)
    return st.tuples(numbers, links).map(
        lambda drawn: Binary(tuple(link[0] for link in drawn[1]), (drawn[0], *(link[1] for link in drawn[1])))
    )


def call(function: str, *arguments: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(*arguments).map(lambda drawn: Call(function, drawn))


def whole(number: int) -> Node:
    return Unary("-", Number(float(-number))) if number < 0 else Number(float(number))


def numbers_from(numbers: st.SearchStrategy[Node], truths: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(numbers, min_size=1, max_size=3)
    return st.one_of(
        numbers,
        chain("+-", numbers),
        chain("*/", numbers),
        st.tuples(numbers, st.integers(-3, 3)).map(lambda drawn: Binary(("**",), (drawn[0], whole(drawn[1])))),
        st.tuples(st.sampled_from("+-"), numbers).map(lambda drawn: Unary(drawn[0], drawn[1])),
        st.tuples(st.sampled_from(["min", "max"]), several).map(lambda drawn: Call(drawn[0], tuple(drawn[1]))),
        call("abs", numbers),
        call("clip", numbers, st.just(whole(-2)), st.just(Number(5.5))),
        call("round", numbers, st.integers(-1, 3).map(whole)),
        call("if", truths, numbers, numbers),
    )


def truths_from(numbers: st.SearchStrategy[Node], truths: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    comparisons = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers, numbers)
    logic = st.tuples(st.sampled_from(["and", "or"]), st.lists(truths, min_size=2, max_size=3))
    return st.one_of(
        truths,
        comparisons.map(lambda drawn: Compare(*drawn)),
        logic.map(lambda drawn: Logic(drawn[0], tuple(drawn[1]))),
        truths.map(lambda drawn: Unary("not", drawn)),
    )


def grown(levels: int) -> tuple[st.SearchStrategy[Node], st.SearchStrategy[Node]]:
    numbers: st.SearchStrategy[Node] = NUMBERS
    truths: st.SearchStrategy[Node] = TRUTHS
    for _ in range(levels):
        numbers, truths = numbers_from(numbers, truths), truths_from(numbers, truths)
    return numbers, truths


FORMULAS, CONDITIONS = grown(3)

# --- the same on paper ------------------------------------------------------------------------------------------------------


class Doubtful(Exception):
    """Paper and float64 may fairly differ: numbers almost cancel, are almost equal, almost a half, or huge."""


STATES = (MISSING, NOT_APPLICABLE)
COMPARISONS: dict[str, Any] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def worst_state(parts: list[Any]) -> str | None:
    for state in (NOT_APPLICABLE, MISSING):
        if any(part is state for part in parts):
            return state
    return None


def sure(number: Any) -> Any:
    if isinstance(number, Fraction) and number and not 1e-12 < abs(number) < 1e12:
        raise Doubtful
    return number


def on_paper(node: Node, unit: dict[str, Any]) -> Any:
    match node:
        case Number():
            return Fraction(node.value)
        case Text():
            return node.value
        case Name():
            return unit[node.name]
        case Call(function="if", arguments=(condition, yes, no)):
            chosen = on_paper(condition, unit)
            return chosen if chosen in STATES else on_paper(yes if chosen else no, unit)
        case Call(function="round", arguments=(number, places)):
            value = on_paper(number, unit)
            return value if value in STATES else rounded(value, int(on_paper(places, unit)))
    parts = [on_paper(part, unit) for part in parts_of(node)]
    return worst_state(parts) or sure(applied(node, parts))


def parts_of(node: Node) -> tuple[Node, ...]:
    match node:
        case Call():
            return node.arguments
        case Unary():
            return (node.operand,)
        case Compare():
            return (node.left, node.right)
        case Binary() | Logic():
            return node.operands
    raise AssertionError(node)


def applied(node: Node, parts: list[Any]) -> Any:
    match node:
        case Unary():
            return not parts[0] if node.operator == "not" else parts[0] if node.operator == "+" else -parts[0]
        case Logic():
            return all(parts) if node.operator == "and" else any(parts)
        case Compare():
            return compared(node.operator, parts[0], parts[1])
        case Call(function="clip"):
            return min(max(parts[0], parts[1]), parts[2])
        case Call():
            return {"min": min, "max": max, "abs": lambda numbers: abs(numbers[0])}[node.function](parts)
        case Binary(operators=("**",)):
            return MISSING if parts[0] == 0 and parts[1] < 0 else parts[0] ** int(parts[1])
        case Binary():
            return computed(node.operators, parts)
    raise AssertionError(node)


def computed(operators: tuple[str, ...], parts: list[Fraction]) -> Any:
    total, largest = parts[0], abs(parts[0])
    for sign, part in zip(operators, parts[1:], strict=True):
        if sign == "/" and part == 0:
            return MISSING
        total = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign](total, part)
        largest = max(largest, abs(part))
    if operators[0] in "+-" and total and abs(total) < largest / 100:
        raise Doubtful
    return total


def compared(sign: str, left: Any, right: Any) -> bool:
    if isinstance(left, Fraction) and left != right and abs(left - right) < Fraction(1, 10**6) * max(abs(left), abs(right)):
        raise Doubtful
    return bool(COMPARISONS[sign](left, right))


def rounded(number: Fraction, places: int) -> Fraction:
    step = Fraction(10) ** -places
    half = abs(number) / step + Fraction(1, 2)
    if half.denominator != 1 and min(half % 1, 1 - half % 1) < Fraction(1, 500):
        raise Doubtful
    size = floor(half) * step
    return size if number >= 0 else -size


# --- laws -------------------------------------------------------------------------------------------------------------------

CELLS = st.integers(-40, 40).map(lambda n: n / 4) | st.sampled_from([MISSING, NOT_APPLICABLE])
UNITS = st.lists(
    st.fixed_dictionaries(
        {"a": CELLS, "b": CELLS, "c": CELLS, "region": st.sampled_from(["north", "south", MISSING, NOT_APPLICABLE])}
    ),
    min_size=1,
    max_size=6,
)


def environment(units: list[dict[str, Any]]) -> Units:
    return Units(n=len(units), values={(name, 0): [unit[name] for unit in units] for name in ("a", "b", "c", "region")})


def compute(root: Node, units: list[dict[str, Any]]) -> list[Any]:
    return cells(evaluate(Expression("", root), environment(units)))


@given(FORMULAS | CONDITIONS)
def test_what_is_written_reads_back_the_same(root: Node) -> None:
    text = render(Expression("", root))
    assert parse(text).root == root
    assert render(parse(text)) == text


@given(FORMULAS | CONDITIONS, UNITS)
def test_all_units_at_once_agree_with_one_unit_on_paper(root: Node, units: list[dict[str, Any]]) -> None:
    for unit, result in zip(units, compute(root, units), strict=True):
        exact = {name: Fraction(cell) if isinstance(cell, float) else cell for name, cell in unit.items()}
        try:
            expected = on_paper(root, exact)
        except Doubtful:
            assume(False)
        if isinstance(expected, Fraction):
            assert isinstance(result, float)
            assert abs(result - float(expected)) <= 1e-9 * abs(float(expected))
        else:
            assert result == expected
            assert type(result) is type(expected)


@given(FORMULAS, UNITS, st.randoms(use_true_random=False))
def test_the_order_of_units_never_matters(root: Node, units: list[dict[str, Any]], random: Any) -> None:
    order = list(range(len(units)))
    random.shuffle(order)
    result = compute(root, units)
    assert compute(root, [units[position] for position in order]) == [result[position] for position in order]


@given(FORMULAS | CONDITIONS, UNITS)
def test_a_formula_without_choice_is_present_only_where_all_of_its_parts_are(root: Node, units: list[dict[str, Any]]) -> None:
    text = render(Expression("", root))
    assume("if(" not in text)
    names = {name for name in ("a", "b", "c", "region") if any(node == Name(name) for node in walked(root))}
    for unit, result in zip(units, compute(root, units), strict=True):
        used = [unit[name] for name in names]
        if NOT_APPLICABLE in used:
            assert result == NOT_APPLICABLE
        elif MISSING in used:
            assert result == MISSING
        else:
            assert result != NOT_APPLICABLE


def walked(node: Node) -> list[Node]:
    below = [] if isinstance(node, (Number, Text, Name)) else parts_of(node)
    return [node, *(inner for part in below for inner in walked(part))]


def read(text: str) -> Expression | ExpressionError:
    try:
        return parse(text)
    except ExpressionError as error:
        return error


@given(st.text(max_size=60) | st.text('ab1.,()+-*/<>=!&"“（ 且e', max_size=40))
@example('"')
@example("a" * 10_001)
def test_any_text_is_a_formula_or_an_error_at_one_of_its_characters(text: str) -> None:
    outcome = read(text)
    if isinstance(outcome, ExpressionError):
        assert 0 <= outcome.offset <= len(text)
        assert outcome.fields["position"] == outcome.offset + 1
        return
    for vocabulary in (VALUES, ANYTHING):
        assert all(0 <= fault.offset < len(text) for fault in check(outcome, vocabulary))
    assert parse(render(outcome)).root == outcome.root


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_rounding_moves_a_number_by_at_most_half_a_place(number: float, places: int) -> None:
    result = compute(Call("round", (Name("a"), whole(places))), [{"a": number, "b": 0, "c": 0, "region": ""}])[0]
    assert abs(result - number) <= 0.5011 * 10.0**-places
    assert result == np.round(result, places)
