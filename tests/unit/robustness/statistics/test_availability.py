"""How much is there."""

from __future__ import annotations

import numpy as np

from tongkao.robustness.statistics import by_group, count_available

NAN = float("nan")
#: two indicators below the first node, all three below the second
MEMBERS = np.array([[True, True], [True, True], [False, True]])


def test_by_unit_and_by_group() -> None:
    x = np.array([[0.0, 1.0, NAN], [NAN, 2.0, 3.0], [NAN, NAN, NAN]])
    asked = np.array([[True, True, True], [True, True, True], [False, True, False]])
    inapplicable = np.array([[False, False, True], [False, False, False], [True, False, False]])
    found = count_available(x, MEMBERS, asked=asked, not_applicable=inapplicable)
    assert found.asked.tolist() == [[2, 3], [2, 3], [1, 1]]
    assert found.present.tolist() == [[2, 2], [1, 2], [0, 0]]
    assert found.not_applicable.tolist() == [[0, 1], [0, 0], [0, 0]]
    assert found.missing.tolist() == [[0, 0], [1, 1], [1, 1]]
    assert found.zeros.tolist() == [[1, 1], [0, 0], [0, 0]]
    np.testing.assert_array_equal(found.shares, [[1, 2 / 3], [0.5, 2 / 3], [0, 0]])
    np.testing.assert_array_equal(found.non_zero_shares, [[0.5, 0.5], [1, 1], [NAN, NAN]])
    groups = by_group(found, np.array([1, 0, 1]), 3)
    assert groups.asked.tolist() == [[2, 3], [3, 4], [0, 0]]
    assert groups.present.tolist() == [[1, 2], [2, 2], [0, 0]]
    assert groups.missing.tolist() == [[1, 1], [1, 1], [0, 0]]
    assert np.isnan(groups.shares[2]).all()


def test_by_default_everything_is_asked() -> None:
    found = count_available(np.array([[NAN, 1.0, 0.0]]), MEMBERS)
    assert (found.asked.tolist(), found.present.tolist(), found.missing.tolist()) == ([[2, 3]], [[1, 2]], [[1, 1]])
