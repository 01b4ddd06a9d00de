"""Normalisation and aggregation of an ASEM case in the words of the scheme, and the way back to the reference's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reference.asem_tree import Member, UnknownStep, identifier
from tests.reference.asem_words import Parameters, choose
from tests.reference.folders import number, read_rows

# --- scales ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """How a rate (0 to 100) becomes the reference's number: ``factor * rate + shift``, or a Copeland net count.

    A Copeland rate is ``50 + 50 * net / (n - 1)``, so the net is ``(rate - 50) * (n - 1) / 50``.
    """

    factor: float = 1.0
    shift: float = 0.0
    copeland: bool = False

    def number(self, rate: float, n: int) -> float:
        """The reference's number for a rate, among ``n`` units."""
        return (rate - 50) * (n - 1) / 50 if self.copeland else self.factor * rate + self.shift


DIRECT = Scale()
HUNDREDTH = Scale(0.01)


RANK_TIES = {"min": "lowest", "average": "mean", "max": "highest"}


@dataclass
class Scoring:
    """How every indicator is scored.

    Attributes:
        score: The method of each indicator.
        scale: How its rate becomes the reference's number.
        targets: Rows of ``targets.csv``.
        years: ``all`` or ``year``: what the values of a panel are compared with.
    """

    score: dict[str, dict[str, Any]] = field(default_factory=dict)
    scale: dict[str, Scale] = field(default_factory=dict)
    targets: list[dict[str, object]] = field(default_factory=list)
    years: str = "all"


def scoring_of(normalise: Any, indicators: Sequence[Member], inputs: Path) -> Scoring:
    """Every indicator's method for a step ``normalise``; without one the value itself is the rate."""
    given = Parameters("normalise", {"method": "none"} if normalise is None else normalise)
    method = given.needed("method")
    low, high = given.take("lower", default=0), given.take("upper", default=100)
    scope = given.take("scope", default="all years")
    scoring = Scoring(years=choose("normalise: scope", scope, {"all years": "all", "per year": "year", "year": "year"}))
    if method in ("goalposts", "scaled"):
        _score_between_posts(scoring, method, given, indicators, inputs)
    else:
        score, scale = choose("normalise: method", method, METHODS)(given, low, high)
        for indicator in indicators:
            name = identifier(indicator.code)
            scoring.score[name], scoring.scale[name] = score, scale
        if method == "distance_to_target":
            scoring.targets = _targets(given, indicators, inputs)
    given.end()
    return scoring


def _minmax(_: Parameters, low: float, high: float) -> tuple[dict[str, Any], Scale]:
    return {"method": "minmax", "low": low, "high": high}, DIRECT


def _zscore(given: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    return {"method": "zscore", "mean": given.take("mean", default=0), "sd": given.take("sd", default=1)}, DIRECT


def _rank(minus: int) -> Callable[[Parameters, float, float], tuple[dict[str, Any], Scale]]:
    def score(given: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
        ties = choose("normalise: ties", given.take("ties", default="min"), RANK_TIES)
        return {"method": "ascending_rank", "ties": ties, "minus": minus}, DIRECT

    return score


def _percentile_rank(given: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    choose("normalise: ties of percentile_rank", given.take("ties", default="min"), {"min": "lowest"})
    return {"method": "borda"}, HUNDREDTH


def _distance_to_max(_: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    return {"method": "minmax"}, HUNDREDTH


def _distance_to_target(given: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    cap = 100 if given.take("cap", "cap_max", default=False) else "none"
    return {"method": "distance_to_target", "cap": cap, "floor": "none"}, HUNDREDTH


def _distance_to_reference(given: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    unit = given.needed("unit", "reference", "reference_unit", "ref")
    cap = 100 if given.take("cap", "cap_max", default=False) else "none"
    return {"method": "distance_to_reference", "unit": unit, "cap": cap, "floor": "none"}, HUNDREDTH


def _none(_: Parameters, _low: float, _high: float) -> tuple[dict[str, Any], Scale]:
    return {"method": "identity"}, DIRECT


METHODS: dict[str, Callable[[Parameters, float, float], tuple[dict[str, Any], Scale]]] = {
    "minmax": _minmax,
    "zscore": _zscore,
    "borda": _rank(1),
    "rank": _rank(0),
    "percentile_rank": _percentile_rank,
    "distance_to_max": _distance_to_max,
    "distance_to_target": _distance_to_target,
    "distance_to_reference": _distance_to_reference,
    "none": _none,
}


def _targets(given: Parameters, indicators: Sequence[Member], inputs: Path) -> list[dict[str, object]]:
    name = given.take("target", "targets", default="iMeta.Target")
    table, _, column = name.rpartition(".")
    if table != "iMeta":
        raise UnknownStep(f"normalise: target {name!r}")
    by_code = {row["iCode"]: row[column] for row in read_rows(inputs / "iMeta.csv")}
    return [{"unit": None, "indicator": identifier(item.code), "target": number(by_code[item.code])} for item in indicators]


def _score_between_posts(scoring: Scoring, method: str, given: Parameters, indicators: Sequence[Member], inputs: Path) -> None:
    """Goalposts and ``scaled``: the same straight line between two posts of a table, with or without limits."""
    default = "goalposts_A" if method == "goalposts" else "scaled_bounds"
    table = {row["iCode"]: row for row in read_rows(inputs / f"{given.take('table', 'bounds', default=default)}.csv")}
    truncate, scale = given.take("truncate", "trunc2posts"), given.take("scale", "scale_factor", "factor")
    for item in indicators:
        row = table[item.code]
        posts = [float(next(row[name] for name in row if name.endswith(end))) for end in ("_lower", "_upper")]
        own_scale = float(next(row[name] for name in row if name in ("goalpost_scale", "scale_factor")))
        own_limits = row.get("goalpost_trunc2posts", "false") == "true"
        limits = (own_limits if truncate is None else bool(truncate)) and method == "goalposts"
        name = identifier(item.code)
        scoring.score[name] = {
            "method": "minmax",
            "goalposts": posts if item.row["Direction"] == "1" else posts[::-1],
            "cap": 100 if limits else "none",
            "floor": 0 if limits else "none",
        }
        scoring.scale[name] = Scale(float(own_scale if scale is None else scale) / 100)


# --- aggregation ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Combining:
    """How the nodes of one level combine their children, and how many of these must be there."""

    aggregate: Any
    least: float | None


def combining_of(aggregate: Any, levels: int) -> dict[int, Combining]:
    """Method and threshold of each level from 2 up."""
    given = Parameters("aggregate", aggregate if isinstance(aggregate, Mapping) else {"method": aggregate})
    method = given.needed("method", "methods", "f_ag")
    least, power = given.take("data_threshold", "dat_thresh"), given.take("p", "power", "exponent")
    given.end()
    count = levels - 1
    methods, thresholds, powers = ([*value] if isinstance(value, list) else [value] * count for value in (method, least, power))
    for name, listed in (("method", methods), ("data_threshold", thresholds), ("p", powers)):
        if len(listed) != count:
            raise UnknownStep(f"aggregate: {len(listed)} entries of {name} for {count} levels")
    return {level + 2: Combining(_aggregate(methods[level], powers[level]), thresholds[level]) for level in range(count)}


def _aggregate(method: Any, power: Any) -> Any:
    if isinstance(method, Mapping):
        given = Parameters("aggregate", method)
        word, power = given.needed("method"), given.take("p", "power", "exponent", default=power)
        given.end()
    else:
        word = method
    if word == "power":
        if power is None:
            raise UnknownStep("aggregate: power without p")
        return {"power": power}
    return choose("aggregate", word, {name: name for name in WORDS_OF_AGGREGATE})


WORDS_OF_AGGREGATE = ("arithmetic", "geometric", "harmonic", "copeland", "median", "min")


def scale_above(aggregate: Any, children: Iterable[Scale]) -> Scale:
    """How the rate of a node becomes the reference's number, given that of its children.

    Raises:
        UnknownStep: If the children's scales differ or the mean does not commute with them.
    """
    scales = set(children)
    if aggregate == "copeland":
        return Scale(copeland=True)
    if len(scales) != 1:
        raise UnknownStep(f"aggregate: {aggregate!r} of children on different scales")
    (scale,) = scales
    if aggregate in ("arithmetic", "median", "min") or (not scale.copeland and scale.shift == 0):
        return scale
    raise UnknownStep(f"aggregate: {aggregate!r} of numbers on a shifted scale")
