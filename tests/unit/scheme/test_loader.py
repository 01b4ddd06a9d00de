from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.scheme.corpus import Entry, read_corpus
from tests.unit.scheme.sound import SOUND, with_line
from tongkao.errors import CATALOGUE, Place
from tongkao.scheme import messages
from tongkao.scheme.loader import load_scheme
from tongkao.scheme.model import Amounts, Branch, Impute, Indicator, Leaf, Minmax, Scheme
from tongkao.scheme.reader import read_yaml


def problems_of(text: str) -> list[tuple[str, str]]:
    scheme, problems, _ = load_scheme(text)
    assert (scheme is None) == bool(problems)
    return [(problem.describe("zh"), problem.describe("en")) for problem in problems]


def test_a_sound_scheme_becomes_a_model_with_positions() -> None:
    scheme, problems, positions = load_scheme(SOUND, "other.yaml")
    assert problems == []
    assert scheme is not None
    assert scheme.id == "sound-2020"
    indicator = scheme.indicators["gdp_per_capita"]
    assert indicator.score == Minmax(method="minmax", low=60.0, high=100.0, goalposts=[1.0, 9.0], cap=100.0, floor=50.0)
    assert indicator.missing == Impute(impute="mean", within="class", otherwise="zero")
    economy = scheme.tracks["city"].tree[0]
    assert isinstance(economy, Branch)
    leaf = economy.children[0]
    assert isinstance(leaf, Leaf)
    assert isinstance(leaf.points, Amounts)
    assert (leaf.points.default, leaf.points.classes) == (40.0, {"north": 20.0})
    place = positions.place(("tracks", "city", "tree", 0, "children", 0, "points", "north"), "other.yaml")
    assert place == Place("other.yaml", 48, 70)


def test_numbers_may_be_formulas_and_be_quoted() -> None:
    text = with_line("goalposts: [1, 9]", "goalposts: [log(1), '9']", ("points: 60\n", 'points: "30 * 2"\n'))
    scheme, problems, _ = load_scheme(text)
    assert problems == []
    assert scheme is not None
    score, paper = scheme.indicators["gdp_per_capita"].score, scheme.tracks["city"].tree[0]
    assert isinstance(score, Minmax)
    assert (score.goalposts, paper.points) == ([0.0, 9.0], 60.0)


def test_a_number_where_a_text_belongs_is_the_text_that_is_written() -> None:
    text = with_line(
        "[ding]", "[0320500, 1.50]", ("title: {zh: 县, en: Counties}", "title: 2020"), ("gdp * 10000 / population", "5")
    )
    scheme, problems, _ = load_scheme(text)
    assert problems == []
    assert scheme is not None
    assert scheme.tracks["city"].unranked == ["0320500", "1.50"]
    assert scheme.tracks["county"].title.zh == "2020"
    assert scheme.indicators["gdp_per_capita"].value == "5"


def test_classes_may_be_called_like_a_choice_of_the_model() -> None:
    text = with_line("{default: 40, north: 20}", "{default: 40, table: 20, number: -1}")
    assert [en for _, en in problems_of(text)] == [
        "scheme.yaml:48:82: tracks.city.tree[economy].children[gdp_per_capita].points.number cannot be less than 0, found -1"
    ]


FAULTS = read_corpus("faulty_shapes.txt", scheme=", ".join(Scheme.model_fields), indicator=", ".join(Indicator.model_fields))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_every_fault_of_the_shape_is_described_in_our_words(fault: Entry) -> None:
    assert problems_of(with_line(*fault.changes[0], *fault.changes[1:])) == fault.expected


def test_faults_of_the_text_and_of_the_shape_are_reported_together_by_place() -> None:
    text = with_line(
        "points: 60\n", "points: x\n        points: 3\n", ("year: 2020", "year: .inf"), ("direction: down", "direction: x")
    )
    assert [en.split(": ")[0] for _, en in problems_of(text)] == [
        "scheme.yaml:4:7",
        "scheme.yaml:20:16",
        "scheme.yaml:46:17",
        "scheme.yaml:47:9",
    ]


def test_a_broken_text_is_one_problem() -> None:
    assert problems_of("tongkao: [1") == [
        (
            "scheme.yaml:1:10: 此处的 [ 没有配对的 ]，或到第 2 行为止缺少逗号（须用英文逗号）",
            "scheme.yaml:1:10: the [ here has no ], or an ordinary comma is missing up to line 2",
        )
    ]


def test_thousands_of_faults_are_cut() -> None:
    problems = problems_of("tongkao: 1\n" + "".join(f"x{number}: 1\n" for number in range(3000)))
    assert len(problems) == 1001
    assert ("scheme.yaml:1:1: 另有 2005 处问题未列出", "scheme.yaml:1:1: 2005 more problems are not listed") in problems


def test_every_message_of_the_shape_is_tested() -> None:
    found = set()
    for fault in FAULTS:
        found |= {problem.code for problem in load_scheme(with_line(*fault.changes[0], *fault.changes[1:]))[1]}
    declared = {
        code for name, code in vars(messages).items() if name.isupper() and name[0] != "_" and not code.startswith("scheme.yaml_")
    }
    never = {"scheme.not_below", "scheme.not_finite", "scheme.not_accepted"}  # no field of today's models can give them
    cut = {"scheme.more_problems"}
    assert declared - found == never | cut


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(alphabet="abz_09 .%中", max_size=6),
    st.just([]),
    st.just({}),
    st.just({"method": "x"}),
    st.just({"x": 1}),
    st.just([[1]]),
    st.just("error"),
    st.just("none"),
)
DATA = read_yaml(SOUND).data


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(inner for step, value in below for inner in paths(value, (*path, step)))]


ENGLISH_OF_PYDANTIC = ("Input should", "Field required", "valid ", "Extra inputs", "pydantic", "should have", "Unable to")


@settings(max_examples=400)
@given(st.sampled_from(paths(DATA)[1:]), JUNK, st.sampled_from(["put", "drop", "add"]), st.data())
def test_whatever_stands_anywhere_the_words_are_ours(path: tuple[Any, ...], junk: Any, way: str, data: st.DataObject) -> None:
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
    scheme, problems, _ = load_scheme(json.dumps(changed, ensure_ascii=False))
    assert (scheme is None) == bool(problems)
    for problem in problems:
        assert problem.code in CATALOGUE
        assert problem.code != "scheme.not_accepted"
        assert problem.place.line > 0
        for lang in ("zh", "en"):
            assert not any(words in problem.message(lang) for words in ENGLISH_OF_PYDANTIC)
