"""Single-vector cases of COINr: one function, one vector, through a scheme of one indicator (or one unit).

The name of a function says what is done (``goalposts_2_6_100_negative``); each known beginning has an entry in
:data:`FUNCTIONS`, and a name without one fails. Where COINr gives NaN, an infinity or an error for a vector without spread,
:data:`OURS` says what Tongkao does instead and why.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference.folders import cases_of, mark, needed, rates, reference_root, simple_scheme, write_folder
from tongkao.errors import MarkingError

if TYPE_CHECKING:
    from tongkao import Result

Vector = Sequence[float | None]
#: what a function gives: a number or None for each value, a single number or None, or the message of the error that stops it
Answer = list[float | None] | float | None | str
NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
RELATIVE = ABSOLUTE = 1e-10
STOPPED = "stopped"


@dataclass(frozen=True)
class Function:
    """One entry of ``functions.json``."""

    name: str
    vector: str
    x: tuple[float | None, ...]
    expected: Answer

    @property
    def present(self) -> list[float]:
        """The values that are there."""
        return [value for value in self.x if value is not None]

    @property
    def is_constant(self) -> bool:
        """Whether the vector has no spread (one value only included)."""
        return len(set(self.present)) <= 1


def read_functions() -> list[Function]:
    root = reference_root()
    path = root / "asem" / "functions.json" if root is not None else Path("absent")
    if not path.is_file():
        return []
    return [
        Function(entry["f"], entry["vector"], tuple(entry["x"]), STOPPED if entry["error"] else answer_of(entry["result"]))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]


def answer_of(result: Any) -> Answer:
    """A result as R wrote it; NA is None, NaN and the infinities stay."""
    return [number_of(text) for text in result] if isinstance(result, list) else number_of(result)


def number_of(text: str | None) -> float | None:
    return None if text in ("NA", None) else float(text)


# --- one indicator, one unit a value ----------------------------------------------------------------------------------------


def mark_vector(path: Path, x: Vector, indicator: dict[str, Any], *, target: float | None = None) -> Result:
    """Mark units ``u01``, ``u02`` ... that have these values of the one indicator ``x``."""
    units = [f"u{place:02d}" for place in range(1, len(x) + 1)]
    scheme = simple_scheme({"x": {"missing": "redistribute", **indicator}}, [{"indicator": "x", "points": 100}])
    observations = [{"unit": unit, "indicator": "x", "value": value} for unit, value in zip(units, x, strict=True)]
    targets = [] if target is None else [{"unit": None, "indicator": "x", "target": target}]
    folder = write_folder(
        path, scheme, [{"unit": unit, "track": "unit"} for unit in units], observations=observations, targets=targets
    )
    return mark(folder)


def rates_of(path: Path, x: Vector, indicator: dict[str, Any], *, target: float | None = None) -> list[float | None]:
    """The rate of each value, None where a value has none."""
    found = rates(mark_vector(path, x, indicator, target=target), "x")
    return [found.get(f"u{place:02d}") for place in range(1, len(x) + 1)]


def score(path: Path, x: Vector, method: dict[str, Any], *, direction: str = "up", target: float | None = None) -> Answer:
    """The rates of a method as they are."""
    return rates_of(path, x, {"score": method, "direction": direction}, target=target)


def share(path: Path, x: Vector, method: dict[str, Any], *, direction: str = "up", target: float | None = None) -> Answer:
    """The rates of a method, 1 instead of 100."""
    found = rates_of(path, x, {"score": method, "direction": direction}, target=target)
    return [None if rate is None else rate / 100 for rate in found]


def treat(path: Path, x: Vector, treatment: dict[str, Any]) -> Answer:
    """The values after a treatment: scored by themselves."""
    return rates_of(path, x, {"score": {"method": "identity"}, "treat": treatment})


def moment(path: Path, x: Vector, name: str) -> Answer:
    """Skewness or excess kurtosis, as the record of the treatment says it."""
    indicator = {"score": {"method": "identity"}, "treat": {"method": "coin"}}
    found: float | None = mark_vector(path, x, indicator).treatment[f"{name}_before"].item()
    return found


def impute(path: Path, x: Vector, method: str) -> Answer:
    """The values with gaps filled by the mean or median of the others."""
    return rates_of(path, x, {"score": {"method": "identity"}, "missing": {"impute": method, "within": "track"}})


def aggregate(path: Path, x: Vector, word: object, *, weighted: bool) -> Answer:
    """The total of one unit whose indicators have these rates, with weights 1, 2, 3 ... or equal ones."""
    names = [f"x{place:02d}" for place in range(1, len(x) + 1)]
    scheme = simple_scheme(
        {name: {"score": {"method": "identity"}, "missing": "redistribute"} for name in names},
        [{"indicator": name, "weight": place if weighted else 1} for place, name in enumerate(names, 1)],
        track={"aggregate": word},
    )
    observations = [{"unit": "u", "indicator": name, "value": value} for name, value in zip(names, x, strict=True)]
    folder = write_folder(path, scheme, [{"unit": "u", "track": "unit"}], observations=observations)
    return rates(mark(folder), "total").get("u")


# --- names of functions -----------------------------------------------------------------------------------------------------


Run = Callable[[Path, Vector, re.Match[str]], Answer]
TIES = {"min": "lowest", "average": "mean", "mean": "mean", "max": "highest"}
LIMITS: dict[str | None, dict[str, Any]] = {
    "capped": {"cap": 100, "floor": "none"},
    "uncapped": {"cap": "none", "floor": "none"},
    None: {"cap": "none", "floor": "none"},
}


def _posts(low: str, high: str, direction: str | None) -> list[float]:
    posts = [float(low), float(high)]
    return posts[::-1] if _direction(direction) == "down" else posts


def _goalposts(path: Path, x: Vector, m: re.Match[str]) -> Answer:
    limits = LIMITS[None] if m["limits"] in ("untruncated", "notrunc") else {"cap": 100, "floor": 0}
    method = {"method": "minmax", "goalposts": _posts(m["low"], m["high"], m["direction"]), **limits}
    return _times(score(path, x, method, direction=_direction(m["direction"])), float(m["scale"]) / 100)


def _scaled(path: Path, x: Vector, m: re.Match[str]) -> Answer:
    method = {"method": "minmax", "goalposts": _posts(m["low"], m["high"], m["direction"]), **LIMITS[None]}
    return _times(score(path, x, method, direction=_direction(m["direction"])), float(m["scale"] or 100) / 100)


def _times(answer: Answer, factor: float) -> Answer:
    assert isinstance(answer, list)
    return [None if value is None else value * factor for value in answer]


def _distance_to_target(path: Path, x: Vector, m: re.Match[str]) -> Answer:
    method = {"method": "distance_to_target", **LIMITS[m["limits"]]}
    return share(path, x, method, direction=_direction(m["direction"]), target=float(m["target"]))


def _distance_to_reference(path: Path, x: Vector, m: re.Match[str]) -> Answer:
    """The reference is given by its place in the vector, counted from 1 as in R."""
    method = {"method": "distance_to_reference", "unit": f"u{int(m['place']):02d}", **LIMITS[m["limits"]]}
    return share(path, x, method, direction=_direction(m["direction"]))


def _direction(word: str | None) -> str:
    return "down" if word in ("low", "negative", "down") else "up"


def _aggregate(word: str) -> Run:
    return lambda path, x, m: aggregate(path, x, word, weighted=m["weights"] == "index")


WEIGHTS = r"_(?P<weights>index|equal)_weights"
DIRECTION = r"(?:_(?P<direction>low|high|negative|positive|up|down))?"
CAP = r"(?:_(?P<limits>capped|uncapped))?"
POSTS = rf"(?P<low>{NUMBER})_(?P<high>{NUMBER})"

#: what a name looks like, and how it is run
FUNCTIONS: dict[str, Run] = {
    rf"minmax_{POSTS}{DIRECTION}": lambda path, x, m: score(
        path, x, {"method": "minmax", "low": float(m["low"]), "high": float(m["high"])}, direction=_direction(m["direction"])
    ),
    rf"zscore_(?P<mean>{NUMBER})_(?P<sd>{NUMBER})": lambda path, x, m: score(
        path, x, {"method": "zscore", "mean": float(m["mean"]), "sd": float(m["sd"])}
    ),
    r"borda(?:_(?P<ties>min|average|max))?": lambda path, x, m: score(
        path, x, {"method": "ascending_rank", "ties": TIES[m["ties"] or "min"], "minus": 1}
    ),
    r"rank(?:_(?P<ties>min|average|mean|max))?": lambda path, x, m: score(
        path, x, {"method": "ascending_rank", "ties": TIES[m["ties"] or "min"]}
    ),
    r"percentile_rank(?:_min)?": lambda path, x, _: share(path, x, {"method": "borda"}),
    r"fraction_of_max": lambda path, x, _: share(path, x, {"method": "ratio_to_best", **LIMITS[None]}),
    r"distance_to_max": lambda path, x, _: share(path, x, {"method": "minmax"}),
    rf"distance_to_target_(?P<target>{NUMBER}){DIRECTION}{CAP}": _distance_to_target,
    rf"distance_to_reference_(?:unit_)?(?P<place>\d+){DIRECTION}{CAP}": _distance_to_reference,
    rf"goalposts_{POSTS}_(?P<scale>{NUMBER}){DIRECTION}(?:_(?P<limits>truncated|untruncated|notrunc))?": _goalposts,
    rf"scaled_{POSTS}(?:_(?P<scale>{NUMBER}))?{DIRECTION}": _scaled,
    r"skewness|skew": lambda path, x, _: moment(path, x, "skew"),
    r"kurtosis|kurt": lambda path, x, _: moment(path, x, "kurtosis"),
    r"log": lambda path, x, _: treat(path, x, {"method": "log", "variant": "plain"}),
    r"log_shift_1pct": lambda path, x, _: treat(path, x, {"method": "log", "variant": "shift"}),
    r"signed_log_shift_1pct": lambda path, x, _: treat(path, x, {"method": "log", "variant": "signed_shift"}),
    rf"boxcox_(?P<exponent>{NUMBER})": lambda path, x, m: treat(path, x, {"method": "boxcox", "exponent": float(m["exponent"])}),
    r"winsorise_(?P<most>\d+)": lambda path, x, m: treat(path, x, {"method": "winsorise", "max": int(m["most"])}),
    r"(?P<method>mean|median)_impute|impute_(?P<method_too>mean|median)": lambda path, x, m: impute(
        path, x, m["method"] or m["method_too"]
    ),
    **{rf"{word}{WEIGHTS}": _aggregate(word) for word in ("arithmetic", "geometric", "harmonic", "median", "min")},
    rf"power_(?P<power>{NUMBER}){WEIGHTS}": lambda path, x, m: aggregate(
        path, x, {"power": float(m["power"])}, weighted=m["weights"] == "index"
    ),
}


def run(function: Function, path: Path) -> Answer:
    """What Tongkao says; the problem codes of the marking where it stops."""
    for pattern, how in FUNCTIONS.items():
        if match := re.fullmatch(pattern, function.name):
            try:
                return how(path, function.x, match)
            except MarkingError as error:
                return " ".join(sorted({problem.code for problem in error.problems}))
    raise ValueError(f"nobody knows the function {function.name!r}")


# --- where Tongkao does otherwise -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ours:
    """Where Tongkao does otherwise than COINr.

    Attributes:
        names: What the function's name looks like.
        when: For which vectors.
        answer: What Tongkao says instead.
        why: The reason.
    """

    names: str
    when: Callable[[Function], bool]
    answer: Callable[[Function], Answer]
    why: str


def constant(function: Function) -> bool:
    return function.is_constant


def not_positive(function: Function) -> bool:
    return min(function.present) <= 0


def would_be_constant(function: Function) -> bool:
    """Whether pulling in leaves nothing but one value."""
    assert function.expected != STOPPED
    assert isinstance(function.expected, list)
    return not function.is_constant and len({value for value in function.expected if value is not None}) == 1


def everywhere(value: float) -> Callable[[Function], Answer]:
    return lambda function: [None if x is None else value for x in function.x]


def unchanged(function: Function) -> Answer:
    return list(function.x)


def first_parameter(function: Function) -> Answer:
    return everywhere(float(re.findall(NUMBER, function.name)[0]))(function)


def last_parameter(function: Function) -> Answer:
    return everywhere(float(re.findall(NUMBER, function.name.replace("_", " "))[-1]))(function)


OURS = (
    Ours(r"minmax_.*", constant, last_parameter, "nobody is worse than the best: best = worst gives `high` to all"),
    Ours(r"distance_to_max", constant, everywhere(1), "the same"),
    Ours(r"zscore_.*", constant, first_parameter, "everybody is at the mean: s = 0 gives `mean`"),
    Ours(r"percentile_rank.*", lambda f: len(f.present) == 1, everywhere(1), "the only unit is the best: n = 1 gives 100"),
    Ours(r"distance_to_reference_.*", constant, lambda _: "engine.no_answer", "no distance to measure in: marking stops, no NaN"),
    Ours(r"(signed_)?log_shift_1pct", constant, unchanged, "a column without spread has nothing to treat and is left as it was"),
    Ours(r"winsorise_.*", constant, unchanged, "the same"),
    Ours(r"winsorise_.*", would_be_constant, unchanged, "a treatment that leaves no spread at all is not done (README, Treat)"),
    Ours(r"(geometric|harmonic)_.*", not_positive, lambda _: "engine.not_positive", "these means need rates above 0 (format, 7)"),
)


def expected_of(function: Function) -> Answer:
    """COINr's answer, or ours where it differs on purpose; NaN of a single number is no number."""
    for ours in OURS:
        if re.fullmatch(ours.names, function.name) and ours.when(function):
            return ours.answer(function)
    if isinstance(function.expected, float) and math.isnan(function.expected):
        return None
    return function.expected


def agree(expected: Answer, found: Answer) -> bool:
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(agree(want, have) for want, have in zip(expected, found, strict=True))
    if isinstance(expected, float | int) and isinstance(found, float | int):
        return math.isclose(expected, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return expected == found


# --- tests ------------------------------------------------------------------------------------------------------------------


ALL = read_functions()


CASES = [pytest.param(function, id=f"{function.vector}-{function.name}") for function in ALL]


@pytest.mark.parametrize("function", CASES or cases_of("asem", []))
def test_function_of_a_vector(function: Function, tmp_path: Path) -> None:
    needed("asem")
    expected, found = expected_of(function), run(function, tmp_path)
    assert expected != STOPPED, "COINr stops here: say in OURS what Tongkao does"
    assert agree(expected, found), f"expected {expected}, found {found}"


def test_a_function_that_nobody_knows_is_named(tmp_path: Path) -> None:
    function = Function("sigmoid_3", "plain", (1.0, 2.0), [0.0, 1.0])
    with pytest.raises(ValueError, match="sigmoid_3"):
        run(function, tmp_path)


OTHER = [
    ("minmax_1_100", (1.0, 3.0, 5.0), [1, 50.5, 100]),
    ("zscore_10_2", (1.0, 2.0, 3.0), [8, 10, 12]),
    ("rank_max", (2.0, 2.0, None, 5.0), [2, 2, None, 3]),
    ("rank_min", (2.0, 2.0, None, 5.0), [1, 1, None, 3]),
    ("percentile_rank", (1.0, 3.0, 2.0), [0, 1, 0.5]),
    ("distance_to_max", (1.0, 5.0, 2.0), [0, 1, 0.25]),
    ("distance_to_target_5_high_uncapped", (1.0, 3.0, 7.0), [0, 0.5, 1.5]),
    ("distance_to_reference_2", (1.0, 5.0, 9.0), [0, 1, 2]),
    ("distance_to_reference_2_capped", (1.0, 5.0, 9.0), [0, 1, 1]),
    ("scaled_-1_10_1", (-1.0, 4.5, 21.0), [0, 0.5, 2]),
    ("goalposts_2_6_1_positive", (1.0, 3.0, 7.0), [0, 0.25, 1]),
    ("kurtosis", (1.0, 2.0, 3.0, 4.0, 5.0), -1.2),
    ("log", (1.0, math.e, None), [0, 1, None]),
    ("boxcox_0.5", (1.0, 4.0, 9.0), [0, 2, 4]),
    ("boxcox_2", (1.0, 3.0), [0, 4]),
    ("mean_impute", (1.0, None, 5.0), [1, 3, 5]),
    ("geometric_index_weights", (8.0, 1.0, None), 2.0),
    ("power_2_index_weights", (5.0, 2.0), math.sqrt(11)),
    ("arithmetic_equal_weights", (5.0, 2.0), 3.5),
    ("median_index_weights", (1.0, 5.0, 9.0), 7.0),
]


@pytest.mark.parametrize(("name", "x", "expected"), OTHER, ids=[name for name, _, _ in OTHER])
def test_other_names_are_understood(name: str, x: tuple[float | None, ...], expected: Answer, tmp_path: Path) -> None:
    """Names of the same kind that the reference at hand does not have, with answers by hand."""
    found = run(Function(name, "by hand", x, expected), tmp_path)
    assert agree(expected, found), f"expected {expected}, found {found}"
