"""The charts of a robustness analysis, from its tables: every list of places in both languages, for a desk and for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
from tongkao.reports.charts.common import Pair, pick
from tongkao.reports.robustness_tables import ALTERNATIVES, TURNS, Ran, frame
from tongkao.robustness.uncertainty import Uncertainty
from tongkao.scheme.model import Track, branches

IntArray = NDArray[np.intp]
Draw = Callable[..., str]

#: units whose tornado is drawn
TORNADOES = 5
#: rows of a chart; the best placed are drawn, and a note says how many there are
ROWS = 300
#: alternatives that fit the bump chart of a desk, beside the scheme
COLUMNS = 8
#: bars of a tornado
BARS = 8
SIZES: Mapping[str, float] = {"": DESK, ".phone": PHONE}

_SUBTITLE: Pair = (
    "{track}，{runs} 次运行，种子 {seed}。变动的有：{choices}。",
    "{track}; {runs} runs, seed {seed}. What varies: {choices}.",
)
_LIST: Pair = ("{track}（{class_}）", "{track} ({class_})")
_SCHEME: Pair = ("方案原样", "scheme as it is")
_WITHOUT: Pair = ("去掉{name}", "without {name}")
_NOTHING: Pair = ("都不去掉", "nothing left out")
_WEIGHT: Pair = ("{name}的权重", "weight of {name}")
_MEAN: Pair = ("全部运行的平均名次", "mean place of all runs")
_BETTER: Pair = ("名次更靠前", "a better place")
_WORSE: Pair = ("名次更靠后", "a worse place")
_BY_SCHEME: Pair = ("{list}。按方案第 {place} 名。", "{list}. Place {place} by the scheme.")
_LOW: Pair = ("权重小", "light")
_HIGH: Pair = ("权重大", "heavy")
_TORNADO: Pair = ("哪一项选择能挪动{name}", "What can move {name}")
_AXIS: Pair = ("平均名次（左边靠前）", "mean place (the best at the left)")
_TORNADO_NOTE: Pair = (
    "每条的两端，是该项取最有利和最不利的情形时（权重则取最小和最大的五分之一时）的平均名次，其余各项照样变动。",
    "The ends are the mean places with the best and the worst alternative of that choice (weights: the lightest and the heaviest "
    "fifth of the runs) while everything else varies all the same.",
)
_BARS: Pair = (
    "结果：各单位名次与方案相比的平均变动",
    "Result: the mean absolute change of places against the scheme",
)
_BARS_NOTE: Pair = (
    "深色是该项单独解释的份额；斜线另加它与其他选择共同的影响。线段是 95 % 的范围，运行越多越窄；低于 0 的估计值等于看不出影响。",
    "Dark: the share that the choice explains by itself; hatched: with everything that it takes part in. The lines are 95 % "
    "ranges; more runs make them shorter. An estimate below 0 is one that cannot be told from 0.",
)
_BUMP_NOTE: Pair = (
    "每一栏只改变一项，其余照方案。",
    "Each column changes one thing; everything else is as in the scheme.",
)
_ROWS: Pair = (
    "只画前 {shown} 个单位，共 {whole} 个；全部见 units 表和 acceptability 表。",
    "The first {shown} of {whole} units are drawn; all are in the tables units and acceptability.",
)
_MORE: Pair = (
    "另有 {more} 种情形未画出，见 alternatives 表。",
    "{more} more alternatives are not drawn; see the table alternatives.",
)


@dataclass(frozen=True)
class Ranking:
    """One list of places: a track, or a class of it where places are given by class.

    Attributes:
        track_id: Id of the track.
        track: Its rules.
        title: What the list is called.
        stem: Where its charts are.
        units: Places of the units that are drawn among the track's, the best first.
        note: What is said where not all are drawn.
        names: Names of all units of the track.
        titles: Titles of nodes.
        choices: Titles of choices.
        found: What the runs say.
    """

    track_id: str
    track: Track
    title: str
    stem: str
    units: IntArray
    note: str
    names: Sequence[str]
    titles: Mapping[str, str]
    choices: Mapping[str, str]
    found: Uncertainty

    def name_of(self, label: str, lang: Lang) -> str:
        """An alternative for people: what is left out by its title, ``中文 / English`` in the language of the chart."""
        if not label:
            return pick(lang, _NOTHING)
        if label in self.titles:
            return pick(lang, _WITHOUT).format(name=self.titles[label])
        chinese, slash, english = label.partition(" / ")
        return pick(lang, (chinese, english)) if slash else label


def charts(ran: Ran, tables: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Every chart as a file by name.

    Args:
        ran: What was run.
        tables: The tables that go with it: ``alternatives``, ``turns`` and, where there is one, ``sensitivity``.
    """
    files: dict[str, bytes] = {}
    languages: tuple[Lang, Lang] = ("zh", "en")
    for lang in languages:
        for ranking in _rankings(ran, lang):
            for name, draw in _of_list(ran, ranking, tables, lang):
                for size, width in SIZES.items():
                    files[f"charts/{ranking.stem}{name}.{lang}{size}.svg"] = draw(width=width, lang=lang).encode()
    return dict(sorted(files.items()))


def unit_names(units: pl.DataFrame, lang: Lang) -> dict[str, str]:
    """What each unit is called; its id follows where two have one name."""
    column = "name_zh" if lang == "zh" else "name_en"
    named = units.select("unit", name=pl.when(pl.col(column) == "").then("unit").otherwise(column))
    named = named.with_columns(twice=pl.col("name").is_duplicated())
    return {unit: f"{name} ({unit})" if twice else name for unit, name, twice in named.iter_rows()}


def _rankings(ran: Ran, lang: Lang) -> Iterator[Ranking]:
    scheme, spec = ran.experiment.assessment.scheme, ran.experiment.spec
    names = unit_names(ran.experiment.assessment.units, lang)
    choices = {choice.id: choice.title.text(lang) if choice.title else choice.id for choice in spec.vary}
    for track_id, found in ran.of_track.items():
        track = scheme.tracks[track_id]
        titles = {name: indicator.title.text(lang) for name, indicator in scheme.indicators.items()}
        titles |= {branch.id: branch.title.text(lang) for branch in branches(track.tree)}
        runs = found.outcomes
        codes = np.unique(runs.lists).tolist()
        for number, code in enumerate(codes, start=1):
            units = np.flatnonzero((runs.lists == code) & (runs.nominal.ranks > 0))
            units = units[np.argsort(runs.nominal.ranks[units], kind="stable")]
            if not len(units):
                continue
            title = track.title.text(lang)
            if len(codes) > 1:
                title = pick(lang, _LIST).format(track=title, class_=runs.classes[units[0]])
            stem = f"{track_id}/" + (f"{number}-" if len(codes) > 1 else "")
            shown = [names[unit] for unit in runs.units]
            note = pick(lang, _ROWS).format(shown=ROWS, whole=f"{len(units):,}") if len(units) > ROWS else ""
            yield Ranking(track_id, track, title, stem, units[:ROWS], note, shown, titles, choices, found)


def _of_list(ran: Ran, ranking: Ranking, tables: Mapping[str, pl.DataFrame], lang: Lang) -> Iterator[tuple[str, Draw]]:
    found, units = ranking.found, ranking.units
    fields = {"track": ranking.title, "runs": f"{len(ran.outcomes.design) - ran.outcomes.failed:,}", "seed": ran.outcomes.seed}
    listed = pick(lang, ("、", ", ")).join(ranking.choices.values())
    subtitle = pick(lang, _SUBTITLE).format(**fields, choices=listed)
    yield "intervals", partial(_draw_intervals, ranking, subtitle)
    names = [ranking.names[unit] for unit in units]
    shares = found.acceptability[units][:, : _places(found, units)]
    places = found.ranks.nominal[units].tolist()
    yield "heat", partial(draw_heat, names, shares, places=places, subtitle=subtitle, note=ranking.note)
    if bump := _bump(ranking, tables.get("alternatives", frame([], ALTERNATIVES)), lang):
        yield "bump", bump
    if ranking.stem.endswith("/") or ranking.stem.endswith("/1-"):
        sensitivity = tables.get("sensitivity", pl.DataFrame())
        if sensitivity.height and (bars := _bars(ranking, sensitivity, lang)):
            yield "sensitivity", bars
    for number, unit in enumerate(_most_doubtful(found, units), start=1):
        if tornado := _tornado(ranking, tables.get("turns", frame([], TURNS)), unit, lang):
            yield f"tornado-{number}", tornado


def _places(found: Uncertainty, units: IntArray) -> int:
    """The last place that any of the units ever has."""
    return int(np.nanmax(np.append(found.ranks.high[units], found.ranks.nominal[units])))


def _draw_intervals(ranking: Ranking, subtitle: str, *, lang: Lang, width: float) -> str:
    found = ranking.found
    widths = [high - low for low, high in found.intervals]
    wide = int(np.argmax(widths)) if widths else -1
    inner = next((place for place, ends in enumerate(found.intervals) if ends == (0.25, 0.75)), -1)
    rows = []
    for unit in ranking.units:
        low, high = found.ranks.quantiles[wide, :, unit] if widths else (found.ranks.low[unit], found.ranks.high[unit])
        middle = (
            (float(found.ranks.quantiles[inner, 0, unit]), float(found.ranks.quantiles[inner, 1, unit])) if inner >= 0 else None
        )
        place, median = float(found.ranks.nominal[unit]), float(found.ranks.median[unit])
        rows.append(Interval(ranking.names[unit], place, float(low), float(high), median, middle))
    bounds = found.intervals[wide] if widths else (0.0, 1.0)
    return draw_intervals(
        rows, lang=lang, width=width, bounds=bounds, tiers=_tiers(ranking, lang), subtitle=subtitle, note=ranking.note
    )


def _tiers(ranking: Ranking, lang: Lang) -> list[tuple[str, int]]:
    """Tiers with the last place of each, where the tiers of the marking follow the places."""
    runs, units = ranking.found.outcomes, ranking.units
    tiers, ranks = runs.nominal.tiers[units], runs.nominal.ranks[units]
    if not runs.tier_ids or (np.diff(tiers) < 0).any() or (tiers < 0).any():
        return []
    titles = [tier.title.text(lang) for tier in ranking.track.tiers]
    made = [(titles[tier], int(ranks[tiers == tier].max())) for tier in range(len(titles)) if (tiers == tier).any()]
    return [*made[:-1], (made[-1][0], max(made[-1][1], len(units), _places(ranking.found, units)))]


def _bump(ranking: Ranking, alternatives: pl.DataFrame, lang: Lang) -> Draw | None:
    runs, units = ranking.found.outcomes, ranking.units
    own = alternatives.filter((pl.col("track") == ranking.track_id) & (pl.col("reason") == ""))
    columns, ranks, change = [], [], []
    for (_, label), part in own.group_by("choice", "alternative", maintain_order=True):
        of_unit = dict(part.select("unit", "rank").iter_rows())
        if str(label) in runs.units:
            continue
        places = np.array([of_unit.get(runs.units[unit]) or np.nan for unit in units], np.float64)
        columns.append(ranking.name_of(str(label), lang))
        ranks.append(places)
        change.append(float(np.nan_to_num(np.abs(places - runs.nominal.ranks[units])).mean()))
    if not columns:
        return None
    # Those that move most are drawn, in the order of the spec.
    kept = sorted(np.argsort(-np.array(change), kind="stable")[:COLUMNS].tolist())
    nominal = runs.nominal.ranks[units].astype(np.float64)
    note = " ".join(text for text in (pick(lang, _BUMP_NOTE), ranking.note) if text)
    names = [ranking.names[unit] for unit in units]

    def draw(*, lang: Lang, width: float) -> str:
        shown = kept if width >= DESK else sorted(sorted(kept, key=lambda place: (-change[place], place))[:4])
        more = len(columns) - len(shown)
        whole = note + (" " if lang == "en" and more else "") + (pick(lang, _MORE).format(more=more) if more else "")
        heads = [pick(lang, _SCHEME), *(columns[place] for place in shown)]
        table = np.column_stack([nominal, *(ranks[place] for place in shown)])
        return draw_bump(names, heads, table, lang=lang, width=width, subtitle=ranking.title, note=whole)

    return draw


def _bars(ranking: Ranking, sensitivity: pl.DataFrame, lang: Lang) -> Draw | None:
    if "first" not in sensitivity.columns:
        return None
    own = sensitivity.filter((pl.col("track") == ranking.track_id) & (pl.col("target") == "rank_change") & (pl.col("note") == ""))
    rows = own.sort("total", descending=True, nulls_last=True, maintain_order=True)
    bars = [
        Index(
            ranking.choices[row["choice"]],
            row["first"],
            row["total"],
            (row["first_low"], row["first_high"]),
            (row["total_low"], row["total_high"]),
        )
        for row in rows.iter_rows(named=True)
        if row["total"] is not None
    ]
    if not bars:
        return None
    subtitle = pick(lang, ("{track}。{what}", "{track}. {what}")).format(
        track=ranking.track.title.text(lang), what=pick(lang, _BARS)
    )
    return partial(draw_bars, bars, subtitle=subtitle, note=pick(lang, _BARS_NOTE))


def _most_doubtful(found: Uncertainty, units: IntArray) -> list[int]:
    """Units whose tier is least sure (whose place is, without tiers), at most :data:`TORNADOES`, the best placed first."""
    has_tiers = found.tiers.shape[1] > 1
    doubt = 1.0 - found.tiers[units].max(axis=1) if has_tiers else np.nan_to_num(found.ranks.deviation[units])
    chosen = np.argsort(-doubt, kind="stable")[:TORNADOES]
    return [int(units[place]) for place in sorted(chosen.tolist()) if doubt[place] > 0]


def _tornado(ranking: Ranking, turns: pl.DataFrame, unit: int, lang: Lang) -> Draw | None:
    found = ranking.found
    own = turns.filter((pl.col("track") == ranking.track_id) & (pl.col("unit") == found.outcomes.units[unit]))
    swings = []
    for row in own.iter_rows(named=True):
        if row["node"]:
            title = pick(lang, _WEIGHT).format(name=ranking.titles.get(row["node"], row["node"]))
            ends = [pick(lang, _LOW if row[key] == "low" else _HIGH) for key in ("best_with", "worst_with")]
        else:
            title = ranking.choices[row["choice"]]
            ends = [ranking.name_of(row[key], lang) for key in ("best_with", "worst_with")]
        swings.append(Swing(title, row["best_rank"], row["worst_rank"], *ends))
    swings = sorted(swings, key=lambda swing: swing.low - swing.high)[:BARS]
    if not swings:
        return None
    return partial(
        draw_tornado,
        swings,
        nominal=float(found.ranks.mean[unit]),
        centre=pick(lang, _MEAN),
        below=pick(lang, _BETTER),
        above=pick(lang, _WORSE),
        axis=pick(lang, _AXIS),
        title=pick(lang, _TORNADO).format(name=ranking.names[unit]),
        subtitle=pick(lang, _BY_SCHEME).format(list=ranking.title, place=int(found.ranks.nominal[unit])),
        note=pick(lang, _TORNADO_NOTE),
    )
