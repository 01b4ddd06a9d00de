from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import NAN
from tongkao.engine.kernels import competition_rank, place_within

totals_of_some = st.lists(
    st.tuples(st.one_of(st.integers(0, 6).map(float), st.just(NAN)), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)


def rank(
    totals: list[float], groups: list[int] | None = None, keys: list[list[float]] | None = None, *, tolerance: float = 1e-7
) -> list[int]:
    codes = np.array(groups if groups is not None else [0] * len(totals))
    tie_keys = None if keys is None else np.array(keys)
    return competition_rank(np.array(totals), codes, tie_keys, tolerance=tolerance, tie_tolerance=1e-7).tolist()


def test_places_are_shared() -> None:
    assert rank([80, 90, 80, 70, NAN]) == [2, 1, 2, 4, 0]
    assert rank([NAN, NAN]) == [0, 0]
    assert rank([3.0]) == [1]


def test_every_group_has_its_own_ranks() -> None:
    assert rank([80, 90, 80, 70, 85], [7, 7, 3, 3, 3]) == [2, 1, 2, 3, 1]


def test_totals_that_differ_by_noise_are_equal_and_neighbours_chain() -> None:
    assert rank([30.0, 100 * (0.1 + 0.2), 29.9]) == [1, 1, 3]
    assert rank([1.0, 1.6, 2.2, 5.0], tolerance=0.7) == [2, 2, 2, 1]


def test_ties_are_ordered_by_the_keys_in_turn() -> None:
    keys = [[50.0, 1.0], [60.0, 0.0], [50.0, 2.0], [60.0, 0.0]]
    assert rank([80, 80, 80, 80], keys=keys) == [4, 1, 3, 1]
    assert rank([80, 80, 81, 80], keys=keys) == [4, 2, 1, 2]


def test_a_unit_without_the_key_comes_last_and_two_such_share() -> None:
    assert rank([80, 80, 80], keys=[[-np.inf], [0.0], [-np.inf]]) == [2, 1, 2]
    assert rank([80, 80, 80], keys=[[NAN], [-5.0], [-np.inf]]) == [2, 1, 2]


def test_keys_that_differ_by_noise_are_equal() -> None:
    assert rank([80, 80], keys=[[30.0], [100 * (0.1 + 0.2)]]) == [1, 1]


@given(totals_of_some, st.integers(0, 9))
def test_ranks_agree_with_counting_and_not_with_the_order(units: list[tuple[float, int, int, int]], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(units))
    table = np.array(units, dtype=np.float64)
    ranks = rank(table[:, 0].tolist(), table[:, 1].astype(int).tolist(), table[:, 2:].tolist())
    expected = [
        0 if np.isnan(total) else 1 + sum(other[1] == group and (other[0], *other[2:]) > (total, *keys) for other in units)
        for total, group, *keys in units
    ]
    assert ranks == expected
    shuffled = table[order]
    again = rank(shuffled[:, 0].tolist(), shuffled[:, 1].astype(int).tolist(), shuffled[:, 2:].tolist())
    assert again == [ranks[unit] for unit in order]


def test_place_within_by_hand() -> None:
    rates = np.array([[90.0, 10.0], [80.0, NAN], [90.0 + 1e-9, 30.0], [70.0, 20.0]])
    assert place_within(rates, np.zeros(4, dtype=int)).tolist() == [[1, 3], [3, 0], [1, 1], [4, 2]]
    assert place_within(rates, np.array([5, 2, 2, 5])).tolist() == [[1, 2], [2, 0], [1, 1], [2, 1]]
    assert place_within(np.empty((0, 3)), np.empty(0, dtype=int)).shape == (0, 3)
    assert place_within(rates, np.zeros(4, dtype=int), tolerance=0.0)[:, 0].tolist() == [2, 3, 1, 4]


@given(totals_of_some)
def test_place_within_agrees_with_the_rank_of_every_column(units: list[tuple[float, int, int, int]]) -> None:
    table = np.array(units, dtype=np.float64)
    groups = table[:, 1].astype(int)
    places = place_within(table[:, [0, 2, 3]], groups)
    for col, source in enumerate((0, 2, 3)):
        assert places[:, col].tolist() == rank(table[:, source].tolist(), groups.tolist())
