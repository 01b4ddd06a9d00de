"""The trace: everything that was computed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.engine.cases import assess, traced
from tongkao.engine.result import score
from tongkao.engine.trace import TRACE, trace_table

TREE = {"p": {"points": 60, "children": {"a": 20, "b": 40}}, "c": 40}


def nodes(*columns: str, tree: Any = None, values: str = "unit a b c\nu 30 60 80", **more: Any) -> dict[str, tuple[Any, ...]]:
    """Some columns of the records of unit u, by node."""
    rows = traced(score(assess(tree or TREE, values, **more)), "node", "unit", "node", *columns)
    return {row[1]: row[2:] for row in rows if row[0] == "u"}


def test_columns_and_their_types() -> None:
    trace = score(assess(TREE, "unit a b c\nu 30 60 80")).trace
    assert dict(trace.schema) == TRACE
    assert trace_table({}, assess(TREE).observations).schema == trace.schema


def test_one_row_a_unit_and_node_also_for_what_left_or_weighs_nothing() -> None:
    tree = {"a": {"weight": {"default": 1, "n": 0}}, "b": {"weight": 2}, "c": {"weight": 3}, "d": {"weight": 4}}
    found = nodes(
        "kind", "status", "amount", "nominal", "full_mark", "share",
        tree=tree, values="unit a b c d\nu 1 - - 5\nv 1 1 1 1", units="unit class\nu n\nv s",
        indicators={"b": {"missing": "redistribute"}, "c": {"missing": "redistribute_equally"}},
    )  # fmt: skip
    assert found == {
        "total": ("total", "stays", 0, 100, 100, 1),
        "a": ("indicator", "weightless", 0, 0, 0, 0),
        "b": ("indicator", "left", 2, pytest.approx(200 / 9), 0, 0),
        "c": ("indicator", "left_equally", 3, pytest.approx(300 / 9), 0, 0),
        "d": ("indicator", "stays", 4, pytest.approx(400 / 9), pytest.approx(100), pytest.approx(1)),
    }


def test_weights_of_a_units_own_are_marked() -> None:
    found = nodes("own_weight", "amount", weights="unit node points\nu a 10\nu b 50")
    assert found == {"total": (False, 0), "p": (False, 60), "a": (True, 10), "b": (True, 50), "c": (False, 40)}


def test_points_are_aggregated_then_events_then_rounding() -> None:
    found = nodes(
        "aggregated", "event_points", "rounding", "points", "rate",
        rules={"e": {"deduct": 2.4, "at": "p"}}, events="event unit\ne u",
        rounding={"at": ["paper", "total"], "places": 0},
    )  # fmt: skip
    # p: 6 + 24 - 2.4 = 27.6, rounded 28; the total 28 + 32.
    assert found == {node: tuple(pytest.approx(number) for number in row) for node, row in {
        "total": (60, 0, 0, 60, 60),
        "p": (30, -2.4, 0.4, 28, 280 / 6),
        "a": (6, 0, 0, 6, 30),
        "b": (24, 0, 0, 24, 60),
        "c": (32, 0, 0, 32, 80),
    }.items()}  # fmt: skip


def test_values_step_by_step() -> None:
    rules = {
        "a": {"value": "2 * h", "treat": {"method": "clip", "high": 50}},
        "b": {"missing": {"impute": "mean"}},
        "c": {"missing": "carry_forward", "score": {"method": "minmax", "goalposts": [0, 200]}},
    }
    rows = "unit indicator period value\nu h 2020 40\nv h 2020 1\nu c 2017 100"
    found = nodes(
        "state", "observed", "value", "filled", "filled_from", "treated", "scored",
        values="unit b c\nu - -\nv 60 80", indicators=rules, observations=rows,
    )  # fmt: skip
    assert found == {
        "total": ("", None, None, "", None, None, None),
        "p": ("", None, None, "", None, None, None),
        "a": ("computed", 80, 80, "", None, 50, 50),
        "b": ("missing", None, 60, "impute_mean", None, 60, 60),
        "c": ("missing", None, 100, "carry_forward", 2017, 100, 50),
    }


def test_what_the_treatment_did_to_a_cell() -> None:
    values = "unit x\n" + "\n".join(f"u{n} {n}" for n in range(1, 9)) + "\nu9 100"
    winsorise = score(assess({"x": 100}, values, treat={"method": "winsorise", "max": 1, "skew": 1, "kurtosis": 1}))
    assert traced(winsorise, "node", "treatment")[1::2] == [("",)] * 8 + [("winsorised_high",)]
    assert set(traced(score(assess({"x": 100}, values, treat={"method": "log"})), "node", "treatment")[1::2]) == {("log",)}


def test_states_are_told_as_they_were_reported() -> None:
    rows = "unit indicator period value state\nu a 2020 1 provisional\nu b 2020 - null_reported\nu c 2020 3 disputed"
    assert nodes("state", values="unit\nu", observations=rows) == {
        "total": ("",),
        "p": ("",),
        "a": ("provisional",),
        "b": ("null_reported",),
        "c": ("disputed",),
    }
    without = nodes("state", values="unit a b c\nu - n/a .", missing="zero", not_applicable="zero")
    assert (without["a"], without["b"], without["c"]) == (("missing",), ("not_applicable",), ("missing",))


@pytest.mark.parametrize(
    ("cell", "policies", "word", "rate"),
    [
        ("-", {"missing": "zero"}, "zero", 0),
        ("-", {"missing": {"floor": 60}}, "floor", 60),
        ("-", {"missing": {"neutral": 0.5}}, "neutral", 50),
        ("-", {"missing": "redistribute"}, "redistribute", None),
        ("-", {"missing": "redistribute_equally"}, "redistribute_equally", None),
        ("-", {"missing": {"impute": "mean", "otherwise": "zero"}}, "zero", 0),
        ("n/a", {"missing": "zero"}, "redistribute", None),
        ("n/a", {"missing": "zero", "not_applicable": {"floor": 7}}, "floor", 7),
        ("50", {"missing": "zero"}, "", 50),
    ],
)
def test_the_policy_that_ended_an_absent_cell(cell: str, policies: dict[str, Any], word: str, rate: float | None) -> None:
    assert nodes("policy", "scored", values=f"unit a b c\nu {cell} 1 1", **policies)["a"] == (word, rate)


def test_a_voided_indicator_is_marked_and_keeps_the_rate_it_had() -> None:
    found = nodes("voided", "scored", "rate", rules={"e": {"void": "indicator"}}, events="event unit indicator\ne u b")
    assert found == {
        "total": (False, None, pytest.approx(38)),
        "p": (False, None, pytest.approx(10)),
        "a": (False, 30, 30),
        "b": (True, 60, 0),
        "c": (False, 80, 80),
    }


def test_targets_and_the_comparison_group() -> None:
    rules = {"a": {"score": {"method": "target"}}}
    found = nodes(
        "target", "baseline", "challenge", "group_count", "group_best", "group_place",
        values="unit a b c\nu 30 60 80\nv 50 60 90", indicators=rules, targets="unit indicator target baseline\n- a 60 10",
    )  # fmt: skip
    assert found == {
        "total": (None,) * 6,
        "p": (None,) * 6,
        "a": (60, 10, None, 2, 50, 2),
        "b": (None, None, None, 2, 60, 1),
        "c": (None, None, None, 2, 90, 2),
    }


def test_parts_of_a_mix_have_a_record_each() -> None:
    parts = [
        {"share": 0.6, "score": {"method": "identity"}},
        {"share": 0.4, "value": "a - prev(a)", "score": {"method": "identity", "floor": 20}},
    ]
    result = score(
        assess(
            {"a": 50, "b": 50},
            "unit a b\nv 50 1\nu 30 1",
            indicators={"a": {"score": {"method": "mix", "parts": parts}}},
            observations="unit indicator period value\nu a 2019 20\nv a 2019 20",
        )
    )
    assert traced(result, "part", "unit", "node", "part", "share", "observed", "value", "scored", "group_best") == [
        ("u", "a", 1, 0.6, 30, 30, 30, 50),
        ("u", "a", 2, 0.4, 10, 10, 20, 30),
        ("v", "a", 1, 0.6, 50, 50, 50, 50),
        ("v", "a", 2, 0.4, 30, 30, 30, 30),
    ]
    assert traced(score(assess(TREE, "unit a b c\nu 1 1 1")), "part", "unit") == []


def test_records_stand_in_the_order_of_tracks_kinds_units_and_the_tree() -> None:
    units = "unit track\nz a\nb t\na t"
    assessment = assess(
        {"x": 100}, "unit x\nz 1\nb 2\na 3", units=units, tracks={"a": {"tree": {"x": 100}}},
        track={"awards": [{"id": "one", "when": "rank == 1"}]}, rules={"e": {"bonus": 1}}, events="event unit\ne b\ne a",
    )  # fmt: skip
    assert score(assessment).trace.select("track", "record", "unit", "node").rows() == [
        ("a", "node", "z", "total"),
        ("a", "node", "z", "x"),
        ("t", "node", "a", "total"),
        ("t", "node", "a", "x"),
        ("t", "node", "b", "total"),
        ("t", "node", "b", "x"),
        ("t", "event", "a", "total"),
        ("t", "event", "b", "total"),
        ("t", "award", "a", None),
    ]
