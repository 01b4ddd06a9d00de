"""What experts said about weights: pairs of siblings compared, or points shared out, as CSV files, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tongkao.engine.layout import ROOT, Layout
from tongkao.errors import OutputError, Place, Problem, declare, nearest
from tongkao.folder.cells import parse_number
from tongkao.reports.files import text_table
from tongkao.robustness import weighting
from tongkao.robustness.weighting import Pairwise
from tongkao.robustness.weighting.pairwise import ACCEPTED

NOT_READ = declare("weights.not_read", zh="读不了这个文件：{reason}", en="the file cannot be read: {reason}")
COLUMNS = declare(
    "weights.columns", zh="缺少列：{lacking}；应有 {wanted}", en="columns are missing: {lacking}; expected are {wanted}"
)
UNKNOWN_NODE = declare("weights.unknown_node", zh="没有节点 {name}", en="there is no node {name}")
NOT_SIBLINGS = declare(
    "weights.not_siblings",
    zh="{first} 与 {second} 不是同一节点下的两项，不能比较",
    en="{first} and {second} are not two children of one node and cannot be compared",
)
NOT_A_NUMBER = declare(
    "weights.not_a_number",
    zh="“{found}”应为正数或分数，如 3 或 1/3",
    en='"{found}" should be a positive number or fraction, such as 3 or 1/3',
)
NOT_POINTS = declare("weights.not_points", zh="“{found}”应为不小于 0 的数", en='"{found}" should be a number of 0 or more')
TWICE = declare("weights.twice", zh="{expert} 对 {what} 说了两次", en="{expert} speaks of {what} twice")
INCOMPLETE = declare(
    "weights.incomplete",
    zh="{expert} 没有说到 {node} 下的 {lacking}",
    en="{expert} does not speak of {lacking} below {node}",
)


@dataclass(frozen=True)
class Consistency:
    """How well judgements about the children of one node agree.

    Attributes:
        node: The node.
        expert: Whose judgements, "" for those of all together.
        method: ``ahp`` or ``ahp_geometric_mean``.
        found: Weights and consistency.
    """

    node: str
    expert: str
    method: str
    found: Pairwise

    @property
    def is_good(self) -> bool:
        """Whether the consistency ratio is at most 0.1, or there is none to speak of."""
        return self.found.consistency_ratio is None or self.found.consistency_ratio <= ACCEPTED


def read_judgements(path: Path, layouts: Iterable[Layout]) -> tuple[dict[str, dict[str, float]], list[Consistency]]:
    """Read comparisons of pairs and make weights of them by the two methods of AHP.

    Args:
        path: CSV with ``first``, ``second``, ``times`` (how many times as important the first is) and, if one likes, ``expert``.
        layouts: The trees in which the nodes are looked for.

    Returns:
        Method -> node -> share among its siblings; and how consistent every matrix is.

    Raises:
        OutputError: With everything that is wrong with the file.
        AnalysisError: If a matrix is not what AHP needs.
    """
    frame = _read(path, ("first", "second", "times"))
    family = _families(layouts)
    problems: list[Problem] = []
    matrices: dict[str, dict[str, np.ndarray]] = {}
    for line, (expert, first, second, text) in enumerate(frame.select("expert", "first", "second", "times").iter_rows(), start=2):
        place = Place(file=path.name, line=line)
        unknown = [
            Problem(UNKNOWN_NODE, place, {"name": name, "nearest": nearest(name, family)})
            for name in (first, second)
            if name not in family
        ]
        times = _fraction(text)
        if times is None:
            problems.append(Problem(NOT_A_NUMBER, place, {"found": text}))
        problems += unknown
        if unknown or times is None:
            continue
        parent, children = family[first]
        if family[second][0] != parent or first == second:
            problems.append(Problem(NOT_SIBLINGS, place, {"first": first, "second": second}))
            continue
        matrix = matrices.setdefault(parent, {}).setdefault(expert, _blank(len(children)))
        i, j = children.index(first), children.index(second)
        if np.isfinite(matrix[i, j]):
            problems.append(Problem(TWICE, place, {"expert": expert or "-", "what": f"{first}, {second}"}))
        matrix[i, j], matrix[j, i] = times, 1.0 / times
    for parent, by_expert in matrices.items():
        children = next(names for above, names in family.values() if above == parent)
        for expert, matrix in by_expert.items():
            lacking = [f"{children[i]}/{children[j]}" for i in range(len(matrix)) for j in range(i) if np.isnan(matrix[i, j])]
            if lacking:
                fields = {"expert": expert or "-", "node": parent, "lacking": lacking}
                problems.append(Problem(INCOMPLETE, Place(file=path.name), fields))
    if problems:
        raise OutputError(problems)
    return _weigh(matrices, family)


def _weigh(
    matrices: Mapping[str, Mapping[str, np.ndarray]], family: Mapping[str, tuple[str, tuple[str, ...]]]
) -> tuple[dict[str, dict[str, float]], list[Consistency]]:
    shares: dict[str, dict[str, float]] = {"ahp": {}, "ahp_geometric_mean": {}}
    consistency: list[Consistency] = []
    for parent, by_expert in sorted(matrices.items()):
        children = next(names for above, names in family.values() if above == parent)
        whole = weighting.group_judgements(np.stack(list(by_expert.values())))
        for expert, matrix in by_expert.items():
            if len(by_expert) > 1 or expert:
                consistency.append(Consistency(parent, expert, "ahp", weighting.ahp(matrix)))
        for method, how in (("ahp", "eigenvector"), ("ahp_geometric_mean", "geometric_mean")):
            found = weighting.ahp(whole, method=how)  # type: ignore[arg-type]
            consistency.append(Consistency(parent, "", method, found))
            shares[method] |= dict(zip(children, found.weights.tolist(), strict=True))
    return shares, consistency


def read_points(path: Path, layouts: Iterable[Layout]) -> dict[str, float]:
    """Read the points that experts shared out among the children of nodes.

    Args:
        path: CSV with ``node``, ``points`` and, if one likes, ``expert``; whoever speaks of a node speaks of its siblings too.
        layouts: The trees in which the nodes are looked for.

    Returns:
        Node -> share among its siblings, the mean over the experts.

    Raises:
        OutputError: With everything that is wrong with the file.
        AnalysisError: If an expert gave no points at all.
    """
    frame = _read(path, ("node", "points"))
    family = _families(layouts)
    problems: list[Problem] = []
    given: dict[str, dict[str, dict[str, float]]] = {}
    for line, (expert, node, text) in enumerate(frame.select("expert", "node", "points").iter_rows(), start=2):
        place = Place(file=path.name, line=line)
        points = parse_number(text)
        if node not in family:
            problems.append(Problem(UNKNOWN_NODE, place, {"name": node, "nearest": nearest(node, family)}))
        if points is None or not points >= 0:
            problems.append(Problem(NOT_POINTS, place, {"found": text}))
        if node not in family or points is None or not points >= 0:
            continue
        mine = given.setdefault(family[node][0], {}).setdefault(expert, {})
        if node in mine:
            problems.append(Problem(TWICE, place, {"expert": expert or "-", "what": node}))
        mine[node] = points
    for parent, by_expert in given.items():
        children = next(names for above, names in family.values() if above == parent)
        for expert, mine in by_expert.items():
            lacking = [child for child in children if child not in mine]
            if lacking:
                fields = {"expert": expert or "-", "node": parent, "lacking": lacking}
                problems.append(Problem(INCOMPLETE, Place(file=path.name), fields))
    if problems:
        raise OutputError(problems)
    shares: dict[str, float] = {}
    for parent, by_expert in sorted(given.items()):
        children = next(names for above, names in family.values() if above == parent)
        points_of = np.array([[mine[child] for child in children] for mine in by_expert.values()])
        sums = points_of.sum(axis=1, keepdims=True)
        found = weighting.budget(np.divide(points_of, sums, out=np.zeros_like(points_of), where=sums > 0), total=1.0)
        shares |= dict(zip(children, found.weights.tolist(), strict=True))
    return shares


def _read(path: Path, wanted: tuple[str, ...]) -> pl.DataFrame:
    place = Place(file=path.name)
    try:
        frame = text_table(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error).partition("\n")[0]
        raise OutputError([Problem(NOT_READ, place, {"reason": reason})]) from error
    lacking = [column for column in wanted if column not in frame.columns]
    if lacking:
        raise OutputError([Problem(COLUMNS, place, {"lacking": lacking, "wanted": list(wanted)})])
    if "expert" not in frame.columns:
        frame = frame.with_columns(expert=pl.lit(""))
    return frame.with_columns(pl.all().fill_null("").str.strip_chars())


def _families(layouts: Iterable[Layout]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Node -> its parent and all children of that; where trees differ, the first that has the node counts."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for layout in layouts:
        for column, name in enumerate(layout.ids):
            if name != ROOT and name not in found:
                parent = int(layout.parent[column])
                children = tuple(layout.ids[child] for child in np.flatnonzero(layout.parent == parent))
                found[name] = (layout.ids[parent], children)
    return found


def _blank(size: int) -> np.ndarray:
    matrix = np.full((size, size), np.nan)
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _fraction(text: str) -> float | None:
    """A positive number, also as ``1/3``."""
    above, slash, below = text.partition("/")
    first, second = parse_number(above.strip()), parse_number(below.strip()) if slash else 1.0
    if first is None or second is None or not (first > 0 and second > 0):
        return None
    return first / second
