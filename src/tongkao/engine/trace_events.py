"""Records of the trace about events, tiers and awards."""

from __future__ import annotations

import polars as pl

from tongkao.engine.events import Happening, PointsLine
from tongkao.engine.marking import Marks
from tongkao.engine.tabulate import Marked
from tongkao.engine.tiers import NO_TIER

EVENT_RECORDS: dict[str, pl.DataType] = {
    "track": pl.String(),
    "class": pl.String(),
    "unit": pl.String(),
    "record": pl.String(),
    "node": pl.String(),
    "effect": pl.String(),
    "rule": pl.String(),
    "binding": pl.Boolean(),
    "count": pl.Float64(),
    "asked": pl.Float64(),
    "capped": pl.Float64(),
    "granted": pl.Float64(),
    "rank_before": pl.Int64(),
    "rank_after": pl.Int64(),
    "tier_before": pl.String(),
    "tier_after": pl.String(),
    "reason": pl.String(),
    "note": pl.String(),
}

#: the five effects in the order in which they are applied; the place is the number of the stage before
STAGES = ("void", "points", "tier_at_most", "tier_down", "disqualify")


def event_records(name: str, marks: Marks) -> pl.DataFrame:
    """One row a unit and effect, in the order of the effects, with place and tier before and after."""
    if not marks.stages:
        return pl.DataFrame(schema=EVENT_RECORDS)
    rows = [_happening(marks, happening, "void") for happening in marks.found if happening.effect.void is not None]
    rows += [_points(marks, line) for line in marks.lines]
    for effect in ("tier_at_most", "tier_down", "disqualify"):
        rows += [_happening(marks, happening, effect) for happening in marks.found if getattr(happening.effect, effect)]
    return pl.DataFrame([{"track": name, **row} for row in rows], schema=EVENT_RECORDS).sort("unit", maintain_order=True)


def _happening(marks: Marks, happening: Happening, effect: str) -> dict[str, object]:
    detail = getattr(happening.effect, effect)
    return {
        **_where(marks, happening.row, STAGES.index(effect)),
        "effect": effect,
        "rule": happening.rule,
        "binding": happening.binding,
        "node": (happening.indicator or happening.rule) if effect == "void" else None,
        "count": happening.count,
        "reason": str(detail) if effect in ("tier_at_most", "tier_down") else None,
        "note": happening.note,
    }


def _points(marks: Marks, line: PointsLine) -> dict[str, object]:
    node = line.node if marks.effective.full[line.row, line.node] > 0 else 0
    same = (h for h in marks.found if (h.row, h.rule, h.binding) == (line.row, line.rule, line.binding))
    return {
        **_where(marks, line.row, STAGES.index("points")),
        "effect": "bonus" if line.bonus else "deduct",
        "rule": line.rule,
        "binding": line.binding,
        "node": marks.plan.layout.ids[node],
        "count": sum(happening.count for happening in same),
        "asked": line.asked,
        "capped": line.capped,
        "granted": line.granted,
    }


def _where(marks: Marks, row: int, stage: int) -> dict[str, object]:
    """The unit, and its place and tier before and after a stage."""
    plan, tiers = marks.plan, marks.plan.track.tiers
    unit = row - plan.main().start
    before, after = marks.stages[stage], marks.stages[stage + 1]

    def tier(index: int) -> str:
        return tiers[index].id if index != NO_TIER else ""

    return {
        "class": plan.units["class"][unit],
        "unit": plan.unit_ids[unit],
        "record": "event",
        "rank_before": int(before.ranks[row]) or None,
        "rank_after": int(after.ranks[row]) or None,
        "tier_before": tier(int(before.tiers[row])),
        "tier_after": tier(int(after.tiers[row])),
    }


def tier_records(name: str, marks: Marks) -> pl.DataFrame:
    """Why a unit did not enter a tier, or moved up into one."""
    plan = marks.plan
    rows = plan.main()
    chosen = [note for note in marks.notes if rows.start <= note.row < rows.stop]
    chosen.sort(key=lambda note: (note.row, note.reason == "moved_up", note.tier))
    if not chosen:
        return pl.DataFrame()
    units = [note.row - rows.start for note in chosen]
    return pl.DataFrame(
        {
            "track": [name] * len(chosen),
            "class": [plan.units["class"][unit] for unit in units],
            "unit": [plan.unit_ids[unit] for unit in units],
            "record": ["tier"] * len(chosen),
            "reason": [note.reason for note in chosen],
            "node": [note.node for note in chosen],
            "tier_after": [plan.track.tiers[note.tier].id for note in chosen],
        }
    )


def award_records(name: str, marked: Marked) -> pl.DataFrame:
    """One row an award."""
    plan = marked.marks.plan
    rows = [
        (name, plan.units["class"][unit], plan.unit_ids[unit], "award", award)
        for unit, won in enumerate(marked.awards)
        for award in won
    ]
    return pl.DataFrame(rows, schema=["track", "class", "unit", "record", "rule"], orient="row") if rows else pl.DataFrame()
