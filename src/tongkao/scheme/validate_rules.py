"""Checks of what follows from points: tiers, ties, awards, quotas, events and the effects of binding indicators."""

from __future__ import annotations

from collections.abc import Iterable

from tongkao.scheme import check_messages as say
from tongkao.scheme.checking import Checking, near, written
from tongkao.scheme.model import Award, Effect, Tier, Track
from tongkao.scheme.positions import Path

TOTAL = "total"


def check_rules(checking: Checking) -> None:
    """Check the rules of every track and of every event."""
    for name, track in checking.scheme.tracks.items():
        path: Path = ("tracks", name)
        _check_tiers(checking, name, track.tiers, (*path, "tiers"))
        _check_ties(checking, name, track)
        _check_unranked(checking, name, track)
        _unique(checking, [award.id for award in track.awards], (*path, "awards"), "id")
        for number, award in enumerate(track.awards):
            _check_award(checking, award, (*path, "awards", number))
        _check_quotas(checking, name, track)
        if track.screen is not None and track.screen.availability is None and track.screen.non_zero is None:
            checking.add(say.SCREEN_EMPTY, (*path, "screen"), path=written((*path, "screen")))
    everywhere = list(checking.scheme.tracks)
    for name, event in checking.scheme.events.items():
        _check_effect(checking, event.effect, ("events", name, "effect"), everywhere)
    for name, indicator in checking.scheme.indicators.items():
        if indicator.binding is not None:
            effect: Path = ("indicators", name, "binding", "effect")
            if indicator.binding.effect.void is not None:
                checking.add(say.BINDING_VOID, (*effect, "void"), "key", name=name)
            _check_effect(checking, indicator.binding.effect, effect, checking.tracks_with(name))


def _unique(checking: Checking, names: Iterable[str], path: Path, key: str | None = None) -> None:
    """Check that no name of a list stands twice; ``key`` is where it stands in an item."""
    seen: dict[str, Path] = {}
    for number, name in enumerate(names):
        here: Path = (*path, number) if key is None else (*path, number, key)
        if name in seen:
            checking.add(say.ID_TWICE, here, path=written(path), name=name, first=checking.line(seen[name]))
        seen.setdefault(name, here)


def _check_node(checking: Checking, track: str, name: str, path: Path, *, of_key: bool = False) -> None:
    nodes = checking.nodes[track] | {TOTAL}
    if name not in nodes:
        shown = written(path[:-1])
        checking.add(
            say.UNKNOWN_NODE,
            path,
            "key" if of_key else "value",
            path=shown,
            track=track,
            name=name,
            nearest=near(name, nodes),
        )


def _check_tiers(checking: Checking, track: str, tiers: list[Tier], path: Path) -> None:
    _unique(checking, [tier.id for tier in tiers], path, "id")
    for number, tier in enumerate(tiers):
        here: Path = (*path, number)
        sizes = [key for key in ("count", "share") if getattr(tier, key) is not None]
        conditions = [key for key in ("score", "gates") if getattr(tier, key) not in (None, {})]
        if len(sizes) == 2:
            checking.add(say.TIER_TWO_SIZES, (*here, "share"), "key", name=tier.id)
        for node in tier.gates:
            _check_node(checking, track, node, (*here, "gates", node), of_key=True)
        if number == len(tiers) - 1:
            if sizes:
                checking.add(say.LAST_TIER_CLOSED, (*here, sizes[0]), "key", track=track, name=tier.id)
            for key in conditions:
                checking.add(say.LAST_TIER_CONDITION, (*here, key), "key", track=track, name=tier.id, key=key)
        elif not sizes and not conditions:
            checking.add(say.OPEN_TIER_NOT_LAST, (*here, "id"), track=track, name=tier.id)


def _check_ties(checking: Checking, name: str, track: Track) -> None:
    path: Path = ("tracks", name, "ties", "by")
    _unique(checking, track.ties.by, path)
    for number, node in enumerate(track.ties.by):
        _check_node(checking, name, node, (*path, number))


def _check_unranked(checking: Checking, name: str, track: Track) -> None:
    path: Path = ("tracks", name, "unranked")
    _unique(checking, track.unranked, path)
    if checking.units is None:
        return
    units = set(checking.units.get(name, ()))
    for number, unit in enumerate(track.unranked):
        if unit not in units:
            fields = {"path": written(path), "track": name, "name": unit, "nearest": near(unit, units)}
            checking.add(say.UNKNOWN_UNIT, (*path, number), **fields)


def _check_award(checking: Checking, award: Award, path: Path) -> None:
    if award.top is not None and award.by is None:
        checking.add(say.AWARD_TOP_WITHOUT_BY, (*path, "top"), "key", name=award.id)
    elif award.by is not None and award.top is None:
        checking.add(say.AWARD_BY_WITHOUT_TOP, (*path, "by"), "key", name=award.id)
    elif award.when is None and award.top is None:
        checking.add(say.AWARD_WITHOUT_RULE, (*path, "id"), name=award.id)


def _check_quotas(checking: Checking, name: str, track: Track) -> None:
    path: Path = ("tracks", name, "quotas")
    _unique(checking, [quota.id for quota in track.quotas], path, "id")
    for number, quota in enumerate(track.quotas):
        here: Path = (*path, number)
        if quota.track not in checking.scheme.tracks:
            fields = {"path": written(here), "name": quota.track, "nearest": near(quota.track, checking.scheme.tracks)}
            checking.add(say.UNKNOWN_TRACK, (*here, "track"), **fields)
        for tier in quota.nominations:
            _check_tier(checking, tier, (*here, "nominations", tier), [name], of_key=True)


def _check_tier(checking: Checking, tier: str, path: Path, tracks: list[str], *, of_key: bool = False) -> None:
    """Check that a tier exists: in the track, or in one of several."""
    tiers = {known for track in tracks for known in checking.tiers[track]}
    if tier not in tiers:
        fields = {"path": written(path[:-1]), "name": tier, "nearest": near(tier, tiers)}
        code = say.UNKNOWN_TIER if len(tracks) == 1 else say.UNKNOWN_TIER_ANYWHERE
        checking.add(code, path, "key" if of_key else "value", track=tracks[0] if tracks else "", **fields)


def _check_effect(checking: Checking, effect: Effect, path: Path, tracks: list[str]) -> None:
    """Check an effect that may befall units of these tracks."""
    label = written(path)
    points = [key for key in ("bonus", "deduct") if getattr(effect, key) is not None]
    if not effect.model_dump(exclude_none=True):
        checking.add(say.EFFECT_EMPTY, path, path=label)
        return
    if len(points) == 2:
        checking.add(say.EFFECT_BONUS_AND_DEDUCT, (*path, "deduct"), "key", path=label)
    if not points:
        for key in ("cap", "at"):
            if getattr(effect, key) is not None:
                checking.add(say.EFFECT_WITHOUT_POINTS, (*path, key), "key", path=label, key=key)
    if effect.at is not None and effect.at != TOTAL:
        nodes = {node for track in tracks for node in checking.nodes[track]}
        if effect.at not in nodes:
            fields = {"path": label, "name": effect.at, "nearest": near(effect.at, nodes)}
            code = say.UNKNOWN_NODE if len(tracks) == 1 else say.UNKNOWN_NODE_ANYWHERE
            checking.add(code, (*path, "at"), track=tracks[0] if tracks else "", **fields)
    if effect.tier_at_most is not None and tracks:
        _check_tier(checking, effect.tier_at_most, (*path, "tier_at_most"), tracks)
