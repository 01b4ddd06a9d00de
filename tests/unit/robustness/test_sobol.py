from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tongkao.robustness.sampling import radial
from tongkao.robustness.sobol import Estimator, Indices, indices, uncentred

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], FloatArray]


def ishigami(x: FloatArray) -> FloatArray:
    """Ishigami and Homma (1990), a = 7, b = 0.1, on the cube from -pi to pi."""
    z = np.pi * (2 * x - 1)
    result: FloatArray = np.sin(z[:, 0]) + 7 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])
    return result


def ishigami_indices() -> tuple[FloatArray, FloatArray, float]:
    a, b, pi = 7.0, 0.1, np.pi
    v1, v2, v13 = 0.5 * (1 + b * pi**4 / 5) ** 2, a * a / 8, b * b * pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    return np.array([v1, v2, 0.0]) / whole, np.array([v1 + v13, v2, v13]) / whole, float(whole)


A = np.array([0.0, 1.0, 4.5, 9.0, 99.0])


def g_function(x: FloatArray) -> FloatArray:
    """Sobol's g function."""
    product: FloatArray = np.prod((np.abs(4 * x - 2) + A) / (1 + A), axis=1)
    return product


def g_indices() -> tuple[FloatArray, FloatArray, float]:
    parts = 1 / (3 * (1 + A) ** 2)
    whole = np.prod(1 + parts) - 1
    return parts / whole, parts * np.prod(1 + parts) / (1 + parts) / whole, float(whole)


def run(function: Function, choices: int, n: int, seed: int = 1) -> FloatArray:
    design = radial(n, choices, seed=seed)
    return design.blocks(function(design.rows()).reshape(len(design.rows()), -1))


@pytest.mark.parametrize("estimator", ["janon", "jansen"])
@pytest.mark.parametrize(("function", "exact", "choices"), [(ishigami, ishigami_indices, 3), (g_function, g_indices, 5)])
def test_known_indices(
    function: Function, exact: Callable[[], tuple[FloatArray, FloatArray, float]], choices: int, estimator: Estimator
) -> None:
    first, total, variance = exact()
    got = indices(run(function, choices, 8192), estimator=estimator, bootstraps=200)
    assert np.allclose(got.first[:, 0], first, atol=0.012)
    assert np.allclose(got.total[:, 0], total, atol=0.012)
    assert got.variance[0] == pytest.approx(variance, rel=0.01)
    assert not got.constant[0]
    assert (got.used[0], got.left_out[0]) == (8192, 0)


def test_intervals_hold_the_known_indices_about_as_often_as_they_say() -> None:
    first, total, _ = ishigami_indices()
    hits = np.zeros(2)
    for seed in range(60):
        design = radial(256, 3, seed=seed, sampler="random")
        got = indices(design.blocks(ishigami(design.rows())[:, None]), bootstraps=400, seed=seed)
        hits += [
            ((got.first_low[:, 0] <= first) & (first <= got.first_high[:, 0])).mean(),
            ((got.total_low[:, 0] <= total) & (total <= got.total_high[:, 0])).mean(),
        ]
    assert (hits / 60 > 0.88).all(), hits / 60
    assert (hits / 60 < 0.99).all(), hits / 60


def test_by_hand() -> None:
    """Two points, y = 2 x1 + x2: the sums written out."""
    a, b = np.array([[0.0, 0.0], [1.0, 0.5]]), np.array([[1.0, 1.0], [0.5, 0.0]])
    blocks = [a, b, np.column_stack([b[:, 0], a[:, 1]]), np.column_stack([a[:, 0], b[:, 1]])]
    y = np.array([2 * block[:, 0] + block[:, 1] for block in blocks])
    assert y.tolist() == [[0.0, 2.5], [3.0, 1.0], [2.0, 1.5], [1.0, 2.0]]
    got = indices(y[:, :, None], bootstraps=0)
    # B (3, 1) with AB1 (2, 1.5): mean 1.875, covariance 3.75 - 3.515625, variance (9 + 1 + 4 + 2.25) / 4 - 3.515625
    # A (0, 2.5) with AB1: mean 1.5, squared differences 4 + 1
    assert got.first[:, 0] == pytest.approx([(3.75 - 1.875**2) / (16.25 / 4 - 1.875**2), (2.5 - 1.75**2) / (15 / 4 - 1.75**2)])
    assert got.total[:, 0] == pytest.approx([1.25 / (12.5 / 4 - 1.5**2), 0.3125 / (11.25 / 4 - 1.375**2)])
    assert (got.mean[0], got.variance[0]) == (pytest.approx(1.625), pytest.approx((0 + 6.25 + 9 + 1) / 4 - 1.625**2))


# --- laws -----------------------------------------------------------------------------------------------------------------


@st.composite
def additive(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """Coefficients of an additive model, and the outputs of its runs."""
    choices = draw(st.integers(1, 4))
    coefficients = np.array(draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, -3.0]), min_size=choices, max_size=choices)))
    design = radial(512, choices, seed=draw(st.integers(0, 1000)))
    rows = design.rows()
    return coefficients, design.blocks((np.where(rows < 0.5, rows, rows**2) @ coefficients)[:, None])


@given(additive())
@settings(max_examples=40, deadline=None)
def test_indices_of_an_additive_model_sum_to_1(made: tuple[FloatArray, FloatArray]) -> None:
    coefficients, outputs = made
    got = indices(outputs, bootstraps=300, confidence=0.999)
    slack = max((got.first_high - got.first_low).max(), (got.total_high - got.total_low).max()) + 1e-9
    if not coefficients.any():
        assert got.constant[0]
        assert not got.first.any()
        assert not got.total.any()
        return
    assert got.first.sum() == pytest.approx(1.0, abs=slack)
    assert got.total.sum() == pytest.approx(1.0, abs=slack)
    assert (got.first_low <= got.total_high).all()
    nothing = coefficients == 0
    for array in (got.first, got.total, got.first_low, got.first_high, got.total_low, got.total_high):
        assert (array[nothing] == 0.0).all()


@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_first_order_is_at_most_total_up_to_the_interval(seed: int, n: int, choices: int) -> None:
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(choices, choices))
    design = radial(n, choices, seed=seed)
    rows = design.rows()
    got = indices(design.blocks(np.einsum("ri,ij,rj->r", rows, matrix, rows)[:, None]), bootstraps=200, confidence=0.99)
    assert (got.first_low <= got.total_high + 1e-12).all()
    assert (got.total >= 0).all()
    assert (got.first <= 1 + 1e-12).all()


@given(st.permutations(range(6)), st.permutations(range(3)))
@settings(max_examples=25, deadline=None)
def test_order_of_targets_and_choices_never_matters(targets: list[int], choices: list[int]) -> None:
    y = run(lambda x: np.column_stack([ishigami(x), x, (x > 0.5)[:, :2]]), 3, 64)
    straight = indices(y, bootstraps=50)
    turned = indices(y[[0, 1, *(2 + np.array(choices))]][:, :, targets], bootstraps=50)
    for field in fields(Indices):
        expected = getattr(straight, field.name)[..., targets]
        if expected.ndim == 2:
            expected = expected[choices]
        assert np.array_equal(getattr(turned, field.name), expected), field.name


def test_shifting_an_output_changes_nothing() -> None:
    """What the uncentred formula gets wrong."""
    y = run(ishigami, 3, 128)
    near, far = indices(y, bootstraps=0), indices(y + 1000.0, bootstraps=0)
    assert np.allclose(near.first, far.first, atol=1e-9)
    assert np.allclose(near.total, far.total, atol=1e-9)
    assert np.abs(uncentred(y)[0] - uncentred(y + 1000.0)[0]).max() > 1.0


@pytest.mark.parametrize("options", [{"chunk": 1}, {"chunk": 7}, {"threads": 2}, {"threads": 3, "chunk": 2}])
def test_bits_do_not_depend_on_chunks_and_threads(options: dict[str, int]) -> None:
    def outputs(x: FloatArray) -> FloatArray:
        return np.column_stack([ishigami(x), 1e6 * x, np.argsort(np.argsort(x, axis=1), axis=1), x[:, :2] > 0.3])

    y = run(outputs, 3, 100)
    y[2, 5, 1] = np.nan
    one, other = indices(y, bootstraps=150), indices(y, bootstraps=150, **options)  # type: ignore[arg-type]
    for field in fields(Indices):
        assert getattr(one, field.name).tobytes() == getattr(other, field.name).tobytes(), field.name


# --- outputs that do not vary, runs that fail -----------------------------------------------------------------------------


def test_a_constant_output_has_no_sensitivity() -> None:
    """Rounding noise on a constant (trap 24) is no variance."""
    chance = np.random.default_rng(1)
    y = 60.0 + chance.choice([0.0, 7e-15, -7e-15], (5, 50, 2))
    y[:, :, 1] = 3.0
    got = indices(y, bootstraps=20)
    assert got.constant.tolist() == [True, True]
    assert got.variance.tolist() == [0.0, 0.0]
    for name in ("first", "total", "first_low", "first_high", "total_low", "total_high"):
        assert not getattr(got, name).any()


def test_a_failed_run_takes_its_block_with_it_and_nothing_else() -> None:
    y = run(lambda x: np.column_stack([ishigami(x), x[:, 0]]), 3, 40)
    failed = y.copy()
    failed[3, 7] = np.nan
    failed[0, 12] = np.nan
    kept = [place for place in range(40) if place not in (7, 12)]
    got, expected = indices(failed, bootstraps=30), indices(y[:, kept], bootstraps=30)
    assert got.left_out.tolist() == [2, 2]
    assert got.used.tolist() == [38, 38]
    for field in fields(Indices):
        if field.name != "left_out":
            assert np.array_equal(getattr(got, field.name), getattr(expected, field.name)), field.name


def test_a_gap_of_one_target_is_left_out_for_that_target_only() -> None:
    y = run(lambda x: np.column_stack([ishigami(x), x[:, 0]]), 3, 40)
    failed = y.copy()
    failed[1, 4, 1] = np.nan
    got = indices(failed, bootstraps=30)
    assert got.left_out.tolist() == [0, 1]
    whole, without = indices(y, bootstraps=30), indices(np.delete(y, 4, axis=1), bootstraps=30)
    assert np.array_equal(got.first[:, 0], whole.first[:, 0])
    assert np.array_equal(got.first_low[:, 0], whole.first_low[:, 0])
    assert np.allclose(got.first[:, 1], without.first[:, 1], atol=1e-12)
    assert np.allclose(got.total[:, 1], without.total[:, 1], atol=1e-12)
    assert np.isfinite(got.first_low).all()


@pytest.mark.parametrize("left", [0, 1])
def test_fewer_than_two_blocks_give_no_index(left: int) -> None:
    y = run(ishigami, 3, 5)
    y[2, left:] = np.nan
    got = indices(y, bootstraps=10)
    assert got.used.tolist() == [left]
    assert np.isnan(got.first).all()
    assert np.isnan(got.total_high).all()


def test_outputs_must_be_blocks() -> None:
    with pytest.raises(ValueError, match=r"outputs are \(choices \+ 2, n, targets\), found \(2, 5, 1\)"):
        indices(np.zeros((2, 5, 1)))


def test_the_uncentred_formula_by_hand() -> None:
    y = np.array([[0.0, 2.5], [3.0, 1.0], [2.0, 1.5], [1.0, 2.0]])[:, :, None]
    first, total, variance = uncentred(y)
    v = np.var([0.0, 2.5, 3.0, 1.0], ddof=1)
    assert variance.tolist() == [v]
    assert first[:, 0] == pytest.approx([(3 * 2 + 1 * -1) / 2 / v, (3 * 1 + 1 * -0.5) / 2 / v])
    assert total[:, 0] == pytest.approx([(4 + 1) / (4 * v), (1 + 0.25) / (4 * v)])
