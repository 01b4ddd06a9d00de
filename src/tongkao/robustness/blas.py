"""One thread for products of matrices: runs are dealt out to threads of our own, and results must not depend on how many."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

_NAMES = ("scipy_openblas_{}_num_threads64_", "openblas_{}_num_threads64_", "openblas_{}_num_threads")


@cache
def _controls() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Get and set the number of threads of the OpenBLAS that NumPy brings; None where it brings another."""
    folder = Path(np.__file__).parent
    for library in sorted([*folder.parent.glob("numpy.libs/*openblas*"), *folder.glob(".dylibs/*openblas*")]):
        try:
            loaded = ctypes.CDLL(str(library))
        except OSError:
            continue
        for name in _NAMES:
            if hasattr(loaded, name.format("set")):
                return getattr(loaded, name.format("get")), getattr(loaded, name.format("set"))
    return None


@contextmanager
def one_thread() -> Iterator[None]:
    """Let products of matrices use one thread for a while, where NumPy's library can be told."""
    controls = _controls()
    if controls is None:
        yield
        return
    get, put = controls
    before = get()
    put(1)
    try:
        yield
    finally:
        put(before)
