"""The first page of the workspace, and the agency's projects: what needs doing comes first."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from agencies.models import Agency, User
from projects.models import Project, Stage
from projects.rules import assignments, projects, publishing, stages
from tests.factories import make_assignment, make_indicator, make_project, make_update, make_user

HOME = "/workspace/"


def project_url(project: Project) -> str:
    return reverse("workspace:project-detail", args=[project.code])


def test_what_is_asked_stands_in_the_order_of_its_urgency(
    sign_in, reporter: User, staff: User, agency: Agency, project: Project
) -> None:
    submitted = make_update(reporter, project, "submitted")
    draft = make_update(reporter, project)
    returned = make_update(reporter, project, "returned", staff)
    make_update(reporter, project, "approved", staff)
    no_date = make_assignment(staff, agency)
    later = make_assignment(staff, agency, due_on=dt.date(2100, 1, 1))
    overdue = make_assignment(staff, agency, due_on=dt.date(2020, 1, 1))
    answered = make_assignment(staff, agency, due_on=dt.date(2019, 12, 1))
    assignments.answer(answered, by=reporter, text="ทำแล้ว")
    context = sign_in(reporter).get(HOME).context
    assert [row.what for row in context["rows"]] == [overdue, returned, later, draft, no_date]
    assert [row.days_late > 0 for row in context["rows"]] == [True, False, False, False, False]
    assert context["submitted"] == [submitted]
    assert [(row["assignment"], row["days_late"]) for row in context["answered"]] == [(answered, 0)]
    assert [row["project"] for row in context["projects"]] == [project]


def test_an_empty_workspace_says_what_will_be_here(sign_in, reporter: User) -> None:
    for start in ("", "/en"):
        response = sign_in(reporter).get(start + HOME)
        assert response.content.decode().count('class="empty"') == 2
    assert "Nothing waits for you" in response.content.decode()


def test_nothing_of_another_agency_is_here(sign_in, reporter: User, staff, stranger: User, agency, project) -> None:
    make_update(reporter, project, title="ความลับของกรมตัวอย่าง")
    make_update(reporter, project, "returned", staff, title="ความลับของกรมตัวอย่าง")
    make_assignment(staff, agency, text_th="ความลับของกรมตัวอย่าง")
    for url in (HOME, "/workspace/projects/", "/workspace/assignments/"):
        assert "ความลับของกรมตัวอย่าง" not in sign_in(stranger).get(url).content.decode()


def test_who_works_for_no_agency_is_told_so(sign_in, db: None) -> None:
    assert sign_in(make_user()).get(HOME).status_code == 403


def test_a_visitor_is_sent_to_sign_in(client, db: None) -> None:
    assert client.get(HOME).url == "/accounts/login/?next=/workspace/"


# --- projects ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "/en"])
def test_a_project_shows_its_own_reports_and_others_public_ones(
    sign_in, reporter: User, staff: User, stranger: User, other_agency: Agency, project: Project, start: str
) -> None:
    projects.add_part(project, by=staff, agency=other_agency, part="partner")
    make_indicator(staff, project)
    own = [make_update(reporter, project, state, staff) for state in ("draft", "submitted", "returned", "approved")]
    theirs = make_update(stranger, project, "approved", staff)
    make_update(stranger, project, "draft")
    response = sign_in(reporter).get(start + project_url(project))
    shown = {update.pk: is_own for update, is_own in response.context["updates"]}
    assert shown == {**{update.pk: True for update in own}, theirs.pk: False}


@pytest.mark.parametrize("state", ["draft", "published", "hidden"])
def test_an_agency_sees_its_project_in_every_state(sign_in, reporter, staff, agency, state: str) -> None:
    project = make_project(staff, owner=agency, published=state != "draft")
    if state == "hidden":
        publishing.hide(project, by=staff)
    response = sign_in(reporter).get(project_url(project))
    report = reverse("workspace:update-add", args=[project.code])
    assert (response.status_code, report in response.content.decode()) == (200, state != "hidden")


def test_anothers_project_is_refused_when_visible_and_else_not_there(
    sign_in, stranger: User, staff: User, agency: Agency, project: Project
) -> None:
    draft = make_project(staff, owner=agency, published=False)
    assert sign_in(stranger).get(project_url(project)).status_code == 403
    assert sign_in(stranger).get(project_url(draft)).status_code == 404
    assert sign_in(stranger).get("/workspace/projects/GL2562-999/").status_code == 404


def test_the_track_says_when(sign_in, reporter: User, staff: User, project: Project) -> None:
    first, second = Stage.objects.filter(project=project)[:2]
    stages.edit(first, by=staff, version=first.version, state="done", actual_end=dt.date(2019, 2, 15))
    stages.edit(second, by=staff, version=second.version, state="in_progress", planned_end=dt.date(2019, 6, 30))
    notes = [stage["note"] for stage in sign_in(reporter).get("/en" + project_url(project)).context["stages"]]
    assert notes == ["15 Feb 2019", "Planned to end 30 Jun 2019", "", ""]


@pytest.mark.parametrize("page", ["99999", "x", "0", "-1", "9" * 30])
def test_a_page_that_is_not_there_leads_to_the_first(sign_in, reporter: User, project: Project, page: str) -> None:
    for url in ("/workspace/projects/", "/workspace/assignments/", project_url(project)):
        response = sign_in(reporter).get(url, {"page": page})
        assert (response.status_code, response.context["page_obj"].missing) == (404, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_take_few_queries(
    sign_in, reporter, staff, agency, other_agency, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        project = make_project(staff, owner=agency)
        projects.add_part(project, by=staff, agency=other_agency, part="partner")
        for _again in range(count):
            make_indicator(staff, project)
            for state in ("draft", "submitted", "returned", "approved"):
                make_update(reporter, project, state, staff)
        make_assignment(staff, agency)
        assignments.answer(make_assignment(staff, agency), by=reporter, text="ทำแล้ว")
    client: Any = sign_in(reporter)
    expected = {HOME: 11, "/workspace/projects/": 6, project_url(project): 12, "/workspace/assignments/": 5}
    for url, queries in expected.items():
        with django_assert_num_queries(queries):
            assert client.get(url).status_code == 200
