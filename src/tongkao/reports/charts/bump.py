"""Bump chart: the places of the units under one choice after the other."""

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
    MIDDLE,
    PAPER,
    SECOND,
    Canvas,
    Pair,
    n,
    pick,
    plain,
)
from tongkao.reports.charts.text import cut, text_width, widest, wrap

_TITLE: Pair = ("换一种办法，谁进谁退", "Who moves when something is done otherwise")
_ALL: Pair = ("线旁数字是名次；线型只为便于分辨。", "Figures are places; dashes only help to tell the lines apart.")
_SOME: Pair = (
    "黑线是名次变动最大的 {shown} 个单位，其余 {rest} 个为灰线；线型只为便于分辨。",
    "Black: the {shown} units whose places vary most; grey: the other {rest}. Dashes only help to tell the lines apart.",
)
_CUT: Pair = ("另有 {more} 栏未画出。", "{more} more columns are not drawn.")
_SPOKEN: Pair = (
    "共 {count} 个单位、{columns} 种办法。变动最大的是{name}：第 {low} 至第 {high} 名。",
    "{count} units, {columns} alternatives. {name} varies most: from place {low} to {high}.",
)
_DASHES = ("", "7 3", "2 3", "9 3 2 3")
#: units up to which every line is black and has its name
_EVERY = 32
#: lines that are black where there are more units
_SHOWN = 14


def draw_bump(
    names: Sequence[str],
    columns: Sequence[str],
    ranks: NDArray[np.float64],
    *,
    lang: Lang,
    width: float = DESK,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    name: str = "bump",
) -> str:
    """Draw the places of units under several choices.

    Args:
        names: Names of the units.
        columns: Names of the choices, the scheme as it is first; a phone shows the first five.
        ranks: (units, choices) places from 1; NaN for none.
        lang: Language.
        width: Width of the page in pixels.
        title: Instead of the usual one.
        subtitle: What was varied.
        note: What is to be said below.
        name: What ids in the file begin with.

    Returns:
        The SVG file.
    """
    ranks = np.asarray(ranks, np.float64)
    canvas = Canvas(name, title or pick(lang, _TITLE), _describe(names, columns, ranks, lang), lang, width)
    most = 5 if canvas.narrow else 9
    if len(columns) > most:
        note = " ".join(text for text in (note, pick(lang, _CUT).format(more=len(columns) - most)) if text)
    columns, ranks = columns[:most], ranks[:, :most]
    black = _shown(ranks)
    canvas.head(subtitle)
    some = pick(lang, _SOME).format(shown=len(black), rest=len(names) - len(black))
    canvas.paragraph(pick(lang, _ALL) if len(black) == len(names) else some)
    places = int(np.nanmax(ranks)) if np.isfinite(ranks).any() else 1
    step = max(1.6, min(canvas.size * 1.6, 760 / places)) if len(names) > _EVERY else canvas.size * 1.6
    room = width * (0.25 if canvas.narrow else 0.22)
    shown_names = {unit: cut(names[unit], canvas.size, room) for unit in black}
    has_discs = step >= canvas.small * 1.3
    side = widest(list(shown_names.values()), canvas.size) + canvas.small * 0.72 + 8
    side += 0.0 if has_discs else text_width(f"{places} ", canvas.size) + 14
    xs = np.linspace(MARGIN + side, width - MARGIN - side, max(2, len(columns)))[: len(columns)]
    _heads(canvas, columns, xs)
    top = canvas.y + step / 2 + 4
    bottom = top + (places - 1) * step

    def y(place: float) -> float:
        return top + (place - 1) * step

    for x in xs:
        canvas.line(x, top - step / 2, x, bottom + step / 2, stroke=GRID)
    for unit in [unit for unit in range(len(names)) if unit not in black] + list(black):
        stroke, thick = (INK, 1.7) if unit in black else (MIDDLE, 0.8) if len(names) <= 100 else (GRID, 0.7)
        dash = _DASHES[black.index(unit) % len(_DASHES)] if unit in black else ""
        canvas.open(f"{names[unit]}: {', '.join(plain(place, 1) if math.isfinite(place) else '–' for place in ranks[unit])}")
        _draw_line(canvas, xs, [y(place) for place in ranks[unit]], stroke, thick, dash)
        canvas.close()
    if has_discs:
        _places(canvas, ranks, xs, y)
    for place, anchor in ((0, "end"), (len(columns) - 1, "start")):
        _names(canvas, shown_names, ranks[:, place], float(xs[place]), y, is_left=anchor == "end", figures=not has_discs)
    canvas.y = bottom + step / 2 + 8
    return canvas.foot(note)


def _shown(ranks: NDArray[np.float64]) -> list[int]:
    """Units whose lines are black: all, or those whose places vary most; in the order of their first places."""
    units = range(len(ranks))
    spread = [float(np.nanmax(row) - np.nanmin(row)) if np.isfinite(row).any() else -1.0 for row in ranks]
    chosen = list(units) if len(ranks) <= _EVERY else sorted(units, key=lambda unit: (-spread[unit], unit))[:_SHOWN]
    return sorted(chosen, key=lambda unit: (ranks[unit, 0] if np.isfinite(ranks[unit, 0]) else math.inf, unit))


def _heads(canvas: Canvas, columns: Sequence[str], xs: NDArray[np.float64]) -> None:
    """Names of the columns above them in lines of whole words; letters with a key where they have no room."""
    gap = float(xs[1] - xs[0]) - 6 if len(xs) > 1 else canvas.width / 2
    words = [word for column in columns for word in column.split()]
    texts = [wrap(text, canvas.small, gap) for text in columns]
    if any(len(lines) > 3 for lines in texts) or any(_is_split(word, canvas.small, gap) for word in words):
        letters = [chr(ord("A") + number) for number in range(len(columns))]
        canvas.y += 4
        pairs = [f"{letter} {column}" for letter, column in zip(letters, columns, strict=True)]
        canvas.paragraph(pick(canvas.lang, ("；", "; ")).join(pairs))
        texts = [[letter] for letter in letters]
    most = max((len(lines) for lines in texts), default=1)
    canvas.y += 10
    for lines, x in zip(texts, xs, strict=True):
        for number, line in enumerate(lines):
            base = canvas.y + (most - len(lines) + number + 1) * canvas.small * 1.25
            canvas.text(float(x), base, line, size=canvas.small, anchor="middle", fill=SECOND)
    canvas.y += most * canvas.small * 1.25 + 4


def _is_split(word: str, size: float, gap: float) -> bool:
    """Whether a word that is written in letters does not fit a line."""
    return word.isascii() and text_width(word, size) > gap


def _draw_line(canvas: Canvas, xs: NDArray[np.float64], ys: Sequence[float], stroke: str, width: float, dash: str) -> None:
    """A line through the places that are known, level where it crosses a column."""
    path, earlier = "", None
    for x, y in zip(xs, ys, strict=True):
        if not math.isfinite(y):
            earlier = None
            continue
        if earlier is None:
            path += f"M{n(float(x))} {n(y)}"
        else:
            middle = (earlier[0] + float(x)) / 2
            path += f"C{n(middle)} {n(earlier[1])} {n(middle)} {n(y)} {n(float(x))} {n(y)}"
        earlier = (float(x), y)
    more = f' stroke-dasharray="{dash}"' if dash else ""
    if path:
        canvas.put(f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{n(width)}"{more}/>')


def _places(canvas: Canvas, ranks: NDArray[np.float64], xs: NDArray[np.float64], y: object) -> None:
    """A disc with the place wherever a line crosses a column."""
    assert callable(y)
    radius = canvas.small * 0.72
    for column, x in enumerate(xs):
        for place in sorted({float(place) for place in ranks[:, column] if math.isfinite(place)}):
            canvas.put(f'<circle cx="{n(float(x))}" cy="{n(y(place))}" r="{n(radius)}" fill="{PAPER}" stroke="{LINE}"/>')
            size = canvas.small * (0.92 if place < 100 else 0.75)
            canvas.text(float(x), y(place) + size * 0.36, plain(place, 1), size=size, anchor="middle")


def _names(
    canvas: Canvas,
    names: dict[int, str],
    places: NDArray[np.float64],
    x: float,
    y: object,
    *,
    is_left: bool,
    figures: bool,
) -> None:
    """Names beside the ends of the lines, pushed apart where they would overlap; a thin line leads to what was pushed away."""
    assert callable(y)
    ends = sorted((float(y(places[unit])), unit) for unit in names if math.isfinite(places[unit]))
    step = canvas.size * 1.25
    spots = spread_out([end for end, _ in ends], step, float(y(1)), math.inf)
    sign = -1.0 if is_left else 1.0
    anchor = canvas.small * 0.72 + 3
    for (end, unit), spot in zip(ends, spots, strict=True):
        parts = [plain(float(places[unit]), 1), names[unit]] if figures else [names[unit]]
        text = " ".join(reversed(parts) if is_left else parts)
        is_moved = abs(spot - end) > 1
        if is_moved:
            canvas.line(x + sign * anchor, end, x + sign * (anchor + 12), spot, stroke=LINE, width=0.7)
        shift = anchor + (14 if is_moved else 2)
        canvas.text(x + sign * shift, spot + canvas.size * 0.36, text, anchor="end" if is_left else "start")


def spread_out(wanted: Sequence[float], step: float, least: float, most: float) -> list[float]:
    """Places on a line at least a step apart, as near to those wanted as their order allows.

    Args:
        wanted: Places, ascending.
        step: Least distance.
        least: Lower end of the line.
        most: Upper end; passed where there is no room otherwise.
    """
    groups: list[tuple[float, int]] = []
    for place in wanted:
        middle, count = place, 1
        # A group that meets its neighbour becomes one with it, around the mean of both.
        while groups and middle - (count - 1) * step / 2 < groups[-1][0] + (groups[-1][1] - 1) * step / 2 + step:
            other, size = groups.pop()
            middle = (other * size + middle * count) / (size + count)
            count += size
        low = least + (count - 1) * step / 2
        groups.append((max(middle, low), count))
    if groups:
        room = most - (groups[-1][1] - 1) * step / 2
        middle, count = groups[-1]
        groups[-1] = (min(middle, max(room, least + (count - 1) * step / 2)), count)
    return [middle + (number - (count - 1) / 2) * step for middle, count in groups for number in range(count)]


def _describe(names: Sequence[str], columns: Sequence[str], ranks: NDArray[np.float64], lang: Lang) -> str:
    known = [unit for unit in range(len(names)) if np.isfinite(ranks[unit]).any()]
    if not known:
        return pick(lang, ("没有单位有名次。", "No unit has a place."))
    unit = max(known, key=lambda unit: float(np.nanmax(ranks[unit]) - np.nanmin(ranks[unit])))
    low, high = plain(float(np.nanmin(ranks[unit])), 1), plain(float(np.nanmax(ranks[unit])), 1)
    return pick(lang, _SPOKEN).format(count=len(names), columns=len(columns), name=names[unit], low=low, high=high)
