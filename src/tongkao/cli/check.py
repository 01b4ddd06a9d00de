"""``tongkao check``: every problem of a folder."""

from __future__ import annotations

from pathlib import Path

import typer

from tongkao.cli.counts import count_problems, counted, say_counts
from tongkao.cli.progress import Progress
from tongkao.cli.session import Session, session_of
from tongkao.engine.result import score
from tongkao.errors import MarkingError, Problem, sort_problems
from tongkao.folder.assessment import Assessment
from tongkao.folder.read import check_folder


def run(context: typer.Context, folder: Path) -> int:
    """Check a folder, try to mark it, and report every problem."""
    session = session_of(context)
    progress = Progress(session, folder)
    progress.say("progress.reading", folder=folder)
    assessment, problems = check_folder(folder)
    if assessment is not None:
        progress.say("progress.checking")
        problems = sort_problems([*problems, *_try_to_mark(assessment)])
    for problem in problems:
        print(session.problem(problem))
    errors, warnings = count_problems(problems)
    if assessment is not None and not errors:
        _say_sound(session, assessment)
    if problems:
        print(say_counts(session, errors, warnings))
    return 1 if errors else 0


def _try_to_mark(assessment: Assessment) -> list[Problem]:
    """What only a marking finds: values that are missing, targets that are missing, ties that are not allowed."""
    try:
        score(assessment)
    except MarkingError as error:
        return list(error.problems)
    return []


def _say_sound(session: Session, assessment: Assessment) -> None:
    scheme = assessment.scheme
    session.say(
        "check.sound",
        tracks=counted(session, "tracks", len(scheme.tracks)),
        units=counted(session, "units", assessment.units.height),
        indicators=counted(session, "indicators", len(scheme.indicators)),
        observations=counted(session, "observations", assessment.observations.height),
    )
    for name, track in scheme.tracks.items():
        units = assessment.units["track"].to_list().count(name)
        session.say("check.track", title=track.title.text(session.lang), id=name, units=counted(session, "units", units))
