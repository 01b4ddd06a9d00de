"""An explanation as plain text: sentences first, then the account, the tree with rules and numbers, events, tier, awards."""

from __future__ import annotations

from collections.abc import Iterator

from tongkao.engine.explain_layout import table, wrapped
from tongkao.engine.explain_numbers import RATE_PLACES, exact_at, fixed, places_for, plain, signed
from tongkao.engine.explain_subject import Block
from tongkao.engine.explain_text_leaf import leaf_lines
from tongkao.engine.explain_weight import weight_words
from tongkao.errors import Lang

_HEADS = {
    "account": ("得分构成", "Where the points come from"),
    "tree": ("逐项说明", "Item by item"),
    "events": ("事项", "Events"),
    "tier": ("等次", "Tier"),
    "awards": ("奖项", "Awards"),
}


def render(explanation: Block, lang: Lang = "zh") -> str:
    """Lay an explanation out for a reader, in a terminal or on paper.

    Args:
        explanation: As :func:`tongkao.engine.explain.explain` gives it.
        lang: ``zh`` or ``en``.

    Returns:
        Lines of at most 100 columns where words allow, without a line break at the end.
    """
    places = _places(explanation)
    sections = [list(_opening(explanation, lang))]
    if explanation["account"]:
        sections.append([*_head("account", lang), *_account(explanation, lang, places)])
    sections.append([*_head("tree", lang), *_node(explanation["tree"], lang, places, 2)])
    if explanation["events"]:
        sections.append([*_head("events", lang), *(line for event in explanation["events"] for line in _event(event, lang))])
    if explanation["tier"] is not None:
        reasons = explanation["tier"]["reasons"][lang]
        sections.append([*_head("tier", lang), *(line for reason in reasons for line in wrapped(reason, 2, 4))])
    if explanation["awards"]:
        awards = explanation["awards"]
        sections.append([*_head("awards", lang), *(line for award in awards for line in wrapped(award[lang], 2, 4))])
    sections.append(list(_note(explanation, lang, places)))
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _head(section: str, lang: Lang) -> list[str]:
    zh, en = _HEADS[section]
    return [zh if lang == "zh" else en]


def _places(explanation: Block) -> int:
    """Decimal places of points throughout the text."""
    shown = [entry["points"] for entry in explanation["account"]]
    shown += [entry["full_mark"] for entry in explanation["account"]]
    rounded = max(
        (node["rounding"]["places"] + 2 for node in _nodes(explanation["tree"]) if node["rounding"] is not None), default=2
    )
    return places_for(explanation["result"]["full_mark"], [*shown, explanation["tree"]["points"]], rounded)


def _nodes(tree: Block) -> Iterator[Block]:
    yield tree
    for child in tree["children"]:
        yield from _nodes(child)


def _opening(explanation: Block, lang: Lang) -> Iterator[str]:
    titles, name = explanation["titles"], explanation["names"][lang]
    year = f"{explanation['year']} 年" if lang == "zh" else str(explanation["year"])
    yield from wrapped(f"{titles['scheme'][lang]}  {year}", 0)
    unit = explanation["unit"]
    parts = [name if unit in name else (f"{name}（{unit}）" if lang == "zh" else f"{name} ({unit})"), titles["track"][lang]]
    if explanation["class"]:
        parts.append(f"类别 {explanation['class']}" if lang == "zh" else f"class {explanation['class']}")
    yield from wrapped(("，" if lang == "zh" else ", ").join(parts), 0)
    yield ""
    for sentence in explanation["sentences"][lang]:
        yield from wrapped(sentence, 2, 0)


# --- the account ------------------------------------------------------------------------------------------------------------


def _account(explanation: Block, lang: Lang, places: int) -> Iterator[str]:
    tree = explanation["tree"]
    head = ("项目", "满分", "得分", "失分") if lang == "zh" else ("item", "full mark", "points", "lost")
    rows = [head]
    # Full marks have their trailing zeros only where one of them needs the places.
    marks = [entry["full_mark"] for entry in explanation["account"] if entry["full_mark"] is not None]
    short = all(exact_at(mark, 2, explanation["result"]["full_mark"]) for mark in marks)
    for entry in explanation["account"]:
        # What shows as 0 changes no sum that is shown.
        if entry["kind"] in ("rounding", "aggregation") and signed(entry["points"], places) == fixed(0.0, places):
            continue
        rows.append(_entry(entry, lang, places, short=short))
    full = tree["weight"]["full_mark"]
    total = (
        "合计" if lang == "zh" else "sum",
        _full(full, places, short=short),
        fixed(tree["points"], places),
        fixed(tree["lost"], places),
    )
    rows.append(total)
    yield from table(rows, 2, rules=(1, len(rows) - 1))


def _entry(entry: Block, lang: Lang, places: int, *, short: bool) -> tuple[str, str, str, str]:
    points = entry["points"]
    if entry["kind"] == "indicator":
        lost = fixed(entry["full_mark"] - points, places)
        return entry["title"][lang], _full(entry["full_mark"], places, short=short), fixed(points, places), lost
    return _entry_name(entry, lang), "", signed(points, places), ""


def _full(full_mark: float, places: int, *, short: bool) -> str:
    return plain(full_mark, places) if short else fixed(full_mark, places)


def _entry_name(entry: Block, lang: Lang) -> str:
    node = entry["title"][lang]
    if entry["kind"] == "aggregation":
        return f"“{node}”的合成方法" if lang == "zh" else f"mean of “{node}”"
    if entry["kind"] == "rounding":
        return f"“{node}”修约" if lang == "zh" else f"rounding of “{node}”"
    if entry["effect"] == "not_below_zero":
        return f"“{node}”最低为 0，未扣足" if lang == "zh" else f"“{node}” never falls below 0"
    rule = entry["rule_title"][lang]
    if entry["effect"] == "void":
        return f"{rule}：“{node}”清零" if lang == "zh" else f"{rule}: “{node}” voided"
    return rule if entry["node"] == "total" else (f"{rule}（“{node}”）" if lang == "zh" else f"{rule} (“{node}”)")


# --- the tree -----------------------------------------------------------------------------------------------------------------


def _node(node: Block, lang: Lang, places: int, indent: int) -> Iterator[str]:
    title = node["title"][lang]
    if not node["counts"]:
        text = f"{title}：不计。{node['left']['zh']}" if lang == "zh" else f"{title}: does not count. {node['left']['en']}"
        yield from wrapped(text, indent, 4)
        for child in node["children"]:
            if node["left"]["reason"] in ("no_children", "too_few"):
                yield from _node(child, lang, places, indent + 2)
        return
    yield from wrapped(_headline(node, lang, places), indent, 4)
    inside = indent + 4
    if node["kind"] != "total":
        weight = weight_words(node["weight"], places)[lang]
        yield from wrapped(f"分值：{weight}" if lang == "zh" else f"full mark: {weight}", inside)
    if node["indicator"] is not None:
        yield from leaf_lines(node, lang, places, inside)
    elif node["mean"]["id"] != "arithmetic":
        yield from _mean(node, lang, inside)
    for event in node["events"]:
        yield from _event_at(event, lang, places, inside)
    if node["rounding"] is not None and not exact_at(
        node["rounding"]["before"], node["rounding"]["places"], node["weight"]["full_mark"]
    ):
        before, after = node["rounding"]["before"], node["rounding"]["after"]
        mode, digits = node["rounding"]["mode_words"][lang], node["rounding"]["places"]
        shown = fixed(before, places)
        if lang == "zh":
            yield from wrapped(f"修约：{shown} → {fixed(after, digits)}（{mode}，{digits} 位小数）", inside)
        else:
            yield from wrapped(f"rounding: {shown} → {fixed(after, digits)} ({mode}, {digits} decimals)", inside)
    for child in node["children"]:
        yield from _node(child, lang, places, indent + 2)


def _headline(node: Block, lang: Lang, places: int) -> str:
    digits = places if node["rounding"] is None else node["rounding"]["places"]
    points, full = fixed(node["points"], digits), plain(node["weight"]["full_mark"], places)
    rate = fixed(node["rate"], RATE_PLACES)
    if lang == "zh":
        place = f"，第 {node['place']} 位（共 {node['placed']}）" if node["place"] is not None else ""
        return f"{node['title']['zh']}  {points} / {full} 分，得分率 {rate}%{place}"
    place = f", place {node['place']} of {node['placed']}" if node["place"] is not None else ""
    return f"{node['title']['en']}  {points} of {full} points, rate {rate}{place}"


def _mean(node: Block, lang: Lang, indent: int) -> Iterator[str]:
    mean = node["mean"]
    formula = f"{'：' if lang == 'zh' else ': '}{mean['formula']}" if mean["formula"] else ""
    yield from wrapped(f"合成：{mean['zh']}{formula}" if lang == "zh" else f"combined by: {mean['en']}{formula}", indent)


def _event_at(event: Block, lang: Lang, places: int, indent: int) -> Iterator[str]:
    if event["points"] is None:
        return
    amount = signed(event["points"], places)
    yield from wrapped(
        f"事项：{event['title']['zh']} {amount} 分" if lang == "zh" else f"event: {event['title']['en']} {amount}", indent
    )


# --- events, notes --------------------------------------------------------------------------------------------------------


def _event(event: Block, lang: Lang) -> Iterator[str]:
    yield from wrapped(event[lang], 2, 4)
    for row in event["occurrences"]:
        count = plain(row["count"], 4)
        parts = [row["date"], "" if row["count"] == 1 else (f"{count} 次" if lang == "zh" else f"{count} times"), row["note"]]
        if row["evidence"]:
            parts.append(f"佐证：{row['evidence']}" if lang == "zh" else f"evidence: {row['evidence']}")
        told = ("，" if lang == "zh" else ", ").join(part for part in parts if part)
        if told:
            yield from wrapped(f"- {told}", 6)


def _note(explanation: Block, lang: Lang, places: int) -> Iterator[str]:
    """Say where figures are rounded for display, so that no sum looks wrong."""
    full = explanation["result"]["full_mark"]
    zh = "注：式中的数最多显示 7 位有效数字，计算用全部位数，只在注明“修约”之处修约。"
    en = (
        "Note: numbers in formulas are shown with at most 7 significant digits; all digits are used in computing, and nothing is "
        "rounded but where it says “rounding”."
    )
    if not all(exact_at(entry["points"], places, full) for entry in explanation["account"]):
        zh += f"分数显示到小数点后 {places} 位，所以各项之和的末位可能与合计相差一两个单位。"
        en += f" Points are shown with {places} decimals, so the last digit of a sum may seem off by one or two."
    yield from wrapped(zh if lang == "zh" else en, 0, 0)
