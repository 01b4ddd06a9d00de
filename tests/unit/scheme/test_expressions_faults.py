"""Every fault that a formula can have, with the sentence its author reads, in both languages."""

from __future__ import annotations

import pytest

from tongkao.errors import CATALOGUE, Problem
from tongkao.scheme import expression_messages
from tongkao.scheme.expressions import ExpressionError, Fault, Vocabulary, check, parse

from .expressions_units import AWARDS, VALUES

INFIX = "+ - * / ** < <= > >= == != and or"


def faults(text: str, vocabulary: Vocabulary = VALUES) -> list[Fault]:
    try:
        return check(parse(text), vocabulary)
    except ExpressionError as error:
        return [error.fault]


def said(found: list[Fault], lang: str) -> list[str]:
    return [Problem(fault.code, fields=fault.fields).message("zh" if lang == "zh" else "en") for fault in found]


#: text, vocabulary, code, offset, Chinese, English
READ = [
    (
        " \n",
        "empty",
        0,
        "公式是空的，应写一个算式，例如 gdp / population",
        "the formula is empty; write one, for example gdp / population",
    ),
    (
        "g" * 10_001,
        "too_long",
        10_000,
        "公式有 10001 个字符，最多 10000 个；请把一部分另设为一个指标再引用",
        "the formula has 10001 characters, at most 10000 are allowed; make part of it an indicator of its own and use its name",
    ),
    (
        "(" * 300 + "gdp",
        "too_deep",
        200,
        "公式第 201 个字符处嵌套超过 200 层；请把一部分另设为一个指标再引用",
        "character 201 of the formula is nested more than 200 deep; make part of it an indicator of its own and use its name",
    ),
    (
        "gdp @ 2",
        "unknown_character",
        4,
        "公式第 5 个字符「@ (U+0040)」不能出现在公式里",
        "character 5 of the formula, @ (U+0040), has no place in a formula",
    ),
    (
        "gdp\u200b + 1",
        "unknown_character",
        3,
        "公式第 4 个字符「U+200B」不能出现在公式里",
        "character 4 of the formula, U+200B, has no place in a formula",
    ),
    (
        "max（gdp, 1）",
        "full_width",
        3,
        "公式第 4 个字符「（」是全角（中文）符号，请改用半角：(",
        "character 4 of the formula, （, is a full-width (Chinese) character; write (",
    ),
    (
        "gdp ^ 2",
        "write_instead",
        4,
        "公式第 5 个字符处写了「^」，公式里应写 **",
        "character 5 of the formula: ^ is not used in formulas; write **",
    ),
    (
        "if(gdp = 1, 2, 3)",
        "single_equals",
        7,
        "公式第 8 个字符：判断相等要写两个等号 ==，不是一个 =",
        "character 8 of the formula: to ask whether two values are equal write == instead of =",
    ),
    (
        " =gdp + 1",
        "leading_equals",
        1,
        "公式开头不写 =（与电子表格不同），请删去",
        "a formula does not begin with = (unlike in a spreadsheet); leave it out",
    ),
    (
        "gdp / 10万",
        "number",
        6,
        "公式第 7 个字符处的「10万」不是数；数的写法如 1、1.5、.5、1e3，不带单位、千分位和多余的 0",
        "character 7 of the formula: 10万 is not a number; numbers are written like 1, 1.5, .5 or 1e3, "
        "without units, thousands separators or leading zeros",
    ),
    (
        "100 - pm2.5",
        "dot_in_name",
        6,
        "公式第 7 个字符处的「pm2.5」：名称里不能有点号，请用标识（例如 pm25）",
        "character 7 of the formula: pm2.5 has a dot; names have none, use the identifier (for example pm25)",
    ),
    (
        "max(gdp, (1 + 2)",
        "unclosed",
        3,
        "公式第 4 个字符 ( 没有对应的 )",
        "character 4 of the formula: ( is never closed by )",
    ),
    (
        "gdp gdp",
        "unexpected",
        4,
        f"公式第 5 个字符处不应是「gdp」；前面已经完整，此处公式应结束，或接 {INFIX} 之一",
        f"character 5 of the formula: gdp cannot stand here; expected the end of the formula or one of {INFIX}",
    ),
    (
        "(gdp 1)",
        "unexpected_inside",
        5,
        f"公式第 6 个字符处不应是「1」；括号内前面已经完整，此处只能是 {INFIX} ) 之一",
        f"character 6 of the formula: 1 cannot stand here inside parentheses; expected one of {INFIX} )",
    ),
    (
        "gdp * / 2",
        "value_expected",
        6,
        "公式第 7 个字符处不应是「/」；此处应是数、名称、函数、双引号中的文字或左括号",
        "character 7 of the formula: / cannot stand here; "
        "expected a number, a name, a function, a text in double quotes or an opening parenthesis",
    ),
    (
        "(gdp + ",
        "ends_early",
        7,
        "公式在「+」之后就结束了；后面还应有数、名称或函数",
        "the formula ends after +; a number, a name or a function must follow",
    ),
    (
        "if(1 < gdp <= 2, 1, 0)",
        "chained",
        11,
        "公式第 12 个字符「<=」：比较不能连写，a < b < c 应写成 a < b and b < c",
        "character 12 of the formula, <=: comparisons cannot be chained; write a < b and b < c for a < b < c",
    ),
    (
        "1 + gpd",
        "unknown_name",
        4,
        "公式第 5 个字符处的名称 gpd 在这里没有定义（是否想写 gdp？）",
        "character 5 of the formula: nothing is called gpd here (did you mean gdp?)",
    ),
    (
        "ROUND(gdp, 2)",
        "unknown_function",
        0,
        "公式第 1 个字符处：这里没有函数 ROUND（是否想写 round？）",
        "character 1 of the formula: there is no function ROUND here (did you mean round?)",
    ),
    (
        'if(class == "nroth", 1, 2)',
        "unknown_text",
        12,
        '公式第 13 个字符处：class 没有 "nroth" 这一项（是否想写 "north"？）',
        'character 13 of the formula: class knows no "nroth" (did you mean "north"?)',
    ),
    (
        "1 + clip(gdp, 1)",
        "arguments",
        4,
        "公式第 5 个字符处：clip 的写法是 clip(x, low, high)，这里给了 2 项",
        "character 5 of the formula: clip is written clip(x, low, high), parts given: 2",
    ),
    (
        "prev(gdp + 1)",
        "needs_name",
        5,
        "公式第 6 个字符处：prev 里只能写一个名称，不能写 gdp + 1；可把它另设为一个指标",
        "character 6 of the formula: prev takes a plain name, not gdp + 1; make that an indicator of its own",
    ),
    (
        "growth(population)",
        "no_history",
        7,
        "公式第 8 个字符处：population 是单位表的列，没有年份和月份，不能用 growth",
        "character 8 of the formula: population is a column of the units, which has no years or months; growth cannot use it",
    ),
    (
        "prev(gdp, 1.5)",
        "whole_number",
        10,
        "公式第 11 个字符处：prev(x, k) 的第二项必须是 0 到 100 的整数，不能是 1.5",
        "character 11 of the formula: the second part of prev(x, k) must be a whole number from 0 to 100, not 1.5",
    ),
    (
        "clip(gdp, 100, -60)",
        "limits",
        0,
        "公式第 1 个字符处：clip 的下限 100 大于上限 -60",
        "character 1 of the formula: the lower limit 100 of clip is above the upper limit -60",
    ),
    (
        'if(gdp == "north", 1, 2)',
        "type",
        3,
        '公式第 4 个字符处：gdp 和 "north" 不是同一类（数、文字、判断），不能放在一起比较或二选一',
        'character 4 of the formula: gdp and "north" are not of one kind (number, text, condition) '
        "and cannot be compared or chosen between",
    ),
    (
        "gdp + class",
        "type_number",
        6,
        "公式第 7 个字符处：此处要用数，而 class 是文字或判断",
        "character 7 of the formula: a number is needed here, but class is a text or a condition",
    ),
    (
        "if(gdp, 1, 2)",
        "type_condition",
        3,
        "公式第 4 个字符处：此处要用判断（例如 a > 0），而 gdp 是数或文字",
        "character 4 of the formula: a condition such as a > 0 is needed here, but gdp is a number or a text",
    ),
    (
        "gdp > 1",
        "result_number",
        0,
        "公式的结果应是数，而这个公式得出文字或判断",
        "the formula must give a number, but it gives a text or a condition",
    ),
]
JUDGED = [
    (
        "streak(total) > 1",
        "type_text",
        7,
        '公式第 8 个字符处：streak("tier") 的括号里要写双引号中的文字，不能写 total',
        'character 8 of the formula: streak("tier") takes a text in double quotes, not total',
    ),
    (
        "total",
        "result_condition",
        0,
        "公式的结果应是判断（例如 a > 0），而这个公式得出数或文字",
        "the formula must give a condition such as a > 0, but it gives a number or a text",
    ),
]
SENTENCES = [(VALUES, *case) for case in READ] + [(AWARDS, *case) for case in JUDGED]


@pytest.mark.parametrize(
    ("vocabulary", "text", "code", "offset", "chinese", "english"), SENTENCES, ids=[case[2] for case in SENTENCES]
)
def test_what_the_author_reads(vocabulary: Vocabulary, text: str, code: str, offset: int, chinese: str, english: str) -> None:
    found = faults(text, vocabulary)
    assert [(fault.code, fault.offset) for fault in found] == [(f"expression.{code}", offset)]
    assert said(found, "zh") == [chinese]
    assert said(found, "en") == [english]


def test_every_message_is_shown_above() -> None:
    declared = {value for value in vars(expression_messages).values() if isinstance(value, str) and value in CATALOGUE}
    assert {f"expression.{case[2]}" for case in SENTENCES} == declared


@pytest.mark.parametrize(
    ("text", "offset", "found", "instead"),
    [
        ("a（", 1, "（", "("),
        ("a）", 1, "）", ")"),
        ("a ＋ b", 2, "＋", "+"),
        ("a －b", 2, "－", "-"),
        ("a ＊ b", 2, "＊", "*"),
        ("a ／ b", 2, "／", "/"),
        ("a ＊＊ b", 2, "＊", "**"),
        ("max(a，b)", 5, "，", ","),
        ("max(a、b)", 5, "、", ","),
        ("max(a；b)", 5, "；", ","),
        ("a ＝ b", 2, "＝", "=="),
        ("a ＝＝ b", 2, "＝", "=="),
        ("a ！＝ b", 2, "！", "!="),
        ("a ！= b", 2, "！", "!="),
        ("！a", 0, "！", "not"),
        ("a ＞ b", 2, "＞", ">"),
        ("a ＞＝ b", 2, "＞", ">="),
        ("a ＜＞ b", 2, "＜", "!="),
        ("a ＆＆ b", 2, "＆", "and"),
        ("a ｜ b", 2, "｜", "or"),
        ("50％", 2, "％", "/ 100"),
        ("a ＾ 2", 2, "＾", "**"),
        ("class == “north”", 9, "“", '"'),
        ("class == ‘north’", 9, "‘", '"'),
        ('class == "north”', 9, '"', '"'),
        ("class == 「north」", 9, "「", '"'),
        ("【a】", 0, "【", "("),
        ("１００", 0, "１", "1"),
        ("gdｐ", 2, "ｐ", "p"),
        ("1．5", 1, "．", "."),
    ],
)
def test_full_width_characters(text: str, offset: int, found: str, instead: str) -> None:
    fault = faults(text)[0]
    if found == instead:  # opened by a proper quotation mark, closed by a full-width one
        assert fault == ("expression.unclosed", offset, {"opened": found, "closing": instead, "position": offset + 1})
    else:
        assert fault == ("expression.full_width", offset, {"found": found, "instead": instead, "position": offset + 1})


@pytest.mark.parametrize(
    ("text", "offset", "found", "instead"),
    [
        ("a ^ 2", 2, "^", "**"),
        ("a && b", 2, "&&", "and"),
        ("a & b", 2, "&", "and"),
        ("a || b", 2, "||", "or"),
        ("!a", 0, "!", "not"),
        ("a <> b", 2, "<>", "!="),
        ("a => b", 2, "=>", ">="),
        ("a =< b", 2, "=<", "<="),
        ("a === b", 2, "===", "=="),
        ("a !== b", 2, "!==", "!="),
        ("a × b", 2, "×", "*"),
        ("a ÷ b", 2, "÷", "/"),
        ("a − b", 2, "−", "-"),
        ("a – b", 2, "–", "-"),
        ("a ≤ b", 2, "≤", "<="),
        ("a ≥ b", 2, "≥", ">="),
        ("a ≠ b", 2, "≠", "!="),
        ("50%", 2, "%", "/ 100"),
        ("'north'", 0, "'", '"'),
        ("[a]", 0, "[", "("),
        ("max(a; b)", 5, ";", ","),
        ("gdp / 10,000", 6, "10,000", "10000"),
        ("1,234,567.8 + gdp", 0, "1,234,567.8", "1234567.8"),
    ],
)
def test_what_is_written_otherwise_elsewhere(text: str, offset: int, found: str, instead: str) -> None:
    assert faults(text) == [("expression.write_instead", offset, {"found": found, "instead": instead, "position": offset + 1})]


@pytest.mark.parametrize("text", ["10万", "1.2.3", "007", "00", "1e", "1e+", "5.", "3a", "1e999", "٣", "1__0", "0x1F"])
def test_what_is_no_number(text: str) -> None:
    fault = faults(text)[0]
    assert (fault.code, fault.offset) == ("expression.number", 0)
    assert fault.fields["found"] == text.rstrip("+")


@pytest.mark.parametrize(
    ("text", "code", "offset", "nearest"),
    [
        ("a AND b", "unexpected", 2, "and"),
        ("a 或 b", "unexpected", 2, "or"),
        ("(a Or b)", "unexpected_inside", 3, "or"),
        ("and(a, b)", "value_expected", 0, "a and b"),
        ("a b", "unexpected", 2, ""),
        ("2(3)", "unexpected", 1, ""),
        ("a)", "unexpected", 1, ""),
        ("a, b", "unexpected", 1, ""),
        ("max(a, b))", "unexpected", 9, ""),
        ('a "north"', "unexpected", 2, ""),
        ("a not b", "unexpected", 2, ""),
        ("max(a b)", "unexpected_inside", 6, ""),
        ("()", "value_expected", 1, ""),
        ("max(a,)", "value_expected", 6, ""),
        ("max(,a)", "value_expected", 4, ""),
        ("a + not b", "value_expected", 4, ""),
        ("- not b", "value_expected", 2, ""),
        ("a < not b", "value_expected", 4, ""),
        (", a", "value_expected", 0, ""),
        ("a // b", "value_expected", 3, ""),
    ],
)
def test_words_at_the_wrong_place(text: str, code: str, offset: int, nearest: str) -> None:
    fault = faults(text)[0]
    assert (fault.code, fault.offset, fault.fields["nearest"]) == (f"expression.{code}", offset, nearest)


@pytest.mark.parametrize(
    ("text", "code", "offset"),
    [
        ("(", "unclosed", 0),
        ("max(", "unclosed", 3),
        ("max(a,", "unclosed", 3),
        ("(a", "unclosed", 0),
        ("((a)", "unclosed", 0),
        ("(max(a)", "unclosed", 0),
        ('"a\nb"', "unclosed", 0),
        ("a +", "ends_early", 3),
        ("not ", "ends_early", 4),
        ("max(a *", "ends_early", 7),
    ],
)
def test_what_ends_too_early(text: str, code: str, offset: int) -> None:
    assert [(fault.code, fault.offset) for fault in faults(text)] == [(f"expression.{code}", offset)]


def test_the_error_says_what_and_where() -> None:
    with pytest.raises(ExpressionError, match=r"expression.chained at 6: {'found': '<', 'position': 7}"):
        parse("a < b < c")
