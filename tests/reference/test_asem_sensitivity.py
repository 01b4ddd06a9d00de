"""Sobol indices and leaving out on the ASEM reference (COINr): every case of these kinds in ``variants.json``."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import tongkao
from tests.reference.asem import convert, read_cases
from tests.reference.asem_scoring import Scale
from tests.reference.asem_tree import identifier
from tests.reference.folders import cases_of, needed, read_rows, reference_root
from tongkao.robustness.leaving_out import leave_out
from tongkao.robustness.moves import Base, bases
from tongkao.robustness.sobol import indices, uncentred

TOLERANCE: dict[str, Any] = {"rtol": 1e-10, "atol": 1e-10}


def entries(kind: str) -> dict[str, dict[str, Any]]:
    root = reference_root()
    file = root / "asem" / "variants.json" if root is not None else Path()
    if not file.is_file():
        return {}
    return {entry["id"]: entry for entry in json.loads(file.read_text(encoding="utf-8")) if entry["kind"] == kind}


SOBOL, REMOVE = entries("sobol_estimator"), entries("remove_elements")


# --- Sobol ------------------------------------------------------------------------------------------------------------------


def outputs_of(case: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The outputs of a design that is given, (choices + 2, n, 1); and that it is radial."""
    rows = read_rows(needed("asem") / case / "design.csv")
    inputs = [column for column in rows[0] if re.fullmatch(r"u\d+", column)]
    assert set(rows[0]) == {"block", "y", *inputs}
    names = ["A", "B", *(f"AB{place}" for place in range(1, len(inputs) + 1))]
    assert sorted({row["block"] for row in rows}) == sorted(names)
    y, x = [], []
    for name in names:
        block = [row for row in rows if row["block"] == name]
        y.append([float(row["y"]) for row in block])
        x.append([[float(row[column]) for column in inputs] for row in block])
    points = np.array(x)
    for place in range(len(inputs)):
        mixed = points[0].copy()
        mixed[:, place] = points[1, :, place]
        assert np.allclose(points[2 + place], mixed, **TOLERANCE)
    return np.array(y)[:, :, None]


@pytest.mark.parametrize("case", cases_of("asem", SOBOL))
def test_sobol_indices_as_coinr_estimates_them(case: str) -> None:
    first, total, variance = uncentred(outputs_of(case))
    expected = read_rows(needed("asem") / case / "indices.csv")
    assert np.allclose(first[:, 0], [float(row["Si"]) for row in expected], **TOLERANCE)
    assert np.allclose(total[:, 0], [float(row["STi"]) for row in expected], **TOLERANCE)
    assert np.allclose(variance[0], [float(row["Variance"]) for row in expected], **TOLERANCE)


@pytest.mark.parametrize("case", cases_of("asem", SOBOL))
def test_our_own_estimators_on_the_same_design(case: str) -> None:
    """First order stays at or below total up to the intervals, where the uncentred estimator may not."""
    outputs = outputs_of(case)
    for estimator in ("janon", "jansen"):
        got = indices(outputs, estimator=estimator)
        assert (got.first_low <= got.total_high).all()
        assert (got.first_low <= got.first).all()
        assert (got.first <= got.first_high).all()
        _, total, _ = uncentred(outputs)
        assert (got.total_low <= total + 0.05).all()
        assert (total - 0.05 <= got.total_high).all()


# --- leaving out ------------------------------------------------------------------------------------------------------------


@cache
def base_of(case: str) -> tuple[Base, dict[str, str], Scale]:
    """A pipeline of the reference, marked; the id of each of its codes; how a total becomes the reference's number."""
    conversion = convert(next(each for each in read_cases(needed("asem")) if each.id == case))
    with TemporaryDirectory() as folder:
        assessment = tongkao.read_folder(conversion.write(Path(folder)))
    codes = {member.code: identifier(member.code) for member in (*conversion.indicators, *conversion.tree.branches())}
    return bases(assessment)["country"], codes, conversion.scales[conversion.tree.code]


def base_name(entry: dict[str, Any]) -> str:
    if "base" in entry:
        return str(entry["base"])
    found = re.search(r"base (s\d+\w+)", str(entry.get("note", "")))
    assert found is not None, f"{entry}: no base"
    return found[1]


@pytest.mark.parametrize("exact", [False, True], ids=["incremental", "exact"])
@pytest.mark.parametrize("case", cases_of("asem", REMOVE))
def test_removing_elements(case: str, exact: bool) -> None:
    entry, folder = REMOVE[case], needed("asem") / case
    base, codes, scale = base_of(base_name(entry))
    scores, ranks = read_rows(folder / "scores.csv"), read_rows(folder / "ranks.csv")
    elements = [column for column in scores[0] if column not in ("uCode", "Nominal")]
    level = {1: {"indicator"}, 2: {"dimension"}, 3: {"paper"}}.get(entry.get("level", 0), {"indicator", "dimension", "paper"})
    kinds = dict(zip(base.plan.layout.ids, base.plan.layout.kinds, strict=True))
    assert {kinds[codes[code]] for code in elements} <= level
    moves = leave_out(base, [codes[code] for code in elements], exact=exact)
    assert moves.items == tuple(codes[code] for code in elements)
    assert moves.remarked.all() == (exact or not base.chained)
    units = [row["uCode"] for row in scores]
    places = [moves.unit_ids.index(unit) for unit in units]

    def numbers(rows: list[dict[str, str]], code: str) -> list[float]:
        return [float(row[code]) if row[code] else np.nan for row in rows]

    def scaled(totals: Any) -> list[float]:
        return [scale.number(float(total), len(places)) for total in totals[places]]

    assert np.allclose(scaled(moves.before_totals[0]), numbers(scores, "Nominal"), **TOLERANCE, equal_nan=True)
    assert moves.before_ranks[0, places].tolist() == numbers(ranks, "Nominal")
    for item, code in enumerate(elements):
        assert np.allclose(scaled(moves.totals[item]), numbers(scores, code), **TOLERANCE, equal_nan=True), code
        assert moves.ranks[item, places].tolist() == numbers(ranks, code), code
    changes = {row["iCode"]: float(row["MeanAbsDiff"]) for row in read_rows(folder / "mean_abs_rank_change.csv")}
    assert changes.pop("Nominal", 0.0) == 0.0
    assert sorted(changes) == sorted(elements)
    assert np.allclose(moves.mean_changes, [changes[code] for code in elements], **TOLERANCE)


def test_the_two_ways_agree_on_every_node() -> None:
    base, _, _ = base_of("s01_default")
    assert base.chained
    quick, exact = leave_out(base), leave_out(base, exact=True)
    assert len(quick.items) == 59
    assert np.allclose(quick.totals, exact.totals, rtol=0, atol=1e-11)
    assert np.allclose(quick.others, exact.others, rtol=0, atol=1e-11)
    assert np.allclose(quick.weights, exact.weights, rtol=0, atol=1e-14)
    assert quick.ranks.tolist() == exact.ranks.tolist()
    assert not quick.remarked.any()
    assert exact.remarked.all()
