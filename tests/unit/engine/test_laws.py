"""What holds for every assessment, tried on the folders that the oracle's generator makes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.unit.engine.cases import assess, of_node
from tests.unit.engine.generated import Rows, folder_of, marked, marks_of, tables_of
from tongkao.engine.result import Result
from tongkao.engine.shares import STAYS, WEIGHTLESS
from tongkao.folder.assessment import Assessment
from tongkao.scheme.expressions import names_in, parse
from tongkao.scheme.model import Impute, Indicator, Minmax

SEEDS = st.integers(0, 100_000)
#: A folder takes as long as a hundred numbers: a tenth of the examples.
few = settings(max_examples=settings.default.max_examples // 10)  # type: ignore[union-attr]


# --- order means nothing ------------------------------------------------------------------------------------------------------


@few
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing_bit_for_bit(seed: int, rng: random.Random) -> None:
    def shuffle(_: dict[str, Any], rows: Rows) -> None:
        for lines in rows.values():
            rng.shuffle(lines)

    one, other = marked(folder_of(seed)), marked(folder_of(seed, shuffle))
    for table in ("results", "scores", "trace", "quotas", "treatment"):
        assert_frame_equal(getattr(one, table), getattr(other, table), check_exact=True)


@few
@given(SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_indicators_and_siblings_changes_no_place_and_no_number_but_its_last_digit(
    seed: int, rng: random.Random
) -> None:
    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        return dict(rng.sample(list(mapping.items()), len(mapping)))

    def mix_up(siblings: list[dict[str, Any]]) -> None:
        rng.shuffle(siblings)
        for node in siblings:
            mix_up(node.get("children", []))

    def shuffle(scheme: dict[str, Any], _: Rows) -> None:
        scheme["indicators"], scheme["tracks"] = shuffled(scheme["indicators"]), shuffled(scheme["tracks"])
        for track in scheme["tracks"].values():
            mix_up(track["tree"])

    one, other = marked(folder_of(seed)), marked(folder_of(seed, shuffle))
    assert_close(one.results, other.results, one)
    key = ["track", "unit", "node"]
    assert_close(one.scores.sort(key), other.scores.sort(key), one)


# --- weights ------------------------------------------------------------------------------------------------------------------


@few
@given(SEEDS)
def test_the_weights_of_what_stays_add_up_to_the_parents(seed: int) -> None:
    for marks in marks_of(folder_of(seed)).values():
        effective, parent = marks.effective, marks.plan.layout.parent
        stays = effective.status == STAYS
        assert not effective.full[~stays].any()
        for node in np.unique(parent[parent >= 0]):
            below = np.flatnonzero(parent == node)
            inner = stays[:, node]
            assert (stays[:, below].any(axis=1) == inner).all()
            assert effective.shares[:, below].sum(axis=1)[inner] == pytest.approx(1)
            assert effective.full[:, below].sum(axis=1) == pytest.approx(effective.full[:, node])
        assert (effective.full[stays[:, 0], 0] == marks.plan.full_mark).all()


@few
@given(SEEDS, st.randoms(use_true_random=False))
def test_what_weighs_nothing_for_a_unit_changes_nothing_for_anybody(seed: int, rng: random.Random) -> None:
    """Other values in cells of weight 0, earlier years too: every result is the same, bit for bit."""
    assessment = folder_of(seed)
    cells = []
    for marks in marks_of(assessment).values():
        layout = marks.plan.layout
        for row, leaf in zip(*np.nonzero(marks.effective.status[:, layout.leaves] == WEIGHTLESS), strict=True):
            cells.append((marks.plan.unit_ids[row], layout.ids[layout.leaves[leaf]]))
    cells = [cell for cell in cells if cell[1] not in named_elsewhere(assessment)]
    assume(cells)
    chosen = pl.DataFrame(cells, schema=["unit", "indicator"], orient="row").with_columns(wild=rng.uniform(-900, 900))
    table = assessment.observations.join(chosen, on=["unit", "indicator"], how="left", maintain_order="left")
    state = pl.when(pl.col("wild").is_null()).then("state").otherwise(pl.lit("reported"))
    observations = table.with_columns(value=pl.coalesce("wild", "value"), state=state).drop("wild")
    one, other = marked(assessment), marked(replace(assessment, observations=observations))
    assert_frame_equal(one.results, other.results, check_exact=True)
    assert_frame_equal(one.scores, other.scores, check_exact=True)


def named_elsewhere(assessment: Assessment) -> set[str]:
    """Names that expressions use."""
    indicators = assessment.scheme.indicators.values()
    return {name for indicator in indicators for text in expressions_of(indicator) for name in names_in(parse(text))}


def expressions_of(indicator: Indicator) -> list[str]:
    parts = getattr(indicator.score, "parts", [])
    return [text for text in (indicator.value, *(part.value for part in parts)) if text is not None]


# --- comparison ---------------------------------------------------------------------------------------------------------------

OWN_METHODS = ("identity", "target", "challenge", "base_step", "bands", "deduct")


@few
@given(SEEDS, st.randoms(use_true_random=False))
def test_not_applicable_never_changes_the_others_where_the_method_does_not_look_at_the_group(
    seed: int, rng: random.Random
) -> None:
    """Trap 1: their totals stay, and so does their order."""
    assessment = folder_of(seed)
    assume("copeland" not in str(assessment.scheme.tracks))
    elsewhere = named_elsewhere(assessment)
    names = [
        name
        for name, indicator in assessment.scheme.indicators.items()
        if name not in elsewhere and indicator.value is None and looks_at_itself(indicator, assessment)
    ]
    assume(names)
    name, unit = rng.choice(names), rng.choice(assessment.units["unit"].to_list())
    cell = (pl.col("unit") == unit) & (pl.col("indicator") == name) & (pl.col("period") == str(assessment.scheme.year))
    table = assessment.observations
    state = pl.when(cell).then(pl.lit("not_applicable")).otherwise("state")
    changed = replace(assessment, observations=table.with_columns(state=state, value=pl.when(~cell).then("value")))
    before, after = marks_of(assessment), marks_of(changed)
    for track, marks in before.items():
        others = np.array([other != unit for other in marks.plan.unit_ids])
        near = 1e-9 * marks.plan.full_mark
        assert np.allclose(marks.totals[others], after[track].totals[others], rtol=0, atol=near, equal_nan=True)
        lists = marks.plan.rank_codes[others]
        order, new_order = marks.final.ranks[others], after[track].final.ranks[others]
        together = lists[:, None] == lists
        assert np.array_equal((order[:, None] < order) & together, (new_order[:, None] < new_order) & together)


def looks_at_itself(indicator: Indicator, assessment: Assessment) -> bool:
    scheme, method = assessment.scheme, indicator.score
    policies = (indicator.missing or scheme.missing, indicator.not_applicable or scheme.not_applicable)
    own = method.method in OWN_METHODS or (isinstance(method, Minmax) and method.goalposts is not None)
    return own and not any(isinstance(policy, Impute) for policy in policies)


@few
@given(SEEDS)
def test_units_listed_apart_change_nothing_for_the_others(seed: int) -> None:
    assessment = folder_of(seed)
    apart = [unit for track in assessment.scheme.tracks.values() for unit in track.unranked]
    assume(apart)
    one = marked(assessment)
    other = marked(replace(assessment, units=assessment.units.filter(~pl.col("unit").is_in(apart))))
    for table in ("results", "scores"):
        assert_close(getattr(one, table).filter(~pl.col("unit").is_in(apart)), getattr(other, table), one)


def assert_close(one: pl.DataFrame, other: pl.DataFrame, result: Result) -> None:
    """The same but for the last digits: sums of as many numbers in another order or grouping."""
    near = 1e-9 * max(result.assessment.scheme.full_mark, 100)
    assert_frame_equal(one, other, check_exact=False, rel_tol=0, abs_tol=near)


@given(st.data())
def test_the_same_achievement_in_another_class_is_the_same_rate(data: st.DataObject) -> None:
    """Trap 3: weights differ by class, the values of two units do not; neither does any rate of an indicator."""
    numbers = st.integers(1, 9)
    method = data.draw(
        st.sampled_from([{"method": "minmax"}, {"method": "rank_step"}, {"method": "percentile"}, {"method": "identity"}])
    )
    tree = {name: {"weight": {"default": data.draw(numbers), "n": data.draw(numbers)}} for name in "xyz"}
    values = {unit: [data.draw(numbers) for _ in "xyz"] for unit in "abcd"}
    values["b"] = values["a"]
    table = "unit x y z\n" + "\n".join(f"{unit} " + " ".join(map(str, row)) for unit, row in values.items())
    assessment = assess(
        tree, table, units="unit class\na n\nb s\nc n\nd s", indicators={name: {"score": method} for name in "xyz"}
    )
    for node in "xyz":
        rates = of_node(assessment, node)
        assert rates["a"] == rates["b"]
    level = assess(tree, "unit x y z\na 7 7 7\nb 7 7 7", units="unit class\na n\nb s")
    assert of_node(level, "total") == pytest.approx({"a": 7, "b": 7})


MONOTONE: tuple[dict[str, Any], ...] = (
    {"method": "identity"},
    {"method": "minmax", "low": 60},
    {"method": "minmax", "goalposts": [20, 60]},
    {"method": "ratio_to_best"},
    {"method": "target"},
    {"method": "challenge"},
    {"method": "base_step", "step": 2},
    {"method": "rank_step"},
    {"method": "rank_table"},
    {"method": "rank_linear"},
    {"method": "bands", "bands": [[60, 100], [40, 80], [20, 30]]},
    {"method": "bands", "bands": [[60, 100], [40, 80], [20, 30]], "interpolate": True},
    {"method": "zscore"},
    {"method": "percentile"},
    {"method": "borda"},
    {"method": "ascending_rank", "ties": "mean"},
    {"method": "distance_to_target"},
)
TURNED = {"goalposts": [60, 20], "bands": [[20, 100], [40, 80], [60, 30]]}


@given(
    score=st.sampled_from(MONOTONE),
    values=st.lists(st.integers(1, 80), min_size=2, max_size=7),
    better=st.integers(1, 80),
    down=st.booleans(),
)
def test_a_better_value_never_lowers_the_units_own_rate(
    score: dict[str, Any], values: list[int], better: int, down: bool
) -> None:
    assume(not (down and score["method"] == "identity"))  # does not turn
    if down:
        score = {key: TURNED.get(key, value) for key, value in score.items()}
    mix = {"method": "mix", "parts": [{"share": 0.5, "score": score}, {"share": 0.5, "score": {"method": "rank_step"}}]}
    rule = {"direction": "down" if down else "up"}
    # A target that is worse than the worst value would turn the distance to it.
    target = (0.5 if down else 90) if score["method"] == "distance_to_target" else 50
    targets = "unit indicator target challenge\n" + "\n".join(f"- {name} {target} {20 if down else 95}" for name in "xy")

    def own(value: int) -> tuple[float, float]:
        rows = [value, *values[1:]]
        table = "unit x y\n" + "\n".join(f"u{n} {cell} {cell}" for n, cell in enumerate(rows))
        rules = {"x": {**rule, "score": score}, "y": {**rule, "score": mix}}
        assessment = assess({"x": 50, "y": 50}, table, indicators=rules, targets=targets)
        marks = marks_of(assessment)["t"]
        assert not marks.prepared.unanswered
        return tuple(marks.climbed.rates[0, marks.plan.layout.leaves].tolist())  # type: ignore[return-value]

    first, second = (values[0], better) if (better >= values[0]) != down else (better, values[0])
    assert all(after >= before - 1e-9 for before, after in zip(own(first), own(second), strict=True))


# --- points -------------------------------------------------------------------------------------------------------------------


@few
@given(SEEDS, st.sampled_from([0.5, 8, 10, 17.5]))
def test_scaling_all_points_scales_the_totals_and_keeps_places_and_tiers(seed: int, factor: float) -> None:
    assume("total >=" not in tables_of(seed)[0])

    def scale(scheme: dict[str, Any], rows: Rows, by: float = factor) -> None:
        scheme.pop("rounding", None)
        scheme["full_mark"] *= by
        effects = [rule["effect"] for rule in scheme.get("events", {}).values()]
        effects += [rule["binding"]["effect"] for rule in scheme["indicators"].values() if "binding" in rule]
        effects += [track["limits"] for track in scheme["tracks"].values() if "limits" in track]
        for amounts in effects:
            for key in {"deduct", "bonus", "cap"} & set(amounts):
                amounts[key] *= by
        for track in scheme["tracks"].values():
            scale_points(track["tree"], by)
            for tier in track["tiers"]:
                if "score" in tier:
                    tier["score"] *= by
        for row in [*rows.get("weights", []), *rows.get("events", [])]:
            if row.get("points"):
                row["points"] = repr(float(row["points"]) * by)

    one, other = marked(folder_of(seed, lambda scheme, rows: scale(scheme, rows, 1))), marked(folder_of(seed, scale))
    exact = ["track", "unit", "rank", "tier", "rank_change", "awards"]
    assert_frame_equal(one.results.select(exact), other.results.select(exact))
    tolerance = {"check_exact": False, "rel_tol": 0, "abs_tol": 1e-9 * other.assessment.scheme.full_mark}
    assert_frame_equal(one.results.select(pl.col("total") * factor), other.results.select("total"), **tolerance)  # type: ignore[arg-type]
    columns = ("full_mark", "points")
    assert_frame_equal(one.scores.select(pl.col(columns) * factor), other.scores.select(columns), **tolerance)  # type: ignore[arg-type]
    assert_frame_equal(one.scores.select("rate"), other.scores.select("rate"), check_exact=False, rel_tol=0, abs_tol=1e-7)


def scale_points(siblings: list[dict[str, Any]], by: float) -> None:
    for node in siblings:
        if "points" in node:
            given = node["points"]
            node["points"] = (
                {key: amount if key == "by" else amount * by for key, amount in given.items()}
                if isinstance(given, dict)
                else given * by
            )
        scale_points(node.get("children", []), by)


@few
@given(SEEDS)
def test_no_events_are_as_if_the_scheme_knew_none(seed: int) -> None:
    quiet = folder_of(seed, lambda _, rows: rows.get("events", []).clear())
    one, other = marked(quiet), marked(replace(quiet, scheme=quiet.scheme.model_copy(update={"events": {}})))
    assert_frame_equal(one.results, other.results, check_exact=True)
    assert_frame_equal(one.scores, other.scores, check_exact=True)
    assert one.trace.filter((pl.col("record") == "event") & ~pl.col("binding")).height == 0


@few
@given(SEEDS, st.sampled_from(["half_up", "half_even"]), st.integers(0, 3))
def test_rounding_moves_a_total_by_at_most_half_a_unit_for_each_rounded_node(seed: int, mode: str, places: int) -> None:
    """Where children are added up: what every rounded node loses or gains arrives at the total, and nothing else."""

    def plain(scheme: dict[str, Any], rows: Rows, at: tuple[str, ...] = ()) -> None:
        rows.get("events", []).clear()
        rows.get("nominations", []).clear()
        scheme["rounding"] = {"at": list(at), "places": places, "mode": mode}
        for indicator in scheme["indicators"].values():
            indicator.pop("binding", None)
        for track in scheme["tracks"].values():
            track.pop("aggregate", None)
            add_up(track["tree"])

    kinds = ("indicator", "dimension", "paper", "total")
    exact, rounded = marks_of(folder_of(seed, plain)), marks_of(folder_of(seed, lambda scheme, rows: plain(scheme, rows, kinds)))
    for track, marks in exact.items():
        there = ~np.isnan(marks.totals)
        nodes = (marks.effective.status == STAYS).sum(axis=1)
        moved = np.abs(rounded[track].totals - marks.totals)
        assert (moved[there] <= nodes[there] * 0.5 * 10.0**-places + 1e-6 * marks.plan.full_mark).all()
        whole = rounded[track].climbed.points[there] * 10.0**places
        assert np.allclose(whole, np.round(whole), rtol=0, atol=1e-6, equal_nan=True)


def add_up(siblings: list[dict[str, Any]]) -> None:
    for node in siblings:
        node.pop("aggregate", None)
        add_up(node.get("children", []))


@few
@given(SEEDS)
def test_every_point_of_the_trace_is_accounted_for(seed: int) -> None:
    """Points are what came from below, events and rounding; where children are added up, that is the sum of theirs."""
    result = marked(folder_of(seed))
    full_mark = result.assessment.scheme.full_mark
    table = result.trace.filter((pl.col("record") == "node") & (pl.col("status") == "stays"))
    assert table["points"].null_count() == 0
    sums = table["aggregated"] + table["event_points"] + table["rounding"]
    assert np.abs((sums - table["points"]).to_numpy()).max(initial=0) <= 1e-9 * full_mark
    rates = (100 * table["points"] / table["full_mark"] - table["rate"]).to_numpy()
    assert np.abs(rates).max(initial=0) <= 1e-7
    for name, marked_track in result.tracks.items():
        layout = marked_track.marks.plan.layout
        parents = {layout.ids[column]: layout.ids[parent] for column, parent in enumerate(layout.parent.tolist()) if parent >= 0}
        added = [layout.ids[column] for column in set(layout.parent.tolist()) - {-1} if layout.aggregates[column] == "arithmetic"]
        rows = table.filter(pl.col("track") == name).select("unit", "node", "points", "aggregated")
        above = pl.col("node").replace_strict(parents, default=None)
        below = rows.group_by("unit", above.alias("parent")).agg(pl.col("points").sum().alias("sum"))
        joined = rows.filter(pl.col("node").is_in(added)).join(below, left_on=["unit", "node"], right_on=["unit", "parent"])
        assert joined.height == rows.filter(pl.col("node").is_in(added)).height
        assert np.abs((joined["sum"] - joined["aggregated"]).to_numpy()).max(initial=0) <= 1e-9 * full_mark


@few
@given(SEEDS)
def test_points_of_events_at_the_nodes_are_the_net_of_what_was_granted(seed: int) -> None:
    """Unless a node would have fallen below 0."""
    result = marked(folder_of(seed))
    granted = result.trace.filter((pl.col("record") == "event") & pl.col("effect").is_in(["bonus", "deduct"]))
    sign = pl.when(pl.col("effect") == "bonus").then(1).otherwise(-1)
    net = granted.group_by("track", "unit", "node").agg((pl.col("granted") * sign).sum().alias("net"))
    nodes = result.trace.filter((pl.col("record") == "node") & (pl.col("status") == "stays"))
    joined = nodes.join(net, on=["track", "unit", "node"], how="left").with_columns(pl.col("net").fill_null(0.0))
    expected = pl.max_horizontal(pl.col("aggregated") + pl.col("net"), pl.min_horizontal(pl.col("aggregated"), 0.0)) - pl.col(
        "aggregated"
    )
    difference = joined.select(pl.when(pl.col("net") < 0).then(expected).otherwise("net") - pl.col("event_points")).to_series()
    assert np.abs(difference.to_numpy()).max(initial=0) <= 1e-9 * result.assessment.scheme.full_mark
