"""Marks an assessment folder slowly and exactly, for comparison with the engine."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .folder import Folder
from .standing import Standing, share_out_quotas
from .tree import Sheet

Cell = str | int | Fraction | None


@dataclass
class Marking:
    """The rows of `expected_results.csv` and `expected_scores.csv`, with numbers as fractions."""

    results: list[dict[str, Cell]]
    scores: list[dict[str, Cell]]
    quotas: dict[str, list[str]]
    doubts: list[str]  # places where the format leaves more than one reading


def mark(path: str | Path) -> Marking:
    """Mark the folder.

    Raises:
        Problem: the folder cannot be marked.
    """
    folder = Folder(Path(path))
    doubts: list[str] = []
    standings = [Standing(Sheet(folder, track, doubts)) for track in folder.tracks]
    results: list[dict[str, Cell]] = []
    scores: list[dict[str, Cell]] = []
    for standing in standings:
        for unit in standing.track.units:
            results.append(_result(standing, unit))
            scores += _scores(standing, unit)
    return Marking(
        sorted(results, key=lambda row: (str(row["track"]), str(row["unit"]))),
        sorted(scores, key=lambda row: (str(row["track"]), str(row["unit"]), str(row["node"]))),
        share_out_quotas(standings),
        list(dict.fromkeys(doubts)),
    )


def _result(standing: Standing, unit: str) -> dict[str, Cell]:
    total = standing.sheet.marks.get((unit, "total"))
    last = standing.last(unit, "rank")
    return {
        "track": standing.track.id,
        "unit": unit,
        "total": total.points if total else None,
        "rank": standing.rank.get(unit),
        "tier": standing.tier.get(unit),
        "rank_last": int(last) if last else None,
        "tier_last": standing.last(unit, "tier") or None,
        "rank_change": standing.rank_change(unit),
        "awards": ";".join(standing.awards.get(unit, [])),
    }


def _scores(standing: Standing, unit: str) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for node in standing.track.nodes:
        found = standing.sheet.marks.get((unit, node.id))
        if found is not None:
            rows.append(
                {
                    "track": standing.track.id,
                    "unit": unit,
                    "node": node.id,
                    "kind": node.kind,
                    "full_mark": found.full,
                    "rate": found.rate,
                    "points": found.points,
                }
            )
    return rows
