"""``tongkao check``."""

from __future__ import annotations

from pathlib import Path

from tests.unit.reports.folders import small_folder

from .conftest import Ran, Run


def test_all_is_well(run: Run, folder: Path) -> None:
    assert run("check", folder) == Ran(
        0,
        "检查通过，试打分也没有问题：1 个序列，4 个单位，2 个指标，8 条观测。\n  设区市（city）：4 个单位\n",
        "",
    )
    assert run("check", folder, "--lang", "en") == Ran(
        0,
        "All is well, and a trial marking works: 1 track (4 units), 2 indicators, 8 observations.\n  Cities (city): 4 units\n",
        "",
    )


def test_every_problem_is_listed_by_place_and_counted(run: Run, tmp_path: Path) -> None:
    folder = small_folder(
        tmp_path / "faulty",
        ("scheme.yaml", "unranked: [zone]", "unranked: [zones]"),
        ("units.csv", "zone,city,", "zone,town,"),
        ("observations.csv", "a,growth,90\n", "a,growth,90亿\na,noise,3\n"),
    )
    assert run("check", folder, "--lang=en") == Ran(
        1,
        "observations.csv:2:3: value is 90亿: no unit of measure (亿) in the cell, write only the number, such as 9000000000\n"
        "warning: observations.csv:3:2: the scheme has no indicator noise and no expression uses it; its rows are not used\n"
        "scheme.yaml:17:16: tracks.city.unranked: track city has no unit zones\n"
        "units.csv:5:2: the scheme has no track town; expected one of: city\n"
        "3 errors, 1 warning\n",
        "",
    )


def test_warnings_are_told_and_are_no_failure(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "odd", ("observations.csv", "a,growth,90\n", "a,growth,90\na,noise,3\n"))
    assert run("check", folder) == Ran(
        0,
        "提醒：observations.csv:3:2: 方案没有指标 noise，也没有表达式用到它；这些数不会被使用\n"
        "检查通过，试打分也没有问题：1 个序列，4 个单位，2 个指标，9 条观测。\n"
        "  设区市（city）：4 个单位\n"
        "0 个错误，1 个提醒\n",
        "",
    )


def test_a_trial_marking_finds_what_reading_cannot(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "gap", ("observations.csv", "b,air,20\n", ""), ("observations.csv", "c,growth,70\n", ""))
    assert run("check", folder, "--lang", "en") == Ran(
        1,
        "unit b node air: there is no value (not reported, or neither expression nor imputation gives one), "
        "and the scheme says that marking stops then (error); "
        "report it, or give the indicator another policy\n"
        "unit c node growth: there is no value (not reported, or neither expression nor imputation gives one), "
        "and the scheme says that marking stops then (error); "
        "report it, or give the indicator another policy\n"
        "2 errors, 0 warnings\n",
        "",
    )


def test_problems_that_are_only_counted_count(run: Run, tmp_path: Path) -> None:
    rows = "".join(f"unit{number},growth,1\n" for number in range(250))
    folder = small_folder(tmp_path / "many", ("observations.csv", "a,growth,90\n", f"a,growth,90\n{rows}"))
    ran = run("check", folder)
    lines = ran.out.splitlines()
    assert (ran.code, len(lines), lines[-1]) == (1, 102, "250 个错误，0 个提醒")


def test_no_folder(run: Run, tmp_path: Path) -> None:
    assert run("check", tmp_path / "none") == Ran(1, f"{tmp_path / 'none'} 不是文件夹\n1 个错误，0 个提醒\n", "")
