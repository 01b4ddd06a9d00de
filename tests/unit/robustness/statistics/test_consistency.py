"""Cronbach's alpha."""

from __future__ import annotations

import numpy as np
import pytest

from tongkao.robustness.statistics import cronbach

NAN = float("nan")


def test_by_hand() -> None:
    """Variances 5/3 and 5/3, covariance 1: alpha = 2 (1 - (10/3) / (10/3 + 2)) = 0.75."""
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 4.0], [4.0, 3.0]])
    found = cronbach(x)
    assert found.alpha == pytest.approx(0.75, abs=1e-15)
    assert np.isnan(found.without).all()


def test_leaving_a_column_out() -> None:
    made = np.random.default_rng(2)
    x = made.normal(size=(50, 4)) + made.normal(size=(50, 1))
    found = cronbach(x)
    for column in range(4):
        assert found.without[column] == cronbach(np.delete(x, column, axis=1)).alpha
    items = x.var(axis=0, ddof=1).sum()
    assert found.alpha == pytest.approx(4 / 3 * (1 - items / x.sum(axis=1).var(ddof=1)), rel=1e-13)


def test_columns_against_each_other_have_a_negative_one() -> None:
    x = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.5]])
    assert cronbach(x).alpha < 0


@pytest.mark.parametrize(
    "x",
    [
        np.array([[1.0], [2.0]]),
        np.empty((3, 0)),
        np.array([[1.0, -1.0], [2.0, -2.0]]),
        np.array([[1.0, NAN], [2.0, NAN], [NAN, 3.0]]),
        np.full((3, 2), 4.0),
    ],
    ids=["one column", "none", "the sum does not vary", "no common units", "constant"],
)
def test_where_there_is_none(x: np.ndarray) -> None:
    assert np.isnan(cronbach(x).alpha)
