"""Random rules about places: events, tiers, awards and the history they look at."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from .random_tree import Row, number

YEAR = 2020


def event_rules(at: str, last_tier: str, scaled: Callable[[float], int | float]) -> dict[str, Row]:
    return {
        "praise": {"bonus": scaled(1), "cap": scaled(2)},
        "gift": {"bonus": scaled(0.7), "at": at},
        "ledger": {"deduct": scaled(0.5), "cap": scaled(3)},
        "late": {"deduct": scaled(1.2), "cap": scaled(2.5), "at": at},
        "false_data": {"void": "indicator", "deduct": scaled(2), "cap": scaled(4)},
        "withdrawn": {"void": "indicator"},
        "accident": {"tier_at_most": "second"},
        "scandal": {"tier_at_most": last_tier, "deduct": scaled(1)},
        "fire": {"tier_down": 1},
        "flood": {"tier_down": 2},
        "veto": {"disqualify": True},
    }


def make_tier(rng: Random, name: str, count: int, nodes: list[str], full_mark: Fraction) -> Row:
    tier: Row = {"id": name, "title": name}
    if rng.random() < 0.5:
        tier["count"] = rng.randint(0 if count > 3 else 1, max(1, count // 3))
    else:
        tier["share"] = rng.choice([0.1, 0.2, 0.25, 0.3, 0.4, 0.5])
    if rng.random() < 0.25:
        tier["gates"] = {node: rng.choice([40, 50, 60, 62.5]) for node in rng.sample(nodes, min(len(nodes), rng.randint(1, 2)))}
    if rng.random() < 0.15:
        tier["score"] = number(full_mark * rng.choice([40, 50, 60, 70]) / 100)
    return tier


def make_awards(rng: Random, nodes: list[str], tier_ids: list[str], full_mark: Fraction, events: list[str]) -> list[Row]:
    node = rng.choice(nodes)
    rules: list[Row] = [
        {"when": 'rank_change >= 2 and tier != "first"'},
        {"when": 'streak("first") >= 2'},
        {"when": 'first_time("first")'},
        {"when": f'streak("{tier_ids[-1]}") == 3 and rank > 1'},
        {"when": 'rank_last <= 3 and rank <= 3 and tier_last == "first"'},
        {"when": f"rank <= 10 and total >= {number(full_mark * 7 / 10)}"},
        {"when": f'rate("{node}") >= 60 and tier == "second"'},
        {"when": "rank_change > 0 or rank_change == 0"},
        {"top": rng.randint(1, 3), "by": "total"},
        {"top": rng.randint(1, 3), "by": "rank_change"},
        {"top": rng.randint(1, 2), "by": f'rate("{node}")', "each": "class"},
        {"top": 1, "by": "total", "each": "class"},
    ]
    if events:
        event = rng.choice(events)
        rules += [{"when": f'event("{event}") and rank >= 1'}, {"when": f'not event("{event}") and tier == "first"'}]
    picked = rng.sample(rules, rng.randint(0, 5))
    return [{"id": f"award{place}", "title": f"award{place}", **rule} for place, rule in enumerate(picked)]


def make_history(rng: Random, track: str, units: list[Row], tier_ids: list[str], full_mark: Fraction) -> list[Row]:
    history: list[Row] = []
    for year in range(YEAR - rng.randint(1, 3), YEAR):
        order = [unit["unit"] for unit in units if rng.random() < 0.85]
        rng.shuffle(order)
        for place, unit in enumerate(order):
            tier = tier_ids[min(len(tier_ids) - 1, place * len(tier_ids) // max(1, len(order)))]
            row = {"year": year, "track": track, "unit": unit, "total": number(full_mark * (90 - place) / 100)}
            history.append(row | {"rank": place + 1, "tier": tier})
    return history
