"""``run.json``: what was marked with what, and the digests of everything. No time, no place: the same marking, the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tongkao import __version__
from tongkao.errors import OutputError, Place, Problem, show
from tongkao.folder.assessment import Assessment
from tongkao.folder.canonical import data_digest
from tongkao.reports.files import RUN, sha256
from tongkao.reports.messages import NEWER_OUTPUT, NO_OUTPUT, NOT_A_MARKING, NOT_AN_OUTPUT, RUN_UNREADABLE
from tongkao.scheme.digest import scheme_digest

#: version of the layout of an output
FORMAT = 1
#: what run.json must have, with the type of each
SHAPE: dict[str, type] = {"format": int, "tongkao": str, "scheme": dict, "data": dict, "outputs": dict, "inputs": dict}


def run_of(assessment: Assessment, outputs: Mapping[str, bytes], inputs: Mapping[str, bytes]) -> dict[str, Any]:
    """Describe a marking.

    Args:
        assessment: What was marked.
        outputs: The files that were made, by name.
        inputs: The copies of the inputs, by name.
    """
    scheme = assessment.scheme
    return {
        "format": FORMAT,
        "tongkao": __version__,
        "scheme": {"id": scheme.id, "year": scheme.year, "digest": scheme_digest(scheme)},
        "data": {"digest": data_digest(assessment)},
        "seed": None,
        "outputs": {name: sha256(content) for name, content in sorted(outputs.items())},
        "inputs": {name: sha256(content) for name, content in sorted(inputs.items())},
    }


def run_bytes(run: Mapping[str, Any]) -> bytes:
    """The text of run.json."""
    return (json.dumps(run, ensure_ascii=False, indent=2) + "\n").encode()


def read_run(out: Path) -> dict[str, Any]:
    """Read the run.json of an output.

    Raises:
        OutputError: If there is none, or it is none of ours.
    """
    if not out.exists():
        raise OutputError([Problem(NO_OUTPUT, Place(), {"path": str(out)})])
    try:
        run = json.loads((out / RUN).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise OutputError([Problem(NOT_AN_OUTPUT, Place(), {"path": str(out)})]) from None
    except OSError as error:
        raise _unreadable(error.strerror or type(error).__name__) from error
    except (ValueError, RecursionError) as error:
        raise _unreadable("JSON") from error
    if not isinstance(run, dict):
        raise _unreadable("JSON")
    if "kind" in run:
        raise OutputError([Problem(NOT_A_MARKING, Place(), {"path": str(out), "kind": show(run["kind"])})])
    for key, kind in SHAPE.items():
        if not isinstance(run.get(key), kind):
            raise _unreadable(key)
    if run["format"] > FORMAT:
        fields = {"format": run["format"], "known": FORMAT, "version": run["tongkao"]}
        raise OutputError([Problem(NEWER_OUTPUT, Place(file=RUN), fields)])
    return run


def _unreadable(reason: str) -> OutputError:
    return OutputError([Problem(RUN_UNREADABLE, Place(file=RUN), {"reason": reason})])
