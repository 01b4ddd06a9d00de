"""Random assessment folders that are valid: every feature of the format in small, with many exact ties."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from .kinds import Kind, Series, Wishes, make
from .random_rules import YEAR, event_rules, make_awards, make_history, make_tier
from .random_tree import Row, TreeMaker, node_ids, number

TIERS = ["first", "second", "third", "fourth", "fifth"]
UNIT_COLUMNS = ["unit", "track", "class", "name_zh", "name_en", "parent", "population", "area", "region", "role"]


def generate(seed: int, path: str | Path) -> None:
    """Write the assessment folder of this seed."""
    _Generator(Random(seed), seed).write(Path(path))


class _Generator:
    def __init__(self, rng: Random, seed: int) -> None:
        self.rng = rng
        mode = rng.random()
        self.delicate = mode < 0.15  # aggregates that need rates > 0
        self.copeland = 0.15 <= mode < 0.25
        self.coarse = mode >= 0.85  # totals in whole points: many units share a rank
        marks = ["10", "10", "100"] if self.coarse else ["1", "100", "100", "1000", "1750", "10", "150"]
        self.full_mark = Fraction(rng.choice(marks))
        self.scheme: Row = {
            "tongkao": 1,
            "id": f"generated-{seed}",
            "title": rng.choice(["随机案例", {"zh": "随机案例", "en": "Random case"}]),
            "year": YEAR,
            "full_mark": number(self.full_mark),
            "rounding": self.rounding(),
        }
        if not self.scheme["rounding"]["at"] and self.chance(0.3):
            del self.scheme["rounding"]
        self.units: list[Row] = []
        self.observations: list[Row] = []
        self.targets: list[Row] = []
        self.events: list[Row] = []
        self.history: list[Row] = []
        self.nominations: list[Row] = []
        self.share_column = rng.choice(["points", "weight"])
        self.track_ids = ["city", "county", "organ"][: rng.choice([1, 1, 1, 2, 2, 3])]
        self.unranked: dict[str, list[str]] = {}
        self.anchors: set[str] = set()
        for place, track in enumerate(self.track_ids):
            self.make_units(track, place)
        self.policies()
        self.kinds: dict[str, Kind] = {}
        self.used = {track: self.make_indicators(track, place) for place, track in enumerate(self.track_ids)}
        self.blank = {unit["unit"] for unit in self.units if unit["unit"] not in self.anchors and self.chance(0.03)}
        for name in self.kinds:
            self.observe(name)
        self.tier_ids = TIERS[: rng.choice([2, 3, 3, 3, 4, 5])]
        self.at_signs: set[str] = set()
        self.scheme["indicators"] = {name: kind.spec for name, kind in self.kinds.items()}
        self.tree_makers = {track: self.tree_maker(track) for track in self.track_ids}
        self.trees = {track: maker.make(self.used[track]) for track, maker in self.tree_makers.items()}
        self.weights = [row for maker in self.tree_makers.values() for row in maker.weights]
        self.make_events()
        self.scheme["tracks"] = {track: self.make_track(track) for track in self.track_ids}
        self.make_quota()

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def rounding(self) -> Row:
        kinds = ["paper", "total"] if self.delicate else ["indicator", "dimension", "paper", "total"]
        at = [kind for kind in kinds if self.chance(0.35)]
        places = self.rng.randint(2 if self.delicate else 0, 3)
        if self.delicate and self.full_mark <= 10:
            places = 3
        if self.coarse:
            at, places = [*(kind for kind in at if kind == "paper"), "total"], 0
        return {"at": at, "places": places, "mode": self.rng.choice(["half_up", "half_even"])}

    def of(self, track: str) -> list[Row]:
        return [unit for unit in self.units if unit["track"] == track]

    def make_units(self, track: str, place: int) -> None:
        rng = self.rng
        count = rng.choice([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 40, 60]) if len(self.track_ids) == 1 else rng.randint(2, 14)
        if self.copeland:
            count = min(max(2, count), 25)
        classes = rng.choice([[""], ["a", "b"], ["north", "south", "central"], ["p", "q", "r", "s"]])
        seen: dict[str, str] = {}
        for serial in range(count):
            of_class = rng.choices(classes, [5, 4, 3, 1][: len(classes)])[0]
            unit = f"{'ucg'[place]}{serial:03d}"
            role = rng.choice(["core", "port", "farm"])
            if of_class not in seen:
                self.anchors.add(unit)
                seen[of_class] = role
            elif not self.delicate and not self.copeland and self.chance(0.06):
                self.unranked.setdefault(track, []).append(unit)
                role = seen[of_class]  # whatever an unranked unit has in its tree, a ranked one of its class has too
            self.units.append(
                {
                    "unit": unit,
                    "track": track,
                    "class": of_class,
                    "name_zh": f"市{serial}",
                    "name_en": f"City {serial}",
                    "parent": "u000" if place == 1 else "",
                    "population": rng.choice([50, 100, 200, 250, 400, rng.randint(60, 900)]),
                    "area": rng.choice([10, 20, 12.5]),
                    "region": rng.choice(["e", "w", "m"]),
                    "role": role,
                }
            )

    def tree_maker(self, track: str) -> TreeMaker:
        maker = TreeMaker(self.rng, self.of(track), self.full_mark, self.share_column)
        maker.fixed = self.anchors | set(self.unranked.get(track, []))
        maker.delicate, maker.copeland = self.delicate, self.copeland
        return maker

    # policies

    def settled(self) -> list[Any]:
        """Policies that give a rate."""
        rates: list[Any] = [{"floor": self.rng.choice([60, 50, 33.3])}, {"neutral": self.rng.choice([0.5, 0.6, 0.6667])}]
        return rates if self.delicate else ["zero", *rates]

    def leaving(self) -> list[Any]:
        return [] if self.copeland else ["redistribute", "redistribute_equally"]

    def imputing(self) -> Row:
        within = self.rng.choice(["track", "class", "region", "role"])
        return {
            "impute": self.rng.choice(["mean", "median"]),
            "within": within,
            "otherwise": self.rng.choice(self.settled() + self.leaving()),
        }

    def policies(self) -> None:
        self.all_leave = self.chance(0.06) and not self.copeland
        default = self.rng.choice(["error", *self.settled(), *self.leaving() * 2, self.imputing()])
        if self.all_leave:
            default = self.rng.choice(self.leaving())
        self.top_missing = default
        if default != "error" or self.chance(0.7):
            self.scheme["missing"] = default
        self.top_absent = None
        if self.copeland or self.chance(0.3):
            self.top_absent = self.rng.choice(self.settled() + ([] if self.all_leave else self.leaving()))
            self.scheme["not_applicable"] = self.top_absent

    def choose_policies(self, kind: Kind) -> None:
        rng, spec = self.rng, kind.spec
        if not self.all_leave and (kind.is_mix or self.chance(0.6)):
            choices = ["error", *self.settled(), *self.leaving() * 2]
            if not kind.is_mix:
                carried = {"carry_forward": True, "otherwise": rng.choice(self.settled() + self.leaving())}
                choices += [self.imputing(), self.imputing(), carried]
            if kind.own_value and not kind.is_mix:
                choices.append("carry_forward")
            spec["missing"] = rng.choice(choices)
        elif self.all_leave and self.chance(0.5):
            spec["missing"] = rng.choice(self.leaving())
        if self.chance(0.4):
            choices = [*self.settled(), *self.leaving() * 2]
            spec["not_applicable"] = rng.choice(choices if kind.is_mix else [*choices, self.imputing()])

    # indicators and their data

    def make_indicators(self, track: str, place: int) -> list[str]:
        rng = self.rng
        classes = {unit["class"] for unit in self.of(track)}
        names = [name for name in self.kinds if self.chance(0.3)] if place else []
        for _ in range(rng.randint(1 if names else 2, 12)):
            name = f"i{len(self.kinds)}"
            earlier = tuple(other for other in names if self.kinds[other].own_value and not self.kinds[other].is_mix)
            kind = make(rng, name, Wishes(YEAR, self.delicate, len(classes) > 1, earlier))
            self.choose_policies(kind)
            self.bind(kind)
            self.kinds[name] = kind
            names.append(name)
        return names

    def bind(self, kind: Kind) -> None:
        if not self.chance(0.2):
            return
        rng = self.rng
        requires = ["value >= 20", "rate >= 30", "value < 95 or rate > 50"]
        if "target" in kind.targets:
            requires += ["value <= target", "value >= target", "value > 0.5 * target"]
        effects: list[Row] = [{"tier_down": 1}, {"tier_at_most": "second"}, {"deduct": self.scaled(1.5)}]
        effects += [{"deduct": self.scaled(0.5), "tier_down": 1}, {"tier_down": 2}]
        if self.chance(0.2):
            effects = [{"disqualify": True}]
        kind.spec["binding"] = {"require": rng.choice(requires), "effect": rng.choice(effects)}

    def scaled(self, amount: float) -> int | float:
        """Points of a paper of 100 in points of this one."""
        return number(Fraction(str(amount)) * self.full_mark / 100)

    def value(self, series: Series) -> int | float:
        rng = self.rng
        style = rng.choice(["whole", "few", "few", "tenth"])
        if series.high > 1000:
            return rng.choice([100, 75000, rng.randint(series.low, series.high)])
        if style == "few":
            few = [v for v in (20, 30, 40, 50, 60, 70, 80) if series.low <= v <= series.high] or [series.low, series.high]
            return rng.choice(few)
        if style == "tenth":
            return rng.randint(series.low * 10, series.high * 10) / 10
        return rng.randint(series.low, series.high)

    def observe(self, name: str) -> None:
        rng, kind = self.rng, self.kinds[name]
        naming = {other for other, one in self.kinds.items() if name in str(one.spec.get("value")).split()}
        tracks = [track for track, names in self.used.items() if not {name, *naming}.isdisjoint(names)]
        units = [unit["unit"] for unit in self.units if unit["track"] in tracks]
        policy = kind.spec.get("missing", self.top_missing)
        missing = 0.0 if policy == "error" else rng.choice([0.0, 0.0, 0.1, 0.3])
        absent = rng.choice([0.0, 0.0, 0.1, 0.25])
        if self.copeland and kind.spec.get("not_applicable", self.top_absent) in ("redistribute", "redistribute_equally"):
            absent = 0.0
        if naming:
            missing = absent = 0.0
        self.set_targets(name, kind, units)
        blank = self.blank if policy != "error" and not naming else set()
        for series in kind.series:
            for unit in units:
                state = "reported"
                if series.may_miss and unit not in self.anchors:
                    state = rng.choices(["reported", "missing", "not_applicable"], [1 - missing - absent, missing, absent])[0]
                if unit in blank and series.may_miss:
                    state = "missing"
                self.add_years(kind, series, unit, state, policy)

    def add_years(self, kind: Kind, series: Series, unit: str, state: str, policy: Any) -> None:
        rng = self.rng
        carried = policy == "carry_forward" or (isinstance(policy, dict) and "carry_forward" in policy)
        earlier = sorted({*series.years, *([YEAR - 1, YEAR - 2] if carried else [])}, reverse=True)
        for year in earlier:
            needed = state != "missing" or policy == "carry_forward" or kind.is_mix
            gap = policy != "error" and not kind.is_mix and unit not in self.anchors and state == "reported" and self.chance(0.05)
            if (needed and not gap) or (not needed and self.chance(0.5)):
                self.row(series, unit, str(year), "reported")
        if series.periods:
            count = 12 if series.periods == "month" else 4
            for part in range(1, count + 1):
                period = f"{YEAR}-{part:02d}" if series.periods == "month" else f"{YEAR}-Q{part}"
                if state != "reported":
                    self.row(series, unit, period, state)
                elif part == 1 or self.chance(0.85):
                    self.row(series, unit, period, "reported")
            return
        zero_ok = kind.zero_ok and kind.own_value and not kind.is_mix
        if state == "reported" and zero_ok and unit not in self.anchors and rng.random() < 0.02:
            state = "null_reported"
        self.row(series, unit, rng.choice([str(YEAR), str(YEAR), ""]), state)

    def row(self, series: Series, unit: str, period: str, state: str) -> None:
        value: Any = self.value(series)
        if state == "reported":
            state = self.rng.choice(["", "", "", "reported", "provisional", "disputed"])
        elif state == "missing":
            how = self.rng.choice(["no row", "", "missing"])
            if how == "no row":
                return
            state, value = how, ""
        else:
            value = ""
        self.observations.append(
            {"unit": unit, "indicator": series.name, "period": period, "value": value, "state": state, "source": ""}
        )

    def set_targets(self, name: str, kind: Kind, units: list[str]) -> None:
        if not kind.targets:
            return
        how = self.rng.choice(["all", "own", "both"])
        names = [""] if how != "own" else []
        if how == "own":
            names = list(units)
        elif how == "both":
            names += [unit for unit in units if self.chance(0.3)]
        down = kind.spec.get("direction") == "down"
        for unit in names:
            target = self.rng.choice([40, 50, 60, 45.5, self.rng.randint(35, 65)])
            row: Row = {"unit": unit, "indicator": name, "period": self.rng.choice(["", str(YEAR)]), "target": target}
            row["baseline"] = (120 if down else 0.5) if "baseline" in kind.targets else ""
            row["challenge"] = (target - 20 if down else target + 20) if "challenge" in kind.targets else ""
            self.targets.append(row)

    def make_events(self) -> None:
        rng = self.rng
        at = "paper0"
        if len(self.track_ids) == 1 and self.chance(0.6):
            at = rng.choice([*node_ids(self.trees[self.track_ids[0]]), *self.used[self.track_ids[0]]])
        rules = event_rules(at, self.tier_ids[-1], self.scaled)
        dropped = {"late", "false_data", "withdrawn"} if self.delicate else set()
        rules = {name: rule for name, rule in rules.items() if name not in dropped and self.chance(0.6)}
        self.scheme["events"] = {name: {"title": name, "effect": rule} for name, rule in rules.items()}
        self.at_signs = {sign for rule in rules.values() if "at" in rule for sign in ("bonus", "deduct") if sign in rule}
        if not rules:
            del self.scheme["events"]
        busy = rng.choice([0.2, 0.4] if self.coarse else [0.0, 0.1, 0.3, 0.6])
        for unit in self.units:
            while rules and self.chance(busy):
                event = rng.choice(list(rules))
                row: Row = {"event": event, "unit": unit["unit"], "date": f"{YEAR}-06-01", "count": rng.choice(["", "", 1, 2, 3])}
                effect = rules[event]
                row["points"] = ""
                if ("bonus" in effect or "deduct" in effect) and self.chance(0.3):
                    row["points"] = self.scaled(rng.choice([0.3, 0.25, 2]))
                row["indicator"] = rng.choice(self.used[unit["track"]]) if "void" in effect else ""
                self.events.append(row | {"note": "", "evidence": ""})

    def make_track(self, track: str) -> Row:
        rng = self.rng
        units = self.of(track)
        spec: Row = {"title": {"zh": track, "en": track}, "rank_within": rng.choice(["track", "class"])}
        if track in self.unranked:
            spec["unranked"] = self.unranked[track]
        if self.chance(0.3) or self.delicate:
            spec["aggregate"] = self.tree_makers[track].aggregate()
        spec["tree"] = self.trees[track]
        nodes = [*node_ids(self.trees[track]), *self.used[track]]
        spec["tiers"] = [make_tier(rng, name, len(units), nodes, self.full_mark) for name in self.tier_ids[:-1]]
        spec["tiers"].append({"id": self.tier_ids[-1], "title": self.tier_ids[-1]})
        spec["backfill"] = self.chance(0.6)
        if self.chance(0.6):
            spec["ties"] = {"by": rng.sample(nodes, min(len(nodes), rng.randint(0, 2))), "otherwise": "share"}
        limits = {
            sign: self.scaled(rng.choice([1, 2, 3]))
            for sign in ("bonus", "deduct")
            if self.chance(0.4) and (sign not in self.at_signs or self.chance(0.2))
        }
        if limits:
            spec["limits"] = limits
        spec["awards"] = make_awards(rng, nodes, self.tier_ids, self.full_mark, list(self.scheme.get("events", {})))
        if self.chance(0.8):
            self.history += make_history(rng, track, units, self.tier_ids, self.full_mark)
        return spec

    def make_quota(self) -> None:
        tracks: dict[str, Row] = self.scheme["tracks"]
        if "county" not in tracks or "veto" in self.scheme.get("events", {}) or not self.chance(0.4):
            return
        if any("disqualify" in str(kind.spec.get("binding")) for kind in self.kinds.values()):
            return
        tracks["county"]["rank_within"] = "track"
        most = {tier: len(self.tier_ids) + 1 - place for place, tier in enumerate(self.tier_ids)}
        quota = {"id": "advanced", "title": "先进县", "track": "county", "nominations": most, "list_size": self.rng.randint(1, 6)}
        tracks["city"]["quotas"] = [quota]
        ranked = [unit["unit"] for unit in self.of("county") if unit["unit"] not in self.unranked.get("county", [])]
        self.rng.shuffle(ranked)
        for city in self.of("city"):
            if city["unit"] in self.unranked.get("city", []):
                continue
            for order in range(1, self.rng.randint(0, 2) + 1):
                if ranked:
                    row = {"quota": "advanced", "city": city["unit"], "unit": ranked.pop(), "order": order}
                    self.nominations.append(row)

    # files

    def write(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)
        yaml = YAML(typ="safe", pure=False)
        yaml.allow_unicode = True
        yaml.default_flow_style = False
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        with (path / "scheme.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(self.scheme, file)
        if self.chance(0.3):
            self.rng.shuffle(self.observations)
        tables: dict[str, tuple[list[str], list[Row]]] = {
            "units": (UNIT_COLUMNS, self.units),
            "observations": (["unit", "indicator", "period", "value", "state", "source"], self.observations),
            "targets": (["unit", "indicator", "period", "target", "baseline", "challenge"], self.targets),
            "events": (["event", "unit", "date", "count", "points", "indicator", "note", "evidence"], self.events),
            "history": (["year", "track", "unit", "total", "rank", "tier"], self.history),
            "weights": (["unit", "node", self.share_column], self.weights),
            "nominations": (["quota", "city", "unit", "order"], self.nominations),
        }
        encoding = "utf-8-sig" if self.chance(0.1) else "utf-8"
        for name, (columns, rows) in tables.items():
            if rows or name in {"units", "observations"} or self.chance(0.3):
                with (path / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
                    writer = csv.DictWriter(file, columns, lineterminator="\n")
                    writer.writeheader()
                    writer.writerows(rows)
