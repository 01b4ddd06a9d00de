"""Pairs of indicators that say the same twice, that pull against each other, or that only say how large a unit is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tongkao.engine.kernels.arrays import FloatArray

REDUNDANT = 0.92
NEGATIVE = -0.4
SIZE = 0.7

Flag = Literal["redundant", "negative", "size"]


@dataclass(frozen=True)
class Pair:
    """Two columns whose correlation is remarkable.

    Attributes:
        first: The one column.
        second: The other.
        coefficient: Their correlation.
        flag: ``redundant``, ``negative``, or ``size`` for a column that goes along with a denominator.
    """

    first: int
    second: int
    coefficient: float
    flag: Flag


def remarkable_pairs(
    r: FloatArray,
    groups: Sequence[object],
    *,
    redundant: float = REDUNDANT,
    negative: float = NEGATIVE,
    within: bool = False,
) -> list[Pair]:
    """Pairs of indicators to look at.

    Source of the limits: OECD/JRC, COIN tool and audits of composite indicators, which look at r > 0.92 and r < -0.4.

    Args:
        r: (k, k) correlations of values that all point the same way, NaN where a pair has none.
        groups: (k,) the dimension of each column.
        redundant: Pairs above are redundant, wherever they are.
        negative: Pairs of one dimension below are negative.
        within: Look for redundant pairs within dimensions only.

    Returns:
        The pairs, each once, in the order of the columns.
    """
    found = []
    for first in range(r.shape[0]):
        for second in range(first + 1, r.shape[0]):
            coefficient = float(r[first, second])
            same = groups[first] == groups[second]
            if coefficient > redundant and (same or not within):
                found.append(Pair(first, second, coefficient, "redundant"))
            elif coefficient < negative and same:
                found.append(Pair(first, second, coefficient, "negative"))
    return found


def pairs_with_denominators(r: FloatArray, *, limit: float = SIZE) -> list[Pair]:
    """Indicators that go along with the size of a unit, in either direction.

    Args:
        r: (k, d) correlations of k indicators with d denominators, NaN where a pair has none.
        limit: Pairs larger in size are flagged.

    Returns:
        The pairs in the order of the indicators; ``second`` is the denominator.
    """
    with np.errstate(invalid="ignore"):
        places = np.nonzero(np.abs(r) > limit)
    return [Pair(int(i), int(d), float(r[i, d]), "size") for i, d in zip(*places, strict=True)]
