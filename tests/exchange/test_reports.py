"""Reports: how a round, a cohort and an agency stand, what changed since the round before, and their Excel files."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from agencies.models import Agency, User
from projects.exchange import report_makers
from projects.exchange.report_book import report_book
from projects.exchange.reports import ANSWERED, Report, answered, overdue
from projects.models import Project, Round
from projects.rules import publishing, rounds, stages, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now
DAY = dt.timedelta(days=1)


def reported(by: User, project: Project, staff: User, round_: Round, **answers: Any) -> None:
    """An approved update that answers the round's due report."""
    due = round_.reports.get(project=project)
    update = updates.add(by=by, project=project, due=due, **{**factories.FULL, **answers})
    factories.reviews.approve(updates.submit(update, by=by, now=NOW()), by=staff)


@pytest.fixture
def held(staff: User, agency: Agency, reporter: User) -> dict[str, Any]:
    """Two projects: one reported in the first round and not in the second, and moved; one was never heard of."""
    first = factories.make_project(staff, owner=agency, title_th="หนึ่ง")
    second = factories.make_project(staff, owner=agency, title_th="=สอง")
    indicator = factories.make_indicator(staff, first, name_th="โรงเรียน")
    one = factories.make_round(staff, due_in=1)
    reported(reporter, first, staff, one, readings={indicator: Measure(5, "", False)})
    one = rounds.close(Round.objects.get(pk=one.pk), by=staff, now=NOW() + 2 * DAY)
    two = factories.make_round(staff, due_in=4)
    factories.make_update(
        reporter, first, "approved", staff, stage_number=3, readings={indicator: Measure(9, "", False)}
    )
    stage = second.stages.get(number=1)
    late_on = timezone.localdate() + 3 * DAY
    stages.edit(stage, by=staff, version=stage.version, state="in_progress", planned_end=late_on)
    return {"first": first, "second": second, "one": one, "two": two, "indicator": indicator, "now": NOW() + 10 * DAY}


def counted(counts: Any) -> dict[str, tuple[int, int | None]]:
    return {count.key: (count.now, count.before) for count in counts if count.now or count.before}


# --- what one standing says ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due", "said"),
    [
        (None, "not_asked"),
        ({"state": "waived", "days_late": 0}, "waived"),
        ({"state": "done", "days_late": 0}, "in_time"),
        ({"state": "waiting", "days_late": 0}, "in_time"),
        ({"state": "done", "days_late": 3}, "late"),
        ({"state": "draft", "days_late": 0}, "coming"),
        ({"state": "returned", "days_late": 1}, "missing"),
        ({"state": "due", "days_late": 9}, "missing"),
    ],
)
def test_what_became_of_a_due_report(due, said):
    assert answered(due) == said
    assert said in ANSWERED


@pytest.mark.parametrize(
    ("stages_kept", "days"),
    [
        ([], 0),
        ([("done", "2019-01-01")], 0),
        ([("in_progress", None)], 0),
        ([("in_progress", "2019-01-31")], 0),
        ([("done", "2019-01-01"), ("in_progress", "2019-01-21"), ("not_started", "2019-01-29")], 10),
    ],
)
def test_a_project_is_late_by_its_first_stage_that_should_have_ended(stages_kept, days):
    kept = {"stages": [{"state": state, "planned_end": end} for state, end in stages_kept]}
    assert overdue(kept, dt.date(2019, 1, 31)) == days


# --- of a round, a cohort, an agency ---------------------------------------------------------------------------------
def test_a_round_tells_who_moved_who_became_late_and_who_newly_did_not_report(held, staff):
    report = report_makers.of_round(held["two"], staff, held["now"])
    first, second = held["first"].code, held["second"].code
    assert report.since == str(held["one"])
    assert {(change.code, change.before, change.now) for change in report.moved} == {
        (first, "ยังไม่มีข้อมูล", "กำลังทำ"),
        (second, "ยังไม่มีข้อมูล", "กำลังทำ"),
    }
    assert [change.code for change in report.became_late] == [second]
    assert [change.code for change in report.newly_missing] == [first]
    assert counted(report.answered) == {"in_time": (0, 1), "missing": (2, 1)}
    assert [(line.code, line.days_late, line.answered) for line in report.lines] == sorted(
        [
            (first, 0, "missing"),
            (second, 7, "missing"),
        ]
    )
    (measure,) = report.measures
    assert (measure.baseline, measure.before, measure.now, measure.target) == (0, 5, 9, 12)


def test_a_closed_round_stands_as_it_was_kept_whatever_came_after(held, staff):
    two = rounds.close(Round.objects.get(pk=held["two"].pk), by=staff, now=held["now"])
    before = report_makers.of_round(two, staff, held["now"])
    publishing.hide(held["first"], by=staff)
    assert report_makers.of_round(two, staff, held["now"] + 30 * DAY) == before
    assert [line.code for line in before.lines] == sorted([held["first"].code, held["second"].code])


def test_the_first_round_compares_with_nothing(held, staff):
    report = report_makers.of_round(held["one"], staff, NOW())
    assert (report.since, report.moved, report.became_late, report.newly_missing) == ("", (), (), ())
    assert {count.before for count in (*report.stages, *report.answered)} == {None}


def test_a_cohort_tells_of_its_projects_and_its_last_round(held, staff, other_agency):
    factories.make_project(staff, owner=other_agency, year=2563)
    report = report_makers.of_cohort(held["first"].cohort, staff, held["now"])
    assert [line.code for line in report.lines] == sorted([held["first"].code, held["second"].code])
    assert report.since == str(held["one"])
    assert [change.code for change in report.newly_missing] == [held["first"].code]


def test_an_agency_tells_of_its_projects_and_of_what_meetings_asked_it(held, staff, agency, other_agency):
    factories.make_project(staff, owner=other_agency)
    factories.make_assignment(staff, agency, text_th="รวบรวม", due_on=dt.date(2019, 3, 1))
    factories.make_assignment(staff, other_agency, text_th="ของเขา")
    report = report_makers.of_agency(agency, staff, held["now"])
    assert [line.code for line in report.lines] == sorted([held["first"].code, held["second"].code])
    assert [change.code for change in report.newly_missing] == [held["first"].code]
    assert [task.text for task in report.tasks] == ["รวบรวม"]


def test_nobody_s_draft_stands_in_a_report(staff, agency, reporter, project):
    factories.make_update(reporter, project, title="ร่างลับ")
    factories.make_update(reporter, project, "submitted", title="ยังไม่อนุมัติ")
    report = report_makers.of_agency(agency, staff, NOW())
    assert [(line.code, line.update) for line in report.lines] == [(project.code, "")]


def test_a_draft_among_published_projects_is_marked(held, staff):
    publishing.publish(held["second"], by=staff)
    type(held["first"]).objects.filter(pk=held["first"].pk).update(state="draft")
    report = report_makers.of_cohort(held["first"].cohort, staff, held["now"])
    marks = {held["first"].code: "ฉบับร่าง", held["second"].code: ""}
    assert {line.code: line.mark for line in report.lines} == marks
    assert {change.code: change.mark for change in report.moved} == marks
    rows = [[cell.value for cell in row] for row in opened(report).worksheets[1].iter_rows()]
    shown = {row[0]: row[rows[0].index("การเผยแพร่")] for row in rows[1:]}
    assert shown == {held["first"].code: "ฉบับร่าง", held["second"].code: "เผยแพร่แล้ว"}


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize(("kind", "most"), [("round", 11), ("cohort", 9), ("agency", 10)])
def test_a_report_costs_the_same_however_many_projects(staff, agency, reporter, rows, kind, most):
    for _n in range(rows):
        project = factories.make_project(staff, owner=agency)
        indicator = factories.make_indicator(staff, project)
        readings = {indicator: Measure(5, "", False)}
        factories.make_update(reporter, project, "approved", staff, readings=readings)
    things = {"round": factories.make_round(staff), "cohort": project.cohort, "agency": agency}
    with CaptureQueriesContext(connection) as asked:
        report: Report = getattr(report_makers, f"of_{kind}")(things[kind], staff, NOW())
    assert len(report.lines) == rows
    assert len(asked) == most


# --- as Excel --------------------------------------------------------------------------------------------------------
def opened(report: Report) -> Any:
    made = io.BytesIO()
    report_book(report, "รายงาน").save(made)
    return openpyxl.load_workbook(made)


def test_the_book_has_a_summary_with_charts_the_projects_the_readings_and_what_changed(held, staff):
    with override("en"):
        book = opened(report_makers.of_round(held["two"], staff, held["now"]))
    assert book.sheetnames == ["Summary", "Projects", "Readings", "What changed"]
    told = [tuple(cell.value for cell in row) for row in book["Summary"].iter_rows(min_row=2)]
    assert ("In all", "Projects", 2, None) in told
    assert ("Reports", "Overdue, not reported", 2, 1) in told
    assert len(book["Summary"]._charts) == 2
    ranges = [[series.val.numRef.f for series in chart.series] for chart in book["Summary"]._charts]
    first = next(n for n, row in enumerate(told, 2) if row[0] == "Reports")
    assert ranges[1] == [f"'Summary'!$C${first}:$C${first + 5}", f"'Summary'!$D${first}:$D${first + 5}"]
    named = [[series.tx.strRef.f for series in chart.series] for chart in book["Summary"]._charts]
    assert named == [["'Summary'!$C$1", "'Summary'!$D$1"]] * 2
    assert [book["Summary"][cell].value for cell in ("C1", "D1")] == ["Now", "Round before"]
    head, row = [[cell.value for cell in row] for row in book["Readings"].iter_rows()]
    numbers = dict(zip(head, row, strict=True))
    assert [numbers[name] for name in ("Baseline", "Round before", "Now", "Target")] == [0, 5, 9, 12]
    groups = [row[0].value for row in book["What changed"].iter_rows(min_row=2)]
    assert groups == [
        "Projects that moved",
        "Projects that moved",
        "Projects that became late",
        "Projects that newly did not report",
    ]


def test_no_text_of_a_report_becomes_a_formula(held, staff):
    book = opened(report_makers.of_round(held["two"], staff, held["now"]))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == "=สอง"] == ["s", "s", "s"]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
