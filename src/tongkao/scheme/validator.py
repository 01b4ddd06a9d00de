"""Cross checks of a scheme: everything that needs more than one of its values, or its data, to be seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from tongkao.errors import Problem, sort_problems
from tongkao.scheme.checking import Checking, Combinations
from tongkao.scheme.model import Scheme
from tongkao.scheme.positions import Positions
from tongkao.scheme.validate_expressions import check_expressions
from tongkao.scheme.validate_points import check_points
from tongkao.scheme.validate_rules import check_rules
from tongkao.scheme.validate_scoring import check_scoring
from tongkao.scheme.validate_tree import check_tree, check_use


def validate(
    scheme: Scheme,
    positions: Positions | None = None,
    *,
    file: str = "scheme.yaml",
    classes: Mapping[str, Collection[str]] | None = None,
    columns: Mapping[str, Literal["number", "text"]] | None = None,
    observed: Collection[str] | None = None,
    units: Mapping[str, Collection[str]] | None = None,
    combinations: Combinations | None = None,
) -> list[Problem]:
    """Check a scheme whose shape is sound.

    What comes from the data is optional: without it, what depends on it is not checked, and names in expressions that are
    neither indicators nor columns are accepted.

    Args:
        scheme: The scheme.
        positions: Where everything stands in its text.
        file: Name of its file, for the places.
        classes: Classes that occur in each track; "" where units have none.
        columns: Further unit columns and their kind (the known text columns such as ``class`` need not be listed).
        observed: Names that occur in the observations.
        units: Unit ids of each track.
        combinations: Gives the different rows of some unit columns that occur in a track, for points that differ by columns
            other than ``class``.

    Returns:
        Every problem, in the order of places; empty if the scheme is sound.
    """
    checking = Checking(
        scheme,
        positions if positions is not None else Positions(),
        file,
        classes=classes,
        columns=columns,
        observed=observed,
        units=units,
        combinations=combinations,
    )
    check_all(checking)
    return sort_problems(checking.problems)


def check_all(checking: Checking) -> None:
    """Run every check."""
    check_tree(checking)
    check_points(checking)
    check_rules(checking)
    check_scoring(checking)
    check_use(checking, check_expressions(checking))
