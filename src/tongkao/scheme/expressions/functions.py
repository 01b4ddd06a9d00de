"""Which functions there are, how they are written, and what they take and give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from tongkao.scheme.expressions.syntax import Call, Node, Number, Unary, children

Kind = Literal["number", "truth", "text", "count"]
"""A count is a number that may also stand where a condition is needed: it holds if it is not 0."""

Parameter = Literal["number", "truth", "any", "name", "whole", "literal"]
"""``name``: a plain name; ``whole``: a whole number written as such; ``literal``: a text in double quotes."""


@dataclass(frozen=True)
class Signature:
    """One function.

    Attributes:
        form: How it is written, for messages.
        parameters: What it takes, by position.
        result: What it gives; ``same`` is what its last argument is.
        optional: How many of the last parameters may be left out.
        repeats: Whether the last parameter may be given any number of times.
        whole: Least and greatest value of the ``whole`` parameter.
    """

    form: str
    parameters: tuple[Parameter, ...] = ()
    result: Kind | Literal["same"] = "number"
    optional: int = 0
    repeats: bool = False
    whole: tuple[int, int] = (0, 0)

    def accepts(self, count: int) -> bool:
        """Whether the function may have so many arguments."""
        if self.repeats:
            return count >= len(self.parameters)
        return len(self.parameters) - self.optional <= count <= len(self.parameters)

    def parameter(self, position: int) -> Parameter:
        """What stands at a position, from 0."""
        return self.parameters[min(position, len(self.parameters) - 1)]


_ONE: tuple[Parameter, ...] = ("number",)

#: functions of numbers alone; allowed everywhere
PLAIN: dict[str, Signature] = {
    "if": Signature("if(condition, a, b)", ("truth", "any", "any"), "same"),
    "min": Signature("min(a, b, ...)", _ONE, repeats=True),
    "max": Signature("max(a, b, ...)", _ONE, repeats=True),
    "abs": Signature("abs(x)", _ONE),
    "sqrt": Signature("sqrt(x)", _ONE),
    "log": Signature("log(x)", _ONE),
    "log10": Signature("log10(x)", _ONE),
    "exp": Signature("exp(x)", _ONE),
    "round": Signature("round(x, n)", ("number", "whole"), optional=1, whole=(-15, 15)),
    "clip": Signature("clip(x, low, high)", ("number", "number", "number")),
}
#: earlier years, and the months or quarters of the year
TIME: dict[str, Signature] = {
    "prev": Signature("prev(x, k)", ("name", "whole"), optional=1, whole=(0, 100)),
    "growth": Signature("growth(x)", ("name",)),
    "periods_sum": Signature("periods_sum(x)", ("name",)),
    "periods_mean": Signature("periods_mean(x)", ("name",)),
    "periods_last": Signature("periods_last(x)", ("name",)),
}
#: over the units of the comparison group
GROUP: dict[str, Signature] = {name: Signature(f"{name}(x)", _ONE) for name in ("best", "worst", "mean", "median", "total")}
#: the unit's row in the targets
TARGET: dict[str, Signature] = {name: Signature(f"{name}()") for name in ("target", "baseline", "challenge")}
#: results and history, for awards
AWARD: dict[str, Signature] = {
    "streak": Signature('streak("tier")', ("literal",)),
    "first_time": Signature('first_time("tier")', ("literal",), "truth"),
    "event": Signature('event("id")', ("literal",), "count"),
    "rate": Signature('rate("node")', ("literal",)),
}

SIGNATURES: dict[str, Signature] = {**PLAIN, **TIME, **GROUP, **TARGET, **AWARD}

Functions: TypeAlias = frozenset[str]
PLAIN_FUNCTIONS: Functions = frozenset(PLAIN)
VALUE_FUNCTIONS: Functions = frozenset({**PLAIN, **TIME, **GROUP, **TARGET})
AWARD_FUNCTIONS: Functions = frozenset({**PLAIN, **AWARD})

#: functions whose first argument is a plain name
NAME_FUNCTIONS: Functions = frozenset(TIME)


def evaluated_parts(node: Node) -> tuple[Node, ...]:
    """The nodes right below that are computed as values, not looked at as they stand (``x`` and ``k`` of ``prev(x, k)``)."""
    if not isinstance(node, Call):
        return children(node)
    signature = SIGNATURES.get(node.function)
    if signature is None or not signature.accepts(len(node.arguments)):
        return node.arguments
    return tuple(
        argument
        for position, argument in enumerate(node.arguments)
        if signature.parameter(position) in ("number", "truth", "any")
    )


def whole_number(node: Node) -> int | None:
    """The whole number that is written, with or without a sign; None where something else stands."""
    sign = 1
    if isinstance(node, Unary) and node.operator in ("-", "+"):
        sign = -1 if node.operator == "-" else 1
        node = node.operand
    if isinstance(node, Number) and node.value.is_integer():
        return sign * int(node.value)
    return None
