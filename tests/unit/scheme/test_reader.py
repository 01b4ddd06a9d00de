from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.scheme.sound import SOUND
from tongkao.errors import Place
from tongkao.scheme import reader
from tongkao.scheme.positions import Mark
from tongkao.scheme.reader import read_yaml


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers: the C extension, and the one that takes its place where it is missing."""
    monkeypatch.setattr(reader, "HAS_LIBYAML", request.param == "libyaml")
    return str(request.param)


def read(text: str) -> tuple[object, list[str]]:
    document = read_yaml(text)
    return document.data, [problem.describe("en") for problem in document.problems]


@pytest.mark.usefixtures("parser")
def test_scalars_follow_the_core_rules_of_yaml_1_2() -> None:
    text = (
        "a: 1\nb: -2.5\nc: 1e3\nd: .5\ne: 007\nf: 0x1F\ng: 0o17\nh: true\ni: False\nj: ~\nk:\nl: no\nm: 2020-01-01\nn: 1_000\n"
        "o: '1'\np: \"true\"\nq: |\n  two\n  lines\nr: >-\n  folded\n  text\ns: 1:30\nt: 123456789012345678901234567890\n"
        "1: one\n'2': two\n中文: 值\n"
    )
    data, problems = read(text)
    assert problems == []
    assert data == {
        "a": 1,
        "b": -2.5,
        "c": 1000.0,
        "d": 0.5,
        "e": 7,
        "f": 31,
        "g": 15,
        "h": True,
        "i": False,
        "j": None,
        "k": None,
        "l": "no",
        "m": "2020-01-01",
        "n": "1_000",
        "o": "1",
        "p": "true",
        "q": "two\nlines\n",
        "r": "folded text",
        "s": "1:30",
        "t": 123456789012345678901234567890.0,
        "1": "one",
        "2": "two",
        "中文": "值",
    }
    assert isinstance(data, dict)
    assert {key: type(data[key]) for key in "abh"} == {"a": int, "b": float, "h": bool}


@pytest.mark.usefixtures("parser")
def test_every_key_and_value_has_a_place() -> None:
    document = read_yaml("a:\n  - {b: 1, 中: '二'}\n  - c\nd: [x]\n")
    positions = document.positions
    assert positions.mark(("a",)) == Mark(2, 3, 1, 1, 5, 5, "collection")
    assert positions.mark(("a", 0, "中")) == Mark(2, 15, 2, 12, 17, 20, "'")
    assert positions.place(("a",), "f") == Place("f", 1, 1)
    assert positions.place(("a",), "f", of="value") == Place("f", 2, 3)
    assert positions.place(("a", 0, "b"), "f") == Place("f", 2, 9)
    assert positions.place(("a", 0, "b"), "f", of="key") == Place("f", 2, 6)
    assert positions.place(("a", 1), "f") == Place("f", 3, 5)
    assert positions.place(("a", 1, "absent", "more"), "f") == Place("f", 3, 5)
    assert positions.source(("a", 0, "b")) == "1"
    assert positions.source(("a", 0, "中")) == ""


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "value", "character", "line", "column"),
    [
        ("a: one + two", "one + two", "t", 1, 10),
        ("a: 'one + two'", "one + two", "t", 1, 11),
        ('a: "one + two"', "one + two", "t", 1, 11),
        ("a: 'it''s + two'", "it's + two", "w", 1, 14),
        ("a: one\n  + two", "one + two", "t", 2, 5),
        ("a: >-\n  one\n  + two\n", "one + two", "t", 3, 5),
        ("a: |\n    one\n     + two\n", "one\n + two\n", "t", 3, 8),
        ('a: "one \\\n  + two"', "one + two", "t", 1, 4),
        ("b: {a: 甲 + two}", "甲 + two", "t", 1, 12),
    ],
)
def test_a_character_of_a_text_is_found_in_the_source(text: str, value: str, character: str, line: int, column: int) -> None:
    document = read_yaml(text)
    path = ("a",) if text.startswith("a") else ("b", "a")
    assert document.data is not None
    assert (document.data["a"] if path == ("a",) else document.data["b"]["a"]) == value
    assert document.positions.inside(path, "f", value, value.index(character)) == Place("f", line, column)


def test_the_end_of_a_text_is_after_its_last_character() -> None:
    document = read_yaml("a: one +  # sum\nb: >-\n  one\n  +\n\nc: 1\n")
    assert document.positions.inside(("a",), "f", "one +", 5) == Place("f", 1, 9)
    assert document.positions.inside(("b",), "f", "one +", 5) == Place("f", 4, 4)


@pytest.mark.usefixtures("parser")
def test_what_an_alias_repeats_is_found_where_it_is_written() -> None:
    document = read_yaml("a: &x\n  b: [1, 2]\nc: *x\nd: [*x, *y]\ne: &n 007\nf: *n\n")
    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": [{"b": [1, 2]}, None], "e": 7, "f": 7}
    assert [problem.describe("en") for problem in document.problems] == ["scheme.yaml:4:9: there is no anchor &y"]
    assert document.positions.place(("c", "b", 1), "f") == Place("f", 2, 10)
    assert document.positions.place(("d", 0, "b", 0), "f") == Place("f", 2, 7)
    assert document.positions.place(("c",), "f") == Place("f", 3, 4)
    assert document.positions.source(("f",)) == "007"
    assert document.positions.place(("e",), "f") == Place("f", 5, 7)


def test_both_parsers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = read_yaml(SOUND)
    monkeypatch.setattr(reader, "HAS_LIBYAML", False)
    slow = read_yaml(SOUND)
    assert fast.data is not None
    assert fast.data == slow.data
    assert fast.positions._marks == slow.positions._marks


FAULTS = [
    ("", "方案是空的", "the scheme is empty"),
    ("# nothing\n", "方案是空的", "the scheme is empty"),
    ("---\n", "方案是空的", "the scheme is empty"),
    (
        "- a\n- b\n",
        ":1:1: 方案应由“键: 值”组成，例如 tongkao: 1",
        ':1:1: a scheme is made of "key: value", for example tongkao: 1',
    ),
    (
        "just text\n",
        ":1:1: 方案应由“键: 值”组成，例如 tongkao: 1",
        ':1:1: a scheme is made of "key: value", for example tongkao: 1',
    ),
    (
        "a: 1\n---\nb: 2\n",
        ":2:1: 一个文件只能有一个方案，此处用 --- 又开始了一个",
        ":2:1: a file holds one scheme, here --- begins another",
    ),
    ("a: 1\na: 2\n", ":2:1: 键 a 重复，第 1 行已有", ":2:1: the key a is repeated, line 1 has it already"),
    ("a: .inf\n", ":1:4: .inf 不是有限的数", ":1:4: .inf is not a finite number"),
    ("a: .nan\n", ":1:4: .nan 不是有限的数", ":1:4: .nan is not a finite number"),
    ("a: 1e999\n", ":1:4: 1e999 不是有限的数", ":1:4: 1e999 is not a finite number"),
    (
        "a: !!python/object/apply:os.system [x]\n",
        ":1:4: 方案中不能用类型标签 !!python/object/apply:os.system",
        ":1:4: type tags such as !!python/object/apply:os.system have no place in a scheme",
    ),
    ("a: !x {b: 1}\n", ":1:4: 方案中不能用类型标签 !x", ":1:4: type tags such as !x have no place in a scheme"),
    ("!!str a: 1\n", ":1:1: 方案中不能用类型标签 !!str", ":1:1: type tags such as !!str have no place in a scheme"),
    ("a: !e!x 1\n", ":1:4: 方案中不能用类型标签 !", ":1:4: type tags such as ! have no place in a scheme"),
    ("ab: *xy\nxz: &xz 1\n", ":1:5: 没有锚点 &xy", ":1:5: there is no anchor &xy"),
    ("a: &xz 1\nb: *xy\n", ":2:4: 没有锚点 &xy", ":2:4: there is no anchor &xy"),
    ("a: &x [*x]\n", ":1:8: *x 包含它自己", ":1:8: *x contains itself"),
    ("? [a]\n: 1\n", ":1:3: 键应为一个名称，不能是列表或映射", ":1:3: a key is a name, not a list or a mapping"),
    ("a: " + "[" * 70, ":1:67: 嵌套超过 64 层", ":1:67: more than 64 levels are nested"),
    ("a: 1\n\tb: 2\n", ":2:1: 缩进只能用空格，此处是制表符（Tab）", ":2:1: indent with spaces, here is a tab"),
    ("a:\n\t- 1\n", ":2:1: 缩进只能用空格，此处是制表符（Tab）", ":2:1: indent with spaces, here is a tab"),
    ("a: 'b\nc: d\n", ":1:4: 此处的引号没有成对", ":1:4: the quotation mark here is never closed"),
    (
        'a: "\\q"\n',
        ":1:5: 双引号中的 \\ 后面不能是这个字符；请改用单引号，或写成 \\\\",
        ":1:5: this character cannot follow \\ in double quotes; use single quotes, or write \\\\",
    ),
    (
        "a: [1, 2\nb: 3\n",
        ":1:4: 此处的 [ 没有配对的 ]，或到第 2 行为止缺少逗号（须用英文逗号）",
        ":1:4: the [ here has no ], or an ordinary comma is missing up to line 2",
    ),
    (
        "a: {b: 1\nc: 3\n",
        ":1:4: 此处的 { 没有配对的 }，或到第 2 行为止缺少逗号（须用英文逗号）",
        ":1:4: the { here has no }, or an ordinary comma is missing up to line 2",
    ),
    (
        "a: b: c\n",
        ":1:5: 此处不应有冒号：请检查缩进（须用半角空格），含冒号的文字请加引号",
        ":1:5: a colon cannot stand here: check the indentation (ordinary spaces), and put text with a colon in quotes",
    ),
    (
        "a: 1\nother\n",
        ":2:1: 此处应为“键: 值”，缺少冒号（须用英文冒号，后面要有空格）",
        ':2:1: "key: value" belongs here, the colon (an ordinary one with a space after it) is missing',
    ),
    ("a: @b\n", ":1:4: 值不能以 @ 开头，请加引号", ":1:4: a value cannot begin with @, put it in quotes"),
    ("a: %b\n", ":1:4: 值不能以 % 开头，请加引号", ":1:4: a value cannot begin with %, put it in quotes"),
    (
        "a:\n  - 1\n - 2\n",
        ":3:2: 此行与同级各行没有对齐，或结构不对",
        ":3:2: this line is not aligned with its siblings, or does not belong here",
    ),
    ("{a: 1} }\n", ":1:8: 方案结束后还有内容", ":1:8: something follows the end of the scheme"),
    (
        "a: ]\n",
        ":1:4: 此处的 YAML 写法有误；以 *、&、]、} 等符号开头的文字请加引号",
        ":1:4: this is not correct YAML; put text that begins with a sign such as *, &, ] or } in quotes",
    ),
    (
        "a: b\x00\n",
        ":1:5: 文中有不可见的控制字符 U+0000，请删去",
        ":1:5: there is an invisible control character U+0000, remove it",
    ),
    (
        "a: 1\nb: \ud800\n",
        ":2:4: 文中有不可见的控制字符 U+D800，请删去",
        ":2:4: there is an invisible control character U+D800, remove it",
    ),
]


@pytest.mark.parametrize(("text", "zh", "en"), FAULTS, ids=[repr(fault[0][:24]) for fault in FAULTS])
def test_every_fault_of_the_text_is_described_in_our_words(text: str, zh: str, en: str) -> None:
    def expected(words: str) -> str:
        return f"scheme.yaml{words}" if words.startswith(":") else f"scheme.yaml: {words}"

    problems = read_yaml(text).problems
    assert [problem.describe("zh") for problem in problems] == [expected(zh)]
    assert [problem.describe("en") for problem in problems] == [expected(en)]


@pytest.mark.parametrize("text", [fault[0] for fault in FAULTS], ids=[repr(fault[0][:24]) for fault in FAULTS])
def test_the_pure_parser_finds_a_fault_too(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = {problem.place.line for problem in read_yaml(text).problems}
    monkeypatch.setattr(reader, "HAS_LIBYAML", False)
    assert {problem.place.line for problem in read_yaml(text).problems} == lines


def test_several_faults_that_are_no_syntax_errors_are_found_together() -> None:
    data, problems = read("a: .inf\nb: !x 1\nb: .nan\nc: *d\n")
    assert problems == [
        "scheme.yaml:1:4: .inf is not a finite number",
        "scheme.yaml:2:4: type tags such as !x have no place in a scheme",
        "scheme.yaml:3:1: the key b is repeated, line 2 has it already",
        "scheme.yaml:3:4: .nan is not a finite number",
        "scheme.yaml:4:4: there is no anchor &d",
    ]
    assert data == {"a": 0.0, "b": 1, "c": None}


def test_a_byte_order_mark_is_ignored() -> None:
    assert read("\ufeffa: .inf\n") == ({"a": 0.0}, ["scheme.yaml:1:4: .inf is not a finite number"])


def test_a_yaml_bomb_is_refused_at_once() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{new}: &{new} [{', '.join(['*' + old] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    assert read("\n".join(lines)) == (None, ["scheme.yaml:6:8: aliases such as *e repeat more than 100000 values"])


def test_a_scheme_that_is_too_large_is_refused_unread() -> None:
    assert read("a: " + "x" * 5_000_000) == (None, ["scheme.yaml: the scheme has 5000003 characters, at most 5000000 are read"])


def test_a_scheme_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "NODE_LIMIT", 10)
    assert read("a: [1, 2, 3, 4, 5, 6, 7, 8, 9]") == (None, ["scheme.yaml:1:29: there are more than 10 values"])


@given(st.text(alphabet=st.sampled_from("ab:-[]{},'\"|>&*!%@#?\\\n \t0.中"), max_size=60))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    document = read_yaml(text)
    assert (document.data is None) <= bool(document.problems)
    for problem in document.problems:
        assert problem.describe("zh")
        assert problem.place.line <= text.count("\n") + 2
