"""Ranks, tiers, history, awards and quotas: sections 8 (tiers) and 9."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from . import arithmetic as ar
from .expressions import MISSING, Problem, State, Term, Value, constant, evaluate, parse
from .scoring import HUNDRED
from .tree import Sheet


class Standing:
    """The places of one track's units and what follows from them."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.folder, self.track, self.doubts = sheet, sheet.folder, sheet.track, sheet.doubts
        self.tiers: list[dict[str, Any]] = self.track.spec.get("tiers") or []
        self.tier_ids = [str(tier["id"]) for tier in self.tiers]
        self.rank: dict[str, int] = {}
        self.tier: dict[str, str] = {}
        ranked = [unit for unit in self.track.units if unit not in self.track.unranked and sheet.has_total(unit)]
        groups: dict[str, list[str]] = defaultdict(list)
        for unit in ranked:
            by_class = self.track.spec.get("rank_within", "track") == "class"
            groups[self.folder.unit_class(unit) if by_class else ""].append(unit)
        for group in groups.values():
            places = self._order(group)
            if self.tiers:
                self._deal(places, len(group))
        self.past = {unit: [row for row in self.folder.history if self._concerns(row, unit)] for unit in self.track.units}
        self.awards: dict[str, list[str]] = defaultdict(list)
        for award in self.track.spec.get("awards") or []:
            for unit in self._winners(award, ranked):
                self.awards[unit].append(str(award["id"]))

    def _concerns(self, row: dict[str, str], unit: str) -> bool:
        return row["unit"] == unit and row.get("track", self.track.id) == self.track.id

    # ranks

    def _order(self, group: list[str]) -> list[list[str]]:
        """The units that share a place, best place first; notes the ranks."""
        ties = self.track.spec.get("ties") or {}
        marks = self.sheet.marks
        places = _split(group, {unit: marks[unit, "total"].points for unit in group}, self.folder.full_mark)
        for node in ties.get("by") or []:
            rates = {unit: marks[unit, node].rate for unit in group if (unit, node) in marks}
            places = [part for place in places for part in _split(place, rates, HUNDRED)]
        above = 0
        for place in places:
            if len(place) > 1 and ties.get("otherwise", "share") == "error":
                raise Problem(f"{place} share a rank")
            for unit in place:
                self.rank[unit] = above + 1
            above += len(place)
        return places

    # tiers

    def _deal(self, places: list[list[str]], size: int) -> None:
        left: list[int | None] = []
        for tier in self.tiers:
            if "count" in tier:
                left.append(int(constant(tier["count"])))
            else:
                left.append(ar.whole_part(constant(tier["share"]) * size) if "share" in tier else None)
        left[-1] = None
        dealt: dict[str, int] = {}
        for place in places:
            waiting = list(place)
            for number, tier in enumerate(self.tiers):
                last = number == len(self.tiers) - 1
                fit = [unit for unit in waiting if last or self._meets(tier, unit)]
                room = left[number]
                if not fit:
                    continue
                if room is not None and room < len(fit):
                    left[number] = 0
                    continue
                if room is not None:
                    left[number] = room - len(fit)
                dealt.update(dict.fromkeys(fit, number))
                waiting = [unit for unit in waiting if unit not in fit]
        after = {unit: self._after_effects(unit, number) for unit, number in dealt.items()}
        if self.track.spec.get("backfill", False):
            self._backfill(places, dealt, after)
        for unit, number in after.items():
            self.tier[unit] = self.tier_ids[number]

    def _meets(self, tier: dict[str, Any], unit: str) -> bool:
        marks, full = self.sheet.marks, self.folder.full_mark
        if "score" in tier and not ar.reaches(marks[unit, "total"].points, constant(tier["score"]), full):
            return False
        return all(
            (unit, node) not in marks or ar.reaches(marks[unit, node].rate, constant(rate), HUNDRED)
            for node, rate in (tier.get("gates") or {}).items()
        )

    def _after_effects(self, unit: str, number: int) -> int:
        found, last = self.sheet.consequences[unit], len(self.tiers) - 1
        for limit in found.at_most:
            number = max(number, self.tier_ids.index(limit))
        number = min(last, number + found.down)
        return last if found.disqualified else number

    def _backfill(self, places: list[list[str]], dealt: dict[str, int], after: dict[str, int]) -> None:
        moved: set[str] = set()
        freed = [sum(1 for unit in dealt if dealt[unit] == number != after[unit]) for number in range(len(self.tiers))]
        for number in range(len(self.tiers) - 1):
            for place in places:
                here = [unit for unit in place if after[unit] == number + 1]
                movable = [u for u in here if u not in moved and not self.sheet.consequences[u].touches_tier]
                if not movable or freed[number] == 0:
                    continue
                if len(movable) < len([unit for unit in place if unit not in moved]):
                    self.doubts.append(f"backfill: of the units sharing a rank {place} only {movable} may move")
                if len(movable) > freed[number]:
                    break
                for unit in movable:
                    after[unit] = number
                    moved.add(unit)
                freed[number] -= len(movable)
                freed[number + 1] += len(movable)

    # history

    def last(self, unit: str, column: str) -> str:
        return next((row.get(column, "") for row in self.past[unit] if int(row["year"]) == self.folder.year - 1), "")

    def rank_change(self, unit: str) -> int | None:
        last = self.last(unit, "rank")
        return int(last) - self.rank[unit] if last and unit in self.rank else None

    def streak(self, unit: str, tier: str) -> Value:
        if not self.past[unit]:
            return MISSING
        years = {int(row["year"]) for row in self.past[unit] if row.get("tier") == tier}
        count = 0
        if self.tier.get(unit) == tier:
            count, year = 1, self.folder.year - 1
            while year in years:
                count, year = count + 1, year - 1
        return Fraction(count)

    def first_time(self, unit: str, tier: str) -> Value:
        if not self.past[unit]:
            return MISSING
        return self.tier.get(unit) == tier and all(row.get("tier") != tier for row in self.past[unit])

    # awards

    def _winners(self, award: dict[str, Any], ranked: list[str]) -> list[str]:
        able = [unit for unit in ranked if not self.sheet.consequences[unit].disqualified]
        if award.get("when") is not None:
            able = [unit for unit in able if _true(evaluate(parse(str(award["when"])), About(self, unit)))]
        if award.get("top") is None:
            return able
        barred = [unit for unit in ranked if self.sheet.consequences[unit].disqualified]
        winners = self._top(award, able, doubtful=True)
        if barred and set(self._top(award, able + barred, doubtful=False)) - set(barred) != set(winners):
            self.doubts.append(f"award {award['id']}: the place of a disqualified unit goes to the next")
        return winners

    def _top(self, award: dict[str, Any], able: list[str], *, doubtful: bool) -> list[str]:
        source = parse(str(award.get("by", "total")))
        groups: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for unit in able:
            value = evaluate(source, About(self, unit))
            if not isinstance(value, State | str):
                groups[self.folder.unit_class(unit) if award.get("each") == "class" else ""][unit] = Fraction(value)
        winners: list[str] = []
        for values in groups.values():
            above, top = 0, int(award["top"])
            for place in _split(list(values), values, max([abs(v) for v in values.values()] + [Fraction(1)])):
                if above < top:
                    winners += place
                    if doubtful and above + len(place) > top:
                        self.doubts.append(f"award {award['id']}: {place} tie at the last place; all get it")
                above += len(place)
        return winners


class About:
    """Names and functions of `when:` and `by:` for one unit."""

    def __init__(self, standing: Standing, unit: str) -> None:
        self.standing, self.unit = standing, unit

    def look_up(self, name: str) -> Value:
        standing, unit = self.standing, self.unit
        change, last = standing.rank_change(unit), standing.last(unit, "rank")
        mark = standing.sheet.marks.get((unit, name))
        known: dict[str, Value | None] = {
            "rank": Fraction(standing.rank[unit]) if unit in standing.rank else None,
            "tier": standing.tier.get(unit),
            "rank_change": None if change is None else Fraction(change),
            "rank_last": Fraction(last) if last else None,
            "tier_last": standing.last(unit, "tier") or None,
            "total": standing.sheet.marks[unit, "total"].points,
        }
        if name in known:
            found = known[name]
        elif any(node.id == name for node in standing.track.nodes):
            found = mark.rate if mark else None
        else:
            raise Problem(f"{name} names nothing in an award")
        return MISSING if found is None else found

    def call(self, name: str, arguments: tuple[Term, ...]) -> Value:
        argument = str(arguments[0].content)
        if name == "streak":
            return self.standing.streak(self.unit, argument)
        if name == "first_time":
            return self.standing.first_time(self.unit, argument)
        if name == "event":
            return self.standing.sheet.consequences[self.unit].events.get(argument, Fraction(0))
        if name == "rate":
            mark = self.standing.sheet.marks.get((self.unit, argument))
            return mark.rate if mark else MISSING
        raise Problem(f"unknown function {name}")


def _true(value: Value) -> bool:
    return not isinstance(value, State) and bool(value)


def _split(units: list[str], values: dict[str, Fraction], scale: Fraction) -> list[list[str]]:
    """Units in falling order of their values, equal ones together; units without a value come last, together."""
    parts: list[list[str]] = []
    for unit in sorted((unit for unit in units if unit in values), key=lambda unit: values[unit], reverse=True):
        if parts and ar.is_close(values[parts[-1][-1]], values[unit], scale):
            parts[-1].append(unit)
        else:
            parts.append([unit])
    without = [unit for unit in units if unit not in values]
    return parts + ([without] if without else [])


def share_out_quotas(standings: list[Standing]) -> dict[str, list[str]]:
    """The units on each quota's list, in the order of their ranks where the list is too long."""
    lists: dict[str, list[str]] = {}
    by_track = {standing.track.id: standing for standing in standings}
    for standing in standings:
        for quota in standing.track.spec.get("quotas") or []:
            named: list[str] = []
            county = by_track[str(quota["track"])]
            rows = [row for row in standing.folder.nominations if row["quota"] == quota["id"]]
            for city in standing.track.units:
                mine = [row["unit"] for row in rows if row["city"] == city]
                allowed = int((quota.get("nominations") or {}).get(standing.tier.get(city, ""), 0))
                if standing.sheet.consequences[city].disqualified:
                    allowed = 0
                if len(mine) > allowed:
                    raise Problem(f"{city} nominates {len(mine)}, may {allowed}")
                named += [unit for unit in mine if not county.sheet.consequences[unit].disqualified]
            if quota.get("list_size") is not None and len(named) > int(quota["list_size"]):
                size = int(quota["list_size"])
                named.sort(key=lambda unit: (county.rank.get(unit, len(county.track.units) + 1), unit))
                if county.rank.get(named[size - 1]) == county.rank.get(named[size]):
                    standing.doubts.append(f"quota {quota['id']}: {named[size - 1]} and {named[size]} share a rank at the end")
                named = named[:size]
            lists[str(quota["id"])] = named
    return lists
