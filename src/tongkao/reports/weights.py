"""The output of ``tongkao weights``: what every method proposes, effective weights, influence, and what would change in ranks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tongkao import __version__
from tongkao.engine.problems import problems_of
from tongkao.errors import Lang, MarkingError
from tongkao.folder.assessment import Assessment
from tongkao.folder.canonical import data_digest, table_text
from tongkao.folder.write import input_files
from tongkao.reports.charts import draw_bump
from tongkao.reports.charts.common import Pair, pick
from tongkao.reports.files import INPUTS, RUN, parquet_bytes, sha256
from tongkao.reports.folders import check_analysis_place, workbook, write_folder
from tongkao.reports.robustness_charts import SIZES, unit_names
from tongkao.reports.robustness_tables import NUMBER, TEXT, WHOLE, Schema, frame
from tongkao.reports.weights_experts import Consistency, read_judgements, read_points
from tongkao.reports.weights_proposals import METHODS, OF_EXPERTS, NodeShares, Proposal, TrackProposals, propose_all, title_of
from tongkao.robustness import weighting
from tongkao.robustness.variant import Compiler
from tongkao.robustness.weighting import AnalysisError
from tongkao.scheme.digest import scheme_digest

KIND = "weights"
FORMAT = 1
WORKBOOK = "weights.xlsx"

SUMMARY: Schema = {
    "track": TEXT,
    "method": TEXT,
    "mean_rank_change": NUMBER,
    "moved": WHOLE,
    "tiers_changed": WHOLE,
    "most_up": TEXT,
    "places_up": WHOLE,
    "most_down": TEXT,
    "places_down": WHOLE,
    "reason_zh": TEXT,
    "reason_en": TEXT,
}
WEIGHTS: Schema = {
    "track": TEXT,
    "profile": WHOLE,
    "classes": TEXT,
    "node": TEXT,
    "kind": TEXT,
    "method": TEXT,
    "share": NUMBER,
    "weight": NUMBER,
    "change": NUMBER,
}
RANKS: Schema = {
    "track": TEXT,
    "method": TEXT,
    "unit": TEXT,
    "total_before": NUMBER,
    "total": NUMBER,
    "rank_before": WHOLE,
    "rank": WHOLE,
    "rank_change": WHOLE,
    "tier_before": TEXT,
    "tier": TEXT,
}
INFLUENCE: Schema = {
    "track": TEXT,
    "classes": TEXT,
    "indicator": TEXT,
    "weight": NUMBER,
    "squared_correlation": NUMBER,
    "influence": NUMBER,
}
DOUBT: Schema = {"track": TEXT, "unit": TEXT, "score": NUMBER, "indicator": TEXT, "share": NUMBER}
CONSISTENCY: Schema = {
    "node": TEXT,
    "expert": TEXT,
    "method": TEXT,
    "lambda_max": NUMBER,
    "consistency_index": NUMBER,
    "random_index_table": TEXT,
    "random_index": NUMBER,
    "consistency_ratio": NUMBER,
}

_TITLE: Pair = ("换一套权重，谁进谁退", "Who moves with other weights")
_SCHEME: Pair = ("方案", "scheme")
_NOTE: Pair = (
    "每一栏用一种方法定的权重，其余照方案。这些权重只供分析，不能代替对指标重要性的判断。",
    "Each column has the weights of one method and is otherwise as in the scheme. They are for analysis and do not replace "
    "a judgement of what is important.",
)


@dataclass(frozen=True)
class WeightsAnalysis:
    """What the methods propose for an assessment.

    Attributes:
        assessment: The assessment.
        methods: Methods that were asked for.
        tracks: Each track with what is proposed for it.
        consistency: How consistent judgements are.
        tables: Every table by name.
        expert_files: Contents of the files of experts, by name.
    """

    assessment: Assessment
    methods: tuple[str, ...]
    tracks: Mapping[str, tuple[TrackProposals, list[Proposal]]]
    consistency: tuple[Consistency, ...]
    tables: Mapping[str, pl.DataFrame]
    expert_files: Mapping[str, bytes]


def weights_of(
    assessment: Assessment, methods: Sequence[str] = METHODS, *, judgements: Path | None = None, points: Path | None = None
) -> WeightsAnalysis:
    """Let every method propose weights for an assessment's indicators, and mark with each proposal.

    Args:
        assessment: A checked assessment.
        methods: Some of :data:`METHODS`; those of experts are left out where their file is not given.
        judgements: Comparisons of pairs, for AHP.
        points: Points that experts shared out, for budget allocation.

    Raises:
        MarkingError: If the assessment as it is cannot be marked.
        OutputError: If a file of experts is at fault.
        AnalysisError: If judgements are not what their method needs.
    """
    variants = Compiler(assessment).compile(assessment, ())
    tracks = {track: TrackProposals(variant, variant.mark()) for track, variant in sorted(variants.items())}
    problems = [problem for track in tracks.values() for problem in problems_of(track.marks)]
    if problems:
        raise MarkingError(problems)
    layouts = [track.variant.plan.layout for track in tracks.values()]
    experts: dict[str, NodeShares] = {}
    consistency: list[Consistency] = []
    files: dict[str, bytes] = {}
    if judgements is not None:
        shares, consistency = read_judgements(judgements, layouts)
        experts |= shares
        files["judgements.csv"] = judgements.read_bytes()
    if points is not None:
        experts["budget"] = read_points(points, layouts)
        files["points.csv"] = points.read_bytes()
    proposed = {name: (track, propose_all(track, methods, experts)) for name, track in tracks.items()}
    tables = {
        "summary": frame([row for name, (track, each) in proposed.items() for row in _summary(name, track, each)], SUMMARY),
        "weights": frame([row for name, (track, each) in proposed.items() for row in _weights(name, track, each)], WEIGHTS),
        "ranks": frame([row for name, (track, each) in proposed.items() for row in _ranks(name, track, each)], RANKS),
        "influence": frame([row for name, (track, _) in proposed.items() for row in _influence(name, track)], INFLUENCE),
        "doubt": frame([row for name, (track, each) in proposed.items() for row in _doubt(name, track, each)], DOUBT),
        "consistency": frame([_consistency(each) for each in consistency], CONSISTENCY),
    }
    kept = {name: table for name, table in tables.items() if table.height}
    return WeightsAnalysis(assessment, tuple(methods), proposed, tuple(consistency), kept, files)


# --- tables -----------------------------------------------------------------------------------------------------------------


def _summary(name: str, track: TrackProposals, proposals: Sequence[Proposal]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    before = track.marks.final
    for proposal in proposals:
        if proposal.marks is None:
            reasons = [
                "；".join(p.describe("zh") for p in proposal.problems[:3]),
                "; ".join(p.describe("en") for p in proposal.problems[:3]),
            ]
            rows.append((name, proposal.method, None, None, None, "", None, "", None, *reasons))
            continue
        after = proposal.marks.final
        both = (before.ranks[track.rows] > 0) & (after.ranks[track.rows] > 0)
        rises = np.where(both, before.ranks[track.rows] - after.ranks[track.rows], 0)
        tiers = int((both & (before.tiers[track.rows] != after.tiers[track.rows])).sum())
        up, down = int(np.argmax(rises)), int(np.argmin(rises))
        rows.append(
            (
                name,
                proposal.method,
                float(np.abs(rises).sum() / max(int(both.sum()), 1)),
                int((rises != 0).sum()),
                tiers,
                track.units[up] if rises[up] > 0 else "",
                max(int(rises[up]), 0),
                track.units[down] if rises[down] < 0 else "",
                max(int(-rises[down]), 0),
                "",
                "",
            )
        )
    return rows


def _weights(name: str, track: TrackProposals, proposals: Sequence[Proposal]) -> list[tuple[Any, ...]]:
    plan = track.variant.plan
    now = plan.given.shares
    sets = [("scheme", now), *((each.method, each.shares) for each in proposals if each.shares is not None)]
    current = track.effective(now)
    profiles = plan.given.profiles[track.rows]
    rows = []
    for profile in np.unique(profiles).tolist():
        members = profiles == profile
        classes = ";".join(sorted({plan.classes[code] for code in plan.class_codes[track.rows][members]} - {""}))
        for method, shares in sets:
            weights = track.effective(shares)
            for column in range(1, len(plan.layout.ids)):
                if plan.given.weightless[profile, column]:
                    continue
                share, weight = float(shares[profile, column]), float(weights[profile, column])
                change = weight - float(current[profile, column])
                rows.append(
                    (
                        name,
                        profile + 1,
                        classes,
                        plan.layout.ids[column],
                        plan.layout.kinds[column],
                        method,
                        share,
                        weight,
                        change,
                    )
                )
    return rows


def _ranks(name: str, track: TrackProposals, proposals: Sequence[Proposal]) -> list[tuple[Any, ...]]:
    ids = ["", *(tier.id for tier in track.variant.plan.track.tiers)]
    was, rows = track.marks, []
    for proposal in proposals:
        if proposal.marks is None:
            continue
        now = proposal.marks
        for unit, row in zip(track.units, track.rows.tolist(), strict=True):
            before, after = int(was.final.ranks[row]), int(now.final.ranks[row])
            change = before - after if before and after else None
            totals = float(was.totals[row]), float(now.totals[row])
            tiers = ids[was.final.tiers[row] + 1], ids[now.final.tiers[row] + 1]
            rows.append((name, proposal.method, unit, *totals, before or None, after or None, change, *tiers))
    return rows


def _influence(name: str, track: TrackProposals) -> list[tuple[Any, ...]]:
    """Weight beside influence, for the weights of the scheme (their mean over the units, where classes differ)."""
    plan, rows = track.variant.plan, []
    leaves = plan.layout.leaves
    effective = track.effective(plan.given.shares)[plan.given.profiles[track.rows]][:, leaves]
    for group in track.groups:
        weights = effective[group.rows][:, group.leaves].mean(axis=0)
        try:
            found = weighting.influences(track.rates[np.ix_(group.rows, group.leaves)], weights)
        except AnalysisError:
            continue
        whole = float(found.sum())
        for place, leaf in enumerate(group.leaves):
            share = float(found[place]) / whole if whole > 0 else None
            rows.append((name, group.label, plan.layout.ids[leaves[leaf]], float(weights[place]), float(found[place]), share))
    return rows


def _doubt(name: str, track: TrackProposals, proposals: Sequence[Proposal]) -> list[tuple[Any, ...]]:
    """Each unit's score with its own best weights, and where that comes from."""
    if not any(each.method == "benefit_of_the_doubt" and each.shares is not None for each in proposals):
        return []
    plan, rows = track.variant.plan, []
    for group in track.groups:
        found = weighting.benefit_of_the_doubt(track.rates[np.ix_(group.rows, group.leaves)])
        for row, unit in enumerate(group.rows.tolist()):
            for place, leaf in enumerate(group.leaves):
                indicator = plan.layout.ids[plan.layout.leaves[leaf]]
                rows.append((name, track.units[unit], float(found.scores[row]), indicator, float(found.shares[row, place])))
    return rows


def _consistency(each: Consistency) -> tuple[Any, ...]:
    found = each.found
    numbers = (found.lambda_max, found.consistency_index, found.table, found.random_index, found.consistency_ratio)
    return (each.node, each.expert, each.method, *numbers)


# --- charts -----------------------------------------------------------------------------------------------------------------


def _charts(analysis: WeightsAnalysis) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    scheme = analysis.assessment.scheme
    languages: tuple[Lang, Lang] = ("zh", "en")
    for lang in languages:
        names = unit_names(analysis.assessment.units, lang)
        for name, (track, proposals) in analysis.tracks.items():
            # What experts said comes first: a phone shows four columns beside the scheme.
            ordered = sorted(proposals, key=lambda each: each.method not in OF_EXPERTS)
            marked = [(title_of(each.method, lang), each.marks) for each in ordered if each.marks is not None]
            heads = [pick(lang, _SCHEME), *(title for title, _ in marked)]
            codes = track.variant.plan.rank_codes[track.rows]
            lists = np.unique(codes).tolist()
            for number, code in enumerate(lists, start=1):
                rows = track.rows[(codes == code) & (track.marks.final.ranks[track.rows] > 0)]
                rows = rows[np.argsort(track.marks.final.ranks[rows], kind="stable")]
                if not len(rows) or not marked:
                    continue
                ranks = np.column_stack([marks.final.ranks[rows] for marks in (track.marks, *(marks for _, marks in marked))])
                title = scheme.tracks[name].title.text(lang)
                stem = f"charts/{name}/" + (f"{number}-" if len(lists) > 1 else "")
                shown = [names[track.variant.plan.unit_ids[row - track.rows[0]]] for row in rows.tolist()]
                for size, width in SIZES.items():
                    places = np.where(ranks > 0, ranks, np.nan).astype(np.float64)
                    chart = draw_bump(
                        shown,
                        heads,
                        places,
                        lang=lang,
                        width=width,
                        title=pick(lang, _TITLE),
                        subtitle=title,
                        note=pick(lang, _NOTE),
                    )
                    files[f"{stem}ranks.{lang}{size}.svg"] = chart.encode()
    return dict(sorted(files.items()))


# --- the folder -----------------------------------------------------------------------------------------------------------


def check_weights_place(out: Path | str, *, folder: Path | str | None = None) -> None:
    """Refuse a place where an analysis must not be written; see :func:`tongkao.reports.folders.check_analysis_place`."""
    check_analysis_place(out, KIND, folder=folder)


def weights_files(analysis: WeightsAnalysis) -> dict[str, bytes]:
    """Every file of the output by name; the same inputs give the same bytes."""
    assessment = analysis.assessment
    scheme = assessment.scheme
    outputs: dict[str, bytes] = {}
    for name, table in analysis.tables.items():
        outputs[f"{name}.csv"] = table_text(table)
        outputs[f"{name}.parquet"] = parquet_bytes(table)
    outputs[WORKBOOK] = workbook(analysis.tables, title=scheme.title.zh, year=scheme.year, note=lambda name, _: f"{name}.csv")
    outputs |= _charts(analysis)
    inputs = {**input_files(assessment), **analysis.expert_files}
    run = {
        "format": FORMAT,
        "kind": KIND,
        "tongkao": __version__,
        "scheme": {"id": scheme.id, "year": scheme.year, "digest": scheme_digest(scheme)},
        "data": {"digest": data_digest(assessment)},
        "seed": None,
        "methods": list(analysis.methods),
        "outputs": {name: sha256(content) for name, content in sorted(outputs.items())},
        "inputs": {name: sha256(content) for name, content in sorted(inputs.items())},
    }
    text = json.dumps(run, ensure_ascii=False, indent=2) + "\n"
    return {**outputs, RUN: text.encode(), **{f"{INPUTS}/{name}": content for name, content in inputs.items()}}


def write_weights(analysis: WeightsAnalysis, out: Path | str, *, folder: Path | str | None = None) -> list[str]:
    """Write everything into a folder, as a whole or not at all.

    Args:
        analysis: The analysis.
        out: The folder to write; an earlier analysis of weights there is replaced.
        folder: The assessment folder that was read; the output must not be inside it.

    Returns:
        What is at the top of the folder, folders with a slash.

    Raises:
        OutputError: If the place cannot be used or written.
    """
    check_weights_place(out, folder=folder)
    files = weights_files(analysis)
    write_folder(out, files)
    return list(dict.fromkeys(name if "/" not in name else name.partition("/")[0] + "/" for name in files))
