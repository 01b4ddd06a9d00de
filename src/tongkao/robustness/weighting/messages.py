"""Words of the problems that stop a method of weighting or of comparison, and the error that carries them.

The methods know indicators by position only: a message counts columns from 1, and the field ``columns`` (or ``units``,
``experts``) holds those numbers, so that a caller who knows names can put them in.
"""

from __future__ import annotations

from collections.abc import Iterable

from tongkao.errors import Place, Problem, TongkaoError, declare

SHAPE = declare(
    "robustness.shape",
    zh="{what}的形状应为 {expected}，实际为 {found}",
    en="the shape of {what} should be {expected}, and it is {found}",
)
NOT_FINITE = declare(
    "robustness.not_finite",
    zh="第 {columns} 列有缺失或非有限的数值（共 {number} 个）。该方法不处理缺数：请先补数，或去掉这些指标或单位",
    en="columns {columns} (counted from 1) hold {number} missing or infinite values, and the method has no rule for gaps; "
    "fill them or leave out the indicators or units first",
)
TOO_LARGE = declare(
    "robustness.too_large",
    zh="第 {columns} 列有绝对值超过 {limit} 的数值，平方后会溢出，请换用较大的计量单位",
    en="columns {columns} (counted from 1) hold values beyond ±{limit}, whose squares overflow; use a larger unit of measure",
)
TOO_FEW_UNITS = declare(
    "robustness.too_few_units",
    zh="该方法至少需要 {least} 个单位，实际只有 {number} 个",
    en="the method needs at least {least} units, and there are {number}",
)
NEGATIVE = declare(
    "robustness.negative",
    zh="第 {columns} 列有负数，而{method}只适用于不小于 0 的数值（不会自动平移）",
    en="columns {columns} (counted from 1) hold negative values, and {method} is defined for values of 0 and more "
    "(nothing is shifted silently)",
)
NOT_POSITIVE = declare(
    "robustness.not_positive",
    zh="第 {columns} 列有 0 或负数，而{method}在此处要除以该数值（或取对数），只适用于正数（不会自动加一个小数）",
    en="columns {columns} (counted from 1) hold values of 0 or less, and {method} divides by them or takes their logarithm "
    "(no small number is added silently)",
)
NO_SPREAD = declare(
    "robustness.no_spread",
    zh="{method}无法定权：{reason}",
    en="{method} gives no weights: {reason_en}",
)
BAD_SIGN = declare(
    "robustness.bad_sign",
    zh="第 {columns} 列的方向应为 +1（越大越好）或 -1（越小越好）",
    en="the direction of columns {columns} (counted from 1) should be +1 (more is better) or -1 (less is better)",
)
BAD_WEIGHTS = declare(
    "robustness.bad_weights",
    zh="第 {columns} 个权重为负数、缺失或非有限的数",
    en="weights {columns} (counted from 1) are negative, missing or infinite",
)
ZERO_WEIGHTS = declare(
    "robustness.zero_weights",
    zh="“{group}”的权重之和为 0，无法分配",
    en="the weights of {group} add to 0, so that nothing can be shared out",
)
NOT_SQUARE = declare(
    "robustness.not_square",
    zh="判断矩阵应为 m×m（至少 1×1），实际为 {found}",
    en="a matrix of pairwise judgements should be m × m with m of at least 1, and it is {found}",
)
BAD_JUDGEMENT = declare(
    "robustness.bad_judgement",
    zh="判断矩阵中下列各格应为正数：{cells}",
    en="these cells of the matrix of judgements should be positive numbers: {cells}",
)
NOT_RECIPROCAL = declare(
    "robustness.not_reciprocal",
    zh="判断矩阵中下列各对不互为倒数：{cells}。应有 a(i,j)·a(j,i) = 1；也可将其中一格留空",
    en="these pairs of cells are not each other's reciprocals: {cells}; a(i, j) · a(j, i) should be 1 "
    "(one of the two may also be left out)",
)
BAD_POINTS = declare(
    "robustness.bad_points",
    zh="第 {experts} 位专家的分配中有负数、缺失或非有限的数",
    en="experts {experts} (counted from 1) gave negative, missing or infinite points",
)
BAD_BUDGET = declare(
    "robustness.bad_budget",
    zh="第 {experts} 位专家分配的点数之和应为 {total}，实际为 {sums}",
    en="the points of experts {experts} (counted from 1) should add to {total}, and they add to {sums}",
)
BAD_SHARES = declare(
    "robustness.bad_shares",
    zh="{what}不成立：{reason}",
    en="{what_en} cannot be met: {reason_en}",
)
NEGATIVE_LOADING = declare(
    "robustness.negative_loading",
    zh="第 {columns} 列在第一主成分上的载荷为负，照此定权则越好得分越低。可改用载荷的平方，或先查明这些指标为何与其余指标相反",
    en="columns {columns} (counted from 1) load negatively on the first component, so a better value would lower the score; "
    "use squared loadings, or find out first why these indicators run against the others",
)
BAD_TREE = declare(
    "robustness.bad_tree",
    zh="节点 {nodes}（从 1 起数）的上级不存在、是其自身或成环",
    en="the parents of nodes {nodes} (counted from 1) do not exist, are the nodes themselves or go round in a circle",
)
BAD_SETTING = declare(
    "robustness.bad_setting",
    zh="{name} 应为 {expected}，实际为 {found}",
    en="{name} should be {expected}, and it is {found}",
)
OUTSIDE_BOUNDS = declare(
    "robustness.outside_bounds",
    zh="第 {columns} 列有数值在给定界限之外，或下限不小于上限",
    en="columns {columns} (counted from 1) hold values outside the given bounds, or the lower bound is not below the upper one",
)
NOT_SOLVED = declare(
    "robustness.not_solved",
    zh="第 {units} 个单位的线性规划没有解出：{reason}",
    en="the linear programme of unit {units} (counted from 1) was not solved: {reason}",
)


class AnalysisError(TongkaoError):
    """What an analysis was given is not what its method needs."""


def stop(code: str, *, node: str = "", **fields: object) -> AnalysisError:
    """One problem as an error to raise."""
    return AnalysisError([Problem(code, Place(node=node), fields)])


def counted_from_one(places: Iterable[int]) -> list[int]:
    """Positions as a message shows them."""
    return [int(place) + 1 for place in places]
