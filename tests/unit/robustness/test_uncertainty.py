from __future__ import annotations

import numpy as np
import pytest

from tests.unit.engine.cases import assess
from tests.unit.robustness.experiments import ANY_WEIGHTS, experiment, parts, province, rich_province
from tongkao.robustness.borders import borders
from tongkao.robustness.uncertainty import uncertainty

SETS = """
top: [1]
vary: [{id: w, weights: {method: sets, sets: {a: {a: 1, b: 0}, b: {a: 0, b: 1}, c: {a: 1, b: 1}, d: {a: 3, b: 1}}}}]
"""
TABLE = "unit a b\nu1 100 0\nu2 60 50\nu3 10 20"
TIERS = [{"id": "first", "count": 1}, {"id": "rest"}]


def test_a_distribution_by_hand() -> None:
    made = experiment(assess({"a": 50, "b": 50}, TABLE, track={"tiers": TIERS}), SETS)
    found = uncertainty(made.run(parts([0, 1, 2, 3], 4)), "t", [[0.0, 0.5], [0.25, 1.0]])
    # Totals: u1 100, 0, 50, 75; u2 60, 50, 55, 57.5; u3 10, 20, 15, 12.5. Places: u1 1, 3, 2, 1; u2 2, 1, 1, 2; u3 3, 2, 3, 3.
    assert found.totals.nominal.tolist() == [50, 55, 15]
    assert found.totals.mean.tolist() == pytest.approx([56.25, 55.625, 14.375])
    assert found.totals.median.tolist() == [62.5, 56.25, 13.75]
    assert found.totals.deviation.tolist() == pytest.approx(
        [np.std(row, ddof=1) for row in ([100, 0, 50, 75], [60, 50, 55, 57.5], [10, 20, 15, 12.5])]
    )
    assert (found.totals.low.tolist(), found.totals.high.tolist()) == ([0, 50, 10], [100, 60, 20])
    assert found.totals.quantiles[:, :, 0].tolist() == [[0, 62.5], [37.5, 100]]
    assert found.ranks.nominal.tolist() == [2, 1, 3]
    assert found.ranks.mean.tolist() == [1.75, 1.5, 2.75]
    assert found.ranks.median.tolist() == [1.5, 1.5, 3]
    assert (found.ranks.low.tolist(), found.ranks.high.tolist()) == ([1, 1, 2], [3, 2, 3])
    assert found.ranks.quantiles[:, :, 0].tolist() == [[1, 1.5], [1, 3]]
    assert found.tiers.tolist() == [[0.5, 0.5], [0.5, 0.5], [0, 1]]
    assert found.top.tolist() == [[0.5], [0.5], [0]]
    assert found.same.tolist() == [0.25, 0.5, 0.75]
    assert found.acceptability.tolist() == [[0.5, 0.25, 0.25], [0.5, 0.5, 0], [0, 0.25, 0.75]]
    assert found.before().tolist() == [[0.5, 0.5, 0.75], [0.5, 0.5, 1], [0.25, 0, 0.5]]
    assert found.order.tolist() == [1, 0, 2]
    assert [[group.units for group in groups] for groups in found.groups()] == [[(1, 0), (2,)]]
    assert [[group.units for group in groups] for groups in found.groups(0.4)] == [[(1,), (0,), (2,)]]


def test_probabilities_sum_to_one() -> None:
    found = uncertainty(experiment(rich_province(), ANY_WEIGHTS + "\nruns: 300").random(), "t")
    assert np.allclose(found.acceptability.sum(axis=1), 1)
    assert np.allclose(found.tiers.sum(axis=1), 1)
    before = found.before()
    assert np.allclose(before + before.T, 1)
    assert found.before([3, 5]).tolist() == before[np.ix_([3, 5], [3, 5])].tolist()
    assert (found.awards >= 0).all()
    assert (found.awards <= 1).all()


def test_quantiles_and_moments_are_those_of_the_runs() -> None:
    outcomes = experiment(province(), ANY_WEIGHTS + "\nruns: 101").random()
    found, runs = uncertainty(outcomes, "t", [[0.1, 0.9]]), outcomes.tracks["t"]
    for spread, values in ((found.totals, runs.totals), (found.ranks, runs.ranks)):
        assert np.allclose(spread.mean, values.mean(axis=0), rtol=1e-12)
        assert np.allclose(spread.deviation, values.std(axis=0, ddof=1), rtol=1e-9)
        assert np.allclose(spread.median, np.median(values, axis=0), rtol=1e-12)
        assert np.allclose(spread.quantiles[0], np.quantile(values, [0.1, 0.9], axis=0), rtol=1e-12)


def test_a_unit_without_a_place_in_any_run_has_no_numbers_of_places() -> None:
    outcomes = experiment(province(track={"unranked": ["u03"]}), ANY_WEIGHTS + "\nruns: 20").random()
    found = uncertainty(outcomes, "t")
    assert np.isnan([found.ranks.mean[3], found.ranks.median[3], found.ranks.nominal[3], found.same[3]]).all()
    assert not np.isnan(found.totals.mean[3])
    assert 3 not in found.order.tolist()
    assert np.isnan(found.before()[3, 4])


def test_pairs_of_too_many_units_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongkao.robustness.uncertainty.MOST_PAIRS", 10)
    found = uncertainty(experiment(province(), ANY_WEIGHTS + "\nruns: 3").random(), "t")
    with pytest.raises(ValueError, match="30 units have too many pairs"):
        found.before()


def test_who_sits_on_a_border_and_what_decides_it() -> None:
    text = """
runs: 400
vary:
  - {id: w, weights: {method: dirichlet}}
  - {id: round, path: rounding.places, choices: [2, 3]}
"""
    made = experiment(assess({"a": 50, "b": 50}, TABLE, track={"tiers": TIERS}, rounding={"at": ["total"]}), text)
    outcomes = made.random()
    found = borders(made, outcomes, "t", top=[2])
    assert [(border.unit, border.border, border.nominal) for border in found] == [
        ("u2", "first", True),
        ("u1", "first", False),
        ("u1", "top 2", True),
        ("u3", "top 2", False),
    ]
    tier = outcomes.tracks["t"].tiers
    assert found[0].inside == (tier[:, 1] == 0).mean()
    first = found[1].deciders[0]
    assert (first.choice, first.node, first.labels) == ("w", "a", ("outside", "inside"))
    # u1 is first when a weighs more than 5/9.
    assert first.inside[0] < 5 / 9 < first.inside[1]
    assert first.share > 0.5
    assert [(each.choice, each.node) for each in found[1].deciders] == [("w", "a"), ("w", "b"), ("round", "")]
    assert found[1].deciders[2].share < 0.02
    assert found[1].deciders[2].labels == ("2", "3")
    assert borders(made, outcomes, "t", doubt=0.5) == []
