"""CSV files: bytes to a table of texts, every fault of encoding and form with its line.

The good path is Polars' reader and one count of commas; where a file has quotation marks, blank lines or ragged rows, its
structure is worked out on whole arrays, so that lines stay right.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from tongkao.errors import Place, reason_of
from tongkao.folder import file_messages as file_say
from tongkao.folder.found import Findings, Found, LineLocator, Rows
from tongkao.folder.headers import recognise
from tongkao.tables import TableSpec

SIZE_LIMIT = 2 * 1024**3
LINE_LIMIT = 1024**2
_HEADER_LIMIT = 256 * 1024
_CONTENT = re.compile(rb"[^\n]")
_VISIBLE = re.compile(rb"\S")

Bools = npt.NDArray[np.bool_]


def read_bytes(path: Path, findings: Findings, *, size_limit: int = SIZE_LIMIT, line_limit: int = LINE_LIMIT) -> bytes | None:
    """Read a text file, but never one whose lines are so long that it is no text file.

    Args:
        path: The file.
        findings: Takes the problems: too large, a line that is too long, unreadable, empty.
        size_limit: Bytes that the file may have.
        line_limit: Bytes that one line may have.

    Returns:
        The bytes, or None after a problem. A file with a long line is read no farther than that line's first part.
    """
    here = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > size_limit:
            findings.add(file_say.TOO_LARGE, here, size=f"{size:,}", limit=f"{size_limit:,}")
            return None
        line = _long_line(path, line_limit)
        data = b"" if line else path.read_bytes()
    except OSError as error:
        findings.add(file_say.UNREADABLE, here, reason=reason_of(error))
        return None
    if line:
        findings.add(file_say.LONG_LINE, Place(file=path.name, line=line), limit=f"{line_limit:,}")
        return None
    if _VISIBLE.search(data, 3 if data.startswith(b"\xef\xbb\xbf") else 0) is None:
        findings.add(file_say.EMPTY_FILE, here)
        return None
    return data


def _long_line(path: Path, limit: int) -> int:
    """Number of the first line with more bytes than the limit, 0 where there is none."""
    carried = offset = 0
    with path.open("rb", buffering=0) as file:
        while window := file.read(limit):
            breaks = [window.find(b"\n"), window.find(b"\r")]
            first = min((place for place in breaks if place >= 0), default=len(window))
            if carried + first > limit:
                file.seek(0)
                before = file.read(offset)
                return before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r") + 1
            last = max(window.rfind(b"\n"), window.rfind(b"\r"))
            carried = carried + len(window) if last < 0 else len(window) - last - 1
            offset += len(window)
    return 0


def line_of(data: bytes, offset: int) -> int:
    """Number of the line in which a byte stands."""
    before = data[:offset]
    return before.count(b"\n") + before.replace(b"\r\n", b"").count(b"\r") + 1


def to_utf8(data: bytes, file: str, findings: Findings) -> bytes | None:
    """Bytes of a text as UTF-8 without a byte-order mark; GB18030 is recognised, everything else is a problem."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _looks_like_utf16(data):
        findings.add(file_say.UTF16, Place(file=file, line=1))
        return None
    nul = data.find(b"\0")
    if nul >= 0:
        findings.add(file_say.NUL_BYTE, Place(file=file, line=line_of(data, nul)))
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _from_gb18030(data, error.start, file, findings)
    return data


def _looks_like_utf16(data: bytes) -> bool:
    head = data[:1024]
    return len(head) >= 4 and head.count(0) * 8 > len(head)


def _from_gb18030(data: bytes, broken: int, file: str, findings: Findings) -> bytes | None:
    """Recognise GB18030, but not a UTF-8 file with a few damaged bytes, which would decode to nonsense."""
    sample = data[: 1 << 20].decode("utf-8", "replace")
    damaged = sample.count("\ufffd")
    sound = sum(character > "\x7f" for character in sample) - damaged
    if sound > damaged:
        place = Place(file=file, line=line_of(data, broken))
        findings.add(file_say.BROKEN_UTF8, place, byte=f"0x{data[broken]:02X}")
        return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        place = Place(file=file, line=line_of(data, error.start))
        findings.add(file_say.UNDECODABLE, place, byte=f"0x{data[error.start]:02X}")
        return None
    wide = [character for character in text[: 1 << 18] if character > "\x7f"]
    common = len("".join(wide).encode("gb2312", "ignore")) // 2
    if common * 4 < len(wide) * 3:  # hanzi that nobody writes: some other encoding
        findings.add(file_say.UNDECODABLE, Place(file=file, line=line_of(data, broken)), byte=f"0x{data[broken]:02X}")
        return None
    return text.encode()


def read_delimited(path: Path, spec: TableSpec, findings: Findings) -> Found | None:
    """Read one table from a CSV file.

    Args:
        path: The file.
        spec: The table that it should hold.
        findings: Takes the problems.

    Returns:
        The table as texts, blank rows left out; None where nothing could be read.
    """
    data = read_bytes(path, findings)
    if data is None:
        return None
    return parse_delimited(data, path.name, spec, findings)


def parse_delimited(data: bytes, file: str, spec: TableSpec, findings: Findings) -> Found | None:
    """Read one table from the bytes of a CSV file, see :func:`read_delimited`."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        to_utf8(data, file, findings)
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data[:_HEADER_LIMIT])  # a character cut in two is none of its concern
    except UnicodeDecodeError:
        texts = to_utf8(data, file, findings)
        if texts is None:
            return None
        data = texts
    quoted = b'"' in data
    if quoted and not _quotes_are_sound(data, file, findings):
        return None
    header = _header(data, file, findings)
    if header is None:
        return None
    names, lines = header
    here = Place(file=file, line=lines)
    columns = recognise(spec, names, lambda at: here if at < 0 else Place(file=file, line=lines, column=at + 1), findings)
    if columns is None:
        return None
    try:
        body = _body(data, lines, len(names))
    except pl.exceptions.ComputeError:
        texts = to_utf8(data, file, findings)
        if texts is None:
            return None
        data = texts
        body = _body(data, lines, len(names))
    return _table(spec, file, columns, body, findings)


def _quotes_are_sound(data: bytes, file: str, findings: Findings) -> bool:
    """Check that quotation marks stand around whole cells and in pairs inside them."""
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == 34)
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) > len(closing):
        # the last one that opens is not always the culprit: the first place where the pairs stop to fit is
        sound = _fits(array, opening, np.append(closing, len(array) - 1))
        sound[-1] = opening[-1] == 0 or bool(array[opening[-1] - 1] in (10, 44))
        bad = len(opening) - 1 if sound.all() else int(np.argmin(sound))
        code = file_say.OPEN_QUOTE if sound.all() else file_say.STRAY_QUOTE
        findings.add(code, Place(file=file, line=line_of(data, int(opening[bad]))))
        return False
    sound = _fits(array, opening, closing)
    if sound.all():
        return True
    first = int(opening[int(np.argmin(sound))])
    findings.add(file_say.STRAY_QUOTE, Place(file=file, line=line_of(data, first)))
    return False


def _fits(array: npt.NDArray[np.uint8], opening: Rows, closing: Rows) -> Bools:
    """Whether each pair of quotation marks begins where a cell begins and ends where it ends (or is doubled)."""
    edges = np.zeros(256, bool)
    edges[[10, 34, 44]] = True
    before = np.where(opening > 0, array[opening - 1], 10)
    after = np.where(closing + 1 < len(array), array[np.minimum(closing + 1, len(array) - 1)], 10)
    # an opening mark after a quotation mark is the second half of a doubled one: it must follow a closing mark directly
    doubled = np.zeros(len(opening), bool)
    doubled[1:] = opening[1:] == closing[:-1] + 1
    starts = np.where(before == 34, doubled, edges[before])
    return np.asarray(starts & edges[after], dtype=np.bool_)


def _header(data: bytes, file: str, findings: Findings) -> tuple[list[str], int] | None:
    """Names of the columns, and the number of the line on which they end."""
    text = data[:_HEADER_LIMIT].decode("utf-8", "replace")
    reader = csv.reader(io.StringIO(text))
    try:
        names = next((row for row in reader if any(cell.strip() for cell in row)), None)
    except csv.Error:
        names = None
    if names is None:
        findings.add(file_say.EMPTY_FILE, Place(file=file))
        return None
    if len(names) == 1:
        for mark, shown in (("\t", "Tab"), (";", "“;”"), ("，", "“，”"), ("|", "“|”"), ("；", "“；”")):
            if mark in names[0]:
                findings.add(file_say.SEPARATOR, Place(file=file, line=reader.line_num), found=shown)
                return None
    return names, reader.line_num


@dataclass(frozen=True)
class _Body:
    """Rows below the header.

    Attributes:
        frame: One text column a header cell, named by its position; short rows are filled up, long ones cut.
        first: Line of the first row.
        lines: Line of each row where rows and lines do not go side by side.
        cells: Number of cells of each row, None where all are right.
    """

    frame: pl.DataFrame
    first: int
    lines: Rows | None
    cells: Rows | None


def _body(data: bytes, header_lines: int, width: int) -> _Body:
    """Read what stands below the header.

    Raises:
        pl.exceptions.ComputeError: If the bytes are no UTF-8.
    """
    names = [str(position) for position in range(width)]
    schema = dict.fromkeys(names, pl.String())
    start = 0
    for _ in range(header_lines):
        start = data.find(b"\n", start) + 1 or len(data)
    if _CONTENT.search(data, start) is None:
        return _Body(pl.DataFrame(schema=schema), header_lines + 1, None, None)

    def parse(*, cut: bool) -> pl.DataFrame:
        return pl.read_csv(
            data,
            has_header=False,
            schema=schema,
            skip_lines=header_lines,
            empty_string_is_null=False,
            truncate_ragged_lines=cut,
            missing_columns="insert",
            extra_columns="ignore" if cut else "raise",
        )

    try:
        frame = parse(cut=False)
        ragged = False
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError):
        frame = parse(cut=True)
        ragged = True
    frame = frame.with_columns(pl.all().fill_null(""))
    quoted = b'"' in data
    if not quoted and not ragged:
        array = np.frombuffer(data, np.uint8)[start:]
        if np.count_nonzero(array == 44) == frame.height * (width - 1):
            return _Body(frame, header_lines + 1, None, None)
    lines, cells = _structure(data, start, header_lines + 1)
    return _Body(frame, header_lines + 1, lines, cells)


def _structure(data: bytes, start: int, first: int) -> tuple[Rows, Rows]:
    """Line and number of cells of each row; quotation marks must be sound."""
    array = np.frombuffer(data, np.uint8)[start:]
    breaks = np.flatnonzero(array == 10)
    if array[-1] != 10:
        breaks = np.append(breaks, len(array))
    commas = np.flatnonzero(array == 44)
    quotes = np.flatnonzero(array == 34)
    ends = breaks
    if quotes.size:
        ends = breaks[(np.searchsorted(quotes, breaks) & 1) == 0]
        commas = commas[(np.searchsorted(quotes, commas) & 1) == 0]
    starts = np.concatenate(([0], ends[:-1] + 1))
    lines = first + np.searchsorted(breaks, starts)
    cells = np.diff(np.searchsorted(commas, ends), prepend=0) + 1
    return lines.astype(np.int64), cells.astype(np.int64)


def _fields_counted(counts: list[int], width: int) -> Callable[[int], dict[str, object]]:
    return lambda at: {"found": counts[at], "expected": width}


def _table(spec: TableSpec, file: str, columns: dict[str, int], body: _Body, findings: Findings) -> Found:
    """Leave out blank rows, report ragged ones, name the columns."""
    width = body.frame.width
    numbers = {name: position + 1 for name, position in columns.items()}
    locator = LineLocator(file, body.first, numbers, body.lines)
    frame = body.frame.select(pl.col(str(position)).alias(name) for name, position in columns.items())
    place = Place(file=file)
    blank = np.zeros(frame.height, bool)
    suspects = (body.frame.get_column("0").str.strip_chars().str.len_bytes() == 0).arg_true()
    if len(suspects):
        cells = body.frame[suspects].select(pl.all_horizontal(pl.all().str.strip_chars() == ""))
        blank[suspects.to_numpy()] = cells.to_series().to_numpy()
    keep = ~blank
    if body.cells is not None:
        bad = keep & (body.cells != width)
        keep &= ~bad
        found = Found(spec, frame, locator, place)
        for code, rows in (
            (file_say.TOO_MANY_FIELDS, np.flatnonzero(bad & (body.cells > width))),
            (file_say.TOO_FEW_FIELDS, np.flatnonzero(bad & (body.cells < width))),
        ):
            counts = body.cells[rows].tolist()
            findings.rows(code, found, rows, "", _fields_counted(counts, width))
    if keep.all():
        return Found(spec, frame, locator, place)
    rows = np.flatnonzero(keep)
    lines = rows + body.first if body.lines is None else body.lines[rows]
    return Found(spec, frame.filter(pl.Series(keep)), LineLocator(file, body.first, numbers, lines), place)
