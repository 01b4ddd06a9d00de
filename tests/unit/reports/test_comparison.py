"""Who moves between two folders, and because of what."""

from __future__ import annotations

from pathlib import Path

import tongkao
from tongkao.reports.comparison import Comparison, Move, Standing

from .folders import small_folder

#: air weighs as much as growth: a 85, b 90, c 65, zone 87.5
MORE_AIR = (("scheme.yaml", "growth, points: 60", "growth, points: 50"), ("scheme.yaml", "air, points: 40", "air, points: 50"))
#: growth of c is 120: total 96
GROWTH_OF_C = ("observations.csv", "c,growth,70", "c,growth,120")


def _compare(tmp_path: Path, *changes: tuple[str, str, str]) -> Comparison:
    return tongkao.compare_folders(small_folder(tmp_path / "old"), small_folder(tmp_path / "new", *changes))


def test_equal_folders(tmp_path: Path) -> None:
    comparison = _compare(tmp_path)
    assert comparison.scheme == ()
    assert comparison.data is not None
    assert not comparison.data.any
    assert comparison.moves is not None
    assert all(move.is_still for move in comparison.moves)
    assert [move.unit for move in comparison.moves] == ["b", "a", "c", "zone"]
    assert not comparison.is_split
    assert comparison.faults == {}


def test_moves_because_of_data_the_largest_first(tmp_path: Path) -> None:
    comparison = _compare(tmp_path, GROWTH_OF_C)
    assert comparison.moves == (
        Move("city", "c", Standing(66.0, 3, "second"), Standing(96.0, 1, "first", "rise")),
        Move("city", "b", Standing(88.0, 1, "first", "rise"), Standing(88.0, 2, "second")),
        Move("city", "a", Standing(86.0, 2, "second"), Standing(86.0, 3, "second")),
        Move("city", "zone", Standing(87.0, None, ""), Standing(87.0, None, "")),
    )
    assert [move.places for move in comparison.moves] == [2, -1, -1, None]
    assert not comparison.is_split


def test_moves_fall_into_a_part_of_the_scheme_and_a_part_of_the_data(tmp_path: Path) -> None:
    """By scheme alone growth counts all: a 90, b 80, c 70; with the new data c is first."""
    only_growth = (
        ("scheme.yaml", "growth, points: 60", "growth, points: 95"),
        ("scheme.yaml", "air, points: 40", "air, points: 5"),
    )
    comparison = _compare(tmp_path, *only_growth, GROWTH_OF_C)
    assert comparison.is_split
    assert comparison.moves is not None
    assert [(move.unit, move.places, move.by_scheme, move.by_data) for move in comparison.moves] == [
        ("c", 2, 0, 2),
        ("b", -2, -1, -1),
        ("a", 0, 1, -1),
        ("zone", None, None, None),
    ]
    assert comparison.moves[1].between == Standing(81.0, 2, "second")
    for move in comparison.moves[:3]:
        assert move.by_scheme is not None
        assert move.by_data is not None
        assert move.places == move.by_scheme + move.by_data


def test_a_scheme_that_cannot_mark_the_earlier_data_is_said_so(tmp_path: Path) -> None:
    comparison = _compare(
        tmp_path,
        ("scheme.yaml", "score: {method: identity}", "value: growth_a * 1\n    score: {method: identity}"),
        ("observations.csv", ",growth,", ",growth_a,"),
    )
    assert list(comparison.faults) == ["between"]
    assert not comparison.is_split
    assert comparison.moves is not None
    assert all(move.is_still for move in comparison.moves)


def test_a_side_that_cannot_be_marked_leaves_the_rest(tmp_path: Path) -> None:
    comparison = _compare(tmp_path, *MORE_AIR, ("observations.csv", "b,growth,80\n", ""))
    assert comparison.moves is None
    assert {side: [problem.describe("en") for problem in problems] for side, problems in comparison.faults.items()} == {
        "new": [
            "unit b node growth: there is no value (not reported, or neither expression nor imputation gives one), "
            "and the scheme says that marking stops then (error); "
            "report it, or give the indicator another policy"
        ]
    }
    assert comparison.scheme is not None
    assert [change.describe("en") for change in comparison.scheme] == ["weight of Growth 60 → 50", "weight of Air 40 → 50"]
    assert comparison.data is not None
    assert comparison.is_readable


def test_a_side_that_cannot_be_read_leaves_the_schemes(tmp_path: Path) -> None:
    comparison = _compare(tmp_path, *MORE_AIR, ("observations.csv", "b,growth,80", "b,growth,eighty"))
    assert not comparison.is_readable
    assert comparison.scheme is not None
    assert [change.describe("en") for change in comparison.scheme] == ["weight of Growth 60 → 50", "weight of Air 40 → 50"]
    assert [problem.describe("en") for problem in comparison.faults["new"]] == [
        "observations.csv:3:3: value is the text eighty, expected a number such as 12.5"
    ]


def test_the_json_form(tmp_path: Path) -> None:
    comparison = _compare(tmp_path, *MORE_AIR, GROWTH_OF_C)
    found = comparison.to_json("en")
    assert found == {
        "format": 1,
        "old": {"id": "small-2020", "year": 2020},
        "new": {"id": "small-2020", "year": 2020},
        "scheme": [
            {"path": ["tracks", "city", "tree", "growth", "points"], "kind": "changed", "text": "weight of Growth 60 → 50"},
            {"path": ["tracks", "city", "tree", "air", "points"], "kind": "changed", "text": "weight of Air 40 → 50"},
        ],
        "data": {
            "added": (),
            "removed": (),
            "moved": (),
            "columns": {},
            "observations": {"growth": {"added": 0, "removed": 0, "changed": 1}},
            "tables": {},
        },
        "moves": [
            {
                "track": "city",
                "unit": unit,
                "old": dict(zip(("total", "rank", "tier", "awards"), old, strict=True)),
                "new": dict(zip(("total", "rank", "tier", "awards"), new, strict=True)),
                "places": places,
                "by_scheme": by_scheme,
                "by_data": by_data,
            }
            for unit, old, new, places, by_scheme, by_data in [
                (
                    "c",
                    (66.0, 3, "second", ""),
                    (90.0, 1, "second", "rise"),
                    2,
                    0,
                    2,
                ),  # two share the place, the first tier holds one
                ("a", (86.0, 2, "second", ""), (85.0, 3, "second", ""), -1, 0, -1),
                ("b", (88.0, 1, "first", "rise"), (90.0, 1, "second", "rise"), 0, 0, 0),
                ("zone", (87.0, None, "", ""), (87.5, None, "", ""), None, None, None),
            ]
        ],
        "faults": {},
    }
