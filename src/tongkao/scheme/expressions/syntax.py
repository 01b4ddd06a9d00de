"""The tree of a formula, and how to walk it without recursion.

A chain of operators of one rank (``a + b - c``) is one node with many operands, not a tower of nodes, so that a sum of
two thousand terms is as flat as it looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, TypeVar

ArithmeticOperator = Literal["+", "-", "*", "/", "**"]
CompareOperator = Literal["<", "<=", ">", ">=", "==", "!="]

Result = TypeVar("Result")


class Fault(NamedTuple):
    """What is wrong with a formula: a code of the catalogue, the offset of the character, the fields of the message."""

    code: str
    offset: int
    fields: Mapping[str, object]


def fault(code: str, offset: int, **fields: object) -> Fault:
    """Make a fault; every message may say at which character (counted from 1) it is."""
    return Fault(code, offset, {**fields, "position": offset + 1})


class ExpressionError(Exception):
    """A text that is no formula.

    Attributes:
        code: Code of the message catalogue.
        offset: Offset of the faulty character, from 0; the length of the text where it ends too early.
        fields: Fields of the message.
    """

    def __init__(self, fault: Fault) -> None:
        self.code, self.offset, self.fields = fault
        super().__init__(f"{self.code} at {self.offset}: {dict(self.fields)}")

    @property
    def fault(self) -> Fault:
        """The same as a plain value."""
        return Fault(self.code, self.offset, self.fields)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, never negative (a minus sign is a :class:`Unary`)."""

    value: float
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that stood in double quotes."""

    value: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """Name of a value."""

    name: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, ``if`` too."""

    function: str
    arguments: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign or ``not`` before an operand."""

    operator: Literal["-", "+", "not"]
    operand: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """A chain of ``+`` and ``-``, or of ``*`` and ``/``, computed from left to right; or one ``**`` with two operands.

    Attributes:
        operators: One less than operands.
        operands: At least two.
    """

    operators: tuple[ArithmeticOperator, ...]
    operands: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison."""

    operator: CompareOperator
    left: Node
    right: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of ``and``, or a chain of ``or``."""

    operator: Literal["and", "or"]
    operands: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Node: TypeAlias = Number | Text | Name | Call | Unary | Binary | Compare | Logic
"""``start`` and ``end`` are offsets in the text, parentheses around a node not included, and do not count in ``==``."""


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, from left to right."""
    match node:
        case Call():
            return node.arguments
        case Unary():
            return (node.operand,)
        case Binary() | Logic():
            return node.operands
        case Compare():
            return (node.left, node.right)
        case _:
            return ()


def walk(root: Node) -> Iterator[Node]:
    """Every node, in the order of the text: a node before its children."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(children(node)))


def fold(
    root: Node,
    combine: Callable[[Node, list[Result]], Result],
    parts: Callable[[Node], tuple[Node, ...]] = children,
) -> Result:
    """Compute something from the leaves up, without recursion.

    Args:
        root: Where it ends.
        combine: Makes the result of a node from those of its parts.
        parts: Which nodes below a node are computed at all.
    """
    results: list[Result] = []
    pending: list[tuple[Node, int]] = [(root, -1)]
    while pending:
        node, count = pending.pop()
        if count < 0:
            below = parts(node)
            pending.append((node, len(below)))
            pending.extend((part, -1) for part in reversed(below))
        else:
            first = len(results) - count
            results[first:] = [combine(node, results[first:])]
    return results[0]
