"""Elementary effects (Morris) for many choices: which of them matter at all, for (choices + 1) runs a path.

A path starts at a random point and changes one choice after the other, in a random order. The elementary effect of a choice is
what its change did to an output. ``mu`` is the mean of the effects, ``mu*`` the mean of their sizes, ``sigma`` their standard
deviation, large where the effect depends on the other choices.

Choices are handled on their own levels:

* *discrete* (so many alternatives): a path goes from one alternative to another one, drawn from all others; the effect is the
  difference of the outputs and is not divided by a step, since alternatives have no distance. Going from a later to an earlier
  alternative, the effect is taken the other way round, so that ``mu`` says what later alternatives do.
* *continuous*: a path goes half the range up or down on a grid of levels; the effect is the difference divided by the step.
* *drawn* (the coordinate is the number of a draw, as with weights): a path goes from one draw to another; the effect is the
  difference, and only its size and spread mean anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.robustness.sobol import CONSTANT, quantile

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: how the coordinate of a choice is to be read
DRAWN, CONTINUOUS = 0, -1


@dataclass(frozen=True)
class Paths:
    """A design of paths.

    Attributes:
        points: (paths, choices + 1, choices) points; each differs from the one before in one coordinate.
        changed: (paths, choices) choice that is changed in each step.
        steps: (paths, choices) what the difference of the outputs is divided by in each step: signed.
    """

    points: FloatArray
    changed: IntArray
    steps: FloatArray

    def rows(self) -> FloatArray:
        """All points as one matrix, (paths · (choices + 1), choices), path after path."""
        return self.points.reshape(-1, self.points.shape[2])


def paths(levels: Sequence[int], count: int, *, seed: int, grid: int = 4) -> Paths:
    """Lay out paths.

    Args:
        levels: For each choice its number of alternatives (a choice with one alternative never changes anything), or
            :data:`CONTINUOUS` or :data:`DRAWN`.
        count: Number of paths.
        seed: Seed.
        grid: Levels of the grid of a continuous choice; even.

    Raises:
        ValueError: If the grid is odd or there is no choice.

    Source:
        Morris (1991), Factorial sampling plans for preliminary computational experiments, Technometrics 33, 161-174;
        Campolongo, Cariboni and Saltelli (2007), Environmental Modelling and Software 22, 1509-1518, for mu*.
    """
    if grid < 2 or grid % 2:
        raise ValueError(f"the grid needs an even number of levels, found {grid}")
    if not levels:
        raise ValueError("there is no choice to change")
    choices = len(levels)
    chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 0x3077))))
    start, target, steps = (np.empty((count, choices)) for _ in range(3))
    for choice, level in enumerate(levels):
        if level == DRAWN:
            start[:, choice], target[:, choice] = chance.random((2, count))
            steps[:, choice] = 1.0
            continue
        cells = grid if level == CONTINUOUS else level
        first = _evenly(cells, count, chance)
        if level == CONTINUOUS:
            second = (first + grid // 2) % grid
            steps[:, choice] = np.where(second > first, 0.5, -0.5)
        else:
            second = (first + chance.integers(1, max(level, 2), count)) % level
            steps[:, choice] = np.where(second >= first, 1.0, -1.0)
        # The middle of a level's cell, so that equal chances put the point on its own alternative.
        start[:, choice], target[:, choice] = (first + 0.5) / cells, (second + 0.5) / cells
    changed = np.argsort(chance.random((count, choices)), axis=1)
    when = np.argsort(changed, axis=1)
    # A point of the path has the new value of each choice that was changed before it.
    moved = when[:, None, :] < np.arange(choices + 1)[None, :, None]
    points = np.where(moved, target[:, None, :], start[:, None, :])
    return Paths(points, changed, np.take_along_axis(steps, changed, axis=1))


def _evenly(cells: int, count: int, chance: np.random.Generator) -> IntArray:
    """So many levels in random order, each as often as the others give or take one."""
    drawn: IntArray = chance.permutation(np.arange(count) % cells)
    return drawn


@dataclass(frozen=True)
class Effects:
    """Elementary effects of every choice on every output; arrays are (choices, targets) where nothing else is said.

    Attributes:
        mu: Mean of the effects; NaN where no path has any.
        mu_star: Mean of their sizes.
        sigma: Standard deviation of the effects (denominator n - 1), 0 for a single path.
        mu_low: Lower ends of the bootstrap intervals of mu.
        mu_high: Upper ends.
        mu_star_low: Lower ends of the intervals of mu*.
        mu_star_high: Upper ends.
        sigma_low: Lower ends of the intervals of sigma.
        sigma_high: Upper ends.
        used: Paths used for each choice and output; a path is left out for the two choices beside a run without output.
        constant: Whether an output did not vary in any run, (targets,): all its effects are 0.
    """

    mu: FloatArray
    mu_star: FloatArray
    sigma: FloatArray
    mu_low: FloatArray
    mu_high: FloatArray
    mu_star_low: FloatArray
    mu_star_high: FloatArray
    sigma_low: FloatArray
    sigma_high: FloatArray
    used: IntArray
    constant: BoolArray


def effects(
    design: Paths, outputs: FloatArray, *, bootstraps: int = 1000, confidence: float = 0.95, seed: int = 1, chunk: int = 64
) -> Effects:
    """Elementary effects from the outputs of a design.

    Args:
        design: The paths.
        outputs: (paths · (choices + 1), targets) outputs of :meth:`Paths.rows`, NaN where a run has none.
        bootstraps: Resamples of the paths; 0 gives intervals of no width.
        confidence: Share of the resamples between the two ends of an interval.
        seed: Seed of the bootstrap.
        chunk: Targets that are worked on together; the result does not depend on it.
    """
    count, choices = design.changed.shape
    targets = outputs.shape[1]
    y = outputs.reshape(count, choices + 1, targets)
    low, high = np.fmin.reduce(outputs, axis=0), np.fmax.reduce(outputs, axis=0)
    size = np.maximum(1.0, np.fmax(np.abs(low), np.abs(high)))
    with np.errstate(invalid="ignore"):
        constant = ~((high - low) > CONSTANT * size) & ~np.isnan(low)
    by_step = np.diff(y, axis=1)
    by_step = np.where(np.abs(by_step) <= CONSTANT * size, 0.0, by_step) / design.steps[:, :, None]
    effect = np.empty_like(by_step)
    np.put_along_axis(effect, np.broadcast_to(design.changed[:, :, None], by_step.shape), by_step, axis=1)
    drawn = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, 0x3078)))).integers(0, count, (bootstraps, count))
    counts = np.zeros((bootstraps, count))
    np.add.at(counts, (np.arange(bootstraps)[:, None], drawn), 1.0)
    shape = (choices, targets)
    values = {name: np.empty(shape) for name in ("mu", "mu_star", "sigma")}
    ends = {f"{name}_{end}": np.empty(shape) for name in values for end in ("low", "high")}
    used = np.empty(shape, np.intp)
    for first in range(0, targets, chunk):
        columns = slice(first, first + chunk)
        part = effect[:, :, columns]
        there = ~np.isnan(part)
        part = np.where(there, part, 0.0)
        used[:, columns] = there.sum(axis=0)
        for name, value in _summary(None, part, there).items():
            values[name][:, columns] = value[0]
        resampled = _summary(counts, part, there) if bootstraps else {}
        for name in values:
            bounds = [values[name][:, columns]] * 2
            if bootstraps:
                ordered = np.sort(np.moveaxis(resampled[name], 0, -1), axis=-1)
                bounds = [quantile(ordered, (1 - confidence) / 2), quantile(ordered, (1 + confidence) / 2)]
            ends[f"{name}_low"][:, columns], ends[f"{name}_high"][:, columns] = bounds
    none = used == 0
    for array in (*values.values(), *ends.values()):
        array[none] = np.nan
    return Effects(**values, **ends, used=used, constant=constant)


def _summary(counts: FloatArray | None, effect: FloatArray, there: BoolArray) -> dict[str, FloatArray]:
    """mu, mu* and sigma of each resample, (resamples, choices, targets); of the paths as they are without counts."""
    count = effect.shape[0]
    if counts is None:
        sums = [array.sum(axis=0)[None] for array in (there, effect, np.abs(effect), effect * effect)]
        unit: FloatArray = np.ones(effect.shape[1:])
    else:
        # Whole numbers, so large that squares still add up exactly: the same bits whatever the chunks and threads.
        largest = np.abs(effect).max(axis=0)
        unit = 2.0 ** np.floor((52 - np.log2(count)) / 2) / np.where(largest > 0, largest, 1.0)
        whole = np.rint(effect * unit)
        parts = (there.astype(np.float64), whole, np.abs(whole), whole * whole)
        sums = [(counts @ part.reshape(count, -1)).reshape(len(counts), *effect.shape[1:]) for part in parts]
    number, total, sizes, squares = sums
    divisor = np.maximum(number, 1.0)
    spread = np.maximum(squares - total * total / divisor, 0.0)
    # Equal effects have no spread, whatever rounding leaves.
    spread[spread <= 1e-14 * squares] = 0.0
    sigma = np.sqrt(spread / np.maximum(number - 1.0, 1.0))
    return {"mu": total / divisor / unit, "mu_star": sizes / divisor / unit, "sigma": sigma / unit}
