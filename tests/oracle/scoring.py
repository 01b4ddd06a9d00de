"""Values of indicators, policies for what has no value, and the methods that turn values into rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import arithmetic as ar
from .expressions import MISSING, NOT_APPLICABLE, Problem, State, Term, Value, constant, evaluate, parse, worse_state
from .folder import Folder, Track

HUNDRED = Fraction(100)


@dataclass
class Cell:
    """What one unit gets for one indicator: a rate, or leaving by one of the redistributing policies."""

    rate: Fraction | None = None
    leaves: str | None = None  # redistribute | redistribute_equally
    own: Fraction | None = None  # the value where it is the unit's own of this year, for `binding`


@dataclass
class Part:
    """A method with what it is applied to; an indicator that is no mix has one."""

    share: Fraction
    source: Any  # an expression, or None for the indicator's value
    score: dict[str, Any]


class Book:
    """The values of a track."""

    def __init__(self, folder: Folder, track: Track, doubts: list[str]) -> None:
        self.folder, self.track, self.doubts = folder, track, doubts
        self.leaves = {node.id: node for node in track.nodes if node.kind == "indicator"}
        self.weighing = {name: {unit for unit in track.units if folder.weighs(node, unit)} for name, node in self.leaves.items()}

    def group(self, indicator: str, unit: str) -> list[str]:
        """The comparison group of an indicator, for a unit."""
        weighing = self.weighing.get(indicator, set(self.track.units))
        group = [other for other in self.track.units if other in weighing and other not in self.track.unranked]
        if self.folder.indicators[indicator].get("compare") == "class":
            group = [other for other in group if self.folder.unit_class(other) == self.folder.unit_class(unit)]
        return group

    def value(self, name: str, unit: str, year: int) -> Value:
        spec = self.folder.indicators.get(name)
        if spec is not None and spec.get("value") is not None:
            return evaluate(parse(str(spec["value"])), PlaceOfValue(self, name, unit, year))
        if spec is not None or name in self.folder.observed_names:
            return self.folder.observed(unit, name, str(year))
        row = self.folder.units[unit]
        if name in row:
            return ar.as_fraction(row[name]) if row[name] else MISSING
        raise Problem(f"{name} names nothing")

    def part_value(self, part: Part, indicator: str, unit: str, year: int) -> Value:
        if part.source is None:
            return self.value(indicator, unit, year)
        return evaluate(parse(str(part.source)), PlaceOfValue(self, indicator, unit, year))

    def cells(self, indicator: str) -> dict[str, Cell]:
        """Section 3 to 6 for one indicator: what each unit that has the item gets."""
        spec = self.folder.indicators[indicator]
        parts = _parts(spec["score"], None, Fraction(1))
        units = [unit for unit in self.track.units if unit in self.weighing[indicator]]
        raw = {unit: [self.part_value(part, indicator, unit, self.folder.year) for part in parts] for unit in units}
        cells: dict[str, Cell] = {}
        used: dict[str, list[Value]] = {}  # per unit the values that are scored; a part may still be missing
        for unit in units:
            state = worse_state(raw[unit])
            if state is None:
                own = self.value(indicator, unit, self.folder.year)
                cells[unit] = Cell(own=None if isinstance(own, State) else Fraction(own))
                used[unit] = raw[unit]
                continue
            if len({value for value in raw[unit] if isinstance(value, State)}) == 2:
                self.doubts.append(f"{indicator} of {unit}: one part missing, one not applicable")
            if any(not isinstance(value, State) for value in raw[unit]) and unit not in self.track.unranked:
                self.doubts.append(f"{indicator} of {unit}: part of a mix is missing; its other parts count in their groups")
                used[unit] = raw[unit]
            self._settle(indicator, unit, self._policy(spec, state), parts, raw, cells, used)
        treated: dict[str, list[Value]] = {
            unit: [v if isinstance(v, State) else _treat(Fraction(v), spec.get("treat")) for v in values]
            for unit, values in used.items()
        }
        for unit, cell in cells.items():
            if cell.leaves is None and cell.rate is None:
                cell.rate = self._rate(indicator, unit, parts, treated)
        return cells

    def _policy(self, spec: dict[str, Any], state: State) -> Any:
        key, default = ("missing", "error") if state is MISSING else ("not_applicable", "redistribute")
        return spec.get(key, self.folder.scheme.get(key, default))

    def _settle(
        self,
        indicator: str,
        unit: str,
        policy: Any,
        parts: list[Part],
        raw: dict[str, list[Value]],
        cells: dict[str, Cell],
        used: dict[str, list[Value]],
    ) -> None:
        """Section 4 for one cell without a value."""
        name = policy if isinstance(policy, str) else next(key for key in policy if key not in {"within", "otherwise"})
        if name in {"redistribute", "redistribute_equally"}:
            cells[unit] = Cell(leaves=name)
        elif name == "zero":
            cells[unit] = Cell(rate=Fraction(0))
        elif name == "floor":
            cells[unit] = Cell(rate=constant(policy["floor"]))
        elif name == "neutral":
            cells[unit] = Cell(rate=HUNDRED * constant(policy["neutral"]))
        elif name in {"impute", "carry_forward"}:
            if len(parts) > 1:
                self.doubts.append(f"{indicator} of {unit}: {name} on a mix goes part by part")
            found = self._impute(indicator, unit, policy, parts, raw) if name == "impute" else None
            if name == "carry_forward":
                found = self._carry(indicator, unit, parts, raw[unit])
            if found is not None:
                cells[unit], used[unit] = Cell(), found
            else:
                otherwise = "error" if isinstance(policy, str) else policy.get("otherwise", "error")
                self._settle(indicator, unit, otherwise, parts, raw, cells, used)
        else:
            raise Problem(f"{indicator} of {unit} is missing" if name == "error" else f"unknown policy {policy!r}")

    def _impute(
        self, indicator: str, unit: str, policy: dict[str, Any], parts: list[Part], raw: dict[str, list[Value]]
    ) -> list[Value] | None:
        within = policy.get("within", "track")
        rows = self.folder.units
        donors = [
            other
            for other in self.group(indicator, unit)
            if within == "track" or (rows[other].get(within) or "") == (rows[unit].get(within) or "")
        ]
        filled: list[Value] = []
        for place in range(len(parts)):
            if not isinstance(raw[unit][place], State):
                filled.append(raw[unit][place])
                continue
            known = [Fraction(v) for other in donors if not isinstance(v := raw[other][place], State)]
            if not known:
                return None
            filled.append(ar.median(known) if policy["impute"] == "median" else ar.mean(known))
        return filled

    def _carry(self, indicator: str, unit: str, parts: list[Part], raw: list[Value]) -> list[Value] | None:
        filled: list[Value] = []
        for part, value in zip(parts, raw, strict=True):
            year = self.folder.year
            while isinstance(value, State) and year > self.folder.first_year:
                year -= 1
                value = self.part_value(part, indicator, unit, year)
            if isinstance(value, State):
                return None
            filled.append(value)
        return filled

    def _rate(self, indicator: str, unit: str, parts: list[Part], used: dict[str, list[Value]]) -> Fraction:
        total = Fraction(0)
        for place, part in enumerate(parts):
            group = [
                Fraction(value)
                for other in self.group(indicator, unit)
                if other in used and not isinstance(value := used[other][place], State)
            ]
            total += part.share * rate_of(self, indicator, unit, Fraction(used[unit][place]), group, part.score)  # type: ignore[arg-type]
        return total


class PlaceOfValue:
    """Names and functions as an indicator's expression sees them for one unit and year."""

    def __init__(self, book: Book, indicator: str, unit: str, year: int) -> None:
        self.book, self.indicator, self.unit, self.year = book, indicator, unit, year

    def look_up(self, name: str) -> Value:
        return self.book.value(name, self.unit, self.year)

    def at(self, term: Term, *, unit: str | None = None, back: int = 0) -> Value:
        return evaluate(term, PlaceOfValue(self.book, self.indicator, unit or self.unit, self.year - back))

    def call(self, name: str, arguments: tuple[Term, ...]) -> Value:
        if name in {"target", "baseline", "challenge"}:
            return self.book.folder.target(self.unit, self.indicator, self.year, name)
        if name == "prev":
            back = int(arguments[1].content) if len(arguments) > 1 else 1
            return self.at(arguments[0], back=back)
        if name == "growth":
            now, before = self.at(arguments[0]), self.at(arguments[0], back=1)
            state = worse_state([now, before])
            if state is not None:
                return state
            assert isinstance(now, Fraction)
            assert isinstance(before, Fraction)
            return MISSING if before == 0 else HUNDRED * (now - before) / abs(before)
        if name.startswith("periods_"):
            return self._periods(name, arguments[0].content)
        values = [self.at(arguments[0], unit=other) for other in self.book.group(self.indicator, self.unit)]
        known = [Fraction(value) for value in values if not isinstance(value, State)]
        if not known:
            return MISSING
        down = self.book.folder.indicators[self.indicator].get("direction", "up") == "down"
        if name in {"best", "worst"}:
            return max(known) if (name == "best") != down else min(known)
        if name == "mean":
            return ar.mean(known)
        if name == "median":
            return ar.median(known)
        if name == "total":
            return sum(known, Fraction(0))
        raise Problem(f"unknown function {name}")

    def _periods(self, function: str, name: str) -> Value:
        periods = [f"{self.year}-{month:02d}" for month in range(1, 13)] + [f"{self.year}-Q{quarter}" for quarter in range(1, 5)]
        found = [self.book.folder.observed(self.unit, name, period) for period in periods]
        known = [value for value in found if not isinstance(value, State)]
        if not known:
            return NOT_APPLICABLE if NOT_APPLICABLE in found else MISSING
        if function == "periods_sum":
            return sum(known, Fraction(0))
        return ar.mean(known) if function == "periods_mean" else known[-1]


def _parts(score: dict[str, Any], source: Any, share: Fraction) -> list[Part]:
    if score["method"] != "mix":
        return [Part(share, source, score)]
    return [
        inner
        for part in score["parts"]
        for inner in _parts(part["score"], part.get("value", source), share * constant(part["share"]))
    ]


def _treat(value: Fraction, treatment: dict[str, Any] | None) -> Fraction:
    if treatment is None:
        return value
    if treatment["method"] != "clip":
        raise Problem(f"treatment {treatment['method']} is not fixed by the page this program follows")
    if treatment.get("low") is not None:
        value = max(value, constant(treatment["low"]))
    return min(value, constant(treatment["high"])) if treatment.get("high") is not None else value


def rate_of(book: Book, indicator: str, unit: str, x: Fraction, group: list[Fraction], score: dict[str, Any]) -> Fraction:
    """Section 6: one value to a rate."""
    down = book.folder.indicators[indicator].get("direction", "up") == "down"

    def parameter(name: str, default: object) -> Fraction | None:
        found = score.get(name, default)
        return None if found is None else constant(found)

    def needed(name: str) -> Fraction:
        found = book.folder.target(unit, indicator, book.folder.year, name)
        if isinstance(found, State):
            raise Problem(f"{indicator} of {unit}: no {name}")
        return found

    method = score["method"]
    cap, floor = parameter("cap", CAPS.get(method)), parameter("floor", FLOORS.get(method))
    rate = _uncapped(method, score, x, group, down, needed)
    if method == "minmax":
        cap = parameter("high", 100) if cap is None else cap
        floor = parameter("low", 0) if floor is None else floor
    if floor is not None:
        rate = max(rate, floor)
    return rate if cap is None else min(rate, cap)


CAPS: dict[str, int] = {"ratio_to_best": 100, "target": 100, "challenge": 100, "base_step": 120}
FLOORS: dict[str, int] = {"ratio_to_best": 0, "target": 0, "base_step": 0, "rank_step": 0, "deduct": 0}


def _uncapped(
    method: str, score: dict[str, Any], x: Fraction, group: list[Fraction], down: bool, needed: Callable[[str], Fraction]
) -> Fraction:
    def number(name: str, default: object) -> Fraction:
        return constant(score.get(name, default))

    n = len(group)
    better = sum(1 for other in group if (other < x if down else other > x))
    equal = sum(1 for other in group if other == x)
    worse = n - better - equal
    place = better + 1
    if method == "identity":
        return x
    if method == "deduct":
        return HUNDRED - number("per", 1) * x
    if method == "target":
        return HUNDRED * _completion(x, down, needed)
    if method == "challenge":
        base, done = number("base", 80), _completion(x, down, needed)
        if done <= 1:
            return base * done
        aim, challenge = needed("target"), needed("challenge")
        if challenge == aim:
            raise Problem("challenge equals target")
        return base + (number("cap", 100) - base) * (x - aim) / (challenge - aim)
    if method == "base_step":
        aim = needed("target")
        return number("base", 80) + number("step", None) * (aim - x if down else x - aim)
    if method == "rank_step":
        return HUNDRED - number("drop", 2) * (place - 1)
    if method == "rank_table":
        table = score.get("table", [100, 95, 90, 85, 80])
        return constant(table[min(place, len(table)) - 1])
    if method == "bands":
        return _bands(score, x, down)
    if method == "minmax" and score.get("goalposts") is not None:
        worst, best = (constant(post) for post in score["goalposts"])
        return _minmax(x, worst, best, number("low", 0), number("high", 100))
    if n == 0:
        raise Problem("nobody to compare with")
    if method == "minmax":
        worst, best = (max(group), min(group)) if down else (min(group), max(group))
        return _minmax(x, worst, best, number("low", 0), number("high", 100))
    if method == "ratio_to_best":
        best = min(group) if down else max(group)
        over, under = (best, x) if down else (x, best)
        if under == 0:
            raise Problem("ratio_to_best divides by zero")
        return HUNDRED * over / under
    if method == "rank_linear":
        low, high = number("low", 0), number("high", 100)
        return high if n == 1 else max(low, high - (high - low) * (place - 1) / (n - 1))
    if method == "zscore":
        spread = ar.deviation(group)
        if spread == 0:
            return number("mean", 0)
        return number("mean", 0) + number("sd", 1) * (ar.mean(group) - x if down else x - ar.mean(group)) / spread
    if method == "percentile":
        return HUNDRED * (worse + Fraction(equal, 2)) / n
    if method == "borda":
        return HUNDRED if n == 1 else min(HUNDRED, HUNDRED * worse / (n - 1))
    raise Problem(f"unknown method {method}")


def _completion(x: Fraction, down: bool, needed: Callable[[str], Fraction]) -> Fraction:
    aim = needed("target")
    try:
        start = needed("baseline")
    except Problem:
        over, under = (aim, x) if down else (x, aim)
    else:
        over, under = x - start, aim - start
    if under == 0:
        raise Problem("completion divides by zero")
    return over / under


def _minmax(x: Fraction, worst: Fraction, best: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return high if best == worst else low + (high - low) * (x - worst) / (best - worst)


def _bands(score: dict[str, Any], x: Fraction, down: bool) -> Fraction:
    bands = [(constant(threshold), constant(rate)) for threshold, rate in score["bands"]]

    def reached(threshold: Fraction) -> bool:
        scale = max(abs(x), abs(threshold))
        return ar.reaches(-x, -threshold, scale) if down else ar.reaches(x, threshold, scale)

    first = next((place for place, (threshold, _) in enumerate(bands) if reached(threshold)), len(bands))
    if first in {0, len(bands)} or not score.get("interpolate", False):
        return bands[min(first, len(bands) - 1)][1]
    (upper, high), (lower, low) = bands[first - 1], bands[first]
    return low + (high - low) * (x - lower) / (upper - lower)
