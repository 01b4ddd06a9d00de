"""Cases of the ASEM reference (COINr) as assessment folders: every step of a case written in the words of the scheme.

Nothing is passed over: a step, a parameter or a value that has no words here is an :class:`UnknownStep` that names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.reference.folders import number, read_rows, write_folder

Steps = Mapping[str, Any]
STEPS = ("denominate", "impute", "screen", "treat", "normalise", "aggregate")
#: COINr keeps a member of weight 0 in its tables, here weight 0 takes the item out; this weight keeps it and no double shows it
NO_WEIGHT = 1e-30
NO_LIMIT = 1_000_000


class UnknownStep(ValueError):
    """A case asks for something that the converter has no words for."""


@dataclass(frozen=True)
class Case:
    """One entry of ``variants.json``."""

    id: str
    kind: str
    steps: Steps
    folder: Path

    @property
    def inputs(self) -> Path:
        """The folder of inputs."""
        return self.folder.parent / "inputs"

    @property
    def is_panel(self) -> bool:
        """Whether several years are marked at once."""
        return self.kind == "panel"


def read_cases(root: Path) -> list[Case]:
    """Every case of ``variants.json``, of whatever kind."""
    listed = json.loads((root / "variants.json").read_text(encoding="utf-8"))
    return [Case(entry["id"], entry["kind"], entry.get("steps", {}), root / entry["id"]) for entry in listed]


def identifier(code: str) -> str:
    """A code of the reference as an id of the scheme."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


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


# --- reading parameters -------------------------------------------------------------------------------------------------------


class Parameters:
    """The parameters of one step; what nobody asked for is an error in the end."""

    def __init__(self, step: str, given: Mapping[str, Any]) -> None:
        self.step = step
        self.given = dict(given)
        self.asked: set[str] = set()

    def take(self, *names: str, default: Any = None) -> Any:
        """The first of some names that is given, else the default."""
        self.asked.update(names)
        return next((self.given[name] for name in names if self.given.get(name) is not None), default)

    def needed(self, *names: str) -> Any:
        """The first of some names that is given.

        Raises:
            UnknownStep: If none is.
        """
        value = self.take(*names)
        if value is None:
            raise UnknownStep(f"{self.step}: no {names[0]}")
        return value

    def end(self) -> None:
        """Make sure that every parameter was used.

        Raises:
            UnknownStep: If one was not.
        """
        unknown = {name: value for name, value in self.given.items() if name not in self.asked and value is not None}
        if unknown:
            raise UnknownStep(f"{self.step}: parameters {unknown!r}")


def choose(step: str, value: Any, words: Mapping[Any, Any]) -> Any:
    """Look a value up in a table of words.

    Raises:
        UnknownStep: If it is not there.
    """
    try:
        return words[value]
    except (KeyError, TypeError):
        raise UnknownStep(f"{step}: {value!r}") from None


# --- the tree ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """One line of ``iMeta.csv`` with its children."""

    code: str
    level: int
    weight: float
    row: Mapping[str, str]
    children: tuple[Member, ...] = ()

    def leaves(self) -> Iterable[Member]:
        """The indicators below, or itself."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def branches(self) -> Iterable[Member]:
        """Itself and every inner node below."""
        if self.children:
            yield self
            for child in self.children:
                yield from child.branches()


def read_tree(inputs: Path, weights: object, exclude: Sequence[str]) -> Member:
    """The tree of ``iMeta.csv`` without the excluded codes and without nodes that lost all children."""
    rows = [row for row in read_rows(inputs / "iMeta.csv") if row["Level"]]
    given = read_weights(inputs, weights, rows)
    codes = {row["iCode"] for row in rows}
    if unknown := [code for code in exclude if code not in codes]:
        raise UnknownStep(f"exclude: {unknown!r}")

    def grow(row: Mapping[str, str]) -> Member | None:
        code, level = row["iCode"], int(row["Level"])
        if code in exclude:
            return None
        children = tuple(child for other in rows if other["Parent"] == code if (child := grow(other)) is not None)
        if level > 1 and not children:
            return None
        return Member(code, level, given[code], row, children)

    (root,) = [tree for row in rows if not row["Parent"] if (tree := grow(row)) is not None]
    return root


def read_weights(inputs: Path, weights: object, rows: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """Weight of each code: of ``iMeta.csv``, of a table ``inputs/weights_*.csv``, equal, or given one by one."""
    own = {row["iCode"]: float(row["Weight"]) for row in rows}
    if weights in (None, "iMeta.Weight"):
        return own
    if weights == "equal":
        return dict.fromkeys(own, 1.0)
    if isinstance(weights, Mapping):
        return own | {code: float(weight) for code, weight in weights.items()}
    if isinstance(weights, str) and (inputs / f"{weights}.csv").is_file():
        return {row["iCode"]: float(row["Weight"]) for row in read_rows(inputs / f"{weights}.csv")}
    raise UnknownStep(f"weights: {weights!r}")


# --- the steps in the words of the scheme -----------------------------------------------------------------------------------


def order_of(steps: Steps) -> list[str]:
    """The steps that are done, in their order.

    Raises:
        UnknownStep: If the order is not one of these steps with ``aggregate`` at the end.
    """
    order = list(steps.get("order") or STEPS)
    if unknown := [step for step in order if step not in STEPS]:
        raise UnknownStep(f"order: {unknown!r}")
    done = [step for step in order if steps.get(step) is not None]
    if forgotten := [step for step in STEPS if steps.get(step) is not None and step not in done]:
        raise UnknownStep(f"order: {forgotten!r} is to be done but has no place in the order")
    if done[-1:] != ["aggregate"]:
        raise UnknownStep(f"order: {done!r} does not end with aggregate")
    return done


def missing_policy(impute: Any, tree: Member) -> Any:
    """What stands in for a missing value."""
    if impute is None:
        return "redistribute"
    given = Parameters("impute", impute if isinstance(impute, Mapping) else {"method": impute})
    method, group = given.needed("method"), given.take("group")
    level, temporary = given.take("within_level"), given.take("temporary_normalise")
    kind, age = given.take("type"), given.take("max_time", "max_years")
    given.end()
    policy: dict[str, Any] = {"otherwise": "redistribute"}
    if method in ("mean", "median"):
        return policy | {"impute": method, "within": "track"}
    if method in ("group_mean", "group_median"):
        if not isinstance(group, str):
            raise UnknownStep(f"impute: {method} without a group")
        return policy | {"impute": method.removeprefix("group_"), "within": identifier(group)}
    if method in ("row_mean", "row_median"):
        if temporary is False:
            raise UnknownStep("impute: row imputation without temporary_normalise")
        places = {tree.level: "total", tree.level - 1: "paper", 2: "parent"}
        return policy | {"impute": method, "within": choose("impute: within_level", level, places)}
    if method == "panel" or (method in PANEL_TYPES and kind is None):
        kind = choose("impute: type", kind if method == "panel" else method, PANEL_TYPES)
        if kind == "latest":
            return policy | {"carry_forward": True if age is None else int(age)}
        if age is not None:
            raise UnknownStep(f"impute: max_time with type {kind!r}")
        return policy | {"interpolate": kind}
    raise UnknownStep(f"impute: method {method!r}")


PANEL_TYPES = {"latest": "latest", "linear": "linear", "constant": "constant"} | dict.fromkeys(
    ("linear-constant", "linear_constant"), "linear_constant"
)


def screen_of(screen: Any) -> dict[str, Any]:
    """Which units are marked at all."""
    given = Parameters("screen", screen)
    rule = choose("screen: rule", given.take("rule", "method", "unit_screen", default="availability"), SCREEN_RULES)
    thresholds = given.take("threshold", "thresholds")
    pair: list[Any] = [None, None]
    if isinstance(thresholds, Mapping):
        inner = Parameters("screen: threshold", thresholds)
        pair = [inner.take("availability"), inner.take("non_zero", "nonzero")]
        inner.end()
    elif isinstance(thresholds, list):
        if rule != ("availability", "non_zero"):
            raise UnknownStep(f"screen: a list of thresholds for {rule!r}")
        pair = thresholds
    elif thresholds is not None:
        pair = [thresholds, thresholds]
    pair[0] = given.take("availability", "availability_threshold", "dat_thresh", "data_threshold", default=pair[0])
    pair[1] = given.take("non_zero", "non_zero_threshold", "nonzero_threshold", "nonzero_thresh", default=pair[1])
    written: dict[str, Any] = {}
    for word, threshold in zip(("availability", "non_zero"), pair, strict=True):
        if word in rule:
            if threshold is None:
                raise UnknownStep(f"screen: no threshold of {word}")
            written[word] = threshold
    for word in ("include", "exclude"):
        units = given.take(word, f"force_{word}")
        if units:
            written[word] = list(units)
    given.end()
    return written


SCREEN_RULES: dict[str, tuple[str, ...]] = {
    "availability": ("availability",),
    "byNA": ("availability",),
    **dict.fromkeys(("non_zero", "nonzero", "zeros", "byzeros"), ("non_zero",)),
    **dict.fromkeys(
        ("both", "availability_and_non_zero", "availability_non_zero", "availability_and_nonzero", "byNAandzeros"),
        ("availability", "non_zero"),
    ),
}

DEFAULT_TREATMENT: dict[str, Any] = {"method": "coin", "max": 5, "skew": 2, "kurtosis": 3.5, "combine": False, "log": "shift"}


def treat_of(treat: Any) -> dict[str, Any]:
    """What is done about outliers."""
    if isinstance(treat, str):
        return choose("treat", treat, dict.fromkeys(("default", "per year, default", "per year"), DEFAULT_TREATMENT))
    given = Parameters("treat", treat)
    method = given.take("method", default="winsorise_then_log_shift_1pct")
    most, skew = given.take("winmax", default=5), given.take("skew", default=2)
    kurtosis, combine = given.take("kurtosis", default=3.5), given.take("combine", default=False)
    if given.take("scope", default="per year") not in ("per year", "year"):
        raise UnknownStep(f"treat: scope {given.take('scope')!r}")
    given.end()
    limits = {"skew": skew, "kurtosis": kurtosis}
    if method in ("winsorise", "winsorise_only"):
        return {"method": "winsorise", "max": most, **limits}
    stage, _, log = method.rpartition("then_")
    if stage not in ("", "winsorise_"):
        raise UnknownStep(f"treat: method {method!r}")
    # COINr transforms a column only where it fails, so a logarithm alone is the two-stage treatment without winsorising.
    most = most if stage else 0
    return {"method": "coin", "max": most, **limits, "combine": combine, "log": choose("treat: method", log, LOGS)}


LOGS = {
    "log_shift_1pct": "shift",
    "log_shift": "shift",
    "signed_log_shift_1pct": "signed_shift",
    "signed_log_shift": "signed_shift",
    "log": "plain",
}

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


# --- the whole folder -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conversion:
    """A case in the words of the scheme.

    Attributes:
        case: The case.
        tree: Its tree.
        order: The steps that are done, in their order.
    """

    case: Case
    tree: Member
    order: tuple[str, ...]

    @cached_property
    def indicators(self) -> tuple[Member, ...]:
        """The leaves of the tree."""
        return tuple(self.tree.leaves())

    @cached_property
    def data(self) -> list[dict[str, str]]:
        """The input, one row a unit (and year)."""
        return read_rows(self.case.inputs / f"{self._input}.csv")

    @property
    def _input(self) -> str:
        return str(self.case.steps.get("input") or "iData")

    @cached_property
    def years(self) -> list[int]:
        """Years of the data, ascending."""
        return sorted({int(row["Time"]) for row in self.data})

    @cached_property
    def scoring(self) -> Scoring:
        """How every indicator is scored."""
        return scoring_of(self.case.steps.get("normalise"), self.indicators, self.case.inputs)

    @cached_property
    def combining(self) -> dict[int, Combining]:
        """How the nodes of each level combine their children."""
        return combining_of(self.case.steps["aggregate"], self.tree.level)

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """How the rate of every node, by its code, becomes the reference's number."""
        scales = {item.code: self.scoring.scale[identifier(item.code)] for item in self.indicators}

        def climb(member: Member) -> Scale:
            if member.children:
                below = [climb(child) for child in member.children]
                scales[member.code] = scale_above(self.combining[member.level].aggregate, below)
            return scales[member.code]

        climb(self.tree)
        return scales

    def node(self, code: str) -> str:
        """The node of the scheme that stands for a code."""
        return "total" if code == self.tree.code else identifier(code)

    def scheme(self, *, year: int | None = None, screened: bool = True) -> dict[str, Any]:
        """The scheme.

        Args:
            year: The scheme's own year, whose trace one wants to see; the last one by default.
            screened: Whether units are screened; without it one sees what was there before.
        """
        steps = self.case.steps
        order = [step for step in self.order if step != "aggregate" and (screened or step != "screen")]
        scheme: dict[str, Any] = {
            "tongkao": 1,
            "id": identifier(self.case.id),
            "title": {"zh": f"亚欧互联互通 {self.case.id}", "en": f"ASEM connectivity {self.case.id}"},
            "year": self.years[-1] if year is None else year,
            "missing": missing_policy(steps.get("impute"), self.tree),
            "steps": ["score" if step == "normalise" else step for step in order],
            "indicators": {identifier(item.code): self._indicator(item) for item in self.indicators},
            "tracks": {"country": self._track(screened=screened)},
        }
        if "normalise" not in order:
            scheme["steps"].append("score")
        if "treat" in order:
            scheme["treat"] = treat_of(steps["treat"])
        if self.case.is_panel:
            scheme["panel"] = {"years": self.years, "range": self.scoring.years}
        return scheme

    def _indicator(self, item: Member) -> dict[str, Any]:
        written: dict[str, Any] = {
            "title": item.row["iName"],
            "direction": "up" if item.row["Direction"] == "1" else "down",
            "score": self.scoring.score[identifier(item.code)],
        }
        if "denominate" in self.order and item.row["Denominator"]:
            written["denominate"] = identifier(item.row["Denominator"])
        return written

    def _track(self, *, screened: bool) -> dict[str, Any]:
        top = self.combining[self.tree.level]
        track: dict[str, Any] = {"title": {"zh": "国家", "en": "Countries"}, "aggregate": top.aggregate}
        if top.least is not None:
            track["least_available"] = top.least
        if screened and "screen" in self.order:
            track["screen"] = screen_of(self.case.steps["screen"])
        track["tree"] = [self._branch(child) for child in self.tree.children]
        return track

    def _branch(self, member: Member) -> dict[str, Any]:
        weight = member.weight or NO_WEIGHT
        if not member.children:
            return {"indicator": identifier(member.code), "weight": weight}
        combining = self.combining[member.level]
        written: dict[str, Any] = {"id": identifier(member.code), "title": member.row["iName"], "weight": weight}
        written["aggregate"] = combining.aggregate
        if combining.least is not None:
            written["least_available"] = combining.least
        elif self.combining[self.tree.level].least is not None:
            written["least_available"] = 0
        written["children"] = [self._branch(child) for child in member.children]
        return written

    def write(self, path: Path, *, year: int | None = None, screened: bool = True) -> Path:
        """Write the folder: groups and (of one year) denominators as unit columns, everything else as observations."""
        meta = read_rows(self.case.inputs / "iMeta.csv")
        by_type = {kind: [row["iCode"] for row in meta if row["Type"] == kind] for kind in ("Group", "Denominator")}
        columns = by_type["Group"] + ([] if self.case.is_panel else by_type["Denominator"])
        names = [item.code for item in self.indicators] + (by_type["Denominator"] if self.case.is_panel else [])
        latest = {row["uCode"]: row for row in sorted(self.data, key=lambda row: int(row["Time"]))}
        units: list[dict[str, object]] = [
            {"unit": code, "track": "country", "name_en": row["uName"], **{identifier(column): row[column] for column in columns}}
            for code, row in latest.items()
        ]
        observations = [
            {"unit": row["uCode"], "indicator": identifier(name), "period": row["Time"], "value": row[name]}
            for row in self.data
            for name in names
            if row[name] != ""
        ]
        scheme = self.scheme(year=year, screened=screened)
        return write_folder(path, scheme, units, observations=observations, targets=self.scoring.targets)


def convert(case: Case) -> Conversion:
    """Put a case into the words of the scheme.

    Raises:
        UnknownStep: If it asks for something that has no words here.
    """
    known = {*STEPS, "input", "weights", "exclude", "order", "note"}
    if unknown := {name: value for name, value in case.steps.items() if name not in known and value is not None}:
        raise UnknownStep(f"steps {unknown!r}")
    denominate = case.steps.get("denominate")
    if denominate not in (None, True) and not str(denominate).startswith("iMeta.Denominator"):
        raise UnknownStep(f"denominate: {denominate!r}")
    tree = read_tree(case.inputs, case.steps.get("weights"), case.steps.get("exclude") or [])
    conversion = Conversion(case, tree, tuple(order_of(case.steps)))
    ids = [conversion.node(item.code) for item in (*conversion.indicators, *tree.branches())]
    if len(set(ids)) != len(ids):
        raise UnknownStep(f"ids that differ by case only: {sorted(name for name in ids if ids.count(name) > 1)}")
    return conversion
