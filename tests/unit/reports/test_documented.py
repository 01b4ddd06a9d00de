"""The reference names every file, column and key of an output, in both languages and in order."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import tongkao
from tongkao.reports.files import NAMES, table_of

from .folders import full_folder


def _named(section: str) -> list[str]:
    """What stands in the first column of the tables of a section."""
    rows = [line for line in section.split("\n") if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> tongkao.Result:
    return tongkao.score(tongkao.read_folder(full_folder(tmp_path_factory.mktemp("documented") / "full")))


@pytest.mark.parametrize("page", ["outputs.md", "outputs.zh-CN.md"])
def test_every_column_is_documented(page: str, result: tongkao.Result, root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "reference" / page).read_text(encoding="utf-8")
    head, *parts = re.split(r"^## `(.+)`$", text, flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    assert sorted(_named(head)) == sorted("inputs/" if name == "inputs" else name for name in NAMES)
    assert sorted(sections) == sorted(_named(head))
    for name in ("results.csv", "scores.csv", "quotas.csv", "treatment.csv"):
        assert _named(sections[name]) == table_of(result, name).columns
    assert result.panel.columns == ["year", *result.scores.columns]
    assert _named(sections["trace.parquet"]) == result.trace.columns
    tongkao.write_output(result, tmp_path / "out")
    assert _named(sections["run.json"]) == list(json.loads((tmp_path / "out" / "run.json").read_text("utf-8")))
