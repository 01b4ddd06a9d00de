"""Charts: valid, spoken, calm; no text runs into another or off the page, whatever the names, the number and the width."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongkao.errors import Lang
from tongkao.reports.charts import (
    DESK,
    PHONE,
    Index,
    Interval,
    Swing,
    draw_bars,
    draw_bump,
    draw_heat,
    draw_intervals,
    draw_tornado,
)
from tongkao.reports.charts.bump import spread_out
from tongkao.reports.charts.common import nice_ticks, place_ticks, plain
from tongkao.reports.charts.heat import is_dark
from tongkao.reports.charts.text import clean, cut, escape, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
ZH = [
    "南京市",
    "新疆生产建设兵团第十三师新星市黄田农场管理委员会",
    "连云港市",
    '<b>&"市"',
    "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗",
]
EN = [
    "Nanjing",
    "Administrative Committee of the Suzhou Industrial Park",
    "Lianyungang",
    '<b>&"x"',
    "Llanfairpwllgwyngyllgogerychwyrn",
]
Draw = Callable[[int, Lang, float], str]


def _names(n: int, lang: Lang) -> list[str]:
    first = ZH if lang == "zh" else EN
    return [*first, *(f"第{place}县" if lang == "zh" else f"County {place}" for place in range(n))][:n]


def _ranks(n: int, columns: int) -> np.ndarray:
    chance = np.random.default_rng(n)
    base = np.arange(n) + chance.normal(0, 0.1 * n + 0.5, (columns, n))
    return base.argsort(axis=1).argsort(axis=1) + 1


def _intervals(n: int, lang: Lang, width: float) -> str:
    ranks = _ranks(n, 400)
    quantiles = np.quantile(ranks, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    units = [
        Interval(name, unit + 1.0, low, high, median, (first, third))
        for unit, (name, low, first, median, third, high) in enumerate(zip(_names(n, lang), *quantiles.tolist(), strict=True))
    ]
    tiers = [("第一等次" if lang == "zh" else "First tier", max(1, n // 3)), ("第二等次" if lang == "zh" else "Second tier", n)]
    return draw_intervals(units, lang=lang, width=width, tiers=tiers if n > 2 else [], subtitle="x" * 30)


def _heat(n: int, lang: Lang, width: float) -> str:
    ranks = _ranks(n, 400)
    shares = np.array([[(ranks[:, unit] == place).mean() for place in range(1, n + 1)] for unit in range(n)])
    return draw_heat(_names(n, lang), shares, lang=lang, width=width, places=list(range(1, n + 1)))


def _bump(n: int, lang: Lang, width: float) -> str:
    columns = (
        ["方案", "等权", "去掉常住人口城镇化率", "CRITIC"]
        if lang == "zh"
        else ["scheme", "equal", "without urbanisation", "CRITIC"]
    )
    return draw_bump(_names(n, lang), columns, _ranks(n, 4).T.astype(float), lang=lang, width=width)


def _bars(n: int, lang: Lang, width: float) -> str:
    chance = np.random.default_rng(n)
    bars = [Index(name, *sorted(chance.random(2)), (0.1, 0.3), (-0.2, 1.1)) for name in _names(min(n, 20), lang)]
    return draw_bars(bars, lang=lang, width=width)


def _tornado(n: int, lang: Lang, width: float) -> str:
    chance = np.random.default_rng(n)
    swings = []
    for place, name in enumerate(_names(min(n, 20), lang)):
        low, high = 5 - 4 * chance.random(), 5 + 8 * chance.random()
        swings.append(Swing(name, low, high, ZH[place % 5], EN[place % 5]) if place else Swing(name, 5.0, 5.0))
    return draw_tornado(swings, nominal=5.0, lang=lang, width=width, axis="名次")


CHARTS: dict[str, Draw] = {"intervals": _intervals, "heat": _heat, "bump": _bump, "bars": _bars, "tornado": _tornado}


def _boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right, bottom and text of every text."""
    boxes = []
    for element in ET.fromstring(svg.encode()).iter(f"{SVG}text"):
        text, size = element.text or "", float(element.attrib["font-size"])
        wide = text_width(text, size, bold="font-weight" in element.attrib)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[element.attrib.get("text-anchor", "start")]
        left, base = float(element.attrib["x"]) - shift * wide, float(element.attrib["y"])
        boxes.append((left, base - 0.75 * size, left + wide, base + 0.1 * size, text))
    return boxes


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("n", [1, 2, 13, 60, 300])
@pytest.mark.parametrize("chart", CHARTS)
def test_no_text_meets_another_or_leaves_the_page(chart: str, n: int, lang: Lang, width: float) -> None:
    svg = CHARTS[chart](n, lang, width)
    root = ET.fromstring(svg.encode())
    boxes = _boxes(svg)
    assert boxes
    outside = [text for left, top, right, bottom, text in boxes if left < 0 or top < 0 or right > width + 0.5]
    assert outside == []
    assert all(bottom <= float(root.attrib["height"]) for *_, bottom, _ in boxes)
    slack = 0.5
    ordered = sorted(boxes, key=lambda box: box[1])
    for place, (left, _, right, bottom, text) in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if other[1] >= bottom - slack:
                break
            meets = left < other[2] - slack and other[0] < right - slack
            assert not meets, f"{text!r} meets {other[4]!r}"


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_stands_alone_and_is_spoken(chart: str) -> None:
    svg = CHARTS[chart](13, "zh", DESK)
    root = ET.fromstring(svg.encode())
    assert root.tag == f"{SVG}svg"
    assert (root.attrib["role"], root.attrib["lang"]) == ("img", "zh-CN")
    title, desc = root.attrib["aria-labelledby"].split()
    spoken = {element.attrib["id"]: element.text for element in root if "id" in element.attrib}
    assert spoken[title]
    assert spoken[desc]
    assert re.findall(r"https?://[^\"']*", svg) == ["http://www.w3.org/2000/svg"]
    assert "<style" not in svg
    assert "<script" not in svg
    assert svg == CHARTS[chart](13, "zh", DESK)
    assert 'lang="en"' in CHARTS[chart](13, "en", DESK)


@pytest.mark.parametrize("chart", CHARTS)
def test_ids_of_several_charts_in_one_page_differ(chart: str) -> None:
    svg = CHARTS[chart](3, "zh", DESK)
    ids = re.findall(r' id="([^"]*)"', svg)
    assert ids
    assert all(name.startswith(f"{chart}-") for name in ids)


def test_rank_intervals_say_what_they_show() -> None:
    units = [
        Interval("甲", 1, 1, 1, 1),
        Interval("乙", 2, 2, 3, 2),
        Interval("丙", 3, 2, 3, 3),
        Interval("新", *[float("nan")] * 4),
    ]
    svg = draw_intervals(units, lang="zh", tiers=[("第一等次", 1), ("第二等次", 4)])
    root = ET.fromstring(svg.encode())
    texts = [text for *_, text in _boxes(svg)]
    assert texts[texts.index("区间") :] == [
        *("区间", "甲", "1", "乙", "2–3", "丙", "2–3", "新", "–"),
        *("1", "2", "3", "4", "名次（左边靠前）"),
    ]
    labels = [element.findtext(f"{SVG}title") for element in root.iter(f"{SVG}g")]
    assert labels[:3] == [
        "甲：按方案第 1 名，区间第 1 至第 1 名",
        "乙：按方案第 2 名，区间第 2 至第 3 名",
        "丙：按方案第 3 名，区间第 2 至第 3 名",
    ]
    assert (
        root.findtext(f"{SVG}desc") == "共 4 个单位，4 个名次。区间最宽的是乙（第 2 至第 3 名）；区间只有一个名次的单位有 1 个。"
    )


def test_shares_of_neighbouring_places_are_added_where_there_is_no_room() -> None:
    shares = np.eye(100) * 0.5 + np.roll(np.eye(100), 1, axis=1) * 0.5
    svg = draw_heat([str(unit) for unit in range(100)], shares, lang="en", width=PHONE)
    texts = [text for *_, text in _boxes(svg)]
    heads = [text for text in texts if re.fullmatch(r"\d+–\d+", text)]
    assert heads == ["1–20", "21–40", "41–60", "61–80", "81–100"]
    assert texts.count("50") == 2 * 5 + 1  # five units sit on a border, and one is called so
    assert texts.count("100") == 95


def test_a_share_that_rounds_to_nothing_is_a_dot() -> None:
    svg = draw_heat(["甲", "乙"], np.array([[0.996, 0.004], [0.005, 0.995]]), lang="zh")
    cells = [text for *_, text in _boxes(svg)][-6:]
    assert cells == ["甲", "100", "·", "乙", "·", "100"]


def test_black_or_white_is_always_read_on_a_shade() -> None:
    def luminance(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    for grey in range(256):
        light = luminance(grey / 255)
        contrast = 1.05 / (light + 0.05) if is_dark([grey] * 3) else (light + 0.05) / 0.05
        assert contrast >= 4.5, grey


def test_the_widest_swing_is_at_the_top_and_nothing_known_is_no_error() -> None:
    svg = draw_tornado([Swing("窄", 4, 5), Swing("宽", 1, 9), Swing("无", float("nan"), 2)], nominal=5, lang="zh")
    names = [text for *_, text in _boxes(svg) if text in ("窄", "宽", "无")]
    assert names == ["宽", "窄"]
    assert ET.fromstring(svg.encode()).findtext(f"{SVG}desc") == "方案的结果：5。移动最多的是宽：从 1 到 9。"
    assert "方案的结果：5。" in draw_tornado([], nominal=5, lang="zh")
    assert "没有一项选择有影响。" in draw_bars([], lang="zh")
    assert "没有单位。" in draw_heat([], np.zeros((0, 0)), lang="zh")
    assert "没有单位有名次。" in draw_intervals([], lang="zh")


def test_an_index_below_nothing_has_its_figure_and_no_bar() -> None:
    svg = draw_bars([Index("甲", -0.12, -0.001, (-0.3, -0.1), (-0.1, 0.2))], lang="zh")
    texts = [text for *_, text in _boxes(svg)]
    assert "−0.12" in texts
    assert "0.00" in texts


def test_many_units_keep_the_names_of_those_that_move_most() -> None:
    ranks = np.column_stack([np.arange(1, 101), np.arange(1, 101)]).astype(float)
    ranks[[0, 99], 1] = [100, 1]
    svg = draw_bump([f"u{unit}" for unit in range(100)], ["前", "后"], ranks, lang="zh")
    texts = [text for *_, text in _boxes(svg)]
    assert {"u0 1", "u99 100", "100 u0", "1 u99"} <= set(texts)
    assert "黑线是名次变动最大的 14 个单位，其余 86 个为灰线；线型只为便于分辨。" in texts


@given(st.lists(st.floats(0, 1000), max_size=60), st.floats(1, 30))
def test_names_pushed_apart_keep_their_order_and_distance(wanted: list[float], step: float) -> None:
    spots = spread_out(sorted(wanted), step, 0.0, 1e9)
    assert len(spots) == len(wanted)
    assert all(after - before >= step - 1e-6 for before, after in pairwise(spots))
    assert all(spot >= -1e-6 for spot in spots)


def test_names_that_have_room_stay_where_they_are() -> None:
    assert spread_out([10.0, 40.0, 80.0], 20, 0, 100) == [10.0, 40.0, 80.0]
    assert spread_out([10.0, 12.0], 20, 0, 100) == [1.0, 21.0]
    assert spread_out([2.0, 2.0], 20, 0, 100) == [0.0, 20.0]
    assert spread_out([99.0, 99.0], 20, 0, 100) == [80.0, 100.0]


@given(st.text(max_size=60), st.floats(40, 400))
def test_lines_hold_the_whole_text_and_keep_to_their_width(text: str, width: float) -> None:
    lines = wrap(text, 12, width)
    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")
    # One mark that must not begin a line, and one that must not end it, may stand out.
    assert all(text_width(line, 12) <= width + 24 or len(line) <= 2 for line in lines)


def test_where_lines_break() -> None:
    assert wrap("地区生产总值年均增速（现价）", 10, 115) == ["地区生产总值年均增速", "（现价）"]
    assert wrap("Share of services in GDP", 10, 80) == ["Share of", "services in GDP"]
    assert wrap("abcdefghij", 10, 30) == ["abcde", "fghij"]
    assert wrap("", 10, 30) == [""]
    assert wrap("一二三四，五", 10, 40) == ["一二三", "四，五"]
    assert wrap("共 25 %，好", 10, 38) == ["共", "25 %，", "好"]
    assert wrap("一二三四五六七八", 10, 40, most=1) == ["一二三…"]
    assert cut("一二", 10, 40) == "一二"
    assert escape('<&">\x00') == "&lt;&amp;&quot;&gt;\ufffd"


def test_ticks() -> None:
    assert place_ticks(13, 20) == list(range(1, 14))
    assert place_ticks(13, 5) == [1, 5, 10, 13]
    assert place_ticks(300, 9) == [1, 50, 100, 150, 200, 250, 300]
    assert place_ticks(1, 5) == [1]
    assert nice_ticks(0, 1, 6) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert nice_ticks(3, 3, 5) == [3]
    assert nice_ticks(-0.07, 0.23, 4) == [0.0, 0.1, 0.2]


def test_numbers_for_people() -> None:
    assert [plain(value, 1) for value in (1.0, 2.25, -0.04, -3.5, 10)] == ["1", "2.2", "0", "−3.5", "10"]
