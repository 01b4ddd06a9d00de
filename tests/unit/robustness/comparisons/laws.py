"""What the tests of the comparisons share: made-up tables, and the laws that methods keep."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import frozen
from tongkao.engine.kernels import FloatArray, IntArray, competition_rank
from tongkao.robustness import comparisons as c

Method = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
Table = tuple[FloatArray, FloatArray, FloatArray]

#: positive values fit all of them
BY_NAME: dict[str, Method] = {
    "aras": c.aras,
    "copeland": c.copeland,
    "copras": c.copras,
    "edas": c.edas,
    "mabac": c.mabac,
    "moora": c.moora,
    "promethee": c.promethee,
    "spotis": lambda x, w, s: c.spotis(x, w, s, np.tile([0.0, 1e9], (x.shape[1], 1))),
    "topsis": c.topsis,
    "topsis_minmax": lambda x, w, s: c.topsis(x, w, s, scale="minmax"),
    "vikor": c.vikor,
    "waspas": c.waspas,
    "weighted_product": c.weighted_product,
    "weighted_sum": c.weighted_sum,
}

#: a better value never lowers the unit's own rank
MONOTONE = (
    "aras", "copeland", "mabac", "moora", "promethee", "spotis", "waspas", "weighted_product", "weighted_sum",
)  # fmt: skip

#: a better value never lowers the unit's own score
OWN_SCORE = ("aras", "moora", "promethee", "spotis", "topsis", "waspas", "weighted_product", "weighted_sum")


@st.composite
def tables(draw: st.DrawFn, *, least_units: int = 1) -> Table:
    """Values above 0 with ties, weights with zeros (not all), directions."""
    n, m = draw(st.integers(least_units, 7)), draw(st.integers(1, 6))
    cell = st.one_of(st.integers(1, 6).map(float), st.integers(1, 99_999).map(lambda number: number / 1000))
    x = np.array(draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n)))
    weight = np.array(draw(st.lists(st.integers(0, 9), min_size=m, max_size=m)), dtype=np.float64)
    if not weight.any():
        weight += 1.0
    sign = np.array(draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=m, max_size=m)))
    return frozen(x), frozen(weight), frozen(sign)


def ranks(scores: FloatArray) -> IntArray:
    """Ranks, scores nearer than rounding sharing a place."""
    return competition_rank(scores, np.zeros(len(scores), dtype=np.int64), tolerance=1e-10)


def improved(x: FloatArray, sign: FloatArray, unit: int, column: int, factor: float) -> FloatArray:
    """The table with one value made better by a factor above 1."""
    better = x.copy()
    better[unit, column] *= factor if sign[column] > 0 else 1.0 / factor
    return frozen(better)
