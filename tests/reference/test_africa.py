"""Africa SDG Index 2019: seventeen goals of equal weight, the plain mean, competition ranks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference.folders import mark, needed, of_results, read_rows, simple_scheme, write_folder

GOALS = [f"goal_{number}" for number in range(1, 18)]


def write(path: Path) -> Path:
    rows = read_rows(needed("africa_sdg_2019") / "goal_scores.csv")
    scheme = simple_scheme(
        {goal: {"score": {"method": "identity"}} for goal in GOALS}, [{"indicator": goal, "weight": 1} for goal in GOALS]
    )
    observations = [{"unit": row["id"], "indicator": goal, "value": row[f"{goal}_score"]} for row in rows for goal in GOALS]
    return write_folder(
        path, scheme, [{"unit": row["id"], "track": "unit", "name_en": row["country"]} for row in rows], observations=observations
    )


def test_index_and_ranks_are_the_published_ones(tmp_path: Path) -> None:
    expected = read_rows(needed("africa_sdg_2019") / "expected.csv")
    result = mark(write(tmp_path))
    assert len(expected) == 52
    assert of_results(result, "total") == pytest.approx({row["id"]: float(row["index_score"]) for row in expected}, abs=1e-9)
    assert of_results(result, "rank") == {row["id"]: int(row["index_rank"]) for row in expected}
