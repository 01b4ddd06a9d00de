"""What a scheme uses of the tables: which names have observations, which columns are numbers and which are texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tongkao.scheme.expressions.parser import Expression, parse
from tongkao.scheme.expressions.syntax import Compare, ExpressionError, Name, Text, walk
from tongkao.scheme.model import (
    Amounts,
    BaseStep,
    Challenge,
    DistanceToTarget,
    Impute,
    Indicator,
    Mix,
    Node,
    Scheme,
    Target,
    branches,
    leaves,
)


@dataclass(frozen=True)
class Uses:
    """What a scheme uses of the tables.

    Attributes:
        indicators: The indicators of the scheme.
        names: Indicators and every further name that an expression uses.
        by_track: Names that the tree of a track needs, directly or through expressions.
        numbers: Names that expressions use as numbers.
        texts: Columns that the scheme compares with texts or that tell groups of units apart.
    """

    indicators: frozenset[str]
    names: frozenset[str]
    by_track: Mapping[str, frozenset[str]]
    numbers: frozenset[str]
    texts: frozenset[str]


def expressions_of(indicator: Indicator) -> Iterator[Expression]:
    """The expressions that give an indicator's value; faulty ones are left to the validator."""
    texts = [indicator.value]
    if isinstance(indicator.score, Mix):
        texts += [part.value for part in indicator.score.parts]
    for text in texts:
        if text is not None:
            try:
                yield parse(text)
            except ExpressionError:
                continue


#: whatever may be a name in a formula, readable or not
_NAMES = re.compile(r"[^\W\d]\w*")


def unread_names(indicator: Indicator) -> set[str]:
    """What may be names in the formulas of an indicator that cannot be read; so that nobody is told they are not used."""
    texts = [indicator.value]
    if isinstance(indicator.score, Mix):
        texts += [part.value for part in indicator.score.parts]
    found: set[str] = set()
    for text in texts:
        if text is not None:
            try:
                parse(text)
            except ExpressionError:
                found.update(_NAMES.findall(text))
    return found


def find_uses(scheme: Scheme) -> Uses:
    """Find out what a scheme uses of the tables."""
    needs: dict[str, set[str]] = {}
    numeric: set[str] = set()
    textual: set[str] = set()
    for name, indicator in scheme.indicators.items():
        needed = needs.setdefault(name, set())
        if indicator.denominate is not None:
            needed.add(indicator.denominate)
            numeric.add(indicator.denominate)
        for expression in expressions_of(indicator):
            compared = set(_compared_with_text(expression))
            used = {node.name for node in walk(expression.root) if isinstance(node, Name)}
            needed |= used
            textual |= compared
            numeric |= used - compared
        policies = (indicator.missing, indicator.not_applicable)
        textual |= {policy.within for policy in policies if isinstance(policy, Impute)}
    for policy in (scheme.missing, scheme.not_applicable):
        if isinstance(policy, Impute):
            textual.add(policy.within)
    by_track: dict[str, frozenset[str]] = {}
    for track_id, track in scheme.tracks.items():
        nodes: list[Node] = [*branches(track.tree), *leaves(track.tree)]
        amounts = [amount for node in nodes for amount in (node.points, node.weight) if isinstance(amount, Amounts)]
        textual |= {amount.by for amount in amounts}
        by_track[track_id] = _closure({leaf.indicator for leaf in leaves(track.tree)}, needs)
    indicators = frozenset(scheme.indicators)
    names = indicators.union(*needs.values(), *(unread_names(indicator) for indicator in scheme.indicators.values()))
    return Uses(indicators, names, by_track, frozenset(numeric), frozenset(textual))


def observed_names(scheme: Scheme, track: str) -> list[str]:
    """Names whose observations the marking of a track needs, in the order of its tree.

    An indicator with an expression needs the names in it and not its own observation, unless the expression uses it.
    """
    needed: dict[str, None] = {}
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        indicator = scheme.indicators.get(name)
        if indicator is None or (indicator.value is None and not _all_parts_given(indicator)):
            needed[name] = None
        if indicator is None:
            return
        for expression in expressions_of(indicator):
            for node in walk(expression.root):
                if isinstance(node, Name):
                    if node.name == name:
                        needed[name] = None
                    visit(node.name)
        if indicator.denominate is not None:
            visit(indicator.denominate)

    for leaf in leaves(scheme.tracks[track].tree):
        visit(leaf.indicator)
    return list(needed)


def needs_targets(indicator: Indicator) -> bool:
    """Whether the indicator's rows in ``targets.csv`` are used."""
    scores = [indicator.score]
    if isinstance(indicator.score, Mix):
        scores += [part.score for part in indicator.score.parts]
    if any(isinstance(score, Target | Challenge | BaseStep | DistanceToTarget) for score in scores):
        return True
    text = " ".join(expression.text for expression in expressions_of(indicator))
    return any(f"{name}(" in text.replace(" ", "") for name in ("target", "baseline", "challenge"))


def _all_parts_given(indicator: Indicator) -> bool:
    return isinstance(indicator.score, Mix) and all(part.value is not None for part in indicator.score.parts)


def _compared_with_text(expression: Expression) -> Iterator[str]:
    for node in walk(expression.root):
        if isinstance(node, Compare):
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, Name) and isinstance(other, Text):
                    yield side.name


def _closure(names: set[str], needs: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(needs.get(name, ()))
    return frozenset(found)
