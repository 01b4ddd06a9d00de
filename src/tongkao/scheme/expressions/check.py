"""The static check: does a formula mean something where it stands, before any data is seen?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tongkao.errors import nearest
from tongkao.scheme import expression_messages as messages
from tongkao.scheme.expressions.functions import (
    SIGNATURES,
    VALUE_FUNCTIONS,
    Functions,
    Kind,
    Signature,
    evaluated_parts,
    whole_number,
)
from tongkao.scheme.expressions.parser import Expression
from tongkao.scheme.expressions.syntax import (
    Binary,
    Call,
    Compare,
    Fault,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    fault,
    fold,
)

_LONGEST_PART = 60

#: functions of spreadsheets and other languages, and what does their work here
_OTHER_FUNCTIONS = {"ln": "log", "pow": "**", "power": "**", "iff": "if", "iif": "if", "sum": "+"}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What a formula may use at one place of a scheme.

    Attributes:
        names: Every name with the kind of its value.
        functions: Names of the functions.
        result: What the formula must give.
        without_history: Names that have one value only (unit columns); ``prev``, ``growth`` and ``periods_*`` refuse them.
        texts: For a name with text values: the texts that it can be compared with. Any text where it is not listed.
        arguments: For a function that takes a text: the texts that it knows. Any text where it is not listed.
    """

    names: Mapping[str, Kind]
    functions: Functions = VALUE_FUNCTIONS
    result: Literal["number", "truth"] = "number"
    without_history: Collection[str] = frozenset()
    texts: Mapping[str, Collection[str]] = field(default_factory=dict)
    arguments: Mapping[str, Collection[str]] = field(default_factory=dict)


def check(expression: Expression, vocabulary: Vocabulary) -> list[Fault]:
    """Find everything that is wrong with a formula at its place.

    Args:
        expression: The formula.
        vocabulary: What it may use and must give.

    Returns:
        Code, offset and fields of each fault, in the order of the text; nothing if the formula is sound.
    """
    checker = _Checker(expression.text, vocabulary)
    kind = fold(expression.root, checker.kind_of, evaluated_parts)
    if vocabulary.result == "number" and not _is_number(kind):
        checker.report(messages.RESULT_NUMBER, expression.root)
    if vocabulary.result == "truth" and not _is_condition(kind):
        checker.report(messages.RESULT_CONDITION, expression.root)
    return sorted(checker.faults, key=lambda found: (found.offset, found.code))


def _is_number(kind: Kind | None) -> bool:
    """Whether a value may stand where a number is needed; what is unknown (None) has been reported and may."""
    return kind in (None, "number", "count")


def _is_condition(kind: Kind | None) -> bool:
    return kind in (None, "truth", "count")


def _common(left: Kind | None, right: Kind | None) -> Kind | None:
    """The kind of a value that is the one or the other, ``None`` where they have none in common or one is unknown."""
    if left == right:
        return left
    return "number" if {left, right} == {"number", "count"} else None


class _Checker:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self.faults: list[Fault] = []

    def report(self, code: str, node: Node, **fields: object) -> None:
        self.faults.append(fault(code, node.start, **fields))

    def _part(self, node: Node) -> str:
        """The text of a node, cut where it is long."""
        written = self._text[node.start : node.end]
        return written if len(written) <= _LONGEST_PART else written[: _LONGEST_PART - 3] + "..."

    def kind_of(self, node: Node, kinds: list[Kind | None]) -> Kind | None:
        """Report what is wrong with one node and tell what it gives; None is unknown, for a reason that was reported."""
        match node:
            case Number():
                return "number"
            case Text():
                return "text"
            case Name():
                return self._name(node)
            case Unary(operator="not"):
                self._conditions([node.operand], kinds)
                return "truth"
            case Unary():
                self._numbers([node.operand], kinds)
                return "number"
            case Binary():
                self._numbers(node.operands, kinds)
                return "number"
            case Logic():
                self._conditions(node.operands, kinds)
                return "truth"
            case Compare():
                self._compare(node, kinds)
                return "truth"
            case Call():
                return self._call(node, kinds)

    def _name(self, node: Name) -> Kind | None:
        kind = self._vocabulary.names.get(node.name)
        if kind is None:
            called = f"{node.name}()" if node.name in self._vocabulary.functions else ""
            near = called or nearest(node.name, self._vocabulary.names)
            self.report(messages.UNKNOWN_NAME, node, name=node.name, nearest=near)
        return kind

    def _numbers(self, nodes: Iterable[Node], kinds: list[Kind | None]) -> None:
        for node, kind in zip(nodes, kinds, strict=True):
            if not _is_number(kind):
                self.report(messages.TYPE_NUMBER, node, part=self._part(node))

    def _conditions(self, nodes: Iterable[Node], kinds: list[Kind | None]) -> None:
        for node, kind in zip(nodes, kinds, strict=True):
            if not _is_condition(kind):
                self.report(messages.TYPE_CONDITION, node, part=self._part(node))

    def _compare(self, node: Compare, kinds: list[Kind | None]) -> None:
        if node.operator not in ("==", "!="):
            self._numbers((node.left, node.right), kinds)
            return
        self._same_kind(node.left, node.right, kinds[0], kinds[1])
        for name, text in ((node.left, node.right), (node.right, node.left)):
            if isinstance(name, Name) and isinstance(text, Text):
                self._known_text(name.name, text, self._vocabulary.texts)

    def _same_kind(self, left: Node, right: Node, left_kind: Kind | None, right_kind: Kind | None) -> None:
        if left_kind and right_kind and not _common(left_kind, right_kind):
            self.report(messages.TYPE, left, left=self._part(left), right=self._part(right))

    def _known_text(self, name: str, text: Text, known: Mapping[str, Collection[str]]) -> None:
        if name in known and text.value not in known[name]:
            near = nearest(text.value, known[name])
            self.report(messages.UNKNOWN_TEXT, text, name=name, text=text.value, nearest=f'"{near}"' if near else "")

    # --- functions ----------------------------------------------------------------------------------------------------------

    def _call(self, node: Call, kinds: list[Kind | None]) -> Kind | None:
        name = node.function
        signature = SIGNATURES.get(name)
        if signature is None or name not in self._vocabulary.functions:
            self.report(messages.UNKNOWN_FUNCTION, node, name=name, nearest=self._near_function(name))
            return None
        if not signature.accepts(len(node.arguments)):
            self.report(messages.ARGUMENTS, node, function=name, form=signature.form, given=len(node.arguments))
        else:
            self._arguments(node, signature, kinds)
        if signature.result == "same":
            return _common(kinds[-2], kinds[-1]) if len(kinds) == len(signature.parameters) else None
        return signature.result

    def _near_function(self, name: str) -> str:
        if name in self._vocabulary.names:
            return f"{name} * ( )"
        lower = name.lower()
        if lower in ("and", "or", "not"):
            return f"a {lower} b" if lower != "not" else "not a"
        if lower in _OTHER_FUNCTIONS:
            return _OTHER_FUNCTIONS[lower]
        return nearest(name, self._vocabulary.functions)

    def _arguments(self, node: Call, signature: Signature, kinds: list[Kind | None]) -> None:
        computed = iter(kinds)
        for position, argument in enumerate(node.arguments):
            match signature.parameter(position):
                case "number":
                    self._numbers([argument], [next(computed)])
                case "truth":
                    self._conditions([argument], [next(computed)])
                case "name":
                    self._plain_name(node.function, argument)
                case "whole":
                    self._whole(argument, signature)
                case "literal":
                    self._literal(node.function, argument, signature)
                case "any":
                    next(computed)
        if node.function == "if":
            self._same_kind(node.arguments[1], node.arguments[2], kinds[1], kinds[2])
        if node.function == "clip":
            self._limits(node)

    def _plain_name(self, function: str, argument: Node) -> None:
        if not isinstance(argument, Name):
            self.report(messages.NEEDS_NAME, argument, function=function, part=self._part(argument))
            return
        kind = self._name(argument)
        if not _is_number(kind):
            self.report(messages.TYPE_NUMBER, argument, part=argument.name)
        elif argument.name in self._vocabulary.without_history:
            self.report(messages.NO_HISTORY, argument, function=function, name=argument.name)

    def _whole(self, argument: Node, signature: Signature) -> None:
        lowest, highest = signature.whole
        number = whole_number(argument)
        if number is None or not lowest <= number <= highest:
            self.report(
                messages.WHOLE_NUMBER,
                argument,
                form=signature.form,
                part=self._part(argument),
                lowest=lowest,
                highest=highest,
            )

    def _literal(self, function: str, argument: Node, signature: Signature) -> None:
        if isinstance(argument, Text):
            self._known_text(function, argument, self._vocabulary.arguments)
        else:
            self.report(messages.TYPE_TEXT, argument, form=signature.form, part=self._part(argument))

    def _limits(self, node: Call) -> None:
        low, high = (_constant(argument) for argument in node.arguments[1:])
        if low is not None and high is not None and low > high:
            self.report(messages.LIMITS, node, low=low, high=high)


def _constant(node: Node) -> float | None:
    """The number that is written, with or without a sign."""
    match node:
        case Number():
            return node.value
        case Unary(operator="-", operand=Number(value=value)):
            return -value
        case _:
            return None
