"""Tongkao 统考: an assessment folder (rules and tables) goes in; a marked, explained, reproducible result comes out.

The names below are the library's public face. Each is fetched when it is first used, so that importing the library costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongkao import errors
    from tongkao.engine.result import Result, score
    from tongkao.errors import FolderError, MarkingError, OutputError, Place, Problem, SchemeError, TongkaoError
    from tongkao.folder.assessment import Assessment
    from tongkao.folder.read import check_folder, read_folder
    from tongkao.reports.comparison import Comparison, compare, compare_folders
    from tongkao.reports.output import Output, read_output, write_output
    from tongkao.reports.verification import Verification, verify
    from tongkao.scheme.model import Scheme

__version__ = "0.1.0"

#: public name -> module that holds it
_HOMES = {
    "Assessment": "tongkao.folder.assessment",
    "Comparison": "tongkao.reports.comparison",
    "FolderError": "tongkao.errors",
    "MarkingError": "tongkao.errors",
    "Output": "tongkao.reports.output",
    "OutputError": "tongkao.errors",
    "Place": "tongkao.errors",
    "Problem": "tongkao.errors",
    "Result": "tongkao.engine.result",
    "Scheme": "tongkao.scheme.model",
    "SchemeError": "tongkao.errors",
    "TongkaoError": "tongkao.errors",
    "Verification": "tongkao.reports.verification",
    "check_folder": "tongkao.folder.read",
    "compare": "tongkao.reports.comparison",
    "compare_folders": "tongkao.reports.comparison",
    "read_folder": "tongkao.folder.read",
    "read_output": "tongkao.reports.output",
    "score": "tongkao.engine.result",
    "verify": "tongkao.reports.verification",
    "write_output": "tongkao.reports.output",
}

__all__ = [
    "Assessment",
    "Comparison",
    "FolderError",
    "MarkingError",
    "Output",
    "OutputError",
    "Place",
    "Problem",
    "Result",
    "Scheme",
    "SchemeError",
    "TongkaoError",
    "Verification",
    "__version__",
    "check_folder",
    "compare",
    "compare_folders",
    "errors",
    "read_folder",
    "read_output",
    "score",
    "verify",
    "write_output",
]


def __getattr__(name: str) -> Any:
    """Fetch a public name, and keep it."""
    if name == "errors":
        return import_module("tongkao.errors")
    if name not in _HOMES:
        raise AttributeError(f"module 'tongkao' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, for editors and help."""
    return sorted(__all__)
