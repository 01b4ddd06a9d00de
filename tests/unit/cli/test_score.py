"""``tongkao score``: the table that people read, and what is written."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.reports.folders import contents, small_folder
from tongkao.cli import results

from .conftest import Ran, Run

CHINESE = """\
小例（2020 年）

设区市

名次   单位    总分   等次       上次名次   进退   奖项
---------------------------------------------------------
   1   乙市   88.00   第一等次          2   ↑ +1   进步奖
   2   甲市   86.00   第二等次          1   ↓ -1
   3   丙市   66.00   第二等次          3   = 0
单列   新区   87.00   -                 -   -

已写入 {out}：results.csv、scores.csv、trace.parquet、run.json、inputs/
"""
ENGLISH = """\
Small example (2020)

Cities

 rank   unit       total   tier          last rank   change   awards
--------------------------------------------------------------------------
    1   Yi         88.00   First tier            2   ↑ +1     Rising award
    2   Jia        86.00   Second tier           1   ↓ -1
    3   Bing       66.00   Second tier           3   = 0
apart   New Zone   87.00   -                     -   -

Written to {out}: results.csv, scores.csv, trace.parquet, run.json, inputs/
"""


def test_the_table_in_both_languages(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("score", folder, "--out", out) == Ran(0, CHINESE.format(out=out), "")
    before = contents(out)
    assert run("score", folder, "--out", out, "--lang", "en") == Ran(0, ENGLISH.format(out=out), "")
    assert contents(out) == before


def test_a_plain_table_without_history_tiers_and_rounding(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "plain", ("scheme.yaml", "rounding: {at: [total], places: 2}\n", ""))
    text = (folder / "scheme.yaml").read_text("utf-8")
    (folder / "scheme.yaml").write_text(text[: text.index("    tiers:")], encoding="utf-8")
    (folder / "history.csv").unlink()
    (folder / "units.csv").write_text("unit,track,class\n[a],city,north\nb,city,south\nc,city,south\nzone,city,north\n", "utf-8")
    observations = (folder / "observations.csv").read_text("utf-8").replace("a,growth,90", "[a],growth,90.123456")
    (folder / "observations.csv").write_text(observations.replace("a,air", "[a],air"), "utf-8")
    ran = run("score", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.out.splitlines()[4:10] == [
        " rank   unit   class     total",
        "------------------------------",
        "    1   b      south   88.0000",
        "    2   [a]    north   86.0741",
        "    3   c      south   66.0000",
        "apart   zone   north   87.0000",
    ]


def test_places_within_classes_give_a_list_each(run: Run, tmp_path: Path) -> None:
    folder = small_folder(
        tmp_path / "classes",
        ("scheme.yaml", "    unranked: [zone]\n", "    rank_within: class\n"),
        ("units.csv", "unit,track,", "unit,track,class,"),
        ("units.csv", "a,city,", "a,city,north,"),
        ("units.csv", "b,city,", "b,city,south,"),
        ("units.csv", "c,city,", "c,city,south,"),
        ("units.csv", "zone,city,", "zone,city,north,"),
    )
    ran = run("score", folder, "--out", tmp_path / "out")
    assert [line for line in ran.out.splitlines() if line.startswith(("设区市", "   1", "   2"))] == [
        "设区市，north",
        "   1   新区   87.00   第一等次          -   -",
        "   2   甲市   86.00   第二等次          1   ↓ -1",
        "设区市，south",
        "   1   乙市   88.00   第一等次          2   ↑ +1   进步奖",
        "   2   丙市   66.00   第二等次          3   ↑ +1   进步奖",
    ]


def test_a_table_that_is_cut_says_so(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "SHOWN", 2)
    ran = run("score", folder, "--out", tmp_path / "out")
    assert ran.out.splitlines()[6:9] == [
        "   1   乙市   88.00   第一等次          2   ↑ +1   进步奖",
        "   2   甲市   86.00   第二等次          1   ↓ -1",
        f"（以上是前 2 行，共 4 行；全部在 {tmp_path / 'out' / 'results.csv'}）",
    ]


def test_units_of_one_name_are_told_apart(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "names", ("units.csv", "乙市", "甲市"))
    ran = run("score", folder, "--out", tmp_path / "out")
    assert "甲市 (b)" in ran.out
    assert "甲市 (a)" in ran.out


def test_warnings_come_on_the_error_stream(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "odd", ("observations.csv", "a,growth,90\n", "a,growth,90\na,noise,3\n"))
    ran = run("score", folder, "--out", tmp_path / "out")
    assert (ran.code, ran.err) == (0, "提醒：observations.csv:3:2: 方案没有指标 noise，也没有表达式用到它；这些数不会被使用\n")


def test_with_an_error_nothing_is_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    unreadable = small_folder(tmp_path / "unreadable", ("units.csv", "c,city,", "c,town,"))
    assert run("score", unreadable, "--out", out) == Ran(
        1,
        "",
        "units.csv:4:2: 方案没有序列 town；可用：city\n1 个错误，0 个提醒\n没有打分，什么都没有写。\n",
    )
    gap = small_folder(tmp_path / "gap", ("observations.csv", "b,air,20\n", ""))
    assert run("score", gap, "--out", out, "--lang", "en") == Ran(
        1,
        "",
        "unit b node air: there is no value (not reported, or neither expression nor imputation gives one), "
        "and the scheme says that marking stops then (error); "
        "report it, or give the indicator another policy\n"
        "1 error, 0 warnings\n"
        "Nothing was marked and nothing was written.\n",
    )
    assert not out.exists()


def test_a_place_that_will_not_do_is_refused_first(run: Run, tmp_path: Path) -> None:
    """Before the folder is read: it is not even there."""
    (tmp_path / "out").write_text("")
    assert run("score", tmp_path / "none", "--out", tmp_path / "out") == Ran(
        1, "", f"输出位置 {tmp_path / 'out'} 是一个文件，应为文件夹\n"
    )


def test_progress_is_shown_where_the_input_is_large(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongkao.cli.progress.LARGE", 1)
    out = tmp_path / "out"
    assert run("score", folder, "--out", out).err == (
        f"正在读取 {folder} …\n读到 4 个单位、8 条观测，正在打分 …\n正在写入 {out} …\n"
    )


def test_on_a_terminal_the_table_has_lines_and_fits(folder: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "import sys; from tongkao.cli import main; sys.exit(main())", "score", str(folder)]
    settings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "60", "LINES": "40"}
    settings.pop("NO_COLOR", None)
    process = subprocess.run(
        [*command, "--out", "out"], cwd=tmp_path, env=settings, stdout=theirs, stderr=subprocess.DEVNULL, check=False
    )
    os.close(theirs)
    text = os.read(ours, 100_000).decode()
    os.close(ours)
    assert process.returncode == 0
    assert "─────" in text
    assert "\x1b[1m" in text
    assert "乙市" in text
