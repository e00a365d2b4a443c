"""The desk's first page: what waits, the oldest first; and who is let in at all."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.desk.home import days_between
from projects.rules import assignments, stages, updates
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


def test_the_update_that_waits_longest_stands_first_with_its_days(sign_in, staff, reporter, project):
    for days, title in ((3, "ฉบับใหม่"), (12, "ฉบับเก่า")):
        update = factories.make_update(reporter, project, title=title)
        updates.submit(update, by=reporter, now=timezone.now() - dt.timedelta(days=days))
    page = sign_in(staff).get(reverse("desk:home"))
    rows = page.context["updates"]
    assert [(row.thing.title, row.days, row.own) for row in rows] == [("ฉบับเก่า", 12, False), ("ฉบับใหม่", 3, False)]
    assert page.context["waiting_count"] == 2


def test_nothing_waiting_says_what_will_be_here(sign_in, staff):
    page = sign_in(staff).get("/en/desk/").content.decode()
    assert [text in page for text in ("Nothing waits for review", "No answer waits", "No stage is late")] == [True] * 3


def test_an_answered_assignment_waits_until_staff_close_it(sign_in, staff, reporter, agency):
    assignment = factories.make_assignment(staff, agency)
    assignments.answer(assignment, by=reporter, text="รวบรวมแล้ว")
    client = sign_in(staff)
    assert [row.thing for row in client.get(reverse("desk:home")).context["answered"]] == [assignment]
    assignments.close(assignment, by=staff, note="ครบถ้วน")
    assert client.get(reverse("desk:home")).context["answered"] == []


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
    sign_in, staff, reporter, agency, rows, django_assert_num_queries
):
    for _n in range(rows):
        project = factories.make_project(staff, owner=agency)
        factories.make_update(reporter, project, "submitted")
        assignments.answer(factories.make_assignment(staff, agency), by=reporter, text="แล้ว")
        stage = project.stages.get(number=1)
        stages.edit(stage, by=staff, version=stage.version, planned_end=dt.date(2019, 1, 1))
    client = sign_in(staff)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("desk:home")).context["late"]) == rows
