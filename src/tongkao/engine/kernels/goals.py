"""Rates from a goal that was set for the unit: target, challenge, base and step, distance to a target.

``target``, ``baseline`` and ``challenge`` are units × columns like ``x``, NaN where none was set. A value whose goal is
missing or whose divisor is zero has no answer: NaN.
"""

from __future__ import annotations

import numpy as np

from tongkao.engine.kernels.arrays import BoolArray, FloatArray, Numeric, finish
from tongkao.engine.kernels.statistics import worst_and_best


def completion(x: FloatArray, sign: FloatArray, target: FloatArray, baseline: FloatArray | None = None) -> FloatArray:
    """Share of the target that was reached, 1 = reached.

    With a baseline (x - baseline)/(target - baseline); without one x/target, and target/x where less is better.

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 or -1; does not matter where there is a baseline.
        target: (n, k) target values, NaN where none was set.
        baseline: (n, k) starting values, NaN where none was set; None = nowhere.

    Returns:
        (n, k) shares; NaN without a target and where the divisor is zero.
    """
    up = sign > 0
    over, under = (x, target) if up.all() else (np.where(up, x, target), np.where(up, target, x))
    if baseline is not None and not np.isnan(baseline).all():
        based = ~np.isnan(baseline)
        over = np.where(based, x - baseline, over)
        under = np.where(based, target - baseline, under)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        shares: FloatArray = np.divide(over, under)
    np.copyto(shares, np.nan, where=under == 0)
    return shares


def target(
    x: FloatArray,
    sign: FloatArray,
    target: FloatArray,
    baseline: FloatArray | None = None,
    *,
    cap: Numeric = np.inf,
    floor: Numeric = -np.inf,
) -> FloatArray:
    """Completion of the target in percent.

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 or -1; does not matter where there is a baseline.
        target: (n, k) target values, NaN where none was set.
        baseline: (n, k) starting values, NaN where none was set; None = nowhere.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates; NaN without a target and where the divisor is zero.
    """
    rates = completion(x, sign, target, baseline)
    with np.errstate(over="ignore"):
        rates *= 100.0
    return finish(rates, cap, floor)


def challenge(
    x: FloatArray,
    sign: FloatArray,
    target: FloatArray,
    challenge: FloatArray,
    baseline: FloatArray | None = None,
    *,
    base: Numeric = 80.0,
    cap: Numeric = 100.0,
    floor: Numeric = 0.0,
) -> FloatArray:
    """Up to the target base·completion, from there linear to ``cap`` at the challenge value, and ``cap`` beyond it.

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 or -1.
        target: (n, k) target values, NaN where none was set.
        challenge: (n, k) stretch values, NaN where none was set.
        baseline: (n, k) starting values, NaN where none was set; None = nowhere.
        base: Rate at the target.
        cap: Rate at the challenge value and beyond.
        floor: Lowest rate; the format gives this method none of its own, and a rate is never negative.

    Returns:
        (n, k) rates. Where the challenge value equals the target, reaching it gives ``cap``. Beyond the target there is no answer
        (NaN) where the challenge value is missing or easier than the target; up to the target it is not needed.
    """
    rates = completion(x, sign, target, baseline)
    rates *= base
    stretch = sign * (challenge - target)
    ahead = sign * (x - target)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = np.minimum(np.where(stretch > 0, ahead / stretch, 1.0), 1.0)
        beyond = np.where(share < 1, base + np.subtract(cap, base) * share, cap)
    np.copyto(rates, beyond, where=(ahead >= 0) & ~np.isnan(stretch))
    np.copyto(rates, np.nan, where=(ahead > 0) & ~(stretch >= 0) | np.isnan(x))
    return finish(rates, cap, floor)


def base_step(
    x: FloatArray,
    sign: FloatArray,
    target: FloatArray,
    *,
    base: Numeric = 80.0,
    step: Numeric,
    cap: Numeric = np.inf,
    floor: Numeric = -np.inf,
) -> FloatArray:
    """Base rate at the target, and ``step`` for every unit of measure above it (below it where less is better).

    Args:
        x: (n, k) values, NaN where there is none.
        sign: (k,) +1 or -1.
        target: (n, k) target values, NaN where none was set.
        base: Rate at the target.
        step: Rate for one unit of measure.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates; NaN without a target.
    """
    rates: FloatArray = x - target
    with np.errstate(over="ignore"):
        rates *= np.multiply(sign, step)
        rates += base
    return finish(rates, cap, floor)


def distance_to_target(
    x: FloatArray,
    counted: BoolArray,
    sign: FloatArray,
    target: FloatArray,
    *,
    cap: Numeric = np.inf,
    floor: Numeric = -np.inf,
) -> FloatArray:
    """How far from the group's worst value to the target: 100·(x - worst)/(target - worst).

    Args:
        x: (n, k) values, NaN where there is none.
        counted: (n, k) whether a unit is in the comparison group and has a value.
        sign: (k,) +1 or -1.
        target: (n, k) target values, NaN where none was set.
        cap: Highest rate.
        floor: Lowest rate.

    Returns:
        (n, k) rates; NaN without a target, without a group, and where the target is the worst value.
    """
    worst, _ = worst_and_best(x, counted, sign)
    span = target - worst
    np.copyto(span, np.nan, where=span == 0)
    with np.errstate(over="ignore"):
        rates = x - worst
        rates /= span
        rates *= 100.0
    return finish(rates, cap, floor)
