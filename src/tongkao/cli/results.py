"""The table of results, as an office reads it: one list a track, or a class where places are given by class."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongkao.cli.session import Session
from tongkao.cli.tables import Column, print_table
from tongkao.engine.result import Result
from tongkao.scheme.model import Scheme, Track

#: rows of one list that are printed; the rest is in the file, and the table says so
SHOWN = 500
#: decimals of a total that the scheme does not round
PLACES = 4


def print_results(session: Session, result: Result, out: Path) -> None:
    """Print every list of a marking."""
    scheme = result.assessment.scheme
    names = unit_names(session, result.assessment.units)
    session.say("score.title", title=scheme.title.text(session.lang), year=scheme.year)
    for name, track in scheme.tracks.items():
        whole = result.results.filter(pl.col("track") == name)
        classes = whole["class"].unique().sort().to_list() if track.rank_within == "class" else [None]
        for class_ in classes:
            rows = whole if class_ is None else whole.filter(pl.col("class") == class_)
            title = track.title.text(session.lang)
            print()
            print(session.words("score.list", track=title, class_=class_) if class_ else title)
            print()
            rows = rows.sort("rank", "unit", nulls_last=True)
            print_table(_columns(session, scheme, track, rows.head(SHOWN), names, with_class=class_ is None))
            if rows.height > SHOWN:
                file = out / "results.csv"
                session.say("score.cut", shown=f"{SHOWN:,}", total=f"{rows.height:,}", file=file)
    print()


def unit_names(session: Session, units: pl.DataFrame) -> dict[str, str]:
    """What each unit is called in the session's language; its id follows where two units have one name."""
    column = "name_zh" if session.lang == "zh" else "name_en"
    named = units.select("unit", name=pl.when(pl.col(column) == "").then("unit").otherwise(column))
    named = named.with_columns(twice=pl.col("name").is_duplicated())
    return {unit: f"{name} ({unit})" if twice else name for unit, name, twice in named.iter_rows()}


def total_text(scheme: Scheme, total: float | None) -> str:
    """A total with the decimals to which the scheme rounds it."""
    if total is None:
        return "-"
    places = scheme.rounding.places if "total" in scheme.rounding.at else PLACES
    return f"{total:.{places}f}"


def change_text(change: int | None) -> str:
    """A change of place with arrow and sign, so that neither colour nor shape alone says it."""
    if change is None:
        return "-"
    if change == 0:
        return "= 0"
    return f"↑ +{change}" if change > 0 else f"↓ {change}"


def tier_text(session: Session, track: Track, tier: str) -> str:
    """Title of a tier; its id where the scheme does not know it."""
    return next((known.title.text(session.lang) for known in track.tiers if known.id == tier), tier) or "-"


def _columns(
    session: Session, scheme: Scheme, track: Track, rows: pl.DataFrame, names: dict[str, str], *, with_class: bool
) -> list[Column]:
    apart = set(track.unranked)
    awards = {award.id: award.title.text(session.lang) for award in track.awards}

    def rank(unit: str, place: int | None) -> str:
        if place is not None:
            return str(place)
        return session.words("rank.apart" if unit in apart else "rank.none")

    def won(ids: str) -> str:
        return session.words("separator").join(awards[award] for award in ids.split(";") if award)

    columns = [
        Column(session.words("column.rank"), [rank(*row) for row in rows.select("unit", "rank").iter_rows()], "right"),
        Column(session.words("column.unit"), [names[unit] for unit in rows["unit"]]),
    ]
    if with_class and (rows["class"] != "").any():
        columns.append(Column(session.words("column.class"), rows["class"].to_list()))
    columns.append(Column(session.words("column.total"), [total_text(scheme, total) for total in rows["total"]], "right"))
    if track.tiers:
        columns.append(Column(session.words("column.tier"), [tier_text(session, track, tier) for tier in rows["tier"]]))
    if rows["rank_last"].is_not_null().any():
        last = ["-" if place is None else str(place) for place in rows["rank_last"]]
        columns.append(Column(session.words("column.rank_last"), last, "right"))
        columns.append(Column(session.words("column.change"), [change_text(change) for change in rows["rank_change"]]))
    if awards:
        columns.append(Column(session.words("column.awards"), [won(ids) for ids in rows["awards"]]))
    return columns
