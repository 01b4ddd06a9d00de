"""Every weighting method on the indicators of a track: the weights that it proposes, and the marking that they would give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.marking import Marks
from tongkao.engine.problems import problems_of
from tongkao.errors import Lang, Problem
from tongkao.robustness import weighting
from tongkao.robustness.variant import TrackVariant
from tongkao.robustness.weighting import AnalysisError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

#: methods that look at values (with their directions), each as the source defines it
OF_VALUES: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "standard_deviation": lambda x, _: weighting.standard_deviation(x),
    "entropy": lambda x, _: weighting.entropy(x),
    "critic": weighting.critic,
    "merec": weighting.merec,
    "pca": weighting.pca,
}
#: methods that look at rates
OF_RATES: dict[str, Callable[[FloatArray], FloatArray]] = {
    "balance": lambda x: weighting.balance(x).weights,
    "benefit_of_the_doubt": lambda x: weighting.benefit_of_the_doubt(x).mean_shares,
}
#: methods that look at what experts said
OF_EXPERTS = ("ahp", "ahp_geometric_mean", "budget")
METHODS = ("equal", *OF_VALUES, *OF_RATES, *OF_EXPERTS)
TITLES: dict[str, tuple[str, str]] = {
    "equal": ("等权", "equal"),
    "standard_deviation": ("标准差", "standard deviation"),
    "entropy": ("熵权", "entropy"),
    "critic": ("CRITIC", "CRITIC"),
    "merec": ("MEREC", "MEREC"),
    "pca": ("主成分", "principal component"),
    "balance": ("影响均衡", "equal influence"),
    "benefit_of_the_doubt": ("疑点利益", "benefit of the doubt"),
    "ahp": ("层次分析法", "AHP"),
    "ahp_geometric_mean": ("层次分析法（几何平均）", "AHP (geometric mean)"),
    "budget": ("专家分点", "budget allocation"),
}
#: what experts propose: node -> share among its siblings
NodeShares = Mapping[str, float]


@dataclass(frozen=True)
class Group:
    """Units of a track that are assessed by the same indicators, whatever their weights.

    Attributes:
        profiles: Their profiles of weights.
        rows: Their rows, those with a place only.
        leaves: Their leaves.
        label: Their classes, or "" where the group is the whole track.
    """

    profiles: tuple[int, ...]
    rows: IntArray
    leaves: IntArray
    label: str


@dataclass(frozen=True)
class Proposal:
    """What one method proposes for a track.

    Attributes:
        method: The method.
        shares: Shares among siblings, (profiles, N); None where the method gives no weights.
        marks: The marking with these weights; None where there is none.
        problems: Why there is none.
    """

    method: str
    shares: FloatArray | None
    marks: Marks | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class TrackProposals:
    """A track with everything that is proposed for it.

    Attributes:
        variant: The track, compiled.
        marks: Its marking as it is.
    """

    variant: TrackVariant
    marks: Marks

    @property
    def units(self) -> list[str]:
        """Ids of the units, in canonical order."""
        return self.variant.plan.unit_ids

    @cached_property
    def rows(self) -> IntArray:
        """Rows of the scheme's year."""
        return np.arange(self.variant.plan.rows)[self.variant.plan.main()]

    @cached_property
    def rates(self) -> FloatArray:
        """Rates of the leaves in the scheme's year, (n, m), NaN where a unit has none."""
        rates: FloatArray = self.marks.prepared.rates[self.rows]
        return rates

    @cached_property
    def values(self) -> tuple[FloatArray, FloatArray]:
        """Values of the leaves, (n, m), and their directions, (m,); an indicator that mixes parts has its rate instead."""
        plan = self.variant.plan
        values, sign = self.rates.copy(), np.ones(len(plan.layout.leaves))
        columns = [column for column in plan.columns if plan.indicators[column.leaf].score.method != "mix"]
        for column in columns:
            values[:, column.leaf] = self.marks.prepared.treated[self.rows, plan.columns.index(column)]
            sign[column.leaf] = column.sign
        return values, sign

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Units with the same indicators."""
        plan = self.variant.plan
        weightless = plan.given.weightless[:, plan.layout.leaves]
        profiles = plan.given.profiles[self.rows]
        placed = self.marks.final.ranks[self.rows] > 0
        by_leaves: dict[bytes, list[int]] = {}
        for profile in np.unique(profiles).tolist():
            by_leaves.setdefault(weightless[profile].tobytes(), []).append(int(profile))
        made = []
        for same in by_leaves.values():
            members = np.isin(profiles, same)
            names = sorted({plan.classes[code] for code in plan.class_codes[self.rows][members]})
            label = "" if len(by_leaves) == 1 else "+".join(names)
            leaves = np.flatnonzero(~weightless[same[0]])
            made.append(Group(tuple(same), np.flatnonzero(members & placed), leaves, label))
        return tuple(made)

    def effective(self, shares: FloatArray) -> FloatArray:
        """Weight of every node in the total, (profiles, N), from shares among siblings."""
        layout = self.variant.plan.layout
        weights: FloatArray = np.array(shares, np.float64)
        for column in range(1, len(layout.ids)):
            weights[:, column] *= weights[:, layout.parent[column]]
        return weights

    def propose(self, method: str, experts: Mapping[str, NodeShares]) -> Proposal:
        """What a method proposes, and the marking that this gives.

        Args:
            method: One of :data:`METHODS`.
            experts: What :data:`OF_EXPERTS` made of the judgements that were given.
        """
        try:
            shares = self._of_experts(experts[method]) if method in experts else self._of_data(method)
        except AnalysisError as error:
            return Proposal(method, None, None, tuple(self._named(problem) for problem in error.problems))
        marks = self.variant.mark(shares)
        problems = tuple(problems_of(marks))
        return Proposal(method, shares, None if problems else marks, problems)

    def _of_data(self, method: str) -> FloatArray:
        layout, given = self.variant.plan.layout, self.variant.plan.given
        shares = given.shares.copy()
        values, sign = self.values
        for group in self.groups:
            cells = np.ix_(group.rows, group.leaves)
            if method == "equal":
                weights = weighting.equal(len(group.leaves))
            elif method in OF_VALUES:
                weights = OF_VALUES[method](values[cells], sign[group.leaves])
            else:
                weights = OF_RATES[method](self.rates[cells])
            of_nodes = np.zeros(len(layout.ids))
            of_nodes[layout.leaves[group.leaves]] = weights
            shares[list(group.profiles)] = weighting.weights_within(layout.parent, of_nodes)
        return shares

    def _of_experts(self, proposed: NodeShares) -> FloatArray:
        """Shares with those of the experts put in; a profile without one of the siblings shares its part out to the others."""
        layout, given = self.variant.plan.layout, self.variant.plan.given
        shares = given.shares.copy()
        parents = {int(layout.parent[layout.column(node)]) for node in proposed if node in layout.ids}
        for parent in parents:
            children = np.flatnonzero(layout.parent == parent)
            amounts = np.array([proposed[layout.ids[child]] for child in children])
            kept = np.where(given.weightless[:, children], 0.0, amounts)
            sums = kept.sum(axis=1, keepdims=True)
            shares[:, children] = np.where(sums > 0, kept / np.where(sums > 0, sums, 1.0), shares[:, children])
        return shares

    def _named(self, problem: Problem) -> Problem:
        """A problem whose columns are counted, with the indicators' ids beside the numbers."""
        columns = problem.fields.get("columns")
        if not isinstance(columns, list) or len(self.groups) != 1:
            return problem
        plan, leaves = self.variant.plan, self.groups[0].leaves
        names = [plan.layout.ids[plan.layout.leaves[leaves[column - 1]]] for column in columns if column <= len(leaves)]
        shown = [f"{column} ({name})" for column, name in zip(columns, names, strict=False)]
        return Problem(problem.code, problem.place, {**problem.fields, "columns": shown})


def title_of(method: str, lang: Lang) -> str:
    """A method's name for people."""
    return TITLES[method][0 if lang == "zh" else 1]


def propose_all(track: TrackProposals, methods: Sequence[str], experts: Mapping[str, NodeShares]) -> list[Proposal]:
    """What each of some methods proposes; those of experts only where experts said something."""
    return [track.propose(method, experts) for method in methods if method not in OF_EXPERTS or method in experts]
