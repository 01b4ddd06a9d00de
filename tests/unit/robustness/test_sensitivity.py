from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.cases import TIERS, assess
from tongkao.folder.assessment import Assessment
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.morris import Effects
from tongkao.robustness.sensitivity import Sensitivity, sensitivity
from tongkao.robustness.sobol import Indices
from tongkao.robustness.spec import Spec, SpecError

TREE = {"a": {"weight": 50}, "b": {"weight": 30}, "c": {"weight": 20}}
VALUES = """
unit  a    b    c
u     100  40   50
v     70   90   60
w     60   80   100
x     55   30   10
"""
WEIGHTS = {"id": "weights", "weights": {"method": "dirichlet"}}
METHOD = {"id": "method", "path": "indicators.*.score", "choices": [{"method": "identity"}, {"method": "minmax"}]}
NOTHING = {"id": "nothing", "path": "tracks.t.title", "choices": ["t", "T"]}
LEAVE = {"id": "leave", "leave_out": {"indicators": ["c"]}}


def experiment(*vary: dict[str, Any], assessment: Assessment | None = None) -> Experiment:
    made = assessment if assessment is not None else assess(TREE, VALUES, track={"tiers": TIERS})
    return Experiment(made, Spec.model_validate({"seed": 3, "vary": list(vary)}))


def row(found: Sensitivity, target: str, unit: str, choice: str) -> dict[str, Any]:
    table = found.table.filter((pl.col("target") == target) & (pl.col("unit") == unit) & (pl.col("choice") == choice))
    (only,) = table.iter_rows(named=True)
    return only


def same(one: Sensitivity, other: Sensitivity) -> bool:
    return one.table.equals(other.table) and all(
        getattr(one.tracks[track].measures, name).tobytes() == getattr(other.tracks[track].measures, name).tobytes()
        for track in one.tracks
        for name in one.tracks[track].measures.__dataclass_fields__
    )


def test_every_unit_at_once() -> None:
    found = sensitivity(
        experiment(WEIGHTS, METHOD, NOTHING), 64, ["rank", "total", "rank_change", "tier:first", "top:2"], bootstraps=100
    )
    assert found.runs == 5 * 64
    assert found.table.height == (4 * 4 + 1) * 3
    assert found.table.columns == [
        *("track", "target", "unit", "choice", "first", "first_low", "first_high", "total", "total_low", "total_high"),
        *("mean", "variance", "used", "left_out", "note"),
    ]
    assert found.table["target"].unique(maintain_order=True).to_list() == ["rank", "total", "rank_change", "tier:first", "top:2"]
    assert (found.failures, found.left_out, found.warnings) == ((), 0, ())
    indifferent = found.table.filter(pl.col("choice") == "nothing")
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high"):
        assert (indifferent[name] == 0.0).all()
    # x is last of four whatever is chosen.
    last = row(found, "rank", "x", "weights")
    assert (last["note"], last["total"], last["mean"], last["variance"]) == ("constant", 0.0, 4.0, 0.0)
    assert (found.table["first_low"] <= found.table["total_high"] + 1e-12).all()


def test_one_choice_alone_explains_everything() -> None:
    found = sensitivity(experiment(WEIGHTS), 256, ["total"], bootstraps=200)
    for unit in "uvwx":
        got = row(found, "total", unit, "weights")
        assert got["first_low"] <= 1.0 <= got["first_high"] + 1e-9
        assert got["total_low"] <= 1.0 <= got["total_high"]


def test_a_single_unit_and_what_matters() -> None:
    found = sensitivity(experiment(NOTHING, METHOD, WEIGHTS), 128, ["total:u", "rank_change"], bootstraps=10)
    assert set(found.table["unit"]) == {"u", ""}
    order = found.matter("total", "u")
    assert order[-1] == ("nothing", 0.0)
    assert {name for name, _ in order} == {"nothing", "method", "weights"}
    with pytest.raises(KeyError, match="rank:v"):
        found.matter("rank", "v")


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_a_seed_settles_every_bit(method: Any) -> None:
    made = experiment(WEIGHTS, METHOD)
    one = sensitivity(made, 40, method=method, bootstraps=50, threads=1)
    assert same(one, sensitivity(made, 40, method=method, bootstraps=50, threads=2))
    assert same(one, sensitivity(experiment(WEIGHTS, METHOD), 40, method=method, bootstraps=50))
    assert not same(one, sensitivity(made, 40, method=method, bootstraps=50, seed=4))


def test_what_one_portion_of_the_runs_gives_others_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sensitivity(experiment(WEIGHTS, METHOD), 40, bootstraps=50)
    monkeypatch.setattr("tongkao.robustness.sensitivity.KEPT_CELLS", 4 * 37)
    parts = sensitivity(experiment(WEIGHTS, METHOD), 40, bootstraps=50)
    for name in Indices.__dataclass_fields__:
        expected, got = (getattr(each.tracks["t"].measures, name) for each in (whole, parts))
        assert np.allclose(expected, got, rtol=0, atol=1e-9), name


@given(st.permutations(list("uvwx")), st.permutations(["a", "b", "c"]))
@settings(max_examples=10, deadline=None)
def test_order_of_units_and_columns_never_matters(units: list[str], columns: list[str]) -> None:
    def ordered(units: Iterable[str], columns: Iterable[str]) -> Assessment:
        names = {"a": (100, 70, 60, 55), "b": (40, 90, 80, 30), "c": (50, 60, 100, 10)}
        lines = [" ".join([unit, *(str(names[column]["uvwx".index(unit)]) for column in columns)]) for unit in units]
        return assess({column: TREE[column] for column in columns}, "\n".join([f"unit {' '.join(columns)}", *lines]))

    straight = sensitivity(experiment(WEIGHTS, METHOD, assessment=ordered("uvwx", "abc")), 32, bootstraps=20).table
    turned = sensitivity(experiment(WEIGHTS, METHOD, assessment=ordered(units, columns)), 32, bootstraps=20).table
    numbers = [name for name, kind in straight.schema.items() if kind == pl.Float64]
    assert straight.drop(numbers).equals(turned.drop(numbers))
    assert np.allclose(straight.select(numbers).to_numpy(), turned.select(numbers).to_numpy(), atol=1e-8)


def test_morris() -> None:
    found = sensitivity(experiment(WEIGHTS, METHOD, NOTHING, LEAVE), 30, ["total", "rank_change"], "morris", bootstraps=50)
    assert found.runs == 5 * 30
    assert isinstance(found.tracks["t"].measures, Effects)
    assert found.table.columns[4:] == [
        *("mu", "mu_low", "mu_high", "mu_star", "mu_star_low", "mu_star_high", "sigma", "sigma_low", "sigma_high"),
        *("used", "left_out", "note"),
    ]
    nothing, method = row(found, "total", "u", "nothing"), row(found, "total", "u", "method")
    assert (nothing["mu_star"], nothing["sigma"], nothing["used"], nothing["left_out"]) == (0.0, 0.0, 30, 0)
    assert method["mu_star_low"] <= method["mu_star"] <= method["mu_star_high"]
    assert found.matter("total", "u")[-1][0] == "nothing"


def test_alternatives_with_chances_are_each_met() -> None:
    rare = {**METHOD, "chances": [0.9, 0.1]}
    found = sensitivity(experiment(rare), 20, ["total:u"], "morris", bootstraps=0)
    # Every path goes from one method to the other: 72 points to 50 + 0 + 8.888...
    assert row(found, "total", "u", "method")["mu"] == pytest.approx(50 + 20 * 40 / 90 + 30 * 10 / 60 - 72)
    assert row(found, "total", "u", "method")["sigma"] == 0.0


# --- what cannot be marked ---------------------------------------------------------------------------------------------------

GEOMETRIC = {"id": "mean", "path": "tracks.t.aggregate", "choices": ["arithmetic", "geometric"]}


def test_what_cannot_be_marked_is_refused_beforehand() -> None:
    """Min-max gives the worst unit 0, which a geometric mean cannot take."""
    with pytest.raises(SpecError) as caught:
        sensitivity(experiment(WEIGHTS, METHOD, GEOMETRIC), 16)
    (problem,) = caught.value.problems
    assert problem.describe("en").startswith("method: minmax, mean: geometric cannot be marked: unit")
    assert problem.describe("zh").startswith("method: minmax, mean: geometric 这样选不能计分：单位")


def test_runs_that_fail_are_reported_and_left_out_with_their_blocks() -> None:
    found = sensitivity(experiment(METHOD, GEOMETRIC), 64, ["total"], impossible="leave_out", bootstraps=20)
    failed = {failure.run % 64 for failure in found.failures}
    assert 0 < len(failed) < 63
    assert found.left_out == len(failed)
    assert set(found.table["used"]) == {64 - len(failed)}
    assert set(found.table["left_out"]) == {len(failed)}
    assert found.table["first"].null_count() == 0
    (warning,) = found.warnings
    assert warning.severity == "warning"
    assert warning.fields["failed"] == len({failure.run for failure in found.failures})
    assert "were left out with their blocks" in warning.describe("en")


def test_too_few_blocks_are_an_error() -> None:
    never = {"id": "mean", "path": "tracks.t.aggregate", "choices": ["geometric", "harmonic"]}
    zero = assess(TREE, VALUES.replace("10\n", "0\n"))
    with pytest.raises(SpecError, match="only 0 of 8 blocks are complete"):
        sensitivity(experiment(never, assessment=zero), 8, impossible="leave_out")


def test_a_unit_that_some_runs_leave_out_is_analysed_in_the_others() -> None:
    without = {"id": "who", "leave_out": {"units": ["w"]}}
    found = sensitivity(experiment(WEIGHTS, without), 64, ["rank", "rank_change"], bootstraps=20)
    used = {unit: row(found, "rank", unit, "weights")["used"] for unit in "uvwx"}
    assert used["u"] == used["v"] == used["x"] == 64
    assert 2 <= used["w"] < 40
    assert row(found, "rank_change", "", "who")["used"] == 64


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (
            ["rnk"],
            "there is no target rnk; there are: rank, total, rank_change, tier:ID, top:K, award:ID, each may be followed "
            "by :unit (did you mean rank?)",
        ),
        (
            ["rank_change:u"],
            "there is no target rank_change:u; there are: rank, total, rank_change, tier:ID, top:K, award:ID, each "
            "may be followed by :unit",
        ),
        (["rank:q"], "rank:q: there is no unit q"),
        (["tier:frist"], "tier:frist: there is no tier frist (did you mean first?)"),
        (["award:prize"], "award:prize: there is no award prize"),
        (["top:0"], "top:0: how many are the first must be a whole number from 1, found 0"),
        (["top"], "top: how many are the first must be a whole number from 1, found "),
    ],
)
def test_targets_that_are_not_there(targets: list[str], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        sensitivity(experiment(WEIGHTS), 4, targets)
    assert [problem.describe("en") for problem in caught.value.problems] == [message]
    assert all(problem.describe("zh") for problem in caught.value.problems)


def test_nothing_to_analyse() -> None:
    with pytest.raises(SpecError) as caught:
        sensitivity(experiment(), 1)
    assert {problem.describe("en") for problem in caught.value.problems} == {
        "nothing varies, so there is nothing to compare",
        "a design needs at least 2 points, found 1",
    }


def test_awards_are_targets_too() -> None:
    made = assess(TREE, VALUES, track={"awards": [{"id": "prize", "when": "rank == 1"}]})
    found = sensitivity(experiment(WEIGHTS, assessment=made), 32, ["award:prize", "top:1"], bootstraps=10)
    prize, top = (found.table.filter(pl.col("target") == name).drop("target") for name in ("award:prize", "top:1"))
    assert prize.equals(top)
    assert (prize.filter(pl.col("unit") == "w")["mean"] > 0).all()


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    sensitivity(experiment(WEIGHTS), 16, bootstraps=0, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (48, 48)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
