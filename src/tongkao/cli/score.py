"""``tongkao score``: mark a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tongkao.cli.counts import count_problems, counted, say_counts
from tongkao.cli.progress import Progress
from tongkao.cli.results import print_results
from tongkao.cli.session import session_of
from tongkao.engine.result import score
from tongkao.errors import FolderError, MarkingError
from tongkao.folder.read import read_folder
from tongkao.reports.output import check_place, write_output


def run(context: typer.Context, folder: Path, out: Annotated[Path, typer.Option("--out")]) -> int:
    """Mark a folder, write the outputs, show the table of results."""
    session = session_of(context)
    progress = Progress(session, folder)
    check_place(out, folder=folder)
    progress.say("progress.reading", folder=folder)
    try:
        assessment = read_folder(folder)
        progress.say(
            "progress.marking",
            units=counted(session, "units", assessment.units.height),
            observations=counted(session, "observations", assessment.observations.height),
        )
        result = score(assessment)
    except (FolderError, MarkingError) as error:
        session.complain(error.problems)
        session.note("count", text=say_counts(session, *count_problems(error.problems)))
        session.note("nothing.written")
        return 1
    progress.say("progress.writing", out=out)
    files = write_output(result, out, folder=folder)
    session.complain(assessment.warnings)
    print_results(session, result, out)
    session.say("score.written", out=out, files=session.words("separator").join(files))
    return 0
