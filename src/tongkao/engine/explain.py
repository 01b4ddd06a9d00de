"""Explanations: how one unit came to the points of one node, its place, its tier and its awards.

Everything is read off the tables that a marking leaves (trace and results) and the assessment itself, so that a result just
computed and one read from a folder years later give the same explanation. The words are in the explanation in both languages;
:mod:`tongkao.engine.explain_text` lays them out for a reader, :mod:`tongkao.engine.explanation_schema` describes the fields.
"""

from __future__ import annotations

import polars as pl

from tongkao.engine.explain_account import explain_account
from tongkao.engine.explain_awards import explain_awards
from tongkao.engine.explain_events import explain_events, tier_title
from tongkao.engine.explain_sentences import sentences
from tongkao.engine.explain_subject import Block, Explainer, ExplainError, Subject, check_node
from tongkao.engine.explain_tiers import explain_tier
from tongkao.engine.explain_tree import explain_node
from tongkao.engine.explain_words import words
from tongkao.engine.layout import ROOT
from tongkao.folder.assessment import Assessment

#: version of the form of explanations
FORMAT = 1

__all__ = ["FORMAT", "ExplainError", "Explainer", "explain", "explain_with"]


def explain(
    assessment: Assessment,
    trace: pl.DataFrame,
    results: pl.DataFrame,
    unit: str,
    node: str | None = None,
    track: str | None = None,
) -> Block:
    """Explain the points of a unit.

    Args:
        assessment: What was marked.
        trace: The table ``trace`` of the marking.
        results: The table ``results`` of the marking.
        unit: Id of the unit.
        node: What is explained: an indicator, a dimension, a paper; the total when left out.
        track: The unit's track, where that should be checked.

    Returns:
        The explanation as plain data, described by :func:`tongkao.engine.explanation_schema.explanation_schema`.

    Raises:
        ExplainError: If there is no such unit, node or track.
    """
    return explain_with(Explainer(assessment, trace, results), unit, node, track)


def explain_with(explainer: Explainer, unit: str, node: str | None = None, track: str | None = None) -> Block:
    """Explain one of many units of a marking; see :func:`explain`.

    Args:
        explainer: The marking.
        unit: Id of the unit.
        node: What is explained.
        track: The unit's track, where that should be checked.
    """
    subject = explainer.subject(unit, track)
    wanted = node or ROOT
    check_node(subject, wanted)
    events = explain_events(subject)
    tree = explain_node(subject, wanted, events)
    below = set(subject.below(wanted))
    whole = wanted == ROOT
    scheme, rules = subject.plan.scheme, subject.plan.track
    block: Block = {
        "format": FORMAT,
        "scheme": scheme.id,
        "year": scheme.year,
        "unit": unit,
        "names": subject.names,
        "track": subject.plan.track_id,
        "class": subject.unit_class,
        "node": wanted,
        "titles": {
            "scheme": words(scheme.title.zh, scheme.title.en),
            "track": words(rules.title.zh, rules.title.en),
            "node": subject.title(wanted),
        },
        "result": _result(subject),
        "account": explain_account(subject, wanted, events, _scored(tree)),
        "tree": tree,
        "events": events if whole else [event for event in events if event["node"] in below],
        "tier": explain_tier(subject, events) if whole else None,
        "awards": explain_awards(subject) if whole else [],
    }
    return {**block, "sentences": sentences(block)}


def _result(subject: Subject) -> Block:
    row, plan = subject.result, subject.plan
    rank_within = plan.track.rank_within
    shared = subject.track.ranked(subject.unit_class).filter(pl.col("rank") == row["rank"]).height if row["rank"] else 0
    return {
        "total": row["total"],
        "full_mark": plan.full_mark,
        "rank": row["rank"],
        "rank_shared_by": shared,
        "ranked": subject.track.ranked(subject.unit_class).height,
        "rank_within": rank_within,
        "listed_apart": subject.unit in plan.track.unranked,
        "tier": tier_title(subject, row["tier"]),
        "year_last": plan.scheme.year_before if plan.scheme.year_before is not None else plan.scheme.year - 1,
        "rank_last": row["rank_last"],
        "tier_last": _tier_last(subject),
        "rank_change": row["rank_change"],
        "awards": [award for award in (row["awards"] or "").split(";") if award],
    }


def _tier_last(subject: Subject) -> Block | None:
    """Last year's tier; a tier that the scheme no longer has is called by its id."""
    name = subject.result["tier_last"] or ""
    return tier_title(subject, name) or ({"id": name, "zh": name, "en": name} if name else None)


def _scored(tree: Block) -> dict[str, float | None]:
    """Rate of each indicator before any void."""
    if tree["indicator"] is not None:
        return {tree["id"]: tree["indicator"]["scored"]}
    return {name: rate for child in tree["children"] for name, rate in _scored(child).items()}
