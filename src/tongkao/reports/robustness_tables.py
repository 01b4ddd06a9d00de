"""The tables of a robustness analysis: canonical order, one row a thing, text for names and numbers for numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.layout import lay_out
from tongkao.engine.problems import problems_of
from tongkao.robustness.alternatives import Making, alternatives_of
from tongkao.robustness.borders import Border, borders
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.outcomes import Outcomes
from tongkao.robustness.uncertainty import Uncertainty, uncertainty
from tongkao.robustness.variant import Compiler

FloatArray = NDArray[np.float64]
Schema = Mapping[str, pl.DataType]

TEXT, NUMBER, WHOLE, TRUTH = pl.String(), pl.Float64(), pl.Int64(), pl.Boolean()
#: up to so many units every pair is in the table
PAIRS = 300
#: share of the runs that count as "low" and as "high" weight of a node
END = 0.2

CHOICES: Schema = {
    "choice": TEXT,
    "kind": TEXT,
    "title_zh": TEXT,
    "title_en": TEXT,
    "number": WHOLE,
    "alternative": TEXT,
    "chance": NUMBER,
    "is_scheme": TRUTH,
}
ACCEPTABILITY: Schema = {"track": TEXT, "unit": TEXT, "rank": WHOLE, "share": NUMBER}
TIERS: Schema = {"track": TEXT, "unit": TEXT, "tier": TEXT, "share": NUMBER, "is_scheme": TRUTH}
AWARDS: Schema = {"track": TEXT, "unit": TEXT, "award": TEXT, "share": NUMBER, "is_scheme": TRUTH}
TOP: Schema = {"track": TEXT, "unit": TEXT, "first": WHOLE, "share": NUMBER, "is_scheme": TRUTH}
BEFORE: Schema = {"track": TEXT, "unit": TEXT, "other": TEXT, "share": NUMBER}
CENTRAL: Schema = {"track": TEXT, "unit": TEXT, "indicator": TEXT, "weight": NUMBER}
BORDERS: Schema = {"track": TEXT, "border": TEXT, "unit": TEXT, "share": NUMBER, "is_scheme": TRUTH}
DECIDERS: Schema = {
    "track": TEXT,
    "border": TEXT,
    "unit": TEXT,
    "place": WHOLE,
    "choice": TEXT,
    "node": TEXT,
    "explains": NUMBER,
    "alternative": TEXT,
    "value": NUMBER,
}
TURNS: Schema = {
    "track": TEXT,
    "unit": TEXT,
    "choice": TEXT,
    "node": TEXT,
    "best_rank": NUMBER,
    "best_with": TEXT,
    "worst_rank": NUMBER,
    "worst_with": TEXT,
}
ALTERNATIVES: Schema = {
    "track": TEXT,
    "choice": TEXT,
    "alternative": TEXT,
    "unit": TEXT,
    "total": NUMBER,
    "rank": WHOLE,
    "rank_change": WHOLE,
    "tier": TEXT,
    "reason": TEXT,
}
FAILURES: Schema = {"run": WHOLE, "track": TEXT, "reason_zh": TEXT, "reason_en": TEXT}


@dataclass(frozen=True)
class Ran:
    """An experiment that was run, track by track.

    Attributes:
        experiment: The experiment.
        outcomes: What its runs gave.
        of_track: What that says of each track.
    """

    experiment: Experiment
    outcomes: Outcomes
    of_track: Mapping[str, Uncertainty]

    @classmethod
    def of(cls, experiment: Experiment, outcomes: Outcomes) -> Ran:
        """Describe what an experiment gave."""
        spec = experiment.spec
        made = {track: uncertainty(outcomes, track, spec.intervals) for track in sorted(outcomes.tracks)}
        return cls(experiment, outcomes, made)


def percent_name(share: float) -> str:
    """How a quantile is called in a header: ``p5``, ``p97_5``."""
    return "p" + format(100 * share, ".10g").replace(".", "_")


def frame(rows: Sequence[Sequence[Any]], schema: Schema) -> pl.DataFrame:
    """A table from rows, never NaN."""
    made = pl.DataFrame(rows, schema=dict(schema), orient="row")
    return made.with_columns(pl.col(name).fill_nan(None) for name, kind in schema.items() if kind == NUMBER)


def _long(
    track: str, units: Sequence[str], columns: Sequence[Any], shares: FloatArray, now: NDArray[np.bool_]
) -> list[tuple[Any, ...]]:
    return [
        (track, unit, column, float(shares[row, place]), bool(now[row, place]))
        for row, unit in enumerate(units)
        for place, column in enumerate(columns)
    ]


def units_table(ran: Ran) -> pl.DataFrame:
    """One row a unit: what it has by the scheme, and how that spreads over the runs."""
    scheme, table = ran.experiment.assessment.scheme, ran.experiment.assessment.units
    names = {unit: pair for unit, *pair in table.select("unit", "name_zh", "name_en").iter_rows()}
    parts = []
    for track, found in ran.of_track.items():
        runs = found.outcomes
        tiers = ["", *runs.tier_ids]
        columns: dict[str, Any] = {
            "track": [track] * len(runs.units),
            "unit": list(runs.units),
            "class": list(runs.classes),
            "name_zh": [names[unit][0] for unit in runs.units],
            "name_en": [names[unit][1] for unit in runs.units],
            "total": found.totals.nominal,
            "rank": found.ranks.nominal,
            "tier": [tiers[tier + 1] for tier in runs.nominal.tiers.tolist()],
            "same_rank": found.same,
            "group": _groups(found),
        }
        for kind, spread in (("rank", found.ranks), ("total", found.totals)):
            columns |= {f"{kind}_mean": spread.mean, f"{kind}_median": spread.median, f"{kind}_sd": spread.deviation}
            columns |= {f"{kind}_low": spread.low, f"{kind}_high": spread.high}
            for place, ends in enumerate(found.intervals):
                for end, share in enumerate(ends):
                    columns[f"{kind}_{percent_name(share)}"] = spread.quantiles[place, end]
        whole = ("rank", "rank_low", "rank_high")
        made = pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))
        parts.append(made.with_columns(pl.col(whole).cast(pl.Int64), pl.col("group").cast(pl.Int64).replace(0, None)))
    assert len(parts) == len(scheme.tracks)
    return pl.concat(parts)


def _groups(found: Uncertainty) -> NDArray[np.int64]:
    """Number of the group of units that cannot be told apart, from 1 within each list; 0 for none."""
    numbers = np.zeros(len(found.outcomes.units), np.int64)
    for groups in found.groups():
        for number, group in enumerate(groups, start=1):
            numbers[list(group.units)] = number
    return numbers


def shares_tables(ran: Ran) -> dict[str, pl.DataFrame]:
    """Acceptability, tiers, awards, the first k, pairs and central weights."""
    rows: dict[str, list[Any]] = {name: [] for name in ("acceptability", "tiers", "awards", "top", "before", "central_weights")}
    for track, found in ran.of_track.items():
        runs = found.outcomes
        units, now = runs.units, runs.nominal
        rows["acceptability"] += [
            (track, units[row], int(place) + 1, float(found.acceptability[row, place]))
            for row, place in zip(*np.nonzero(found.acceptability), strict=True)
        ]
        is_tier = now.tiers[:, None] == np.arange(len(runs.tier_ids))
        rows["tiers"] += _long(track, units, runs.tier_ids, found.tiers, is_tier)
        rows["awards"] += _long(track, units, runs.award_ids, found.awards, now.awards)
        tops = ran.outcomes.top
        rows["top"] += _long(track, units, tops, found.top, (now.ranks > 0)[:, None] & (now.ranks[:, None] <= np.array(tops)))
        if len(units) <= PAIRS:
            before = found.before()
            rows["before"] += [
                (track, unit, other, float(before[i, j]))
                for i, unit in enumerate(units)
                for j, other in enumerate(units)
                if i != j
            ]
        central = ran.experiment.central_weights(ran.outcomes, track)
        layout = lay_out(ran.experiment.assessment.scheme.tracks[track])
        indicators = [layout.ids[column] for column in layout.leaves]
        rows["central_weights"] += [
            (track, unit, name, float(central[row, leaf]))
            for row, unit in enumerate(units)
            if not np.isnan(central[row]).all()
            for leaf, name in enumerate(indicators)
        ]
    schemas = {
        "acceptability": ACCEPTABILITY,
        "tiers": TIERS,
        "awards": AWARDS,
        "top": TOP,
        "before": BEFORE,
        "central_weights": CENTRAL,
    }
    return {name: frame(rows[name], schema) for name, schema in schemas.items()}


def borders_tables(ran: Ran) -> dict[str, pl.DataFrame]:
    """Who sits on a border of a tier or of the first k, and what decides it."""
    on: list[Any] = []
    deciders: list[Any] = []
    for track in ran.of_track:
        found: list[Border] = borders(ran.experiment, ran.outcomes, track, top=ran.outcomes.top)
        for each in found:
            on.append((track, each.border, each.unit, each.inside, each.nominal))
            for place, decider in enumerate(each.deciders, start=1):
                head = (track, each.border, each.unit, place, decider.choice, decider.node, decider.share)
                deciders += [(*head, label, value) for label, value in zip(decider.labels, decider.inside, strict=True)]
    return {"borders": frame(on, BORDERS), "deciders": frame(deciders, DECIDERS)}


def turns_table(ran: Ran) -> pl.DataFrame:
    """How far each choice turns each unit's place: its mean with the best and with the worst of the alternatives.

    For weights that are drawn, each node has a row: the mean place in the fifth of the runs in which it weighs least, and in
    which it weighs most. Values that are drawn have no ends and no row.
    """
    rows: list[Any] = []
    for track, found in ran.of_track.items():
        runs = found.outcomes
        placed = np.where(runs.ranks > 0, runs.ranks, np.nan).astype(np.float64)
        for column, choice in enumerate(ran.experiment.choices):
            if choice.labels and choice.kind != "sets":
                chosen = ran.outcomes.kept_alternatives[:, column]
                means = {
                    label: _mean(placed[chosen == number])
                    for number, label in enumerate(choice.labels)
                    if (chosen == number).any()
                }
                rows += _turns(track, runs.units, choice.id, "", means)
            elif choice.kind in ("weights", "sets"):
                shares = ran.experiment.node_shares(ran.outcomes, track, choice.id)
                for profile, (nodes, drawn) in shares.items():
                    own = [unit for unit in range(len(runs.units)) if ran.experiment.profile_of(track, unit) == profile]
                    units = [runs.units[unit] for unit in own]
                    for node, name in enumerate(nodes):
                        if np.ptp(drawn[:, node]) > 1e-12:
                            rows += _turns(track, units, choice.id, name, _ends(placed[:, own], drawn[:, node]))
    order = {unit: place for place, unit in enumerate(unit for found in ran.of_track.values() for unit in found.outcomes.units)}
    rows.sort(key=lambda row: (row[0], order[row[1]]))
    return frame(rows, TURNS)


def _ends(placed: FloatArray, weight: FloatArray) -> dict[str, FloatArray]:
    order = np.argsort(weight, kind="stable")
    count = max(1, round(END * len(order)))
    return {"low": _mean(placed[order[:count]]), "high": _mean(placed[order[-count:]])}


def _mean(placed: FloatArray) -> FloatArray:
    """Mean place of each unit over the runs in which it has one; NaN without any."""
    count = (~np.isnan(placed)).sum(axis=0)
    means: FloatArray = np.where(count > 0, np.nansum(placed, axis=0) / np.maximum(count, 1), np.nan)
    return means


def _turns(track: str, units: Sequence[str], choice: str, node: str, means: Mapping[str, FloatArray]) -> list[tuple[Any, ...]]:
    labels, numbers = list(means), np.array(list(means.values()))
    rows = []
    for place, unit in enumerate(units):
        own = numbers[:, place]
        if np.isnan(own).all():
            continue
        best, worst = int(np.nanargmin(own)), int(np.nanargmax(own))
        rows.append((track, unit, choice, node, float(own[best]), labels[best], float(own[worst]), labels[worst]))
    return rows


def alternatives_table(ran: Ran) -> pl.DataFrame:
    """The marking under each alternative of each choice, everything else as the scheme has it."""
    assessment, spec = ran.experiment.assessment, ran.experiment.spec
    making, compiler = Making(assessment), Compiler(assessment)
    rows: list[Any] = []
    units = assessment.units["unit"].to_list()
    for given, choice in zip(spec.vary, ran.experiment.choices, strict=True):
        for number, alternative in enumerate(alternatives_of(given, assessment.scheme, units)[0]):
            if number == choice.nominal or not (alternative.recompiles or alternative.left_out):
                continue
            # The experiment refused impossible alternatives before anything ran.
            made, _ = making.make([alternative])
            assert made is not None
            for track, variant in sorted(compiler.compile(made, alternative.left_out).items()):
                head = (track, choice.id, alternative.label)
                marks = variant.mark()
                faults = problems_of(marks)
                if faults:
                    rows.append((*head, "", None, None, None, "", faults[0].describe("en")))
                    continue
                was, ids = ran.of_track[track].outcomes.nominal.ranks, variant.plan.track.tiers
                part = variant.plan.main()
                numbers = zip(
                    variant.plan.unit_ids, marks.totals[part], marks.final.ranks[part], marks.final.tiers[part], was, strict=True
                )
                for unit, total, rank, tier, before in numbers:
                    change = int(before) - int(rank) if rank > 0 and before > 0 else None
                    rows.append((*head, unit, float(total), int(rank) or None, change, ids[tier].id if tier >= 0 else "", ""))
    return frame(rows, ALTERNATIVES)


def choices_table(ran: Ran) -> pl.DataFrame:
    """What varies: one row an alternative, or one for a choice that is drawn."""
    rows: list[Any] = []
    for given, choice in zip(ran.experiment.spec.vary, ran.experiment.choices, strict=True):
        title = given.title
        head = (choice.id, choice.kind, title.text("zh") if title else "", title.text("en") if title else "")
        if choice.drawn:
            rows.append((*head, None, "", None, False))
        for number, label in enumerate(choice.labels):
            chance = choice.cuts[number + 1] - choice.cuts[number]
            rows.append((*head, number + 1, label, round(chance, 12), number == choice.nominal))
    return frame(rows, CHOICES)


def failures_table(ran: Ran) -> pl.DataFrame:
    """Runs that could not be marked, and why."""
    rows = []
    for failure in ran.outcomes.failures:
        reasons = [
            ("；" if lang == "zh" else "; ").join(each.describe(lang) for each in failure.problems[:3]) for lang in ("zh", "en")
        ]
        rows.append((failure.run + 1, failure.track, *reasons))
    return frame(rows, FAILURES)
