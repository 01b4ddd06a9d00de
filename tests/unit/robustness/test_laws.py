"""Laws that hold whatever the assessment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.cases import assess
from tests.unit.robustness.experiments import experiment
from tongkao.engine.result import score
from tongkao.folder.assessment import Assessment

VARY = """
runs: 40
vary:
  - {id: w, weights: %s, at: %s}
  - {id: mean, path: tracks.t.aggregate, choices: [arithmetic, %s]}
  - {id: out, leave_out: {indicators: [i0, i1]}}
"""
WEIGHTS = [
    "{method: dirichlet}",
    "{method: dirichlet, concentration: 20}",
    "{method: rank_constrained}",
    "{method: bounded, low: 0.01, high: 0.95}",
    "{method: band, share: 0.4}",
]


@st.composite
def assessments(draw: st.DrawFn) -> dict[str, Any]:
    """Parts of an assessment: weights of the leaves of two papers, values with gaps, classes."""
    leaves = draw(st.integers(4, 7))
    cut = draw(st.integers(2, leaves - 2))
    weights = draw(st.lists(st.integers(1, 9), min_size=leaves, max_size=leaves))
    units = draw(st.integers(2, 8))
    cell = st.one_of(st.integers(1, 100), st.none())
    rows = draw(st.lists(st.lists(cell, min_size=leaves, max_size=leaves), min_size=units, max_size=units))
    # Somebody has everything, so that nobody's paper is empty in every run.
    rows = [
        [7 if value is None and column in (0, 1, leaves - 1, leaves - 2) else value for column, value in enumerate(row)]
        for row in rows
    ]
    return {"cut": cut, "weights": weights, "rows": rows, "by_class": draw(st.booleans())}


def make(parts: dict[str, Any], *, turned: bool = False, scale: float = 1.0) -> Assessment:
    """The assessment; with units and columns in another order, or weights in another unit."""
    names = [f"i{number}" for number in range(len(parts["weights"]))]
    leaf = {name: {"weight": weight * scale} for name, weight in zip(names, parts["weights"], strict=True)}
    papers = [("p", names[: parts["cut"]], 2 * scale), ("q", names[parts["cut"] :], 3 * scale)]
    if turned:
        papers = [(name, inner[::-1], weight) for name, inner, weight in papers[::-1]]
    tree = {name: {"weight": weight, "children": {each: leaf[each] for each in inner}} for name, inner, weight in papers}
    lines = [
        " ".join([f"u{number}", *("-" if value is None else str(value) for value in row)])
        for number, row in enumerate(parts["rows"])
    ]
    units = "\n".join(["unit class", *(f"u{number} {'xy'[number % 2]}" for number in range(len(lines)))])
    track = {"rank_within": "class"} if parts["by_class"] else {}
    made = assess(tree, "\n".join(["unit " + " ".join(names), *lines]), units=units, missing="redistribute", track=track)
    if turned:
        back = {f"u{number}": f"v{len(lines) - number}" for number in range(len(lines))}
        made = replace(
            made,
            units=made.units.with_columns(pl.col("unit").replace(back)).sort("unit"),
            observations=made.observations.with_columns(pl.col("unit").replace(back)).sort("unit", "indicator", "period"),
        )
    return made


texts = st.tuples(
    st.sampled_from(WEIGHTS), st.sampled_from(["all", "indicator", "paper"]), st.sampled_from(["geometric", "harmonic"])
)


@settings(max_examples=25, deadline=None)
@given(assessments(), texts)
def test_the_order_of_units_and_columns_never_matters(parts: dict[str, Any], words: tuple[str, str, str]) -> None:
    found = experiment(make(parts), VARY % words).random().tracks["t"]
    other = experiment(make(parts, turned=True), VARY % words).random().tracks["t"]
    assert np.allclose(other.totals[:, ::-1], found.totals, rtol=1e-11, atol=0, equal_nan=True)
    assert (other.ranks[:, ::-1] == found.ranks).all()


@settings(max_examples=25, deadline=None)
@given(assessments(), texts)
def test_weights_rescaled_change_nothing(parts: dict[str, Any], words: tuple[str, str, str]) -> None:
    found = experiment(make(parts), VARY % words).random().tracks["t"]
    other = experiment(make(parts, scale=12.5), VARY % words).random().tracks["t"]
    assert np.allclose(other.totals, found.totals, rtol=1e-11, atol=0, equal_nan=True)
    assert (other.ranks == found.ranks).all()


@settings(max_examples=25, deadline=None)
@given(assessments(), texts)
def test_totals_lie_between_the_least_and_the_greatest_rate_and_places_are_places(
    parts: dict[str, Any], words: tuple[str, str, str]
) -> None:
    found = experiment(make(parts), VARY % words).random().tracks["t"]
    rates = np.array([[np.nan if value is None else value for value in row] for row in parts["rows"]], float)
    assert (found.totals >= np.nanmin(rates, axis=1) * (1 - 1e-12)).all()
    assert (found.totals <= np.nanmax(rates, axis=1) * (1 + 1e-12)).all()
    for code in np.unique(found.lists):
        members = found.ranks[:, found.lists == code]
        assert (members.min(axis=1) == 1).all()
        assert (members <= members.shape[1]).all()
    assert np.allclose(found.counts.acceptability().sum(axis=1), 1)


@settings(max_examples=25, deadline=None)
@given(assessments(), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
def test_zero_perturbation_is_the_marking(parts: dict[str, Any], aggregate: str) -> None:
    text = """
runs: 9
vary:
  - {id: w, weights: {method: band, share: 0}, at: all}
  - {id: mean, path: tracks.t.aggregate, choices: [AGGREGATE]}
""".replace("AGGREGATE", aggregate)
    found = experiment(make(parts), text).random().tracks["t"]
    assessment = make(parts)
    scheme = assessment.scheme.model_copy(
        update={"tracks": {"t": assessment.scheme.tracks["t"].model_copy(update={"aggregate": aggregate})}}
    )
    results = score(replace(assessment, scheme=scheme)).results
    ranks = dict(results.select("unit", "rank").iter_rows())
    totals = dict(results.select("unit", "total").iter_rows())
    assert (found.ranks == [ranks[unit] for unit in found.units]).all()
    assert np.allclose(found.totals, [totals[unit] for unit in found.units], rtol=1e-12, atol=0)


@settings(max_examples=10, deadline=None)
@given(assessments(), texts, st.integers(1, 4))
def test_threads_change_no_bit(parts: dict[str, Any], words: tuple[str, str, str], threads: int) -> None:
    made = experiment(make(parts), VARY % words)
    one, other = made.random(threads=1).tracks["t"], made.random(threads=threads).tracks["t"]
    assert one.totals.tobytes() == other.totals.tobytes()
    assert one.ranks.tobytes() == other.ranks.tobytes()


@settings(max_examples=20, deadline=None)
@given(assessments())
def test_leaving_out_and_putting_back_is_the_marking(parts: dict[str, Any]) -> None:
    made = experiment(make(parts), "vary: [{id: out, leave_out: {indicators: each}}]")
    count = len(made.choices[0].labels)
    found = made.run(np.array([[0.5 / count], [1.5 / count], [0.5 / count]])).tracks["t"]
    assert found.totals[0].tobytes() == found.totals[2].tobytes() == made.nominal["t"].totals.tobytes()
    assert found.ranks[2].tolist() == made.nominal["t"].ranks.tolist()
