"""The desk's first page: what waits, the oldest first; and who is let in at all."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from govlab.files import Attached
from projects.desk.waiting import days_between
from projects.models import Assignment
from projects.rules import assignments, comments, decisions, stages, updates
from tests import factories

pytestmark = pytest.mark.django_db

NAMES = [
    "home",
    "update-list",
    "project-list",
    "project-add",
    "lookup-list",
    "history",
    "agency-list",
    "agency-add",
    "person-list",
    "person-add",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_reporter_gets_403_and_a_visitor_is_sent_to_sign_in(client, reporter, name):
    url = reverse(f"desk:{name}")
    assert client.get(url).status_code == 302
    assert client.get(url).headers["Location"] == f"/accounts/login/?next={url}"
    client.force_login(reporter)
    assert client.get(url).status_code == 403


def test_days_are_midnights_in_bangkok():
    before = dt.datetime(2019, 6, 1, 16, 59, tzinfo=dt.UTC)  # 23.59 in Bangkok
    assert days_between(before, before + dt.timedelta(minutes=2)) == 1
    assert days_between(before, before - dt.timedelta(hours=20)) == 0
    assert days_between(None, before) == 0


def waits(reporter, project, days, title, **answers):
    update = factories.make_update(reporter, project, title=title, **answers)
    return updates.submit(update, by=reporter, now=timezone.now() - dt.timedelta(days=days))


def ordinary(reporter, staff, project):
    """The project's stage stands where its ordinary reports say it does."""
    factories.make_update(reporter, project, "approved", staff)


def test_everything_that_waits_stands_in_one_list_the_longest_waiting_first(sign_in, staff, reporter, agency, project):
    for days, title in ((3, "ฉบับใหม่"), (12, "ฉบับเก่า")):
        waits(reporter, project, days, title)
    assignment = factories.make_assignment(staff, agency)
    assignments.answer(assignment, by=reporter, text="รวบรวมแล้ว")
    client = sign_in(staff)
    page = client.get("/en" + reverse("desk:home"))
    rows = page.context["waiting"]
    assert [(row.kind, str(row.thing), row.days, row.late) for row in rows] == [
        ("update", "ฉบับเก่า", 12, True),
        ("update", "ฉบับใหม่", 3, False),
        ("assignment", str(assignment), 0, False),
    ]
    assert (page.context["waiting_count"], page.context["desk_count"]) == (2, 3)
    assert page.content.decode().count("too long: waiting for 12 days") == 1
    decisions.close(assignment, by=staff, note="ครบถ้วน")
    assert len(client.get(reverse("desk:home")).context["waiting"]) == 2


def test_answers_objections_and_wishes_for_time_wait_since_nobody_decided_the_oldest_first(
    sign_in, staff, agency, reporter
):
    lately = factories.make_meeting(staff, starts_on=timezone.localdate() - dt.timedelta(30))
    rows = [factories.make_assignment(staff, agency, meeting=lately) for _n in range(4)]
    answered, wished, contested, decided = rows
    now, today = timezone.now(), timezone.localdate()

    def ago(days):
        return now - dt.timedelta(days)

    def fresh(row):
        return Assignment.objects.get(pk=row.pk)

    assignments.contest(contested, by=reporter, text="ไม่ใช่งานเรา", now=ago(9))
    assignments.answer(answered, by=reporter, text="แล้ว", now=ago(8))
    decisions.accept(fresh(answered), by=staff, now=ago(7))
    for days in (6, 1):  # the second answer does not make the first one wait less
        assignments.answer(fresh(answered), by=reporter, text="อีก", now=ago(days))
    assignments.ask_time(wished, by=reporter, text="ขอเวลา", wanted_on=today + dt.timedelta(9), now=ago(3))
    assignments.answer(decided, by=reporter, text="แล้ว", percent=100, now=ago(20))
    decisions.accept(fresh(decided), by=staff)
    page = sign_in(staff).get("/en" + reverse("desk:home"))
    assert [(row.thing, row.days) for row in page.context["waiting"]] == [(contested, 9), (answered, 6), (wished, 3)]
    text = page.content.decode()
    assert [reverse("desk:assignment-detail", args=[row.pk]) in text for row in rows] == [True, True, True, False]
    words = ("Contests a resolution", "Answer to a resolution", "Asks for more time for a resolution")
    assert [text.count(each) for each in words] == [1, 1, 1]
    assert "3 assignments to decide about" in text


def test_overdue_assignments_are_counted_and_lead_to_the_ledger(sign_in, staff, agency, reporter):
    for due_on in (dt.date(2019, 2, 1), dt.date(2019, 3, 1), timezone.localdate(), None):
        factories.make_assignment(staff, agency, due_on=due_on)
    decisions.close(Assignment.objects.first(), by=staff, note="แล้ว")
    client = sign_in(staff)
    page = client.get("/en" + reverse("desk:home"))
    ledger = "/en" + reverse("desk:resolution-list") + "?late=yes"
    assert (page.context["overdue_count"], ledger in page.content.decode()) == (1, True)
    assert len(client.get(ledger).context["rows"]) == 1


@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_what_waits_longer_than_the_set_days_is_late(sign_in, staff, reporter, project, days, late):
    waits(reporter, project, days, "ฉบับนี้")
    (row,) = sign_in(staff).get(reverse("desk:home")).context["waiting"]
    assert (row.days, row.late) == (days, late)


def test_only_what_needs_no_look_and_is_not_ones_own_can_be_ticked(
    sign_in, staff, other_staff, reporter, agency, project
):
    ordinary(reporter, other_staff, project)
    plain = waits(reporter, project, 3, "ปกติ", obstacles="")
    stuck = waits(reporter, project, 2, "ติดขัด", obstacles="ขอล่าม")
    Membership.objects.create(user=staff, agency=agency)
    own = waits(staff, project, 1, "ของตน", obstacles="")
    page = sign_in(staff).get("/en" + reverse("desk:home"))
    rows = [(row.thing.pk, row.ready, row.barred, row.look) for row in page.context["waiting"]]
    assert rows == [
        (plain.pk, True, False, ()),
        (stuck.pk, False, False, ("It names obstacles or asks for help.",)),
        (own.pk, False, True, ()),
    ]
    text = page.content.decode()
    assert [f'value="{update.pk}:{update.version}"' in text for update in (plain, stuck, own)] == [True, False, False]


def test_beginning_a_review_is_a_post_and_leads_to_the_update(sign_in, staff, other_staff, reporter, project):
    update = waits(reporter, project, 1, "ฉบับนี้")
    client = sign_in(staff)
    client.get(reverse("desk:home"))
    client.get(reverse("desk:update-detail", args=[update.pk]))
    update.refresh_from_db()
    assert update.opened_at is None  # reading changes nothing
    url = reverse("desk:update-open", args=[update.pk])
    assert client.get(url).status_code == 405
    for person in (staff, other_staff):  # the second one reads along
        client.force_login(person)
        answer = client.post(url)
        assert answer.headers["Location"] == reverse("desk:update-detail", args=[update.pk])
    update.refresh_from_db()
    assert update.opened_by == staff
    assert "begun by" in client.get("/en" + reverse("desk:home")).content.decode()


def test_nothing_waiting_says_what_will_be_here(sign_in, staff):
    page = sign_in(staff).get("/en/desk/").content.decode()
    assert [text in page for text in ("Nothing waits for OPDC", "No report is late", "No stage is late")] == [True] * 3


def test_reports_that_are_late_stand_in_short(sign_in, staff, reporter, project):
    factories.make_round(staff, due_in=-3)
    page = sign_in(staff).get(reverse("desk:home"))
    assert [(row.thing.project, row.days) for row in page.context["reports"]] == [(project, 3)]


def test_a_stage_past_its_planned_end_is_late_until_it_is_done(sign_in, staff, project):
    today = timezone.localdate()
    stage = project.stages.get(number=2)
    stage = stages.edit(
        stage, by=staff, version=stage.version, state="in_progress", planned_end=today - dt.timedelta(days=12)
    )
    client = sign_in(staff)
    assert [(row.thing, row.days) for row in client.get(reverse("desk:home")).context["late"]] == [(stage, 12)]
    stages.edit(stage, by=staff, version=stage.version, state="done")
    assert client.get(reverse("desk:home")).context["late"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_as_much_for_three_rows_as_for_one(
    sign_in, staff, other_staff, reporter, agency, rows, django_assert_num_queries
):
    for _n in range(rows):
        project = factories.make_project(staff, owner=agency)
        ordinary(reporter, other_staff, project)
        attach = [Attached(name="ก.pdf", kind="pdf", size=9, sha256="a" * 64)]
        comments.add(factories.make_update(reporter, project, "submitted", attach=attach), by=staff, text="ขอบคุณ")
        assignments.answer(factories.make_assignment(staff, agency), by=reporter, text="แล้ว")
        stage = project.stages.get(number=1)
        stages.edit(stage, by=staff, version=stage.version, planned_end=dt.date(2019, 1, 1))
    factories.make_round(staff, due_in=-3)
    client = sign_in(staff)
    with django_assert_num_queries(12):
        page = client.get(reverse("desk:home"))
    shown = [len(page.context[name]) for name in ("waiting", "late", "reports")]
    assert shown == [2 * rows, rows, rows]
