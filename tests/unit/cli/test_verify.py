"""``tongkao verify``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongkao import __version__
from tongkao.reports import verification

from .conftest import Ran, Run


@pytest.fixture
def out(run: Run, folder: Path, tmp_path: Path) -> Path:
    assert run("score", folder, "--out", tmp_path / "out").code == 0
    return tmp_path / "out"


def test_a_sound_output(run: Run, out: Path) -> None:
    assert run("verify", out) == Ran(0, f"复算一致：8 个文件与输入的副本完全吻合（统考 {__version__}）。\n", "")
    assert run("verify", out, "--lang", "en") == Ran(
        0, f"Verified: 8 files are exactly what the inputs give (Tongkao {__version__}).\n", ""
    )


def test_a_changed_output(run: Run, out: Path) -> None:
    (out / "results.csv").write_text((out / "results.csv").read_text("utf-8").replace(",88,", ",89,"), "utf-8")
    assert run("verify", out) == Ran(1, "results.csv:3 单位 b: total 记为 89，复算为 88\n复算不一致：1 处。\n", "")
    assert run("verify", out, "--lang", "en") == Ran(
        1,
        "results.csv:3 unit b: total is recorded as 89, recomputed as 88\nNot verified: 1 difference found.\n",
        "",
    )


def test_another_version(run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "__version__", "3.0.0")
    warning = f"warning: run.json: this result was made with Tongkao {__version__} and is recomputed with 3.0.0\n"
    assert run("verify", out, "--lang", "en") == Ran(
        0, f"{warning}Verified: 8 files are exactly what the inputs give (Tongkao {__version__}).\n", ""
    )
    (out / "scores.csv").unlink()
    assert run("verify", out, "--lang", "en") == Ran(
        1,
        f"{warning}scores.csv: the file is missing\nNot verified: 1 difference found.\n"
        f"To recompute with the version that made it, install Tongkao {__version__}.\n",
        "",
    )


def test_what_is_no_output(run: Run, tmp_path: Path) -> None:
    assert run("verify", tmp_path) == Ran(1, "", f"{tmp_path} 不是统考的输出：没有 run.json。先用 tongkao score 打分\n")
