"""A formula as text again, with numbers put in for names: what the explanation of a score shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tongkao.scheme.expressions.parser import AND, COMPARE, NOT, OR, POWER, PRODUCT, RANKS, SIGN, SUM, Expression
from tongkao.scheme.expressions.syntax import (
    Binary,
    Call,
    Compare,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    children,
    fold,
)

ATOM = POWER + 1
_FIXED_POINT_BELOW = 1e15
_FIXED_POINT_FROM = 1e-6
_DIGITS_SHOWN = 12


class _Piece(NamedTuple):
    """Written text and how tightly its outermost operator binds."""

    text: str
    rank: int


def render(expression: Expression, values: Callable[[Name | Call], float | str | None] = lambda _: None) -> str:
    """Write a formula with numbers put in.

    Args:
        expression: The formula.
        values: What to write for a name or a function call: a number (12 significant digits are shown, a negative one stands
            in parentheses where it must), a text that is written as it is, or None for what the formula says.

    Returns:
        The formula in canonical spacing, with the parentheses that it needs and no more. Without values,
        ``parse(render(e)).root == e.root``.
    """
    put_in: dict[int, _Piece] = {}

    def parts(node: Node) -> tuple[Node, ...]:
        if isinstance(node, (Name, Call)):
            value = values(node)
            if isinstance(value, str):
                put_in[id(node)] = _Piece(value, ATOM)
            elif value is not None:
                put_in[id(node)] = _Piece(_shown(value), SIGN if value < 0 else ATOM)
            if id(node) in put_in:
                return ()
        return children(node)

    def combine(node: Node, pieces: list[_Piece]) -> _Piece:
        return put_in.get(id(node)) or _written(node, pieces)

    return fold(expression.root, combine, parts).text


def _written(node: Node, pieces: list[_Piece]) -> _Piece:
    match node:
        case Number():
            return _Piece(_literal(node.value), ATOM)
        case Text():
            return _Piece(f'"{node.value}"', ATOM)
        case Name():
            return _Piece(node.name, ATOM)
        case Call():
            return _Piece(f"{node.function}({', '.join(piece.text for piece in pieces)})", ATOM)
        case Unary(operator="not"):
            return _Piece(f"not {_within(pieces[0], NOT)}", NOT)
        case Unary():
            return _Piece(node.operator + _within(pieces[0], SIGN + 1), SIGN)
        case Binary(operators=("**",)):
            return _Piece(f"{_within(pieces[0], ATOM)} ** {_within(pieces[1], POWER)}", POWER)
        case Binary():
            return _chain(node.operators, pieces, SUM if RANKS[node.operators[0]] == SUM else PRODUCT)
        case Compare():
            left, right = (_within(piece, COMPARE + 1) for piece in pieces)
            return _Piece(f"{left} {node.operator} {right}", COMPARE)
        case Logic():
            rank = AND if node.operator == "and" else OR
            return _Piece(f" {node.operator} ".join(_within(piece, rank + 1) for piece in pieces), rank)


def _chain(operators: tuple[str, ...], pieces: list[_Piece], rank: int) -> _Piece:
    """``a - b + c``; an operand that begins with a sign stands in parentheses unless it is the first: not ``a - -3``."""
    text = _within(pieces[0], rank + 1)
    for operator, piece in zip(operators, pieces[1:], strict=True):
        text += f" {operator} {_within(piece, ATOM if piece.text.startswith(('+', '-')) else rank + 1)}"
    return _Piece(text, rank)


def _within(piece: _Piece, least: int) -> str:
    return piece.text if piece.rank >= least else f"({piece.text})"


def _literal(value: float) -> str:
    """A number as a formula would have it: the shortest text that reads back as the same number."""
    if value.is_integer() and value < _FIXED_POINT_BELOW:
        return str(int(value))
    if _FIXED_POINT_FROM <= value < _FIXED_POINT_BELOW:
        return np.format_float_positional(value, trim="-")
    return repr(value)


def _shown(value: float) -> str:
    """A number for people: 12 significant digits, no exponent where that can be read."""
    if value == 0 or _FIXED_POINT_FROM <= abs(value) < _FIXED_POINT_BELOW:
        return np.format_float_positional(value + 0.0, precision=_DIGITS_SHOWN, fractional=False, trim="-")
    return format(value, f".{_DIGITS_SHOWN}g")
