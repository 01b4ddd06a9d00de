"""``tongkao robustness``: the table that people read, stopping and going on, and what is refused."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.reports.folders import contents, small_folder
from tongkao.cli import robustness
from tongkao.robustness.tile_store import TileStore

from .conftest import Run

SPEC = """\
tongkao: 1
runs: 40
seed: 3
vary:
  - {id: weights, title: {zh: 权重, en: weights}, weights: {method: band, share: 0.5}}
  - {id: leave, leave_out: {indicators: each}}
"""
PROGRAM = "import sys; from tongkao.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = small_folder(tmp_path / "folder")
    (path / "robustness.yaml").write_text(SPEC, encoding="utf-8")
    return path


def test_the_table_in_both_languages(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run("robustness", folder, "--out", out)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[:4] == ["小例（2020 年）：40 次运行，种子 3", "", "设区市", ""]
    assert lines[4].split() == ["名次", "单位", "5–95", "%", "区间", "名次不变", "最可能的等次", "分不出高下的组"]
    rows = [line.split() for line in lines[6:10]]
    assert [row[:2] for row in rows] == [["1", "乙市"], ["2", "甲市"], ["3", "丙市"], ["-", "新区"]]
    assert rows[2][2] == "3–3"
    assert rows[3][2:] == ["-"] * 4
    assert lines[11].startswith("对名次最要紧的选择：")
    assert lines[13].startswith("同组的单位分不出高下")
    assert lines[14].startswith(f"已写入 {out}：units.csv、units.parquet、")
    before = contents(out)
    english = run("robustness", folder, "--out", out, "--lang", "en")
    assert english.out.startswith("Small example (2020): 40 runs, seed 3\n\nCities\n")
    assert "Units of one group cannot be told apart" in english.out
    assert contents(out) == before


def test_runs_seed_and_file_of_ones_own(run: Run, folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("tongkao: 1\nvary: []\n", encoding="utf-8")
    ran = run("robustness", folder, "--spec", own, "--out", tmp_path / "out", "--runs", "7", "--seed", "9", "--lang", "en")
    assert ran.code == 0
    assert ran.out.startswith("Small example (2020): 7 runs, seed 9\n")
    assert "What matters most" not in ran.out
    assert (tmp_path / "out" / "inputs" / "robustness.yaml").read_text("utf-8") == own.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--runs", "0"), 'The option --runs cannot be "0"; expected 1, 2, 3, ….'),
        (("--runs", "many"), 'The option --runs cannot be "many"; expected 1, 2, 3, ….'),
        (("--runs", "99999999"), 'The option --runs cannot be "99999999"; expected 1, 2, 3, ….'),
        (("--seed", "-1"), 'The option --seed cannot be "-1"; expected 0, 1, 2, ….'),
    ],
)
def test_options_that_are_refused(run: Run, folder: Path, tmp_path: Path, arguments: tuple[str, ...], expected: str) -> None:
    ran = run("robustness", folder, "--out", tmp_path / "out", *arguments, "--lang", "en")
    assert ran.code == 2
    assert ran.err.splitlines()[0] == expected
    assert not (tmp_path / "out").exists()


def test_a_folder_that_says_nothing_of_what_may_vary(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "bare")
    ran = run("robustness", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        f"{folder} holds no robustness.yaml: write down what might be chosen otherwise, or name a file with --spec",
        "1 error, 0 warnings",
        "Nothing was analysed and nothing was written.",
    ]
    ran = run("robustness", folder, "--spec", tmp_path / "none.yaml", "--out", tmp_path / "out")
    assert ran.err.splitlines()[0] == f"{tmp_path}/none.yaml: 读不了这个文件：No such file or directory"


def test_faults_of_the_file_have_their_places(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "robustness.yaml").write_text(SPEC.replace("share: 0.5", "share: 1.5").replace("each", "[airs]"), encoding="utf-8")
    ran = run("robustness", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 1
    assert ran.err.startswith("robustness.yaml:5:")
    (folder / "robustness.yaml").write_text(SPEC.replace("each", "[airs]"), encoding="utf-8")
    ran = run("robustness", folder, "--out", tmp_path / "out", "--lang", "en")
    assert "robustness.yaml:6:" in ran.err
    assert "there is no indicator airs (did you mean air?)" in ran.err
    assert not (tmp_path / "out").exists()


def test_the_place_is_refused_before_any_work(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robustness, "analyse", None)
    ran = run("robustness", folder, "--out", folder / "out")
    assert ran.code == 1
    assert str(folder) in ran.err


def test_a_stopped_run_goes_on_where_it_was(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    assert run("robustness", folder, "--out", whole).code == 0
    taken: list[int] = []
    get = TileStore.get

    def counted(self: TileStore, number: int) -> object:
        found = get(self, number)
        if found is not None:
            taken.append(number)
        return found

    def stop(_: object, stage: str, done: int, __: int) -> None:
        if stage == "runs" and done:
            raise KeyboardInterrupt

    monkeypatch.setattr(TileStore, "get", counted)
    with monkeypatch.context() as stopping:
        stopping.setattr(robustness.ProgressBar, "show", stop)
        ran = run("robustness", folder, "--out", out, "--lang", "en")
    state = robustness.state_file(out)
    assert ran.code == 130
    assert f"Finished runs are kept in {state}; the same command with --resume goes on from there." in ran.err
    assert state.exists()
    assert not out.exists()
    # Another seed is another run: its state is refused and kept.
    ran = run("robustness", folder, "--out", out, "--seed", "5", "--resume", "--lang", "en")
    assert ran.code == 1
    assert "belongs to another run" in ran.err
    assert taken == []
    assert run("robustness", folder, "--out", out, "--resume").code == 0
    assert taken == [0]
    assert contents(out) == contents(whole)
    assert not state.exists()


def test_without_resume_an_old_state_is_no_hindrance(run: Run, folder: Path, tmp_path: Path) -> None:
    state = robustness.state_file(tmp_path / "out")
    state.write_bytes(b"of another run")
    assert run("robustness", folder, "--out", tmp_path / "out").code == 0
    assert not state.exists()


def test_a_bar_where_somebody_looks_and_ctrl_c(folder: Path, tmp_path: Path) -> None:
    (folder / "robustness.yaml").write_text(SPEC.replace("runs: 40", "runs: 1000000"), encoding="utf-8")
    seen, side = pty.openpty()
    arguments = [sys.executable, "-c", PROGRAM, "robustness", str(folder), "--out", str(tmp_path / "out"), "--lang", "en"]
    process = subprocess.Popen(arguments, stderr=side, stdout=subprocess.DEVNULL)
    os.close(side)
    shown = b""
    until = time.monotonic() + 60
    while "█".encode() not in shown and time.monotonic() < until:
        shown += os.read(seen, 4096)
    assert b"/1,000,000, about " in shown
    process.send_signal(signal.SIGINT)
    try:
        while chunk := os.read(seen, 4096):
            shown += chunk
    except OSError:
        pass
    assert process.wait(60) == 130
    os.close(seen)
    assert b"with --resume goes on from there" in shown
    assert not (tmp_path / "out").exists()
    assert robustness.state_file(tmp_path / "out").exists()
