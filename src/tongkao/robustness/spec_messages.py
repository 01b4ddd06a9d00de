"""Words for faults of ``robustness.yaml`` and for runs that cannot be marked."""

from __future__ import annotations

from tongkao.errors import declare

EMPTY_FILE = declare("robustness.empty_file", zh="文件是空的", en="the file is empty")
NOT_A_MAPPING = declare(
    "robustness.not_a_mapping",
    zh="文件应由“键: 值”组成，例如 tongkao: 1",
    en='the file is made of "key: value", for example tongkao: 1',
)
NOT_READABLE = declare("robustness.not_readable", zh="读不了这个文件：{reason}", en="the file cannot be read: {reason}")
LACKS = declare("robustness.lacks", zh="{path} 缺少 {key}", en="{path} lacks {key}")
UNKNOWN_KEY = declare(
    "robustness.unknown_key",
    zh="{path} 中没有 {key} 这一项；可用：{allowed}",
    en="{path} has no key {key}; there are: {allowed}",
)
NO_KIND = declare(
    "robustness.no_kind",
    zh="{path} 没有说明变什么：应有 {allowed} 之一",
    en="{path} does not say what varies: one of {allowed} belongs here",
)
NOT_ONE_OF = declare(
    "robustness.not_one_of",
    zh="{path} 不能是 {found}；可用：{allowed}",
    en="{path} cannot be {found}; there are: {allowed}",
)
INTERVAL = declare(
    "robustness.interval",
    zh="{path}：区间应是两个 0 到 1 之间递增的数，例如 [0.05, 0.95]",
    en="{path}: an interval is two increasing numbers from 0 to 1, for example [0.05, 0.95]",
)
LABELS = declare(
    "robustness.labels",
    zh="{path}：有 {given} 个，但备选有 {wanted} 个",
    en="{path}: {given} are given, but there are {wanted} alternatives",
)
ID_TWICE = declare("robustness.id_twice", zh="{path}：{name} 已经用过", en="{path}: {name} has been used already")
UNKNOWN_TRACK = declare("robustness.unknown_track", zh="{path}：没有序列 {name}", en="{path}: there is no track {name}")
UNKNOWN_NODE = declare(
    "robustness.unknown_node",
    zh="{path}：没有一个序列的树中有节点或指标 {name}",
    en="{path}: no track's tree has a node or indicator {name}",
)
UNKNOWN_INDICATOR = declare(
    "robustness.unknown_indicator", zh="{path}：没有指标 {name}", en="{path}: there is no indicator {name}"
)
UNKNOWN_UNIT = declare("robustness.unknown_unit", zh="{path}：没有单位 {name}", en="{path}: there is no unit {name}")
NOTHING_THERE = declare(
    "robustness.nothing_there",
    zh="{path}：方案中没有 {name} 这个位置",
    en="{path}: the scheme has nothing at {name}",
)
NOTHING_VARIES = declare(
    "robustness.nothing_varies",
    zh="{path}：没有一个节点的权重会变：同级须至少有两个节点在变",
    en="{path}: no weight would vary: at least two siblings must",
)
SOME_SIBLINGS = declare(
    "robustness.some_siblings",
    zh="{path}：{given} 有权重，同级的 {lacking} 没有；同级各项须都给出",
    en="{path}: {given} have weights but their siblings {lacking} do not; give all of them or none",
)
NO_WEIGHT_AT_ALL = declare(
    "robustness.no_weight_at_all",
    zh="{path}：{node} 下各项的权重之和为 0",
    en="{path}: the weights below {node} add up to 0",
)
BOUNDS_REVERSED = declare(
    "robustness.bounds_reversed",
    zh="{path}：下限 {low} 大于上限 {high}",
    en="{path}: the lower bound {low} is above the upper bound {high}",
)
BOUNDS_IMPOSSIBLE = declare(
    "robustness.bounds_impossible",
    zh="{path}：{node} 下各项份额之和应为 {whole}，而下限之和为 {low}、上限之和为 {high}",
    en="{path}: shares below {node} must add up to {whole}, but the lower bounds add up to {low}, the upper ones to {high}",
)
NO_STANDARD_ERROR = declare(
    "robustness.no_standard_error",
    zh="{path}：观测表没有 se 一列（标准误）",
    en="{path}: the observations have no column se (standard errors)",
)
IMPOSSIBLE = declare(
    "robustness.impossible",
    zh="{choice}：{labels} 不成立：{reason_zh}",
    en="{choice}: {labels} is impossible: {reason_en}",
)
TOO_MANY_COMBINATIONS = declare(
    "robustness.too_many_combinations",
    zh="各项备选有 {count} 种组合，只事先核对了前 {limit} 种；其余在用到时核对",
    en="the alternatives have {count} combinations; the first {limit} were checked beforehand, the others when they come up",
    severity="warning",
)
DESIGN_SHAPE = declare(
    "robustness.design_shape",
    zh="设计矩阵应为 (运行数, {choices})，数在 [0, 1) 内，却是 {found}",
    en="a design is (runs, {choices}) with numbers in [0, 1), found {found}",
)
OTHER_STATE = declare(
    "robustness.other_state",
    zh="{file} 是另一次运行的中间结果（规则、数据、设计或种子不同），请删去或换一个文件",
    en="{file} belongs to another run (other rules, data, design or seed); remove it or name another file",
)
