"""How often a project's page is looked at: counted without a cookie and without keeping an address."""

import datetime as dt

import pytest
from django.utils import timezone

from govlab import edition
from projects.models import Seen
from projects.rules import publishing, seen
from tests import factories

pytestmark = pytest.mark.django_db


def look(client, project, address="10.0.0.1", **headers):
    return client.post(f"/projects/{project.code}/seen/", REMOTE_ADDR=address, headers=headers)


def counted(project):
    return list(Seen.objects.filter(project=project).values_list("times", flat=True))


def test_an_address_counts_once_for_each_project(client, staff, project):
    other = factories.make_project(staff)
    answers = [look(client, project), look(client, project), look(client, project, "10.0.0.2"), look(client, other)]
    assert [(answer.status_code, answer.content, bool(answer.cookies)) for answer in answers] == [(204, b"", False)] * 4
    assert (counted(project), counted(other)) == ([2], [1])


def test_looking_at_it_by_reading_alone_writes_nothing(client, project):
    client.get(f"/projects/{project.code}/")
    assert client.get(f"/projects/{project.code}/seen/").status_code == 405
    assert counted(project) == []


def test_a_hidden_a_draft_and_a_missing_project_get_404_and_count_nothing(client, staff):
    draft = factories.make_project(staff, published=False)
    hidden = publishing.hide(factories.make_project(staff), by=staff)
    assert [look(client, row).status_code for row in (draft, hidden)] == [404, 404]
    assert client.post("/projects/GL2562-999/seen/").status_code == 404
    assert Seen.objects.count() == 0


def test_a_foreign_page_counts_nothing(client, project):
    assert look(client, project, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert look(client, project, Origin="https://elsewhere.example").status_code == 403
    assert counted(project) == []


def test_each_day_has_its_number(project):
    day = dt.date(2026, 1, 31)
    for on, times in ((day, 3), (day + dt.timedelta(days=1), 1)):
        for _n in range(times):
            seen.count(project, on=on)
    assert counted(project) == [3, 1]


def test_the_first_look_of_a_day_is_not_lost_when_another_was_first(project, monkeypatch):
    """Two at the same moment: the second finds no row to add to, and then the row of the first."""
    seen.count(project, on=dt.date(2026, 1, 31))
    real = Seen.objects.filter
    rows = [Seen.objects.none(), real(project=project)]

    class Late:
        """Says first that there is nothing, as a database does that has not seen the other's row."""

        def update(self, **columns):
            return rows.pop(0).update(**columns)

    monkeypatch.setattr(Seen.objects, "filter", lambda **_asked: Late())
    seen.count(project, on=dt.date(2026, 1, 31))
    monkeypatch.undo()
    assert counted(project) == [2]


def test_it_makes_no_new_edition_and_the_page_shows_the_days_that_are_over(client, project):
    today = timezone.localdate()
    Seen.objects.create(project=project, on=today - dt.timedelta(days=1), times=1283)
    Seen.objects.create(project=project, on=today - dt.timedelta(days=9), times=1)
    before = edition.current()
    look(client, project)
    assert edition.current() == before
    page = client.get(f"/en/projects/{project.code}/")
    assert page.context["seen"] == 1284
    assert "1,284 times" in page.text
    assert f'data-seen="/en/projects/{project.code}/seen/"' in page.text
