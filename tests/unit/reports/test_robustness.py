"""The output of a robustness analysis: tables, charts, and a folder that is there as a whole or not at all."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pytest
import python_calamine

from tests.unit.reports.folders import contents, small_folder
from tongkao.errors import OutputError
from tongkao.folder.read import read_folder
from tongkao.reports import folders
from tongkao.reports.files import sha256
from tongkao.reports.robustness import Robustness, analyse, points_for, robustness_files, write_robustness
from tongkao.robustness.spec import load_spec

SPEC = """\
tongkao: 1
runs: 60
seed: 3
intervals: [[0.05, 0.95], [0.25, 0.75]]
top: [1]
vary:
  - {id: weights, title: {zh: 权重, en: weights}, weights: {method: band, share: 0.5}}
  - {id: scoring, path: indicators.growth.score, choices: [{method: identity}, {method: rank_linear, low: 60, high: 100}]}
  - {id: leave, leave_out: {indicators: each}}
"""
NOTHING = "tongkao: 1\nruns: 5\n"


def _analyse(folder: Path, text: str = SPEC) -> Robustness:
    spec, problems, locations = load_spec(text)
    assert problems == []
    assert spec is not None
    return analyse(read_folder(folder), spec, text, locations)


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Robustness:
    return _analyse(small_folder(tmp_path_factory.mktemp("robustness") / "folder"))


def test_nothing_that_varies_gives_the_marking_itself(tmp_path: Path) -> None:
    robustness = _analyse(small_folder(tmp_path / "folder"), NOTHING)
    assert list(robustness.tables) == [
        *("units", "acceptability", "tiers", "awards", "before", "central_weights", "leaving_out", "leaving_out_units")
    ]
    units = robustness.tables["units"]
    assert units.select("unit", "total", "rank", "tier", "same_rank", "group").rows() == [
        ("a", 86.0, 2, "second", 1.0, 2),
        ("b", 88.0, 1, "first", 1.0, 1),
        ("c", 66.0, 3, "second", 1.0, 3),
        ("zone", 87.0, None, "", None, None),
    ]
    for kind in ("rank", "total"):
        for column in ("mean", "median", "low", "high", "p5", "p95"):
            assert units[f"{kind}_{column}"].cast(pl.Float64).equals(units[kind].cast(pl.Float64), null_equal=True), column
        assert units[f"{kind}_sd"].drop_nulls().unique().to_list() == [0.0]
    assert robustness.tables["acceptability"].rows() == [("city", "a", 2, 1.0), ("city", "b", 1, 1.0), ("city", "c", 3, 1.0)]
    assert robustness.tables["tiers"].filter(pl.col("share") > 0).rows() == [
        ("city", "a", "second", 1.0, True),
        ("city", "b", "first", 1.0, True),
        ("city", "c", "second", 1.0, True),
    ]
    assert robustness.tables["awards"].rows() == [
        *(("city", unit, "rise", share, share == 1.0) for unit, share in (("a", 0.0), ("b", 1.0), ("c", 0.0), ("zone", 0.0)))
    ]
    before = {(first, second): share for _, first, second, share in robustness.tables["before"].rows()}
    assert (before["b", "a"], before["a", "c"], before["c", "b"], before["zone", "a"]) == (1.0, 1.0, 0.0, None)
    assert robustness.tables["central_weights"].rows() == [("city", "b", "growth", 0.6), ("city", "b", "air", 0.4)]


def test_shares_of_every_unit_sum_to_one(analysed: Robustness) -> None:
    for name in ("acceptability", "tiers"):
        table = analysed.tables[name].filter(pl.col("unit") != "zone")
        sums = table.group_by("unit").agg(pl.col("share").sum())["share"]
        assert sums.to_list() == pytest.approx([1.0] * 3)
    before = {(a, b): share for _, a, b, share in analysed.tables["before"].rows()}
    assert before["a", "b"] + before["b", "a"] == pytest.approx(1.0)


def test_each_alternative_by_itself(analysed: Robustness) -> None:
    table = analysed.tables["alternatives"]
    assert table.select("choice", "alternative").unique(maintain_order=True).rows() == [
        ("scoring", "rank_linear (low: 60, high: 100)"),
        ("leave", "growth"),
        ("leave", "air"),
    ]
    air = table.filter(pl.col("alternative") == "air")
    assert air.select("unit", "total", "rank", "rank_change", "tier").rows() == [
        ("a", 90.0, 1, 1, "first"),
        ("b", 80.0, 2, -1, "second"),
        ("c", 70.0, 3, 0, "second"),
        ("zone", 85.0, None, None, ""),
    ]
    left_out = analysed.tables["leaving_out"].filter(pl.col("way") == "left_out")
    assert left_out.filter(pl.col("node") == "air").select("most_up", "places_up", "most_down").row(0) == ("a", 1, "b")


def test_what_turns_a_unit(analysed: Robustness) -> None:
    rows = analysed.tables["turns"].filter((pl.col("unit") == "a") & (pl.col("choice") == "leave"))
    assert rows.select("best_rank", "best_with", "worst_rank", "worst_with").rows() == [(1.0, "air", 2.0, "growth")]
    weights = analysed.tables["turns"].filter((pl.col("unit") == "b") & (pl.col("choice") == "weights"))
    assert weights["node"].to_list() == ["growth", "air"]
    assert weights["worst_with"].to_list() == ["high", "low"]


def test_choices_and_sensitivity(analysed: Robustness) -> None:
    assert analysed.tables["choices"].select("choice", "kind", "number", "alternative", "chance", "is_scheme").rows() == [
        ("weights", "weights", None, "", None, False),
        ("scoring", "path", 1, "identity", 0.5, True),
        ("scoring", "path", 2, "rank_linear (low: 60, high: 100)", 0.5, False),
        *(("leave", "leave_out", k, name, pytest.approx(1 / 3), k == 1) for k, name in enumerate(("", "growth", "air"), start=1)),
    ]
    table = analysed.tables["sensitivity"]
    assert set(table["target"]) == {"rank", "total", "rank_change"}
    assert table.height == (4 + 4 + 1) * 3
    assert analysed.points == 32


@pytest.mark.parametrize(
    ("runs", "choices", "points"), [(1000, 0, 0), (1000, 1, 0), (10, 2, 32), (1000, 5, 256), (10_000, 3, 1024), (10**6, 3, 1024)]
)
def test_points_of_the_sensitivity_design(runs: int, choices: int, points: int) -> None:
    assert points_for(runs, choices) == points


def test_the_files_and_their_digests(analysed: Robustness, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = write_robustness(analysed, out)
    assert names == [
        *(f"{name}.{form}" for name in analysed.tables for form in ("csv", "parquet")),
        *("robustness.xlsx", "charts/", "run.json", "inputs/"),
    ]
    run = json.loads((out / "run.json").read_bytes())
    assert {key: run[key] for key in ("format", "kind", "seed", "runs", "failed", "sensitivity_points")} == {
        "format": 1,
        "kind": "robustness",
        "seed": 3,
        "runs": 60,
        "failed": 0,
        "sensitivity_points": 32,
    }
    assert run["spec"]["vary"][0]["weights"] == {"method": "band", "share": 0.5}
    written = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {name: sha256(written[name]) for name in run["outputs"]} == run["outputs"]
    assert {name: sha256(written[f"inputs/{name}"]) for name in run["inputs"]} == run["inputs"]
    assert set(written) == {*run["outputs"], *(f"inputs/{name}" for name in run["inputs"]), "run.json"}
    assert written["inputs/robustness.yaml"].decode() == SPEC
    charts = {name for name in written if name.startswith("charts/")}
    stems = ["intervals", "heat", "bump", "sensitivity", "tornado-1", "tornado-2"]
    assert charts == {
        f"charts/city/{stem}.{lang}{size}.svg" for stem in stems for lang in ("zh", "en") for size in ("", ".phone")
    }


def test_csv_parquet_and_workbook_hold_the_same(analysed: Robustness) -> None:
    files = robustness_files(analysed)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(files["robustness.xlsx"]))
    assert book.sheet_names == list(analysed.tables)
    for name, table in analysed.tables.items():
        assert pl.read_parquet(io.BytesIO(files[f"{name}.parquet"])).equals(table)
        text = files[f"{name}.csv"].decode().splitlines()
        assert text[0].split(",") == table.columns
        assert len(text) == table.height + 1
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[0] == table.columns
        assert len(rows) == table.height + 1
    sheet = book.get_sheet_by_name("units").to_python()
    assert sheet[2][:7] == ["city", "b", "", "乙市", "Yi", 88.0, 1.0]


def test_a_second_run_gives_the_same_bytes_and_another_seed_does_not(analysed: Robustness, tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "folder")
    files = robustness_files(analysed)
    assert robustness_files(_analyse(folder)) == files
    other = robustness_files(_analyse(folder, SPEC.replace("seed: 3", "seed: 4")))
    assert other["units.csv"] != files["units.csv"]


def test_an_earlier_analysis_is_replaced_and_anything_else_is_not(analysed: Robustness, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_robustness(analysed, out)
    before = contents(out)
    write_robustness(analysed, out)
    assert contents(out) == before
    (out / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match=r"mine\.txt"):
        write_robustness(analysed, out)
    (out / "mine.txt").unlink()
    run = json.loads((out / "run.json").read_bytes())
    (out / "run.json").write_text(json.dumps({**run, "kind": "weights"}), encoding="utf-8")
    with pytest.raises(OutputError):
        write_robustness(analysed, out)
    (out / "run.json").write_text("[]", encoding="utf-8")
    with pytest.raises(OutputError):
        write_robustness(analysed, out)


@pytest.mark.parametrize("where", ["folder", "folder/inside", "file", "."])
def test_places_that_are_refused(analysed: Robustness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    folder = small_folder(tmp_path / "folder")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    target = Path(where) if where == "." else tmp_path / where
    before = contents(tmp_path)
    with pytest.raises(OutputError):
        write_robustness(analysed, target, folder=folder)
    assert contents(tmp_path) == before


def test_a_failure_leaves_the_earlier_analysis_and_nothing_else(
    analysed: Robustness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "deep" / "out"
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "fresh":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="disk is full"):
        write_robustness(analysed, out)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    write_robustness(analysed, out)
    before = contents(out)
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError):
        write_robustness(analysed, out)
    assert contents(out) == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_table_that_is_too_long_for_a_sheet_says_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SHEET_ROWS", 3)
    tables = {"short": pl.DataFrame({"a": [1, 2]}), "long": pl.DataFrame({"a": [1, 2, 3]})}
    data = folders.workbook(tables, title="x", year=2020, note=lambda name, rows: f"{name}: {rows}")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.get_sheet_by_name("short").to_python() == [["a"], [1.0], [2.0]]
    assert book.get_sheet_by_name("long").to_python() == [["long: 3"]]


def test_places_by_class_have_charts_of_their_own(tmp_path: Path) -> None:
    folder = small_folder(tmp_path / "folder", ("scheme.yaml", "    unranked: [zone]\n", "    rank_within: class\n"))
    units = (folder / "units.csv").read_text("utf-8").replace("track,", "track,class,").replace("city,", "city,north,")
    units = units.replace("b,city,north", "b,city,south").replace("zone,city,north", "zone,city,south")
    (folder / "units.csv").write_text(units, encoding="utf-8")
    files = robustness_files(_analyse(folder))
    names = {name.rpartition("/")[2] for name in files if name.endswith("intervals.zh.svg")}
    assert names == {"1-intervals.zh.svg", "2-intervals.zh.svg"}
    assert "设区市（north）" in files["charts/city/1-intervals.zh.svg"].decode()
    assert [name for name in files if "sensitivity.zh.svg" in name] == ["charts/city/1-sensitivity.zh.svg"]
