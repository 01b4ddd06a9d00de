"""Finished tiles in a file, so that a long run can be stopped and goes on.

The file begins with a digest of what is run; then each tile follows with its length and a checksum. A tile that was being written
when the run was stopped is found out by these, and computed again.
"""

from __future__ import annotations

import hashlib
import io
import os
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tongkao.errors import CATALOGUE, Place, Problem
from tongkao.folder.assessment import Assessment
from tongkao.robustness import spec_messages as say
from tongkao.robustness.batch import TileResult
from tongkao.robustness.spec import Spec, SpecError
from tongkao.scheme.digest import canonical_text

_MAGIC = b"tongkao tiles 1\n"
_PARTS = ("totals", "ranks", "tiers", "failed", "awards")


class TileStore:
    """Keeps the results of tiles; without a file it keeps nothing."""

    def __init__(self, file: Path | None, digest: bytes) -> None:
        self._file = file
        self._places: dict[int, tuple[int, int]] = {}
        if file is None:
            return
        if not file.exists():
            with file.open("wb") as out:
                out.write(_MAGIC + digest)
            return
        with file.open("rb") as source:
            if source.read(len(_MAGIC) + len(digest)) != _MAGIC + digest:
                raise SpecError([Problem(say.OTHER_STATE, Place(file=str(file)), {"file": file.name})])
            end = self._index(source)
        with file.open("r+b") as out:
            out.truncate(end)

    @classmethod
    def open(
        cls, file: str | Path | None, assessment: Assessment, spec: Spec, design: NDArray[np.float64], seed: int
    ) -> TileStore:
        """Open the file of a run, or begin one.

        Raises:
            SpecError: If the file belongs to another run.
        """
        if file is None:
            return cls(None, b"")
        digest = hashlib.sha256()
        digest.update(f"{canonical_text(assessment.scheme)}\n{spec.model_dump_json()}\n{seed}\n{design.shape}\n".encode())
        digest.update(design.tobytes())
        for table in (assessment.units, assessment.observations, assessment.targets, assessment.events):
            digest.update(table.write_csv().encode())
        for table in (assessment.history, assessment.weights):
            digest.update(table.write_csv().encode())
        return cls(Path(file), digest.digest())

    def _index(self, source: BinaryIO) -> int:
        """Find the whole tiles; the place after the last of them."""
        while True:
            end = source.tell()
            head = source.read(20)
            if len(head) < 20:
                return end
            number, length, check = (int.from_bytes(head[a:b], "little") for a, b in ((0, 8), (8, 16), (16, 20)))
            body = source.read(length)
            if len(body) < length or zlib.crc32(body) != check:
                return end
            self._places[number] = end + 20, length

    def get(self, number: int) -> dict[str, TileResult] | None:
        """The results of a tile, None where it is not finished."""
        place = self._places.get(number)
        if place is None or self._file is None:
            return None
        with self._file.open("rb") as source:
            source.seek(place[0])
            body = source.read(place[1])
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            results = {}
            for track in [str(name) for name in arrays["tracks"]]:
                part = {name: arrays[f"{track}/{name}"] for name in _PARTS if f"{track}/{name}" in arrays}
                texts = [str(text) for text in arrays[f"{track}/problems"]]
                problems = tuple(_read_problem(text) for text in texts)
                results[track] = TileResult(
                    part["totals"], part["ranks"], part["tiers"], part.get("awards"), part["failed"], problems
                )
        return results

    def put(self, number: int, results: dict[str, TileResult]) -> None:
        """Keep the results of a tile."""
        if self._file is None:
            return
        arrays: dict[str, np.ndarray] = {"tracks": np.array(list(results))}
        for track, result in results.items():
            for name in _PARTS:
                value = getattr(result, name)
                if value is not None:
                    arrays[f"{track}/{name}"] = value
            arrays[f"{track}/problems"] = np.array([_write_problem(each) for each in result.problems], dtype=np.str_)
        body = io.BytesIO()
        np.savez(body, **arrays)  # type: ignore[arg-type]
        data = body.getvalue()
        head = number.to_bytes(8, "little") + len(data).to_bytes(8, "little") + zlib.crc32(data).to_bytes(4, "little")
        with self._file.open("ab") as out:
            out.write(head + data)
            out.flush()
            os.fsync(out.fileno())


def _write_problem(problems: tuple[Problem, ...]) -> str:
    first = problems[0]
    fields = [f"{name}={value}" for name, value in first.fields.items()]
    return "\x1f".join([first.code, first.place.unit, first.place.node, *fields])


def _read_problem(text: str) -> tuple[Problem, ...]:
    code, unit, node, *fields = text.split("\x1f")
    assert code in CATALOGUE
    return (Problem(code, Place(unit=unit, node=node), dict(field.split("=", 1) for field in fields)),)
