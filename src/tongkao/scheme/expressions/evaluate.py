"""What a formula gives for all units at once.

A value is present, missing or not applicable. Any part that is not applicable makes the result not applicable; otherwise any
missing part makes it missing; so does an operation without an answer (division by zero, logarithm of 0, a result beyond
the range of float64).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from tongkao.scheme.expressions.functions import AWARD, GROUP, TARGET, evaluated_parts, whole_number
from tongkao.scheme.expressions.parser import Expression
from tongkao.scheme.expressions.syntax import (
    Binary,
    Call,
    Compare,
    CompareOperator,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    fold,
)
from tongkao.scheme.expressions.tolerance import BoolArray, FloatArray, near, round_half_up, without_residue

IntArray = NDArray[np.uint8]
ColumnKind = Literal["number", "truth", "text"]
GroupStatistic = Literal["best", "worst", "mean", "median", "total"]
TargetName = Literal["target", "baseline", "challenge"]

PRESENT, MISSING, NOT_APPLICABLE = np.uint8(0), np.uint8(1), np.uint8(2)

_ALWAYS: IntArray = np.zeros((), dtype=np.uint8)
_EMPTY: dict[ColumnKind, object] = {"number": np.nan, "truth": False, "text": ""}


@dataclass(frozen=True, slots=True)
class Column:
    """One value for each unit. Not to be written to: arrays may be shared.

    Attributes:
        kind: What the values are.
        values: (n,) float64, bool or object (of str); where ``state`` is not 0 they mean nothing.
        state: (n,) uint8: 0 present, 1 missing, 2 not applicable.
    """

    kind: ColumnKind
    values: NDArray[Any]
    state: IntArray


class Environment(Protocol):
    """Where a formula finds the values of its names: one for each track and indicator, made by the engine."""

    @property
    def n(self) -> int:
        """Number of units."""
        ...

    def value(self, name: str, years_back: int) -> Column:
        """Values of a name, so many years before the year (0 = the year)."""
        ...

    def periods(self, name: str) -> tuple[FloatArray, IntArray]:
        """Months or quarters of the year in the order of time, (n, p), NaN where there is none; (n,) states of the name."""
        ...

    def group_statistic(self, name: GroupStatistic, column: Column) -> Column:
        """A statistic of a column over each unit's comparison group."""
        ...

    def target(self, which: TargetName) -> Column:
        """The unit's target, baseline or challenge value of the indicator."""
        ...

    def call(self, name: str, argument: str) -> Column:
        """A function that takes a text, such as ``streak("first")``."""
        ...


def evaluate(expression: Expression, environment: Environment) -> Column:
    """Compute a formula for all units.

    Args:
        expression: A formula that has passed :func:`~tongkao.scheme.expressions.check.check` for its place.
        environment: Where the values come from.

    Returns:
        (n,) values with their states; where there is no value the number is NaN, the condition False, the text empty.
    """
    with np.errstate(all="ignore"):
        column = fold(expression.root, partial(_combine, environment), evaluated_parts)
    return _spread(column, environment.n)


def holds(column: Column) -> BoolArray:
    """Where a condition is known and true (a count: not 0); (n,) bool. A rule that lacks a value is false for that unit."""
    true: BoolArray = _truth(column) & (column.state == PRESENT)
    return true


def _spread(column: Column, n: int) -> Column:
    """Give a column that may be one value for all units its full length, with nothing where there is no value."""
    state, values = column.state, column.values
    if state.shape != (n,):
        state = np.full(n, state, dtype=np.uint8)
    if values.shape != (n,):
        values = np.full(n, values, dtype=values.dtype)
    if state.any():
        values = np.where(state == PRESENT, values, np.asarray(_EMPTY[column.kind], dtype=values.dtype))
    return Column(column.kind, values, state)


def _joint_state(columns: Sequence[Column]) -> IntArray:
    """Not applicable wins over missing, missing over present."""
    return reduce(np.maximum, (column.state for column in columns))


def _number(values: Any, state: IntArray) -> Column:
    """A column of numbers; those that float64 cannot hold are missing."""
    finite = np.isfinite(values)
    if not finite.all():
        state = np.where((state == PRESENT) & ~finite, MISSING, state)
    return Column("number", np.asarray(values, dtype=np.float64) + 0.0, state)  # + 0.0: there is no minus zero on paper


def _truth(column: Column) -> BoolArray:
    values: BoolArray = column.values != 0 if column.kind == "number" else np.asarray(column.values, dtype=np.bool_)
    return values


def _combine(environment: Environment, node: Node, parts: list[Column]) -> Column:
    """The value of one node from the values of its parts; constants have no axis."""
    match node:
        case Number():
            return Column("number", np.asarray(node.value), _ALWAYS)
        case Text():
            return Column("text", np.asarray(node.value, dtype=object), _ALWAYS)
        case Name():
            return environment.value(node.name, 0)
        case Unary(operator="not"):
            return Column("truth", ~_truth(parts[0]), parts[0].state)
        case Unary():
            return _number(-parts[0].values if node.operator == "-" else parts[0].values, parts[0].state)
        case Binary(operators=("**",)):
            return _number(np.power(parts[0].values, parts[1].values), _joint_state(parts))
        case Binary():
            chain = _sum if node.operators[0] in ("+", "-") else _product
            return _number(chain(node.operators, parts), _joint_state(parts))
        case Compare():
            return Column("truth", _compared(node.operator, parts[0], parts[1]), _joint_state(parts))
        case Logic():
            join = np.logical_and if node.operator == "and" else np.logical_or
            return Column("truth", reduce(join, [_truth(part) for part in parts]), _joint_state(parts))
        case Call():
            return _call(environment, node, parts)


def _sum(operators: Sequence[str], parts: Sequence[Column]) -> FloatArray:
    total = parts[0].values
    largest = np.abs(total)
    for operator, part in zip(operators, parts[1:], strict=True):
        total = total + part.values if operator == "+" else total - part.values
        largest = np.maximum(largest, np.abs(part.values))
    return without_residue(total, largest)


def _product(operators: Sequence[str], parts: Sequence[Column]) -> FloatArray:
    product: FloatArray = parts[0].values
    for operator, part in zip(operators, parts[1:], strict=True):
        product = product * part.values if operator == "*" else product / part.values
    return product


def _compared(operator: CompareOperator, left: Column, right: Column) -> BoolArray:
    a, b = left.values, right.values
    if left.kind == right.kind == "number":
        same = near(a, b)
    elif "text" in (left.kind, right.kind):
        same = np.asarray(a, dtype=object) == np.asarray(b, dtype=object)
    else:
        same = _truth(left) == _truth(right)
    same = np.asarray(same, dtype=np.bool_)
    result: BoolArray
    match operator:
        case "==":
            result = same
        case "!=":
            result = ~same
        case "<":
            result = (a < b) & ~same
        case "<=":
            result = (a < b) | same
        case ">":
            result = (a > b) & ~same
        case ">=":
            result = (a > b) | same
    return result


# --- functions ------------------------------------------------------------------------------------------------------------

_ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "log": np.log,
    "log10": np.log10,
    "exp": np.exp,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
}


def _call(environment: Environment, node: Call, parts: list[Column]) -> Column:
    name = node.function
    if name in _ELEMENTWISE:
        return _number(_ELEMENTWISE[name](*(part.values for part in parts)), _joint_state(parts))
    if name == "if":
        return _if(*parts)
    if name == "round":
        places = _whole(node, default=0)
        return _number(round_half_up(parts[0].values, places), parts[0].state)
    if name in GROUP:
        return environment.group_statistic(cast(GroupStatistic, name), _spread(parts[0], environment.n))
    if name in TARGET:
        return environment.target(cast(TargetName, name))
    if name in AWARD:
        column = environment.call(name, cast(Text, node.arguments[0]).value)
        if AWARD[name].result != "truth" and column.kind == "truth":  # what happened or not is a count of 1 or 0
            return Column("number", column.values.astype(np.float64), column.state)
        return column
    return _over_time(environment, node, cast(Name, node.arguments[0]).name)


def _if(condition: Column, yes: Column, no: Column) -> Column:
    """The chosen branch; the other one may be missing. A condition without a value makes the result that state."""
    chosen = _truth(condition)
    state = np.where(condition.state == PRESENT, np.where(chosen, yes.state, no.state), condition.state)
    return Column(yes.kind, np.where(chosen, yes.values, no.values), state)


def _whole(node: Call, default: int) -> int:
    number = whole_number(node.arguments[1]) if len(node.arguments) > 1 else default
    if number is None:
        raise TypeError(f"{node.function} needs a whole number: the formula was not checked")
    return number


def _over_time(environment: Environment, node: Call, name: str) -> Column:
    if node.function == "prev":
        return environment.value(name, _whole(node, default=1))
    if node.function == "growth":
        return _growth(environment.value(name, 0), environment.value(name, 1))
    values, state = environment.periods(name)
    return _over_periods(node.function, values, state)


def _growth(now: Column, before: Column) -> Column:
    """``100 * (x - prev(x)) / abs(prev(x))``: a rise is positive even from a negative start."""
    size = np.abs(before.values)
    change = without_residue(now.values - before.values, np.maximum(np.abs(now.values), size))
    return _number(100.0 * change / size, _joint_state((now, before)))


def _over_periods(function: str, values: FloatArray, state: IntArray) -> Column:
    """Sum, mean or last of the periods that have a value; none has one: missing, or not applicable where the name is."""
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    if function == "periods_last":
        latest = np.max(np.where(there, np.arange(values.shape[1]), 0), axis=1, initial=0)
        result = values[np.arange(len(values)), latest] if values.shape[1] else np.full(len(values), np.nan)
    else:
        result = np.where(there, values, 0.0).sum(axis=1)
        if function == "periods_mean":
            result = result / count
    known = np.where(count > 0, PRESENT, MISSING)
    return _number(result, np.where(state == NOT_APPLICABLE, NOT_APPLICABLE, known))
