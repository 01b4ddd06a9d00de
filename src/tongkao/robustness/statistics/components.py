"""Principal components of the correlation matrix: how many things a group of indicators measures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.kernels.arrays import FloatArray
from tongkao.robustness.statistics.correlation import correlate

EQUAL = 1e-9
"""Loadings whose sizes differ by less are equally large."""


@dataclass(frozen=True)
class Components:
    """Principal components of c columns that vary.

    Attributes:
        units: Units that have a value in every column.
        eigenvalues: (c,) variances of the components, largest first; they add to c.
        shares: (c,) shares in the variance, which add to 1.
        loadings: (k, c) weights of the columns in each component, of length 1; NaN for a column that is constant.
    """

    units: int
    eigenvalues: FloatArray
    shares: FloatArray
    loadings: FloatArray

    @property
    def deviations(self) -> FloatArray:
        """Standard deviations of the components, (c,)."""
        return np.sqrt(self.eigenvalues)


def principal_components(x: FloatArray) -> Components | None:
    """Principal components of the standardised columns, over the units that have all values.

    The sign of a component is free; here the loading largest in size is positive, and among several equally large ones (to
    1e-9) that of the column that comes first when columns are ordered by their sorted values. So neither the order of units
    nor that of columns matters.

    Source: Jolliffe (2002), Principal Component Analysis, sections 2.3 and 3.9; OECD/JRC Handbook (2008), section 4.

    Args:
        x: (n, k) values, NaN where there is none.

    Returns:
        The components; None where fewer than three units have all values or no column varies.
    """
    whole = x[~np.isnan(x).any(axis=1)]
    if whole.shape[0] < 3 or not whole.shape[1]:
        return None
    order = _order_by_values(whole)
    r = correlate(whole[:, order]).coefficients
    varying = ~np.isnan(np.diagonal(r))
    if not varying.any():
        return None
    values, vectors = np.linalg.eigh(r[np.ix_(varying, varying)])
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    sizes = np.abs(vectors)
    leading = np.argmax(sizes >= sizes.max(axis=0) - EQUAL, axis=0)
    vectors = vectors * np.where(vectors[leading, np.arange(values.size)] < 0, -1.0, 1.0)
    loadings = np.full((x.shape[1], values.size), np.nan)
    loadings[order[varying]] = vectors
    return Components(whole.shape[0], values, values / values.sum(), loadings)


def _order_by_values(x: FloatArray) -> NDArray[np.intp]:
    """Columns ordered by their smallest value, then the next, and so on: an order that knows neither units nor names."""
    return np.lexsort(np.sort(x, axis=0)[::-1])
