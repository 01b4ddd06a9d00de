"""What is done where a value is missing or not applicable (section 4): policies as a chain of sources and an end."""

from __future__ import annotations

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
