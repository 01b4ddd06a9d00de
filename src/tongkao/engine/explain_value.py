"""Where the value of an indicator comes from: observed or computed, filled, treated (sections 3 to 5 of the format)."""

from __future__ import annotations

import polars as pl

from tongkao.engine.explain_inputs import cell, explain_expression, observed
from tongkao.engine.explain_numbers import figure
from tongkao.engine.explain_subject import Block, Record, Subject, Words
from tongkao.engine.explain_words import STATES, source_id, treatment_words, words
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.plan import Column
from tongkao.engine.policies import Source, chain
from tongkao.engine.shares import column_as_text
from tongkao.engine.values import unit_column
from tongkao.scheme.model import CarryForward, Impute, Interpolate

#: units from which a value was imputed are named up to this many
NAMED_DONORS = 12


def columns_of(subject: Subject, node: str) -> list[Column]:
    """What is scored for an indicator: itself, or each part of a mix."""
    return [column for column in subject.plan.columns if column.indicator == node]


def cell_state(subject: Subject, node: str) -> int:
    """State of an indicator's own value: present, missing or not applicable; of a mix the worst of its parts'."""
    records = [subject.nodes[node]] if node not in subject.parts else subject.parts[node]
    states = [_column_state(subject, column, record) for column, record in zip(columns_of(subject, node), records, strict=True)]
    return max(states)


def _column_state(subject: Subject, column: Column, record: Record) -> int:
    values, year = subject.track.values, subject.plan.scheme.year
    if column.expression is None:
        found = values.observation(column.indicator, year)
    else:
        found = values.expression(column.expression, column.indicator, year)
    state = int(found.state[subject.row])
    divided = subject.indicator(column.indicator).denominate is not None
    return MISSING if state == PRESENT and divided and record["observed"] is None else state


def explain_value(subject: Subject, column: Column, record: Record) -> Block:
    """Everything between the table of observations and the value that is scored.

    Args:
        subject: The unit.
        column: The indicator, or one part of a mix.
        record: Its record in the trace.
    """
    indicator = subject.indicator(column.indicator)
    state = _column_state(subject, column, record)
    code = {MISSING: "missing", NOT_APPLICABLE: "not_applicable"}.get(state, "computed")
    own = observed(subject, column.indicator, str(subject.plan.scheme.year)) if column.expression is None else None
    if own is not None and state == PRESENT:
        code = own["state"]
    return {
        "unit_of_measure": indicator.unit_of_measure,
        "state": code,
        "state_words": dict(STATES[code]),
        "observation": own,
        "expression": None if column.expression is None else explain_expression(subject, column.expression, column.indicator),
        "denominator": _denominator(subject, indicator.denominate),
        "observed": record["observed"],
        "filled": _filled(subject, column, record, state),
        "value": record["value"],
        "treated": _treated(subject, column, record),
    }


def _denominator(subject: Subject, name: str | None) -> Block | None:
    if name is None:
        return None
    values, year = subject.track.values, subject.plan.scheme.year
    column = values.observation(name, year) if name in values.observed else unit_column(values.units, name)
    value, state = cell(column, subject.row)
    return {"name": name, "value": value, "state": state}


def _treated(subject: Subject, column: Column, record: Record) -> Block | None:
    if record["value"] is None or record["treated"] is None or record["value"] == record["treated"]:
        return None
    own = subject.indicator(column.indicator).treat
    rule = own if own is not None else subject.plan.scheme.treat
    if rule is None or rule == "none":
        return None
    done = [step for step in (record["treatment"] or "").split(";") if step]
    return {
        "from": record["value"],
        "to": record["treated"],
        "method": rule.method,
        "done": done,
        **treatment_words(rule, done),
    }


# --- filled -----------------------------------------------------------------------------------------------------------------


def _filled(subject: Subject, column: Column, record: Record, state: int) -> Block | None:
    """How a missing value was filled, and from whom or when."""
    if record["observed"] is not None or record["value"] is None:
        return None
    source, year = _source(subject, column, record, state)
    donors = _donors(subject, column, source) if isinstance(source, Impute) and source.impute in ("mean", "median") else None
    return {
        "source": source_id(source) if source is not None else "unknown",
        "value": record["value"],
        "year": year,
        "observation": observed(subject, column.indicator, str(year)) if year is not None and column.expression is None else None,
        "count": None if donors is None else len(donors),
        "units": donors if donors is not None and len(donors) <= NAMED_DONORS else [],
        **_filled_words(subject, source, record["value"], year, donors),
    }


def _source(subject: Subject, column: Column, record: Record, state: int) -> tuple[Source | None, int | None]:
    """Which policy gave the value, and the year it was carried forward from.

    The trace names the source of an indicator; for a part of a mix the first that can have given it is taken.
    """
    sources, _ = chain(subject.plan.policy(column.leaf, applicable=state != NOT_APPLICABLE))
    word, year = record["filled"] or "", record["filled_from"]
    named = next((candidate for candidate in sources if source_id(candidate) == word), None)
    if named is not None:
        return named, year
    for candidate in sources:
        if not isinstance(candidate, CarryForward):
            return candidate, None
        year = _carried_from(subject, column, candidate)
        if year is not None:
            return candidate, year
    return None, None


def _carried_from(subject: Subject, column: Column, source: CarryForward) -> int | None:
    """The newest earlier year within reach in which the unit has a value."""
    values, now = subject.track.values, subject.plan.scheme.year
    reach = 9999 if source.carry_forward is True else source.carry_forward
    for year in sorted((year for year in values.observed.years if now - reach <= year < now), reverse=True):
        earlier = (
            values.observation(column.indicator, year)
            if column.expression is None
            else values.expression(column.expression, column.indicator, year)
        )
        if earlier.state[subject.row] == PRESENT:
            return year
    return None


def _filled_words(subject: Subject, source: Source | None, value: float, year: int | None, donors: list[str] | None) -> Words:
    shown = figure(value)
    if isinstance(source, CarryForward):
        return words(f"沿用 {year} 年的数 {shown}", f"the value of {year} is carried forward: {shown}")
    if isinstance(source, Interpolate):
        return words(f"由本单位其他年份的数推算为 {shown}", f"interpolated from the unit's other years: {shown}")
    if isinstance(source, Impute) and donors is None:
        node_zh, node_en = {
            "parent": ("同一上级", "the same parent"),
            "paper": ("同一考卷", "the same paper"),
        }.get(source.within, ("整个指标体系", "the whole tree"))
        which_zh, which_en = ("平均", "mean") if source.impute == "row_mean" else ("中位", "median")
        return words(
            f"按本单位在{node_zh}下其他指标的{which_zh}水平推算为 {shown}",
            f"from the {which_en} level of the unit's other indicators under {node_en}: {shown}",
        )
    if isinstance(source, Impute) and donors is not None:
        which_zh, which_en = ("平均数", "mean") if source.impute == "mean" else ("中位数", "median")
        whom = _whom(subject, source)
        return words(
            f"用{whom['zh']}中有数的 {len(donors)} 个单位的{which_zh} {shown} 代替",
            f"the {which_en} {shown} of {len(donors)} unit{'' if len(donors) == 1 else 's'} with a value {whom['en']}",
        )
    return words(f"按方案补为 {shown}", f"filled as the scheme says: {shown}")


def _whom(subject: Subject, source: Impute) -> Words:
    if source.within == "track":
        return words("本序列", "in the track")
    name = column_as_text(subject.plan.units[source.within])[subject.row]
    if source.within == "class":
        return words(f"同类（{name}）", f"of the same class ({name})")
    return words(f"{source.within} 为 {name} 的单位", f"with {source.within} = {name}")


def _donors(subject: Subject, column: Column, source: Impute) -> list[str]:
    """The units whose own values made an imputed one: of the comparison group, ranked, alike in what the policy names."""
    plan = subject.plan
    alike = dict.fromkeys(plan.unit_ids, True)
    if source.within != "track":
        names = column_as_text(plan.units[source.within])
        alike = {unit: name == names[subject.row] for unit, name in zip(plan.unit_ids, names, strict=True)}
    ranked = {unit: bool(plan.ranked[plan.main()][row]) for row, unit in enumerate(plan.unit_ids)}
    own = pl.col("record") == ("part" if column.indicator in subject.parts else "node")
    chosen = subject.track.trace.filter(own & (pl.col("node") == column.indicator) & pl.col("observed").is_not_null())
    if column.indicator in subject.parts:
        chosen = chosen.filter(pl.col("part") == column.part + 1)
    if subject.indicator(column.indicator).compare == "class":
        chosen = chosen.filter(pl.col("class") == subject.unit_class)
    weightless = _weightless(subject, column.indicator)
    return [unit for unit in chosen["unit"].to_list() if alike[unit] and ranked[unit] and unit not in weightless]


def _weightless(subject: Subject, node: str) -> set[str]:
    nodes = subject.track.nodes
    return set(nodes.filter((pl.col("node") == node) & (pl.col("status") == "weightless"))["unit"].to_list())
