"""What is done where a value is missing or not applicable (section 4): policies as a chain of sources and an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongkao.engine.shares import LEFT, LEFT_EQUALLY
from tongkao.scheme.model import CarryForward, Floor, Impute, Interpolate, Neutral, Policy

Source = Impute | CarryForward | Interpolate
End = str | Floor | Neutral


def chain(policy: Policy) -> tuple[list[Source], End]:
    """Unfold a policy: what may give a value, in order, and what happens when nothing does.

    >>> chain(Impute(impute="mean", otherwise="zero"))
    ([Impute(impute='mean', within='track', otherwise='zero')], 'zero')
    """
    sources: list[Source] = []
    while True:
        if policy == "carry_forward":
            policy = CarryForward(carry_forward=True)
        if isinstance(policy, (Impute, CarryForward, Interpolate)):
            sources.append(policy)
            policy = policy.otherwise
        else:
            return sources, policy


def rate_of(end: End) -> float | None:
    """The rate that an end gives, None where it gives none."""
    if isinstance(end, Floor):
        return end.floor
    if isinstance(end, Neutral):
        return 100.0 * end.neutral
    return 0.0 if end == "zero" else None


#: ends that are no status of an item: a rate is given; the marking stops
GIVES, STOPS = 4, 5


@dataclass(frozen=True)
class Ends:
    """What happens in the end to each leaf's absent cells, one entry a leaf.

    Attributes:
        missing: Code for missing cells: :data:`LEFT`, :data:`LEFT_EQUALLY`, :data:`GIVES` or :data:`STOPS`.
        not_applicable: Code for cells that are not applicable.
        missing_rates: Rate that is given to missing cells, NaN where none is.
        not_applicable_rates: Rate that is given to cells that are not applicable, NaN where none is.
        sources: Whether any policy looks for values.
        others: Whether any policy does something else than let the item leave.
    """

    missing: NDArray[np.uint8]
    not_applicable: NDArray[np.uint8]
    missing_rates: NDArray[np.float64]
    not_applicable_rates: NDArray[np.float64]
    sources: bool
    others: bool


def ends_of(missing: Sequence[Policy], not_applicable: Sequence[Policy]) -> Ends:
    """Look up where the policies of the leaves end.

    Args:
        missing: Policy of each leaf for missing cells.
        not_applicable: Policy of each leaf for cells that are not applicable.
    """
    chains = [[chain(policy) for policy in policies] for policies in (missing, not_applicable)]
    codes = [np.array([_code(end) for _, end in each], np.uint8) for each in chains]
    rates = [np.array([np.nan if (rate := rate_of(end)) is None else rate for _, end in each]) for each in chains]
    return Ends(
        codes[0],
        codes[1],
        rates[0],
        rates[1],
        any(sources for each in chains for sources, _ in each),
        bool(np.isin(codes, (GIVES, STOPS)).any()),
    )


def _code(end: End) -> int:
    if rate_of(end) is not None:
        return GIVES
    return {"redistribute": LEFT, "redistribute_equally": LEFT_EQUALLY}.get(str(end), STOPS)
