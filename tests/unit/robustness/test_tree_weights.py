from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.cases import assess, plan_of
from tests.unit.robustness.experiments import TREE, classes, values
from tongkao.engine.plan import TrackPlan
from tongkao.robustness.tree_weights import leaf_weights, shares_of


def tree() -> TrackPlan:
    return plan_of(assess(TREE, values(4), units=classes(4)))


def test_the_nominal_weights_of_the_leaves() -> None:
    plan = tree()
    found = leaf_weights(plan.layout, plan.given.shares)
    by_class = {name: found[plan.given.profiles[row]] for row, name in enumerate(["x", "y"])}
    assert np.allclose(by_class["x"], [0.24, 0.36, 0.4 / 3, 0.8 / 3], rtol=1e-14)
    assert np.allclose(by_class["y"], [0.24, 0.36, 0.2, 0.2], rtol=1e-14)


@pytest.mark.parametrize(
    ("stays", "expected"),
    [
        ([True, True, False, True], [0.24, 0.36, 0, 0.4]),
        ([True, True, False, False], [0.4, 0.6, 0, 0]),
        ([False, False, False, True], [0, 0, 0, 1]),
    ],
)
def test_what_leaves_gives_its_weight_to_its_siblings(stays: list[bool], expected: list[float]) -> None:
    plan = tree()
    found = leaf_weights(plan.layout, plan.given.shares, np.array(stays))
    assert np.allclose(found[plan.given.profiles[1]], expected, rtol=1e-14)


def test_nothing_that_weighs_anything_is_no_number() -> None:
    plan = tree()
    assert np.isnan(leaf_weights(plan.layout, plan.given.shares, np.zeros(4, bool))).all()


def test_rescaled_amounts_change_nothing() -> None:
    plan = tree()
    amounts = np.random.default_rng(1).random((5, len(plan.layout.ids)))
    scaled = amounts.copy()
    for level in plan.layout.levels:
        scaled[:, level.low : level.high] *= 7.0
    assert np.allclose(leaf_weights(plan.layout, scaled), leaf_weights(plan.layout, amounts), rtol=1e-14)
    assert np.allclose(leaf_weights(plan.layout, amounts).sum(axis=1), 1)
    shares = shares_of(plan.layout, amounts)
    assert np.allclose(leaf_weights(plan.layout, shares), leaf_weights(plan.layout, amounts), rtol=1e-14)


def test_shares_that_are_whole_keep_every_bit() -> None:
    plan = tree()
    assert (shares_of(plan.layout, plan.given.shares) == plan.given.shares).all()
