"""Tornado: from where to where a result moves when one choice is turned from one end to the other, the widest at the top."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tongkao.errors import Lang
from tongkao.reports.charts.common import (
    ACCENT,
    DESK,
    GRID,
    INK,
    MARGIN,
    PAPER,
    SECOND,
    Canvas,
    Pair,
    Row,
    Scale,
    finite,
    nice_ticks,
    pick,
    plain,
    stack,
    write_name,
)
from tongkao.reports.charts.text import cut, text_width

_TITLE: Pair = ("一项选择能把结果推到哪里", "How far one choice can move the result")
_BELOW: Pair = ("低于此线", "below the line")
_ABOVE: Pair = ("高于此线", "above the line")
_CENTRE: Pair = ("方案的结果", "result of the scheme")
_SPOKEN: Pair = (
    "{centre}：{value}。移动最多的是{name}：从 {low} 到 {high}。",
    "{centre}: {value}. {name} moves it most: from {low} to {high}.",
)


@dataclass(frozen=True)
class Swing:
    """What one choice does to a result.

    Attributes:
        name: The choice.
        low: Lowest result.
        high: Highest result.
        low_label: What gives the lowest, such as the alternative's name.
        high_label: What gives the highest.
    """

    name: str
    low: float
    high: float
    low_label: str = ""
    high_label: str = ""


def draw_tornado(
    swings: Sequence[Swing],
    *,
    nominal: float,
    lang: Lang,
    centre: str = "",
    below: str = "",
    above: str = "",
    axis: str = "",
    decimals: int = 1,
    width: float = DESK,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    name: str = "tornado",
) -> str:
    """Draw a tornado; the widest bar comes to the top, equal ones stay in their order.

    Args:
        swings: What each choice does.
        nominal: The result that the bars are compared with.
        lang: Language.
        centre: What that result is, by default that of the scheme as it is.
        below: What a hatched bar, left of the line, means.
        above: What a solid bar, right of the line, means.
        axis: What the result is, such as "place of Nantong".
        decimals: Decimals of the figures.
        width: Width of the page in pixels.
        title: Instead of the usual one.
        subtitle: What was varied.
        note: What is to be said below.
        name: What ids in the file begin with.

    Returns:
        The SVG file.
    """
    ordered = sorted((swing for swing in swings if math.isfinite(swing.high - swing.low)), key=lambda s: s.low - s.high)
    text = pick(lang, ("{centre} {value}", "{centre}: {value}"))
    text = text.format(centre=centre or pick(lang, _CENTRE), value=plain(nominal, decimals))
    spoken = _describe(ordered, centre or pick(lang, _CENTRE), nominal, decimals, lang)
    canvas = Canvas(name, title or pick(lang, _TITLE), spoken, lang, width)
    canvas.head(subtitle)
    canvas.legend([("hatch", below or pick(lang, _BELOW)), ("solid", above or pick(lang, _ABOVE))])
    values = finite([nominal, *(value for swing in ordered for value in (swing.low, swing.high))])
    least, most = min(values), max(values)
    figures = [plain(value, decimals) for value in values]
    gap = max(text_width(text, canvas.small) for text in figures) + 10
    is_labelled = any(swing.low_label or swing.high_label for swing in ordered)
    line = canvas.small * 1.35
    canvas.y += canvas.small * 3.0
    height = 16.0 + (line if is_labelled else 0.0) + 8
    rows = stack(canvas, [swing.name for swing in ordered], top=canvas.y, least=height)
    scale = Scale(least, most if most > least else least + 1, rows.right + gap, width - MARGIN - gap)
    room = gap + 6
    for tick in nice_ticks(least, most, max(3, int((scale.last - scale.first) / room))):
        canvas.line(scale(tick), canvas.y, scale(tick), rows.bottom, stroke=GRID)
        canvas.text(
            scale(tick), rows.bottom + canvas.small * 1.3, plain(tick, 4), size=canvas.small, anchor="middle", fill=SECOND
        )
    half = text_width(text, canvas.small, bold=True) / 2
    middle = min(max(scale(nominal), MARGIN + half), width - MARGIN - half)
    canvas.text(middle, canvas.y - canvas.small * 1.1, text, size=canvas.small, anchor="middle", bold=True)
    canvas.line(scale(nominal), canvas.y - canvas.small * 0.8, scale(nominal), rows.bottom, width=1.5)
    for swing, row in zip(ordered, rows.rows, strict=True):
        low, high = plain(swing.low, decimals), plain(swing.high, decimals)
        canvas.open(f"{swing.name}: {low} {swing.low_label} – {high} {swing.high_label}")
        write_name(canvas, row, rows.right)
        _draw_bar(canvas, swing, row, scale, nominal, (low, high), line if is_labelled else 0.0, rows.right)
        canvas.close()
    canvas.y = rows.bottom + canvas.small * 1.3
    if axis:
        canvas.y += canvas.small * 1.5
        canvas.text((scale.first + scale.last) / 2, canvas.y, axis, size=canvas.small, anchor="middle", fill=SECOND)
    return canvas.foot(note)


def _draw_bar(
    canvas: Canvas,
    swing: Swing,
    row: Row,
    scale: Scale,
    nominal: float,
    figures: tuple[str, str],
    line: float,
    left: float,
) -> None:
    """One bar: hatched below the result of the scheme, solid above it; figures at its ends, labels beneath."""
    bar = 16.0
    top = row.middle - (bar + line) / 2
    low, high, now = scale(swing.low), scale(swing.high), scale(nominal)
    canvas.rect(low, top, min(now, high) - low, bar, fill=canvas.hatch(), stroke=INK)
    canvas.rect(max(now, low), top, high - max(now, low), bar, fill=ACCENT, stroke=INK)
    base = top + bar / 2 + canvas.small * 0.36
    if swing.high == swing.low:
        canvas.mark("ring", low, top + bar / 2)
        _write(canvas, low + 9, base, figures[0])
        return
    _write(canvas, low - 5 - text_width(figures[0], canvas.small), base, figures[0])
    _write(canvas, high + 5, base, figures[1])
    if not line:
        return
    whole = canvas.width - MARGIN - left
    first = cut(swing.low_label, canvas.small, whole * 0.48)
    last = cut(swing.high_label, canvas.small, whole * 0.48)
    one, two = text_width(first, canvas.small), text_width(last, canvas.small)
    # Labels stand below their ends, are kept on the page and do not meet.
    x1 = min(max(low - one / 2, left), canvas.width - MARGIN - one)
    x2 = min(max(high - two / 2, left), canvas.width - MARGIN - two)
    if first and last and x1 + one + 10 > x2:
        centre = min(max((x1 + one + x2) / 2, left + one + 5), canvas.width - MARGIN - two - 5)
        x1, x2 = centre - 5 - one, centre + 5
    base = top + bar + line * 0.9
    for x, text in ((x1, first), (x2, last)):
        if text:
            _write(canvas, x, base, text, fill=SECOND)


def _write(canvas: Canvas, x: float, base: float, text: str, *, fill: str = INK) -> None:
    """Text on a white ground, so that no line runs through it."""
    canvas.rect(x - 1, base - canvas.small * 0.95, text_width(text, canvas.small) + 2, canvas.small * 1.2, fill=PAPER)
    canvas.text(x, base, text, size=canvas.small, fill=fill)


def _describe(ordered: Sequence[Swing], centre: str, nominal: float, decimals: int, lang: Lang) -> str:
    value = plain(nominal, decimals)
    if not ordered:
        return pick(lang, ("{centre}：{value}。", "{centre}: {value}.")).format(centre=centre, value=value)
    most = ordered[0]
    low, high = plain(most.low, decimals), plain(most.high, decimals)
    return pick(lang, _SPOKEN).format(centre=centre, value=value, name=most.name, low=low, high=high)
