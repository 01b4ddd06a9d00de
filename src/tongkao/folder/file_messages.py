"""The words of every problem that a folder's files, sheets and headers can have."""

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

# --- text files -----------------------------------------------------------------------------------------------------------

UTF16 = declare(
    "folder.utf16",
    zh="文件编码是 UTF-16；请另存为 UTF-8（在 Excel 中选“CSV UTF-8（逗号分隔）”）",
    en='the file is UTF-16; save it as UTF-8 (in a spreadsheet program: "CSV UTF-8")',
)
UNDECODABLE = declare(
    "folder.undecodable",
    zh="字节 {byte} 既不是 UTF-8 也不是 GB18030；请另存为 UTF-8（在 Excel 中选“CSV UTF-8（逗号分隔）”）",
    en='the byte {byte} is neither UTF-8 nor GB18030; save the file as UTF-8 (in a spreadsheet program: "CSV UTF-8")',
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
    zh="这一行超过 {limit} 字节，不像是正常的文本文件",
    en="this line is longer than {limit} bytes; this does not look like a proper text file",
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
