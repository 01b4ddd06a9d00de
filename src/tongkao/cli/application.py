"""The program as Typer sees it: commands are loaded when they are called, help comes from our own words."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from tongkao.cli.help import COMMANDS, command_help, program_help
from tongkao.cli.misuse import Misuse
from tongkao.cli.session import session_of


class Command(TyperCommand):
    """One command."""

    def get_help(self, ctx: Any) -> str:
        """Its help in the language of the session."""
        return command_help(session_of(ctx), str(self.name))


class Program(TyperGroup):
    """The program: a command's module is imported only when the command is called."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """Names of the commands, in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Load a command.

        Raises:
            Misuse: If there is none of this name.
        """
        if cmd_name not in COMMANDS:
            raise Misuse("usage.no_command", name=cmd_name, among=tuple(COMMANDS))
        return load_command(cmd_name)

    def get_help(self, ctx: Any) -> str:
        """The program's help in the language of the session."""
        return program_help(session_of(ctx))


def load_command(name: str) -> Any:
    """Import the module of a command and make what Typer runs."""
    single = typer.Typer(add_completion=False)
    single.command(name, cls=Command)(import_module(f"tongkao.cli.{name}").run)
    return get_command(single)


def program() -> Any:
    """Make the program."""
    whole = typer.Typer(name="tongkao", cls=Program, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    whole.callback()(_nothing)
    return get_command(whole)


def _nothing() -> None:
    """What is done before every command."""
