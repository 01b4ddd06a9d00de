"""The tree as columns."""

from __future__ import annotations

import pytest

from tests.unit.engine.cases import assess
from tongkao.engine.layout import Layout, lay_out
from tongkao.scheme.model import Power

TREE = {
    "p": {
        "points": 60,
        "aggregate": "geometric",
        "least_available": 0.5,
        "children": {
            "a": 20,
            "d": {"points": 40, "children": {"b": {"weight": 1}, "c": {"weight": 3}}},
        },
    },
    "e": 30,
    "q": {"points": 10, "aggregate": {"power": 2}, "least_available": 0, "children": {"f": {"default": 10, "north": 10}}},
}


def layout(**track: object) -> Layout:
    return lay_out(assess(TREE, units="unit class\nu north", track=track).scheme.tracks["t"])


def test_nodes_are_numbered_breadth_first_with_siblings_side_by_side() -> None:
    found = layout()
    assert found.ids == ("total", "p", "e", "q", "a", "d", "f", "b", "c")
    assert found.kinds == (
        "total",
        "paper",
        "indicator",
        "paper",
        "indicator",
        "dimension",
        "indicator",
        "indicator",
        "indicator",
    )
    assert found.parent.tolist() == [-1, 0, 0, 0, 1, 1, 3, 5, 5]
    assert found.leaves.tolist() == [2, 4, 6, 7, 8]
    assert [None if node is None else node.id for node in found.nodes] == [None, *found.ids[1:]]


def test_levels_are_deepest_first_and_name_each_parents_children() -> None:
    levels = [
        (level.low, level.high, level.starts.tolist(), level.parents.tolist(), level.sizes.tolist(), level.child_parent.tolist())
        for level in layout().levels
    ]
    assert levels == [
        (7, 9, [0], [5], [2], [0, 0]),
        (4, 7, [0, 2], [1, 3], [2, 1], [0, 0, 1]),
        (1, 4, [0], [0], [3], [0, 0, 0]),
    ]


def test_aggregate_is_inherited_by_the_nodes_below_unless_they_say_otherwise() -> None:
    found = layout(aggregate="min")
    inner = {found.ids[column]: found.aggregates[column] for level in found.levels for column in level.parents}
    assert inner == {"total": "min", "p": "geometric", "d": "geometric", "q": Power(power=2)}
    assert layout().aggregates[0] == "arithmetic"


def test_least_available_is_inherited_and_zero_switches_it_off() -> None:
    assert dict(zip(layout(least_available=0.25).ids, layout(least_available=0.25).least.tolist(), strict=True)) == {
        "total": 0.25,
        "p": 0.5,
        "d": 0.5,
        "q": 0,
        **dict.fromkeys("abcef", 0),
    }
    assert layout().least[0] == 0


def test_runs_are_consecutive_parents_that_aggregate_alike() -> None:
    tree = {
        name: {"points": 25, "aggregate": aggregate, "children": {f"{name}x": 25}}
        for name, aggregate in (("p", "min"), ("q", "min"), ("r", "arithmetic"), ("s", "min"))
    }
    found = lay_out(assess(tree, "unit\nu").scheme.tracks["t"])
    assert found.levels[0].runs == (("min", 0, 2), ("arithmetic", 2, 3), ("min", 3, 4))
    assert found.levels[1].runs == (("arithmetic", 0, 1),)


def test_a_node_is_found_by_its_id() -> None:
    assert [layout().column(node) for node in ("total", "d", "c")] == [0, 5, 8]
    with pytest.raises(KeyError, match="x"):
        layout().column("x")


def test_amounts_are_points_or_a_weight() -> None:
    found = layout()
    assert (found.amounts(2), found.amounts(8)) == (30, 3)
    assert found.amounts(6).amount("north") == 10  # type: ignore[union-attr]
