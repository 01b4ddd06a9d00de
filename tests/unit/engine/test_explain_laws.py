"""Laws that every explanation keeps, on random folders of the oracle's generator."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

import tongkao
from tests.oracle.generator import generate
from tongkao import MarkingError, Result
from tongkao.engine.explain import Explainer, explain_with
from tongkao.engine.explain_account import explain_account
from tongkao.engine.explain_layout import WIDTH, width
from tongkao.engine.explain_subject import Subject
from tongkao.engine.explain_text import render
from tongkao.engine.explanation_schema import explanation_schema
from tongkao.errors import Lang

VALIDATOR = jsonschema.Draft202012Validator(explanation_schema())
LANGS: tuple[Lang, ...] = ("zh", "en")
SEEDS = st.integers(0, 100_000)


def mark(seed: int) -> Result | None:
    """A random folder, marked; None where the marking rightly stops (tied totals that the scheme does not allow)."""
    with tempfile.TemporaryDirectory() as folder:
        generate(seed, Path(folder) / "case")
        try:
            return tongkao.score(tongkao.read_folder(Path(folder) / "case"))
        except MarkingError:
            return None


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree["children"]:
        yield from nodes(child)


@settings(max_examples=12)
@given(SEEDS)
def test_explanations_keep_every_law(seed: int) -> None:
    result = mark(seed)
    if result is None:
        return
    explainer = Explainer(result.assessment, result.trace, result.results)
    for unit in result.results["unit"]:
        explanation = explain_with(explainer, unit)
        every_node_is_accounted_for(explainer.subject(unit), explanation)
        full_marks_are_nominal_ones_and_what_they_received(explanation)
        tier_and_awards_are_those_of_the_results(explanation)
        it_fits_the_schema_and_can_be_printed(explanation)


def every_node_is_accounted_for(subject: Subject, explanation: dict[str, Any]) -> None:
    """Contributions, events and rounding sum to the points of every node."""
    full, tree, events = explanation["result"]["full_mark"], explanation["tree"], explanation["events"]
    scored = {leaf["id"]: leaf["indicator"]["scored"] for leaf in nodes(tree) if leaf["kind"] == "indicator"}
    for node in nodes(tree):
        account = explain_account(subject, node["id"], events, scored)
        assert abs(sum(entry["points"] for entry in account) - (node["points"] or 0.0)) <= 1e-9 * full, node["id"]
        leaves = [entry["node"] for entry in account if entry["kind"] == "indicator"]
        assert leaves == [leaf["id"] for leaf in nodes(node) if leaf["kind"] == "indicator" and leaf["counts"]]
    assert explanation["account"] == explain_account(subject, "total", events, scored)
    assert tree["points"] == explanation["result"]["total"]


def full_marks_are_nominal_ones_and_what_they_received(explanation: dict[str, Any]) -> None:
    full = explanation["result"]["full_mark"]
    for node in nodes(explanation["tree"]):
        weight = node["weight"]
        if node["counts"]:
            sources = weight["from_above"] + sum(gain["points"] for gain in weight["received"])
            assert abs(weight["nominal"] + sources - weight["full_mark"]) <= 1e-9 * full, node["id"]
            assert weight["from_above"] >= -1e-9 * full, node["id"]
        else:
            assert node["left"] is not None
            assert node["points"] is None


def tier_and_awards_are_those_of_the_results(explanation: dict[str, Any]) -> None:
    tier, result = explanation["tier"], explanation["result"]
    assert (tier and tier["id"]) == (result["tier"] and result["tier"]["id"])
    assert [award["id"] for award in explanation["awards"] if award["won"]] == result["awards"]
    for award in explanation["awards"]:
        met = award["when"] is None or award["when"]["met"]
        chosen = award["by"] is None or (award["by"]["place"] or 10**9) <= award["top"]
        barred = award["disqualified"] or result["total"] is None
        assert award["won"] == (met and chosen and not barred), award["id"]


def it_fits_the_schema_and_can_be_printed(explanation: dict[str, Any]) -> None:
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    VALIDATOR.validate(explanation)
    for lang in LANGS:
        text = render(explanation, lang)
        assert all(width(line) <= WIDTH or " " not in line.strip() for line in text.split("\n"))
        assert "None" not in text
        assert "nan" not in text
