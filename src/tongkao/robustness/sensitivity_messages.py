"""Words of sensitivity analyses: targets that are not there, runs that were left out."""

from __future__ import annotations

from tongkao.errors import declare

UNKNOWN_TARGET = declare(
    "robustness.unknown_target",
    zh="没有 {target} 这种结果；可用：{allowed}，后面可加 :单位",
    en="there is no target {target}; there are: {allowed}, each may be followed by :unit",
)
TARGET_UNIT = declare("robustness.target_unit", zh="{target}：没有单位 {name}", en="{target}: there is no unit {name}")
TARGET_TIER = declare("robustness.target_tier", zh="{target}：没有等次 {name}", en="{target}: there is no tier {name}")
TARGET_AWARD = declare("robustness.target_award", zh="{target}：没有奖项 {name}", en="{target}: there is no award {name}")
TARGET_TOP = declare(
    "robustness.target_top",
    zh="{target}：前几名应是 1 以上的整数，却是 {name}",
    en="{target}: how many are the first must be a whole number from 1, found {name}",
)
NOTHING_VARIES = declare(
    "robustness.sensitivity_nothing_varies",
    zh="没有任何选择在变，无从比较",
    en="nothing varies, so there is nothing to compare",
)
TOO_FEW_POINTS = declare(
    "robustness.too_few_points",
    zh="设计点数应至少为 {limit}，却是 {found}",
    en="a design needs at least {limit} points, found {found}",
)
LEFT_OUT = declare(
    "robustness.runs_left_out",
    zh="{failed} 次运行不能计分，连同所在的组一起去掉：{blocks} 组中去掉 {left_out} 组。第一个原因：{reason_zh}",
    en="{failed} runs cannot be marked and were left out with their blocks ({left_out} of {blocks}). First reason: {reason_en}",
    severity="warning",
)
TOO_FEW_BLOCKS = declare(
    "robustness.too_few_blocks",
    zh="{failed} 次运行不能计分，{blocks} 组中只剩 {rest} 组完整，算不出指数。第一个原因：{reason_zh}",
    en="{failed} runs cannot be marked; only {rest} of {blocks} blocks are complete, too few. First reason: {reason_en}",
)
CANNOT_BE_MARKED = declare(
    "robustness.cannot_be_marked",
    zh="{labels} 这样选不能计分：{reason_zh}",
    en="{labels} cannot be marked: {reason_en}",
)
