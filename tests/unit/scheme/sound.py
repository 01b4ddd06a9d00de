"""A sound scheme that shows every feature, and what is known of its invented data; a change of a line makes a faulty one."""

from __future__ import annotations

from typing import Any

from tongkao.scheme.loader import load_scheme
from tongkao.scheme.validator import validate

SOUND = """\
tongkao: 1
id: sound-2020
title: {zh: 样例, en: Sample}
year: 2020
full_mark: 100
rounding: {at: [dimension, total], places: 2, mode: half_up}
missing: zero
treat: {method: clip, low: 0, high: 1000}
steps: [denominate, impute, screen, treat, score]
panel: {years: [2019, 2020], range: year}
indicators:
  gdp_per_capita:
    title: {zh: 人均产值, en: GDP per capita}
    value: gdp * 10000 / population
    score: {method: minmax, low: 60, high: 100, goalposts: [1, 9], cap: 100, floor: 50}
    missing: {impute: mean, within: class, otherwise: zero}
    treat: none
  pm25:
    title: {zh: 细颗粒物, en: PM2.5}
    direction: down
    score: {method: bands, bands: [[20, 100], [40, 80], [60, 0]]}
    missing: {impute: row_mean, within: parent, otherwise: {interpolate: linear}}
    binding: {require: value <= target, effect: {deduct: 2, at: air, tier_at_most: second}}
  growth_rate:
    title: {zh: 增长, en: Growth}
    denominate: population
    score:
      method: mix
      parts:
        - {share: 0.4, score: {method: target}}
        - {share: 0.6, value: "growth(growth_rate)", score: {method: rank_linear, low: 10, high: 90}}
  satisfaction:
    title: {zh: 满意度, en: Satisfaction}
    score: {method: distance_to_reference, unit: yi}
  conduct:
    title: {zh: 作风, en: Conduct}
    score: {method: challenge, base: 80, cap: 100}
tracks:
  city:
    title: {zh: 设区市, en: Cities}
    unranked: [ding]
    screen: {availability: 0.5}
    tree:
      - id: economy
        title: {zh: 经济, en: Economy}
        points: 60
        children:
          - {indicator: gdp_per_capita, points: {default: 40, north: 20}}
          - {indicator: growth_rate, points: {default: 20, north: 40}}
      - id: air
        title: {zh: 空气, en: Air}
        points: 40
        children:
          - {indicator: pm25, weight: {by: role, default: 1, port: 2}}
          - {indicator: satisfaction, weight: 1}
    tiers:
      - {id: first, title: 一等, count: 1, gates: {economy: 60}}
      - {id: second, title: 二等, share: 0.5, score: 70}
      - {id: third, title: 三等}
    ties: {by: [economy, pm25]}
    awards:
      - {id: rise, title: 进位, when: rank_change >= 1 and tier != "third"}
      - {id: best, title: 最佳, top: 1, by: rate("economy") + event("praise")}
    quotas:
      - {id: counties, track: county, nominations: {first: 2, second: 1}, list_size: 3}
    limits: {bonus: 5, deduct: 5}
  county:
    title: {zh: 县, en: Counties}
    full_mark: 10
    tree:
      - {indicator: conduct, points: 10}
events:
  praise: {title: 表彰, effect: {bonus: 1, cap: 3, at: economy}}
  fraud: {title: 造假, effect: {void: indicator, tier_at_most: second}}
"""


def rows(track: str, columns: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Rows of unit columns that occur in the invented data."""
    table = {
        "city": [{"class": "north", "role": "port"}, {"class": "south", "role": "inland"}, {"class": "south", "role": "port"}],
        "county": [{"class": "", "role": "inland"}],
    }[track]
    return {tuple(row[column] for column in columns) for row in table}


KNOWN: dict[str, Any] = {
    "classes": {"city": {"north", "south"}, "county": {""}},
    "columns": {"population": "number", "role": "text"},
    "observed": {"gdp", "growth_rate", "pm25", "satisfaction", "conduct"},
    "units": {"city": ["jia", "yi", "bing", "ding"], "county": ["wu"]},
    "combinations": rows,
}


def with_line(old: str, new: str, *more: tuple[str, str]) -> str:
    """The sound scheme with one piece of text (that stands there once) put in place of another."""
    text = SOUND
    for before, after in ((old, new), *more):
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    return text


def problems_of(text: str, **known: Any) -> list[tuple[str, str]]:
    """Every problem of a scheme whose shape is sound, in Chinese and in English."""
    scheme, problems, positions = load_scheme(text)
    assert scheme is not None, [problem.describe("en") for problem in problems]
    return [(problem.describe("zh"), problem.describe("en")) for problem in validate(scheme, positions, **(known or KNOWN))]
