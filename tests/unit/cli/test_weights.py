"""``tongkao weights``: weights by every method, and what they would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.reports.folders import small_folder

from .conftest import Run

CHINESE = """\
小例（2020 年）

设区市：各指标在总分中的权重（%）

指标   方案   等权
------------------
增速   60.0   50.0
空气   40.0   50.0

设区市：换用这些权重，名次有什么变化

方法   平均变动   变动单位   等次变动   进位最多   退位最多
-----------------------------------------------------------
等权       0.00          0          0   -          -
"""
ENGLISH = """\
Small example (2020)

Cities: weight of every indicator in the total (%)

indicator   scheme   equal
--------------------------
Growth        60.0    50.0
Air           40.0    50.0

Cities: what these weights would change in the ranks

method   mean change   units moved   tiers changed   rises most   falls most
----------------------------------------------------------------------------
equal           0.00             0               0   -            -
"""


def test_one_method_in_both_languages(run: Run, folder: Path) -> None:
    chinese = run("weights", folder, "--method", "equal")
    assert (chinese.code, chinese.err) == (0, "")
    assert chinese.out.startswith(CHINESE)
    assert chinese.out[len(CHINESE) :].startswith("\n权重不等于影响：")
    english = run("weights", folder, "--method", "equal", "--lang", "en")
    assert english.out.startswith(ENGLISH)
    assert english.out[len(ENGLISH) :].startswith("\nWeight is not influence: ")


def test_every_method_by_default_and_nothing_is_written_without_a_place(run: Run, folder: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    ran = run("weights", folder)
    assert ran.code == 0
    for name in ("等权", "标准差", "熵权", "CRITIC", "MEREC", "主成分", "影响均衡", "疑点利益"):
        assert ran.out.count(name) == 2, name
    assert "层次分析法" not in ran.out
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_who_moves_and_what_cannot_be_weighted(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "other", ("observations.csv", "a,growth,90", "a,growth,0"))
    ran = run("weights", folder, "--method", "merec,equal", "--lang", "en")
    assert ran.code == 0
    assert "MEREC: no weights: columns 1 (growth) (counted from 1) hold values of 0 or less" in ran.out
    assert "equal" in ran.out


def test_the_folder(run: Run, folder: Path, tmp_path: Path) -> None:
    ran = run("weights", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 0
    assert f"Written to {tmp_path}/out: summary.csv, summary.parquet, weights.csv," in ran.out
    assert (tmp_path / "out" / "charts" / "city" / "ranks.zh.svg").exists()
    ran = run("weights", folder, "--out", folder / "out")
    assert ran.code == 1


def test_experts(run: Run, folder: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("first,second,times\ngrowth,air,3\n", encoding="utf-8")
    ran = run("weights", folder, "--method", "ahp", "--judgements", pairs)
    assert ran.code == 0
    assert "增速   60.0         75.0" in ran.out
    pairs.write_text("first,second,times\ngrowth,airs,3\n", encoding="utf-8")
    ran = run("weights", folder, "--judgements", pairs, "--lang", "en")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "pairs.csv:2: there is no node airs (did you mean air?)",
        "1 error, 0 warnings",
        "Nothing was analysed and nothing was written.",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--method", "entropie"), 'The option --method cannot be "entropie"; expected equal | standard_deviation | entropy'),
        (("--method", "ahp"), "The method ahp needs what experts said: add --judgements FILE."),
        (("--method", "budget"), "The method budget needs what experts said: add --points FILE."),
    ],
)
def test_methods_that_are_refused(run: Run, folder: Path, arguments: tuple[str, ...], expected: str) -> None:
    ran = run("weights", folder, *arguments, "--lang", "en")
    assert ran.code == 2
    assert ran.err.startswith(expected)


def test_a_folder_with_faults(run: Run, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "other", ("observations.csv", "c,growth,70", "c,growth,many"))
    ran = run("weights", folder, "--lang", "en")
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "Nothing was analysed and nothing was written."
