"""Results of tiles brought together to the outcomes of an experiment, in memory that does not grow without bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import Problem
from tongkao.robustness import outcomes as made
from tongkao.robustness.batch import TileResult
from tongkao.robustness.outcomes import Failure, Nominal, Outcomes, Sums, TrackOutcomes
from tongkao.robustness.variant import TrackVariant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: failures that are kept with their problems; further ones are counted and named without
DESCRIBED = 1000


class Gathering:
    """Takes tiles in their order.

    Args:
        design: The design.
        alternatives: Which alternative each run has.
        seed: Seed of the draws.
        top: For which k the first k are counted.
        variants: The tracks as they are.
        nominal: Their markings.
    """

    def __init__(
        self,
        design: FloatArray,
        alternatives: NDArray[np.int16],
        seed: int,
        top: tuple[int, ...],
        variants: Mapping[str, TrackVariant],
        nominal: Mapping[str, Nominal],
    ) -> None:
        self._design, self._alternatives, self._seed, self._top = design, alternatives, seed, top
        self._variants, self._nominal = variants, nominal
        self._failures: list[Failure] = []
        runs = len(design)
        cells = runs * sum(len(variant.plan.unit_ids) for variant in variants.values())
        self._step = max(1, -(-cells // made.KEPT_CELLS))
        kept = -(-runs // self._step)
        self._ok = np.zeros(runs, bool)
        self._totals: dict[str, FloatArray] = {}
        self._ranks: dict[str, NDArray[np.int32]] = {}
        self._tiers: dict[str, NDArray[np.int8]] = {}
        self._awards: dict[str, BoolArray] = {}
        self._sums: dict[str, Sums] = {}
        for track, variant in variants.items():
            n, rules = len(variant.plan.unit_ids), variant.plan.track
            self._totals[track] = np.empty((kept, n))
            self._ranks[track] = np.empty((kept, n), np.int32)
            self._tiers[track] = np.empty((kept, n), np.int8)
            if rules.awards:
                self._awards[track] = np.empty((kept, n, len(rules.awards)), bool)
            if self._step > 1:
                self._sums[track] = Sums.empty(n, len(top), len(rules.tiers), len(rules.awards))

    def add(self, runs: IntArray, results: Mapping[str, TileResult] | tuple[Problem, ...]) -> None:
        """Take the results of some runs, or the reason why none of them can be marked."""
        if isinstance(results, tuple):
            self._failures += [Failure(int(run), "", results) for run in runs]
            return
        failed = np.zeros(len(runs), bool)
        for track, tile in results.items():
            failed |= tile.failed
            for run, problems in zip(runs[tile.failed].tolist(), tile.problems, strict=True):
                self._failures.append(Failure(int(run), track, problems if len(self._failures) < DESCRIBED else problems[:1]))
        self._ok[runs] = ~failed
        keep = np.flatnonzero(runs % self._step == 0)
        where = runs[keep] // self._step
        together = bool(len(keep) == len(runs) and len(runs) and np.array_equal(where, np.arange(where[0], where[0] + len(runs))))
        places: slice | IntArray = slice(int(where[0]), int(where[0]) + len(runs)) if together else where
        rows: slice | IntArray = slice(None) if together else keep
        for track, tile in results.items():
            if self._step > 1:
                # A run counts in every track or in none.
                whole = TileResult(tile.totals, tile.ranks, tile.tiers, tile.awards, failed)
                tiers = len(self._variants[track].plan.track.tiers)
                self._sums[track].add(Sums.of(whole, self._nominal[track], self._top, tiers))
            self._totals[track][places] = tile.totals[rows]
            self._ranks[track][places] = tile.ranks[rows]
            self._tiers[track][places] = tile.tiers[rows]
            if tile.awards is not None:
                self._awards[track][places] = tile.awards[rows]

    def _summed(self, track: str, ok: BoolArray) -> Callable[[], Sums]:
        """How to sum over runs all of which are kept, when somebody asks."""
        rules = self._variants[track].plan.track
        tile = TileResult(self._totals[track], self._ranks[track], self._tiers[track], self._awards.get(track), ~ok)
        return lambda: Sums.of(tile, self._nominal[track], self._top, len(rules.tiers))

    def outcomes(self) -> Outcomes:
        """What was gathered; runs that failed are in no array."""
        kept = np.arange(0, len(self._design), self._step)
        ok = self._ok[kept]
        tracks = {}
        for track, variant in self._variants.items():
            plan = variant.plan
            awards = self._awards.get(track)
            whole = bool(ok.all())
            tracks[track] = TrackOutcomes(
                track,
                tuple(plan.unit_ids),
                tuple(plan.units["class"].to_list()),
                plan.rank_codes[variant.rows],
                tuple(tier.id for tier in plan.track.tiers),
                tuple(award.id for award in plan.track.awards),
                self._nominal[track],
                self._totals[track] if whole else self._totals[track][ok],
                self._ranks[track] if whole else self._ranks[track][ok],
                self._tiers[track] if whole else self._tiers[track][ok],
                awards if whole or awards is None else awards[ok],
                self._sums[track] if self._step > 1 else self._summed(track, ok),
            )
        failures = tuple(sorted(self._failures, key=lambda failure: (failure.run, failure.track)))
        return Outcomes(self._design, self._alternatives, self._seed, self._top, kept[ok], self._step, failures, tracks)
