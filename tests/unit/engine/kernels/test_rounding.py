from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN
from tongkao.engine.kernels import round_points
from tongkao.engine.kernels.rounding import round_points as same

MODES = [("half_up", ROUND_HALF_UP), ("half_even", ROUND_HALF_EVEN)]


def rounded(number: float, places: int, mode: str, scale: float = 100.0) -> float:
    return float(round_points(np.array([number]), places=places, mode=mode, scale=scale)[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(("mode", "decimal_mode"), MODES)
def test_a_hundred_thousand_ties_agree_with_exact_decimals(mode: str, decimal_mode: str) -> None:
    thousandths = np.random.default_rng(0).integers(-200_000, 200_000, size=100_000) * 10 + 5
    numbers = thousandths / 1000
    computed = numbers * 3 / 3 + np.where(np.arange(numbers.size) % 2, 1e-12, -1e-12)  # with the noise of a computation
    expected = [float(Decimal(int(n)).scaleb(-3).quantize(Decimal("0.01"), rounding=decimal_mode)) + 0.0 for n in thousandths]
    assert same(computed, places=2, mode=mode, scale=100.0).tolist() == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(("mode", "decimal_mode"), MODES)
@given(micro=st.integers(-(10**11), 10**11), places=st.integers(0, 5))
def test_numbers_with_six_decimals_agree_with_exact_decimals(mode: str, decimal_mode: str, micro: int, places: int) -> None:
    exact = Decimal(micro).scaleb(-6).quantize(Decimal(1).scaleb(-places), rounding=decimal_mode)
    assert rounded(micro / 1_000_000, places, mode) == float(exact)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (12.1498, 0, 12.0),
        (12.1498, 1, 12.1),
        (10.5002, 0, 11.0),
        (1.050, 1, 1.0),
        (0.35, 1, 0.4),
        (28.175, 2, 28.18),
        (28.165, 2, 28.16),
        (8.53459, 2, 8.53),
        (-28.165, 2, -28.16),
        (84.145, 2, 84.14),
    ],
)
def test_half_even_published_examples_of_gb_t_8170(number: float, places: int, expected: float) -> None:
    assert rounded(number, places, "half_even") == expected


def test_half_up_goes_away_from_zero() -> None:
    points = np.array([84.125, 84.145, 84.124999, -84.125, 2.5, 0.005])
    assert round_points(points, places=2, mode="half_up", scale=100.0).tolist() == [84.13, 84.15, 84.12, -84.13, 2.5, 0.01]


def test_the_guard_grows_with_the_scale_up_to_a_hundredth_of_the_last_place() -> None:
    almost = 0.125 - 5e-7
    assert rounded(almost, 2, "half_up", scale=100.0) == 0.12
    assert rounded(almost, 2, "half_up", scale=1000.0) == 0.13
    assert rounded(0.125 - 2e-4, 2, "half_up", scale=1e12) == 0.12
    scales = round_points(np.array([[almost, almost]]), places=2, mode="half_up", scale=np.array([100.0, 1000.0]))
    assert scales.tolist() == [[0.12, 0.13]]


def test_gaps_large_numbers_and_zero() -> None:
    points = round_points(np.array([NAN, 1e17 + 16, 1e300, -0.001]), places=2, mode="half_up", scale=100.0)
    assert np.isnan(points[0])
    assert points[1:].tolist() == [1e17 + 16, 1e300, 0.0]
    assert not np.signbit(points[3])


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_more_points_are_never_rounded_to_less(one: float, other: float) -> None:
    low, high = sorted([one, other])
    for mode in ("half_up", "half_even"):
        assert rounded(low, 2, mode) <= rounded(high, 2, mode)
