"""Every change leaves one row that says who, which verb, when and what stood there before."""

import datetime as dt
import re
from contextlib import nullcontext
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import records
from govlab.history import Gone, Stale, changes, drop, hold, keep
from govlab.together import together
from projects.models import Cohort, Indicator, Meeting, MeetingPerson, Project, Stage
from projects.rules import meetings, projects, reviews, updates
from tests import factories


def told(thing: Any) -> list[tuple[Any, ...]]:
    """Kind, verb and who of each row, oldest first."""
    rows = thing.history.order_by("history_date", "history_id")
    return list(rows.values_list("history_type", "history_change_reason", "history_user"))


def steps(thing: Any) -> list[tuple[str, list[tuple[str, Any, Any]]]]:
    """What `changes` says of each row, newest first."""
    rows = list(thing.history.order_by("-history_date", "-history_id"))
    return [
        (entry.history_change_reason, [(change.field.name, change.before, change.after) for change in found])
        for entry, found in changes(rows)
    ]


# --- keep ------------------------------------------------------------------------------------------------------------
def test_each_keep_leaves_one_row_with_who_and_verb(staff: User, other_staff: User) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562)
    cohort = keep(hold(cohort), "edit", by=other_staff, about_th="ปีแรก")
    cohort = keep(cohort, "edit", by=staff, about_th="ปีที่สอง")  # the same instance again
    assert told(cohort) == [("+", "add", staff.pk), ("~", "edit", other_staff.pk), ("~", "edit", staff.pk)]
    assert (cohort.version, [row.version for row in cohort.history.order_by("history_id")]) == (3, [1, 2, 3])


def test_the_related_records_stand_in_the_same_one_row(staff: User, agency: Agency, other_agency: Agency) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562, supported_by=[agency])
    cohort = keep(hold(cohort), "edit", by=staff, about_th="ปีแรก", supported_by=[agency, other_agency])
    cohort = keep(hold(cohort), "edit", by=staff, supported_by=[])
    assert told(cohort) == [("+", "add", staff.pk), ("~", "edit", staff.pk), ("~", "edit", staff.pk)]
    rows = cohort.history.order_by("history_id")
    kept = [sorted(link.agency_id for link in row.supported_by.all()) for row in rows]
    assert kept == [[agency.pk], sorted([agency.pk, other_agency.pk]), []]
    assert (cohort.version, list(cohort.supported_by.all())) == (3, [])


def test_a_bad_answer_keeps_nothing(staff: User, agency: Agency) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562, supported_by=[agency])
    with pytest.raises(ValidationError) as refusal:
        keep(hold(cohort), "edit", by=staff, year=1999, supported_by=[])
    assert set(refusal.value.message_dict) == {"year"}
    with pytest.raises(ValidationError):
        keep(Cohort(), "add", by=staff, year=2562)
    assert list(Cohort.objects.values_list("year", "version")) == [(2562, 1)]
    assert (list(cohort.supported_by.all()), len(told(cohort)), Cohort.history.count()) == ([agency], 1, 1)


@pytest.mark.parametrize("way", [nullcontext, together])
@pytest.mark.parametrize(
    ("column", "value"), [("code", "GL2562-2"), ("cohort_id", 999_999), ("title_th", "ก" * 501), ("province", "ไม่มี")]
)
def test_what_a_rule_writes_into_a_held_record_is_checked_like_an_answer(
    way: Any, column: str, value: Any, staff: User, project: Project
) -> None:
    factories.make_project(staff, code="GL2562-2")
    with transaction.atomic(), way():
        held = hold(project)
        setattr(held, column, value)
        with pytest.raises(ValidationError) as refusal:
            keep(held, "edit", by=staff)
    assert {*refusal.value.message_dict} == {column.removesuffix("_id")}


@pytest.mark.parametrize("way", [nullcontext, together])
def test_only_what_changed_is_written_and_looked_up(way: Any, staff: User, project: Project) -> None:
    with transaction.atomic(), way(), CaptureQueriesContext(connection) as asked:
        keep(hold(project), "edit", by=staff, code=project.code, cohort=project.cohort, title_th="อีกชื่อหนึ่ง")
    written = [each["sql"] for each in asked if each["sql"].startswith('UPDATE "projects_project"')]
    columns = [re.findall(r'"(\w+)" = ', sql.partition(" WHERE ")[0]) for sql in written]
    assert columns == [["version", "updated_at", "sort_key", "search_text", "title_th"]]
    assert [each["sql"] for each in asked if each["sql"].startswith("SELECT 1")] == []
    project.refresh_from_db()
    assert (project.title_th, project.history.first().title_th) == ("อีกชื่อหนึ่ง", "อีกชื่อหนึ่ง")


@pytest.mark.parametrize("way", [nullcontext, together])
def test_twice_the_same_below_a_record_that_is_just_added_is_refused(way: Any, staff: User, agency: Agency) -> None:
    with transaction.atomic(), way():
        project = factories.make_project(staff, published=False)
        with pytest.raises(RuntimeError), transaction.atomic():
            projects.add_part(project, by=staff, agency=agency, part="owner")
            raise RuntimeError  # what was written up to here is rolled back
        projects.add_part(project, by=staff, agency=agency, part="owner")
        with pytest.raises(ValidationError) as refusal:
            projects.add_part(project, by=staff, agency=agency, part="partner")
    assert refusal.value.message_dict == {"agency": ["หน่วยงานนี้อยู่ในโครงการแล้ว"]}
    assert [part.part for part in project.parts.all()] == ["owner"]


def test_a_list_that_changed_in_its_place_is_written(reporter: User, project: Project) -> None:
    update = factories.make_update(reporter, project)
    held = hold(update)
    held.approvers.append(reporter.pk)
    keep(held, "edit", by=reporter)
    update.refresh_from_db()
    assert update.approvers == [reporter.pk]


def test_a_row_names_the_moment_the_rule_was_told(reporter: User, staff: User, project: Project) -> None:
    now = timezone.now() - dt.timedelta(hours=1)
    update = factories.make_update(reporter, project)
    update = updates.submit(update, by=reporter, now=now)
    assert update.history.get(history_change_reason="submit").history_date == now
    approved = reviews.approve(update, by=staff)
    assert timezone.now() - approved.history.get(history_change_reason="approve").history_date < dt.timedelta(minutes=1)


def test_what_a_demonstration_account_adds_is_marked_and_what_it_edits_is_not(staff: User) -> None:
    demo = factories.make_user("สาธิต", demo=True)
    assert keep(Cohort(), "add", by=demo, year=2562).demo is True
    real = keep(Cohort(), "add", by=staff, year=2563)
    assert keep(hold(real), "edit", by=demo, about_th="ก").demo is False


# --- hold ------------------------------------------------------------------------------------------------------------
def test_a_held_record_is_fresh_and_an_older_version_is_stale(staff: User) -> None:
    mine = keep(Cohort(), "add", by=staff, year=2562)
    keep(hold(mine), "edit", by=staff, about_th="ของเพื่อน")
    assert (mine.about_th, hold(mine).about_th, hold(mine, 2).version) == ("", "ของเพื่อน", 2)
    for version in (1, 3, 0, -1):
        with pytest.raises(Stale) as stale:
            hold(mine, version)
        assert (stale.value.current, stale.value.current.version) == (mine, 2)


def test_a_record_that_is_gone_cannot_be_held(staff: User) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562)
    drop(hold(cohort), "remove", by=staff)
    with pytest.raises(Gone):
        hold(cohort)


# --- drop ------------------------------------------------------------------------------------------------------------
def test_a_drop_leaves_a_last_row_with_who_and_what_stood_there(staff: User, other_staff: User) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562, about_th="ปีแรก")
    key = cohort.pk
    drop(cohort, "remove", by=other_staff)
    last = Cohort.history.first()
    assert (last.history_type, last.history_change_reason, last.history_user) == ("-", "remove", other_staff)
    assert (last.id, last.year, last.about_th, Cohort.objects.count()) == (key, 2562, "ปีแรก", 0)


def test_what_falls_with_a_record_says_who_too(staff: User, other_staff: User, agency: Agency) -> None:
    meeting = factories.make_meeting(staff)
    meetings.add_part(MeetingPerson, by=staff, meeting=meeting, name_th="สมชาย")
    project = factories.make_project(staff, owner=agency, published=False)
    Indicator.objects.create(project=project, name_th="เวลา", unit_th="นาที")
    for thing in (meeting, project):
        drop(hold(thing), "remove", by=other_staff)
    for kind, rows in ((Meeting, 1), (MeetingPerson, 1), (Project, 1), (Stage, 4), (Indicator, 1)):
        gone = kind.history.filter(history_type="-").values_list("history_change_reason", "history_user")
        assert (kind.__name__, list(gone)) == (kind.__name__, [("remove", other_staff.pk)] * rows)


def test_a_record_that_others_point_to_stays_with_its_history(staff: User, project: Project) -> None:
    with pytest.raises(ProtectedError):
        drop(hold(project.cohort), "remove", by=staff)
    with pytest.raises(ValidationError) as refusal:
        records.remove(project.cohort, by=staff)
    assert str(project) in refusal.value.messages[0]
    assert (Cohort.objects.count(), told(project.cohort)) == (1, [("+", "add", staff.pk)])


# --- changes ---------------------------------------------------------------------------------------------------------
def test_changes_say_what_stood_there_before_and_after(staff: User, agency: Agency, other_agency: Agency) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562, supported_by=[agency])
    keep(hold(cohort), "edit", by=staff, about_th="ปีแรก", year=2563)
    keep(hold(cohort), "edit", by=staff, supported_by=[agency, other_agency])
    keep(hold(cohort), "save", by=staff)  # nothing but the version, which is nobody's business
    both = sorted([agency, other_agency], key=lambda row: row.pk)
    assert steps(cohort) == [
        ("save", []),
        ("edit", [("supported_by", [agency], both)]),
        ("edit", [("year", 2562, 2563), ("about_th", "", "ปีแรก")]),
        ("add", []),
    ]


def test_changes_name_records_and_not_their_numbers(staff: User, project: Project) -> None:
    health = factories.make_field(staff, "สาธารณสุข")
    answers = {"code": project.code, "cohort": project.cohort, "title_th": project.title_th}
    projects.edit(project, by=staff, version=project.version, field=health, **answers)
    assert steps(project)[0] == ("edit", [("field", None, health)])
    transport = factories.make_field(staff, "คมนาคม")
    projects.edit(project, by=staff, version=project.version + 1, field=transport, **answers)
    gone = health.pk
    drop(hold(health), "remove", by=staff)
    assert steps(project)[0] == ("edit", [("field", gone, transport)])  # what is gone stays a number


def test_changes_of_a_part_of_the_history_compare_with_its_last_row(staff: User) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562)
    for text in ("หนึ่ง", "สอง", "สาม"):
        keep(hold(cohort), "edit", by=staff, about_th=text)
    newest = list(cohort.history.order_by("-history_date", "-history_id")[:3])
    found = [[(change.before, change.after) for change in part] for _entry, part in changes(newest)]
    assert found == [[("สอง", "สาม")], [("หนึ่ง", "สอง")], []]
    assert changes([]) == []


def test_changes_cost_the_same_queries_for_one_step_and_for_many(
    staff: User, agency: Agency, django_assert_num_queries: Any
) -> None:
    cohort = keep(Cohort(), "add", by=staff, year=2562)
    for number in range(6):
        keep(hold(cohort), "edit", by=staff, about_th=str(number), supported_by=[agency])
    rows = list(cohort.history.order_by("-history_date", "-history_id"))
    for some in (rows[:2], rows):
        with django_assert_num_queries(2):  # one for each of the two many-to-many fields
            changes(some)


# --- what no history holds -------------------------------------------------------------------------------------------
def test_no_password_stands_in_the_history_of_a_person(staff: User, reporter: User) -> None:
    keep(hold(reporter), "edit", by=staff, name="ชื่อใหม่")
    row = reporter.history.first()
    assert (hasattr(row, "password"), hasattr(row, "last_login"), row.name) == (False, False, "ชื่อใหม่")
    assert reporter.password not in repr(list(User.history.values()))
