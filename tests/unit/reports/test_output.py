"""An output is complete or not there, says the same for the same inputs, and never destroys what is not ours."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import tongkao
from tongkao.engine.explain import ExplainError, explain
from tongkao.errors import OutputError
from tongkao.reports import output as output_module
from tongkao.reports.files import sha256
from tongkao.scheme.digest import scheme_digest

from .folders import SMALL_SCHEME, contents, full_folder, small_folder

RESULTS = """\
track,class,unit,total,rank,tier,rank_last,tier_last,rank_change,awards
city,,a,86,2,second,1,first,-1,
city,,b,88,1,first,2,second,1,rise
city,,c,66,3,second,3,second,0,
city,,zone,87,,,,,,
"""
SCORES = """\
track,class,unit,node,kind,full_mark,rate,points,place
city,,a,total,total,100,86,86,2
city,,a,growth,indicator,60,90,54,1
city,,a,air,indicator,40,80,32,2
city,,b,total,total,100,88,88,1
city,,b,growth,indicator,60,80,48,2
city,,b,air,indicator,40,100,40,1
city,,c,total,total,100,66,66,3
city,,c,growth,indicator,60,70,42,3
city,,c,air,indicator,40,60,24,3
city,,zone,total,total,100,87,87,
city,,zone,growth,indicator,60,85,51,
city,,zone,air,indicator,40,90,36,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return small_folder(tmp_path / "folder")


@pytest.fixture
def result(folder: Path) -> tongkao.Result:
    return tongkao.score(tongkao.read_folder(folder))


def _message(call: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(OutputError) as caught:
        call()
    return [(problem.code, problem.describe("en")) for problem in caught.value.problems]


class TestWriting:
    def test_every_file_is_written(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        assert tongkao.write_output(result, out) == ["results.csv", "scores.csv", "trace.parquet", "run.json", "inputs/"]
        found = contents(out)
        assert list(found) == [
            "inputs/history.csv",
            "inputs/observations.csv",
            "inputs/scheme.yaml",
            "inputs/units.csv",
            "results.csv",
            "run.json",
            "scores.csv",
            "trace.parquet",
        ]
        assert found["results.csv"].decode() == RESULTS
        assert found["scores.csv"].decode() == SCORES
        assert found["inputs/scheme.yaml"].decode() == SMALL_SCHEME
        assert pl.read_parquet(out / "trace.parquet").equals(result.trace)

    def test_run_json_has_digests_and_neither_time_nor_place(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        tongkao.write_output(result, out)
        found = contents(out)
        run = json.loads(found["run.json"])
        assert len(run["data"].pop("digest")) == 64
        assert run == {
            "format": 1,
            "tongkao": tongkao.__version__,
            "scheme": {"id": "small-2020", "year": 2020, "digest": scheme_digest(result.assessment.scheme)},
            "data": {},
            "seed": None,
            "outputs": {name: sha256(found[name]) for name in ("results.csv", "scores.csv", "trace.parquet")},
            "inputs": {
                name: sha256(found[f"inputs/{name}"]) for name in ("history.csv", "observations.csv", "scheme.yaml", "units.csv")
            },
        }

    def test_tables_without_rows_are_left_out_and_the_others_are_there(self, tmp_path: Path) -> None:
        folder = full_folder(tmp_path / "full")
        names = tongkao.write_output(tongkao.score(tongkao.read_folder(folder)), tmp_path / "out")
        assert names == [
            "results.csv",
            "scores.csv",
            "panel.csv",
            "quotas.csv",
            "treatment.csv",
            "trace.parquet",
            "run.json",
            "inputs/",
        ]
        headers = {name: (tmp_path / "out" / name).read_text("utf-8").partition("\n")[0] for name in names[2:5]}
        assert headers == {
            "panel.csv": "year,track,class,unit,node,kind,full_mark,rate,points,place",
            "quotas.csv": "quota,city,tier,allowed,unit,order,total,place,listed",
            "treatment.csv": "track,year,indicator,group,method,pass_before,skew_before,kurtosis_before,pass_winsorised,"
            "skew_winsorised,kurtosis_winsorised,pass_after,skew_after,kurtosis_after,winsorised_high,winsorised_low,log,left_alone",
        }

    def test_marking_the_copies_gives_the_same_bytes(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "out")
        again = tongkao.score(tongkao.read_folder(tmp_path / "out" / "inputs"))
        tongkao.write_output(again, tmp_path / "again")
        assert contents(tmp_path / "again") == contents(tmp_path / "out")

    def test_folders_above_are_made(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "x" / "y" / "out")
        assert sorted(entry.name for entry in (tmp_path / "x" / "y").iterdir()) == ["out"]

    def test_others_may_read_it(self, result: tongkao.Result, tmp_path: Path) -> None:
        """The folder it is prepared in is private; the finished one is like any other."""
        (tmp_path / "plain").mkdir()
        tongkao.write_output(result, tmp_path / "out")
        assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


WRITE = """\
import sys, polars, tongkao
folder, out = sys.argv[1:]
tongkao.write_output(tongkao.score(tongkao.read_folder(folder)), out)
print(polars.thread_pool_size())
"""


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_bytes_depend_on_neither_threads_nor_the_order_of_rows(threads: int, tmp_path: Path) -> None:
    tongkao.write_output(tongkao.score(tongkao.read_folder(full_folder(tmp_path / "folder"))), tmp_path / "out")
    shuffled = full_folder(tmp_path / "shuffled", order=threads)
    assert contents(shuffled) != contents(tmp_path / "folder")
    command = [sys.executable, "-c", WRITE, str(shuffled), str(tmp_path / "again")]
    settings = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    run = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
    assert run.stdout == f"{threads}\n"
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


class TestReplacing:
    def test_an_earlier_output_is_replaced_as_a_whole(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(tongkao.score(tongkao.read_folder(full_folder(tmp_path / "full"))), tmp_path / "out")
        tongkao.write_output(result, tmp_path / "out")
        tongkao.write_output(result, tmp_path / "fresh")
        assert contents(tmp_path / "out") == contents(tmp_path / "fresh")
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "fresh", "full", "out"]

    def test_an_empty_folder_is_used(self, result: tongkao.Result, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        tongkao.write_output(result, tmp_path / "out")
        assert (tmp_path / "out" / "results.csv").read_text("utf-8") == RESULTS

    def test_a_folder_that_is_not_ours_stays(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        out.mkdir()
        (out / "run.json").write_text('{"name": "somebody else\'s"}')
        assert _message(lambda: tongkao.write_output(result, out)) == [
            (
                "reports.out_not_ours",
                f"{out} exists and is no output of Tongkao (it has no run.json of ours); "
                "it is not overwritten, choose another place",
            )
        ]
        assert list(contents(out)) == ["run.json"]

    def test_files_of_others_are_not_lost(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        tongkao.write_output(result, out)
        (out / "minutes.docx").write_text("of the meeting")
        assert _message(lambda: tongkao.write_output(result, out)) == [
            (
                "reports.out_foreign",
                f"{out} holds files that Tongkao did not write (minutes.docx) and that would be lost; "
                "move them away, or choose another place",
            )
        ]
        assert (out / "minutes.docx").read_text() == "of the meeting"

    def test_a_file_stays(self, result: tongkao.Result, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("mine")
        assert _message(lambda: tongkao.write_output(result, tmp_path / "out")) == [
            ("reports.out_is_file", f"the output {tmp_path / 'out'} is a file, expected a folder")
        ]

    @pytest.mark.parametrize("inside", ["", "out", "deep/out"])
    def test_outputs_do_not_go_into_the_inputs(self, inside: str, result: tongkao.Result, folder: Path) -> None:
        before = contents(folder)
        out = folder / inside
        assert _message(lambda: tongkao.write_output(result, out, folder=folder)) == [
            (
                "reports.out_in_folder",
                f"the output {out} lies inside the assessment folder {folder}; "
                "outputs do not mix with inputs, choose another place",
            )
        ]
        assert contents(folder) == before

    def test_inputs_inside_the_output_are_not_deleted(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        tongkao.write_output(result, out)
        assert _message(lambda: tongkao.write_output(result, out, folder=out / "inputs")) == [
            (
                "reports.folder_in_out",
                f"the assessment folder {out / 'inputs'} lies inside the output {out} and would be deleted; choose another place",
            )
        ]

    def test_the_folder_one_is_in_is_not_replaced(
        self, result: tongkao.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        assert _message(lambda: tongkao.write_output(result, ".")) == [
            (
                "reports.out_is_here",
                "the output . is the folder you are in (or above it) and cannot be replaced as a whole; choose another place",
            )
        ]

    def test_a_link_is_followed(self, result: tongkao.Result, tmp_path: Path) -> None:
        (tmp_path / "target").mkdir()
        (tmp_path / "link").symlink_to("target")
        tongkao.write_output(result, tmp_path / "link")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "target" / "results.csv").read_text("utf-8") == RESULTS


class TestFailing:
    @pytest.mark.parametrize(
        ("number", "code", "text"),
        [
            (errno.ENOSPC, "reports.no_space", "{out} cannot be written: the disk is full; nothing was written"),
            (errno.EACCES, "reports.no_permission", "{out} cannot be written: permission denied"),
            (errno.EROFS, "reports.no_permission", "{out} cannot be written: permission denied"),
            (errno.EIO, "reports.cannot_write", "{out} cannot be written: Input/output error"),
        ],
    )
    def test_nothing_is_written_and_the_earlier_output_stays(
        self, number: int, code: str, text: str, result: tongkao.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "out"
        tongkao.write_output(tongkao.score(tongkao.read_folder(full_folder(tmp_path / "full"))), out)
        before = contents(tmp_path)
        write = Path.write_bytes

        def refuse(path: Path, content: bytes) -> int:
            if path.name == "run.json":
                raise OSError(number, os.strerror(number))
            return write(path, content)

        monkeypatch.setattr(Path, "write_bytes", refuse)
        assert _message(lambda: tongkao.write_output(result, out)) == [(code, text.format(out=out))]
        assert contents(tmp_path) == before
        assert _message(lambda: tongkao.write_output(result, tmp_path / "new" / "out"))[0][0] == code
        assert not (tmp_path / "new").exists()

    def test_the_earlier_output_comes_back_if_the_last_step_fails(
        self, result: tongkao.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        out = tmp_path / "out"
        tongkao.write_output(result, out)
        before = contents(tmp_path)
        rename = Path.rename

        def stop(path: Path, target: Path) -> Path:
            if path.name == "fresh":
                raise KeyboardInterrupt
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            tongkao.write_output(result, out)
        monkeypatch.undo()
        assert contents(tmp_path) == before

    def test_a_place_below_a_file(self, result: tongkao.Result, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        out = tmp_path / "file" / "out"
        assert _message(lambda: tongkao.write_output(result, out)) == [
            ("reports.no_place", f"{out} cannot be written: what is above it is no folder, or takes none")
        ]


class TestReading:
    def test_tables_come_back_with_their_types(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "out")
        output = tongkao.read_output(tmp_path / "out")
        assert output.results.equals(result.results)
        assert output.results.schema == result.results.schema
        assert output.scores.equals(result.scores)
        assert output.trace.equals(result.trace)
        assert output.assessment.observations.equals(result.assessment.observations)
        assert output.run["scheme"]["id"] == "small-2020"

    @pytest.mark.parametrize("name", ["b", "乙市", "Yi"])
    def test_a_unit_is_found_by_id_and_by_name(self, name: str, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "out")
        assert tongkao.read_output(tmp_path / "out").find_unit(name) == "b"

    def test_an_unknown_unit_or_node_brings_the_nearest(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "out")
        output = tongkao.read_output(tmp_path / "out")
        assert _message(lambda: output.explain("zones")) == [
            ("reports.unknown_unit", "the results have no unit zones (did you mean zone?)")
        ]
        assert _message(lambda: output.explain("Jai")) == [
            ("reports.unknown_unit", "the results have no unit Jai (did you mean Jia?)")
        ]
        with pytest.raises(ExplainError, match=r"grwth.*did you mean growth"):
            output.explain("a", "grwth")

    def test_an_explanation_is_that_of_the_result(self, result: tongkao.Result, tmp_path: Path) -> None:
        tongkao.write_output(result, tmp_path / "out")
        found = tongkao.read_output(tmp_path / "out").explain("Jia", "air")
        assert found == explain(result.assessment, result.trace, result.results, "a", "air")
        assert (found["unit"], found["node"]) == ("a", "air")

    def test_what_is_no_output_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "run.json").write_text("not JSON")
        (tmp_path / "newer").mkdir()
        run = {"format": 2, "tongkao": "9.1.0", "scheme": {}, "data": {}, "outputs": {}, "inputs": {}}
        (tmp_path / "newer" / "run.json").write_text(json.dumps(run))
        cases = {
            name: _message(lambda name=name: tongkao.read_output(tmp_path / name)) for name in ("none", "empty", "other", "newer")
        }
        assert cases == {
            "none": [("reports.no_output", f"{tmp_path / 'none'} does not exist")],
            "empty": [
                (
                    "reports.not_an_output",
                    f"{tmp_path / 'empty'} is no output of Tongkao: there is no run.json; mark a folder with tongkao score first",
                )
            ],
            "other": [("reports.run_unreadable", "run.json: this is no run.json of Tongkao: JSON")],
            "newer": [
                (
                    "reports.newer_output",
                    "run.json: this output has format 2, this program knows 1; use Tongkao 9.1.0 or later",
                )
            ],
        }

    def test_a_damaged_table_is_named(self, result: tongkao.Result, tmp_path: Path) -> None:
        out = tmp_path / "out"
        tongkao.write_output(result, out)
        (out / "trace.parquet").write_bytes(b"nothing")
        (out / "scores.csv").unlink()
        output = tongkao.read_output(out)
        assert _message(lambda: output.trace)[0][0] == "reports.damaged"
        assert _message(lambda: output.scores) == [
            ("reports.damaged", "scores.csv: the file cannot be read: No such file or directory")
        ]


def test_a_place_is_checked_before_any_work(tmp_path: Path, folder: Path) -> None:
    output_module.check_place(tmp_path / "out", folder=folder)
    assert not (tmp_path / "out").exists()
