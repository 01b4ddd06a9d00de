"""The small language of formulas: :func:`parse` reads, :func:`check` checks, :func:`evaluate` computes, :func:`render` writes.

Section 3 of the format fixes what there is; ``docs/reference/expressions.md`` describes it. Nothing is ever evaluated as Python.
"""

from tongkao.scheme.expressions.check import Vocabulary, check
from tongkao.scheme.expressions.evaluate import Column, Environment, evaluate, holds
from tongkao.scheme.expressions.functions import (
    AWARD_FUNCTIONS,
    NAME_FUNCTIONS,
    PLAIN_FUNCTIONS,
    SIGNATURES,
    VALUE_FUNCTIONS,
    Kind,
    Signature,
)
from tongkao.scheme.expressions.lexer import MAX_LENGTH
from tongkao.scheme.expressions.parser import MAX_DEPTH, Expression, names_in, parse
from tongkao.scheme.expressions.render import render
from tongkao.scheme.expressions.syntax import (
    Binary,
    Call,
    Compare,
    ExpressionError,
    Fault,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    fold,
    walk,
)
from tongkao.scheme.expressions.tolerance import near, round_half_up

__all__ = [
    "AWARD_FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "NAME_FUNCTIONS",
    "PLAIN_FUNCTIONS",
    "SIGNATURES",
    "VALUE_FUNCTIONS",
    "Binary",
    "Call",
    "Column",
    "Compare",
    "Environment",
    "Expression",
    "ExpressionError",
    "Fault",
    "Kind",
    "Logic",
    "Name",
    "Node",
    "Number",
    "Signature",
    "Text",
    "Unary",
    "Vocabulary",
    "check",
    "evaluate",
    "fold",
    "holds",
    "names_in",
    "near",
    "parse",
    "render",
    "round_half_up",
    "walk",
]
