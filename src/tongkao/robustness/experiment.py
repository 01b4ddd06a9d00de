"""An experiment: one assessment, what may vary in it, and any number of markings under any design."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.awards import awards
from tongkao.engine.problems import problems_of
from tongkao.errors import MarkingError, Place, Problem
from tongkao.folder.assessment import Assessment
from tongkao.robustness import spec_messages as say
from tongkao.robustness.alternatives import Alternative, Making, alternatives_of, check_spec
from tongkao.robustness.batch import Drawn, TileResult, amounts_of
from tongkao.robustness.blas import one_thread
from tongkao.robustness.check_weights import check_weights
from tongkao.robustness.choices import Choice, check_combinations, choice_of
from tongkao.robustness.draws import WeightSets, compile_draw
from tongkao.robustness.gathering import Gathering
from tongkao.robustness.outcomes import Nominal, Outcomes
from tongkao.robustness.spec import Sets, Spec, SpecError, ValuesChoice, WeightsChoice
from tongkao.robustness.spec_faults import Locations
from tongkao.robustness.tile_store import TileStore
from tongkao.robustness.tiles import Tile, groups_of, mark_tile, tiles_of
from tongkao.robustness.tree_weights import leaf_weights, shares_of
from tongkao.robustness.value_draws import ValueDraw
from tongkao.robustness.variant import Compiler, TrackVariant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Progress = Callable[[int, int], object]

#: variants that are kept ready
READY = 64
#: own threads
THREADS = 2


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
        self._compiled_draws: dict[tuple[str, tuple[str, ...], int], list[Drawn]] = {}
        self._ready: OrderedDict[tuple[int, ...], dict[str, TrackVariant] | tuple[Problem, ...]] = OrderedDict()
        listed = [alternatives_of(choice, assessment.scheme, assessment.units["unit"].to_list()) for choice in spec.vary]
        self._alternatives: tuple[tuple[Alternative, ...], ...] = tuple(each for each, _ in listed)
        self._nominal_variant = self._compiler.compile_nominal(assessment)
        problems = check_weights(spec, self._nominal_variant, self._where)
        if problems:
            raise SpecError(problems)
        self.warnings = check_combinations(spec, self._alternatives, self._making, self._where)
        self.choices: tuple[Choice, ...] = tuple(
            choice_of(choice, alternatives, chances, self._making)
            for choice, (alternatives, chances) in zip(spec.vary, listed, strict=True)
        )
        #: choices whose alternatives make another assessment or take leaves out
        self._combining = tuple(number for number, choice in enumerate(self.choices) if choice.labels and choice.kind != "sets")
        self.nominal: dict[str, Nominal] = {track: self._nominal(track) for track in assessment.scheme.tracks}

    # --- what varies ----------------------------------------------------------------------------------------------------

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

    # --- combinations -----------------------------------------------------------------------------------------------------

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
        marks = self._compiler.marks[track]
        found = problems_of(marks)
        if found:
            raise MarkingError(found)
        rows, names = variant.rows, [award.id for award in variant.plan.track.awards]
        won = [[name in mine for name in names] for mine in awards(marks, variant.past)] if names else []
        return Nominal(
            marks.totals[rows],
            marks.final.ranks[rows].astype(np.int32),
            marks.final.tiers[rows].astype(np.int8),
            np.array(won, bool).reshape(len(variant.plan.unit_ids), len(names)),
        )

    def _drawn(self, track: str, variant: TrackVariant, seed: int) -> list[Drawn]:
        """The choices that are drawn, ready for the tree of a track."""
        key = track, variant.plan.layout.ids, seed
        if key in self._compiled_draws:
            return self._compiled_draws[key]
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
        if len(self._compiled_draws) >= READY:
            self._compiled_draws.clear()
        self._compiled_draws[key] = made
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
    ) -> Iterator[tuple[Tile, dict[str, TileResult] | tuple[Problem, ...]]]:
        """Results of the tiles in their order; a few are ahead of the one that is asked for."""
        waiting: list[tuple[Tile, Future[dict[str, TileResult]] | dict[str, TileResult] | tuple[Problem, ...]]] = []
        number = 0
        most = max(len(variant.plan.unit_ids) for variant in self._nominal_variant.values())
        for runs in groups_of(chosen, self._combining):
            variants = self.variant(chosen[runs[0]])
            if isinstance(variants, tuple):
                waiting.append((Tile(number, runs, len(runs)), variants))
                number += 1
                continue
            drawn = {track: self._drawn(track, variant, seed) for track, variant in variants.items()}
            for part, size in tiles_of(runs, most):
                tile = Tile(number, part, size)
                number += 1
                kept = store.get(tile.number)
                if kept is not None:
                    waiting.append((tile, kept))
                else:
                    # Rows are taken out here: whole tiles of a design are views.
                    rows = slice(int(part[0]), int(part[-1]) + 1) if part[-1] - part[0] == len(part) - 1 else part
                    waiting.append((tile, pool.submit(mark_tile, variants, drawn, design[rows], chosen[rows], size)))
                while len(waiting) > 2 * threads:
                    yield self._finish(waiting.pop(0), store)
        while waiting:
            yield self._finish(waiting.pop(0), store)

    @staticmethod
    def _finish(
        item: tuple[Tile, Future[dict[str, TileResult]] | dict[str, TileResult] | tuple[Problem, ...]], store: TileStore
    ) -> tuple[Tile, dict[str, TileResult] | tuple[Problem, ...]]:
        tile, result = item
        if isinstance(result, Future):
            made = result.result()
            store.put(tile.number, made)
            return tile, made
        return tile, result
