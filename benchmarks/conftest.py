"""Benchmarks run with BLAS on one thread, on a warm process, and are judged by their medians."""

from __future__ import annotations

import os

# Before NumPy is imported by any benchmark: on small products two threads cost more than they bring.
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
