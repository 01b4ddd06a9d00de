"""The steps from own values to rates of the leaves: denominate, impute, screen, treat, score (sections 4 to 6).

The steps work on one matrix in the scheme's order. Until ``score`` its columns are the plan's columns (an indicator, or each
part of a mix) and hold values; after ``score`` they are the leaves and hold rates, so that a scheme may also impute or treat
rates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.impute import Filled, fill
from tongkao.engine.inputs import Inputs
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.plan import TrackPlan
from tongkao.engine.policies import GIVES, STOPS
from tongkao.engine.scoring import Scorer
from tongkao.engine.shares import LEFT, STAYS
from tongkao.engine.treat import Decision, treat

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
StateArray = NDArray[np.uint8]


@dataclass(frozen=True)
class Prepared:
    """What became of every value, up to the rates of the leaves.

    Attributes:
        observed: Own values after expressions and denominators, rows × c, NaN where there is none.
        states: Their states, rows × c.
        filled: How a cell without an own value got one, rows × c (:class:`Filled`); None where no cell did.
        values: Values after imputation, rows × c.
        treated: Values after treatment, rows × c; the same array as ``values`` where nothing is treated.
        scored: Rates of the columns, rows × c.
        rates: Rates of the leaves before any void, rows × m; NaN where the leaf does not stay.
        leaves: Status of each leaf, rows × m; None when every leaf of weight stays.
        given: Whether the rate of a leaf was given by a policy and not computed from a value, rows × m; None when none was.
        alive: Rows that passed the screening.
        availability: Share of indicators with a value at the time of screening, (rows,); None without screening.
        unanswered: (row, column) of each value for which the method has no answer.
        errors: (row, leaf, state) of each cell whose policy is ``error``.
        marks: What the treatment did to each cell, rows × c; None where nothing is treated.
        decisions: What was decided in the treatment.
    """

    observed: FloatArray
    states: StateArray
    filled: Filled | None
    values: FloatArray
    treated: FloatArray
    scored: FloatArray
    rates: FloatArray
    leaves: StateArray | None
    given: BoolArray | None
    alive: BoolArray
    availability: FloatArray | None
    unanswered: tuple[tuple[int, int], ...]
    errors: tuple[tuple[int, int, int], ...]
    marks: StateArray | None
    decisions: tuple[Decision, ...]


@dataclass
class Matrix:
    """The matrix on which the steps work, with what each of its columns belongs to.

    Attributes:
        x: Values or rates, NaN where there is none.
        states: States of the cells.
        leaf: Leaf of each column.
        sign: 1 or -1 for each column; 1 throughout for rates.
        out: Cells that are no part of the assessment: weight 0, or a row that was screened out; None when there are none.
        scored: Whether the columns are rates of leaves.
    """

    x: FloatArray
    states: StateArray
    leaf: IntArray
    sign: FloatArray
    out: BoolArray | None
    scored: bool = False

    def absent(self) -> BoolArray | None:
        """Cells that should hold a value and do not; None when there are none."""
        missing = self.states != PRESENT
        if self.out is not None:
            missing &= ~self.out
        return missing if missing.any() else None


def prepare(plan: TrackPlan, scorer: Scorer, inputs: Inputs, unit_rows: Mapping[str, int]) -> Prepared:
    """Do the steps of a plan on some inputs.

    Args:
        plan: The track's plan.
        scorer: Its blocks.
        inputs: Values and targets.
        unit_rows: Place of each unit among the track's units.
    """
    out = plan.weightless
    matrix = Matrix(
        inputs.values,
        inputs.states,
        np.array([column.leaf for column in plan.columns], np.intp),
        np.array([column.sign for column in plan.columns]),
        out,
    )
    if out is not None:
        matrix.x = np.where(out, np.nan, inputs.values)
    alive = np.ones(plan.rows, bool)
    availability: FloatArray | None = None
    filled: Filled | None = None
    observed = values = treated = matrix.x
    scored = matrix.x
    marks: StateArray | None = None
    decisions: tuple[Decision, ...] = ()
    unanswered: tuple[tuple[int, int], ...] = ()
    for step in plan.scheme.order_of_steps():
        if step == "denominate":
            if inputs.denominators is not None and not matrix.scored:
                _denominate(matrix, inputs.denominators)
                observed = values = treated = matrix.x
        elif step == "impute":
            if plan.ends.sources and matrix.absent() is not None:
                done = fill(plan, matrix.x, matrix.states, matrix.leaf, matrix.sign, matrix.out, inputs)
                if done is not None:
                    matrix.x, matrix.states = done.x, done.states
                    if not matrix.scored:
                        filled = done.filled
                        values = treated = matrix.x
        elif step == "screen":
            if plan.track.screen is not None:
                availability = _screen(plan, matrix, alive)
                if not matrix.scored:
                    values = treated = matrix.x
        elif step == "treat":
            if plan.treated:
                after = treat(plan, matrix.x, matrix.leaf)
                matrix.x, decisions = after.x, after.decisions
                if not matrix.scored:
                    treated, marks = matrix.x, after.marks
        else:
            present = ~np.isnan(matrix.x)
            counted = present if plan.ranked.all() else present & plan.ranked[:, None]
            made = filled.columns() if filled is not None else None
            scored = scorer.score(matrix.x, counted, inputs.targets, unit_rows, made)
            lacking = np.isnan(scored)
            lacking &= present
            if lacking.any():
                unanswered = tuple((int(row), int(column)) for row, column in zip(*np.nonzero(lacking), strict=True))
            _become_rates(plan, matrix, scored)
    rates, leaves, given, errors = _settle(plan, matrix)
    return Prepared(
        observed,
        inputs.states,
        filled,
        values,
        treated,
        scored,
        rates,
        leaves,
        given,
        alive,
        availability,
        unanswered,
        errors,
        marks,
        decisions,
    )


def _denominate(matrix: Matrix, denominators: FloatArray) -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        divided = matrix.x / denominators
    bad = ~np.isfinite(divided)
    divided[bad] = np.nan
    matrix.x = divided
    matrix.states = np.where(bad & (matrix.states == PRESENT), MISSING, matrix.states).astype(np.uint8)


def _screen(plan: TrackPlan, matrix: Matrix, alive: BoolArray) -> FloatArray:
    """Take out the rows with too little data; a mix is there when all its parts are. Whole counts are compared, not shares."""
    rule = plan.track.screen
    assert rule is not None
    m = len(plan.indicators)
    asked = np.ones((plan.rows, m), bool)
    there = np.ones((plan.rows, m), bool)
    zero = np.zeros((plan.rows, m), bool)
    for column, leaf in enumerate(matrix.leaf):
        there[:, leaf] &= matrix.states[:, column] == PRESENT
        zero[:, leaf] |= matrix.x[:, column] == 0
        if matrix.out is not None:
            asked[:, leaf] &= ~matrix.out[:, column]
    asked_count, there_count = asked.sum(axis=1), (there & asked).sum(axis=1)
    non_zero = (there & asked & ~zero).sum(axis=1)
    if rule.availability is not None:
        alive &= there_count >= rule.availability * asked_count - 1e-9
    if rule.non_zero is not None:
        alive &= non_zero >= rule.non_zero * there_count - 1e-9
    names = np.array(plan.unit_ids, dtype=object)[np.arange(plan.rows) % len(plan.unit_ids)]
    alive |= np.isin(names, rule.include)
    alive &= ~np.isin(names, rule.exclude)
    dead = ~alive
    if dead.any():
        out = np.zeros(matrix.x.shape, bool) if matrix.out is None else matrix.out.copy()
        out[dead] = True
        matrix.out = out
        matrix.x = np.where(out, np.nan, matrix.x)
    return np.asarray(there_count / np.maximum(asked_count, 1), np.float64)


def _become_rates(plan: TrackPlan, matrix: Matrix, scored: FloatArray) -> None:
    """Turn the columns into rates of leaves: a mix is the weighted sum of its parts, and absent when one of them is."""
    m = len(plan.indicators)
    if len(plan.columns) == m:
        rates, states, out = scored, matrix.states, matrix.out
    else:
        rates = np.zeros((plan.rows, m))
        states = np.zeros((plan.rows, m), np.uint8)
        out = None if matrix.out is None else np.zeros((plan.rows, m), bool)
        for c, column in enumerate(plan.columns):
            rates[:, column.leaf] += column.share * scored[:, c]
            # Not applicable (2) goes before missing (1), missing before present (0).
            states[:, column.leaf] = np.maximum(states[:, column.leaf], matrix.states[:, c])
            if out is not None and matrix.out is not None:
                out[:, column.leaf] |= matrix.out[:, c]
        rates[states != PRESENT] = np.nan
    matrix.x, matrix.states, matrix.out = rates, states, out
    matrix.leaf, matrix.sign = np.arange(m), np.ones(m)
    matrix.scored = True


def _settle(
    plan: TrackPlan, matrix: Matrix
) -> tuple[FloatArray, StateArray | None, BoolArray | None, tuple[tuple[int, int, int], ...]]:
    """Let policies end: give a rate, let the item leave, or stop the marking."""
    if matrix.absent() is None:
        if matrix.out is None:
            return matrix.x, None, None, ()
        # Rows that were screened out lose all their leaves; weight 0 is known from the weights themselves.
        return matrix.x, np.where(matrix.out, LEFT, STAYS).astype(np.uint8), None, ()
    ends = plan.ends
    # The code of the end by state and leaf: present cells stay, the others have what their policy says.
    codes = np.zeros(matrix.states.shape, np.uint8)
    for state, by_leaf in ((MISSING, ends.missing), (NOT_APPLICABLE, ends.not_applicable)):
        codes += (matrix.states == state) * by_leaf
    if matrix.out is not None:
        codes[matrix.out] = LEFT
    given: BoolArray | None = None
    errors: tuple[tuple[int, int, int], ...] = ()
    rates = matrix.x
    if ends.others:
        stopped = codes == STOPS
        if stopped.any():
            errors = tuple(
                (int(row), int(leaf), int(matrix.states[row, leaf])) for row, leaf in zip(*np.nonzero(stopped), strict=True)
            )
            codes[stopped] = LEFT
        given = codes == GIVES
        if given.any():
            codes[given] = STAYS
            rate = np.where(matrix.states == NOT_APPLICABLE, ends.not_applicable_rates, ends.missing_rates)
            rates = np.where(given, rate, rates)
        else:
            given = None
    return rates, codes, given, errors
