"""Trends over years."""

from __future__ import annotations

import numpy as np
import pytest

from tongkao.robustness.statistics import trends

NAN = float("nan")
YEARS = [2018, 2020, 2022]


def test_whole_case() -> None:
    """Columns: doubled in four years; fell from 2020; appeared once; never; grew from zero; fell below zero; stayed."""
    values = np.array(
        [
            [[100.0, NAN, NAN, NAN, 0.0, 5.0, 3.0]],
            [[999.0, 9.0, 7.0, NAN, 1.0, 5.0, 9.0]],
            [[200.0, 1.0, NAN, NAN, 8.0, -5.0, 3.0]],
        ]
    )
    sign = np.array([1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    found = trends(values, YEARS, sign)
    assert found.counts.tolist() == [[3, 2, 1, 0, 3, 3, 3]]
    assert found.first_years.tolist() == [[2018, 2020, 2020, 0, 2018, 2018, 2018]]
    assert found.last_years.tolist() == [[2022, 2022, 2020, 0, 2022, 2022, 2022]]
    np.testing.assert_array_equal(found.first, [[100, 9, 7, NAN, 0, 5, 3]])
    np.testing.assert_array_equal(found.last, [[200, 1, 7, NAN, 8, -5, 3]])
    np.testing.assert_allclose(found.growth, [[2**0.25 - 1, 1 / 3 - 1, NAN, NAN, NAN, NAN, 0]], rtol=1e-15)
    np.testing.assert_array_equal(found.change, [[25, -4, NAN, NAN, 2, -2.5, 0]])
    assert found.better.tolist() == [[1, 1, 0, 0, 1, -1, 0]]


def test_down_to_zero_is_a_loss_of_everything() -> None:
    found = trends(np.array([[[8.0]], [[0.0]]]), [2020, 2021], np.ones(1))
    assert (found.growth.tolist(), found.better.tolist()) == ([[-1.0]], [[-1]])


@pytest.mark.parametrize("years", [[], [2020]])
def test_no_year_and_one_year(years: list[int]) -> None:
    found = trends(np.ones((len(years), 2, 3)), years, np.ones(3))
    assert found.counts.tolist() == [[len(years)] * 3] * 2
    assert np.isnan(found.growth).all()
    assert np.isnan(found.change).all()
    assert not found.better.any()
