"""``tongkao explain``: how a unit came to its points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tongkao.cli.misuse import chosen
from tongkao.cli.session import session_of
from tongkao.engine.explain_text import render
from tongkao.reports.output import read_output


def run(
    context: typer.Context,
    out: Path,
    unit: Annotated[str, typer.Option("--unit")],
    node: Annotated[str, typer.Option("--node")] = "total",
    form: Annotated[str, typer.Option("--format")] = "text",
) -> int:
    """Explain a unit's points."""
    session = session_of(context)
    chosen("--format", form, ("text", "json"), "explain")
    explanation = read_output(out).explain(unit, node)
    if form == "json":
        print(json.dumps(explanation, ensure_ascii=False, indent=2))
    else:
        print(render(explanation, session.lang))
    return 0
