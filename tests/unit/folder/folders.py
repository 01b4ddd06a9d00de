"""Small folders for tests: the starting folder of ``tongkao new`` with some files changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tongkao.folder.read import check_folder
from tongkao.folder.starter import STARTER_FILES


def make(path: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write the starting folder with some files replaced, or left out where the content is None."""
    path.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes | None] = {**STARTER_FILES, **(changes or {})}
    for name, content in files.items():
        if content is not None:
            (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def problems(path: Path, changes: Mapping[str, str | bytes | None] | None = None) -> list[str]:
    """All problems of the changed starting folder, in English."""
    assessment, found = check_folder(make(path, changes))
    assert (assessment is None) == any(problem.severity == "error" for problem in found)
    for problem in found:
        assert problem.describe("zh")
    return [problem.describe("en") for problem in found]


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    """One change: some text of a starting file replaced."""
    text = STARTER_FILES[name]
    assert old in text
    return {name: text.replace(old, new)}


def added(name: str, *lines: str) -> dict[str, str]:
    """One change: lines added to a starting file."""
    return {name: STARTER_FILES[name] + "".join(f"{line}\n" for line in lines)}
