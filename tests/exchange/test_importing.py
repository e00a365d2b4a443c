"""Bringing a file in: what the preview says is what is applied, as a whole, once, and taken back as a whole."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook

from agencies.models import Agency, User
from agencies.rules import records
from govlab.models import Edition, SearchEntry
from projects.exchange import importing_work, progress, reading
from projects.exchange.books import Book, csv_lines
from projects.exchange.importing import columns_of
from projects.exchange.importing_intakes import INTAKES
from projects.exchange.importing_report import Called, lines_of, report
from projects.exchange.tables import TABLES
from projects.exchange.templates import template
from projects.models import (
    AgendaItem,
    Assignment,
    Import,
    ImportState,
    Indicator,
    Innovation,
    Project,
    PublishState,
    Reading,
    Resolution,
    Stage,
)
from projects.rules import imports, meetings, projects, publishing, synonyms
from tests import factories
from tests.exchange.brought import apply, bring, carry_out, kinds, problems, upload
from tests.pages import CheckedClient

HEAD = ["รหัส", "Title in Thai", "stage1_planned_end", "ไม่รู้จัก"]


def counts(thing: Import) -> dict[str, int]:
    return {kind: count for kind, count in thing.counts.items() if count}


def everything() -> list[Any]:
    """All that a file could change, with its history."""
    rows: list[Any] = []
    for model in (Project, Stage, Agency, Innovation):
        rows += [list(model._default_manager.order_by("pk").values()), model.history.count()]  # type: ignore[attr-defined]
    return rows


# --- the preview -----------------------------------------------------------------------------------------------------
def test_the_preview_says_row_by_row_what_would_happen_and_writes_nothing(staff: User, agency: Agency) -> None:
    project = factories.make_project(staff, owner=agency, code="GL2562-1", title_th="เดิม")
    factories.make_project(staff, code="GL2562-2", title_th="สอง")
    before = everything()
    thing = bring(
        staff,
        [
            HEAD,
            ["gl2562-01", "ใหม่", "๓๑ ธ.ค. ๒๕๖๔", "x"],
            [],
            ["GL2562-2", "สอง", None, "x"],
            ["GL2562-3", "สาม", None, "x"],
            ["GL2562-4", "สี่", "31/02/2564", "x"],
        ],
    )
    assert (thing.state, thing.ignored) == (ImportState.PREVIEWED, ["ไม่รู้จัก"])
    assert [(row.number, row.kind, row.name) for row in thing.rows.all()] == [
        (2, "changed", "เดิม"),
        (4, "same", "สอง"),
        (5, "new", "สาม"),
        (6, "refused", "สี่"),
    ]
    assert thing.rows.get(number=2).changes == [
        {"column": "title_th", "before": "เดิม", "after": "ใหม่"},
        {"column": "stage1_planned_end", "before": None, "after": "2021-12-31"},
    ]
    assert [cell for cell, _sentence in problems(thing)] == ["C6"]
    assert thing.rows.get(number=2).record == str(project.pk)
    assert everything() == before


def test_an_empty_cell_leaves_what_is_there_and_a_dash_clears_it(staff: User) -> None:
    factories.make_project(staff, code="GL2562-1", title_en="One", focus_th="มุ่ง")
    apply(staff, [["code", "title_en", "focus_th"], ["GL2562-1", None, "-"]])
    project = Project.objects.get()
    assert (project.title_en, project.focus_th) == ("One", "")


def test_a_row_above_brings_what_a_row_below_names(staff: User) -> None:
    apply(
        staff,
        [["key", "name_th", "parent"], ["ministry", "กระทรวงใหม่", None], ["unit", "กรมใหม่", "กระทรวงใหม่"]],
        "agencies",
    )
    assert Agency.objects.get(key="unit").parent == Agency.objects.get(key="ministry")


def test_a_name_that_is_nearly_right_is_asked_about(staff: User) -> None:
    factories.make_cohort(staff)
    factories.make_agency(staff, "กรมการขนส่งทางบก", key="dlt")
    typed = [["GL2562-1", "ก", "กรมการขนสงทางบก"], ["GL2562-2", "ข", "กรมขนส่งบก"]]
    thing = bring(staff, [["code", "title_th", "owners"], *typed])
    assert problems(thing) == [("C3", "The portal knows no “กรมขนส่งบก”. Did you mean กรมการขนส่งทางบก (dlt)?")]


def test_the_same_record_twice_is_refused(staff: User) -> None:
    factories.make_project(staff, code="GL2562-1", title_th="หนึ่ง")
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "ก"], [None, "หนึ่ง"]])
    assert kinds(thing) == ["changed", "refused"]
    assert problems(thing) == [("3", "Row 2 is about the same. Delete one of the two.")]


def test_rules_refuse_in_the_preview_as_on_the_page(staff: User, agency: Agency) -> None:
    project = factories.make_project(staff, code="GL2562-1")
    thing = bring(
        staff,
        [
            ["code", "stage1_actual_end", "owners", "partners", "cohort"],
            ["GL2562-1", "1/1/2564", None, None, None],
            ["GL2562-7", None, agency.key, agency.key, 2562],
        ],
    )
    assert problems(thing) == [
        ("2", "A stage with an end date is done. Choose Done or clear the date."),
        ("3", "This field cannot be blank."),
    ]
    assert project.stages.get(number=1).actual_end is None


def test_a_file_with_something_to_correct_is_not_applied(staff: User) -> None:
    factories.make_cohort(staff)
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "ก"], ["GL1", "ข"]])
    assert "apply" not in imports.open_steps(staff, thing)
    with pytest.raises(ValidationError):
        imports.apply(thing, by=staff)


# --- applied as a whole ----------------------------------------------------------------------------------------------
def test_what_is_applied_is_what_the_preview_said(staff: User, other_staff: User, agency: Agency) -> None:
    other = factories.make_agency(staff, "กรมร่วม", key="second")
    project = factories.make_project(staff, owner=agency, code="GL2562-1", title_th="เดิม")
    rows = [
        ["code", "title_th", "owners", "partners", "stage1_state", "stage1_actual_start"],
        ["GL2562-1", "ใหม่", "second", agency.key, "กำลังทำ", dt.date(2564, 11, 23)],
        ["GL2562-5", "ห้า", "second", None, "In progress", "23/11/2564"],
    ]
    thing = bring(staff, rows)
    said = [row.changes for row in thing.rows.all()]
    thing = carry_out(thing, "apply", other_staff)
    assert (thing.state, thing.applied_by) == (ImportState.APPLIED, other_staff)
    project.refresh_from_db()
    parts = {part.agency.key: part.part for part in project.parts.all()}
    stage = project.stages.get(number=1)
    assert (project.title_th, parts) == ("ใหม่", {"second": "owner", agency.key: "partner"})
    assert (stage.state, stage.actual_start, project.current_stage) == ("in_progress", dt.date(2021, 11, 23), 1)
    added = Project.objects.get(code="GL2562-5")
    assert (added.state, added.cohort.year, added.stages.count()) == (PublishState.DRAFT, 2562, 4)
    assert [row.changes for row in thing.rows.all()] == said
    assert kinds(bring(staff, rows)) == ["same", "same"]
    assert other.parts.count() == 2


def test_the_history_says_who_and_what_of_every_record(staff: User, other_staff: User) -> None:
    """As `keep` writes it one by one: the same verbs, types and lists."""
    kind = factories.make_field(staff)
    one = factories.make_project(staff, code="GL2562-1", title_th="เดิม", field=kind)
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "ใหม่"], ["GL2562-2", "สอง"]])
    carry_out(thing, "apply", other_staff)
    row = one.history.latest()
    assert (row.history_type, row.history_change_reason, row.history_user, row.title_th) == (
        "~",
        "edit",
        other_staff,
        "ใหม่",
    )
    assert row.version == Project.objects.get(pk=one.pk).version
    two = Project.objects.get(code="GL2562-2")
    assert [(each.history_type, each.history_change_reason) for each in two.history.all()] == [("+", "add")]
    assert [each.history.count() for each in two.stages.all()] == [1, 1, 1, 1]


def test_lists_stand_in_the_history_too(staff: User) -> None:
    lab = records.add(
        INTAKES["projects"].model._meta.get_field("labs").related_model, by=staff, key="lab", name_th="ห้อง"
    )
    factories.make_project(staff, code="GL2562-1")
    apply(staff, [["code", "labs"], ["GL2562-1", "ห้อง"]])
    latest = Project.objects.get().history.latest()
    assert [row.lab for row in latest.labs.all()] == [lab]


def test_search_and_edition_follow(staff: User) -> None:
    project = factories.make_project(staff, code="GL2562-1", title_th="เดิม")
    before = Edition.objects.count()
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "กระบองเพชร"]])
    assert not SearchEntry.objects.filter(title_th="กระบองเพชร").exists()
    carry_out(thing, "apply", staff)
    assert SearchEntry.objects.filter(key=project.code, title_th="กระบองเพชร").count() == 1
    assert Edition.objects.count() > before


def test_what_somebody_changed_since_the_preview_refuses_the_whole_file(staff: User, other_staff: User) -> None:
    one = factories.make_project(staff, code="GL2562-1", title_th="หนึ่ง")
    factories.make_project(staff, code="GL2562-2", title_th="สอง")
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "ก"], ["GL2562-2", "ข"]])
    records.edit(one, by=other_staff, version=Project.objects.get(pk=one.pk).version, focus_th="มีคนแก้")
    thing = carry_out(thing, "apply", staff)
    assert thing.state == ImportState.REFUSED
    assert thing.word == (
        "Nothing was applied: these rows have changed since you looked at them. Bring the file again: 2 หนึ่ง"
    )
    assert set(Project.objects.values_list("title_th", flat=True)) == {"หนึ่ง", "สอง"}


def test_who_is_no_longer_staff_applies_nothing(staff: User, other_staff: User) -> None:
    factories.make_project(staff, code="GL2562-1")
    thing = imports.apply(bring(staff, [["code", "title_th"], ["GL2562-1", "ก"]]), by=other_staff)
    User.objects.filter(pk=other_staff.pk).update(is_staff=False)
    importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, Project.objects.get().title_th == "ก") == (ImportState.REFUSED, False)


# --- workers that die, people who stop -------------------------------------------------------------------------------
class Killed(BaseException):
    """What no `except Exception` catches, as a killed process."""


def test_a_worker_that_dies_leaves_nothing_and_the_next_one_applies_it_once(
    staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_cohort(staff)
    thing = imports.apply(bring(staff, [["code", "title_th"], ["GL2562-1", "ก"]]), by=staff)
    with monkeypatch.context() as patch:
        patch.setattr(imports, "applied", lambda *_args, **_more: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            importing_work.work()
    assert (Project.objects.count(), Import.objects.get().state) == (0, ImportState.APPLYING)
    assert [importing_work.work(), importing_work.work()] == [1, 0]
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.APPLIED, 1)


def test_a_file_over_which_workers_die_again_and_again_is_refused(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    thing = imports.add(_taken(b"code,title_th\nGL2562-1,x\n"), by=staff, table="projects", language="en")
    with monkeypatch.context() as patch:
        patch.setitem(importing_work.STEPS, ImportState.READ, lambda *_told: (_ for _ in ()).throw(Killed()))
        for _time in range(imports.MOST_TRIES):
            with pytest.raises(Killed):
                importing_work.work()
        importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, thing.word[:34]) == (ImportState.REFUSED, "The portal stopped several times o")


def test_a_stop_while_it_is_applied_leaves_everything_as_it_was(staff: User) -> None:
    factories.make_cohort(staff)
    thing = imports.apply(bring(staff, [["code", "title_th"], ["GL2562-1", "ก"]]), by=staff)
    progress.stop(thing.pk)
    importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, Project.objects.count()) == (ImportState.STOPPED, 0)


def test_a_fault_of_ours_is_told_and_holds_up_no_other_file(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing_work, "Run", lambda *_args, **_more: 1 / 0)
    thing = imports.add(_taken(b"code,title_th\nGL2562-1,x\n"), by=staff, table="projects", language="en")
    importing_work.work()
    thing.refresh_from_db()
    assert (thing.state, thing.word[:26]) == (ImportState.REFUSED, "The portal could not go on")


def _taken(data: bytes) -> Any:
    return reading.take(upload(data, "a.csv"))


# --- taken back as a whole -------------------------------------------------------------------------------------------
def test_everything_is_put_back(staff: User, agency: Agency) -> None:
    project = factories.make_project(staff, owner=agency, code="GL2562-1", title_th="เดิม")
    factories.make_agency(staff, "กรมสอง", key="second")
    thing = apply(
        staff,
        [
            ["code", "title_th", "owners", "stage2_planned_end", "focus_th"],
            ["GL2562-1", "ใหม่", "second", "1/1/2565", "มุ่ง"],
            ["GL2562-2", "สอง", "second", None, None],
        ],
    )
    thing = carry_out(thing, "undo", staff)
    project.refresh_from_db()
    assert (thing.state, thing.word) == (ImportState.TAKEN_BACK, "")
    assert (project.title_th, project.focus_th) == ("เดิม", "")
    assert [part.agency for part in project.parts.all()] == [agency]
    assert project.stages.get(number=2).planned_end is None
    assert list(Project.objects.all()) == [project]
    assert Project.history.filter(code="GL2562-2").first().history_type == "-"


@pytest.mark.parametrize("published", [True, False])
def test_nothing_is_put_back_when_somebody_changed_any_of_it(staff: User, other_staff: User, published: bool) -> None:
    factories.make_project(staff, code="GL2562-1", title_th="เดิม")
    thing = apply(staff, [["code", "title_th"], ["GL2562-1", "ใหม่"], ["GL2562-2", "สอง"]])
    two = Project.objects.get(code="GL2562-2")
    if published:
        publishing.publish(two, by=other_staff)
    else:
        projects.edit(two, by=other_staff, version=two.version, code=two.code, cohort=two.cohort, title_th="สาม")
    thing = carry_out(thing, "undo", staff)
    assert (thing.state, Project.objects.get(code="GL2562-1").title_th) == (ImportState.APPLIED, "ใหม่")
    assert thing.word == ("It stays applied: somebody changed these since. Put them back by hand, or leave them: 3 สอง")


def test_a_record_that_is_gone_keeps_the_file_applied(staff: User) -> None:
    thing = apply(staff, [["key", "name_th"], ["one", "กรมหนึ่ง"]], "agencies")
    records.remove(Agency.objects.get(key="one"), by=staff)
    thing = carry_out(thing, "undo", staff)
    assert (thing.state, thing.word[-8:]) == (ImportState.APPLIED, "กรมหนึ่ง")


# --- the other kinds -------------------------------------------------------------------------------------------------
def test_indicators_are_found_by_project_and_name(staff: User, reporter: User, project: Project) -> None:
    known = factories.make_indicator(staff, project, name_th="เวลารอ", unit_th="นาที")
    thing = apply(
        staff,
        [
            ["project", "name_th", "unit_th", "direction", "baseline", "target"],
            [project.code, "เวลารอ", None, "ยิ่งน้อยยิ่งดี", "๑,๒๐๐.๕", None],
            [project.code, "จำนวนคน", "คน", None, 0, 12],
        ],
        "indicators",
    )
    known.refresh_from_db()
    assert (known.direction, str(known.baseline)) == ("down", "1200.5000")
    assert kinds(thing) == ["changed", "new"]
    carry_out(thing, "undo", staff)
    assert [row.pk for row in project.indicators.all()] == [known.pk]


def test_numbers_of_documents_go_to_approved_reports_and_replace_none(
    staff: User, reporter: User, project: Project
) -> None:
    indicator = factories.make_indicator(staff, project, name_th="เวลารอ")
    update = factories.make_update(reporter, project, "approved", staff)
    head = ["project", "indicator", "Date of the report", "value"]
    row = [project.code, "เวลารอ", update.happened_on, 30]
    thing = apply(staff, [head, row], "readings")
    assert [(each.indicator, each.update, each.value) for each in Reading.objects.all()] == [(indicator, update, 30)]
    assert kinds(bring(staff, [head, row], "readings")) == ["same"]
    other = bring(staff, [head, [*row[:3], 31], [*row[:2], "1/1/2500", 1]], "readings")
    assert problems(other) == [
        ("D2", "The agency reported this itself. Ask it to report again."),
        ("C3", "The project has no approved report of this day, and a number belongs to one."),
    ]
    carry_out(thing, "undo", staff)
    assert Reading.objects.count() == 0


def test_resolutions_come_under_their_items_with_what_they_ask(
    staff: User, agency: Agency, other_agency: Agency
) -> None:
    meeting = factories.make_meeting(staff, published=False)
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องแจ้ง")
    rows = [
        ["ระเบียบวาระที่", "เลขที่มติ", "ข้อความภาษาไทย", "หน่วยงานที่ได้รับมอบหมาย", "due_on"],
        ["๑", None, "ให้รายงาน", f"{other_agency.key}; {agency.key}", "31 มกราคม 2569"],
        ["1", None, "รับทราบ", None, None],
    ]
    rows[0][2] = "text_th"
    thing = apply(staff, rows, "resolutions", meeting=meeting)
    assert [(row.item, row.number, row.text_th) for row in Resolution.objects.order_by("position")] == [
        (item, "1.1", "ให้รายงาน"),
        (item, "1.2", "รับทราบ"),
    ]
    asked = Assignment.objects.get()
    assert (asked.agency, list(asked.partners.all()), asked.due_on) == (other_agency, [agency], dt.date(2026, 1, 31))
    assert kinds(bring(staff, rows, "resolutions", meeting=meeting)) == ["same", "same"]
    rows[1][4] = "28/2/2569"
    assert kinds(apply(staff, rows, "resolutions", meeting=meeting)) == ["changed", "same"]
    assert Assignment.objects.get().due_on == dt.date(2026, 2, 28)
    assert carry_out(thing, "undo", staff).state == ImportState.APPLIED  # the due date was changed since


def test_resolutions_of_a_new_file_are_taken_back(staff: User, agency: Agency) -> None:
    meeting = factories.make_meeting(staff, published=False)
    meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องแจ้ง")
    thing = apply(
        staff,
        [["item", "text_th", "agencies"], ["1", "ก", agency.key], ["1", "ข", None]],
        "resolutions",
        meeting=meeting,
    )
    assert carry_out(thing, "undo", staff).state == ImportState.TAKEN_BACK
    assert (Resolution.objects.count(), Assignment.objects.count()) == (0, 0)


# --- there and back --------------------------------------------------------------------------------------------------
def test_what_leaves_the_portal_comes_back_without_a_change(with_demo: None, staff: User) -> None:
    """Templates filled in, and the files of the open data: all facts and the demonstration, in both languages."""
    for table in INTAKES:
        for language in ("th", "en"):
            with override(language):
                filled, data = io.BytesIO(), io.BytesIO()
                template(table, staff, filled=True).save(filled)
                book = Book()
                book.sheet("data", TABLES[table].columns, TABLES[table].rows(staff))
                book.save(data)
                csv = "".join(csv_lines(TABLES[table].columns, TABLES[table].rows(staff))).encode()
            for name, file in (("a.xlsx", filled.getvalue()), ("b.xlsx", data.getvalue()), ("c.csv", csv)):
                thing = bring(staff, file, table, name=name)
                assert (table, name, thing.word, set(kinds(thing))) == (table, name, "", {"same"})


def test_the_report_is_a_workbook_without_formulas(staff: User) -> None:
    factories.make_project(staff, code="GL2562-1", title_th="เดิม")
    thing = bring(staff, [["code", "title_th"], ["GL2562-1", "'=1+1"], ["GL1", "x"]])
    file = io.BytesIO()
    with override("en"):
        report(thing, thing.rows.all()).save(file)
    cells = [[cell.value for cell in row] for row in load_workbook(file).worksheets[0].iter_rows(min_row=2)]
    assert cells[0][:2] == [2, "Changed"]
    assert "=1+1" in cells[0]
    assert all(cell.data_type != "f" for row in load_workbook(file).worksheets[0].iter_rows() for cell in row)


def test_a_preview_of_many_rows_asks_no_more_of_each_as_they_grow(staff: User) -> None:
    """The control: without loading together, each row that is as it was would cost a query."""
    for number in range(1, 21):
        factories.make_project(staff, code=f"GL2562-{number}", title_th=f"โครงการ {number}")
    found = []
    for rows in (2, 20):
        data = [["code", "title_th"], *([f"GL2562-{n}", f"โครงการ {n}"] for n in range(1, rows + 1))]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            bring(staff, data)
        found.append(len(asked))
    assert found[0] == found[1]


LISTS_THAT_COME_BACK = (
    ("projects", "/projects/"),
    ("projects", "/desk/projects/"),
    ("agencies", "/agencies/"),
    ("agencies", "/desk/agency-rows/"),
    ("innovations", "/innovations/"),
    ("innovations", "/desk/innovations/"),
    ("resolutions", "/resolutions/"),
    ("resolutions", "/desk/resolutions/"),
    ("resolutions", "/desk/resolutions/?what=opinions"),
)


def test_the_lists_of_the_pages_come_back_without_a_change(with_demo: None, client: CheckedClient, staff: User) -> None:
    """The public lists, the desk's, and the numbers of charts, in both languages."""
    client.force_login(staff)
    measured = Indicator.objects.filter(project__in=Project.objects.public(), readings__update__state="approved")
    of = [(f"/projects/{row.project.code}/", row.pk) for row in measured.distinct().select_related("project")[:3]]
    charts = [("readings", f"{page}?of=indicator-{pk}") for page, pk in of]
    assert charts
    for table, page in (*LISTS_THAT_COME_BACK, *charts):
        for path in (page, f"/en{page}"):
            answer = client.get(f"{path}{'&' if '?' in page else '?'}as=xlsx")
            thing = bring(staff, b"".join(answer.streaming_content), table)
            assert (path, thing.word, problems(thing), set(kinds(thing))) == (path, "", [], {"same"})


def test_a_list_that_was_changed_changes_what_stands_there_and_names_what_it_cannot_change(
    staff: User, agency: Agency, other_agency: Agency
) -> None:
    meeting = factories.make_meeting(staff, published=False, title_th="การประชุมใหญ่", starts_on=dt.date(2019, 1, 11))
    factories.make_meeting(staff, published=False, key="second", title_th="การประชุมใหญ่", starts_on=dt.date(2020, 1, 11))
    factories.make_meeting(staff, published=False, key="third", title_th="การประชุมใหญ่", starts_on=dt.date(2020, 1, 11))
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่องแจ้ง")
    one, several = (
        meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, concerns=[], text_th=text)
        for text in ("รับทราบ", "ให้ดำเนินการ")
    )
    for row, text in ((one, "รับทราบ"), (several, "จัดทำแผน"), (several, "รายงานผล"), (None, "ทบทวนทุกปี")):
        meetings.add_part(
            Assignment, by=staff, meeting=meeting, resolution=row, agency=agency, partners=[], text_th=text
        )
    head = ["การประชุม", "Meeting held on", "ลำดับมติ", "มติ", "สิ่งที่มอบหมาย", "หน่วยงาน", "ครบกำหนด"]
    head[4] = "What is asked"
    met = ["การประชุมใหญ่", "11/1/2562"]
    rows = [
        head,
        [*met, one.number, "รับทราบ", "รับทราบ", agency.key, "28/2/2569"],
        [*met, several.number, "ให้ดำเนินการ", "จัดทำแผน", agency.key, None],
        [*met, several.number, "ให้ดำเนินการ", "รายงานผล", agency.key, None],
        [*met, None, None, "ทบทวนทุกปี", agency.key, None],
    ]
    thing = bring(staff, rows, "resolutions")
    assert (problems(thing), kinds(thing)) == ([], ["changed", "same", "same", "same"])
    wrong = [
        head,
        [*met, several.number, "ให้ดำเนินการ", "รายงานผล", other_agency.key, None],
        [*met, None, None, "ทบทวนทุกเดือน", agency.key, None],
        ["การประชุมใหญ่", "11/1/2563", "1.1", "ก", None, None, None],
        [*met, one.number, "รับทราบ", "จัดทำรายงาน", agency.key, None],
        [*met, "1.9", "ข้อใหม่", None, None, None],
    ]
    thing = bring(staff, wrong, "resolutions")
    assert problems(thing) == [
        ("F2", "This resolution asks several things. Change them on the page of the meeting."),
        ("E3", "The meeting as a whole asks this, not a resolution. Change it on the page of the meeting."),
        (
            "A4",
            "Several have this name. Type the code of the right one: การประชุมใหญ่ (second), การประชุมใหญ่ (third)",
        ),
        ("E5", "What is asked is worded on the page of the meeting. Change it there."),
        ("6", "Type the agenda number: a new resolution stands under an item of the agenda."),
    ]
    thing = apply(staff, rows[:2], "resolutions")
    asked = Assignment.objects.get(resolution=one)
    assert (asked.agency, asked.due_on) == (agency, dt.date(2026, 2, 28))
    meetings.edit_part(one, by=staff, version=Resolution.objects.get(pk=one.pk).version, text_en="Noted")
    assert kinds(
        bring(staff, [["Meeting", "number", "Resolution"], [meeting.key, one.number, "Noted"]], "resolutions")
    ) == ["same"]


def test_a_country_is_taken_by_name_or_code_and_nearly_right_is_asked_about(staff: User) -> None:
    typed = ["สิงคโปร์", "singapore", "sg", "BR", "สิงคโป"]
    thing = bring(
        staff, [["title_th", "ประเทศ"], *([f"นวัตกรรม {n}", text] for n, text in enumerate(typed))], "innovations"
    )
    taken = [each["after"] for row in thing.rows.all() for each in row.changes if each["column"] == "country"]
    assert taken == ["SG", "SG", "SG", "BR"]
    with override("en"):
        assert problems(thing) == [("B6", "This is none of the choices. Did you mean Singapore?")]


def test_the_preview_tells_records_by_name_and_twins_with_their_code(
    client: CheckedClient, staff: User, agency: Agency
) -> None:
    """In two queries however many rows there are."""
    twins = [factories.make_agency(staff, "กรมเดียวกัน", key=key) for key in ("first", "second")]
    rows = [[f"GL2562-{n}", "ก", f"{agency.key}; {twins[0].key}"] for n in range(1, 4)]
    factories.make_cohort(staff)
    thing = bring(staff, [["code", "title_th", "owners"], *rows])
    row = thing.rows.get(number=2)
    with override("th"):
        told = {line.column: line.after for line in lines_of(row, columns_of("projects"))}
        assert told["หน่วยงานเจ้าของ"] == f"{agency}; กรมเดียวกัน (first)"
    with CaptureQueriesContext(connection) as asked:
        Called(thing.rows.all()[:1], columns_of("projects"))
    one = len(asked)
    with CaptureQueriesContext(connection) as asked:
        Called(thing.rows.all(), columns_of("projects"))
    assert (one, len(asked)) == (3, 3)
    client.force_login(staff)
    assert f"{agency}; กรมเดียวกัน (first)" in client.get(f"/desk/imports/{thing.pk}/").text


def test_headings_as_people_write_them_are_taken_and_nearly_right_ones_asked_about(staff: User) -> None:
    factories.make_project(staff, code="GL2562-1", title_th="เดิม")
    thing = bring(staff, [["รหัสโครงการ", "ชื่อโครงการ", "หน่วยงานสนับสนุ", "สถานะ"], ["GL2562-1", "ใหม่", "x", "y"]])
    assert kinds(thing) == ["changed"]
    assert thing.ignored == ["หน่วยงานสนับสนุ (did you mean “หน่วยงานสนับสนุน”?)", "สถานะ"]
    thing = bring(staff, [["รหัสโครงกา", "ไม่เกี่ยว"], ["GL2562-1", "ใหม่"]])
    assert thing.word.endswith("Instead of these headings, did you mean: รหัสโครงกา → รหัสโครงการ?")


def test_a_short_form_that_staff_wrote_down_names_the_agency(staff: User) -> None:
    factories.make_cohort(staff)
    factories.make_agency(staff, "กรุงเทพมหานคร", key="bma")
    synonyms.begin_with([["กรุงเทพมหานคร", "กทม."]], by=staff)
    thing = bring(staff, [["code", "title_th", "owners"], ["GL2562-1", "ก", "กทม"]])
    assert (problems(thing), kinds(thing)) == ([], ["new"])
    assert {each["column"]: each["after"] for each in thing.rows.get().changes}["owners"] == ["bma"]


def test_a_template_has_no_column_that_only_lists_have(staff: User) -> None:
    file = io.BytesIO()
    with override("en"):
        template("resolutions", staff).save(file)
    heads = [cell.value for cell in next(load_workbook(file).worksheets[0].iter_rows(max_row=1))]
    assert len(heads) == 7
    assert {"What is asked", "Together with", "Series"} & {*heads} == set()
