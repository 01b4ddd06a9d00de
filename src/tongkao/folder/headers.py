"""Names of tables' columns: the English ones, and the Chinese ones that are accepted beside them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

from tongkao.errors import Place
from tongkao.errors import nearest as nearest_name
from tongkao.folder.file_messages import COLUMN_NAME, COLUMN_TWICE, MISSING_COLUMN, UNKNOWN_COLUMN, UNNAMED_COLUMN
from tongkao.folder.found import Findings
from tongkao.tables import TableSpec

#: Chinese names of the columns, the first one is the one that templates write
CHINESE: dict[str, tuple[str, ...]] = {
    "unit": ("考核对象", "单位", "考核单位", "被考核单位"),
    "track": ("序列", "考核序列"),
    "class": ("类别", "分类"),
    "name_zh": ("名称", "中文名称", "中文名"),
    "name_en": ("英文名称", "英文名"),
    "parent": ("上级", "上级单位"),
    "indicator": ("指标",),
    "period": ("期间", "时期"),
    "value": ("数值", "指标值"),
    "state": ("状态",),
    "source": ("来源", "数据来源"),
    "target": ("目标值",),
    "baseline": ("基准值", "基数"),
    "challenge": ("挑战值",),
    "event": ("事件",),
    "date": ("日期", "发生日期"),
    "count": ("次数",),
    "points": ("分值", "分数"),
    "note": ("备注", "说明"),
    "evidence": ("佐证材料", "佐证"),
    "year": ("年度", "年份"),
    "total": ("总分",),
    "rank": ("名次", "排名"),
    "tier": ("等次",),
    "node": ("节点",),
    "weight": ("权重",),
    "quota": ("名额",),
    "city": ("推荐单位", "设区市", "城市"),
    "order": ("推荐次序", "次序", "顺序"),
}
#: in a column of nominations the nominated unit has a name of its own
NOMINATED = ("被推荐单位", "县（市、区）", "县市区")

#: how alike two names must be for one to be taken for a slip of the other
ALIKE = 0.8


def slip_of(name: str, names: Iterable[str]) -> str:
    """The known name that a slightly wrong one was probably meant to be, or ``""``; stricter than :func:`errors.nearest`."""
    candidates = {candidate.lower(): candidate for candidate in names}
    found = difflib.get_close_matches(name.lower(), candidates, n=1, cutoff=ALIKE)
    return candidates[found[0]] if found else ""


def known_name(spec: TableSpec, header: str) -> str | None:
    """Known name of a column by its header in any case, English or Chinese; None where there is none."""
    text = header.strip().lower()
    if text in spec.columns:
        return text
    if spec.name == "nominations" and text in NOMINATED:
        return "unit"
    for name in spec.columns:
        if text in CHINESE.get(name, ()):
            return name
    return None


def recognise(
    spec: TableSpec,
    header: Sequence[str],
    place: Callable[[int], Place],
    findings: Findings,
    *,
    has_cells: Callable[[int], bool] = lambda _: False,
) -> dict[str, int] | None:
    """Find out which column is which.

    Args:
        spec: The table.
        header: Names as they were found.
        place: Place of a column's header by its position; of the whole header for -1.
        findings: Takes the problems.
        has_cells: Whether a column without a name has cells (which is a problem; an empty one is ignored).

    Returns:
        Position of each column by known name, further columns of an open table by their own; None where a needed one is missing.
    """
    positions: dict[str, int] = {}
    for position, found in enumerate(header):
        title = found.strip()
        if title.startswith("#"):  # a column for people
            continue
        if not title:
            if has_cells(position):
                findings.add(UNNAMED_COLUMN, place(position))
            continue
        name = known_name(spec, title)
        if name is None and not spec.open:
            findings.add(
                UNKNOWN_COLUMN,
                place(position),
                table=spec.name,
                column=title,
                known=list(spec.columns),
                nearest=nearest_name(title, spec.columns),
            )
            continue
        if name is None:
            slip = slip_of(title, spec.columns)
            if slip and slip not in {known_name(spec, other) for other in header}:
                findings.add(COLUMN_NAME, place(position), column=title, nearest=slip)
            name = title
        if name in positions:
            findings.add(COLUMN_TWICE, place(position), column=title)
            continue
        positions[name] = position
    missing = [column for column in spec.required if column not in positions]
    for column in missing:
        shown = [text.strip() for text in header if text.strip()]
        findings.add(MISSING_COLUMN, place(-1), column=column, header=shown)
    return None if missing else positions
