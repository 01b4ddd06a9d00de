"""Who may import whom, and how light an import is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 0.4
#: what importing the library must never bring along
HEAVY = {"django", "duckdb", "hypothesis", "pyarrow", "pyspark", "pytest", "rich", "scipy", "sphinx", "typer", "xlsxwriter"}


def test_every_import_points_down(root: Path) -> None:
    lint = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())",
    ]
    found = subprocess.run(lint, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_library_brings_nothing_heavy_along() -> None:
    listing = "import tongkao, sys, json; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    loaded = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert HEAVY.intersection(json.loads(loaded.stdout)) == set()


def test_importing_the_library_is_quick() -> None:
    """Processor time of the fastest of five, so that other work on the machine does not count."""
    timing = "import time; start = time.process_time(); import tongkao; print(time.process_time() - start)"
    times = [
        float(subprocess.run([sys.executable, "-c", timing], capture_output=True, text=True, check=True).stdout) for _ in range(5)
    ]
    assert min(times) <= SECONDS, times


@pytest.mark.parametrize("package", ["scheme", "folder", "engine", "reports", "cli"])
def test_every_package_says_what_it_is_for(root: Path, package: str) -> None:
    text = (root / "src" / "tongkao" / package / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""'), f"{package} has no docstring"
