from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongkao.robustness.sampling import SOBOL_DIMENSIONS, latin_points, radial, random_points, sample, sobol_points


def test_the_sequence_itself_is_sobols() -> None:
    """The first points in two dimensions, in the order of their numbers (Joe and Kuo's first example without Gray code)."""
    assert sobol_points(8, 2, seed=0, scramble=False).tolist() == [
        [0.0, 0.0],
        [0.5, 0.5],
        [0.25, 0.75],
        [0.75, 0.25],
        [0.125, 0.625],
        [0.625, 0.125],
        [0.375, 0.375],
        [0.875, 0.875],
    ]


def test_the_same_points_as_scipy() -> None:
    qmc = pytest.importorskip("scipy.stats.qmc")
    theirs = qmc.Sobol(SOBOL_DIMENSIONS, scramble=False, bits=32).random(512)
    ours = sobol_points(512, SOBOL_DIMENSIONS, seed=0, scramble=False)
    # SciPy goes through them in another order.
    assert sorted(map(tuple, theirs.tolist())) == sorted(map(tuple, ours.tolist()))


@given(st.integers(0, 2**32), st.integers(1, 9))
@settings(max_examples=30)
def test_scrambling_keeps_the_balance(seed: int, power: int) -> None:
    """Of 2^k points each of the 2^k equal cells of every coordinate has one; the first two coordinates fill every box."""
    n = 2**power
    points = sobol_points(n, 6, seed=seed)
    assert ((points > 0) & (points < 1)).all()
    cells = (points * n).astype(int)
    assert all(sorted(cells[:, dimension]) == list(range(n)) for dimension in range(6))
    for wide in range(power + 1):
        boxes = (points[:, 0] * 2**wide).astype(int) * 2 ** (power - wide) + (points[:, 1] * 2 ** (power - wide)).astype(int)
        assert sorted(boxes) == list(range(n))


def test_scrambled_points_are_even_over_seeds() -> None:
    """A scrambled point is uniform: over many seeds, mean 1/2, variance 1/12, coordinates and points uncorrelated."""
    drawn = np.array([sobol_points(3, 2, seed=seed).ravel() for seed in range(4000)])
    assert np.allclose(drawn.mean(axis=0), 0.5, atol=0.02)
    assert np.allclose(drawn.var(axis=0), 1 / 12, atol=0.005)
    across = np.corrcoef(drawn[:, [0, 1]].T)[0, 1]
    assert abs(across) < 0.05


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 5))
@settings(max_examples=30)
def test_a_latin_hypercube_has_one_point_in_each_cell(seed: int, n: int, dimensions: int) -> None:
    points = latin_points(n, dimensions, seed=seed)
    assert ((points >= 0) & (points < 1)).all()
    assert all(sorted((points[:, dimension] * n).astype(int)) == list(range(n)) for dimension in range(dimensions))


@pytest.mark.parametrize("sampler", ["sobol", "latin", "random"])
def test_a_seed_settles_everything(sampler: str) -> None:
    first, again, other = (sample(40, 5, seed=seed, sampler=sampler) for seed in (3, 3, 4))  # type: ignore[arg-type]
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()
    assert (
        first.tobytes()
        == {"sobol": sobol_points, "latin": latin_points, "random": random_points}[sampler](40, 5, seed=3).tobytes()
    )


def test_bits_of_a_seed_do_not_change() -> None:
    """Results of earlier releases stay what they were."""
    assert (sobol_points(2, 2, seed=1) * 2**33).astype(np.int64).tolist() == BITS


def test_more_dimensions_than_the_sequence_has() -> None:
    with pytest.raises(ValueError, match="65 dimensions are asked for, the Sobol sequence has 64 here"):
        sobol_points(4, 65, seed=1)
    assert sample(4, 65, seed=1).tolist() == latin_points(4, 65, seed=1).tolist()


def test_a_radial_design_changes_one_column_at_a_time() -> None:
    design = radial(5, 3, seed=2)
    a, b = design.points[0], design.points[1]
    assert (a != b).all()
    for choice in range(3):
        assert np.array_equal(design.points[2 + choice][:, choice], b[:, choice])
        others = [other for other in range(3) if other != choice]
        assert np.array_equal(design.points[2 + choice][:, others], a[:, others])
    assert (design.n, design.choices, design.rows().shape) == (5, 3, (25, 3))
    assert np.array_equal(design.blocks(design.rows()), design.points)


BITS = [[6647394457, 7188861683], [2883513073, 426011495]]
