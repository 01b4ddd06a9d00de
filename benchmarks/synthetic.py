"""Made-up assessments of any size, in memory and as folders, for the benchmarks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tongkao.folder.assessment import Assessment
from tongkao.scheme.model import Scheme
from tongkao.tables import OBSERVATIONS


def tree_scheme(indicators: int, *, papers: int = 3, dimensions: int = 10, missing: str = "error") -> Scheme:
    """Min-max indicators below dimensions below papers: three levels of weighted means."""
    names = [f"i{number}" for number in range(indicators)]
    weights = np.random.default_rng(1).integers(1, 10, indicators)
    inner: list[list[dict[str, Any]]] = [[] for _ in range(dimensions)]
    for number, name in enumerate(names):
        inner[number % dimensions].append({"indicator": name, "weight": float(weights[number])})
    outer: list[list[dict[str, Any]]] = [[] for _ in range(papers)]
    for number, children in enumerate(inner):
        outer[number % papers].append({"id": f"d{number}", "title": f"d{number}", "weight": 1.0, "children": children})
    return Scheme.model_validate(
        {
            "tongkao": 1,
            "id": "benchmark",
            "title": "benchmark",
            "year": 2020,
            "missing": missing,
            "indicators": {
                name: {
                    "title": name,
                    "direction": "down" if number % 3 == 0 else "up",
                    "score": {"method": "minmax", "low": 0.0, "high": 100.0},
                }
                for number, name in enumerate(names)
            },
            "tracks": {
                "city": {
                    "title": "city",
                    "tree": [
                        {"id": f"p{number}", "title": f"p{number}", "weight": 1.0, "children": children}
                        for number, children in enumerate(outer)
                    ],
                }
            },
        }
    )


def assessment(units: int, indicators: int, *, missing_share: float = 0.0, seed: int = 7, observed: bool = True) -> Assessment:
    """Units with random values; a share of the cells is missing, and their items leave.

    Without ``observed`` there are no values: for benchmarks that bring arrays of their own.
    """
    if not observed:
        return Assessment(_tree(indicators, missing_share), "", _units(units), OBSERVATIONS.empty())
    chance = np.random.default_rng(seed)
    values = np.round(chance.gamma(4.0, 10.0, (units, indicators)), 2)
    unit_ids = [f"u{number:06d}" for number in range(units)]
    names = [f"i{number}" for number in range(indicators)]
    gone = chance.random((units, indicators)) < missing_share
    cells = pl.Series(values.ravel())
    return Assessment(
        _tree(indicators, missing_share),
        "",
        _units(units),
        pl.DataFrame(
            {
                "unit": np.repeat(unit_ids, indicators),
                "indicator": np.tile(names, units),
                "period": pl.Series(["2020"]).new_from_index(0, units * indicators),
                "value": cells.set(pl.Series(gone.ravel()), None) if missing_share else cells,
                "state": np.where(gone.ravel(), "missing", "reported"),
                "source": pl.Series([""]).new_from_index(0, units * indicators),
            }
        ),
    )


def _tree(indicators: int, missing_share: float) -> Scheme:
    return tree_scheme(indicators, missing="redistribute" if missing_share else "error")


def _units(units: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit": [f"u{number:06d}" for number in range(units)],
            "track": ["city"] * units,
            "class": [("north", "central", "south")[number % 3] for number in range(units)],
            "name_zh": [""] * units,
            "name_en": [""] * units,
            "parent": [""] * units,
        }
    )


def write_folder(path: Path, *, units: int, indicators: int, seed: int = 7) -> None:
    """A whole folder with classes, weights by class, events, tiers, awards and history."""
    path.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    classes = ("north", "central", "south")
    lines = ["tongkao: 1", "id: benchmark", "title: {zh: 测试, en: Benchmark}", "year: 2020", "full_mark: 1000"]
    lines += ["rounding: {at: [total], places: 2}", "missing: redistribute", "indicators:"]
    methods = (
        "{method: minmax, low: 60}",
        "{method: ratio_to_best}",
        "{method: rank_step, drop: 0.2}",
        "{method: percentile}",
        "{method: bands, bands: [[60, 100], [40, 90], [20, 80], [0, 60]], interpolate: true}",
    )
    for number in range(indicators):
        lines += [
            f"  i{number}:",
            f"    title: {{zh: 指标{number}, en: Indicator {number}}}",
            "    owner: 统计局",
            f"    direction: {'down' if number % 5 == 1 else 'up'}",
            f"    score: {methods[number % len(methods)]}" if number % 5 != 4 else f"    score: {methods[4]}",
        ]
    lines += ["tracks:", "  city:", "    title: {zh: 设区市, en: Cities}", "    tree:"]
    dimensions = [list(range(start, indicators, 15)) for start in range(15)]
    for paper in range(3):
        lines += [f"      - id: paper{paper}", f"        title: 考卷{paper}", "        weight: 1", "        children:"]
        for dimension in dimensions[paper::3]:
            lines += [f"          - id: d{dimension[0]}", f"            title: 维度{dimension[0]}", "            weight: 1"]
            lines += ["            children:"]
            lines += [
                f"              - {{indicator: i{number}, weight: {{default: {1 + number % 4}, north: {1 + number % 3}}}}}"
                for number in dimension
            ]
    lines += [
        "    tiers:",
        "      - {id: first, title: 第一等次, share: 0.3, gates: {paper0: 30}}",
        "      - {id: second, title: 第二等次, share: 0.4}",
        "      - {id: third, title: 第三等次}",
        "    backfill: true",
        "    ties: {by: [paper0], otherwise: share}",
        "    awards:",
        '      - {id: advancement, title: 争先进位奖, when: rank_change >= 5 and tier != "first"}',
        "events:",
        "  ledger: {title: 台账, effect: {deduct: 0.5, cap: 3}}",
        "  praise: {title: 表彰, effect: {bonus: 1, cap: 5}}",
        "  fire: {title: 火灾, effect: {tier_down: 1}}",
    ]
    (path / "scheme.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = [f"u{number:05d}" for number in range(units)]
    pl.DataFrame({"unit": names, "track": ["city"] * units, "class": [classes[number % 3] for number in range(units)]}).write_csv(
        path / "units.csv"
    )
    values = np.round(chance.gamma(4.0, 10.0, units * indicators), 2)
    pl.DataFrame(
        {
            "unit": np.repeat(names, indicators),
            "indicator": np.tile([f"i{number}" for number in range(indicators)], units),
            "period": ["2020"] * (units * indicators),
            "value": pl.Series(values).set(pl.Series(chance.random(units * indicators) < 0.02), None),
        }
    ).write_csv(path / "observations.csv")
    pl.DataFrame({"event": [("ledger", "praise", "fire")[number % 3] for number in range(60)], "unit": names[:60]}).write_csv(
        path / "events.csv"
    )
    pl.DataFrame(
        {
            "year": [year for year in (2018, 2019) for _ in names],
            "track": ["city"] * (2 * units),
            "unit": names * 2,
            "total": np.round(chance.random(2 * units) * 1000, 2),
            "rank": [*range(1, units + 1), *range(units, 0, -1)],
            "tier": ["first" if number < units // 3 else "second" for number in range(units)] * 2,
        }
    ).write_csv(path / "history.csv")
