from tongkao.folder.uses import find_uses, needs_targets, observed_names
from tongkao.scheme.loader import load_scheme

TEXT = """\
tongkao: 1
id: uses
title: uses
year: 2020
missing: {impute: mean, within: region}
indicators:
  a: {title: a, value: 'if(kind == "north", x, prev(y)) + b', score: {method: minmax}}
  b: {title: b, denominate: people, score: {method: target}}
  c:
    title: c
    score:
      method: mix
      parts:
        - {share: 0.5, value: growth(c), score: {method: minmax}}
        - {share: 0.5, value: z, score: {method: minmax}}
  d: {title: d, value: d - baseline(), score: {method: identity}}
tracks:
  one: {title: one, tree: [{indicator: a, weight: {by: role, default: 1}}]}
  two: {title: two, tree: [{indicator: c, weight: 1}, {indicator: d, weight: 1}]}
"""


def scheme():
    found, problems, _ = load_scheme(TEXT)
    assert problems == []
    return found


def test_what_a_scheme_uses():
    uses = find_uses(scheme())
    assert uses.indicators == {"a", "b", "c", "d"}
    assert uses.names == {"a", "b", "c", "d", "x", "y", "z", "people", "kind"}
    assert uses.by_track == {"one": {"a", "b", "x", "y", "kind", "people"}, "two": {"c", "d", "z"}}
    assert uses.numbers == {"x", "y", "b", "people", "c", "z", "d"}
    assert uses.texts == {"kind", "region", "role"}


def test_which_observations_a_track_needs():
    assert observed_names(scheme(), "one") == ["kind", "x", "y", "b", "people"]
    assert observed_names(scheme(), "two") == ["c", "z", "d"]


def test_which_indicators_need_targets():
    assert {name: needs_targets(item) for name, item in scheme().indicators.items()} == {
        "a": False,
        "b": True,
        "c": False,
        "d": True,
    }
