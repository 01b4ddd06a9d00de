"""``tongkao verify``: recompute an output from its own inputs."""

from __future__ import annotations

from pathlib import Path

import typer

from tongkao.cli.counts import counted
from tongkao.cli.session import session_of
from tongkao.reports.messages import MORE_DIFFERENCES, OTHER_VERSION
from tongkao.reports.verification import verify


def run(context: typer.Context, out: Path) -> int:
    """Recompute and name what differs."""
    session = session_of(context)
    verification = verify(out)
    for problem in verification.problems:
        print(session.problem(problem))
    version = verification.run["tongkao"]
    if verification.is_sound:
        session.say("verify.sound", files=verification.files, version=version)
        return 0
    errors = [problem for problem in verification.problems if problem.severity == "error"]
    number = sum(int(str(p.fields["count"])) if p.code == MORE_DIFFERENCES else 1 for p in errors)
    session.say("verify.differs", count=counted(session, "differences", number))
    if any(problem.code == OTHER_VERSION for problem in verification.problems):
        session.say("verify.version", version=version)
    return 1
