"""Quotas: the tier of a city gives its number of nominations, the list has its own size (section 9; the 321 rule)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.kernels import ranking
from tongkao.engine.marking import Marks
from tongkao.engine.messages import NOMINEE_DISQUALIFIED, OVER_QUOTA
from tongkao.engine.plan import TOLERANCE
from tongkao.engine.tiers import NO_TIER
from tongkao.errors import Place, Problem
from tongkao.scheme.model import Quota

SCHEMA = {
    "quota": pl.String(),
    "city": pl.String(),
    "tier": pl.String(),
    "allowed": pl.Int64(),
    "unit": pl.String(),
    "order": pl.Int64(),
    "total": pl.Float64(),
    "place": pl.Int64(),
    "listed": pl.Boolean(),
}


@dataclass(frozen=True)
class _Nominee:
    city: str
    unit: str
    order: int | None
    total: float | None
    place: int | None


def quotas(marks: Mapping[str, Marks], nominations: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Check nominations against what each city's tier allows, and make the lists.

    Args:
        marks: Marking of each track.
        nominations: The table of nominations.

    Returns:
        One row a nomination (quota, city, its tier, how many it may nominate, unit, order, total and place of the unit in its
        track, whether it is on the list), cities without a nomination with one row and no unit; and problems.
    """
    rows: list[tuple[object, ...]] = []
    problems: list[Problem] = []
    for mark in marks.values():
        for quota in mark.plan.track.quotas:
            made = nominations.filter(pl.col("quota") == quota.id).sort("city", "order", "unit", nulls_last=True)
            rows += _one(quota, mark, marks.get(quota.track), made, problems)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row"), problems


def _one(
    quota: Quota, cities: Marks, counties: Marks | None, made: pl.DataFrame, problems: list[Problem]
) -> list[tuple[object, ...]]:
    ranks = _overall_ranks(counties) if counties is not None else np.empty(0, np.intp)
    nominees = [
        _nominee(counties, ranks, city, unit, order) for city, unit, order in made.select("city", "unit", "order").iter_rows()
    ]
    listed = _listed(nominees, quota.list_size)
    barred = _disqualified(counties)
    listing: list[tuple[object, ...]] = []
    offset = cities.plan.main().start
    for number, city in enumerate(cities.plan.unit_ids):
        row = offset + number
        tier = cities.final.tiers[row]
        name = cities.plan.track.tiers[tier].id if tier != NO_TIER else ""
        allowed = 0 if cities.effects.disqualified[row] else quota.nominations.get(name, 0)
        own = [nominee for nominee in nominees if nominee.city == city]
        if len(own) > allowed:
            fields = {
                "quota": quota.id,
                "city": city,
                "tier": name or "-",
                "allowed": allowed,
                "given": len(own),
                "units": [nominee.unit for nominee in own],
            }
            problems.append(Problem(OVER_QUOTA, Place(unit=city), fields))
        for nominee in own:
            if nominee.unit in barred:
                problems.append(
                    Problem(NOMINEE_DISQUALIFIED, Place(unit=nominee.unit), {"quota": quota.id, "unit": nominee.unit})
                )
            listing.append(
                (quota.id, city, name, allowed, nominee.unit, nominee.order, nominee.total, nominee.place, nominee.unit in listed)
            )
        if not own:
            listing.append((quota.id, city, name, allowed, "", None, None, None, False))
    return listing


def _nominee(counties: Marks | None, ranks: NDArray[np.intp], city: str, unit: str, order: int | None) -> _Nominee:
    """A nominated unit with its total and its place in the whole track."""
    if counties is None or unit not in counties.plan.unit_ids:
        return _Nominee(city, unit, order, None, None)
    row = counties.plan.unit_ids.index(unit)
    place, total = int(ranks[row]), float(counties.totals[counties.plan.main()][row])
    return _Nominee(city, unit, order, total if place else None, place or None)


def _overall_ranks(counties: Marks) -> NDArray[np.intp]:
    """Places in the whole track, classes or not; ties are ordered as everywhere."""
    plan, rows = counties.plan, counties.plan.main()
    if plan.track.rank_within == "track":
        return counties.final.ranks[rows]
    keys = counties.climbed.rates[rows][:, [plan.layout.column(node) for node in plan.track.ties.by]]
    ranks: NDArray[np.intp] = ranking.competition_rank(
        np.where(plan.ranked[rows], counties.totals[rows], np.nan),
        np.zeros(len(plan.unit_ids), np.intp),
        np.where(np.isnan(keys), -np.inf, keys),
        tolerance=TOLERANCE * plan.full_mark,
        tie_tolerance=TOLERANCE * 100.0,
    )
    return ranks


def _listed(nominees: list[_Nominee], size: int) -> set[str]:
    """Who is on the list: everybody where it is long enough, else the best placed; those who share a place go together."""
    if len(nominees) <= size:
        return {nominee.unit for nominee in nominees}
    worst = 1 + max((nominee.place or 0 for nominee in nominees), default=0)
    places = sorted(nominee.place or worst for nominee in nominees)
    # The border must not cut a shared place in two: then the list stays shorter.
    limit = (
        places[size - 1] if size and places[size] > places[size - 1] else max((p for p in places if p < places[size]), default=0)
    )
    return {nominee.unit for nominee in nominees if (nominee.place or worst) <= limit} if size else set()


def _disqualified(counties: Marks | None) -> set[str]:
    if counties is None:
        return set()
    rows = counties.plan.main()
    return {unit for unit, barred in zip(counties.plan.unit_ids, counties.effects.disqualified[rows], strict=True) if barred}
