"""What a scheme is: frozen pydantic models, one for each mapping that ``scheme.yaml`` may hold.

The models say shape, types, defaults and limits of single values; :mod:`tongkao.scheme.loader` reads them with file, line
and column, :mod:`tongkao.scheme.validator` checks what needs more than one value, and the JSON Schema is made from them.
Descriptions are what an editor shows while one types.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from tongkao.scheme.constants import constant_number

IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*\Z")
RESERVED_IDS = frozenset({"total"})


class Frozen(BaseModel):
    """Common settings: nothing unknown is accepted, nothing is converted silently, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def _identifier(value: str) -> str:
    if not IDENTIFIER.match(value):
        raise PydanticCustomError("identifier", "not an identifier: {value}", {"value": value})
    return value


def _number(value: Any) -> Any:
    """Accept a number, or a text that is an expression over numbers only such as ``log(75000)``."""
    if isinstance(value, bool):
        raise PydanticCustomError("number", "not a number")
    if isinstance(value, int):
        try:
            return float(value)
        except OverflowError:
            raise PydanticCustomError("constant", "not a number: {value}", {"value": "1e308…"}) from None
    if isinstance(value, str):
        number = constant_number(value)
        if number is None:
            raise PydanticCustomError("constant", "not a number: {value}", {"value": value})
        return number
    return value


Identifier = Annotated[str, AfterValidator(_identifier)]
Number = Annotated[
    float,
    BeforeValidator(_number, json_schema_input_type=float | str),
    Field(allow_inf_nan=False),
]
Share = Annotated[Number, Field(ge=0, le=1)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Expression = Annotated[str, Field(min_length=1)]
"""Text of an expression (section 3 of the format); parsed and checked by the validator."""


class Title(Frozen):
    """A name in both languages."""

    zh: str
    en: str

    def text(self, lang: Literal["zh", "en"]) -> str:
        """The name in one language."""
        return self.zh if lang == "zh" else self.en


TitleText = Annotated[
    Title,
    BeforeValidator(
        lambda value: {"zh": value, "en": value} if isinstance(value, str) else value,
        json_schema_input_type=str | Title,
    ),
]


# --- points and weights -------------------------------------------------------------------------------------------------


class Amounts(Frozen):
    """Points or weights that differ by class, or by another unit column named in ``by``."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    __pydantic_extra__: dict[str, NotNegative]

    by: str = Field("class", description="列名：按哪一列区分 / the unit column that decides")
    default: NotNegative | None = Field(None, description="未列出的类用此数 / for classes that are not listed")

    @property
    def classes(self) -> dict[str, float]:
        """Amount of each class that is listed."""
        return dict(self.__pydantic_extra__ or {})

    def amount(self, name: str) -> float | None:
        """The amount of one class, None where neither the class nor a default is given."""
        return self.classes.get(name, self.default)


def _amounts_tag(value: Any) -> str:
    return "table" if isinstance(value, (dict, Amounts)) else "number"


AmountsField = Annotated[
    Annotated[NotNegative, Tag("number")] | Annotated[Amounts, Tag("table")],
    Discriminator(_amounts_tag),
]


# --- missing and not applicable -------------------------------------------------------------------------------------------

PolicyWord = Literal["error", "zero", "redistribute", "redistribute_equally", "carry_forward"]


class Floor(Frozen):
    """That rate, weight kept."""

    floor: Number = Field(description="得分率 / the rate that is given")


class Neutral(Frozen):
    """That share of full marks, weight kept."""

    neutral: Share = Field(description="满分的份额 / share of full marks")


class Impute(Frozen):
    """A value in place of the missing one.

    From other units (``mean``, ``median``), or from the unit's own other indicators (``row_mean``, ``row_median``: extension).
    """

    impute: Literal["mean", "median", "row_mean", "row_median"]
    within: str = Field(
        "track",
        description="track、class 或单位列名；按行插补时为 parent、paper 或 total / "
        "track, class or a unit column; for row_* parent, paper or total",
    )
    otherwise: PolicyField = "error"


def _only_true(value: bool) -> bool:  # noqa: FBT001 - a validator gets the value it checks
    if not value:
        raise PydanticCustomError("only_true", "true or a number of years")
    return value


class CarryForward(Frozen):
    """The newest earlier value, at most so many years old (``true``: however old)."""

    carry_forward: Annotated[bool, AfterValidator(_only_true)] | Annotated[int, Field(ge=1)]
    otherwise: PolicyField = "error"


class Interpolate(Frozen):
    """A value from the same unit's other years (extension; needs ``panel``)."""

    interpolate: Literal["linear", "constant", "linear_constant"]
    otherwise: PolicyField = "error"


def _policy_tag(value: Any) -> str:
    if isinstance(value, str):
        return "word"
    if isinstance(value, BaseModel):
        return type(value).__name__
    if isinstance(value, dict):
        for key, tag in (
            ("floor", "Floor"),
            ("neutral", "Neutral"),
            ("impute", "Impute"),
            ("carry_forward", "CarryForward"),
            ("interpolate", "Interpolate"),
        ):
            if key in value:
                return tag
    return "?"


PolicyField = Annotated[
    Annotated[PolicyWord, Tag("word")]
    | Annotated[Floor, Tag("Floor")]
    | Annotated[Neutral, Tag("Neutral")]
    | Annotated[Impute, Tag("Impute")]
    | Annotated[CarryForward, Tag("CarryForward")]
    | Annotated[Interpolate, Tag("Interpolate")],
    Discriminator(_policy_tag),
]
Policy = PolicyWord | Floor | Neutral | Impute | CarryForward | Interpolate


# --- treatment ------------------------------------------------------------------------------------------------------------

LogVariant = Literal["shift", "signed_shift", "plain"]


class Winsorise(Frozen):
    """Pull in the farthest values until the column is well-behaved or ``max`` cells are changed."""

    method: Literal["winsorise"]
    max: Annotated[int, Field(ge=1)] = 5
    skew: Positive = 2.0
    kurtosis: Number = 3.5


class Clip(Frozen):
    """Limit the values."""

    method: Literal["clip"]
    low: Number | None = None
    high: Number | None = None


class Log(Frozen):
    """Logarithm: ``shift`` log(x - min + 0.01·(max - min)), ``signed_shift`` its mirror for a negative skew, ``plain`` log(x)."""

    method: Literal["log"]
    variant: LogVariant = "shift"


class BoxCox(Frozen):
    """Box-Cox transformation with a given exponent (extension)."""

    method: Literal["boxcox"]
    exponent: Number = 0.0


class Coin(Frozen):
    """Winsorise, then the logarithm if that does not suffice (OECD/JRC)."""

    method: Literal["coin"]
    max: Annotated[int, Field(ge=0)] = 5
    skew: Positive = 2.0
    kurtosis: Number = 3.5
    combine: bool = Field(default=False, description="对缩尾后的列取对数 / take the logarithm of the winsorised column")
    log: LogVariant = "shift"


Treatment = Winsorise | Clip | Log | BoxCox | Coin
TreatmentField = Annotated[Treatment, Field(discriminator="method")]


# --- scoring methods --------------------------------------------------------------------------------------------------------

Limit = Number | Literal["none"] | None
"""A cap or floor: a number, ``none`` for no limit, absent for the method's default."""


class Identity(Frozen):
    """The value itself is the rate."""

    method: Literal["identity"]
    cap: Limit = None
    floor: Limit = None


class Minmax(Frozen):
    """Linear between the worst and the best value (F1)."""

    method: Literal["minmax"]
    low: Number = 0.0
    high: Number = 100.0
    goalposts: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[最差值, 最好值] / [worst, best]"
    )
    cap: Limit = None
    floor: Limit = None


class RatioToBest(Frozen):
    """Proportion to the first (F2)."""

    method: Literal["ratio_to_best"]
    cap: Limit = None
    floor: Limit = None


class Target(Frozen):
    """Completion of the target (F7)."""

    method: Literal["target"]
    cap: Limit = None
    floor: Limit = None


class Challenge(Frozen):
    """Up to the target, then up to the challenge value."""

    method: Literal["challenge"]
    base: Number = 80.0
    cap: Number = 100.0


class BaseStep(Frozen):
    """Base mark at the target, then so much per unit of measure (F6)."""

    method: Literal["base_step"]
    base: Number = 80.0
    step: Number
    cap: Limit = None
    floor: Limit = None


class RankStep(Frozen):
    """So much less for each place (F3)."""

    method: Literal["rank_step"]
    drop: NotNegative = 2.0
    floor: Limit = None


class RankTable(Frozen):
    """A list of rates by place (F4)."""

    method: Literal["rank_table"]
    table: Annotated[list[Number], Field(min_length=1)] = [100.0, 95.0, 90.0, 85.0, 80.0]


class RankLinear(Frozen):
    """Linear by place."""

    method: Literal["rank_linear"]
    low: Number = 0.0
    high: Number = 100.0


class Bands(Frozen):
    """Rate of the first band whose threshold the value reaches (F9, F10, F16)."""

    method: Literal["bands"]
    bands: Annotated[list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(min_length=1)] = Field(
        description="[[门槛, 得分率], …] / [[threshold, rate], …]"
    )
    interpolate: bool = False


class Deduct(Frozen):
    """Deduct to zero (F8)."""

    method: Literal["deduct"]
    per: Number = 1.0
    floor: Limit = None


class Zscore(Frozen):
    """Standard score."""

    method: Literal["zscore"]
    mean: Number = 0.0
    sd: Positive = 1.0


class Percentile(Frozen):
    """Share of the group that is worse, half of the equal ones included."""

    method: Literal["percentile"]


class Borda(Frozen):
    """Share of the others that are worse."""

    method: Literal["borda"]


class AscendingRank(Frozen):
    """Place from the bottom, the worst is 1 (extension; for comparison with other tools). ``minus`` is taken off the place."""

    method: Literal["ascending_rank"]
    ties: Literal["lowest", "mean", "highest"] = "lowest"
    minus: Number = 0.0


class DistanceToTarget(Frozen):
    """How far from the group's worst value to the target (extension)."""

    method: Literal["distance_to_target"]
    cap: Limit = None
    floor: Limit = None


class DistanceToReference(Frozen):
    """How far from the group's worst value to the value of a reference unit (extension)."""

    method: Literal["distance_to_reference"]
    unit: str = Field(min_length=1)
    cap: Limit = None
    floor: Limit = None


class Part(Frozen):
    """One part of a mix."""

    share: Share
    value: Expression | None = None
    score: SimpleScoreField
    direction: Literal["up", "down"] | None = None


class Mix(Frozen):
    """Weighted sum of other methods (F23)."""

    method: Literal["mix"]
    parts: Annotated[list[Part], Field(min_length=1)]


SimpleScore = (
    Identity
    | Minmax
    | RatioToBest
    | Target
    | Challenge
    | BaseStep
    | RankStep
    | RankTable
    | RankLinear
    | Bands
    | Deduct
    | Zscore
    | Percentile
    | Borda
    | AscendingRank
    | DistanceToTarget
    | DistanceToReference
)
SimpleScoreField = Annotated[SimpleScore, Field(discriminator="method")]
Score = SimpleScore | Mix
ScoreField = Annotated[Score, Field(discriminator="method")]


# --- effects ----------------------------------------------------------------------------------------------------------------


class Effect(Frozen):
    """What an event, or a breach of a binding indicator, does (section 8): five effects that never mix."""

    void: Literal["indicator"] | None = None
    deduct: NotNegative | None = None
    bonus: NotNegative | None = None
    cap: NotNegative | None = None
    at: Identifier | None = None
    tier_at_most: Identifier | None = None
    tier_down: Annotated[int, Field(ge=1)] | None = None
    disqualify: Literal[True] | None = None


class Binding(Frozen):
    """A requirement whose breach has an effect by itself."""

    require: Expression
    effect: Effect


class Event(Frozen):
    """A kind of event and what it does."""

    title: TitleText
    effect: Effect


# --- indicators, tree, track ------------------------------------------------------------------------------------------------


class Indicator(Frozen):
    """A leaf that is measured for each unit."""

    title: TitleText
    unit_of_measure: str = ""
    owner: str = ""
    basis: str = ""
    value: Expression | None = None
    denominate: str | None = Field(None, description="除以此单位列或观测 / divide by this unit column or observation (extension)")
    direction: Literal["up", "down"] = "up"
    compare: Literal["track", "class"] = "track"
    score: ScoreField
    missing: PolicyField | None = None
    not_applicable: PolicyField | None = None
    treat: TreatmentField | Literal["none"] | None = None
    binding: Binding | None = None


class Power(Frozen):
    """Power mean with that exponent."""

    power: Number


AggregateWord = Literal["arithmetic", "geometric", "harmonic", "median", "min", "copeland"]
AggregateField = Annotated[
    Annotated[AggregateWord, Tag("word")] | Annotated[Power, Tag("Power")],
    Discriminator(lambda value: "Power" if isinstance(value, (dict, Power)) else "word"),
]
Aggregate = AggregateWord | Power


class Leaf(Frozen):
    """An indicator in the tree of a track."""

    indicator: Identifier
    points: AmountsField | None = None
    weight: AmountsField | None = None

    @property
    def id(self) -> str:
        """Name of the node: the indicator's id."""
        return self.indicator


class Branch(Frozen):
    """A paper or a dimension."""

    id: Identifier
    title: TitleText
    points: AmountsField | None = None
    weight: AmountsField | None = None
    aggregate: AggregateField | None = None
    least_available: Share | None = Field(
        None, description="下级至少有此份额有数才计分 / least share of children present (extension)"
    )
    children: Annotated[list[NodeField], Field(min_length=1)]


def _node_tag(value: Any) -> str:
    if isinstance(value, (Leaf, Branch)):
        return type(value).__name__
    return "Leaf" if isinstance(value, dict) and "indicator" in value and "children" not in value else "Branch"


NodeField = Annotated[
    Annotated[Leaf, Tag("Leaf")] | Annotated[Branch, Tag("Branch")],
    Discriminator(_node_tag),
]
Node = Leaf | Branch


class Tier(Frozen):
    """A class of result."""

    id: Identifier
    title: TitleText
    count: Count | None = None
    share: Share | None = None
    score: Number | None = Field(None, description="须达到的总分 / a total to reach")
    gates: dict[Identifier, Number] = Field(default_factory=dict, description="{节点: 得分率} / {node: rate}")


class Ties(Frozen):
    """How equal totals are ordered."""

    by: list[Identifier] = Field(default_factory=list)
    otherwise: Literal["share", "error"] = "share"


class Award(Frozen):
    """A prize such as 争先进位奖."""

    id: Identifier
    title: TitleText
    when: Expression | None = None
    top: Annotated[int, Field(ge=1)] | None = None
    by: Expression | None = None
    each: Literal["track", "class"] = "track"


class Quota(Frozen):
    """How many units of another track each unit of this one may nominate, by its tier (321)."""

    id: Identifier
    title: TitleText | None = None
    track: Identifier
    nominations: dict[Identifier, Count]
    list_size: Count


class Limits(Frozen):
    """Caps of the sums over all events."""

    bonus: NotNegative | None = None
    deduct: NotNegative | None = None


class Screen(Frozen):
    """Units with too little data are not marked (extension)."""

    availability: Share | None = Field(None, description="有数指标的最低份额 / least share of indicators with a value")
    non_zero: Share | None = Field(
        None, description="有数指标中非零的最低份额 / least share of non-zero values among those present"
    )
    include: list[str] = Field(default_factory=list, description="无论如何都计分的单位 / units that are marked all the same")
    exclude: list[str] = Field(default_factory=list, description="无论如何都不计分的单位 / units that are not marked in any case")


class Track(Frozen):
    """Units that are assessed by the same papers and appear in one list."""

    title: TitleText
    rank_within: Literal["track", "class"] = "track"
    full_mark: Positive | None = Field(
        None, description="本序列满分，缺省用总的 full_mark / this track's own full mark (extension)"
    )
    unranked: list[str] = Field(default_factory=list)
    aggregate: AggregateField | None = None
    least_available: Share | None = None
    screen: Screen | None = None
    tree: Annotated[list[NodeField], Field(min_length=1)]
    tiers: list[Tier] = Field(default_factory=list)
    backfill: bool = False
    ties: Ties = Ties()
    awards: list[Award] = Field(default_factory=list)
    quotas: list[Quota] = Field(default_factory=list)
    limits: Limits = Limits()


class Rounding(Frozen):
    """Where points are rounded, and how."""

    at: list[Literal["indicator", "dimension", "paper", "total"]] = Field(default_factory=list)
    places: Annotated[int, Field(ge=0, le=9)] = 2
    mode: Literal["half_up", "half_even"] = "half_up"


Step = Literal["denominate", "impute", "screen", "treat", "score"]
DEFAULT_STEPS: tuple[Step, ...] = ("denominate", "impute", "screen", "treat", "score")


class Panel(Frozen):
    """Several years in one marking (extension)."""

    years: Annotated[list[int], Field(min_length=1)] = Field(description="各年 / the years, the scheme's own among them")
    range: Literal["year", "all"] = Field(
        "all", description="all：各年一同比较 / all: scored against the values of all years at once"
    )


class Scheme(Frozen):
    """The rules of one assessment."""

    tongkao: Literal[1] = Field(description="格式版本 / version of this format")
    id: str = Field(min_length=1, pattern=r"^[a-z0-9][a-z0-9_.-]*$")
    title: TitleText
    year: Annotated[int, Field(ge=1900, le=2999)]
    year_before: Annotated[int, Field(ge=1900, le=2999)] | None = Field(
        None,
        description="上一次考核的年度，缺省为上一年 / the year of the marking before this one, by default year - 1 (extension)",
    )
    full_mark: Positive = 100.0
    rounding: Rounding = Rounding()
    missing: PolicyField = "error"
    not_applicable: PolicyField = "redistribute"
    treat: TreatmentField | None = None
    steps: list[Step] | None = Field(None, description="各步的次序 / another order of the steps (extension)")
    panel: Panel | None = None
    indicators: dict[Identifier, Indicator] = Field(min_length=1)
    tracks: dict[Identifier, Track] = Field(min_length=1)
    events: dict[Identifier, Event] = Field(default_factory=dict)

    def order_of_steps(self) -> tuple[Step, ...]:
        """The steps in the order in which they are done."""
        return tuple(self.steps) if self.steps is not None else DEFAULT_STEPS


def leaves(nodes: list[Node]) -> Iterator[Leaf]:
    """Every leaf below some nodes, in the order of the tree."""
    for node in nodes:
        if isinstance(node, Leaf):
            yield node
        else:
            yield from leaves(node.children)


def branches(nodes: list[Node]) -> Iterator[Branch]:
    """Every inner node below some nodes, parents before children."""
    for node in nodes:
        if isinstance(node, Branch):
            yield node
            yield from branches(node.children)


for _model in (Impute, CarryForward, Interpolate, Part, Branch, Track, Scheme):
    _model.model_rebuild()
