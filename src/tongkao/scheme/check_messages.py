"""Words for faults of a scheme's content: what needs more than one value to be seen."""

from __future__ import annotations

from tongkao.errors import declare

# --- names ----------------------------------------------------------------------------------------------------------------

UNKNOWN_INDICATOR = declare(
    "scheme.unknown_indicator",
    zh="序列 {track} 用到的指标 {name} 没有定义",
    en="the indicator {name} that track {track} uses is not defined",
)
UNUSED_INDICATOR = declare(
    "scheme.unused_indicator",
    zh="指标 {name} 已定义，但没有一个序列用到它",
    en="the indicator {name} is defined but no track uses it",
)
INDICATOR_TWICE = declare(
    "scheme.indicator_twice",
    zh="指标 {name} 在序列 {track} 中用了两次，第 {first} 行已有",
    en="the indicator {name} is used twice in track {track}, line {first} has it already",
)
NODE_TWICE = declare(
    "scheme.node_twice",
    zh="序列 {track} 中有两个节点都叫 {name}，第 {first} 行已有",
    en="two nodes of track {track} are called {name}, line {first} has one already",
)
NODE_IS_INDICATOR = declare(
    "scheme.node_is_indicator",
    zh="节点 {name} 与一个指标同名，请改名",
    en="the node {name} has the name of an indicator, choose another",
)
RESERVED_ID = declare(
    "scheme.reserved_id",
    zh="{name} 是总分的名称，不能作节点或指标的名称",
    en="{name} is the name of the total and cannot name a node or an indicator",
)
ID_TWICE = declare(
    "scheme.id_twice",
    zh="{path} 中 {name} 重复，第 {first} 行已有",
    en="{name} is repeated in {path}, line {first} has it already",
)
UNKNOWN_NODE = declare(
    "scheme.unknown_node",
    zh="{path}：序列 {track} 的树中没有节点或指标 {name}",
    en="{path}: the tree of track {track} has no node or indicator {name}",
)
UNKNOWN_NODE_ANYWHERE = declare(
    "scheme.unknown_node_anywhere",
    zh="{path}：没有一个序列的树中有节点或指标 {name}",
    en="{path}: no track's tree has a node or indicator {name}",
)
UNKNOWN_TIER = declare(
    "scheme.unknown_tier",
    zh="{path}：序列 {track} 没有等次 {name}",
    en="{path}: track {track} has no tier {name}",
)
UNKNOWN_TIER_ANYWHERE = declare(
    "scheme.unknown_tier_anywhere",
    zh="{path}：没有一个序列有等次 {name}",
    en="{path}: no track has a tier {name}",
)
UNKNOWN_TRACK = declare("scheme.unknown_track", zh="{path}：没有序列 {name}", en="{path}: there is no track {name}")
UNKNOWN_UNIT = declare(
    "scheme.unknown_unit",
    zh="{path}：序列 {track} 没有单位 {name}",
    en="{path}: track {track} has no unit {name}",
)
UNKNOWN_UNIT_ANYWHERE = declare(
    "scheme.unknown_unit_anywhere", zh="{path}：没有单位 {name}", en="{path}: there is no unit {name}"
)
UNKNOWN_COLUMN = declare(
    "scheme.unknown_column",
    zh="{path}：单位表没有 {name} 列",
    en="{path}: the table of units has no column {name}",
)
COLUMN_OF_NUMBERS = declare(
    "scheme.column_of_numbers",
    zh="{path}：{name} 列是数字，不能用来区分各类；请用文字列",
    en="{path}: the column {name} holds numbers and cannot tell classes apart; use a column of texts",
)
COLUMN_OF_TEXTS = declare(
    "scheme.column_of_texts",
    zh="{path}：{name} 列是文字，不能作除数",
    en="{path}: the column {name} holds texts, nothing can be divided by it",
)
UNKNOWN_DENOMINATOR = declare(
    "scheme.unknown_denominator",
    zh="{path}：没有叫 {name} 的单位列、观测或指标",
    en="{path}: no unit column, observation or indicator is called {name}",
)
DENOMINATE_ITSELF = declare(
    "scheme.denominate_itself", zh="指标 {name} 除以它自己", en="the indicator {name} is divided by itself"
)

# --- points and weights ---------------------------------------------------------------------------------------------------

POINTS_SHORT = declare(
    "scheme.points_short",
    zh="{name}{who_zh}：各下级分值合计 {sum}，应为 {expected}，少 {difference} 分",
    en="{name}{who_en}: the points below add up to {sum} instead of {expected}, {difference} missing",
)
POINTS_OVER = declare(
    "scheme.points_over",
    zh="{name}{who_zh}：各下级分值合计 {sum}，应为 {expected}，多 {difference} 分",
    en="{name}{who_en}: the points below add up to {sum} instead of {expected}, {difference} too many",
)
PAPERS_SHORT = declare(
    "scheme.papers_short",
    zh="序列 {name}{who_zh}：各考卷分值合计 {sum}，满分应为 {expected}，少 {difference} 分",
    en="track {name}{who_en}: the papers add up to {sum} instead of the full mark {expected}, {difference} missing",
)
PAPERS_OVER = declare(
    "scheme.papers_over",
    zh="序列 {name}{who_zh}：各考卷分值合计 {sum}，满分应为 {expected}，多 {difference} 分",
    en="track {name}{who_en}: the papers add up to {sum} instead of the full mark {expected}, {difference} too many",
)
AMOUNT_MISSING = declare(
    "scheme.amount_missing",
    zh="{name} 既没有 points 也没有 weight",
    en="{name} has neither points nor weight",
)
AMOUNT_TWICE = declare(
    "scheme.amount_twice",
    zh="{name} 同时有 points 和 weight，只能用一种",
    en="{name} has both points and weight, only one of them can stand",
)
AMOUNTS_MIXED = declare(
    "scheme.amounts_mixed",
    zh="{name} 的下级混用 points（{points}）和 weight（{weight}），只能用一种",
    en="below {name} some have points ({points}) and some weight ({weight}), siblings do not mix them",
)
AMOUNTS_EMPTY = declare(
    "scheme.amounts_empty", zh="{path} 既没有 default 也没有任何类", en="{path} has neither a default nor any class"
)
WEIGHTS_ZERO = declare(
    "scheme.weights_zero",
    zh="{name}{who_zh}：各下级权重全为 0",
    en="{name}{who_en}: all weights below are 0",
)
CLASS_WITHOUT_UNITS = declare(
    "scheme.class_without_units",
    zh="{path}：序列 {track} 没有 {name} 类的单位",
    en="{path}: track {track} has no unit of class {name}",
)
VALUE_WITHOUT_UNITS = declare(
    "scheme.value_without_units",
    zh="{path}：序列 {track} 没有 {column} 为 {name} 的单位",
    en="{path}: track {track} has no unit whose {column} is {name}",
)
CLASS_WITHOUT_AMOUNT = declare(
    "scheme.class_without_amount",
    zh="{path}：没有 {column} 为 {value} 的一项，也没有 default",
    en="{path} has no entry where {column} is {value}, and no default",
)
CLASSLESS_WITHOUT_AMOUNT = declare(
    "scheme.classless_without_amount",
    zh="{path}：有的单位没有填 {column}，而此处没有 default",
    en="{path}: some units have no {column}, and there is no default here",
)

# --- tiers, ties, awards, quotas ------------------------------------------------------------------------------------------

LAST_TIER_CLOSED = declare(
    "scheme.last_tier_closed",
    zh="序列 {track} 的最后一个等次 {name} 应不限名额（不写 count 和 share）",
    en="the last tier {name} of track {track} must be open (no count, no share)",
)
LAST_TIER_CONDITION = declare(
    "scheme.last_tier_condition",
    zh="序列 {track} 的最后一个等次 {name} 不能有条件 {key}",
    en="the last tier {name} of track {track} cannot have the condition {key}",
)
OPEN_TIER_NOT_LAST = declare(
    "scheme.open_tier_not_last",
    zh="序列 {track} 的等次 {name} 没有名额也没有条件，其后的等次永远轮不到；请写 count 或 share",
    en="the tier {name} of track {track} has no number of places and no condition, so nobody reaches those after it; "
    "give it count or share",
)
TIER_TWO_SIZES = declare(
    "scheme.tier_two_sizes",
    zh="等次 {name} 同时有 count 和 share，只能用一种",
    en="the tier {name} has both count and share, only one of them can stand",
)
AWARD_WITHOUT_RULE = declare(
    "scheme.award_without_rule",
    zh="奖项 {name} 既没有 when 也没有 top 和 by",
    en="the award {name} has neither when, nor top with by",
)
AWARD_TOP_WITHOUT_BY = declare(
    "scheme.award_top_without_by",
    zh="奖项 {name} 有 top 而没有 by：按什么取前几名？",
    en="the award {name} has top but no by: the first by what?",
)
AWARD_BY_WITHOUT_TOP = declare(
    "scheme.award_by_without_top",
    zh="奖项 {name} 有 by 而没有 top：取前几名？",
    en="the award {name} has by but no top: how many of the first?",
)
SCREEN_EMPTY = declare(
    "scheme.screen_empty",
    zh="{path} 既没有 availability 也没有 non_zero",
    en="{path} has neither availability nor non_zero",
)

# --- events and bindings --------------------------------------------------------------------------------------------------

EFFECT_EMPTY = declare("scheme.effect_empty", zh="{path} 没有任何效果", en="{path} does nothing")
EFFECT_BONUS_AND_DEDUCT = declare(
    "scheme.effect_bonus_and_deduct",
    zh="{path} 同时有 bonus 和 deduct，请分为两个事项",
    en="{path} has both bonus and deduct, make two events of it",
)
EFFECT_WITHOUT_POINTS = declare(
    "scheme.effect_without_points",
    zh="{path}：有 {key} 而没有 bonus 或 deduct",
    en="{path} has {key} but neither bonus nor deduct",
)
BINDING_VOID = declare(
    "scheme.binding_void",
    zh="指标 {name} 的 binding 不能用 void，void 只用于事项",
    en="the binding of indicator {name} cannot have void, which is for events only",
)

# --- scoring, policies, steps ---------------------------------------------------------------------------------------------

LOW_ABOVE_HIGH = declare(
    "scheme.low_above_high",
    zh="{path}：low（{low}）大于 high（{high}）",
    en="{path}: low ({low}) is greater than high ({high})",
)
FLOOR_ABOVE_CAP = declare(
    "scheme.floor_above_cap",
    zh="{path}：floor（{floor}）大于 cap（{cap}）",
    en="{path}: floor ({floor}) is greater than cap ({cap})",
)
BASE_ABOVE_CAP = declare(
    "scheme.base_above_cap",
    zh="{path}：base（{base}）大于 cap（{cap}）",
    en="{path}: base ({base}) is greater than cap ({cap})",
)
GOALPOSTS_EQUAL = declare(
    "scheme.goalposts_equal",
    zh="{path}：最差值和最好值都是 {worst}",
    en="{path}: the worst and the best value are both {worst}",
)
GOALPOSTS_ORDER = declare(
    "scheme.goalposts_order",
    zh="{path} 的写法是 [最差值, 最好值]；方向为 {direction} 时应为 [{best}, {worst}]",
    en="{path} is written [worst, best]; with direction {direction} it must be [{best}, {worst}]",
)
BANDS_ORDER_UP = declare(
    "scheme.bands_order_up",
    zh="{path}：门槛应从好到差排列，方向为 up 时逐个减小，而 {threshold} 在 {before} 之后",
    en="{path}: thresholds go from best to worst, with direction up each is less than the one before, "
    "but {threshold} follows {before}",
)
BANDS_ORDER_DOWN = declare(
    "scheme.bands_order_down",
    zh="{path}：门槛应从好到差排列，方向为 down 时逐个增大，而 {threshold} 在 {before} 之后",
    en="{path}: thresholds go from best to worst, with direction down each is greater than the one before, "
    "but {threshold} follows {before}",
)
MIX_SHARES = declare(
    "scheme.mix_shares",
    zh="{path}：各部分的 share 合计 {sum}，应为 1",
    en="{path}: the shares add up to {sum} instead of 1",
)
CLIP_EMPTY = declare("scheme.clip_empty", zh="{path} 既没有 low 也没有 high", en="{path} has neither low nor high")
REPEATED = declare("scheme.repeated", zh="{path} 中 {name} 重复", en="{name} is repeated in {path}")
UNKNOWN_WITHIN = declare(
    "scheme.unknown_within",
    zh="{path}：{name} 不是 track、class，也不是单位表的列",
    en="{path}: {name} is neither track, class nor a column of the units",
)
ROW_WITHIN = declare(
    "scheme.row_within",
    zh="{path}：{impute} 的 within 应为 parent、paper 或 total，却是 {name}",
    en="{path}: within of {impute} must be parent, paper or total, found {name}",
)
INTERPOLATE_WITHOUT_PANEL = declare(
    "scheme.interpolate_without_panel",
    zh="{path}：interpolate 要有 panel（各年）才能用",
    en="{path}: interpolate needs a panel of years",
)
PANEL_WITHOUT_YEAR = declare(
    "scheme.panel_without_year",
    zh="panel.years 中没有方案的年份 {year}",
    en="panel.years lacks the scheme's year {year}",
)
STEPS_WITHOUT_SCORE = declare("scheme.steps_without_score", zh="steps 中没有 score", en="steps lacks score")

# --- expressions ----------------------------------------------------------------------------------------------------------

OF_ITSELF = declare(
    "scheme.of_itself",
    zh="指标 {name} 的算式用到了它自己；算式里与指标同名的名称指的是该指标本身，观测值请另取名称（如 {name}_raw）",
    en="the expression of {name} uses {name} itself; a name that an indicator has means the indicator, "
    "so give the observation another (such as {name}_raw)",
)
CYCLE = declare(
    "scheme.cycle",
    zh="算式成环：{cycle}；与指标同名的名称指的是该指标本身，观测值请另取名称",
    en="these expressions go round in a circle: {cycle}; a name that an indicator has means the indicator, "
    "so give the observation another",
)
