"""What changed in the data, counted table by table."""

from __future__ import annotations

from pathlib import Path

import tongkao
from tongkao.reports.changes import Counts, DataChanges, Moved, data_changes

from .folders import full_folder, small_folder


def _changes(tmp_path: Path, *changes: tuple[str, str, str]) -> DataChanges:
    old = tongkao.read_folder(small_folder(tmp_path / "old"))
    new = tongkao.read_folder(small_folder(tmp_path / "new", *changes))
    return data_changes(old, new)


def test_nothing_changed(tmp_path: Path) -> None:
    changes = _changes(tmp_path)
    assert changes == DataChanges((), (), (), {}, {}, {})
    assert not changes.any


def test_the_order_of_rows_is_no_change(tmp_path: Path) -> None:
    old = tongkao.read_folder(full_folder(tmp_path / "old"))
    assert not data_changes(old, tongkao.read_folder(full_folder(tmp_path / "new", order=3))).any


def test_units_come_go_and_move(tmp_path: Path) -> None:
    changes = _changes(
        tmp_path,
        ("units.csv", "unit,track,name_zh", "unit,track,class,name_zh"),
        ("units.csv", "a,city,", "a,city,north,"),
        ("units.csv", "b,city,", "b,city,,"),
        ("units.csv", "c,city,", "d,city,,"),
        ("units.csv", "zone,city,", "zone,city,,"),
        ("observations.csv", "c,", "d,"),
        ("history.csv", "2019,city,c,", "2019,city,d,"),
    )
    assert changes.added == ("d",)
    assert changes.removed == ("c",)
    assert changes.moved == (Moved("a", "city", "city", "", "north"),)
    assert changes.observations == {"air": Counts(added=1, removed=1), "growth": Counts(added=1, removed=1)}
    assert changes.tables == {"history": Counts(added=1, removed=1)}


def test_observations_are_counted_by_indicator(tmp_path: Path) -> None:
    changes = _changes(
        tmp_path,
        ("observations.csv", "a,growth,90\n", "a,growth,91\n"),
        ("observations.csv", "b,growth,80\n", ""),
        ("observations.csv", "c,air,40\n", "c,air,40\nc,noise,12\n"),
    )
    assert changes.observations == {"growth": Counts(changed=1, removed=1), "noise": Counts(added=1)}


def test_a_state_is_a_change_and_a_source_is_none(tmp_path: Path) -> None:
    header = ("observations.csv", "unit,indicator,value\n", "unit,indicator,value,state,source\n")
    rest = [
        ("observations.csv", f"{unit},{indicator},{value}\n", f"{unit},{indicator},{value},,yearbook\n")
        for unit, indicator, value in [
            ("b", "growth", 80),
            ("c", "growth", 70),
            ("zone", "growth", 85),
            ("a", "air", 30),
            ("b", "air", 20),
            ("c", "air", 40),
            ("zone", "air", 25),
        ]
    ]
    changes = _changes(tmp_path, header, ("observations.csv", "a,growth,90\n", "a,growth,90,disputed,yearbook\n"), *rest)
    assert changes == DataChanges((), (), (), {}, {"growth": Counts(changed=1)}, {})


def test_further_columns_of_units(tmp_path: Path) -> None:
    old = small_folder(tmp_path / "old", ("units.csv", "name_zh,name_en", "name_zh,size"), *_sizes("Jia", 5), *_sizes("Yi", 6))
    new = small_folder(tmp_path / "new", ("units.csv", "name_zh,name_en", "name_zh,size"), *_sizes("Jia", 7), *_sizes("Yi", 6))
    for folder in (old, new):
        text = (folder / "units.csv").read_text("utf-8").replace("Bing", "1" if folder == new else "").replace("New Zone", "2")
        (folder / "units.csv").write_text(text, encoding="utf-8")
    changes = data_changes(tongkao.read_folder(old), tongkao.read_folder(new))
    assert changes == DataChanges((), (), (), {"size": Counts(added=1, changed=1)}, {}, {})


def _sizes(name: str, size: int) -> list[tuple[str, str, str]]:
    return [("units.csv", name, str(size))]
