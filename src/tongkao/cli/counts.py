"""Numbers with their nouns: English has a plural."""

from __future__ import annotations

from collections.abc import Iterable

from tongkao.cli.session import Session
from tongkao.errors import Problem
from tongkao.folder.messages import MORE, MORE_WARNINGS


def counted(session: Session, what: str, number: int) -> str:
    """A number with its noun in English, the number alone in Chinese (whose sentences hold the noun)."""
    text = f"{number:,}"
    if session.lang == "zh":
        return text
    return session.words(f"{what}.one" if number == 1 else f"{what}.many", n=text)


def count_problems(problems: Iterable[Problem]) -> tuple[int, int]:
    """How many errors and warnings there are, those that are only counted included."""
    errors = warnings = 0
    for problem in problems:
        number = int(str(problem.fields["count"]).replace(",", "")) if problem.code in (MORE, MORE_WARNINGS) else 1
        if problem.severity == "error":
            errors += number
        else:
            warnings += number
    return errors, warnings


def say_counts(session: Session, errors: int, warnings: int) -> str:
    """Errors and warnings in words."""
    return session.words("count.errors", errors=counted(session, "error", errors), warnings=counted(session, "warning", warnings))
