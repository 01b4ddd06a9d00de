from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tongkao.robustness.paths import NoSuchPath, put

DATA: dict[str, Any] = {
    "missing": "zero",
    "indicators": {"a": {"score": {"method": "minmax"}}, "b": {"score": {"method": "identity"}}},
    "tracks": {
        "t": {
            "tree": [{"id": "p", "children": [{"indicator": "a", "points": 1}, {"id": "q", "children": [{"indicator": "b"}]}]}],
            "tiers": [{"id": "first", "count": 3}, {"id": "last"}],
        }
    },
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("missing", lambda data: [data["missing"]]),
        ("rounding.at", lambda data: [data["rounding"]["at"]]),
        ("indicators.a.score.method", lambda data: [data["indicators"]["a"]["score"]["method"]]),
        ("indicators.*.score", lambda data: [each["score"] for each in data["indicators"].values()]),
        ("indicators.*.treat.max", lambda data: [each["treat"]["max"] for each in data["indicators"].values()]),
        ("tracks.*.aggregate", lambda data: [data["tracks"]["t"]["aggregate"]]),
        ("tracks.t.tree.q.aggregate", lambda data: [data["tracks"]["t"]["tree"][0]["children"][1]["aggregate"]]),
        ("tracks.t.tree.a.points", lambda data: [data["tracks"]["t"]["tree"][0]["children"][0]["points"]]),
        ("tracks.t.tree.q", lambda data: [data["tracks"]["t"]["tree"][0]["children"][1]]),
        ("tracks.t.tiers.first.count", lambda data: [data["tracks"]["t"]["tiers"][0]["count"]]),
        ("tracks.t.tiers.2.count", lambda data: [data["tracks"]["t"]["tiers"][1]["count"]]),
        ("tracks.t.tiers.*.score", lambda data: [tier["score"] for tier in data["tracks"]["t"]["tiers"]]),
    ],
)
def test_a_path_names_places(path: str, found: Any) -> None:
    data = deepcopy(DATA)
    value = {"new": [1]}
    put(data, path, value)
    assert found(data)
    assert all(place == value and place is not value for place in found(data))


@pytest.mark.parametrize(
    ("path", "name", "near"),
    [
        ("indicators.c.score", "indicators.c", ""),
        ("indicators.c", "indicators.c", ""),
        ("tracks.tt.aggregate", "tracks.tt", "t"),
        ("tracks.t.tree.pp.aggregate", "tracks.t.tree.pp", "p"),
        ("tracks.t.tiers.frist.count", "tracks.t.tiers.frist", "first"),
        ("missing.floor", "missing.floor", ""),
        ("tracks..x", "tracks..x", ""),
    ],
)
def test_a_path_that_leads_nowhere(path: str, name: str, near: str) -> None:
    with pytest.raises(NoSuchPath) as caught:
        put(deepcopy(DATA), path, 1)
    assert (caught.value.name, caught.value.nearest) == (name, near)
