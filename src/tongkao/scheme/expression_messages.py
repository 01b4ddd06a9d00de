"""Words of every fault that a formula can have, written for somebody who writes such formulas in a spreadsheet.

All of them have the field ``position``: the place of the character in the formula, counted from 1.
"""

from __future__ import annotations

from tongkao.errors import declare

# --- characters and limits ------------------------------------------------------------------------------------------------

EMPTY = declare(
    "expression.empty",
    zh="公式是空的，应写一个算式，例如 gdp / population",
    en="the formula is empty; write one, for example gdp / population",
)
TOO_LONG = declare(
    "expression.too_long",
    zh="公式有 {length} 个字符，最多 {limit} 个；请把一部分另设为一个指标再引用",
    en="the formula has {length} characters, at most {limit} are allowed; "
    "make part of it an indicator of its own and use its name",
)
TOO_DEEP = declare(
    "expression.too_deep",
    zh="公式第 {position} 个字符处嵌套超过 {limit} 层；请把一部分另设为一个指标再引用",
    en="character {position} of the formula is nested more than {limit} deep; "
    "make part of it an indicator of its own and use its name",
)
UNKNOWN_CHARACTER = declare(
    "expression.unknown_character",
    zh="公式第 {position} 个字符「{found}」不能出现在公式里",
    en="character {position} of the formula, {found}, has no place in a formula",
)
FULL_WIDTH = declare(
    "expression.full_width",
    zh="公式第 {position} 个字符「{found}」是全角（中文）符号，请改用半角：{instead}",
    en="character {position} of the formula, {found}, is a full-width (Chinese) character; write {instead}",
)
WRITE_INSTEAD = declare(
    "expression.write_instead",
    zh="公式第 {position} 个字符处写了「{found}」，公式里应写 {instead}",
    en="character {position} of the formula: {found} is not used in formulas; write {instead}",
)
SINGLE_EQUALS = declare(
    "expression.single_equals",
    zh="公式第 {position} 个字符：判断相等要写两个等号 ==，不是一个 =",
    en="character {position} of the formula: to ask whether two values are equal write == instead of =",
)
LEADING_EQUALS = declare(
    "expression.leading_equals",
    zh="公式开头不写 =（与电子表格不同），请删去",
    en="a formula does not begin with = (unlike in a spreadsheet); leave it out",
)
NUMBER = declare(
    "expression.number",
    zh="公式第 {position} 个字符处的「{found}」不是数；数的写法如 1、1.5、.5、1e3，不带单位、千分位和多余的 0",
    en="character {position} of the formula: {found} is not a number; numbers are written like 1, 1.5, .5 or 1e3, "
    "without units, thousands separators or leading zeros",
)
DOT_IN_NAME = declare(
    "expression.dot_in_name",
    zh="公式第 {position} 个字符处的「{found}」：名称里不能有点号，请用标识（例如 pm25）",
    en="character {position} of the formula: {found} has a dot; names have none, use the identifier (for example pm25)",
)

# --- grammar --------------------------------------------------------------------------------------------------------------

UNCLOSED = declare(
    "expression.unclosed",
    zh="公式第 {position} 个字符 {opened} 没有对应的 {closing}",
    en="character {position} of the formula: {opened} is never closed by {closing}",
)
UNEXPECTED = declare(
    "expression.unexpected",
    zh="公式第 {position} 个字符处不应是「{found}」；前面已经完整，此处公式应结束，或接 {expected} 之一",
    en="character {position} of the formula: {found} cannot stand here; expected the end of the formula or one of {expected}",
)
UNEXPECTED_INSIDE = declare(
    "expression.unexpected_inside",
    zh="公式第 {position} 个字符处不应是「{found}」；括号内前面已经完整，此处只能是 {expected} 之一",
    en="character {position} of the formula: {found} cannot stand here inside parentheses; expected one of {expected}",
)
VALUE_EXPECTED = declare(
    "expression.value_expected",
    zh="公式第 {position} 个字符处不应是「{found}」；此处应是数、名称、函数、双引号中的文字或左括号",
    en="character {position} of the formula: {found} cannot stand here; "
    "expected a number, a name, a function, a text in double quotes or an opening parenthesis",
)
ENDS_EARLY = declare(
    "expression.ends_early",
    zh="公式在「{after}」之后就结束了；后面还应有数、名称或函数",
    en="the formula ends after {after}; a number, a name or a function must follow",
)
CHAINED = declare(
    "expression.chained",
    zh="公式第 {position} 个字符「{found}」：比较不能连写，a < b < c 应写成 a < b and b < c",
    en="character {position} of the formula, {found}: comparisons cannot be chained; write a < b and b < c for a < b < c",
)

# --- meaning --------------------------------------------------------------------------------------------------------------

UNKNOWN_NAME = declare(
    "expression.unknown_name",
    zh="公式第 {position} 个字符处的名称 {name} 在这里没有定义",
    en="character {position} of the formula: nothing is called {name} here",
)
UNKNOWN_FUNCTION = declare(
    "expression.unknown_function",
    zh="公式第 {position} 个字符处：这里没有函数 {name}",
    en="character {position} of the formula: there is no function {name} here",
)
UNKNOWN_TEXT = declare(
    "expression.unknown_text",
    zh='公式第 {position} 个字符处：{name} 没有 "{text}" 这一项',
    en='character {position} of the formula: {name} knows no "{text}"',
)
ARGUMENTS = declare(
    "expression.arguments",
    zh="公式第 {position} 个字符处：{function} 的写法是 {form}，这里给了 {given} 项",
    en="character {position} of the formula: {function} is written {form}, parts given: {given}",
)
NEEDS_NAME = declare(
    "expression.needs_name",
    zh="公式第 {position} 个字符处：{function} 里只能写一个名称，不能写 {part}；可把它另设为一个指标",
    en="character {position} of the formula: {function} takes a plain name, not {part}; make that an indicator of its own",
)
NO_HISTORY = declare(
    "expression.no_history",
    zh="公式第 {position} 个字符处：{name} 是单位表的列，没有年份和月份，不能用 {function}",
    en="character {position} of the formula: {name} is a column of the units, which has no years or months; "
    "{function} cannot use it",
)
WHOLE_NUMBER = declare(
    "expression.whole_number",
    zh="公式第 {position} 个字符处：{form} 的第二项必须是 {lowest} 到 {highest} 的整数，不能是 {part}",
    en="character {position} of the formula: the second part of {form} must be a whole number "
    "from {lowest} to {highest}, not {part}",
)
LIMITS = declare(
    "expression.limits",
    zh="公式第 {position} 个字符处：clip 的下限 {low} 大于上限 {high}",
    en="character {position} of the formula: the lower limit {low} of clip is above the upper limit {high}",
)
TYPE = declare(
    "expression.type",
    zh="公式第 {position} 个字符处：{left} 和 {right} 不是同一类（数、文字、判断），不能放在一起比较或二选一",
    en="character {position} of the formula: {left} and {right} are not of one kind (number, text, condition) "
    "and cannot be compared or chosen between",
)
TYPE_NUMBER = declare(
    "expression.type_number",
    zh="公式第 {position} 个字符处：此处要用数，而 {part} 是文字或判断",
    en="character {position} of the formula: a number is needed here, but {part} is a text or a condition",
)
TYPE_CONDITION = declare(
    "expression.type_condition",
    zh="公式第 {position} 个字符处：此处要用判断（例如 a > 0），而 {part} 是数或文字",
    en="character {position} of the formula: a condition such as a > 0 is needed here, but {part} is a number or a text",
)
TYPE_TEXT = declare(
    "expression.type_text",
    zh="公式第 {position} 个字符处：{form} 的括号里要写双引号中的文字，不能写 {part}",
    en="character {position} of the formula: {form} takes a text in double quotes, not {part}",
)
RESULT_NUMBER = declare(
    "expression.result_number",
    zh="公式的结果应是数，而这个公式得出文字或判断",
    en="the formula must give a number, but it gives a text or a condition",
)
RESULT_CONDITION = declare(
    "expression.result_condition",
    zh="公式的结果应是判断（例如 a > 0），而这个公式得出数或文字",
    en="the formula must give a condition such as a > 0, but it gives a number or a text",
)
