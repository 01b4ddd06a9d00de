"""Problems: their words, their order, the nearest names."""

from __future__ import annotations

import pytest

from tongkao.errors import CATALOGUE, Place, Problem, TongkaoError, declare, nearest, show, sort_problems

declare("test.warned", zh="注意 {what}", en="mind {what}", severity="warning")
declare("test.wrong", zh="{name} 不对", en="{name} is wrong")


def test_a_message_says_where_what_and_the_nearest_name() -> None:
    problem = Problem("test.wrong", Place("scheme.yaml", 12, 5), {"name": "gpd", "nearest": "gdp"})
    assert problem.describe("zh") == "scheme.yaml:12:5: gpd 不对（是否想写 gdp？）"
    assert problem.describe("en") == "scheme.yaml:12:5: gpd is wrong (did you mean gdp?)"
    assert problem.severity == "error"
    assert Problem("test.warned", fields={"what": 0.1}).describe("en") == "mind 0.1"


@pytest.mark.parametrize(
    ("place", "zh", "en"),
    [
        (Place(), "", ""),
        (Place("a.csv", 3), "a.csv:3", "a.csv:3"),
        (Place("a.xlsx", sheet="units", cell="B7"), "a.xlsx [units] B7", "a.xlsx [units] B7"),
        (Place(unit="南京", node="gdp"), "单位 南京 项目 gdp", "unit 南京 node gdp"),
        (Place(unit="南京", node="total"), "单位 南京 总分", "unit 南京 total"),
    ],
)
def test_places_in_words(place: Place, zh: str, en: str) -> None:
    assert (place.describe("zh"), place.describe("en")) == (zh, en)


def test_problems_stand_in_the_order_of_their_places_and_once() -> None:
    cells = ["B10", "AA2", "B9", "C9", "B9"]
    problems = [Problem("test.wrong", Place("w.xlsx", sheet="s", cell=cell), {"name": "x"}) for cell in cells]
    lines = [Problem("test.wrong", Place("a.csv", line), {"name": "x"}) for line in (10, 2)]
    assert [problem.place.cell or problem.place.line for problem in sort_problems([*problems, *lines])] == [
        2,
        10,
        "AA2",
        "B9",
        "C9",
        "B10",
    ]


def test_the_nearest_name_is_found_whatever_the_case() -> None:
    assert nearest("GPD", ["gdp", "population"]) == "gdp"
    assert nearest("xyz", ["gdp", "population"]) == ""
    assert nearest("g" * 65, ["g" * 64]) == ""


def test_fields_are_shown_for_people() -> None:
    assert [show(value) for value in (1.0, 0.1 + 0.2, ["a", 2.5], "x" * 300)] == ["1", "0.3", "a, 2.5", "x" * 197 + "..."]


def test_an_error_lists_everything() -> None:
    error = TongkaoError([Problem("test.wrong", Place("b"), {"name": "2"}), Problem("test.wrong", Place("a"), {"name": "1"})])
    assert str(error) == "a: 1 is wrong\nb: 2 is wrong"
    assert error.describe("zh") == "a: 1 不对\nb: 2 不对"


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match=r"'test\.wrong' is declared twice"):
        declare("test.wrong", zh="", en="")


def test_both_languages_fill_the_same_fields() -> None:
    import importlib
    import re

    for module in (
        "tongkao.cli",
        "tongkao.engine.explain",
        "tongkao.engine.result",
        "tongkao.folder.read",
        "tongkao.folder.template",
        "tongkao.reports.verification",
        "tongkao.reports.comparison",
    ):
        importlib.import_module(module)
    places = re.compile(r"\{(\w+)")
    for code, (_, zh, en) in CATALOGUE.items():
        assert zh.strip(), code
        assert en.strip(), code
        # A field may hold words of its own in each language.
        in_zh = {field.removesuffix("_zh") for field in places.findall(zh)}
        assert in_zh == {field.removesuffix("_en") for field in places.findall(en)}, code
