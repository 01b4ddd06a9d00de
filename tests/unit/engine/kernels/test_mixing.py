from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.kernels.columns import NAN, column, listed
from tongkao.engine.kernels import mix


def test_mix_published_level_and_growth() -> None:
    # F23: 82.40 and 91.10 in equal parts -> 86.75
    assert listed(mix([column(82.40), column(91.10)], [0.5, 0.5])) == [86.75]


def test_mix_by_hand_and_a_missing_part_makes_it_missing() -> None:
    parts = [column(100, 100, NAN), column(50, NAN, 50), column(0, 0, 0)]
    assert listed(mix(parts, [0.5, 0.3, 0.2])) == [65, -999, -999]
    assert listed(parts[0]) == [100, 100, -999]


def test_mix_wants_shares_that_add_to_one() -> None:
    with pytest.raises(ValueError, match=r"shares add to 0\.9, not to 1"):
        mix([column(1.0), column(2.0)], [0.5, 0.4])
    with pytest.raises(ValueError, match="1 parts and 2 shares"):
        mix([column(1.0)], [0.5, 0.5])
    with pytest.raises(ValueError, match="0 parts and 0 shares"):
        mix([], [])


def test_mix_keeps_shape() -> None:
    assert mix([np.ones((2, 3))], [1.0]).tolist() == [[1, 1, 1], [1, 1, 1]]
