"""Events of the year and results of earlier years: read and checked."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongkao.errors import nearest
from tongkao.folder import messages as say
from tongkao.folder.cells import integers, numbers, read_date, texts, words
from tongkao.folder.coded import (
    UnitIndex,
    column,
    combine,
    empty_cells,
    encode,
    in_order,
    not_negative,
    repeated,
    rows_of,
    unknown_names,
    unknown_units,
)
from tongkao.folder.found import Findings, Found
from tongkao.scheme.model import Scheme, leaves
from tongkao.tables import EVENTS, HISTORY


def read_events(table: Found, scheme: Scheme | None, units: UnitIndex, findings: Findings) -> pl.DataFrame:
    """Check the events and bring them into canonical form; the same event may happen to a unit many times."""
    date = words(texts(table, "date"), table, findings, read_date)
    count = numbers(table, "count", findings)
    points = not_negative(table, "points", findings)
    event, unit = column(table, "event"), column(table, "unit")
    empty_cells(table, "event", event, findings)
    empty_cells(table, "unit", unit, findings)
    unknown_units(table, "unit", unit, units, findings)
    rows = rows_of(count <= 0)
    findings.rows(say.COUNT_NOT_POSITIVE, table, rows, "count", lambda at: {"found": count[int(rows[at])]})
    if scheme is not None:
        unknown_names(table, "event", event, scheme.events, findings, say.UNKNOWN_EVENT, "event", list_known=True)
        _voided_indicators(table, scheme, units, findings)
    given = {name: texts(table, name) for name in ("event", "unit", "indicator", "note", "evidence")}
    frame = pl.DataFrame({**given, "date": date, "count": count.fill_null(1.0), "points": points})
    return frame.select(list(EVENTS.columns)).sort(list(EVENTS.key), maintain_order=True)


def _voided_indicators(table: Found, scheme: Scheme, units: UnitIndex, findings: Findings) -> None:
    """Check that an event which voids an indicator names one of the unit's tree."""
    event, unit, indicator = column(table, "event"), column(table, "unit"), column(table, "indicator")
    voiding = {name for name, kind in scheme.events.items() if kind.effect.void is not None}
    unnamed = np.array([not name for name in indicator.names], bool)
    voids = event.where([name in voiding for name in event.names])
    rows = voids[unnamed[indicator.codes[voids]]]
    findings.rows(say.EVENT_NEEDS_INDICATOR, table, rows, "indicator", lambda at: {"event": event.name(rows[at])})
    trees = {name: {leaf.indicator for leaf in leaves(track.tree)} for name, track in scheme.tracks.items()}
    pair = combine((unit, indicator))
    wrong = []
    for code in np.unique(pair):
        name, item = unit.names[code // len(indicator.names)], indicator.names[code % len(indicator.names)]
        tree = trees.get(units.tracks.get(name, ""))
        if item and tree is not None and item not in tree:
            wrong.append(code)
    outside = np.flatnonzero(np.isin(pair, wrong))

    def fields(at: int) -> dict[str, object]:
        name, item = unit.name(outside[at]), indicator.name(outside[at])
        track = units.tracks[name]
        return {"unit": name, "indicator": item, "track": track, "nearest": nearest(item, trees[track])}

    findings.rows(say.EVENT_INDICATOR_NOT_IN_TREE, table, outside, "indicator", fields)


def read_history(table: Found, scheme: Scheme | None, units: UnitIndex, findings: Findings) -> pl.DataFrame:
    """Check the results of earlier years and bring them into canonical form."""
    year = integers(table, "year", findings)
    rank = integers(table, "rank", findings)
    total = numbers(table, "total", findings)
    by_year, track, unit, tier = (column(table, name) for name in ("year", "track", "unit", "tier"))
    lacking = [empty_cells(table, name, coded, findings) for name, coded in (("year", by_year), ("track", track), ("unit", unit))]
    odd = rows_of((year < 1900) | (year > 2999))
    findings.rows(say.BAD_YEAR, table, odd, "year", lambda at: {"found": year[int(odd[at])]})
    low = rows_of(rank < 1)
    findings.rows(say.RANK_BELOW_ONE, table, low, "rank", lambda at: {"found": rank[int(low[at])]})
    order = repeated(table, "unit", (by_year, track, unit), findings, lacking=lacking)
    unknown_units(table, "unit", unit, units, findings, say.HISTORY_UNIT)
    if scheme is not None:
        unknown_names(table, "track", track, scheme.tracks, findings, say.UNKNOWN_TRACK, "track", list_known=True)
        late = rows_of((year >= scheme.year) & (year <= 2999))
        findings.rows(say.HISTORY_YEAR, table, late, "year", lambda at: {"year": year[int(late[at])], "scheme_year": scheme.year})
        tiers = {name: {item.id for item in kind.tiers} for name, kind in scheme.tracks.items()}
        pairs = encode(pl.select(pl.concat_str(texts(table, "track"), texts(table, "tier"), separator="\n")).to_series())

        def unknown(pair: str) -> bool:
            track_id, tier_id = pair.split("\n")[0], pair.split("\n")[-1]
            return bool(tier_id) and track_id in tiers and tier_id not in tiers[track_id]

        rows = pairs.where([unknown(pair) for pair in pairs.names])

        def fields(at: int) -> dict[str, object]:
            name, found = track.name(rows[at]), tier.name(rows[at])
            return {"track": name, "tier": found, "nearest": nearest(found, tiers[name])}

        findings.rows(say.HISTORY_TIER, table, rows, "tier", fields)
    frame = pl.DataFrame(
        {
            "year": year,
            "track": texts(table, "track"),
            "unit": texts(table, "unit"),
            "total": total,
            "rank": rank,
            "tier": texts(table, "tier"),
        },
        schema=HISTORY.schema(),
    )
    return in_order(frame, order)
