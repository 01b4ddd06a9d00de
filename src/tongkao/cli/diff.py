"""``tongkao diff``: what changed between two folders, and who moves because of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tongkao.cli.misuse import chosen
from tongkao.cli.moves import print_moves
from tongkao.cli.session import Session, session_of
from tongkao.reports.changes import Counts, DataChanges
from tongkao.reports.comparison import Comparison, compare_folders

#: names of units that are listed one by one
LISTED = 20


def run(
    context: typer.Context,
    folder_a: Path,
    folder_b: Path,
    form: Annotated[str, typer.Option("--format")] = "text",
) -> int:
    """Compare two folders."""
    session = session_of(context)
    chosen("--format", form, ("text", "json"), "diff")
    comparison = compare_folders(folder_a, folder_b)
    if form == "json":
        print(json.dumps(comparison.to_json(session.lang), ensure_ascii=False, indent=2))
    else:
        _print_scheme(session, comparison)
        _print_data(session, comparison.data)
        print_moves(session, comparison)
        _print_faults(session, comparison, {"old": folder_a, "new": folder_b, "between": folder_a})
    return 0 if comparison.is_readable else 1


def _print_scheme(session: Session, comparison: Comparison) -> None:
    session.say("diff.scheme")
    if comparison.scheme is None:
        session.say("diff.scheme.unknown")
    elif not comparison.scheme:
        session.say("diff.scheme.none")
    for change in comparison.scheme or ():
        print(f"  {change.describe(session.lang)}")
    print()


def _print_data(session: Session, data: DataChanges | None) -> None:
    session.say("diff.data")
    if data is None:
        session.say("diff.data.unknown")
    elif not data.any:
        session.say("diff.data.none")
    else:
        _print_units(session, data)
        for name, counts in data.columns.items():
            session.say("diff.column", name=name, counts=_counts(session, counts))
        for name, counts in data.observations.items():
            session.say("diff.observations", name=name, counts=_counts(session, counts))
        for name, counts in data.tables.items():
            session.say("diff.table", name=name, counts=_counts(session, counts))
    print()


def _print_units(session: Session, data: DataChanges) -> None:
    for key, units in (("diff.units.added", data.added), ("diff.units.removed", data.removed)):
        if units:
            names = session.words("separator").join(units[:LISTED])
            session.say(key, units=names if len(units) <= LISTED else f"{names} … ({len(units):,})")
    for moved in data.moved[:LISTED]:
        if moved.track_old != moved.track_new:
            session.say("diff.units.track", unit=moved.unit, old=moved.track_old, new=moved.track_new)
        if moved.class_old != moved.class_new:
            session.say("diff.units.class", unit=moved.unit, old=moved.class_old or "-", new=moved.class_new or "-")
    if len(data.moved) > LISTED:
        session.say("diff.more", n=f"{len(data.moved) - LISTED:,}")


def _counts(session: Session, counts: Counts) -> str:
    parts = {"changed": counts.changed, "added": counts.added, "removed": counts.removed}
    return session.words("separator").join(session.words(f"counts.{key}", n=f"{n:,}") for key, n in parts.items() if n)


def _print_faults(session: Session, comparison: Comparison, folders: dict[str, Path]) -> None:
    for side, problems in comparison.faults.items():
        session.say(f"diff.fault.{side}", folder=folders[side])
        for problem in problems[:LISTED]:
            print(f"  {session.problem(problem)}")
        if len(problems) > LISTED:
            session.say("diff.more", n=f"{len(problems) - LISTED:,}")
        print()
