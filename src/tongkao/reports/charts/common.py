"""What the charts share: the page, its head and foot, rows with names, scales, and the shapes that stand for things."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tongkao.errors import Lang
from tongkao.reports.charts.text import clean, escape, text_width, widest, wrap

#: width of a chart on a desk and on a phone, in pixels
DESK, PHONE = 820, 380

INK, SECOND, LINE, GRID, BAND, MIDDLE, ACCENT, PAPER = (
    "#111111",
    "#4d4d4d",
    "#8c8c8c",
    "#dcdcdc",
    "#f1f1f1",
    "#a6a6a6",
    "#1b3f66",
    "#ffffff",
)
FONTS = (
    "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'Hiragino Sans GB', 'WenQuanYi Micro Hei', "
    "SimHei, 'Helvetica Neue', Arial, sans-serif"
)
MARGIN = 12.0
Anchor = Literal["start", "middle", "end"]
Pair = tuple[str, str]


def pick(lang: Lang, pair: Pair) -> str:
    """The text of a language: Chinese first in a pair."""
    return pair[0 if lang == "zh" else 1]


def n(value: float) -> str:
    """A coordinate: two decimals, no more than needed."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass
class Canvas:
    """A page that is written from top to bottom.

    Attributes:
        name: What the ids in the file begin with, so that several charts may stand in one document.
        title: What the chart shows, for the head and for screen readers.
        description: What there is to see, in one or two sentences, for screen readers.
        lang: Language.
        width: Width in pixels.
        y: How far down the page is written.
    """

    name: str
    title: str
    description: str
    lang: Lang
    width: float = DESK
    y: float = MARGIN
    _body: list[str] = field(default_factory=list)
    _patterns: set[str] = field(default_factory=set)

    @property
    def narrow(self) -> bool:
        """Whether this is a page for a phone."""
        return self.width < 560

    @property
    def size(self) -> float:
        """Size of ordinary text."""
        return 11.5 if self.narrow else 12.5

    @property
    def small(self) -> float:
        """Size of the text of axes and notes."""
        return 10.5 if self.narrow else 11.5

    def put(self, element: str) -> None:
        """Add a piece of SVG."""
        self._body.append(element)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 0.0,
        anchor: Anchor = "start",
        fill: str = INK,
        bold: bool = False,
    ) -> None:
        """One line of text; y is its base line."""
        more = (f' text-anchor="{anchor}"' if anchor != "start" else "") + (' font-weight="bold"' if bold else "")
        more += f' fill="{fill}"' if fill != INK else ""
        self.put(f'<text x="{n(x)}" y="{n(y)}" font-size="{n(size or self.size)}"{more}>{escape(text)}</text>')

    def line(self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1, dash: str = "") -> None:
        """A straight line."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        self.put(f'<line x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}" stroke="{stroke}" stroke-width="{n(width)}"{more}/>')

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "") -> None:
        """A rectangle; nothing where it has no size."""
        if width <= 0 or height <= 0:
            return
        more = f' stroke="{stroke}" stroke-width="1"' if stroke else ""
        self.put(f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" fill="{fill}"{more}/>')

    def mark(self, shape: Literal["dot", "ring", "diamond", "bar"], x: float, y: float, size: float = 4.0) -> None:
        """A mark: shapes differ, so that shade need not."""
        if shape == "dot":
            self.put(f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="{INK}"/>')
        elif shape == "ring":
            self.put(f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="{PAPER}" stroke="{INK}" stroke-width="1.6"/>')
        elif shape == "diamond":
            d = size * 1.25
            points = f"{n(x)},{n(y - d)} {n(x + d)},{n(y)} {n(x)},{n(y + d)} {n(x - d)},{n(y)}"
            self.put(f'<polygon points="{points}" fill="{PAPER}" stroke="{INK}" stroke-width="1.5"/>')
        else:
            self.line(x, y - size * 1.4, x, y + size * 1.4, width=2.2)

    def hatch(self) -> str:
        """A fill of slanted lines."""
        self._patterns.add("hatch")
        return f"url(#{self.name}-hatch)"

    def open(self, label: str) -> None:
        """Begin a group that a pointer and a screen reader know by a label."""
        self.put(f"<g><title>{escape(clean(label))}</title>")

    def close(self) -> None:
        """End the group."""
        self.put("</g>")

    # --- head and foot --------------------------------------------------------------------------------------------------

    def head(self, subtitle: str) -> None:
        """Title and subtitle."""
        size, room = (15.0 if self.narrow else 17.0), self.width - 2 * MARGIN
        for line in wrap(self.title, size, room, bold=True):
            self.y += size * 1.25
            self.text(MARGIN, self.y, line, size=size, bold=True)
        self.y += 3
        self.paragraph(subtitle)
        self.y += 8

    def paragraph(self, text: str, *, fill: str = SECOND) -> None:
        """Lines of small text over the whole width."""
        if not text:
            return
        for line in wrap(text, self.small, self.width - 2 * MARGIN):
            self.y += self.small * 1.4
            self.text(MARGIN, self.y, line, size=self.small, fill=fill)

    def legend(self, entries: Sequence[tuple[str, str]]) -> None:
        """What the marks stand for, side by side, in as many lines as it takes.

        Args:
            entries: (sign, text); a sign is one of ``thin thick dot ring diamond bar solid hatch dash``.
        """
        x, self.y = MARGIN, self.y + self.small * 1.5
        for sign, text in entries:
            needed = 30 + text_width(text, self.small) + 16
            if x > MARGIN and x + needed > self.width - MARGIN + 16:
                x, self.y = MARGIN, self.y + self.small * 1.6
            self._sign(sign, x, self.y - self.small * 0.36)
            self.text(x + 30, self.y, text, size=self.small, fill=SECOND)
            x += needed
        self.y += 10

    def _sign(self, sign: str, x: float, y: float) -> None:
        if sign == "thin":
            self.line(x + 1, y, x + 24, y, width=1.6)
            for end in (x + 1, x + 24):
                self.line(end, y - 3.5, end, y + 3.5, width=1.6)
        elif sign == "dash":
            self.line(x + 1, y, x + 24, y, stroke=SECOND, dash="4 3")
        elif sign in ("thick", "solid", "hatch"):
            fill = {"thick": MIDDLE, "solid": ACCENT, "hatch": ""}[sign] or self.hatch()
            self.rect(x + 2, y - 4.5, 22, 9, fill=fill, stroke="" if sign == "thick" else INK)
        else:
            self.mark(sign, x + 13, y)  # type: ignore[arg-type]

    def foot(self, note: str) -> str:
        """The note below everything, and the finished file."""
        if note:
            self.y += 4
            self.paragraph(note)
        height = math.ceil(self.y + MARGIN)
        width = n(self.width)
        defs = ""
        if "hatch" in self._patterns:
            defs = (
                f'<defs><pattern id="{self.name}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
                f'patternTransform="rotate(45)"><rect width="5" height="5" fill="{PAPER}"/>'
                f'<line x1="0" y1="0" x2="0" y2="5" stroke="{INK}" stroke-width="2.2"/></pattern></defs>\n'
            )
        spoken = "zh-CN" if self.lang == "zh" else "en"
        body = "\n".join(self._body)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'role="img" aria-labelledby="{self.name}-title {self.name}-desc" lang="{spoken}" xml:lang="{spoken}" '
            f'font-family="{FONTS}" fill="{INK}">\n'
            f'<title id="{self.name}-title">{escape(clean(self.title))}</title>\n'
            f'<desc id="{self.name}-desc">{escape(clean(self.description))}</desc>\n'
            f'{defs}<rect width="{width}" height="{height}" fill="{PAPER}"/>\n{body}\n</svg>\n'
        )


# --- rows ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row with a name.

    Attributes:
        name: The whole name.
        lines: The name as it is shown.
        top: Upper edge.
        height: Height.
    """

    name: str
    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Middle of the row."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Rows:
    """Rows with their names in a column at the left.

    Attributes:
        rows: The rows.
        right: Right edge of the column of names.
        bottom: Lower edge of the last row.
    """

    rows: tuple[Row, ...]
    right: float
    bottom: float


def stack(canvas: Canvas, names: Sequence[str], *, top: float, least: float = 0.0, share: float = 0.0) -> Rows:
    """Lay out rows whose names may need several lines.

    Args:
        canvas: The page.
        names: Names of the rows.
        top: Upper edge of the first.
        least: Least height of a row; by default that of a line of text and some air.
        share: Greatest share of the page's width that names may take.
    """
    room = canvas.width * (share or (0.34 if canvas.narrow else 0.30))
    shown = [tuple(wrap(name, canvas.size, room, most=3)) for name in names]
    right = MARGIN + min(room, widest([line for lines in shown for line in lines], canvas.size)) + 8
    rows, y = [], top
    for name, lines in zip(names, shown, strict=True):
        height = max(least or canvas.size * 1.55, len(lines) * canvas.size * 1.2 + 5)
        rows.append(Row(clean(name), lines, y, height))
        y += height
    return Rows(tuple(rows), right, y)


def write_name(canvas: Canvas, row: Row, right: float) -> None:
    """Write a row's name at the right of its column."""
    step = canvas.size * 1.2
    y = row.middle - (len(row.lines) - 1) * step / 2 + canvas.size * 0.36
    for line in row.lines:
        canvas.text(right - 8, y, line, anchor="end")
        y += step


# --- scales -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """From numbers to places on the page.

    Attributes:
        low: Number at the first place.
        high: Number at the last place.
        first: First place.
        last: Last place.
    """

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """Place of a number."""
        if self.high == self.low:
            return (self.first + self.last) / 2
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from low to high, at most so many."""
    if not high > low:
        return [low]
    raw = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def place_ticks(places: int, most: int) -> list[int]:
    """Places that an axis names: the first, the last, and round ones between that do not stand too near to either."""
    if places <= most:
        return list(range(1, places + 1))
    step = next(step for step in (2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 10**9) if places / step <= most - 1)
    between = [place for place in range(step, places, step) if place - 1 >= step * 0.6 and places - place >= step * 0.6]
    return [1, *between, places]


def plain(value: float, decimals: int = 2) -> str:
    """A number for people: so many decimals, no zeros at the end, a real minus sign."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−")


def finite(values: Iterable[float]) -> list[float]:
    """The numbers that are some."""
    return [value for value in values if math.isfinite(value)]
