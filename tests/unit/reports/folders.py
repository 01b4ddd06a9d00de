"""Two made-up assessment folders: one small enough to mark by hand, one that fills every table of an output."""

from __future__ import annotations

import csv
import random
from pathlib import Path

SMALL_SCHEME = """\
tongkao: 1
id: small-2020
title: {zh: 小例, en: Small example}
year: 2020
rounding: {at: [total], places: 2}
indicators:
  growth:
    title: {zh: 增速, en: Growth}
    score: {method: identity}
  air:
    title: {zh: 空气, en: Air}
    direction: down
    score: {method: minmax, low: 60, high: 100}
tracks:
  city:
    title: {zh: 设区市, en: Cities}
    unranked: [zone]
    tree:
      - {indicator: growth, points: 60}
      - {indicator: air, points: 40}
    tiers:
      - {id: first, title: {zh: 第一等次, en: First tier}, count: 1}
      - {id: second, title: {zh: 第二等次, en: Second tier}}
    awards:
      - {id: rise, title: {zh: 进步奖, en: Rising award}, when: rank_change >= 1}
"""

SMALL_TABLES = {
    "units.csv": """\
unit,track,name_zh,name_en
a,city,甲市,Jia
b,city,乙市,Yi
c,city,丙市,Bing
zone,city,新区,New Zone
""",
    "observations.csv": """\
unit,indicator,value
a,growth,90
b,growth,80
c,growth,70
zone,growth,85
a,air,30
b,air,20
c,air,40
zone,air,25
""",
    "history.csv": """\
year,track,unit,total,rank,tier
2019,city,a,90,1,first
2019,city,b,80,2,second
2019,city,c,70,3,second
""",
}


def small_folder(path: Path, *changes: tuple[str, str, str]) -> Path:
    """Write the small folder.

    Args:
        path: Where.
        *changes: File, text in it and what stands there instead.
    """
    path.mkdir(parents=True)
    for name, text in {"scheme.yaml": SMALL_SCHEME, **SMALL_TABLES}.items():
        for file, old, new in changes:
            if file == name:
                assert old in text
                text = text.replace(old, new)
        (path / name).write_text(text, encoding="utf-8")
    return path


FULL_SCHEME = """\
tongkao: 1
id: full-2020
title: {zh: 大例, en: Full example}
year: 2020
panel: {years: [2019, 2020], range: year}
missing: redistribute
indicators:
  growth:
    title: {zh: 增速, en: Growth}
    treat: {method: winsorise, max: 2, skew: 1, kurtosis: 2}
    score: {method: minmax}
  air:
    title: {zh: 空气, en: Air}
    direction: down
    score: {method: zscore, mean: 80, sd: 7}
  trust:
    title: {zh: 信任, en: Trust}
    score: {method: identity}
tracks:
  city:
    title: {zh: 设区市, en: Cities}
    tree: &tree
      - id: results
        title: {zh: 实绩, en: Results}
        points: 70
        children:
          - {indicator: growth, points: {default: 40, north: 30}}
          - {indicator: air, points: {default: 30, north: 40}}
      - {indicator: trust, points: 30}
    tiers:
      - {id: first, title: {zh: 第一等次, en: First tier}, count: 2}
      - {id: second, title: {zh: 第二等次, en: Second tier}}
    quotas:
      - {id: advanced, track: county, nominations: {first: 2, second: 1}, list_size: 4}
  county:
    title: {zh: 县, en: Counties}
    rank_within: class
    tree: *tree
events:
  praise: {title: {zh: 表彰, en: Praise}, effect: {bonus: 0.3, cap: 2}}
"""


def full_folder(path: Path, *, order: int = 0) -> Path:
    """Write the folder that fills every table; figures come from a fixed seed, the order of all rows from ``order``."""
    made = random.Random(2020)
    cities = [f"city{number:02}" for number in range(12)]
    counties = [f"county{number:02}" for number in range(60)]
    units = [[unit, "city" if unit in cities else "county", made.choice(["north", "south"])] for unit in cities + counties]
    observations = [
        [unit, indicator, year, "" if made.random() < 0.05 else round(made.uniform(20, 95), made.choice([0, 1, 3, 9]))]
        for unit, _, _ in units
        for indicator in ("growth", "air", "trust")
        for year in (2019, 2020)
    ]
    tables = {
        "units": [["unit", "track", "class"], *units],
        "observations": [["unit", "indicator", "period", "value"], *observations],
        "events": [["event", "unit", "count"], *(["praise", made.choice(cities), made.choice([1, 2, 7])] for _ in range(9))],
        "history": [["year", "track", "unit", "rank"], *([2019, "city", unit, rank + 1] for rank, unit in enumerate(cities))],
        "nominations": [
            ["quota", "city", "unit", "order"],
            *(["advanced", city, counties[n], 1] for n, city in enumerate(cities)),
        ],
    }
    shuffle = random.Random(order)
    path.mkdir(parents=True)
    (path / "scheme.yaml").write_text(FULL_SCHEME, encoding="utf-8")
    for name, (header, *rows) in tables.items():
        if order:
            shuffle.shuffle(rows)
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
