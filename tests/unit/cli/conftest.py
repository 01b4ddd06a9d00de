"""A folder, and the program called as one calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.reports.folders import small_folder
from tongkao.cli import main
from tongkao.cli.session import LANGUAGES


@dataclass(frozen=True)
class Ran:
    """What a run of the program gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the program; its language is Chinese unless the test says otherwise."""
    for name in LANGUAGES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("TONGKAO_DEBUG", raising=False)

    def call(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small folder."""
    return small_folder(tmp_path / "folder")
