"""The set-up script: where packages come from, and what it refuses."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, with no setting of pip or uv but those that a test makes."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_NO_INDEX", "TONGKAO_SETUP"):
        monkeypatch.delenv(name, raising=False)
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _pip_prints(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    listing = subprocess.CompletedProcess([], 0, stdout=text, stderr="")
    monkeypatch.setattr(dev.subprocess, "run", lambda *_, **__: listing)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", None),
        ("global.index-url='https://pypi.org/simple/'\n", None),
        ("global.extra-index-url='https://more.example/simple'\nglobal.find-links='/wheels'\n", None),
        ("global.index-url='https://mirror.example/simple'\n", {}),
        (":env:.index-url='https://mirror.example/simple'\n", {}),
        ("install.no-index='true'\n", {}),
        ("global.no-index='false'\n", None),
    ],
)
def test_packages_come_from_where_pip_is_set_to(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, printed: str, expected: dict[str, str] | None
) -> None:
    _pip_prints(dev, monkeypatch, printed)
    assert dev.package_source() == expected


def test_a_mirror_named_for_uv_is_handed_to_pip(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mirror.example/simple")
    assert dev.package_source() == {"PIP_INDEX_URL": "https://mirror.example/simple"}
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://pypi.org/simple")
    assert dev.package_source() is None


def test_doing_without_uv_may_be_asked_for(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    _pip_prints(dev, monkeypatch, "")
    monkeypatch.setenv("TONGKAO_SETUP", "pip")
    assert dev.package_source() == {}


def test_the_demo_overwrites_nothing_but_its_own_output(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[str, ...]] = []
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "prepare", lambda **_: 0)
    monkeypatch.setattr(dev, "run", lambda *command, **_: ran.append(tuple(map(str, command[1:]))) or 0)
    mine = tmp_path / "demo-out"
    mine.mkdir()
    (mine / "thesis.txt").touch()
    assert dev.demo([]) == 1
    assert (mine / "thesis.txt").exists()
    assert ran == []
    (mine / "run.json").touch()
    assert dev.demo([]) == 0
    assert not mine.exists()
    assert ran == [("score", "examples/jiangsu-cities-2022", "--out", "demo-out")]
    assert f"the files are in {mine}" in capsys.readouterr().out


def test_an_exit_code_is_passed_on(dev: ModuleType) -> None:
    assert dev.run(sys.executable, "-c", "import sys; sys.exit(7)") == 7


def test_an_unknown_command_shows_what_there_is(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["fly"]) == 2
    assert dev.main(["--help"]) == 0
    assert "python3 dev.py demo" in capsys.readouterr().out


def test_the_lists_for_pip_hold_what_the_lock_holds() -> None:
    """Name and version of each package; ``python3 dev.py lock`` writes them all."""
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r'^name = "(.+)"\nversion = "(.+)"\nsource = \{ registry', lock, flags=re.MULTILINE))
    listed = {}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        listed[name] = set(re.findall(r"^([a-z0-9._-]+)==([^ ]+)", text, flags=re.MULTILINE))
        assert text.count("==") <= text.count("--hash=sha256:")
    assert listed["requirements-dev.lock"] == locked
    assert listed["requirements.lock"] < locked


def test_ci_does_the_three_things_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "python3 dev.py system",
        "python3 dev.py lint",
        "python3 dev.py test --require-all",
    ]
