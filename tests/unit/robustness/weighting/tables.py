"""What the tests of weights share: made-up tables, and the code of an error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.unit.engine.kernels.columns import frozen
from tongkao.engine.kernels import FloatArray
from tongkao.robustness.weighting import AnalysisError


@st.composite
def tables(draw: st.DrawFn) -> tuple[FloatArray, FloatArray]:
    """Values above 0 of a few units, with ties and constant columns (not all), and directions."""
    n, m = draw(st.integers(2, 8)), draw(st.integers(1, 5))
    cell = st.one_of(st.integers(1, 6).map(float), st.integers(1, 99_999).map(lambda number: number / 1000))
    x = np.array(draw(st.lists(st.lists(cell, min_size=m, max_size=m), min_size=n, max_size=n)))
    x[0, 0] = x[1, 0] + 1.0
    sign = np.array(draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=m, max_size=m)))
    return frozen(x), frozen(sign)


def code_of(call: Callable[[], object]) -> str:
    """Code of the one problem that stops a call, and the columns (or units, experts, nodes, cells) that it names."""
    with pytest.raises(AnalysisError) as caught:
        call()
    (problem,) = caught.value.problems
    assert problem.message("zh")
    assert problem.message("en")
    named = next((problem.fields[key] for key in ("columns", "experts", "nodes", "cells", "group") if key in problem.fields), "")
    return f"{problem.code}: {named}"
