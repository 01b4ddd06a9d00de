"""What a node weighs for a unit, why, and what became of the weight of items that left (sections 4 and 7 of the format)."""

from __future__ import annotations

from tongkao.engine.explain_numbers import figure, plain
from tongkao.engine.explain_subject import Block, Subject, Words
from tongkao.engine.explain_value import cell_state
from tongkao.engine.explain_words import end_id, end_words, words
from tongkao.engine.layout import ROOT
from tongkao.engine.observed import NOT_APPLICABLE, PRESENT
from tongkao.engine.policies import chain
from tongkao.engine.shares import column_as_text
from tongkao.scheme.model import Amounts

#: gains smaller than this share of the full mark are noise of binary fractions
NOISE = 1e-12


def explain_weight(subject: Subject, node: str) -> Block:
    """The amount as written and why; the full mark before and after items left, and from which items it came."""
    record = subject.nodes[node]
    nominal = float(record["nominal"])
    full = float(record["full_mark"]) if subject.counts(node) else 0.0
    if node == ROOT:
        why = words("满分由方案规定", "the scheme's full mark")
        return {
            "amount": None,
            "in": None,
            "why": "scheme",
            "column": None,
            "value": None,
            "why_words": why,
            "share": record["share"],
            "nominal": nominal,
            "full_mark": full,
            "from_above": 0.0,
            "received": [],
        }
    scheme_node = subject.plan.layout.nodes[subject.plan.layout.column(node)]
    assert scheme_node is not None
    above, received = _received(subject, node)
    return {
        "amount": record["amount"],
        "in": "points" if scheme_node.points is not None else "weight",
        **_why(subject, node),
        "share": record["share"],
        "nominal": nominal,
        "full_mark": full,
        "from_above": above,
        "received": received,
    }


def _why(subject: Subject, node: str) -> Block:
    record = subject.nodes[node]
    amounts = subject.plan.layout.amounts(subject.plan.layout.column(node))
    if record["own_weight"]:
        return {
            "why": "own",
            "column": None,
            "value": None,
            "why_words": words("本单位专用（weights 表）", "the unit's own (table of weights)"),
        }
    if not isinstance(amounts, Amounts):
        return {"why": "same", "column": None, "value": None, "why_words": words("各单位相同", "the same for all")}
    value = column_as_text(subject.plan.units[amounts.by])[subject.row]
    if value not in amounts.classes:
        return {
            "why": "default",
            "column": amounts.by,
            "value": value,
            "why_words": words("缺省值", "default"),
        }
    if amounts.by == "class":
        return {"why": "class", "column": "class", "value": value, "why_words": words(f"类别 {value}", f"class {value}")}
    told = words(f"{amounts.by} 为 {value}", f"{amounts.by} = {value}")
    return {"why": "column", "column": amounts.by, "value": value, "why_words": told}


def _received(subject: Subject, node: str) -> tuple[float, list[Block]]:
    """Points that came with a heavier parent, and points from each sibling that left.

    Equal parts are shared out first, the rest in proportion to the weights so enlarged. What the node has in the end is its
    nominal full mark, what came from above, and what came from the siblings.
    """
    parent = subject.parent(node)
    assert parent is not None
    if not subject.counts(node):
        return 0.0, []
    over = subject.nodes[parent]
    before, after = float(over["nominal"]), float(over["full_mark"])
    siblings = subject.children(parent)
    share = {name: float(subject.nodes[name]["nominal"]) / before for name in siblings}
    equally = [name for name in siblings if subject.nodes[name]["status"] == "left_equally"]
    proportionally = [name for name in siblings if subject.nodes[name]["status"] == "left"]
    staying = sum(subject.nodes[name]["status"] == "stays" for name in siblings)
    enlarged = share[node] + sum(share[name] for name in equally) / staying
    left = sum(share[name] for name in proportionally)
    gains = {name: share[name] / staying for name in equally}
    gains |= {name: enlarged * share[name] / (1.0 - left) for name in proportionally}
    received = [
        {"node": name, "title": subject.title(name), "points": gain * after, "equally": name in equally}
        for name, gain in gains.items()
        if gain > NOISE
    ]
    above = float(subject.nodes[node]["full_mark"]) - float(subject.nodes[node]["nominal"]) - sum(r["points"] for r in received)
    return (above if abs(above) > NOISE * subject.plan.full_mark else 0.0), received


def weight_words(weight: Block, places: int) -> Words:
    """The weight of a node in one line."""
    if weight["amount"] is None:
        return words(f"满分 {plain(weight['full_mark'], places)}", f"full mark {plain(weight['full_mark'], places)}")
    amount, why = figure(weight["amount"]), weight["why_words"]
    nominal, full = plain(weight["nominal"], places), plain(weight["full_mark"], places)
    zh = f"{amount} 分（{why['zh']}）" if weight["in"] == "points" else f"权重 {amount}（{why['zh']}），合 {nominal} 分"
    en = f"{amount} points ({why['en']})" if weight["in"] == "points" else f"weight {amount} ({why['en']}), {nominal} points"
    if weight["in"] == "points" and nominal != plain(weight["amount"], places):
        zh, en = f"{zh}，合 {nominal} 分", f"{en}, that is {nominal} of the total"
    gains_zh = [f"“{r['title']['zh']}”让出 {plain(r['points'], places)} 分" for r in weight["received"]]
    gains_en = [f"{plain(r['points'], places)} from “{r['title']['en']}”" for r in weight["received"]]
    if weight["from_above"]:
        gains_zh.append(f"随上级增加 {plain(weight['from_above'], places)} 分")
        gains_en.append(f"{plain(weight['from_above'], places)} with its heavier parent")
    if gains_zh:
        zh += f"；{'、'.join(gains_zh)}，实际满分 {full} 分"
        en += f"; plus {', '.join(gains_en)}: full mark {full}"
    return words(zh, en)


# --- what left --------------------------------------------------------------------------------------------------------------


def explain_leaving(subject: Subject, node: str) -> Block | None:
    """Why a node does not count for the unit; None where it does.

    Reasons: ``weightless`` (weight 0), ``above`` (a node above does not count), ``screened`` (the unit has too little data),
    ``missing`` and ``not_applicable`` (by policy), ``no_children`` (all below left), ``too_few`` (too small a share below).
    """
    if subject.counts(node):
        return None
    status = subject.nodes[node]["status"]
    if status == "weightless":
        return _left("weightless", words("权重为 0，本单位不考核此项", "weight 0: the unit is not assessed in it"))
    screening = screened(subject)
    if screening is not None:
        return _left("screened", screening)
    if status == "stays":
        return _left("above", words("上级项不计，此项随之不计", "a node above left, so it does not count"))
    if subject.plan.layout.kinds[subject.plan.layout.column(node)] == "indicator":
        state = cell_state(subject, node)
        if state == PRESENT:
            # Its value is there: the screening of the unit took it out, on counts that only the marking itself knows.
            return _left(
                "screened", words("有数的指标太少，本单位不计分", "too few indicators have a value: the unit is not marked")
            )
        leaf = subject.plan.layout.leaves.tolist().index(subject.plan.layout.column(node))
        _, end = chain(subject.plan.policy(leaf, applicable=state != NOT_APPLICABLE))
        reason = words("不适用", "not applicable") if state == NOT_APPLICABLE else words("缺数", "missing")
        told = end_words(end)
        text = words(f"{reason['zh']}：{told['zh']}", f"{reason['en']}: {told['en']}")
        return {**_left("not_applicable" if state == NOT_APPLICABLE else "missing", text), "policy": end_id(end)}
    weighing = [child for child in subject.children(node) if subject.nodes[child]["status"] != "weightless"]
    present = sum(subject.nodes[child]["status"] == "stays" for child in weighing)
    if present:
        least = figure(100.0 * float(subject.plan.layout.least[subject.plan.layout.column(node)]))
        return _left(
            "too_few",
            words(
                f"{len(weighing)} 个下级项中只有 {present} 个有数，不到规定的 {least}%，此项不计",
                f"only {present} of the {len(weighing)} items below are present, less than {least} %: it leaves",
            ),
        )
    return _left("no_children", words("下级项全部不计，此项随之不计", "everything below left, so it leaves too"))


def _left(reason: str, text: Words) -> Block:
    return {"reason": reason, "policy": None, **text}


def screened(subject: Subject) -> Words | None:
    """Why the unit was screened out for too little data, None where it was not."""
    rule = subject.plan.track.screen
    if rule is None or subject.nodes[ROOT]["status"] == "stays":
        return None
    ids, kinds = subject.plan.layout.ids, subject.plan.layout.kinds
    asked = [name for name, kind in zip(ids, kinds, strict=True) if kind == "indicator" and subject.nodes[name]["nominal"] > 0]
    there = [name for name in asked if _has_value(subject, name)]
    if rule.availability is not None and len(there) < rule.availability * len(asked) - 1e-9:
        share = figure(100 * rule.availability)
        return words(
            f"{len(asked)} 个指标中有数的只有 {len(there)} 个，不到规定的 {share}%，本单位不计分",
            f"only {len(there)} of {len(asked)} indicators have a value, less than {share} %: the unit is not marked",
        )
    zero = sum(_has_zero(subject, name) for name in there)
    if rule.non_zero is not None and len(there) - zero < rule.non_zero * len(there) - 1e-9:
        share = figure(100 * rule.non_zero)
        return words(
            f"有数的 {len(there)} 个指标中非零的只有 {len(there) - zero} 个，不到规定的 {share}%，本单位不计分",
            f"only {len(there) - zero} of {len(there)} values are not zero, less than {share} %: the unit is not marked",
        )
    return None


def _has_value(subject: Subject, node: str) -> bool:
    if node in subject.parts:
        return cell_state(subject, node) == PRESENT
    record = subject.nodes[node]
    return record["observed"] is not None or bool(record["filled"])


def _has_zero(subject: Subject, node: str) -> bool:
    records = subject.parts.get(node, [subject.nodes[node]])
    return any(record["observed"] == 0 for record in records)
