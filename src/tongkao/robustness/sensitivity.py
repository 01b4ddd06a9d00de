"""Which choice matters: sensitivity indices or elementary effects of every choice on any target, for all units at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.errors import Problem
from tongkao.robustness import sensitivity_messages as say
from tongkao.robustness.blas import one_thread
from tongkao.robustness.choices import Choice
from tongkao.robustness.experiment import READY, THREADS, Experiment
from tongkao.robustness.morris import DRAWN, Effects, Paths, effects, paths
from tongkao.robustness.outcomes import KEPT_CELLS, Failure, Outcomes
from tongkao.robustness.sampling import Radial, Sampler, radial
from tongkao.robustness.sobol import Estimator, Indices, indices
from tongkao.robustness.spec import SpecError
from tongkao.robustness.targets import Columns, read_targets

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
Method = Literal["sobol", "morris"]
Impossible = Literal["refuse", "leave_out"]
Progress = Callable[[int, int], object]

DEFAULT_TARGETS = ("rank", "total", "rank_change")
#: points of a block (Sobol) or paths (Morris) when nothing is said
DEFAULT_POINTS: Mapping[str, int] = {"sobol": 1000, "morris": 100}


@dataclass(frozen=True)
class TrackSensitivity:
    """What the choices do to the targets of one track.

    Attributes:
        track: Its id.
        targets: Text of each column's target without its unit.
        units: Its unit, "" for ``rank_change``.
        measures: Indices, or elementary effects, of (choices, columns).
    """

    track: str
    targets: tuple[str, ...]
    units: tuple[str, ...]
    measures: Indices | Effects


@dataclass(frozen=True)
class Sensitivity:
    """A sensitivity analysis.

    Attributes:
        method: ``sobol`` or ``morris``.
        choices: What varied, in the order of the spec.
        n: Points of a block, or paths.
        runs: Markings that were made.
        failures: Runs that could not be marked.
        left_out: Blocks (points of the design with all their runs, or paths with any gap) that were left out for them.
        tracks: The results of each track.
        warnings: What is to be known about it.
    """

    method: Method
    choices: tuple[Choice, ...]
    n: int
    runs: int
    failures: tuple[Failure, ...]
    left_out: int
    tracks: Mapping[str, TrackSensitivity] = field(repr=False)
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def table(self) -> pl.DataFrame:
        """One row a track, target, unit and choice.

        With ``sobol``: first-order and total index with the ends of their intervals, mean and variance of the target, blocks used
        and left out; ``note`` is ``constant`` (the target never varied, its indices are 0), ``too_few`` (fewer than two complete
        blocks, no index) or empty. With ``morris``: mu, mu* and sigma with their intervals, effects used.
        """
        parts = [self._of_track(each) for each in self.tracks.values()]
        return pl.concat(parts) if parts else pl.DataFrame()

    def _of_track(self, part: TrackSensitivity) -> pl.DataFrame:
        choices, columns = len(self.choices), len(part.targets)

        def by_column(values: Sequence[Any]) -> pl.Series:
            return pl.Series(np.repeat(np.arange(columns), choices)).replace_strict(
                list(range(columns)), list(values), return_dtype=pl.String
            )

        def long(array: NDArray[Any]) -> NDArray[Any]:
            return np.ascontiguousarray(np.broadcast_to(array, (choices, columns)).T).ravel()

        measures = part.measures
        data: dict[str, Any] = {
            "track": pl.repeat(part.track, choices * columns, eager=True, dtype=pl.String),
            "target": by_column(part.targets),
            "unit": by_column(part.units),
            "choice": pl.Series([choice.id for choice in self.choices] * columns, dtype=pl.String),
        }
        if isinstance(measures, Indices):
            numbers: tuple[str, ...] = (
                "first",
                "first_low",
                "first_high",
                "total",
                "total_low",
                "total_high",
                "mean",
                "variance",
            )
            counts = {"used": measures.used, "left_out": measures.left_out}
            few = measures.used < 2
        else:
            numbers = ("mu", "mu_low", "mu_high", "mu_star", "mu_star_low", "mu_star_high", "sigma", "sigma_low", "sigma_high")
            counts = {"used": measures.used, "left_out": self.n - measures.used}
            few = (measures.used == 0).all(axis=0)
        data |= {name: long(getattr(measures, name)) for name in numbers}
        data |= {name: long(array).astype(np.int64) for name, array in counts.items()}
        notes = np.where(few, "too_few", np.where(measures.constant, "constant", ""))
        data["note"] = by_column(notes.tolist())
        return pl.DataFrame(data).with_columns(pl.col(list(numbers)).fill_nan(None))

    def matter(self, target: str = "rank_change", unit: str = "", track: str | None = None) -> list[tuple[str, float]]:
        """The choices and their total index (mu* with Morris) for one target, the one that matters most first.

        Raises:
            KeyError: If the target was not analysed.
        """
        for name, part in self.tracks.items():
            if track not in (None, name):
                continue
            for column, key in enumerate(zip(part.targets, part.units, strict=True)):
                if key == (target, unit):
                    measures = part.measures
                    sizes = (measures.total if isinstance(measures, Indices) else measures.mu_star)[:, column]
                    order = np.argsort(-np.nan_to_num(sizes, nan=-1.0), kind="stable")
                    return [(self.choices[place].id, float(sizes[place])) for place in order]
        raise KeyError(f"{target}:{unit}" if unit else target)


def sensitivity(
    experiment: Experiment,
    n: int | None = None,
    targets: Iterable[str] = DEFAULT_TARGETS,
    method: Method = "sobol",
    *,
    bootstraps: int = 1000,
    confidence: float = 0.95,
    seed: int | None = None,
    estimator: Estimator = "janon",
    sampler: Sampler = "sobol",
    impossible: Impossible = "refuse",
    threads: int = THREADS,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find out which choice matters.

    The same experiment, n and seed give the same bits, whatever the number of threads.

    Args:
        experiment: What varies.
        n: Points of a block: (choices + 2) · n runs; with ``morris`` paths: (choices + 1) · n runs.
        targets: What is to be explained (:mod:`tongkao.robustness.targets`).
        method: ``sobol``: first-order and total indices; ``morris``: elementary effects, for many choices.
        bootstraps: Resamples behind the intervals.
        confidence: Share of the resamples between the ends of an interval.
        seed: Seed of the design, the draws and the bootstrap; by default the spec's.
        estimator: ``janon`` or ``jansen`` (:func:`tongkao.robustness.sobol.indices`).
        sampler: ``sobol``, ``latin`` or ``random``; a Latin hypercube where the Sobol sequence has too few dimensions.
        impossible: Each combination of alternatives in the design is marked once beforehand, where they are not too many.
            ``refuse`` says which cannot be marked, and runs nothing; ``leave_out`` goes on and leaves out every block with such
            a run, so that the result is about the other combinations only.
        threads: Own threads.
        progress: Is called with the number of finished runs and of all.

    Raises:
        SpecError: If nothing varies, a target names what is not there, n is below 2, a combination of alternatives cannot be
            marked, or fewer than two blocks can.
    """
    seed = experiment.spec.seed if seed is None else seed
    n = DEFAULT_POINTS[method] if n is None else n
    problems = []
    if not experiment.choices:
        problems.append(Problem(say.NOTHING_VARIES))
    if n < 2:
        problems.append(Problem(say.TOO_FEW_POINTS, fields={"limit": 2, "found": n}))
    if problems:
        raise SpecError(problems)
    scheme = experiment.assessment.scheme
    wanted = read_targets(
        targets,
        units=experiment.assessment.units["unit"].to_list(),
        tiers=[tier.id for track in scheme.tracks.values() for tier in track.tiers],
        awards=[award.id for track in scheme.tracks.values() for award in track.awards],
    )
    design = _design(experiment, n, seed, method, sampler)
    rows = design.rows()
    if impossible == "refuse":
        _probe(experiment, rows, seed)
    ran = _run(experiment, rows, _Values(wanted), seed=seed, threads=threads, progress=progress)
    across = len(rows) // n
    gone = np.array(sorted({failure.run for failure in ran.failures}), np.intp)
    # A radial design is block after block, a design of paths path after path.
    left_out = len(np.unique(gone % n if isinstance(design, Radial) else gone // across))
    warnings = _warnings(ran.failures, n, left_out, method)
    tracks = {}
    with one_thread():
        for track, (columns, values) in ran.values.items():
            measures: Indices | Effects
            if isinstance(design, Radial):
                measures = indices(
                    design.blocks(values),
                    estimator=estimator,
                    bootstraps=bootstraps,
                    confidence=confidence,
                    seed=seed,
                    threads=threads,
                )
            else:
                measures = effects(design, values, bootstraps=bootstraps, confidence=confidence, seed=seed)
            tracks[track] = TrackSensitivity(track, columns.names, columns.units, measures)
    return Sensitivity(method, experiment.choices, n, len(rows), ran.failures, left_out, tracks, warnings)


def _design(experiment: Experiment, n: int, seed: int, method: Method, sampler: Sampler) -> Radial | Paths:
    choices = experiment.choices
    if method == "sobol":
        return radial(n, len(choices), seed=seed, sampler=sampler)
    levels = [DRAWN if choice.drawn else len(choice.labels) for choice in choices]
    laid = paths(levels, n, seed=seed)
    points = laid.points.copy()
    for column, choice in enumerate(choices):
        if not choice.drawn:
            # From the middle of one of k equal parts to the middle of the alternative's own part.
            cuts = np.array(choice.cuts)
            place = (points[:, :, column] * len(choice.labels)).astype(np.intp)
            points[:, :, column] = (cuts[place] + cuts[place + 1]) / 2
    return Paths(points, laid.changed, laid.steps)


def _probe(experiment: Experiment, rows: FloatArray, seed: int) -> None:
    """Mark each combination of alternatives once; with more than are kept ready, only the runs themselves will tell.

    Raises:
        SpecError: With every combination that cannot be marked.
    """
    chosen = experiment.alternatives(rows)
    combinations, first = np.unique(chosen, axis=0, return_index=True)
    if len(combinations) > READY or (combinations < 0).all():
        return
    tried = experiment.run(rows[first], seed=seed, threads=1)
    problems = []
    for failure in tried.failures:
        combination = combinations[failure.run]
        labels = [
            f"{choice.id}: {choice.labels[place] or '-'}"
            for choice, place in zip(experiment.choices, combination.tolist(), strict=True)
            if place >= 0
        ]
        reason = failure.problems[0]
        fields = {"labels": labels, "reason_zh": reason.describe("zh"), "reason_en": reason.describe("en")}
        problems.append(Problem(say.CANNOT_BE_MARKED, fields=fields))
    if problems:
        raise SpecError(problems)


@dataclass
class _Ran:
    """Values of the columns of each track in every run, NaN in runs that failed; and those."""

    values: dict[str, tuple[Columns, FloatArray]]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class _Values:
    """Takes the targets out of outcomes."""

    wanted: tuple[Any, ...]

    def add(self, outcomes: Outcomes, rows: slice, ran: _Ran, runs: int) -> None:
        """Put the targets of some runs into their places."""
        for name, track in outcomes.tracks.items():
            if name not in ran.values:
                columns = Columns.of(self.wanted, track)
                ran.values[name] = columns, np.full((runs, len(columns.names)), np.nan)
            columns, values = ran.values[name]
            if len(outcomes.runs) == runs:
                ran.values[name] = columns, columns.values(track)
            else:
                values[rows.start + outcomes.runs] = columns.values(track)


def _run(
    experiment: Experiment, rows: FloatArray, taking: _Values, *, seed: int, threads: int, progress: Progress | None
) -> _Ran:
    """Mark every row, in parts so small that the outcomes of each are kept whole."""
    units = experiment.assessment.units.height
    part = max(1, KEPT_CELLS // max(units, 1))
    ran = _Ran({}, ())
    for start in range(0, len(rows), part):

        def forward(done: int, _: int, start: int = start) -> None:
            if progress is not None:
                progress(start + done, len(rows))

        outcomes = experiment.run(rows[start : start + part], seed=seed, threads=threads, progress=forward)
        taking.add(outcomes, slice(start, start + part), ran, len(rows))
        ran.failures += tuple(Failure(failure.run + start, failure.track, failure.problems) for failure in outcomes.failures)
    return ran


def _warnings(failures: tuple[Failure, ...], n: int, left_out: int, method: Method) -> tuple[Problem, ...]:
    if not failures:
        return ()
    first = failures[0].problems[0]
    fields: dict[str, object] = {
        "failed": len({failure.run for failure in failures}),
        "blocks": n,
        "reason_zh": first.describe("zh"),
        "reason_en": first.describe("en"),
    }
    if method == "sobol" and n - left_out < 2:
        raise SpecError([Problem(say.TOO_FEW_BLOCKS, fields={**fields, "rest": n - left_out})])
    return (Problem(say.LEFT_OUT, fields={**fields, "left_out": left_out}),)
