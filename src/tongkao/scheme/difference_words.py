"""Words for differences of schemes."""

from __future__ import annotations
