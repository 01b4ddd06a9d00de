"""The words of what can be wrong with a place to write to, and with a marked folder."""

from __future__ import annotations

from tongkao.errors import declare

# --- places to write to -----------------------------------------------------------------------------------------------------

OUT_IS_FILE = declare(
    "reports.out_is_file", zh="输出位置 {path} 是一个文件，应为文件夹", en="the output {path} is a file, expected a folder"
)
OUT_NOT_OURS = declare(
    "reports.out_not_ours",
    zh="{path} 已存在，里面不是统考的输出（没有统考写的 run.json），不会覆盖；请换一个位置",
    en="{path} exists and is no output of Tongkao (it has no run.json of ours); it is not overwritten, choose another place",
)
OUT_FOREIGN = declare(
    "reports.out_foreign",
    zh="{path} 里有不是统考写的文件（{files}），覆盖会丢失它们；请先移走，或换一个位置",
    en="{path} holds files that Tongkao did not write ({files}) and that would be lost; move them away, or choose another place",
)
OUT_IN_FOLDER = declare(
    "reports.out_in_folder",
    zh="输出位置 {path} 在考核文件夹 {folder} 里面；输出不能与输入混在一起，请换一个位置",
    en="the output {path} lies inside the assessment folder {folder}; outputs do not mix with inputs, choose another place",
)
FOLDER_IN_OUT = declare(
    "reports.folder_in_out",
    zh="考核文件夹 {folder} 在输出位置 {path} 里面，写输出会删掉它；请换一个位置",
    en="the assessment folder {folder} lies inside the output {path} and would be deleted; choose another place",
)
OUT_IS_HERE = declare(
    "reports.out_is_here",
    zh="输出位置 {path} 是当前所在的文件夹（或在它之上），不能整体替换；请换一个位置",
    en="the output {path} is the folder you are in (or above it) and cannot be replaced as a whole; choose another place",
)
CANNOT_WRITE = declare("reports.cannot_write", zh="无法写入 {path}：{reason}", en="{path} cannot be written: {reason}")
NO_PERMISSION = declare(
    "reports.no_permission", zh="无法写入 {path}：没有写入权限", en="{path} cannot be written: permission denied"
)
NO_PLACE = declare(
    "reports.no_place",
    zh="无法写入 {path}：上级位置不是文件夹，或那里不能建文件夹",
    en="{path} cannot be written: what is above it is no folder, or takes none",
)
NO_SPACE = declare(
    "reports.no_space",
    zh="无法写入 {path}：磁盘空间不足；什么都没有写",
    en="{path} cannot be written: the disk is full; nothing was written",
)
TOO_MANY_ROWS = declare(
    "reports.too_many_rows",
    zh="这张表有 {rows} 行，工作簿的一张表最多 {limit} 行；请用 --format csv 或 parquet",
    en="this table has {rows} rows, a sheet of a workbook takes {limit}; use --format csv or parquet",
)

# --- marked folders -----------------------------------------------------------------------------------------------------------

NO_OUTPUT = declare("reports.no_output", zh="{path} 不存在", en="{path} does not exist")
NOT_AN_OUTPUT = declare(
    "reports.not_an_output",
    zh="{path} 不是统考的输出：没有 run.json。先用 tongkao score 打分",
    en="{path} is no output of Tongkao: there is no run.json; mark a folder with tongkao score first",
)
NOT_A_MARKING = declare(
    "reports.not_a_marking",
    zh="{path} 里是 tongkao {kind} 的分析，不是打分的输出；这个命令要用 tongkao score 写出的文件夹",
    en="{path} holds an analysis of tongkao {kind} and no marking; this command needs a folder that tongkao score wrote",
)
RUN_UNREADABLE = declare(
    "reports.run_unreadable", zh="不是统考写的 run.json：{reason}", en="this is no run.json of Tongkao: {reason}"
)
NEWER_OUTPUT = declare(
    "reports.newer_output",
    zh="这份输出的格式是第 {format} 版，本程序只认识第 {known} 版；请用统考 {version} 或更新的版本",
    en="this output has format {format}, this program knows {known}; use Tongkao {version} or later",
)
DAMAGED = declare("reports.damaged", zh="文件读不出来：{reason}", en="the file cannot be read: {reason}")
UNKNOWN_UNIT = declare("reports.unknown_unit", zh="结果中没有单位 {unit}", en="the results have no unit {unit}")

# --- verification -------------------------------------------------------------------------------------------------------------

OTHER_VERSION = declare(
    "reports.other_version",
    severity="warning",
    zh="这份结果由统考 {made} 产生，现在用 {used} 复算",
    en="this result was made with Tongkao {made} and is recomputed with {used}",
)
FILE_MISSING = declare("reports.file_missing", zh="文件缺失", en="the file is missing")
FILE_ADDED = declare("reports.file_added", zh="多出的文件，不是打分时写的", en="the file was added; the marking did not write it")
INPUT_CHANGED = declare(
    "reports.input_changed",
    zh="输入的副本被改动过（摘要与 run.json 所记不符）",
    en="this copy of an input was changed (its digest is not the one in run.json)",
)
CELL_DIFFERS = declare(
    "reports.cell_differs",
    zh="{column} 记为 {recorded}，复算为 {recomputed}",
    en="{column} is recorded as {recorded}, recomputed as {recomputed}",
)
ROW_MISSING = declare("reports.row_missing", zh="缺少这一行，复算有：{row}", en="this row is missing; recomputed it is: {row}")
ROW_ADDED = declare("reports.row_added", zh="多出这一行：{row}", en="this row was added: {row}")
ROW_TWICE = declare("reports.row_twice", zh="这一行重复：{row}", en="this row is there twice: {row}")
ROW_COUNT = declare(
    "reports.row_count", zh="有 {recorded} 行，复算有 {recomputed} 行", en="it has {recorded} rows, recomputed {recomputed}"
)
COLUMNS_DIFFER = declare(
    "reports.columns_differ",
    zh="各列是 {recorded}，应为 {recomputed}",
    en="the columns are {recorded}, expected {recomputed}",
)
BYTES_DIFFER = declare(
    "reports.bytes_differ",
    zh="每一格都相同，但文件的字节不同（行的次序、换行符、引号或数字的写法）",
    en="every cell is the same, yet the bytes differ (order of rows, line ends, quotes or the way numbers are written)",
)
RUN_DIFFERS = declare(
    "reports.run_differs",
    zh="{key} 记为 {recorded}，复算为 {recomputed}",
    en="{key} is recorded as {recorded}, recomputed as {recomputed}",
)
MORE_DIFFERENCES = declare("reports.more_differences", zh="还有 {count} 处不同，不再逐一列出", en="and {count} more differences")
