"""Faults of content: names of nodes, points and weights; each with the exact message and place."""

from __future__ import annotations

import pytest

from tests.unit.scheme.sound import problems_of, with_line

#: name, what is replaced by what (once or several times), every problem in Chinese and English
FAULTS: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
    (
        "unknown indicator",
        [("{indicator: conduct, points: 10}", "{indicator: conducts, points: 10}")],
        [
            (
                "scheme.yaml:35:3: 指标 conduct 已定义，但没有一个序列用到它",
                "scheme.yaml:35:3: the indicator conduct is defined but no track uses it",
            ),
            (
                "scheme.yaml:71:21: 序列 county 用到的指标 conducts 没有定义（是否想写 conduct？）",
                ("scheme.yaml:71:21: the indicator conducts that track county uses is not defined (did you mean conduct?)"),
            ),
        ],
    ),
    (
        "unused indicator",
        [("      - {indicator: conduct, points: 10}", "      - {indicator: satisfaction, points: 10}")],
        [
            (
                "scheme.yaml:35:3: 指标 conduct 已定义，但没有一个序列用到它",
                "scheme.yaml:35:3: the indicator conduct is defined but no track uses it",
            )
        ],
    ),
    (
        "indicator twice",
        [("{indicator: satisfaction, weight: 1}", "{indicator: pm25, weight: 1}")],
        [
            (
                "scheme.yaml:32:3: 指标 satisfaction 已定义，但没有一个序列用到它",
                "scheme.yaml:32:3: the indicator satisfaction is defined but no track uses it",
            ),
            (
                "scheme.yaml:55:25: 指标 pm25 在序列 city 中用了两次，第 54 行已有",
                "scheme.yaml:55:25: the indicator pm25 is used twice in track city, line 54 has it already",
            ),
        ],
    ),
    (
        "node twice",
        [("id: air", "id: economy"), ("at: air", "at: economy")],
        [
            (
                "scheme.yaml:50:13: 序列 city 中有两个节点都叫 economy，第 44 行已有",
                "scheme.yaml:50:13: two nodes of track city are called economy, line 44 has one already",
            )
        ],
    ),
    (
        "node is indicator",
        [("id: air", "id: conduct"), ("at: air", "at: economy")],
        [
            (
                "scheme.yaml:50:13: 节点 conduct 与一个指标同名，请改名",
                "scheme.yaml:50:13: the node conduct has the name of an indicator, choose another",
            )
        ],
    ),
    (
        "node is total",
        [("id: air", "id: total"), ("at: air", "at: economy")],
        [
            (
                "scheme.yaml:50:13: total 是总分的名称，不能作节点或指标的名称",
                "scheme.yaml:50:13: total is the name of the total and cannot name a node or an indicator",
            )
        ],
    ),
    (
        "indicator is total",
        [("  conduct:\n", "  total:\n"), ("indicator: conduct,", "indicator: total,")],
        [
            (
                "scheme.yaml:35:3: total 是总分的名称，不能作节点或指标的名称",
                "scheme.yaml:35:3: total is the name of the total and cannot name a node or an indicator",
            )
        ],
    ),
    (
        "points short",
        [("{default: 20, north: 40}", "{default: 20, north: 30}")],
        [
            (
                "scheme.yaml:46:17: economy（north）：各下级分值合计 50，应为 60，少 10 分",
                "scheme.yaml:46:17: economy (north): the points below add up to 50 instead of 60, 10 missing",
            )
        ],
    ),
    (
        "points over",
        [("{default: 20, north: 40}", "{default: 25, north: 45}")],
        [
            (
                "scheme.yaml:46:17: economy（north、south）：各下级分值合计 65，应为 60，多 5 分",
                "scheme.yaml:46:17: economy (north, south): the points below add up to 65 instead of 60, 5 too many",
            )
        ],
    ),
    (
        "points over for all",
        [("points: 60\n", "points: 50\n"), ("points: 40\n", "points: 50\n")],
        [
            (
                "scheme.yaml:46:17: economy（north、south）：各下级分值合计 60，应为 50，多 10 分",
                "scheme.yaml:46:17: economy (north, south): the points below add up to 60 instead of 50, 10 too many",
            )
        ],
    ),
    (
        "papers short",
        [("points: 40\n", "points: 39\n")],
        [
            (
                "scheme.yaml:43:5: 序列 city：各考卷分值合计 99，满分应为 100，少 1 分",
                "scheme.yaml:43:5: track city: the papers add up to 99 instead of the full mark 100, 1 missing",
            )
        ],
    ),
    (
        "papers over",
        [("full_mark: 10\n", "full_mark: 9\n")],
        [
            (
                "scheme.yaml:70:5: 序列 county：各考卷分值合计 10，满分应为 9，多 1 分",
                "scheme.yaml:70:5: track county: the papers add up to 10 instead of the full mark 9, 1 too many",
            )
        ],
    ),
    (
        "neither points nor weight",
        [("satisfaction, weight: 1}", "satisfaction}")],
        [
            (
                "scheme.yaml:55:13: satisfaction 既没有 points 也没有 weight",
                "scheme.yaml:55:13: satisfaction has neither points nor weight",
            )
        ],
    ),
    (
        "both points and weight",
        [("conduct, points: 10}", "conduct, points: 10, weight: 1}")],
        [
            (
                "scheme.yaml:71:42: conduct 同时有 points 和 weight，只能用一种",
                "scheme.yaml:71:42: conduct has both points and weight, only one of them can stand",
            )
        ],
    ),
    (
        "points and weight mixed",
        [("satisfaction, weight: 1}", "satisfaction, points: 1}")],
        [
            (
                "scheme.yaml:50:9: air 的下级混用 points（satisfaction）和 weight（pm25），只能用一种",
                ("scheme.yaml:50:9: below air some have points (satisfaction) and some weight (pm25), siblings do not mix them"),
            )
        ],
    ),
    (
        "no class at all",
        [("{default: 40, north: 20}", "{by: class}")],
        [
            (
                "scheme.yaml:48:41: gdp_per_capita.points 既没有 default 也没有任何类",
                "scheme.yaml:48:41: gdp_per_capita.points has neither a default nor any class",
            ),
            (
                "scheme.yaml:48:41: gdp_per_capita.points：没有 class 为 north 的一项，也没有 default",
                "scheme.yaml:48:41: gdp_per_capita.points has no entry where class is north, and no default",
            ),
            (
                "scheme.yaml:48:41: gdp_per_capita.points：没有 class 为 south 的一项，也没有 default",
                "scheme.yaml:48:41: gdp_per_capita.points has no entry where class is south, and no default",
            ),
        ],
    ),
    (
        "weights zero",
        [("{by: role, default: 1, port: 2}", "0"), ("satisfaction, weight: 1}", "satisfaction, weight: {default: 1, north: 0}}")],
        [("scheme.yaml:53:9: air（north）：各下级权重全为 0", "scheme.yaml:53:9: air (north): all weights below are 0")],
    ),
    (
        "class without units",
        [("north: 20}", "nroth: 20}")],
        [
            (
                "scheme.yaml:46:17: economy（north）：各下级分值合计 80，应为 60，多 20 分",
                "scheme.yaml:46:17: economy (north): the points below add up to 80 instead of 60, 20 too many",
            ),
            (
                "scheme.yaml:46:17: economy（nroth）：各下级分值合计 40，应为 60，少 20 分",
                "scheme.yaml:46:17: economy (nroth): the points below add up to 40 instead of 60, 20 missing",
            ),
            (
                "scheme.yaml:48:63: gdp_per_capita.points：序列 city 没有 nroth 类的单位（是否想写 north？）",
                ("scheme.yaml:48:63: gdp_per_capita.points: track city has no unit of class nroth (did you mean north?)"),
            ),
        ],
    ),
    (
        "value without units",
        [("port: 2}", "prot: 2}")],
        [
            (
                "scheme.yaml:54:62: pm25.weight：序列 city 没有 role 为 prot 的单位（是否想写 port？）",
                "scheme.yaml:54:62: pm25.weight: track city has no unit whose role is prot (did you mean port?)",
            )
        ],
    ),
    (
        "class without amount",
        [("{default: 40, north: 20}", "{north: 20, south: 40}"), ("{default: 20, north: 40}", "{north: 40}")],
        [
            (
                "scheme.yaml:49:38: growth_rate.points：没有 class 为 south 的一项，也没有 default",
                "scheme.yaml:49:38: growth_rate.points has no entry where class is south, and no default",
            )
        ],
    ),
    (
        "no class and no default",
        [("conduct, points: 10}", "conduct, points: {urban: 10}}")],
        [
            (
                "scheme.yaml:71:30: conduct.points：有的单位没有填 class，而此处没有 default",
                "scheme.yaml:71:30: conduct.points: some units have no class, and there is no default here",
            ),
            (
                "scheme.yaml:71:39: conduct.points：序列 county 没有 urban 类的单位",
                "scheme.yaml:71:39: conduct.points: track county has no unit of class urban",
            ),
        ],
    ),
    (
        "unknown column",
        [("by: role", "by: rule")],
        [
            (
                "scheme.yaml:54:44: pm25.weight：单位表没有 rule 列（是否想写 role？）",
                "scheme.yaml:54:44: pm25.weight: the table of units has no column rule (did you mean role?)",
            )
        ],
    ),
    (
        "column of numbers",
        [("by: role", "by: population")],
        [
            (
                "scheme.yaml:54:44: pm25.weight：population 列是数字，不能用来区分各类；请用文字列",
                (
                    "scheme.yaml:54:44: pm25.weight: the column population holds numbers and cannot tell "
                    "classes apart; use a column of texts"
                ),
            )
        ],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_described_at_its_place(changes: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    (old, new), *more = changes
    assert problems_of(with_line(old, new, *more)) == expected
