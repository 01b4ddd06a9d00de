"""``tongkao statistics``: what is shown, what is written, and where it may be written."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from python_calamine import CalamineWorkbook

from tests.unit.reports.folders import contents, full_folder, small_folder
from tongkao.folder.read import read_folder
from tongkao.reports import statistics as reports
from tongkao.reports.files import text_table

from .conftest import Ran, Run

FILES = [
    "indicators",
    "discrimination",
    "availability",
    "correlations",
    "denominators",
    "consistency",
    "components",
    "loadings",
    "trends",
    "units",
    "strengths",
    "outranking",
]

CHINESE = """\
小例（2020 年）

设区市：4 个单位

指标    有数   均值   标准差   偏度   得分率标准差   接近满分   提示
--------------------------------------------------------------------
增速   100 %     80       10   0.00          10.00        0 %
空气   100 %     30       10   0.00          20.00       33 %

维度   指标数   克朗巴哈 α   第一主成分
---------------------------------------
总分        2         0.57         75 %

已写入 {out}：{files}
"""
ENGLISH = """\
Small example (2020)

Cities: 4 units

indicator   available   mean   sd   skewness   sd of rates   near full marks   flags
------------------------------------------------------------------------------------
Growth          100 %     80   10       0.00         10.00               0 %
Air             100 %     30   10       0.00         20.00              33 %

dimension   indicators   alpha   first component
------------------------------------------------
total                2    0.57              75 %

Written to {out}: {files}
"""


def test_what_is_shown_in_both_languages(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    names = [f"{name}.csv" for name in FILES] + ["run.json"]
    assert run("statistics", folder, "--out", out) == Ran(0, CHINESE.format(out=out, files="、".join(names)), "")
    before = contents(out)
    assert sorted(before) == sorted(names)
    assert run("statistics", folder, "--out", out, "--lang", "en") == Ran(0, ENGLISH.format(out=out, files=", ".join(names)), "")
    assert contents(out) == before


def test_flags_and_pairs_are_told(run: Run, tmp_path: Path) -> None:
    """A unit without a value does not stop the statistics; growth and air now pull against each other."""
    folder = small_folder(
        tmp_path / "folder",
        ("observations.csv", "a,air,30\nb,air,20\nc,air,40", "a,air,40\nb,air,30\nc,air,20"),
        ("observations.csv", "b,growth,80\n", ""),
        (
            "scheme.yaml",
            "      - {indicator: growth, points: 60}\n      - {indicator: air, points: 40}\n",
            "      - id: all\n        title: {zh: 全部, en: Everything}\n        points: 100\n        children:\n"
            "          - {indicator: growth, points: 60}\n          - {indicator: air, points: 40}\n",
        ),
        (
            "scheme.yaml",
            "direction: down\n    score: {method: minmax, low: 60, high: 100}",
            "score: {method: minmax, low: 99, high: 100}",
        ),
    )
    folder_text = (folder / "observations.csv").read_text("utf-8")
    (folder / "observations.csv").write_text(folder_text.replace("a,growth,90", "a,growth,60"), "utf-8")
    ran = run("statistics", folder, "--out", tmp_path / "out", "--lang", "en")
    assert ran.code == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[6:8] == [
        "Growth           67 %     65   7.0711          -          7.07               0 %",
        "Air             100 %     30       10       0.00          0.50             100 %   near the target, no spread",
    ]
    assert "against each other within one dimension: Growth and Air (r = -1.00)" in lines
    zh = run("statistics", folder, "--out", tmp_path / "out")
    assert "同一维度内此消彼长：增速 与 空气（r = -1.00）" in zh.out.splitlines()


def read_table(out: Path, name: str, form: str) -> pl.DataFrame:
    """One table of an output, every cell as text or a number, empty ones None."""
    if form == "parquet":
        return pl.read_parquet(out / f"{name}.parquet")
    if form == "csv":
        table = text_table((out / f"{name}.csv").read_bytes())
    else:
        header, *rows = CalamineWorkbook.from_path(out / "statistics.xlsx").get_sheet_by_name(name).to_python()
        texts = [["" if cell == "" else str(cell) for cell in row] for row in rows]
        table = pl.DataFrame(texts, schema=dict.fromkeys(map(str, header), pl.String), orient="row")
    schema = {"track": pl.String(), **reports.TABLES[name][0]}
    assert table.columns == list(schema)
    return table.select(
        pl.col(column) if kind == pl.String else pl.col(column).replace("", None).cast(pl.Float64).cast(kind)
        for column, kind in schema.items()
    )


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_every_form_holds_the_same_tables(run: Run, tmp_path: Path, form: str) -> None:
    folder, out = full_folder(tmp_path / "folder"), tmp_path / "out"
    assert run("statistics", folder, "--out", out, "--format", form).code == 0
    tables = reports.statistics_of(read_folder(folder)).tables
    assert list(tables) == FILES
    for name, table in tables.items():
        # a workbook's numbers have 16 digits
        assert_frame_equal(read_table(out, name, form), table, check_exact=form != "xlsx", rel_tol=1e-15, abs_tol=0)
    files = {path.name for path in out.iterdir()}
    assert files == {"run.json", *(["statistics.xlsx"] if form == "xlsx" else [f"{name}.{form}" for name in FILES])}


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_the_order_of_rows_changes_no_byte(run: Run, tmp_path: Path, form: str) -> None:
    for order in (0, 1):
        folder = full_folder(tmp_path / f"folder{order}", order=order)
        run("statistics", folder, "--out", tmp_path / f"out{order}", "--format", form)
    assert contents(tmp_path / "out0") == contents(tmp_path / "out1")


def test_no_cell_holds_what_is_no_number(tmp_path: Path) -> None:
    folder = full_folder(tmp_path / "folder")
    header, *units = (folder / "units.csv").read_text("utf-8").splitlines()
    areas = [f"{unit},{number * 7 % 10}" for number, unit in enumerate(units)]
    (folder / "units.csv").write_text("\n".join([f"{header},area", *areas]) + "\n", "utf-8")
    statistics = reports.statistics_of(read_folder(folder))
    for name, table in statistics.tables.items():
        assert table.height, name
        for column in table.get_columns():
            if column.dtype == pl.Float64:
                assert bool(column.drop_nulls().is_finite().all()), (name, column.name)
            if column.dtype == pl.String:
                assert column.null_count() == 0, (name, column.name)


def test_statistics_say_of_what_they_are(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("statistics", folder, "--out", out)
    made = json.loads((out / "run.json").read_text("utf-8"))
    assert list(made) == ["format", "kind", "tongkao", "scheme", "data", "left_out", "outputs", "inputs"]
    assert made["scheme"]["id"] == "small-2020"
    assert sorted(made["outputs"]) == sorted(f"{name}.csv" for name in FILES)
    assert made["left_out"] == []


def test_what_is_left_out_is_said(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("statistics", "statistics_units"):
        monkeypatch.setattr(f"tongkao.reports.{module}.OUTRANKING_UNITS", 3)
    for module in ("statistics", "statistics_indicators"):
        monkeypatch.setattr(f"tongkao.reports.{module}.KENDALL_UNITS", 2)
    out = tmp_path / "out"
    lines = run("statistics", folder, "--out", out, "--lang", "en").out.splitlines()
    assert lines[-3:-1] == [
        "city: more than 2 units; Kendall's correlations were left out.",
        "city: more than 3 units; the outranking matrix was left out.",
    ]
    assert (out / "outranking.csv").read_text("utf-8") == "track,unit,other,share\n"
    correlations = pl.read_csv(out / "correlations.csv")
    assert correlations["kendall"].null_count() == correlations.height
    assert json.loads((out / "run.json").read_text("utf-8"))["left_out"] == [
        {"track": "city", "what": "kendall", "most_units": 2},
        {"track": "city", "what": "outranking", "most_units": 3},
    ]


class TestPlaces:
    def test_a_folder_with_errors_writes_nothing(self, run: Run, tmp_path: Path) -> None:
        folder = small_folder(tmp_path / "folder", ("units.csv", "c,city,", "c,town,"))
        out = tmp_path / "out"
        assert run("statistics", folder, "--out", out) == Ran(
            1, "", "units.csv:4:2: 方案没有序列 town；可用：city\n1 个错误，0 个提醒\n"
        )
        assert not out.exists()

    def test_only_earlier_statistics_are_replaced(self, run: Run, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        run("statistics", folder, "--out", out, "--format", "xlsx")
        run("statistics", folder, "--out", out, "--format", "parquet")
        assert not (out / "statistics.xlsx").exists()
        (out / "letter.txt").write_text("mine")
        before = contents(out)
        assert run("statistics", folder, "--out", out) == Ran(
            1, "", f"{out} 里有不是统考写的文件（letter.txt），覆盖会丢失它们；请先移走，或换一个位置\n"
        )
        assert contents(out) == before

    def test_a_marking_is_not_replaced(self, run: Run, folder: Path, tmp_path: Path) -> None:
        out = tmp_path / "out"
        run("score", folder, "--out", out)
        before = contents(out)
        assert run("statistics", folder, "--out", out).code == 1
        assert contents(out) == before

    def test_inside_the_folder(self, run: Run, folder: Path) -> None:
        ran = run("statistics", folder, "--out", folder / "out", "--lang", "en")
        assert (ran.code, "lies inside the assessment folder" in ran.err) == (1, True)

    def test_a_file(self, run: Run, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("")
        assert run("statistics", folder, "--out", tmp_path / "out").err == f"输出位置 {tmp_path / 'out'} 是一个文件，应为文件夹\n"

    def test_folders_above_are_made(self, run: Run, folder: Path, tmp_path: Path) -> None:
        assert run("statistics", folder, "--out", tmp_path / "new" / "deep").code == 0
        assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["deep"]

    def test_a_failure_leaves_the_earlier_ones(
        self, run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "out"
        run("statistics", folder, "--out", out)
        before = contents(out)
        real = Path.rename

        def rename(self: Path, target: Path) -> Path:
            if self.name == "fresh":
                raise OSError(28, "No space left on device")
            return real(self, target)

        monkeypatch.setattr(Path, "rename", rename)
        assert run("statistics", folder, "--out", out).err == f"无法写入 {out}：磁盘空间不足；什么都没有写\n"
        assert contents(out) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "out"]

    def test_too_many_rows_for_a_workbook(self, run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reports, "SHEET_ROWS", 12)
        ran = run("statistics", folder, "--out", tmp_path / "out", "--format", "xlsx", "--lang", "en")
        assert (ran.code, ran.err) == (
            1,
            "[units]: this table has 12 rows, a sheet of a workbook takes 11; use --format csv or parquet\n",
        )
        assert not (tmp_path / "out").exists()


def test_a_form_that_there_is_not(run: Run, folder: Path, tmp_path: Path) -> None:
    ran = run("statistics", folder, "--out", tmp_path / "out", "--format", "ods", "--lang", "en")
    assert (ran.code, ran.err.splitlines()[0]) == (2, 'The option --format cannot be "ods"; expected csv | parquet | xlsx.')
