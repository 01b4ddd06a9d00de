"""Draws of weights: for every run a number in [0, 1) of the design, and from it what each node weighs.

A draw is a function of the seed, the choice, the run's number in the design and the node's id, and of nothing else. Runs with the
same number have the same weights (Sobol and Morris need that), and neither the order of runs, units, columns nor the size of
chunks matters. The uniform numbers behind it come out of a mixing function on 64 bits (Steele, Lea and Flood 2014, SplitMix64),
which needs no state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.layout import Layout
from tongkao.robustness.spec import Band, Bounded, Dirichlet, RankConstrained, Weights, WeightsChoice

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
KeyArray = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
#: attempts of the rejection for gamma numbers after which what is left is taken as it is; reached with probability 0.05^64
_ATTEMPTS = 64
#: below this share of accepted points a bounded simplex is walked instead of sampled by rejection
_RARE = 0.02
_PILOT = 4096


@lru_cache(maxsize=65_536)
def key_of(*parts: object) -> np.uint64:
    """A 64-bit key of a name."""
    text = "\x1f".join(str(part) for part in parts).encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


def _mix(x: KeyArray) -> KeyArray:
    """Mix the bits in place (SplitMix64)."""
    x += _GOLDEN
    x ^= x >> np.uint64(30)
    x *= _FIRST
    x ^= x >> np.uint64(27)
    x *= _SECOND
    x ^= x >> np.uint64(31)
    return x


def run_keys(key: np.uint64, numbers: FloatArray) -> KeyArray:
    """A key for every run from its number in the design, (runs,)."""
    return _mix((np.ascontiguousarray(numbers, np.float64) + 0.0).view(np.uint64) ^ key)


def uniforms(keys: KeyArray, names: KeyArray, extra: int = 0) -> FloatArray:
    """Uniform numbers in (0, 1), (runs, k): one for every run and name; other ones for every ``extra``."""
    cells = keys[:, None] + names
    if extra:
        cells += _mix(np.array([extra], np.uint64))
    _mix(cells)
    cells >>= np.uint64(11)
    numbers = cells.astype(np.float64)
    numbers += 0.5
    numbers *= 2.0**-53
    return numbers


def normals(keys: KeyArray, names: KeyArray, extra: int = 0) -> FloatArray:
    """Standard normal numbers, (runs, k) (Box and Muller 1958)."""
    radius = np.sqrt(-2.0 * np.log(uniforms(keys, names, 2 * extra + 1_000_001)))
    normal: FloatArray = radius * np.cos(2.0 * np.pi * uniforms(keys, names, 2 * extra + 1_000_002))
    return normal


def exponentials(keys: KeyArray, names: KeyArray) -> FloatArray:
    """Standard exponential numbers, (runs, k)."""
    numbers = uniforms(keys, names)
    np.log(numbers, out=numbers)
    np.negative(numbers, out=numbers)
    return numbers


def gammas(keys: KeyArray, names: KeyArray, shapes: FloatArray) -> FloatArray:
    """Gamma numbers of scale 1, (runs, k) for shapes (k,) > 0 (Marsaglia and Tsang 2000)."""
    lifted = np.where(shapes < 1, shapes + 1.0, shapes)
    d = lifted - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    result = np.broadcast_to(d, (len(keys), len(names))).copy()
    waiting = np.ones(result.shape, bool)
    for attempt in range(_ATTEMPTS):
        rows = np.flatnonzero(waiting.any(axis=1))
        if not len(rows):
            break
        x = normals(keys[rows], names, attempt)
        u = uniforms(keys[rows], names, attempt + 2_000_001)
        v = (1.0 + c * x) ** 3
        with np.errstate(invalid="ignore", divide="ignore"):
            taken = (v > 0) & (np.log(u) < 0.5 * x * x + d - d * v + d * np.log(v)) & waiting[rows]
        result[rows] = np.where(taken, d * v, result[rows])
        waiting[rows] &= ~taken
    small = shapes < 1
    if small.any():
        result[:, small] *= uniforms(keys, names[small], 3_000_001) ** (1.0 / shapes[small])
    return result


@dataclass(frozen=True)
class Siblings:
    """Nodes under one parent that a choice lets vary.

    Attributes:
        parent: Column of the parent.
        columns: Their columns, (k,).
        names: Keys of their ids, (k,).
    """

    parent: int
    columns: IntArray
    names: KeyArray


@dataclass(frozen=True)
class WeightDraw:
    """A choice of weights, ready for the tree of one track.

    Attributes:
        id: Id of the choice.
        key: Key of seed and choice.
        rule: How weights are drawn.
        groups: The siblings that vary together.
        low: Least share of each node among its siblings, (N,); for ``bounded``.
        high: Greatest share, (N,).
    """

    id: str
    key: np.uint64
    rule: Weights
    groups: tuple[Siblings, ...]
    low: FloatArray
    high: FloatArray

    def varied(self) -> IntArray:
        """Columns of the nodes that vary."""
        return np.concatenate([group.columns for group in self.groups]) if self.groups else np.empty(0, np.intp)

    def apply(self, amounts: FloatArray, numbers: FloatArray, nominal: FloatArray) -> None:
        """Draw the amounts of one profile anew, in place.

        Args:
            amounts: (runs, N) amounts of every node, as they are before this choice.
            numbers: (runs,) the choice's column of the design.
            nominal: (N,) the profile's nominal shares.
        """
        keys = run_keys(self.key, numbers)
        for group in self.groups:
            drawn = self._draw(amounts[:, group.columns], keys, group, nominal[group.columns])
            if drawn is not None:
                amounts[:, group.columns] = drawn

    def _draw(self, current: FloatArray, keys: KeyArray, group: Siblings, nominal: FloatArray) -> FloatArray | None:
        # What weighs nothing for this profile is no part of its assessment and stays out.
        weighs = nominal > 0
        count = int(weighs.sum())
        if isinstance(self.rule, Band):
            return current * (1.0 + self.rule.share * (2.0 * uniforms(keys, group.names) - 1.0))
        if count < 2:
            return None
        part = current[:, weighs]
        whole = part.sum(axis=1, keepdims=True)
        names = group.names[weighs]
        if isinstance(self.rule, Dirichlet):
            if self.rule.concentration is None:
                drawn = exponentials(keys, names)
            else:
                drawn = gammas(keys, names, self.rule.concentration * nominal[weighs] / nominal.sum())
        elif isinstance(self.rule, RankConstrained):
            drawn = _in_order(exponentials(keys, names), nominal[weighs])
        else:
            columns = group.columns[weighs]
            drawn = _bounded(keys, names, self.low[columns], self.high[columns])
        drawn *= whole / drawn.sum(axis=1, keepdims=True)
        result = np.zeros_like(current)
        result[:, weighs] = drawn
        return result


def _in_order(drawn: FloatArray, nominal: FloatArray) -> FloatArray:
    """Give the greatest number to the greatest weight; equal weights keep the order in which their numbers were drawn."""
    ordered = np.sort(drawn, axis=1)[:, ::-1]
    order = np.argsort(-nominal, kind="stable")
    result = np.empty_like(drawn)
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and abs(nominal[order[stop]] - nominal[order[start]]) <= 1e-12 * nominal[order[start]]:
            stop += 1
        tied = order[start:stop]
        among = np.argsort(np.argsort(-drawn[:, tied], axis=1), axis=1)
        result[:, tied] = np.take_along_axis(ordered[:, start:stop], among, axis=1)
        start = stop
    return result


def _bounded(keys: KeyArray, names: KeyArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Even over the shares that sum to 1 with each between its bounds, (runs, k)."""
    spare = 1.0 - low.sum()
    if spare <= 1e-12:
        return np.broadcast_to(low, (len(keys), len(low))).copy()
    limit = high - low
    pilot = _spread(run_keys(np.uint64(1), (np.arange(_PILOT) + 0.5) / _PILOT), names, spare, 0)
    if (pilot <= limit).all(axis=1).mean() < _RARE:
        return low + _walk(keys, names, spare, limit)
    result = np.empty((len(keys), len(names)))
    waiting = np.arange(len(keys))
    attempt = 0
    while len(waiting):
        points = _spread(keys[waiting], names, spare, attempt)
        taken = (points <= limit).all(axis=1)
        result[waiting[taken]] = points[taken]
        waiting = waiting[~taken]
        attempt += 1
    return low + result


def _spread(keys: KeyArray, names: KeyArray, spare: float, attempt: int) -> FloatArray:
    points = -np.log(uniforms(keys, names, 4_000_001 + attempt))
    points *= spare / points.sum(axis=1, keepdims=True)
    return points


def _walk(keys: KeyArray, names: KeyArray, spare: float, limit: FloatArray) -> FloatArray:
    """A random walk that leaves the even distribution as it is: two shares at a time are drawn anew, their sum kept."""
    k = len(limit)
    x = np.broadcast_to(limit * (spare / limit.sum()), (len(keys), k)).copy()
    # Pairs are taken in the order of names, so that the order of columns does not matter.
    order = np.argsort(names)
    step = 0
    for sweep in range(30):
        for distance in range(k - 1):
            first = order[distance % k]
            second = order[(distance + 1 + sweep % (k - 1)) % k]
            if first == second:
                continue
            step += 1
            total = x[:, first] + x[:, second]
            least = np.maximum(0.0, total - limit[second])
            most = np.minimum(limit[first], total)
            u = uniforms(keys, names[:1] ^ names[:1], 5_000_001 + step)[:, 0]
            x[:, first] = least + u * (most - least)
            x[:, second] = total - x[:, first]
    return x


def siblings_at(layout: Layout, at: str | Sequence[str]) -> list[Siblings]:
    """The groups of siblings that a choice lets vary, by level or by id."""
    if isinstance(at, str):
        chosen = [column for column, kind in enumerate(layout.kinds) if column and at in ("all", kind)]
    else:
        chosen = [column for column, name in enumerate(layout.ids) if column and name in at]
    by_parent: dict[int, list[int]] = {}
    for column in chosen:
        by_parent.setdefault(int(layout.parent[column]), []).append(column)
    return [
        Siblings(parent, np.array(columns, np.intp), np.array([key_of(layout.ids[column]) for column in columns], np.uint64))
        for parent, columns in by_parent.items()
    ]


def compile_draw(choice: WeightsChoice, layout: Layout, seed: int) -> WeightDraw:
    """Make a choice of drawn weights ready for the tree of a track."""
    n = len(layout.ids)
    low, high = np.zeros(n), np.ones(n)
    rule = choice.weights
    if isinstance(rule, Bounded):
        low[:], high[:] = rule.low, rule.high
        for name, (least, most) in rule.nodes.items():
            if name in layout.ids:
                low[layout.column(name)], high[layout.column(name)] = least, most
    groups = siblings_at(layout, choice.at)
    return WeightDraw(choice.id, key_of(seed, choice.id), rule, tuple(groups), low, high)


@dataclass(frozen=True)
class WeightSets:
    """Given sets of weights, ready for the tree of one track.

    Attributes:
        id: Id of the choice.
        columns: Columns that any set names, (k,).
        amounts: (sets, k) amounts; NaN where a set leaves a node as it is.
    """

    id: str
    columns: IntArray
    amounts: FloatArray

    @classmethod
    def of(cls, identifier: str, layout: Layout, sets: Mapping[str, Mapping[str, float]]) -> WeightSets:
        """Make sets ready for the tree of a track."""
        columns = [column for column, name in enumerate(layout.ids) if any(name in each for each in sets.values())]
        amounts = np.array([[each.get(layout.ids[column], np.nan) for column in columns] for each in sets.values()])
        return cls(identifier, np.array(columns, np.intp), amounts.reshape(len(sets), len(columns)))

    def varied(self) -> IntArray:
        """Columns of the nodes that vary."""
        return self.columns

    def apply(self, amounts: FloatArray, chosen: IntArray) -> None:
        """Put the amounts of the chosen set of each run in place.

        Args:
            amounts: (runs, N) amounts of every node.
            chosen: (runs,) number of the set.
        """
        given = self.amounts[chosen]
        current = amounts[:, self.columns]
        # What weighs nothing for this profile is no part of its assessment and stays out.
        amounts[:, self.columns] = np.where(np.isnan(given) | (current <= 0), current, given)
