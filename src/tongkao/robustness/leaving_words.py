"""Leaving out in words: where the weight goes, who rises and who falls, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tongkao.errors import Lang
from tongkao.robustness.moves import Moves
from tongkao.scheme.model import Branch

#: receivers of a weight that are named one by one
_NAMED = 6
_SENTENCES: dict[str, dict[Lang, str]] = {
    "left_out": {
        "zh": "去掉 {name}（占总分 {weight}）：{receivers}；{changes}",
        "en": "Without {name} ({weight} of the total): {receivers}; {changes}",
    },
    "alone": {"zh": "只看 {name}：{changes}", "en": "By {name} alone: {changes}"},
    "added": {"zh": "加上 {name}：{changes}", "en": "With {name}: {changes}"},
    "unit_left_out": {"zh": "去掉单位 {name}：{changes}", "en": "Without the unit {name}: {changes}"},
    "to": {"zh": "权重按比例转给 {list}", "en": "its weight goes in proportion to {list}"},
    "and_more": {"zh": "等 {count} 项", "en": " and others ({count} in all)"},
    "nobody_weighs": {"zh": "它本来没有权重", "en": "it had no weight"},
    "changes": {
        "zh": "名次平均变动 {mean}，{moved} 个单位变动",
        "en": "ranks change by {mean} on average, {moved} of them do",
    },
    "nothing": {"zh": "名次都不变", "en": "no rank changes"},
    "up": {"zh": "；上升：{list}", "en": "; up: {list}"},
    "down": {"zh": "；下降：{list}", "en": "; down: {list}"},
    "mover": {"zh": "{unit} {before}→{after}（{gain} 分）", "en": "{unit} {before}→{after} ({gain} points)"},
    "mover_why": {
        "zh": "{unit} {before}→{after}（{gain} 分：此项得分率 {own}，其余 {others}）",
        "en": "{unit} {before}→{after} ({gain} points: rate {own} there, {others} on the others)",
    },
    "stop": {"zh": "。", "en": "."},
}


def _say(key: str, lang: Lang, **fields: object) -> str:
    return _SENTENCES[key][lang].format(**fields)


def explain(moves: Moves, item: int, lang: Lang = "zh", *, movers: int = 3) -> str:
    """Say what leaving out one item does, and why.

    Args:
        moves: What was left out or added.
        item: Place of the item among its items.
        lang: Language.
        movers: So many of those that rise most and of those that fall most are named.
    """
    changed = int((moves.rises[item] != 0).sum())
    text = _say("nothing", lang)
    if changed:
        text = _say("changes", lang, mean=f"{moves.mean_changes[item]:.2f}", moved=changed)
        for key, units in zip(("up", "down"), moves.movers(item, movers), strict=True):
            if units:
                text += _say(key, lang, list=_join([_mover(moves, item, unit, lang) for unit in units], lang))
    text += _say("stop", lang)
    name = title(moves, moves.items[item], lang)
    if moves.way != "left_out":
        return _say(moves.way, lang, name=name, changes=text)
    weight, receivers = _receivers(moves, item, lang)
    return _say("left_out", lang, name=name, weight=f"{100 * weight:.1f} %", receivers=receivers, changes=text)


def _join(parts: Sequence[str], lang: Lang) -> str:
    return ("、" if lang == "zh" else ", ").join(parts)


def title(moves: Moves, name: str, lang: Lang) -> str:
    """The title of a node; a unit's id is its title."""
    if moves.way == "unit_left_out":
        return name
    plan = moves.base.plan
    node = plan.layout.nodes[plan.layout.column(name)]
    if isinstance(node, Branch):
        return node.title.text(lang)
    return plan.scheme.indicators[name].title.text(lang) if name in plan.scheme.indicators else name


def _receivers(moves: Moves, item: int, lang: Lang) -> tuple[float, str]:
    """The weight, and where it goes, for the units of the commonest profile that has the node."""
    for profile in moves.profiles:
        receivers = moves.receivers(item, profile)
        if receivers:
            named = [f"{title(moves, name, lang)} +{100 * (after - before):.2f} %" for name, before, after in receivers[:_NAMED]]
            more = _say("and_more", lang, count=len(receivers)) if len(receivers) > _NAMED else ""
            weight = sum(after - before for _, before, after in receivers)
            return weight, _say("to", lang, list=_join(named, lang) + more)
    return 0.0, _say("nobody_weighs", lang)


def _mover(moves: Moves, item: int, unit: int, lang: Lang) -> str:
    before = int(moves.before_ranks[item % len(moves.before_ranks), unit])
    fields: dict[str, object] = {
        "unit": moves.unit_ids[unit],
        "before": before,
        "after": int(moves.ranks[item, unit]),
        "gain": f"{moves.gains[item, unit]:+.2f}",
    }
    others = float(moves.others[item, unit])
    if moves.way != "left_out" or math.isnan(others):
        return _say("mover", lang, **fields)
    row = moves.base.rows.start + unit
    own = float(moves.base.marks.climbed.rates[row, moves.base.plan.layout.column(moves.items[item])])
    if math.isnan(own):
        return _say("mover", lang, **fields)
    return _say("mover_why", lang, **fields, own=f"{own:.1f}", others=f"{others:.1f}")
