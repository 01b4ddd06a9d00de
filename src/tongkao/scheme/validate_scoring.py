"""Checks of how values become rates: methods, treatment, policies, and the order of the steps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import fsum

from tongkao.scheme import check_messages as say
from tongkao.scheme.checking import Checking, near, written
from tongkao.scheme.model import (
    Bands,
    CarryForward,
    Challenge,
    Clip,
    DistanceToReference,
    Impute,
    Indicator,
    Interpolate,
    Minmax,
    Mix,
    Policy,
    RankLinear,
    Score,
)
from tongkao.scheme.positions import Path

#: default cap and floor of the methods that have them, where they do not depend on other parameters
DEFAULT_LIMITS: dict[str, tuple[float | None, float | None]] = {
    "ratio_to_best": (100.0, 0.0),
    "target": (100.0, 0.0),
    "base_step": (120.0, 0.0),
}
WITHIN_UNITS = ("track", "class")
WITHIN_ROW = ("parent", "paper", "total")


def check_scoring(checking: Checking) -> None:
    """Check every indicator, and what the scheme says for all of them."""
    scheme = checking.scheme
    for name, indicator in scheme.indicators.items():
        path: Path = ("indicators", name)
        _check_score(checking, indicator.score, indicator.direction, (*path, "score"))
        _check_denominate(checking, name, indicator)
        if isinstance(indicator.treat, Clip):
            _check_clip(checking, indicator.treat, (*path, "treat"))
    if isinstance(scheme.treat, Clip):
        _check_clip(checking, scheme.treat, ("treat",))
    for policy, path in policies(checking):
        _check_policy(checking, policy, path)
    _check_steps(checking)


# --- methods --------------------------------------------------------------------------------------------------------------


def _check_score(checking: Checking, score: Score, direction: str, path: Path) -> None:
    label = written(path)
    if isinstance(score, Mix):
        total = fsum(part.share for part in score.parts)
        if abs(total - 1) > 1e-9:
            checking.add(say.MIX_SHARES, (*path, "parts"), path=label, sum=total)
        for number, part in enumerate(score.parts):
            _check_score(checking, part.score, part.direction or direction, (*path, "parts", number, "score"))
        return
    if isinstance(score, (Minmax, RankLinear)) and score.low > score.high:
        checking.add(say.LOW_ABOVE_HIGH, (*path, "low"), path=label, low=score.low, high=score.high)
    if isinstance(score, Minmax) and score.goalposts is not None:
        _check_goalposts(checking, score.goalposts, direction, (*path, "goalposts"))
    if isinstance(score, Bands):
        _check_bands(checking, score, direction, (*path, "bands"))
    if isinstance(score, Challenge) and score.base > score.cap:
        checking.add(say.BASE_ABOVE_CAP, (*path, "base"), path=label, base=score.base, cap=score.cap)
    if isinstance(score, DistanceToReference) and checking.units is not None:
        units = {unit for track in checking.units.values() for unit in track}
        if score.unit not in units:
            fields = {"path": label, "name": score.unit, "nearest": near(score.unit, units)}
            checking.add(say.UNKNOWN_UNIT_ANYWHERE, (*path, "unit"), **fields)
    _check_limits(checking, score, path)


def _check_limits(checking: Checking, score: Score, path: Path) -> None:
    """Check that a floor is not above the cap, counting the method's own limits where none are given."""
    cap, floor = getattr(score, "cap", None), getattr(score, "floor", None)
    if cap is None and floor is None:
        return
    own_cap, own_floor = (score.high, score.low) if isinstance(score, Minmax) else DEFAULT_LIMITS.get(score.method, (None, None))
    highest, lowest = own_cap if cap is None else cap, own_floor if floor is None else floor
    if isinstance(highest, float) and isinstance(lowest, float) and lowest > highest:
        key = "floor" if floor is not None else "cap"
        checking.add(say.FLOOR_ABOVE_CAP, (*path, key), path=written(path), floor=lowest, cap=highest)


def _check_goalposts(checking: Checking, goalposts: list[float], direction: str, path: Path) -> None:
    worst, best = goalposts
    label = written(path)
    if worst == best:
        checking.add(say.GOALPOSTS_EQUAL, path, path=label, worst=worst)
    elif (worst < best) != (direction == "up"):
        checking.add(say.GOALPOSTS_ORDER, path, path=label, worst=worst, best=best, direction=direction)


def _check_bands(checking: Checking, score: Bands, direction: str, path: Path) -> None:
    thresholds = [threshold for threshold, _ in score.bands]
    for number, (before, threshold) in enumerate(pairwise(thresholds), start=1):
        if threshold >= before if direction == "up" else threshold <= before:
            code = say.BANDS_ORDER_UP if direction == "up" else say.BANDS_ORDER_DOWN
            checking.add(code, (*path, number, 0), path=written(path), threshold=threshold, before=before)


def _check_clip(checking: Checking, clip: Clip, path: Path) -> None:
    if clip.low is None and clip.high is None:
        checking.add(say.CLIP_EMPTY, path, path=written(path))
    elif clip.low is not None and clip.high is not None and clip.low > clip.high:
        checking.add(say.LOW_ABOVE_HIGH, (*path, "low"), path=written(path), low=clip.low, high=clip.high)


def _check_denominate(checking: Checking, name: str, indicator: Indicator) -> None:
    other = indicator.denominate
    if other is None:
        return
    path: Path = ("indicators", name, "denominate")
    columns, observed = checking.columns, checking.observed
    if other == name:
        checking.add(say.DENOMINATE_ITSELF, path, name=name)
    elif columns is not None and columns.get(other) == "text":
        checking.add(say.COLUMN_OF_TEXTS, path, path=written(path), name=other)
    elif columns is not None and observed is not None and other not in {*columns, *observed, *checking.scheme.indicators}:
        names = {*(column for column, kind in columns.items() if kind == "number"), *observed, *checking.scheme.indicators}
        checking.add(say.UNKNOWN_DENOMINATOR, path, path=written(path), name=other, nearest=near(other, names - {name}))


# --- missing and not applicable -------------------------------------------------------------------------------------------


def policies(checking: Checking) -> Iterator[tuple[Policy, Path]]:
    """Every policy of the scheme with its path, those in ``otherwise`` too."""
    scheme = checking.scheme
    pending: list[tuple[Policy | None, Path]] = [(scheme.missing, ("missing",)), (scheme.not_applicable, ("not_applicable",))]
    for name, indicator in scheme.indicators.items():
        pending.append((indicator.missing, ("indicators", name, "missing")))
        pending.append((indicator.not_applicable, ("indicators", name, "not_applicable")))
    while pending:
        policy, path = pending.pop(0)
        if policy is None:
            continue
        yield policy, path
        if isinstance(policy, (Impute, CarryForward, Interpolate)):
            pending.append((policy.otherwise, (*path, "otherwise")))


def _check_policy(checking: Checking, policy: Policy, path: Path) -> None:
    if isinstance(policy, Interpolate) and checking.scheme.panel is None:
        checking.add(say.INTERPOLATE_WITHOUT_PANEL, (*path, "interpolate"), "key", path=written(path))
    if not isinstance(policy, Impute):
        return
    within: Path = (*path, "within")
    fields = {"path": written(path), "name": policy.within}
    if policy.impute.startswith("row_"):
        if policy.within not in WITHIN_ROW:
            checking.add(say.ROW_WITHIN, within, **fields, impute=policy.impute, nearest=near(policy.within, WITHIN_ROW))
    elif policy.within not in WITHIN_UNITS and checking.columns is not None and policy.within not in checking.columns:
        checking.add(say.UNKNOWN_WITHIN, within, **fields, nearest=near(policy.within, [*WITHIN_UNITS, *checking.columns]))


# --- rounding, steps, panel -----------------------------------------------------------------------------------------------


def _check_steps(checking: Checking) -> None:
    scheme = checking.scheme
    _check_repeated(checking, list(scheme.rounding.at), ("rounding", "at"))
    if scheme.steps is not None:
        _check_repeated(checking, list(scheme.steps), ("steps",))
        if "score" not in scheme.steps:
            checking.add(say.STEPS_WITHOUT_SCORE, ("steps",))
    if scheme.panel is not None:
        _check_repeated(checking, list(scheme.panel.years), ("panel", "years"))
        if scheme.year not in scheme.panel.years:
            checking.add(say.PANEL_WITHOUT_YEAR, ("panel", "years"), year=str(scheme.year))


def _check_repeated(checking: Checking, values: list[object], path: Path) -> None:
    for number, value in enumerate(values):
        if value in values[:number]:
            checking.add(say.REPEATED, (*path, number), path=written(path), name=str(value))
