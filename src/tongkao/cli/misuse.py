"""Commands that are typed wrongly: Typer's objections and our own, in plain words."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from tongkao.cli.help import COMMANDS, usage_line
from tongkao.cli.session import Session
from tongkao.errors import nearest

#: exit code of a command that was typed wrongly
CODE = 2


class Misuse(Exception):
    """A command that is typed wrongly.

    Attributes:
        key: The text in the catalogue of words.
        fields: What it is filled with.
        among: Valid names, for the nearest one.
        command: The command, ``""`` where there is none.
    """

    def __init__(self, key: str, *, among: tuple[str, ...] = (), command: str = "", **fields: object) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields
        self.among = among
        self.command = command


def explain_misuse(session: Session, misuse: Misuse) -> int:
    """Say what is wrong with the command, and how it is called."""
    name = nearest(str(misuse.fields.get("name", "")), misuse.among) if misuse.among else ""
    near = session.words("usage.near", name=name) if name else ""
    session.note(misuse.key, **{"near": near, **misuse.fields})
    print(usage_line(session, misuse.command), file=sys.stderr)
    session.note("usage.see", line=" ".join(word for word in ("tongkao", misuse.command, "--help") if word))
    return CODE


def chosen(option: str, value: str, allowed: tuple[str, ...], command: str) -> str:
    """Accept one of some words.

    Raises:
        Misuse: If it is none of them.
    """
    if value not in allowed:
        raise Misuse("usage.not_one_of", name=option, found=value, allowed=" | ".join(allowed), command=command)
    return value


def misuse_of(error: Exception, arguments: Sequence[str]) -> Misuse | None:
    """Typer's objection as ours, or None where the error is none.

    Typer keeps the classes of its objections to itself, so they are told apart by their names.

    Args:
        error: What was raised.
        arguments: What was typed.
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "UsageError" not in kinds:
        return None
    command = arguments[0] if arguments[0] in COMMANDS else ""
    message = str(getattr(error, "message", "") or error)
    option = str(getattr(error, "option_name", "") or "")
    if "NoSuchOption" in kinds:
        return Misuse("usage.no_option", name=option, among=_options(command), command=command)
    if "BadOptionUsage" in kinds:
        return Misuse("usage.no_value", name=option, command=command)
    if "MissingParameter" in kinds:
        return _missing(getattr(error, "param", None), command)
    extra = re.match(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", message)
    if extra:
        return Misuse("usage.extra", found=extra[1], command=command)
    return Misuse("usage.other", reason=message, command=command)


def _missing(parameter: object, command: str) -> Misuse:
    name = str(getattr(parameter, "name", ""))
    if getattr(parameter, "param_type_name", "") == "option":
        return Misuse("usage.missing_option", name=f"--{name}", command=command)
    return Misuse("usage.missing_argument", name=name.upper(), command=command)


def _options(command: str) -> tuple[str, ...]:
    own = COMMANDS[command].options if command else {}
    return (*(option.partition(" ")[0] for option in own), "--lang", "--help", *(() if command else ("--version",)))
