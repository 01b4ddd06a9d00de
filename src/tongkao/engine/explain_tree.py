"""The tree of a unit with everything that made each node's points (sections 3 to 9 of the format)."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongkao.engine.explain_numbers import figure, fixed
from tongkao.engine.explain_rules import METHODS, apply_rule
from tongkao.engine.explain_subject import Block, Record, Subject, Words
from tongkao.engine.explain_value import cell_state, columns_of, explain_value
from tongkao.engine.explain_weight import explain_leaving, explain_weight
from tongkao.engine.explain_words import STATES, end_id, end_words, mean_id, mean_words, words
from tongkao.engine.observed import MISSING, NOT_APPLICABLE
from tongkao.engine.plan import Column
from tongkao.engine.policies import chain, rate_of
from tongkao.scheme.model import Aggregate, DistanceToReference, Mix, Power

#: rates that are written out in the formula of a mean, at most
WRITTEN_RATES = 12


def explain_node(subject: Subject, node: str, events: Sequence[Block]) -> Block:
    """One node and all below it.

    Args:
        subject: The unit.
        node: Where to begin.
        events: The unit's events, for those that concern the node.
    """
    record, counts = subject.nodes[node], subject.counts(node)
    kind = subject.plan.layout.kinds[subject.plan.layout.column(node)]
    children = [explain_node(subject, child, events) for child in subject.children(node)]
    block: Block = {
        "id": node,
        "kind": kind,
        "title": subject.title(node),
        "counts": counts,
        "left": explain_leaving(subject, node),
        "weight": explain_weight(subject, node),
        "aggregated": record["aggregated"] if counts else None,
        "events": [_concerning(event) for event in events if event["node"] == node],
        "event_points": record["event_points"] if counts else None,
        "rounding": _rounding(subject, record, kind) if counts else None,
        "points": record["points"] if counts else None,
        "rate": record["rate"] if counts else None,
        "lost": float(record["full_mark"]) - float(record["points"]) if counts else None,
        "place": record["place"] if counts else None,
        "placed": subject.place_count(node) if counts and record["place"] is not None else None,
        "mean": None if kind == "indicator" else _mean(subject, node, children),
        **(_leaf(subject, node, record) if kind == "indicator" else {"indicator": None}),
        "children": children,
    }
    return block


def _concerning(event: Block) -> Block:
    return {key: event[key] for key in ("rule", "title", "effect", "points")}


def _rounding(subject: Subject, record: Record, kind: str) -> Block | None:
    rule = subject.plan.scheme.rounding
    if kind not in rule.at:
        return None
    before, after = float(record["points"]) - float(record["rounding"]), float(record["points"])
    mode = (
        words("四舍五入", "half up") if rule.mode == "half_up" else words("四舍六入五成双（GB/T 8170）", "half even (GB/T 8170)")
    )
    return {"before": before, "after": after, "places": rule.places, "mode": rule.mode, "mode_words": mode}


# --- leaves -----------------------------------------------------------------------------------------------------------------


def _leaf(subject: Subject, node: str, record: Record) -> Block:
    indicator, columns = subject.indicator(node), columns_of(subject, node)
    is_mix = isinstance(indicator.score, Mix)
    records = subject.parts.get(node, [record])
    parts = [_part(subject, column, own) for column, own in zip(columns, records, strict=True)]
    scored = record["scored"]
    given = _given(subject, node, record)
    state = cell_state(subject, node)
    return {
        "indicator": {
            "direction": indicator.direction,
            "owner": indicator.owner,
            "basis": indicator.basis,
            "state": parts[0]["value"]["state"] if not is_mix else _mix_state(state),
            "given": given,
            "scored": scored if scored is not None else (given["rate"] if given is not None else None),
            "voided": bool(record["voided"]),
            "mix": _mix_words(columns, records, scored) if is_mix else None,
            "parts": parts,
        }
    }


def _mix_state(state: int) -> str:
    return {MISSING: "missing", NOT_APPLICABLE: "not_applicable"}.get(state, "computed")


def _part(subject: Subject, column: Column, record: Record) -> Block:
    up = column.sign > 0
    reference = None
    if isinstance(column.score, DistanceToReference):
        reference = _reference(subject, column, column.score.unit)
    is_scored = record["treated"] is not None and record["scored"] is not None
    rule = apply_rule(column.score, record, up=up, reference=reference).as_dict() if is_scored else None
    zh, en = METHODS[column.score.method]
    return {
        "share": column.share,
        "method": {"id": column.score.method, "zh": zh, "en": en},
        "value": explain_value(subject, column, record),
        "targets": {which: record[which] for which in ("target", "baseline", "challenge")},
        "reference": reference,
        "group": _group(subject, column, record),
        "rule": rule,
        "rate": record["scored"],
    }


def _reference(subject: Subject, column: Column, unit: str) -> float | None:
    own = (pl.col("unit") == unit) & (pl.col("node") == column.indicator)
    if column.indicator in subject.parts:
        own &= (pl.col("record") == "part") & (pl.col("part") == column.part + 1)
    found: list[float | None] = subject.track.trace.filter(own)["treated"].to_list()
    return found[0] if found else None


def _group(subject: Subject, column: Column, record: Record) -> Block | None:
    if record["group_count"] is None:
        return None
    compare = subject.indicator(column.indicator).compare
    return {
        "compare": compare,
        "class": subject.unit_class if compare == "class" else None,
        **{field: record[f"group_{field}"] for field in ("count", "best", "worst", "mean", "sd", "place")},
    }


def _given(subject: Subject, node: str, record: Record) -> Block | None:
    """The rate that a policy gave in place of a value; None where it did not."""
    if not subject.counts(node) or not record["policy"]:
        return None
    state = cell_state(subject, node)
    leaf = subject.plan.layout.leaves.tolist().index(subject.plan.layout.column(node))
    _, end = chain(subject.plan.policy(leaf, applicable=state != NOT_APPLICABLE))
    rate = rate_of(end)
    if rate is None:
        return None
    reason, told = STATES[_mix_state(state)], end_words(end)
    return {"policy": end_id(end), "rate": rate, **words(f"{reason['zh']}，{told['zh']}", f"{reason['en']}: {told['en']}")}


def _mix_words(columns: Sequence[Column], records: Sequence[Record], rate: float | None) -> Words | None:
    if rate is None or any(record["scored"] is None for record in records):
        return None
    terms = [f"{figure(column.share)} × {figure(record['scored'])}" for column, record in zip(columns, records, strict=True)]
    text = f"{' + '.join(terms)} = {figure(rate)}"
    return words(text, text)


# --- inner nodes ------------------------------------------------------------------------------------------------------------


def _mean(subject: Subject, node: str, children: Sequence[Block]) -> Block:
    aggregate = subject.plan.layout.aggregates[subject.plan.layout.column(node)]
    staying = [child for child in children if child["counts"]]
    rate = None
    record = subject.nodes[node]
    if subject.counts(node) and record["full_mark"]:
        rate = 100.0 * record["aggregated"] / record["full_mark"]
    return {
        "id": mean_id(aggregate),
        "exponent": aggregate.power if isinstance(aggregate, Power) else None,
        **mean_words(aggregate),
        "formula": _formula(aggregate, staying, rate) if rate is not None else None,
        "rate": rate,
    }


def _formula(aggregate: Aggregate, children: Sequence[Block], rate: float) -> str | None:
    """The mean with rates and shares put in; None where it would fill the page, or is no formula."""
    if not children or len(children) > WRITTEN_RATES or aggregate == "copeland":
        return None
    # A negative base of a power must stay one number.
    pairs = [
        (fixed(child["rate"], 4) if child["rate"] >= 0 else f"({fixed(child['rate'], 4)})", fixed(child["weight"]["share"], 4))
        for child in children
    ]
    result = fixed(rate, 4)
    if isinstance(aggregate, Power):
        inner = " + ".join(f"{share} × {own}^{figure(aggregate.power)}" for own, share in pairs)
        return f"({inner})^(1 ÷ {figure(aggregate.power)}) = {result}" if aggregate.power else _product(pairs, result)
    match aggregate:
        case "geometric":
            return _product(pairs, result)
        case "harmonic":
            return f"1 ÷ ({' + '.join(f'{share} ÷ {own}' for own, share in pairs)}) = {result}"
        case "min":
            return f"min({', '.join(own for own, _ in pairs)}) = {result}"
        case "median":
            return f"median({', '.join(f'{own}[{share}]' for own, share in pairs)}) = {result}"
        case _:
            return f"{' + '.join(f'{share} × {own}' for own, share in pairs)} = {result}"


def _product(pairs: Sequence[tuple[str, str]], result: str) -> str:
    return f"{' × '.join(f'{own}^{share}' for own, share in pairs)} = {result}"
