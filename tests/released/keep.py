"""Write the results of this version, once, before it is released."""

from __future__ import annotations

import tempfile
from pathlib import Path

import tongkao
from tests.oracle.generator import generate

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
NAMED = ("every-feature", "jiangsu-cities-2018", "jiangsu-cities-2022")
SEEDS = (3, 54, 117)


def keep(folder: Path, case: str) -> None:
    """Mark a folder and keep what comes out; a case that is there already stays."""
    target = HERE / tongkao.__version__ / case
    if target.exists():
        print(f"{target.relative_to(HERE)} is kept already")
        return
    tongkao.write_output(tongkao.score(tongkao.read_folder(folder)), target)
    print(f"{target.relative_to(HERE)} written")


def main() -> None:
    """Keep every case."""
    for name in NAMED:
        keep(EXAMPLES / name, name)
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as made:
            generate(seed, Path(made))
            keep(Path(made), f"random-{seed:04d}")


if __name__ == "__main__":
    main()
