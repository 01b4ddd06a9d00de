"""What may vary, as data: frozen pydantic models of ``robustness.yaml``, one for each mapping that the file may hold.

The file stands beside ``scheme.yaml`` and says nothing that marking needs: how many runs, the seed, and a list of choices. Each
choice has an id, which names it in results, and one key that says its kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag
from pydantic.functional_validators import AfterValidator
from pydantic_core import PydanticCustomError

from tongkao.errors import Place, Problem, TongkaoError
from tongkao.robustness import spec_messages as say
from tongkao.robustness.spec_faults import Kinds, Locations, read_model
from tongkao.scheme.model import Count, Frozen, Identifier, NotNegative, Positive, Share, TitleText

FILE = "robustness.yaml"


class SpecError(TongkaoError):
    """What is to vary is at fault, or impossible."""


def _interval(value: list[float]) -> list[float]:
    if not value[0] < value[1]:
        raise PydanticCustomError("interval", "not increasing")
    return value


Interval = Annotated[list[Share], Field(min_length=2, max_length=2), AfterValidator(_interval)]

# --- weights ------------------------------------------------------------------------------------------------------------


class Dirichlet(Frozen):
    """Any weights: even over the simplex of the siblings, or around the nominal shares with a concentration."""

    method: Literal["dirichlet"]
    concentration: Positive | None = Field(
        None, description="围绕原权重的集中度，缺省为整个单纯形 / around the nominal shares; absent: the whole simplex"
    )


class Bounded(Frozen):
    """Any weights within bounds: even over the part of the simplex where each share is between low and high."""

    method: Literal["bounded"]
    low: Share = 0.0
    high: Share = 1.0
    nodes: dict[Identifier, Annotated[list[Share], Field(min_length=2, max_length=2)]] = Field(
        default_factory=dict, description="{节点: [下限, 上限]} / {node: [low, high]}"
    )


class RankConstrained(Frozen):
    """Any weights in the order of the nominal ones: even over that part of the simplex; equal ones are in no order."""

    method: Literal["rank_constrained"]


class Band(Frozen):
    """Each weight times a number from 1 - share to 1 + share, even, then siblings brought back to their sum."""

    method: Literal["band"]
    share: Annotated[Share, Field(lt=1)]


class Sets(Frozen):
    """Given sets of weights, for example one an expert: each names all children of a node, or none of them."""

    method: Literal["sets"]
    sets: Annotated[dict[str, dict[Identifier, NotNegative]], Field(min_length=1)]


Weights = Annotated[Dirichlet | Bounded | RankConstrained | Band | Sets, Field(discriminator="method")]
LevelWord = Literal["all", "paper", "dimension", "indicator"]


def _at_tag(value: Any) -> str:
    return "<list>" if isinstance(value, list) else "<word>"


At = Annotated[
    Annotated[LevelWord, Tag("<word>")] | Annotated[list[Identifier], Field(min_length=1), Tag("<list>")],
    Discriminator(_at_tag),
]


class Named(Frozen):
    """What every choice has: an id for results, and if one likes a title."""

    id: Identifier
    title: TitleText | None = None


class WeightsChoice(Named):
    """Weights vary."""

    weights: Weights
    at: At = Field("indicator", description="哪一层或哪些节点 / which level, or which nodes")
    track: Identifier | None = Field(None, description="只在此序列 / in this track only")


# --- alternatives -------------------------------------------------------------------------------------------------------


class PathChoice(Named):
    """Something that the scheme says, named by its path, with alternative values; ``*`` stands for every id."""

    path: str = Field(min_length=1)
    choices: Annotated[list[Any], Field(min_length=1)]
    labels: list[str] | None = None
    chances: list[Positive] | None = None


class SettingsChoice(Named):
    """Alternatives that change several things at once: label -> {path: value}; an empty mapping changes nothing."""

    settings: Annotated[dict[str, dict[str, Any]], Field(min_length=1)]
    chances: list[Positive] | None = None


EachName = Annotated[
    Annotated[Literal["each"], Tag("<word>")] | Annotated[list[Identifier], Tag("<list>")], Discriminator(_at_tag)
]
EachUnit = Annotated[Annotated[Literal["each"], Tag("<word>")] | Annotated[list[str], Tag("<list>")], Discriminator(_at_tag)]


class LeaveOut(Frozen):
    """What may be left out, one at a time."""

    indicators: EachName | None = None
    nodes: list[Identifier] | None = None
    units: EachUnit | None = None
    nothing: bool = Field(default=True, description="“都不去掉”也是一种备选 / leaving out nothing is one alternative")


class LeaveOutChoice(Named):
    """One indicator, node or unit is left out."""

    leave_out: LeaveOut


class ValueDraws(Frozen):
    """How values vary; several at once add up."""

    standard_error: Positive | None = Field(
        None, description="标准误的倍数：正态 / normal, so many standard errors (column se of the observations)"
    )
    relative: Positive | None = Field(None, description="修订的相对标准差：正态 / normal, relative sd of revisions")
    last_digit: Literal[True] | None = Field(None, description="末位数半个单位以内均匀 / within half a unit of the last digit")


class ValuesChoice(Named):
    """Observed values vary."""

    values: ValueDraws
    indicators: list[Identifier] | None = Field(None, description="缺省为全部观测 / by default every observation")


class Classes(Frozen):
    """Classes that a unit might be put into."""

    unit: str = Field(min_length=1)
    among: Annotated[list[str], Field(min_length=1)]


class ClassesChoice(Named):
    """The class of a unit varies."""

    classes: Classes


KINDS: dict[str, type[Named]] = {
    "weights": WeightsChoice,
    "path": PathChoice,
    "settings": SettingsChoice,
    "leave_out": LeaveOutChoice,
    "values": ValuesChoice,
    "classes": ClassesChoice,
}


def _kind(value: Any) -> str | None:
    if isinstance(value, BaseModel):
        return next((f"<{name}>" for name, model in KINDS.items() if isinstance(value, model)), None)
    return next((f"<{name}>" for name in KINDS if isinstance(value, dict) and name in value), None)


ChoiceField = Annotated[
    Annotated[WeightsChoice, Tag("<weights>")]
    | Annotated[PathChoice, Tag("<path>")]
    | Annotated[SettingsChoice, Tag("<settings>")]
    | Annotated[LeaveOutChoice, Tag("<leave_out>")]
    | Annotated[ValuesChoice, Tag("<values>")]
    | Annotated[ClassesChoice, Tag("<classes>")],
    Discriminator(_kind),
]
ChoiceSpec = WeightsChoice | PathChoice | SettingsChoice | LeaveOutChoice | ValuesChoice | ClassesChoice


class Spec(Frozen):
    """What varies in the runs of a robustness analysis."""

    tongkao: Literal[1] = Field(1, description="格式版本 / version of this format")
    runs: Annotated[int, Field(ge=1, le=10_000_000)] = 1000
    seed: Count = 1
    intervals: list[Interval] = Field(default_factory=lambda: [[0.05, 0.95]])
    top: list[Annotated[int, Field(ge=1)]] = Field(
        default_factory=list, description="前 k 名的概率 / probabilities of being among the first k"
    )
    vary: list[ChoiceField] = Field(default_factory=list)


_METHODS: dict[str, type[Frozen]] = {
    "dirichlet": Dirichlet,
    "bounded": Bounded,
    "rank_constrained": RankConstrained,
    "band": Band,
    "sets": Sets,
}
_INNER: dict[str, type[Frozen]] = {"leave_out": LeaveOut, "values": ValueDraws, "classes": Classes}


def _keys_of(location: Sequence[str | int]) -> list[str]:
    """The keys that may stand in the mapping at a location of a pydantic error."""
    model: type[BaseModel] = Spec
    for step in location:
        name = str(step)
        if name.startswith("<") and name.strip("<>") in KINDS:
            model = KINDS[name.strip("<>")]
        elif model is not Spec:
            model = _METHODS.get(name, _INNER.get(name, model))
    return list(model.model_fields)


def load_spec(text: str, file: str = FILE) -> tuple[Spec | None, list[Problem], Locations]:
    """Read the text of a ``robustness.yaml``.

    Args:
        text: The YAML text.
        file: Its name for the places of problems.

    Returns:
        The spec, None where there is any problem; the problems in the order of their places; where everything stands.
    """
    spec, problems, positions = read_model(Spec, text, file, Kinds(tuple(KINDS), tuple(_METHODS), _keys_of))
    locations = Locations(file, positions)
    return spec, problems, locations


def read_spec(path: str | Path) -> tuple[Spec, Locations]:
    """Read ``robustness.yaml`` of a folder, or a file of any name.

    Raises:
        SpecError: With every problem of the file.
    """
    file = Path(path)
    if file.is_dir():
        file = file / FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "UTF-8"
        raise SpecError([Problem(say.NOT_READABLE, Place(file=str(path)), {"reason": reason})]) from error
    spec, problems, locations = load_spec(text, file.name)
    if spec is None:
        raise SpecError(problems)
    return spec, locations
