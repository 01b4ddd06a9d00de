"""An invented composite index that uses the extensions of the format: screening, least share, treatment, distances, means."""

from __future__ import annotations

from pathlib import Path

import tongkao
from tongkao import Result

SCHEME = """\
tongkao: 1
id: index-2020
title: {zh: 虚构指数, en: Invented index}
year: 2020
full_mark: 1
missing: redistribute
panel: {years: [2019, 2020], range: year}
indicators:
  roads: {title: {zh: 道路, en: Roads}, denominate: area, score: {method: distance_to_reference, unit: a}}
  ports: {title: {zh: 港口, en: Ports}, treat: {method: clip, high: 60}, score: {method: distance_to_target}}
  trade:
    title: {zh: 贸易, en: Trade}
    missing: {impute: row_mean, within: parent, otherwise: redistribute}
    score: {method: minmax, low: 1}
  talks:
    title: {zh: 会谈, en: Talks}
    missing: {interpolate: constant, otherwise: redistribute}
    score: {method: ascending_rank, minus: 1}
  links: {title: {zh: 联系, en: Links}, treat: {method: log}, score: {method: zscore, mean: 50, sd: 10}}
  notes: {title: {zh: 照会, en: Notes}, score: {method: percentile}}
tracks:
  land:
    title: {zh: 地区, en: Lands}
    screen: {availability: 0.5}
    aggregate: {power: 0.5}
    tree:
      - id: physical
        title: {zh: 实物, en: Physical}
        weight: 1
        aggregate: MEAN
        children: [{indicator: roads, weight: 1}, {indicator: ports, weight: 1}, {indicator: trade, weight: 2}]
      - id: political
        title: {zh: 政治, en: Political}
        weight: 1
        least_available: 0.6
        children: [{indicator: talks, weight: 1}, {indicator: links, weight: 1}, {indicator: notes, weight: 1}]
"""
UNITS = "unit,track,area\na,land,2\nb,land,4\nc,land,5\nd,land,10\ne,land,8\n"
VALUES = {
    "a": {"roads": 20, "ports": 80, "trade": 7, "talks": 3, "links": 5, "notes": 2},
    "b": {"roads": 20, "ports": 50, "talks": 1, "links": 9, "notes": 4},
    "c": {"roads": 35, "ports": 40, "trade": 4, "notes": 9},
    "d": {"roads": 30, "ports": 10, "trade": 1, "talks": 8, "links": 100, "notes": 6},
    "e": {"roads": 8},
}
TARGETS = "unit,indicator,period,target\n,ports,2020,70\n,ports,2019,70\n"


def marked(folder: Path, mean: str = "arithmetic") -> Result:
    """Write and mark the folder.

    Args:
        folder: Where.
        mean: How the first dimension combines.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["unit,indicator,period,value"]
    for unit, values in VALUES.items():
        for indicator, value in values.items():
            rows += [f"{unit},{indicator},2020,{value}", f"{unit},{indicator},2019,{value + 1}"]
    (folder / "scheme.yaml").write_text(SCHEME.replace("MEAN", mean), encoding="utf-8")
    (folder / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "observations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "targets.csv").write_text(TARGETS, encoding="utf-8")
    return tongkao.score(tongkao.read_folder(folder))
