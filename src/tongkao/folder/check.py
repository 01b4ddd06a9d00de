"""All tables of a folder checked against the scheme and against each other, and the scheme against the tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from tongkao.errors import Problem
from tongkao.folder.found import Findings, Found
from tongkao.folder.happenings import read_events, read_history
from tongkao.folder.nominees import read_nominations
from tongkao.folder.observations import read_observations, read_targets
from tongkao.folder.ownweights import read_weights
from tongkao.folder.units import Units, no_units, read_units
from tongkao.folder.uses import find_uses
from tongkao.scheme.model import Scheme
from tongkao.scheme.positions import Positions
from tongkao.scheme.salvage import validate_despite_faults
from tongkao.scheme.validator import validate
from tongkao.tables import EVENTS, HISTORY, NOMINATIONS, OBSERVATIONS, TARGETS, WEIGHTS


@dataclass(frozen=True)
class SchemeText:
    """A scheme as it was read.

    Attributes:
        text: Its YAML text.
        file: Name of its file.
        scheme: The scheme, None where its shape is faulty.
        positions: Where everything stands in the text.
    """

    text: str
    file: str
    scheme: Scheme | None
    positions: Positions


def check_tables(
    scheme: Scheme | None, found: dict[str, Found | None], findings: Findings
) -> tuple[Units, dict[str, pl.DataFrame]]:
    """Check every table and bring it into canonical form.

    Args:
        scheme: The scheme, None where there is no sound one; then the tables are checked by themselves.
        found: Tables as they were found, by name; None or absent where a table is not there or could not be read.
        findings: Takes the problems.

    Returns:
        The units, and the other tables by name; of use only where there is no problem.
    """
    uses = find_uses(scheme) if scheme is not None else None
    year = str(scheme.year) if scheme is not None else ""
    table_of_units = found.get("units")
    units = no_units() if table_of_units is None else read_units(table_of_units, scheme, uses, findings)
    tables: dict[str, pl.DataFrame] = {"units": units.frame}
    for spec in (OBSERVATIONS, TARGETS, EVENTS, HISTORY, WEIGHTS, NOMINATIONS):
        table = found.get(spec.name)
        if table is None:
            tables[spec.name] = spec.empty()
        elif spec is OBSERVATIONS:
            tables[spec.name] = read_observations(table, year, units.index, uses, findings)
        elif spec is TARGETS:
            tables[spec.name] = read_targets(table, year, units.index, uses, findings)
        elif spec is EVENTS:
            tables[spec.name] = read_events(table, scheme, units.index, findings)
        elif spec is HISTORY:
            tables[spec.name] = read_history(table, scheme, units.index, findings)
        elif spec is WEIGHTS:
            tables[spec.name] = read_weights(table, scheme, units.index, units.frame, findings)
        else:
            tables[spec.name] = read_nominations(table, scheme, units.index, findings)
    return units, tables


def check_scheme(source: SchemeText, units: Units, observed: Collection[str] | None) -> list[Problem]:
    """Check a scheme against what the tables hold.

    Args:
        source: The scheme.
        units: The units; where they could not be read, nothing is checked against them.
        observed: Names that have observations, None where they could not be read.
    """
    if not units.index.trusted:
        if source.scheme is None:
            return validate_despite_faults(source.text, source.file, observed=observed)
        return validate(source.scheme, source.positions, file=source.file, observed=observed)
    known = set(units.frame.columns)
    tracks = units.frame.get_column("track").unique().to_list() if source.scheme is None else source.scheme.tracks
    rows = {track: units.frame.filter(pl.col("track") == track) for track in tracks}

    def combinations(track: str, columns: tuple[str, ...]) -> Collection[tuple[str, ...]]:
        if track not in rows or not known.issuperset(columns):
            return set()
        texts = [pl.col(column).cast(pl.String).fill_null("") for column in columns]
        return set(rows[track].select(texts).unique().iter_rows())

    classes = {track: set(frame.get_column("class").unique().to_list()) for track, frame in rows.items()}
    columns: dict[str, Literal["number", "text"]] = {
        name: "number" if kind == "number" else "text" for name, kind in units.kinds.items()
    }
    members = {track: set(frame.get_column("unit").to_list()) for track, frame in rows.items()}
    if source.scheme is None:
        return validate_despite_faults(
            source.text,
            source.file,
            classes=classes,
            columns=columns,
            observed=observed,
            units=members,
            combinations=combinations,
        )
    return validate(
        source.scheme,
        source.positions,
        file=source.file,
        classes=classes,
        columns=columns,
        observed=observed,
        units=members,
        combinations=combinations,
    )
