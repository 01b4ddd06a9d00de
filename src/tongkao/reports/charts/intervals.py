"""Rank intervals: for every unit the places that it might as well have had."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tongkao.errors import Lang
from tongkao.reports.charts.common import (
    BAND,
    DESK,
    GRID,
    INK,
    MARGIN,
    MIDDLE,
    SECOND,
    Canvas,
    Pair,
    Row,
    Rows,
    Scale,
    pick,
    place_ticks,
    plain,
    stack,
    write_name,
)
from tongkao.reports.charts.text import text_width, widest, wrap

_TITLE: Pair = ("名次区间：每个单位的名次有多稳", "Rank intervals: how firm is every unit's place")
_ANNOUNCED: Pair = ("按方案的名次", "place by the scheme")
_MEDIAN: Pair = ("中位数", "median")
_WIDE: Pair = ("{low}–{high} % 的运行在此区间", "{low} to {high} % of the runs")
_MIDDLE: Pair = ("中间一半运行", "middle half of the runs")
_BORDER: Pair = ("等次分界", "border of a tier")
_AXIS: Pair = ("名次（左边靠前）", "place (the best at the left)")
_COLUMN: Pair = ("区间", "interval")
_SPOKEN: Pair = (
    "共 {count} 个单位，{places} 个名次。区间最宽的是{widest}（第 {low} 至第 {high} 名）；区间只有一个名次的单位有 {firm} 个。",
    "{count} units, {places} places. The widest interval is that of {widest} (place {low} to {high}); "
    "{firm} units keep one place.",
)
_ROW: Pair = (
    "{name}：按方案第 {place} 名，区间第 {low} 至第 {high} 名",
    "{name}: place {place} by the scheme, {low} to {high} in the runs",
)


@dataclass(frozen=True)
class Interval:
    """The places of one unit.

    Attributes:
        name: Its name.
        place: Its place by the scheme; NaN for none.
        low: Lower end of the interval of places.
        high: Upper end.
        median: Median place.
        inner: The middle half of the runs, where it is known.
    """

    name: str
    place: float
    low: float
    high: float
    median: float
    inner: tuple[float, float] | None = None


def draw_intervals(
    units: Sequence[Interval],
    *,
    lang: Lang,
    width: float = DESK,
    bounds: tuple[float, float] = (0.05, 0.95),
    tiers: Sequence[tuple[str, int]] = (),
    title: str = "",
    subtitle: str = "",
    note: str = "",
    name: str = "intervals",
) -> str:
    """Draw rank intervals, the best unit at the top.

    Args:
        units: Units in the order in which they are to stand; places must lie between 1 and their number or a little beyond.
        lang: Language.
        width: Width of the page in pixels.
        bounds: Which quantiles ``low`` and ``high`` are.
        tiers: (title, last place) of every tier with a fixed number of places, the best first.
        title: Instead of the usual one.
        subtitle: What was varied, and how often.
        note: What is to be said below.
        name: What ids in the file begin with.

    Returns:
        The SVG file.
    """
    known = [unit for unit in units if math.isfinite(unit.low) and math.isfinite(unit.high)]
    places = max([len(units), *(math.ceil(unit.high) for unit in known)], default=1)
    canvas = Canvas(name, title or pick(lang, _TITLE), _describe(units, known, places, lang), lang, width)
    canvas.head(subtitle)
    low, high = (plain(100 * bound) for bound in bounds)
    entries = [("diamond", pick(lang, _ANNOUNCED)), ("bar", pick(lang, _MEDIAN))]
    entries.append(("thin", pick(lang, _WIDE).format(low=low, high=high)))
    if any(unit.inner for unit in units):
        entries.append(("thick", pick(lang, _MIDDLE)))
    if tiers:
        entries.append(("dash", pick(lang, _BORDER)))
    canvas.legend(entries)

    texts = [_span(unit, decimals=1 if places <= 100 else 0) for unit in units]
    column = max(widest(texts, canvas.small), text_width(pick(lang, _COLUMN), canvas.small)) + 10
    canvas.y += canvas.small * (4.4 if tiers and canvas.narrow else 3.2 if tiers else 1.9)
    rows = stack(canvas, [unit.name for unit in units], top=canvas.y)
    scale = Scale(1, max(places, 2), rows.right + 10, width - MARGIN - column - 8)
    _grid(canvas, rows, scale, places, tiers)
    canvas.text(width - MARGIN, canvas.y - 7, pick(lang, _COLUMN), size=canvas.small, anchor="end", fill=SECOND)
    for unit, row, text in zip(units, rows.rows, texts, strict=True):
        canvas.open(
            pick(lang, _ROW).format(name=unit.name, place=plain(unit.place, 1), low=plain(unit.low, 1), high=plain(unit.high, 1))
        )
        write_name(canvas, row, rows.right)
        _draw_unit(canvas, unit, row, scale)
        canvas.text(width - MARGIN, row.middle + canvas.small * 0.36, text, size=canvas.small, anchor="end")
        canvas.close()
    canvas.y = rows.bottom + canvas.small * 1.3
    for place in _ticks(scale, places, canvas):
        canvas.text(scale(place), canvas.y, str(place), size=canvas.small, anchor="middle", fill=SECOND)
    canvas.y += canvas.small * 1.4
    canvas.text((scale.first + scale.last) / 2, canvas.y, pick(lang, _AXIS), size=canvas.small, anchor="middle", fill=SECOND)
    return canvas.foot(note)


def _describe(units: Sequence[Interval], known: Sequence[Interval], places: int, lang: Lang) -> str:
    if not known:
        return pick(lang, ("没有单位有名次。", "No unit has a place."))
    wide = max(known, key=lambda unit: unit.high - unit.low)
    firm = sum(unit.high - unit.low < 0.5 for unit in known)
    fields = {"count": len(units), "places": places, "widest": wide.name, "firm": firm}
    return pick(lang, _SPOKEN).format(**fields, low=plain(wide.low, 1), high=plain(wide.high, 1))


def _span(unit: Interval, decimals: int) -> str:
    """The interval in figures; among many places tenths say nothing."""
    if not math.isfinite(unit.low):
        return "–"
    low, high = plain(unit.low, decimals), plain(unit.high, decimals)
    return low if low == high else f"{low}–{high}"


def _ticks(scale: Scale, places: int, canvas: Canvas) -> list[int]:
    room = text_width(str(places), canvas.small) + 8
    return place_ticks(places, max(2, int((scale.last - scale.first) / room)))


def _grid(canvas: Canvas, rows: Rows, scale: Scale, places: int, tiers: Sequence[tuple[str, int]]) -> None:
    """Lines of the places, tiers as light bands with their names, every fifth row set off."""
    top = canvas.y
    start = scale.first - 8
    for number, (title, last) in enumerate(tiers):
        end = min(scale(min(last, places) + 0.5), scale.last + 8) if last < places else scale.last + 8
        if number % 2 == 0:
            canvas.rect(start, top, end - start, rows.bottom - top, fill=BAND)
        lines = wrap(title, canvas.small, max(1.0, end - start - 4), most=2)
        for line, text in enumerate(lines):
            base = top - canvas.small * (1.9 + 1.15 * (len(lines) - 1 - line))
            canvas.text((start + end) / 2, base, text, size=canvas.small, anchor="middle", fill=SECOND)
        start = end
    for number, row in enumerate(rows.rows):
        if number and number % 5 == 0:
            canvas.line(MARGIN, row.top, canvas.width - MARGIN, row.top, stroke=GRID)
    for place in _ticks(scale, places, canvas):
        canvas.line(scale(place), top, scale(place), rows.bottom, stroke=GRID)
        canvas.text(scale(place), top - 7, str(place), size=canvas.small, anchor="middle", fill=SECOND)
    for _, last in tiers:
        if last < places:
            canvas.line(scale(last + 0.5), top - 3, scale(last + 0.5), rows.bottom, stroke=SECOND, dash="4 3")


def _draw_unit(canvas: Canvas, unit: Interval, row: Row, scale: Scale) -> None:
    y, half = row.middle, min(4.2, row.height * 0.26)
    if math.isfinite(unit.low):
        if unit.inner is not None:
            first, last = scale(unit.inner[0]), scale(unit.inner[1])
            canvas.rect(first - 1.5, y - half, last - first + 3, 2 * half, fill=MIDDLE)
        first, last = scale(unit.low), scale(unit.high)
        canvas.line(first, y, last, y, width=1.6)
        for end in (first, last):
            canvas.line(end, y - half * 0.8, end, y + half * 0.8, width=1.6)
        canvas.line(scale(unit.median), y - half - 1.5, scale(unit.median), y + half + 1.5, stroke=INK, width=2.6)
    if math.isfinite(unit.place):
        canvas.mark("diamond", scale(unit.place), y, half * 0.85)
