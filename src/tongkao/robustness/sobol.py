"""First-order and total sensitivity indices (Sobol) from the outputs of a radial design, with bootstrap intervals.

The first-order index of a choice is the share of an output's variance that goes away on average when the choice is settled; the
total index is the share that stays on average while everything but the choice is settled. Pure functions: outputs go in as
blocks A, B, AB_1 ... AB_d (A with column i from B), as :mod:`tongkao.robustness.sampling` lays them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Estimator = Literal["janon", "jansen"]

#: an output whose range, relative to its size where that is above 1, is not above this does not vary; differences likewise
CONSTANT = 1e-12
#: bytes that the arrays of one chunk of targets may take
_CHUNK = 48_000_000


@dataclass(frozen=True)
class Indices:
    """Sensitivity indices of every output; arrays are (choices, targets) where nothing else is said.

    Attributes:
        first: First-order indices; NaN where there were too few complete blocks.
        total: Total indices; NaN likewise.
        first_low: Lower ends of the bootstrap intervals of the first-order indices.
        first_high: Upper ends.
        total_low: Lower ends of the intervals of the total indices.
        total_high: Upper ends.
        mean: Mean of each output over blocks A and B, (targets,).
        variance: Variance of each output over blocks A and B (denominator n), (targets,).
        constant: Whether an output did not vary in any run, (targets,): all its indices are 0.
        used: Blocks used for each output, (targets,).
        left_out: Blocks left out because a run of theirs has no such output, (targets,).
    """

    first: FloatArray
    total: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    mean: FloatArray
    variance: FloatArray
    constant: BoolArray
    used: IntArray
    left_out: IntArray


def indices(
    outputs: FloatArray,
    *,
    estimator: Estimator = "janon",
    bootstraps: int = 1000,
    confidence: float = 0.95,
    seed: int = 1,
    threads: int = 1,
    chunk: int | None = None,
) -> Indices:
    """Estimate first-order and total indices of many outputs at once.

    A run without an output is NaN. It is left out together with its block: the runs of A, B and all AB_i that belong to the
    same point. Nothing else is affected, and :attr:`Indices.left_out` says how many.

    The bootstrap draws blocks with replacement. Its sums are taken over whole numbers that a double holds exactly, so that the
    intervals are the same bit for bit whatever the chunks and threads.

    Args:
        outputs: (choices + 2, n, targets).
        estimator: ``janon``: the first-order index is the correlation of B with AB_i, 1 less the total index that of A with
            AB_i, each with the pooled mean and variance of its pair. ``jansen``: half the mean squared differences over the
            variance of A and B.
        bootstraps: Number of resamples; 0 gives intervals of no width.
        confidence: Share of the resamples between the two ends of an interval.
        seed: Seed of the bootstrap.
        threads: Chunks of targets that are worked on at the same time.
        chunk: Targets of a chunk; None chooses it by the memory it takes.

    Raises:
        ValueError: If the outputs are not blocks of at least one choice.

    Source:
        Janon, Klein, Lagnoux, Nodet and Prieur (2014), Asymptotic normality and efficiency of two Sobol index estimators,
        ESAIM: Probability and Statistics 18, 342-364; Jansen (1999), Computer Physics Communications 117, 35-43; Archer,
        Saltelli and Sobol (1997) for the bootstrap.
    """
    if outputs.ndim != 3 or outputs.shape[0] < 3:
        raise ValueError(f"outputs are (choices + 2, n, targets), found {outputs.shape}")
    complete = ~np.isnan(outputs).all(axis=2).any(axis=0)
    kept = outputs if complete.all() else outputs[:, complete]
    resamples = _resamples(kept.shape[1], bootstraps, seed)
    wide = outputs.shape[0]
    if chunk is None:
        chunk = max(
            1, min(-(-outputs.shape[2] // (2 * threads)), int(_CHUNK / (8 * 4 * wide * (max(kept.shape[1], 1) + bootstraps))))
        )
    # Whole numbers of few digits go apart from others: for them single precision is exact, and twice as fast.
    small = _few_digits(kept)
    parts = [
        (columns[start : start + chunk], single)
        for columns, single in ((np.flatnonzero(small), True), (np.flatnonzero(~small), False))
        for start in range(0, len(columns), chunk)
    ]

    def of_part(part: tuple[IntArray, bool]) -> Indices:
        return _of_chunk(kept[:, :, part[0]], estimator, resamples, confidence, single=part[1])

    done: Iterable[Indices]
    if threads > 1 and len(parts) > 1:
        with ThreadPoolExecutor(threads) as pool:
            done = list(pool.map(of_part, parts))
    else:
        done = map(of_part, parts)
    choices, targets = wide - 2, outputs.shape[2]
    result: dict[str, Any] = {
        field.name: np.zeros((choices, targets) if place < 6 else targets) for place, field in enumerate(fields(Indices))
    }
    result |= {"constant": np.zeros(targets, bool), "used": np.zeros(targets, np.intp), "left_out": np.zeros(targets, np.intp)}
    for (columns, _), part in zip(parts, done, strict=True):
        for name, array in result.items():
            array[..., columns] = getattr(part, name)
    result["left_out"] = outputs.shape[1] - result["used"]
    return Indices(**result)


def _few_digits(outputs: FloatArray) -> BoolArray:
    """Which targets are whole numbers so small that sums of their products are exact in single precision, (targets,)."""
    n = outputs.shape[1]
    if n == 0:
        return np.zeros(outputs.shape[2], bool)
    with np.errstate(invalid="ignore"):
        whole = ((outputs == np.rint(outputs)) | np.isnan(outputs)).all(axis=(0, 1))
        spread = _range(outputs)[1]
    few: BoolArray = whole & (spread**2 * n < 2.0**24)
    return few


def _range(outputs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lowest value and range of each target over what is there, (targets,); 0 where nothing is."""
    if outputs.shape[1] == 0:
        return np.zeros(outputs.shape[2]), np.zeros(outputs.shape[2])
    low = np.fmin.reduce(np.fmin.reduce(outputs, axis=1), axis=0)
    high = np.fmax.reduce(np.fmax.reduce(outputs, axis=1), axis=0)
    return np.nan_to_num(low), np.nan_to_num(high - low)


def _resamples(n: int, bootstraps: int, seed: int) -> NDArray[np.uint16]:
    """How often each block is in each resample, (n, bootstraps)."""
    if n == 0 or bootstraps == 0:
        return np.zeros((n, 0), np.uint16)
    chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 0xB007))))
    counts = np.empty((bootstraps, n), np.uint16)
    # A fixed number of resamples at a time, so that the draws do not depend on memory or chunks.
    for first in range(0, bootstraps, 100):
        last = min(first + 100, bootstraps)
        drawn = chance.integers(0, n, (last - first, n)) + np.arange(0, (last - first) * n, n)[:, None]
        counts[first:last] = np.bincount(drawn.ravel(), minlength=(last - first) * n).reshape(-1, n)
    return np.ascontiguousarray(counts.T)


def quantile(ordered: FloatArray, share: float) -> FloatArray:
    """Quantile along the last axis by linear interpolation between order statistics (type 7).

    Args:
        ordered: (..., k) numbers, ascending.
        share: From 0 to 1.
    """
    place = share * (ordered.shape[-1] - 1)
    low = int(np.floor(place))
    high = min(low + 1, ordered.shape[-1] - 1)
    between: FloatArray = ordered[..., low] + (place - low) * (ordered[..., high] - ordered[..., low])
    return between


@dataclass(frozen=True)
class _Means:
    """Means over blocks of what the estimators need: of A, B and AB_i, their squares and their products.

    ``y`` and ``yy`` are (choices + 2, ...), ``a_ab`` and ``b_ab`` (choices, ...).
    """

    y: FloatArray
    yy: FloatArray
    a_ab: FloatArray
    b_ab: FloatArray


def _of_chunk(
    outputs: FloatArray, estimator: Estimator, resamples: NDArray[np.uint16], confidence: float, *, single: bool
) -> Indices:
    wide, n, targets = outputs.shape
    choices = wide - 2
    # Targets first and blocks last, so that a target's sums do not depend on which others are in the chunk.
    y = np.ascontiguousarray(outputs.transpose(0, 2, 1))
    there: BoolArray = np.asarray(~np.isnan(y).any(axis=0))
    every = bool(there.all())
    if not every:
        y = np.where(there, y, np.nan)
    low, spread = _range(outputs if every else y.transpose(0, 2, 1))
    used = there.sum(axis=1)
    size = np.maximum(1.0, np.abs(low) + spread)
    constant = spread <= CONSTANT * size
    scale = np.where(constant, 1.0, spread)
    z = (y - low[:, None] - spread[:, None] / 2) / scale[:, None]
    if not every:
        z = np.where(there, z, 0.0)
    counts = np.maximum(used, 1).astype(np.float64)
    means = _Means(
        z.sum(axis=-1) / counts,
        (z * z).sum(axis=-1) / counts,
        (z[0] * z[2:]).sum(axis=-1) / counts,
        (z[1] * z[2:]).sum(axis=-1) / counts,
    )
    # A choice that never moves an output by more than rounding has no effect: both indices are exactly 0.
    inert = (np.abs(z[2:] - z[0]).max(axis=-1, initial=0.0) * scale <= CONSTANT * size) | constant
    first, total = _estimate(means, estimator)
    mean = means.y[:2].mean(axis=0)
    variance = np.maximum(means.yy[:2].mean(axis=0) - mean**2, 0.0) * scale**2
    mean = mean * scale + low + spread / 2
    ends = _bootstrap(z, there, estimator, resamples, confidence, inert, np.where(constant, 1.0, spread) if single else None)
    few = np.broadcast_to(used < 2, (choices, targets))
    first, total = (np.where(few, np.nan, np.where(inert, 0.0, index)) for index in (first, total))
    bounds = [first, first, total, total] if ends is None else [np.where(few, np.nan, end) for end in ends]
    variance = np.where(constant, 0.0, variance)
    return Indices(first, total, bounds[0], bounds[1], bounds[2], bounds[3], mean, variance, constant, used, n - used)


def _estimate(means: _Means, estimator: Estimator) -> tuple[FloatArray, FloatArray]:
    """First-order and total indices; 0 where nothing varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if estimator == "janon":
            (first, first_variance), (unlike, total_variance) = (
                _pair(means.y[1], means.yy[1], means, means.b_ab),
                _pair(means.y[0], means.yy[0], means, means.a_ab),
            )
            total = (total_variance - unlike) / total_variance
            first = first / first_variance
        else:
            centre = (means.y[0] + means.y[1]) / 2
            variance = (means.yy[0] + means.yy[1]) / 2 - centre**2
            first = 1 - ((means.yy[1] + means.yy[2:]) / 2 - means.b_ab) / variance
            total = ((means.yy[0] + means.yy[2:]) / 2 - means.a_ab) / variance
    return np.where(np.isfinite(first), first, 0.0), np.where(np.isfinite(total), np.maximum(total, 0.0), 0.0)


def _pair(y: FloatArray, yy: FloatArray, means: _Means, product: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Covariance of one block with every AB_i, and their pooled variance."""
    centre = (y + means.y[2:]) / 2
    square = centre * centre
    variance = (yy + means.yy[2:]) / 2 - square
    # What rounding leaves of nothing is nothing; outputs are scaled to a range of 1.
    return product - square, np.where(variance > 1e-15, variance, 0.0)


def _bootstrap(
    z: FloatArray,
    there: BoolArray,
    estimator: Estimator,
    resamples: NDArray[np.uint16],
    confidence: float,
    inert: BoolArray,
    steps: FloatArray | None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray] | None:
    """Ends of the percentile intervals of first-order and total indices, (choices, targets) each.

    ``steps`` are the ranges of targets that are small whole numbers, (targets,); None where some are not.
    """
    wide, targets, n = z.shape
    bootstraps = resamples.shape[1]
    if bootstraps == 0:
        return None
    kind: type[np.float32] | type[np.float64] = np.float64
    if steps is None:
        # Whole numbers, so large that squares still add up exactly: n · q² stays below 2^52, and z within a half.
        unit = np.full((targets, 1), 2.0 ** (1 + np.floor((52 - np.log2(max(n, 1))) / 2)))
    else:
        unit, kind = 2.0 * steps[:, None], np.float32
    w = np.rint(z * unit).astype(kind)
    rows = np.concatenate([w, w * w, w[0] * w[2:], w[1] * w[2:]]).reshape(-1, n)
    drawn = resamples.astype(kind)
    sums = np.matmul(rows, drawn).astype(np.float64, copy=False).reshape(-1, targets, bootstraps)
    counts: FloatArray = np.full((1, 1), float(n))
    if not there.all():
        counts = np.maximum(np.matmul(there.astype(kind), drawn), 1).astype(np.float64)
    sums /= counts
    sums[:wide] /= unit
    sums[wide:] /= unit * unit  # powers of two or small whole numbers: what was exact stays as good as exact
    means = _Means(sums[:wide], sums[wide : 2 * wide], sums[2 * wide : 3 * wide - 2], sums[3 * wide - 2 :])
    result: list[FloatArray] = []
    for drawn_index in _estimate(means, estimator):
        drawn_index[inert] = 0.0
        drawn_index.sort(axis=-1)
        result += [quantile(drawn_index, (1 - confidence) / 2), quantile(drawn_index, (1 + confidence) / 2)]
    return result[0], result[1], result[2], result[3]


def uncentred(outputs: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Uncentred first-order indices and total indices, as COINr gives them; for comparison only.

    The first-order formula depends on where the output has its zero: an index may exceed its total or be far below 0.

    Args:
        outputs: (choices + 2, n, targets) without gaps.

    Returns:
        First-order (choices, targets) and total indices (choices, targets), and the variance (targets,) with denominator
        2n - 1 over A and B. Indices of a constant output are 0.

    Source:
        Saltelli et al. (2010), table 2, formulas (b) and (f).
    """
    y = outputs
    a, b, ab = y[0], y[1], y[2:]
    variance = np.concatenate([a, b]).var(axis=0, ddof=1)
    low, spread = _range(outputs)
    constant = spread <= CONSTANT * np.maximum(1.0, np.abs(low) + spread)
    divisor = np.where(constant, 1.0, variance)
    first = np.where(constant, 0.0, (b * (ab - a)).mean(axis=1) / divisor)
    total = np.where(constant, 0.0, ((a - ab) ** 2).mean(axis=1) / (2 * divisor))
    return first, total, np.where(constant, 0.0, variance)
