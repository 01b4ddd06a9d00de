"""Designs: which points of the unit cube the runs of a sensitivity analysis are made at.

A point has one coordinate in [0, 1) for each choice. Every design is the same, bit for bit, for the same seed, on every machine
and whatever is done with it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongkao.robustness.directions import INITIAL

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Sampler = Literal["sobol", "latin", "random"]

#: dimensions of the Sobol sequence that there are direction numbers for
SOBOL_DIMENSIONS = len(INITIAL) + 1
_BITS = 32


def sobol_points(n: int, dimensions: int, *, seed: int, scramble: bool = True) -> FloatArray:
    """First points of the Sobol sequence, with nested uniform (Owen) scrambling.

    Args:
        n: How many points; powers of two keep the sequence's balance exactly.
        dimensions: Coordinates of each, at most :data:`SOBOL_DIMENSIONS`.
        seed: Seed of the scrambling.
        scramble: Without it the sequence itself, which starts with 0.

    Returns:
        (n, dimensions) points; within (0, 1) when scrambled, else [0, 1).

    Raises:
        ValueError: With more dimensions or points than the sequence has here.

    Source:
        Sobol (1967); direction numbers of Joe and Kuo (2008). Scrambling: Owen (1995), done by a hash as in Laine and Karras
        (2011) and Burley (2020), Practical hash-based Owen scrambling, Journal of Computer Graphics Techniques 9(4), with the
        constants of N. Vegdahl.
    """
    if dimensions > SOBOL_DIMENSIONS:
        raise ValueError(f"{dimensions} dimensions are asked for, the Sobol sequence has {SOBOL_DIMENSIONS} here")
    if n > 2**_BITS:
        raise ValueError(f"{n} points are asked for, the Sobol sequence has 2^32 here")
    numbers = np.empty((n, dimensions), np.uint32)
    seeds = np.random.SeedSequence(seed).generate_state(dimensions)
    index = np.arange(n, dtype=np.uint32)
    bits = [((index >> np.uint32(bit)) & np.uint32(1)).astype(bool) for bit in range(max(n - 1, 0).bit_length())]
    for dimension in range(dimensions):
        column = np.zeros(n, np.uint32)
        for bit, direction in zip(bits, _directions(dimension), strict=False):
            np.bitwise_xor(column, np.uint32(direction), out=column, where=bit)
        numbers[:, dimension] = _scramble(column, int(seeds[dimension])) if scramble else column
    # The middle of each of the 2^32 cells: never 0, never 1.
    points: FloatArray = (numbers.astype(np.float64) + (0.5 if scramble else 0.0)) / 2.0**_BITS
    return points


@cache
def _directions(dimension: int) -> tuple[int, ...]:
    """The direction numbers of one dimension as 32-bit whole numbers, the first for the lowest bit of a point's number."""
    if dimension == 0:
        return tuple(1 << (_BITS - 1 - bit) for bit in range(_BITS))
    polynomial, initial = INITIAL[dimension - 1]
    degree = polynomial.bit_length() - 1
    v = [m << (_BITS - 1 - bit) for bit, m in enumerate(initial)]
    for bit in range(degree, _BITS):
        new = v[bit - degree] ^ (v[bit - degree] >> degree)
        for power in range(1, degree):
            if polynomial >> (degree - power) & 1:
                new ^= v[bit - power]
        v.append(new)
    return tuple(v)


def _scramble(numbers: NDArray[np.uint32], seed: int) -> NDArray[np.uint32]:
    """Nested uniform scrambling: each bit is turned or not by a hash of the bits above it."""
    x = _reverse(numbers)
    # Each step carries from lower to higher bits only, so that in the reversed order a bit depends on those above it.
    x ^= x * np.uint32(0x3D20ADEA)
    x += np.uint32(seed)
    x *= np.uint32((seed >> 16) | 1)
    x ^= x * np.uint32(0x05526C56)
    x ^= x * np.uint32(0x53A22864)
    return _reverse(x)


def _reverse(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Turn round the order of the bits."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF)):
        low = np.uint32(mask)
        x = ((x >> np.uint32(shift)) & low) | ((x & low) << np.uint32(shift))
    return (x >> np.uint32(16)) | (x << np.uint32(16))


def latin_points(n: int, dimensions: int, *, seed: int) -> FloatArray:
    """A Latin hypercube: in each coordinate, one point in each of n equal cells, at a random place of the cell.

    Args:
        n: How many points.
        dimensions: Coordinates of each.
        seed: Seed.

    Returns:
        (n, dimensions) points in [0, 1).

    Source:
        McKay, Beckman and Conover (1979), Technometrics 21, 239-245.
    """
    points = np.empty((n, dimensions))
    for dimension in range(dimensions):
        chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, dimension))))
        points[:, dimension] = (chance.permutation(n) + chance.random(n)) / n
    # The last place of the last cell may round up to 1.
    return np.minimum(points, np.nextafter(1.0, 0.0))


def random_points(n: int, dimensions: int, *, seed: int) -> FloatArray:
    """Independent even points, (n, dimensions), in [0, 1)."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed))).random((n, dimensions))


def sample(n: int, dimensions: int, *, seed: int, sampler: Sampler = "sobol") -> FloatArray:
    """Points of the named sampler, (n, dimensions); a Latin hypercube where the Sobol sequence has too few dimensions."""
    if sampler == "random":
        return random_points(n, dimensions, seed=seed)
    if sampler == "latin" or dimensions > SOBOL_DIMENSIONS:
        return latin_points(n, dimensions, seed=seed)
    return sobol_points(n, dimensions, seed=seed)


@dataclass(frozen=True)
class Radial:
    """A design for first-order and total indices: blocks A and B, and A with one column from B.

    Attributes:
        points: (choices + 2, n, choices) blocks in the order A, B, AB_1 ... AB_d.
    """

    points: FloatArray

    @property
    def n(self) -> int:
        """Points of a block."""
        return int(self.points.shape[1])

    @property
    def choices(self) -> int:
        """Number of choices."""
        return int(self.points.shape[2])

    def rows(self) -> FloatArray:
        """All points as one matrix, ((choices + 2) · n, choices), block after block."""
        return self.points.reshape(-1, self.choices)

    def blocks(self, outputs: NDArray[np.generic]) -> FloatArray:
        """Outputs of :meth:`rows` ((choices + 2) · n, ...) as (choices + 2, n, ...)."""
        shaped: FloatArray = np.asarray(outputs, np.float64).reshape(self.choices + 2, self.n, *outputs.shape[1:])
        return shaped


def radial(n: int, choices: int, *, seed: int, sampler: Sampler = "sobol") -> Radial:
    """Make a radial design: (choices + 2) · n runs.

    A and B are the two halves of the coordinates of 2 · choices dimensional points, so that they are independent of each other
    and each fills the cube evenly.

    Args:
        n: Points of a block.
        choices: Number of choices.
        seed: Seed.
        sampler: ``sobol``, ``latin`` or ``random``.

    Source:
        Saltelli et al. (2010), Variance based sensitivity analysis of model output, Computer Physics Communications 181,
        259-270.
    """
    both = sample(n, 2 * choices, seed=seed, sampler=sampler)
    a, b = both[:, :choices], both[:, choices:]
    points = np.empty((choices + 2, n, choices))
    points[0], points[1], points[2:] = a, b, a
    for choice in range(choices):
        points[2 + choice, :, choice] = b[:, choice]
    return Radial(points)
