"""Two assessment folders side by side: what changed in the rules, what in the data, and who moves because of which."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from tongkao.engine.result import Result, score
from tongkao.errors import Lang, Problem, TongkaoError
from tongkao.folder.assessment import Assessment
from tongkao.folder.read import read_folder, read_scheme_and_units
from tongkao.folder.write import write_inputs
from tongkao.reports.changes import DataChanges, data_changes
from tongkao.scheme.difference import Change, differences
from tongkao.scheme.model import Scheme

#: version of the JSON form
FORMAT = 1


@dataclass(frozen=True)
class Standing:
    """Where a unit stands in one marking; None where it has no total or place, awards joined by ``;``."""

    total: float | None
    rank: int | None
    tier: str
    awards: str = ""


@dataclass(frozen=True)
class Move:
    """One unit in both markings.

    Attributes:
        track: The track in the later marking.
        unit: The unit.
        old: Its standing in the earlier marking.
        new: Its standing in the later one.
        between: Its standing by the later scheme on the earlier data, None where that was not asked for or cannot be marked.
    """

    track: str
    unit: str
    old: Standing
    new: Standing
    between: Standing | None = None

    @property
    def places(self) -> int | None:
        """Places moved up (negative: down), None where one of the places is not there."""
        return _places(self.old, self.new)

    @property
    def by_scheme(self) -> int | None:
        """Places moved because of the scheme."""
        return None if self.between is None else _places(self.old, self.between)

    @property
    def by_data(self) -> int | None:
        """Places moved because of the data."""
        return None if self.between is None else _places(self.between, self.new)

    @property
    def is_still(self) -> bool:
        """Whether nothing is different."""
        return self.old == self.new


@dataclass(frozen=True)
class Comparison:
    """Two assessments side by side.

    Attributes:
        old: The earlier scheme, None where it cannot be read.
        new: The later one.
        scheme: Differences of the schemes; None where one of them cannot be read.
        data: Differences of the data; None where one folder has errors.
        moves: Every unit that is in both markings, the largest moves first; None where one of them cannot be marked.
        faults: Why a side cannot be read or marked: ``old``, ``new``, or ``between`` (the later scheme on the earlier data).
        units: The later table of units; None where the later folder cannot be read.
    """

    old: Scheme | None
    new: Scheme | None
    scheme: tuple[Change, ...] | None
    data: DataChanges | None
    moves: tuple[Move, ...] | None
    faults: Mapping[str, tuple[Problem, ...]]
    units: pl.DataFrame | None = field(default=None, repr=False)

    @property
    def is_readable(self) -> bool:
        """Whether both folders are without errors."""
        return self.data is not None

    @property
    def is_split(self) -> bool:
        """Whether the moves are told apart by cause."""
        return self.moves is not None and any(move.between is not None for move in self.moves)

    def to_json(self, lang: Lang = "zh") -> dict[str, Any]:
        """The comparison for programs; ``docs/reference/commands.md`` says what is in it."""
        return {
            "format": FORMAT,
            "old": _scheme(self.old),
            "new": _scheme(self.new),
            "scheme": None if self.scheme is None else [_change(change, lang) for change in self.scheme],
            "data": None if self.data is None else asdict(self.data),
            "moves": None if self.moves is None else [_move(move) for move in self.moves],
            "faults": {side: [problem.describe(lang) for problem in problems] for side, problems in self.faults.items()},
        }


def compare(old: Assessment, new: Assessment) -> Comparison:
    """Compare two assessments and mark both.

    Where both the scheme and the data differ, the earlier data are marked by the later scheme too, so that every move falls
    into a part because of the scheme and a part because of the data.

    Args:
        old: The earlier assessment.
        new: The later one.

    Returns:
        The comparison. What cannot be marked is told in its ``faults``; the rest is there all the same.
    """
    scheme = tuple(differences(old.scheme, new.scheme))
    data = data_changes(old, new)
    faults: dict[str, tuple[Problem, ...]] = {}
    before = _mark(old, "old", faults)
    after = _mark(new, "new", faults)
    if before is None or after is None:
        return Comparison(old.scheme, new.scheme, scheme, data, None, faults, new.units)
    between = _mark_between(old, new, faults) if scheme and data.any else None
    return Comparison(old.scheme, new.scheme, scheme, data, tuple(_moves(before, after, between)), faults, new.units)


def compare_folders(old: Path | str, new: Path | str) -> Comparison:
    """Compare two assessment folders; see :func:`compare`.

    Where a folder has errors, they are told in ``faults``, and the schemes are compared all the same if they can be read.
    """
    faults: dict[str, tuple[Problem, ...]] = {}
    assessments = [_read(path, side, faults) for path, side in ((old, "old"), (new, "new"))]
    before, after = assessments
    if before is not None and after is not None:
        return compare(before, after)
    schemes = [
        _scheme_of(path) if assessment is None else assessment.scheme
        for path, assessment in zip((old, new), assessments, strict=True)
    ]
    found = None if schemes[0] is None or schemes[1] is None else tuple(differences(schemes[0], schemes[1]))
    return Comparison(schemes[0], schemes[1], found, None, None, faults)


def _read(path: Path | str, side: str, faults: dict[str, tuple[Problem, ...]]) -> Assessment | None:
    try:
        return read_folder(path)
    except TongkaoError as error:
        faults[side] = error.problems
        return None


def _scheme_of(path: Path | str) -> Scheme | None:
    """The scheme of a folder whose data are at fault."""
    try:
        return read_scheme_and_units(path)[0]
    except TongkaoError:
        return None


def _mark(assessment: Assessment, side: str, faults: dict[str, tuple[Problem, ...]]) -> Result | None:
    try:
        return score(assessment)
    except TongkaoError as error:
        faults[side] = error.problems
        return None


def _mark_between(old: Assessment, new: Assessment, faults: dict[str, tuple[Problem, ...]]) -> Result | None:
    """Mark the earlier data by the later scheme; they are read anew, for the later scheme may not accept them."""
    with tempfile.TemporaryDirectory(prefix="tongkao-") as folder:
        try:
            write_inputs(replace(old, scheme=new.scheme, scheme_text=new.scheme_text), Path(folder))
            mixed = read_folder(folder)
        except TongkaoError as error:
            faults["between"] = error.problems
            return None
    return _mark(mixed, "between", faults)


def _moves(before: Result, after: Result, between: Result | None) -> list[Move]:
    old, new = _standings(before.results), _standings(after.results)
    middle = {} if between is None else _standings(between.results)
    moves = [
        Move(track, unit, old[unit][1], standing, middle[unit][1] if unit in middle else None)
        for unit, (track, standing) in new.items()
        if unit in old
    ]
    return sorted(moves, key=_size)


def _standings(results: pl.DataFrame) -> dict[str, tuple[str, Standing]]:
    columns = results.select("unit", "track", "total", "rank", "tier", "awards")
    return {unit: (track, Standing(*standing)) for unit, track, *standing in columns.iter_rows()}


def _places(old: Standing, new: Standing) -> int | None:
    return None if old.rank is None or new.rank is None else old.rank - new.rank


def _size(move: Move) -> tuple[object, ...]:
    """Largest move first: places, then a tier, an award, points; units that do not move at the end, as they stand."""
    places = abs(move.places or 0)
    points = abs((move.new.total or 0.0) - (move.old.total or 0.0))
    came_or_went = (move.old.rank is None) != (move.new.rank is None)
    standing = move.new.rank if move.new.rank is not None else 2**31
    same_tier, same_awards = move.old.tier == move.new.tier, move.old.awards == move.new.awards
    return (not came_or_went, -places, same_tier, same_awards, -round(points, 9), move.track, standing, move.unit)


def _scheme(scheme: Scheme | None) -> dict[str, Any] | None:
    return None if scheme is None else {"id": scheme.id, "year": scheme.year}


def _change(change: Change, lang: Lang) -> dict[str, Any]:
    return {"path": list(change.path), "kind": change.kind, "text": change.describe(lang)}


def _move(move: Move) -> dict[str, Any]:
    return {
        "track": move.track,
        "unit": move.unit,
        "old": asdict(move.old),
        "new": asdict(move.new),
        "places": move.places,
        "by_scheme": move.by_scheme,
        "by_data": move.by_data,
    }
