"""Whatever happens, people read a sentence and not a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.reports.folders import contents, small_folder

from .conftest import Ran, Run

PROGRAM = [sys.executable, "-c", "import sys; from tongkao.cli import main; sys.exit(main())"]


def _raise(error: BaseException) -> object:
    def raiser(*_: object, **__: object) -> None:
        raise error

    return raiser


def test_a_fault_of_the_program(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongkao.cli.check.check_folder", _raise(ZeroDivisionError("secret")))
    sentence = (
        "程序出了意料之外的错（ZeroDivisionError）。这是统考的毛病，不是您的；请把这句话和所用的命令报告给统考项目。"
        "设 TONGKAO_DEBUG=1 再运行一次可以看到细节。\n"
    )
    assert run("check", folder) == Ran(2, "", sentence)
    monkeypatch.setenv("TONGKAO_DEBUG", "1")
    ran = run("check", folder)
    assert ran.code == 2
    assert ran.err.startswith("Traceback (most recent call last):")
    assert ran.err.endswith("ZeroDivisionError: secret\n" + sentence)


def test_a_panic_below_python(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Polars panics with something that is no ``Exception``."""

    class PanicException(BaseException):
        pass

    monkeypatch.setattr("tongkao.cli.check.check_folder", _raise(PanicException()))
    ran = run("check", folder, "--lang", "en")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Something unexpected went wrong (PanicException). The fault is Tongkao's, not yours;")


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (MemoryError(), 1, "内存不够，没有完成。\n"),
        (OSError(5, "Input/output error", "x.csv"), 1, "系统拒绝了操作：Input/output error (x.csv)\n"),
        (KeyboardInterrupt(), 130, "已中断，没有留下写了一半的文件。\n"),
    ],
)
def test_what_is_nobodys_fault(
    error: BaseException, code: int, text: str, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tongkao.cli.check.check_folder", _raise(error))
    assert run("check", folder) == Ran(code, "", text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_it_writes(number: signal.Signals, tmp_path: Path) -> None:
    """The earlier output stays, and nothing of the new one is left."""
    folder = small_folder(tmp_path / "folder")
    subprocess.run([*PROGRAM, "score", str(folder), "--out", "out"], cwd=tmp_path, capture_output=True, check=True)
    before = contents(tmp_path)
    slow = (
        "import sys, time, pathlib; from tongkao.cli import main; import tongkao.reports.output as output\n"
        "def wait(*_):\n"
        "    print('writing', flush=True)\n"
        "    time.sleep(60)\n"
        "output._put = wait\n"
        "sys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", slow, "score", str(folder), "--out", "out", "--lang", "en"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    assert contents(tmp_path) != before
    time.sleep(0.2)
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "Stopped; nothing half written was left.\n")
    assert contents(tmp_path) == before


def test_a_reader_that_goes_away(folder: Path) -> None:
    """As in ``tongkao schema | head -1``."""
    process = subprocess.Popen([*PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 1


def test_a_closed_output(folder: Path) -> None:
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "check", str(folder)]
    ran = subprocess.run(closed, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_full_disk_behind_the_output(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run([*PROGRAM, "check", str(folder)], stdout=full, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr.decode()) == (1, "系统拒绝了操作：No space left on device\n")


def test_a_terminal_that_knows_no_chinese(folder: Path) -> None:
    settings = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = subprocess.run([*PROGRAM, "check", str(folder)], env=settings, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"????")


def test_the_program_starts_without_what_only_a_command_needs() -> None:
    listing = (
        "import sys; from tongkao.cli import main; main(['--help']);"
        "print(sorted({'numpy', 'polars', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", listing], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
