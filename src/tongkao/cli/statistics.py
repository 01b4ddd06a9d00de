"""``tongkao statistics``: what the data look like before anyone believes the ranks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast

import polars as pl
import typer

from tongkao.cli.counts import count_problems, counted, say_counts
from tongkao.cli.misuse import chosen
from tongkao.cli.progress import Progress
from tongkao.cli.session import Session, session_of
from tongkao.cli.tables import Column, print_table
from tongkao.errors import FolderError
from tongkao.folder.read import read_folder
from tongkao.reports.statistics import Statistics, check_statistics_place, statistics_of, write_statistics
from tongkao.scheme.model import Scheme, branches

#: rows of one list that are printed; the rest is in the files, and the list says so
SHOWN = 500
#: remarkable pairs of a track that are printed
PAIRS = 20


def run(
    context: typer.Context,
    folder: Path,
    out: Annotated[Path, typer.Option("--out")],
    form: Annotated[str, typer.Option("--format")] = "csv",
) -> int:
    """Make the statistics of a folder, write their tables, show what is remarkable."""
    session = session_of(context)
    chosen("--format", form, ("csv", "parquet", "xlsx"), "statistics")
    progress = Progress(session, folder)
    check_statistics_place(out, folder=folder)
    progress.say("progress.reading", folder=folder)
    try:
        assessment = read_folder(folder)
    except FolderError as error:
        session.complain(error.problems)
        session.note("count", text=say_counts(session, *count_problems(error.problems)))
        return 1
    progress.say("progress.statistics")
    statistics = statistics_of(assessment)
    progress.say("progress.writing", out=out)
    files = write_statistics(statistics, out, form=cast(Literal["csv", "parquet", "xlsx"], form), folder=folder)
    session.complain(assessment.warnings)
    _print(session, statistics)
    for track, what, most in statistics.left_out:
        session.say(f"statistics.without.{what}", track=track, most=f"{most:,}")
    session.say("score.written", out=out, files=session.words("separator").join(files))
    return 0


def _print(session: Session, statistics: Statistics) -> None:
    scheme = statistics.assessment.scheme
    session.say("score.title", title=scheme.title.text(session.lang), year=scheme.year)
    for name, track in scheme.tracks.items():
        titles = _titles(session, scheme, name)
        tables = {table: frame.filter(pl.col("track") == name) for table, frame in statistics.tables.items()}
        print()
        units = tables["units"]["unit"].n_unique()
        session.say("statistics.track", track=track.title.text(session.lang), units=counted(session, "units", units))
        print()
        rows = tables["indicators"].filter((pl.col("stage") == "own") & (pl.col("part").fill_null(1) == 1))
        _print_indicators(session, rows, tables["discrimination"], titles)
        _print_dimensions(session, tables, titles)
        _print_pairs(session, tables["correlations"].filter((pl.col("flag") != "") & (pl.col("stage") == "rate")), titles)
    print()


def _titles(session: Session, scheme: Scheme, track: str) -> dict[str, str]:
    titles = {name: indicator.title.text(session.lang) for name, indicator in scheme.indicators.items()}
    titles |= {branch.id: branch.title.text(session.lang) for branch in branches(scheme.tracks[track].tree)}
    return {**titles, "total": session.words("column.total")}


def _print_indicators(session: Session, own: pl.DataFrame, rates: pl.DataFrame, titles: dict[str, str]) -> None:
    rows = own.join(rates.select("indicator", "near_share", rate_sd="sd", more="flags"), on="indicator", maintain_order="left")
    shown = rows.head(SHOWN)
    columns = [Column(session.words("column.indicator"), [titles[name] for name in shown["indicator"]])]
    for key, name, form in (
        ("column.available", "available_share", _percent),
        ("column.mean", "mean", _short),
        ("column.sd", "sd", _short),
        ("column.skewness", "skewness", _two),
        ("column.rate_sd", "rate_sd", _two),
        ("column.near", "near_share", _percent),
    ):
        columns.append(Column(session.words(key), [form(value) for value in shown[name]], "right"))
    flags = [";".join(text for text in pair if text) for pair in shown.select("flags", "more").iter_rows()]
    columns.append(Column(session.words("column.flags"), [_flags(session, text) for text in flags]))
    print_table(columns)
    if rows.height > SHOWN:
        session.say("statistics.cut", shown=f"{SHOWN:,}", total=f"{rows.height:,}")


def _print_dimensions(session: Session, tables: dict[str, pl.DataFrame], titles: dict[str, str]) -> None:
    alphas = tables["consistency"].filter(pl.col("without") == "")
    if not alphas.height:
        return
    first = tables["components"].filter(pl.col("component") == 1).select("node", "share")
    rows = alphas.join(first, on="node", how="left", maintain_order="left").head(SHOWN)
    print()
    print_table(
        [
            Column(session.words("column.dimension"), [titles[name] for name in rows["node"]]),
            Column(session.words("column.items"), [f"{items:,}" for items in rows["items"]], "right"),
            Column(session.words("column.alpha"), [_two(value) for value in rows["alpha"]], "right"),
            Column(session.words("column.first_component"), [_percent(value) for value in rows["share"]], "right"),
        ]
    )


def _print_pairs(session: Session, pairs: pl.DataFrame, titles: dict[str, str]) -> None:
    if not pairs.height:
        return
    print()
    for first, second, r, flag in pairs.select("first", "second", "pearson", "flag").head(PAIRS).iter_rows():
        session.say(f"statistics.{flag}", first=titles[first], second=titles[second], r=f"{r:.2f}")
    if pairs.height > PAIRS:
        session.say("diff.more", n=f"{pairs.height - PAIRS:,}")


def _flags(session: Session, text: str) -> str:
    return session.words("separator").join(session.words(f"flag.{flag}") for flag in text.split(";") if flag)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value + 0.0:.2f}"


def _short(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.5g}"
