"""The examples show every feature of the format, and give the results that they gave when they were written."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import polars as pl
import pytest
import xlsxwriter
from pydantic import BaseModel

import tongkao
from tongkao.engine.result import Result
from tongkao.folder.assessment import Assessment
from tongkao.scheme.expressions import parse
from tongkao.scheme.expressions.functions import SIGNATURES
from tongkao.scheme.expressions.syntax import Call, Node, children
from tongkao.scheme.model import Scheme
from tongkao.tables import STATES, TABLES

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
NAMES = ("every-feature", "panel", "panel-each-year")

Feature = tuple[str, ...]
"""``(model, field)``, or ``(model, field, word)`` where a field is one of some words, or ``(words, word)`` where it is more."""


@cache
def read(name: str) -> Assessment:
    return tongkao.read_folder(EXAMPLES / name)


@cache
def marked(name: str) -> Result:
    return tongkao.score(read(name))


# --- what the model has ---------------------------------------------------------------------------------------------------


def is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def parts(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of: what is inside lists, mappings, unions and ``Annotated``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from parts(get_args(annotation)[0])
    elif is_union(annotation) or origin in (list, dict, tuple):
        for argument in get_args(annotation):
            yield from parts(argument)
    else:
        yield annotation


def words_of(model: type[BaseModel], field: str) -> Iterator[tuple[Feature, Any]]:
    """The words that a field may be, each with its feature.

    A field that is nothing but one of some words has to show each of them; where words are one choice beside others (a policy,
    a cap that may be ``none``), it is enough that each word stands somewhere.
    """
    annotation = model.model_fields[field].annotation
    found = [part for part in parts(annotation) if part is not type(None)]
    literals = [part for part in found if get_origin(part) is Literal]
    for literal in literals:
        for word in get_args(literal):
            alone = len(found) == 1
            yield ((model.__name__, field, str(word)) if alone else (str(get_args(literal)), str(word))), word


def all_models(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> set[type[BaseModel]]:
    """Every model that a model holds, itself included."""
    seen = set() if seen is None else seen
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for part in parts(field.annotation):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    all_models(part, seen)
    return seen


def features_of_the_model() -> set[Feature]:
    features: set[Feature] = set()
    for model in all_models(Scheme):
        for field in model.model_fields:
            features.add((model.__name__, field))
            features.update(feature for feature, _ in words_of(model, field))
    return features


# --- what a scheme uses ---------------------------------------------------------------------------------------------------


def instances(value: Any) -> Iterator[BaseModel]:
    """Every model instance in a value."""
    if isinstance(value, BaseModel):
        yield value
        for field in type(value).model_fields:
            yield from instances(getattr(value, field))
    elif isinstance(value, dict):
        for item in value.values():
            yield from instances(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from instances(item)


def features_of(scheme: Scheme) -> set[Feature]:
    """What is written in a scheme; a default that nobody wrote is not shown by it."""
    features: set[Feature] = set()
    for instance in instances(scheme):
        model = type(instance)
        for field in instance.model_fields_set & set(model.model_fields):
            features.add((model.__name__, field))
            value = getattr(instance, field)
            values = value if isinstance(value, list) else [value]
            for feature, word in words_of(model, field):
                if any(type(item) is type(word) and item == word for item in values):
                    features.add(feature)
    return features


def expressions_of(scheme: Scheme) -> Iterator[str]:
    """Text of every expression of a scheme."""
    for instance in instances(scheme):
        for field in ("value", "require", "when", "by"):
            text = getattr(instance, field, None)
            if isinstance(text, str) and type(instance).__name__ != "Amounts":
                yield text


def functions_in(node: Node) -> Iterator[str]:
    if isinstance(node, Call):
        yield node.function
    for part in children(node):
        yield from functions_in(part)


# --- tests ----------------------------------------------------------------------------------------------------------------


def test_every_feature_of_a_scheme_stands_in_an_example():
    shown = set[Feature]().union(*(features_of(read(name).scheme) for name in NAMES))
    assert sorted(features_of_the_model() - shown) == []


def test_a_feature_that_is_not_written_counts_as_not_shown():
    plain = read("panel").scheme
    assert ("Quota", "track") in features_of_the_model()
    assert ("Quota", "track") not in features_of(plain)
    assert ("Rounding", "mode", "half_up") not in features_of(plain)
    assert ("Indicator", "direction", "up") not in features_of(plain)


def test_every_function_stands_in_an_example():
    texts = [text for name in NAMES for text in expressions_of(read(name).scheme)]
    assert set(SIGNATURES) - {name for text in texts for name in functions_in(parse(text).root)} == set()


def test_every_table_and_column_is_filled_in_an_example():
    folder = EXAMPLES / "every-feature"
    empty = []
    for spec in TABLES:
        table = pl.read_csv(folder / f"{spec.name}.csv", infer_schema=False)
        empty += [
            (spec.name, column) for column in spec.columns if column not in table.columns or table[column].drop_nulls().is_empty()
        ]
    assert empty == []
    assessment = read("every-feature")
    assert set(assessment.observations["state"]) == set(STATES)
    kinds = {"quarter" if "Q" in period else "month" if "-" in period else "year" for period in assessment.observations["period"]}
    assert kinds == {"year", "quarter", "month"}


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_sound(name):
    assert read(name).warnings == ()


def test_results():
    results = marked("every-feature").results
    columns = ["track", "class", "unit", "total", "rank", "tier", "rank_last", "tier_last", "rank_change", "awards"]
    assert results.columns == columns
    assert results.sort("track", "rank", "unit", nulls_last=True).rows() == [
        ("city", "south", "甲市", 93.17, 1, "second", 2, "first", 1, "pace;best"),
        ("city", "north", "丁市", 89.57, 2, "second", 5, "third", 3, "advancement;pace"),
        ("city", "south", "乙市", 89.37, 3, "first", 1, "first", -2, "steady"),
        ("city", "south", "丙市", 83.68, 4, "first", 3, "second", -1, "newcomer"),
        ("city", "north", "戊市", 79.04, 5, "third", 4, "second", -1, ""),
        ("city", "north", "己市", 69.84, 6, "second", 6, "third", 0, ""),
        ("city", "south", "庚新区", 95.12, None, "", None, "", None, ""),
        ("county", "plain", "子县", 90.44, 1, "first", None, "", None, ""),
        ("county", "plain", "巳县", 86.11, 2, "third", None, "", None, ""),
        ("county", "plain", "丑县", 82.8, 3, "second", None, "", None, ""),
        ("county", "upland", "寅县", 73.25, 4, "second", None, "", None, ""),
        ("county", "upland", "卯县", 58.38, 5, "third", None, "", None, ""),
        ("county", "upland", "辰县", 46.1, 6, "third", None, "", None, ""),
        ("organ", "economy", "子厅", 95.0, 1, "good", None, "", None, ""),
        ("organ", "law", "寅厅", 88.8, 1, "good", None, "", None, ""),
        ("organ", "economy", "丑厅", 91.8, 2, "fair", None, "", None, ""),
        ("organ", "law", "卯厅", 71.5, 2, "fair", None, "", None, ""),
        ("organ", "economy", "辛局", 94.7, None, "", None, "", None, ""),
        ("university", "research", "甲大学", 823.96, 1, "", None, "", None, ""),
        ("university", "research", "乙大学", 797.15, 2, "", None, "", None, ""),
        ("university", "teaching", "丁学院", 547.37, 3, "", None, "", None, ""),
        ("university", "teaching", "丙学院", 385.11, 4, "", None, "", None, ""),
        ("university", "teaching", "己学院", None, None, "", None, "", None, ""),
        ("university", "teaching", "戊学院", None, None, "", None, "", None, ""),
    ]


def test_nominations():
    named = marked("every-feature").quotas.filter(pl.col("unit") != "").sort("place")
    assert named.select("city", "tier", "allowed", "unit", "place", "listed").rows() == [
        ("甲市", "second", 2, "子县", 1, True),
        ("甲市", "second", 2, "丑县", 3, True),
        ("乙市", "first", 3, "寅县", 4, True),
        ("丙市", "first", 3, "卯县", 5, True),
        ("丁市", "second", 2, "辰县", 6, False),
    ]


PANELS = {
    "panel": {
        "甲省": (61.653, 65.373, 71.533),
        "乙省": (53.654, 55.98, 59.909),
        "丙省": (43.611, 50.325, 61.201),
        "丁省": (34.492, 35.182, 34.446),
        "戊省": (26.047, 27.504, 29.851),
        "己省": (11.728, 17.263, 21.798),
    },
    "panel-each-year": {
        "甲省": (66.3, 67.281, 69.116),
        "乙省": (56.497, 55.273, 55.488),
        "丙省": (47.248, 50.317, 56.824),
        "丁省": (37.326, 32.885, 28.405),
        "戊省": (26.239, 22.036, 22.559),
        "己省": (12.021, 13.075, 15.295),
    },
}


@pytest.mark.parametrize("name", PANELS)
def test_totals_of_every_year(name):
    panel = marked(name).panel
    totals = panel.filter(pl.col("kind") == "total").sort("unit", "year").group_by("unit", maintain_order=True).agg("points")
    assert {unit: tuple(points) for unit, points in totals.rows()} == PANELS[name]


def test_the_earlier_marking_of_a_panel_is_its_history():
    panel, history = marked("panel-each-year").panel, read("panel-each-year").history
    earlier = panel.filter((pl.col("kind") == "total") & (pl.col("year") == 2023)).select("unit", "points", "place").sort("unit")
    assert history.select("unit", "total", "rank").sort("unit").rows() == earlier.rows()
    assert marked("panel-each-year").results.sort("rank").select("unit", "rank_last", "rank_change").rows() == [
        ("甲省", 1, 0),
        ("丙省", 3, 1),
        ("乙省", 2, -1),
        ("丁省", 4, 0),
        ("戊省", 5, 0),
        ("己省", 6, 0),
    ]


def test_the_tables_may_be_sheets_of_one_workbook(tmp_path):
    source = EXAMPLES / "every-feature"
    (tmp_path / "scheme.yaml").write_bytes((source / "scheme.yaml").read_bytes())
    workbook = xlsxwriter.Workbook(tmp_path / "data.xlsx")
    for spec in TABLES:
        sheet = workbook.add_worksheet(spec.name)
        for row, cells in enumerate(pl.read_csv(source / f"{spec.name}.csv", has_header=False, infer_schema=False).iter_rows()):
            for column, cell in enumerate(cells):
                if cell is not None:
                    sheet.write(row, column, float(cell) if NUMBER.fullmatch(cell) else cell)
    workbook.close()
    assert tongkao.score(tongkao.read_folder(tmp_path)).results.equals(marked("every-feature").results)
