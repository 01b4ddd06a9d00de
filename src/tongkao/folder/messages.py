"""The words of every problem that a folder's files and tables can have."""

from __future__ import annotations

from tongkao.errors import declare

# --- files ----------------------------------------------------------------------------------------------------------------

NOT_A_FOLDER = declare("folder.not_a_folder", zh="{path} 不是文件夹", en="{path} is not a folder")
MISSING_TABLE = declare(
    "folder.missing_table",
    zh="缺少 {table} 表：需要 {table}.csv、{table}.parquet，或工作簿（.xlsx）中名为 {table} 的工作表",
    en="the table {table} is missing: expected {table}.csv, {table}.parquet, or a sheet {table} in a workbook (.xlsx)",
)
MISSING_SCHEME = declare(
    "folder.missing_scheme",
    zh="缺少考核方案：需要 scheme.yaml，或工作簿（.xlsx）中的 scheme、tree、indicators 三个工作表",
    en="the scheme is missing: expected scheme.yaml, or the sheets scheme, tree and indicators in a workbook (.xlsx)",
)
FOUND_TWICE = declare(
    "folder.found_twice",
    zh="{name} 出现多处：{places}；只能保留一处",
    en="{name} is there more than once: {places}; keep one",
)
TWO_WORKBOOKS = declare(
    "folder.two_workbooks",
    zh="文件夹里有多个工作簿：{files}；只能保留一个 .xlsx",
    en="the folder holds several workbooks: {files}; keep one .xlsx",
)
FILE_NAME = declare(
    "folder.file_name",
    severity="warning",
    zh="没有读取 {file}：文件名不是已知的表名",
    en="{file} was not read: no table has this name",
)
SHEET_NAME = declare(
    "folder.sheet_name",
    severity="warning",
    zh="没有读取工作表 {sheet}：不是已知的表名",
    en="the sheet {sheet} was not read: no table has this name",
)
OTHER_WORKBOOK = declare(
    "folder.other_workbook",
    severity="warning",
    zh="没有读取 {file}：工作簿须另存为 .xlsx 格式",
    en="{file} was not read: save the workbook as .xlsx",
)
UNREADABLE = declare("folder.unreadable", zh="文件无法读取：{reason}", en="the file cannot be read: {reason}")
TOO_LARGE = declare(
    "folder.too_large", zh="文件有 {size} 字节，上限为 {limit} 字节", en="the file has {size} bytes, the limit is {limit} bytes"
)
EMPTY_FILE = declare("folder.empty_file", zh="文件是空的", en="the file is empty")
MORE = declare(
    "folder.more",
    zh="自此处起同类问题（{kind}）还有 {count} 处，不再逐一列出",
    en="and {count} more of this kind ({kind}) from here on",
)
MORE_WARNINGS = declare(
    "folder.more_warnings",
    severity="warning",
    zh="自此处起同类提醒（{kind}）还有 {count} 处，不再逐一列出",
    en="and {count} more of this kind ({kind}) from here on",
)

# --- text files -----------------------------------------------------------------------------------------------------------

UTF16 = declare(
    "folder.utf16",
    zh="文件编码是 UTF-16；请另存为“CSV UTF-8（逗号分隔）”",
    en='the file is UTF-16; save it as "CSV UTF-8 (comma delimited)"',
)
UNDECODABLE = declare(
    "folder.undecodable",
    zh="字节 {byte} 既不是 UTF-8 也不是 GB18030；请另存为“CSV UTF-8（逗号分隔）”",
    en='the byte {byte} is neither UTF-8 nor GB18030; save the file as "CSV UTF-8 (comma delimited)"',
)
BROKEN_UTF8 = declare(
    "folder.broken_utf8",
    zh="UTF-8 文件在此处有损坏的字节 {byte}；请改正这一行",
    en="the UTF-8 file has a damaged byte {byte} here; correct this line",
)
NUL_BYTE = declare(
    "folder.nul_byte",
    zh="文件含有空字节（NUL），可能已损坏或不是文本文件",
    en="the file holds a NUL byte; it is damaged or no text file",
)
LONG_LINE = declare(
    "folder.long_line",
    zh="这一行超过 {limit} 字节，不像是 CSV 文件",
    en="this line is longer than {limit} bytes; this does not look like a CSV file",
)
SEPARATOR = declare(
    "folder.separator",
    zh="列之间用了 {found}，应当用英文逗号“,”",
    en="the columns are separated by {found}, expected a comma",
)
STRAY_QUOTE = declare(
    "folder.stray_quote",
    zh='双引号用错：含逗号、引号或换行的内容须整格放在双引号里，其中的引号写两遍（如 "甲""乙"）',
    en='a quotation mark is out of place: quote the whole cell and write a quotation mark inside it twice ("a ""b"" c")',
)
OPEN_QUOTE = declare(
    "folder.open_quote",
    zh="从这一行开始的双引号没有结束",
    en="the quotation mark opened in this line is never closed",
)
TOO_MANY_FIELDS = declare(
    "folder.too_many_fields",
    zh="这一行有 {found} 格，表头只有 {expected} 列；含逗号的内容要加双引号",
    en="this row has {found} cells, the header has {expected}; a cell that holds a comma needs quotation marks",
)
TOO_FEW_FIELDS = declare(
    "folder.too_few_fields",
    zh="这一行只有 {found} 格，表头有 {expected} 列；空格子也要保留逗号",
    en="this row has {found} cells, the header has {expected}; an empty cell needs its comma too",
)

# --- workbooks and Parquet ------------------------------------------------------------------------------------------------

NOT_A_WORKBOOK = declare(
    "folder.not_a_workbook",
    zh="不是有效的 .xlsx 工作簿（{reason}）；请用 Excel 或 WPS 重新另存为 .xlsx",
    en="this is no valid .xlsx workbook ({reason}); save it again as .xlsx",
)
OLD_WORKBOOK = declare(
    "folder.old_workbook",
    zh="这是旧的 .xls 格式；请另存为 .xlsx",
    en="this is the old .xls format; save it as .xlsx",
)
ENCRYPTED = declare("folder.encrypted", zh="工作簿有密码；请先取消密码", en="the workbook has a password; remove it first")
ZIP_BOMB = declare(
    "folder.zip_bomb",
    zh="工作簿解压后有 {size} 字节（压缩比 {ratio}），超出限度（{limit} 字节或压缩比 200），已拒绝读取",
    en="the workbook unpacks to {size} bytes (ratio {ratio}), beyond the limit ({limit} bytes or ratio 200); it was not read",
)
NO_SHEETS = declare("folder.no_sheets", zh="工作簿里没有工作表", en="the workbook has no sheets")
SHEET_TOO_LARGE = declare(
    "folder.sheet_too_large",
    zh="工作表的范围是 {area}，超过 {limit} 格；请删除远处的多余单元格",
    en="the sheet covers {area}, more than {limit} cells; delete the stray cells far out",
)
EMPTY_SHEET = declare("folder.empty_sheet", zh="工作表是空的", en="the sheet is empty")
ERROR_CELL = declare(
    "folder.error_cell",
    zh="单元格是公式错误 {found}；请改正公式或填入数值",
    en="the cell holds the error {found}; correct the formula or enter the value",
)
UNCALCULATED = declare(
    "folder.uncalculated",
    zh="公式没有保存计算结果；请用 Excel 或 WPS 打开并保存一次",
    en="the formula has no stored result; open the workbook in a spreadsheet program and save it",
)
MERGED = declare(
    "folder.merged",
    zh="数据区有合并单元格 {range}；请取消合并并逐格填写",
    en="the data has merged cells {range}; unmerge them and fill in each cell",
)
HIDDEN_SHEET = declare(
    "folder.hidden_sheet", severity="warning", zh="隐藏的工作表也已读取", en="the hidden sheet was read like the others"
)
HIDDEN_ROWS = declare(
    "folder.hidden_rows",
    severity="warning",
    zh="工作表有隐藏（或筛选掉）的行或列，也已读取",
    en="the sheet has hidden (or filtered) rows or columns; they were read like the others",
)
VALUES_PERIOD = declare(
    "folder.values_period",
    zh="工作表名 {sheet} 中的期间应写成如 values 2020、values 2020-Q3 或 values 2020-11",
    en="the period in the sheet name {sheet} should be like values 2020, values 2020-Q3 or values 2020-11",
)
UNNAMED_COLUMN = declare(
    "folder.unnamed_column", zh="这一列有内容，但表头是空的", en="this column has cells but no name in the header"
)
NOT_PARQUET = declare("folder.not_parquet", zh="不是有效的 Parquet 文件：{reason}", en="this is no valid Parquet file: {reason}")
PARQUET_TYPE = declare(
    "folder.parquet_type",
    zh="{column} 列的类型是 {found}，应为{expected}",
    en="the column {column} has the type {found}, expected {expected}",
)

# --- headers --------------------------------------------------------------------------------------------------------------

MISSING_COLUMN = declare(
    "folder.missing_column", zh="缺少 {column} 列；表头是：{header}", en="the column {column} is missing; the header is: {header}"
)
COLUMN_TWICE = declare("folder.column_twice", zh="{column} 列出现两次", en="the column {column} is there twice")
UNKNOWN_COLUMN = declare(
    "folder.unknown_column",
    zh="{table} 表没有 {column} 这一列；可用的列：{known}",
    en="the table {table} has no column {column}; its columns are: {known}",
)
COLUMN_NAME = declare(
    "folder.column_name",
    severity="warning",
    zh="{column} 列按自设列读取，它与已知的列名相近",
    en="the column {column} was read as a column of your own; its name is close to a known one",
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

# --- a scheme in a workbook ---------------------------------------------------------------------------------------------------

KEY_TWICE = declare("folder.key_twice", zh="{key} 出现两次", en="{key} is there twice")
KEY_CLASH = declare(
    "folder.key_clash",
    zh="{key} 与 {other} 冲突：同一处不能既是值又有下级",
    en="{key} clashes with {other}: one place cannot both be a value and have parts",
)
BAD_KEY = declare(
    "folder.bad_key",
    zh="键 {key} 不合格式；应如 year、title.zh、tracks.city.tiers[]",
    en="the key {key} has the wrong form; expected, for example, year, title.zh or tracks.city.tiers[]",
)
BAD_CELL_TEXT = declare(
    "folder.bad_cell_text",
    zh="单元格内容 {found} 的括号或引号不成对；应如 {example}",
    en="the brackets or quotation marks of {found} do not match; expected, for example, {example}",
)
UNKNOWN_PARENT = declare(
    "folder.unknown_parent",
    zh="序列 {track} 没有上级节点 {parent}",
    en="the track {track} has no node {parent} to be the parent",
)
PARENT_CYCLE = declare("folder.parent_cycle", zh="节点 {node} 是自己的上级", en="the node {node} is above itself")
MISSING_SCHEME_SHEET = declare(
    "folder.missing_scheme_sheet",
    zh="工作簿里的方案缺少工作表 {sheet}（须有 scheme、tree、indicators）",
    en="the scheme in the workbook lacks the sheet {sheet} (expected scheme, tree and indicators)",
)

# --- new folders and templates --------------------------------------------------------------------------------------------------

TARGET_NOT_EMPTY = declare(
    "folder.target_not_empty", zh="{path} 已存在且不是空文件夹", en="{path} exists and is not an empty folder"
)
FILE_EXISTS = declare("folder.file_exists", zh="{path} 已存在；不会覆盖", en="{path} exists; it is not overwritten")
UNKNOWN_OWNER = declare("folder.unknown_owner", zh="没有责任单位为 {owner} 的指标", en="no indicator has the owner {owner}")
CANNOT_WRITE = declare("folder.cannot_write", zh="无法写入 {path}：{reason}", en="{path} cannot be written: {reason}")
