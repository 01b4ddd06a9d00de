"""The words of every problem that the cells and tables of a folder can have."""

from __future__ import annotations

from tongkao.errors import declare

MORE = declare(
    "folder.more",
    zh="自此处起，这样的问题还有 {count} 处，不再逐一列出：{kind}",
    en="from here on {count} more of this kind: {kind}",
)
MORE_WARNINGS = declare(
    "folder.more_warnings",
    severity="warning",
    zh="自此处起，这样的提醒还有 {count} 处，不再逐一列出：{kind}",
    en="from here on {count} more of this kind: {kind}",
)

# --- cells ----------------------------------------------------------------------------------------------------------------

EMPTY_CELL = declare("folder.empty_cell", zh="{column} 不能为空", en="{column} must not be empty")
NUMBER_THOUSANDS = declare(
    "folder.number_thousands",
    zh="{column} 是 {found}：不要千位分隔符，请写 {write}",
    en="{column} is {found}: no thousands separators, write {write}",
)
NUMBER_COMMA = declare(
    "folder.number_comma",
    zh="{column} 是 {found}：小数点请用“.”，写成 {write}",
    en="{column} is {found}: use a point for decimals, write {write}",
)
NUMBER_FULL_WIDTH = declare(
    "folder.number_full_width",
    zh="{column} 是 {found}：含全角字符，请用半角写 {write}",
    en="{column} is {found}: it has full-width characters, write {write}",
)
NUMBER_PERCENT = declare(
    "folder.number_percent",
    zh="{column} 是 {found}：不要百分号，请按指标的计量单位写 {write}（或 {share}）",
    en="{column} is {found}: no percent sign, write {write} (or {share}) as the indicator's unit of measure asks",
)
NUMBER_UNIT = declare(
    "folder.number_unit",
    zh="{column} 是 {found}：数字后不要写单位（{measure}），请按指标的计量单位只写数字，如 {write}",
    en="{column} is {found}: no unit of measure ({measure}) in the cell, write only the number, such as {write}",
)
NUMBER_ERROR = declare(
    "folder.number_error",
    zh="{column} 是公式错误 {found}；请改正公式，没有数就留空",
    en="{column} holds the spreadsheet error {found}; correct the formula, or leave the cell empty if there is no value",
)
NUMBER_FORMULA = declare(
    "folder.number_formula",
    zh="{column} 是公式 {found}，没有计算结果；请用 Excel 或 WPS 打开并保存一次，或直接填数",
    en="{column} is the formula {found} without a result; open and save the workbook in a spreadsheet program, "
    "or enter the number",
)
NUMBER_NOT_FINITE = declare(
    "folder.number_not_finite",
    zh="{column} 是 {found}：不是有限的数；没有数就留空",
    en="{column} is {found}: not a finite number; leave the cell empty if there is no value",
)
NUMBER_DATE = declare(
    "folder.number_date",
    zh="{column} 是日期 {found}，应为数字；可能被 Excel 自动转成了日期",
    en="{column} is the date {found}, expected a number; a spreadsheet may have turned it into a date",
)
NUMBER_PLACEHOLDER = declare(
    "folder.number_placeholder",
    zh="{column} 是 {found}：没有数就留空，并在 state 列写 missing（缺报）或 not_applicable（不适用）",
    en="{column} is {found}: leave the cell empty and write missing or not_applicable as the state",
)
NUMBER_TRUTH = declare(
    "folder.number_truth", zh="{column} 是逻辑值 {found}，应为数字", en="{column} is the truth value {found}, expected a number"
)
NUMBER_TEXT = declare(
    "folder.number_text",
    zh="{column} 是文字 {found}，应为数字，如 12.5",
    en="{column} is the text {found}, expected a number such as 12.5",
)
NOT_WHOLE = declare("folder.not_whole", zh="{column} 是 {found}，应为整数", en="{column} is {found}, expected a whole number")
BAD_STATE = declare(
    "folder.bad_state",
    zh="状态 {found} 不认识；可用：reported（已报）、null_reported（零报告）、missing（缺报）、not_applicable（不适用）、"
    "provisional（暂定）、disputed（有争议）",
    en="the state {found} is unknown; expected reported, null_reported, missing, not_applicable, provisional or disputed",
)
BAD_PERIOD = declare(
    "folder.bad_period",
    zh="期间 {found} 不合格式；应如 2020、2020-Q3 或 2020-11，留空即方案年度",
    en="the period {found} has the wrong form; expected 2020, 2020-Q3 or 2020-11, or nothing for the scheme's year",
)
PERIOD_DATE = declare(
    "folder.period_date",
    zh="期间 {found} 是日期；应如 {write}（在 Excel 中先把单元格设为文本）",
    en="the period {found} is a date; write {write} (in a spreadsheet, format the cell as text first)",
)
BAD_DATE = declare(
    "folder.bad_date",
    zh="日期 {found} 不合格式；应如 2020-11-30、2020-11 或 2020，也可留空",
    en="the date {found} has the wrong form; expected 2020-11-30, 2020-11 or 2020, or nothing",
)
BAD_YEAR = declare(
    "folder.bad_year", zh="年度 {found} 应为四位数，如 2019", en="the year {found} should have four digits, such as 2019"
)

# --- observations and targets -----------------------------------------------------------------------------------------------

STATE_WITH_VALUE = declare(
    "folder.state_with_value",
    zh="状态是 {state}，却有数值 {value}；请清空数值或改状态",
    en="the state is {state}, yet there is the value {value}; remove the value or change the state",
)
NULL_REPORT_VALUE = declare(
    "folder.null_report_value",
    zh="零报告的数值是 {value}，应为 0 或留空",
    en="a null report has the value {value}, expected 0 or nothing",
)
STATE_WITHOUT_VALUE = declare(
    "folder.state_without_value",
    zh="状态是 {state}，却没有数值；请填数值或把状态改为 missing（缺报）",
    en="the state is {state}, yet there is no value; enter it or change the state to missing",
)
UNKNOWN_UNIT = declare("folder.unknown_unit", zh="units 表没有考核对象 {unit}", en="the table units has no unit {unit}")
UNKNOWN_TRACK = declare(
    "folder.unknown_track",
    zh="方案没有序列 {track}；可用：{known}",
    en="the scheme has no track {track}; expected one of: {known}",
)
DUPLICATE_ROW = declare(
    "folder.duplicate_row",
    zh="{key} 重复，已见于 {other}",
    en="{key} is there twice, first in {other}",
)
UNKNOWN_INDICATOR = declare(
    "folder.unknown_indicator",
    severity="warning",
    zh="方案没有指标 {indicator}，也没有表达式用到它；这些数不会被使用",
    en="the scheme has no indicator {indicator} and no expression uses it; its rows are not used",
)
INDICATOR_NOT_IN_TRACK = declare(
    "folder.indicator_not_in_track",
    severity="warning",
    zh="考核对象 {unit} 的序列 {track} 不用指标 {indicator}；这些数不会被使用",
    en="the track {track} of the unit {unit} does not use the indicator {indicator}; its rows are not used",
)
EMPTY_TARGET = declare(
    "folder.empty_target",
    severity="warning",
    zh="目标值、基准值、挑战值都是空的",
    en="target, baseline and challenge are all empty",
)

# --- units --------------------------------------------------------------------------------------------------------------------

NO_UNITS = declare("folder.no_units", zh="units 表没有任何考核对象", en="the table units has no unit")

# --- events, history, weights, nominations ----------------------------------------------------------------------------------

UNKNOWN_EVENT = declare(
    "folder.unknown_event",
    zh="方案没有事件 {event}；可用：{known}",
    en="the scheme has no event {event}; expected one of: {known}",
)
EVENT_NEEDS_INDICATOR = declare(
    "folder.event_needs_indicator",
    zh="事件 {event} 使指标作废，须在 indicator 列写明是哪个指标",
    en="the event {event} voids an indicator; name it in the column indicator",
)
EVENT_INDICATOR_NOT_IN_TREE = declare(
    "folder.event_indicator_not_in_tree",
    zh="指标 {indicator} 不在考核对象 {unit} 所属序列 {track} 的指标体系中",
    en="the indicator {indicator} is not in the tree of the track {track} of the unit {unit}",
)
COUNT_NOT_POSITIVE = declare(
    "folder.count_not_positive", zh="次数是 {found}，应大于 0", en="the count is {found}, expected more than 0"
)
NEGATIVE = declare("folder.negative", zh="{column} 是 {found}，不能为负", en="{column} is {found}, must not be negative")
RANK_BELOW_ONE = declare("folder.rank_below_one", zh="名次是 {found}，至少为 1", en="the rank is {found}, expected 1 or more")
HISTORY_TIER = declare(
    "folder.history_tier",
    severity="warning",
    zh="序列 {track} 的方案没有等次 {tier}",
    en="the scheme's track {track} has no tier {tier}",
)
HISTORY_UNIT = declare(
    "folder.history_unit",
    severity="warning",
    zh="units 表没有考核对象 {unit}；若已撤并或更名，可不理会",
    en="the table units has no unit {unit}; ignore this if it was merged or renamed",
)
HISTORY_YEAR = declare(
    "folder.history_year",
    severity="warning",
    zh="{year} 年不早于方案年度 {scheme_year}，不会被使用",
    en="{year} is not before the scheme's year {scheme_year}; the row is not used",
)
UNKNOWN_NODE = declare(
    "folder.unknown_node",
    zh="序列 {track} 的指标体系没有节点 {node}",
    en="the tree of the track {track} has no node {node}",
)
WEIGHT_NEITHER = declare(
    "folder.weight_neither", zh="points 和 weight 都是空的，须填一个", en="points and weight are both empty, expected one of them"
)
WEIGHT_BOTH = declare(
    "folder.weight_both", zh="points 和 weight 只能填一个", en="both points and weight are given, expected one of them"
)
WEIGHT_MIXED = declare(
    "folder.weight_mixed",
    zh="{node} 在方案中用的是 {scheme_kind}，这里填的是 {kind}；同级节点不能混用",
    en="the scheme gives {node} by {scheme_kind}, here it is given by {kind}; siblings do not mix them",
)
WEIGHT_SUM = declare(
    "folder.weight_sum",
    zh="考核对象 {unit} 在 {parent} 之下各项分值合计 {found}，应为 {expected}（{difference}）",
    en="the points under {parent} for the unit {unit} add up to {found}, expected {expected} ({difference})",
)
WEIGHT_ALL_ZERO = declare(
    "folder.weight_all_zero",
    zh="考核对象 {unit} 在 {parent} 之下各项权重都是 0",
    en="all weights under {parent} are 0 for the unit {unit}",
)
UNKNOWN_QUOTA = declare(
    "folder.unknown_quota",
    zh="方案没有名额 {quota}；可用：{known}",
    en="the scheme has no quota {quota}; expected one of: {known}",
)
CITY_NOT_IN_TRACK = declare(
    "folder.city_not_in_track",
    zh="{city} 不属于名额 {quota} 所在的序列 {track}",
    en="{city} is not a unit of the track {track}, which holds the quota {quota}",
)
NOMINEE_NOT_IN_TRACK = declare(
    "folder.nominee_not_in_track",
    zh="{unit} 不属于名额 {quota} 面向的序列 {track}",
    en="{unit} is not a unit of the track {track}, for which the quota {quota} is",
)
NOMINATED_TWICE = declare(
    "folder.nominated_twice",
    zh="{unit} 在名额 {quota} 中被推荐两次，已见于 {other}",
    en="{unit} is nominated twice for the quota {quota}, first in {other}",
)
NOMINEE_ELSEWHERE = declare(
    "folder.nominee_elsewhere",
    severity="warning",
    zh="{unit} 的上级是 {parent}，却由 {city} 推荐",
    en="the parent of {unit} is {parent}, yet {city} nominates it",
)
ORDER_BELOW_ONE = declare(
    "folder.order_below_one", zh="推荐次序是 {found}，至少为 1", en="the order is {found}, expected 1 or more"
)
ORDER_TWICE = declare(
    "folder.order_twice",
    zh="{city} 在名额 {quota} 中的推荐次序 {order} 重复，已见于 {other}",
    en="{city} uses the order {order} twice for the quota {quota}, first in {other}",
)
