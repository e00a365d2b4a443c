"""Excel files of any length, the same bytes for the same rows: what `books.Book` makes, written out directly.

A million cells take some seconds instead of half a minute, no more memory than a row, and no time of day gets into the
file. A cell holds a number, a day or a text; there is no way to write a formula.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from django.utils.translation import get_language
from openpyxl.utils import get_column_letter

from govlab.thai import known_language
from projects.exchange.books import DAY, LONGEST_CELL, WIDTHS
from projects.exchange.columns import Column

MOST_ROWS, MOST_BYTES = 1_000_000, 1_500_000_000
"""Of one sheet, a little less than Excel and the format take; what is more goes onto another sheet."""
BEGAN = (1980, 1, 1, 0, 0, 0)
"""The date of every part of a file that must not tell when it was made."""
DAY_ZERO = date(1899, 12, 30)
"""Excel counts its days from here."""
HEADING, DATE, MOMENT, TIME = 1, 2, 3, 4
"""Styles, by their place in `_styles`."""
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNNAMED = re.compile(r"[\]:*?/\[\\]")
"""What no sheet may have in its name."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TOP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def entry(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    """A part of a zip that carries no date of its own, and is not packed a second time where it is packed already."""
    info = zipfile.ZipInfo(name, BEGAN)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


class Sheets:
    """An Excel file that is written row by row into `to`, in the active language; `close` ends it."""

    def __init__(self, to: IO[bytes]) -> None:
        self.archive = zipfile.ZipFile(to, "w")
        self.names: list[str] = []

    def sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Any]) -> None:
        """A sheet with headings that stay in sight, a filter, and the rows; several where they are too many for one."""
        source, part, more = iter(rows), 1, True
        while more:
            name = title[:31] if part == 1 else f"{title[:26]} ({part})"
            more = self._one(name, columns, source)
            part += 1

    def _one(self, name: str, columns: Sequence[Column], rows: Iterator[Any]) -> bool:
        """Writes as many rows as a sheet takes; whether it ended because it was full."""
        self.names.append(name)
        written, full = 0, False
        with self.archive.open(entry(f"xl/worksheets/sheet{len(self.names)}.xml"), "w") as file:
            file.write(_top(columns).encode())
            for number, row in enumerate(rows, 1):
                cells = "".join(_cell(column, column.value(row)) for column in columns)
                written += file.write(f"<row>{cells}</row>".encode())
                if full := number >= MOST_ROWS or written > MOST_BYTES:
                    break
            file.write(f'</sheetData><autoFilter ref="A1:{get_column_letter(len(columns))}1"/></worksheet>'.encode())
        return full

    def close(self) -> None:
        """Writes what belongs to all sheets, and ends the file."""
        for name, text in _around(self.names).items():
            self.archive.writestr(entry(name), TOP + text)
        self.archive.close()


def _top(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{WIDTHS.get(column.kind, 12)}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    headings = "".join(_text(str(column.label), HEADING) for column in columns)
    return (
        f'{TOP}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{headings}</row>"
    )


def _text(text: str, style: int = 0) -> str:
    shown = escape(ILLEGAL.sub("", text)[:LONGEST_CELL]).replace("\r", "&#13;")
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _cell(column: Column, value: Any) -> str:
    """A value in the type that Excel has for it; choices by the name that people read."""
    if value is None:
        return "<c/>"
    if isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None, microsecond=0)
        days = (local.date() - DAY_ZERO).days + (local.hour * 3600 + local.minute * 60 + local.second) / 86400
        return f'<c s="{MOMENT}"><v>{days:.10f}</v></c>'
    if isinstance(value, date):
        return f'<c s="{DATE}"><v>{(value - DAY_ZERO).days}</v></c>'
    if isinstance(value, time):
        return f'<c s="{TIME}"><v>{(value.hour * 60 + value.minute) / 1440:.10f}</v></c>'
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and not column.choices:
        return f"<c><v>{value:f}</v></c>" if isinstance(value, Decimal) else f"<c><v>{value}</v></c>"
    text = str(column.told(value))
    return _text(text) if text else "<c/>"


# --- what belongs to all sheets --------------------------------------------------------------------------------------
def _around(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(UNNAMED.sub(" ", name))} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    return {
        "xl/styles.xml": _styles(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links(links + _link(len(names) + 1, "styles", "styles.xml")),
        "_rels/.rels": _links(_link(1, "officeDocument", "xl/workbook.xml")),
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{parts}</Types>'
        ),
    }


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{LINKS}/{kind}" Target="{target}"/>'


def _links(links: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _styles() -> str:
    day = DAY[known_language(get_language())]
    formats = {164: day, 165: f"{day.removesuffix(';@')} hh:mm", 166: "hh:mm"}
    told = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(code)}/>' for n, code in formats.items())
    plain = 'fontId="0" fillId="0" borderId="0" xfId="0"'
    cells = (
        f'<xf numFmtId="0" {plain}/>'
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf>'
        + "".join(f'<xf numFmtId="{n}" {plain} applyNumberFormat="1"/>' for n in formats)
    )
    font = '<sz val="11"/><name val="Calibri"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts count="{len(formats)}">{told}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/></patternFill></fill></fills>'
        '<borders count="1"><border/></borders>'
        f'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{2 + len(formats)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
