"""The digest of a scheme: the same for the same rules, however they are written down."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from tongkao.scheme.model import Scheme


def canonical_text(scheme: Scheme) -> str:
    """Write a scheme as JSON in one form only.

    Keys are sorted, numbers are floats in their shortest form, a title is always a pair. What equals its default is left out,
    so that it makes no difference whether a default is written, and a later version with a new key keeps old digests.
    """
    data = _plain(scheme.model_dump(mode="json", exclude_defaults=True))
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def scheme_digest(scheme: Scheme) -> str:
    """SHA-256 of the canonical text, in hexadecimal.

    The order of keys, comments, quotes and aliases of the YAML text do not matter; the order of lists does.
    """
    return hashlib.sha256(canonical_text(scheme).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Leave out empty lists and mappings, which are defaults too; minus zero is zero."""
    if isinstance(value, dict):
        return {
            key: inner for key, inner in ((key, _plain(inner)) for key, inner in value.items()) if inner not in ({}, [], None)
        }
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return 0.0 if isinstance(value, float) and value == 0 else value
