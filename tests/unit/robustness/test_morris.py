from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tongkao.robustness.morris import CONTINUOUS, DRAWN, Effects, Paths, effects, paths

FloatArray = NDArray[np.float64]


@given(st.lists(st.sampled_from([CONTINUOUS, DRAWN, 1, 2, 3, 5]), min_size=1, max_size=6), st.integers(1, 12), st.integers(0, 99))
@settings(max_examples=60)
def test_each_step_changes_one_choice_and_each_choice_once(levels: list[int], count: int, seed: int) -> None:
    design = paths(levels, count, seed=seed)
    assert ((design.points >= 0) & (design.points < 1)).all()
    assert np.array_equal(np.sort(design.changed, axis=1), np.broadcast_to(np.arange(len(levels)), design.changed.shape))
    for path in range(count):
        for step, choice in enumerate(design.changed[path]):
            before, after = design.points[path, step], design.points[path, step + 1]
            others = np.arange(len(levels)) != choice
            assert np.array_equal(before[others], after[others])
            moved = after[choice] - before[choice]
            if levels[choice] == CONTINUOUS:
                assert moved == pytest.approx(design.steps[path, step])
                assert abs(moved) == pytest.approx(0.5)
            elif levels[choice] == 1:
                assert moved == 0
            else:
                assert moved != 0
            if levels[choice] > 1:
                assert np.sign(moved) == design.steps[path, step]


@given(st.integers(2, 6), st.integers(1, 5))
def test_a_path_starts_from_each_alternative_equally_often(level: int, times: int) -> None:
    start = paths([level], level * times, seed=3).points[:, 0, 0]
    assert np.bincount((start * level).astype(int)).tolist() == [times] * level


def test_a_linear_model_has_its_coefficients() -> None:
    design = paths([CONTINUOUS, CONTINUOUS, CONTINUOUS], 6, seed=1)
    got = effects(design, (design.rows() @ np.array([3.0, -2.0, 0.0]))[:, None], bootstraps=50)
    assert got.mu[:, 0] == pytest.approx([3.0, -2.0, 0.0])
    assert got.mu_star[:, 0] == pytest.approx([3.0, 2.0, 0.0])
    assert np.allclose(got.sigma, 0.0, atol=1e-6)
    assert got.mu_star_low[:, 0] == pytest.approx([3.0, 2.0, 0.0])
    assert got.mu_star_high[:, 0] == pytest.approx([3.0, 2.0, 0.0])
    assert got.mu_star[2, 0] == 0.0


def test_alternatives_are_not_divided_by_a_distance() -> None:
    """Three alternatives worth 0, 5 and 7: every change is worth 5, 2 or 7, whatever the distance of their places."""
    design = paths([3, 3], 300, seed=2)
    worth = np.array([0.0, 5.0, 7.0])[(design.rows()[:, 0] * 3).astype(int)]
    got = effects(design, worth[:, None], bootstraps=0)
    sizes = np.abs(np.diff(worth.reshape(300, 3), axis=1))
    assert set(np.unique(sizes)) == {0.0, 2.0, 5.0, 7.0}
    assert got.mu_star[:, 0].tolist() == [pytest.approx(14 / 3, abs=0.3), 0.0]
    assert got.mu[0, 0] == pytest.approx(got.mu_star[0, 0])  # a later alternative is worth more, whichever way a path goes


def test_by_hand() -> None:
    """Two paths of two choices; y written down."""
    points = np.array([[[0.1, 0.1], [0.6, 0.1], [0.6, 0.6]], [[0.6, 0.6], [0.6, 0.1], [0.1, 0.1]]])
    design = Paths(points, np.array([[0, 1], [1, 0]]), np.array([[0.5, 0.5], [-0.5, -0.5]]))
    got = effects(design, np.array([1.0, 2.0, 5.0, 7.0, 4.0, 3.5])[:, None], bootstraps=0)
    # choice 0: (2 - 1) / 0.5 = 2 and (3.5 - 4) / -0.5 = 1; choice 1: 3 / 0.5 = 6 and -3 / -0.5 = 6
    assert got.mu[:, 0].tolist() == [1.5, 6.0]
    assert got.mu_star[:, 0].tolist() == [1.5, 6.0]
    assert got.sigma[:, 0] == pytest.approx([np.sqrt(0.5), 0.0])
    assert got.used[:, 0].tolist() == [2, 2]


def test_morris_own_function() -> None:
    """Morris (1991), section 5: 20 inputs of which the first seven and the next three matter, the last ten hardly."""
    chance = np.random.default_rng(4)
    design = paths([CONTINUOUS] * 20, 40, seed=7)
    x = design.rows()
    w = 2 * (x - 0.5)
    for place in (2, 4, 6):
        w[:, place] = 2 * (1.1 * x[:, place] / (x[:, place] + 0.1) - 0.5)
    first = np.where(np.arange(20) < 10, 20.0, chance.normal(size=20))
    second = chance.normal(size=(20, 20))
    second[:6, :6] = -15.0
    y = w @ first
    for i in range(20):
        for j in range(i + 1, 20):
            y += second[i, j] * w[:, i] * w[:, j]
    for i in range(5):
        for j in range(i + 1, 5):
            for k in range(j + 1, 5):
                y += -10.0 * w[:, i] * w[:, j] * w[:, k]
    y += 5.0 * w[:, :4].prod(axis=1)
    got = effects(design, y[:, None])
    assert got.mu_star_low[:10, 0].min() > got.mu_star_high[10:, 0].max()
    # 8, 9, 10 act by themselves, the first six with others.
    assert got.sigma_low[:6, 0].min() > got.sigma_high[7:10, 0].max()


@given(st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_order_of_targets_and_chunks_never_matter(order: list[int]) -> None:
    design = paths([CONTINUOUS, 2, DRAWN], 15, seed=1)
    y = design.rows() @ np.random.default_rng(0).normal(size=(3, 5))
    straight, turned = effects(design, y, bootstraps=40), effects(design, y[:, order], bootstraps=40, chunk=2)
    for field in fields(Effects):
        assert np.array_equal(getattr(turned, field.name), getattr(straight, field.name)[..., order]), field.name


def test_a_failed_run_takes_the_effects_beside_it() -> None:
    design = paths([CONTINUOUS, CONTINUOUS], 4, seed=1)
    y = design.rows() @ np.array([1.0, 2.0])
    y[1] = np.nan  # the middle of the first path
    got = effects(design, y[:, None], bootstraps=20)
    assert got.used[:, 0].tolist() == [3, 3]
    assert got.mu[:, 0] == pytest.approx([1.0, 2.0])
    nothing = effects(design, np.full((12, 1), np.nan), bootstraps=20)
    assert nothing.used[:, 0].tolist() == [0, 0]
    assert np.isnan(nothing.mu_star).all()
    assert nothing.constant.tolist() == [False]


def test_a_constant_output_has_no_effects() -> None:
    design = paths([CONTINUOUS, 3], 10, seed=1)
    y = 60 + np.random.default_rng(0).choice([0.0, 7e-15], (30, 1))
    got = effects(design, y, bootstraps=20)
    assert got.constant.tolist() == [True]
    assert not got.mu_star.any()
    assert not got.sigma_high.any()


def test_what_cannot_be_laid_out() -> None:
    with pytest.raises(ValueError, match="even number of levels, found 3"):
        paths([CONTINUOUS], 2, seed=1, grid=3)
    with pytest.raises(ValueError, match="there is no choice"):
        paths([], 2, seed=1)
