"""Outliers: columns are winsorised, clipped or transformed, and every decision is kept (section 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tongkao.engine import kernels
from tongkao.engine.kernels.treatment import LOGGED, Treated
from tongkao.engine.plan import TrackPlan
from tongkao.scheme.model import BoxCox, Clip, Coin, Treatment, Winsorise

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
MarkArray = NDArray[np.uint8]

DECISIONS = {
    "year": pl.Int64(),
    "indicator": pl.String(),
    "group": pl.String(),
    "method": pl.String(),
    "pass_before": pl.Boolean(),
    "skew_before": pl.Float64(),
    "kurtosis_before": pl.Float64(),
    "pass_winsorised": pl.Boolean(),
    "skew_winsorised": pl.Float64(),
    "kurtosis_winsorised": pl.Float64(),
    "pass_after": pl.Boolean(),
    "skew_after": pl.Float64(),
    "kurtosis_after": pl.Float64(),
    "winsorised_high": pl.Int64(),
    "winsorised_low": pl.Int64(),
    "log": pl.Boolean(),
    "left_alone": pl.Boolean(),
}


@dataclass(frozen=True)
class AfterTreatment:
    """Treated columns.

    Attributes:
        x: Values after treatment, rows × k; the matrix itself where nothing is treated.
        marks: What was done to each cell, rows × k (see :mod:`tongkao.engine.kernels.treatment`); None where nothing is treated.
        decisions: What was decided, block by block.
    """

    x: FloatArray
    marks: MarkArray | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True)
class Decision:
    """The record of one kernel call: some columns of one comparison list."""

    year: int
    group: str
    indicators: tuple[str, ...]
    method: str
    record: Treated


def treatments(plan: TrackPlan) -> list[tuple[Treatment, str, list[int]]]:
    """Which leaves are treated how and compared within what."""
    found: list[tuple[Treatment, str, list[int]]] = []
    for leaf, indicator in enumerate(plan.indicators):
        rule = indicator.treat if indicator.treat is not None else plan.scheme.treat
        if rule is None or isinstance(rule, str):
            continue
        for known, compare, members in found:
            if known == rule and compare == indicator.compare:
                members.append(leaf)
                break
        else:
            found.append((rule, indicator.compare, [leaf]))
    return found


def treat(plan: TrackPlan, x: FloatArray, leaf: IntArray) -> AfterTreatment:
    """Treat every column that asks for it, apart for each comparison list and year; ranked units decide, all are treated.

    Args:
        plan: The track's plan.
        x: Values, rows × k, NaN where there is none.
        leaf: Leaf of each column.
    """
    rules = treatments(plan)
    if not rules:
        return AfterTreatment(x, None, ())
    after, marks = x.copy(), np.zeros(x.shape, np.uint8)
    decisions = []
    for rule, compare, members in rules:
        columns = np.flatnonzero(np.isin(leaf, members))
        codes = plan.compare_year_codes(compare)
        for code in np.unique(codes):
            rows = np.flatnonzero(codes == code)
            place = np.ix_(rows, columns)
            record = _apply(rule, x[place], ~np.isnan(x[place]) & plan.ranked[rows][:, None])
            after[place], marks[place] = record.values, record.marks
            year = plan.years[int(plan.year_codes[rows[0]])]
            group = plan.classes[int(plan.class_codes[rows[0]])] if compare == "class" else ""
            names = tuple(plan.layout.ids[plan.layout.leaves[leaf[column]]] for column in columns)
            decisions.append(Decision(year, group, names, rule.method, record))
    return AfterTreatment(after, marks, tuple(decisions))


def _apply(rule: Treatment, x: FloatArray, counted: BoolArray) -> Treated:
    if isinstance(rule, Winsorise):
        return kernels.winsorise(x, max=rule.max, skew=rule.skew, kurtosis=rule.kurtosis, counted=counted)
    if isinstance(rule, Coin):
        return kernels.coin(
            x, max=rule.max, skew=rule.skew, kurtosis=rule.kurtosis, combine=rule.combine, log=rule.log, counted=counted
        )
    if isinstance(rule, Clip):
        low = -np.inf if rule.low is None else rule.low
        high = np.inf if rule.high is None else rule.high
        return _simply(x, kernels.clip(x, low=low, high=high), logged=False)
    if isinstance(rule, BoxCox):
        return _simply(x, kernels.boxcox(x, exponent=rule.exponent, counted=counted), logged=True)
    if rule.variant == "plain":
        return _simply(x, kernels.log_plain(x), logged=True)
    take = kernels.signed_log_shift if rule.variant == "signed_shift" else kernels.log_shift
    return _simply(x, take(x, counted), logged=True)


def _simply(x: FloatArray, values: FloatArray, *, logged: bool) -> Treated:
    """The record of a treatment that judges nothing."""
    k = x.shape[1]
    nothing = np.full((3, k), np.nan)
    changed = ~np.isnan(x) if logged else values != x
    return Treated(
        values,
        np.where(changed & ~np.isnan(x), LOGGED if logged else 0, 0).astype(np.uint8),
        nothing,
        nothing,
        np.full((3, k), -1, np.int8),
        np.zeros(k, np.int64),
        np.zeros(k, np.int64),
        np.full(k, logged),
        np.zeros(k, bool),
    )


def decisions_table(decisions: tuple[Decision, ...]) -> pl.DataFrame:
    """What was decided, one row a year, group and indicator."""
    parts = []
    for decision in decisions:
        record, k = decision.record, len(decision.indicators)
        stages = ("before", "winsorised", "after")
        parts.append(
            pl.DataFrame(
                {
                    "year": [decision.year] * k,
                    "indicator": decision.indicators,
                    "group": [decision.group] * k,
                    "method": [decision.method] * k,
                    **{f"pass_{stage}": [_verdict(int(code)) for code in record.passed[i]] for i, stage in enumerate(stages)},
                    **{f"skew_{stage}": pl.Series(record.skewness[i]).fill_nan(None) for i, stage in enumerate(stages)},
                    **{f"kurtosis_{stage}": pl.Series(record.kurtosis[i]).fill_nan(None) for i, stage in enumerate(stages)},
                    "winsorised_high": record.winsorised_high,
                    "winsorised_low": record.winsorised_low,
                    "log": record.logged,
                    "left_alone": record.left_alone,
                },
                schema_overrides=DECISIONS,
            ).select(*DECISIONS)
        )
    return pl.concat(parts).sort("year", "indicator", "group") if parts else pl.DataFrame(schema=DECISIONS)


def _verdict(code: int) -> bool | None:
    return None if code < 0 else bool(code)
