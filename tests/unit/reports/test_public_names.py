"""What ``import tongkao`` gives, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tongkao


@pytest.mark.parametrize("name", tongkao.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(tongkao, name) is getattr(tongkao, name)
    assert name in dir(tongkao)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="module 'tongkao' has no attribute 'scores'"):
        tongkao.__getattr__("scores")


def test_the_version_is_that_of_the_package(root: Path) -> None:
    assert tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"] == tongkao.__version__


def test_importing_brings_nothing_along() -> None:
    listing = (
        "import sys, tongkao; before = {'numpy', 'polars', 'pydantic', 'ruamel', 'difflib'} & set(sys.modules);"
        "tongkao.score; print(sorted(before), 'polars' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert ran.stdout == "[] True\n"


def test_a_type_checker_sees_the_names(tmp_path: Path) -> None:
    (tmp_path / "use.py").write_text(
        "import tongkao\n"
        "assessment = tongkao.read_folder('x')\n"
        "result: tongkao.Result = tongkao.score(assessment)\n"
        "files: list[str] = tongkao.write_output(result, 'y')\n"
        "reveal_type(tongkao.verify('y').is_sound)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-error-summary", "use.py"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout == 'use.py:5: note: Revealed type is "bool"\n'
