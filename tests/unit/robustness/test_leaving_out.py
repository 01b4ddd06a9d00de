from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.unit.engine.cases import TIERS, assess
from tongkao.errors import MarkingError
from tongkao.folder.assessment import Assessment
from tongkao.robustness.leaving_out import add_one, leave_out, leave_out_units, nodes_of, reversals
from tongkao.robustness.leaving_words import explain
from tongkao.robustness.moves import Base, Moves, bases

MINMAX = {"score": {"method": "minmax"}}
TREE = {"a": 50, "b": 30, "c": 20}
VALUES = """
unit  a    b    c
u     100  40   50
v     70   90   60
w     60   80   100
"""


def base(assessment: Assessment) -> Base:
    return bases(assessment)["t"]


def sound(assessment: Assessment) -> Base:
    """The marking of a random assessment; one that cannot be marked is passed over."""
    try:
        return base(assessment)
    except MarkingError:
        reject()


def of(moves: Moves, node: str) -> dict[str, tuple[float, int]]:
    item = moves.items.index(node)
    totals, ranks = np.round(moves.totals[item], 9).tolist(), moves.ranks[item].tolist()
    return dict(zip(moves.unit_ids, zip(totals, ranks, strict=True), strict=True))


def test_by_hand() -> None:
    """u 50 + 12 + 10 = 72, v 35 + 27 + 12 = 74, w 30 + 24 + 20 = 74; without c: a 62.5 %, b 37.5 %."""
    moves = leave_out(base(assess(TREE, VALUES)))
    assert moves.before_totals.tolist() == [[72.0, 74.0, 74.0]]
    assert moves.before_ranks.tolist() == [[3, 1, 1]]
    assert of(moves, "c") == {"u": (77.5, 1), "v": (77.5, 1), "w": (67.5, 3)}
    assert of(moves, "a") == {"u": (44.0, 3), "v": (78.0, 2), "w": (88.0, 1)}
    item = moves.items.index("c")
    assert moves.rises[item].tolist() == [2, 0, -2]
    assert moves.gains[item] == pytest.approx([5.5, 3.5, -6.5])
    assert moves.mean_changes[item] == pytest.approx(4 / 3)
    assert moves.others[item] == pytest.approx([77.5, 77.5, 67.5])
    assert moves.weights[item] == pytest.approx([0.2, 0.2, 0.2])
    # What a unit gains: the weight times what it has on the others more than on what is left out.
    own = np.array([50.0, 60.0, 100.0])
    assert moves.gains[item] == pytest.approx(0.2 * (moves.others[item] - own))
    assert moves.movers(item, 2) == ([0], [2])
    assert [(name, before, round(after, 12)) for name, before, after in moves.receivers(item)] == [
        ("a", 0.5, 0.625),
        ("b", 0.3, 0.375),
    ]
    assert not moves.remarked.any()
    assert moves.skipped == ()


def test_alone_and_put_back() -> None:
    start = base(assess(TREE, VALUES))
    alone = add_one(start)
    assert of(alone, "b") == {"u": (40.0, 3), "v": (90.0, 1), "w": (80.0, 2)}
    beside = add_one(start, ["b"], aside=["b", "c"])
    assert of(beside, "b") == {"u": (77.5, 1), "v": (77.5, 1), "w": (67.5, 3)}
    back = add_one(start, aside=["c"])
    assert of(back, "c") == {"u": (72.0, 3), "v": (74.0, 1), "w": (74.0, 1)}
    assert (alone.way, beside.way, back.way) == ("alone", "added", "added")


def test_the_only_child_takes_its_parent_along() -> None:
    tree = {"p": {"weight": 1, "children": {"a": {"weight": 1}}}, "q": {"weight": 3, "children": {"b": 30, "c": 20}}}
    for exact in (False, True):
        moves = leave_out(base(assess(tree, VALUES)), exact=exact)
        assert of(moves, "a") == of(moves, "p") == {"u": (44.0, 3), "v": (78.0, 2), "w": (96.0 - 8.0, 1)}
        assert of(moves, "q") == {"u": (100.0, 1), "v": (70.0, 2), "w": (60.0, 3)}
        item = moves.items.index("a")
        assert moves.weights[item] == pytest.approx([0.25] * 3)
        assert moves.others[item] == pytest.approx([44.0, 78.0, 88.0])
        assert moves.receivers(item) == [("q", 0.75, 1.0)]
        assert moves.remarked.all() == exact


def test_a_unit_without_the_siblings_gets_the_weight_from_above() -> None:
    values = "unit a b c\nu 100 40 50\nv 70 - 60\nw 60 80 100"
    tree = {"p": {"weight": 1, "children": {"a": 10, "b": 10}}, "q": {"weight": 1, "children": {"c": 5}}}
    made = assess(tree, values, missing="redistribute")
    for exact in (False, True):
        moves = leave_out(base(made), ["a", "b"], exact=exact)
        assert of(moves, "a") == {"u": (45.0, 3), "v": (60.0, 2), "w": (90.0, 1)}
        assert of(moves, "b")["v"] == (65.0, 3)
        assert moves.weights[:, 1].tolist() == [0.5, 0.0]


def test_nothing_left_for_a_unit() -> None:
    values = "unit a b\nu 100 40\nv 70 -\nw 60 80"
    made = base(assess({"a": 50, "b": 50}, values, missing="redistribute"))
    for exact in (False, True):
        moves = leave_out(made, ["a"], exact=exact)
        assert np.isnan(moves.totals[0, 1])
        assert moves.ranks.tolist() == [[2, 0, 1]]
        assert moves.compared.tolist() == [[True, False, True]]


def test_what_cannot_be_left_out_is_named() -> None:
    tree = {"p": {"points": 100, "children": TREE}}
    moves = leave_out(base(assess(tree, VALUES)), ["p", "a"])
    assert moves.items == ("a",)
    (name, problems) = moves.skipped[0]
    assert name == "p"
    assert [problem.describe("en") for problem in problems] == ["node p: without it no unit has any indicator"]
    with pytest.raises(KeyError, match="nowhere"):
        leave_out(base(assess(TREE, VALUES)), ["nowhere"])


def test_a_class_that_has_nothing_left_has_no_totals() -> None:
    tree = {"p": {"weight": {"default": 1, "north": 0}, "children": {"a": 2, "b": 1}}, "q": {"weight": 1, "children": {"c": 1}}}
    made = base(assess(tree, VALUES, units="unit class\nu north\nv south\nw south"))
    for exact in (False, True):
        without, alone = leave_out(made, ["q", "p"], exact=exact), add_one(made, ["p"], exact=exact)
        assert np.isnan(without.totals[0]).tolist() == [True, False, False]
        assert without.ranks.tolist() == [[0, 1, 2], [3, 2, 1]]
        assert without.weights[1].tolist() == [0.0, 0.5, 0.5]
        assert np.isnan(alone.totals[0]).tolist() == [True, False, False]
        assert alone.ranks.tolist() == [[0, 1, 2]]


def test_kinds_of_nodes() -> None:
    tree = {"p": {"points": 60, "children": {"d": {"points": 60, "children": {"a": 40, "b": 20}}}}, "c": 40}
    start = base(assess(tree, VALUES))
    assert nodes_of(start) == ("p", "c", "d", "a", "b")
    assert nodes_of(start, ["paper", "dimension"]) == ("p", "d")


# --- the two ways agree -----------------------------------------------------------------------------------------------------


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    """Trees of two or three levels, with gaps, classes, units listed apart, ties, tiers and any scoring."""
    leaves = draw(st.integers(2, 7))
    names = [f"i{place}" for place in range(leaves)]
    cut = draw(st.integers(1, leaves))
    amount = st.sampled_from([0.5, 1, 2, 7, 1000])
    classed = draw(st.booleans())

    def weight() -> Any:
        return {"default": draw(amount), "north": draw(amount)} if classed and draw(st.booleans()) else draw(amount)

    groups = [group for group in (names[:cut], names[cut:]) if group]
    tree = {
        f"g{place}": {"weight": weight(), "children": {name: {"weight": weight()} for name in group}}
        for place, group in enumerate(groups)
    }
    tree = {"top": {"weight": weight(), "children": tree}} if draw(st.booleans()) else tree
    n = draw(st.integers(1, 6))
    gaps = draw(st.booleans())
    cell = st.sampled_from(["1", "2", "3", "5", "8", *(["-"] if gaps else [])])
    rows = "\n".join(" ".join([f"u{row}", *(draw(cell) for _ in names)]) for row in range(n))
    units = "unit class\n" + "\n".join(
        f"u{row} {draw(st.sampled_from(['north', 'south'])) if row else 'north'}" for row in range(n)
    )
    method = draw(st.sampled_from([{"method": "minmax"}, {"method": "identity"}, {"method": "borda"}]))
    track: dict[str, Any] = {"rank_within": draw(st.sampled_from(["track", "class"]))}
    if draw(st.booleans()):
        track["tiers"] = TIERS
    if n > 2 and draw(st.booleans()):
        track["unranked"] = ["u0"]
    return assess(
        tree,
        f"unit {' '.join(names)}\n{rows}",
        units=units,
        indicators={name: {"score": method, "direction": draw(st.sampled_from(["up", "down"]))} for name in names},
        track=track,
        missing="redistribute",
    )


@given(assessments())
@settings(max_examples=120, deadline=None)
def test_the_incremental_way_is_the_exact_one(made: Assessment) -> None:
    start = sound(made)
    assert start.chained
    for way in (leave_out, add_one):
        quick, exact = way(start), way(start, exact=True)
        names = [name for name in quick.items if name in exact.items]
        assert names == list(exact.items)
        places = [quick.items.index(name) for name in names]
        for array in ("totals", "others", "weights"):
            assert np.allclose(getattr(quick, array)[places], getattr(exact, array), rtol=0, atol=1e-9, equal_nan=True), array
        assert quick.ranks[places].tolist() == exact.ranks.tolist()
        assert quick.tiers[places].tolist() == exact.tiers.tolist()


@given(assessments())
@settings(max_examples=60, deadline=None)
def test_leaving_out_and_putting_back_is_identity(made: Assessment) -> None:
    start = sound(made)
    for name in leave_out(start).items:
        back = add_one(start, aside=[name])
        assert np.allclose(back.totals, back.before_totals, rtol=0, atol=1e-9, equal_nan=True)
        assert back.ranks.tolist() == back.before_ranks.tolist()
        assert not back.rises.any()


@given(assessments(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_order_of_nodes_never_matters(made: Assessment, chance: Any) -> None:
    start = sound(made)
    names = list(nodes_of(start))
    chance.shuffle(names)
    straight, turned = leave_out(start), leave_out(start, names)
    places = [straight.items.index(name) for name in turned.items]
    assert np.array_equal(straight.totals[places], turned.totals, equal_nan=True)
    assert straight.ranks[places].tolist() == turned.ranks.tolist()


OTHERS: dict[str, dict[str, Any]] = {
    "geometric": {"track": {"aggregate": "geometric"}},
    "rounded": {"rounding": {"places": 0, "at": ["total"]}},
    "least": {"track": {"least_available": 0.5}},
    "equally": {"missing": "redistribute_equally"},
    "screened": {"track": {"screen": {"availability": 0.7}}},
    "rows": {"missing": {"impute": "row_mean", "within": "total", "otherwise": "redistribute"}},
    "gates": {"track": {"tiers": [{"id": "first", "count": 1, "gates": {"a": 65}}, {"id": "rest"}]}},
    "events": {"events": "event unit\nfine u", "rules": {"fine": {"deduct": 5}}},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_chain_is_marked_again(name: str) -> None:
    """The same as the assessment whose scheme gives the node weight 0."""
    values = "unit a b c\nu 100 40 50\nv 70 - 60\nw 60 80 100"
    rule = {"missing": "redistribute", **OTHERS[name]}
    weights = {node: {"weight": points} for node, points in TREE.items()}
    start = base(assess(weights, values, **rule))
    assert not start.chained
    moves = leave_out(start)
    assert moves.remarked.all()
    for item, node in enumerate(moves.items):
        without = base(assess({**weights, node: {"weight": 0}}, values, **rule)).marks
        assert np.allclose(moves.totals[item], without.totals, rtol=0, atol=1e-9, equal_nan=True)
        assert moves.ranks[item].tolist() == without.final.ranks.tolist()
        assert moves.tiers[item].tolist() == without.final.tiers.tolist()


def test_ties_broken_by_a_node_are_marked_again() -> None:
    made = assess(TREE, VALUES, track={"ties": {"by": ["b"]}})
    moves = leave_out(base(made))
    assert base(made).chained
    item = moves.items.index("c")
    assert moves.remarked.tolist() == [name == "c" for name in moves.items]
    assert moves.ranks[item].tolist() == [2, 1, 3]


def test_a_tie_that_is_not_allowed_is_named() -> None:
    values = VALUES.replace("w     60   80   100", "w     60   80   95")
    moves = leave_out(base(assess(TREE, values, track={"ties": {"otherwise": "error"}})))
    assert moves.items == ("a", "b")
    assert [name for name, _ in moves.skipped] == ["c"]


def test_an_assessment_that_cannot_be_marked() -> None:
    with pytest.raises(MarkingError):
        bases(assess(TREE, "unit a b c\nu 1 - 3\nv 1 2 3", missing="error"))


# --- units ------------------------------------------------------------------------------------------------------------------


def test_leaving_out_a_unit_turns_others_round() -> None:
    """With min-max scoring the unit that sets the range decides between the others."""
    values = "unit a b\nx 0 10\ny 6 4\nz 7 2\nw 100 0"
    made = assess({"a": 50, "b": 50}, values, indicators={"a": MINMAX, "b": MINMAX})
    start = base(made)
    # x 0 + 50, y 3 + 20, z 3.5 + 10, w 50 + 0; units are in the order of their ids.
    assert dict(zip(start.plan.unit_ids, start.marks.final.ranks.tolist(), strict=True)) == {"x": 1, "w": 1, "y": 3, "z": 4}
    moves = leave_out_units(start, ["w"])
    item = moves.unit_ids.index
    assert moves.before_ranks[0, item("w")] == moves.ranks[0, item("w")] == 0
    # x 0 + 50, y 6/7 * 50 + 12.5, z 50 + 0
    assert {unit: round(float(moves.totals[0, item(unit)]), 6) for unit in "xyz"} == {"x": 50.0, "y": 55.357143, "z": 50.0}
    assert {unit: int(moves.ranks[0, item(unit)]) for unit in "xyz"} == {"x": 2, "y": 1, "z": 2}
    assert reversals(moves, 0) == [("y", "x")]
    assert np.isnan(moves.totals[0, item("w")])


def test_fixed_goalposts_know_no_reversal() -> None:
    moves = leave_out_units(base(assess(TREE, VALUES)))
    assert moves.items == ("u", "v", "w")
    assert moves.before_ranks.tolist() == [[0, 1, 1], [2, 0, 1], [2, 1, 0]]
    assert moves.ranks.tolist() == moves.before_ranks.tolist()
    assert not any(reversals(moves, item) for item in range(3))
    assert moves.mean_changes.tolist() == [0.0, 0.0, 0.0]


@given(assessments())
@settings(max_examples=60, deadline=None)
def test_a_unit_that_is_left_out_might_as_well_be_listed_apart(made: Assessment) -> None:
    start = sound(made)
    moves = leave_out_units(start)
    for item, unit in enumerate(moves.items):
        track = made.scheme.tracks["t"]
        apart = track.model_copy(update={"unranked": [*track.unranked, unit]})
        scheme = made.scheme.model_copy(update={"tracks": {"t": apart}})
        expected = base(Assessment(**{**made.__dict__, "scheme": scheme})).marks
        assert moves.ranks[item].tolist() == expected.final.ranks.tolist()
        assert moves.tiers[item].tolist() == expected.final.tiers.tolist()


def test_expressions_see_the_group_without_the_unit() -> None:
    made = assess(
        {"a": 100},
        "unit a\nu 10\nv 5\nw 1",
        indicators={
            "a": {"value": "100 * a0 / best(a0)"},
        },
        observations=OWN,
    )
    moves = leave_out_units(base(made), ["u"])
    assert np.round(moves.totals[0], 6).tolist()[1:] == [100.0, 20.0]


OWN = "unit indicator value\nu a0 10\nv a0 5\nw a0 1"


# --- tables and words -------------------------------------------------------------------------------------------------------


def test_summary() -> None:
    rows = leave_out(base(assess(TREE, VALUES)), ["c", "a"]).summary().rows()
    assert rows == [
        ("t", "left_out", "c", "indicator", pytest.approx(0.2), pytest.approx(4 / 3), 2, 0, "u", 2, "w", 2),
        ("t", "left_out", "a", "indicator", pytest.approx(0.5), pytest.approx(1 / 3), 1, 0, "", 0, "v", 1),
    ]


def test_table() -> None:
    table = leave_out(base(assess(TREE, VALUES, track={"tiers": TIERS})), ["c"]).table()
    assert table.columns == [
        *("track", "way", "node", "unit", "rank_before", "rank"),
        *("total_before", "total", "gain", "weight", "rate", "rate_of_others", "tier"),
    ]
    assert table.row(0) == ("t", "left_out", "c", "u", 3, 1, 72.0, 77.5, 5.5, 0.2, 50.0, 77.5, "second")
    units = leave_out_units(base(assess(TREE, VALUES)), ["u"]).table()
    assert units.row(0) == ("t", "unit_left_out", "u", "u", None, None, 72.0, None, None, 0.0, None, None, "")


def test_in_words() -> None:
    moves = leave_out(base(assess(TREE, VALUES)), ["c"])
    assert explain(moves, 0, "en") == (
        "Without c (20.0 % of the total): its weight goes in proportion to a +12.50 %, b +7.50 %; ranks change by 1.33 on "
        "average, 2 of them do; up: u 3→1 (+5.50 points: rate 50.0 there, 77.5 on the others); down: w 1→3 (-6.50 points: rate "
        "100.0 there, 67.5 on the others)."
    )
    assert explain(moves, 0, "zh") == (
        "去掉 c（占总分 20.0 %）：权重按比例转给 a +12.50 %、b +7.50 %；名次平均变动 1.33，2 个单位变动；"
        "上升：u 3→1（+5.50 分：此项得分率 50.0，其余 77.5）；下降：w 1→3（-6.50 分：此项得分率 100.0，其余 67.5）。"
    )
    same = leave_out_units(base(assess(TREE, VALUES)), ["u"])
    assert explain(same, 0, "en") == "Without the unit u: no rank changes."
    assert explain(same, 0, "zh") == "去掉单位 u：名次都不变。"
    alone = add_one(base(assess(TREE, VALUES)), ["b"])
    assert explain(alone, 0, "en") == ("By b alone: ranks change by 0.33 on average, 1 of them do; down: w 1→2 (+6.00 points).")
