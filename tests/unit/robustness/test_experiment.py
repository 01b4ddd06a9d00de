from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.unit.engine.cases import assess
from tests.unit.robustness.experiments import ANY_WEIGHTS, TIERS, experiment, parts, province, rich_province, spec
from tongkao.engine.result import score
from tongkao.errors import MarkingError
from tongkao.folder.assessment import Assessment
from tongkao.robustness import outcomes as outcomes_module
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.outcomes import Outcomes, TrackOutcomes
from tongkao.robustness.spec import SpecError
from tongkao.robustness.variant import TrackVariant

BANDS = """
vary:
  - {id: w, weights: {method: band, share: 0.3}, at: indicator}
  - {id: p, weights: {method: rank_constrained}, at: paper}
"""
NOTHING = "vary: [{id: w, weights: {method: band, share: 0}, at: all}]"
STANDARD_ERRORS = "vary: [{id: v, values: {standard_error: 1.5}}]"
BY_CLASS = {"rank_within": "class", "tiers": TIERS, "unranked": ["u03"], "ties": {"by": ["p", "a"]}}

SETTINGS: dict[str, dict[str, Any]] = {
    "arithmetic": {},
    "geometric": {"track": {"aggregate": "geometric"}},
    "harmonic": {"track": {"aggregate": "harmonic"}},
    "power": {"track": {"aggregate": {"power": 2}}},
    "min": {"track": {"aggregate": "min"}},
    "median": {"track": {"aggregate": "median"}},
    "copeland": {"track": {"aggregate": "copeland"}},
    "equally": {"missing": "redistribute_equally"},
    "least": {"track": {"least_available": 0.6}},
    "classes": {"track": BY_CLASS, "rounding": {"at": ["total"], "places": 0}},
    "rounding below": {"rounding": {"at": ["paper", "total"], "places": 1}},
}


def by_itself(assessment: Assessment, text: str, runs: int, monkeypatch: pytest.MonkeyPatch) -> Outcomes:
    """Every run marked by the engine itself."""
    with monkeypatch.context() as patch:
        patch.setattr(TrackVariant, "special", property(lambda _: True))
        return experiment(assessment, text).random(runs, 7)


def same(found: TrackOutcomes, expected: TrackOutcomes) -> None:
    assert np.allclose(found.totals, expected.totals, rtol=1e-12, atol=1e-12, equal_nan=True)
    assert (found.ranks == expected.ranks).all()
    assert (found.tiers == expected.tiers).all()
    assert (found.awards is None) == (expected.awards is None)
    if found.awards is not None and expected.awards is not None:
        assert (found.awards == expected.awards).all()


def bits(found: TrackOutcomes) -> tuple[bytes, bytes, bytes, bytes]:
    won = b"" if found.awards is None else found.awards.tobytes()
    return found.totals.tobytes(), found.ranks.tobytes(), found.tiers.tobytes(), won


@pytest.mark.parametrize("text", [ANY_WEIGHTS, BANDS], ids=["any", "bands"])
@pytest.mark.parametrize("gaps", [0.0, 0.06], ids=["whole", "gaps"])
@pytest.mark.parametrize("name", SETTINGS)
def test_runs_together_give_what_the_engine_gives_run_by_run(
    name: str, gaps: float, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = province(gaps=gaps, **SETTINGS[name])
    found = experiment(assessment, text).random(64, 7)
    assert found.failures == ()
    # Least and median rates hardly move with the weights, Copeland's are few.
    assert len(np.unique(found.tracks["t"].totals[:, 0])) > (10 if name not in ("min", "median", "copeland") else 0)
    same(found.tracks["t"], by_itself(assessment, text, 64, monkeypatch).tracks["t"])


@pytest.mark.parametrize("backfill", [True, False])
def test_events_tiers_ties_and_awards_together_as_run_by_run(backfill: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assessment = rich_province()
    assessment.scheme.tracks["t"].__dict__["backfill"] = backfill
    found = experiment(assessment, ANY_WEIGHTS).random(64, 7).tracks["t"]
    assert found.awards is not None
    assert found.awards.any(axis=(0, 1)).all()
    assert len(np.unique(found.tiers, axis=0)) > 1
    same(found, by_itself(assessment, ANY_WEIGHTS, 64, monkeypatch).tracks["t"])


@pytest.mark.parametrize("name", [*SETTINGS, "rich"])
def test_zero_perturbation_is_the_marking_itself(name: str) -> None:
    assessment = rich_province() if name == "rich" else province(gaps=0.06, **SETTINGS[name])
    made = experiment(assessment, NOTHING)
    found = made.random(5, 1).tracks["t"]
    results = score(assessment).results
    expected = results["total"].to_numpy().astype(float)
    assert np.allclose(found.totals, expected, rtol=1e-12, atol=0, equal_nan=True)
    ranks = [rank or 0 for rank in results["rank"].to_list()]
    tiers = ["" if tier < 0 else found.tier_ids[tier] for tier in found.tiers[0]]
    assert (found.ranks == ranks).all()
    assert tiers == [tier or "" for tier in results["tier"].to_list()]
    assert (found.tiers == found.tiers[0]).all()
    assert (made.nominal["t"].ranks == ranks).all()
    if found.awards is not None:
        won = [";".join(name for name, has in zip(found.award_ids, row, strict=True) if has) for row in found.awards[0].tolist()]
        assert won == [text or "" for text in results["awards"].to_list()]


def test_nothing_to_vary_is_the_marking_itself() -> None:
    assessment = province()
    found = experiment(assessment, "runs: 3").random().tracks["t"]
    assert found.totals.tolist() == [score(assessment).results["total"].to_list()] * 3


def test_threads_change_no_bit_and_runs_do_not_know_their_neighbours() -> None:
    made = experiment(rich_province(), ANY_WEIGHTS + "\nruns: 3000")
    one, two = made.random(threads=1), made.random(threads=2)
    assert bits(one.tracks["t"]) == bits(two.tracks["t"])
    design = made.design()
    part = made.run(design[500:900]).tracks["t"]
    assert np.allclose(part.totals, one.tracks["t"].totals[500:900], rtol=1e-12, atol=0, equal_nan=True)
    assert (part.ranks == one.tracks["t"].ranks[500:900]).all()


def test_another_seed_gives_other_draws_and_the_same_number_the_same_draw() -> None:
    made = experiment(province(), ANY_WEIGHTS)
    design = np.array([[0.3], [0.7], [0.3]])
    found = made.run(design).tracks["t"].totals
    assert (found[0] == found[2]).all()
    assert (found[0] != found[1]).any()
    assert (made.run(design, seed=99).tracks["t"].totals[0] != found[0]).any()


def test_alternatives_of_a_path_are_the_schemes_that_say_so() -> None:
    text = """
vary:
  - id: how
    path: indicators.*.score
    choices: [{method: identity}, {method: minmax, low: 1}, {method: zscore, mean: 50, sd: 9}]
  - {id: mean, path: tracks.t.aggregate, choices: [arithmetic, geometric], chances: [3, 1]}
"""
    made = experiment(province(), text)
    assert [(choice.id, choice.kind, choice.labels, choice.cuts, choice.nominal) for choice in made.choices] == [
        ("how", "path", ("identity", "minmax (low: 1)", "zscore (mean: 50, sd: 9)"), (0, 1 / 3, 2 / 3, 1), 0),
        ("mean", "path", ("arithmetic", "geometric"), (0, 0.75, 1), -1),
    ]
    found = made.run(np.array([[0.1, 0.1], [0.5, 0.74], [0.9, 0.76], [0.4, 0.9]]))
    assert found.alternatives.tolist() == [[0, 0], [1, 0], [2, 1], [1, 1]]
    scores = [{"method": "identity"}, {"method": "minmax", "low": 1}, {"method": "zscore", "mean": 50, "sd": 9}]
    for run, (how, mean) in enumerate(found.alternatives.tolist()):
        rules = {name: {"score": scores[how]} for name in "abcd"}
        other = province(indicators=rules, track={"aggregate": ("arithmetic", "geometric")[mean]})
        assert np.allclose(found.tracks["t"].totals[run], score(other).results["total"].to_numpy(), rtol=1e-12, atol=0)


def test_a_path_into_the_tree_and_one_that_is_not_written() -> None:
    text = """
vary:
  - {id: inner, path: tracks.t.tree.q.aggregate, choices: [min]}
  - {id: round, path: rounding.at, choices: [[total]]}
"""
    found = experiment(province(), text).run(np.zeros((1, 2))).tracks["t"]
    tree = province().scheme.model_dump(mode="json", exclude_unset=True)["tracks"]["t"]["tree"]
    assert [node["id"] for node in tree] == ["p", "q"]
    other = province(rounding={"at": ["total"]})
    other.scheme.tracks["t"].tree[1].__dict__["aggregate"] = "min"
    assert found.totals[0].tolist() == score(other).results["total"].to_list()


def test_a_run_that_cannot_be_marked_is_counted_and_named() -> None:
    tree = {"a": 60, "b": 40}
    table = "unit a b\nu1 50 50\nu2 0 70\nu3 20 30"
    text = """
vary:
  - {id: mean, path: tracks.t.aggregate, choices: [arithmetic, geometric]}
  - {id: w, weights: {method: dirichlet}}
"""
    found = experiment(assess(tree, table), text).run(np.array([[0.1, 0.2], [0.9, 0.3], [0.1, 0.4], [0.9, 0.5]]))
    assert found.failed == 2
    assert [(failure.run, failure.track) for failure in found.failures] == [(1, "t"), (3, "t")]
    problem = found.failures[0].problems[0]
    assert (problem.place.unit, problem.place.node, problem.fields["child"], problem.fields["rate"]) == ("u2", "total", "a", 0)
    assert found.runs.tolist() == [0, 2]
    assert found.tracks["t"].totals.shape == (2, 3)
    assert not np.isnan(found.tracks["t"].totals).any()


def test_an_assessment_that_cannot_be_marked_is_refused() -> None:
    with pytest.raises(MarkingError):
        experiment(assess({"a": 60, "b": 40}, "unit a b\nu1 50 -"), ANY_WEIGHTS)


def test_ties_that_are_an_error_fail_the_runs_that_have_them() -> None:
    table = "unit a b\nu1 50 50\nu2 80 20\nu3 35 85"
    text = "vary: [{id: w, weights: {method: sets, sets: {one: {a: 1, b: 1}, two: {a: 4, b: 1}}}}]"
    assessment = assess({"a": 60, "b": 40}, table, track={"ties": {"otherwise": "error"}})
    found = experiment(assessment, text).run(parts([0, 1], 2))
    assert [(failure.run, failure.problems[0].fields["units"]) for failure in found.failures] == [(0, ["u1", "u2"])]
    assert found.tracks["t"].ranks.tolist() == [[2, 1, 3]]


def test_given_sets_of_weights() -> None:
    table = "unit a b\nu1 100 0\nu2 40 60"
    text = "vary: [{id: experts, weights: {method: sets, sets: {anna: {a: 1, b: 3}, bela: {a: 9, b: 1}, none: {a: 1, b: 0}}}}]"
    made = experiment(assess({"a": 60, "b": 40}, table), text)
    found = made.run(parts([0, 1, 2], 3))
    assert found.tracks["t"].totals.tolist() == [[25, 55], [90, 42], [100, 40]]
    assert made.choices[0].labels == ("anna", "bela", "none")
    assert made.weights(found, "t").tolist() == [[0.25, 0.75], [0.9, 0.1], [1, 0]]
    central = made.central_weights(found, "t")
    assert np.allclose(central, [[0.95, 0.05], [0.25, 0.75]], rtol=0, atol=1e-15)


def test_an_indicator_or_a_node_left_out_is_one_of_weight_zero() -> None:
    text = "vary: [{id: out, leave_out: {indicators: each, nodes: [q]}}]"
    made = experiment(province(gaps=0.06), text)
    assert made.choices[0].labels == ("", "a", "b", "c", "d", "q")
    assert made.choices[0].nominal == 0
    found = made.run(parts([0, 1, 2, 3, 4, 5], 6)).tracks["t"]
    assert np.allclose(found.totals[0], score(province(gaps=0.06)).results["total"].to_numpy(), rtol=1e-12, atol=0)
    for run, gone in enumerate(["a", "b", "c", "d"], start=1):
        inner = {name: {"weight": 0 if name == gone else weight} for name, weight in zip("abcd", (2, 3, 1, 1), strict=True)}
        if gone != "d":
            inner["d"] = {"weight": {"default": 1, "x": 2}}
        tree = {
            "p": {"weight": 60, "children": {"a": inner["a"], "b": inner["b"]}},
            "q": {"weight": 40, "children": {"c": inner["c"], "d": inner["d"]}},
        }
        expected = score(province(gaps=0.06, tree=tree)).results["total"].to_numpy()
        assert np.allclose(found.totals[run], expected, rtol=1e-12, atol=0), gone
    alone = score(province(gaps=0.06, tree={"p": {"weight": 1, "children": {"a": {"weight": 2}, "b": {"weight": 3}}}}))
    totals = dict(alone.results.select("unit", "total").iter_rows())
    assert [totals[unit] for unit in found.units] == pytest.approx(found.totals[5].tolist(), rel=1e-12)


def test_a_unit_left_out_is_in_no_group_and_has_no_place() -> None:
    table = "unit a\nu1 0\nu2 40\nu3 100"
    assessment = assess({"a": 100}, table, indicators={"a": {"score": {"method": "minmax"}}})
    found = experiment(assessment, "vary: [{id: out, leave_out: {units: each}}]").run(parts([0, 1, 2, 3], 4)).tracks["t"]
    assert found.ranks.tolist() == [[3, 2, 1], [0, 2, 1], [2, 0, 1], [2, 1, 0]]
    assert found.totals[:, 1].tolist() == [40, 0, 40, 100]


def test_a_unit_in_another_class() -> None:
    text = "vary: [{id: role, classes: {unit: u00, among: [x, y]}}]"
    made = experiment(province(), text)
    assert made.choices[0].nominal == 0
    found = made.run(parts([0, 1], 2)).tracks["t"]
    assert found.totals[0, 0] != found.totals[1, 0]
    assert found.totals[0, 1:].tolist() == found.totals[1, 1:].tolist()


def test_values_vary_by_revision_and_last_digit() -> None:
    text = "vary: [{id: v, values: {relative: 0.02, last_digit: true}, indicators: [a, b]}]"
    made = experiment(province(), text)
    found = made.random(40, 3).tracks["t"]
    again = made.random(40, 3).tracks["t"]
    assert bits(found) == bits(again)
    nominal = made.nominal["t"].totals
    moved = (found.totals - nominal) / nominal
    assert 0.002 < np.abs(moved).mean() < 0.02
    only = experiment(province(), "vary: [{id: v, values: {last_digit: true}}]").random(60, 3).tracks["t"]
    assert 0.02 < np.abs(only.totals - nominal).max() <= 0.05 + 1e-9


def test_values_vary_by_their_standard_error() -> None:
    assessment = province()
    errors = pl.when(pl.col("indicator") == "a").then(2.0).otherwise(0.0).alias("se")
    made = experiment(replace(assessment, observations=assessment.observations.with_columns(errors)), STANDARD_ERRORS)
    moved = made.random(300, 3).tracks["t"].totals - made.nominal["t"].totals
    # a weighs 0.6 x 0.4; ranks of the moves are free of each other.
    assert np.allclose(moved.std(axis=0), 1.5 * 2.0 * 0.24, rtol=0.15)
    assert abs(np.corrcoef(moved.T)[0, 1]) < 0.2


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    made = experiment(province(gaps=0.06), ANY_WEIGHTS + "\nruns: 3000")
    whole = made.random()
    state = tmp_path / "state"
    seen: list[tuple[int, int]] = []

    class Stop(Exception):
        pass

    def stop(done: int, count: int) -> None:
        seen.append((done, count))
        if len(seen) == 2:
            raise Stop

    with pytest.raises(Stop):
        made.random(state=state, progress=stop)
    assert seen == [(1024, 3000), (2048, 3000)]
    with state.open("ab") as file:
        file.write(b"half a tile")
    ended = made.random(state=state)
    assert bits(ended.tracks["t"]) == bits(whole.tracks["t"])
    with pytest.raises(SpecError, match="another run"):
        made.random(seed=5, state=state)


def test_more_cells_than_are_kept_give_sums_of_all_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    made = experiment(rich_province(), ANY_WEIGHTS + "\nruns: 700\ntop: [1, 3]")
    whole = made.random()
    monkeypatch.setattr(outcomes_module, "KEPT_CELLS", 30 * 100)
    part = made.random()
    assert (part.step, part.runs.tolist()) == (7, list(range(0, 700, 7)))
    kept, every = part.tracks["t"], whole.tracks["t"]
    assert (kept.totals == every.totals[::7]).all()
    for name in ("runs", "present", "placed", "best", "worst", "top", "tiers", "awards", "low", "high"):
        assert np.array_equal(getattr(kept.sums, name), getattr(every.sums, name)), name
    for name in ("total", "square", "rank", "rank_square"):
        assert np.allclose(getattr(kept.sums, name), getattr(every.sums, name), rtol=1e-12), name
    assert every.sums.top[:, 1].tolist() == (every.ranks <= 3).sum(axis=0).tolist()


@pytest.mark.parametrize("design", [np.zeros((3, 2)), np.ones((3, 1)), np.full((2, 1), np.nan), np.zeros(3)])
def test_a_design_of_another_shape_is_refused(design: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"a design is \(runs, 1\)"):
        experiment(province(), ANY_WEIGHTS).run(design)


def test_no_runs_are_no_outcomes() -> None:
    found = experiment(province(), ANY_WEIGHTS).run(np.empty((0, 1)))
    assert found.tracks["t"].totals.shape == (0, 30)
    assert isinstance(experiment(province(), "runs: 2"), Experiment)
    assert spec("runs: 2").vary == []
