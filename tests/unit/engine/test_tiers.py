"""Tiers: dealt down the ranking, moved by effects, filled up again (sections 8.3 to 8.5 and 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.unit.engine.cases import NAN, assess, of_results
from tongkao.engine.tiers import NO_TIER, TierEffects, apply_effects, backfill, deal, places
from tongkao.scheme.model import Tier


def tiers(*rules: dict[str, Any]) -> list[Tier]:
    return [Tier(id=f"t{place}", title="t", **rule) for place, rule in enumerate([*rules, {}])]


def dealt(
    rules: Sequence[dict[str, Any]],
    ranks: Sequence[int],
    *,
    totals: Sequence[float] | None = None,
    groups: Sequence[int] | None = None,
    gates: dict[str, list[float]] | None = None,
) -> tuple[list[int], list[tuple[int, int, str, str]]]:
    """Tier of each row, and the notes."""
    found, notes = deal(
        tiers(*rules),
        np.array(ranks),
        np.zeros(len(ranks), np.intp) if groups is None else np.array(groups),
        np.array(totals if totals is not None else [100.0 - rank for rank in ranks]),
        {node: np.array(rates) for node, rates in (gates or {}).items()},
        1e-7,
    )
    return found.tolist(), [(note.row, note.tier, note.reason, note.node) for note in notes]


# --- places -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "ranked", "expected"),
    [
        ({"count": 3}, 10, 3),
        ({"count": 0}, 10, 0),
        ({"share": 0.25}, 10, 2),
        ({"share": 0.5}, 7, 3),
        ({"share": 0.3}, 10, 3),  # 3.0000000000000004 or 2.9999999999999996
        ({"share": 0.29}, 100, 29),  # 28.999999999999996 in binary
        ({"share": 0.5999}, 5, 2),
        ({"share": 1.0}, 4, 4),
        ({}, 10, 10),
    ],
)
def test_a_share_of_the_ranked_units_is_rounded_down(rule: dict[str, Any], ranked: int, expected: int) -> None:
    assert places(Tier(id="x", title="x", **rule), ranked) == expected


# --- dealing ------------------------------------------------------------------------------------------------------------------


def test_each_takes_the_best_tier_that_has_a_place_left() -> None:
    assert dealt([{"count": 1}, {"count": 2}], [3, 1, 5, 2, 4]) == ([1, 0, 2, 1, 2], [])


def test_the_last_tier_is_open() -> None:
    assert dealt([], [1, 2, 3]) == ([0, 0, 0], [])


def test_a_share_is_of_the_ranked_units_of_the_group() -> None:
    # Half of four ranked units; the fifth and sixth are not ranked.
    assert dealt([{"share": 0.5}], [1, 2, 3, 4, 0, 0])[0] == [0, 0, 1, 1, NO_TIER, NO_TIER]


def test_tiers_are_dealt_within_the_list_in_which_units_are_ranked() -> None:
    assert dealt([{"count": 1}], [1, 1, 2, 2, 3], groups=[0, 1, 0, 1, 0])[0] == [0, 0, 1, 1, 1]


def test_a_total_to_reach() -> None:
    found = dealt([{"count": 2, "score": 80.0}], [1, 2, 3], totals=[90, 80, 79.9999])
    assert found == ([0, 0, 1], [])
    found = dealt([{"count": 3, "score": 80.0}], [1, 2, 3], totals=[90, 80, 79.9999])
    assert found == ([0, 0, 1], [(2, 0, "score", "")])


def test_a_total_that_is_nearly_reached_is_reached() -> None:
    assert dealt([{"count": 1, "score": 80.0}], [1], totals=[80 - 1e-8])[0] == [0]
    assert dealt([{"count": 1, "score": 80.0}], [1], totals=[80 - 1e-6])[0] == [1]


def test_a_unit_that_fails_a_gate_leaves_the_place_to_the_next() -> None:
    found = dealt([{"count": 1, "gates": {"air": 60.0}}, {"count": 1}], [1, 2, 3], gates={"air": [59, 61, 99]})
    assert found == ([1, 0, 2], [(0, 0, "gate", "air")])


def test_gate_on_a_node_that_left_is_met() -> None:
    assert dealt([{"count": 1, "gates": {"air": 60.0}}], [1, 2], gates={"air": [NAN, 99]})[0] == [0, 1]


def test_a_rate_that_nearly_reaches_the_gate_reaches_it() -> None:
    assert dealt([{"count": 1, "gates": {"air": 60.0}}], [1], gates={"air": [60 - 0.5e-7]})[0] == [0]
    assert dealt([{"count": 1, "gates": {"air": 60.0}}], [1], gates={"air": [60 - 2e-7]})[0] == [1]


def test_every_gate_and_the_score_must_be_met_and_the_first_that_failed_is_noted() -> None:
    rule = {"count": 4, "score": 50.0, "gates": {"air": 60.0, "water": 70.0}}
    found = dealt([rule], [1, 2, 3, 4], totals=[90, 80, 70, 40], gates={"air": [60, 60, 50, 0], "water": [70, 69, 0, 0]})
    assert found == ([0, 1, 1, 1], [(1, 0, "gate", "water"), (2, 0, "gate", "air"), (3, 0, "score", "")])


def test_who_came_too_late_for_a_place_has_no_note() -> None:
    """c fails the gate too, but the tier was full before its turn."""
    found = dealt([{"count": 1, "gates": {"air": 60.0}}], [1, 2, 3], gates={"air": [50, 60, 50]})
    assert found == ([1, 0, 1], [(0, 0, "gate", "air")])


def test_units_that_share_a_rank_go_together_or_the_tier_closes() -> None:
    found = dealt([{"count": 2}, {"count": 2}], [1, 2, 2, 4, 5])
    # Two share the second place, one place is left: the tier closes, both go on and fill the next one.
    assert found == ([0, 1, 1, 2, 2], [(1, 0, "shared", ""), (2, 0, "shared", "")])


def test_nobody_below_them_enters_a_closed_tier() -> None:
    """One place is left, but it stays empty: d does not pass b and c."""
    found = dealt([{"count": 2}, {"count": 1}], [1, 2, 2, 4])
    assert found == ([0, 2, 2, 2], [(1, 0, "shared", ""), (2, 0, "shared", ""), (1, 1, "shared", ""), (2, 1, "shared", "")])


def test_of_units_that_share_a_rank_only_those_that_meet_the_conditions_go_together() -> None:
    found = dealt([{"count": 2, "gates": {"air": 60.0}}], [1, 2, 2], gates={"air": [60, 50, 60]})
    assert found == ([0, 1, 0], [(1, 0, "gate", "air")])


def test_a_tier_that_was_exactly_filled_is_not_closed_by_a_shared_rank() -> None:
    assert dealt([{"count": 2}], [1, 1, 3, 3]) == ([0, 0, 1, 1], [])


def test_no_places_at_all() -> None:
    assert dealt([{"count": 0}, {"count": 1}], [1, 2]) == ([1, 2], [])
    assert dealt([{"count": 1}], [0, 0]) == ([NO_TIER, NO_TIER], [])


# --- effects ------------------------------------------------------------------------------------------------------------------


def effects(n: int, **given: dict[int, int]) -> TierEffects:
    result = TierEffects.none(n)
    for name, rows in given.items():
        for row, value in rows.items():
            getattr(result, name)[row] = value
            result.fired[row] = True
    return result


def test_effects_apply_in_their_order() -> None:
    """Limit first, then so many down, then the last tier."""
    found = apply_effects(
        np.array([0, 0, 2, 0]), effects(4, at_most={0: 1, 1: 1, 2: 1}, down={1: 1, 2: 1}, disqualified={3: 1}), 4
    )
    assert [stage.tolist() for stage in found] == [[1, 1, 2, 0], [1, 2, 3, 0], [1, 2, 3, 3]]


def test_never_below_the_last_tier() -> None:
    assert apply_effects(np.array([1, 2]), effects(2, down={0: 5, 1: 1}), 3)[2].tolist() == [2, 2]


def test_a_limit_never_lifts() -> None:
    assert apply_effects(np.array([2]), effects(1, at_most={0: 1}), 3)[0].tolist() == [2]


def test_who_has_no_tier_gets_none() -> None:
    found = apply_effects(np.array([NO_TIER] * 3), effects(3, at_most={0: 1}, down={1: 1}, disqualified={2: 1}), 3)
    assert [stage.tolist() for stage in found] == [[NO_TIER] * 3] * 3


# --- backfill -----------------------------------------------------------------------------------------------------------------


def filled(
    before: Sequence[int],
    after: Sequence[int],
    ranks: Sequence[int],
    *,
    count: int = 3,
    fired: Sequence[int] = (),
    groups: Sequence[int] | None = None,
) -> tuple[list[int], list[tuple[int, int, str]]]:
    result = TierEffects.none(len(ranks))
    result.fired[[row for row in range(len(ranks)) if row in fired or before[row] != after[row]]] = True
    tiers, notes = backfill(
        np.array(before),
        np.array(after),
        result,
        np.array(ranks),
        np.zeros(len(ranks), np.intp) if groups is None else np.array(groups),
        count,
    )
    return tiers.tolist(), [(note.row, note.tier, note.reason) for note in notes]


def test_places_that_effects_freed_are_filled_from_the_top_tier_down() -> None:
    # a falls from the first to the last: b moves up to the first, which frees a place in the second for d.
    assert filled([0, 1, 1, 2, 2], [2, 1, 1, 2, 2], [1, 2, 3, 4, 5]) == (
        [2, 0, 1, 1, 2],
        [(1, 0, "moved_up"), (3, 1, "moved_up")],
    )


def test_who_fell_may_take_no_place_of_the_tier_it_fell_to() -> None:
    # a falls one tier: b goes up and frees a place in the second, where a stands beside c; d moves up behind b.
    assert filled([0, 1, 1, 2, 2], [1, 1, 1, 2, 2], [1, 2, 3, 4, 5])[0] == [1, 0, 1, 1, 2]


def test_nobody_moves_up_twice() -> None:
    # Both of the top fell to the last; the second tier has b and c, the third d and e, which move one tier and no more.
    assert filled([0, 0, 1, 2, 3], [3, 3, 1, 2, 3], [1, 2, 3, 4, 5], count=4)[0] == [3, 3, 0, 1, 2]


def test_a_unit_for_which_any_tier_effect_fired_never_moves_up() -> None:
    """b was held at the second by an effect that changed nothing: c goes."""
    assert filled([0, 1, 1, 2], [2, 1, 1, 2], [1, 2, 3, 4], fired=[1])[0] == [2, 1, 0, 1]


def test_units_that_share_a_rank_move_together_when_places_are_filled() -> None:
    assert filled([0, 0, 1, 1, 2], [2, 2, 1, 1, 2], [1, 2, 3, 3, 5])[0] == [2, 2, 0, 0, 1]


def test_the_filling_of_a_tier_ends_at_units_that_share_a_rank_and_do_not_all_fit() -> None:
    """One place, two on the third rank: nobody moves, not even the next one."""
    assert filled([0, 1, 1, 1, 2], [2, 1, 1, 1, 2], [1, 2, 2, 4, 5])[0] == [2, 1, 1, 1, 2]


def test_each_list_is_filled_by_itself() -> None:
    assert filled([0, 1, 0, 1], [2, 1, 0, 1], [1, 2, 1, 2], groups=[0, 0, 1, 1])[0] == [2, 0, 0, 1]


def test_only_places_that_effects_freed_are_filled_not_those_that_stayed_empty() -> None:
    assert filled([1, 1, 2], [1, 1, 2], [1, 2, 3]) == ([1, 1, 2], [])


# --- in a marking -------------------------------------------------------------------------------------------------------------

RULES = {"fire": {"tier_down": 1}, "veto": {"disqualify": True}, "limit": {"tier_at_most": "second"}}
VALUES = "unit x y\na 90 10\nb 80 90\nc 70 90\nd 60 90\ne 50 10"
SOME = [{"id": "first", "count": 1, "gates": {"y": 60}}, {"id": "second", "count": 2}, {"id": "third"}]


def marked(events: str = "", **track: Any) -> str:
    assessment = assess(
        {"x": {"weight": 9}, "y": {"weight": 1}},
        VALUES,
        rules=RULES,
        events="event unit\n" + events,
        track={"tiers": SOME, **track},
    )
    return " ".join(of_results(assessment, "tier").values())


def test_gates_leave_the_place_to_the_next() -> None:
    assert marked() == "second first second third third"


def test_backfill_does_not_test_gates_again() -> None:
    """a failed the gate of the first tier when tiers were dealt; it fills the place that b lost."""
    assert marked("veto b") == "second third second third third"
    assert marked("veto b", backfill=True) == "first third second second third"


def test_without_backfill_freed_places_stay_empty() -> None:
    assert marked("fire b", backfill=False) == "second second second third third"


def test_units_listed_apart_have_no_tier_and_take_no_place() -> None:
    assert marked(unranked=["b"]) == "second  first second third"


def test_a_tier_effect_on_a_unit_listed_apart_frees_nothing() -> None:
    assert marked("veto b", unranked=["b"], backfill=True) == "second  first second third"
