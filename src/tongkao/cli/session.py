"""How one run of the program speaks: its language, and where lines go."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import typer

from tongkao.cli.words import WORDS
from tongkao.errors import Lang, Problem

#: the environment's choices of language, the first that is set counts; anything but English is answered in Chinese
LANGUAGES = ("TONGKAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Session:
    """One run of the program.

    Attributes:
        lang: The language of everything that it says.
    """

    lang: Lang = "zh"

    def words(self, key: str, **fields: object) -> str:
        """A text of the catalogue, filled in."""
        return WORDS[key][0 if self.lang == "zh" else 1].format(**fields)

    def say(self, key: str, **fields: object) -> None:
        """Print a text of the catalogue."""
        print(self.words(key, **fields))

    def note(self, key: str, **fields: object) -> None:
        """Print a text of the catalogue where it does not mix with results: on the error stream."""
        print(self.words(key, **fields), file=sys.stderr, flush=True)

    def problem(self, problem: Problem) -> str:
        """A problem in one line; a warning says that it is one."""
        text = problem.describe(self.lang)
        return text if problem.severity == "error" else self.words("warning", text=text)

    def complain(self, problems: Iterable[Problem]) -> None:
        """Print problems on the error stream, one a line."""
        for problem in problems:
            print(self.problem(problem), file=sys.stderr)


def choose_language(arguments: list[str], environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """Take ``--lang`` out of the arguments, wherever it stands; the last one counts.

    Args:
        arguments: What was typed after the program's name.
        environment: Variables of the environment.

    Returns:
        The language as it was written (``""`` where nothing follows ``--lang``), and the other arguments.
    """
    named = next((environment[name].strip().lower() for name in LANGUAGES if environment.get(name, "").strip()), "")
    chosen = "en" if named.startswith("en") else "zh"
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument == "--":
            rest += [argument, *waiting]
        elif argument == "--lang":
            chosen = next(waiting, "")
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
        else:
            rest.append(argument)
    return chosen, rest


def session_of(context: typer.Context) -> Session:
    """The session that a command runs in."""
    found = context.find_object(Session)
    return found if found is not None else Session()
