"""From an error of pydantic to the place in the data: which of its steps are keys and which only name a choice of the model."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from tongkao.scheme.model import Scheme
from tongkao.scheme.positions import Path


@dataclass(frozen=True)
class Spot:
    """A place in a scheme.

    Attributes:
        path: Keys and places in lists.
        owner: The model whose key the last step is, None inside lists and open mappings.
        is_key: Whether the fault is in the last key itself, not in its value.
    """

    path: Path
    owner: type[BaseModel] | None
    is_key: bool = False


def locate(location: Sequence[str | int]) -> Spot:
    """Follow the location of a pydantic error through the models.

    Args:
        location: The ``loc`` of an error of ``Scheme.model_validate``; names of union choices stand between the keys.

    Returns:
        The place in the data.
    """
    annotation: Any = Scheme
    path: list[str | int] = []
    owner: type[BaseModel] | None = None
    is_key = False
    for step in location:
        annotation = _strip(annotation)
        choices = _choices(annotation)
        if choices is not None:
            annotation = _chosen(choices, str(step))
        elif step == "[key]":
            is_key = True
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            owner = annotation
            path.append(step)
            annotation = field_annotation(annotation, str(step))
        elif get_origin(annotation) in (list, dict):
            owner = None
            path.append(step)
            annotation = get_args(annotation)[-1]
    return Spot(tuple(path), owner, is_key)


def model_keys(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that a mapping may hold, in the order of the model."""
    return tuple(model.model_fields)


def label(path: Path, data: Any) -> str:
    """Write a path for people: ``tracks.city.tree[development].points``; items of a list by their id where they have one."""
    text = ""
    for step in path:
        if isinstance(step, int):
            item = data[step] if isinstance(data, list) and step < len(data) else None
            name = item.get("id", item.get("indicator")) if isinstance(item, Mapping) else None
            text += f"[{name if isinstance(name, str) else step + 1}]"
            data = item
        else:
            text += f".{step}" if text else step
            data = data.get(step) if isinstance(data, Mapping) else None
    return text


@cache
def field_annotation(model: type[BaseModel], name: str) -> Any:
    """What stands under a key of a model; its discriminator is not needed, the error names the choice."""
    field = model.model_fields.get(name)
    if field is not None:
        return field.annotation
    extra = model.__annotations__.get("__pydantic_extra__")
    return Any if extra is None else float


def _strip(annotation: Any) -> Any:
    """Take off ``Annotated`` and ``| None``."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        if get_origin(annotation) in (Union, types.UnionType):
            rest = [choice for choice in get_args(annotation) if choice is not type(None)]
            if len(rest) == 1:
                annotation = rest[0]
                continue
        return annotation


def _choices(annotation: Any) -> tuple[Any, ...] | None:
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(choice for choice in get_args(annotation) if choice is not type(None))
    return None


def _chosen(choices: tuple[Any, ...], name: str) -> Any:
    for choice in choices:
        if get_origin(choice) is Annotated and any(
            isinstance(extra, Tag) and extra.tag == name for extra in get_args(choice)[1:]
        ):
            return choice
    for choice in choices:
        plain = _strip(choice)
        if isinstance(plain, type) and issubclass(plain, BaseModel) and "method" in plain.model_fields:
            method = plain.model_fields["method"].annotation
            if get_origin(method) is Literal and name in get_args(method):
                return choice
    if name.startswith("tagged-union"):
        return next((choice for choice in choices if _choices(_strip(choice)) is not None), Any)
    return Any
