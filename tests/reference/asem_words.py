"""Steps of an ASEM case that work on values (impute, screen, treat) in the words of the scheme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.reference.asem_tree import Member, UnknownStep, identifier

NO_LIMIT = 1_000_000


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
        choose("treat", treat, dict.fromkeys(("default", "per year, default", "per year"), DEFAULT_TREATMENT))
        return dict(DEFAULT_TREATMENT)
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
