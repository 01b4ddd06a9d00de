"""Weights under which every indicator has the influence on the composite that it is meant to have.

The weight of an indicator is not its influence: spread and correlation with the others decide as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import bounded, is_constant, shares
from tongkao.robustness.weighting.messages import BAD_SETTING, NO_SPREAD, counted_from_one, stop
from tongkao.robustness.weighting.solvers import optimise
from tongkao.robustness.weighting.sums import cross_products

Measure = Literal["squared_correlation", "main_effect"]

REACHED = 1e-6
"""Influences count as those asked for when no share is farther away."""

DECIMALS = 9
"""The optimum is known to about this many decimals, and more would show the solver's path."""

STARTS = 4
"""Starting points at most; the next one is tried where the search from one stays away from the target."""

LEAST = 1e-9
"""Weights below this share are none."""


@dataclass(frozen=True)
class Balance:
    """Weights found, and how near their influences are to those asked for.

    Attributes:
        weights: (m,) weights that add to 1.
        influence: (m,) share of every indicator in the influence of all, under these weights.
        target: (m,) shares that were asked for.
        correlation: (m,) correlation of every indicator with the composite. Where it is negative, a better value of the
            indicator goes with a worse composite, and its influence is none that anybody can have meant.
        largest_gap: Largest distance between influence and target.
    """

    weights: FloatArray
    influence: FloatArray
    target: FloatArray
    correlation: FloatArray
    largest_gap: float

    @property
    def is_reached(self) -> bool:
        """Whether every influence is the one asked for, to 1e-6, and none is negative."""
        return self.largest_gap <= REACHED and bool((self.correlation >= 0).all())


def influences(rates: ArrayLike, weights: ArrayLike, *, measure: Measure = "squared_correlation", groups: int = 10) -> FloatArray:
    """Influence of every indicator on the weighted mean.

    ``squared_correlation``: r², the share of the composite's variance that a straight line through the indicator explains.
    ``main_effect``: the correlation ratio Var(E[composite | indicator]) / Var(composite), the expectation being the mean in
    groups of units with neighbouring values of the indicator; it also sees curves, and needs many units.

    Source: Becker, Saisana, Paruolo and Vandecasteele (2017), Weights and importance in composite indicators: closing the
    gap, Ecological Indicators 80, 12-22; Paruolo, Saisana and Saltelli (2013), Ratings and rankings: voodoo or science?,
    Journal of the Royal Statistical Society A 176(3), 609-634.

    Args:
        rates: (n, m) rates as they go into the mean, complete, n ≥ 2, no column constant.
        weights: (m,) weights.
        measure: What counts as influence.
        groups: Number of groups of the main effect; units with equal values stay together.

    Returns:
        (m,) numbers between 0 and 1, which do not add to 1.

    Raises:
        AnalysisError: On gaps, constant columns, unfit weights, or where the composite is constant.
    """
    model = _Model.of(rates, measure, groups)
    weight = shares(weights, model.m)
    found = model.influence(weight)
    if found is None:
        raise stop(NO_SPREAD, method="influences", reason="合成后各单位得分相同", reason_en="the composite is constant")
    return found


def balance(
    rates: ArrayLike,
    *,
    target: ArrayLike | None = None,
    measure: Measure = "squared_correlation",
    groups: int = 10,
) -> Balance:
    """Weights under which the influences of the indicators are in proportion to what is asked for.

    Minimises ``Σ_j (I_j / Σ I - t_j)²`` over weights of 0 and more, ``I`` as in :func:`influences`, by least squares (SciPy)
    from equal weights and, where that does not reach the target, from three other starting points; the nearest result is
    returned with its gap. BLAS and LAPACK take part; the weights are rounded to 9 decimals.

    Source: Becker, Saisana, Paruolo and Vandecasteele (2017), Ecological Indicators 80, 12-22.

    Args:
        rates: (n, m) rates as they go into the mean, complete, n ≥ 2, no column constant.
        target: (m,) influence meant, on any scale; equal by default. It is often the weights that were announced.
        measure: What counts as influence.
        groups: Number of groups of the main effect.

    Returns:
        Weights, the influences reached, and the gap.

    Raises:
        AnalysisError: On gaps, constant columns, or an unfit target.
    """
    model = _Model.of(rates, measure, groups)
    m = model.m
    wanted = shares(np.ones(m) if target is None else target, m, group="the target")
    best: tuple[float, FloatArray] | None = None
    spread = np.sqrt(np.diagonal(model.covariance))
    towards = [np.ones(m) / m, shares(1.0 / spread, m), wanted + LEAST, shares(wanted / spread + LEAST, m)]
    for start in towards[:STARTS]:
        weight = _search(model, wanted, np.log(start))
        found = model.shares_of_influence(weight)
        gap = float(np.abs(found - wanted).max())
        if best is None or gap < best[0] - REACHED:
            best = gap, weight
        if gap <= REACHED / 10 and bool((model.correlation(weight) >= 0).all()):
            break
    assert best is not None
    weight = np.round(best[1], DECIMALS)
    weight = shares(np.where(weight < LEAST, 0.0, weight), m)
    found = model.shares_of_influence(weight)
    return Balance(weight, found, wanted, model.correlation(weight), float(np.abs(found - wanted).max()))


@dataclass(frozen=True)
class _Model:
    """What influences are computed from.

    Attributes:
        covariance: (m, m) sums of squares and products of the columns in their own units, times one common factor.
        means: (m, g, m) for the main effect: by indicator and group, the deviation of every column's mean in the group,
            times the square root of the group's size; None for squared correlations.
    """

    covariance: FloatArray
    means: FloatArray | None

    @property
    def m(self) -> int:
        """Number of indicators."""
        return len(self.covariance)

    @classmethod
    def of(cls, rates: ArrayLike, measure: str, groups: int) -> _Model:
        """Check the rates and make the model of them."""
        if measure not in ("squared_correlation", "main_effect"):
            raise stop(BAD_SETTING, name="measure", expected="squared_correlation, main_effect", found=measure)
        if groups < 2:
            raise stop(BAD_SETTING, name="groups", expected="≥ 2", found=groups)
        x, low, high = bounded(rates, least_units=2)
        constant = is_constant(low, high)
        if constant.any():
            columns = counted_from_one(np.flatnonzero(constant))
            raise stop(
                NO_SPREAD,
                method="balance",
                reason=f"第 {columns} 列的数值都相同，无论权重多大都没有影响",
                reason_en=f"columns {columns} (counted from 1) are constant and have no influence whatever their weight",
            )
        scale = (high - low) / (high - low).max()
        means = _group_means(x, scale, low, high, groups) if measure == "main_effect" else None
        return cls(cross_products(x, low, high) * scale[:, None] * scale, means)

    def influence(self, weight: FloatArray) -> FloatArray | None:
        """Influences under weights; None where the composite is constant."""
        total = float(weight @ self.covariance @ weight)
        if total <= 1e-14 * float((weight * np.sqrt(np.diagonal(self.covariance))).sum() ** 2):
            return None
        if self.means is None:
            along = self.covariance @ weight
            return np.asarray(np.minimum(along**2 / (np.diagonal(self.covariance) * total), 1.0))
        return np.asarray(np.minimum(((self.means @ weight) ** 2).sum(axis=1) / total, 1.0))

    def shares_of_influence(self, weight: FloatArray) -> FloatArray:
        """Influences as shares of their sum; 0 where there is none at all."""
        found = self.influence(weight)
        if found is None or not found.any():
            return np.zeros(self.m)
        return np.asarray(found / found.sum())

    def correlation(self, weight: FloatArray) -> FloatArray:
        """Correlation of every indicator with the composite."""
        total = float(weight @ self.covariance @ weight)
        if total <= 0:
            return np.zeros(self.m)
        return np.asarray(np.clip(self.covariance @ weight / np.sqrt(np.diagonal(self.covariance) * total), -1.0, 1.0))


def _group_means(x: FloatArray, scale: FloatArray, low: FloatArray, high: FloatArray, groups: int) -> FloatArray:
    """Deviations of group means, as :class:`_Model` keeps them; groups are equally large but for ties, which stay together."""
    n, m = x.shape
    z = (x - low) / (high - low) * scale
    z = z - z.mean(axis=0)
    result = np.zeros((m, groups, m))
    for j in range(m):
        first = np.searchsorted(np.sort(x[:, j]), x[:, j])  # units below: the same for equal values
        group = np.minimum(first * groups // n, groups - 1)
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        sums = np.add.reduceat(z[order], starts, axis=0)
        size = np.diff(np.append(starts, n))[:, None]
        result[j, : len(starts)] = sums / np.sqrt(size)
    return result


def _search(model: _Model, wanted: FloatArray, start: FloatArray) -> FloatArray:
    """Weights whose shares of influence are nearest to those wanted, from a starting point given as logarithms."""

    def weights(logs: FloatArray) -> FloatArray:
        positive = np.exp(logs - logs.max())
        return np.asarray(positive / positive.sum())

    def gaps(logs: FloatArray) -> FloatArray:
        return np.asarray(model.shares_of_influence(weights(logs)) - wanted)

    answer = optimise().least_squares(gaps, start, bounds=(-25.0, 5.0), xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=400)
    return weights(np.asarray(answer.x))
