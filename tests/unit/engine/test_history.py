"""Earlier results (section 9)."""

from __future__ import annotations

from tests.unit.engine.cases import assess, of_results
from tongkao.engine.history import Past, read_past

ROWS = """
year track unit total rank tier
2019 t     a    90    1    first
2019 t     b    80    2    second
2018 t     a    90    1    first
2018 t     b    80    2    first
2017 t     a    70    3    second
2016 t     a    90    1    first
2017 t     c    70    3    first
2019 other d    99    1    first
2020 t     d    99    1    first
2021 t     d    99    1    first
2019 t     zz   99    1    first
2018 t     e    90    -    -
2019 t     f    -     4    -
"""
UNITS = ["a", "b", "c", "d", "e", "f"]


def past(**more: int) -> Past:
    return read_past(UNITS, assess({"x": 100}, history=ROWS).history, "t", 2020, **more)


def test_last_years_place_and_tier() -> None:
    found = past()
    assert found.rank_last.tolist() == [1, 2, 0, 0, 0, 4]
    assert found.tier_last == ("first", "second", "", "", "", "")


def test_rows_of_this_year_later_years_other_tracks_and_other_units_are_left_aside() -> None:
    """d has results of this year, of next year and of another track, and so none."""
    assert past().known.tolist() == [True, True, True, False, True, True]
    assert past().tiers[3] == {}


def test_the_year_before_may_be_another() -> None:
    found = past(year_before=2018)
    assert found.rank_last.tolist() == [1, 2, 0, 0, 0, 0]
    assert found.tier_last == ("first", "first", "", "", "", "")
    assert past(year_before=2017).rank_last.tolist() == [3, 0, 3, 0, 0, 0]


def test_streak_is_years_in_a_row_including_this_one() -> None:
    now = ["first", "first", "first", "first", "first", "second"]
    # a: 2020, 2019, 2018, not 2017; b: not 2019; c: not 2019 though 2017; the others only now.
    assert past().streak("first", now).tolist() == [3, 1, 1, 1, 1, 0]
    assert past().streak("second", ["second"] * 6).tolist() == [1, 2, 1, 1, 1, 1]
    assert past().streak("first", ["second"] * 6).tolist() == [0] * 6


def test_streak_of_assessments_that_are_not_yearly_counts_marking_by_marking() -> None:
    # Every other year: 2020, 2018 and 2016 for a; 2020 and 2018 for b.
    assert past(year_before=2018).streak("first", ["first"] * 6).tolist() == [3, 2, 1, 1, 1, 1]


def test_first_time_looks_at_all_years() -> None:
    now = ["first", "first", "first", "first", "first", "second"]
    assert past().first_time("first", now).tolist() == [False, False, False, True, True, False]


def test_rank_change_is_positive_for_who_moved_up() -> None:
    history = "year unit rank tier\n2019 a 3 third\n2019 b 1 first\n2018 c 1 first"
    assessment = assess({"x": 100}, "unit x\na 90\nb 80\nc 70\nd 60", history=history)
    assert of_results(assessment, "rank_change") == {"a": 2, "b": -1, "c": None, "d": None}
    assert of_results(assessment, "rank_last") == {"a": 3, "b": 1, "c": None, "d": None}
    assert of_results(assessment, "tier_last") == {"a": "third", "b": "first", "c": "", "d": ""}


def test_units_without_a_rank_now_have_no_change() -> None:
    history = "year unit rank tier\n2019 a 3 third\n2019 b 1 first"
    assessment = assess({"x": 100}, "unit x\na 90\nb 80", history=history, track={"unranked": ["b"]})
    assert of_results(assessment, "rank_change") == {"a": 2, "b": None}


def test_the_same_place_is_a_change_of_0() -> None:
    assert of_results(assess({"x": 100}, "unit x\na 90", history="year unit rank tier\n2019 a 1 first"), "rank_change") == {
        "a": 0
    }


def test_an_assessment_that_is_not_yearly_looks_at_the_marking_before() -> None:
    history = "year unit rank tier\n2018 a 3 third\n2019 b 2 second"
    assessment = assess({"x": 100}, "unit x\na 90\nb 80", history=history, year_before=2018)
    assert of_results(assessment, "rank_last") == {"a": 3, "b": None}
    assert of_results(assessment, "rank_change") == {"a": 2, "b": None}
