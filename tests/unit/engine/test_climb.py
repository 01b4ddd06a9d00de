"""From the rates of the leaves up to the total."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import assess, marks_of, of_node, of_unit, refusals

TREE = {"p": {"points": 60, "children": {"a": 20, "b": 40}}, "c": 40}
VALUES = "unit a b c\nu 30 60 80\nv 90 90 10"


def test_points_are_the_full_mark_times_the_rate() -> None:
    assert of_unit(assess(TREE, VALUES), "u") == pytest.approx({"total": 62, "p": 30, "a": 6, "b": 24, "c": 32})
    assert of_unit(assess(TREE, VALUES), "u", "rate") == pytest.approx({"total": 62, "p": 50, "a": 30, "b": 60, "c": 80})


@pytest.mark.parametrize("scale", [1, 10, 17.5])
def test_a_full_mark_that_is_not_100(scale: float) -> None:
    tree = {"p": {"points": 60 * scale, "children": {"a": 20 * scale, "b": 40 * scale}}, "c": 40 * scale}
    found = of_unit(assess(tree, VALUES, full_mark=100 * scale), "u")
    assert found == pytest.approx({"total": 62 * scale, "p": 30 * scale, "a": 6 * scale, "b": 24 * scale, "c": 32 * scale})


FOUR = "unit a b c d\nu 20 40 80 80"


@pytest.mark.parametrize(
    ("aggregate", "weights", "expected"),
    [
        ("arithmetic", (1, 1, 1, 1), 55),
        ("geometric", (1, 1, 1, 1), (20 * 40 * 80 * 80) ** 0.25),
        ("geometric", (3, 1, 0, 0), (20**3 * 40) ** 0.25),
        ("harmonic", (1, 1, 1, 1), 4 / (1 / 20 + 1 / 40 + 2 / 80)),
        ({"power": 2}, (1, 1, 1, 1), ((400 + 1600 + 12800) / 4) ** 0.5),
        ({"power": -1}, (1, 1, 0, 0), 2 / (1 / 20 + 1 / 40)),
        ("min", (1, 1, 1, 1), 20),
        ("min", (0, 1, 1, 1), 40),
        ("median", (1, 1, 1, 1), 60),  # half the weight at 40: the middle of 40 and 80
        ("median", (1, 3, 1, 1), 40),
        ("median", (1, 1, 3, 0), 80),
    ],
)
def test_how_children_combine(aggregate: Any, weights: tuple[float, ...], expected: float) -> None:
    tree = {name: {"weight": {"default": weight, "other": 1}} for name, weight in zip("abcd", weights, strict=True)}
    inner = {"p": {"points": 100, "aggregate": aggregate, "children": tree}}
    values, units = FOUR + "\nw 1 1 1 1", "unit class\nu -\nw other"
    assert of_node(assess(inner, values, units=units), "p")["u"] == pytest.approx(expected)
    assert of_node(assess(tree, values, units=units, track={"aggregate": aggregate}), "total")["u"] == pytest.approx(expected)


def test_aggregate_of_the_track_is_inherited_until_a_node_says_otherwise() -> None:
    tree = {
        "p": {"weight": 1, "children": {"a": {"weight": 1}, "b": {"weight": 1}}},
        "q": {"weight": 1, "aggregate": "arithmetic", "children": {"c": {"weight": 1}, "d": {"weight": 1}}},
    }
    found = of_unit(assess(tree, FOUR, track={"aggregate": "min"}), "u", "rate")
    assert (found["p"], found["q"], found["total"]) == (20, 80, 20)


def test_children_that_left_do_not_count_in_any_mean() -> None:
    for aggregate, expected in (
        ("min", 40),
        ("median", 60),
        ("geometric", (40 * 80) ** 0.5),
        ("harmonic", 2 / (1 / 40 + 1 / 80)),
    ):
        tree = {name: {"weight": 1} for name in "abc"}
        found = of_node(assess(tree, "unit a b c\nu - 40 80", missing="redistribute", track={"aggregate": aggregate}), "total")
        assert found == pytest.approx({"u": expected})


def test_copeland_counts_comparisons_won_and_lost() -> None:
    # u beats v (a, b) and w (a); v beats w on a and b: u 2 wins, v one of each, w none.
    values = "unit a b c\nu 9 9 1\nv 8 8 2\nw 7 7 3"
    tree = {name: {"weight": 1} for name in "abc"}
    assert of_node(assess(tree, values, track={"aggregate": "copeland"}), "total") == {"u": 100, "v": 50, "w": 0}


def test_units_listed_apart_meet_the_others_but_are_no_opponents() -> None:
    values = "unit a b c\nu 9 9 1\nv 8 8 2\nw 7 7 3\nz 1 1 1"
    tree = {name: {"weight": 1} for name in "abc"}
    found = of_node(assess(tree, values, track={"aggregate": "copeland", "unranked": ["z"]}), "total")
    assert found == {"u": 100, "v": 50, "w": 0, "z": 0}


def test_years_of_a_panel_do_not_meet_in_copelands_method() -> None:
    rows = "unit indicator period value\nu a 2019 1\nv a 2019 2"
    assessment = assess(
        {"a": 100}, "unit a\nu 9\nv 8", observations=rows, track={"aggregate": "copeland"}, panel={"years": [2019, 2020]}
    )
    assert marks_of(assessment).climbed.totals.tolist() == [0, 100, 100, 0]


def test_rates_that_a_geometric_or_harmonic_mean_cannot_take() -> None:
    tree = {"p": {"points": 60, "aggregate": "geometric", "children": {"a": 20, "b": 40}}, "c": 40}
    marks = marks_of(assess(tree, "unit a b c\nu 0 60 80\nv 90 -1 10"))
    assert [
        (row, marks.plan.layout.ids[node], marks.plan.layout.ids[child]) for row, node, child in marks.climbed.not_positive
    ] == [
        (0, "p", "a"),
        (1, "p", "b"),
    ]
    assert len(refusals(assess(tree, "unit a b c\nu 0 60 80\nv 90 -1 10"))) == 2
    assert marks_of(assess(TREE, "unit a b c\nu 0 60 80")).climbed.not_positive == ()


# --- rounding -----------------------------------------------------------------------------------------------------------------


def rounded(
    at: list[str], values: str = "unit a b c\nu 31.7 62.3 81.9", *, places: int = 0, mode: str = "half_up"
) -> dict[str, float]:
    return of_unit(assess(TREE, values, rounding={"at": at, "places": places, "mode": mode}), "u")


def test_rounding_happens_at_the_kinds_named_and_nowhere_else() -> None:
    # a 6.34, b 24.92, c 32.76; p 31.26; total 64.02.
    assert rounded([]) == pytest.approx({"total": 64.02, "p": 31.26, "a": 6.34, "b": 24.92, "c": 32.76})
    assert rounded(["total"]) == pytest.approx({"total": 64, "p": 31.26, "a": 6.34, "b": 24.92, "c": 32.76})
    assert rounded(["total"])["total"] == 64


def test_what_is_above_is_computed_from_the_rounded_value() -> None:
    assert rounded(["indicator"]) == {"total": 64, "p": 31, "a": 6, "b": 25, "c": 33}
    # p 31, c not rounded: 63.76, and then 64.
    assert rounded(["paper"]) == pytest.approx({"total": 63.76, "p": 31, "a": 6.34, "b": 24.92, "c": 32.76})
    assert rounded(["indicator", "paper", "total"], "unit a b c\nu 32.4 61 81") == {
        "total": 62,
        "p": 30,
        "a": 6,
        "b": 24,
        "c": 32,
    }


def test_dimensions_are_rounded_where_they_are_named_and_papers_are_none() -> None:
    tree = {"p": {"points": 100, "children": {"d": {"points": 60, "children": {"a": 20, "b": 40}}, "c": 40}}}
    assessment = assess(tree, "unit a b c\nu 31.7 62.3 81.9", rounding={"at": ["dimension"], "places": 0})
    assert of_unit(assessment, "u") == pytest.approx({"total": 63.76, "p": 63.76, "d": 31, "a": 6.34, "b": 24.92, "c": 32.76})


def test_points_are_rounded_and_the_reported_rate_is_theirs() -> None:
    """13 of 40 points, not a rate of 32."""
    assessment = assess(TREE, "unit a b c\nu 30 60 31.9", rounding={"at": ["indicator"], "places": 0})
    assert of_unit(assessment, "u", "points")["c"] == 13
    assert of_unit(assessment, "u", "rate")["c"] == 32.5


@pytest.mark.parametrize(("mode", "expected"), [("half_up", 84.13), ("half_even", 84.12)])
def test_a_half_is_rounded_as_on_paper(mode: str, expected: float) -> None:
    """84.125 = 0.3 * 80.5 + 0.7 * 85.678571..., whatever the last binary digits say."""
    tree = {"a": 30, "b": 70}
    values = f"unit a b\nu 80.5 {(84.125 - 24.15) / 0.7!r}"
    assert of_unit(assess(tree, values, rounding={"at": ["total"], "places": 2, "mode": mode}), "u")["total"] == expected


def test_sums_of_rounded_points_show_no_binary_noise() -> None:
    """0.1 + 0.2 is 0.3, so that ties and tiers see what the table shows."""
    tree = {"p": {"points": 100, "children": {"a": 50, "b": 50}}}
    assessment = assess(tree, "unit a b\nu 0.2 0.4", rounding={"at": ["indicator"], "places": 1})
    assert of_unit(assessment, "u") == {"total": 0.3, "p": 0.3, "a": 0.1, "b": 0.2}


def test_the_short_way_without_rounding_and_the_long_way_agree() -> None:
    rng = np.random.default_rng(2)
    tree = {
        "p": {"points": 55, "children": {"a": 15, "d": {"points": 40, "children": {"b": 30, "c": 10}}}},
        "q": {"points": 25, "children": {"e": 25}},
        "f": 20,
    }
    rows = [f"u{n} " + " ".join("-" if rng.random() < 0.3 else str(rng.integers(100)) for _ in "abcef") for n in range(40)]
    values = "unit a b c e f\n" + "\n".join(rows)
    short = marks_of(assess(tree, values, missing="redistribute"))
    # A bonus of 0 makes the way long.
    long = marks_of(
        assess(tree, values, missing="redistribute", rules={"nothing": {"bonus": 0}}, events="event unit\nnothing u0")
    )
    assert (short.climbed.changed, long.climbed.changed is None) == (None, False)
    np.testing.assert_allclose(short.climbed.rates, long.climbed.rates, rtol=1e-13, equal_nan=True)
    np.testing.assert_allclose(short.climbed.points, long.climbed.points, rtol=1e-12, atol=1e-12, equal_nan=True)


# --- events at nodes ----------------------------------------------------------------------------------------------------------


def with_events(effects: dict[str, dict[str, Any]], *, at: list[str] | None = None, **more: Any) -> dict[str, float]:
    rows = "event unit\n" + "\n".join(f"{name} u" for name in effects)
    rounding = {"at": at or [], "places": 0}
    return of_unit(assess(TREE, VALUES, rules=effects, events=rows, rounding=rounding, **more), "u")


def test_points_of_events_go_to_the_total_or_to_the_node_named() -> None:
    assert with_events({"e": {"bonus": 5}}) == pytest.approx({"total": 67, "p": 30, "a": 6, "b": 24, "c": 32})
    assert with_events({"e": {"deduct": 5, "at": "p"}}) == pytest.approx({"total": 57, "p": 25, "a": 6, "b": 24, "c": 32})
    assert with_events({"e": {"bonus": 5, "at": "a"}}) == pytest.approx({"total": 67, "p": 35, "a": 11, "b": 24, "c": 32})


def test_at_a_node_events_come_before_rounding() -> None:
    # 30 - 0.5 = 29.5 is 30 again.
    assert with_events({"e": {"deduct": 0.5, "at": "p"}}, at=["paper"])["p"] == 30
    assert with_events({"e": {"deduct": 0.6, "at": "p"}}, at=["paper"])["p"] == 29


def test_a_node_never_falls_below_0_nor_does_the_total() -> None:
    found = with_events({"e": {"deduct": 50, "at": "p"}, "f": {"deduct": 40}})
    assert found == {"total": 0, "p": 0, "a": pytest.approx(6), "b": pytest.approx(24), "c": pytest.approx(32)}


def test_the_net_of_bonuses_and_deductions_is_added_once() -> None:
    """p has 30: 30 - 40 + 15 = 5, not 0 + 15."""
    assert with_events({"e": {"deduct": 40, "at": "p"}, "f": {"bonus": 15, "at": "p"}})["p"] == pytest.approx(5)


def test_a_bonus_may_go_beyond_the_full_mark() -> None:
    found = with_events({"e": {"bonus": 50, "at": "p"}})
    assert (found["p"], found["total"]) == pytest.approx((80, 112))


def test_the_reported_rate_is_after_events() -> None:
    assessment = assess(TREE, VALUES, rules={"e": {"bonus": 15, "at": "p"}}, events="event unit\ne u")
    assert of_unit(assessment, "u", "rate") == pytest.approx({"total": 77, "p": 75, "a": 30, "b": 60, "c": 80})
