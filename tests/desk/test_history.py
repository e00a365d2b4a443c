"""The history on the desk: the newest changes of every kind, one record's life field by field."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse

from agencies.models import Agency, ApiToken, Membership, User
from agencies.rules import agencies, records, tokens
from govlab.records import Record
from projects.kinds import KINDS
from projects.models import Evidence, InnovationType, SeriesMember, Stage, Synonyms
from projects.rules import comments, projects, proposals, publishing, reviews, series, stages, themes, updates, webhooks
from projects.rules.readings import Measure
from tests import factories
from tests.world import brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def listed(client, query=""):
    return [(row["verb"], row["name"]) for row in client.get(f"/en/desk/history/?{query}").context["rows"]]


def life(client, kind, thing):
    """Each step of a record as (verb, [(label, before, after)])."""
    page = client.get("/en" + reverse("desk:history-record", args=[kind, thing.pk]))
    return [
        (step["verb"], [(change["label"], change["before"], change["after"]) for change in step["changes"]])
        for step in page.context["steps"]
    ]


def test_every_kind_of_record_is_there():
    kept = {model for model in apps.get_models() if issubclass(model, Record)} | {User}
    assert {kind.model for kind in KINDS.values()} == kept


def test_the_newest_change_stands_first_with_who_and_what(desk, staff, other_staff):
    agency = factories.make_agency(staff, "กรมตัวอย่าง", name_en="Example Department")
    records.edit(agency, by=other_staff, version=agency.version, name_en="Sample Department")
    rows = desk.get("/en/desk/history/").context["rows"][:2]
    assert [(row["verb"], row["name"], row["who"]) for row in rows] == [
        ("Changed", "Sample Department", other_staff),
        ("Added", "Example Department", staff),
    ]


def test_the_list_is_narrowed_to_a_kind_and_to_people(desk, staff, other_staff):
    agency = factories.make_agency(staff, "กรมตัวอย่าง")
    factories.make_cohort(staff)
    records.edit(agency, by=other_staff, version=agency.version, short_th="กต.")
    assert listed(desk, "kind=cohort") == [("Added", "2019")]
    assert listed(desk, f"person={other_staff.email}") == [("Changed", "กรมตัวอย่าง")]
    assert listed(desk, f"person={other_staff.email}&kind=cohort") == []
    page = desk.get("/desk/history/?kind=x&person=ไม่มีใครชื่อนี้")
    assert (page.status_code, sorted(page.context["form"].errors)) == (200, ["kind", "person"])
    assert len(page.context["rows"]) == len(listed(desk)) == 5  # and the two people of the cast


def test_a_page_that_is_not_there_says_so(desk, agency):
    page = desk.get("/en/desk/history/?page=99999")
    assert (page.status_code, "The list has no such page." in page.content.decode()) == (404, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_three_kinds_as_for_one(desk, staff, rows, django_assert_num_queries):
    for make in (factories.make_agency, factories.make_cohort, factories.make_field)[:rows]:
        make(staff)
    with django_assert_num_queries(7):
        assert len(desk.get("/desk/history/").context["rows"]) == rows + 1  # and the person who did it


def test_the_list_holds_every_kind_at_once(desk, staff, reporter, project, agency):
    """One query over all of them, whatever their names are made of."""
    indicator = factories.make_indicator(staff, project)
    factories.make_update(reporter, project, "approved", staff, readings={indicator: Measure(Decimal(4))})
    factories.make_assignment(staff, agency)
    tokens.make(by=staff, name="ทดสอบ", days=1)
    names = [name for _verb, name in listed(desk)]
    assert [
        each in names for each in (project.code + " · 2", "กรมตัวอย่าง", f"{project.code} · {indicator.name_th}")
    ] == [True] * 3


def test_one_record_is_told_field_by_field(desk, staff, project):
    field = factories.make_field(staff, "การศึกษา")
    types = [records.add(InnovationType, by=staff, key=f"type-{n}", name_th=f"ประเภท {n}", position=n) for n in (1, 2)]
    held = records.edit(project, by=staff, version=project.version, field=field, types=types[:1])
    held = records.edit(held, by=staff, version=held.version, types=types, title_en="English")
    publishing.hide(held, by=staff)
    assert life(desk, "project", project)[:3] == [
        ("Taken off the public pages", [("Visibility", "Published", "Hidden")]),
        ("Changed", [("Title in English", "", "English"), ("Innovation types", "ประเภท 1", "ประเภท 1, ประเภท 2")]),
        ("Changed", [("Field of service", "", "การศึกษา"), ("Innovation types", "", "ประเภท 1")]),
    ]


def test_notes_and_approvers_are_told_in_words(desk, staff, other_staff, reporter, project):
    sent = factories.make_update(reporter, project, "submitted")
    held = reviews.return_(sent, by=staff, reason="ขอจำนวน", notes={"title": "สั้นไป", "evidence": "ไม่มีไฟล์"})
    told = {label: both for label, *both in life(desk, "update", held)[0][1]}
    assert told["Notes on fields"] == ["", "Headline: สั้นไป\nEvidence: ไม่มีไฟล์"]
    third = factories.make_staff("คนใหม่")
    again = updates.submit(held, by=reporter)
    told = {label: both for label, *both in life(desk, "update", again)[0][1]}
    assert told["Who may approve it"][1].split(", ") == [str(person) for person in (staff, other_staff, third)]


def test_dates_and_choices_are_told_in_the_language_of_the_page(desk, staff, project):
    stage = project.stages.get(number=1)
    stages.edit(stage, by=staff, version=stage.version, state="done", actual_end=dt.date(2019, 2, 15))
    assert life(desk, "stage", stage) == [
        ("Changed", [("State", "No data yet", "Done"), ("Ended", "", "15 Feb 2019")]),
        ("Added", []),
    ]
    thai = desk.get(reverse("desk:history-record", args=["stage", stage.pk])).context["steps"]
    assert [change["after"] for change in thai[0]["changes"]][1] == "15 ก.พ. 2562"


def test_what_was_removed_keeps_its_history(desk, staff, project):
    part = project.parts.get()
    pk = part.pk
    records.remove(part, by=staff)
    page = desk.get(f"/en/desk/history/part/{pk}/")
    assert [step["verb"] for step in page.context["steps"]] == ["Removed", "Added"]
    assert "This record is no longer there." in page.content.decode()


def test_what_an_agency_wrote_before_it_sent_the_update_stays_its_own(desk, staff, reporter, project):
    draft = factories.make_update(reporter, project, title="ความลับในฉบับร่าง")
    assert listed(desk, "kind=update") == []
    assert desk.get(reverse("desk:history-record", args=["update", draft.pk])).status_code == 404
    held = updates.edit(draft, by=reporter, version=draft.version, title="ฉบับที่ส่ง")
    updates.submit(held, by=reporter)
    assert listed(desk, "kind=update") == [("Sent for review", f"{project.code} · ฉบับที่ส่ง")]
    page = desk.get(reverse("desk:history-record", args=["update", draft.pk]))
    assert ("ความลับในฉบับร่าง" in page.content.decode(), len(page.context["steps"])) == (False, 1)


def test_files_of_a_draft_are_not_listed(desk, staff, reporter, project):
    draft = factories.make_update(reporter, project)
    records_before = listed(desk, "kind=evidence")
    Evidence.objects.create(update=draft, name="ลับ.pdf", kind="pdf", size=1, sha256="0" * 64)
    assert listed(desk, "kind=evidence") == records_before == []


def test_a_password_or_a_digest_is_never_shown(desk, staff):
    token, _secret = tokens.make(by=staff, name="ทดสอบ", days=1)
    tokens.revoke(token, by=staff)
    page = desk.get(reverse("desk:history-record", args=["token", token.pk])).content.decode()
    assert ApiToken.objects.get().digest not in page
    labels = [label for _verb, found in life(desk, "token", token) for label, _before, _after in found]
    assert labels == ["Revoked on"]


def test_signing_in_is_no_change_of_a_person(client, staff):
    client.force_login(staff)
    staff.save(update_fields=["last_login"])
    assert listed(client, "kind=person") == [("Added", staff.name)]


@pytest.mark.parametrize("path", ["project/x/", "project/987654/", "nothing/1/", "evidence/x/", f"project/{10**30}/"])
def test_a_record_that_never_was_is_a_404(desk, path):
    assert desk.get(f"/desk/history/{path}").status_code == 404


@pytest.mark.parametrize("steps", [1, 3, 25])
def test_one_record_costs_the_same_for_three_steps_as_for_one(desk, staff, steps, django_assert_num_queries):
    agency = factories.make_agency(staff)
    other = factories.make_agency(staff)
    for n in range(steps):
        agency = records.edit(
            agency, by=staff, version=agency.version, parent=None if n % 2 else other, short_en=f"S{n}"
        )
    with django_assert_num_queries(7 if steps < 20 else 8):  # and the row before the page's last
        page = desk.get(reverse("desk:history-record", args=["agency", agency.pk]))
    assert len(page.context["steps"]) == min(steps + 1, 20)
    assert [len(step["changes"]) for step in page.context["steps"]] == [2] * min(steps, 20) + [0] * (steps < 20)


def test_every_kind_has_a_page_for_its_record(desk, staff, reporter, project, agency):
    """The names in `KINDS` are names of pages that exist."""
    things = [project, agency, staff, factories.make_cohort(staff), factories.make_innovation(staff)]
    things += [factories.make_meeting(staff), factories.make_update(reporter, project, "submitted")]
    things += [factories.make_assignment(staff, agency), proposals.propose(title="ตู้ยา", about="ดี")]
    asked = factories.make_round(staff)
    things += [asked, asked.schedule, asked.reports.first()]
    body = series.add(by=staff, key="series", name_th="คณะ")
    things += [body, series.add_part(SeriesMember, by=staff, series=body, name_th="กรรมการ")]
    call = factories.make_call(staff, project)
    things += [call, factories.make_voice(call), themes.add(call, by=staff, title_th="รอนาน")]
    things += [records.add(Synonyms, by=staff, words="ไกด์\nมัคคุเทศก์")]
    things += [webhooks.add(by=staff, name="โปรแกรม", address="https://hooks.test/", kinds=["call.closed"])]
    things += [brought(staff)]
    for thing in things:
        kind = next(kind for kind in KINDS.values() if kind.model is type(thing))
        assert desk.get(kind.page(thing)).status_code == 200
    without = {kind.model for kind in KINDS.values() if not kind.at}
    assert {Stage, Membership} <= without
    assert {type(thing) for thing in things} == {kind.model for kind in KINDS.values() if kind.at}
    assert Agency not in without
    assert projects


def test_what_an_agency_writes_after_it_withdrew_the_update_stays_its_own(desk, staff, reporter, project):
    indicator = factories.make_indicator(staff, project)
    sent = factories.make_update(reporter, project, "submitted", title="ฉบับแรก")
    held = updates.withdraw(sent, by=reporter)
    written = {"title": "ความลับหลังถอน", "readings": {indicator: Measure(Decimal(987654))}}
    held = updates.edit(held, by=reporter, version=held.version, **written)
    page = reverse("desk:history-record", args=["update", held.pk])
    assert desk.get(page).context["title"] == "ฉบับแรก"
    assert ("ความลับ" in desk.get(page).text, reverse("desk:update-detail", args=[held.pk]) in desk.get(page).text) == (
        False,
        False,
    )
    comments.add(held, by=reporter, text="ความลับในหน่วยงาน")
    answers = {"title": "ฉบับสอง", "readings": {indicator: Measure(Decimal(5))}}
    held = updates.edit(held, by=reporter, version=held.version, **answers)
    updates.submit(held, by=reporter)
    told = [desk.get(f"/desk/history/?kind={kind}").text for kind in ("", "update", "reading", "comment")]
    told += [
        desk.get(page).text,
        desk.get(reverse("desk:history-record", args=["reading", held.readings.get().pk])).text,
    ]
    # The whole figure, however it is written: three digits of it may stand in a record's random number.
    assert [(text.count("ความลับ"), len(re.findall("987,?654", text))) for text in told] == [(0, 0)] * 6
    said = held.comments.get()
    assert desk.get(reverse("desk:history-record", args=["comment", said.pk])).status_code == 404


def test_what_a_lead_gave_back_is_not_told_to_staff(desk, staff, reporter, lead, agency, project):
    held = factories.make_update(reporter, project, "returned", staff)
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)
    held = updates.submit(held, by=reporter)
    updates.hand_back(held, by=lead, reason="ความลับของหัวหน้า")
    assert [verb for verb, _changes in life(desk, "update", held)] == ["Returned", "Sent for review"]
