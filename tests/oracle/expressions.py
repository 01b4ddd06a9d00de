"""The expressions of a scheme: a small parser and an evaluator with missing and not-applicable parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Protocol

from . import arithmetic as ar


class State(Enum):
    """Why there is no value."""

    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


MISSING = State.MISSING
NOT_APPLICABLE = State.NOT_APPLICABLE
Value = Fraction | bool | str | State


class Problem(Exception):
    """The folder cannot be marked."""


@dataclass(frozen=True)
class Term:
    """A node of a parsed expression."""

    kind: str
    content: Any = None
    parts: tuple[Term, ...] = ()


class Scope(Protocol):
    """Where names and the functions of a place come from."""

    def look_up(self, name: str) -> Value: ...

    def call(self, name: str, arguments: tuple[Term, ...]) -> Value: ...


TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<text>\"[^\"]*\")"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|==|!=|<=|>=|[-+*/(),<>]))"
)


def _tokens(source: str) -> list[tuple[str, str]]:
    found, position, source = [], 0, source.strip()
    while position < len(source):
        match = TOKEN.match(source, position)
        if match is None:
            raise Problem(f"cannot read {source[position:]!r} in {source!r}")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        position = match.end()
    return [*found, ("end", "")]


class _Parser:
    def __init__(self, source: str) -> None:
        self.source, self.tokens, self.place = source, _tokens(source), 0

    def accept(self, *texts: str) -> str | None:
        kind, text = self.tokens[self.place]
        if kind != "text" and text in texts:
            self.place += 1
            return text
        return None

    def expect(self, text: str) -> None:
        if self.accept(text) is None:
            raise Problem(f"expected {text!r} in {self.source!r}")

    def whole(self) -> Term:
        term = self.either()
        if self.tokens[self.place][0] != "end":
            raise Problem(f"unexpected {self.tokens[self.place][1]!r} in {self.source!r}")
        return term

    def either(self) -> Term:
        term = self.both()
        while self.accept("or"):
            term = Term("or", None, (term, self.both()))
        return term

    def both(self) -> Term:
        term = self.negation()
        while self.accept("and"):
            term = Term("and", None, (term, self.negation()))
        return term

    def negation(self) -> Term:
        if self.accept("not"):
            return Term("not", None, (self.negation(),))
        return self.comparison()

    def comparison(self) -> Term:
        term = self.sum()
        sign = self.accept("==", "!=", "<=", ">=", "<", ">")
        return Term("compare", sign, (term, self.sum())) if sign else term

    def sum(self) -> Term:
        term = self.product()
        while sign := self.accept("+", "-"):
            term = Term("number_op", sign, (term, self.product()))
        return term

    def product(self) -> Term:
        term = self.signed()
        while sign := self.accept("*", "/"):
            term = Term("number_op", sign, (term, self.signed()))
        return term

    def signed(self) -> Term:
        if self.accept("-"):
            return Term("number_op", "-", (Term("constant", Fraction(0)), self.signed()))
        if self.accept("+"):
            return self.signed()
        term = self.atom()
        return Term("number_op", "**", (term, self.signed())) if self.accept("**") else term

    def atom(self) -> Term:
        kind, text = self.tokens[self.place]
        self.place += 1
        if kind == "number":
            return Term("constant", Fraction(text))
        if kind == "text":
            return Term("constant", text[1:-1])
        if text == "(":
            term = self.either()
            self.expect(")")
            return term
        if kind != "name":
            raise Problem(f"unexpected {text!r} in {self.source!r}")
        if not self.accept("("):
            return Term("name", text)
        arguments: list[Term] = []
        if not self.accept(")"):
            arguments.append(self.either())
            while self.accept(","):
                arguments.append(self.either())
            self.expect(")")
        return Term("call", text, tuple(arguments))


@cache
def parse(source: str) -> Term:
    return _Parser(source).whole()


def worse_state(values: list[Value]) -> State | None:
    """Not applicable if any part is, else missing if any part is, else None."""
    for state in (NOT_APPLICABLE, MISSING):
        if any(value is state for value in values):
            return state
    return None


def _number(value: Value) -> Fraction:
    if isinstance(value, str | State):
        raise Problem(f"{value!r} is no number")
    return Fraction(value)


def _operate(sign: str, left: Fraction, right: Fraction) -> Value:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    if sign == "*":
        return left * right
    if sign == "/":
        return MISSING if right == 0 else left / right
    result = ar.power(left, right)
    return MISSING if result is None else result


def _compare(sign: str, left: Value, right: Value) -> bool:
    if isinstance(left, str) != isinstance(right, str):
        raise Problem("a text compared with a number")
    pair: tuple[Any, Any] = (left, right)
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    return tests[sign](*pair)


def _plain_call(name: str, numbers: list[Fraction]) -> Value | None:
    """Functions of numbers alone; None for a name that is none of them."""
    first = numbers[0] if numbers else Fraction(0)
    if name == "min":
        return min(numbers)
    if name == "max":
        return max(numbers)
    if name == "abs":
        return abs(first)
    if name == "sqrt":
        return MISSING if first < 0 else ar.root(first)
    if name == "log":
        return MISSING if first <= 0 else ar.natural_log(first)
    if name == "log10":
        return MISSING if first <= 0 else ar.decimal_log(first)
    if name == "exp":
        return ar.exponential(first)
    if name == "round":
        return ar.round_half(first, int(numbers[1]) if len(numbers) > 1 else 0, "half_up", abs(first))
    if name == "clip":
        return min(max(first, numbers[1]), numbers[2])
    return None


PLAIN = {"min", "max", "abs", "sqrt", "log", "log10", "exp", "round", "clip"}


def evaluate(term: Term, scope: Scope) -> Value:
    if term.kind == "constant":
        return term.content  # type: ignore[no-any-return]
    if term.kind == "name":
        return scope.look_up(term.content)
    if term.kind == "call" and term.content == "if":
        condition = evaluate(term.parts[0], scope)
        if isinstance(condition, State):
            return condition
        return evaluate(term.parts[1 if condition else 2], scope)
    if term.kind == "call" and term.content not in PLAIN:
        return scope.call(term.content, term.parts)
    values = [evaluate(part, scope) for part in term.parts]
    state = worse_state(values)
    if state is not None:
        return state
    if term.kind == "and":
        return bool(values[0]) and bool(values[1])
    if term.kind == "or":
        return bool(values[0]) or bool(values[1])
    if term.kind == "not":
        return not values[0]
    if term.kind == "compare":
        return _compare(term.content, values[0], values[1])
    if term.kind == "number_op":
        return _operate(term.content, _number(values[0]), _number(values[1]))
    result = _plain_call(term.content, [_number(value) for value in values])
    assert result is not None
    return result


class Nothing:
    """A scope without names: for parameters, which are expressions over numbers."""

    def look_up(self, name: str) -> Value:
        raise Problem(f"{name} names nothing here")

    def call(self, name: str, arguments: tuple[Term, ...]) -> Value:
        raise Problem(f"{name}() is no function here")


def constant(source: object) -> Fraction:
    """A number of the scheme, written as a number or as an expression over numbers."""
    if isinstance(source, str):
        value = evaluate(parse(source), Nothing())
        if isinstance(value, State):
            raise Problem(f"{source!r} has no value")
        return _number(value)
    return ar.as_fraction(source)
