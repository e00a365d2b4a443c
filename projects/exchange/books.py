"""Tables as files: CSV that Excel and programs read, JSON, and Excel in which text never becomes a formula."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.properties import PageSetupProperties

from govlab.thai import known_language
from projects.exchange.columns import BETWEEN, Column

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With one of these at its beginning, a text becomes a formula where a CSV file is opened in Excel."""
LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""
WIDTHS = {"text": 40, "codes": 24, "code": 18, "date": 14, "moment": 18, "address": 30}
DAY = {"th": "[$-1070000]d/m/yyyy;@", "en": "yyyy-mm-dd"}
"""How Excel writes a day: Thai with the year of the Buddhist Era. The cell holds a real date in both."""
ON_PAPER = 16
"""So many columns at most are printed beside each other on one page."""
HEAD = PatternFill("solid", start_color="FFE8EEF7")


# --- for programs ----------------------------------------------------------------------------------------------------
def plain(value: Any) -> Any:
    """A value as JSON has it: days in ISO 8601 (CE), decimals as texts so that no digit is lost, tuples as lists."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return list(value) if isinstance(value, tuple) else value


def written(value: Any) -> str:
    """A value as one cell of a CSV file for programs."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(BETWEEN.join(value) if isinstance(value, list) else str(value))


def safe(text: str) -> str:
    """A text that Excel does not take for a formula: with an apostrophe before it, where it would. Numbers stay."""
    if not text.startswith(FORMULA):
        return text
    try:
        Decimal(text)
    except ArithmeticError:
        return f"'{text}"
    return text


def csv_lines(columns: Sequence[Column], rows: Iterable[Any], shown: bool = False) -> Iterator[str]:
    """The lines of a CSV file in UTF-8 with a byte order mark, one by one; with `shown` as people read it."""
    line = io.StringIO()
    writer = csv.writer(line)

    def taken() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    writer.writerow([safe(str(column.label)) if shown else column.name for column in columns])
    yield "\ufeff" + taken()
    for row in rows:
        writer.writerow([safe(str(c.shown(row))) if shown else written(c.value(row)) for c in columns])
        yield taken()


def json_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """A JSON list of objects, piece by piece."""
    before = "[\n"
    for row in rows:
        record = {column.name: plain(column.value(row)) for column in columns}
        yield before + json.dumps(record, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


# --- for Excel -------------------------------------------------------------------------------------------------------
class Book:
    """An Excel file that is written row by row."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)

    def sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Any]) -> None:
        """A sheet with headings, in the active language, that stay in sight, a filter, and the rows."""
        sheet = self.book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        if len(columns) <= ON_PAPER:
            sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
            sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        for number, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(column.kind, 12)
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
        sheet.append([self._heading(sheet, str(column.label)) for column in columns])
        for row in rows:
            sheet.append([cell_of(sheet, column, column.value(row)) for column in columns])

    @staticmethod
    def _heading(sheet: Any, text: str) -> Any:
        cell = text_cell(sheet, text)
        cell.font, cell.fill = Font(bold=True), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    def save(self, to: Any) -> None:
        """Writes the file to a path or a file that is open."""
        self.book.save(to)


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds a text, whatever it looks like."""
    try:
        cell = WriteOnlyCell(sheet, value=text[:LONGEST_CELL])
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value="".join(c for c in text if c.isprintable() or c in "\n\t")[:LONGEST_CELL])
    cell.data_type = "s"
    return cell


def cell_of(sheet: Any, column: Column, value: Any) -> Any:
    """A value in the type that Excel has for it; choices by the name that people read."""
    if value is None:
        return None
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value=timezone.localtime(value).replace(tzinfo=None, microsecond=0))
        cell.number_format = f"{DAY[known_language(get_language())].removesuffix(';@')} hh:mm"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = DAY[known_language(get_language())]
        return cell
    if isinstance(value, bool):
        return text_cell(sheet, str(column.told(value)))
    if isinstance(value, (int, Decimal)) and not column.choices:
        return WriteOnlyCell(sheet, value=value)
    return text_cell(sheet, str(column.told(value)))
