"""``tongkao template``: the workbook that a department fills in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongkao.cli.session import session_of
from tongkao.folder.template import write_template


def run(
    context: typer.Context,
    folder: Path,
    out: Annotated[Path, typer.Option("--out")] = Path("template.xlsx"),
    owner: Annotated[str, typer.Option("--owner")] = "",
    period: Annotated[str, typer.Option("--period")] = "",
) -> int:
    """Make a workbook to fill in."""
    session_of(context).say("template.made", out=write_template(folder, out, owner=owner, period=period))
    return 0
