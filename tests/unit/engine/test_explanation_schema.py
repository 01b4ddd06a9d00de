"""The published schema of explanations."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from tongkao.engine.explanation_schema import explanation_schema

from . import explain_index
from .explain_town import marked

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "explanation.schema.json"


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == explanation_schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(explanation_schema())


def test_explanations_with_every_feature_fit(tmp_path: Path) -> None:
    validator = jsonschema.Draft202012Validator(explanation_schema())
    towns, index = marked(tmp_path / "towns"), explain_index.marked(tmp_path / "index")
    for result in (towns, index):
        for unit in result.results["unit"]:
            whole = result.explain(unit)
            validator.validate(whole)
            validator.validate(result.explain(unit, whole["tree"]["children"][0]["id"]))


@pytest.mark.parametrize("field", ["account", "sentences", "tree"])
def test_a_field_too_few_or_too_many_does_not_fit(tmp_path: Path, field: str) -> None:
    validator = jsonschema.Draft202012Validator(explanation_schema())
    explanation = marked(tmp_path / "towns").explain("甲镇")
    less = copy.deepcopy(explanation)
    del less[field]
    assert not validator.is_valid(less)
    explanation["tree"]["more"] = 1
    assert not validator.is_valid(explanation)
