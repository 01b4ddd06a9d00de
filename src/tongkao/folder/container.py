"""The file around a workbook: a zip archive that is looked at before anything unpacks it.

The spreadsheet reader (calamine) gives empty text for a cell that holds an error, and lays out as many cells as the farthest
one asks for; what it would hide or could not bear is found here, in the XML itself.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tongkao.errors import Place, Words, reason_of
from tongkao.folder import file_messages as file_say
from tongkao.folder.found import Findings

UNPACKED_LIMIT = 1024**3
RATIO_LIMIT = 200
RATIO_FROM = 64 * 1024**2
ENTRY_LIMIT = 10_000
#: cells of the rectangle that a sheet covers
AREA_LIMIT = 30_000_000
_LAST_COLUMN = 16_383
#: where a sheet's XML shows how it is written
_HEAD = 16_384

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_WIDE = re.compile(rb'r="[A-Z]{2}')
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
_ROW_WITHOUT_NUMBER = re.compile(rb"<row(?! r=)")
_DIMENSION = re.compile(rb'dimension ref="(?:[A-Z]{1,3}[0-9]{1,7}:)?([A-Z]{1,3})[0-9]{1,7}"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*?\bt=["\']e["\'][^>]*)>(.*?)</(?:\w+:)?c>', re.S)
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)><(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</"
)
_ADDRESS = re.compile(rb'\br=["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")

Cell = tuple[int, int]


@dataclass
class SheetFacts:
    """What the XML of one sheet says beside its cells.

    Attributes:
        odd: Text of each cell that the spreadsheet reader takes for empty though it is not, by row and column from 0: an
            error such as ``#DIV/0!``, or a formula without a stored result, with its ``=``.
        hidden: Whether rows or columns are hidden.
        too_large: The range that the sheet covers where that is beyond the limit, else "".
    """

    odd: dict[Cell, str] = field(default_factory=dict)
    hidden: bool = False
    too_large: str = ""


@dataclass(frozen=True)
class Container:
    """A workbook's file that may be unpacked.

    Attributes:
        data: The whole file.
        facts: What the XML of each sheet says, by sheet name.
        hidden: Names of hidden sheets.
    """

    data: bytes
    facts: dict[str, SheetFacts]
    hidden: frozenset[str]


def open_container(path: Path, findings: Findings) -> Container | None:
    """Read a workbook's file and check that it can be unpacked without harm.

    Args:
        path: The file.
        findings: Takes the problems.

    Returns:
        The file, or None after a problem.
    """
    here = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > UNPACKED_LIMIT:
            findings.add(file_say.TOO_LARGE, here, size=f"{size:,}", limit=f"{UNPACKED_LIMIT:,}")
            return None
        data = path.read_bytes()
    except OSError as error:
        findings.add(file_say.UNREADABLE, here, reason=reason_of(error))
        return None
    if not data:
        findings.add(file_say.EMPTY_FILE, here)
        return None
    if data.startswith(_OLE):
        findings.add(file_say.ENCRYPTED if _ENCRYPTED in data else file_say.OLD_WORKBOOK, here)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if not _is_harmless(archive, len(data), here, findings):
                return None
            looked_at = _look(archive)
            parts, hidden = _sheets(archive)
    except KeyError:
        findings.add(file_say.NOT_A_WORKBOOK, here, reason=Words("缺少 xl/workbook.xml", "xl/workbook.xml is missing"))
        return None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        findings.add(file_say.NOT_A_WORKBOOK, here, reason=reason_of(error))
        return None
    except ElementTree.ParseError:
        findings.add(file_say.NOT_A_WORKBOOK, here, reason=Words("其中的 XML 已损坏", "its XML is damaged"))
        return None
    if not parts:
        findings.add(file_say.NO_SHEETS, here)
        return None
    return Container(data, {name: looked_at[part] for name, part in parts.items()}, hidden)


def _is_harmless(archive: zipfile.ZipFile, size: int, here: Place, findings: Findings) -> bool:
    """Check sizes as they are declared, then that the parts which are read keep to them."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    ratio = unpacked / max(1, size)
    if unpacked > UNPACKED_LIMIT or (unpacked > RATIO_FROM and ratio > RATIO_LIMIT) or len(entries) > ENTRY_LIMIT:
        findings.add(file_say.ZIP_BOMB, here, size=f"{unpacked:,}", ratio=f"{ratio:.0f}", limit=f"{UNPACKED_LIMIT:,}")
        return False
    if any(entry.flag_bits & 1 for entry in entries):
        findings.add(file_say.ENCRYPTED, here)
        return False
    return True


def _look(archive: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """Read every part that the spreadsheet reader reads, and look at the sheets among them.

    No more is read of a part than it declares to hold; one that holds more fails its checksum, which is an error here and
    would be gigabytes in a reader that trusts it.
    """
    looked_at = {}
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")):
            xml = archive.read(entry)
            is_sheet = "sheet" in entry.filename or b"sheetData" in xml[:_HEAD]
            looked_at[entry.filename] = _facts(xml) if is_sheet else SheetFacts()
    return looked_at


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], frozenset[str]]:
    """Parts of the archive by sheet name, and which sheets are hidden."""
    relations = {}
    for element in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = element.get("Target", "")
        relations[element.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts: dict[str, str] = {}
    hidden = set()
    known = {name for name in archive.namelist() if name.endswith(".xml")}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if _local(element.tag) != "sheet":
            continue
        name = element.get("name", "")
        relation = next((value for key, value in element.attrib.items() if _local(key) == "id"), "")
        if relations.get(relation) in known:
            parts[name] = relations[relation]
        if element.get("state") in ("hidden", "veryHidden"):
            hidden.add(name)
    return parts, frozenset(hidden)


def column_index(letters: str) -> int:
    """Number of a sheet's column from 0: A is 0, AA is 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _address(attributes: bytes) -> Cell | None:
    found = _ADDRESS.search(attributes)
    return (int(found.group(2)) - 1, column_index(found.group(1).decode())) if found else None


def _facts(xml: bytes) -> SheetFacts:
    """Find in a sheet's XML what the spreadsheet reader does not tell."""
    facts = SheetFacts(hidden=b'hidden="1"' in xml, too_large=_too_large(xml))
    unusual = b"<sheetData" not in xml[:_HEAD] or b"='" in xml[:_HEAD]  # another prefix or other quotation marks
    if b't="e"' in xml or (unusual and b"t='e'" in xml):
        for found in _ERROR_CELL.finditer(xml):
            address, value = _address(found.group(1)), _VALUE.search(found.group(2))
            if address is not None:
                facts.odd[address] = value.group(1).decode("utf-8", "replace") if value else "#VALUE!"
    if b"<f" in xml or (unusual and b":f" in xml):
        for found in _FORMULA_CELL.finditer(xml):
            address = _address(found.group(1))
            if address is not None and b't="str"' not in found.group(1):
                facts.odd[address] = f"={(found.group(2) or b'').decode('utf-8', 'replace')}"
    return facts


def _too_large(xml: bytes) -> str:
    """The range that a sheet covers, where it is beyond the limit.

    The row numbers are read themselves; the last column is looked for only in a sheet that is wide, and then believed from
    the sheet's own statement where there is one.
    """
    if b"<row" in xml and _ROW_WITHOUT_NUMBER.search(xml) is None:
        last_row = max(map(int, _ROW.findall(xml)), default=0)
    else:
        last_row = max((int(found.group(2)) for found in _REFERENCE.finditer(xml)), default=0)
    last = b"Z"
    if last_row * (_LAST_COLUMN + 1) > AREA_LIMIT and _WIDE.search(xml) is not None:
        stated = _DIMENSION.search(xml[:4096])
        names = {stated.group(1)} if stated else {found.group(1) for found in _REFERENCE.finditer(xml)}
        last = max(names, key=lambda letters: (len(letters), letters))
    area = last_row * (column_index(last.decode()) + 1)
    return f"A1:{last.decode()}{last_row}" if area > AREA_LIMIT else ""
