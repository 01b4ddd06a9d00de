"""Weights, comparisons and pairwise judgements against what several other tools and the literature agree on.

Driven by what lies in ``mcda`` of the reference folder. A method or a parameter that is known neither as offered nor as not
offered fails by its name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.folders import cases_of, needed, reference_root
from tongkao.engine.kernels import FloatArray, competition_rank
from tongkao.robustness import comparisons, weighting

RELATIVE = 1e-10
#: scores nearer than this share a place
TIED = 1e-12

#: weights of which the product has no use: each is a variation of one that it offers
NOT_OFFERED = frozenset({"angle", "cilos", "gini", "idocriw"})


@dataclass(frozen=True)
class Problem:
    """A decision matrix of ``problems.json``."""

    matrix: FloatArray
    weights: FloatArray
    sign: FloatArray


def read(name: str) -> Any:
    """One file of the folder, an empty list where the folder is not there."""
    root = reference_root()
    path = root / "mcda" / name if root is not None else Path("absent")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def problem(name: str) -> Problem:
    """A problem by its id, wherever its matrix lies."""
    needed("mcda")
    for entry in read("problems.json")["problems"]:
        if entry["id"] == name:
            return Problem(*(np.array(entry[key], dtype=np.float64) for key in ("matrix", "weights", "types")))
    raise KeyError(name)


Params = Mapping[str, Any]
Method = Callable[[Problem, Params], FloatArray]
UP = np.ones


def weighted(scale: comparisons.Scale) -> Method:
    return lambda p, _: comparisons.weighted_sum(p.matrix, p.weights, p.sign, scale=scale)


def closeness(scale: Any) -> Method:
    return lambda p, _: comparisons.topsis(p.matrix, p.weights, p.sign, scale=scale)


def measure(name: str) -> Method:
    def found(p: Problem, params: Params) -> FloatArray:
        result: FloatArray = getattr(comparisons.vikor_measures(p.matrix, p.weights, p.sign, v=params["v"]), name)
        return result

    return found


def plain(method: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]) -> Method:
    return lambda p, _: method(p.matrix, p.weights, p.sign)


def scaled(name: comparisons.Scale) -> Method:
    return lambda p, _: comparisons.normalise(p.matrix, p.sign, name)


COST_FORMS = {
    "minmax": {"cost_form": "(max-x)/(max-min)"},
    "vector": {"cost_form": "1 - x/norm2"},
    "sum": {"cost_form": "(1/x)/sum(1/x)"},
    "max": {"cost_form": "1 - x/max"},
    "linear": {"cost_form": "min/x"},
}
CRITIC = {"normalise": "min-max with direction"}

#: kind and method -> the parameters that are understood (with the only value they may have, or ... for any), and what to call
METHODS: dict[tuple[str, str], tuple[dict[str, Any], Method]] = {
    **{("normalise", name): (COST_FORMS[name], scaled(name)) for name in ("minmax", "vector", "sum", "max", "linear")},
    ("weights", "equal"): ({}, lambda p, _: weighting.equal(p.matrix.shape[1])),
    ("weights", "entropy"): (
        {"matrix": "raw, each column divided by its sum, direction ignored", "log_base": "n"},
        lambda p, _: weighting.entropy(p.matrix),
    ),
    ("weights", "critic_directed"): (
        {**CRITIC, "correlation": "pearson"},
        lambda p, _: weighting.critic(p.matrix, p.sign),
    ),
    ("weights", "critic_undirected"): (
        {"normalise": "min-max, every criterion treated as benefit", "correlation": "pearson"},
        lambda p, _: weighting.critic(p.matrix, UP(p.matrix.shape[1])),
    ),
    ("weights", "critic_directed_spearman"): (
        {**CRITIC, "correlation": "spearman"},
        lambda p, _: weighting.critic(p.matrix, p.sign, correlation="spearman"),
    ),
    ("weights", "std_minmax"): ({"normalise": "min-max"}, lambda p, _: weighting.standard_deviation(p.matrix)),
    ("weights", "std_raw"): ({}, lambda p, _: weighting.standard_deviation(p.matrix, normalise=False)),
    ("weights", "variance_minmax"): ({}, lambda p, _: weighting.variance(p.matrix)),
    ("weights", "merec"): ({}, lambda p, _: weighting.merec(p.matrix, p.sign)),
    ("score", "wsm_minmax"): ({"normalise": "minmax"}, weighted("minmax")),
    ("score", "wsm_sum"): ({"normalise": "sum"}, weighted("sum")),
    ("score", "wpm_linear"): ({"normalise": "linear"}, plain(comparisons.weighted_product)),
    ("score", "waspas_0.5"): (
        {"lambda": ..., "normalise": "linear"},
        lambda p, params: comparisons.waspas(p.matrix, p.weights, p.sign, share_of_sum=params["lambda"]),
    ),
    ("score", "topsis_vector"): ({"normalise": "vector"}, closeness("vector")),
    ("score", "topsis_minmax"): ({"normalise": "minmax"}, closeness("minmax")),
    ("score", "vikor_q"): ({"v": ...}, measure("compromise")),
    ("score", "vikor_s"): ({"v": ...}, measure("utility")),
    ("score", "vikor_r"): ({"v": ...}, measure("regret")),
    ("score", "edas"): ({}, plain(comparisons.edas)),
    ("score", "copras"): ({"normalise": "sum", "scaled": "best = 1"}, plain(comparisons.copras)),
    ("score", "mabac"): ({"normalise": "minmax"}, plain(comparisons.mabac)),
    ("score", "moora"): ({"normalise": "vector (benefit form for all)"}, plain(comparisons.moora)),
    ("score", "aras"): ({"normalise": "sum"}, plain(comparisons.aras)),
    ("score", "promethee_ii_usual"): ({"preference": "usual"}, plain(comparisons.promethee)),
    ("score", "spotis"): (
        {"bounds": ...},
        lambda p, params: 1.0 - comparisons.spotis(p.matrix, p.weights, p.sign, params["bounds"]),
    ),
}


def offered(entry: Mapping[str, Any]) -> bool:
    return not (entry["kind"] == "weights" and entry["method"] in NOT_OFFERED)


EXPECTED = {f"{entry['problem']}-{entry['kind']}-{entry['method']}": entry for entry in read("expected.json") if offered(entry)}
AHP = {entry["id"]: entry for entry in read("ahp.json")}
PUBLISHED = {entry["id"]: entry for entry in read("published.json")}


def close(found: FloatArray, expected: Any) -> None:
    np.testing.assert_allclose(found, np.array(expected, dtype=np.float64), rtol=RELATIVE, atol=RELATIVE)


@pytest.mark.parametrize("name", cases_of("mcda", EXPECTED))
def test_agrees_with_other_tools(name: str) -> None:
    entry = EXPECTED[name]
    understood, method = METHODS[entry["kind"], entry["method"]]
    params = entry["params"]
    assert params.keys() == understood.keys()
    assert {key: params[key] for key, value in understood.items() if value is not ...} == {
        key: value for key, value in understood.items() if value is not ...
    }
    p = problem(entry["problem"])
    found = method(p, params)
    close(found, entry["value"])
    if entry["kind"] == "score":
        scores = found if entry["higher_is_better"] else -found
        ranks = competition_rank(scores, np.zeros(len(scores), dtype=np.int64), tolerance=TIED)
        assert ranks.tolist() == entry["rank_min"]


@pytest.mark.parametrize("name", cases_of("mcda", AHP))
def test_pairwise_judgements(name: str) -> None:
    entry = AHP[name]
    known = {"id", "source", "matrix", "lambda_max", "ci", "ri_saaty", "cr", "published", "max_abs_difference_to_other_tools"}
    # the mean of normalised columns is not offered: it is an approximation of the eigenvector from the days before computers
    known |= {"weights_eigenvector", "weights_geometric_mean", "weights_column_mean"}
    assert entry.keys() <= known
    eigen = weighting.ahp(entry["matrix"])
    close(eigen.weights, entry["weights_eigenvector"])
    close(weighting.ahp(entry["matrix"], method="geometric_mean").weights, entry["weights_geometric_mean"])
    assert eigen.random_index == entry["ri_saaty"]
    assert eigen.consistency_ratio is not None
    found = np.array([eigen.lambda_max, eigen.consistency_index, eigen.consistency_ratio])
    close(found, [entry["lambda_max"], entry["ci"], entry["cr"]])
    published = entry.get("published", {})
    assert published.keys() <= {"weights_3dp", "lambda_max", "cr"}
    if "weights_3dp" in published:
        assert np.round(eigen.weights, 3).tolist() == published["weights_3dp"]
    if "lambda_max" in published:
        assert round(eigen.lambda_max, 3) == published["lambda_max"]
    if "cr" in published:
        assert round(eigen.consistency_ratio, 3) == published["cr"]


#: how the published cases name their methods
PUBLISHED_METHODS: dict[str, Method] = {
    "plain weighted sum, no normalisation": weighted("none"),
    "TOPSIS, linear (min-max) normalisation": closeness("minmax"),
    "TOPSIS, vector normalisation": closeness("vector"),
    "VIKOR Q, v = 0.5": lambda p, _: comparisons.vikor_measures(p.matrix, p.weights, p.sign).compromise,
}


@pytest.mark.parametrize("name", cases_of("mcda", PUBLISHED))
def test_published_numbers(name: str) -> None:
    entry = PUBLISHED[name]
    p = Problem(*(np.array(entry[key], dtype=np.float64) for key in ("matrix", "weights", "types")))
    found = PUBLISHED_METHODS[entry["method"]](p, {})
    np.testing.assert_allclose(found, entry["published"], rtol=0, atol=entry.get("tolerance", 1e-12))


def test_every_problem_is_used() -> None:
    needed("mcda")
    assert {entry["problem"] for entry in EXPECTED.values()} <= {entry["id"] for entry in read("problems.json")["problems"]}


def test_what_is_not_offered_is_named() -> None:
    needed("mcda")
    left = {entry["method"] for entry in read("expected.json") if not offered(entry)}
    assert left <= NOT_OFFERED
