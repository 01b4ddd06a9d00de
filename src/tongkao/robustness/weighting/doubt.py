"""Benefit of the doubt: every unit gets the weights that are best for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import bounded, refuse_negative
from tongkao.robustness.weighting.messages import BAD_SHARES, NO_SPREAD, NOT_SOLVED, SHAPE, stop
from tongkao.robustness.weighting.solvers import optimise

DECIMALS = 9
"""To this many decimals the solver's answers are the same whatever its path."""


@dataclass(frozen=True)
class Doubt:
    """What every unit reaches with the weights that are best for it.

    Attributes:
        scores: (n,) 1 for a unit that no other one beats under the unit's own weights, less for the others; never below 0. With
            bounds on shares nobody may reach 1.
        weights: (n, m) the unit's own weights for rates as they were given. Where several sets reach the score, one of them.
        shares: (n, m) what part of the unit's score comes from the indicator; 0 throughout where the score is 0.
    """

    scores: FloatArray
    weights: FloatArray
    shares: FloatArray

    @property
    def mean_shares(self) -> FloatArray:
        """(m,) the mean share of every indicator over the units that have a score, adding to 1: one set of weights for all."""
        mean = np.sort(self.shares, axis=0).sum(axis=0)
        return np.asarray(mean / np.sort(mean).sum())


def benefit_of_the_doubt(rates: ArrayLike, *, lowest: ArrayLike | None = None, highest: ArrayLike | None = None) -> Doubt:
    """Scores under each unit's own best weights: data envelopment analysis without inputs.

    For unit o: the largest ``Σ_j w_j y_oj`` with ``Σ_j w_j y_kj ≤ 1`` for every unit k and ``w ≥ 0``; bounds hold for the shares
    of unit o: ``lowest_j Σ ≤ w_j y_oj ≤ highest_j Σ``. Each unit is a linear programme, solved by HiGHS; units that another one
    matches or beats on every indicator bind nobody and are left out of the conditions, which changes no score.

    A unit with rate 0 where a share must be above 0 can only score 0.

    Source: Melyn and Moesen (1991); Cherchye, Moesen, Rogge and Van Puyenbroeck (2007), An introduction to 'benefit of the
    doubt' composite indicators, Social Indicators Research 82, 111-145.

    Args:
        rates: (n, m) rates of 0 and more, more is better, complete, n ≥ 1; any unit of measure gives the same scores.
        lowest: (m,) or one number: smallest share of an indicator in the unit's score, 0 by default.
        highest: (m,) or one number: largest share, 1 by default.

    Returns:
        Scores, weights and shares.

    Raises:
        AnalysisError: On gaps, negative rates, if all rates are 0, if bounds contradict each other, or if a programme is not
            solved.
    """
    y, bottom, top = bounded(rates)
    refuse_negative(bottom, "benefit of the doubt")
    n, m = y.shape
    if not top.any():
        raise stop(NO_SPREAD, method="doubt", reason="所有得分率都是 0", reason_en="every rate is 0")
    least, most = _bounds(lowest, highest, m)
    scaled = y / np.where(top > 0, top, 1.0)
    peers = _undominated(scaled)
    linprog = optimise().linprog
    scores, weights = np.zeros(n), np.zeros((n, m))
    has_bounds = bool((least > 0).any() or (most < 1).any())
    for unit in range(n):
        own = scaled[unit]
        conditions = [peers]
        if has_bounds:  # least_j Σ w y - w_j y_j ≤ 0 and w_j y_j - most_j Σ w y ≤ 0
            conditions += [np.outer(least, own) - np.diag(own), np.diag(own) - np.outer(most, own)]
        limits = np.concatenate([np.ones(len(peers)), np.zeros(sum(len(block) for block in conditions[1:]))])
        answer = linprog(-own, A_ub=np.vstack(conditions), b_ub=limits, bounds=(0, None), method="highs")
        if not answer.success:
            raise stop(NOT_SOLVED, units=[unit + 1], reason=str(answer.message))
        weights[unit] = answer.x
        scores[unit] = min(1.0, max(0.0, -float(answer.fun)))
    parts = weights * scaled
    sums = np.sort(parts, axis=1).sum(axis=1)[:, None]
    found = np.divide(parts, sums, out=np.zeros_like(parts), where=sums > 10.0**-DECIMALS)
    return Doubt(
        np.round(scores, DECIMALS) + 0.0,
        weights / np.where(top > 0, top, 1.0),
        np.round(found, DECIMALS) + 0.0,
    )


def _bounds(lowest: ArrayLike | None, highest: ArrayLike | None, m: int) -> tuple[FloatArray, FloatArray]:
    """Bounds of the shares, each (m,); stops where no set of shares keeps them."""
    least = np.asarray(0.0 if lowest is None else lowest, dtype=np.float64)
    most = np.asarray(1.0 if highest is None else highest, dtype=np.float64)
    for name, bound in (("lowest", least), ("highest", most)):
        if bound.shape not in ((), (m,)):
            raise stop(SHAPE, what=name, expected=f"() or ({m},)", found=str(bound.shape))
    least, most = np.broadcast_to(least, (m,)), np.broadcast_to(most, (m,))
    reason = ""
    if not ((least >= 0) & (least <= most) & (most <= 1)).all():
        reason = "0 ≤ lowest ≤ highest ≤ 1"
    elif np.sort(least).sum() > 1 + 1e-12 or np.sort(most).sum() < 1 - 1e-12:
        reason = "Σ lowest ≤ 1 ≤ Σ highest"
    if reason:
        raise stop(BAD_SHARES, what="占比界限", what_en="the bounds of the shares", reason=reason, reason_en=reason)
    return least, most


def _undominated(y: FloatArray) -> FloatArray:
    """The rows that no other row matches or beats in every column; equal rows once."""
    rows = np.unique(y, axis=0)
    kept = [
        place
        for place, row in enumerate(rows)
        if np.count_nonzero((rows >= row).all(axis=1)) == 1  # only the row itself
    ]
    return np.asarray(rows[kept])
