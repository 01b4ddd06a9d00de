"""Words for faults of a scheme's text and shape; those of its content are in :mod:`tongkao.scheme.check_messages`."""

from __future__ import annotations

from tongkao.errors import declare

# --- the text (reader) ----------------------------------------------------------------------------------------------------

YAML_TOO_LARGE = declare(
    "scheme.yaml_too_large",
    zh="方案有 {size} 个字符，最多 {limit} 个",
    en="the scheme has {size} characters, at most {limit} are read",
)
YAML_UNPRINTABLE = declare(
    "scheme.yaml_unprintable",
    zh="文中有不可见的控制字符 {character}，请删去",
    en="there is an invisible control character {character}, remove it",
)
YAML_EMPTY = declare("scheme.yaml_empty", zh="方案是空的", en="the scheme is empty")
YAML_NOT_A_MAPPING = declare(
    "scheme.yaml_not_a_mapping",
    zh="方案应由“键: 值”组成，例如 tongkao: 1",
    en='a scheme is made of "key: value", for example tongkao: 1',
)
YAML_SEVERAL = declare(
    "scheme.yaml_several",
    zh="一个文件只能有一个方案，此处用 --- 又开始了一个",
    en="a file holds one scheme, here --- begins another",
)
YAML_TOO_DEEP = declare(
    "scheme.yaml_too_deep",
    zh="嵌套超过 {limit} 层",
    en="more than {limit} levels are nested",
)
YAML_TOO_MANY = declare("scheme.yaml_too_many", zh="值多于 {limit} 个", en="there are more than {limit} values")
YAML_TAG = declare(
    "scheme.yaml_tag",
    zh="方案中不能用类型标签 {tag}",
    en="type tags such as {tag} have no place in a scheme",
)
YAML_ALIAS_UNKNOWN = declare("scheme.yaml_alias_unknown", zh="没有锚点 &{name}", en="there is no anchor &{name}")
YAML_ALIAS_ITSELF = declare("scheme.yaml_alias_itself", zh="*{name} 包含它自己", en="*{name} contains itself")
YAML_ALIAS_BOMB = declare(
    "scheme.yaml_alias_bomb",
    zh="别名（*{name} 等）展开后的值多于 {limit} 个",
    en="aliases such as *{name} repeat more than {limit} values",
)
YAML_KEY = declare("scheme.yaml_key", zh="键应为一个名称，不能是列表或映射", en="a key is a name, not a list or a mapping")
YAML_DUPLICATE_KEY = declare(
    "scheme.yaml_duplicate_key",
    zh="键 {key} 重复，第 {first} 行已有",
    en="the key {key} is repeated, line {first} has it already",
)
YAML_NOT_FINITE = declare(
    "scheme.yaml_not_finite",
    zh="{text} 不是有限的数",
    en="{text} is not a finite number",
)
YAML_TAB = declare(
    "scheme.yaml_tab",
    zh="缩进只能用空格，此处是制表符（Tab）",
    en="indent with spaces, here is a tab",
)
YAML_QUOTE = declare("scheme.yaml_quote", zh="此处的引号没有成对", en="the quotation mark here is never closed")
YAML_ESCAPE = declare(
    "scheme.yaml_escape",
    zh="双引号中的 \\ 后面不能是这个字符；请改用单引号，或写成 \\\\",
    en="this character cannot follow \\ in double quotes; use single quotes, or write \\\\",
)
YAML_BRACKET = declare(
    "scheme.yaml_bracket",
    zh="此处的 {open} 没有配对的 {close}，或到第 {line} 行为止缺少逗号（须用英文逗号）",
    en="the {open} here has no {close}, or an ordinary comma is missing up to line {line}",
)
YAML_COLON = declare(
    "scheme.yaml_colon",
    zh="此处不应有冒号：请检查缩进（须用半角空格），含冒号的文字请加引号",
    en="a colon cannot stand here: check the indentation (ordinary spaces), and put text with a colon in quotes",
)
YAML_NO_COLON = declare(
    "scheme.yaml_no_colon",
    zh="此处应为“键: 值”，缺少冒号（须用英文冒号，后面要有空格）",
    en='"key: value" belongs here, the colon (an ordinary one with a space after it) is missing',
)
YAML_CHARACTER = declare(
    "scheme.yaml_character",
    zh="值不能以 {character} 开头，请加引号",
    en="a value cannot begin with {character}, put it in quotes",
)
YAML_INDENT = declare(
    "scheme.yaml_indent",
    zh="此行与同级各行没有对齐，或结构不对",
    en="this line is not aligned with its siblings, or does not belong here",
)
YAML_AFTER_END = declare("scheme.yaml_after_end", zh="方案结束后还有内容", en="something follows the end of the scheme")
YAML_SYNTAX = declare(
    "scheme.yaml_syntax",
    zh="此处的 YAML 写法有误；以 *、&、]、}} 等符号开头的文字请加引号",
    en="this is not correct YAML; put text that begins with a sign such as *, &, ] or }} in quotes",
)

# --- the shape (loader): {path} is the full name of the key, {kind} and {found} say what stands there ---------------------

_FOUND_ZH, _FOUND_EN = "，却是{kind_zh} {found}", ", found {kind_en} {found}"

EMPTY_VALUE = declare("scheme.empty_value", zh="{path} 后面没有值", en="{path} has no value")
MISSING_KEY = declare("scheme.missing_key", zh="{path} 缺少 {key}", en="{path} lacks {key}")
MISSING_TOP_KEY = declare("scheme.missing_top_key", zh="方案缺少 {key}", en="the scheme lacks {key}")
UNKNOWN_TOP_KEY = declare(
    "scheme.unknown_top_key",
    zh="方案中没有 {key} 这一项；可用：{allowed}",
    en="a scheme has no key {key}; there are: {allowed}",
)
UNKNOWN_KEY = declare(
    "scheme.unknown_key",
    zh="{path} 中没有 {key} 这一项；可用：{allowed}",
    en="{path} has no key {key}; there are: {allowed}",
)
NOT_A_NUMBER = declare("scheme.not_a_number", zh="{path} 应为数字" + _FOUND_ZH, en="{path}: a number belongs here" + _FOUND_EN)
NOT_WHOLE = declare("scheme.not_whole", zh="{path} 应为整数" + _FOUND_ZH, en="{path}: a whole number belongs here" + _FOUND_EN)
NOT_TEXT = declare("scheme.not_text", zh="{path} 应为文字" + _FOUND_ZH, en="{path}: a text belongs here" + _FOUND_EN)
NOT_A_TITLE = declare(
    "scheme.not_a_title",
    zh="{path} 应为文字或 {{zh: …, en: …}}" + _FOUND_ZH,
    en="{path}: a text or {{zh: …, en: …}} belongs here" + _FOUND_EN,
)
NOT_TRUTH = declare(
    "scheme.not_truth",
    zh="{path} 应为 true 或 false" + _FOUND_ZH,
    en="{path}: true or false belongs here" + _FOUND_EN,
)
NOT_A_LIST = declare("scheme.not_a_list", zh="{path} 应为列表" + _FOUND_ZH, en="{path}: a list belongs here" + _FOUND_EN)
NOT_A_MAPPING = declare(
    "scheme.not_a_mapping",
    zh="{path} 应为“键: 值”" + _FOUND_ZH,
    en='{path}: "key: value" belongs here' + _FOUND_EN,
)
NOT_ONE_OF = declare(
    "scheme.not_one_of",
    zh="{path} 不能是 {found}；可用：{allowed}",
    en="{path} cannot be {found}; there are: {allowed}",
)
NOT_NUMBER_OR_WORD = declare(
    "scheme.not_number_or_word",
    zh="{path} 应为数字或 {allowed}" + _FOUND_ZH,
    en="{path}: a number or {allowed} belongs here" + _FOUND_EN,
)
NOT_WHOLE_OR_WORD = declare(
    "scheme.not_whole_or_word",
    zh="{path} 应为整数或 {allowed}" + _FOUND_ZH,
    en="{path}: a whole number or {allowed} belongs here" + _FOUND_EN,
)
NOT_A_NODE = declare(
    "scheme.not_a_node",
    zh="{path} 应为 {{indicator: …}}，或 {{id: …, title: …, children: […]}}",
    en="{path} must be {{indicator: …}}, or {{id: …, title: …, children: […]}}",
)
UNKNOWN_METHOD = declare(
    "scheme.unknown_method",
    zh="{path}：没有方法 {found}；可用：{allowed}",
    en="{path}: there is no method {found}; there are: {allowed}",
)
MISSING_METHOD = declare(
    "scheme.missing_method",
    zh="{path} 缺少 method；可用：{allowed}",
    en="{path} lacks method; there are: {allowed}",
)
UNKNOWN_POLICY = declare(
    "scheme.unknown_policy",
    zh="{path}：没有 {found} 这种处理；可用：{allowed}",
    en="{path}: there is no policy {found}; there are: {allowed}",
)
NOT_AN_IDENTIFIER = declare(
    "scheme.not_an_identifier",
    zh="{path}：{found} 不能作名称；名称由小写字母、数字和 _ 组成，不以数字开头",
    en="{path}: {found} is no name; names have lower-case letters, digits and _ and do not begin with a digit",
)
BAD_SCHEME_ID = declare(
    "scheme.bad_scheme_id",
    zh="{path}：{found} 不能作方案编号；编号由小写字母、数字和 . _ - 组成，以字母或数字开头",
    en="{path}: {found} is no scheme id; it has lower-case letters, digits and . _ - and begins with a letter or digit",
)
TOO_SMALL = declare(
    "scheme.too_small", zh="{path} 不能小于 {limit}，却是 {found}", en="{path} cannot be less than {limit}, found {found}"
)
NOT_ABOVE = declare(
    "scheme.not_above", zh="{path} 应大于 {limit}，却是 {found}", en="{path} must be greater than {limit}, found {found}"
)
TOO_LARGE = declare(
    "scheme.too_large", zh="{path} 不能大于 {limit}，却是 {found}", en="{path} cannot be greater than {limit}, found {found}"
)
NOT_BELOW = declare(
    "scheme.not_below", zh="{path} 应小于 {limit}，却是 {found}", en="{path} must be less than {limit}, found {found}"
)
EMPTY = declare("scheme.empty", zh="{path} 不能为空", en="{path} cannot be empty")
TOO_FEW = declare(
    "scheme.too_few", zh="{path} 应有 {limit} 项，却有 {found} 项", en="{path} needs {limit} entries, found {found}"
)
TOO_MANY = declare(
    "scheme.too_many", zh="{path} 最多 {limit} 项，却有 {found} 项", en="{path} takes at most {limit} entries, found {found}"
)
NOT_FINITE = declare("scheme.not_finite", zh="{path} 不是有限的数", en="{path} is not a finite number")
NOT_ACCEPTED = declare("scheme.not_accepted", zh="{path} 不能是{kind_zh} {found}", en="{path} cannot be {kind_en} {found}")
MORE_PROBLEMS = declare("scheme.more_problems", zh="另有 {count} 处问题未列出", en="{count} more problems are not listed")
