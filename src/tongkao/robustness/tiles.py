"""The runs of a design cut into tiles: runs of one combination of alternatives, computed together.

A tile has a size that depends on the design and the number of units alone, so that products of matrices have the same shapes, and
the same last digits, however many threads there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.robustness.batch import Drawn, TileResult, run_tile
from tongkao.robustness.variant import TrackVariant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

#: runs × units of a tile, and the most and the least runs
TILE_CELLS, MOST, LEAST = 131_072, 1024, 32


@dataclass(frozen=True)
class Tile:
    """Some runs of one combination.

    Attributes:
        number: Its number, from 0.
        runs: Rows of the design, ascending.
        size: So many runs are computed.
    """

    number: int
    runs: IntArray
    size: int


def groups_of(chosen: NDArray[np.int16], combining: Sequence[int]) -> list[IntArray]:
    """Rows of a design by combination of alternatives, combinations in order.

    Args:
        chosen: (runs, choices) number of the alternative of each choice.
        combining: The choices whose alternatives have to be compiled.
    """
    if not len(chosen):
        return []
    if not combining:
        return [np.arange(len(chosen))]
    _, which = np.unique(chosen[:, list(combining)], axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1))


def tiles_of(runs: IntArray, units: int) -> Iterator[tuple[IntArray, int]]:
    """Cut the runs of a combination into tiles; a smaller last one is filled up to a power of two.

    Args:
        runs: Rows of the design.
        units: Number of units of the largest track.
    """
    size = 1 << int(np.clip(TILE_CELLS // max(units, 1), LEAST, MOST)).bit_length() - 1
    for start in range(0, len(runs), size):
        part = runs[start : start + size]
        yield part, min(size, 1 << max(3, (len(part) - 1).bit_length()))


def mark_tile(
    variants: dict[str, TrackVariant],
    drawn: dict[str, list[Drawn]],
    design: FloatArray,
    chosen: NDArray[np.int16],
    size: int,
) -> dict[str, TileResult]:
    """Mark some runs of every track; see :func:`tongkao.robustness.batch.run_tile`."""
    places = chosen.astype(np.intp)
    return {track: run_tile(variant, drawn[track], design, places, size) for track, variant in variants.items()}
