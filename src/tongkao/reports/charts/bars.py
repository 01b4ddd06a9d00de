"""Sensitivity indices: which choice the result hangs on, alone and together with the others."""

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
    LINE,
    MARGIN,
    PAPER,
    SECOND,
    Canvas,
    Pair,
    Scale,
    finite,
    nice_ticks,
    pick,
    plain,
    stack,
    write_name,
)
from tongkao.reports.charts.text import text_width, widest

_TITLE: Pair = ("哪一项选择最要紧", "Which choice matters most")
_FIRST: Pair = ("单独的影响", "alone")
_TOTAL: Pair = ("连同与其他选择共同的影响", "with its interplay with the others")
_RANGE: Pair = ("不确定范围（自助法）", "uncertainty (bootstrap)")
_AXIS: Pair = ("在结果的变动中所占的份额", "share of the variation of the result")
_SPOKEN: Pair = (
    "共 {count} 项选择。影响最大的是{name}，份额 {share}。",
    "{count} choices. {name} matters most: a share of {share}.",
)


@dataclass(frozen=True)
class Index:
    """How much hangs on one choice.

    Attributes:
        name: The choice.
        first: First-order index: its share of the variance alone.
        total: Total index: with everything that it takes part in.
        first_range: Interval of the first-order index, where there is one.
        total_range: Interval of the total index, where there is one.
    """

    name: str
    first: float
    total: float
    first_range: tuple[float, float] | None = None
    total_range: tuple[float, float] | None = None


def draw_bars(
    choices: Sequence[Index],
    *,
    lang: Lang,
    width: float = DESK,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    name: str = "bars",
) -> str:
    """Draw first-order and total indices, one pair of bars a choice.

    Args:
        choices: Choices in the order in which they are to stand.
        lang: Language.
        width: Width of the page in pixels.
        title: Instead of the usual one.
        subtitle: Of which result these are the indices.
        note: What is to be said below.
        name: What ids in the file begin with.

    Returns:
        The SVG file.
    """
    canvas = Canvas(name, title or pick(lang, _TITLE), _describe(choices, lang), lang, width)
    canvas.head(subtitle)
    entries = [("solid", pick(lang, _FIRST)), ("hatch", pick(lang, _TOTAL))]
    if any(choice.first_range or choice.total_range for choice in choices):
        entries.append(("thin", pick(lang, _RANGE)))
    canvas.legend(entries)
    ends = [end for choice in choices for span in (choice.first_range, choice.total_range) if span for end in span]
    values = finite([value for choice in choices for value in (choice.first, choice.total)] + ends)
    low, high = 0.0, max([1.0, *values])
    texts = [_figures(choice) for choice in choices]
    column = widest([text for pair in texts for text in pair], canvas.small) + 12
    canvas.y += canvas.small * 1.6
    bar = 10.0 if canvas.narrow else 11.0
    rows = stack(canvas, [choice.name for choice in choices], top=canvas.y, least=2 * bar + 14)
    scale = Scale(low, high, rows.right + 6, width - MARGIN - column)
    room = text_width("0.25", canvas.small) + 12
    for tick in nice_ticks(low, high, max(2, int((scale.last - scale.first) / room))):
        canvas.line(scale(tick), canvas.y, scale(tick), rows.bottom, stroke=GRID)
        canvas.text(scale(tick), canvas.y - 6, plain(tick), size=canvas.small, anchor="middle", fill=SECOND)
    for choice, row, (alone, together) in zip(choices, rows.rows, texts, strict=True):
        canvas.open(f"{choice.name}: {alone} / {together}")
        write_name(canvas, row, rows.right)
        for value, span, fill, text, y in (
            (choice.first, choice.first_range, ACCENT, alone, row.middle - bar / 2 - 1),
            (choice.total, choice.total_range, canvas.hatch(), together, row.middle + bar / 2 + 1),
        ):
            if math.isfinite(value):
                # An estimate below 0 is one that cannot be told from 0; its figure says so.
                canvas.rect(scale(0), y - bar / 2, max(scale(value) - scale(0), 0.8), bar, fill=fill, stroke=INK)
            if span is not None and all(map(math.isfinite, span)) and span[1] > 0:
                _whisker(canvas, scale(max(0.0, span[0])), scale(span[1]), y)
            canvas.text(width - MARGIN, y + canvas.small * 0.36, text, size=canvas.small, anchor="end")
        canvas.close()
    canvas.line(scale(0), canvas.y, scale(0), rows.bottom, stroke=LINE, width=1.5)
    canvas.y = rows.bottom + canvas.small * 1.3
    canvas.text((scale.first + scale.last) / 2, canvas.y, pick(lang, _AXIS), size=canvas.small, anchor="middle", fill=SECOND)
    return canvas.foot(note)


def _whisker(canvas: Canvas, first: float, last: float, y: float) -> None:
    """An interval on top of a bar, with a white edge so that it is seen on dark ground too."""
    for stroke, width in ((PAPER, 4.2), (INK, 1.6)):
        canvas.line(first, y, last, y, stroke=stroke, width=width)
        for end in (first, last):
            canvas.line(end, y - 3.2, end, y + 3.2, stroke=stroke, width=width)


def _figures(choice: Index) -> tuple[str, str]:
    return _figure(choice.first), _figure(choice.total)


def _figure(value: float) -> str:
    text = f"{value:.2f}".replace("-", "−") if math.isfinite(value) else "–"
    return "0.00" if text == "−0.00" else text


def _describe(choices: Sequence[Index], lang: Lang) -> str:
    known = [choice for choice in choices if math.isfinite(choice.total)]
    if not known:
        return pick(lang, ("没有一项选择有影响。", "No choice has an effect."))
    most = max(known, key=lambda choice: choice.total)
    return pick(lang, _SPOKEN).format(count=len(choices), name=most.name, share=f"{most.total:.2f}")
