"""``tongkao explain``: what the explanation says is tested with the engine; here, how one asks for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import tongkao
from tongkao.engine.explain_text import render

from .conftest import Ran, Run


@pytest.fixture
def out(run: Run, folder: Path, tmp_path: Path) -> Path:
    assert run("score", folder, "--out", tmp_path / "out").code == 0
    return tmp_path / "out"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text(lang: tongkao.errors.Lang, run: Run, out: Path) -> None:
    explanation = tongkao.read_output(out).explain("b")
    assert run("explain", out, "--unit", "乙市", "--lang", lang) == Ran(0, render(explanation, lang) + "\n", "")
    assert explanation["result"]["total"] == 88


def test_json_of_one_node(run: Run, out: Path) -> None:
    ran = run("explain", out, "--unit", "b", "--node", "air", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == tongkao.read_output(out).explain("b", "air")


def test_an_unknown_unit_or_node_brings_the_nearest(run: Run, out: Path) -> None:
    assert run("explain", out, "--unit", "New Zon", "--lang", "en") == Ran(
        1, "", "the results have no unit New Zon (did you mean New Zone?)\n"
    )
    ran = run("explain", out, "--unit", "b", "--node", "grwth", "--lang", "en")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith("(did you mean growth?)\n")


def test_what_is_no_output(run: Run, tmp_path: Path) -> None:
    assert run("explain", tmp_path / "none", "--unit", "b") == Ran(1, "", f"{tmp_path / 'none'} 不存在\n")
