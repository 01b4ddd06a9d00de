"""Old results stay: what a released version wrote comes out again, byte by byte, from the inputs that lie beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

import tongkao
from tests.released.keep import NAMED, SEEDS

HERE = Path(__file__).resolve().parent
KEPT = sorted(path.parent.relative_to(HERE) for path in HERE.glob("*/*/run.json"))


@pytest.mark.parametrize("kept", KEPT, ids=str)
def test_what_was_released_comes_out_again(kept: Path) -> None:
    verification = tongkao.verify(HERE / kept)
    said = [problem.describe("en") for problem in verification.problems]
    made = kept.parts[0]
    other = f"run.json: this result was made with Tongkao {made} and is recomputed with {tongkao.__version__}"
    expected = [] if made == tongkao.__version__ else [other]
    assert said == expected
    assert verification.run["tongkao"] == made


def test_every_case_of_this_version_is_kept() -> None:
    cases = {path.name for path in KEPT if path.parts[0] == tongkao.__version__}
    assert cases == {*NAMED, *(f"random-{seed:04d}" for seed in SEEDS)}
