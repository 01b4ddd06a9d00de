"""Numbers for people: how many digits are shown, and how. Nothing here is ever used to compute further."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

#: significant digits of values inside formulas
SIGNIFICANT = 7
#: decimal places of rates
RATE_PLACES = 2
_WHOLE_BELOW = 1e15


def shortened(value: float) -> float:
    """The number that stands in a formula: whole numbers in full, others to 7 significant digits or all before the point."""
    if value == 0 or not math.isfinite(value) or (value.is_integer() and abs(value) < _WHOLE_BELOW):
        return value + 0.0
    return float(round_half_up(value, max(SIGNIFICANT - 1 - math.floor(math.log10(abs(value))), 0)))


def round_half_up(value: float, places: int) -> Decimal:
    """A number rounded half up, away from zero, as its shortest decimal form reads."""
    exact = Decimal(repr(float(value)))
    if exact.adjusted() + places > 24:
        return exact
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def figure(value: float | None) -> str:
    """A number inside a formula or a sentence, with a proper minus sign; a dash for none.

    >>> figure(178781.0), figure(2 / 3), figure(-1e-9), figure(None)
    ('178781', '0.6666667', '−1e-09', '–')
    """
    if value is None:
        return "–"
    short = shortened(value)
    if short == 0:
        return "0"
    if not 1e-6 <= abs(short) < _WHOLE_BELOW:
        return _minus(format(short, f".{SIGNIFICANT}g"))
    return _minus(_trimmed(format(Decimal(repr(short)), "f")))


def fixed(value: float | None, places: int) -> str:
    """A number with so many decimal places; a dash for none.

    >>> fixed(84.125, 2), fixed(-0.001, 2), fixed(None, 2)
    ('84.13', '0.00', '–')
    """
    if value is None:
        return "–"
    rounded = round_half_up(value, places)
    return _minus(format(abs(rounded) if rounded == 0 else rounded, "f"))


def plain(value: float | None, places: int) -> str:
    """A number with at most so many decimal places, trailing zeros left out.

    >>> plain(30.0, 2), plain(12.5, 2), plain(2 / 3, 2)
    ('30', '12.5', '0.67')
    """
    return "–" if value is None else _trimmed(fixed(value, places))


def signed(value: float, places: int) -> str:
    """A number with its sign, plus too.

    >>> signed(1.5, 2), signed(-1.5, 2), signed(0.0, 2)
    ('+1.50', '−1.50', '0.00')
    """
    text = fixed(value, places)
    return text if text.startswith("−") or not float(text) else f"+{text}"


def places_for(full_mark: float, points: Iterable[float | None], least_most: int = 2) -> int:
    """Decimal places in which points are shown: two, or as many as it takes to show every one exactly, within reason.

    Six significant digits of the full mark are within reason.

    Args:
        full_mark: Of the total.
        points: What is shown.
        least_most: So many places may be used in any case, so that what rounding did can be seen.

    >>> places_for(100.0, [12.5, 30.0]), places_for(100.0, [12.345]), places_for(100.0, [100 / 3]), places_for(1.0, [1 / 3])
    (2, 3, 4, 6)
    """
    most = max(min(max(2, 6 - math.floor(math.log10(full_mark))), 8), least_most)
    known = [value for value in points if value is not None]
    for places in range(2, most):
        if all(exact_at(value, places, full_mark) for value in known):
            return places
    return most


def exact_at(value: float, places: int, full_mark: float) -> bool:
    """Whether so many places show a number of points completely, noise of binary fractions aside."""
    return abs(float(round_half_up(value, places)) - value) <= 1e-10 * full_mark


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _minus(text: str) -> str:
    return "−" + text[1:] if text.startswith("-") else text
