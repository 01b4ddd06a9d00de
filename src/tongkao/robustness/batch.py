"""One tile of runs: the same combination of alternatives, other weights in each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.awards import awards as engine_awards
from tongkao.engine.kernels.rounding import round_points
from tongkao.engine.problems import problems_of
from tongkao.engine.tiers import NO_TIER
from tongkao.engine.values import TrackValues
from tongkao.errors import Problem
from tongkao.robustness import levels
from tongkao.robustness.draws import WeightDraw, WeightSets
from tongkao.robustness.standing import awards, stand
from tongkao.robustness.tree_weights import leaf_weights, shares_of
from tongkao.robustness.value_draws import ValueDraw
from tongkao.robustness.variant import TrackVariant

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Drawn:
    """A choice that is drawn or taken from given sets, ready for one track.

    Attributes:
        column: Its column of the design.
        draw: How it changes weights or values.
    """

    column: int
    draw: WeightDraw | WeightSets | ValueDraw


@dataclass(frozen=True)
class TileResult:
    """What some runs of one track gave.

    Attributes:
        totals: (runs, n), NaN for units without a total.
        ranks: (runs, n) places, 0 for none.
        tiers: (runs, n) tiers, -1 for none.
        awards: (runs, n, awards), or None where the track has none.
        failed: (runs,) runs that cannot be marked; what they gave has no meaning.
        problems: Why, for each of them, in order.
    """

    totals: FloatArray
    ranks: NDArray[np.int32]
    tiers: NDArray[np.int8]
    awards: BoolArray | None
    failed: BoolArray
    problems: tuple[tuple[Problem, ...], ...] = ()


def run_tile(variant: TrackVariant, drawn: Sequence[Drawn], design: FloatArray, chosen: IntArray, size: int) -> TileResult:
    """Mark some runs.

    Args:
        variant: The track under the runs' combination of alternatives.
        drawn: What differs between the runs.
        design: (runs, choices) the runs' rows of the design.
        chosen: (runs, choices) number of the alternative, -1 for choices that are drawn.
        size: So many runs are computed, the last one again and again where there are fewer: products of matrices then have the
            same shape, and so the same last digits, however the runs are dealt out.
    """
    count = len(design)
    if size > count:
        fill = np.concatenate([np.arange(count), np.full(size - count, count - 1)])
        design, chosen = design[fill], chosen[fill]
    weights = [each for each in drawn if not isinstance(each.draw, ValueDraw)]
    values = [each for each in drawn if isinstance(each.draw, ValueDraw)]
    if not weights and not values:
        return _repeat(_alone(variant, [None], [None]), count)
    if values or variant.special:
        shares = [_shares_of(variant, weights, design[run : run + 1], chosen[run : run + 1]) for run in range(count)]
        looked_up = [_values_of(variant, values, design[run]) for run in range(count)]
        return _alone(variant, shares, looked_up)
    return _together(variant, weights, design, chosen, count)


def amounts_of(variant: TrackVariant, weights: Sequence[Drawn], design: FloatArray, chosen: IntArray, profile: int) -> FloatArray:
    """Amounts of every node for one profile, (runs, N)."""
    nominal = variant.plan.given.shares[profile]
    amounts = np.repeat(nominal[None, :], len(design), axis=0)
    for each in weights:
        if isinstance(each.draw, WeightDraw):
            each.draw.apply(amounts, design[:, each.column], nominal)
        elif isinstance(each.draw, WeightSets):
            each.draw.apply(amounts, chosen[:, each.column])
    return amounts


def _together(variant: TrackVariant, weights: Sequence[Drawn], design: FloatArray, chosen: IntArray, count: int) -> TileResult:
    plan = variant.plan
    n, size = len(plan.unit_ids), len(design)
    rates = np.zeros((size, n))
    nodes = {name: np.full((size, n), np.nan) for name in variant.nodes}
    failed, alone = np.zeros(size, bool), np.zeros(size, bool)
    cohorts = variant.cohorts
    by_profile: dict[int, FloatArray] = {}
    for profile in np.unique(variant.profiles).tolist():
        by_profile[profile] = amounts_of(variant, weights, design, chosen, profile)
    if cohorts is not None:
        for cohort in cohorts:
            products = leaf_weights(plan.layout, by_profile[cohort.profile], cohort.stays)
            own = products @ cohort.rates
            if cohort.stays.any():
                alone |= np.isnan(products[:, 0])
            if len(cohort.units) == n:
                rates = own
            else:
                rates[:, cohort.units] = own
        if variant.chain == "geometric":
            np.exp(rates, out=rates)
    else:
        for profile, amounts in by_profile.items():
            units, tree = variant.trees[profile]
            found, bad, special = levels.climb(tree, variant.stays[units], amounts)
            failed |= bad
            alone |= special
            rates[:, units] = found[0]
            for name in variant.nodes:
                column = plan.layout.column(name)
                if column in found:
                    nodes[name][:, units] = np.where(variant.stays[units, column], found[column], np.nan)
    _fill_leaves(variant, nodes)
    totals = _totals(variant, rates)
    if "total" in nodes:
        nodes["total"] = totals * (100.0 / plan.full_mark)
    alone &= ~failed
    settled = failed | alone
    if settled.any():
        totals[settled] = np.where(variant.stays[:, 0], 0.0, np.nan)
    ranks, tiers, shared = stand(variant, totals, nodes)
    tied = shared & ~settled if plan.track.ties.otherwise == "error" else np.zeros(size, bool)
    won = awards(variant, totals, ranks, tiers, nodes)
    result = TileResult(totals[:count], ranks[:count], tiers[:count], None if won is None else won[:count], failed[:count].copy())
    return _settle(variant, by_profile, result, np.flatnonzero((failed | alone | tied)[:count]))


def _settle(variant: TrackVariant, by_profile: dict[int, FloatArray], result: TileResult, runs: IntArray) -> TileResult:
    """Mark some runs by themselves: they fail, and it is to be said why, or they are special."""
    if not len(runs):
        return result
    problems: list[tuple[Problem, ...]] = []
    not_positive: tuple[Problem, ...] = ()
    for run in runs.tolist():
        if result.failed[run] and not_positive:
            # A rate that a mean cannot take is the same in every run of the tile, or nearly so: one is described.
            problems.append(not_positive)
            continue
        shares = variant.plan.given.shares.copy()
        for profile, amounts in by_profile.items():
            shares[profile] = shares_of(variant.plan.layout, amounts[run : run + 1])[0]
        one = _alone(variant, [shares], [None])
        if result.failed[run] and one.problems:
            not_positive = one.problems[0]
        result.totals[run], result.ranks[run], result.tiers[run] = one.totals[0], one.ranks[0], one.tiers[0]
        if result.awards is not None and one.awards is not None:
            result.awards[run] = one.awards[0]
        result.failed[run] = one.failed[0]
        problems += list(one.problems)
    return TileResult(result.totals, result.ranks, result.tiers, result.awards, result.failed, tuple(problems))


def _fill_leaves(variant: TrackVariant, nodes: dict[str, FloatArray]) -> None:
    """Rates of leaves that rules look at: the same in every run."""
    layout = variant.plan.layout
    leaf_of = {layout.ids[column]: leaf for leaf, column in enumerate(layout.leaves)}
    for name, array in nodes.items():
        if name in leaf_of:
            leaf = leaf_of[name]
            array[:] = np.where(variant.stays[:, layout.leaves[leaf]], variant.rates[:, leaf], np.nan)


def _totals(variant: TrackVariant, rates: FloatArray) -> FloatArray:
    """Rates of the root to points, with what events add and rounding takes."""
    plan = variant.plan
    stays = variant.stays[:, 0]
    if variant.net is None and not plan.scheme.rounding.at:
        points = rates
        if plan.full_mark != 100.0:
            points *= plan.full_mark / 100.0
    else:
        points = rates * plan.full_mark / 100.0
    if variant.net is not None:
        net = variant.net[:, 0]
        points = np.where(net < 0, np.maximum(points + net, np.minimum(points, 0.0)), points + net)
    if "total" in plan.scheme.rounding.at:
        rule = plan.scheme.rounding
        points = round_points(points, places=rule.places, mode=rule.mode, scale=plan.full_mark)
    if not stays.all():
        points[:, ~stays] = np.nan
    return points


def _shares_of(variant: TrackVariant, weights: Sequence[Drawn], design: FloatArray, chosen: IntArray) -> FloatArray | None:
    """Shares of every profile in one run, (P, N); None where no weight varies."""
    if not weights:
        return None
    shares = variant.plan.given.shares.copy()
    for profile in range(len(shares)):
        shares[profile] = shares_of(variant.plan.layout, amounts_of(variant, weights, design, chosen, profile))[0]
    return shares


def _values_of(variant: TrackVariant, values: Sequence[Drawn], row: FloatArray) -> TrackValues | None:
    """The look-up of the values of one run; None where no value varies."""
    draws = [(each.draw, float(row[each.column])) for each in values if isinstance(each.draw, ValueDraw)]
    return ValueDraw.look_up(variant.plan, variant.marker.values, draws) if draws else None


def _alone(variant: TrackVariant, shares: Sequence[FloatArray | None], values: Sequence[TrackValues | None]) -> TileResult:
    """Mark runs one by one with the engine itself."""
    plan, count = variant.plan, len(shares)
    n = len(plan.unit_ids)
    totals = np.full((count, n), np.nan)
    ranks = np.zeros((count, n), np.int32)
    tiers = np.full((count, n), NO_TIER, np.int8)
    names = [award.id for award in plan.track.awards]
    won = np.zeros((count, n, len(names)), bool) if names else None
    failed = np.zeros(count, bool)
    problems: list[tuple[Problem, ...]] = []
    rows = variant.rows
    for run, (own, given) in enumerate(zip(shares, values, strict=True)):
        marks = variant.mark(own, given)
        found = problems_of(marks)
        if found:
            failed[run] = True
            problems.append(tuple(found))
            continue
        totals[run] = marks.totals[rows]
        ranks[run] = marks.final.ranks[rows]
        tiers[run] = marks.final.tiers[rows]
        if won is not None:
            for unit, mine in enumerate(engine_awards(marks, variant.past)):
                won[run, unit] = [name in mine for name in names]
    return TileResult(totals, ranks, tiers, won, failed, tuple(problems))


def _repeat(one: TileResult, count: int) -> TileResult:
    """The same result for several runs."""
    return TileResult(
        np.repeat(one.totals, count, axis=0),
        np.repeat(one.ranks, count, axis=0),
        np.repeat(one.tiers, count, axis=0),
        None if one.awards is None else np.repeat(one.awards, count, axis=0),
        np.repeat(one.failed, count),
        one.problems * count,
    )
