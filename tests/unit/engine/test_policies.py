"""Policies as a chain of sources and an end."""

from __future__ import annotations

import numpy as np
import pytest

from tongkao.engine.policies import GIVES, STOPS, chain, ends_of, rate_of
from tongkao.engine.shares import LEFT, LEFT_EQUALLY
from tongkao.scheme.model import CarryForward, Floor, Impute, Interpolate, Neutral


@pytest.mark.parametrize("end", ["error", "zero", "redistribute", "redistribute_equally", Floor(floor=60), Neutral(neutral=0.5)])
def test_a_policy_that_looks_for_nothing_is_its_own_end(end: object) -> None:
    assert chain(end) == ([], end)  # type: ignore[arg-type]


def test_sources_are_tried_in_the_order_of_otherwise() -> None:
    last = Impute(impute="median", within="class", otherwise=Floor(floor=10))
    middle = Interpolate(interpolate="linear", otherwise=last)
    first = CarryForward(carry_forward=2, otherwise=middle)
    assert chain(first) == ([first, middle, last], Floor(floor=10))


def test_the_bare_word_looks_back_however_far_and_ends_in_an_error() -> None:
    assert chain("carry_forward") == ([CarryForward(carry_forward=True, otherwise="error")], "error")
    assert chain(Impute(impute="mean", otherwise="carry_forward")) == (
        [Impute(impute="mean", otherwise="carry_forward"), CarryForward(carry_forward=True)],
        "error",
    )


def test_an_impute_without_otherwise_ends_in_an_error() -> None:
    assert chain(Impute(impute="mean"))[1] == "error"


def test_rates_that_ends_give() -> None:
    """Neutral: so much of the full mark."""
    assert rate_of("zero") == 0
    assert rate_of(Floor(floor=60)) == 60
    assert rate_of(Neutral(neutral=0.6667)) == pytest.approx(66.67)
    assert [rate_of(end) for end in ("error", "redistribute", "redistribute_equally")] == [None] * 3


def test_ends_of_leaves() -> None:
    ends = ends_of(
        ["error", "zero", "redistribute", Impute(impute="mean", otherwise="redistribute_equally")],
        ["redistribute", Floor(floor=60), Neutral(neutral=0.5), "error"],
    )
    assert ends.missing.tolist() == [STOPS, GIVES, LEFT, LEFT_EQUALLY]
    assert ends.not_applicable.tolist() == [LEFT, GIVES, GIVES, STOPS]
    assert np.array_equal(ends.missing_rates, [np.nan, 0, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(ends.not_applicable_rates, [np.nan, 60, 50, np.nan], equal_nan=True)
    assert (ends.sources, ends.others) == (True, True)


def test_ends_that_only_let_items_leave() -> None:
    ends = ends_of(["redistribute"], ["redistribute_equally"])
    assert (ends.sources, ends.others) == (False, False)
