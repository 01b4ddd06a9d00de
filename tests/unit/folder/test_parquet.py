import io

import polars as pl
import pytest

from tests.unit.folder.folders import make
from tongkao.folder.read import check_folder, read_folder
from tongkao.folder.starter import STARTER_FILES

OBSERVATIONS = pl.read_csv(STARTER_FILES["observations.csv"].encode())


def problems(path, frame: pl.DataFrame | bytes, name: str = "observations") -> list[str]:
    """Problems of the starting folder with one table as Parquet."""
    if isinstance(frame, pl.DataFrame):
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        frame = buffer.getvalue()
    folder = make(path, {f"{name}.csv": None, f"{name}.parquet": frame})
    return [problem.describe("en") for problem in check_folder(folder)[1]]


@pytest.mark.parametrize(
    "frame",
    [
        OBSERVATIONS.with_columns(pl.col("period").cast(pl.String)),
        OBSERVATIONS,
        OBSERVATIONS.with_columns(pl.col("unit", "indicator", "state").cast(pl.Categorical), pl.col("value").cast(pl.Float32)),
        OBSERVATIONS.rename({"unit": "考核对象", "value": "数值"}).reverse(),
    ],
)
def test_the_same_table_in_other_types_reads_the_same(tmp_path, frame):
    assert problems(tmp_path / "parquet", frame) == []
    first, second = read_folder(make(tmp_path / "csv")).observations, read_folder(tmp_path / "parquet").observations
    assert first.drop("value").equals(second.drop("value"))
    assert first.get_column("value").to_list() == pytest.approx(second.get_column("value").to_list(), rel=1e-6)


def test_not_finite_numbers_are_refused_and_null_is_missing(tmp_path):
    values = [float("nan"), float("inf"), -float("inf"), None, *range(8)]
    frame = OBSERVATIONS.with_columns(pl.Series("value", values, dtype=pl.Float64), state=pl.lit(None, pl.String))
    assert problems(tmp_path, frame) == [
        "observations.parquet:2:4: value is NaN: not a finite number; leave the cell empty if there is no value",
        "observations.parquet:3:4: value is inf: not a finite number; leave the cell empty if there is no value",
        "observations.parquet:4:4: value is -inf: not a finite number; leave the cell empty if there is no value",
    ]


def test_a_column_of_the_wrong_type(tmp_path):
    frame = OBSERVATIONS.with_columns(pl.col("value").cast(pl.String))
    assert problems(tmp_path, frame) == ["observations.parquet: the column value has the type String, expected a number"]


def test_lists_and_dates(tmp_path):
    units = pl.DataFrame({"unit": ["a"], "track": ["city"], "made": [[1, 2]]})
    found = problems(tmp_path, units, "units")
    assert found == ["units.parquet: the column made has the type List(Int64), expected text"]


@pytest.mark.parametrize("content", [b"PAR1", b"x" * 100, b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_a_file_that_is_no_parquet(tmp_path, content):
    assert [line.split(":")[1] for line in problems(tmp_path, content)] == [" this is no valid Parquet file"]


def test_an_empty_file(tmp_path):
    assert problems(tmp_path, b"") == ["observations.parquet: the file is empty"]
