from __future__ import annotations

import pytest

from tests.unit.robustness.experiments import experiment, province
from tongkao.robustness import choices
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.spec import SpecError, load_spec

REFUSED = [
    (
        "{id: w, weights: {method: band, share: 0.1}, at: [a, dd]}",
        "robustness.yaml:2:49: vary[w].at: no track's tree has a node or indicator dd (did you mean d?)",
    ),
    (
        "{id: w, weights: {method: band, share: 0.1}, track: x}",
        "robustness.yaml:2:56: vary[w].track: there is no track x",
    ),
    (
        "{id: w, weights: {method: dirichlet}, at: [a]}",
        "robustness.yaml:2:4: vary[w]: no weight would vary: at least two siblings must",
    ),
    (
        "{id: w, weights: {method: sets, sets: {one: {a: 1, c: 2, d: 1}}}}",
        "robustness.yaml:2:43: vary[w].weights.sets.one: a have weights but their siblings b do not; give all of them or none",
    ),
    (
        "{id: w, weights: {method: sets, sets: {one: {a: 0, b: 0}}}}",
        "robustness.yaml:2:43: vary[w].weights.sets.one: the weights below p add up to 0",
    ),
    (
        "{id: w, weights: {method: bounded, low: 0.6}, at: [a, b]}",
        "robustness.yaml:2:12: vary[w]: shares below p must add up to 1, but the lower bounds add up to 1.2, the upper ones to 2",
    ),
    (
        "{id: w, weights: {method: bounded, nodes: {a: [0.5, 0.4]}}}",
        "robustness.yaml:2:47: vary[w].weights: the lower bound 0.5 is above the upper bound 0.4",
    ),
    (
        "{id: v, values: {standard_error: 1}}",
        "robustness.yaml:2:37: vary[v]: the observations have no column se (standard errors)",
    ),
    (
        "{id: v, values: {relative: 0.1}, indicators: [z]}",
        "robustness.yaml:2:37: vary[v].indicators: there is no indicator z",
    ),
    (
        "{id: l, leave_out: {indicators: [z]}}",
        "robustness.yaml:2:24: vary[l].leave_out.indicators: there is no indicator z",
    ),
    (
        "{id: l, leave_out: {units: [u99]}}",
        "robustness.yaml:2:24: vary[l].leave_out.units: there is no unit u99 (did you mean u29?)",
    ),
    (
        "{id: c, classes: {unit: u98, among: [x]}}",
        "robustness.yaml:2:28: vary[c].classes.unit: there is no unit u98 (did you mean u29?)",
    ),
    (
        "{id: p, path: missing, choices: [zero, error], labels: [x]}",
        "robustness.yaml:2:51: vary[p].labels: 1 are given, but there are 2 alternatives",
    ),
    (
        "{id: p, path: indicators.aa.score, choices: [{method: minmax}]}",
        "robustness.yaml:2:18: vary[p]: the scheme has nothing at indicators.aa (did you mean a?)",
    ),
    (
        "{id: p, path: indicators.a.score, choices: [{method: minmax}, {method: rank_step, low: 3}]}",
        "robustness.yaml:2:66: p: p = rank_step (low: 3) is impossible: indicators.a.score has no key low; there are: method, "
        "drop, floor",
    ),
    (
        "{id: p, path: tracks.t.aggregate, choices: [geometrical]}",
        "robustness.yaml:2:48: p: p = geometrical is impossible: tracks.t.aggregate cannot be geometrical; there are: "
        "arithmetic, geometric, harmonic, median, min, copeland, {power: …} (did you mean geometric?)",
    ),
    (
        "{id: s, settings: {odd: {tracks.t.ties.by: [zz]}}}",
        "robustness.yaml:2:23: s: s = odd is impossible: tracks.t.ties.by: the tree of track t has no node or indicator zz",
    ),
]


@pytest.mark.parametrize(("line", "english"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_is_not_there_or_impossible_is_refused_before_anything_runs(line: str, english: str) -> None:
    spec, problems, locations = load_spec(f"vary:\n - {line}")
    assert spec is not None, problems
    with pytest.raises(SpecError) as caught:
        Experiment(province(), spec, locations)
    assert caught.value.describe("en") == english
    assert caught.value.describe("zh") != english


def test_alternatives_that_only_together_are_impossible() -> None:
    text = """vary:
 - {id: one, path: tracks.t.tiers, choices: [[], [{id: first, title: 一, count: 1}, {id: rest, title: 余}]]}
 - {id: two, path: tracks.t.awards, choices: [[], [{id: a, title: a, when: 'tier == "first"'}]]}
"""
    spec, _, locations = load_spec(text)
    assert spec is not None
    with pytest.raises(SpecError) as caught:
        Experiment(province(), spec, locations)
    labels = [problem.fields["labels"] for problem in caught.value.problems]
    assert labels == ['two = [{"id": "a", "title": "a", "when": "tier == \\"first\\""}]']


def test_an_id_twice() -> None:
    with pytest.raises(SpecError, match="w has been used already"):
        experiment(province(), "vary: [{id: w, leave_out: {indicators: each}}, {id: w, leave_out: {indicators: each}}]")


def test_more_combinations_than_are_checked_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choices, "CHECKED", 3)
    text = "vary: [{id: a, path: missing, choices: [zero, error]}, {id: b, path: full_mark, choices: [10, 20, 30]}]"
    found = experiment(province(), text).warnings
    assert [problem.message("en") for problem in found] == [
        "the alternatives have 6 combinations; the first 3 were checked beforehand, the others when they come up"
    ]
