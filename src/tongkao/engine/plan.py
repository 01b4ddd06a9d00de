"""From a scheme and its units to ordered steps, worked out once and run as often as wanted.

A plan holds everything that does not depend on the values: the tree as columns, weights of each unit, comparison groups, and the
indicators in blocks that one kernel call scores together. Robustness runs, simulations and clusters run the same plan 10⁵ times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.layout import Layout, lay_out
from tongkao.engine.policies import Ends, ends_of
from tongkao.engine.shares import Nominal, nominal
from tongkao.engine.values import Group
from tongkao.folder.assessment import Assessment
from tongkao.scheme.expressions import Expression, parse
from tongkao.scheme.model import Indicator, Leaf, Mix, Policy, Scheme, Score, SimpleScore, Track

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: relative difference below which computed values count as equal
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Column:
    """One column of values that is scored by itself: an indicator, or one part of a mix.

    Attributes:
        leaf: Place of its indicator among the track's leaves.
        indicator: Id of the indicator.
        part: Number of the part, 0 for an indicator that is no mix.
        share: Share of the part in the indicator's rate, 1 for an indicator that is no mix.
        score: How it is scored.
        sign: 1 when higher is better, -1 when lower is.
        expression: Expression of its value, None for the indicator's own observation.
        computed: Whether its values come out of a calculation, so that nearly equal ones count as equal.
    """

    leaf: int
    indicator: str
    part: int
    share: float
    score: SimpleScore
    sign: float
    expression: Expression | None
    computed: bool


@dataclass(frozen=True)
class Block:
    """Columns that one kernel call scores together: same method, same kind of comparison group.

    Attributes:
        method: Name of the scoring method.
        columns: The columns, ascending.
        whole: Whether the block is all columns in order, so that nothing need be copied.
        compare: ``track`` or ``class``.
        scores: The parameters of each column.
    """

    method: str
    columns: IntArray
    whole: bool
    compare: str
    scores: tuple[SimpleScore, ...]


@dataclass(frozen=True)
class TrackPlan:
    """How one track is marked. Rows are units, or year by year the units of a panel.

    Attributes:
        track_id: Id of the track.
        track: Its rules.
        scheme: The whole scheme.
        full_mark: Points of the total.
        units: The units, n rows.
        unit_ids: Their ids.
        years: The years marked together; more than one only in a panel.
        layout: The tree.
        indicators: The indicator of each leaf, m of them.
        columns: What is scored, c columns.
        blocks: The columns by method.
        given: Nominal weights.
        ranked: Rows that count in comparison groups and get a rank.
        classes: Names of the classes, ascending.
        class_codes: Class of each row.
        year_codes: Year of each row.
        rank_codes: List in which each row is ranked: class (or 0), and year.
        groups: Comparison group of each indicator over the n units.
        weightless: Whether a column is out for a row because its weight is 0, rows × c; None where none is.
        ends: Where the policies of absent cells end.
        treated: Whether any indicator is treated.
        binding: Leaves with a binding requirement.
    """

    track_id: str
    track: Track
    scheme: Scheme
    full_mark: float
    units: pl.DataFrame
    unit_ids: list[str]
    years: tuple[int, ...]
    layout: Layout
    indicators: tuple[Indicator, ...]
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    given: Nominal
    ranked: BoolArray
    classes: tuple[str, ...]
    class_codes: IntArray
    year_codes: IntArray
    rank_codes: IntArray
    groups: Mapping[str, Group]
    weightless: BoolArray | None
    ends: Ends
    treated: bool
    binding: tuple[int, ...]

    @property
    def rows(self) -> int:
        """Number of rows: units times years."""
        return len(self.unit_ids) * len(self.years)

    def main(self) -> slice:
        """Rows of the scheme's year."""
        n, place = len(self.unit_ids), self.years.index(self.scheme.year)
        return slice(place * n, (place + 1) * n)

    def compare_codes(self, compare: str) -> IntArray:
        """Comparison list of each row: class or 0, apart for each year unless the panel is scored on the range of all years."""
        panel = self.scheme.panel
        if panel is not None and panel.range == "all":
            return self.class_codes if compare == "class" else np.zeros(self.rows, np.intp)
        return self.compare_year_codes(compare)

    def compare_year_codes(self, compare: str) -> IntArray:
        """Comparison list of each row within its year, as imputation and treatment see it."""
        codes = self.class_codes if compare == "class" else np.zeros(self.rows, np.intp)
        return codes * len(self.years) + self.year_codes

    def policy(self, leaf: int, *, applicable: bool) -> Policy:
        """What is done where the leaf's value is missing, or not applicable."""
        indicator = self.indicators[leaf]
        own = indicator.missing if applicable else indicator.not_applicable
        general = self.scheme.missing if applicable else self.scheme.not_applicable
        return own if own is not None else general


def compile_track(assessment: Assessment, track_id: str) -> TrackPlan:
    """Work out the plan of one track.

    Args:
        assessment: A checked assessment.
        track_id: Which track.
    """
    scheme, track = assessment.scheme, assessment.scheme.tracks[track_id]
    units = assessment.units.filter(pl.col("track") == track_id)
    unit_ids: list[str] = units["unit"].to_list()
    years = tuple(sorted(scheme.panel.years)) if scheme.panel is not None else (scheme.year,)
    full_mark = track.full_mark if track.full_mark is not None else scheme.full_mark
    layout = lay_out(track)
    single = nominal(layout, units, assessment.weights, full_mark)
    given = single.repeat(len(years))
    unranked = set(track.unranked)
    ranked = np.array([unit not in unranked for unit in unit_ids], bool)
    class_names = units["class"].to_list()
    classes = tuple(sorted(set(class_names)))
    code_of = {name: code for code, name in enumerate(classes)}
    class_codes = np.array([code_of[name] for name in class_names], np.intp)
    indicators = tuple(scheme.indicators[node.id] for node in layout.nodes if isinstance(node, Leaf))
    columns = _columns(scheme, [node.id for node in layout.nodes if isinstance(node, Leaf)])
    leaf_of = np.array([column.leaf for column in columns], np.intp)
    groups = {
        layout.ids[node]: Group(
            class_codes if indicator.compare == "class" else np.zeros(len(unit_ids), np.intp),
            ranked & ~single.weightless[single.profiles, node],
            indicator.direction,
        )
        for node, indicator in zip(layout.leaves, indicators, strict=True)
    }
    class_rows, year_rows = np.tile(class_codes, len(years)), np.repeat(np.arange(len(years), dtype=np.intp), len(unit_ids))
    lists = class_rows if track.rank_within == "class" else np.zeros_like(class_rows)
    out = given.weightless[:, layout.leaves][:, leaf_of]
    return TrackPlan(
        track_id,
        track,
        scheme,
        full_mark,
        units,
        unit_ids,
        years,
        layout,
        indicators,
        columns,
        _blocks(columns, indicators),
        given,
        np.tile(ranked, len(years)),
        classes,
        class_rows,
        year_rows,
        lists * len(years) + year_rows,
        groups,
        out[given.profiles] if out.any() else None,
        ends_of(
            [indicator.missing or scheme.missing for indicator in indicators],
            [indicator.not_applicable or scheme.not_applicable for indicator in indicators],
        ),
        any((indicator.treat or scheme.treat) not in (None, "none") for indicator in indicators),
        tuple(leaf for leaf, indicator in enumerate(indicators) if indicator.binding is not None),
    )


def _columns(scheme: Scheme, leaf_ids: list[str]) -> tuple[Column, ...]:
    columns: list[Column] = []
    for leaf, identifier in enumerate(leaf_ids):
        indicator = scheme.indicators[identifier]
        own = parse(indicator.value) if indicator.value is not None else None
        derived = indicator.denominate is not None
        score: Score = indicator.score
        if isinstance(score, Mix):
            for number, part in enumerate(score.parts):
                expression = parse(part.value) if part.value is not None else own
                direction = part.direction or indicator.direction
                sign = 1.0 if direction == "up" else -1.0
                columns.append(
                    Column(leaf, identifier, number, part.share, part.score, sign, expression, derived or expression is not None)
                )
        else:
            sign = 1.0 if indicator.direction == "up" else -1.0
            columns.append(Column(leaf, identifier, 0, 1.0, score, sign, own, derived or own is not None))
    return tuple(columns)


def _blocks(columns: tuple[Column, ...], indicators: tuple[Indicator, ...]) -> tuple[Block, ...]:
    members: dict[tuple[object, ...], list[int]] = {}
    for place, column in enumerate(columns):
        key = (column.score.method, indicators[column.leaf].compare, _lists(column.score))
        members.setdefault(key, []).append(place)
    return tuple(
        Block(
            str(key[0]),
            np.array(places, np.intp),
            len(places) == len(columns),
            str(key[1]),
            tuple(columns[place].score for place in places),
        )
        for key, places in members.items()
    )


def _lists(score: SimpleScore) -> tuple[object, ...]:
    """Parameters that a kernel takes once for all columns of a block."""
    match score.method:
        case "rank_table":
            return tuple(score.table)
        case "bands":
            return (*map(tuple, score.bands), score.interpolate)
        case "ascending_rank":
            return (score.ties,)
        case _:
            return ()
