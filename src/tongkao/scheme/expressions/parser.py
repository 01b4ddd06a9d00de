"""From the text of a formula to its tree: operator precedence with stacks of its own, so that no formula can exhaust Python's.

From the weakest to the strongest: ``or``, ``and``, ``not``, comparisons, ``+ -``, ``* /``, signs, ``**`` (from the right).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from tongkao.scheme import expression_messages as messages
from tongkao.scheme.expressions.lexer import Lexer, Token
from tongkao.scheme.expressions.syntax import (
    ArithmeticOperator,
    Binary,
    Call,
    Compare,
    CompareOperator,
    ExpressionError,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    fault,
    walk,
)

MAX_DEPTH = 200

OR, AND, NOT, COMPARE, SUM, PRODUCT, SIGN, POWER = range(1, 9)
RANKS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), COMPARE),
    **dict.fromkeys(("+", "-"), SUM),
    **dict.fromkeys(("*", "/"), PRODUCT),
    "**": POWER,
}
_PREFIXES: dict[str, tuple[Literal["-", "+", "not"], int]] = {"-": ("-", SIGN), "+": ("+", SIGN), "not": ("not", NOT)}
_INFIX_WORDS = "+ - * / ** < <= > >= == != and or"

#: words that stand between values in other languages
_OTHER_WORDS = {"并且": "and", "且": "and", "和": "and", "或者": "or", "或": "or", "并": "and"}
_THOUSANDS = re.compile(r"(?:,\d{3})+(?:\.\d+)?(?!\w)", re.ASCII)


@dataclass(frozen=True)
class Expression:
    """A formula that could be read.

    Two of the same text are equal; pickling keeps the text and reads it again.

    Attributes:
        text: As it was written.
        root: Its tree.
    """

    text: str
    root: Node = field(compare=False, repr=False)

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return parse, (self.text,)


@dataclass(slots=True)
class _Operand:
    node: Node
    start: int
    end: int
    height: int = 1


@dataclass(slots=True)
class _Open:
    """An opening parenthesis, of a function where ``function`` is set."""

    bracket: int
    start: int
    function: str = ""
    arguments: int = 0


@dataclass(slots=True)
class _Prefix:
    operator: Literal["-", "+", "not"]
    rank: int
    start: int


@dataclass(slots=True)
class _Chain:
    """Operators of one rank whose operands lie on the stack of operands."""

    rank: int
    operators: list[str]
    start: int


_Pending: TypeAlias = _Open | _Prefix | _Chain


class _Parser:
    def __init__(self, text: str) -> None:
        self._lexer = Lexer(text)
        self._operands: list[_Operand] = []
        self._pending: list[_Pending] = []
        self._nesting = 0
        self._last = Token("end", "", 0, 0)

    def parse(self) -> Node:
        if not self._lexer.peek():
            raise ExpressionError(fault(messages.EMPTY, 0))
        value_expected = True
        while True:
            token = self._lexer.next()
            value_expected = self._value(token) if value_expected else self._after_value(token)
            if token.kind == "end":
                return self._operands[0].node
            self._last = token

    # --- where a value is expected ----------------------------------------------------------------------------------------

    def _value(self, token: Token) -> bool:
        """Take a word where a value is expected; tell whether a value is expected next, too."""
        match token.kind:
            case "number":
                self._push(Number(float(token.written), token.start, token.end))
                return False
            case "text":
                self._push(Text(token.written[1:-1], token.start, token.end))
                return False
            case "name":
                if self._lexer.peek() == "(":
                    bracket = self._lexer.next()
                    return self._open(_Open(bracket.start, token.start, token.written))
                self._push(Name(token.written, token.start, token.end))
                return False
            case "symbol":
                if token.written == "(":
                    return self._open(_Open(token.start, token.start))
                if token.written in _PREFIXES and self._prefix_allowed(token):
                    self._deeper(token.start)
                    operator, rank = _PREFIXES[token.written]
                    self._pending.append(_Prefix(operator, rank, token.start))
                    return True
        raise self._no_value(token)

    def _push(self, node: Node) -> None:
        self._operands.append(_Operand(node, node.start, node.end))

    def _open(self, opened: _Open) -> bool:
        self._deeper(opened.start)
        self._pending.append(opened)
        if opened.function and self._lexer.peek() == ")":
            self._close_call(opened, self._lexer.next().end)
            return False
        return True

    def _prefix_allowed(self, token: Token) -> bool:
        """``not`` may not stand right after an operator that binds more tightly, such as ``+``."""
        if token.written != "not" or not self._pending:
            return True
        above = self._pending[-1]
        return isinstance(above, _Open) or above.rank <= NOT

    def _no_value(self, token: Token) -> ExpressionError:
        if token.kind == "end":
            opened = self._innermost()
            if opened and self._last.written in {"(", ",", opened.function}:
                return self._unclosed(opened)
            return ExpressionError(fault(messages.ENDS_EARLY, token.start, after=self._last.written))
        meant = f"a {token.written} b" if token.written in {"and", "or"} and self._lexer.peek() == "(" else ""
        return ExpressionError(fault(messages.VALUE_EXPECTED, token.start, found=token.written, nearest=meant))

    # --- where an operator is expected --------------------------------------------------------------------------------------

    def _after_value(self, token: Token) -> bool:
        """Take a word after a complete value; tell whether a value is expected next."""
        if token.kind == "end":
            self._reduce(0)
            if self._pending:
                raise self._unclosed(cast(_Open, self._pending[-1]))
            return False
        if token.kind == "symbol":
            if token.written in RANKS:
                self._infix(token, RANKS[token.written])
                return True
            opened = self._innermost()
            if token.written == ")" and opened:
                self._reduce(0)
                self._close(opened, token.end)
                return False
            if token.written == "," and opened and opened.function:
                self._reduce(0)
                opened.arguments += 1
                return True
        raise self._unexpected(token)

    def _infix(self, token: Token, rank: int) -> None:
        self._reduce(rank)
        above = self._pending[-1] if self._pending else None
        if rank != POWER and isinstance(above, _Chain) and above.rank == rank:
            if rank == COMPARE:
                raise ExpressionError(fault(messages.CHAINED, token.start, found=token.written))
            above.operators.append(token.written)
            return
        if rank == POWER:
            self._deeper(token.start)
        self._pending.append(_Chain(rank, [token.written], token.start))

    def _reduce(self, rank: int) -> None:
        """Build the nodes of all pending operators that bind more tightly than ``rank``, back to the last parenthesis."""
        while self._pending:
            above = self._pending[-1]
            if isinstance(above, _Open) or above.rank <= rank:
                return
            self._pending.pop()
            if isinstance(above, _Prefix):
                self._nesting -= 1
                self._build_prefix(above)
            else:
                self._nesting -= above.rank == POWER
                self._build_chain(above)

    def _close(self, opened: _Open, end: int) -> None:
        if opened.function:
            opened.arguments += 1
            self._close_call(opened, end)
            return
        self._pending.pop()
        self._nesting -= 1
        inner = self._operands[-1]
        inner.start, inner.end = opened.start, end

    def _close_call(self, opened: _Open, end: int) -> None:
        self._pending.pop()
        self._nesting -= 1
        operands = self._take(opened.arguments)
        arguments = tuple(operand.node for operand in operands)
        self._built(Call(opened.function, arguments, opened.start, end), operands, opened.start)

    # --- building -----------------------------------------------------------------------------------------------------------

    def _build_prefix(self, prefix: _Prefix) -> None:
        operands = self._take(1)
        self._built(Unary(prefix.operator, operands[0].node, prefix.start, operands[0].end), operands, prefix.start)

    def _build_chain(self, chain: _Chain) -> None:
        operands = self._take(len(chain.operators) + 1)
        nodes = tuple(operand.node for operand in operands)
        start, end = operands[0].start, operands[-1].end
        node: Node
        if chain.rank == COMPARE:
            node = Compare(cast(CompareOperator, chain.operators[0]), nodes[0], nodes[1], start, end)
        elif chain.rank in (AND, OR):
            node = Logic("and" if chain.rank == AND else "or", nodes, start, end)
        else:
            node = Binary(cast(tuple[ArithmeticOperator, ...], tuple(chain.operators)), nodes, start, end)
        self._built(node, operands, chain.start)

    def _take(self, count: int) -> list[_Operand]:
        first = len(self._operands) - count
        taken = self._operands[first:]
        del self._operands[first:]
        return taken

    def _built(self, node: Node, operands: list[_Operand], offset: int) -> None:
        height = 1 + max((operand.height for operand in operands), default=0)
        if height > MAX_DEPTH:
            raise ExpressionError(fault(messages.TOO_DEEP, offset, limit=MAX_DEPTH))
        self._operands.append(_Operand(node, node.start, node.end, height))

    def _deeper(self, offset: int) -> None:
        self._nesting += 1
        if self._nesting > MAX_DEPTH:
            raise ExpressionError(fault(messages.TOO_DEEP, offset, limit=MAX_DEPTH))

    # --- faults -------------------------------------------------------------------------------------------------------------

    def _innermost(self) -> _Open | None:
        return next((pending for pending in reversed(self._pending) if isinstance(pending, _Open)), None)

    def _unclosed(self, opened: _Open) -> ExpressionError:
        return ExpressionError(fault(messages.UNCLOSED, opened.bracket, opened="(", closing=")"))

    def _unexpected(self, token: Token) -> ExpressionError:
        last = self._last
        if token.written == "," and last.kind == "number" and last.end == token.start:
            thousands = _THOUSANDS.match(self._lexer.text, token.start)
            if thousands:
                found = last.written + thousands.group()
                return ExpressionError(fault(messages.WRITE_INSTEAD, last.start, found=found, instead=found.replace(",", "")))
        opened = self._innermost()
        expected = _INFIX_WORDS
        if opened:
            expected += " , )" if opened.function else " )"
        meant = _OTHER_WORDS.get(token.written, "")
        if token.written.lower() in {"and", "or"}:
            meant = token.written.lower()
        code = messages.UNEXPECTED_INSIDE if opened else messages.UNEXPECTED
        return ExpressionError(fault(code, token.start, found=token.written, expected=expected, nearest=meant))


def parse(text: str) -> Expression:
    """Read a formula.

    Args:
        text: The formula, at most 10,000 characters, nested at most 200 deep; chains such as ``a + b + c`` do not nest.

    Raises:
        ExpressionError: At the first character that does not fit.
    """
    return Expression(text, _Parser(text).parse())


def names_in(expression: Expression) -> frozenset[str]:
    """Names of values that a formula uses; functions are none."""
    return frozenset(node.name for node in walk(expression.root) if isinstance(node, Name))
