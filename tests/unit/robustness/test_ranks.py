from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tongkao.engine.kernels.ranking import competition_rank
from tongkao.engine.tiers import TierEffects, backfill
from tongkao.robustness.ranks import RankCounts, rank_rows
from tongkao.robustness.standing import break_ties, fill_up

TOLERANCE = 1e-7


def one_by_one(totals: np.ndarray, keys: np.ndarray | None = None) -> np.ndarray:
    n = totals.shape[1]
    rows = [
        competition_rank(row, np.zeros(n, np.intp), None if keys is None else keys[run], tolerance=TOLERANCE, tie_tolerance=1e-7)
        for run, row in enumerate(totals)
    ]
    return np.array(rows)


def test_places_by_hand() -> None:
    ranks, shared = rank_rows(np.array([[3.0, 1.0, 2.0, 2.0], [-1.0, 4.0, 0.5, 0.0]]), TOLERANCE)
    assert ranks.tolist() == [[1, 4, 2, 2], [4, 1, 2, 3]]
    assert shared.tolist() == [True, False]


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 9)),
        elements=st.sampled_from(
            [0.0, 1.0, -1.0, 50.0, 50 + 4e-8, 50 + 9.9999999e-8, 50 + 1e-7, 50 + 1.5e-7, 99.99, -3e5, 1e-12]
        ),
    )
)
def test_places_are_those_of_the_engine(totals: np.ndarray) -> None:
    ranks, shared = rank_rows(totals, TOLERANCE)
    expected = one_by_one(totals)
    assert ranks.tolist() == expected.tolist()
    assert shared.tolist() == [len(set(row)) < len(row) for row in expected.tolist()]


@pytest.mark.parametrize("n", [1, 2, 51, 280, 3000])
@pytest.mark.parametrize("places", [1, 2, 15])
def test_places_of_many_units(n: int, places: int) -> None:
    totals = np.round(np.random.default_rng(n).normal(60, 9, (5, n)), places)
    assert rank_rows(totals, TOLERANCE)[0].tolist() == one_by_one(totals).tolist()
    assert rank_rows(totals - 60, TOLERANCE)[0].tolist() == one_by_one(totals - 60).tolist()


@pytest.mark.parametrize("near", [0.0, 3e-8, 9e-8, 1.1e-7, 1e-5])
def test_places_of_totals_that_come_in_clusters(near: float) -> None:
    chance = np.random.default_rng(5)
    for n in (7, 60, 150, 700):
        totals = chance.choice(np.linspace(0, 100, 12), (20, n)) + near * chance.integers(0, 4, (20, n))
        ranks, shared = rank_rows(totals, TOLERANCE)
        expected = one_by_one(totals)
        assert ranks.tolist() == expected.tolist()
        assert shared.tolist() == [len(set(row)) < n for row in expected.tolist()]


@given(st.integers(0, 10_000))
def test_ties_are_broken_as_in_the_engine(seed: int) -> None:
    chance = np.random.default_rng(seed)
    totals = chance.integers(0, 4, (3, 9)).astype(float)
    keys = chance.integers(0, 3, (3, 9, 2)).astype(float)
    keys[chance.random(keys.shape) < 0.1] = -np.inf
    broken = break_ties(rank_rows(totals, TOLERANCE)[0], [keys[:, :, 0], keys[:, :, 1]], 1e-7)
    assert broken.tolist() == one_by_one(totals, keys).tolist()


def test_counts_are_the_distribution_of_the_places() -> None:
    ranks, _ = rank_rows(np.random.default_rng(3).normal(size=(101, 7)), TOLERANCE)
    counts = RankCounts.empty(7)
    counts.add(ranks[:60])
    counts.add(ranks[60:])
    assert counts.counts.tolist() == [[int((ranks[:, unit] == place).sum()) for place in range(1, 8)] for unit in range(7)]
    assert np.allclose(counts.acceptability().sum(axis=1), 1)
    for share in (0, 0.05, 0.333, 0.5, 0.95, 1):
        assert np.allclose(counts.quantile(share), np.quantile(ranks, share, axis=0), atol=1e-12)
    assert np.allclose(counts.mean(), ranks.mean(axis=0))
    assert np.allclose(counts.deviation(), ranks.std(axis=0, ddof=1))


def test_runs_without_a_place_do_not_count() -> None:
    counts = RankCounts.of(np.array([[1, 0, 2], [2, 0, 1], [1, 0, 0]], np.int32))
    assert counts.placed.tolist() == [3, 0, 2]
    assert counts.mean().tolist()[::2] == [4 / 3, 1.5]
    assert np.isnan([counts.mean()[1], counts.quantile(0.5)[1], counts.deviation()[1]]).all()


@given(st.integers(0, 100_000))
def test_places_are_filled_up_as_in_the_engine(seed: int) -> None:
    chance = np.random.default_rng(seed)
    runs, n, count = 3, 9, 3
    ranks = rank_rows(chance.integers(0, 6, (runs, n)).astype(float), TOLERANCE)[0]
    dealt = np.sort(chance.integers(0, count, (runs, n)), axis=1)
    dealt = np.take_along_axis(dealt, ranks - 1, axis=1).astype(np.int8)
    fired = chance.random(n) < 0.4
    down = np.where(fired, chance.integers(0, 3, n), 0)
    moved = np.minimum(dealt + down, count - 1).astype(np.int8)
    effects = TierEffects(np.zeros(n, np.intp), down, np.zeros(n, bool), fired)
    expected = [
        backfill(
            dealt[run].astype(np.intp),
            moved[run].astype(np.intp),
            effects,
            ranks[run].astype(np.intp),
            np.zeros(n, np.intp),
            count,
        )[0].tolist()
        for run in range(runs)
    ]
    assert fill_up(dealt, moved, fired, ranks, count).tolist() == expected
