"""``tongkao diff``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.reports.folders import small_folder

from .conftest import Ran, Run

MORE_AIR = (("scheme.yaml", "growth, points: 60", "growth, points: 95"), ("scheme.yaml", "air, points: 40", "air, points: 5"))


def test_equal_folders(run: Run, folder: Path) -> None:
    assert run("diff", folder, folder) == Ran(
        0,
        "方案的不同\n方案相同。\n\n数据的不同\n数据相同。\n\n谁进谁退\n两边都有的 4 个单位，总分、名次、等次和奖项都没有变。\n\n",
        "",
    )


def test_scheme_and_data_and_who_moves_because_of_which(run: Run, folder: Path, tmp_path: Path) -> None:
    new = small_folder(
        tmp_path / "new",
        *MORE_AIR,
        ("observations.csv", "c,growth,70", "c,growth,120"),
        ("units.csv", "unit,track,", "unit,track,class,"),
        ("units.csv", "a,city,", "a,city,north,"),
        ("units.csv", "b,city,", "b,city,,"),
        ("units.csv", "c,city,", "c,city,,"),
        ("units.csv", "zone,city,", "new,city,,新市,New\nzone,city,,"),
        ("observations.csv", "a,air,30\n", "a,air,30\nnew,growth,50\nnew,air,40\n"),
    )
    assert run("diff", folder, new) == Ran(
        0,
        """\
方案的不同
  增速：分值 60 → 95
  空气：分值 40 → 5

数据的不同
  新增单位：new
  a：类别 - → north
  观测 air：增 1
  观测 growth：改 1、增 1

谁进谁退

单位   名次    进退   因方案   因数据   等次                  总分             奖项
-----------------------------------------------------------------------------------------
丙市   3 → 1   ↑ +2   = 0      ↑ +2     第二等次 → 第一等次   66.00 → 117.00   - → 进步奖
乙市   1 → 3   ↓ -2   ↓ -1     ↓ -1     第一等次 → 第二等次   88.00 → 81.00    进步奖 → -
甲市   2       = 0    ↑ +1     ↓ -1     第二等次              86.00 → 89.50    -
新区   -       -      -        -        -                     87.00 → 85.25    -

""",
        "",
    )
    english = run("diff", folder, new, "--lang", "en").out
    assert english.splitlines()[:10] == [
        "Differences of the schemes",
        "  weight of Growth 60 → 95",
        "  weight of Air 40 → 5",
        "",
        "Differences of the data",
        "  units added: new",
        "  a: class - → north",
        "  observations of air: 1 added",
        "  observations of growth: 1 changed, 1 added",
        "",
    ]


def test_json(run: Run, folder: Path, tmp_path: Path) -> None:
    ran = run("diff", folder, small_folder(tmp_path / "new", *MORE_AIR), "--format", "json", "--lang", "en")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert list(found) == ["format", "old", "new", "scheme", "data", "moves", "faults"]
    assert [change["text"] for change in found["scheme"]] == ["weight of Growth 60 → 95", "weight of Air 40 → 5"]
    assert [(move["unit"], move["places"]) for move in found["moves"]] == [("b", -1), ("a", 1), ("c", 0), ("zone", None)]


def test_a_side_that_cannot_be_marked(run: Run, folder: Path, tmp_path: Path) -> None:
    new = small_folder(tmp_path / "new", *MORE_AIR, ("observations.csv", "b,air,20\n", ""))
    assert run("diff", folder, new, "--lang", "en") == Ran(
        0,
        f"""\
Differences of the schemes
  weight of Growth 60 → 95
  weight of Air 40 → 5

Differences of the data
  observations of air: 1 removed

{new} cannot be read or marked:
  unit b node air: there is no value (not reported, or neither expression nor imputation gives one), """
        "and the scheme says that marking stops then (error); "
        "report it, or give the indicator another policy\n\n",
        "",
    )


def test_a_folder_that_cannot_be_read(run: Run, folder: Path, tmp_path: Path) -> None:
    assert run("diff", folder, tmp_path / "none") == Ran(
        1,
        f"""\
方案的不同
方案读不出来，无法比较。

数据的不同
数据有错误，无法比较。

{tmp_path / "none"} 读不出来或不能打分：
  {tmp_path / "none"} 不是文件夹

""",
        "",
    )
