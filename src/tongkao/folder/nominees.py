"""Nominations: which county a city puts forward for which quota."""

from __future__ import annotations

import polars as pl

from tongkao.folder import messages as say
from tongkao.folder.cells import integers, texts
from tongkao.folder.coded import UnitIndex, column, empty_cells, encode, repeated, rows_of, unknown_names, unknown_units
from tongkao.folder.found import Findings, Found
from tongkao.scheme.model import Scheme
from tongkao.tables import NOMINATIONS


def read_nominations(table: Found, scheme: Scheme | None, units: UnitIndex, findings: Findings) -> pl.DataFrame:
    """Check the nominations and bring them into canonical form.

    How many a city may make depends on its tier and is checked when the tiers are known.
    """
    order_number = integers(table, "order", findings)
    quota, city, unit = column(table, "quota"), column(table, "city"), column(table, "unit")
    lacking = [empty_cells(table, name, coded, findings) for name, coded in (("quota", quota), ("city", city), ("unit", unit))]
    unknown_units(table, "city", city, units, findings)
    unknown_units(table, "unit", unit, units, findings)
    low = rows_of(order_number < 1)
    findings.rows(say.ORDER_BELOW_ONE, table, low, "order", lambda at: {"found": order_number[int(low[at])]})
    if scheme is not None:
        _quotas(table, scheme, units, findings)
    repeated(
        table,
        "unit",
        (quota, unit),
        findings,
        lacking=lacking,
        code=say.NOMINATED_TWICE,
        fields=lambda row: {"unit": unit.name(row), "quota": quota.name(row)},
    )
    by_order = encode(order_number.cast(pl.String).fill_null(""))
    repeated(
        table,
        "order",
        (quota, city, by_order),
        findings,
        lacking=[*lacking, by_order.where([not text for text in by_order.names])],
        code=say.ORDER_TWICE,
        fields=lambda row: {"city": city.name(row), "quota": quota.name(row), "order": by_order.name(row)},
    )
    given = {"quota": texts(table, "quota"), "city": texts(table, "city"), "unit": texts(table, "unit")}
    frame = pl.DataFrame({**given, "order": order_number}, schema=NOMINATIONS.schema())
    return frame.sort(list(NOMINATIONS.key), maintain_order=True)


def _quotas(table: Found, scheme: Scheme, units: UnitIndex, findings: Findings) -> None:
    """Check that city and nominated unit are in the tracks that the quota names."""
    quota, city, unit = column(table, "quota"), column(table, "city"), column(table, "unit")
    givers: dict[str, set[str]] = {}
    takers: dict[str, set[str]] = {}
    for track_id, track in scheme.tracks.items():
        for item in track.quotas:
            givers.setdefault(item.id, set()).add(track_id)
            takers.setdefault(item.id, set()).add(item.track)
    unknown_names(table, "quota", quota, givers, findings, say.UNKNOWN_QUOTA, "quota", list_known=True)
    for name, coded, tracks, code in (
        ("city", city, givers, say.CITY_NOT_IN_TRACK),
        ("unit", unit, takers, say.NOMINEE_NOT_IN_TRACK),
    ):
        pairs = encode(pl.select(pl.concat_str(texts(table, "quota"), texts(table, name), separator="\n")).to_series())

        def outside(pair: str, tracks: dict[str, set[str]] = tracks) -> bool:
            quota_id, _, unit_id = pair.partition("\n")
            return quota_id in tracks and unit_id in units.tracks and units.tracks[unit_id] not in tracks[quota_id]

        rows = pairs.where([outside(pair) for pair in pairs.names])
        findings.rows(
            code,
            table,
            rows,
            name,
            lambda at, rows=rows, coded=coded, name=name, tracks=tracks: {  # type: ignore[misc]
                name: coded.name(rows[at]),
                "quota": quota.name(rows[at]),
                "track": sorted(tracks[quota.name(rows[at])]),
            },
        )
    pairs = encode(pl.select(pl.concat_str(texts(table, "city"), texts(table, "unit"), separator="\n")).to_series())

    def elsewhere(pair: str) -> bool:
        city_id, _, unit_id = pair.partition("\n")
        parent = units.parents.get(unit_id, "")
        return bool(parent) and parent in units.tracks and parent != city_id

    rows = pairs.where([elsewhere(pair) for pair in pairs.names])
    findings.rows(
        say.NOMINEE_ELSEWHERE,
        table,
        rows,
        "unit",
        lambda at: {
            "unit": unit.name(rows[at]),
            "parent": units.parents[unit.name(rows[at])],
            "city": city.name(rows[at]),
        },
    )
