from __future__ import annotations

import pytest

from tests.unit.scheme import (
    test_validator_expressions,
    test_validator_rules,
    test_validator_scoring,
    test_validator_tree,
)
from tests.unit.scheme.sound import KNOWN, SOUND, problems_of, with_line
from tongkao.errors import Place, Problem
from tongkao.scheme import check_messages
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.validator import validate


def test_the_sound_scheme_has_no_problem_with_and_without_knowing_the_data() -> None:
    assert problems_of(SOUND) == []
    assert problems_of(SOUND, classes=None) == []


def test_without_the_data_only_what_the_scheme_itself_says_is_checked() -> None:
    unknown = with_line("gdp * 10000 / population", "gdp * whatever", ("unit: yi}", "unit: nobody}"), ("[ding]", "[nobody]"))
    assert problems_of(unknown, classes=None) == []
    assert [en for _, en in problems_of(unknown)] == [
        "scheme.yaml:14:18: character 7 of the formula: nothing is called whatever here",
        "scheme.yaml:34:50: indicators.satisfaction.score: there is no unit nobody",
        "scheme.yaml:41:16: tracks.city.unranked: track city has no unit nobody",
    ]


def test_names_are_accepted_where_the_observations_are_not_known() -> None:
    known = {**KNOWN, "observed": None}
    assert problems_of(with_line("gdp * 10000 / population", "whatever / population"), **known) == []
    assert [en for _, en in problems_of(with_line("gdp * 10000 / population", "whatever(population)"), **known)] == [
        "scheme.yaml:14:12: character 1 of the formula: there is no function whatever here"
    ]


def test_a_problem_has_a_place_without_positions_too() -> None:
    scheme, _, _ = load_scheme(with_line("points: 40\n", "points: 39\n"))
    assert scheme is not None
    fields = {"name": "city", "who_zh": "", "who_en": "", "sum": 99.0, "expected": 100.0, "difference": 1.0}
    assert validate(scheme, file="x.yaml") == [Problem("scheme.papers_short", Place(file="x.yaml"), fields)]


def test_every_named_class_is_summed_where_the_units_are_not_known() -> None:
    text = with_line("{default: 20, north: 40}", "{default: 21, north: 30, south: 20}")
    assert [en for _, en in problems_of(text, classes=None)] == [
        "scheme.yaml:46:17: economy (any other): the points below add up to 61 instead of 60, 1 too many",
        "scheme.yaml:46:17: economy (north): the points below add up to 50 instead of 60, 10 missing",
    ]


def test_only_rows_that_occur_are_summed_where_two_columns_decide() -> None:
    text = with_line("{default: 20, north: 40}", "{by: role, default: 20, port: 40}")
    # north is always a port in the invented data; south is both
    assert [en for _, en in problems_of(text)] == [
        "scheme.yaml:46:17: economy (south & role port): the points below add up to 80 instead of 60, 20 too many"
    ]
    assert problems_of(text, **{**KNOWN, "combinations": _rows_without_a_southern_port}) == []


def _rows_without_a_southern_port(track: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    table = [{"class": "north", "role": "port"}, {"class": "south", "role": "inland"}]
    return {tuple(row[column] for column in columns) for row in table}


@pytest.mark.parametrize("difference", [1e-8, -1e-8])
def test_sums_are_right_to_a_billionth_of_the_full_mark(difference: float) -> None:
    assert problems_of(with_line("points: 40\n", f"points: {40 + difference!r}\n")) == []
    assert len(problems_of(with_line("points: 40\n", f"points: {40 + 20 * difference!r}\n"))) == 1


def test_points_below_a_weight_need_not_add_up() -> None:
    text = with_line("        points: 60\n", "        weight: 3\n", ("        points: 40\n", "        weight: 2\n"))
    assert problems_of(text) == []


def test_an_indicator_that_only_an_expression_names_is_used() -> None:
    text = with_line(
        "{indicator: satisfaction, weight: 1}",
        "{indicator: pm25, weight: 1}",
        ("{indicator: pm25, weight: {by", "{indicator: growth_rate, weight: {by"),
    )
    assert "the indicator satisfaction is defined but no track uses it" in str(problems_of(text))
    used = text.replace("gdp * 10000 / population", "gdp * satisfaction")
    assert "satisfaction is defined" not in str(problems_of(used))


def test_a_long_circle_and_a_long_chain_are_found_without_recursion() -> None:
    def scheme(last: str) -> str:
        indicators = "".join(f"  i{n}: {{title: t, value: i{n + 1} + 1, score: {{method: identity}}}}\n" for n in range(1500))
        tree = ", ".join(f"{{indicator: i{n}, weight: 1}}" for n in range(1501))
        end = f"  i1500: {{title: t, value: {last}, score: {{method: identity}}}}\n"
        head = "tongkao: 1\nid: x\ntitle: t\nyear: 2020\nindicators:\n"
        return f"{head}{indicators}{end}tracks: {{a: {{title: t, tree: [{tree}]}}}}\n"

    assert problems_of(scheme("x * 2"), classes=None) == []
    [(zh, _)] = problems_of(scheme("i1400"), classes=None)
    assert zh.startswith("scheme.yaml:1406:28: 算式成环：i1400 → i1401 → ")
    assert len(zh) < 1000


def test_every_message_of_content_is_tested() -> None:
    faults = test_validator_tree.FAULTS + test_validator_rules.FAULTS
    faults += test_validator_scoring.FAULTS + test_validator_expressions.FAULTS
    found = set()
    for _, ((old, new), *more), _ in faults:
        scheme, _, positions = load_scheme(with_line(old, new, *more))
        assert scheme is not None
        found |= {problem.code for problem in validate(scheme, positions, **KNOWN)}
    declared = {code for name, code in vars(check_messages).items() if name.isupper()}
    assert declared - found == set()
