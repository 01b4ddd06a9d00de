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
from tongkao.engine.explain_layout import WIDTH, width
from tongkao.engine.explain_text import render
from tongkao.engine.explanation_schema import explanation_schema

VALIDATOR = jsonschema.Draft202012Validator(explanation_schema())
SEEDS = st.integers(0, 100_000)


def mark(seed: int) -> Result | None:
    """A random folder, marked; None where the marking rightly stops (tied totals that the scheme does not allow)."""
    with tempfile.TemporaryDirectory() as folder:
        generate(seed, Path(folder) / "case")
        try:
            return tongkao.score(tongkao.read_folder(Path(folder) / "case"))
        except MarkingError:
            return None


def explanations(result: Result) -> Iterator[dict[str, Any]]:
    explainer = Explainer(result.assessment, result.trace, result.results)
    for unit in result.results["unit"]:
        yield explain_with(explainer, unit)


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree["children"]:
        yield from nodes(child)


@settings(max_examples=25)
@given(SEEDS)
def test_contributions_events_and_rounding_sum_to_the_points_of_every_node(seed: int) -> None:
    result = mark(seed)
    if result is None:
        return
    explainer = Explainer(result.assessment, result.trace, result.results)
    for unit in result.results["unit"]:
        whole = explain_with(explainer, unit)
        full = whole["result"]["full_mark"]
        for node in nodes(whole["tree"]):
            explanation = explain_with(explainer, unit, node["id"])
            total = sum(entry["points"] for entry in explanation["account"])
            assert abs(total - (node["points"] or 0.0)) <= 1e-9 * full, (unit, node["id"])
            leaves = [entry["node"] for entry in explanation["account"] if entry["kind"] == "indicator"]
            assert leaves == [leaf["id"] for leaf in nodes(explanation["tree"]) if leaf["kind"] == "indicator" and leaf["counts"]]
        assert (whole["tree"]["points"] is None) == (whole["result"]["total"] is None)
        assert whole["tree"]["points"] == whole["result"]["total"]


@settings(max_examples=25)
@given(SEEDS)
def test_a_full_mark_is_its_nominal_one_and_what_it_received(seed: int) -> None:
    result = mark(seed)
    if result is None:
        return
    for explanation in explanations(result):
        full = explanation["result"]["full_mark"]
        for node in nodes(explanation["tree"]):
            if node["counts"]:
                weight = node["weight"]
                sources = weight["from_above"] + sum(gain["points"] for gain in weight["received"])
                assert abs(weight["nominal"] + sources - weight["full_mark"]) <= 1e-9 * full, node["id"]
                before = 0.0 if node["weight"]["amount"] is None else weight["nominal"]
                assert weight["full_mark"] >= before - 1e-9 * full
            else:
                assert node["left"] is not None
                assert node["points"] is None


@settings(max_examples=25)
@given(SEEDS)
def test_the_tier_and_the_awards_of_an_explanation_are_those_of_the_results(seed: int) -> None:
    result = mark(seed)
    if result is None:
        return
    for explanation in explanations(result):
        tier, won = explanation["result"]["tier"], explanation["result"]["awards"]
        assert (None if explanation["tier"] is None else explanation["tier"]["id"]) == (None if tier is None else tier["id"])
        assert [award["id"] for award in explanation["awards"] if award["won"]] == won
        for award in explanation["awards"]:
            met = award["when"] is None or award["when"]["met"]
            chosen = award["by"] is None or (award["by"]["place"] or 10**9) <= award["top"]
            barred = award["disqualified"] or explanation["result"]["total"] is None
            assert award["won"] == (met and chosen and not barred), award["id"]


@settings(max_examples=15)
@given(SEEDS)
def test_every_explanation_fits_the_schema_and_can_be_printed(seed: int) -> None:
    result = mark(seed)
    if result is None:
        return
    for explanation in explanations(result):
        again = json.loads(json.dumps(explanation, allow_nan=False))
        assert again == explanation
        VALIDATOR.validate(again)
        for lang in ("zh", "en"):
            text = render(explanation, lang)  # type: ignore[arg-type]
            assert all(width(line) <= WIDTH or " " not in line.strip() for line in text.split("\n"))
            assert "None" not in text
            assert "nan" not in text
