"""The numbers that went into an expression: the formula with the unit's own numbers put in, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tongkao.engine.explain_numbers import figure, shortened
from tongkao.engine.explain_subject import Block, Subject, Words
from tongkao.engine.explain_words import STATES
from tongkao.engine.observed import NOT_APPLICABLE, PRESENT
from tongkao.engine.values import ValueEnvironment
from tongkao.scheme.expressions import (
    NAME_FUNCTIONS,
    PLAIN_FUNCTIONS,
    Call,
    Column,
    Expression,
    Name,
    Number,
    evaluate,
    render,
    walk,
)

Value = float | str | bool | None
#: what stands in a formula where there is no value
ABSENT = {"missing": {"zh": "缺数", "en": "missing"}, "not_applicable": {"zh": "不适用", "en": "not applicable"}}


class Shown(str):
    """A text that stands in a formula as it is, without quotes."""


def cell(column: Column, row: int) -> tuple[Value, str]:
    """One unit's value of a column, and ``present``, ``missing`` or ``not_applicable``."""
    if column.state[row] != PRESENT:
        return None, "not_applicable" if column.state[row] == NOT_APPLICABLE else "missing"
    value = column.values[row]
    if column.kind == "text":
        return str(value), "present"
    return (bool(value) if isinstance(value, (bool, np.bool_)) else float(value)), "present"


def put_in(
    expression: Expression, look_up: Callable[[Name | Call], tuple[Value, str]], truth: Callable[[Value, str], str]
) -> Words:
    """The formula with numbers in place of names and of the functions that stand for a number.

    Args:
        expression: The formula.
        look_up: Value and state of a name or such a function.
        truth: How a text or a truth value is written in a language.
    """

    def writer(lang: str) -> Callable[[Name | Call], float | str | None]:
        def written(node: Name | Call) -> float | str | None:
            if isinstance(node, Call) and node.function in PLAIN_FUNCTIONS:
                return None
            value, state = look_up(node)
            if isinstance(value, float):
                return shortened(value)
            return truth(value, lang) if value is not None else ABSENT[state][lang]

        return written

    return {lang: render(expression, writer(lang)) for lang in ("zh", "en")}


def explain_expression(subject: Subject, expression: Expression, indicator: str) -> Block:
    """An indicator's expression: as written, with numbers put in, and what each number is.

    Args:
        subject: The unit.
        expression: The formula.
        indicator: Whose formula it is; names the comparison group and the targets.
    """
    environment = ValueEnvironment(subject.track.values, indicator, subject.plan.scheme.year)

    def look_up(node: Name | Call) -> tuple[Value, str]:
        return cell(evaluate(Expression(expression.text, node), environment), subject.row)

    def numbers(node: Name | Call) -> tuple[Value, str]:
        value, state = look_up(node)
        if isinstance(node, Call) and node.function == "growth" and value is not None:
            # The rate of growth itself says less than what grew.
            now, before = (cell(environment.value(_called(node), back), subject.row)[0] for back in (0, 1))
            return Shown(_growth(now, before)), state
        return value, state

    inputs: dict[str, Block] = {}
    for node in _read(expression):
        text = render(Expression(expression.text, node))
        if text not in inputs:
            value, state = look_up(node)
            inputs[text] = _input(subject, node, text, value, state)
    put = put_in(expression, numbers, lambda value, _: value if isinstance(value, Shown) else f'"{value}"')
    if isinstance(expression.root, Call) and expression.root.function == "growth":
        put = {lang: text.removeprefix("(").removesuffix(")") for lang, text in put.items()}
    return {
        "text": expression.text,
        "numbers": put,
        "inputs": list(inputs.values()),
    }


def _called(node: Call) -> str:
    name = node.arguments[0]
    assert isinstance(name, Name)
    return name.name


def _growth(now: Value, before: Value) -> str:
    after, base = (figure(float(value)) if isinstance(value, float) else "?" for value in (now, before))
    return f"(100 * ({after} - {base}) / {base.lstrip('−')})"


def _read(expression: Expression) -> list[Name | Call]:
    """Names and functions for which numbers are put in; what stands inside such a function is not looked at again."""
    found: list[Name | Call] = []
    covered = 0
    for node in walk(expression.root):
        if node.start < covered:
            continue
        if isinstance(node, Name) or (isinstance(node, Call) and node.function not in PLAIN_FUNCTIONS):
            found.append(node)
            covered = node.end
    return found


def _input(subject: Subject, node: Name | Call, text: str, value: Value, state: str) -> Block:
    year = subject.plan.scheme.year
    name = node.name if isinstance(node, Name) else None
    if isinstance(node, Call) and node.function in NAME_FUNCTIONS and isinstance(node.arguments[0], Name):
        name = node.arguments[0].name
    periods: list[str] = []
    if isinstance(node, Name):
        periods = [str(year)]
    elif node.function in ("prev", "growth"):
        back = next((int(argument.value) for argument in node.arguments[1:] if isinstance(argument, Number)), 1)
        periods = [str(year - back)] if node.function == "prev" else [str(year), str(year - back)]
    elif name is not None:
        periods = sorted(period for known, period in subject.observations if known == name and period.startswith(f"{year}-"))
    found = [observed(subject, name, period) for period in periods] if name is not None else []
    return {
        "text": text,
        "value": value,
        "state": state,
        "observations": [entry for entry in found if entry is not None],
    }


def observed(subject: Subject, name: str, period: str) -> Block | None:
    """One of the unit's observations as reported, None where there is no row."""
    row = subject.observations.get((name, period))
    if row is None:
        return None
    return {
        "name": name,
        "period": period,
        "value": row["value"],
        "state": row["state"],
        "state_words": dict(STATES[row["state"]]),
        "source": row["source"],
    }
