"""Faults of content: expressions and circles among them; each with the exact message and place."""

from __future__ import annotations

import pytest

from tests.unit.scheme.sound import problems_of, with_line

#: name, what is replaced by what (once or several times), every problem in Chinese and English
FAULTS: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
    (
        "value names nothing",
        [("gdp * 10000 / population", "gdp * 10000 / populatoin")],
        [
            (
                "scheme.yaml:14:26: 公式第 15 个字符处的名称 populatoin 在这里没有定义（是否想写 population？）",
                ("scheme.yaml:14:26: character 15 of the formula: nothing is called populatoin here (did you mean population?)"),
            )
        ],
    ),
    (
        "value function unknown",
        [("gdp * 10000 / population", "maximum(gdp, 1)")],
        [
            (
                "scheme.yaml:14:12: 公式第 1 个字符处：这里没有函数 maximum（是否想写 max？）",
                "scheme.yaml:14:12: character 1 of the formula: there is no function maximum here (did you mean max?)",
            )
        ],
    ),
    (
        "value broken off",
        [("gdp * 10000 / population", "gdp * (10000 / population")],
        [
            (
                "scheme.yaml:14:18: 公式第 7 个字符 ( 没有对应的 )",
                "scheme.yaml:14:18: character 7 of the formula: ( is never closed by )",
            )
        ],
    ),
    (
        "value in quotes",
        [('"growth(growth_rate)"', '"growth(growth_rat)"')],
        [
            (
                "scheme.yaml:31:39: 公式第 8 个字符处的名称 growth_rat 在这里没有定义（是否想写 growth_rate？）",
                ("scheme.yaml:31:39: character 8 of the formula: nothing is called growth_rat here (did you mean growth_rate?)"),
            )
        ],
    ),
    (
        "value gives truth",
        [("gdp * 10000 / population", "gdp > 3")],
        [
            (
                "scheme.yaml:14:12: 公式的结果应是数，而这个公式得出文字或判断",
                "scheme.yaml:14:12: the formula must give a number, but it gives a text or a condition",
            )
        ],
    ),
    (
        "value folded",
        [("gdp * 10000 / population", ">-\n      gdp * 10000\n      / people")],
        [
            (
                "scheme.yaml:16:9: 公式第 15 个字符处的名称 people 在这里没有定义（是否想写 role？）",
                "scheme.yaml:16:9: character 15 of the formula: nothing is called people here (did you mean role?)",
            )
        ],
    ),
    (
        "value of a column's year",
        [("gdp * 10000 / population", "gdp / prev(population)")],
        [
            (
                "scheme.yaml:14:23: 公式第 12 个字符处：population 是单位表的列，没有年份和月份，不能用 prev",
                (
                    "scheme.yaml:14:23: character 12 of the formula: population is a column of the units, "
                    "which has no years or months; prev cannot use it"
                ),
            )
        ],
    ),
    (
        "class that is none",
        [("gdp * 10000 / population", 'if(class == "nord", gdp, 1)')],
        [
            (
                'scheme.yaml:14:24: 公式第 13 个字符处：class 没有 "nord" 这一项（是否想写 "north"？）',
                'scheme.yaml:14:24: character 13 of the formula: class knows no "nord" (did you mean "north"?)',
            )
        ],
    ),
    (
        "value is itself",
        [("gdp * 10000 / population", "gdp_per_capita / population")],
        [
            (
                "scheme.yaml:14:12: 指标 gdp_per_capita 的算式用到了它自己；算式里与指标同名的名称指的是该指标本身，"
                "观测值请另取名称（如 gdp_per_capita_raw）",
                "scheme.yaml:14:12: the expression of gdp_per_capita uses gdp_per_capita itself; a name that an indicator has "
                "means the indicator, so give the observation another (such as gdp_per_capita_raw)",
            )
        ],
    ),
    (
        "cycle of two",
        [
            ("gdp * 10000 / population", "pm25 + 1"),
            ("title: {zh: 细颗粒物, en: PM2.5}", "title: {zh: 细颗粒物, en: PM2.5}\n    value: prev(gdp_per_capita)"),
        ],
        [
            (
                "scheme.yaml:14:12: 算式成环：gdp_per_capita → pm25 → gdp_per_capita；"
                "与指标同名的名称指的是该指标本身，观测值请另取名称",
                "scheme.yaml:14:12: these expressions go round in a circle: gdp_per_capita → pm25 → gdp_per_capita; "
                "a name that an indicator has means the indicator, so give the observation another",
            )
        ],
    ),
    (
        "binding name",
        [("value <= target", "value <= taget")],
        [
            (
                "scheme.yaml:23:33: 公式第 10 个字符处的名称 taget 在这里没有定义（是否想写 target？）",
                "scheme.yaml:23:33: character 10 of the formula: nothing is called taget here (did you mean target?)",
            )
        ],
    ),
    (
        "binding number",
        [("value <= target", "value + target")],
        [
            (
                "scheme.yaml:23:24: 公式的结果应是判断（例如 a > 0），而这个公式得出数或文字",
                "scheme.yaml:23:24: the formula must give a condition such as a > 0, but it gives a number or a text",
            )
        ],
    ),
    (
        "award tier",
        [('tier != "third"', 'tier != "thrd"')],
        [
            (
                'scheme.yaml:62:66: 公式第 30 个字符处：tier 没有 "thrd" 这一项（是否想写 "third"？）',
                'scheme.yaml:62:66: character 30 of the formula: tier knows no "thrd" (did you mean "third"?)',
            )
        ],
    ),
    (
        "award event",
        [('event("praise")', 'event("prise")')],
        [
            (
                'scheme.yaml:63:67: 公式第 25 个字符处：event 没有 "prise" 这一项（是否想写 "praise"？）',
                'scheme.yaml:63:67: character 25 of the formula: event knows no "prise" (did you mean "praise"?)',
            )
        ],
    ),
    (
        "award rate",
        [('rate("economy")', 'rate("conduct")')],
        [
            (
                'scheme.yaml:63:48: 公式第 6 个字符处：rate 没有 "conduct" 这一项',
                'scheme.yaml:63:48: character 6 of the formula: rate knows no "conduct"',
            )
        ],
    ),
    (
        "award streak",
        [('rank_change >= 1 and tier != "third"', 'streak("frist") > 2 or first_time("first")')],
        [
            (
                'scheme.yaml:62:44: 公式第 8 个字符处：streak 没有 "frist" 这一项（是否想写 "first"？）',
                'scheme.yaml:62:44: character 8 of the formula: streak knows no "frist" (did you mean "first"?)',
            )
        ],
    ),
    (
        "award by truth",
        [('rate("economy") + event("praise")', 'rate("economy") > 1')],
        [
            (
                "scheme.yaml:63:43: 公式的结果应是数，而这个公式得出文字或判断",
                "scheme.yaml:63:43: the formula must give a number, but it gives a text or a condition",
            )
        ],
    ),
    (
        "award value name",
        [("rank_change >= 1", "gdp >= 1")],
        [
            (
                "scheme.yaml:62:37: 公式第 1 个字符处的名称 gdp 在这里没有定义",
                "scheme.yaml:62:37: character 1 of the formula: nothing is called gdp here",
            )
        ],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_described_at_its_place(changes: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    (old, new), *more = changes
    assert problems_of(with_line(old, new, *more)) == expected
