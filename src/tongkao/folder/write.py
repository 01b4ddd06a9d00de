"""Write the inputs of an assessment as a folder: ``scheme.yaml`` and one CSV file a table."""

from __future__ import annotations

from pathlib import Path

from tongkao.errors import OutputError, Place, Problem
from tongkao.folder.assessment import Assessment
from tongkao.folder.canonical import table_texts
from tongkao.folder.file_messages import CANNOT_WRITE


def input_files(assessment: Assessment) -> dict[str, bytes]:
    """The files of an assessment by name; reading them gives the same assessment again."""
    files = {"scheme.yaml": assessment.scheme_text.encode()}
    files.update({f"{name}.csv": text for name, text in table_texts(assessment).items()})
    return files


def write_inputs(assessment: Assessment, path: Path) -> list[Path]:
    """Write an assessment's inputs into a folder, which is made if need be.

    Args:
        assessment: What to write.
        path: The folder.

    Returns:
        The files, in the order of their names.

    Raises:
        OutputError: If a file cannot be written.
    """
    written = []
    try:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in sorted(input_files(assessment).items()):
            (path / name).write_bytes(content)
            written.append(path / name)
    except OSError as error:
        problem = Problem(CANNOT_WRITE, Place(), {"path": str(path), "reason": error.strerror or type(error).__name__})
        raise OutputError([problem]) from error
    return written
