"""The documentation does what it says: every example is run, every page exists in both languages, and the whole builds."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tongkao.scheme.loader import load_scheme
from tongkao.scheme.validator import validate

ROOT = Path(__file__).resolve().parent.parent
#: pages for those who work on the code, in English only
ENGLISH_ONLY = {"explanation/architecture.md"}


def _snippets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("snippets", ROOT / "docs" / "snippets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["snippets"] = module
    spec.loader.exec_module(module)
    return module


snippets = _snippets()


def _has_examples(page: Path) -> bool:
    found = snippets.blocks(page.read_text(encoding="utf-8").split("\n"))
    return any(block.is_run and block.language in {"python", "console"} for block in found)


@pytest.mark.parametrize("page", [str(page.relative_to(ROOT)) for page in snippets.pages() if _has_examples(page)])
def test_examples_print_what_the_page_shows(page: str, tmp_path: Path) -> None:
    outcome = snippets.run_page(ROOT / page, tmp_path.resolve())
    assert not outcome.differences, "\n\n".join([*outcome.differences, "python3 dev.py docs --update-snippets writes them anew"])


def _whole_schemes() -> list[tuple[str, str]]:
    found = []
    for page in snippets.pages():
        for block in snippets.blocks(page.read_text(encoding="utf-8").split("\n")):
            if block.language == "yaml" and any(line.startswith("tongkao:") for line in block.lines):
                found.append((f"{page.relative_to(ROOT)}:{block.start}", "\n".join(block.lines)))
    return found


@pytest.mark.parametrize(("place", "text"), _whole_schemes())
def test_a_scheme_that_is_shown_whole_is_valid(place: str, text: str) -> None:
    scheme, problems, positions = load_scheme(text, place)
    assert problems == []
    assert scheme is not None
    assert validate(scheme, positions) == []


def test_the_format_is_shown_by_a_whole_scheme() -> None:
    assert [place.split(":")[0] for place, _ in _whole_schemes()][:2] == [
        "docs/reference/scheme-format.md",
        "docs/reference/scheme-format.zh-CN.md",
    ]


def test_every_page_exists_in_both_languages() -> None:
    docs = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts}
    chinese = {name.removesuffix(".zh-CN.md") + ".md" for name in docs if name.endswith(".zh-CN.md")}
    english = {name for name in docs if not name.endswith(".zh-CN.md")}
    assert english - chinese == ENGLISH_ONLY
    assert chinese - english == set()


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", str(tmp_path / "trees")]
    built = subprocess.run([*build, "docs", str(tmp_path / "html")], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert built.returncode == 0, built.stderr
    html = (tmp_path / "html" / "index.html").read_text(encoding="utf-8")
    assert 'src="http' not in html
    assert '<link rel="stylesheet" type="text/css" href="http' not in html


class TestRunningExamples:
    """The machinery itself, on pages made for the purpose."""

    def _run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[list[str], str]:
        monkeypatch.setattr(snippets, "ROOT", tmp_path)
        (tmp_path / "examples").mkdir()
        (tmp_path / "work").mkdir()
        page = tmp_path / "page.md"
        page.write_text(text, encoding="utf-8")
        outcome = snippets.run_page(page, tmp_path / "work")
        return outcome.differences, outcome.text

    def test_agreement_is_silent(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = (
            "```python\nx = 2\n```\n\n```python\nprint(x)\n```\n\n```text\n2\n```\n\n```console\n$ echo a; echo b\n...\nb\n```\n"
        )
        assert self._run(tmp_path, monkeypatch, text) == ([], text)

    def test_another_output_is_named_and_written_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "```python\nprint(1)\n```\n\n```text\n2\n```\n\n```console\n$ echo a\n$ echo b\nc\n```\n"
        differences, new = self._run(tmp_path, monkeypatch, text)
        assert [difference.split("\n")[0] for difference in differences] == [
            "page.md:6: the page shows",
            "page.md:11: the page shows",
            "page.md:12: the page shows",
        ]
        assert new == "```python\nprint(1)\n```\n\n```text\n1\n```\n\n```console\n$ echo a\na\n$ echo b\nb\n```\n"

    def test_an_error_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        differences, _ = self._run(tmp_path, monkeypatch, "```python\n1 / 0\n```\n")
        assert differences == ["page.md:2: ZeroDivisionError: division by zero"]

    def test_a_block_that_is_not_to_be_run_is_left_alone(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        text = "<!-- not run: needs a network -->\n\n```python\n1 / 0\n```\n"
        assert self._run(tmp_path, monkeypatch, text) == ([], text)

    def test_an_unknown_command_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with pytest.raises(ValueError, match="curl is neither run nor known"):
            self._run(tmp_path, monkeypatch, "```console\n$ curl x\n```\n")
