"""Which file or sheet of a folder holds which table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tongkao.errors import Place, reason_of
from tongkao.folder import file_messages as file_say
from tongkao.folder.delimited import read_delimited
from tongkao.folder.found import Findings, Found, join
from tongkao.folder.headers import slip_of
from tongkao.folder.parquet import read_parquet
from tongkao.folder.workbook import KNOWN_SHEETS, SCHEME_SHEETS, Workbook, canonical_sheet, grid_of, open_workbook, table_of
from tongkao.tables import TABLES, TableSpec

SCHEME_FILE = "scheme.yaml"
KNOWN_FILES = (SCHEME_FILE, *(f"{spec.name}.{ending}" for spec in TABLES for ending in ("csv", "parquet")))
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".et")


@dataclass(frozen=True)
class Sources:
    """What a folder holds.

    Attributes:
        files: Files by name.
        workbook: The only workbook, None where there is none that can be opened.
        workbook_broken: Whether there is a workbook that cannot be opened: then no table is called missing.
    """

    files: dict[str, Path]
    workbook: Workbook | None
    workbook_broken: bool = False

    def sheets(self, table: str) -> list[str]:
        """Sheets of the workbook that hold a table."""
        return self.workbook.named(table) if self.workbook is not None else []


def find_sources(path: Path, findings: Findings) -> Sources | None:
    """Look into a folder, or into a single workbook.

    Args:
        path: The folder, or a file that ends in ``.xlsx``.
        findings: Takes the problems: no folder, several workbooks, names that look like slips.

    Returns:
        What is there; None where the path is no folder.
    """
    try:
        if path.is_file() and path.suffix.lower() == ".xlsx":
            files = {path.name: path}
        elif path.is_dir():
            files = {entry.name: entry for entry in sorted(path.iterdir()) if not entry.name.startswith((".", "~$"))}
        else:
            findings.add(file_say.NOT_A_FOLDER, Place(), path=str(path))
            return None
    except (OSError, ValueError) as error:
        findings.add(file_say.UNREADABLE, Place(file=path.name), reason=reason_of(error))
        return None
    books = [name for name in files if name.lower().endswith(".xlsx")]
    if len(books) > 1:
        findings.add(file_say.TWO_WORKBOOKS, Place(file=books[1]), files=books)
    workbook = open_workbook(files[books[0]], findings) if len(books) == 1 else None
    _odd_names(files, workbook, findings)
    return Sources(files, workbook, workbook_broken=bool(books) and workbook is None)


def _odd_names(files: dict[str, Path], workbook: Workbook | None, findings: Findings) -> None:
    """Warn of names that look like slips of known ones."""
    for name in files:
        if name in KNOWN_FILES or name.lower().endswith(".xlsx"):
            continue
        if name.lower().endswith(_OTHER_WORKBOOKS):
            findings.add(file_say.OTHER_WORKBOOK, Place(file=name), file=name)
        elif slip := slip_of(name, KNOWN_FILES):
            findings.add(file_say.FILE_NAME, Place(file=name), file=name, nearest=slip)
    for sheet in workbook.sheet_names if workbook is not None else ():
        if workbook is not None and canonical_sheet(sheet) not in KNOWN_SHEETS and (slip := slip_of(sheet.strip(), KNOWN_SHEETS)):
            findings.add(file_say.SHEET_NAME, Place(file=workbook.file, sheet=sheet), sheet=sheet, nearest=slip)


def _once(name: str, places: list[Place], findings: Findings) -> bool:
    """Report what is there more than once."""
    if len(places) > 1:
        findings.add(file_say.FOUND_TWICE, places[1], name=name, places=[place.describe("en") for place in places])
    return len(places) <= 1


def scheme_source(sources: Sources, findings: Findings) -> Path | Workbook | None:
    """Where the scheme is: ``scheme.yaml`` or the workbook; None after a problem."""
    places = [Place(file=SCHEME_FILE)] if SCHEME_FILE in sources.files else []
    sheets = [sheet for name in SCHEME_SHEETS for sheet in sources.sheets(name)]
    if sheets and sources.workbook is not None:
        places.append(Place(file=sources.workbook.file, sheet=sheets[0]))
    if not places:
        if not sources.workbook_broken:
            findings.add(file_say.MISSING_SCHEME, Place(file=SCHEME_FILE))
        return None
    if not _once("scheme", places, findings):
        return None
    return sources.files.get(SCHEME_FILE, sources.workbook)


def read_table(sources: Sources, spec: TableSpec, findings: Findings) -> Found | None:
    """Read a table from the one file or the sheets that hold it.

    Returns:
        The table; None where it is not there or could not be read.
    """
    readers: list[tuple[Place, Callable[[], Found | None]]] = []
    for ending, reader in (("csv", read_delimited), ("parquet", read_parquet)):
        name = f"{spec.name}.{ending}"
        if name in sources.files:
            path = sources.files[name]
            readers.append((Place(file=name), lambda reader=reader, path=path: reader(path, spec, findings)))  # type: ignore[misc]
    for sheet in sources.sheets(spec.name):
        assert sources.workbook is not None
        place = Place(file=sources.workbook.file, sheet=sheet)
        readers.append((place, lambda sheet=sheet: _sheet(sources.workbook, sheet, spec, findings)))  # type: ignore[misc]
    grids = sources.sheets("values") if spec.name == "observations" else []
    only_sheets = all(place.sheet for place, _ in readers)
    places = [place for place, _ in readers]
    if grids and sources.workbook is not None and not (only_sheets and len(readers) <= 1):
        places.append(Place(file=sources.workbook.file, sheet=grids[0]))
    if not _once(spec.name, places, findings):
        return None
    if not readers and not grids:
        if not spec.optional and not sources.workbook_broken:
            findings.add(file_say.MISSING_TABLE, Place(file=f"{spec.name}.csv"), table=spec.name)
        return None
    parts = [reader() for _, reader in readers]
    parts += [_grid(sources.workbook, sheet, findings) for sheet in grids]
    read = [part for part in parts if part is not None]
    return join(read) if len(read) == len(parts) else None


def _sheet(workbook: Workbook | None, name: str, spec: TableSpec, findings: Findings) -> Found | None:
    sheet = workbook.sheet(name, findings) if workbook is not None else None
    return None if sheet is None else table_of(sheet, spec, findings)


def _grid(workbook: Workbook | None, name: str, findings: Findings) -> Found | None:
    sheet = workbook.sheet(name, findings) if workbook is not None else None
    return None if sheet is None else grid_of(sheet, findings)
