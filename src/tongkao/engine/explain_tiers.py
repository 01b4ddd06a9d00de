"""Why a unit is in its tier: places, scores and gates with the numbers, effects, places that were filled up (section 9)."""

from __future__ import annotations

import polars as pl

from tongkao.engine.explain_events import tier_title
from tongkao.engine.explain_numbers import figure, plain
from tongkao.engine.explain_subject import Block, Subject, Words
from tongkao.engine.explain_words import words
from tongkao.engine.tiers import places
from tongkao.scheme.model import Tier

TIER_EFFECTS = ("tier_at_most", "tier_down", "disqualify")


def explain_tier(subject: Subject, events: list[Block]) -> Block | None:
    """The way of a unit through the tiers; None where the track has none or the unit is not ranked.

    Args:
        subject: The unit.
        events: Its events.
    """
    tiers = subject.plan.track.tiers
    final = tier_title(subject, subject.result["tier"])
    if final is None or subject.result["rank"] is None:
        return None
    index = {tier.id: number for number, tier in enumerate(tiers)}
    moved_up = any(note["reason"] == "moved_up" for note in subject.notes)
    effects = [event for event in events if event["effect"] in TIER_EFFECTS]
    dealt = index[final["id"]] + 1 if moved_up else index[final["id"]]
    if effects:
        dealt = index[effects[0]["tier_before"]["id"]]
    ranked = subject.track.ranked(subject.unit_class).height
    steps = [_step(subject, tier, number, dealt, ranked) for number, tier in enumerate(tiers[: dealt + 1])]
    block: Block = {
        "id": final["id"],
        "title": words(final["zh"], final["en"]),
        "rank": subject.result["rank"],
        "ranked": ranked,
        "dealt": tier_title(subject, tiers[dealt].id),
        "steps": steps,
        "effects": [{key: event[key] for key in ("rule", "title", "effect", "tier_before", "tier_after")} for event in effects],
        "moved_up": moved_up,
    }
    return {**block, "reasons": _reasons(block, events)}


def _step(subject: Subject, tier: Tier, number: int, dealt: int, ranked: int) -> Block:
    """How a unit fared at one tier: it entered, failed a condition, or found no place."""
    is_open = number == len(subject.plan.track.tiers) - 1
    notes = [note for note in subject.notes if note["tier_after"] == tier.id and note["reason"] != "moved_up"]
    gates = [_gate(subject, node, required) for node, required in tier.gates.items()]
    if number == dealt:
        outcome = "entered"
    elif notes:
        outcome = notes[0]["reason"]
    else:
        outcome = "no_places" if not places(tier, ranked) else "closed" if _closed(subject, tier) else "full"
    block: Block = {
        "id": tier.id,
        "title": words(tier.title.zh, tier.title.en),
        "open": is_open,
        "count": tier.count,
        "share": tier.share,
        "places": None if is_open else places(tier, ranked),
        "score": tier.score,
        "total": subject.result["total"],
        "gates": gates,
        "outcome": outcome,
    }
    return {**block, **_step_words(block, ranked)}


def _gate(subject: Subject, node: str, required: float) -> Block:
    rate = subject.nodes[node]["rate"] if subject.counts(node) else None
    return {
        "node": node,
        "title": subject.title(node),
        "required": required,
        "rate": rate,
        "met": rate is None or rate >= required - 1e-7,
    }


def _closed(subject: Subject, tier: Tier) -> bool:
    """Whether a tier closed because not all units that share a rank found a place in it."""
    trace = subject.track.trace
    notes = trace.filter((pl.col("record") == "tier") & (pl.col("reason") == "shared") & (pl.col("tier_after") == tier.id))
    if subject.plan.track.rank_within == "class":
        notes = notes.filter(pl.col("class") == subject.unit_class)
    return notes.height > 0


# --- in words ---------------------------------------------------------------------------------------------------------------


def _step_words(step: Block, ranked: int) -> Words:
    asked = _asked(step, ranked)
    outcome = {
        "entered": ("进入", "entered"),
        "no_places": ("没有名额", "it has no place"),
        "full": ("名额已由名次在前的单位用完", "its places were taken by units ranked before"),
        "closed": ("名次并列的单位不能全部进入，该等次到此为止", "closed, as units that share a rank did not all fit"),
        "shared": (
            "与名次相同的单位一起，剩余名额不够，均转入下一等次",
            "too few places left for all that share the rank: all go on to the next tier",
        ),
        "score": ("总分未达要求，不能进入", "the total is too low"),
        "gate": ("门槛未过，不能进入", "a gate is not met"),
    }[step["outcome"]]
    return words(
        f"{step['title']['zh']}（{asked['zh']}）：{outcome[0]}",
        f"{step['title']['en']} ({asked['en']}): {outcome[1]}",
    )


def _asked(step: Block, ranked: int) -> Words:
    zh, en = [], []
    if step["open"]:
        zh.append("不限名额")
        en.append("open")
    elif step["share"] is not None and step["count"] is None:
        share = figure(100 * step["share"])
        zh.append(f"{ranked} 个单位的 {share}%，{step['places']} 个名额")
        en.append(f"{share} % of {ranked} units, {step['places']} place{'' if step['places'] == 1 else 's'}")
    else:
        zh.append(f"{step['places']} 个名额")
        en.append(f"{step['places']} place{'' if step['places'] == 1 else 's'}")
    if step["score"] is not None:
        met = step["outcome"] != "score"
        zh.append(f"总分须达 {figure(step['score'])}，实为 {plain(step['total'], 4)}{'' if met else '，未达'}")
        en.append(f"total at least {figure(step['score'])}, is {plain(step['total'], 4)}{'' if met else ', not met'}")
    for gate in step["gates"]:
        if gate["rate"] is None:
            zh.append(f"“{gate['title']['zh']}”不计，视为过关")
            en.append(f"“{gate['title']['en']}” left and counts as met")
            continue
        rate, required = plain(gate["rate"], 4), figure(gate["required"])
        zh.append(f"“{gate['title']['zh']}”得分率须达 {required}，实为 {rate}{'' if gate['met'] else '，未达'}")
        en.append(f"“{gate['title']['en']}” rate at least {required}, is {rate}{'' if gate['met'] else ', not met'}")
    return words("；".join(zh), "; ".join(en))


def _reasons(block: Block, events: list[Block]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {"zh": [], "en": []}
    for lang, sentence in (
        ("zh", f"在 {block['ranked']} 个排名单位中列第 {block['rank']} 位"),
        ("en", f"place {block['rank']} of {block['ranked']} ranked units"),
    ):
        reasons[lang].append(sentence)
        reasons[lang] += [step[lang] for step in block["steps"]]
        reasons[lang] += [event[lang] for event in events if event["effect"] in TIER_EFFECTS]
    if block["moved_up"]:
        name = block["title"]
        reasons["zh"].append(f"{name['zh']}有单位因事项退出而空出名额，按名次递补进入")
        reasons["en"].append(f"moved up into {name['en']}: effects of events freed a place there")
    return reasons
