"""Values in place of missing ones: from other units, from the unit's own other indicators, from other years (section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.inputs import Inputs
from tongkao.engine.kernels import imputation
from tongkao.engine.observed import MISSING, NOT_APPLICABLE, PRESENT
from tongkao.engine.plan import TrackPlan
from tongkao.engine.policies import Source, chain
from tongkao.engine.shares import column_as_text
from tongkao.scheme.model import CarryForward, Impute, Interpolate

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
StateArray = NDArray[np.uint8]

#: how a cell without an own value got one; the place in the tuple is the code
SOURCES = ("", "impute_mean", "impute_median", "impute_row_mean", "impute_row_median", "carry_forward", "interpolate")


@dataclass(frozen=True)
class Filled:
    """How cells were filled.

    Attributes:
        kinds: Code of the source, rows × c, 0 where the cell was not filled.
        years: Year from which a value was carried forward, rows × c, 0 elsewhere.
    """

    kinds: StateArray
    years: IntArray

    def columns(self) -> BoolArray:
        """Columns into which a statistic of other values came, (c,)."""
        made: BoolArray = ((self.kinds > 0) & (self.kinds != SOURCES.index("carry_forward"))).any(axis=0)
        return made


@dataclass(frozen=True)
class Done:
    """The matrix after imputation."""

    x: FloatArray
    states: StateArray
    filled: Filled


def fill(
    plan: TrackPlan,
    x: FloatArray,
    states: StateArray,
    leaf: IntArray,
    sign: FloatArray,
    out: BoolArray | None,
    inputs: Inputs,
) -> Done | None:
    """Let the policies of absent cells find values.

    Only own values give: what one policy filled is no source for another.

    Args:
        plan: The track's plan.
        x: Values, rows × k, NaN where there is none.
        states: Their states.
        leaf: Leaf of each column.
        sign: 1 or -1 for each column.
        out: Cells that are no part of the assessment, or None.
        inputs: For values carried forward.

    Returns:
        The matrix with what was found, or None where no policy looks for values.
    """
    sources = _Sources(plan, x, leaf, sign, out, inputs)
    absent = states != PRESENT if out is None else (states != PRESENT) & ~out
    after = Done(x.copy(), states.copy(), Filled(np.zeros(x.shape, np.uint8), np.zeros(x.shape, np.intp)))
    changed = False
    for column in np.flatnonzero(absent.any(axis=0)).tolist():
        for state in (MISSING, NOT_APPLICABLE):
            cells = absent[:, column] & (states[:, column] == state)
            if not cells.any():
                continue
            for source in chain(plan.policy(int(leaf[column]), applicable=state == MISSING))[0]:
                values, years, kind = sources.values(source, column)
                found = cells & ~np.isnan(values)
                if found.any():
                    changed = True
                    after.x[found, column] = values[found]
                    after.states[found, column] = PRESENT
                    after.filled.kinds[found, column] = kind
                    after.filled.years[found, column] = years[found]
                    cells &= ~found
    return after if changed else None


class _Sources:
    """What each source of a policy would give every row of a column."""

    def __init__(
        self, plan: TrackPlan, x: FloatArray, leaf: IntArray, sign: FloatArray, out: BoolArray | None, inputs: Inputs
    ) -> None:
        self.plan, self.x, self.leaf, self.sign, self.out, self.inputs = plan, x, leaf, sign, out, inputs
        self._nothing = np.full(len(x), np.nan)
        self._no_years = np.zeros(len(x), np.intp)
        # Columns that get the same statistic of the same units are worked out together, once.
        self._statistics: dict[tuple[str, str, str], FloatArray] = {}

    def values(self, source: Source, column: int) -> tuple[FloatArray, IntArray, int]:
        """Values of a column, NaN where the source has none; the year they are from; the source's code."""
        if isinstance(source, CarryForward):
            return *self._carried(source, column), SOURCES.index("carry_forward")
        if isinstance(source, Interpolate):
            return self._interpolated(source, column), self._no_years, SOURCES.index("interpolate")
        code = SOURCES.index("impute_" + source.impute)
        if source.impute in ("row_mean", "row_median"):
            values = _by_row(self.plan, source, column, self.x, self.leaf, self.sign)
        else:
            values = self._of_other_units(source, self.plan.indicators[self.leaf[column]].compare)[:, column]
        return values, self._no_years, code

    def _carried(self, source: CarryForward, column: int) -> tuple[FloatArray, IntArray]:
        carried, years = self.inputs.carried, self.inputs.carried_years
        if carried is None or years is None or carried.shape != self.x.shape:
            return self._nothing, self._no_years
        reach = 9999 if source.carry_forward is True else source.carry_forward
        near = np.array(self.plan.years)[self.plan.year_codes] - years[:, column] <= reach
        return np.where(near, carried[:, column], np.nan), np.where(near, years[:, column], 0)

    def _interpolated(self, source: Interpolate, column: int) -> FloatArray:
        years = np.array(self.plan.years, np.float64)
        series = self.x[:, column].reshape(len(years), -1).T
        values: FloatArray = imputation.interpolate(series, years, kind=source.interpolate).T.ravel()
        return values

    def _of_other_units(self, source: Impute, compare: str) -> FloatArray:
        """Mean or median, (rows, k), of the comparison group's units that share the class or column."""
        key = (source.impute, source.within, compare)
        if key not in self._statistics:
            codes = _joint(self.plan.compare_year_codes(compare), _within(self.plan, source.within))
            donors = ~np.isnan(self.x) & self.plan.ranked[:, None]
            if self.out is not None:
                donors &= ~self.out
            statistic = imputation.column_mean if source.impute == "mean" else imputation.column_median
            self._statistics[key] = statistic(self.x, codes, donors)
        return self._statistics[key]


def _within(plan: TrackPlan, within: str) -> Sequence[str]:
    """What units must share with those whose values they get: nothing more, their class, or a column of theirs."""
    if within == "track":
        return [""] * plan.rows
    return column_as_text(plan.units[within]) * len(plan.years)


def _joint(codes: IntArray, names: Sequence[str]) -> IntArray:
    order = {name: code for code, name in enumerate(sorted(set(names)))}
    return codes * len(order) + np.array([order[name] for name in names], np.intp)


def _by_row(plan: TrackPlan, source: Impute, column: int, x: FloatArray, leaf: IntArray, sign: FloatArray) -> FloatArray:
    """Mean or median of a unit's other indicators under the same node, brought to this column's scale, year by year."""
    own = _ancestor(plan, int(leaf[column]), source.within)
    members = np.array([c for c in range(x.shape[1]) if _ancestor(plan, int(leaf[c]), source.within) == own], np.intp)
    statistic = imputation.row_mean if source.impute == "row_mean" else imputation.row_median
    result = np.full(len(x), np.nan)
    place = int(np.flatnonzero(members == column)[0])
    for year in range(len(plan.years)):
        rows = np.flatnonzero(plan.year_codes == year)
        block = x[np.ix_(rows, members)]
        counted = ~np.isnan(block) & plan.ranked[rows][:, None]
        result[rows] = statistic(block, counted, sign[members], [np.arange(len(members))])[:, place]
    return result


def _ancestor(plan: TrackPlan, leaf: int, within: str) -> int:
    """The node below which a leaf's values may replace each other: its parent, its paper, or the total."""
    layout = plan.layout
    node = int(layout.leaves[leaf])
    if within == "total":
        return 0
    if within == "parent":
        return int(layout.parent[node])
    while layout.parent[node] > 0:
        node = int(layout.parent[node])
    return node
