"""Run the examples of the documentation and compare what they print with what the page shows.

A ```` ```python ```` block is run, all blocks of a page in one namespace; a ```` ```text ```` block right below it is what it
prints. In a ```` ```console ```` block every line after ``$`` is a command and the lines below it are what it prints; a line
``...`` stands for any number of lines. A page is run in a folder of its own that holds a copy of ``examples/``. A block below
``<!-- not run: reason -->`` is left alone. ``--update`` writes what is printed into the pages.
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"(?P<fence>`{3,})(?P<language>[\w-]*)\s*\Z")
NOT_RUN = re.compile(r"<!-- not run: .+ -->")
#: commands that are run; what only sets up a machine is not
RUN = frozenset(["tongkao", "cat", "cd", "cp", "diff", "echo", "head", "ls", "mkdir", "mv", "printf", "rm", "sed", "tail", "wc"])
SHOWN_ONLY = frozenset(["git", "pip", "python", "python3", "sudo", "bash", "export", "apt-get"])
#: what a command of the set-up script comes down to, for a page that shows its output
STANDS_FOR = {"python3 dev.py demo": "tongkao score examples/jiangsu-cities-2022 --out demo-out"}
MARK = "\x1e"


@dataclass
class Block:
    """A fenced block: its language, its lines, and where in the page they are (from 0, end excluded)."""

    language: str
    lines: list[str]
    start: int
    end: int
    is_run: bool = True


@dataclass
class Outcome:
    """What running a page showed: differences in words, and the page as it should be."""

    differences: list[str] = field(default_factory=list)
    text: str = ""


def pages() -> list[Path]:
    """Every page whose examples are run, in order."""
    found = [page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts]
    return sorted([*found, *ROOT.glob("*.md"), *ROOT.glob("examples/*/README.md")])


def blocks(lines: list[str]) -> list[Block]:
    """Find the fenced blocks of a page."""
    found: list[Block] = []
    opened: tuple[str, str, int] | None = None
    is_run = True
    for number, line in enumerate(lines):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened = (fence["fence"], fence["language"], number + 1)
        elif opened is None and line.strip():
            is_run = not NOT_RUN.match(line)
        elif opened is not None and line.rstrip() == opened[0]:
            found.append(Block(opened[1], lines[opened[2] : number], opened[2], number, is_run))
            opened, is_run = None, True
    return found


def run_page(page: Path, folder: Path) -> Outcome:
    """Run the examples of a page in a folder."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    lines = page.read_text(encoding="utf-8").split("\n")
    found = blocks(lines)
    outcome = Outcome()
    replacements: list[tuple[int, int, list[str]]] = []
    names: dict[str, Any] = {"__name__": "__page__"}
    for position, block in enumerate(found):
        following = found[position + 1] if position + 1 < len(found) else None
        if not block.is_run:
            continue
        if block.language == "python":
            expected = following if following and is_output_of(block, following, lines) else None
            result = run_python(page, block, names, folder)
            if isinstance(result, str):
                outcome.differences.append(result)
            elif expected is not None and not agrees(expected.lines, result):
                outcome.differences.append(difference(page, expected.start, expected.lines, result))
                replacements.append((expected.start, expected.end, result))
        elif block.language == "console":
            for start, end, shown, printed in run_console(page, block, folder):
                if not agrees(shown, printed):
                    outcome.differences.append(difference(page, start, shown, printed))
                    replacements.append((start, end, keep_gaps(shown, printed)))
    for start, end, new in sorted(replacements, reverse=True):
        lines[start:end] = new
    outcome.text = "\n".join(lines)
    return outcome


def is_output_of(block: Block, following: Block, lines: list[str]) -> bool:
    """Tell whether a block shows what the one before it prints: nothing but empty lines is in between."""
    between = lines[block.end + 1 : following.start - 1]
    return following.language == "text" and not any(line.strip() for line in between)


def run_python(page: Path, block: Block, names: dict[str, Any], folder: Path) -> list[str] | str:
    """Run a block of Python; give what it prints, or what went wrong."""
    source = "\n".join(block.lines) + "\n"
    printed = io.StringIO()
    where = f"{page.relative_to(ROOT)}:{block.start + 1}"
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        if source.lstrip().startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(source, names, where, str(page), block.start)
            failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=printed.write, clear_globs=False).failed
            names.update(test.globs)
            return printed.getvalue() if failed else []
        try:
            exec(compile("\n" * block.start + source, str(page), "exec"), names)
        except Exception as error:
            return f"{where}: {type(error).__name__}: {error}"
    return printed.getvalue().rstrip("\n").split("\n") if printed.getvalue() else []


def run_console(page: Path, block: Block, folder: Path) -> Iterator[tuple[int, int, list[str], list[str]]]:
    """Run the commands of a block in one shell; give where each one's output is shown, what is shown and what was printed."""
    starts = [number for number, line in enumerate(block.lines) if line.startswith("$ ")]
    commands = [block.lines[number].removeprefix("$ ") for number in starts]
    run = [STANDS_FOR.get(command, command) for command in commands]
    for command in run:
        first = command.split()[0]
        if first not in RUN | SHOWN_ONLY:
            raise ValueError(f"{page}: {first} is neither run nor known as one that is not")
    script = "".join(
        (command if command.split()[0] in RUN else "true") + f"\n__status=$?; printf '{MARK}'; (exit $__status)\n"
        for command in run
    )
    result = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=folder,
        env=environment(page),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    printed = result.stdout.split(MARK)
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(block.lines)
        shown = block.lines[start + 1 : end]
        if run[position].split()[0] in RUN:
            text = printed[position].replace(str(folder) + os.sep, "").rstrip("\n")
            yield block.start + start + 1, block.start + end, shown, [line.rstrip() for line in text.split("\n")] if text else []


def environment(page: Path) -> dict[str, str]:
    """A plain terminal of 120 columns, in the language of the page."""
    language = "zh_CN.UTF-8" if page.stem.endswith(".zh-CN") else "en_GB.UTF-8"
    plain = {"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1", "LANG": language, "LC_COLLATE": "C"}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "TONGKAO_"))}
    return {**kept, **plain, "PATH": path}


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Tell whether what is shown is what was printed, ``...`` standing for any number of lines."""
    pattern = "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()) + r"\n" for line in shown)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed)) is not None


def keep_gaps(shown: list[str], printed: list[str]) -> list[str]:
    """What was printed, with the ``...`` that the page has at the beginning and at the end."""
    first = ["..."] if shown and shown[0].strip() == "..." else []
    last = ["..."] if len(shown) > 1 and shown[-1].strip() == "..." else []
    return [*first, *printed, *last]


def difference(page: Path, line: int, shown: list[str], printed: list[str]) -> str:
    """Say where a page and what was printed differ."""
    where = f"{page.relative_to(ROOT)}:{line + 1}"
    return "\n".join([f"{where}: the page shows", *shown, "and this is printed", *printed])


def main() -> int:
    """Compare every page, or write down what is printed."""
    parser = argparse.ArgumentParser(description="Run the examples of the documentation.")
    parser.add_argument("--update", action="store_true", help="write what is printed into the pages")
    parser.add_argument("pages", nargs="*", type=Path, help="only these")
    chosen = parser.parse_args()
    wrong = 0
    for page in [path.resolve() for path in chosen.pages] or pages():
        with tempfile.TemporaryDirectory() as folder:
            outcome = run_page(page, Path(folder).resolve())
        if chosen.update and outcome.differences and outcome.text != page.read_text(encoding="utf-8"):
            page.write_text(outcome.text, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: written anew")
        for text in outcome.differences:
            if not chosen.update or "the page shows" not in text:
                print(text)
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
