"""Values to rates: each block of columns goes through its kernel, once for each comparison list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongkao.engine import kernels
from tongkao.engine.plan import TOLERANCE, Block, TrackPlan
from tongkao.engine.targets import Which
from tongkao.scheme.model import AscendingRank, Bands, RankTable

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: methods that need something of targets.csv
NEEDS: Mapping[str, tuple[Which, ...]] = {
    "target": ("target",),
    "challenge": ("target", "challenge"),
    "base_step": ("target",),
    "distance_to_target": ("target",),
}


@dataclass(frozen=True)
class Around:
    """What a kernel may look at beside the values of its block, for one comparison list.

    Attributes:
        counted: Which cells are in the comparison group and present, (n, k).
        sign: 1 or -1 for each column, (k,).
        tolerance: Relative difference below which values count as equal, (k,).
        target: Target values, (n, k); empty where no method needs them.
        baseline: Baseline values, (n, k).
        challenge: Challenge values, (n, k).
        reference: Value of the reference unit, (k,).
    """

    counted: BoolArray
    sign: FloatArray
    tolerance: FloatArray
    target: FloatArray
    baseline: FloatArray
    challenge: FloatArray
    reference: FloatArray


Runner = Callable[[FloatArray, Around, Mapping[str, Any]], FloatArray]


def _limit(value: float | str | None, default: float, nothing: float) -> float:
    """A cap or floor: the method's default where the scheme is silent, infinite where it says ``none``."""
    if value is None:
        return default
    return nothing if isinstance(value, str) else value


def parameters(block: Block) -> dict[str, Any]:
    """Parameters of a block's columns as arrays (k,), ready for its kernel; worked out once for a plan."""
    scores: tuple[Any, ...] = block.scores

    def numbers(name: str) -> FloatArray:
        return np.array([getattr(score, name) for score in scores], np.float64)

    def limits(cap: float, floor: float) -> dict[str, FloatArray]:
        return {
            "cap": np.array([_limit(score.cap, cap, np.inf) for score in scores]),
            "floor": np.array([_limit(score.floor, floor, -np.inf) for score in scores]),
        }

    match block.method:
        case "identity" | "distance_to_target" | "distance_to_reference":
            return limits(np.inf, -np.inf)
        case "minmax":
            low, high = numbers("low"), numbers("high")
            posts = np.array([score.goalposts or (np.nan, np.nan) for score in scores], np.float64)
            return {
                "low": low,
                "high": high,
                "worst": None if np.isnan(posts).all() else posts[:, 0],
                "best": None if np.isnan(posts).all() else posts[:, 1],
                "cap": np.array([_limit(score.cap, max(score.low, score.high), np.inf) for score in scores]),
                "floor": np.array([_limit(score.floor, min(score.low, score.high), -np.inf) for score in scores]),
            }
        case "ratio_to_best" | "target":
            return limits(100.0, 0.0)
        case "challenge":
            return {"base": numbers("base"), "cap": numbers("cap")}
        case "base_step":
            return {"base": numbers("base"), "step": numbers("step"), **limits(120.0, 0.0)}
        case "rank_step":
            return {"drop": numbers("drop"), "floor": np.array([_limit(score.floor, 0.0, -np.inf) for score in scores])}
        case "rank_table":
            first: RankTable = scores[0]
            return {"table": np.array(first.table, np.float64)}
        case "rank_linear":
            return {"low": numbers("low"), "high": numbers("high")}
        case "bands":
            bands: Bands = scores[0]
            table = np.array(bands.bands, np.float64)
            return {"thresholds": table[:, 0], "rates": table[:, 1], "interpolate": bands.interpolate}
        case "deduct":
            return {"per": numbers("per"), "floor": np.array([_limit(score.floor, 0.0, -np.inf) for score in scores])}
        case "zscore":
            return {"mean": numbers("mean"), "sd": numbers("sd")}
        case "ascending_rank":
            ranks: AscendingRank = scores[0]
            return {"ties": ranks.ties, "minus": numbers("minus")}
        case _:
            return {}


RUNNERS: Mapping[str, Runner] = {
    "identity": lambda x, _, p: kernels.identity(x, **p),
    "minmax": lambda x, around, p: kernels.minmax(x, around.counted, around.sign, relative_tolerance=around.tolerance, **p),
    "ratio_to_best": lambda x, around, p: kernels.ratio_to_best(x, around.counted, around.sign, **p),
    "target": lambda x, around, p: kernels.target(x, around.sign, around.target, around.baseline, **p),
    "challenge": lambda x, around, p: kernels.challenge(x, around.sign, around.target, around.challenge, around.baseline, **p),
    "base_step": lambda x, around, p: kernels.base_step(x, around.sign, around.target, **p),
    "rank_step": lambda x, around, p: kernels.rank_step(x, around.counted, around.sign, relative_tolerance=around.tolerance, **p),
    "rank_table": lambda x, around, p: kernels.rank_table(
        x, around.counted, around.sign, relative_tolerance=around.tolerance, **p
    ),
    "rank_linear": lambda x, around, p: kernels.rank_linear(
        x, around.counted, around.sign, relative_tolerance=around.tolerance, **p
    ),
    "bands": lambda x, around, p: kernels.bands(x, around.sign, relative_tolerance=around.tolerance, **p),
    "deduct": lambda x, _, p: kernels.deduct(x, **p),
    "zscore": lambda x, around, p: kernels.zscore(x, around.counted, around.sign, relative_tolerance=around.tolerance, **p),
    "percentile": lambda x, around, p: kernels.percentile(
        x, around.counted, around.sign, relative_tolerance=around.tolerance, **p
    ),
    "borda": lambda x, around, p: kernels.borda(x, around.counted, around.sign, relative_tolerance=around.tolerance, **p),
    "ascending_rank": lambda x, around, p: kernels.ascending_rank(
        x, around.counted, around.sign, relative_tolerance=around.tolerance, **p
    ),
    "distance_to_target": lambda x, around, p: kernels.distance_to_target(x, around.counted, around.sign, around.target, **p),
    "distance_to_reference": lambda x, around, p: kernels.distance_to_reference(
        x, around.counted, around.sign, around.reference, **p
    ),
}


@dataclass(frozen=True)
class Scorer:
    """All blocks of a plan with their parameters, compiled once.

    Attributes:
        plan: The track's plan.
        parts: Each block with its parameters, signs, tolerances, and the rows of each comparison list (None = all rows).
    """

    plan: TrackPlan
    parts: tuple[tuple[Block, dict[str, Any], FloatArray, FloatArray, tuple[IntArray, ...] | None], ...]

    @classmethod
    def of(cls, plan: TrackPlan) -> Scorer:
        """Compile the blocks of a plan."""
        parts = []
        for block in plan.blocks:
            codes = plan.compare_codes(block.compare)
            present = np.unique(codes)
            lists = None if len(present) <= 1 else tuple(np.flatnonzero(codes == code) for code in present)
            sign = np.array([plan.columns[column].sign for column in block.columns])
            tolerance = np.array([TOLERANCE if plan.columns[column].computed else 0.0 for column in block.columns])
            parts.append((block, parameters(block), sign, tolerance, lists))
        return cls(plan, tuple(parts))

    def score(
        self,
        x: FloatArray,
        counted: BoolArray,
        targets: Mapping[Which, FloatArray],
        unit_rows: Mapping[str, int],
        made: BoolArray | None = None,
    ) -> FloatArray:
        """Rates (rows × c) of values (rows × c).

        Args:
            x: Values, NaN where there is none.
            counted: Cells that are in the comparison group and present.
            targets: Target, baseline and challenge values (rows × c) where a method needs them.
            unit_rows: Place of each unit among the track's units, for reference units.
            made: Columns with values that were calculated in this run, (c,): nearly equal ones count as equal there too.
        """
        result: FloatArray | None = None
        for block, given, sign, compiled, lists in self.parts:
            tolerance = compiled if made is None else np.where(made[block.columns], TOLERANCE, compiled)
            if block.whole and lists is None:
                return self._run(block, given, sign, tolerance, x, counted, targets, unit_rows, slice(None), x)
            if result is None:
                result = np.full(x.shape, np.nan)
            for rows in (None,) if lists is None else lists:
                place = (slice(None), block.columns) if rows is None else np.ix_(rows, block.columns)
                chosen = slice(None) if rows is None else rows
                result[place] = self._run(block, given, sign, tolerance, x[place], counted[place], targets, unit_rows, chosen, x)
        assert result is not None
        return result

    def _run(
        self,
        block: Block,
        given: dict[str, Any],
        sign: FloatArray,
        tolerance: FloatArray,
        x: FloatArray,
        counted: BoolArray,
        targets: Mapping[Which, FloatArray],
        unit_rows: Mapping[str, int],
        rows: slice | IntArray,
        everything: FloatArray,
    ) -> FloatArray:
        def of_targets(which: Which) -> FloatArray:
            whole = targets.get(which)
            if whole is None:
                return np.full(x.shape, np.nan)
            chosen: FloatArray = whole[rows][:, block.columns]
            return chosen

        needed = block.method in NEEDS
        reference = np.empty(0)
        if block.method == "distance_to_reference":
            scores: tuple[Any, ...] = block.scores
            # Years that are scored apart have their own value of the reference unit.
            plan = self.plan
            apart = not isinstance(rows, slice) and plan.scheme.panel is not None and plan.scheme.panel.range == "year"
            first = int(plan.year_codes[rows][0]) * len(plan.unit_ids) if apart else plan.main().start
            reference = np.array(
                [
                    # The unit may belong to another track only.
                    everything[first + unit_rows[score.unit], column] if score.unit in unit_rows else np.nan
                    for score, column in zip(scores, block.columns, strict=True)
                ]
            )
        nothing = np.empty((0, 0))
        around = Around(
            counted,
            sign,
            tolerance,
            of_targets("target") if needed else nothing,
            of_targets("baseline") if needed else nothing,
            of_targets("challenge") if block.method == "challenge" else nothing,
            reference,
        )
        return RUNNERS[block.method](x, around, given)
