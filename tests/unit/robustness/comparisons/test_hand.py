"""Examples by hand, single units, constant columns, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.unit.robustness.comparisons.laws import BY_NAME, Method
from tongkao.robustness import comparisons as c
from tongkao.robustness.weighting import AnalysisError

NAN = float("nan")
#: three cities: growth in % (more is better) and cost (less is better)
X = np.array([[8.0, 4.0], [6.0, 2.0], [4.0, 1.0]])
HALVES, SIGN = np.array([1.0, 1.0]), np.array([1.0, -1.0])

BY_HAND: dict[str, tuple[Method, list[float]]] = {
    # norms √116 and √21; v by column from the best: 0, 2, 4 /√116 and 3, 1, 0 /√21, halved
    "topsis": (
        c.topsis,
        [
            (4 / 116**0.5) / (4 / 116**0.5 + 3 / 21**0.5),
            ((4 / 116 + 4 / 21) ** 0.5) / ((4 / 116 + 4 / 21) ** 0.5 + (4 / 116 + 1 / 21) ** 0.5),
            (3 / 21**0.5) / (4 / 116**0.5 + 3 / 21**0.5),
        ],
    ),
    # min-max 1, 1/2, 0 and 0, 2/3, 1
    "topsis_minmax": (BY_NAME["topsis_minmax"], [0.5, (1 / 4 + 4 / 9) ** 0.5 / ((1 / 4 + 4 / 9) ** 0.5 + 13**0.5 / 6), 0.5]),
    # the sums are 1/2, 5/12, 1/2 and the regrets 1/2, 1/4, 1/2
    "vikor": (c.vikor, [0.0, 1.0, 0.0]),
    # AV = 6 and 7/3; PDA 1/3 and 1/7, 4/7; NDA 1/3 and 5/7; SP = 1/6, 1/14, 2/7; SN = 5/14, 0, 1/6
    "edas": (c.edas, [(7 / 12 + 0) / 2, (1 / 4 + 1) / 2, (1 + 1 - 7 / 15) / 2]),
    "moora": (c.moora, [(8 / 116**0.5 - 4 / 21**0.5) / 2, (6 / 116**0.5 - 2 / 21**0.5) / 2, (4 / 116**0.5 - 1 / 21**0.5) / 2]),
    # sums with the ideal: 18 + 8 and 1/4 + 1/2 + 1 + 1; S_0 = (8/26 + 1/2.75)/2
    "aras": (
        c.aras,
        [
            (8 / 26 + 0.25 / 2.75) / (8 / 26 + 1 / 2.75),
            (6 / 26 + 0.5 / 2.75) / (8 / 26 + 1 / 2.75),
            (4 / 26 + 1 / 2.75) / (8 / 26 + 1 / 2.75),
        ],
    ),
    # ratios 1, 3/4, 1/2 and 1/4, 1/2, 1
    "waspas": (
        c.waspas,
        [(0.625 + 0.25**0.5) / 2, (0.625 + 0.375**0.5) / 2, (0.75 + 0.5**0.5) / 2],
    ),
    "weighted_sum": (c.weighted_sum, [1 / 2, 7 / 12, 1 / 2]),
    "weighted_product": (c.weighted_product, [0.25**0.5, 0.375**0.5, 0.5**0.5]),
    # rates + 1: 2, 3/2, 1 and 1, 5/3, 2; borders 3^(1/3) and (10/3)^(1/3)
    "mabac": (
        c.mabac,
        [
            (2 + 1 - 3 ** (1 / 3) - (10 / 3) ** (1 / 3)) / 2,
            (3 / 2 + 5 / 3 - 3 ** (1 / 3) - (10 / 3) ** (1 / 3)) / 2,
            (1 + 2 - 3 ** (1 / 3) - (10 / 3) ** (1 / 3)) / 2,
        ],
    ),
    # S+ = 8/36, 6/36, 4/36; S- = 4/14, 2/14, 1/14, sum 1/2, inverse 3.5, 7, 14; Q = 2/9 + 1/14, 1/6 + 1/7, 1/9 + 2/7
    "copras": (c.copras, [(2 / 9 + 1 / 14) / (1 / 9 + 2 / 7), (1 / 6 + 1 / 7) / (1 / 9 + 2 / 7), 1.0]),
    # on growth +2, 0, -2; on cost -2, 0, +2
    "promethee": (c.promethee, [0.0, 0.0, 0.0]),
    "copeland": (c.copeland, [0.0, 0.0, 0.0]),
    # 0..10 and 0..5
    "spotis": (lambda x, w, s: c.spotis(x, w, s, [[0, 10], [0, 5]]), [0.5, 0.6, 0.6]),
}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_by_hand(name: str) -> None:
    method, expected = BY_HAND[name]
    np.testing.assert_allclose(method(X, HALVES, SIGN), expected, rtol=1e-14, atol=1e-14)


def test_all_methods_have_an_example_by_hand() -> None:
    assert BY_HAND.keys() == BY_NAME.keys()


def test_promethee_and_copeland_with_weights_by_hand() -> None:
    # unit 1 wins on 0.6, ties nothing; unit 2 equals unit 3 on the second
    x, weight = np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 2.0]]), np.array([0.6, 0.4])
    np.testing.assert_allclose(c.promethee(x, weight, [1, 1]), [0.6 - 0.4, 0.2, -0.6 + 0.2], atol=1e-15)
    np.testing.assert_array_equal(c.copeland(x, weight, [1, 1]), [2, 0, -2])


def test_vikor_measures_by_hand() -> None:
    found = c.vikor_measures(X, HALVES, SIGN, v=0.25)
    np.testing.assert_allclose(found.utility, [1 / 2, 5 / 12, 1 / 2], rtol=1e-15)
    np.testing.assert_allclose(found.regret, [1 / 2, 1 / 4, 1 / 2], rtol=1e-15)
    np.testing.assert_allclose(found.compromise, [1.0, 0.0, 1.0], rtol=1e-15)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("none", [[8, -4], [6, -2], [4, -1]]),
        ("minmax", [[1, 0], [0.5, 2 / 3], [0, 1]]),
        ("vector", [[8 / 116**0.5, 1 - 4 / 21**0.5], [6 / 116**0.5, 1 - 2 / 21**0.5], [4 / 116**0.5, 1 - 1 / 21**0.5]]),
        ("sum", [[8 / 18, 1 / 7], [6 / 18, 2 / 7], [4 / 18, 4 / 7]]),
        ("max", [[1, 0], [0.75, 0.5], [0.5, 0.75]]),
        ("linear", [[1, 0.25], [0.75, 0.5], [0.5, 1]]),
    ],
)
def test_scales_by_hand(scale: Any, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(c.normalise(X, SIGN, scale), expected, rtol=1e-15, atol=1e-15)


#: what a method gives when nothing distinguishes the units
WITHOUT_DIFFERENCE = {
    "aras": 1.0,
    "copeland": 0.0,
    "copras": 1.0,
    "edas": 0.5,
    "mabac": 0.0,
    "moora": 0.0,
    "promethee": 0.0,
    "spotis": 0.5,
    "topsis": 0.5,
    "topsis_minmax": 0.5,
    "vikor": 1.0,
    "waspas": 1.0,
    "weighted_product": 1.0,
    "weighted_sum": 1.0,
}


@pytest.mark.parametrize("name", sorted(BY_NAME))
@pytest.mark.parametrize("n", [1, 3])
def test_without_difference(name: str, n: int) -> None:
    scores = BY_NAME[name](np.tile([0.7, 0.7], (n, 1)), HALVES, SIGN)
    np.testing.assert_allclose(scores, np.full(n, WITHOUT_DIFFERENCE[name]), atol=1e-15)


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"spotis"}))
def test_a_constant_column_changes_no_order(name: str) -> None:
    x = np.array([[8.0, 4.0, 3.0], [7.0, 2.0, 3.0], [4.0, 1.5, 3.0]])
    with_it = BY_NAME[name](x, np.array([3.0, 2.0, 4.0]), np.array([1.0, -1.0, 1.0]))
    without = BY_NAME[name](x[:, :2], np.array([3.0, 2.0]), np.array([1.0, -1.0]))
    assert np.argsort(with_it).tolist() == np.argsort(without).tolist()


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(AnalysisError) as caught:
        call()
    (problem,) = caught.value.problems
    assert problem.message("zh")
    return f"{problem.code}: {problem.fields.get('columns', '')}"


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_gaps_and_unfit_arguments_are_refused(name: str) -> None:
    method = BY_NAME[name]
    assert code_of(lambda: method(np.array([[1.0, NAN], [2.0, 1.0]]), HALVES, SIGN)) == "robustness.not_finite: [2]"
    assert code_of(lambda: method(np.array([[np.inf, 1.0], [2.0, 1.0]]), HALVES, SIGN)) == "robustness.not_finite: [1]"
    assert code_of(lambda: method(np.array([[1e151, 1.0], [2.0, 1.0]]), HALVES, SIGN)) == "robustness.too_large: [1]"
    assert code_of(lambda: method(np.empty((0, 2)), HALVES, SIGN)) == "robustness.too_few_units: "
    assert code_of(lambda: method(X, np.array([0.0, 0.0]), SIGN)) == "robustness.zero_weights: "
    assert code_of(lambda: method(X, np.array([2.0, -1.0]), SIGN)) == "robustness.bad_weights: [2]"
    assert code_of(lambda: method(X, HALVES[:1], SIGN)) == "robustness.shape: "
    assert code_of(lambda: method(X, HALVES, np.array([1.0, 0.0]))) == "robustness.bad_sign: [2]"


@pytest.mark.parametrize("name", ["aras", "copras", "waspas", "weighted_product"])
def test_negative_values_are_refused_where_ratios_are_formed(name: str) -> None:
    x = X.copy()
    x[0, 0] = -1
    assert code_of(lambda: BY_NAME[name](x, HALVES, SIGN)) == "robustness.negative: [1]"


@pytest.mark.parametrize("name", ["aras", "copras", "waspas", "weighted_product"])
def test_zero_is_refused_where_it_would_divide(name: str) -> None:
    x = X.copy()
    x[1, 1] = 0
    assert code_of(lambda: BY_NAME[name](x, HALVES, SIGN)) == "robustness.not_positive: [2]"
    x = X.copy()
    x[1, 0] = 0  # where more is better, 0 is a value like any other
    assert np.isfinite(BY_NAME[name](x, HALVES, SIGN)).all()


def test_edas_refuses_a_mean_that_is_not_above_zero() -> None:
    assert code_of(lambda: c.edas([[-1.0], [1.0]], [1], [1])) == "robustness.not_positive: [1]"


@pytest.mark.parametrize(
    "call",
    [
        lambda: c.vikor(X, HALVES, SIGN, v=1.5),
        lambda: c.waspas(X, HALVES, SIGN, share_of_sum=-0.1),
        lambda: c.topsis(X, HALVES, SIGN, scale="sum"),  # type: ignore[arg-type]
        lambda: c.normalise(X, SIGN, "log"),  # type: ignore[arg-type]
    ],
)
def test_settings_out_of_range_are_refused(call: Callable[[], object]) -> None:
    assert code_of(call) == "robustness.bad_setting: "


@pytest.mark.parametrize("bounds", [[[0, 7], [0, 5]], [[0, 10], [2, 5]], [[10, 0], [0, 5]], [[0, NAN], [0, 5]]])
def test_spotis_refuses_bounds_that_do_not_hold_the_values(bounds: list[list[float]]) -> None:
    assert code_of(lambda: c.spotis(X, HALVES, SIGN, bounds)).startswith("robustness.outside_bounds: ")


def test_zeros_everywhere() -> None:
    zeros, up = np.zeros((2, 2)), np.ones(2)
    for name, expected in {"aras": 1.0, "copras": 1.0, "waspas": 1.0, "moora": 0.0, "edas": 0.5, "topsis": 0.5}.items():
        assert BY_NAME[name](zeros, HALVES, up).tolist() == [expected, expected], name
