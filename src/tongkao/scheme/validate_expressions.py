"""Checks of every expression: its grammar, the names and functions of its place, what it gives, and circles among values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tongkao.scheme import check_messages as say
from tongkao.scheme import expression_messages
from tongkao.scheme.checking import Checking
from tongkao.scheme.expressions import (
    AWARD_FUNCTIONS,
    PLAIN_FUNCTIONS,
    Expression,
    ExpressionError,
    Fault,
    Kind,
    Vocabulary,
    check,
    names_in,
    parse,
)
from tongkao.scheme.model import Mix
from tongkao.scheme.positions import Path

TEXT_COLUMNS = ("class", "track", "parent")
"""Text columns that every table of units has."""
BINDING_NAMES: dict[str, Kind] = dict.fromkeys(("value", "target", "baseline", "challenge", "rate"), "number")
AWARD_NAMES: dict[str, Kind] = {
    **dict.fromkeys(("total", "rank", "rank_change", "rank_last"), "number"),
    **dict.fromkeys(("tier", "tier_last"), "text"),
}


def check_expressions(checking: Checking) -> frozenset[str]:
    """Check every expression of the scheme.

    Args:
        checking: The run; problems are added to it.

    Returns:
        Every name that stands in an expression over values, or that something is divided by.
    """
    mentioned: set[str] = set()
    values: dict[str, Expression] = {}
    vocabulary = _value_vocabulary(checking)
    names_are_known = checking.observed is not None and checking.columns is not None
    for name, path, text in _value_texts(checking):
        expression = _checked(checking, path, text, vocabulary, names_are_known=names_are_known)
        if expression is not None:
            mentioned |= names_in(expression)
            if path[-2] == name:
                values[name] = expression
    _check_circles(checking, values)
    binding = Vocabulary(names=BINDING_NAMES, functions=PLAIN_FUNCTIONS, result="truth")
    for name, indicator in checking.scheme.indicators.items():
        if indicator.binding is not None:
            _checked(checking, ("indicators", name, "binding", "require"), indicator.binding.require, binding)
        if indicator.denominate is not None:
            mentioned.add(indicator.denominate)
    _check_awards(checking)
    return frozenset(mentioned)


def _value_texts(checking: Checking) -> Iterator[tuple[str, Path, str]]:
    """Indicator, path and text of every expression that gives values."""
    for name, indicator in checking.scheme.indicators.items():
        if indicator.value is not None:
            yield name, ("indicators", name, "value"), indicator.value
        if isinstance(indicator.score, Mix):
            for number, part in enumerate(indicator.score.parts):
                if part.value is not None:
                    yield name, ("indicators", name, "score", "parts", number, "value"), part.value


def _value_vocabulary(checking: Checking) -> Vocabulary:
    columns: dict[str, Kind] = dict.fromkeys(TEXT_COLUMNS, "text")
    columns.update(checking.columns or {})
    values = {*(checking.observed or ()), *checking.scheme.indicators}
    names: dict[str, Kind] = {**columns, **dict.fromkeys(values, "number")}
    texts = {}
    if checking.classes is not None:
        texts["class"] = {unit_class for track in checking.classes.values() for unit_class in track}
    texts["track"] = set(checking.scheme.tracks)
    return Vocabulary(names=names, without_history=frozenset(columns) - values, texts=texts)


def _check_awards(checking: Checking) -> None:
    for name, track in checking.scheme.tracks.items():
        tiers = checking.tiers[name]
        base = Vocabulary(
            names=AWARD_NAMES,
            functions=AWARD_FUNCTIONS,
            result="truth",
            texts={"tier": tiers, "tier_last": tiers},
            arguments={
                "streak": tiers,
                "first_time": tiers,
                "event": tuple(checking.scheme.events),
                "rate": sorted(checking.nodes[name] | {"total"}),
            },
        )
        for number, award in enumerate(track.awards):
            path: Path = ("tracks", name, "awards", number)
            if award.when is not None:
                _checked(checking, (*path, "when"), award.when, base)
            if award.by is not None:
                _checked(checking, (*path, "by"), award.by, replace(base, result="number"))


def _checked(
    checking: Checking, path: Path, text: str, vocabulary: Vocabulary, *, names_are_known: bool = True
) -> Expression | None:
    """Parse and check one expression; None where it is no expression at all."""
    try:
        expression = parse(text)
    except ExpressionError as error:
        _add(checking, path, text, error.fault)
        return None
    for fault in check(expression, vocabulary):
        if fault.code != expression_messages.UNKNOWN_NAME or names_are_known:
            _add(checking, path, text, fault)
    return expression


def _add(checking: Checking, path: Path, text: str, fault: Fault) -> None:
    place = checking.positions.inside(path, checking.file, text, fault.offset)
    checking.add_at(fault.code, path, place, fault.fields)


# --- circles --------------------------------------------------------------------------------------------------------------


def _check_circles(checking: Checking, values: dict[str, Expression]) -> None:
    """Find values that need themselves, directly or by others."""
    needs = {name: [other for other in sorted(names_in(expression)) if other in values] for name, expression in values.items()}
    left = _without_answer(needs)
    done: set[str] = set()
    for start in values:
        walk: list[str] = []
        name = start
        while name in left and name not in done:
            done.add(name)
            walk.append(name)
            name = next(other for other in needs[name] if other in left)
        if name in walk:
            circle = walk[walk.index(name) :]
            if circle == [name]:
                checking.add(say.OF_ITSELF, ("indicators", name, "value"), "value", name=name)
            else:
                checking.add(say.CYCLE, ("indicators", name, "value"), "value", cycle=" → ".join([*circle, name]))


def _without_answer(needs: dict[str, list[str]]) -> set[str]:
    """Names that remain when, again and again, those that need nothing more are taken away."""
    left = set(needs)
    waiting = {name: len(others) for name, others in needs.items()}
    needed_by: dict[str, list[str]] = {}
    for name, others in needs.items():
        for other in others:
            needed_by.setdefault(other, []).append(name)
    ready = [name for name, count in waiting.items() if count == 0]
    while ready:
        name = ready.pop()
        left.discard(name)
        for other in needed_by.get(name, ()):
            waiting[other] -= 1
            if waiting[other] == 0:
                ready.append(other)
    return left
