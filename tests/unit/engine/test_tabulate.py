"""Markings as tables (section 10)."""

from __future__ import annotations

from tests.unit.engine.cases import TIERS, assess, marks_of, of_node
from tongkao.engine.result import score
from tongkao.engine.tabulate import RESULTS, SCORES, panel_table, results_table, scores_table, tree_order

TREE = {"p": {"points": 60, "children": {"a": 20, "d": {"points": 40, "children": {"b": 30, "c": 10}}}}, "e": 40}
VALUES = "unit a b c e\nv 90 80 70 60\nu 50 50 50 -\nw 60 60 60 60"
UNITS = "unit class\nu north\nv south\nw north"


def test_results_have_one_row_a_unit() -> None:
    history = "year unit rank tier\n2019 u 2 third"
    track = {
        "tiers": TIERS,
        "unranked": ["w"],
        "awards": [{"id": "one", "when": "rank == 1"}, {"id": "two", "when": "total > 0"}],
    }
    table = score(assess(TREE, VALUES, units=UNITS, missing="redistribute", track=track, history=history)).results
    assert dict(table.schema) == RESULTS
    # The points of v are 18, 24, 7 and 24.
    assert [(*row[:3], round(row[3], 9), *row[4:]) for row in table.rows()] == [
        ("t", "north", "u", 50, 2, "second", 2, "third", 0, "two"),
        ("t", "south", "v", 73, 1, "first", None, "", None, "one;two"),
        ("t", "north", "w", 60, None, "", None, "", None, "two"),
    ]


def test_scores_have_one_row_a_unit_and_node_that_stays_in_the_order_of_the_tree() -> None:
    table = score(assess(TREE, VALUES, units=UNITS, missing="redistribute", track={"unranked": ["w"]})).scores
    assert dict(table.schema) == SCORES
    rows = [(*row[:5], *(round(number, 9) for number in row[5:8]), row[8]) for row in table.rows()]
    assert [row[2:5] for row in rows] == [
        *(("u", node, kind) for node, kind in (("total", "total"), ("p", "paper"), ("a", "indicator"), ("d", "dimension"))),
        *(("u", node, "indicator") for node in "bc"),
        *(("v", node, kind) for node, kind in (("total", "total"), ("p", "paper"), ("a", "indicator"), ("d", "dimension"))),
        *(("v", node, "indicator") for node in "bce"),
        *(("w", node, kind) for node, kind in (("total", "total"), ("p", "paper"), ("a", "indicator"), ("d", "dimension"))),
        *(("w", node, "indicator") for node in "bce"),
    ]
    # u's e left: its 40 points went to p.
    assert rows[1] == ("t", "north", "u", "p", "paper", 100, 50, 50, 2)
    assert rows[7] == ("t", "south", "v", "p", "paper", 60, round(4900 / 60, 9), 49, 1)
    assert rows[-1] == ("t", "north", "w", "e", "indicator", 40, 60, 24, None)


def test_items_of_weight_0_have_no_row() -> None:
    tree = {"a": {"default": 50, "north": 0}, "b": {"default": 50, "north": 100}}
    assert of_node(assess(tree, "unit a b\nu 1 1\nv 1 1", units="unit class\nu north\nv south"), "a") == {"v": 1}


def test_the_place_of_a_node_is_that_of_its_rate_in_the_list_in_which_units_are_ranked() -> None:
    values = "unit a b\nu 10 90\nv 20 70\nw 20 10\nz 15 99"
    tree = {"a": {"weight": 1}, "b": {"weight": 1}}
    units = "unit class\nu n\nv n\nw s\nz s"
    assert of_node(assess(tree, values, units=units), "a", "place") == {"u": 4, "v": 1, "w": 1, "z": 3}
    assert of_node(assess(tree, values, units=units, track={"rank_within": "class"}), "a", "place") == {
        "u": 2,
        "v": 1,
        "w": 1,
        "z": 2,
    }
    assert of_node(assess(tree, values, units=units, track={"unranked": ["v"]}), "a", "place") == {
        "u": 3,
        "v": None,
        "w": 1,
        "z": 2,
    }


def test_the_place_of_the_total_is_the_rank_with_ties_resolved() -> None:
    values = "unit a b\nu 10 90\nv 90 10"
    tree = {"a": {"weight": 1}, "b": {"weight": 1}}
    assert of_node(assess(tree, values, track={"ties": {"by": ["a"]}}), "total", "place") == {"u": 2, "v": 1}


def test_places_compare_rates_and_not_points() -> None:
    tree = {"a": {"weight": {"default": 1, "s": 3}}, "b": {"weight": 1}}
    assessment = assess(tree, "unit a b\nu 80 1\nv 70 1", units="unit class\nu n\nv s")
    assert of_node(assessment, "a", "points") == {"u": 40, "v": 52.5}
    assert of_node(assessment, "a", "place") == {"u": 1, "v": 2}


def test_tracks_stand_in_the_order_of_their_ids() -> None:
    units = "unit track\nz a\nb t\na t"
    result = score(assess({"x": 100}, "unit x\nz 1\nb 2\na 3", units=units, tracks={"a": {"tree": {"x": 100}}}))
    assert result.results.select("track", "unit").rows() == [("a", "z"), ("t", "a"), ("t", "b")]
    assert result.scores.select("track", "unit", "node").rows()[::2] == [
        ("a", "z", "total"),
        ("t", "a", "total"),
        ("t", "b", "total"),
    ]


def test_a_node_then_what_is_below_it() -> None:
    marks = marks_of(assess(TREE, VALUES, missing="redistribute"))
    assert [marks.plan.layout.ids[column] for column in tree_order(marks)] == ["total", "p", "a", "d", "b", "c", "e"]


def test_every_year_of_a_panel() -> None:
    rows = "unit indicator period value\nu a 2019 10\nv a 2019 30"
    result = score(assess({"a": 100}, "unit a\nu 50\nv 40", observations=rows, panel={"years": [2019, 2020]}))
    assert result.panel.filter(kind="indicator").select("year", "unit", "points", "place").rows() == [
        (2019, "u", 10, 2),
        (2019, "v", 30, 1),
        (2020, "u", 50, 1),
        (2020, "v", 40, 2),
    ]
    assert result.scores.filter(kind="indicator")["points"].to_list() == [50, 40]
    assert list(result.panel.columns) == ["year", *SCORES]


def test_no_panel_no_rows() -> None:
    table = score(assess({"a": 100}, "unit a\nu 50")).panel
    assert (table.height, table.columns) == (0, ["year", *SCORES])


def test_no_tracks() -> None:
    assert [table.height for table in (results_table({}), scores_table({}), panel_table({}))] == [0, 0, 0]
