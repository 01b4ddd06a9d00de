"""Monte Carlo and uncertainty cases of the ASEM reference, run as experiments: given sets of weights and given alternatives.

The cases are read from ``variants.json`` and their tables; a column or a word that is not known here is a failure that names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

import tongkao
from tests.reference.asem import Case, convert, read_cases
from tests.reference.asem_tree import UnknownStep, identifier
from tests.reference.folders import cases_of, needed, read_rows, reference_root
from tongkao.folder.assessment import Assessment
from tongkao.robustness.experiment import Experiment
from tongkao.robustness.outcomes import Outcomes
from tongkao.robustness.spec import Spec
from tongkao.robustness.uncertainty import uncertainty

TOLERANCE = 1e-10
AGGREGATES = {"a_amean": "arithmetic", "a_gmean": "geometric", "a_hmean": "harmonic"}
LABELS = {"arithmetic", "geometric", "harmonic", "median", "min"}


def entries(kind: str) -> list[dict[str, Any]]:
    root = reference_root()
    if root is None or not (root / "asem").is_dir():
        return []
    listed = json.loads((root / "asem" / "variants.json").read_text(encoding="utf-8"))
    return [entry for entry in listed if entry["kind"] == kind]


def ids(kind: str) -> list[Any]:
    return cases_of("asem", [entry["id"] for entry in entries(kind)])


def entry_of(kind: str, case_id: str) -> tuple[dict[str, Any], Path]:
    folder = needed("asem") / case_id
    return next(entry for entry in entries(kind) if entry["id"] == case_id), folder


def score_of(words: str) -> dict[str, Any]:
    """``minmax(1,100)``, ``minmax 0..100`` or ``zscore(10,2)`` as a scoring method."""
    found = re.fullmatch(r"([a-z_]+)[ (]*([-0-9.]*?)(?:\.\.|,)([-0-9.]+)\)?", words.strip())
    if found is not None and found[1] == "minmax":
        return {"method": "minmax", "low": float(found[2]), "high": float(found[3])}
    if found is not None and found[1] == "zscore":
        return {"method": "zscore", "mean": float(found[2]), "sd": float(found[3])}
    if words in ("borda", "percentile_rank"):
        return {"method": "borda"}
    raise UnknownStep(f"normalise: {words!r}")


def plain_branches(nodes: Sequence[dict[str, Any]]) -> None:
    """Let branches combine as the track does."""
    for node in nodes:
        node.pop("aggregate", None)
        plain_branches(node.get("children", []))


@cache
def base(root: str = "") -> Assessment:
    """The default pipeline; with a root, the part of its tree below that code."""
    case: Case = next(case for case in read_cases(needed("asem")) if case.id == "s01_default")
    with TemporaryDirectory() as folder:
        path = convert(case).write(Path(folder))
        scheme = json.loads((path / "scheme.yaml").read_text(encoding="utf-8"))
        track = scheme["tracks"]["country"]
        plain_branches(track["tree"])
        if root:
            track["tree"] = next(node for node in track["tree"] if node["id"] == identifier(root))["children"]
            used = {name for name in scheme["indicators"] if f'"{name}"' in json.dumps(track["tree"])}
            scheme["indicators"] = {name: rule for name, rule in scheme["indicators"].items() if name in used}
            track.pop("screen", None)
            rows = (path / "observations.csv").read_text(encoding="utf-8").splitlines()
            kept = [rows[0], *(row for row in rows[1:] if row.split(",")[1] in used)]
            (path / "observations.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
        (path / "scheme.yaml").write_text(json.dumps(scheme), encoding="utf-8")
        return tongkao.read_folder(path)


def weight_sets(path: Path, key: str, assessment: Assessment) -> dict[str, dict[str, float]]:
    """A table of weights as given sets: one a row, a column a node; the root has no weight."""
    text = assessment.scheme.model_dump_json()
    return {
        row[key]: {
            identifier(code): float(weight) for code, weight in row.items() if code != key and f'"{identifier(code)}"' in text
        }
        for row in read_rows(path)
    }


def column(rows: Sequence[Mapping[str, str]], units: Sequence[str], name: str) -> np.ndarray:
    by_unit = {row["uCode"]: float(row[name]) for row in rows}
    return np.array([by_unit[unit] for unit in units])


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.allclose(found, expected, rtol=TOLERANCE, atol=TOLERANCE))


def in_parts(places: Sequence[int], count: int) -> np.ndarray:
    """Numbers of a design that choose these alternatives."""
    return (np.array(places) + 0.5) / count


@pytest.mark.parametrize("case_id", ids("monte_carlo_weights"))
def test_given_draws_of_weights(case_id: str) -> None:
    entry, folder = entry_of("monte_carlo_weights", case_id)
    settings = {"indicators.*.score": score_of(entry["normalise"]), "tracks.country.aggregate": AGGREGATES[entry["aggregate"]]}
    compared = 0
    for table in sorted(folder.glob("scores_*.csv")):
        code = table.stem.removeprefix("scores_")
        assessment = base("" if code == "Index" else code)
        sets = weight_sets(folder / "weights.csv", "draw", assessment)
        spec = Spec.model_validate(
            {
                "vary": [
                    {"id": "weights", "weights": {"method": "sets", "sets": sets}},
                    {"id": "rules", "settings": {"the case": settings}},
                ]
            }
        )
        design = np.column_stack([in_parts(range(len(sets)), len(sets)), np.zeros(len(sets))])
        outcomes = Experiment(assessment, spec).run(design)
        found = outcomes.tracks["country"]
        assert outcomes.failures == ()
        rows = read_rows(table)
        marked = {unit for unit, total in zip(found.units, found.totals[0], strict=True) if not np.isnan(total)}
        assert {row["uCode"] for row in rows} == marked
        units = [row["uCode"] for row in rows]
        where = [found.units.index(unit) for unit in units]
        ranks = read_rows(folder / f"ranks_{code}.csv") if (folder / f"ranks_{code}.csv").is_file() else None
        for run, name in enumerate(sets):
            assert close(found.totals[run, where], column(rows, units, f"d{name}")), (code, name)
            if ranks is not None:
                assert (found.ranks[run, where] == column(ranks, units, f"d{name}")).all(), (code, name)
                compared += 1
    assert compared == len(read_rows(folder / "weights.csv"))


def uncertain(entry: Mapping[str, Any], folder: Path) -> tuple[Outcomes, list[dict[str, str]]]:
    """Run the rows of ``runs.csv`` as a design; what varies is read off its columns."""
    assessment = base()
    rows = read_rows(folder / "runs.csv")
    vary: list[dict[str, Any]] = []
    columns: list[np.ndarray] = []
    for name in rows[0]:
        values = list(dict.fromkeys(row[name] for row in rows))
        match name:
            case "run":
                continue
            case "winmax":
                vary.append({"id": name, "path": "treat.max", "choices": [int(value) for value in values]})
            case "normalise":
                vary.append({"id": name, "path": "indicators.*.score", "choices": [score_of(value) for value in values]})
            case "aggregate":
                assert set(values) <= LABELS, values
                vary.append({"id": name, "path": "tracks.country.aggregate", "choices": values})
            case "weight_set":
                sets = weight_sets(folder / "weight_sets.csv", "set", assessment)
                vary.append({"id": name, "weights": {"method": "sets", "sets": sets}})
                values = list(sets)
            case _:
                raise UnknownStep(f"runs.csv: {name!r}")
        columns.append(in_parts([values.index(row[name]) for row in rows], len(values)))
    outcomes = Experiment(assessment, Spec.model_validate({"vary": vary})).run(np.column_stack(columns))
    assert outcomes.failures == ()
    assert len(rows) == entry["N"]
    return outcomes, rows


@pytest.mark.parametrize("case_id", ids("uncertainty"))
def test_runs_over_treatment_normalisation_weights_and_mean(case_id: str) -> None:
    entry, folder = entry_of("uncertainty", case_id)
    outcomes, rows = uncertain(entry, folder)
    found = outcomes.tracks["country"]
    scores, ranks = read_rows(folder / "scores.csv"), read_rows(folder / "ranks.csv")
    units = [row["uCode"] for row in scores]
    where = [found.units.index(unit) for unit in units]
    for run, row in enumerate(rows):
        assert close(found.totals[run, where], column(scores, units, f"r_{row['run']}")), row
        assert (found.ranks[run, where] == column(ranks, units, f"r_{row['run']}")).all(), row


@pytest.mark.parametrize("case_id", ids("uncertainty"))
def test_statistics_of_the_ranks(case_id: str) -> None:
    entry, folder = entry_of("uncertainty", case_id)
    outcomes, _ = uncertain(entry, folder)
    found = outcomes.tracks["country"]
    rows = read_rows(folder / "rank_stats.csv")
    units = [row["uCode"] for row in rows]
    where = [found.units.index(unit) for unit in units]
    described = uncertainty(outcomes, "country", [[0.05, 0.95]])
    for name, values in (
        ("Nominal", described.ranks.nominal),
        ("Mean", described.ranks.mean),
        ("Median", described.ranks.median),
        ("Q5", described.ranks.quantiles[0, 0]),
        ("Q95", described.ranks.quantiles[0, 1]),
    ):
        assert close(values[where], column(rows, units, name)), name


@pytest.mark.parametrize("case_id", ids("remove_elements"))
def test_each_element_left_out_in_turn(case_id: str) -> None:
    entry, folder = entry_of("remove_elements", case_id)
    scores, ranks = read_rows(folder / "scores.csv"), read_rows(folder / "ranks.csv")
    names = [name for name in scores[0] if name not in ("uCode", "Nominal")]
    assessment = base()
    spec = Spec.model_validate({"vary": [{"id": "out", "leave_out": {"nodes": [identifier(name) for name in names]}}]})
    experiment = Experiment(assessment, spec)
    found = experiment.run(in_parts(range(len(names) + 1), len(names) + 1)[:, None]).tracks["country"]
    units = [row["uCode"] for row in scores]
    where = [found.units.index(unit) for unit in units]
    for run, name in enumerate(["Nominal", *names]):
        assert close(found.totals[run, where], column(scores, units, name)), name
        assert (found.ranks[run, where] == column(ranks, units, name)).all(), name
    change = np.abs(found.ranks[1:, where] - found.ranks[0, where]).mean(axis=1)
    expected = {row["iCode"]: float(row["MeanAbsDiff"]) for row in read_rows(folder / "mean_abs_rank_change.csv")}
    assert {name: pytest.approx(value, abs=TOLERANCE) for name, value in zip(names, change, strict=True)} == {
        name: expected[name] for name in names
    }
    assert entry["level"] > 0
