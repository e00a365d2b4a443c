"""What programs add: by the rule behind the page's form, once, under an address of its own, and nothing half."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency, Membership, User
from govlab.models import Letter
from projects.models import (
    AgendaItem,
    Meeting,
    MeetingPerson,
    MeetingSeries,
    MeetingSession,
    Paper,
    Project,
    ReportLink,
    ServiceField,
    Shown,
)
from projects.rules import meetings, series, themes
from tests import factories
from tests.api.problems import errors_of, said_in
from tests.api.test_writes import DONE, DOORS, LETTERS, OUTCOMES, WHO
from tests.world import CANARY, REACHED, World, make_world

pytestmark = pytest.mark.django_db

ADDS: list[tuple[str, Callable[[World], dict[str, Any]], str]] = [
    ("projects", lambda w: {"code": "gl2562-๙", "cohort": 2562, "title_th": "ใหม่", "used_th": "ใช้"}, "sfffD"),
    ("projects", lambda w: {"code": "GL2563-9", "cohort": 2562, "title_th": "ใหม่"}, "sfffn"),
    ("parts", lambda w: {"project": w.project.code, "agency": other(w).key, "part": "partner"}, "sfffD"),
    ("indicators", lambda w: {"project": w.project.code, "name_th": "เวลา", "unit_th": "นาที"}, "sfffD"),
    ("cohorts", lambda w: {"year": 2570, "supported_by": [w.agency.key]}, "sfffD"),
    ("agencies", lambda w: {"key": "new-one", "name_th": "ใหม่", "parent": w.agency.key}, "sfffD"),
    ("innovations", lambda w: {"title_th": "ใหม่", "country": "EE", "project": w.project.code}, "sfffD"),
    ("innovations", lambda w: {"title_th": "ใหม่", "country": "XX"}, "sfffn"),
    ("lookups/fields", lambda w: {"key": "new", "name_en": "New", "sources": ["source"]}, "sfffD"),
    ("lookups/fields", lambda w: {"key": "new"}, "sfffn"),
    ("sources", lambda w: {"key": "new", "title_th": "ใหม่", "published_on": "23/11/2564"}, "sfffD"),
    ("synonyms", lambda w: {"words": "รถ\nยานพาหนะ"}, "sfffD"),
    ("series", lambda w: {"key": "new", "name_th": "ใหม่"}, "sfffD"),
    ("series-members", lambda w: {"series": w.series.key, "name_th": "คนใหม่"}, "sfffD"),
    ("standing-items", lambda w: {"series": w.series.key, "title_th": "เรื่องใหม่"}, "sfffD"),
    ("schedules", lambda w: {"cohort": factories.make_cohort(w.staff, 2569).year, "starts_on": TODAY}, "sfffD"),
    ("named-dates", lambda w: {"schedule": w.round.schedule_id, "ends_on": "2057-12-31"}, "sfffD"),
    (
        "exceptions",
        lambda w: {"schedule": w.round.schedule_id, "reason": "ก", **HIDDEN_ONE},
        "sfffD",
    ),
    ("people", lambda w: {"email": "new@govlab.test", "name": "คนใหม่"}, "sfffD"),
    ("memberships", lambda w: {"agency": w.agency.key, "role": "lead", **WHOM}, "sffDD"),
    ("memberships", lambda w: {"agency": other(w).key, "role": "lead", **WHOM}, "sfffD"),
    ("meetings", lambda w: {"kind": "committee", "series": w.series.key, "starts_on": "2057-12-31"}, "sfffD"),
    ("meeting-people", lambda w: {"meeting": w.meeting.key, "name_th": "คนใหม่"}, "sfffD"),
    ("sessions", lambda w: {"meeting": w.meeting.key, "title_th": "ช่วง", "starts_at": "9.30"}, "sfffD"),
    ("points", lambda w: {"meeting": w.meeting.key, "text_th": "ประเด็น"}, "sfffD"),
    ("agenda-items", lambda w: {"meeting": w.meeting.key, "title_th": "เรื่อง", "parent": item(w).pk}, "sfffD"),
    ("resolutions", lambda w: {"meeting": w.meeting.key, "item": item(w).pk, "text_th": "มติ"}, "sfffD"),
    ("assignments", lambda w: {"meeting": w.meeting.key, "agency": w.agency.key, "text_th": "งาน"}, "sfffD"),
    ("calls", lambda w: {"project": w.project.code, **ASKS}, "sffDD"),
    ("themes", lambda w: {"call": w.call.pk, "title_th": "ประเด็น", "voices": [w.call.voices.last().pk]}, "sfDDD"),
    ("links", lambda w: {"update": w.update.pk, "name": "คุณดวงใจ", "ends_on": TODAY}, "snDDn"),
]
TODAY = timezone.localdate().isoformat()
HIDDEN_ONE = {"project": "GL2562-003"}
WHOM = {"email": "new@govlab.test", "name": "คนใหม่"}
ASKS = {"stage": 2, "question_th": "รอนานไหม", "use_th": "ทีมอ่าน", "opens_on": TODAY, "closes_on": TODAY}


def other(w: World) -> Agency:
    """An agency that nobody of the cast works for."""
    return Agency.objects.filter(key="elsewhere").first() or factories.make_agency(w.staff, key="elsewhere")


def item(w: World) -> AgendaItem:
    """What the world's resolution stands under."""
    found: AgendaItem = w.assignment.resolution.item
    return found


@pytest.fixture
def world(staff: User, agency: Agency, reporter: User) -> World:
    return make_world(staff, agency, reporter)


@pytest.fixture
def cast(reporter: User, lead: User, stranger: User, staff: User) -> dict[str, User | None]:
    return {"visitor": None, "stranger": stranger, "reporter": reporter, "lead": lead, "staff": staff}


def test_who_may_add_what(world: World, cast: Any, call: Any) -> None:
    doors = {who: call(person) for who, person in cast.items()}
    for path, sent, letters in ADDS:
        model: Any = ServiceField if path == "lookups/fields" else DOORS[path].noun.model  # one row for all lists
        body = sent(world)
        for who, letter in zip(WHO, letters, strict=True):
            about, expected, before = (path, who), LETTERS[letter], set(model.objects.values_list("pk", flat=True))
            with transaction.atomic():
                answer = doors[who].post(f"/api/v1/{path}/", body, format="json")
                outcome = OUTCOMES.get(answer.status_code, answer.status_code)
                assert (about, outcome) == (about, expected), answer.content
                made = list(model.objects.exclude(pk__in=before))
                assert (about, len(made)) == (about, int(expected == DONE))
                for row in made:
                    place = f"http://testserver/api/v1/{path}/{getattr(row, DOORS[path].lookup_field)}/"
                    assert (answer.status_code, answer["Location"]) == (201, place)
                    entry = model.history.filter(id=row.pk).earliest("history_date", "history_id")
                    assert (entry.history_type, entry.history_user) == ("+", cast[who])
                    assert answer.json().items() <= doors[who].get(place).json().items()
                transaction.set_rollback(True)
    added = {path for path, door in DOORS.items() if door.noun.add}
    assert {path for path, _sent, _letters in ADDS} == added - {"webhooks"}  # test_webhooks.py: its secret is told once


def test_an_idempotency_key_adds_once_and_gives_the_same_address(world: World, staff: User, call: Any) -> None:
    api = call(staff)
    for path, sent in (("projects", ADDS[0][1](world)), ("synonyms", {"words": "รถ\nยานพาหนะ"})):
        answers = [api.post(f"/api/v1/{path}/", sent, format="json", headers={"idempotency-key": path}) for _ in "12"]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert answers[0].json() == answers[1].json()


def test_a_hidden_record_is_answered_like_one_that_is_not_there(world: World, cast: Any, call: Any) -> None:
    hidden = {
        "projects": (world.draft_project.code, "GL2599-9"),
        "meetings": (world.draft_meeting.key, "no-such"),
        "innovations": (world.draft_innovation.pk, 987654),
        "stages": (world.draft_project.stages.first().pk, 987654),
        "parts": (world.draft_project.parts.get().pk, 987654),
        "agenda-items": (world.draft_meeting.agenda.get().pk, 987654),
        "voices": (world.call.voices.get(state="waiting").pk, 987654),
        "themes": (world.theme.pk, 987654),
        "proposals": (world.proposal.pk, 987654),
        "schedules": (world.round.schedule_id, 987654),
        "people": (world.staff.pk, 987654),
        "memberships": (world.membership.pk, 987654),
        "links": (world.link.pk, 987654),
    }
    api = call(cast["stranger"])
    match = {"if-match": '"1"'}
    for path, pair in hidden.items():
        for send in (api.get, api.patch, api.delete):
            if send is not api.get and not getattr(DOORS[path].noun, "edit" if send is api.patch else "remove"):
                continue
            there, missing = (send(f"/api/v1/{path}/{each}/", headers=match) for each in pair)
            assert (path, there.status_code) == (path, 404)
            assert said_in(there) == said_in(missing)


def test_what_is_named_in_an_answer_must_be_seen(world: World, lead: User, staff: User, call: Any) -> None:
    """A lead cannot learn from a refusal which hidden projects and voices there are."""
    theirs = factories.make_project(staff, published=False)
    api = call(lead)
    said = [
        errors_of(api.post("/api/v1/calls/", {**ASKS, "project": code}, format="json"))
        for code in (theirs.code, "GL2599-9", "GL\x00", {"a": 1}, ["x"])
    ]
    assert said[0] == said[1]
    assert [list(each) for each in said] == [["project"]] * 5
    elsewhere = factories.make_voice(factories.make_call(staff, factories.make_project(staff)))
    group = f"/api/v1/themes/{world.theme.pk}/group/"
    said = [
        errors_of(api.post(group, {"voices": voices}, format="json"))
        for voices in ([elsewhere.pk], [987654], [2**70], ["x"], "x", [[1]], None)
    ]
    assert said[0] == said[1]
    assert [next(iter(each)).partition(".")[0] for each in said] == ["voices"] * 7


def test_a_change_leaves_what_was_not_sent(world: World, staff: User, call: Any) -> None:
    api = call(staff)
    one = f"/api/v1/projects/{world.project.code}/"
    before = api.get(one)
    after = api.patch(one, {"title_en": "Faster"}, format="json", headers={"if-match": before["ETag"]})
    told = {**before.json(), "title_en": "Faster", "version": before.json()["version"] + 1}
    assert after.status_code == 200
    assert {**after.json(), "updated_at": ""} == {**told, "updated_at": ""}
    assert after.json()["steps"] == ["hide"]


def test_unknown_columns_change_nothing(world: World, staff: User, call: Any) -> None:
    """State, version and history are the verbs' alone."""
    one = f"/api/v1/projects/{world.draft_project.code}/"
    before = Project.objects.get(pk=world.draft_project.pk).version
    sent = {"state": "published", "version": 99, "current_stage": 5, "demo": True, "id": 1}
    answer = call(staff).patch(one, sent, format="json", headers={"if-match": f'"{before}"'})
    row = Project.objects.get(pk=world.draft_project.pk)
    assert (answer.status_code, row.state, row.demo) == (200, "draft", False)
    assert row.version == before + 1


def test_the_mail_of_people_is_for_those_who_keep_them(world: World, cast: Any, call: Any) -> None:
    MeetingPerson.objects.filter(pk=world.person.pk).update(email="guest@canary.test")
    told = {}
    for who in ("stranger", "reporter", "lead", "staff"):
        api = call(cast[who])
        rows = api.get("/api/v1/memberships/").json()["results"]
        guest = api.get(f"/api/v1/meeting-people/{world.person.pk}/").json()
        told[who] = {"email" in row for row in rows if row["agency"] == world.agency.key}, "email" in guest
    assert told == {
        "stranger": (set(), False),
        "reporter": ({False}, False),
        "lead": ({True}, False),
        "staff": ({True}, True),
    }


def test_the_moment_in_which_a_visitor_wrote_is_for_those_who_decide(world: World, cast: Any, call: Any) -> None:
    """Everybody else reads the day, as on the pages."""
    one = f"/api/v1/voices/{world.call.voices.get(state='shown').pk}/"
    told = {who: call(cast[who]).get(one).json() for who in WHO}
    assert {who: "created_at" in row for who, row in told.items()} == {
        "visitor": False,
        "stranger": False,
        "reporter": True,
        "lead": True,
        "staff": True,
    }
    assert {row["said_on"] for row in told.values()} == {TODAY}


def test_how_to_reach_a_visitor_is_told_to_nobody(world: World, staff: User, call: Any) -> None:
    api = call(staff)
    for path in ("voices", "proposals", "calls", "themes"):
        body = api.get(f"/api/v1/{path}/").content.decode()
        assert (path, REACHED in body, "@canary.test" in body) == (path, False, False)


def test_the_calendar_of_a_series_is_for_staff(world: World, cast: Any, call: Any) -> None:
    one = f"/api/v1/series/{world.series.key}/"
    assert ["calendar" in call(cast[who]).get(one).json() for who in WHO] == [False, False, False, False, True]
    api = call(cast["staff"])
    before = api.get(one).json()["calendar"]
    assert api.post(f"{one}renew-feed/").json()["calendar"] != before


def test_who_came_is_noted_and_nobody_is_overwritten_unseen(world: World, staff: User, call: Any) -> None:
    api, one = call(staff), f"/api/v1/meetings/{world.meeting.key}/attendance/"
    rows = [{"id": world.person.pk, "presence": "present", "was": ""}]
    assert api.post(one, {"people": rows}, format="json").status_code == 200
    assert MeetingPerson.objects.get(pk=world.person.pk).presence == "present"
    rows = [{"id": world.person.pk, "presence": "absent", "was": ""}]
    assert list(errors_of(api.post(one, {"people": rows}, format="json"))) == [f"{world.person.pk}"]
    stray = [{"id": 987654, "presence": "present"}]
    assert list(errors_of(api.post(one, {"people": stray}, format="json"))) == ["people"]


def test_a_meeting_goes_all_the_way_by_programs(world: World, staff: User, call: Any) -> None:
    """Added in a series, invited, held, written, adopted by letter, opened again."""
    api = call(staff)
    sent = {"kind": "committee", "series": world.series.key, "starts_on": TODAY}
    made = api.post("/api/v1/meetings/", sent, format="json")
    one, said = made["Location"], made.json()
    assert (said["number"], said["phase"], said["steps"]) == (1, "planned", ["invite", "hold", "publish"])
    assert [row["title_th"] for row in api.get(one).json()["agenda"]][1] == "เรื่องรับรองรายงานการประชุม"
    steps = []
    for verb, body in (
        ("invite", {}),
        ("", {"place_th": "ห้องประชุม 1"}),
        ("hold", {}),
        ("finish", {}),
        ("adopt", {"adopted_on": TODAY, "note": "ไม่มีการแก้ไข"}),
        ("reopen", {}),
    ):
        if verb:
            answer = api.post(f"{one}{verb}/", body, format="json", headers={"if-match": f'"{said["version"]}"'})
        else:
            answer = api.patch(one, body, format="json", headers={"if-match": f'"{said["version"]}"'})
        assert (verb, answer.status_code) == (verb, 200), answer.content
        said = answer.json()
        steps.append(said["phase"])
    assert steps == ["invited", "invited", "held", "drafted", "adopted", "held"]


def test_a_paper_is_attached_once_and_taken_out(world: World, staff: User, reporter: User, call: Any) -> None:
    one = f"/api/v1/agenda-items/{item(world).pk}/papers/"

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("วาระ.pdf", b"%PDF-1.4\n%%EOF\n")

    assert call(reporter).post(one, {"file": file()}, format="multipart").status_code == 403
    api = call(staff)
    answers = [api.post(one, {"file": file()}, format="multipart") for _ in "12"]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].content
    assert Paper.objects.filter(item=item(world)).count() == 1
    paper = answers[0].json()
    gone = api.delete(f"/api/v1/papers/{paper['id']}/", headers={"if-match": answers[0]["ETag"]})
    assert (gone.status_code, Paper.objects.filter(item=item(world)).count()) == (204, 0)


def test_an_item_is_removed_with_as_many_rows_as_the_program_knows(staff: User, call: Any) -> None:
    meeting = factories.make_meeting(staff)
    top = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="เรื่อง")
    meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="ย่อย", parent=top)
    api, one, match = call(staff), f"/api/v1/agenda-items/{top.pk}/", {"if-match": f'"{top.version}"'}
    assert [api.delete(f"{one}{rest}", headers=match).status_code for rest in ("", "?along=x", "?along=1")] == [
        400,
        400,
        204,
    ]
    assert meeting.agenda.count() == 0


def test_what_the_forms_offer_holds_for_programs_too(world: World, staff: User, call: Any) -> None:
    """One place for each standing matter, minutes of an earlier meeting, speakers of the same conference."""
    api = call(staff)
    sent = {"kind": "committee", "series": world.series.key, "starts_on": "2057-12-31"}
    key = api.post("/api/v1/meetings/", sent, format="json").json()["key"]
    meeting = Meeting.objects.get(key=key)
    again = {"meeting": key, "title_th": "อีกครั้ง", "kind": "arising"}
    assert list(errors_of(api.post("/api/v1/agenda-items/", again, format="json"))) == ["kind"]
    adopts = {"meeting": key, "title_th": "ของใคร", "adopts": world.meeting.key}
    assert list(errors_of(api.post("/api/v1/agenda-items/", adopts, format="json"))) == ["adopts"]
    session = meetings.add_part(MeetingSession, by=staff, meeting=meeting, title_th="ช่วง")
    answer = api.patch(
        f"/api/v1/sessions/{session.pk}/",
        {"speakers": [world.person.pk]},
        format="json",
        headers={"if-match": f'"{session.version}"'},
    )
    assert list(errors_of(answer)) == ["speakers"]


def test_rows_of_a_series_move(world: World, staff: User, call: Any) -> None:
    first, second = list(world.series.standing_items.all())[:2]
    assert call(staff).post(f"/api/v1/standing-items/{second.pk}/move/", {"to": "up"}, format="json").status_code == 200
    assert [row.pk for row in MeetingSeries.objects.get(pk=world.series.pk).standing_items.all()][:2] == [
        second.pk,
        first.pk,
    ]


def test_a_new_person_gets_a_letter_and_a_link_opens_the_report(world, lead, call, client) -> None:
    api = call(lead)
    sent = {"agency": world.agency.key, "role": "reporter", **WHOM}
    assert api.post("/api/v1/memberships/", sent, format="json").status_code == 201
    assert Membership.objects.get(user__email=WHOM["email"]).agency == world.agency
    assert Letter.objects.filter(address=WHOM["email"], kind="account_made").count() == 1
    sent = {"update": world.update.pk, "name": "คุณดวงใจ", "ends_on": TODAY}
    link = api.post("/api/v1/links/", sent, format="json").json()
    path = link["address"].partition("//")[2].partition("/")[2]
    assert client.get(f"/{path}").status_code == 200
    taken = api.post(f"/api/v1/links/{link['id']}/revoke/").json()
    assert (taken["address"], ReportLink.objects.get(pk=link["id"]).revoked_at is None) == (None, False)


@pytest.mark.parametrize("who", ["reporter", "lead", "staff"])
def test_a_list_asks_as_often_for_three_as_for_one(who: str, staff: User, agency: Agency, cast: Any, call: Any) -> None:
    project, api, counts = factories.make_project(staff, owner=agency), call(cast[who]), []
    asked: list[Any] = []
    api.get("/api/v1/cohorts/")  # notes that the token was used
    for _n in range(2):
        for _more in range(1 + len(asked)):
            asked.append(factories.make_call(staff, project, lead_moderates=True))
            factories.make_voice(asked[-1])
            themes.add(asked[-1], by=staff, title_th="ประเด็น", voices=asked[-1].voices.all())
            made = factories.make_meeting(staff)
            meetings.add_part(AgendaItem, by=staff, meeting=made, title_th="เรื่อง", shown=Shown.EVERYTHING)
            meetings.add_part(MeetingPerson, by=staff, meeting=made, name_th="คน")
            body = series.add(by=staff, key=f"s{len(asked)}", name_th="คณะ")
            assert body.standing_items.count() == 5
        found = {}
        for path in ("calls", "voices", "themes", "parts", "stages", "agenda-items", "meeting-people", "series"):
            with CaptureQueriesContext(connection) as queries:
                assert api.get(f"/api/v1/{path}/").status_code == 200
            found[path] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_canary_is_silent_for_others_in_every_list(world: World, cast: Any, call: Any) -> None:
    """What is hidden is in no list of theirs, nor in one that is narrowed to it."""
    for who in ("visitor", "stranger"):
        api = call(cast[who])
        for path in DOORS:
            assert (path, CANARY in api.get(f"/api/v1/{path}/?page_size=200").content.decode()) == (path, False)
    assert CANARY in call(cast["staff"]).get("/api/v1/voices/").content.decode()
    assert CANARY in call(cast["lead"]).get("/api/v1/calls/").content.decode()
