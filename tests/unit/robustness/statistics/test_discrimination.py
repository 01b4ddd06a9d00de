"""Which indicators no longer tell units apart."""

from __future__ import annotations

import numpy as np
import pytest

from tongkao.robustness.statistics import discriminate

NAN = float("nan")


def test_whole_case() -> None:
    rates = np.array([[100.0, 60.0, 80.0, NAN], [100.0, 70.0, 80.4, NAN], [96.0, 95.0, 80.2, NAN], [95.0, 100.0, NAN, NAN]])
    found = discriminate(rates, caps=np.array([100.0, 100.0, NAN, 100.0]), floors=np.array([60.0, 60.0, NAN, 60.0]))
    assert found.n.tolist() == [4, 4, 3, 0]
    np.testing.assert_array_equal(found.minimum, [95, 60, 80, NAN])
    np.testing.assert_array_equal(found.maximum, [100, 100, 80.4, NAN])
    np.testing.assert_allclose(found.mean, [97.75, 81.25, 80.2, NAN])
    np.testing.assert_allclose(found.sd, [np.sqrt(20.75 / 3), np.sqrt(1118.75 / 3), 0.2, NAN])
    np.testing.assert_allclose(found.variation, found.sd / found.mean)
    assert found.distinct.tolist() == [3, 4, 3, 0]
    assert found.near.tolist() == [4, 2, 0, 0]
    np.testing.assert_array_equal(found.shares(found.near), [1, 0.5, 0, NAN])
    assert found.at_cap.tolist() == [2, 1, 0, 0]
    assert found.at_floor.tolist() == [0, 1, 0, 0]
    assert found.near_target.tolist() == [True, False, False, False]
    assert found.no_spread.tolist() == [False, False, True, False]


def test_rates_that_differ_by_noise_are_one() -> None:
    rates = np.array([[95.0 - 1e-9], [95.0], [200 / 3], [200 / 3 + 1e-9]])
    found = discriminate(rates)
    assert (found.distinct[0], found.near[0]) == (2, 2)


def test_a_mean_of_zero_has_no_variation() -> None:
    assert np.isnan(discriminate(np.array([[-1.0], [1.0]])).variation[0])


@pytest.mark.parametrize(("near_share", "expected"), [(0.75, True), (0.76, False)])
def test_the_share_that_is_near_the_target(near_share: float, expected: bool) -> None:
    rates = np.array([[99.0], [98.0], [97.0], [20.0]])
    assert discriminate(rates, near_share=near_share).near_target[0] == expected


def test_no_units() -> None:
    found = discriminate(np.empty((0, 2)))
    assert found.n.tolist() == [0, 0]
    assert found.near_target.tolist() == [False, False]
