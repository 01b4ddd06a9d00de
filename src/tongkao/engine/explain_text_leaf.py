"""The lines about one indicator: its value and where it comes from, the comparison, the rule with numbers, the points."""

from __future__ import annotations

from collections.abc import Iterator

from tongkao.engine.explain_layout import wrapped
from tongkao.engine.explain_numbers import figure, fixed, plain
from tongkao.engine.explain_subject import Block
from tongkao.errors import Lang


def leaf_lines(node: Block, lang: Lang, places: int, indent: int) -> Iterator[str]:
    """Everything between the weight and the events of an indicator.

    Args:
        node: The indicator.
        lang: Language.
        places: Decimal places of points.
        indent: Blanks before each line.
    """
    indicator = node["indicator"]
    is_mix = indicator["mix"] is not None or len(indicator["parts"]) > 1
    for number, part in enumerate(indicator["parts"], start=1):
        inside = indent
        if is_mix:
            share, method = plain(100 * part["share"], 4), part["method"][lang]
            head = f"第 {number} 部分（占 {share}%，{method}）" if lang == "zh" else f"part {number} ({share} %, {method})"
            yield from wrapped(head, indent)
            inside = indent + 2
        yield from _part(part, lang, inside, told_method=is_mix)
    if indicator["mix"] is not None:
        yield from _line("合计得分率", "rate", indicator["mix"][lang], lang, indent)
    if indicator["given"] is not None:
        yield from _line("规则", "rule", indicator["given"][lang], lang, indent)
    yield from _points(node, lang, places, indent)


def _line(zh: str, en: str, text: str, lang: Lang, indent: int) -> Iterator[str]:
    yield from wrapped(f"{zh}：{text}" if lang == "zh" else f"{en}: {text}", indent)


def _part(part: Block, lang: Lang, indent: int, *, told_method: bool) -> Iterator[str]:
    yield from _value(part["value"], lang, indent)
    targets = [
        (which, part["targets"][which]) for which in ("target", "baseline", "challenge") if part["targets"][which] is not None
    ]
    if targets:
        names = {"target": ("目标值", "target"), "baseline": ("基准值", "baseline"), "challenge": ("挑战值", "challenge value")}
        told = [f"{names[which][0 if lang == 'zh' else 1]} {figure(value)}" for which, value in targets]
        yield from _line("目标", "goal", ("，" if lang == "zh" else ", ").join(told), lang, indent)
    if part["rule"] is None:
        return
    if part["group"] is not None and part["group"]["count"]:
        yield from _group(part["group"], lang, indent)
    rule = part["rule"]
    text = rule[lang]
    if not told_method:
        starts_with_number = text[0].isdigit() or text[0] in "(−"
        link = {"zh": "：" if starts_with_number else "，", "en": ": " if starts_with_number else ", "}[lang]
        text = f"{rule['name'][lang]}{link}{text}"
    yield from _line("规则", "rule", text, lang, indent)


def _value(value: Block, lang: Lang, indent: int) -> Iterator[str]:
    unit = f" {value['unit_of_measure']}" if value["unit_of_measure"] else ""
    state, own = value["state_words"][lang], value["observation"]
    if value["observed"] is None:
        yield from _line("数值", "value", state, lang, indent)
    elif value["expression"] is None:
        text = f"{figure(value['observed'])}{unit}，{state}" if lang == "zh" else f"{figure(value['observed'])}{unit}, {state}"
        if own is not None and own["source"]:
            text += f"；来源：{own['source']}" if lang == "zh" else f"; source: {own['source']}"
        yield from _line("数值", "value", text, lang, indent)
    else:
        yield from _line("数值", "value", f"{figure(value['observed'])}{unit}", lang, indent)
    if value["expression"] is not None:
        yield from _expression(value, lang, indent + 2)
    if value["denominator"] is not None:
        divisor = value["denominator"]
        raw = f"{figure(own['value'])} ÷ " if own is not None else ""
        told = f"{raw}{figure(divisor['value'])}"
        yield from _line(f"除以 {divisor['name']}", f"divided by {divisor['name']}", told, lang, indent + 2)
    if value["filled"] is not None:
        filled = value["filled"][lang]
        if value["filled"]["units"]:
            names = ("、" if lang == "zh" else ", ").join(value["filled"]["units"])
            filled += f"（{names}）" if lang == "zh" else f" ({names})"
        carried = value["filled"]["observation"]
        if carried is not None and carried["source"]:
            filled += f"；来源：{carried['source']}" if lang == "zh" else f"; source: {carried['source']}"
        yield from _line("补数", "filled", filled, lang, indent)
    if value["treated"] is not None:
        treated = value["treated"]
        change = f"{figure(treated['from'])} → {figure(treated['to'])}"
        text = f"{change}（{treated['zh']}）" if lang == "zh" else f"{change} ({treated['en']})"
        yield from _line("处理", "treated", text, lang, indent)


def _expression(value: Block, lang: Lang, indent: int) -> Iterator[str]:
    expression = value["expression"]
    yield from _line("算式", "formula", expression["text"], lang, indent)
    told = expression["numbers"][lang]
    if told != expression["text"] and told != figure(value["observed"]):
        result = f" = {figure(value['observed'])}" if value["observed"] is not None and value["denominator"] is None else ""
        yield from _line("代入", "numbers", f"{told}{result}", lang, indent)
    seen_in = [seen for entry in expression["inputs"] for seen in entry["observations"]]
    months = [f"{seen['name']} {seen['period']} {figure(seen['value'])}" for seen in seen_in if "-" in seen["period"]]
    if months:
        yield from _line("各期", "periods", ("，" if lang == "zh" else ", ").join(months), lang, indent)
    sources = list(dict.fromkeys(seen["source"] for seen in seen_in if seen["source"]))
    if sources:
        yield from _line("来源", "source", ("；" if lang == "zh" else "; ").join(sources), lang, indent)
    flagged = [
        f"{seen['name']}（{seen['period']}）{seen['state_words']['zh']}"
        if lang == "zh"
        else f"{seen['name']} ({seen['period']}) {seen['state_words']['en']}"
        for seen in seen_in
        if seen["state"] in ("provisional", "disputed")
    ]
    if flagged:
        yield from _line("须注意", "to note", ("；" if lang == "zh" else "; ").join(flagged), lang, indent)


def _group(group: Block, lang: Lang, indent: int) -> Iterator[str]:
    best, worst, mean = figure(group["best"]), figure(group["worst"]), figure(group["mean"])
    spread = figure(group["sd"])
    if lang == "zh":
        among = f"同类（{group['class']}）" if group["compare"] == "class" else "本序列"
        text = (
            f"{among} {group['count']} 个单位，最好 {best}，最差 {worst}，平均 {mean}，标准差 {spread}；本单位第 {group['place']}"
        )
        yield from _line("比较", "compared", text, lang, indent)
        return
    among = f"units of class {group['class']}" if group["compare"] == "class" else "units of the track"
    text = f"{group['count']} {among}, best {best}, worst {worst}, mean {mean}, sd {spread}; this unit is place {group['place']}"
    yield from _line("比较", "compared with", text, lang, indent)


def _points(node: Block, lang: Lang, places: int, indent: int) -> Iterator[str]:
    indicator = node["indicator"]
    rate, full = indicator["scored"], node["weight"]["full_mark"]
    if rate is None:
        return
    text = f"{plain(full, places)} × {figure(rate)}% = {fixed(rate * full / 100.0, places)}"
    if indicator["voided"]:
        causes = ("、" if lang == "zh" else ", ").join(
            event["title"][lang] for event in node["events"] if event["effect"] == "void"
        )
        text += f"；因“{causes}”清零" if lang == "zh" else f"; 0 because of “{causes}”"
    yield from _line("得分", "points", text, lang, indent)
