"""``tongkao weights``: what every weighting method proposes for a folder, and what it would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from tongkao.cli.counts import count_problems, say_counts
from tongkao.cli.misuse import Misuse
from tongkao.cli.progress import Progress
from tongkao.cli.results import unit_names
from tongkao.cli.session import Session, session_of
from tongkao.cli.tables import Column, print_table
from tongkao.cli.words import WORDS
from tongkao.errors import FolderError, MarkingError, OutputError
from tongkao.folder.read import read_folder
from tongkao.reports.weights import WeightsAnalysis, check_weights_place, weights_of, write_weights
from tongkao.reports.weights_proposals import METHODS, OF_EXPERTS, title_of
from tongkao.robustness.weighting import AnalysisError

WORDS |= {
    "weights.progress": ("正在用各种方法定权并打分 …", "weighting by every method, and marking ..."),
    "weights.nothing": ("没有分析，什么都没有写。", "Nothing was analysed and nothing was written."),
    "weights.effective": ("{track}：各指标在总分中的权重（%）", "{track}: weight of every indicator in the total (%)"),
    "weights.classes": (
        "{track}，{classes}：各指标在总分中的权重（%）",
        "{track}, {classes}: weight of every indicator in the total (%)",
    ),
    "weights.changes": ("{track}：换用这些权重，名次有什么变化", "{track}: what these weights would change in the ranks"),
    "weights.influence": (
        "权重不等于影响：{indicator}的权重是 {weight}，对总分差距的影响占 {influence}。",
        "Weight is not influence: {indicator} weighs {weight} and has {influence} of the influence on the totals.",
    ),
    "weights.refused": ("{method}：不能定权：{reason}", "{method}: no weights: {reason}"),
    "weights.inconsistent": (
        "{who}对 {node} 各项的判断不一致：一致性比率 {ratio}，应不大于 0.1。",
        "The judgements of {who} about the children of {node} contradict each other: "
        "consistency ratio {ratio}, expected 0.1 or less.",
    ),
    "weights.everyone": ("各位专家合起来", "all experts together"),
    "weights.indicator": ("指标", "indicator"),
    "weights.scheme": ("方案", "scheme"),
    "weights.method": ("方法", "method"),
    "weights.mean": ("平均变动", "mean change"),
    "weights.moved": ("变动单位", "units moved"),
    "weights.tiers": ("等次变动", "tiers changed"),
    "weights.up": ("进位最多", "rises most"),
    "weights.down": ("退位最多", "falls most"),
    "weights.needs": (
        "方法 {name} 要有专家的意见：请加 {option} 文件。",
        "The method {name} needs what experts said: add {option} FILE.",
    ),
}


def run(
    context: typer.Context,
    folder: Path,
    method: Annotated[list[str] | None, typer.Option("--method")] = None,
    judgements: Annotated[Path | None, typer.Option("--judgements")] = None,
    points: Annotated[Path | None, typer.Option("--points")] = None,
    out: Annotated[Path | None, typer.Option("--out")] = None,
) -> int:
    """Weight by every method, mark with each, show what would change."""
    session = session_of(context)
    methods = _methods(method or [], has_judgements=judgements is not None, has_points=points is not None)
    if out is not None:
        check_weights_place(out, folder=folder)
    progress = Progress(session, folder)
    try:
        progress.say("progress.reading", folder=folder)
        assessment = read_folder(folder)
        progress.say("weights.progress")
        analysis = weights_of(assessment, methods, judgements=judgements, points=points)
    except (FolderError, MarkingError, OutputError, AnalysisError) as error:
        session.complain(error.problems)
        session.note("count", text=say_counts(session, *count_problems(error.problems)))
        session.note("weights.nothing")
        return 1
    files: list[str] = []
    if out is not None:
        progress.say("progress.writing", out=out)
        files = write_weights(analysis, out, folder=folder)
    session.complain(assessment.warnings)
    _print(session, analysis)
    if files:
        session.say("score.written", out=out, files=session.words("separator").join(files))
    return 0


def _methods(named: list[str], *, has_judgements: bool, has_points: bool) -> tuple[str, ...]:
    """The methods that are asked for, in our order; all of them by default.

    Raises:
        Misuse: If one is unknown, or lacks the file that it needs.
    """
    wanted = [name for text in named for name in text.split(",")]
    for name in wanted:
        if name not in METHODS:
            raise Misuse("usage.not_one_of", name="--method", found=name, allowed=" | ".join(METHODS), command="weights")
        needs = "--points" if name == "budget" else "--judgements"
        if name in OF_EXPERTS and not (has_points if name == "budget" else has_judgements):
            raise Misuse("weights.needs", name=name, option=needs, command="weights")
    return tuple(name for name in METHODS if name in wanted) if wanted else METHODS


def _print(session: Session, analysis: WeightsAnalysis) -> None:
    scheme = analysis.assessment.scheme
    session.say("score.title", title=scheme.title.text(session.lang), year=scheme.year)
    for name, track in scheme.tracks.items():
        title = track.title.text(session.lang)
        _print_weights(session, analysis, name, title)
        print()
        session.say("weights.changes", track=title)
        print()
        _print_changes(session, analysis, name)
        _print_influence(session, analysis, name)
    for each in analysis.consistency:
        if not each.is_good:
            who = each.expert or session.words("weights.everyone")
            session.say("weights.inconsistent", who=who, node=each.node, ratio=f"{each.found.consistency_ratio:.3f}")
    print()


def _print_weights(session: Session, analysis: WeightsAnalysis, name: str, title: str) -> None:
    """One table for each set of units with the same weights: indicators down, methods across."""
    titles = {key: indicator.title.text(session.lang) for key, indicator in analysis.assessment.scheme.indicators.items()}
    rows = analysis.tables["weights"].filter((pl.col("track") == name) & (pl.col("kind") == "indicator"))
    profiles = rows.partition_by("profile", maintain_order=True)
    for part in profiles:
        classes = session.words("separator").join(part["classes"][0].split(";"))
        print()
        if len(profiles) > 1 and classes:
            session.say("weights.classes", track=title, classes=classes)
        else:
            session.say("weights.effective", track=title)
        print()
        wide = part.pivot("method", index="node", values="weight", maintain_order=True)
        columns = [Column(session.words("weights.indicator"), [titles[node] for node in wide["node"]])]
        for method in wide.columns[1:]:
            head = session.words("weights.scheme") if method == "scheme" else title_of(method, session.lang)
            columns.append(Column(head, [f"{100 * weight:.1f}" for weight in wide[method]], "right"))
        print_table(columns)


def _print_changes(session: Session, analysis: WeightsAnalysis, name: str) -> None:
    rows = analysis.tables["summary"].filter(pl.col("track") == name) if "summary" in analysis.tables else pl.DataFrame()
    if not rows.height:
        return
    names = unit_names(session, analysis.assessment.units)
    marked = rows.filter(pl.col("moved").is_not_null())

    def mover(unit: str, places: int, arrow: str) -> str:
        return f"{names[unit]} {arrow}{places}" if unit else "-"

    if marked.height:
        print_table(
            [
                Column(session.words("weights.method"), [title_of(method, session.lang) for method in marked["method"]]),
                Column(session.words("weights.mean"), [f"{change:.2f}" for change in marked["mean_rank_change"]], "right"),
                Column(session.words("weights.moved"), [f"{moved:,}" for moved in marked["moved"]], "right"),
                Column(session.words("weights.tiers"), [f"{changed:,}" for changed in marked["tiers_changed"]], "right"),
                Column(
                    session.words("weights.up"),
                    [mover(unit, n, "↑ +") for unit, n in marked.select("most_up", "places_up").iter_rows()],
                ),
                Column(
                    session.words("weights.down"),
                    [mover(unit, n, "↓ -") for unit, n in marked.select("most_down", "places_down").iter_rows()],
                ),
            ]
        )
    reason = "reason_zh" if session.lang == "zh" else "reason_en"
    for method, text in rows.filter(pl.col("moved").is_null()).select("method", reason).iter_rows():
        session.say("weights.refused", method=title_of(method, session.lang), reason=text)


def _print_influence(session: Session, analysis: WeightsAnalysis, name: str) -> None:
    """The indicator whose influence is farthest from its weight."""
    table = analysis.tables.get("influence", pl.DataFrame())
    if not table.height:
        return
    rows = table.filter((pl.col("track") == name) & pl.col("influence").is_not_null())
    if not rows.height:
        return
    row = rows.sort((pl.col("influence") - pl.col("weight")).abs(), descending=True, maintain_order=True).row(0, named=True)
    title = analysis.assessment.scheme.indicators[row["indicator"]].title.text(session.lang)
    numbers = {key: f"{100 * row[key]:.0f} %" for key in ("weight", "influence")}
    print()
    session.say("weights.influence", indicator=title, **numbers)
