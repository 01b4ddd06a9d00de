"""An assessment in memory: a checked scheme and its checked tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from tongkao.errors import Problem
from tongkao.scheme.model import Scheme
from tongkao.tables import EVENTS, HISTORY, NOMINATIONS, TARGETS, WEIGHTS


@dataclass(frozen=True)
class Assessment:
    """What is marked.

    The tables have the columns and types of :mod:`tongkao.tables`, defaults filled in (period = the scheme's year, state =
    ``reported`` or ``missing``, count = 1), in canonical order: sorted by their keys, so that the order of rows in a file
    never matters. ``units`` keeps further columns, each Float64 or String, after the known ones, sorted by name.

    Attributes:
        scheme: The rules.
        scheme_text: The text of ``scheme.yaml`` as it was read (made from the sheets where the scheme came as a workbook).
        units: One row a unit.
        observations: One row a unit, indicator and period.
        targets: Target, baseline and challenge values.
        events: What happened.
        history: Results of earlier years.
        weights: Weights of a unit's own.
        nominations: Who is nominated by which city.
        warnings: What is odd but no error.
    """

    scheme: Scheme
    scheme_text: str
    units: pl.DataFrame
    observations: pl.DataFrame
    targets: pl.DataFrame = field(default_factory=TARGETS.empty)
    events: pl.DataFrame = field(default_factory=EVENTS.empty)
    history: pl.DataFrame = field(default_factory=HISTORY.empty)
    weights: pl.DataFrame = field(default_factory=WEIGHTS.empty)
    nominations: pl.DataFrame = field(default_factory=NOMINATIONS.empty)
    warnings: tuple[Problem, ...] = ()
