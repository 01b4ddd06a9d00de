"""The account of a node's points: indicators, means, events and rounding, which together are its points exactly."""

from __future__ import annotations

from collections.abc import Sequence

from tongkao.engine.explain_subject import Block, Record, Subject

#: a difference smaller than this share of the full mark is noise of binary fractions
NOISE = 1e-12


def explain_account(subject: Subject, node: str, events: Sequence[Block], scored: dict[str, float | None]) -> list[Block]:
    """Where the points of a node come from.

    Every indicator below enters with the points of its rate; a node that does not add up what is below it enters with what its
    mean adds or takes; events enter where their points were taken or given, a void with all that its indicator had; rounding
    enters where it was done. The sum is the node's points.

    Args:
        subject: The unit.
        node: The node; one that does not count has no account.
        events: The unit's events as :func:`tongkao.engine.explain_events.explain_events` gives them.
        scored: Rate of each indicator before any void.
    """
    if not subject.counts(node):
        return []
    entries: list[Block] = []
    children = [child for child in subject.children(node) if subject.counts(child)]
    record = subject.nodes[node]
    aggregated = float(record["aggregated"])
    if subject.plan.layout.kinds[subject.plan.layout.column(node)] == "indicator":
        entries += _indicator(subject, node, record, events, scored)
    else:
        for child in children:
            entries += explain_account(subject, child, events, scored)
        gain = aggregated - sum(float(subject.nodes[child]["points"]) for child in children)
        if abs(gain) > NOISE * subject.plan.full_mark:
            entries.append(_entry(subject, "aggregation", node, gain))
    entries += _events(subject, node, record, events)
    if abs(float(record["rounding"])) > NOISE * subject.plan.full_mark:
        entries.append(_entry(subject, "rounding", node, float(record["rounding"])))
    return entries


def _entry(subject: Subject, kind: str, node: str, points: float, event: Block | None = None) -> Block:
    return {
        "kind": kind,
        "node": node,
        "title": subject.title(node),
        "rule": None if event is None else event["rule"],
        "rule_title": None if event is None else event["title"],
        "effect": None if event is None else event["effect"],
        "points": points,
        "full_mark": float(subject.nodes[node]["full_mark"]) if kind == "indicator" else None,
    }


def _indicator(
    subject: Subject, node: str, record: Record, events: Sequence[Block], scored: dict[str, float | None]
) -> list[Block]:
    points, rate = float(record["aggregated"]), scored[node]
    if not record["voided"] or rate is None:
        return [_entry(subject, "indicator", node, points)]
    before = rate * float(record["full_mark"]) / 100.0
    voids = [event for event in events if event["effect"] == "void" and event["node"] == node]
    # Whatever voided it first took all there was; a second void finds nothing left.
    taken = [_entry(subject, "event", node, points - before if place == 0 else 0.0, event) for place, event in enumerate(voids)]
    return [_entry(subject, "indicator", node, before), *taken]


def _events(subject: Subject, node: str, record: Record, events: Sequence[Block]) -> list[Block]:
    entries = [
        _entry(subject, "event", node, float(event["points"]), event)
        for event in events
        if event["effect"] in ("deduct", "bonus") and event["node"] == node
    ]
    spared = float(record["event_points"]) - sum(entry["points"] for entry in entries)
    if abs(spared) > NOISE * subject.plan.full_mark:
        # Deductions never take a node below 0: what they could not take.
        entries.append({**_entry(subject, "event", node, spared), "effect": "not_below_zero"})
    return entries
