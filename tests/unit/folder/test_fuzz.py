"""Whatever a file holds, the answer is a list of problems and never a traceback."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.folder.folders import make
from tests.unit.folder.test_workbook import TABLES, book, grid
from tests.unit.folder.test_workbook_scheme import sheets
from tongkao.folder.read import check_folder
from tongkao.folder.starter import STARTER_FILES

FILES = [
    *STARTER_FILES,
    "weights.csv",
    "nominations.csv",
    "units.parquet",
    "observations.parquet",
    "data.xlsx",
]
SOUND = {
    **{name: text.encode() for name, text in STARTER_FILES.items()},
    "weights.csv": b"unit,node,points,weight\nbeihu,pm25,30,\n",
    "nominations.csv": b"quota,city,unit,order\na,donghe,beihu,1\n",
    "data.xlsx": book({**TABLES, "values": grid(), **sheets()}),
}


def check(changes: dict[str, bytes | None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assessment, problems = check_folder(make(Path(folder), changes))
        assert assessment is not None or problems
        for problem in problems:
            assert problem.describe("zh")
            assert problem.describe("en")


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_random_bytes_as_each_file(name, data):
    check({name: data})


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_sound_files_with_some_bytes_changed(name, data):
    content = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(("change", "remove", "insert", "cut")))
        if kind == "change":
            content[place] = data.draw(st.integers(0, 255))
        elif kind == "remove":
            del content[place : place + data.draw(st.integers(1, 20))]
        elif kind == "insert":
            content[place:place] = data.draw(st.binary(max_size=10))
        else:
            del content[place:]
        if not content:
            break
    check({name: bytes(content)})


cell = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8),
    st.sampled_from(["unit", "track", "node", "score", "{a: 1", "[x]", "a; b: 1", "#N/A", "tracks.city", "points north", "city"]),
)


@settings(max_examples=12, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*TABLES, "values", "scheme", "tree", "indicators"]),
        st.lists(st.lists(cell, max_size=4), max_size=4),
        max_size=4,
    )
)
def test_random_cells_in_sheets(tables):
    if tables:
        replaced = {f"{name}.csv": None for name in tables}
        if "values" in tables:
            replaced["observations.csv"] = None
        if {"scheme", "tree", "indicators"} & set(tables):
            replaced["scheme.yaml"] = None
        check({**dict.fromkeys(replaced), "data.xlsx": book(tables)})


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from([name for name in SOUND if name.endswith(".csv")]),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8), st.text(max_size=6)), max_size=6),
)
def test_random_texts_in_cells(name, changes):
    rows = [line.split(",") for line in SOUND[name].decode().splitlines()]
    for row, column, text in changes:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    check({name: "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")})
