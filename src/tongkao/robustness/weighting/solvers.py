"""SciPy's solvers, loaded when a method first needs them: everything else here works without the quarter of a second."""

from __future__ import annotations

import importlib
from typing import Any


def optimise() -> Any:
    """The module ``scipy.optimize``."""
    return importlib.import_module("scipy.optimize")
