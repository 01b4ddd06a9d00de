"""Every faulty folder of the corpus: what its author reads, in both languages, and that nothing else happens."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest

import tongkao
from tests.broken_cases import BROKEN, BUILDERS, LANGUAGES, case_names, described, diagnose, expected, prepare
from tongkao.cli import main
from tongkao.errors import CATALOGUE, Problem, sort_problems

SECONDS = 5.0
"""Of the processor, so that a busy machine fails nobody."""
SECONDS_FOR_A_MILLION_VALUES = 15.0
"""The largest scheme that is read at all takes two or three seconds, and more where several programs share a core."""
MEBIBYTES = 200
"""Of memory in use, the program and its libraries included (about 110)."""
MEBIBYTES_FOR_A_MILLION_VALUES = 600

WARNINGS_ONLY = {"data_more_than_a_hundred_warnings", "history_warnings", "units_column_slip"}
"""Folders that are marked in spite of what is said about them."""

LARGE = sorted(
    name for name in case_names() if name.endswith(("_gigabyte", "_levels", "_bomb", "_values", "_large", "_stray_cell"))
)

#: messages that no assessment folder can bring about, and why
OF_OTHER_COMMANDS = {
    "folder.target_not_empty": "tongkao new",
    "folder.file_exists": "tongkao template",
    "folder.unknown_owner": "tongkao template",
    "folder.cannot_write": "tongkao new and tongkao template",
    "folder.not_a_folder": "a path that is none, tested below",
    "engine.explain_no_such_unit": "tongkao explain",
    "engine.explain_no_such_node": "tongkao explain",
    "engine.explain_no_such_track": "tongkao explain",
    "engine.explain_other_track": "tongkao explain",
}
BEHIND_ANOTHER_CHECK = {
    "scheme.column_of_numbers": "a column that points differ by is always read as texts",
    "scheme.not_finite": "the reader of the YAML text finds such numbers first",
    "scheme.not_below": "no value of a scheme has such a limit",
    "scheme.not_accepted": "stands by for kinds of values that have no message of their own",
}


@cache
def diagnosed(name: str) -> tuple[list[Problem], float]:
    """The problems of a folder, and how many seconds it took to find them."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = prepare(name, Path(temporary))
        start = time.process_time()
        problems = diagnose(folder)
        return problems, time.process_time() - start


@pytest.mark.parametrize("name", case_names())
def test_what_the_author_of_a_faulty_folder_reads(name):
    problems, seconds = diagnosed(name)
    assert seconds < (SECONDS_FOR_A_MILLION_VALUES if name == "yaml_too_many_values" else SECONDS)
    assert {lang: described(problems, lang) for lang in LANGUAGES} == {lang: expected(name, lang) for lang in LANGUAGES}
    assert problems == sort_problems(problems)
    assert any(problem.severity == "error" for problem in problems) == (name not in WARNINGS_ONLY)


def test_the_corpus_is_whole():
    names = case_names()
    assert len(names) >= 60
    assert set(BUILDERS) <= set(names)
    for name in names:
        present = {path.name for path in (BROKEN / name).iterdir()}
        assert {"expected.zh.txt", "expected.en.txt"} <= present


def test_every_message_about_a_folder_has_a_folder():
    for module in pkgutil.walk_packages(tongkao.__path__, "tongkao."):
        importlib.import_module(module.name)
    declared = {code for code in CATALOGUE if code.startswith(("expression.", "scheme.", "folder.", "engine."))}
    seen = {problem.code for name in case_names() for problem in diagnosed(name)[0]}
    assert sorted(declared - seen) == sorted({*OF_OTHER_COMMANDS, *BEHIND_ANOTHER_CHECK})


def test_a_path_that_is_no_folder(tmp_path):
    path = tmp_path / "没有这个文件夹"
    problems = diagnose(path)
    assert described(problems, "zh") == f"{path} 不是文件夹\n"
    assert described(problems, "en") == f"{path} is not a folder\n"


@pytest.mark.parametrize("name", ["many_faults", "many_faults_of_content"])
def test_all_problems_of_a_folder_are_reported_together(name):
    problems, _ = diagnosed(name)
    files = [problem.place.file for problem in problems]
    assert len(problems) >= 12
    assert files == sorted(files)
    assert len(set(files)) >= 3


# --- the program ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "many_faults",
        "csv_utf16",
        "yaml_tab",
        "points_of_one_class",
        "marking_missing_value",
        "workbook_error_cell",
        "files_misspelt",
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_score_says_it_all_and_writes_nothing(name, lang, tmp_path, capsys):
    folder, out = prepare(name, tmp_path), tmp_path / "out"
    before = sorted(folder.iterdir())
    assert main(["score", str(folder), "--out", str(out), "--lang", lang]) == 1
    assert not out.exists()
    assert sorted(folder.iterdir()) == before
    said = capsys.readouterr()
    assert said.out == ""
    for line in expected(name, lang).splitlines():
        assert line in said.err


RUN = """
import re, resource, sys
from pathlib import Path
from tongkao.cli import main
code = main(sys.argv[1:])
status = Path("/proc/self/status")  # ru_maxrss also counts the process that started this one
if status.exists():
    peak = int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text()).group(1))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(peak, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_costs_little_memory(name, tmp_path):
    folder, out = prepare(name, tmp_path), tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-c", RUN, "score", str(folder), "--out", str(out), "--lang", "zh"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    *said, peak = run.stderr.splitlines()
    assert run.returncode == 1
    assert not out.exists()
    limit = MEBIBYTES_FOR_A_MILLION_VALUES if name == "yaml_too_many_values" else MEBIBYTES
    assert int(peak) < limit * 1024
    for line in expected(name, "zh").splitlines():
        assert any(line in words for words in said)
    assert "Traceback" not in run.stderr


def test_every_folder_is_refused_by_score_without_a_trace(tmp_path, capsys):
    for name in case_names():
        if name in WARNINGS_ONLY or name in LARGE:
            continue
        out = tmp_path / "out" / name
        assert main(["score", str(prepare(name, tmp_path / name)), "--out", str(out)]) == 1, name
        assert not out.exists()
        assert "Traceback" not in capsys.readouterr().err
    assert not Path(tmp_path / "out").exists()
