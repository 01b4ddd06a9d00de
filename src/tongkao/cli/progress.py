"""A few lines on the error stream while work goes on, where somebody looks or the work is long."""

from __future__ import annotations

import sys
from pathlib import Path

from tongkao.cli.session import Session

#: bytes of input from which on the work is long
LARGE = 20_000_000


class Progress:
    """Says what is being done, or is silent."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._is_shown = sys.stderr.isatty() or _size(folder) >= LARGE

    def say(self, key: str, **fields: object) -> None:
        """Say what is being done now."""
        if self._is_shown:
            self._session.note(key, **fields)


def _size(folder: Path) -> int:
    """Bytes of the files that may be read."""
    try:
        files = [folder] if folder.is_file() else list(folder.iterdir())
        return sum(file.stat().st_size for file in files if file.is_file())
    except OSError:
        return 0
