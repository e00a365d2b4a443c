"""The open data: the same bytes for the same records, never half a file, made when something changed, and not more."""

import errno
import io
import json
import os
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
from django.core.management import call_command
from django.utils.translation import override

from agencies.models import Agency
from govlab.history import hold, keep
from projects.exchange import dictionary, kept, opendata
from projects.exchange.books import plain, safe
from projects.exchange.columns import BETWEEN
from projects.exchange.tables import TABLES
from projects.management.commands import work
from projects.rules import publishing
from tests import factories
from tests.world import make_world

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@pytest.fixture
def world(staff, agency, reporter):
    return make_world(staff, agency, reporter)


def digests(made):
    return {name: file.sha256 for name, file in made.files.items()}


def read(made, name):
    return kept.place(made.files[name].sha256).read_bytes()


def halves():
    return [path.name for path in kept.root().glob(f"{kept.MAKING}*")]


# --- the same bytes --------------------------------------------------------------------------------------------------
def test_the_same_records_give_the_same_bytes_whenever_and_wherever_they_are_made(world, settings, tmp_path):
    first = opendata.make(NOON)
    again = opendata.make(NOON + timedelta(days=400))
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    elsewhere = opendata.make(NOON + timedelta(days=800))
    assert digests(first) == digests(again) == digests(elsewhere)
    assert {file.changed for file in again.files.values()} == {NOON}
    assert (again.since, again.changed, elsewhere.since) == (NOON, NOON, NOON + timedelta(days=800))


def test_a_change_changes_its_table_alone_and_what_holds_all(world, staff):
    before = opendata.make(NOON)
    keep(hold(Agency.objects.get(pk=world.agency.pk)), "edit", by=staff, name_en="Department of Examples")
    after = opendata.make(NOON + timedelta(hours=1))
    old, new = digests(before), digests(after)
    assert {name for name in new if new[name] != old[name]} == {
        *("agencies.csv", "agencies.json", "agencies.preview", "agencies.th.xlsx", "agencies.en.xlsx"),
        "govlab.zip",
    }
    assert after.files["agencies.csv"].changed == NOON + timedelta(hours=1)
    assert after.files["projects.csv"].changed == NOON


def test_what_nobody_may_see_changes_no_byte(world, staff, reporter):
    before = opendata.make(NOON)
    factories.make_update(reporter, world.project, "submitted", title="ยังไม่รับรอง")
    hidden = factories.make_project(staff, owner=world.agency, published=False)
    factories.make_indicator(staff, hidden)
    publishing.hide(factories.make_project(staff), by=staff)
    assert digests(opendata.make(NOON)) == digests(before)


# --- as an analyst reads it ------------------------------------------------------------------------------------------
PANDAS = {"whole": "Int64", "year": "Int64", "yes_no": "boolean"}


def expected(column, row):
    """What an analyst finds in a cell, None where nothing stands in it."""
    value = plain(column.value(row))
    if isinstance(value, list):
        return BETWEEN.join(value) or None
    if column.kind in ("whole", "year", "yes_no") or value is None:
        return value
    return safe(str(value)) or None


def test_an_analyst_reads_every_table_of_the_zip_by_its_dictionary(world, visitor):
    made = opendata.make(NOON)
    with zipfile.ZipFile(io.BytesIO(read(made, "govlab.zip"))) as archive:
        told = pd.read_csv(archive.open("csv/dictionary.csv"), keep_default_na=False)
        assert len(told) == sum(len(table.columns) for table in TABLES.values())
        for name, table in TABLES.items():
            types = told[told["table"] == name].set_index("column")["type"].to_dict()
            assert list(types) == [column.name for column in table.columns]
            frame = pd.read_csv(
                archive.open(f"csv/{name}.csv"),
                dtype={column: PANDAS.get(kind, "string") for column, kind in types.items()},
                true_values=["true"],
                false_values=["false"],
                keep_default_na=False,
                na_values=[""],
            )
            rows = list(table.rows(visitor))
            found = frame.astype(object).where(frame.notna(), None).values.tolist()
            assert found == [[expected(column, row) for column in table.columns] for row in rows], name
            records = json.loads(archive.read(f"json/{name}.json"))
            assert records == [{c.name: json.loads(json.dumps(plain(c.value(r)))) for c in table.columns} for r in rows]
            for column, kind in types.items():
                if kind in ("date", "moment"):
                    pd.to_datetime(frame[column], format="ISO8601", utc=True)  # or it raises
                if kind == "decimal":
                    frame[column].dropna().map(Decimal)
    assert made.tables["projects"].rows == 1 and made.tables["voices"].rows == 1 and made.tables["readings"].rows == 0


def test_excel_holds_headings_of_its_language_days_and_no_formula(world, staff, visitor):
    factories.make_project(staff, title_th='=HYPERLINK("http://evil.test","x")', title_en="+1")
    made = opendata.make(NOON)
    for language in ("th", "en"):
        for name, table in TABLES.items():
            book = openpyxl.load_workbook(io.BytesIO(read(made, f"{name}.{language}.xlsx")))
            sheet = book.worksheets[0]
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
            with override(language):
                assert [cell.value for cell in sheet[1]] == [str(column.label) for column in table.columns]
                assert sheet.max_row == made.tables[name].rows + 1
                for cells, row in zip(sheet.iter_rows(min_row=2), table.rows(visitor), strict=True):
                    for cell, column in zip(cells, table.columns, strict=True):
                        shown = column.shown(row)
                        if column.kind == "date" and shown:
                            assert cell.value.date() == column.value(row)
                            assert cell.number_format.startswith("[$-1070000]") == (language == "th")
                        elif column.kind not in ("moment", "time", "decimal", "whole", "year"):
                            assert cell.value == (str(shown) or None)


def test_the_zip_explains_itself_and_its_checksums_hold(world):
    made = opendata.make(NOON)
    archive = zipfile.ZipFile(io.BytesIO(read(made, "govlab.zip")))
    assert archive.testzip() is None
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    lines = archive.read("checksums.sha256").decode().splitlines()
    named = dict(reversed(line.split("  ")) for line in lines)
    assert named == {
        info.filename: opendata.sha256(archive.read(info)).hexdigest()
        for info in archive.infolist()
        if "/" in info.filename
    }
    assert {"README.txt", "LICENCE.txt", "csv/dictionary.csv", "xlsx-th/projects.xlsx", "xlsx-en/projects.xlsx"} <= {
        *archive.namelist()
    }
    readme = archive.read("README.txt").decode("utf-8-sig")
    assert "ข้อมูลเปิด GovLab" in readme and "GovLab open data" in readme
    assert all(name in readme for name in TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_explained_in_both_languages(name):
    for row in dictionary.entries(TABLES.values(), only=name):
        assert row.heading_th and row.heading_en and row.source_th and row.source_en
        if row.heading_en not in ("GovLab", "CSV"):
            assert row.heading_th != row.heading_en, row
        assert row.type in dictionary.TYPES
        if row.refers:
            table, _dot, column = row.refers.partition(".")
            assert TABLES[table].column(column)
        column = TABLES[name].column(row.column)
        if column.names:
            assert row.refers, row


# --- when ------------------------------------------------------------------------------------------------------------
def test_it_is_made_when_something_changed_and_not_more_often_than_every_ten_minutes(world, staff):
    assert opendata.is_due(NOON)
    made = opendata.tick(NOON)
    assert not opendata.is_due(NOON + timedelta(days=30))
    factories.make_agency(staff)
    assert opendata.tick(NOON + timedelta(minutes=9)) is None
    assert opendata.tick(NOON + timedelta(minutes=10)).edition > made.edition
    assert opendata.tick(NOON + timedelta(days=1)) is None


def test_the_worker_does_it_beside_its_other_work(world):
    assert opendata.tick in [job for job, _seconds in work.AT_LEISURE]
    assert opendata.tick not in [job for job, _seconds in work.BY_THE_CLOCK]
    call_command("work", "--once")
    assert kept.current() is not None


def test_what_takes_long_is_made_more_rarely(world, staff, monkeypatch):
    clock = iter([0.0, 300.0])
    monkeypatch.setattr(opendata.time, "monotonic", lambda: next(clock))
    opendata.make(NOON)
    factories.make_agency(staff)
    assert not opendata.is_due(NOON + timedelta(minutes=49))
    assert opendata.is_due(NOON + timedelta(minutes=50))


def test_a_new_form_and_a_lost_file_make_it_due_at_once(world, monkeypatch):
    made = opendata.make(NOON)
    kept.place(made.files["agencies.csv"].sha256).unlink()
    assert opendata.is_due(NOON)
    opendata.make(NOON)
    assert not opendata.is_due(NOON)
    monkeypatch.setattr(opendata, "form", lambda: "another")
    assert opendata.is_due(NOON)


def test_the_command_says_what_there_is(world, capsys):
    call_command("open_data")
    assert capsys.readouterr().out.startswith(f"open data: {len(TABLES)} tables, ")
    call_command("open_data", "--if-due")
    assert capsys.readouterr().out == "open data: up to date\n"


# --- trouble ---------------------------------------------------------------------------------------------------------
def test_two_at_once_do_no_harm(world, capsys):
    with kept.alone() as folder:
        assert folder is not None
        assert opendata.make(NOON) is None
        call_command("open_data")
    assert capsys.readouterr().out == "open data: another worker is making it\n"
    assert kept.current() is None
    assert opendata.make(NOON) is not None


@pytest.mark.parametrize("after", [0, 1, 40, 117, 118])
def test_a_full_disk_leaves_everything_as_it_was(world, staff, monkeypatch, after):
    before = opendata.make(NOON)
    for table in ("agency", "project"):
        getattr(factories, f"make_{table}")(staff)
    left = iter(range(after))
    move = kept._move

    def full(made, target):
        if target.suffix != ".gz" and next(left, None) is None:
            raise OSError(errno.ENOSPC, "no space left")
        move(made, target)

    monkeypatch.setattr(kept, "_move", full)
    with pytest.raises(OSError, match="no space"):
        opendata.make(NOON + timedelta(hours=1))
    assert kept.current() == before
    assert halves() == []
    for name, file in before.files.items():
        data = read(before, name)
        assert (opendata.sha256(data).hexdigest(), len(data)) == (file.sha256, file.size)
    monkeypatch.undo()
    assert opendata.make(NOON + timedelta(hours=1)).tables["agencies"].rows == before.tables["agencies"].rows + 1


def test_what_a_killed_worker_left_goes_with_the_next_one(world):
    half = kept.root() / f"{kept.MAKING}4711"
    half.mkdir(parents=True)
    (half / "projects.csv").write_bytes(b"half")
    opendata.make(NOON)
    assert halves() == []


def test_old_files_stay_an_hour_for_whoever_has_read_the_list_of_before(world, staff):
    before = opendata.make(NOON)
    old = kept.place(before.files["agencies.csv"].sha256)
    changed = NOON + timedelta(days=30)
    factories.make_agency(staff)
    opendata.make(changed)
    opendata.make(changed + timedelta(minutes=59))
    assert old.exists() and kept.packed_place(before.files["agencies.csv"].sha256).exists()
    now = opendata.make(changed + timedelta(minutes=61))
    assert not old.exists() and not kept.packed_place(before.files["agencies.csv"].sha256).exists()
    assert kept.is_whole(now)


def test_nothing_lies_there_that_others_of_the_machine_may_write(world):
    made = opendata.make(NOON)
    for file in made.files.values():
        assert os.stat(kept.place(file.sha256)).st_mode & 0o022 == 0
