"""``tongkao new``, ``tongkao template`` and ``tongkao schema``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tongkao.folder.starter import STARTER_FILES
from tongkao.scheme.json_schema import json_schema

from .conftest import Ran, Run


def test_a_new_folder_is_sound(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    files = "".join(f"  {name}\n" for name in STARTER_FILES)
    assert run("new", folder, "--lang", "en") == Ran(
        0, f"Made {folder}:\n{files}Read the comments in scheme.yaml, change it, then run: tongkao check {folder}\n", ""
    )
    assert run("check", folder).code == 0
    assert run("score", folder, "--out", tmp_path / "out").code == 0
    assert run("new", folder) == Ran(1, "", f"{folder} 已存在且不是空文件夹\n")


def test_a_template_is_written_once(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("template", folder) == Ran(
        0, "已写好填报表 template.xlsx。填完放进考核文件夹即可（放进去之前先移走同一张表的其他文件）。\n", ""
    )
    assert (tmp_path / "template.xlsx").read_bytes()[:2] == b"PK"
    assert run("template", folder, "--lang", "en") == Ran(1, "", "template.xlsx exists; it is not overwritten\n")
    assert run("template", folder, "--out", "b.xlsx", "--owner", "统计局") == Ran(1, "", "没有责任单位为 统计局 的指标\n")


def test_the_schema(run: Run) -> None:
    ran = run("schema")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == json_schema()
