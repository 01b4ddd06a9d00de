from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.cases import assess, plan_of
from tongkao.robustness.draws import WeightDraw, compile_draw, gammas, key_of, normals, run_keys, uniforms
from tongkao.robustness.spec import WeightsChoice

RUNS = 20_000
NUMBERS = (np.arange(RUNS) + 0.5) / RUNS


def keys(count: int = 3) -> np.ndarray:
    return np.array([key_of(f"n{number}") for number in range(count)], np.uint64)


def drawn(
    weights: dict[str, object], amounts: dict[str, float], at: object = "indicator", numbers: np.ndarray = NUMBERS
) -> np.ndarray:
    """Amounts that a choice draws for a flat tree, (runs, nodes without the total)."""
    table = "unit " + " ".join(amounts) + "\nu1 " + " ".join("1" for _ in amounts)
    plan = plan_of(assess({name: {"weight": amount} for name, amount in amounts.items()}, table))
    draw: WeightDraw = compile_draw(WeightsChoice.model_validate({"id": "w", "weights": weights, "at": at}), plan.layout, 5)
    nominal = plan.given.shares[0]
    made = np.repeat(nominal[None, :], len(numbers), axis=0)
    draw.apply(made, numbers, nominal)
    order = [plan.layout.column(name) for name in amounts]
    return made[:, order]


def test_uniform_numbers_are_even_and_independent() -> None:
    found = uniforms(run_keys(np.uint64(7), NUMBERS), keys())
    assert found.min() > 0
    assert found.max() < 1
    assert np.allclose(found.mean(axis=0), 0.5, atol=0.01)
    assert np.allclose(found.var(axis=0), 1 / 12, atol=0.002)
    assert np.abs(np.corrcoef(np.column_stack([found, NUMBERS]).T) - np.eye(4)).max() < 0.03
    again = uniforms(run_keys(np.uint64(7), NUMBERS), keys(), 1)
    assert abs(np.corrcoef(found[:, 0], again[:, 0])[0, 1]) < 0.03


def test_normal_and_gamma_numbers_have_their_moments() -> None:
    found = normals(run_keys(np.uint64(7), NUMBERS), keys())
    assert np.allclose([found.mean(), found.std(), (found**3).mean()], [0, 1, 0], atol=0.05)
    shapes = np.array([0.3, 1.0, 12.5])
    gamma = gammas(run_keys(np.uint64(7), NUMBERS), keys(), shapes)
    assert np.allclose(gamma.mean(axis=0), shapes, rtol=0.03)
    assert np.allclose(gamma.var(axis=0), shapes, rtol=0.06)


def test_any_weights_are_even_over_the_simplex() -> None:
    found = drawn({"method": "dirichlet"}, {"a": 5, "b": 3, "c": 2})
    assert np.allclose(found.sum(axis=1), 1)
    assert np.allclose(found.mean(axis=0), 1 / 3, atol=0.006)
    # Each share of a point of the triangle is beta(1, 2).
    assert np.allclose((found < 0.5).mean(axis=0), 0.75, atol=0.01)


def test_weights_around_the_nominal_ones() -> None:
    found = drawn({"method": "dirichlet", "concentration": 40}, {"a": 5, "b": 3, "c": 2})
    assert np.allclose(found.mean(axis=0), [0.5, 0.3, 0.2], atol=0.005)
    assert np.allclose(found.var(axis=0), np.array([0.25, 0.21, 0.16]) / 41, rtol=0.06)


def test_weights_in_the_order_of_the_nominal_ones() -> None:
    found = drawn({"method": "rank_constrained"}, {"a": 2, "b": 5, "c": 3})
    assert ((found[:, 1] >= found[:, 2]) & (found[:, 2] >= found[:, 0])).all()
    assert np.allclose(found.mean(axis=0), [2 / 18, 11 / 18, 5 / 18], atol=0.006)
    tied = drawn({"method": "rank_constrained"}, {"a": 2, "b": 2, "c": 1})
    assert (tied[:, :2] >= tied[:, 2:]).all()
    assert abs((tied[:, 0] > tied[:, 1]).mean() - 0.5) < 0.02


@pytest.mark.parametrize("high", [0.5, 0.36], ids=["rejection", "walk"])
def test_weights_within_bounds_are_even(high: float) -> None:
    found = drawn({"method": "bounded", "low": 0.1, "high": high, "nodes": {"c": [0.3, high]}}, {"a": 5, "b": 3, "c": 2})
    assert np.allclose(found.sum(axis=1), 1)
    low = np.array([0.1, 0.1, 0.3])
    assert (found >= low - 1e-12).all()
    assert (found <= high + 1e-12).all()
    chance = np.random.default_rng(1)
    points = chance.dirichlet([1, 1, 1], 400_000) * 0.5 + low
    points = points[(points <= high).all(axis=1)]
    assert np.allclose(found.mean(axis=0), points.mean(axis=0), atol=0.004)
    assert np.allclose(found.std(axis=0), points.std(axis=0), rtol=0.05)


def test_a_band_around_each_weight() -> None:
    found = drawn({"method": "band", "share": 0.2}, {"a": 5, "b": 3, "c": 2})
    assert (np.abs(found / [0.5, 0.3, 0.2] - 1) <= 0.2).all()
    assert np.allclose(found.mean(axis=0), [0.5, 0.3, 0.2], rtol=0.005)
    assert np.allclose((found / [0.5, 0.3, 0.2]).std(axis=0), 0.2 / np.sqrt(3), rtol=0.02)


def test_nodes_that_are_not_named_keep_their_weight() -> None:
    found = drawn({"method": "dirichlet"}, {"a": 5, "b": 3, "c": 2}, at=["a", "c"])
    assert (found[:, 1] == 0.3).all()
    assert np.allclose(found[:, 0] + found[:, 2], 0.7)
    assert found[:, 0].std() > 0.1


@pytest.mark.parametrize(
    "weights",
    [
        {"method": "dirichlet"},
        {"method": "dirichlet", "concentration": 9},
        {"method": "rank_constrained"},
        {"method": "bounded", "low": 0.05, "high": 0.6},
        {"method": "bounded", "low": 0.05, "high": 0.36},
        {"method": "band", "share": 0.5},
    ],
    ids=str,
)
def test_neither_the_order_of_columns_nor_of_runs_matters_nor_the_unit_of_weights(weights: dict[str, object]) -> None:
    numbers = NUMBERS[:50]
    found = drawn(weights, {"a": 5, "b": 3, "c": 2}, numbers=numbers)
    other = drawn(weights, {"c": 200, "a": 500, "b": 300}, numbers=numbers[::-1])
    assert np.allclose(other[::-1][:, [1, 2, 0]], found, rtol=1e-12, atol=0)


def test_an_item_without_weight_stays_without() -> None:
    for weights in ({"method": "dirichlet"}, {"method": "rank_constrained"}, {"method": "band", "share": 0.3}):
        found = drawn(weights, {"a": 5, "b": 0, "c": 2}, numbers=NUMBERS[:20])
        assert (found[:, 1] == 0).all()
        assert (found[:, [0, 2]] > 0).all()
