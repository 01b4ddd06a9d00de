"""Nothing is left out in silence: a skipped test is named with its reason, and is a failure under ``--require-all``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest

def test_published(reference):
    assert (reference / "here").is_file()

def test_other():
    pytest.skip("it rains")
"""


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    tests = tmp_path / "checkout" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(root / "tests" / "conftest.py", tests)
    (tests / "test_some.py").write_text(TESTS, encoding="utf-8")
    return tmp_path / "checkout"


def _run(folder: Path, *arguments: str, reference: str = "") -> tuple[int, str]:
    environment = {**os.environ, "TONGKAO_REFERENCE": reference, "PYTEST_ADDOPTS": ""}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:benchmark",
        "-n",
        "0",
        "tests",
        *arguments,
    ]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    return run.returncode, run.stdout


def test_what_is_left_out_is_named_with_its_reason(folder: Path) -> None:
    code, text = _run(folder)
    assert code == 0
    assert "1 because it rains\n    tests/test_some.py::test_other\n" in text
    absent = "1 because the reference folder is not there: ../shared/reference (set TONGKAO_REFERENCE)\n"
    assert absent + "    tests/test_some.py::test_published\n" in text


def test_with_require_all_nothing_may_be_left_out(folder: Path) -> None:
    code, text = _run(folder, "--require-all")
    assert code == 1
    assert "left out under --require-all: it rains" in text
    assert "left out under --require-all: the reference folder is not there" in text
    assert "1 failed, 1 error" in text


def test_the_reference_folder_is_found_beside_the_checkout(folder: Path) -> None:
    reference = folder.parent / "shared" / "reference"
    reference.mkdir(parents=True)
    (reference / "here").touch()
    code, text = _run(folder, "--deselect", "tests/test_some.py::test_other", "--require-all")
    assert (code, "1 passed, 1 deselected" in text) == (0, True)


def test_the_reference_folder_may_be_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "here").touch()
    chosen = ["--deselect", "tests/test_some.py::test_other", "--require-all"]
    assert _run(folder, *chosen, reference=str(tmp_path / "elsewhere"))[0] == 0
    assert _run(folder, *chosen, reference=str(tmp_path / "nowhere"))[0] == 1
