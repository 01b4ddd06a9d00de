"""Words of leaving out: why an item cannot be left out, and what came of it."""

from __future__ import annotations

from tongkao.errors import declare

NOTHING_LEFT = declare(
    "robustness.nothing_left",
    zh="去掉后所有单位都没有任何指标",
    en="without it no unit has any indicator",
)
