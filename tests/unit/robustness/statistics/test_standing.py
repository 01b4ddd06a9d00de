"""Places within groups, strengths and weaknesses."""

from __future__ import annotations

import numpy as np

from tongkao.robustness.statistics import Item, group_places, strengths_and_weaknesses, value_places

NAN = float("nan")


def test_places_within_groups() -> None:
    rates = np.array([[80.0, 1.0], [90.0, NAN], [80.0, 3.0], [70.0, 2.0], [80.0 + 1e-9, 2.0]])
    assert group_places(rates, np.array([0, 0, 1, 1, 1])).tolist() == [[2, 1], [1, 0], [1, 1], [3, 2], [1, 2]]


def test_places_by_value_follow_the_direction() -> None:
    x = np.array([[1.0, 1.0], [3.0, 3.0], [NAN, 2.0], [0.1 + 0.2, 3.0], [0.3, 0.0]])
    assert value_places(x, np.array([1.0, -1.0])).tolist() == [[2, 2], [1, 4], [0, 3], [3, 4], [3, 1]]


#: places of four units on six indicators; the first unit is looked at
PLACES = np.array([[1, 1, 4, 3, 0, 2], [1, 2, 1, 4, 1, 1], [1, 3, 2, 1, 2, 3], [4, 4, 3, 2, 3, 4]])


def test_strengths_and_weaknesses() -> None:
    ((strong, weak),) = strengths_and_weaknesses(PLACES, [0])
    # of five indicators two go to each list; the place that nobody shares goes first
    assert strong == [Item(1, 1, 4, 1), Item(0, 1, 4, 3)]
    assert weak == [Item(3, 3, 4, 1), Item(2, 4, 4, 1)]
    assert strengths_and_weaknesses(PLACES, [3, 0], number=1)[1] == ([Item(1, 1, 4, 1)], [Item(2, 4, 4, 1)])


def test_the_worst_may_be_left_out() -> None:
    ((strong, weak),) = strengths_and_weaknesses(PLACES, [0], without_worst=True)
    assert (strong, weak) == ([Item(1, 1, 4, 1), Item(0, 1, 4, 3)], [Item(5, 2, 4, 1), Item(3, 3, 4, 1)])


def test_a_unit_without_values_has_neither() -> None:
    assert strengths_and_weaknesses(np.zeros((1, 3), np.int64), [0]) == [([], [])]


def test_nothing_is_both_a_strength_and_a_weakness() -> None:
    (lists,) = strengths_and_weaknesses(np.array([[2, 2, 2], [1, 1, 1]]), [0])
    assert lists == ([Item(0, 2, 2, 1)], [Item(1, 2, 2, 1)])
