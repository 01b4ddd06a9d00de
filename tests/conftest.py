"""What every test shares: the reference folder, Hypothesis profiles, and an honest account of what was left out.

A test that needs something which not every machine has takes a fixture of this file; where the thing is absent the test is
skipped, and the end of the run names it with the reason. Under ``--require-all`` whatever is left out, for whatever reason,
is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.register_profile("soak", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("tests")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--require-all``."""
    parser.addoption("--require-all", action="store_true", help="a test that is left out is a failure")


# --- what not every machine has -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the reference results, which are no part of the product: ``$TONGKAO_REFERENCE`` or ``../shared/reference``."""
    named = os.environ.get("TONGKAO_REFERENCE")
    folder = Path(named) if named else ROOT.parent / "shared" / "reference"
    if not folder.is_dir():
        pytest.skip(f"the reference folder is not there: {named or '../shared/reference'} (set TONGKAO_REFERENCE)")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


# --- what was left out --------------------------------------------------------------------------------------------------------


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why something was skipped."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Make a failure of a skip."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = _reason(report)
        report.outcome = "failed"
        report.longrepr = f"left out under --require-all: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let nothing be left out of a test under ``--require-all``."""
    report = yield
    if item.config.getoption("--require-all"):
        _refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """Let no module be left out under ``--require-all``."""
    report = yield
    if collector.config.getoption("--require-all"):
        _refuse(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was left out, by reason."""
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        left_out.setdefault(_reason(report), []).append(report.nodeid)
    if not left_out:
        return
    terminalreporter.section("left out")
    for reason, names in sorted(left_out.items()):
        terminalreporter.line(f"{len(names)} because {reason}")
        for name in sorted(names):
            terminalreporter.line(f"    {name}")
