"""Weights from judgements of two indicators at a time (AHP), with their consistency, and judgements of a group made one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting.arguments import shares
from tongkao.robustness.weighting.messages import (
    BAD_JUDGEMENT,
    BAD_SETTING,
    NOT_RECIPROCAL,
    NOT_SQUARE,
    SHAPE,
    stop,
)

RANDOM_INDEX: dict[str, tuple[float, ...]] = {
    "saaty_1980": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
    "alonso_lamata_2006": (
        0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838,
    ),
}  # fmt: skip
"""Mean consistency index of random matrices of 1 to 15 indicators, by table.

Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill; Alonso and Lamata (2006), Consistency in the analytic hierarchy
process: a new approach, International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 14(4), 445-459.
"""

ACCEPTED = 0.1
"""Saaty's limit for the consistency ratio."""

RECIPROCAL = 1e-6
"""How far a product of two mirrored judgements may be from 1."""

STEPS = 10_000
"""Steps of the power method at most; judgements that people make take some dozens."""


@dataclass(frozen=True)
class Pairwise:
    """Weights from a matrix of judgements.

    Attributes:
        weights: (m,) weights that add to 1.
        lambda_max: The principal eigenvalue; for the geometric mean its estimate, the mean of (A w)_i / w_i.
        consistency_index: (lambda_max - m) / (m - 1), 0 below three indicators.
        table: Name of the table of random indices.
        random_index: The table's entry for m, None above 15 indicators.
        consistency_ratio: Index over random index; 0 below three indicators, which are always consistent; None where there is
            no random index.
    """

    weights: FloatArray
    lambda_max: float
    consistency_index: float
    table: str
    random_index: float | None
    consistency_ratio: float | None

    @property
    def is_consistent(self) -> bool | None:
        """Whether the ratio is at most 0.1; None where there is none."""
        return None if self.consistency_ratio is None else self.consistency_ratio <= ACCEPTED


def ahp(
    judgements: ArrayLike,
    *,
    method: Literal["eigenvector", "geometric_mean"] = "eigenvector",
    random_index: Literal["saaty_1980", "alonso_lamata_2006"] = "saaty_1980",
) -> Pairwise:
    """Weights from pairwise judgements.

    ``a_ij`` says how many times as important indicator i is as indicator j. ``eigenvector``: the principal eigenvector;
    ``geometric_mean``: ``w_i`` in proportion to ``(Π_j a_ij)^(1/m)``. Both agree on consistent judgements. The eigenvector is
    found by the power method with sums in a fixed order, without BLAS.

    Source: Saaty (1980), The Analytic Hierarchy Process; Saaty (1990), European Journal of Operational Research 48, 9-26;
    Crawford and Williams (1985), A note on the analysis of subjective judgment matrices, Journal of Mathematical Psychology
    29, 387-405 (geometric mean).

    Args:
        judgements: (m, m) positive numbers with 1 on the diagonal and a_ij · a_ji = 1 (to 1e-6); one of two mirrored cells, and
            the diagonal, may be NaN and follow from the rest.
        method: How weights are made.
        random_index: The table that the consistency ratio is made with.

    Returns:
        Weights and consistency.

    Raises:
        AnalysisError: If the matrix is not square, a cell is not positive, two mirrored cells are missing or not reciprocal.
    """
    if method not in ("eigenvector", "geometric_mean"):
        raise stop(BAD_SETTING, name="method", expected="eigenvector, geometric_mean", found=method)
    if random_index not in RANDOM_INDEX:
        raise stop(BAD_SETTING, name="random_index", expected=", ".join(RANDOM_INDEX), found=random_index)
    a = reciprocal(judgements)
    m = len(a)
    start = np.exp(np.sort(np.log(a), axis=1).sum(axis=1) / m)
    weights = shares(start, m)
    if method == "eigenvector":
        weights = _principal(a, weights)
    largest = float(np.sort(np.sort(a * weights, axis=1).sum(axis=1) / weights).sum() / m)
    index = max(0.0, (largest - m) / (m - 1)) if m > 2 else 0.0
    entries = RANDOM_INDEX[random_index]
    entry = entries[m - 1] if m <= len(entries) else None
    ratio = None if entry is None else index / entry if entry else 0.0
    return Pairwise(weights, largest, index, random_index, entry, ratio)


def group_judgements(judgements: ArrayLike, *, experts: ArrayLike | None = None) -> FloatArray:
    """Judgements of several experts as one matrix: the geometric mean of every cell.

    Only the geometric mean keeps the cells reciprocal.

    Source: Aczél and Saaty (1983), Procedures for synthesizing ratio judgements, Journal of Mathematical Psychology 27, 93-102.

    Args:
        judgements: (e, m, m) one matrix an expert, as :func:`ahp` takes them.
        experts: (e,) weights of the experts; equal by default.

    Returns:
        (m, m) reciprocal matrix.

    Raises:
        AnalysisError: As :func:`ahp`, and if the experts' weights are unfit.
    """
    matrices = np.asarray(judgements, dtype=np.float64)
    if matrices.ndim != 3 or not len(matrices):
        raise stop(SHAPE, what="judgements", expected="(e, m, m), e ≥ 1", found=str(matrices.shape))
    count = len(matrices)
    weight = shares(np.ones(count) if experts is None else experts, count, group="the experts")
    logs = np.log(np.stack([reciprocal(matrix) for matrix in matrices]))
    mean = np.sort(logs * weight[:, None, None], axis=0).sum(axis=0)
    return _mirrored(np.exp(mean))


def reciprocal(judgements: ArrayLike) -> FloatArray:
    """Check a matrix of judgements and fill what follows from the rest.

    Args:
        judgements: (m, m) as :func:`ahp` takes it.

    Returns:
        (m, m) matrix, the lower triangle the reciprocal of the upper one.

    Raises:
        AnalysisError: If the matrix is not square, a cell is not positive, two mirrored cells are missing or not reciprocal.
    """
    found = np.asarray(judgements, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not len(found):
        raise stop(NOT_SQUARE, found=str(found.shape))
    a = np.where(np.isnan(found), 1.0 / np.where(np.isnan(found.T) | (found.T == 0), np.nan, found.T), found)
    a[np.diag_indices(len(a))] = np.where(np.isnan(np.diagonal(found)), 1.0, np.diagonal(found))
    wrong = ~(np.isfinite(a) & (a > 0))
    if wrong.any():
        raise stop(BAD_JUDGEMENT, cells=_cells(wrong))
    with np.errstate(over="ignore"):
        wrong = np.triu(~(np.abs(a * a.T - 1.0) <= RECIPROCAL))
    if wrong.any():
        raise stop(NOT_RECIPROCAL, cells=_cells(wrong))
    return _mirrored(a)


def _principal(a: FloatArray, start: FloatArray) -> FloatArray:
    """Principal eigenvector of a positive matrix, with sum 1, by the power method from the geometric mean."""
    weights = start
    for _ in range(STEPS):
        following = np.sort(a * weights, axis=1).sum(axis=1)
        following /= np.sort(following).sum()
        step = float(np.abs(following / weights - 1.0).max())
        weights = following
        if step < 4 * np.finfo(np.float64).eps:
            break
    return weights


def _mirrored(a: FloatArray) -> FloatArray:
    """The matrix with a diagonal of ones and a lower triangle of reciprocals."""
    upper = np.triu(a, 1)
    return np.asarray(upper + np.tril(1.0 / a.T, -1) + np.eye(len(a)))


def _cells(wrong: np.ndarray) -> str:
    """Places of a matrix as a message shows them."""
    return ", ".join(f"({row + 1}, {column + 1})" for row, column in np.argwhere(wrong))
