"""Awards: each with its rule in words and the numbers put in, won or not (section 9 of the format)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine.explain_inputs import Value, cell, put_in
from tongkao.engine.explain_numbers import figure
from tongkao.engine.explain_subject import Block, Subject, TrackSubject, Words
from tongkao.engine.explain_words import spoken, words
from tongkao.engine.history import Past, read_past
from tongkao.engine.layout import ROOT
from tongkao.engine.observed import MISSING, PRESENT
from tongkao.scheme.expressions import Call, Column, Expression, Name, Text, evaluate, holds, near, parse, render
from tongkao.scheme.model import Award

#: names of an award's rule in words
NAMES: Mapping[str, Words] = {
    "total": words("总分", "total"),
    "rank": words("名次", "rank"),
    "tier": words("等次", "tier"),
    "rank_change": words("名次上升位数", "places moved up"),
    "rank_last": words("上次名次", "last rank"),
    "tier_last": words("上次等次", "last tier"),
}


class ResultEnvironment:
    """Names and functions of an award's rule, read off the tables of a marking, for all units of a track."""

    def __init__(self, track: TrackSubject) -> None:
        self.track = track
        self.n = len(track.plan.unit_ids)
        rows = {row["unit"]: row for row in track.results.iter_rows(named=True)}
        self.rows = [rows[unit] for unit in track.plan.unit_ids]

    @cached_property
    def past(self) -> Past:
        """Earlier results."""
        plan, scheme = self.track.plan, self.track.plan.scheme
        return read_past(plan.unit_ids, self.track.assessment.history, plan.track_id, scheme.year, scheme.year_before)

    def value(self, name: str, years_back: int) -> Column:
        """One of the result's own names; they have no earlier years here."""
        if years_back:
            raise KeyError(f"{name}, {years_back} years back")
        found = [row[name] for row in self.rows]
        return _texts([text or "" for text in found]) if name in ("tier", "tier_last") else _numbers(found)

    def call(self, name: str, argument: str) -> Column:
        """``streak``, ``first_time``, ``event`` and ``rate``."""
        known = np.where(self.past.known, PRESENT, MISSING).astype(np.uint8)
        tiers = [row["tier"] or "" for row in self.rows]
        if name == "streak":
            return Column("number", self.past.streak(argument, tiers).astype(np.float64), known)
        if name == "first_time":
            return Column("truth", self.past.first_time(argument, tiers), known)
        if name == "event":
            rows = self.track.assessment.events.filter(pl.col("event") == argument)
            counts = {
                str(unit): float(count or 0.0) for unit, count in rows.group_by("unit").agg(pl.col("count").sum()).iter_rows()
            }
            return _numbers([counts.get(unit, 0.0) for unit in self.track.plan.unit_ids])
        nodes = self.track.nodes.filter(pl.col("node") == argument)
        rates: dict[str, float | None] = dict(nodes.select("unit", "rate").iter_rows())
        return _numbers([rates.get(unit) for unit in self.track.plan.unit_ids])

    def periods(self, name: str) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Awards have no months; the validator refuses them."""
        raise KeyError(name)

    def group_statistic(self, name: str, column: Column) -> Column:
        """Awards have no statistics of a group; the validator refuses them."""
        raise KeyError(f"{name} of {column.kind}")

    def target(self, which: str) -> Column:
        """Awards have no targets; the validator refuses them."""
        raise KeyError(which)


def _numbers(values: Sequence[float | None]) -> Column:
    numbers = np.array([np.nan if value is None else value for value in values], np.float64)
    return Column("number", numbers, np.where(np.isnan(numbers), MISSING, PRESENT).astype(np.uint8))


def _texts(texts: Sequence[str]) -> Column:
    values = np.array(texts, dtype=object)
    return Column("text", values, np.where(values == "", MISSING, PRESENT).astype(np.uint8))


def explain_awards(subject: Subject) -> list[Block]:
    """Every award of the track: its rule in words, the unit's numbers, and whether it was won."""
    if not subject.plan.track.awards:
        return []
    environment = ResultEnvironment(subject.track)
    won = set((subject.result["awards"] or "").split(";"))
    barred = any(event["effect"] == "disqualify" for event in subject.events)
    return [_award(subject, environment, award, won=award.id in won, barred=barred) for award in subject.plan.track.awards]


def _award(subject: Subject, environment: ResultEnvironment, award: Award, *, won: bool, barred: bool) -> Block:
    when = None if award.when is None else _rule(subject, environment, parse(award.when))
    by = None if award.by is None or award.top is None else _by(subject, environment, award)
    block: Block = {
        "id": award.id,
        "title": words(award.title.zh, award.title.en),
        "won": won,
        "when": when,
        "top": award.top,
        "each": award.each,
        "by": by,
        "disqualified": barred,
    }
    return {**block, **_award_words(subject, block)}


def _rule(subject: Subject, environment: ResultEnvironment, expression: Expression) -> Block:
    def look_up(node: Name | Call) -> tuple[Value, str]:
        return cell(evaluate(Expression(expression.text, node), environment), subject.row)

    def written(value: Value, lang: str) -> str:
        if isinstance(value, bool):
            return {"zh": "是" if value else "否", "en": "yes" if value else "no"}[lang]
        return f'"{value}"'

    numbers = put_in(expression, look_up, written)
    return {
        "text": expression.text,
        "words": {lang: _spoken(subject, _named(subject, expression, lang), lang) for lang in ("zh", "en")},
        "numbers": {lang: _spoken(subject, text, lang) for lang, text in numbers.items()},
        "met": bool(holds(evaluate(expression, environment))[subject.row]),
    }


def _named(subject: Subject, expression: Expression, lang: str) -> str:
    """The rule with its names and functions as people say them."""

    def named(node: Name | Call) -> str | None:
        if isinstance(node, Name):
            return NAMES[node.name][lang]
        argument = node.arguments[0].value if node.arguments and isinstance(node.arguments[0], Text) else ""
        match node.function:
            case "streak":
                tier = _tier(subject, argument, lang)
                return f"连续在{tier}的年数" if lang == "zh" else f"years in a row in {tier}"
            case "first_time":
                tier = _tier(subject, argument, lang)
                return f"首次进入{tier}" if lang == "zh" else f"in {tier} for the first time"
            case "event":
                title = subject.plan.scheme.events[argument].title
                return f"“{title.zh}”次数" if lang == "zh" else f"number of “{title.en}”"
            case "rate":
                title_words = subject.title(argument)
                return f"“{title_words['zh']}”得分率" if lang == "zh" else f"rate of “{title_words['en']}”"
            case _:
                return None

    return render(expression, named)


def _tier(subject: Subject, tier: str, lang: str) -> str:
    return next((t.title.text("zh" if lang == "zh" else "en") for t in subject.plan.track.tiers if t.id == tier), tier)


def _spoken(subject: Subject, text: str, lang: str) -> str:
    return spoken(text, lang, lambda tier: _tier(subject, tier, lang))


def _by(subject: Subject, environment: ResultEnvironment, award: Award) -> Block:
    """By what the best are chosen, the unit's value and its place among those who compete."""
    assert award.by is not None
    expression = parse(award.by)
    column = evaluate(expression, environment)
    competes = (column.state == PRESENT) & np.array([row["rank"] is not None for row in environment.rows])
    barred = _disqualified(subject.track)
    competes &= np.array([row["unit"] not in barred for row in environment.rows])
    if award.when is not None:
        competes &= holds(evaluate(parse(award.when), environment))
    if award.each == "class":
        competes &= np.array(subject.plan.units["class"].to_list()) == subject.unit_class
    value, _ = cell(column, subject.row)
    place = None
    if competes[subject.row] and isinstance(value, float):
        others = column.values[competes].astype(np.float64)
        better = (others > value) & ~near(others, np.full(len(others), value))
        place = 1 + int(better.sum())
    return {**_rule(subject, environment, expression), "met": None, "value": value, "place": place, "among": int(competes.sum())}


def _disqualified(track: TrackSubject) -> set[str]:
    rows = track.trace.filter((pl.col("record") == "event") & (pl.col("effect") == "disqualify"))
    return set(rows["unit"].to_list())


def _award_words(subject: Subject, award: Block) -> Words:
    zh, en = [], []
    if award["when"] is not None:
        when = award["when"]
        met_zh, met_en = ("符合", "met") if when["met"] else ("不符合", "not met")
        zh.append(f"条件：{when['words']['zh']}；即 {when['numbers']['zh']}，{met_zh}")
        en.append(f"rule: {when['words']['en']}; here {when['numbers']['en']}, {met_en}")
    if award["by"] is not None:
        by = award["by"]
        each_zh, each_en = ("每类", " of each class") if award["each"] == "class" else ("", "")
        zh.append(f"{each_zh}按{by['words']['zh']}取前 {award['top']} 名：{_value(by['value'], 'zh')}{_place(by, 'zh')}")
        en.append(f"top {award['top']}{each_en} by {by['words']['en']}: {_value(by['value'], 'en')}{_place(by, 'en')}")
    if award["disqualified"]:
        zh.append("已被一票否决，不得评奖")
        en.append("disqualified, no award")
    elif subject.nodes[ROOT]["points"] is None:
        zh.append("没有总分，不参加评奖")
        en.append("no total, no award")
    won_zh, won_en = ("获得", "won") if award["won"] else ("未获得", "not won")
    title = award["title"]
    return words(f"{title['zh']}（{won_zh}）：{'；'.join(zh)}", f"{title['en']} ({won_en}): {'; '.join(en)}")


def _value(value: Value, lang: str) -> str:
    if isinstance(value, float):
        return figure(value)
    return "无" if lang == "zh" else "none"


def _place(by: Block, lang: str) -> str:
    if by["place"] is None:
        return "，不在评选之列" if lang == "zh" else ", not in the running"
    return f"，在 {by['among']} 个中列第 {by['place']}" if lang == "zh" else f", place {by['place']} of {by['among']}"
