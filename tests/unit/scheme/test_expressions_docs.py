"""The reference page: every example gives what the page says, in both languages, and no function is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tongkao.scheme.expressions import SIGNATURES, Call, ExpressionError, check, evaluate, parse, walk

from .expressions_units import ANYTHING, EXAMPLE, MISSING, NOT_APPLICABLE, cells

PAGES = {"en": "expressions.md", "zh": "expressions.zh-CN.md"}
WORDS = {"en": {"true": True, "false": False}, "zh": {"是": True, "否": False}}
CODE = re.compile(r"`([^`]+)`\Z")


def rows(root: Path, lang: str) -> list[list[str]]:
    """Cells of every table row of the page."""
    text = (root / "docs" / "reference" / PAGES[lang]).read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in text.split("\n") if line.startswith("|")]


def examples(root: Path, lang: str) -> list[tuple[str, list[Any]]]:
    """Formula and its four results, of every row that has them."""
    found = []
    for row in rows(root, lang):
        formula = CODE.match(row[-5]) if len(row) >= 6 else None
        if formula:
            found.append((formula[1], [read(cell, lang) for cell in row[-4:]]))
    return found


def read(cell: str, lang: str) -> Any:
    if cell in WORDS[lang]:
        return WORDS[lang][cell]
    return {"–": MISSING, "×": NOT_APPLICABLE}.get(cell) or float(cell)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_examples_give_what_the_page_says(root: Path, lang: str) -> None:
    found = examples(root, lang)
    for formula, expected in found:
        expression = parse(formula)
        assert [fault for fault in check(expression, ANYTHING) if fault.code != "expression.result_number"] == []
        results = [float(f"{cell:.10g}") if isinstance(cell, float) else cell for cell in cells(evaluate(expression, EXAMPLE))]
        assert (formula, results) == (formula, expected)
    shown = {node.function for formula, _ in found for node in walk(parse(formula).root) if isinstance(node, Call)}
    assert shown == set(SIGNATURES)


def test_both_languages_show_the_same_examples(root: Path) -> None:
    assert examples(root, "en") == examples(root, "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_function_is_shown_as_the_messages_write_it(root: Path, lang: str) -> None:
    text = (root / "docs" / "reference" / PAGES[lang]).read_text(encoding="utf-8")
    assert [signature.form for signature in SIGNATURES.values() if f"`{signature.form}`" not in text] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_to_write_instead_is_what_the_message_says(root: Path, lang: str) -> None:
    pairs = [(CODE.match(row[0]), CODE.match(row[1])) for row in rows(root, lang) if len(row) == 2]
    shown = [(wrong[1], right[1]) for wrong, right in pairs if wrong and right]
    assert len(shown) == 12
    for wrong, right in shown:
        with pytest.raises(ExpressionError) as caught:
            parse(f"gdp {wrong} 2")
        assert (caught.value.fields["found"], caught.value.fields["instead"]) == (wrong, right)
