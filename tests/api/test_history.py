"""The life of records for programs: what staff read, as on the page; and an earlier state, put back by the rule."""

from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Agency, User
from projects.api.history import BACK
from projects.desk.edits import EDITS
from projects.kinds import KINDS
from projects.models import Project
from projects.rules import projects
from tests import factories
from tests.api.problems import errors_of, said_in
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(staff: User, agency: Agency, reporter: User) -> World:
    return make_world(staff, agency, reporter)


def edited(project: Project, by: User, **answers: Any) -> Project:
    """The project with other words."""
    held = Project.objects.get(pk=project.pk)
    return projects.edit(held, by=by, version=held.version, **{"code": held.code, "cohort": held.cohort, **answers})


def test_programs_put_back_the_same_columns_by_the_same_rules_as_pages() -> None:
    assert {kind: (edit.rule, {*edit.fields}) for kind, edit in EDITS.items()} == {
        kind: (rule, {*columns}) for kind, (rule, columns) in BACK.items()
    }


def test_the_life_of_a_project_is_told_column_by_column(staff: User, other_staff: User, call: Any) -> None:
    project = factories.make_project(staff, title_th="ก่อน")
    edited(project, other_staff, title_th="หลัง", field=factories.make_field(staff, "ขนส่ง"))
    answer = call(staff).get(f"/api/v1/history/project/{project.code}/")
    rows = answer.json()["results"]
    assert [(row["verb"], row["kind"], row["who"]) for row in rows] == [
        ("edit", "~", other_staff.name),
        ("publish", "~", staff.name),
        ("add", "+", staff.name),
    ]
    told = {each["column"]: (each["before"], each["after"]) for each in rows[0]["changes"]}
    field = Project.objects.get(pk=project.pk).field
    assert field
    assert told == {"title_th": ("ก่อน", "หลัง"), "field": (None, field.key)}
    assert rows[1]["changes"] == [{"column": "state", "before": "draft", "after": "published"}]
    short = call(staff).get(f"/api/v1/history/project/{project.code}/?page_size=1&page=2&q=x&updated_since=x")
    assert short.json()["results"] == [rows[1]]  # compared with the step that stands on the next page
    one = call(staff).get(f"/api/v1/history/project/{project.code}/{rows[0]['id']}/").json()
    assert one == rows[0]


def test_only_staff_read_it_and_what_is_the_agency_s_own_stays_hidden(world: World, lead: User, call: Any) -> None:
    """Every kind: a visitor is asked who it is, an agency refused; staff read no draft of an agency."""
    for kind in KINDS:
        assert (kind, call(lead).get(f"/api/v1/history/{kind}/1/").status_code) == (kind, 403)
        assert (kind, call().get(f"/api/v1/history/{kind}/1/").status_code) == (kind, 401)
    api = call(world.staff)
    draft, missing = (api.get(f"/api/v1/history/update/{pk}/") for pk in (world.update.pk, 987654))
    assert (draft.status_code, said_in(draft)) == (404, said_in(missing))
    series = api.get(f"/api/v1/history/series/{world.series.key}/").content.decode()
    assert world.series.feed_key not in series
    sent = api.get(f"/api/v1/history/update/{world.waiting.pk}/").json()["results"]
    assert [row["verb"] for row in sent] == ["submit"]  # what the agency wrote before is its own
    for address in ("project/GL2599-9", "project/no.such", "agency/no-such", "update/x", "cohort/x", "paper/x"):
        assert (address, api.get(f"/api/v1/history/{address}/").status_code) == (address, 404)


def test_an_earlier_state_is_put_back_once_and_only_in_the_version_that_was_read(staff: User, call: Any) -> None:
    project = factories.make_project(staff, title_th="ก่อน")
    project = edited(project, staff, title_th="หลัง", code="GL2562-777")
    api, life = call(staff), "/api/v1/history/project/GL2562-777/"
    rows = api.get(life).json()["results"]
    back = f"{life}{rows[1]['id']}/put-back/"
    assert api.post(back).status_code == 428
    assert api.post(back, headers={"if-match": f'"{project.version - 1}"'}).status_code == 412
    match = {"if-match": f'"{project.version}"', "idempotency-key": "once"}
    answer = api.post(back, headers=match)
    row = Project.objects.get(pk=project.pk)
    assert (answer.status_code, row.title_th, row.version) == (200, "ก่อน", project.version + 1)
    assert (answer.json()["verb"], answer["ETag"]) == ("put_back", f'"{row.version}"')
    assert api.post(back, headers=match).json() == answer.json()
    again = call(staff).post(
        f"/api/v1/history/project/{row.code}/{rows[1]['id']}/put-back/", headers={"if-match": f'"{row.version}"'}
    )
    assert (again.status_code, list(errors_of(again))) == (400, ["non_field_errors"])


def test_what_no_form_edits_and_what_is_gone_is_not_put_back(world: World, call: Any) -> None:
    api, match = call(world.staff), {"if-match": '"1"'}
    entry = world.waiting.history.latest()
    back = f"/api/v1/history/update/{world.waiting.pk}/{entry.pk}/put-back/"
    assert api.post(back, headers=match).status_code == 404
    gone = factories.make_innovation(world.staff, published=False)
    pk, entry = gone.pk, gone.history.latest()
    api.delete(f"/api/v1/innovations/{pk}/", headers={"if-match": f'"{gone.version}"'})
    rows = api.get(f"/api/v1/history/innovation/{pk}/").json()["results"]
    assert [row["kind"] for row in rows] == ["-", "+"]
    assert api.post(f"/api/v1/history/innovation/{pk}/{entry.pk}/put-back/", headers=match).status_code == 404
    assert timezone.now() > entry.history_date
