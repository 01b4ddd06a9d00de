"""What can be wrong with a question to an explanation."""

from __future__ import annotations

from tongkao.errors import declare

NO_SUCH_UNIT = declare(
    "engine.explain_no_such_unit",
    zh="没有单位 {unit} 的计分记录，应为结果中的一个单位",
    en="there is no unit {unit} in the marking; expected one of the units of the results",
)
NO_SUCH_NODE = declare(
    "engine.explain_no_such_node",
    zh="序列 {track} 的指标体系中没有 {node}，应为指标、分项或考卷的编号，或 total（总分）",
    en="the tree of track {track} has no {node}; expected the id of an indicator, a dimension or a paper, or total",
)
NO_SUCH_TRACK = declare(
    "engine.explain_no_such_track",
    zh="方案中没有序列 {track}",
    en="the scheme has no track {track}",
)
OTHER_TRACK = declare(
    "engine.explain_other_track",
    zh="单位 {unit} 属于序列 {actual}，不属于 {track}",
    en="unit {unit} is assessed in track {actual}, not in {track}",
)
