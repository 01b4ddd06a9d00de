"""What a committee member reads first: total, place, tier, where points were lost, what events did, what moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tongkao.engine.explain_numbers import fixed, plain
from tongkao.engine.explain_subject import Block, Words
from tongkao.engine.explain_words import words

#: how many of the largest losses are named
LOSSES = 3
#: losses smaller than this share of the full mark are not worth a sentence
SMALL = 5e-4


def sentences(explanation: Block) -> dict[str, list[str]]:
    """The sentences about an explanation that is complete but for them.

    Numbers are shown with two decimals (with more where the full mark is small); the account has every digit.
    """
    tree = explanation["tree"]
    places = 2 if explanation["result"]["full_mark"] >= 10 else 4
    told: list[Words | None] = [_headline(explanation, places)]
    if tree["counts"]:
        told += [_parts(tree, places), _losses(explanation, places), _adjusted(explanation, places)]
    told += [_left(tree, places), _filled(tree), _flagged(tree)]
    if tree["kind"] == "total":
        told += [_events(explanation), _tier(explanation), _moves(explanation), _awards(explanation)]
    kept = [sentence for sentence in told if sentence is not None]
    return {"zh": [sentence["zh"] for sentence in kept], "en": [sentence["en"] for sentence in kept]}


def leaves(tree: Block) -> Iterator[Block]:
    """The indicators of a tree, in order."""
    if tree["kind"] == "indicator":
        yield tree
    for child in tree["children"]:
        yield from leaves(child)


# --- what it is ---------------------------------------------------------------------------------------------------------------


def _headline(explanation: Block, places: int) -> Words:
    tree, names, result = explanation["tree"], explanation["names"], explanation["result"]
    title = tree["title"]
    if not tree["counts"]:
        if tree["kind"] == "total":
            return words(
                f"{names['zh']}没有总分，不参加排名：{tree['left']['zh']}。",
                f"{names['en']} has no total and no rank: {tree['left']['en']}.",
            )
        return words(
            f"{names['zh']}的“{title['zh']}”不计分：{tree['left']['zh']}。",
            f"“{title['en']}” does not count for {names['en']}: {tree['left']['en']}.",
        )
    rounded = tree["rounding"]["places"] if tree["rounding"] is not None else places
    points, full = fixed(tree["points"], rounded), plain(tree["weight"]["full_mark"], places)
    if tree["kind"] != "total":
        rate = fixed(tree["rate"], places)
        zh = f"{names['zh']}的“{title['zh']}”得 {points} 分（满分 {full} 分），得分率 {rate}%"
        en = f"{names['en']} has {points} of {full} points for “{title['en']}”, {rate} %"
        if tree["place"] is not None:
            where_zh, where_en = _list(explanation)
            zh += f"，在 {tree['placed']} 个{where_zh}中列第 {tree['place']} 位"
            en += f", place {tree['place']} of {tree['placed']} {where_en}"
        return words(f"{zh}。", f"{en}.")
    zh = f"{names['zh']}总分 {points} 分（满分 {full} 分）"
    en = f"{names['en']} has {points} of {full} points"
    if result["rank"] is None:
        apart = result["listed_apart"]
        return words(
            f"{zh}，{'单列，不参加排名' if apart else '不参加排名'}。",
            f"{en}{', listed apart and' if apart else ','} not ranked.",
        )
    where_zh, where_en = _list(explanation)
    shared = result["rank_shared_by"] > 1
    zh += f"，在 {result['ranked']} 个{where_zh}中{'并列' if shared else '列'}第 {result['rank']} 位"
    en += f": {'shared ' if shared else ''}place {result['rank']} of {result['ranked']} {where_en}"
    if result["tier"] is not None:
        zh += f"，{result['tier']['zh']}"
        en += f", {result['tier']['en']}"
    return words(f"{zh}。", f"{en}.")


def _list(explanation: Block) -> tuple[str, str]:
    """Whom the unit is ranked with."""
    track = explanation["titles"]["track"]
    if explanation["result"]["rank_within"] == "class":
        return f"{track['zh']}（{explanation['class']} 类）", f"({track['en']}, class {explanation['class']})"
    return track["zh"], f"({track['en']})"


def _parts(tree: Block, places: int) -> Words | None:
    """How the parts right below fared."""
    below = [child for child in tree["children"] if child["counts"]]
    if len(below) < 2 or len(below) > 8:
        return None
    zh = [_score(child, "zh", places) for child in below]
    en = [_score(child, "en", places) for child in below]
    return words(f"其中：{'；'.join(zh)}。", f"Of these: {'; '.join(en)}.")


def _score(node: Block, lang: str, places: int) -> str:
    points, full = fixed(node["points"], places), plain(node["weight"]["full_mark"], places)
    place = f"，第 {node['place']} 位" if lang == "zh" else f", place {node['place']}"
    shown = place if node["place"] is not None else ""
    if lang == "zh":
        return f"{node['title']['zh']} {points} 分（满分 {full} 分{shown}）"
    return f"{node['title']['en']} {points} of {full}{shown}"


def _losses(explanation: Block, places: int) -> Words | None:
    """Where most points were lost, against the full mark."""
    tree = explanation["tree"]
    full = explanation["result"]["full_mark"]
    if tree["kind"] == "indicator":
        lost = tree["lost"]
        if lost <= SMALL * full:
            return None
        return words(f"失 {fixed(lost, places)} 分。", f"{fixed(lost, places)} points were lost.")
    lost = sorted(
        (leaf for leaf in leaves(tree) if leaf["counts"] and leaf["lost"] > SMALL * full),
        key=lambda leaf: -leaf["lost"],
    )[:LOSSES]
    if not lost:
        return words("各项指标都得满分。", "No indicator lost points.")
    zh = [f"{leaf['title']['zh']}（失 {fixed(leaf['lost'], places)} 分{_why_lost(leaf, 'zh', places)}）" for leaf in lost]
    en = [f"{leaf['title']['en']} ({fixed(leaf['lost'], places)} lost{_why_lost(leaf, 'en', places)})" for leaf in lost]
    return words(f"失分最多的是：{'、'.join(zh)}。", f"Most points were lost in: {', '.join(en)}.")


def _why_lost(leaf: Block, lang: str, places: int) -> str:
    full = plain(leaf["weight"]["full_mark"], places)
    base = f"，满分 {full} 分" if lang == "zh" else f" of {full}"
    indicator = leaf["indicator"]
    if indicator["voided"]:
        return base + ("，清零" if lang == "zh" else ", voided")
    if indicator["given"] is not None:
        return f"{base}，{indicator['given']['zh']}" if lang == "zh" else f", {indicator['given']['en']}"
    return base


def _adjusted(explanation: Block, places: int) -> Words | None:
    """What means that do not add up took from the sum of the indicators."""
    tree = explanation["tree"]
    gain = sum(entry["points"] for entry in explanation["account"] if entry["kind"] == "aggregation")
    if abs(gain) <= SMALL * explanation["result"]["full_mark"]:
        return None
    names = [entry["title"] for entry in explanation["account"] if entry["kind"] == "aggregation"]
    zh, en = "、".join(name["zh"] for name in names[:LOSSES]), ", ".join(name["en"] for name in names[:LOSSES])
    amount = fixed(abs(gain), places)
    more_zh, more_en = ("等", " and others") if len(names) > LOSSES else ("", "")
    if len(names) == 1 and tree["title"] == names[0]:
        zh, en = f"“{zh}”", f"“{en}”"
    return words(
        f"{zh}{more_zh}不是各下级分数相加，合成方法使得分{'增加' if gain > 0 else '减少'} {amount} 分。",
        f"{en}{more_en}: the mean is not a plain sum and {'adds' if gain > 0 else 'takes'} {amount} points.",
    )


# --- what left, what was filled -------------------------------------------------------------------------------------------


def _left(tree: Block, places: int) -> Words | None:
    """What does not count though it weighs something, and what became of its weight."""
    if not tree["counts"]:
        return None
    gone = [node for node in _topmost_left(tree) if node["left"]["reason"] != "weightless"]
    if not gone:
        return None
    zh = [f"{node['title']['zh']}（{_reason(node, 'zh')}，{plain(node['weight']['nominal'], places)} 分）" for node in gone]
    en = [f"{node['title']['en']} ({_reason(node, 'en')}, {plain(node['weight']['nominal'], places)} points)" for node in gone]
    return words(
        f"不计的有：{'、'.join(zh)}；分值已按方案分给留下的项。",
        f"Left out: {', '.join(en)}; their weight went to what stayed, as the scheme says.",
    )


def _topmost_left(tree: Block) -> Iterator[Block]:
    for child in tree["children"]:
        if child["counts"]:
            yield from _topmost_left(child)
        else:
            yield child


def _reason(node: Block, lang: str) -> str:
    zh, en = {
        "missing": ("缺数", "missing"),
        "not_applicable": ("不适用", "not applicable"),
        "too_few": ("有数的下级太少", "too little data below"),
    }.get(node["left"]["reason"], ("下级都不计", "everything below left"))
    return zh if lang == "zh" else en


def _filled(tree: Block) -> Words | None:
    """Which values are not the year's own, and where they come from."""
    filled = [
        (leaf["title"], part["value"]["filled"])
        for leaf in leaves(tree)
        if leaf["counts"]
        for part in leaf["indicator"]["parts"]
        if part["value"]["filled"] is not None
    ]
    if not filled:
        return None
    zh = [f"{title['zh']}{source['zh']}" for title, source in filled]
    en = [f"{title['en']}: {source['en']}" for title, source in filled]
    return words(f"本年缺数而补上的：{'；'.join(zh)}。", f"Missing values that were filled: {'; '.join(en)}.")


def _flagged(tree: Block) -> Words | None:
    """Which indicators rest on provisional or disputed values."""
    zh, en = [], []
    for state, name_zh, name_en in (("provisional", "暂定数", "provisional"), ("disputed", "有争议的数", "disputed")):
        found = [leaf["title"] for leaf in leaves(tree) if leaf["counts"] and state in _states(leaf)]
        if found:
            zh.append(f"{'、'.join(title['zh'] for title in found)}用的是{name_zh}")
            en.append(f"{', '.join(title['en'] for title in found)} {name_en}")
    return words(f"{'；'.join(zh)}。", f"Values used though flagged: {'; '.join(en)}.") if zh else None


def _states(leaf: Block) -> set[str]:
    """States of all observations behind an indicator."""
    states = {leaf["indicator"]["state"]}
    for part in leaf["indicator"]["parts"]:
        if part["value"]["observation"] is not None:
            states.add(part["value"]["observation"]["state"])
        if part["value"]["expression"] is not None:
            states |= {seen["state"] for entry in part["value"]["expression"]["inputs"] for seen in entry["observations"]}
    return states


# --- what became of the result ---------------------------------------------------------------------------------------------


def _events(explanation: Block) -> Words | None:
    """Points that events gave and took, and what they did to place and tier."""
    events = explanation["events"]
    if not events:
        return None
    zh, en = [event["zh"] for event in events], [event["en"] for event in events]
    return words(f"事项：{'；'.join(zh)}。", f"Events: {'; '.join(en)}.")


def _tier(explanation: Block) -> Words | None:
    """Why the tier is not the one that the place alone would give."""
    tier = explanation["tier"]
    if tier is None:
        return None
    zh, en = [], []
    missed = [step for step in tier["steps"] if step["outcome"] in ("gate", "score", "shared")]
    zh += [f"未进入{step['zh']}" for step in missed]
    en += [f"not in {step['en']}" for step in missed]
    if tier["moved_up"]:
        zh.append(f"因有单位退出，由{tier['dealt']['zh']}递补进入{tier['title']['zh']}")
        en.append(f"moved up from {tier['dealt']['en']} to {tier['title']['en']} as effects freed a place")
    elif tier["dealt"]["id"] != tier["id"]:
        zh.append(f"按名次应为{tier['dealt']['zh']}，因事项列{tier['title']['zh']}")
        en.append(f"{tier['dealt']['en']} by its place, {tier['title']['en']} after the effects of events")
    if not zh:
        return None
    return words(f"等次：{'；'.join(zh)}。", f"Tier: {'; '.join(en)}.")


def _moves(explanation: Block) -> Words | None:
    """What moved since the marking before."""
    result = explanation["result"]
    last, change, year = result["rank_last"], result["rank_change"], result["year_last"]
    if last is None and result["tier_last"] is None:
        return None
    before = [f"第 {last} 位"] if last is not None else []
    before_en = [f"place {last}"] if last is not None else []
    if result["tier_last"] is not None:
        before.append(result["tier_last"]["zh"])
        before_en.append(result["tier_last"]["en"])
    zh, en = f"上次考核（{year} 年）{'，'.join(before)}", f"In the marking before ({year}): {', '.join(before_en)}"
    if change is not None:
        zh += f"，本次{'上升' if change > 0 else '下降'} {abs(change)} 位" if change else "，本次名次未变"
        en += f"; {'up' if change > 0 else 'down'} {abs(change)} now" if change else "; the same place now"
    return words(f"{zh}。", f"{en}.")


def _awards(explanation: Block) -> Words | None:
    won = [award for award in explanation["awards"] if award["won"]]
    if not won:
        return None
    return words(f"获{_names(won, 'zh')}。", f"Won: {_names(won, 'en')}.")


def _names(items: Sequence[Block], lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(item["title"][lang] for item in items)
