"""The charts in the documentation are those that the commands make of the example, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongkao.folder.read import read_folder
from tongkao.reports.robustness import analyse, robustness_files
from tongkao.reports.weights import weights_files, weights_of
from tongkao.robustness.spec import read_spec

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "jiangsu-cities-2022"
KEPT = ROOT / "docs" / "_static" / "how-sure-is-a-rank"
#: takes a quarter of a minute; ``tongkao robustness`` and ``tongkao weights`` on the example make the charts anew
STEMS = ("intervals", "heat", "sensitivity", "tornado-1", "bump")


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    assessment = read_folder(EXAMPLE)
    spec, places = read_spec(EXAMPLE)
    text = (EXAMPLE / "robustness.yaml").read_text(encoding="utf-8")
    charts = robustness_files(analyse(assessment, spec, text, places))
    return {**charts, **{f"w/{name}": content for name, content in weights_files(weights_of(assessment)).items()}}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_charts_are_those_of_the_commands(made: dict[str, bytes], lang: str) -> None:
    for stem in STEMS:
        assert (KEPT / f"{stem}.{lang}.svg").read_bytes() == made[f"charts/city/{stem}.{lang}.svg"], stem
    assert (KEPT / f"weights.{lang}.svg").read_bytes() == made[f"w/charts/city/ranks.{lang}.svg"]


def test_every_chart_is_shown(made: dict[str, bytes]) -> None:
    assert {path.name for path in KEPT.iterdir()} == {
        f"{stem}.{lang}.svg" for stem in (*STEMS, "weights") for lang in ("zh", "en")
    }
    for suffix, lang in (("", "en"), (".zh-CN", "zh")):
        pages = [
            (ROOT / "docs" / name).read_text(encoding="utf-8")
            for name in (f"explanation/how-sure-is-a-rank{suffix}.md", f"how-to/weights{suffix}.md")
        ]
        for stem in (*STEMS, "weights"):
            assert any(f"how-sure-is-a-rank/{stem}.{lang}.svg)" in page for page in pages), stem
