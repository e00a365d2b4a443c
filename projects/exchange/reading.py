"""Excel and CSV files that people bring in, as rows of cells: whatever is in them, nothing runs and nothing grows."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from defusedxml.common import DefusedXmlException
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from govlab import files
from govlab.files import Attached, clean_name
from govlab.refusals import bytes_in
from govlab.uploads import MAX_NAME, ending_of
from projects.exchange.reading_headings import asked_about, named, nearly, short

MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 20_000, 200, 20
LONGEST_TEXT = 20_000
"""Characters of one cell; no column holds more."""
MOST_UNPACKED = 80 * 1024**2
"""Bytes that the parts of a workbook may have together: 10,000 rows of all columns have a third of it."""
TITLE_ROWS = 30
"""Among so many rows from the top the headings are looked for."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old .xls begins, and also a workbook that is locked with a password."""
SENTENCES: dict[str, Any] = {
    "ending": _("Bring an Excel workbook (.xlsx) or a CSV file. Save the table as one of these and bring that."),
    "ole": _(
        "The file is locked with a password or in the old Excel form. "
        "Take the password off, save it as an Excel workbook (.xlsx) and bring that."
    ),
    "broken": _("The file is damaged. Open it in Excel, save it again and bring that."),
    "large": _("The workbook unpacks to far more than a table should. Copy the rows to a new workbook and bring that."),
    "sheets": _("The workbook has %(found)s sheets, more than %(most)s. Copy the table to a workbook of its own."),
    "rows": _(
        "The sheet goes down below row %(most)s. "
        "Delete the rows below the table, also empty ones, or split the table, and bring that."
    ),
    "headings": _("No row has headings that the portal knows. Use the template, or put its headings above your table."),
    "nearly": _(
        "No row has headings that the portal knows. Use the template, or put its headings above your table. "
        "Instead of these headings, did you mean: %(near)s?"
    ),
    "twice": _("The heading “%(heading)s” stands above two columns, %(first)s and %(second)s. Delete one of them."),
    "letters": _(
        "The CSV file is written in letters that the portal cannot read. Save it as CSV UTF-8 and bring that."
    ),
    "empty": _("There is no row below the headings. Fill in at least one and bring the file again."),
}
BROKEN = (
    *(zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, OSError),
    *(EOFError, OverflowError, NotImplementedError, RuntimeError, AssertionError, zlib.error, InvalidFileException),
)
"""What openpyxl raises over damaged workbooks."""
MERGED = re.compile(rb'<mergeCell\s[^>]*ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')


class Line(NamedTuple):
    """A row that holds something: its number in the file, and its cells by column from 1, the empty ones left out."""

    number: int
    cells: dict[int, Any]


@dataclass
class Sheet:
    """A table that was found: which column stands where, headings that are not known, and the rows below."""

    places: dict[str, int]
    """The number of the column in the file, by the name of the portal's column."""
    ignored: list[str]
    """Each with the heading that may have been meant."""
    lines: list[Line]

    def cell(self, number: int, column: str) -> str:
        """The cell's name as Excel shows it, such as C5; of a column that is not in the file the row alone."""
        return f"{get_column_letter(self.places[column])}{number}" if column in self.places else str(number)


def refuse(code: str, **params: object) -> NoReturn:
    """Raises the ValidationError of this code."""
    raise ValidationError(SENTENCES[code], code=code, params=params)


# --- letting a file in -----------------------------------------------------------------------------------------------
def take(upload: UploadedFile) -> Attached:
    """Looks a file over and keeps its bytes; ValidationError with a sentence for what is no table."""
    ending = ending_of(upload.name or "")
    data = bytes_in(upload)
    if bytes(data[:8]) == OLE:
        refuse("ole")
    if ending == "xlsx":
        return files.take(upload)
    if ending != "csv":
        refuse("ending")
    if len(data) > files.MAX_BYTES:
        raise ValidationError(files.REFUSALS["too_big"], params={"most": files.MAX_BYTES // 1024**2})
    decoded(bytes(data))
    upload.seek(0)
    name = clean_name(upload.name or "")[-MAX_NAME:]
    stored = files.store(upload)
    return Attached(name, ending, stored.size, stored.sha256)


# --- a table in it ---------------------------------------------------------------------------------------------------
def read(path: Path, kind: str, known: Mapping[str, str]) -> Sheet:
    """The table of a file with this ending; `known` gives the portal's columns by `heading_of` their headings.

    Raises ValidationError with a sentence for people.
    """
    if kind == "csv":
        return _table([_csv_rows(path.read_bytes())], known)
    try:
        return _from_workbook(path, known)
    except DefusedXmlException:
        refuse("large")
    except ValidationError:
        raise
    except BROKEN:
        refuse("broken")


def _from_workbook(path: Path, known: Mapping[str, str]) -> Sheet:
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        _weigh(archive)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            if len(book.sheetnames) > MOST_SHEETS:
                refuse("sheets", found=len(book.sheetnames), most=MOST_SHEETS)
            seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return _table([_sheet_rows(sheet, archive) for sheet in seen], known)
        finally:
            book.close()


def _weigh(archive: zipfile.ZipFile) -> None:
    """Refuses what would unfold: in all, or by a definition inside of its XML."""
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        refuse("large")
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                head = part.read(1024)
                if b"<!DOCTYPE" in head.replace(b"\0", b"").upper():
                    refuse("large")
                if entry.filename.startswith("xl/worksheets/"):
                    _count(head, part)


def _count(head: bytes, part: Any) -> None:
    """Refuses a sheet with more rows than are read; much faster than to read them, even where all are empty."""
    found = head.count(b"<row")
    while chunk := part.read(1024**2):
        found += chunk.count(b"<row")
        if found > MOST_ROWS + 1000:
            refuse("rows", most=MOST_ROWS)


Rows = Callable[[], Iterator[tuple[int, dict[int, Any]]]]
"""Gives the rows of a sheet from its top, each with its number; it is asked twice: for the headings, and for all."""


def _sheet_rows(sheet: Any, archive: zipfile.ZipFile) -> Rows:
    def rows() -> Iterator[tuple[int, dict[int, Any]]]:
        sheet.reset_dimensions()
        merged = _merged(sheet, archive)
        above: dict[tuple[int, int], Any] = {}
        found = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        for number, values in enumerate(found, 1):
            cells = {column: value for column, value in enumerate(values, 1) if not _blank(value)}
            for place, column in merged.get(number, ()):
                if place == number:
                    above[(number, column)] = cells.get(column)
                elif above.get((place, column)) is not None:
                    cells.setdefault(column, above[(place, column)])
            yield number, cells

    return rows


def _merged(sheet: Any, archive: zipfile.ZipFile) -> dict[int, list[tuple[int, int]]]:
    """For each row the cells that belong to one that spans several rows: the row where that begins, and the column."""
    found: dict[int, list[tuple[int, int]]] = {}
    with archive.open(sheet._worksheet_path.lstrip("/")) as part:
        tail = b""
        while chunk := part.read(1024**2):
            tail = (tail + chunk)[-2 * 1024**2 :]
    for reference in MERGED.findall(tail)[:MOST_ROWS]:
        column, first, _right, last = range_boundaries(reference.decode())
        for number in range(first, min(last, MOST_ROWS) + 1):
            if last > first:
                found.setdefault(number, []).append((first, column))
    return found


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff \t\r\n\xa0"))


def _csv_rows(data: bytes) -> Rows:
    text = decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)

    def rows() -> Iterator[tuple[int, dict[int, Any]]]:
        try:
            for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
                yield number, {n: value for n, value in enumerate(values[:MOST_COLUMNS], 1) if not _blank(value)}
        except csv.Error:
            refuse("broken")

    return rows


def decoded(data: bytes) -> str:
    """The text of a CSV file, in UTF-8 with or without a mark, or in the Thai letters of Windows."""
    if b"\0" in data:
        refuse("letters")
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    refuse("letters")


def _table(sheets: list[Rows], known: Mapping[str, str]) -> Sheet:
    """The table below the row that holds the most headings, of whatever sheet."""
    best: tuple[int, Rows | None, int, dict[int, Any]] = (0, None, 0, {})
    for rows in sheets:
        for number, cells in rows():
            if number > TITLE_ROWS:
                break
            score = len({name for value in cells.values() if (name := named(value, known))})
            if score > best[0]:
                best = (score, rows, number, cells)
    score, chosen, top, headings = best
    if chosen is None or score < min(2, len(known)):
        _refuse_headings(sheets, known)
    places, ignored = _places(headings, known)
    lines = [Line(number, _kept(cells)) for number, cells in _below(chosen, top) if cells]
    if not lines:
        refuse("empty")
    return Sheet(places, ignored, lines)


def _refuse_headings(sheets: list[Rows], known: Mapping[str, str]) -> NoReturn:
    """Says which headings may have been meant, of the row that has the most such."""
    best: dict[str, str] = {}
    for rows in sheets:
        for number, cells in rows():
            if number > TITLE_ROWS:
                break
            best = max(best, nearly(cells.values(), known), key=len)
    if best:
        refuse("nearly", near=", ".join(f"{text} → {found}" for text, found in best.items()))
    refuse("headings")


def _places(headings: Mapping[int, Any], known: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    places: dict[str, int] = {}
    unknown = []
    for place, text in headings.items():
        name = named(text, known)
        if name is None:
            unknown.append(text)
        elif name in places:
            first, second = get_column_letter(places[name]), get_column_letter(place)
            refuse("twice", heading=short(text), first=first, second=second)
        else:
            places[name] = place
    return places, [asked_about(text, known, places) for text in unknown]


def _below(rows: Rows, top: int) -> Iterator[tuple[int, dict[int, Any]]]:
    for number, cells in rows():
        if number > MOST_ROWS:
            refuse("rows", most=MOST_ROWS)
        if number > top:
            yield number, cells


def _kept(cells: dict[int, Any]) -> dict[int, Any]:
    """The cells with texts no longer than any column could hold, so that the refusal stays short."""
    return {n: value[:LONGEST_TEXT] if isinstance(value, str) else value for n, value in cells.items()}
