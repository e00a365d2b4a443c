"""Tables as files: what programs read, what people read, and text that never becomes a formula."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from agencies.models import Source
from agencies.rules import records
from projects.exchange.books import Book, csv_lines, json_lines, safe
from projects.exchange.columns import Column
from projects.exchange.tables import TABLES
from projects.models import (
    AgendaItem,
    Facet,
    InnovationType,
    Lab,
    MeetingSeries,
    Resolution,
    ServiceField,
)
from projects.rules import meetings, ratings, themes
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db

ROW = {
    "text": "=1+1",
    "date": date(2021, 11, 23),
    "moment": datetime(2021, 11, 22, 20, 5, tzinfo=UTC),
    "decimal": Decimal("30.5000"),
    "whole": 2562,
    "yes_no": True,
    "codes": ("a", "b"),
    "nothing": None,
}
COLUMNS = [Column(kind, f"-{kind}", kind, lambda row, kind=kind: row[kind]) for kind in ROW]


def test_programs_read_csv_and_json_in_iso_and_nothing_starts_a_formula():
    lines = list(csv.reader(io.StringIO("".join(csv_lines(COLUMNS, [ROW])).removeprefix("\ufeff"))))
    assert lines == [
        list(ROW),
        ["'=1+1", "2021-11-23", "2021-11-23T03:05:00+07:00", "30.5", "2562", "true", "a; b", ""],
    ]
    assert json.loads("".join(json_lines(COLUMNS, [ROW]))) == [
        {
            "text": "=1+1",
            "date": "2021-11-23",
            "moment": "2021-11-23T03:05:00+07:00",
            "decimal": "30.5",
            "whole": 2562,
            "yes_no": True,
            "codes": ["a", "b"],
            "nothing": None,
        }
    ]
    assert json.loads("".join(json_lines(COLUMNS, []))) == []


def test_people_read_csv_in_their_language_and_era():
    with override("th"):
        lines = list(csv.reader(io.StringIO("".join(csv_lines(COLUMNS, [ROW], shown=True)))))
    assert lines[0][0] == "\ufeff'-text"
    assert lines[1] == ["'=1+1", "23 พ.ย. 2564", "23 พ.ย. 2564 3.05 น.", "30.5", "2562", "ใช่", "a; b", ""]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("=A1", "'=A1"), ("-5", "-5"), ("+66 2", "'+66 2"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("ก=1", "ก=1")],
)
def test_what_excel_would_take_for_a_formula_gets_an_apostrophe(text, kept):
    assert safe(text) == kept


def test_excel_holds_text_as_text_and_days_as_days_of_the_buddhist_era():
    kept = io.BytesIO()
    with override("th"):
        book = Book()
        book.sheet("แผ่น", COLUMNS, [ROW, {**ROW, "text": "a\x00b\x0bc"}])
        book.save(kept)
    sheet = openpyxl.load_workbook(kept)["แผ่น"]
    cells = dict(zip(ROW, sheet[2], strict=True))
    assert (cells["text"].value, cells["text"].data_type) == ("=1+1", "s")
    assert (cells["date"].value.date(), cells["date"].number_format) == (date(2021, 11, 23), "[$-1070000]d/m/yyyy;@")
    assert [cells[name].value for name in ("decimal", "whole", "yes_no", "codes", "nothing")] == [
        30.5,
        2562,
        "ใช่",
        "a; b",
        None,
    ]
    assert sheet["A1"].data_type == "s"
    assert sheet["A3"].value == "abc"
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("name", TABLES)
def test_every_table_reads_with_as_many_queries_for_many_rows_as_for_few(
    name, staff, visitor, django_assert_num_queries
):
    def read():
        return [[column.shown(row) for column in TABLES[name].columns] for row in TABLES[name].rows(visitor)]

    def add():
        n = next(factories.numbers)
        body = factories.make_agency(staff)
        reporter = factories.make_member(body)
        project = factories.make_project(staff, owner=body, year=2500 + n % 200)
        indicator = factories.make_indicator(staff, project)
        factories.make_update(
            reporter, project, "approved", staff, readings={indicator: Measure(Decimal(n), "", sure=True)}
        )
        factories.make_innovation(staff, project=project)
        meeting = factories.make_meeting(staff, projects=[project], hosts=[body])
        item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ", projects=[project])
        said = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ", concerns=[body])
        factories.make_assignment(staff, body, meeting=meeting, resolution=said)
        call = factories.make_call(staff, project)
        voice = factories.make_voice(call, "shown", staff)
        theme = themes.add(call, by=staff, title_th="ประเด็น", voices=[voice])
        themes.show(themes.answer(theme, by=staff, version=theme.version, answer_th="ตอบ", outcome="changed"), by=staff)
        ratings.rate(project, visitor=f"{n:064}", stars=4)
        for model in (ServiceField, InnovationType, Lab, Facet, MeetingSeries, Source):
            named = {"title_th": "ข่าว"} if model is Source else {"name_th": "ชื่อ"}
            records.add(model, by=staff, key=f"key-{n}", **named)

    add()
    with CaptureQueriesContext(
        connection,
    ) as few:
        rows = len(read())
    add()
    add()
    with django_assert_num_queries(len(few)):
        assert len(read()) > rows
