"""Explanations as text, read as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

import tongkao
from tongkao import Result
from tongkao.engine.explain_text import render

from .explain_town import marked

CHINESE = """\
示例县乡镇考核（虚构）  2020 年
甲镇，乡镇，类别 coast

  甲镇的“发展”得 49.50 分（满分 50 分），得分率 99.00%，在 4 个乡镇中列第 1 位。
  其中：人均产值 20.00 分（满分 20 分，第 1 位）；细颗粒物 30.00 分（满分 30 分，第 1 位）。
  各项指标都得满分。

得分构成
  项目                    满分   得分  失分
  -----------------------------------------
  人均产值                  20  20.00  0.00
  细颗粒物                  30  30.00  0.00
  随意索要台账（“发展”）        −0.50
  -----------------------------------------
  合计                      50  49.50  0.50

逐项说明
  发展  49.50 / 50 分，得分率 99.00%，第 1 位（共 4）
      分值：50 分（各单位相同）
      事项：随意索要台账 −0.50 分
    人均产值  20.00 / 20 分，得分率 100.00%，第 1 位（共 4）
        分值：20 分（类别 coast）
        数值：3 元
          算式：production * 10000 / population
          代入：12 * 10000 / 40000 = 3
          来源：年报；公报
        比较：本序列 4 个单位，最好 3，最差 1，平均 2，标准差 0.8164966；本单位第 1
        规则：功效系数法，最差值与最好值之间：60 + (100 − 60) × (3 − 1) ÷ (3 − 1) = 100
        得分：20 × 100% = 20.00
    细颗粒物  30.00 / 30 分，得分率 100.00%，第 1 位（共 4）
        分值：30 分（类别 coast）
        数值：20，已报送；来源：监测站
        目标：目标值 25
        比较：本序列 4 个单位，最好 20，最差 32，平均 24.25，标准差 5.678908；本单位第 1
        规则：目标完成率：100 × 25 ÷ 20 = 125，封顶 100
        得分：30 × 100% = 30.00

事项
  随意索要台账：“发展”扣 0.5 分
      - 2020-06-01

注：式中的数最多显示 7 位有效数字，计算用全部位数，只在注明“修约”之处修约。"""

ENGLISH = """\
Assessment of invented towns  2020
Bing (丙镇), Towns, class inland

  Bing has 6.20 of 10 points for “Spirit”, 62.00 %, place 4 of 4 (Towns).
  3.80 points were lost.

Where the points come from
  item    full mark  points  lost
  -------------------------------
  Spirit         10    6.20  3.80
  -------------------------------
  sum            10    6.20  3.80

Item by item
  Spirit  6.20 of 10 points, rate 62.00, place 4 of 4
      full mark: 10 points (the same for all)
      part 1 (60 %, the value itself)
        value: 70, reported
        compared with: 4 units of the track, best 95, worst 70, mean 84.25, sd 10.5317; this unit is
          place 4
        rule: rate = 70
      part 2 (40 %, bands)
        value: −30
          formula: growth(spirit)
          numbers: 100 * (70 - 100) / 100 = −30
        compared with: 4 units of the track, best 10, worst −30, mean −3.611111, sd 18.06196; this
          unit is place 4
        rule: −30 by the bands (5 → 100, 0 → 80, −100 → 50): 50
      rate: 0.6 × 70 + 0.4 × 50 = 62
      points: 10 × 62% = 6.20

Note: numbers in formulas are shown with at most 7 significant digits; all digits are used in
computing, and nothing is rounded but where it says “rounding”."""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return marked(tmp_path_factory.mktemp("towns") / "towns")


def test_a_dimension_in_chinese(result: Result) -> None:
    assert render(result.explain("甲镇", "development"), "zh") == CHINESE


def test_a_mix_in_english(result: Result) -> None:
    assert render(result.explain("丙镇", "spirit"), "en") == ENGLISH


def lines(result: Result, unit: str, lang: str = "zh", node: str | None = None) -> list[str]:
    return [line.strip() for line in render(result.explain(unit, node), "zh" if lang == "zh" else "en").split("\n")]


def test_the_total_has_every_section(result: Result) -> None:
    shown = lines(result, "丙镇")
    heads = ["得分构成", "逐项说明", "事项", "等次", "奖项"]
    assert [line for line in shown if line in heads] == heads
    english = lines(result, "丙镇", "en")
    heads = ["Where the points come from", "Item by item", "Events", "Tier", "Awards"]
    assert [line for line in english if line in heads] == heads


def test_gaps_voids_gains_and_rounding_are_told_where_they_are(result: Result) -> None:
    shown = lines(result, "丙镇")
    assert "渔船安全：不计。不适用：不计，分值平均分给留下的同级项" in shown
    assert "分值：权重 1（各单位相同），合 8 分；“渔船安全”让出 2.6667 分，实际满分 10.6667 分" in shown
    assert "得分：30 × 60% = 18.0000；因“数据造假”清零" in shown
    assert "修约：52.1993 → 52.20（四舍五入，2 位小数）" in shown
    assert "规则：缺数，按得分率 60 计" in shown
    assert "补数：沿用 2018 年的数 75；来源：老报表" in lines(result, "乙镇")


def test_the_note_says_when_sums_may_seem_off(result: Result) -> None:
    exact = "注：式中的数最多显示 7 位有效数字，计算用全部位数，只在注明“修约”之处修约。"
    assert lines(result, "甲镇", node="development")[-1] == exact
    assert "".join(lines(result, "甲镇")[-2:]) == exact + "分数显示到小数点后 4 位，所以各项之和的末位可能与合计相差一两个单位。"


def test_a_unit_without_a_total_has_no_account(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    folder.mkdir()
    (folder / "scheme.yaml").write_text(
        "tongkao: 1\nid: none-2020\ntitle: 空\nyear: 2020\nmissing: redistribute\n"
        "indicators: {x: {title: X, score: {method: identity}}}\n"
        "tracks: {t: {title: T, tree: [{indicator: x, points: 100}]}}\n",
        encoding="utf-8",
    )
    (folder / "units.csv").write_text("unit,track\na,t\nb,t\n", encoding="utf-8")
    (folder / "observations.csv").write_text("unit,indicator,value\na,x,50\n", encoding="utf-8")
    explanation = tongkao.score(tongkao.read_folder(folder)).explain("b")
    assert explanation["account"] == []
    assert render(explanation, "zh") == (
        "空  2020 年\nb，T\n\n  b没有总分，不参加排名：下级项全部不计，此项随之不计。\n\n逐项说明\n"
        "  总分：不计。下级项全部不计，此项随之不计\n    X：不计。缺数：不计，分值按比例分给留下的同级项\n\n"
        "注：式中的数最多显示 7 位有效数字，计算用全部位数，只在注明“修约”之处修约。"
    )


def test_the_example_of_the_documentation(root: Path) -> None:
    result = tongkao.score(tongkao.read_folder(root / "examples" / "jiangsu-cities-2022"))
    shown = " ".join(lines(result, "连云港"))
    assert "连云港市总分 81.79 分（满分 100 分），在 13 个设区市中列第 7 位，第二等次。" in shown
    assert "规则：功效系数法，最差值与最好值之间：60 + (100 − 60) × (87042 − 82452) ÷ (105647 − 82452) = 67.9155" in shown
    assert "代入：100 * ((4005.03 / 2771.7) ** (1 / 4) - 1) = 9.638955" in shown
