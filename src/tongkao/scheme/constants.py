"""Numbers of a scheme that are written as formulas over numbers only, such as ``log(75000)`` or ``100 / 3``."""

from __future__ import annotations

from tongkao.scheme.expressions.check import Vocabulary, check
from tongkao.scheme.expressions.evaluate import Column, GroupStatistic, IntArray, TargetName, evaluate
from tongkao.scheme.expressions.functions import PLAIN_FUNCTIONS
from tongkao.scheme.expressions.parser import parse
from tongkao.scheme.expressions.syntax import ExpressionError
from tongkao.scheme.expressions.tolerance import FloatArray

_NUMBERS_ONLY = Vocabulary(names={}, functions=PLAIN_FUNCTIONS)


class _NoValues:
    """The environment of a formula that names nothing: one unit, and nothing to ask for."""

    n = 1

    def value(self, name: str, years_back: int) -> Column:
        raise LookupError(name, years_back)

    def periods(self, name: str) -> tuple[FloatArray, IntArray]:
        raise LookupError(name)

    def group_statistic(self, name: GroupStatistic, column: Column) -> Column:
        raise LookupError(name, column)

    def target(self, which: TargetName) -> Column:
        raise LookupError(which)

    def call(self, name: str, argument: str) -> Column:
        raise LookupError(name, argument)


def constant_number(text: str) -> float | None:
    """Compute a formula over numbers only.

    Args:
        text: The formula; no names, and only the functions of numbers (``if min max abs sqrt log log10 exp round clip``).

    Returns:
        Its value; None where the text is no such formula, or has no answer (``1 / 0``).
    """
    try:
        expression = parse(text)
    except ExpressionError:
        return None
    if check(expression, _NUMBERS_ONLY):
        return None
    column = evaluate(expression, _NoValues())
    return float(column.values[0]) if column.state[0] == 0 else None
