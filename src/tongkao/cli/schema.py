"""``tongkao schema``: the JSON Schema of a scheme."""

from __future__ import annotations

import json

from tongkao.scheme.json_schema import json_schema


def run() -> int:
    """Print the JSON Schema."""
    print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0
