"""Faults of content: methods, treatment, policies, steps; each with the exact message and place."""

from __future__ import annotations

import pytest

from tests.unit.scheme.sound import problems_of, with_line

#: name, what is replaced by what (once or several times), every problem in Chinese and English
FAULTS: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
    (
        "minmax low above high",
        [("low: 60, high: 100, goal", "low: 60, high: 50, goal"), ("cap: 100, floor: 50}", "cap: 100, floor: 0}")],
        [
            (
                "scheme.yaml:15:34: indicators.gdp_per_capita.score：low（60）大于 high（50）",
                "scheme.yaml:15:34: indicators.gdp_per_capita.score: low (60) is greater than high (50)",
            )
        ],
    ),
    (
        "rank low above high",
        [("low: 10, high: 90", "low: 95, high: 90")],
        [
            (
                "scheme.yaml:31:88: indicators.growth_rate.score.parts[2].score：low（95）大于 high（90）",
                "scheme.yaml:31:88: indicators.growth_rate.score.parts[2].score: low (95) is greater than high (90)",
            )
        ],
    ),
    (
        "floor above cap",
        [("cap: 100, floor: 50", "cap: 40, floor: 50")],
        [
            (
                "scheme.yaml:15:84: indicators.gdp_per_capita.score：floor（50）大于 cap（40）",
                "scheme.yaml:15:84: indicators.gdp_per_capita.score: floor (50) is greater than cap (40)",
            )
        ],
    ),
    (
        "floor above the method's cap",
        [("{method: target}", "{method: target, floor: 110}")],
        [
            (
                "scheme.yaml:30:55: indicators.growth_rate.score.parts[1].score：floor（110）大于 cap（100）",
                ("scheme.yaml:30:55: indicators.growth_rate.score.parts[1].score: floor (110) is greater than cap (100)"),
            )
        ],
    ),
    (
        "cap below the method's floor",
        [("{method: target}", "{method: target, cap: -1}")],
        [
            (
                "scheme.yaml:30:53: indicators.growth_rate.score.parts[1].score：floor（0）大于 cap（-1）",
                "scheme.yaml:30:53: indicators.growth_rate.score.parts[1].score: floor (0) is greater than cap (-1)",
            )
        ],
    ),
    (
        "base above cap",
        [("base: 80, cap: 100", "base: 80, cap: 70")],
        [
            (
                "scheme.yaml:37:38: indicators.conduct.score：base（80）大于 cap（70）",
                "scheme.yaml:37:38: indicators.conduct.score: base (80) is greater than cap (70)",
            )
        ],
    ),
    (
        "goalposts equal",
        [("goalposts: [1, 9]", "goalposts: [9, 9]")],
        [
            (
                "scheme.yaml:15:49: indicators.gdp_per_capita.score.goalposts：最差值和最好值都是 9",
                ("scheme.yaml:15:49: indicators.gdp_per_capita.score.goalposts: the worst and the best value are both 9"),
            )
        ],
    ),
    (
        "goalposts order",
        [("goalposts: [1, 9]", "goalposts: [9, 1]")],
        [
            (
                (
                    "scheme.yaml:15:49: indicators.gdp_per_capita.score.goalposts 的写法是 [最差值, 最好值]；方向为 up 时应为 "
                    "[1, 9]"
                ),
                (
                    "scheme.yaml:15:49: indicators.gdp_per_capita.score.goalposts is written [worst, best]; "
                    "with direction up it must be [1, 9]"
                ),
            )
        ],
    ),
    (
        "bands rising",
        [("direction: down\n", "direction: up\n")],
        [
            (
                ("scheme.yaml:21:48: indicators.pm25.score.bands：门槛应从好到差排列，方向为 up 时逐个减小，而 40 在 20 之后"),
                (
                    "scheme.yaml:21:48: indicators.pm25.score.bands: thresholds go from best to worst, with "
                    "direction up each is less than the one before, but 40 follows 20"
                ),
            ),
            (
                ("scheme.yaml:21:58: indicators.pm25.score.bands：门槛应从好到差排列，方向为 up 时逐个减小，而 60 在 40 之后"),
                (
                    "scheme.yaml:21:58: indicators.pm25.score.bands: thresholds go from best to worst, with "
                    "direction up each is less than the one before, but 60 follows 40"
                ),
            ),
        ],
    ),
    (
        "bands falling",
        [("[40, 80]", "[10, 80]")],
        [
            (
                ("scheme.yaml:21:48: indicators.pm25.score.bands：门槛应从好到差排列，方向为 down 时逐个增大，而 10 在 20 之后"),
                (
                    "scheme.yaml:21:48: indicators.pm25.score.bands: thresholds go from best to worst, with "
                    "direction down each is greater than the one before, but 10 follows 20"
                ),
            )
        ],
    ),
    (
        "mix shares",
        [("share: 0.4", "share: 0.3")],
        [
            (
                "scheme.yaml:29:7: indicators.growth_rate.score：各部分的 share 合计 0.9，应为 1",
                "scheme.yaml:29:7: indicators.growth_rate.score: the shares add up to 0.9 instead of 1",
            )
        ],
    ),
    (
        "clip empty",
        [("{method: clip, low: 0, high: 1000}", "{method: clip}")],
        [("scheme.yaml:8:1: treat 既没有 low 也没有 high", "scheme.yaml:8:1: treat has neither low nor high")],
    ),
    (
        "clip order",
        [("{method: clip, low: 0, high: 1000}", "{method: clip, low: 5, high: 1}")],
        [("scheme.yaml:8:28: treat：low（5）大于 high（1）", "scheme.yaml:8:28: treat: low (5) is greater than high (1)")],
    ),
    (
        "rounding twice",
        [("at: [dimension, total]", "at: [total, total]")],
        [("scheme.yaml:6:24: rounding.at 中 total 重复", "scheme.yaml:6:24: total is repeated in rounding.at")],
    ),
    (
        "steps twice",
        [("[denominate, impute, screen, treat, score]", "[impute, score, impute]")],
        [("scheme.yaml:9:24: steps 中 impute 重复", "scheme.yaml:9:24: impute is repeated in steps")],
    ),
    (
        "steps without score",
        [("[denominate, impute, screen, treat, score]", "[impute]")],
        [("scheme.yaml:9:1: steps 中没有 score", "scheme.yaml:9:1: steps lacks score")],
    ),
    (
        "panel without the year",
        [("years: [2019, 2020]", "years: [2018, 2019]")],
        [("scheme.yaml:10:9: panel.years 中没有方案的年份 2020", "scheme.yaml:10:9: panel.years lacks the scheme's year 2020")],
    ),
    (
        "panel year twice",
        [("years: [2019, 2020]", "years: [2020, 2019, 2020]")],
        [("scheme.yaml:10:29: panel.years 中 2020 重复", "scheme.yaml:10:29: 2020 is repeated in panel.years")],
    ),
    (
        "interpolate without panel",
        [("panel: {years: [2019, 2020], range: year}\n", "")],
        [
            (
                "scheme.yaml:21:61: indicators.pm25.missing.otherwise：interpolate 要有 panel（各年）才能用",
                "scheme.yaml:21:61: indicators.pm25.missing.otherwise: interpolate needs a panel of years",
            )
        ],
    ),
    (
        "within unknown",
        [("within: class", "within: rol")],
        [
            (
                (
                    "scheme.yaml:16:37: indicators.gdp_per_capita.missing：rol 不是 track、class，也不是单位表的列（是否想写 "
                    "role？）"
                ),
                (
                    "scheme.yaml:16:37: indicators.gdp_per_capita.missing: rol is neither track, class nor a "
                    "column of the units (did you mean role?)"
                ),
            )
        ],
    ),
    (
        "row within",
        [("within: parent", "within: class")],
        [
            (
                ("scheme.yaml:22:41: indicators.pm25.missing：row_mean 的 within 应为 parent、paper 或 total，却是 class"),
                ("scheme.yaml:22:41: indicators.pm25.missing: within of row_mean must be parent, paper or total, found class"),
            )
        ],
    ),
    (
        "row within left out",
        [(", within: parent, otherwise", ", otherwise")],
        [
            (
                ("scheme.yaml:22:5: indicators.pm25.missing：row_mean 的 within 应为 parent、paper 或 total，却是 track"),
                ("scheme.yaml:22:5: indicators.pm25.missing: within of row_mean must be parent, paper or total, found track"),
            )
        ],
    ),
    (
        "reference unit unknown",
        [("unit: yi}", "unit: y}")],
        [
            (
                "scheme.yaml:34:50: indicators.satisfaction.score：没有单位 y（是否想写 yi？）",
                "scheme.yaml:34:50: indicators.satisfaction.score: there is no unit y (did you mean yi?)",
            )
        ],
    ),
    (
        "denominate unknown",
        [("denominate: population", "denominate: populaton")],
        [
            (
                (
                    "scheme.yaml:26:17: indicators.growth_rate.denominate：没有叫 populaton 的单位列、观测或指标（是否想写 "
                    "population？）"
                ),
                (
                    "scheme.yaml:26:17: indicators.growth_rate.denominate: no unit column, observation or "
                    "indicator is called populaton (did you mean population?)"
                ),
            )
        ],
    ),
    (
        "denominate text",
        [("denominate: population", "denominate: role")],
        [
            (
                "scheme.yaml:26:17: indicators.growth_rate.denominate：role 列是文字，不能作除数",
                (
                    "scheme.yaml:26:17: indicators.growth_rate.denominate: the column role holds texts, "
                    "nothing can be divided by it"
                ),
            )
        ],
    ),
    (
        "denominate itself",
        [("denominate: population", "denominate: growth_rate")],
        [("scheme.yaml:26:17: 指标 growth_rate 除以它自己", "scheme.yaml:26:17: the indicator growth_rate is divided by itself")],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_described_at_its_place(changes: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    (old, new), *more = changes
    assert problems_of(with_line(old, new, *more)) == expected
