"""The table of who moves between two markings."""

from __future__ import annotations

from tongkao.cli.results import change_text, total_text, unit_names
from tongkao.cli.session import Session
from tongkao.cli.tables import Column, print_table
from tongkao.reports.comparison import Comparison, Move, Standing
from tongkao.scheme.model import Scheme

#: rows that are printed; ``--format json`` has all
SHOWN = 500


def print_moves(session: Session, comparison: Comparison) -> None:
    """Print who moves, the largest move first; who does not is counted."""
    if comparison.moves is None:
        return
    session.say("diff.moves")
    moves = [move for move in comparison.moves if not move.is_still]
    still = len(comparison.moves) - len(moves)
    if not moves:
        session.say("diff.moves.none", n=f"{still:,}")
        print()
        return
    print()
    assert comparison.old is not None
    assert comparison.new is not None
    print_table(_columns(session, comparison, moves[:SHOWN], comparison.old, comparison.new))
    print()
    if len(moves) > SHOWN:
        session.say("diff.more", n=f"{len(moves) - SHOWN:,}")
    if still:
        session.say("diff.moves.still", n=f"{still:,}")
        print()


def _columns(session: Session, comparison: Comparison, moves: list[Move], old: Scheme, new: Scheme) -> list[Column]:
    names = {} if comparison.units is None else unit_names(session, comparison.units)
    columns = [Column(session.words("column.unit"), [names.get(move.unit, move.unit) for move in moves])]
    if len(new.tracks) > 1:
        titles = {name: track.title.text(session.lang) for name, track in new.tracks.items()}
        columns.insert(0, Column(session.words("column.track"), [titles[move.track] for move in moves]))
    columns += [
        Column(session.words("column.ranks"), [_arrow(_rank(move.old), _rank(move.new)) for move in moves]),
        Column(session.words("column.change"), [change_text(move.places) for move in moves]),
    ]
    if comparison.is_split:
        columns += [
            Column(session.words("column.by_scheme"), [change_text(move.by_scheme) for move in moves]),
            Column(session.words("column.by_data"), [change_text(move.by_data) for move in moves]),
        ]
    tracks = [track for scheme in (old, new) for track in scheme.tracks.values()]
    if any(move.old.tier or move.new.tier for move in moves):
        tiers = {tier.id: tier.title.text(session.lang) for track in tracks for tier in track.tiers}
        texts = [_arrow(tiers.get(move.old.tier, "-"), tiers.get(move.new.tier, "-")) for move in moves]
        columns.append(Column(session.words("column.tiers"), texts))
    totals = [_arrow(total_text(old, move.old.total), total_text(new, move.new.total)) for move in moves]
    columns.append(Column(session.words("column.totals"), totals))
    if any(move.old.awards != move.new.awards for move in moves):
        awards = {award.id: award.title.text(session.lang) for track in tracks for award in track.awards}
        texts = [_arrow(_awards(session, move.old, awards), _awards(session, move.new, awards)) for move in moves]
        columns.append(Column(session.words("column.awards"), texts))
    return columns


def _awards(session: Session, standing: Standing, titles: dict[str, str]) -> str:
    return session.words("separator").join(titles[award] for award in standing.awards.split(";") if award) or "-"


def _rank(standing: Standing) -> str:
    return "-" if standing.rank is None else str(standing.rank)


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"
