"""Faults of content: tiers, ties, awards, quotas, events, bindings; each with the exact message and place."""

from __future__ import annotations

import pytest

from tests.unit.scheme.sound import problems_of, with_line

#: name, what is replaced by what (once or several times), every problem in Chinese and English
FAULTS: list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]] = [
    (
        "last tier closed",
        [("title: 三等}", "title: 三等, count: 3}")],
        [
            (
                "scheme.yaml:59:32: 序列 city 的最后一个等次 third 应不限名额（不写 count 和 share）",
                "scheme.yaml:59:32: the last tier third of track city must be open (no count, no share)",
            )
        ],
    ),
    (
        "last tier with conditions",
        [("title: 三等}", "title: 三等, score: 5, gates: {economy: 3}}")],
        [
            (
                "scheme.yaml:59:32: 序列 city 的最后一个等次 third 不能有条件 score",
                "scheme.yaml:59:32: the last tier third of track city cannot have the condition score",
            ),
            (
                "scheme.yaml:59:42: 序列 city 的最后一个等次 third 不能有条件 gates",
                "scheme.yaml:59:42: the last tier third of track city cannot have the condition gates",
            ),
        ],
    ),
    (
        "open tier not last",
        [("share: 0.5, score: 70}", "score: 70}"), ("count: 1, gates: {economy: 60}}", "gates: {}}")],
        [
            (
                ("scheme.yaml:57:14: 序列 city 的等次 first 没有名额也没有条件，其后的等次永远轮不到；请写 count 或 share"),
                (
                    "scheme.yaml:57:14: the tier first of track city has no number of places and no condition, "
                    "so nobody reaches those after it; give it count or share"
                ),
            )
        ],
    ),
    (
        "tier two sizes",
        [("count: 1,", "count: 1, share: 0.1,")],
        [
            (
                "scheme.yaml:57:42: 等次 first 同时有 count 和 share，只能用一种",
                "scheme.yaml:57:42: the tier first has both count and share, only one of them can stand",
            )
        ],
    ),
    (
        "tier twice",
        [
            ("{id: second, title", "{id: first, title"),
            (", nominations: {first: 2, second: 1}", ", nominations: {first: 2}"),
            ("deduct: 2, at: air, tier_at_most: second", "deduct: 2, at: air"),
            ("void: indicator, tier_at_most: second", "void: indicator"),
        ],
        [
            (
                "scheme.yaml:58:14: tracks.city.tiers 中 first 重复，第 57 行已有",
                "scheme.yaml:58:14: first is repeated in tracks.city.tiers, line 57 has it already",
            )
        ],
    ),
    (
        "gate unknown",
        [("gates: {economy: 60}", "gates: {econmy: 60}")],
        [
            (
                ("scheme.yaml:57:50: tracks.city.tiers[1].gates：序列 city 的树中没有节点或指标 econmy（是否想写 economy？）"),
                (
                    "scheme.yaml:57:50: tracks.city.tiers[1].gates: the tree of track city has no node or "
                    "indicator econmy (did you mean economy?)"
                ),
            )
        ],
    ),
    (
        "ties unknown",
        [("by: [economy, pm25]", "by: [economy, pm10]")],
        [
            (
                "scheme.yaml:60:26: tracks.city.ties.by：序列 city 的树中没有节点或指标 pm10",
                "scheme.yaml:60:26: tracks.city.ties.by: the tree of track city has no node or indicator pm10",
            )
        ],
    ),
    (
        "ties of another track",
        [("by: [economy, pm25]", "by: [economy, conduct]")],
        [
            (
                "scheme.yaml:60:26: tracks.city.ties.by：序列 city 的树中没有节点或指标 conduct",
                "scheme.yaml:60:26: tracks.city.ties.by: the tree of track city has no node or indicator conduct",
            )
        ],
    ),
    (
        "ties twice",
        [("by: [economy, pm25]", "by: [economy, economy]")],
        [
            (
                "scheme.yaml:60:26: tracks.city.ties.by 中 economy 重复，第 60 行已有",
                "scheme.yaml:60:26: economy is repeated in tracks.city.ties.by, line 60 has it already",
            )
        ],
    ),
    (
        "unranked unknown",
        [("unranked: [ding]", "unranked: [dng]")],
        [
            (
                "scheme.yaml:41:16: tracks.city.unranked：序列 city 没有单位 dng（是否想写 ding？）",
                "scheme.yaml:41:16: tracks.city.unranked: track city has no unit dng (did you mean ding?)",
            )
        ],
    ),
    (
        "unranked twice",
        [("unranked: [ding]", "unranked: [ding, ding]")],
        [
            (
                "scheme.yaml:41:22: tracks.city.unranked 中 ding 重复，第 41 行已有",
                "scheme.yaml:41:22: ding is repeated in tracks.city.unranked, line 41 has it already",
            )
        ],
    ),
    (
        "award twice",
        [("{id: best,", "{id: rise,")],
        [
            (
                "scheme.yaml:63:14: tracks.city.awards 中 rise 重复，第 62 行已有",
                "scheme.yaml:63:14: rise is repeated in tracks.city.awards, line 62 has it already",
            )
        ],
    ),
    (
        "award without rule",
        [(', top: 1, by: rate("economy") + event("praise")}', "}")],
        [
            (
                "scheme.yaml:63:14: 奖项 best 既没有 when 也没有 top 和 by",
                "scheme.yaml:63:14: the award best has neither when, nor top with by",
            )
        ],
    ),
    (
        "award top without by",
        [(', by: rate("economy") + event("praise")}', "}")],
        [
            (
                "scheme.yaml:63:31: 奖项 best 有 top 而没有 by：按什么取前几名？",
                "scheme.yaml:63:31: the award best has top but no by: the first by what?",
            )
        ],
    ),
    (
        "award by without top",
        [(", top: 1, by:", ", by:")],
        [
            (
                "scheme.yaml:63:31: 奖项 best 有 by 而没有 top：取前几名？",
                "scheme.yaml:63:31: the award best has by but no top: how many of the first?",
            )
        ],
    ),
    (
        "quota track",
        [("track: county", "track: conty")],
        [
            (
                "scheme.yaml:65:31: tracks.city.quotas[1]：没有序列 conty（是否想写 county？）",
                "scheme.yaml:65:31: tracks.city.quotas[1]: there is no track conty (did you mean county?)",
            )
        ],
    ),
    (
        "quota tier",
        [("second: 1}", "secnd: 1}")],
        [
            (
                "scheme.yaml:65:63: tracks.city.quotas[1].nominations：序列 city 没有等次 secnd（是否想写 second？）",
                ("scheme.yaml:65:63: tracks.city.quotas[1].nominations: track city has no tier secnd (did you mean second?)"),
            )
        ],
    ),
    (
        "quota twice",
        [("list_size: 3}", "list_size: 3}\n      - {id: counties, track: county, nominations: {}, list_size: 1}")],
        [
            (
                "scheme.yaml:66:14: tracks.city.quotas 中 counties 重复，第 65 行已有",
                "scheme.yaml:66:14: counties is repeated in tracks.city.quotas, line 65 has it already",
            )
        ],
    ),
    (
        "screen empty",
        [("{availability: 0.5}", "{}")],
        [
            (
                "scheme.yaml:42:5: tracks.city.screen 既没有 availability 也没有 non_zero",
                "scheme.yaml:42:5: tracks.city.screen has neither availability nor non_zero",
            )
        ],
    ),
    (
        "effect empty",
        [("effect: {bonus: 1, cap: 3, at: economy}", "effect: {}")],
        [("scheme.yaml:73:23: events.praise.effect 没有任何效果", "scheme.yaml:73:23: events.praise.effect does nothing")],
    ),
    (
        "bonus and deduct",
        [("effect: {bonus: 1,", "effect: {bonus: 1, deduct: 1,")],
        [
            (
                "scheme.yaml:73:42: events.praise.effect 同时有 bonus 和 deduct，请分为两个事项",
                "scheme.yaml:73:42: events.praise.effect has both bonus and deduct, make two events of it",
            )
        ],
    ),
    (
        "cap without points",
        [("{void: indicator, tier", "{void: indicator, cap: 3, tier")],
        [
            (
                "scheme.yaml:74:48: events.fraud.effect：有 cap 而没有 bonus 或 deduct",
                "scheme.yaml:74:48: events.fraud.effect has cap but neither bonus nor deduct",
            )
        ],
    ),
    (
        "at without points",
        [("{void: indicator, tier", "{void: indicator, at: air, tier")],
        [
            (
                "scheme.yaml:74:48: events.fraud.effect：有 at 而没有 bonus 或 deduct",
                "scheme.yaml:74:48: events.fraud.effect has at but neither bonus nor deduct",
            )
        ],
    ),
    (
        "at unknown",
        [("cap: 3, at: economy", "cap: 3, at: econom")],
        [
            (
                "scheme.yaml:73:54: events.praise.effect：没有一个序列的树中有节点或指标 econom（是否想写 economy？）",
                (
                    "scheme.yaml:73:54: events.praise.effect: no track's tree has a node or indicator econom "
                    "(did you mean economy?)"
                ),
            )
        ],
    ),
    (
        "binding at of another track",
        [("at: air, tier_at_most", "at: conduct, tier_at_most")],
        [
            (
                "scheme.yaml:23:65: indicators.pm25.binding.effect：序列 city 的树中没有节点或指标 conduct",
                ("scheme.yaml:23:65: indicators.pm25.binding.effect: the tree of track city has no node or indicator conduct"),
            )
        ],
    ),
    (
        "event tier unknown",
        [("void: indicator, tier_at_most: second", "void: indicator, tier_at_most: secon")],
        [
            (
                "scheme.yaml:74:62: events.fraud.effect：没有一个序列有等次 secon（是否想写 second？）",
                "scheme.yaml:74:62: events.fraud.effect: no track has a tier secon (did you mean second?)",
            )
        ],
    ),
    (
        "binding tier unknown",
        [("air, tier_at_most: second", "air, tier_at_most: fourth")],
        [
            (
                "scheme.yaml:23:84: indicators.pm25.binding.effect：序列 city 没有等次 fourth",
                "scheme.yaml:23:84: indicators.pm25.binding.effect: track city has no tier fourth",
            )
        ],
    ),
    (
        "binding void",
        [("effect: {deduct: 2, at: air", "effect: {void: indicator, deduct: 2, at: air")],
        [
            (
                "scheme.yaml:23:50: 指标 pm25 的 binding 不能用 void，void 只用于事项",
                "scheme.yaml:23:50: the binding of indicator pm25 cannot have void, which is for events only",
            )
        ],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_described_at_its_place(changes: list[tuple[str, str]], expected: list[tuple[str, str]]) -> None:
    (old, new), *more = changes
    assert problems_of(with_line(old, new, *more)) == expected
