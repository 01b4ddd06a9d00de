"""Commands that are typed wrongly, help, and the language."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from tongkao import __version__
from tongkao.cli.help import COMMANDS
from tongkao.cli.session import choose_language
from tongkao.cli.words import WORDS

from .conftest import Ran, Run

SCORE_ZH = "用法：tongkao score FOLDER --out OUT\n说明：tongkao score --help\n"
SCORE_EN = "Usage: tongkao score FOLDER --out OUT\nHelp: tongkao score --help\n"
PROGRAM_ZH = "用法：tongkao COMMAND ...\n说明：tongkao --help\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scor", "x"], "没有命令 scor（是否想写 score？）。\n" + PROGRAM_ZH),
        (["xyz"], "没有命令 xyz。\n" + PROGRAM_ZH),
        (["--verbose"], "没有选项 --verbose（是否想写 --version？）。\n" + PROGRAM_ZH),
        (["score"], "缺少参数 FOLDER。\n" + SCORE_ZH),
        (["score", "x"], "缺少选项 --out。\n" + SCORE_ZH),
        (["score", "x", "--out"], "选项 --out 后面要写内容。\n" + SCORE_ZH),
        (["score", "x", "--ouy", "y"], "没有选项 --ouy（是否想写 --out？）。\n" + SCORE_ZH),
        (["score", "x", "y", "--out", "z"], "多余的参数：y。\n" + SCORE_ZH),
        (["score", "--lang", "en"], "The argument FOLDER is missing.\n" + SCORE_EN),
        (["--lang", "en", "score", "x"], "The option --out is missing.\n" + SCORE_EN),
        (["score", "x", "--lang", "fr"], "选项 --lang 不能是“fr”；可用：zh | en。\n" + PROGRAM_ZH),
        (["score", "x", "--lang"], "选项 --lang 后面要写内容。\n" + PROGRAM_ZH),
        (
            ["diff", "a", "b", "--format", "xml", "--lang", "en"],
            'The option --format cannot be "xml"; expected text | json.\n'
            "Usage: tongkao diff FOLDER_A FOLDER_B [--format text|json]\nHelp: tongkao diff --help\n",
        ),
    ],
)
def test_a_wrong_command_is_explained(arguments: list[str], message: str, run: Run) -> None:
    assert run(*arguments) == Ran(2, "", message)


def test_the_version(run: Run) -> None:
    assert run("--version") == Ran(0, f"tongkao {__version__}\n", "")


def test_help_of_the_program(run: Run) -> None:
    chinese = run("--help")
    assert chinese == Ran(
        0,
        """\
用法：tongkao COMMAND ...

统考：给考核文件夹（规则和几张表）打分，讲清每一分，并能复算。

命令：
  check       检查考核文件夹，一次报出所有问题
  score       打分，写出结果，显示结果表
  explain     说明一个单位的得分从何而来
  diff        两份方案、两个年度有何不同，谁因此进退
  verify      用输入的副本复算，说出哪里不同
  statistics  看看数据本身：分布、缺数、相关、一致性、区分度、趋势
  weights     各种定权办法会给什么权重，名次会怎样变
  robustness  名次有多稳：换一种同样说得通的办法，名次会怎样
  new         建一个带注释的起步文件夹
  template    做一个给责任单位填报的工作簿
  schema      打印 scheme.yaml 的 JSON Schema

选项：
  --version     显示版本
  --lang zh|en  说中文还是英文；缺省看环境变量 TONGKAO_LANG，再看系统的语言，除英文外都用中文
  --help        显示说明

每个命令的说明：tongkao 命令 --help
""",
        "",
    )
    assert run() == Ran(2, "", chinese.out)


def test_help_of_a_command(run: Run) -> None:
    assert run("score", "--help", "--lang", "en") == Ran(
        0,
        """\
Usage: tongkao score FOLDER --out OUT

mark a folder, write the outputs, show the table of results
With a single error nothing is marked and nothing is written; the exit code is 1.

Arguments:
  FOLDER  the assessment folder, or a workbook (.xlsx) that holds everything

Options:
  --out OUT     the folder to write; an earlier output of Tongkao there is replaced (required)
  --lang zh|en  Chinese or English; by default what TONGKAO_LANG or the system's language says
  --help        show this help
""",
        "",
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_everything_that_a_command_takes(command: str, run: Run) -> None:
    about = COMMANDS[command]
    taken = [name for name in inspect.signature(import_module(f"tongkao.cli.{command}").run).parameters if name != "context"]
    named = [name.lower() for name in about.arguments] + [
        option.partition(" ")[0].removeprefix("--").replace("format", "form") for option in about.options
    ]
    assert named == taken
    for lang in ("zh", "en"):
        assert run(command, "--help", "--lang", lang).code == 0


class TestLanguage:
    @pytest.mark.parametrize(
        ("environment", "lang"),
        [
            ({}, "zh"),
            ({"TONGKAO_LANG": "en"}, "en"),
            ({"TONGKAO_LANG": "en_GB"}, "en"),
            ({"TONGKAO_LANG": "fr"}, "zh"),
            ({"LANG": "en_US.UTF-8"}, "en"),
            ({"LANG": "en_US.UTF-8", "LC_ALL": "C.UTF-8"}, "zh"),
            ({"LANG": "en_US.UTF-8", "TONGKAO_LANG": "zh"}, "zh"),
        ],
    )
    def test_the_environment_decides_where_nothing_is_said(self, environment: dict[str, str], lang: str) -> None:
        assert choose_language(["check", "x"], environment) == (lang, ["check", "x"])

    def test_the_last_word_counts(self) -> None:
        assert choose_language(["--lang", "en", "check", "--lang=zh", "x"], {"TONGKAO_LANG": "en"}) == ("zh", ["check", "x"])

    def test_nothing_is_taken_after_two_dashes(self) -> None:
        assert choose_language(["check", "--", "--lang", "en"], {}) == ("zh", ["check", "--", "--lang", "en"])

    def test_the_environment_reaches_the_output(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TONGKAO_LANG", "en")
        assert run("check", folder).out.startswith("All is well")


def test_both_languages_have_the_same_places() -> None:
    from string import Formatter

    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert {key for key, (zh, en) in WORDS.items() if zh and places(zh) != places(en)} == set()
