"""An experiment: one assessment, what may vary in it, and any number of markings under any design."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import MarkingError, Place, Problem
from tongkao.folder.assessment import Assessment
from tongkao.robustness import spec_messages as say
from tongkao.robustness.alternatives import Alternative, Making, alternatives_of, check_spec, impossible, no_such_path
from tongkao.robustness.batch import Drawn, TileResult, amounts_of, run_tile
from tongkao.robustness.blas import one_thread
from tongkao.robustness.check_weights import check_weights
from tongkao.robustness.draws import WeightSets, compile_draw
from tongkao.robustness.gathering import Gathering
from tongkao.robustness.outcomes import Nominal, Outcomes
from tongkao.robustness.paths import NoSuchPath
from tongkao.robustness.spec import ChoiceSpec, Sets, Spec, SpecError, ValuesChoice, WeightsChoice
from tongkao.robustness.spec_faults import Locations
from tongkao.robustness.tile_store import TileStore
from tongkao.robustness.tree_weights import leaf_weights, shares_of
from tongkao.robustness.value_draws import ValueDraw
from tongkao.robustness.variant import Compiler, TrackVariant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Progress = Callable[[int, int], object]

#: so many combinations of alternatives are checked before anything runs
CHECKED = 256
#: variants that are kept ready
READY = 64
#: runs × units of a tile, and the most and the least runs
TILE_CELLS, MOST, LEAST = 131_072, 1024, 32
#: own threads
THREADS = 2


@dataclass(frozen=True)
class Choice:
    """One thing that varies, as a column of a design.

    Attributes:
        id: Its name.
        kind: ``weights``, ``sets``, ``path``, ``settings``, ``leave_out``, ``values`` or ``classes``.
        labels: Names of its alternatives; empty for one that is drawn anew for every number of the design.
        cuts: Where [0, 1) is cut: alternative i from ``cuts[i]`` up to ``cuts[i + 1]``.
        nominal: The alternative that is the assessment as it is, -1 where none is or it is drawn.
    """

    id: str
    kind: str
    labels: tuple[str, ...] = ()
    cuts: tuple[float, ...] = ()
    nominal: int = -1

    @property
    def drawn(self) -> bool:
        """Whether it has no alternatives but is drawn."""
        return not self.labels


@dataclass(frozen=True)
class _Tile:
    """Some runs of one combination."""

    number: int
    runs: IntArray
    size: int


class Experiment:
    """Marks an assessment again and again with what a spec lets vary.

    Args:
        assessment: A checked assessment.
        spec: What varies.
        locations: Where the spec's values stand, for the places of problems.

    Raises:
        SpecError: If the spec names what is not there, or alternatives are impossible; nothing has been run then.
        MarkingError: If the assessment as it is cannot be marked.

    Attributes:
        assessment: The assessment.
        spec: The spec.
        choices: What varies, one column of a design each, in the order of the spec.
        warnings: What is odd but no error.
    """

    def __init__(self, assessment: Assessment, spec: Spec, locations: Locations | None = None) -> None:
        self.assessment, self.spec = assessment, spec
        self._where = locations if locations is not None else Locations()
        problems = check_spec(spec, assessment, self._where)
        if problems:
            raise SpecError(problems)
        self._making = Making(assessment)
        self._compiler = Compiler(assessment)
        self._ready: OrderedDict[tuple[int, ...], dict[str, TrackVariant] | tuple[Problem, ...]] = OrderedDict()
        units = assessment.units["unit"].to_list()
        listed = [alternatives_of(choice, assessment.scheme, units) for choice in spec.vary]
        self._alternatives: tuple[tuple[Alternative, ...], ...] = tuple(each for each, _ in listed)
        self._nominal_variant = self._compiler.compile(assessment, ())
        self.choices = tuple(
            self._choice(number, alternatives, chances) for number, (alternatives, chances) in enumerate(listed)
        )
        problems = check_weights(spec, self._nominal_variant, self._where)
        if problems:
            raise SpecError(problems)
        #: choices whose alternatives make another assessment or take leaves out
        self._combining = tuple(
            number for number, choice in enumerate(self.choices) if choice.labels and choice.kind != "sets"
        )
        self.warnings: tuple[Problem, ...] = self._check_combinations()
        self.nominal: dict[str, Nominal] = {track: self._nominal(track) for track in assessment.scheme.tracks}

    # --- what varies ----------------------------------------------------------------------------------------------------

    def _choice(self, number: int, alternatives: Sequence[Alternative], chances: Sequence[float] | None) -> Choice:
        given = self.spec.vary[number]
        kind = next(name for name in ("weights", "path", "settings", "leave_out", "values", "classes") if hasattr(given, name))
        if isinstance(given, WeightsChoice) and isinstance(given.weights, Sets):
            kind = "sets"
        if not alternatives:
            return Choice(given.id, kind)
        shares = np.array(chances or [1.0] * len(alternatives))
        cuts = (0.0, *np.cumsum(shares / shares.sum())[:-1].tolist(), 1.0)
        return Choice(given.id, kind, tuple(alternative.label for alternative in alternatives), cuts, self._as_it_is(given, alternatives))

    def _as_it_is(self, given: ChoiceSpec, alternatives: Sequence[Alternative]) -> int:
        """The alternative that changes nothing, -1 where there is none."""
        if isinstance(given, WeightsChoice):
            return -1
        for number, alternative in enumerate(alternatives):
            if alternative.left_out or alternative.unranked:
                continue
            try:
                made, _ = self._making.make([alternative])
            except NoSuchPath:
                continue
            same = self.assessment
            if made is not None and made.scheme == same.scheme and made.units.equals(same.units):
                return number
        return -1

    def alternatives(self, design: FloatArray) -> NDArray[np.int16]:
        """Which alternative each run of a design has, (runs, choices); -1 for choices that are drawn."""
        chosen = np.full(design.shape, -1, np.int16)
        for number, choice in enumerate(self.choices):
            if choice.labels:
                chosen[:, number] = np.searchsorted(choice.cuts[1:-1], design[:, number], side="right")
        return chosen

    def design(self, runs: int | None = None, seed: int | None = None) -> FloatArray:
        """Random numbers in [0, 1), (runs, choices), by default as many and from the seed that the spec says."""
        chance = np.random.Generator(np.random.PCG64(self.spec.seed if seed is None else seed))
        return chance.random((self.spec.runs if runs is None else runs, len(self.choices)))

    # --- alternatives ---------------------------------------------------------------------------------------------------

    def _check_combinations(self) -> tuple[Problem, ...]:
        """Make every alternative by itself, then combinations; refuse what is impossible, before anything runs."""
        problems: list[Problem] = []
        for number in self._combining:
            for alternative in self._alternatives[number]:
                if alternative.recompiles:
                    problems += self._refusal([(number, alternative)])
        if problems:
            raise SpecError(problems)
        changing = [number for number in self._combining if any(each.recompiles for each in self._alternatives[number])]
        count = math.prod(len(self._alternatives[number]) for number in changing)
        if len(changing) > 1:
            for combination in itertools.islice(itertools.product(*(self._alternatives[number] for number in changing)), CHECKED):
                chosen = [
                    (number, each) for number, each in zip(changing, combination, strict=True) if each.recompiles
                ]
                if len(chosen) > 1:
                    problems += self._refusal(chosen)
                if len(problems) > 20:
                    break
        if problems:
            raise SpecError(problems)
        if count > CHECKED and len(changing) > 1:
            return (Problem(say.TOO_MANY_COMBINATIONS, Place(file=self._where.file), {"count": count, "limit": CHECKED}),)
        return ()

    def _refusal(self, chosen: Sequence[tuple[int, Alternative]]) -> list[Problem]:
        try:
            made, problems = self._making.make([alternative for _, alternative in chosen])
        except NoSuchPath as error:
            number, alternative = chosen[-1]
            return [no_such_path(self.spec, number, alternative, error, self._where)]
        return [] if made is not None else [impossible(self.spec, chosen, problems, self._where)]

    def variant(self, combination: Sequence[int]) -> dict[str, TrackVariant] | tuple[Problem, ...]:
        """The tracks under one combination, compiled and prepared; or why there are none.

        Args:
            combination: Number of the alternative of each choice, -1 for those that are drawn.
        """
        key = tuple(int(combination[number]) for number in self._combining)
        if key not in self._ready:
            chosen = [self._alternatives[number][place] for number, place in zip(self._combining, key, strict=True)]
            made, problems = self._making.make(chosen)
            left_out = [name for alternative in chosen for name in alternative.left_out]
            self._ready[key] = tuple(problems) if made is None else self._compiler.compile(made, left_out)
            while len(self._ready) > READY:
                self._ready.popitem(last=False)
        self._ready.move_to_end(key)
        return self._ready[key]

    def _nominal(self, track: str) -> Nominal:
        variant = self._nominal_variant[track]
        one = run_tile(variant, (), np.zeros((1, 0)), np.zeros((1, 0), np.intp), 1)
        if one.failed[0]:
            raise MarkingError(one.problems[0])
        n = len(variant.plan.unit_ids)
        won = one.awards[0] if one.awards is not None else np.zeros((n, 0), bool)
        return Nominal(one.totals[0], one.ranks[0], one.tiers[0], won)

    def _drawn(self, track: str, variant: TrackVariant, seed: int) -> list[Drawn]:
        """The choices that are drawn, ready for the tree of a track."""
        made: list[Drawn] = []
        for column, choice in enumerate(self.spec.vary):
            if isinstance(choice, WeightsChoice):
                if choice.track not in (None, track):
                    continue
                if isinstance(choice.weights, Sets):
                    made.append(Drawn(column, WeightSets.of(choice.id, variant.plan.layout, choice.weights.sets)))
                else:
                    made.append(Drawn(column, compile_draw(choice, variant.plan.layout, seed)))
            elif isinstance(choice, ValuesChoice):
                made.append(Drawn(column, ValueDraw.of(choice, self.assessment.observations, seed)))
        return made

    # --- weights of runs ------------------------------------------------------------------------------------------------

    def profile_of(self, track: str, unit: int) -> int:
        """Profile of weights of a unit of a track as it is."""
        return int(self._nominal_variant[track].profiles[unit])

    def weights(self, outcomes: Outcomes, track: str, profile: int = 0, runs: slice = slice(None)) -> FloatArray:
        """Weight of every leaf in the total in the kept runs, (kept, m), before anything left; alternatives do not change it.

        Args:
            outcomes: What was run.
            track: Which track.
            profile: Whose weights; see :meth:`profile_of`.
            runs: Only these of the kept runs.
        """
        variant = self._nominal_variant[track]
        rows = outcomes.runs[runs]
        drawn = [each for each in self._drawn(track, variant, outcomes.seed) if not isinstance(each.draw, ValueDraw)]
        places = outcomes.alternatives[rows].astype(np.intp)
        amounts = amounts_of(variant, drawn, outcomes.design[rows], places, profile)
        return leaf_weights(variant.plan.layout, amounts)

    def node_shares(self, outcomes: Outcomes, track: str, choice: str) -> dict[int, tuple[tuple[str, ...], FloatArray]]:
        """Shares among siblings, in the kept runs, of the nodes that one choice of weights lets vary.

        Returns:
            For each profile the ids of the nodes, k of them, and (kept, k) shares.
        """
        variant = self._nominal_variant[track]
        drawn = [
            each
            for each in self._drawn(track, variant, outcomes.seed)
            if not isinstance(each.draw, ValueDraw) and each.draw.id == choice
        ]
        if not drawn:
            return {}
        layout = variant.plan.layout
        (one,) = drawn
        assert not isinstance(one.draw, ValueDraw)
        columns = one.draw.varied()
        places = outcomes.alternatives[outcomes.runs].astype(np.intp)
        found = {}
        for profile in np.unique(variant.profiles).tolist():
            amounts = amounts_of(variant, drawn, outcomes.design[outcomes.runs], places, profile)
            shares = shares_of(layout, amounts)[:, columns]
            found[int(profile)] = tuple(layout.ids[column] for column in columns), shares
        return found

    def central_weights(self, outcomes: Outcomes, track: str, first: int = 1) -> FloatArray:
        """Mean weights of the leaves over the runs in which each unit is among the first k, (n, m); NaN where it never is.

        Source: Lahdelma, Hokkanen and Salminen 1998 (central weight vectors). Weights are those of the unit's own profile.

        Args:
            outcomes: What was run.
            track: Which track.
            first: k.
        """
        variant, of_track = self._nominal_variant[track], outcomes.tracks[track]
        n, m = len(variant.plan.unit_ids), len(variant.plan.indicators)
        sums, counts = np.zeros((n, m)), np.zeros(n)
        step = max(1, 4_000_000 // max(m, n))
        for start in range(0, len(outcomes.runs), step):
            part = slice(start, start + step)
            hit = (of_track.ranks[part] > 0) & (of_track.ranks[part] <= first)
            counts += hit.sum(axis=0)
            for profile in np.unique(variant.profiles).tolist():
                units = variant.profiles == profile
                sums[units] += hit[:, units].T.astype(np.float64) @ self.weights(outcomes, track, int(profile), part)
        with np.errstate(invalid="ignore", divide="ignore"):
            central: FloatArray = sums / counts[:, None]
        return central

    # --- runs -----------------------------------------------------------------------------------------------------------

    def random(self, runs: int | None = None, seed: int | None = None, **options: object) -> Outcomes:
        """Mark so many times with everything that varies drawn at random; options as for :meth:`run`."""
        chosen = self.spec.seed if seed is None else seed
        return self.run(self.design(runs, chosen), seed=chosen, **options)  # type: ignore[arg-type]

    def run(
        self,
        design: FloatArray,
        *,
        seed: int | None = None,
        threads: int = THREADS,
        progress: Progress | None = None,
        state: str | Path | None = None,
    ) -> Outcomes:
        """Mark once for every row of a design.

        The same design and seed give the same bits, whatever the number of threads. Runs with the same number in the column of
        a drawn choice have the same draw.

        Args:
            design: (runs, choices) numbers in [0, 1): a choice with alternatives has the one whose part of [0, 1) it is; what is
                drawn is drawn from seed and number.
            seed: Seed of the draws, by default the spec's.
            threads: Own threads.
            progress: Is called with the number of finished runs and of all.
            state: A file that keeps finished tiles; where it is there, the run goes on from it.

        Raises:
            ValueError: If the design has another shape or numbers outside [0, 1).
            SpecError: If the state file belongs to another run.
        """
        design = np.ascontiguousarray(design, np.float64)
        if design.ndim != 2 or design.shape[1] != len(self.choices) or not ((design >= 0) & (design < 1)).all():
            text = Problem(say.DESIGN_SHAPE, Place(), {"choices": len(self.choices), "found": str(design.shape)}).message("en")
            raise ValueError(text)
        seed = self.spec.seed if seed is None else seed
        chosen = self.alternatives(design)
        gathering = Gathering(design, chosen, seed, tuple(self.spec.top), self._nominal_variant, self.nominal)
        store = TileStore.open(state, self.assessment, self.spec, design, seed)
        done = 0
        with one_thread(), ThreadPoolExecutor(max(1, threads)) as pool:
            for tile, results in self._results(design, chosen, seed, store, pool, max(1, threads)):
                gathering.add(tile.runs, results)
                done += len(tile.runs)
                if progress is not None:
                    progress(done, len(design))
        return gathering.outcomes()

    def _results(
        self,
        design: FloatArray,
        chosen: NDArray[np.int16],
        seed: int,
        store: TileStore,
        pool: ThreadPoolExecutor,
        threads: int,
    ) -> Iterator[tuple[_Tile, dict[str, TileResult] | tuple[Problem, ...]]]:
        """Results of the tiles in their order; a few are ahead of the one that is asked for."""
        waiting: list[tuple[_Tile, Future[dict[str, TileResult]] | dict[str, TileResult] | tuple[Problem, ...]]] = []
        number = 0
        for runs in self._groups(chosen):
            variants = self.variant(chosen[runs[0]])
            if isinstance(variants, tuple):
                waiting.append((_Tile(number, runs, len(runs)), variants))
                number += 1
                continue
            drawn = {track: self._drawn(track, variant, seed) for track, variant in variants.items()}
            for part, size in self._tiles(runs):
                tile = _Tile(number, part, size)
                number += 1
                kept = store.get(tile.number)
                if kept is not None:
                    waiting.append((tile, kept))
                else:
                    # Rows are taken out here: whole tiles of a design are views.
                    rows = slice(int(part[0]), int(part[-1]) + 1) if part[-1] - part[0] == len(part) - 1 else part
                    waiting.append((tile, pool.submit(_mark_tile, variants, drawn, design[rows], chosen[rows], size)))
                while len(waiting) > 2 * threads:
                    yield self._finish(waiting.pop(0), store)
        while waiting:
            yield self._finish(waiting.pop(0), store)

    @staticmethod
    def _finish(
        item: tuple[_Tile, Future[dict[str, TileResult]] | dict[str, TileResult] | tuple[Problem, ...]], store: TileStore
    ) -> tuple[_Tile, dict[str, TileResult] | tuple[Problem, ...]]:
        tile, result = item
        if isinstance(result, Future):
            made = result.result()
            store.put(tile.number, made)
            return tile, made
        return tile, result

    def _groups(self, chosen: NDArray[np.int16]) -> list[IntArray]:
        """Rows of the design by combination of alternatives, combinations in order."""
        if not self._combining or not len(chosen):
            return [np.arange(len(chosen))] if len(chosen) else []
        keys = chosen[:, list(self._combining)]
        _, which = np.unique(keys, axis=0, return_inverse=True)
        order = np.argsort(which.ravel(), kind="stable")
        return list(np.split(order, np.flatnonzero(np.diff(which.ravel()[order])) + 1))

    def _tiles(self, runs: IntArray) -> Iterator[tuple[IntArray, int]]:
        """Cut the runs of a combination into tiles of a fixed size; a smaller last one is filled up to a power of two."""
        n = max(len(variant.plan.unit_ids) for variant in self._nominal_variant.values())
        size = 1 << int(np.clip(TILE_CELLS // max(n, 1), LEAST, MOST)).bit_length() - 1
        for start in range(0, len(runs), size):
            part = runs[start : start + size]
            yield part, min(size, 1 << max(3, (len(part) - 1).bit_length()))


def _mark_tile(
    variants: dict[str, TrackVariant],
    drawn: dict[str, list[Drawn]],
    design: FloatArray,
    chosen: NDArray[np.int16],
    size: int,
) -> dict[str, TileResult]:
    places = chosen.astype(np.intp)
    return {track: run_tile(variant, drawn[track], design, places, size) for track, variant in variants.items()}

