"""What each command is for and takes, in both languages, and how that is laid out."""

from __future__ import annotations

from dataclasses import dataclass

from tongkao.cli.session import Session

Pair = tuple[str, str]


@dataclass(frozen=True)
class About:
    """One command.

    Attributes:
        usage: What is typed after its name.
        summary: One line.
        text: What more there is to say.
        arguments: What each argument is.
        options: What each option is; the key is how it is written, with what follows it.
        required: Options that must be there.
    """

    usage: str
    summary: Pair
    text: Pair
    arguments: dict[str, Pair]
    options: dict[str, Pair]
    required: tuple[str, ...] = ()


FOLDER: Pair = ("考核文件夹，或装有一切的工作簿（.xlsx）", "the assessment folder, or a workbook (.xlsx) that holds everything")
OUT: Pair = ("tongkao score 写出的文件夹", "a folder that tongkao score wrote")

COMMANDS: dict[str, About] = {
    "check": About(
        "FOLDER",
        ("检查考核文件夹，一次报出所有问题", "check an assessment folder and report every problem at once"),
        (
            "规则、各表和它们之间的关系都查，并试打分。有错误时退出码为 1。",
            "Rules, tables and what is between them are checked, and a marking is tried. Any error: exit code 1.",
        ),
        {"FOLDER": FOLDER},
        {},
    ),
    "score": About(
        "FOLDER --out OUT",
        ("打分，写出结果，显示结果表", "mark a folder, write the outputs, show the table of results"),
        (
            "只要有一个错误，就不打分，什么都不写，退出码为 1。",
            "With a single error nothing is marked and nothing is written; the exit code is 1.",
        ),
        {"FOLDER": FOLDER},
        {
            "--out OUT": (
                "写到哪个文件夹；那里以前的统考输出会被替换",
                "the folder to write; an earlier output of Tongkao there is replaced",
            )
        },
        ("--out OUT",),
    ),
    "explain": About(
        "OUT --unit UNIT [--node NODE] [--format text|json]",
        ("说明一个单位的得分从何而来", "explain how a unit came to its points"),
        (
            "不写 --node，说明整棵指标树；写了，只说明一个节点：数值、代入了数的规则、权重及其理由、事件、修约。",
            "Without --node the whole tree; with it one node: value, rule with its numbers, weight and why, events, rounding.",
        ),
        {"OUT": OUT},
        {
            "--unit UNIT": ("单位的编号或名称", "id or name of the unit"),
            "--node NODE": (
                "指标、维度或考卷的编号；total 是总分",
                "id of an indicator, dimension or paper; total for the total",
            ),
            "--format text|json": ("给人看（text）还是给程序读（json）", "for people (text) or for programs (json)"),
        },
        ("--unit UNIT",),
    ),
    "diff": About(
        "FOLDER_A FOLDER_B [--format text|json]",
        ("两份方案、两个年度有何不同，谁因此进退", "what changed between two folders, and who moves because of it"),
        (
            "方案和数据都变了时，把进退分成因方案和因数据两部分。",
            "Where both scheme and data changed, moves are split into a part by the scheme and a part by the data.",
        ),
        {"FOLDER_A": ("前一个考核文件夹", "the earlier assessment folder"), "FOLDER_B": ("后一个考核文件夹", "the later one")},
        {"--format text|json": ("给人看（text）还是给程序读（json）", "for people (text) or for programs (json)")},
    ),
    "verify": About(
        "OUT",
        ("用输入的副本复算，说出哪里不同", "recompute an output from the copies of its inputs and name what differs"),
        ("有任何不同，退出码为 1。", "The exit code is 1 if anything differs."),
        {"OUT": OUT},
        {},
    ),
    "statistics": About(
        "FOLDER --out OUT [--format csv|parquet|xlsx]",
        (
            "看看数据本身：分布、缺数、相关、一致性、区分度、趋势",
            "look at the data: spread, gaps, correlations, consistency, trends",
        ),
        (
            "缺数的考核文件夹也能统计。各表各列的意思见文档 docs/reference/statistics.zh-CN.md。",
            "A folder that cannot be marked because values are missing has statistics too. "
            "The tables are explained in docs/reference/statistics.md.",
        ),
        {"FOLDER": FOLDER},
        {
            "--out OUT": (
                "写到哪个文件夹；那里以前的统计会被替换",
                "the folder to write; earlier statistics there are replaced",
            ),
            "--format csv|parquet|xlsx": (
                "一表一个文件（csv、parquet），还是一个工作簿（xlsx）；缺省 csv",
                "a file a table (csv, parquet) or one workbook (xlsx); csv by default",
            ),
        },
        ("--out OUT",),
    ),
    "weights": About(
        "FOLDER [--method METHOD] [--judgements FILE] [--points FILE] [--out OUT]",
        ("各种定权办法会给什么权重，名次会怎样变", "what every weighting method proposes, and what it would change"),
        ("其余照方案；只供分析。", "Everything else stays as in the scheme; for analysis only."),
        {"FOLDER": FOLDER},
        {
            "--method METHOD": ("一种或几种方法，用逗号分开；缺省是全部", "methods, separated by commas; all by default"),
            "--judgements FILE": ("专家两两比较（CSV），供层次分析法", "pairs that experts compared (CSV), for AHP"),
            "--points FILE": ("专家分点（CSV）", "points that experts shared out (CSV)"),
            "--out OUT": ("写到哪个文件夹", "the folder to write"),
        },
    ),
    "robustness": About(
        "FOLDER --out OUT [--spec FILE] [--runs N] [--seed S] [--resume]",
        (
            "名次有多稳：换一种同样说得通的办法，名次会怎样",
            "how sure the ranks are: what other sound choices would give",
        ),
        (
            "哪些地方可以另作选择，写在考核文件夹的 robustness.yaml 里。按 Ctrl-C 停下，加 --resume 接着做。",
            "What may vary is in robustness.yaml of the folder. Ctrl-C stops; --resume goes on.",
        ),
        {"FOLDER": FOLDER},
        {
            "--out OUT": ("写到哪个文件夹；那里以前的分析会被替换", "the folder to write; an earlier analysis there is replaced"),
            "--spec FILE": ("另一个变动文件", "another file of what may vary"),
            "--runs N": ("运行次数，取代文件里的", "how many runs, instead of what the file says"),
            "--seed S": ("种子，取代文件里的", "the seed, instead of what the file says"),
            "--resume": ("接着上次停下的地方做", "go on where an earlier run was stopped"),
        },
        ("--out OUT",),
    ),
    "new": About(
        "FOLDER",
        ("建一个带注释的起步文件夹", "make a commented folder to start from"),
        ("文件夹必须还不存在，或是空的。", "The folder must not exist yet, or be empty."),
        {"FOLDER": ("要建的文件夹", "the folder to make")},
        {},
    ),
    "template": About(
        "FOLDER [--out FILE] [--owner OWNER] [--period PERIOD]",
        ("做一个给责任单位填报的工作簿", "make the workbook that a department fills in"),
        (
            "需要 scheme.yaml 和 units.csv；数据还没有也可以。",
            "scheme.yaml and units.csv are needed; there need be no data yet.",
        ),
        {"FOLDER": ("考核文件夹", "the assessment folder")},
        {
            "--out FILE": ("写到哪个文件（缺省 template.xlsx）", "the file to write (template.xlsx by default)"),
            "--owner OWNER": ("只要这个责任单位的指标", "only the indicators of this department"),
            "--period PERIOD": (
                "填报哪一期，如 2020-Q3（缺省是方案年度）",
                "the period, such as 2020-Q3 (by default the scheme's year)",
            ),
        },
    ),
    "schema": About(
        "",
        ("打印 scheme.yaml 的 JSON Schema", "print the JSON Schema of scheme.yaml"),
        (
            "编辑器用它在书写时提示和检查。",
            "Editors use it to complete and check as one types.",
        ),
        {},
        {},
    ),
}

COMMON: dict[str, str] = {"--lang zh|en": "help.lang", "--help": "help.help"}


def usage_line(session: Session, command: str = "") -> str:
    """How the program or a command is called."""
    if not command:
        return session.words("usage", line="tongkao COMMAND ...")
    return session.words("usage", line=f"tongkao {command} {COMMANDS[command].usage}".rstrip())


def program_help(session: Session) -> str:
    """The program's own help."""
    index = 0 if session.lang == "zh" else 1
    options = {"--version": "help.version", **COMMON}
    return "\n".join(
        [
            usage_line(session),
            "",
            session.words("help.about"),
            "",
            session.words("help.commands"),
            *_rows({name: about.summary[index] for name, about in COMMANDS.items()}),
            "",
            session.words("help.options"),
            *_rows({name: session.words(key) for name, key in options.items()}),
            "",
            session.words("help.more"),
        ]
    )


def command_help(session: Session, command: str) -> str:
    """The help of one command."""
    index = 0 if session.lang == "zh" else 1
    about = COMMANDS[command]
    lines = [usage_line(session, command), "", about.summary[index], about.text[index]]
    if about.arguments:
        lines += ["", session.words("help.arguments"), *_rows({name: pair[index] for name, pair in about.arguments.items()})]
    required = session.words("help.required")
    options = {name: pair[index] + (required if name in about.required else "") for name, pair in about.options.items()}
    options |= {name: session.words(key) for name, key in COMMON.items()}
    return "\n".join([*lines, "", session.words("help.options"), *_rows(options)])


def _rows(entries: dict[str, str]) -> list[str]:
    width = max(len(name) for name in entries) + 2
    return [f"  {name:<{width}}{text}" for name, text in entries.items()]
