"""Targets of a sensitivity analysis: numbers of each run whose spread is to be explained.

A target is written as text: ``rank``, ``total``, ``rank_change`` (mean absolute rank change of all units against the marking as
it is), ``tier:ID``, ``top:K``, ``award:ID`` (1 where the unit has it, else 0). All but ``rank_change`` are taken for every unit,
or for one that is named behind: ``rank:无锡``, ``tier:first:无锡``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import Problem, nearest
from tongkao.robustness import sensitivity_messages as say
from tongkao.robustness.outcomes import TrackOutcomes
from tongkao.robustness.spec import SpecError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

PLAIN = ("rank", "total", "rank_change")
WITH_DETAIL = ("tier", "top", "award")


@dataclass(frozen=True)
class Target:
    """One kind of target.

    Attributes:
        what: ``rank``, ``total``, ``rank_change``, ``tier``, ``top`` or ``award``.
        detail: Id of the tier or award, or the number k; "" for the others.
        unit: One unit only; "" for every unit.
    """

    what: str
    detail: str = ""
    unit: str = ""

    @property
    def name(self) -> str:
        """Its text without the unit."""
        return f"{self.what}:{self.detail}" if self.detail else self.what


def read_targets(
    texts: Iterable[str], *, units: Sequence[str], tiers: Sequence[str], awards: Sequence[str]
) -> tuple[Target, ...]:
    """Read targets and check what they name.

    Args:
        texts: The targets as text.
        units: Ids of all units.
        tiers: Ids of the tiers of all tracks.
        awards: Ids of the awards of all tracks.

    Raises:
        SpecError: With every target that names what is not there.
    """
    targets, problems = [], []
    for text in texts:
        what, _, rest = text.partition(":")
        detail, unit = "", rest
        if what in WITH_DETAIL:
            detail, _, unit = rest.partition(":")
        target = Target(what, detail, unit)
        problem = _fault(text, target, units, tiers, awards)
        if problem is not None:
            problems.append(problem)
        elif target not in targets:
            targets.append(target)
    if problems:
        raise SpecError(problems)
    return tuple(targets)


def _fault(text: str, target: Target, units: Sequence[str], tiers: Sequence[str], awards: Sequence[str]) -> Problem | None:
    allowed = [*PLAIN, "tier:ID", "top:K", "award:ID"]
    if target.what not in (*PLAIN, *WITH_DETAIL) or (target.what == "rank_change" and target.unit):
        near = nearest(target.what, [*PLAIN, *WITH_DETAIL])
        near = "" if near == target.what else near
        return Problem(say.UNKNOWN_TARGET, fields={"target": text, "allowed": allowed, "nearest": near})
    if target.what == "top" and not (target.detail.isascii() and target.detail.isdigit() and int(target.detail) > 0):
        return Problem(say.TARGET_TOP, fields={"target": text, "name": target.detail})
    for what, known, code in (("tier", tiers, say.TARGET_TIER), ("award", awards, say.TARGET_AWARD)):
        if target.what == what and target.detail not in known:
            return Problem(code, fields={"target": text, "name": target.detail, "nearest": nearest(target.detail, known)})
    if target.unit and target.unit not in units:
        return Problem(say.TARGET_UNIT, fields={"target": text, "name": target.unit, "nearest": nearest(target.unit, units)})
    return None


@dataclass(frozen=True)
class Columns:
    """The targets of one track as columns of a matrix.

    Attributes:
        names: Text of each column's target without its unit.
        units: Its unit, "" for ``rank_change``.
        parts: Kinds of targets and the places of their units, in the order of the columns.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    parts: tuple[tuple[Target, IntArray], ...]

    @classmethod
    def of(cls, targets: Iterable[Target], track: TrackOutcomes) -> Columns:
        """The columns that targets have in a track; tiers, awards and units that it does not have are passed over."""
        names: list[str] = []
        units: list[str] = []
        parts: list[tuple[Target, IntArray]] = []
        for target in targets:
            if target.what == "tier" and target.detail not in track.tier_ids:
                continue
            if target.what == "award" and target.detail not in track.award_ids:
                continue
            if target.what == "rank_change":
                places, named = np.zeros(0, np.intp), [""]
            else:
                wanted = [place for place, unit in enumerate(track.units) if target.unit in ("", unit)]
                places, named = np.array(wanted, np.intp), [track.units[place] for place in wanted]
            names += [target.name] * len(named)
            units += named
            parts.append((target, places))
        return cls(tuple(names), tuple(units), tuple(parts))

    def values(self, track: TrackOutcomes) -> FloatArray:
        """What the columns are in each kept run, (runs, columns); NaN where a unit has no such number."""
        runs = len(track.ranks)
        result = np.empty((runs, len(self.names)))
        start = 0
        for target, places in self.parts:
            width = 1 if target.what == "rank_change" else len(places)
            result[:, start : start + width] = _values(target, places, track)
            start += width
        return result


def _values(target: Target, places: IntArray, track: TrackOutcomes) -> FloatArray:
    if target.what == "total":
        return track.totals[:, places]
    if target.what == "rank_change":
        before = track.nominal.ranks
        both = (track.ranks > 0) & (before > 0)
        moved = np.where(both, np.abs(track.ranks - before), 0).sum(axis=1)
        counted = both.sum(axis=1)
        change: FloatArray = np.where(counted > 0, moved / np.maximum(counted, 1), np.nan)
        return change[:, None]
    ranks = track.ranks[:, places]
    if target.what == "rank":
        values = ranks.astype(np.float64)
    elif target.what == "top":
        values = (ranks <= int(target.detail)).astype(np.float64)
    elif target.what == "tier":
        values = (track.tiers[:, places] == track.tier_ids.index(target.detail)).astype(np.float64)
    else:
        assert track.awards is not None
        values = track.awards[:, places, track.award_ids.index(target.detail)].astype(np.float64)
    # Who has no place in a run is neither in nor out of a tier there.
    gone = ranks == 0
    if gone.any():
        values[gone] = np.nan
    return values
