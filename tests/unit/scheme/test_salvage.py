from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.scheme.sound import KNOWN, SOUND, with_line
from tests.unit.scheme.test_loader import DATA, FAULTS, JUNK, paths
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.salvage import validate_despite_faults


def english(text: str) -> list[str]:
    return [problem.describe("en") for problem in validate_despite_faults(text, **KNOWN)]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_of_the_shape_alone_gives_no_problem_of_content(fault: Any) -> None:
    text = with_line(*fault.changes[0], *fault.changes[1:])
    assert load_scheme(text)[0] is None
    assert english(text) == []


def test_what_the_fault_has_nothing_to_do_with_is_reported() -> None:
    text = with_line(
        "method: challenge",
        "method: chalenge",
        ("points: 60\n", "points: 61\n"),
        ("gdp * 10000 / population", "gdp * people"),
        ('tier != "third"', 'tier != "thrd"'),
    )
    assert [problem.describe("en").split(";")[0] for problem in load_scheme(text)[1]] == [
        "scheme.yaml:37:21: indicators.conduct.score: there is no method chalenge"
    ]
    assert english(text) == [
        "scheme.yaml:14:18: character 7 of the formula: nothing is called people here (did you mean role?)",
        "scheme.yaml:43:5: track city: the papers add up to 101 instead of the full mark 100, 1 too many",
        "scheme.yaml:46:17: economy (north, south): the points below add up to 60 instead of 61, 1 missing",
        'scheme.yaml:62:66: character 30 of the formula: tier knows no "thrd" (did you mean "third"?)',
    ]


def test_sums_are_not_reported_where_a_number_could_not_be_read() -> None:
    assert english(with_line("points: 60\n", "points: 6O\n")) == []
    assert english(with_line("points: 60\n", "points: .inf\n")) == []


def test_a_broken_text_gives_nothing() -> None:
    assert english("tongkao: [") == []
    assert english("tongkao: 1\n") == []


@settings(max_examples=200)
@given(st.sampled_from(paths(DATA)[1:]), JUNK, st.sampled_from(["put", "drop", "add"]), st.data())
def test_a_fault_anywhere_gives_no_problem_of_content(path: tuple[Any, ...], junk: Any, way: str, data: st.DataObject) -> None:
    changed = json.loads(json.dumps(DATA))
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    if way == "put":
        inner[path[-1]] = junk
    elif way == "drop":
        del inner[path[-1]]
    elif isinstance(inner, dict):
        inner[data.draw(st.text(alphabet="abxyz_9A ", max_size=6))] = junk
    else:
        inner.append(junk)
    text = json.dumps(changed, ensure_ascii=False)
    assume(load_scheme(text)[0] is None)
    assert english(text) == []


def test_the_sound_scheme_is_sound_here_too() -> None:
    assert english(SOUND) == []
