"""From the rates of the indicators to the points of every node: sections 7, 8 (points) and 9 (rounding)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from . import arithmetic as ar
from .expressions import MISSING, Problem, State, Term, Value, constant, evaluate, parse
from .folder import Folder, Node, Track
from .scoring import HUNDRED, Book, Cell


@dataclass
class Mark:
    """One node of one unit's sheet."""

    full: Fraction
    rate: Fraction
    points: Fraction


@dataclass
class Consequences:
    """What events and breaches do to one unit."""

    voided: set[str] = field(default_factory=set)
    amounts: list[tuple[str, Fraction, str | None]] = field(default_factory=list)  # bonus | deduct, sum, node
    at_most: list[str] = field(default_factory=list)
    down: int = 0
    disqualified: bool = False
    events: dict[str, Fraction] = field(default_factory=dict)

    @property
    def touches_tier(self) -> bool:
        return bool(self.at_most) or self.down > 0 or self.disqualified


class Breach:
    """Names a `binding:` may use."""

    def __init__(self, book: Book, indicator: str, unit: str, cell: Cell) -> None:
        self.book, self.indicator, self.unit, self.cell = book, indicator, unit, cell

    def look_up(self, name: str) -> Value:
        found = {"value": self.cell.own, "rate": self.cell.rate}.get(name)
        if name in {"target", "baseline", "challenge"}:
            return self.book.folder.target(self.unit, self.indicator, self.book.folder.year, name)
        if name not in {"value", "rate"}:
            raise Problem(f"{name} names nothing in binding of {self.indicator}")
        return MISSING if found is None else found

    def call(self, name: str, arguments: tuple[Term, ...]) -> Value:
        raise Problem(f"{name}() is no function of binding")


class Sheet:
    """The marks of a track's units."""

    def __init__(self, folder: Folder, track: Track, doubts: list[str]) -> None:
        self.folder, self.track, self.doubts = folder, track, doubts
        self.book = Book(folder, track, doubts)
        self.cells = {name: self.book.cells(name) for name in self.book.leaves}
        self.consequences = {unit: self._consequences(unit) for unit in track.units}
        self.marks: dict[tuple[str, str], Mark] = {}
        self.shares: dict[tuple[str, str], Fraction] = {}  # weights after redistribution, of the items that stay
        for unit in track.units:
            self._redistribute(track.root, unit)
        full: dict[tuple[str, str], Fraction] = {(unit, "total"): folder.full_mark for unit in track.units}
        for node in reversed(track.nodes):
            for unit in track.units:
                staying = self.staying(node, unit)
                whole = sum((self.shares[unit, child.id] for child in staying), Fraction(0))
                for child in staying:
                    full[unit, child.id] = full[unit, node.id] * self.shares[unit, child.id] / whole
        self.net = {unit: self._net(unit) for unit in track.units}
        for node in track.nodes:
            for unit in track.units:
                if node is track.root or (unit, node.id) in self.shares:
                    self._mark(node, unit, full.get((unit, node.id)))

    def staying(self, node: Node, unit: str) -> list[Node]:
        return [child for child in node.children if (unit, child.id) in self.shares]

    def has_total(self, unit: str) -> bool:
        return bool(self.staying(self.track.root, unit))

    def _redistribute(self, node: Node, unit: str) -> bool:
        """Find the weights below a node; False if nothing below it stays."""
        stay: dict[str, Fraction] = {}
        equally, in_proportion = Fraction(0), Fraction(0)
        for child in node.children:
            share = self.folder.share(child, unit)
            if share == 0:
                continue
            leaves = None
            if child.kind == "indicator":
                leaves = self.cells[child.id][unit].leaves
            elif not self._redistribute(child, unit):
                leaves = "redistribute"
            if leaves is None:
                stay[child.id] = share
            elif leaves == "redistribute":
                in_proportion += share
            else:
                equally += share
        if not stay:
            self._forget(node, unit)
            return False
        enlarged = {name: share + equally / len(stay) for name, share in stay.items()}
        whole = sum(enlarged.values(), Fraction(0))
        for name, share in enlarged.items():
            self.shares[unit, name] = share + in_proportion * share / whole
        return True

    def _forget(self, node: Node, unit: str) -> None:
        for below in node.walk():
            self.shares.pop((unit, below.id), None)

    def _consequences(self, unit: str) -> Consequences:
        found = Consequences()
        sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for row in self.folder.events:
            if row["unit"] != unit:
                continue
            effect = self.folder.event_rules[row["event"]]["effect"]
            count = ar.as_fraction(row["count"]) if row.get("count") else Fraction(1)
            found.events[row["event"]] = found.events.get(row["event"], Fraction(0)) + count
            if "void" in effect:
                found.voided.add(row["indicator"])
            for sign in ("bonus", "deduct"):
                if sign in effect:
                    each = ar.as_fraction(row["points"]) if row.get("points") else constant(effect[sign])
                    sums[row["event"], sign] += count * each
            self._tier_effect(found, effect)
        for (event, sign), amount in sums.items():
            effect = self.folder.event_rules[event]["effect"]
            self._amount(found, sign, amount, effect)
        for indicator, spec in self.folder.indicators.items():
            cell = self.cells.get(indicator, {}).get(unit)
            if spec.get("binding") is None or cell is None or cell.own is None:
                continue
            kept = evaluate(parse(str(spec["binding"]["require"])), Breach(self.book, indicator, unit, cell))
            if isinstance(kept, State):
                self.doubts.append(f"{indicator} of {unit}: `require` has no answer; taken as no breach")
            elif not kept:
                effect = spec["binding"]["effect"]
                if "void" in effect:
                    found.voided.add(indicator)
                for sign in ("bonus", "deduct"):
                    if sign in effect:
                        self._amount(found, sign, constant(effect[sign]), effect)
                self._tier_effect(found, effect)
        return found

    def _amount(self, found: Consequences, sign: str, amount: Fraction, effect: dict[str, Any]) -> None:
        cap = effect.get("cap")
        found.amounts.append((sign, amount if cap is None else min(amount, constant(cap)), effect.get("at")))

    def _tier_effect(self, found: Consequences, effect: dict[str, Any]) -> None:
        if "tier_at_most" in effect:
            found.at_most.append(str(effect["tier_at_most"]))
        found.down += int(effect.get("tier_down", 0))
        found.disqualified = found.disqualified or bool(effect.get("disqualify", False))

    def _net(self, unit: str) -> dict[str, Fraction]:
        """Bonuses less deductions, per node that takes them."""
        sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for sign, amount, at in self.consequences[unit].amounts:
            place = at if at is not None and (unit, at) in self.shares else "total"
            sums[place, sign] += amount
        limits = self.track.spec.get("limits") or {}
        for sign in ("bonus", "deduct"):
            places = [place for place, of in sums if of == sign]
            whole = sum((sums[place, sign] for place in places), Fraction(0))
            if limits.get(sign) is not None and whole > constant(limits[sign]):
                if len(places) > 1:
                    self.doubts.append(f"{unit}: the limit of {sign} bites at several nodes; cut in proportion")
                for place in places:
                    sums[place, sign] *= constant(limits[sign]) / whole
        net: dict[str, Fraction] = {}
        for (place, sign), amount in sums.items():
            net[place] = net.get(place, Fraction(0)) + (amount if sign == "bonus" else -amount)
        return net

    def _mark(self, node: Node, unit: str, full: Fraction | None) -> None:
        if full is None or (node is self.track.root and not self.has_total(unit)):
            return
        if node.kind == "indicator":
            voided = node.id in self.consequences[unit].voided
            rate = Fraction(0) if voided else self.cells[node.id][unit].rate
            assert rate is not None
            if rate < 0:
                self.doubts.append(f"{node.id} of {unit}: a rate below 0; the total never is")
        else:
            rate = self._combine(node, unit)
        points = full * rate / HUNDRED
        if node.id in self.net[unit] or node is self.track.root:
            points = max(Fraction(0), points + self.net[unit].get(node.id, Fraction(0)))
        rounding = self.folder.scheme.get("rounding") or {}
        if node.kind in (rounding.get("at") or []):
            points = ar.round_half(points, int(rounding.get("places", 2)), rounding.get("mode", "half_up"), full)
        self.marks[unit, node.id] = Mark(full, HUNDRED * points / full, points)

    def _combine(self, node: Node, unit: str) -> Fraction:
        staying = self.staying(node, unit)
        whole = sum((self.shares[unit, child.id] for child in staying), Fraction(0))
        pairs = [(self.shares[unit, child.id] / whole, self.marks[unit, child.id].rate) for child in staying]
        how = node.aggregate
        if how == "copeland":
            return self._copeland(node, unit)
        if isinstance(how, dict):
            return power_mean(pairs, constant(how["power"]), f"{node.id} of {unit}")
        if how == "arithmetic":
            return sum((weight * rate for weight, rate in pairs), Fraction(0))
        if how == "geometric":
            return power_mean(pairs, Fraction(0), f"{node.id} of {unit}")
        if how == "harmonic":
            return power_mean(pairs, Fraction(-1), f"{node.id} of {unit}")
        if how == "median":
            return weighted_median(pairs)
        if how == "min":
            return min(rate for _, rate in pairs)
        raise Problem(f"unknown aggregate {how!r}")

    def _copeland(self, node: Node, unit: str) -> Fraction:
        def has(other: str) -> bool:
            return all((other, at.id) in self.shares for at in _upwards(node) if at is not self.track.root) and bool(
                self.staying(node, other)
            )

        group = [other for other in self.track.units if other not in self.track.unranked and has(other)]
        own = self._weights(node, unit)
        net = 0
        for other in group:
            if other == unit:
                continue
            theirs = self._weights(node, other)
            if theirs != own:
                self.doubts.append(f"{node.id}: {unit} and {other} weigh its parts differently; the mean weights decide")
            common = own.keys() & theirs.keys()
            duel = Fraction(0)
            for name in common:
                mine, yours = self.marks[unit, name].rate, self.marks[other, name].rate
                if not ar.is_close(mine, yours, HUNDRED):
                    duel += (own[name] + theirs[name]) * (1 if mine > yours else -1)
            if not ar.is_close(duel, Fraction(0), Fraction(1)):
                net += 1 if duel > 0 else -1
        if unit not in group:
            self.doubts.append(f"{node.id} of {unit}: an unranked unit in a copeland comparison")
        if len(group) < 2:
            self.doubts.append(f"{node.id} of {unit}: copeland among fewer than two")
            return Fraction(50)
        return min(HUNDRED, max(Fraction(0), 50 + Fraction(50 * net, len(group) - 1)))

    def _weights(self, node: Node, unit: str) -> dict[str, Fraction]:
        staying = self.staying(node, unit)
        whole = sum((self.shares[unit, child.id] for child in staying), Fraction(0))
        return {child.id: self.shares[unit, child.id] / whole for child in staying}


def _upwards(node: Node) -> list[Node]:
    return [node] if node.parent is None else [node, *_upwards(node.parent)]


def power_mean(pairs: list[tuple[Fraction, Fraction]], exponent: Fraction, place: str) -> Fraction:
    """Weighted power mean; geometric for 0, harmonic for -1."""
    if exponent <= 0 and any(rate <= 0 for _, rate in pairs):
        raise Problem(f"{place}: needs rates > 0")
    if len({rate for _, rate in pairs}) == 1:
        return pairs[0][1]
    if exponent == 0:
        return ar.exponential(sum((weight * ar.natural_log(rate) for weight, rate in pairs), Fraction(0)))
    total = Fraction(0)
    for weight, rate in pairs:
        raised = ar.power(rate, exponent)
        if raised is None:
            raise Problem(f"{place}: no power {exponent} of {rate}")
        total += weight * raised
    result = ar.power(total, 1 / exponent)
    if result is None:
        raise Problem(f"{place}: no power mean")
    return result


def weighted_median(pairs: list[tuple[Fraction, Fraction]]) -> Fraction:
    """Smallest rate at which the cumulated weight reaches a half; on exactly a half the mean of it and the next."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    half, cumulated = Fraction(1, 2), Fraction(0)
    for place, (weight, rate) in enumerate(ordered):
        cumulated += weight
        if ar.is_close(cumulated, half, Fraction(1)) and place + 1 < len(ordered):
            return (rate + ordered[place + 1][1]) / 2
        if cumulated >= half:
            return rate
    return ordered[-1][1]
