from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.unit.scheme.corpus import Entry
from tests.unit.scheme.sound import SOUND, with_line
from tests.unit.scheme.test_loader import FAULTS
from tongkao.scheme.json_schema import json_schema
from tongkao.scheme.reader import read_yaml

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def data_of(text: str) -> Any:
    document = read_yaml(text)
    assert document.data is not None
    return document.data


def test_the_schema_is_sound_and_names_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert {key: SCHEMA[key] for key in ("$schema", "$id", "title", "description", "type", "additionalProperties")} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:tongkao:scheme:1",
        "title": "统考方案 / Tongkao scheme",
        "description": "一年考核的计分规则 / the rules of one year's assessment",
        "type": "object",
        "additionalProperties": False,
    }


def test_the_schema_in_the_documentation_is_this_one() -> None:
    written = (ROOT / "docs/reference/scheme.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(SCHEMA, ensure_ascii=False, indent=2) + "\n"


def test_everything_is_described_in_both_languages() -> None:
    for name, model in {"Scheme": SCHEMA, **SCHEMA["$defs"]}.items():
        for where, node in {name: model, **{f"{name}.{key}": inner for key, inner in model["properties"].items()}}.items():
            zh, slash, en = node["description"].partition(" / ")
            assert slash, where
            assert zh, where
            assert en, where


def test_sound_schemes_are_valid() -> None:
    assert list(VALIDATOR.iter_errors(data_of(SOUND))) == []
    changed = with_line(
        "goalposts: [1, 9]", "goalposts: [log(1), '9']", ("[ding]", "[320500]"), ("gdp * 10000 / population", "5")
    )
    assert list(VALIDATOR.iter_errors(data_of(changed))) == []


def test_reference_schemes_are_valid(reference: Path) -> None:
    folders = sorted((reference / "marking").glob("*/scheme.yaml"))
    assert len(folders) == 16
    for path in folders:
        assert list(VALIDATOR.iter_errors(data_of(path.read_text(encoding="utf-8")))) == [], path


#: faults that a formula's value decides, which a JSON Schema cannot compute
ONLY_COMPUTED = {"not finite after all"}


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name not in ONLY_COMPUTED], ids=lambda fault: fault.name)
def test_every_fault_of_the_shape_is_refused(fault: Entry) -> None:
    assert not VALIDATOR.is_valid(data_of(with_line(*fault.changes[0], *fault.changes[1:])))
