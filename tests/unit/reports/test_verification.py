"""Verification names what differs: the file, the row, the column, what is recorded and what it should be."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

import tongkao
from tongkao.errors import OutputError
from tongkao.reports import verification as verification_module
from tongkao.reports.files import sha256

from .folders import full_folder, small_folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    result = tongkao.score(tongkao.read_folder(small_folder(tmp_path / "folder")))
    tongkao.write_output(result, tmp_path / "out")
    return tmp_path / "out"


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def _texts(out: Path) -> list[str]:
    return [problem.describe("en") for problem in tongkao.verify(out).problems]


def test_an_analysis_is_no_marking(tmp_path):
    (tmp_path / "run.json").write_text('{"kind": "statistics", "format": 1}', encoding="utf-8")
    with pytest.raises(OutputError) as refused:
        tongkao.verify(tmp_path)
    assert refused.value.describe("en") == (
        f"{tmp_path} holds an analysis of tongkao statistics and no marking; this command needs a folder that tongkao score wrote"
    )


def test_an_untouched_output_is_sound(out: Path) -> None:
    verification = tongkao.verify(out)
    assert verification.problems == ()
    assert verification.is_sound
    assert verification.files == 8  # four inputs, results, scores, trace, run.json


def test_every_table_is_compared(tmp_path: Path) -> None:
    tongkao.write_output(tongkao.score(tongkao.read_folder(full_folder(tmp_path / "full"))), tmp_path / "out")
    verification = tongkao.verify(tmp_path / "out")
    assert verification.problems == ()
    assert verification.files == 13
    for name in ("panel.csv", "quotas.csv", "treatment.csv"):
        _edit(tmp_path / "out" / name, "\n", "\nx")
    assert {problem.place.file for problem in tongkao.verify(tmp_path / "out").problems} == {
        "panel.csv",
        "quotas.csv",
        "treatment.csv",
    }


class TestTables:
    def test_a_changed_number_is_named_in_both_languages(self, out: Path) -> None:
        _edit(out / "results.csv", "city,,b,88,", "city,,b,89.5,")
        problems = tongkao.verify(out).problems
        assert [problem.describe("en") for problem in problems] == [
            "results.csv:3 unit b: total is recorded as 89.5, recomputed as 88"
        ]
        assert [problem.describe("zh") for problem in problems] == ["results.csv:3 单位 b: total 记为 89.5，复算为 88"]

    def test_a_node_is_named(self, out: Path) -> None:
        _edit(out / "scores.csv", "city,,c,air,indicator,40,60,24,3", "city,,c,air,indicator,40,61,,3")
        assert _texts(out) == [
            "scores.csv:10 unit c node air: rate is recorded as 61, recomputed as 60",
            "scores.csv:10 unit c node air: points is recorded as -, recomputed as 24",
        ]

    def test_a_row_that_is_missing_or_added_does_not_spoil_the_others(self, out: Path) -> None:
        _edit(out / "results.csv", "city,,b,88,1,first,2,second,1,rise\n", "city,,new,99,1,first,,,,\n")
        assert _texts(out) == [
            "results.csv unit b: this row is missing; recomputed it is: "
            "total 88, rank 1, tier first, rank_last 2, tier_last second, rank_change 1, awards rise",
            "results.csv:3 unit new: this row was added: total 99, rank 1, tier first",
        ]

    def test_a_row_that_is_there_twice(self, out: Path) -> None:
        row = "city,,c,66,3,second,3,second,0,\n"
        _edit(out / "results.csv", row, row + row.replace("66", "67"))
        assert _texts(out) == [
            "results.csv:5 unit c: this row is there twice: "
            "total 67, rank 3, tier second, rank_last 3, tier_last second, rank_change 0"
        ]

    def test_another_column(self, out: Path) -> None:
        _edit(out / "results.csv", "awards", "prizes")
        assert _texts(out) == [
            "results.csv:1: the columns are track, class, unit, total, rank, tier, rank_last, tier_last, rank_change, prizes, "
            "expected track, class, unit, total, rank, tier, rank_last, tier_last, rank_change, awards"
        ]

    def test_other_bytes_with_the_same_cells(self, out: Path) -> None:
        file = out / "results.csv"
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        assert _texts(out) == [
            "results.csv: every cell is the same, yet the bytes differ "
            "(order of rows, line ends, quotes or the way numbers are written)"
        ]

    def test_many_differences_are_counted(self, tmp_path: Path) -> None:
        tongkao.write_output(tongkao.score(tongkao.read_folder(full_folder(tmp_path / "full"))), tmp_path / "out")
        file = tmp_path / "out" / "scores.csv"
        table = pl.read_csv(file, infer_schema=False).with_columns(full_mark=pl.lit("-1"))
        table.write_csv(file)
        texts = [problem.describe("en") for problem in tongkao.verify(tmp_path / "out").problems]
        assert len(texts) == 21
        assert texts[-1] == f"scores.csv: and {table.height - 20} more differences"

    def test_what_is_no_table(self, out: Path) -> None:
        (out / "results.csv").write_bytes(b"")
        (out / "trace.parquet").write_bytes(b"nothing")
        assert [(problem.code, problem.place.file) for problem in tongkao.verify(out).problems] == [
            ("reports.damaged", "results.csv"),
            ("reports.damaged", "trace.parquet"),
        ]


class TestTrace:
    def test_a_changed_cell_is_named(self, out: Path) -> None:
        table = pl.read_parquet(out / "trace.parquet")
        row = table.with_row_index("line", 1).filter((pl.col("unit") == "a") & (pl.col("node") == "air")).row(0, named=True)
        changed = pl.when((pl.col("unit") == "a") & (pl.col("node") == "air")).then(31.0).otherwise("observed").alias("observed")
        table.with_columns(changed).write_parquet(out / "trace.parquet")
        assert _texts(out) == [
            f"trace.parquet:{row['line']} unit a node air: observed is recorded as 31.0, recomputed as 30.0",
        ]

    def test_rows_that_are_missing_are_counted(self, out: Path) -> None:
        table = pl.read_parquet(out / "trace.parquet")
        table.head(3).write_parquet(out / "trace.parquet")
        assert _texts(out) == [f"trace.parquet: it has 3 rows, recomputed {table.height}"]

    def test_another_writer_of_the_same_table_is_no_difference(self, out: Path) -> None:
        """What an older version of the Parquet writer left: other bytes, the same table, and a digest that fits."""
        recorded = sha256((out / "trace.parquet").read_bytes())
        pl.read_parquet(out / "trace.parquet").write_parquet(out / "trace.parquet", compression="uncompressed")
        rewritten = sha256((out / "trace.parquet").read_bytes())
        assert _texts(out) == [
            f"run.json: outputs.trace.parquet is recorded as {recorded}, recomputed as {rewritten}",
        ]
        _edit(out / "run.json", recorded, rewritten)
        assert _texts(out) == []


class TestInputs:
    def test_a_changed_input_is_named_with_what_follows_from_it(self, out: Path) -> None:
        recorded = json.loads((out / "run.json").read_text("utf-8"))
        _edit(out / "inputs" / "observations.csv", "c,growth,2020,70", "c,growth,2020,71")
        texts = _texts(out)
        assert texts[0] == "inputs/observations.csv: this copy of an input was changed (its digest is not the one in run.json)"
        assert texts[1].startswith(f"run.json: data.digest is recorded as {recorded['data']['digest']}, recomputed as ")
        assert "results.csv:4 unit c: total is recorded as 66, recomputed as 66.6" in texts
        assert "scores.csv:9 unit c node growth: rate is recorded as 70, recomputed as 71" in texts

    def test_a_comment_in_the_scheme_changes_the_copy_but_no_result(self, out: Path) -> None:
        _edit(out / "inputs" / "scheme.yaml", "tongkao: 1\n", "tongkao: 1  # a remark\n")
        assert _texts(out) == ["inputs/scheme.yaml: this copy of an input was changed (its digest is not the one in run.json)"]

    def test_inputs_that_cannot_be_marked_are_named(self, out: Path) -> None:
        _edit(out / "inputs" / "units.csv", "c,city", "c,town")
        (out / "inputs" / "history.csv").unlink()
        (out / "inputs" / "notes.txt").write_text("")
        assert _texts(out) == [
            "inputs/history.csv: the file is missing",
            "inputs/notes.txt: the file was added; the marking did not write it",
            "inputs/units.csv: this copy of an input was changed (its digest is not the one in run.json)",
            "inputs/units.csv:4:2: the scheme has no track town; expected one of: city",
        ]

    def test_without_inputs(self, out: Path) -> None:
        for file in (out / "inputs").iterdir():
            file.unlink()
        (out / "inputs").rmdir()
        texts = _texts(out)
        assert texts[:4] == [
            f"inputs/{name}: the file is missing" for name in ("history.csv", "observations.csv", "scheme.yaml", "units.csv")
        ]
        assert len(texts) == 5


class TestRun:
    def test_a_changed_digest_is_named(self, out: Path) -> None:
        recorded = sha256((out / "scores.csv").read_bytes())
        _edit(out / "run.json", recorded, "0" * 64)
        assert _texts(out) == [f"run.json: outputs.scores.csv is recorded as {'0' * 64}, recomputed as {recorded}"]

    def test_a_changed_seed_is_named(self, out: Path) -> None:
        _edit(out / "run.json", '"seed": null', '"seed": 7')
        assert _texts(out) == ["run.json: seed is recorded as 7, recomputed as null"]

    def test_another_version_is_named_and_is_no_difference_by_itself(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(verification_module, "__version__", "3.0.0")
        verification = tongkao.verify(out)
        assert [problem.describe("en") for problem in verification.problems] == [
            f"run.json: this result was made with Tongkao {tongkao.__version__} and is recomputed with 3.0.0"
        ]
        assert verification.is_sound

    def test_files_that_are_missing_or_added(self, out: Path) -> None:
        (out / "scores.csv").unlink()
        (out / "extra.csv").write_text("")
        assert _texts(out) == [
            "extra.csv: the file was added; the marking did not write it",
            "scores.csv: the file is missing",
        ]

    def test_what_is_no_output_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError):
            tongkao.verify(tmp_path)
