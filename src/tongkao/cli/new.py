"""``tongkao new``: a commented folder to start from."""

from __future__ import annotations

from pathlib import Path

import typer

from tongkao.cli.session import session_of
from tongkao.folder.starter import write_starter


def run(context: typer.Context, folder: Path) -> int:
    """Make a folder to start from."""
    files = write_starter(folder)
    session_of(context).say("new.made", folder=folder, files="\n".join(f"  {file.name}" for file in files))
    return 0
