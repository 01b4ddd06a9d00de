"""Acceptability: how often every unit had every place, as a table of shades with the figures in it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import Lang
from tongkao.reports.charts.common import (
    DESK,
    GRID,
    INK,
    LINE,
    MARGIN,
    PAPER,
    SECOND,
    Canvas,
    Pair,
    n,
    pick,
    plain,
    stack,
    write_name,
)
from tongkao.reports.charts.text import text_width

_TITLE: Pair = ("名次接受度：每个单位得到每个名次的可能性", "Rank acceptability: how often each unit had each place")
_AXIS: Pair = ("名次", "place")
_LEGEND: Pair = (
    "格中数字是百分数：在百分之多少的运行中得到该名次；一点表示不到 0.5 %，空白表示从未得到；粗框是按方案的名次。",
    "The figure in a cell is the percentage of the runs; a dot is less than 0.5 %, a blank never; the thick frame is the place "
    "by the scheme.",
)
_SPOKEN: Pair = (
    "共 {count} 个单位。最稳的是{name}：{share} % 的运行中得第 {place} 名。",
    "{count} units. The firmest is {name}: place {place} in {share} % of the runs.",
)
#: shades from none to all of the runs
_LIGHT, _DARK = (255, 255, 255), (20, 48, 84)
#: font size and least width of a cell that holds the figure 100
_FIGURE, _CELL = 9.5, 20.0


def draw_heat(
    names: Sequence[str],
    shares: NDArray[np.float64],
    *,
    lang: Lang,
    places: Sequence[float] = (),
    width: float = DESK,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    name: str = "heat",
) -> str:
    """Draw the shares of runs in which each unit had each place.

    Where the page has no room for a figure in every cell, neighbouring places are taken together.

    Args:
        names: Names of the units in the order in which they are to stand.
        shares: (n, places) shares of the runs between 0 and 1, rows as the names.
        lang: Language.
        places: Place of each unit by the scheme, framed; NaN for none.
        width: Width of the page in pixels.
        title: Instead of the usual one.
        subtitle: What was varied, and how often.
        note: What is to be said below.
        name: What ids in the file begin with.

    Returns:
        The SVG file.
    """
    shares = np.asarray(shares, np.float64)
    canvas = Canvas(name, title or pick(lang, _TITLE), _describe(names, shares, lang), lang, width)
    canvas.head(subtitle)
    canvas.paragraph(pick(lang, _LEGEND))
    canvas.y += 14 + canvas.small * 2.9
    rows = stack(canvas, names, top=canvas.y, least=canvas.size * 1.75)
    room = width - MARGIN - rows.right
    groups = _groups(shares.shape[1], canvas, room)
    cell = room / max(1, len(groups))
    canvas.text(rows.right, canvas.y - canvas.small * 1.9, pick(lang, _AXIS), size=canvas.small, fill=SECOND)
    for number, (first, last) in enumerate(groups):
        text = str(first + 1) if last == first + 1 else f"{first + 1}–{last}"
        canvas.text(rows.right + (number + 0.5) * cell, canvas.y - 6, text, size=canvas.small, anchor="middle", fill=SECOND)
    for unit, row in enumerate(rows.rows):
        canvas.open(_row_label(names[unit], shares[unit], lang))
        write_name(canvas, row, rows.right)
        for number, (first, last) in enumerate(groups):
            share = float(shares[unit, first:last].sum())
            _draw_cell(canvas, rows.right + number * cell, row.top, cell, row.height, share)
        canvas.close()
    for number in range(len(groups) + 1):
        canvas.line(rows.right + number * cell, canvas.y, rows.right + number * cell, rows.bottom, stroke=GRID)
    for row in rows.rows:
        canvas.line(rows.right, row.top, width - MARGIN, row.top, stroke=LINE if row is rows.rows[0] else GRID)
    canvas.line(rows.right, rows.bottom, width - MARGIN, rows.bottom, stroke=LINE)
    for row, place in zip(rows.rows, places, strict=False):
        where = next((k for k, (first, last) in enumerate(groups) if math.isfinite(place) and first < place <= last), None)
        if where is not None:
            box = (rows.right + where * cell + 1, row.top + 1, cell - 2, row.height - 2)
            x, y, w, h = map(n, box)
            canvas.put(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="none" stroke="{PAPER}" stroke-width="3.6"/>')
            canvas.put(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="none" stroke="{INK}" stroke-width="2"/>')
    canvas.y = rows.bottom + 6
    return canvas.foot(note)


def _groups(places: int, canvas: Canvas, room: float) -> list[tuple[int, int]]:
    """Places that share a column: (first, one past the last), counted from 0."""
    size = 1
    if places > room // _CELL:
        # The heads "101–110" need more room than the figures.
        head = text_width(f"{places}–{places}", canvas.small) + 6
        columns = max(1, int(room // head))
        steps = [2, 3, 4, 5, 10, 15, 20, 25, 30, 40, 50, 100, 200, 500, 1000]
        size = next((step for step in steps if math.ceil(places / step) <= columns), places)
    return [(first, min(first + size, places)) for first in range(0, places, size)]


def _draw_cell(canvas: Canvas, x: float, y: float, width: float, height: float, share: float) -> None:
    if share <= 0:
        return
    strength = min(1.0, share) ** 0.75
    shade = [round(light + (dark - light) * strength) for light, dark in zip(_LIGHT, _DARK, strict=True)]
    canvas.rect(x, y, width, height, fill="#" + "".join(f"{part:02x}" for part in shade))
    text = plain(100 * share, 0)
    size = canvas.small if width >= text_width("100", canvas.small) + 4 else _FIGURE
    fill = PAPER if is_dark(shade) else INK
    canvas.text(x + width / 2, y + height / 2 + size * 0.36, "·" if text == "0" else text, size=size, anchor="middle", fill=fill)


def is_dark(shade: Sequence[int]) -> bool:
    """Whether white stands out from a colour (red, green, blue from 0 to 255) more than black does, by the rule of WCAG 2."""
    parts = [part / 255 for part in shade]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179


def _describe(names: Sequence[str], shares: NDArray[np.float64], lang: Lang) -> str:
    if not shares.size:
        return pick(lang, ("没有单位。", "There is no unit."))
    unit, place = (int(number) for number in np.unravel_index(int(np.argmax(shares)), shares.shape))
    fields = {"count": len(names), "name": names[unit], "place": place + 1, "share": plain(100 * float(shares[unit, place]), 0)}
    return pick(lang, _SPOKEN).format(**fields)


def _row_label(name: str, shares: NDArray[np.float64], lang: Lang) -> str:
    """The three likeliest places in words."""
    likely = [int(place) for place in np.argsort(-shares, kind="stable")[:3] if shares[place] >= 0.005]
    pattern = pick(lang, ("第 {place} 名 {share} %", "place {place} {share} %"))
    parts = [pattern.format(place=place + 1, share=plain(100 * float(shares[place]), 0)) for place in likely]
    return pick(lang, ("{name}：{parts}", "{name}: {parts}")).format(name=name, parts=pick(lang, ("，", ", ")).join(parts))
