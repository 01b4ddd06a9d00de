"""Exact numbers: fractions wherever a fraction can say it, 60 decimal digits elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import floor, isqrt

CONTEXT = Context(prec=60)
TOLERANCE = Fraction(1, 10**9)  # of the scale: the full mark for points, 100 for rates
GRID = Fraction(10**40)


def as_fraction(text: object) -> Fraction:
    """Read a number as it is written in decimal digits."""
    return Fraction(str(text).strip())


def is_close(left: Fraction, right: Fraction, scale: Fraction) -> bool:
    return abs(left - right) < TOLERANCE * abs(scale) or left == right


def reaches(value: Fraction, limit: Fraction, scale: Fraction) -> bool:
    """Greater, or equal within the tolerance."""
    return value > limit or is_close(value, limit, scale)


def to_decimal(value: Fraction) -> Decimal:
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def snap(value: Decimal) -> Fraction:
    """Back to a fraction, on a grid of 40 places, so that a number that is short on paper is short here."""
    return Fraction(round(Fraction(value) * GRID), 1) / GRID


def root(value: Fraction) -> Fraction:
    """Square root of a number that is not negative; exact for squares."""
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return Fraction(top, bottom)
    return snap(CONTEXT.sqrt(to_decimal(value)))


def natural_log(value: Fraction) -> Fraction:
    return snap(CONTEXT.ln(to_decimal(value)))


def decimal_log(value: Fraction) -> Fraction:
    return snap(CONTEXT.log10(to_decimal(value)))


def exponential(value: Fraction) -> Fraction:
    return snap(CONTEXT.exp(to_decimal(value)))


def power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """`base ** exponent`, or None where there is no such real number."""
    if exponent.denominator == 1:
        if base == 0 and exponent < 0:
            return None
        return base**exponent.numerator
    if base < 0 or (base == 0 and exponent < 0):
        return None
    if base == 0:
        return Fraction(0)
    if exponent.denominator == 2:
        return root(base**exponent.numerator)
    return snap(CONTEXT.exp(CONTEXT.multiply(to_decimal(exponent), CONTEXT.ln(to_decimal(base)))))


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def deviation(values: Sequence[Fraction]) -> Fraction:
    """Standard deviation with n - 1; 0 for fewer than two values."""
    if len(values) < 2:
        return Fraction(0)
    centre = mean(values)
    return root(sum(((value - centre) ** 2 for value in values), Fraction(0)) / (len(values) - 1))


def round_half(value: Fraction, places: int, mode: str, scale: Fraction) -> Fraction:
    """Round to `places`; what lies within the tolerance of a half is a half."""
    step = Fraction(1, 10**places)
    size = abs(value) / step
    below = floor(size)
    rest = size - below
    half = abs(rest - Fraction(1, 2)) * step < TOLERANCE * scale
    up = (mode == "half_up" or below % 2 == 1) if half else rest > Fraction(1, 2)
    rounded = (below + int(up)) * step
    return -rounded if value < 0 else rounded


def whole_part(value: Fraction) -> int:
    """Rounded down, where a number within the tolerance of a whole number is that number."""
    near = round(value)
    return near if abs(value - near) < TOLERANCE else floor(value)
