"""An earlier state of a record put back: through the rule of its form, within what the form asks, never in silence."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Agency, User
from agencies.rules import people, records
from projects.desk.edits import EDITS
from projects.kinds import KINDS
from projects.models import InnovationType, MeetingPerson, Project, PublishState
from projects.rules import indicators, meetings, projects, publishing, stages, updates
from projects.rules.readings import Measure
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def address(kind, thing, place):
    """Where the state of the record's history row at this place, the oldest being 0, is put back."""
    entry = thing.history.order_by("history_id")[place]
    return reverse("desk:history-put-back", kwargs={"kind": kind, "pk": thing.pk, "entry": entry.pk})


def asked(client, url):
    return [(row["label"], row["before"], row["after"]) for row in client.get("/en" + url).context["rows"]]


def put_back(client, kind, thing, place=0):
    thing.refresh_from_db()
    answer = client.post(address(kind, thing, place), {"version": thing.version})
    assert answer.status_code == 302
    thing.refresh_from_db()
    return thing


def test_the_page_says_field_by_field_what_would_change_and_the_button_does_it(desk, staff, project, other_agency):
    kinds = [records.add(InnovationType, by=staff, key=f"t{n}", name_th=f"ประเภท {n}", position=n) for n in (1, 2)]
    field = factories.make_field(staff, "การศึกษา")
    held = projects.edit(project, by=staff, version=project.version, code=project.code, cohort=project.cohort,
                         title_th="ชื่อใหม่", title_en="New", field=field, types=kinds[:1])  # fmt: skip
    held = projects.edit(held, by=staff, version=held.version, code=held.code, cohort=held.cohort,
                         title_th="ชื่อใหม่กว่า", field=None, types=kinds)  # fmt: skip
    url = address("project", project, 2)
    assert asked(desk, url) == [
        ("Title in Thai", "ชื่อใหม่กว่า", "ชื่อใหม่"),
        ("Field of service", "", "การศึกษา"),
        ("Innovation types", "ประเภท 1, ประเภท 2", "ประเภท 1"),
    ]
    back = put_back(desk, "project", held, 2)
    assert (back.title_th, back.field, list(back.types.all()), back.title_en) == ("ชื่อใหม่", field, kinds[:1], "New")
    row = back.history.first()
    assert (row.history_change_reason, row.history_user, row.history_type) == ("put_back", staff, "~")
    page = desk.get("/en" + reverse("desk:history-record", args=["project", project.pk]))
    assert page.context["steps"][0]["verb"] == "An earlier state put back"


def test_whether_the_public_sees_it_and_what_is_derived_stays(desk, staff, project):
    held = projects.edit(project, by=staff, version=project.version, code=project.code, cohort=project.cohort,
                         title_th="ชื่อใหม่")  # fmt: skip
    publishing.hide(held, by=staff)
    back = put_back(desk, "project", held, 0)  # at first it was a draft
    assert (back.state, back.title_th, back.search_text) == (PublishState.HIDDEN, project.title_th, project.search_text)


def test_the_project_follows_when_a_stage_is_put_back(desk, staff, project):
    stage = project.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="done", actual_end=dt.date(2019, 2, 15))
    moved = Project.objects.get(pk=project.pk).current_stage
    back = put_back(desk, "stage", stage)
    assert (back.state, back.actual_end) == ("unknown", None)
    assert Project.objects.get(pk=project.pk).current_stage == project.current_stage != moved


def test_a_record_that_moved_on_is_not_overwritten(desk, staff, agency):
    seen = records.edit(agency, by=staff, version=agency.version, name_th="สอง")
    records.edit(seen, by=staff, version=seen.version, name_th="สาม")
    url = address("agency", agency, 0)
    answer = desk.post(url, {"version": seen.version})
    assert (answer.status_code, answer.url, Agency.objects.get(pk=agency.pk).name_th) == (302, url, "สาม")
    assert "alert" in desk.get(url).text


def test_a_state_that_differs_in_nothing_has_no_button_and_makes_no_change(desk, staff, project):
    url = address("project", project, 0)  # published since, which no form asks
    page = desk.get(url)
    assert (page.context["rows"], page.context["possible"], page.text.count('name="version"')) == ([], False, 0)
    put_back(desk, "project", project)
    assert project.history.count() == 2


def test_what_was_removed_since_is_not_named_again(desk, staff, project):
    field = factories.make_field(staff)
    answers = {"code": project.code, "cohort": project.cohort}
    held = projects.edit(project, by=staff, version=project.version, field=field, **answers)
    held = projects.edit(held, by=staff, version=held.version, field=None, title_th="ชื่อใหม่", **answers)
    records.remove(field, by=staff)
    rows = asked(desk, address("project", project, 2))
    assert rows[1] == ("Field of service", "", "No longer there; stays as it is now")
    back = put_back(desk, "project", held, 2)
    assert (back.field, back.title_th) == (None, project.title_th)


def test_the_rule_refuses_as_it_refuses_the_form(desk, staff):
    other = factories.make_staff()
    answers = {"by": other, "is_staff": True, "leads_desk": False}
    held = people.edit_person(staff, version=staff.version, name="ก", is_active=False, **answers)
    people.edit_person(held, version=held.version, name="ข", is_active=True, **answers)
    put_back(desk, "person", staff, staff.history.count() - 2)
    assert (User.objects.get(pk=staff.pk).is_active, User.objects.get(pk=staff.pk).name) == (True, "ข")


def test_a_part_of_a_meeting_and_a_membership_are_put_back_too(desk, staff, agency, reporter):
    part = meetings.add_part(MeetingPerson, by=staff, meeting=factories.make_meeting(staff), name_th="นายสมชาย")
    held = meetings.edit_part(part, by=staff, version=part.version, name_th="นายสมหมาย")
    assert put_back(desk, "meeting-person", held).name_th == "นายสมชาย"
    member = people.add_member(agency, by=staff, email="a@govlab.test", name="ก", role="reporter")
    held = people.edit_member(member, by=staff, version=member.version, role="lead")
    assert put_back(desk, "membership", held).role == "reporter"


def test_the_way_there_stands_at_each_older_state_that_differs(desk, staff, agency):
    held = agency
    for name in ("สอง", "สาม"):
        held = records.edit(held, by=staff, version=held.version, name_th=name)
    page = desk.get(reverse("desk:history-record", args=["agency", agency.pk]))
    assert [step["put_back"] for step in page.context["steps"]] == ["", *(address("agency", agency, n) for n in (1, 0))]


def test_what_agencies_wrote_and_what_is_gone_is_not_put_back(desk, staff, reporter, project):
    update = factories.make_update(reporter, project)
    sent = updates.submit(update, by=reporter)
    assert desk.get(address("update", sent, 1)).status_code == 404
    part = project.parts.get()
    url = address("part", part, 0)
    records.remove(part, by=staff)
    assert desk.get(url).status_code == 404
    of_another = reverse(
        "desk:history-put-back",
        kwargs={"kind": "project", "pk": project.pk, "entry": project.cohort.history.first().pk + 9999},
    )
    assert desk.get(of_another).status_code == 404


@pytest.mark.parametrize("kind", EDITS)
def test_every_column_of_a_form_stands_in_the_history(kind):
    """Else it would silently stay behind when an earlier state is put back."""
    entry = KINDS[kind].model.history.model
    kept = {field.name for field in [*entry.tracked_fields, *entry._history_m2m_fields]}
    assert set(EDITS[kind].fields) - kept == set()


def test_an_indicator_whose_numbers_would_mean_something_else_is_put_back_after_a_yes(desk, staff, reporter, project):
    indicator = factories.make_indicator(staff, project)
    held = indicators.edit(indicator, by=staff, version=indicator.version, unit_th="ร้อยละ")
    updates.add(by=reporter, project=project, readings={held: Measure(Decimal(7))}, **factories.FULL)
    page = desk.get("/en" + address("indicator", indicator, 0))
    [question] = page.context["questions"]
    assert question.startswith("1 number was reported with “ร้อยละ”.")
    assert 'name="sure"' in page.content.decode()
    assert put_back(desk, "indicator", indicator).unit_th == "ร้อยละ"
    answer = desk.post(address("indicator", indicator, 0), {"version": held.version, "sure": "on"})
    indicator.refresh_from_db()
    assert (answer.status_code, indicator.unit_th) == (302, "แห่ง")
