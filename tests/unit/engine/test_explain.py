"""Explanations of the invented towns: every number here was worked out by hand from the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tongkao import Result, TongkaoError, read_folder, read_output, score, write_output
from tongkao.engine.explain import Explainer, ExplainError, explain, explain_with

from . import explain_index
from .explain_town import FILES, marked

Block = dict[str, Any]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return marked(tmp_path_factory.mktemp("towns") / "towns")


def node(explanation: Block, name: str) -> Block:
    pending = [explanation["tree"]]
    while pending:
        found = pending.pop()
        if found["id"] == name:
            return found
        pending += found["children"]
    raise KeyError(name)


def part(explanation: Block, name: str, number: int = 0) -> Block:
    found: Block = node(explanation, name)["indicator"]["parts"][number]
    return found


# --- the account --------------------------------------------------------------------------------------------------------------


def account(explanation: Block) -> list[tuple[str, str, str | None, float]]:
    return [(entry["kind"], entry["node"], entry["rule"], round(entry["points"], 6)) for entry in explanation["account"]]


def test_the_account_names_every_point(result: Result) -> None:
    assert account(result.explain("甲镇")) == [
        ("indicator", "output", None, 20.0),
        ("indicator", "air", None, 30.0),
        ("event", "development", "ledger", -0.5),
        ("indicator", "roads", None, 6.0),
        ("indicator", "boats", None, 5.333333),
        ("indicator", "schools", None, 20.0),
        ("indicator", "clinics", None, 4.266667),
        # 40 × (0.9 · 0.8 · 1³ · 0.64)^(1/6) less the 35.6 of the children
        ("aggregation", "services", None, round(40 * (0.9 * 0.8 * 0.64) ** (1 / 6) - 35.6, 6)),
        ("indicator", "spirit", None, 9.28),
        ("event", "total", "praise", 2.0),
        ("rounding", "total", None, round(95.93 - (49.5 + 40 * (0.9 * 0.8 * 0.64) ** (1 / 6) + 9.28 + 2), 6)),
    ]


def test_a_void_takes_what_the_indicator_had(result: Result) -> None:
    explanation = result.explain("丙镇", "development")
    assert account(explanation) == [
        ("indicator", "output", None, 18.0),
        ("event", "output", "false_data", -18.0),
        ("indicator", "air", None, 20.0),
    ]
    assert node(explanation, "output")["points"] == 0.0
    assert node(explanation, "output")["lost"] == 30.0


def test_two_voids_of_one_indicator_take_it_once(tmp_path: Path) -> None:
    events = FILES["events.csv"] + "false_data,丙镇,2020-09-01,1,,output,再次,\n"
    explanation = marked(tmp_path / "towns", events=events).explain("丙镇", "output")
    assert account(explanation) == [
        ("indicator", "output", None, 18.0),
        ("event", "output", "false_data", -18.0),
        ("event", "output", "false_data", 0.0),
    ]


def test_a_node_never_falls_below_zero(tmp_path: Path) -> None:
    scheme = FILES["scheme.yaml"].replace("deduct: 0.5, at: development", "deduct: 99, at: development")
    explanation = marked(tmp_path / "towns", scheme=scheme).explain("甲镇", "development")
    assert account(explanation) == [
        ("indicator", "output", None, 20.0),
        ("indicator", "air", None, 30.0),
        ("event", "development", "ledger", -99.0),
        ("event", "development", None, 49.0),
    ]
    assert explanation["account"][-1]["effect"] == "not_below_zero"
    assert explanation["tree"]["points"] == 0.0


# --- weights ------------------------------------------------------------------------------------------------------------------


def weight(explanation: Block, name: str) -> tuple[object, ...]:
    found = node(explanation, name)["weight"]
    return found["amount"], found["in"], found["why"], found["column"], found["value"], found["full_mark"]


def test_a_weight_says_why(result: Result) -> None:
    explanation = result.explain("甲镇")
    assert weight(explanation, "total") == (None, None, "scheme", None, None, 100.0)
    assert weight(explanation, "development") == (50.0, "points", "same", None, None, 50.0)
    assert weight(explanation, "output") == (20.0, "points", "class", "class", "coast", 20.0)
    assert weight(explanation, "schools") == (3.0, "weight", "column", "role", "hub", 20.0)
    assert weight(result.explain("丁镇"), "output") == (30.0, "points", "default", "class", "inland", 30.0)


def test_a_weight_of_the_units_own(tmp_path: Path) -> None:
    (tmp_path / "towns").mkdir()
    (tmp_path / "towns" / "weights.csv").write_text("unit,node,weight\n甲镇,roads,3\n", encoding="utf-8")
    explanation = marked(tmp_path / "towns").explain("甲镇")
    assert weight(explanation, "roads") == (3.0, "weight", "own", None, None, 15.0)


def received(explanation: Block, name: str) -> tuple[float, float, list[tuple[str, float, bool]], float]:
    found = node(explanation, name)["weight"]
    gains = [(gain["node"], round(gain["points"], 9), gain["equally"]) for gain in found["received"]]
    return found["nominal"], found["from_above"], gains, round(found["full_mark"], 9)


def test_the_weight_of_what_left_is_followed_to_where_it_went(result: Result) -> None:
    proportionally = result.explain("乙镇")
    assert received(proportionally, "boats") == (8.0, 0.0, [("roads", 2.0, False)], 10.0)
    assert received(proportionally, "schools") == (16.0, 0.0, [("roads", 4.0, False)], 20.0)
    equally = result.explain("丙镇")
    assert received(equally, "roads") == (8.0, 0.0, [("boats", round(8 / 3, 9), True)], round(8 + 8 / 3, 9))
    assert received(equally, "schools") == (16.0, 0.0, [("boats", round(8 / 3, 9), True)], round(16 + 8 / 3, 9))


def test_a_heavier_parent_hands_its_gain_down(tmp_path: Path) -> None:
    explanation = explain_index.marked(tmp_path / "index").explain("c")
    assert received(explanation, "physical") == (0.5, 0.0, [("political", 0.5, False)], 1.0)
    assert received(explanation, "trade") == (0.25, 0.25, [], 0.5)


def left(explanation: Block, name: str) -> tuple[str, str | None, str]:
    found = node(explanation, name)["left"]
    return found["reason"], found["policy"], found["zh"]


def test_what_left_says_why(result: Result) -> None:
    assert left(result.explain("乙镇"), "roads") == ("missing", "redistribute", "缺数：不计，分值按比例分给留下的同级项")
    assert left(result.explain("丙镇"), "boats") == (
        "not_applicable",
        "redistribute_equally",
        "不适用：不计，分值平均分给留下的同级项",
    )
    assert node(result.explain("甲镇"), "roads")["left"] is None


def test_too_little_data_below_a_node_and_in_a_unit(tmp_path: Path) -> None:
    index = explain_index.marked(tmp_path / "index")
    explanation = index.explain("c")
    assert left(explanation, "political") == ("too_few", None, "3 个下级项中只有 1 个有数，不到规定的 60%，此项不计")
    assert left(explanation, "notes") == ("above", None, "上级项不计，此项随之不计")
    nothing = index.explain("e")
    assert left(nothing, "total") == ("screened", None, "6 个指标中有数的只有 2 个，不到规定的 50%，本单位不计分")
    assert nothing["account"] == []
    assert nothing["sentences"]["en"] == [
        "e has no total and no rank: only 2 of 6 indicators have a value, less than 50 %: the unit is not marked."
    ]


def test_a_weight_of_zero_is_no_gap(tmp_path: Path) -> None:
    scheme = FILES["scheme.yaml"].replace("{indicator: roads, weight: 1}", "{indicator: roads, weight: {default: 1, coast: 0}}")
    explanation = marked(tmp_path / "towns", scheme=scheme).explain("乙镇")
    assert left(explanation, "roads") == ("weightless", None, "权重为 0，本单位不考核此项")
    assert received(explanation, "boats") == (10.0, 0.0, [], 10.0)


# --- values -------------------------------------------------------------------------------------------------------------------


def test_an_expression_shows_its_numbers_and_where_they_come_from(result: Result) -> None:
    value = part(result.explain("甲镇"), "output")["value"]
    assert (value["state"], value["observed"], value["value"]) == ("computed", 3.0, 3.0)
    assert value["expression"]["text"] == "production * 10000 / population"
    assert value["expression"]["numbers"] == {"zh": "12 * 10000 / 40000", "en": "12 * 10000 / 40000"}
    assert [(seen["text"], seen["value"], seen["observations"][0]["source"]) for seen in value["expression"]["inputs"]] == [
        ("production", 12.0, "年报"),
        ("population", 40000.0, "公报"),
    ]


def test_growth_shows_both_years(result: Result) -> None:
    expression = part(result.explain("甲镇"), "spirit", 1)["value"]["expression"]
    assert expression["numbers"] == {"zh": "100 * (88 - 80) / 80", "en": "100 * (88 - 80) / 80"}
    assert [(seen["period"], seen["value"]) for seen in expression["inputs"][0]["observations"]] == [
        ("2020", 88.0),
        ("2019", 80.0),
    ]


def test_an_absent_number_is_called_by_its_reason(tmp_path: Path) -> None:
    lines = FILES["observations.csv"].replace("丙镇,population,2020,50000,,公报\n", "丙镇,population,2020,,not_applicable,\n")
    explanation = marked(tmp_path / "towns", observations=lines, events="event,unit\n").explain("丙镇")
    value = part(explanation, "output")["value"]
    assert value["expression"]["numbers"] == {"zh": "5 * 10000 / 不适用", "en": "5 * 10000 / not applicable"}
    assert (value["state"], left(explanation, "output")[0]) == ("not_applicable", "not_applicable")


def test_a_filled_value_says_from_whom_or_when(result: Result) -> None:
    explanation = result.explain("乙镇")
    imputed = part(explanation, "schools")["value"]["filled"]
    assert (imputed["source"], imputed["count"], imputed["units"]) == ("impute_mean", 1, ["甲镇"])
    assert imputed["zh"] == "用同类（coast）中有数的 1 个单位的平均数 100 代替"
    carried = part(explanation, "clinics")["value"]["filled"]
    assert (carried["source"], carried["year"], carried["observation"]["source"]) == ("carry_forward", 2018, "老报表")
    assert carried["en"] == "the value of 2018 is carried forward: 75"


def test_a_policy_that_gives_a_rate_says_so(result: Result) -> None:
    indicator = node(result.explain("丙镇"), "clinics")["indicator"]
    assert indicator["given"] == {
        "policy": "floor",
        "rate": 60.0,
        "zh": "缺数，按得分率 60 计",
        "en": "missing: counts with the rate 60",
    }
    assert (indicator["scored"], indicator["parts"][0]["rule"]) == (60.0, None)


def test_treatment_denominators_and_reference_units(tmp_path: Path) -> None:
    explanation = explain_index.marked(tmp_path / "index").explain("a")
    assert part(explanation, "ports")["value"]["treated"] == {
        "from": 80.0,
        "to": 60.0,
        "method": "clip",
        "done": [],
        "zh": "限制在 −∞ … 60 之间",
        "en": "limited to −∞ … 60",
    }
    assert part(explanation, "links")["value"]["treated"]["done"] == ["log"]
    assert part(explanation, "links")["value"]["treated"]["zh"] == "取对数"
    roads = part(explain_index.marked(tmp_path / "again").explain("b"), "roads")
    assert roads["value"]["denominator"] == {"name": "area", "value": 4.0, "state": "present"}
    assert (roads["reference"], roads["rule"]["zh"]) == (10.0, "100 × (5 − 3) ÷ (10 − 3) = 28.57143")


def test_a_mix_shows_each_part(result: Result) -> None:
    indicator = node(result.explain("甲镇"), "spirit")["indicator"]
    assert [(each["share"], each["method"]["id"], each["rate"]) for each in indicator["parts"]] == [
        (0.6, "identity", 88.0),
        (0.4, "bands", 100.0),
    ]
    assert indicator["mix"]["zh"] == "0.6 × 88 + 0.4 × 100 = 92.8"


def test_the_comparison_group(result: Result) -> None:
    group = part(result.explain("甲镇"), "output")["group"]
    assert {**group, "sd": round(group["sd"], 6)} == {
        "compare": "track",
        "class": None,
        "count": 4,
        "best": 3.0,
        "worst": 1.0,
        "mean": 2.0,
        "sd": 0.816497,
        "place": 1,
    }


@pytest.mark.parametrize(
    ("mean", "formula"),
    [
        ("arithmetic", "0.2500 × 28.5714 + 0.2500 × 66.6667 + 0.5000 × 51.2857 = 49.4524"),
        ("min", "min(28.5714, 66.6667, 51.2857) = 28.5714"),
        ("median", "median(28.5714[0.2500], 66.6667[0.2500], 51.2857[0.5000]) = 51.2857"),
        ("copeland", None),
    ],
)
def test_a_mean_with_rates_and_shares_put_in(tmp_path: Path, mean: str, formula: str | None) -> None:
    explanation = explain_index.marked(tmp_path / "index", mean).explain("b")
    found = node(explanation, "physical")["mean"]
    assert (found["id"], found["formula"]) == (mean, formula)
    assert sum(entry["points"] for entry in explanation["account"]) == pytest.approx(explanation["tree"]["points"], abs=1e-12)


@pytest.mark.parametrize(
    ("mean", "formula"),
    [
        ("geometric", "70.0000^0.2500 × 100.0000^0.5000 × 75.0000^0.2500 = 85.1216"),
        ("harmonic", "1 ÷ (0.2500 ÷ 70.0000 + 0.5000 ÷ 100.0000 + 0.2500 ÷ 75.0000) = 84.0000"),
        ("{power: 2}", "(0.2500 × 70.0000^2 + 0.5000 × 100.0000^2 + 0.2500 × 75.0000^2)^(1 ÷ 2) = 87.3570"),
    ],
)
def test_a_mean_of_rates_above_zero(tmp_path: Path, mean: str, formula: str) -> None:
    scheme = FILES["scheme.yaml"].replace("aggregate: geometric", f"aggregate: {mean}")
    explanation = marked(tmp_path / "towns", scheme=scheme).explain("乙镇")
    assert node(explanation, "services")["mean"]["formula"] == formula


# --- events, tiers, awards ---------------------------------------------------------------------------------------------------


def test_events_show_asked_capped_and_granted(result: Result) -> None:
    events = {event["rule"]: event for event in result.explain("甲镇")["events"]}
    praise = events["praise"]
    assert [praise[key] for key in ("count", "each", "asked", "cap", "capped", "limit", "granted", "points")] == [
        4,
        1,
        4,
        3,
        3,
        2,
        2,
        2,
    ]
    assert praise["zh"] == "上级表彰：加 2 分（4 次 × 1 分 = 4 分；此项上限 3 分；各项加分合计以 2 分为限）"
    assert praise["occurrences"] == [
        {"date": "2020-05-01", "count": 4.0, "points": None, "indicator": "", "note": "省里表彰", "evidence": "文件一"}
    ]
    assert events["ledger"]["en"] == "Asking for ledgers: takes 0.5 points from “Development”"
    assert events["fire"]["zh"] == "重大火灾：降 1 个等次；第一等次 → 第二等次"


def test_a_breach_shows_what_was_asked(result: Result) -> None:
    (breach,) = result.explain("乙镇")["events"]
    assert (breach["binding"], breach["effect"], breach["tier_at_most"]) == (True, "tier_at_most", "second")
    assert breach["requirement"] == {
        "text": "value <= target",
        "words": {"zh": "数值 ≤ 目标值", "en": "value ≤ target"},
        "numbers": {"zh": "32 ≤ 25", "en": "32 ≤ 25"},
    }


def steps(explanation: Block) -> list[tuple[str, str]]:
    return [(step["id"], step["outcome"]) for step in explanation["tier"]["steps"]]


def test_the_way_through_the_tiers(result: Result) -> None:
    first = result.explain("甲镇")
    assert (steps(first), first["tier"]["dealt"]["id"], first["tier"]["id"]) == ([("first", "entered")], "first", "second")
    up = result.explain("丁镇")
    assert (steps(up), up["tier"]["moved_up"]) == ([("first", "full"), ("second", "entered")], True)
    assert up["tier"]["reasons"]["zh"] == [
        "在 4 个排名单位中列第 2 位",
        "第一等次（1 个名额；“服务”得分率须达 50，实为 77.5653）：名额已由名次在前的单位用完",
        "第二等次（4 个单位的 50%，2 个名额）：进入",
        "第一等次有单位因事项退出而空出名额，按名次递补进入",
    ]
    assert result.explain("戊镇")["tier"] is None


@pytest.mark.parametrize(
    ("tier", "outcome"),
    [
        ("count: 1, gates: {services: 90}", "gate"),
        ("count: 1, score: 99", "score"),
        ("count: 0", "no_places"),
    ],
)
def test_why_a_tier_was_not_entered(tmp_path: Path, tier: str, outcome: str) -> None:
    scheme = FILES["scheme.yaml"].replace("count: 1, gates: {services: 50}", tier)
    assert steps(marked(tmp_path / "towns", scheme=scheme).explain("甲镇"))[0] == ("first", outcome)


def test_a_tier_closes_before_units_that_share_a_rank(tmp_path: Path) -> None:
    scheme = FILES["scheme.yaml"].replace("places: 2, mode", "places: 0, mode").replace("full_mark: 100", "full_mark: 1", 1)
    scheme = (
        scheme.replace("points: 50", "weight: 50").replace("points: 40", "weight: 40").replace("spirit, points", "spirit, weight")
    )
    scheme = scheme.replace("output, points", "output, weight").replace("air, points", "air, weight")
    shared = marked(tmp_path / "towns", scheme=scheme.replace(", gates: {services: 50}", ""), events="event,unit\n")
    assert steps(shared.explain("甲镇"))[0] == ("first", "shared")
    assert shared.explain("甲镇")["result"]["rank_shared_by"] == 4


def test_an_award_shows_its_rule_with_the_numbers(result: Result) -> None:
    advancement, schools = result.explain("丁镇")["awards"]
    assert (advancement["won"], advancement["zh"]) == (
        True,
        "进位奖（获得）：条件：名次上升位数 ≥ 1 且 等次 ≠ 第三等次；即 2 ≥ 1 且 第一等次 ≠ 第三等次，符合",
    )
    assert (schools["won"], schools["by"]["place"], schools["by"]["among"]) == (False, 2, 2)
    assert schools["en"] == "Schools award (not won): top 1 of each class by rate of “Schools”: 70, place 2 of 2"


def test_awards_agree_with_the_results(result: Result) -> None:
    for unit, won in result.results.select("unit", "awards").iter_rows():
        awards = result.explain(unit)["awards"]
        assert ";".join(award["id"] for award in awards if award["won"]) == won
        for award in awards:
            rule_met = award["when"] is None or award["when"]["met"]
            chosen = award["by"] is None or (award["by"]["place"] or 99) <= award["top"]
            assert award["won"] == (rule_met and chosen)


# --- sentences -----------------------------------------------------------------------------------------------------------------


def test_what_a_committee_member_reads(result: Result) -> None:
    assert result.explain("丙镇")["sentences"]["zh"] == [
        "丙镇总分 52.20 分（满分 100 分），在 4 个乡镇中列第 4 位，第二等次。",
        "其中：发展 20.00 分（满分 50 分，第 4 位）；服务 29.00 分（满分 40 分，第 4 位）；作风 6.20 分（满分 10 分，第 4 位）。",
        "失分最多的是：人均产值（失 30.00 分，满分 30 分，清零）、公路（失 4.27 分，满分 10.67 分）、"
        "卫生院（失 4.27 分，满分 10.67 分，缺数，按得分率 60 计）。",
        "服务不是各下级分数相加，合成方法使得分减少 0.60 分。",
        "不计的有：渔船安全（不适用，8 分）；分值已按方案分给留下的项。",
        "事项：数据造假：“人均产值”清零；数据造假：扣 3 分。",
        "等次：因有单位退出，由第三等次递补进入第二等次。",
        "上次考核（2019 年）第 3 位，第三等次，本次下降 1 位。",
        "获教育奖。",
    ]


def test_the_same_in_english(result: Result) -> None:
    assert result.explain("乙镇")["sentences"]["en"] == [
        "Yi has 81.73 of 100 points: place 3 of 4 (Towns), Second tier.",
        "Of these: Development 39.44 of 50, place 3; Services 34.05 of 40, place 2; Spirit 8.24 of 10, place 3.",
        "Most points were lost in: PM2.5 (6.56 lost of 30), Output per head (4.00 lost of 20), "
        "Safety of boats (3.00 lost of 10).",
        "Services: the mean is not a plain sum and takes 0.45 points.",
        "Left out: Roads (missing, 8 points); their weight went to what stayed, as the scheme says.",
        "Missing values that were filled: Schools: the mean 100 of 1 unit with a value of the same class (coast); "
        "Clinics: the value of 2018 is carried forward: 75.",
        "Events: binding indicator “PM2.5” not met (asked value ≤ target, found 32 ≤ 25): at best Second tier.",
        "In the marking before (2019): place 2, Second tier; down 1 now.",
        "Won: Schools award.",
    ]


def test_one_node_is_told_by_itself(result: Result) -> None:
    explanation = result.explain("甲镇", "air")
    assert explanation["sentences"]["zh"] == [
        "甲镇的“细颗粒物”得 30.00 分（满分 30 分），得分率 100.00%，在 4 个乡镇中列第 1 位。"
    ]
    assert (explanation["events"], explanation["tier"], explanation["awards"]) == ([], None, [])
    assert result.explain("乙镇", "roads")["sentences"]["zh"] == ["乙镇的“公路”不计分：缺数：不计，分值按比例分给留下的同级项。"]
    assert [event["rule"] for event in result.explain("甲镇", "development")["events"]] == ["ledger"]


def test_a_unit_listed_apart(result: Result) -> None:
    assert result.explain("戊镇")["sentences"]["zh"][0] == "戊镇总分 65.04 分（满分 100 分），单列，不参加排名。"


# --- asking ---------------------------------------------------------------------------------------------------------------------


def test_a_folder_read_again_explains_the_same(result: Result, tmp_path: Path) -> None:
    write_output(result, tmp_path / "out")
    output = read_output(tmp_path / "out")
    for unit in ("甲镇", "乙镇", "丙镇", "丁镇", "戊镇"):
        again = explain(output.assessment, output.trace, output.results, unit)
        assert json.dumps(again, ensure_ascii=False) == json.dumps(result.explain(unit), ensure_ascii=False)


def test_an_explainer_serves_many_units(result: Result) -> None:
    explainer = Explainer(result.assessment, result.trace, result.results)
    assert explain_with(explainer, "甲镇") == result.explain("甲镇")
    assert explain_with(explainer, "乙镇", "air") == result.explain("乙镇", "air")


def test_an_unknown_unit_names_the_nearest(result: Result) -> None:
    with pytest.raises(ExplainError) as caught:
        result.explain("甲鎮")
    assert caught.value.describe("zh") == "没有单位 甲鎮 的计分记录，应为结果中的一个单位"
    with pytest.raises(TongkaoError, match=r"there is no unit 丙镇镇 .* \(did you mean 丙镇\?\)"):
        result.explain("丙镇镇")


def test_an_unknown_node_names_the_nearest(result: Result) -> None:
    with pytest.raises(KeyError) as caught:
        result.explain("甲镇", "servises")
    assert str(caught.value) == (
        "unit 甲镇: the tree of track town has no servises; expected the id of an indicator, a dimension or a paper, or total "
        "(did you mean services?)"
    )


def test_an_unknown_or_other_track(result: Result) -> None:
    def ask(track: str) -> str:
        with pytest.raises(ExplainError) as caught:
            explain(result.assessment, result.trace, result.results, "甲镇", None, track)
        return caught.value.describe("zh")

    assert ask("towm") == "单位 甲镇: 方案中没有序列 towm（是否想写 town？）"
    assert explain(result.assessment, result.trace, result.results, "甲镇", None, "town") == result.explain("甲镇")


def test_an_outlier_that_was_pulled_in_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "outlier"
    folder.mkdir()
    (folder / "scheme.yaml").write_text(
        "tongkao: 1\nid: outlier-2020\ntitle: 离群（虚构）\nyear: 2020\ntreat: {method: winsorise, max: 1}\n"
        "indicators: {x: {title: X, score: {method: minmax}}}\ntracks: {t: {title: T, tree: [{indicator: x, points: 100}]}}\n",
        encoding="utf-8",
    )
    values = dict(zip("abcdefghij", [1, 2, 3, 4, 5, 6, 7, 8, 9, 1000], strict=True))
    (folder / "units.csv").write_text("unit,track\n" + "".join(f"{unit},t\n" for unit in values), encoding="utf-8")
    rows = "".join(f"{unit},x,{value}\n" for unit, value in values.items())
    (folder / "observations.csv").write_text("unit,indicator,value\n" + rows, encoding="utf-8")
    treated = part(score(read_folder(folder)).explain("j"), "x")["value"]["treated"]
    assert treated == {
        "from": 1000.0,
        "to": 9.0,
        "method": "winsorise",
        "done": ["winsorised_high"],
        "zh": "离群的高值缩尾拉回",
        "en": "an outlier at the upper end, pulled in",
    }
