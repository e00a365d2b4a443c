"""Files as they come: headings, dates and numbers in every form; and what is hostile ends in a sentence."""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from projects.exchange import reading
from projects.exchange.columns import Column
from projects.exchange.importing import columns_of
from projects.exchange.importing_intakes import INTAKES
from projects.exchange.reading_values import Names, headings, same, text_of, value_of
from tests.exchange.brought import book, text, upload

KNOWN = {"code": "code", "รหัส": "code", "title": "title", "ชื่อ": "title", "day": "day", "วันที่": "day"}


def read(data: bytes, kind: str, folder: Path) -> reading.Sheet:
    """What is read of a file with these bytes."""
    path = folder / "file"
    path.write_bytes(data)
    return reading.read(path, kind, KNOWN)


def cells(sheet: reading.Sheet) -> list[tuple[Any, ...]]:
    """Each row: its number, code, title, day."""
    places = [sheet.places.get(name, 0) for name in ("code", "title", "day")]
    return [(line.number, *(line.cells.get(place) for place in places)) for line in sheet.lines]


# --- tables as people make them --------------------------------------------------------------------------------------
def test_titles_above_other_columns_and_empty_rows_are_tolerated(tmp_path: Path) -> None:
    rows = [["รายงานประจำปี"], [], ["ลำดับ", " วันที่ ", "รหัส *", "Title"], [1, None, "A", "ก"], [], [2, "x", "B", None]]
    sheet = read(book(rows), "xlsx", tmp_path)
    assert (cells(sheet), sheet.ignored) == ([(4, "A", "ก", None), (6, "B", None, "x")], ["ลำดับ"])
    assert [sheet.cell(4, "code"), sheet.cell(4, "nowhere")] == ["C4", "4"]


def test_the_table_may_stand_on_another_sheet(tmp_path: Path) -> None:
    made, file = Workbook(), io.BytesIO()
    made.active.append(["คำอธิบาย"])
    made.create_sheet("ข้อมูล").append(["code", "title"])
    made["ข้อมูล"].append(["A", "ก"])
    made.save(file)
    assert cells(read(file.getvalue(), "xlsx", tmp_path)) == [(2, "A", "ก", None)]


def test_a_cell_that_spans_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    made, file = Workbook(), io.BytesIO()
    for row in (["รหัส", "ชื่อ"], ["A", "ก"], [None, "ข"], ["B", "ค"]):
        made.active.append(row)
    made.active.merge_cells("A2:A3")
    made.save(file)
    assert [row[1] for row in cells(read(file.getvalue(), "xlsx", tmp_path))] == ["A", "A", "B"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_every_usual_form(tmp_path: Path, encoding: str, mark: str) -> None:
    data = text([["รหัส", "ชื่อ"], ["A", "กขค"]]).replace(",", mark).encode(encoding)
    assert cells(read(data, "csv", tmp_path)) == [(2, "A", "กขค", None)]


def test_formulas_give_what_excel_had_calculated_and_none_is_evaluated(tmp_path: Path) -> None:
    made, file = Workbook(), io.BytesIO()
    made.active.append(["code", "title"])
    made.active.append(["A", "=1+1"])
    made.active.append(["=cmd|'/c calc'!A0", "ข"])
    made.save(file)
    found = cells(read(with_cached(file.getvalue(), b"<f>1+1</f><v></v>", b"<f>1+1</f><v>7</v>"), "xlsx", tmp_path))
    assert found[0] == (2, "A", 7, None)
    assert found[1][1:3] == (None, "ข")


def with_cached(data: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with another text in its first sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b"<v />", b"<v></v>").replace(before, after)
            target.writestr(entry.filename, body)
    return made.getvalue()


# --- single values ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        *("23/11/2564", "23 พ.ย. 2564", "๒๓/๑๑/๒๕๖๔", "2021-11-23", "23 พฤศจิกายน 2564"),
        *(dt.datetime(2021, 11, 23), dt.datetime(2564, 11, 23), dt.date(2564, 11, 23)),
    ],
)
def test_a_date_in_every_form(typed: Any) -> None:
    assert value_of(Column("day", "Day", "date", str), typed, Names()) == dt.date(2021, 11, 23)


@pytest.mark.parametrize(
    ("kind", "typed", "found"),
    [
        ("decimal", "๑,๒๕๐.๕", "1250.5"),
        ("decimal", 3.1, "3.1"),
        ("whole", 12.0, "12"),
        ("whole", "๑๒", "12"),
        ("year", "พ.ศ. ๒๕๖๔", "2564"),
        ("year", 2021, "2564"),
        ("text", 2564.0, "2564"),
        ("text", "'=1+1", "=1+1"),
        ("text", "=1+1", "=1+1"),
        ("text", " ก\r\nข ", "ก\nข"),
        ("yes_no", "ใช่", "True"),
    ],
)
def test_other_values(kind: str, typed: Any, found: str) -> None:
    assert str(value_of(Column("x", "X", kind, str), typed, Names())) == found


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *(("date", 44523), ("date", "31/2/2564"), ("date", dt.date(2564, 2, 29)), ("yes_no", "อาจจะ")),
        *(("whole", "1.5"), ("whole", True), ("decimal", "NaN"), ("decimal", "สิบ"), ("year", 64), ("text", "#REF!")),
    ],
)
def test_what_cannot_be_meant_is_refused(kind: str, typed: Any) -> None:
    with pytest.raises(ValidationError):
        value_of(Column("x", "X", kind, str), typed, Names())


def test_a_choice_by_key_or_by_name_in_either_language() -> None:
    state = columns_of("projects")["stage1_state"]
    found = [value_of(state, typed, Names()) for typed in ("done", "Done", "เสร็จแล้ว", "เสร็จแลว")]
    assert found == ["done"] * 4
    with pytest.raises(ValidationError, match=r"หมายถึง|Did you mean"):
        value_of(state, "dones", Names())


@pytest.mark.parametrize("table", sorted(INTAKES))
def test_no_two_columns_share_a_heading(table: str) -> None:
    columns = INTAKES[table].columns()
    assert set(headings(columns).values()) == {column.name for column in columns}
    assert len(headings(columns)) >= 2 * len(columns)


def test_texts_that_excel_changes_a_little_are_the_same() -> None:
    assert same("ก\r\nข ", "ก\nข")
    assert same((), None)
    assert same(("a", "b"), ("b", "a"))
    assert not same("ก", "ข")
    assert not same(0, None)
    assert text_of("'-5") == "-5"


# --- hostile files: each a sentence ----------------------------------------------------------------------------------
def zipped(**parts: bytes) -> bytes:
    """A workbook whose named parts are these."""
    made = io.BytesIO()
    whole = io.BytesIO(book([["code", "title"], ["A", "ก"]]))
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            name = entry.filename
            target.writestr(name, parts.pop(name.rpartition("/")[2].partition(".")[0], source.read(entry)))
        for name, body in parts.items():
            target.writestr(f"xl/{name}.bin", body)
    return made.getvalue()


def sheet_xml(rows: bytes) -> bytes:
    """The XML of a sheet."""
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return head + rows + b"</sheetData></worksheet>"


def million() -> bytes:
    """A heading, and a million empty rows below it."""
    cell = b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>'
    head = b'<row r="1">' + cell % (b"A", b"code") + cell % (b"B", b"title") + b"</row>"
    return zipped(sheet1=sheet_xml(head + b"".join(b'<row r="%d"/>' % n for n in range(2, 1_000_001))))


def sheets() -> bytes:
    """Fifty sheets."""
    made, file = Workbook(), io.BytesIO()
    for _number in range(49):
        made.create_sheet()
    made.save(file)
    return file.getvalue()


BILLION = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '" + b"&a;" * 1000 + b"'>]>" + sheet_xml(b"")
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a zip bomb": ("x.xlsx", lambda: zipped(bomb=b"\0" * 210 * 1024**2)),
    "an XML bomb": ("x.xlsx", lambda: zipped(sheet1=BILLION)),
    "a broken file": ("x.xlsx", lambda: book([["code", "title"], ["A", "ก"]])[:-200]),
    "broken XML": ("x.xlsx", lambda: zipped(sheet1=b"<worksheet><sheetData><row>")),
    "a password": ("x.xlsx", lambda: reading.OLE + b"\0" * 5000),
    "an old workbook": ("x.xls", lambda: reading.OLE + b"\0" * 5000),
    "macros": ("x.xlsx", lambda: zipped(vbaProject=b"x")),
    "fifty sheets": ("x.xlsx", sheets),
    "a million empty rows": ("x.xlsx", million),
    "a heading twice": ("x.xlsx", lambda: book([["code", "title", "รหัส"], ["A", "ก", "B"]])),
    "no headings": ("x.xlsx", lambda: book([["a", "b"], ["c", "d"]])),
    "nothing below": ("x.xlsx", lambda: book([["code", "title"]])),
    "an empty file": ("x.xlsx", lambda: b""),
    "a picture": ("x.png", lambda: b"\x89PNG\r\n\x1a\n"),
    "bytes as CSV": ("x.csv", lambda: struct.pack("<200I", *range(200))),
    "another CSV": ("x.csv", lambda: b"a,b\nc,d\n"),
}

CODES = {
    "a zip bomb": "bomb",
    "an XML bomb": "large",
    "a broken file": "office",
    "broken XML": "broken",
    "a password": "ole",
    "an old workbook": "ole",
    "macros": "macro",
    "fifty sheets": "sheets",
    "a million empty rows": "rows",
    "a heading twice": "twice",
    "no headings": "headings",
    "nothing below": "empty",
    "an empty file": "empty",
    "a picture": "ending",
    "bytes as CSV": "letters",
    "another CSV": "headings",
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_a_hostile_file_ends_in_a_sentence(what: str, tmp_path: Path) -> None:
    name, make = HOSTILE[what]
    data = make()
    with pytest.raises(ValidationError) as refused:
        taken = reading.take(upload(data, name))
        reading.read(reading.files.address(taken.sha256), taken.kind, KNOWN)
    assert len(refused.value.messages) == 1
    assert refused.value.code == CODES[what]  # and not because something else went wrong


def test_a_long_cell_is_read_as_far_as_any_column_goes(tmp_path: Path) -> None:
    sheet = read(book([["code", "title"], ["A", "ก" * 30_000]]), "xlsx", tmp_path)
    assert len(cells(sheet)[0][2]) == reading.LONGEST_TEXT
