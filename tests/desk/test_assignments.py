"""One assignment on the desk: what the page shows, and the decisions of staff as forms."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from govlab.thai import be_year
from projects.models import AgendaItem, Assignment, Meeting, Resolution
from projects.rules import assignments, decisions, meetings, phases, series
from tests import factories

TODAY = timezone.localdate()
VERBS = ("accept", "send_back", "extend", "reassign", "close")


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff, starts_on=timezone.localdate() - dt.timedelta(1))


def ask(staff, meeting, agency, text="ขอให้ศึกษา", **answers):
    return meetings.add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th=text, **answers)


@pytest.fixture
def assignment(staff, meeting, agency):
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, title_th="วาระ")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, text_th="มติ")
    return fresh(ask(staff, meeting, agency, resolution=resolution))


def fresh(row):
    return Assignment.objects.get(pk=row.pk)


def at(verb, assignment):
    return reverse(f"desk:assignment-{verb.replace('_', '-')}", args=[assignment.pk])


def brought(assignment, state, reporter, staff):
    """The assignment in the state, by the verbs that lead there."""
    if state in ("answered", "accepted"):
        assignments.answer(assignment, by=reporter, text="ศึกษาแล้ว", percent=100)
    if state == "accepted":
        decisions.accept(fresh(assignment), by=staff)
    if state == "more_time":
        assignments.ask_time(assignment, by=reporter, text="ขอเวลา", wanted_on=TODAY + dt.timedelta(30))
    if state == "contested":
        assignments.contest(assignment, by=reporter, text="ไม่ใช่งานเรา")
    if state == "closed":
        decisions.close(assignment, by=staff, note="แล้ว")
    return fresh(assignment)


def steps(page):
    return page.context["steps"]


# --- who comes in, and what is there ---------------------------------------------------------------------------------
def test_only_staff_come_in(client, sign_in, reporter, assignment):
    pages = [at(verb, assignment) for verb in ("detail", *VERBS, "reopen")]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={page}")
    sign_in(reporter)
    assert [client.get(page).status_code for page in pages] == [403] * 7
    assert [client.post(page).status_code for page in pages] == [403] * 7


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("state", ["open", "answered", "more_time", "contested", "accepted", "closed"])
def test_every_page_stands_in_both_languages(desk, staff, reporter, assignment, prefix, state):
    brought(assignment, state, reporter, staff)
    pages = [at(verb, assignment) for verb in ("detail", *VERBS)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 6


def test_what_is_not_there_is_not_found(desk):
    assert [desk.get(f"/desk/assignments/{pk}/").status_code for pk in (1, 10**30)] == [404, 404]


# --- the page --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("open", ["extend", "reassign", "close"]),
        ("answered", ["accept", "send_back", "close", "reassign"]),
        ("more_time", ["extend", "send_back", "reassign", "close"]),
        ("contested", ["reassign", "send_back", "close"]),
        ("accepted", ["close", "send_back", "reassign"]),
        ("closed", ["reopen"]),
    ],
)
def test_the_page_offers_what_may_be_decided_now_the_likely_thing_first(
    desk, staff, reporter, assignment, state, offered
):
    row = brought(assignment, state, reporter, staff)
    page = desk.get(at("detail", row))
    text = page.content.decode()
    assert steps(page) == offered
    shown = [verb for verb in (*VERBS, "reopen") if f'"{at(verb, row)}"' in text]
    assert sorted(shown) == sorted(offered)
    assert (page.context["form"] is not None) == (state in ("answered", "more_time"))


def test_who_answered_is_not_offered_to_accept_or_to_close(desk, staff, agency, assignment):
    Membership.objects.create(user=staff, agency=agency, role="reporter")
    assignments.answer(assignment, by=staff, text="ทำเอง")
    page = desk.get("/en" + at("detail", assignment))
    assert steps(page) == ["send_back", "reassign"]
    assert "a colleague accepts or closes it" in page.content.decode()
    version = fresh(assignment).version
    typed = {"note": "ปิด", "version": version}
    for verb in ("accept", "close"):
        assert [desk.get(at(verb, assignment)).status_code, desk.post(at(verb, assignment), typed).status_code] == [
            403,
            403,
        ]
    assert fresh(assignment).version == version


def test_it_leads_to_the_meeting_at_the_resolution(desk, assignment):
    text = desk.get(at("detail", assignment)).content.decode()
    place = f"{reverse('desk:meeting-detail', args=[assignment.meeting.key])}#resolutions-{assignment.resolution_id}"
    assert text.count(f'href="{place}"') == 2


def test_the_page_says_until_when_it_may_be_contested(desk, staff, reporter, assignment):
    until = assignments.contest_until(assignment)
    page = desk.get("/en" + at("detail", assignment))
    assert (page.context["contest_until"], "may contest it until" in page.content.decode()) == (until, True)
    brought(assignment, "answered", reporter, staff)
    assert "contest it until" not in desk.get("/en" + at("detail", assignment)).content.decode()


def test_the_course_stands_there_newest_first(desk, staff, reporter, assignment):
    brought(assignment, "accepted", reporter, staff)
    happened = desk.get("/en" + at("detail", assignment)).context["happened"]
    assert [each.verb for each in happened] == ["accept", "answer", "give"]


def test_the_meetings_at_which_it_came_up_again_and_where_it_was_closed(desk, staff, agency):
    body = series.add(by=staff, key="anc", name_th="คณะ")
    days = [TODAY - dt.timedelta(90), TODAY - dt.timedelta(40), TODAY + dt.timedelta(20)]
    first, second, third = (
        meetings.add(by=staff, key=f"anc-{n}", kind="committee", series=body, starts_on=day, prefill=True)
        for n, day in enumerate(days)
    )
    row = ask(staff, first, agency)
    page = desk.get(at("detail", row))
    assert [(back.meeting, closed) for back, closed in page.context["follow_ups"]] == [(third, False)]
    Meeting.objects.filter(pk=third.pk).update(starts_on=TODAY)
    phases.hold(Meeting.objects.get(pk=third.pk), by=staff)
    typed = {"note": "ครบ", "meeting": third.pk, "version": fresh(row).version}
    wrong = desk.post(at("close", row), {**typed, "meeting": second.pk})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (400, ["meeting"])
    assert desk.post(at("close", row), typed).status_code == 302
    page = desk.get("/en" + at("detail", row))
    assert [(back.meeting, closed) for back, closed in page.context["follow_ups"]] == [(third, True)]
    assert "Closed here" in page.content.decode()


def test_nothing_is_asked_before_the_meeting_was_held(desk, staff, agency):
    later = factories.make_meeting(staff, published=False, starts_on=TODAY + dt.timedelta(9))
    page = desk.get("/en" + at("detail", ask(staff, later, agency)))
    assert (page.context["contest_until"], page.context["next_step"]) == (None, "The meeting, which is still to come")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_of_the_database(desk, staff, reporter, assignment, rows, django_assert_num_queries):
    for _row in range(rows):
        assignments.answer(assignment, by=reporter, text="ทำแล้ว")
    with django_assert_num_queries(11):
        page = desk.get(at("detail", assignment))
    assert len(page.context["said"]) == rows


# --- the decisions ---------------------------------------------------------------------------------------------------
def decided(desk, verb, row, **typed: Any):
    """The decision by its form, sent twice as by two clicks; leads back to the page."""
    typed = {"version": fresh(row).version, "form_key": uuid.uuid4().hex, **typed}
    for _click in range(2):
        assert desk.post(at(verb, row), typed)["Location"] == at("detail", row)
    return fresh(row)


def test_staff_accept_with_or_without_a_note(desk, staff, reporter, assignment):
    row = decided(desk, "accept", brought(assignment, "answered", reporter, staff), note="ขอบคุณ")
    assert (row.state, row.word) == ("accepted", "ขอบคุณ")


@pytest.mark.parametrize(("percent", "says"), [(100, "all done. It then waits"), (60, "not all done yet")])
def test_accepting_says_what_it_does(desk, reporter, assignment, percent, says):
    assignments.answer(assignment, by=reporter, text="แล้ว", percent=percent)
    pages = [desk.get("/en" + at(verb, assignment)).content.decode() for verb in ("detail", "accept")]
    assert [says in page for page in pages] == [True, True]


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        ("answered", "Ask again"),
        ("accepted", "Ask again"),
        ("more_time", "Give no more time"),
        ("contested", "Reject the objection"),
    ],
)
def test_staff_send_back_under_a_heading_that_follows_the_state(desk, staff, reporter, assignment, state, heading):
    row = brought(assignment, state, reporter, staff)
    assert f"<h1>{heading}</h1>" in desk.get("/en" + at("send_back", row)).content.decode()
    row = decided(desk, "send_back", row, reason="ขอตัวเลข")
    assert (row.state, row.word) == ("open", "ขอตัวเลข")


def test_staff_give_the_time_that_was_asked_for(desk, staff, reporter, assignment):
    row = brought(assignment, "more_time", reporter, staff)
    wanted = TODAY + dt.timedelta(30)
    for verb in ("detail", "extend"):
        assert desk.get(at(verb, row)).context["form"]["due_on"].value() == f"{wanted:%-d/%-m}/{be_year(wanted.year)}"
    row = decided(desk, "extend", row, due_on=wanted.isoformat(), reason="ตามที่ขอ")
    assert (row.state, row.due_on, row.word) == ("open", wanted, "ตามที่ขอ")


def test_staff_give_it_to_another_agency(desk, assignment, agency, other_agency):
    page = desk.get(at("reassign", assignment))
    assert [row.pk for row in page.context["form"].fields["agency"].queryset] == [other_agency.pk]
    row = decided(desk, "reassign", assignment, agency=other_agency.pk, partners=[agency.pk], reason="ตรงภารกิจ")
    assert (row.agency, list(row.partners.all()), row.word) == (other_agency, [agency], "ตรงภารกิจ")


def test_staff_close_with_a_note_and_reopen(desk, assignment):
    row = decided(desk, "close", assignment, note="ศึกษาแล้ว")
    assert (row.state, row.closing_note) == ("closed", "ศึกษาแล้ว")
    assert "ศึกษาแล้ว" in desk.get(at("detail", row)).content.decode()
    row = decided(desk, "reopen", row)
    assert (row.state, row.closing_note) == ("open", "")


def test_a_button_of_an_older_page_changes_nothing(desk, staff, assignment):
    decisions.close(assignment, by=staff, note="แล้ว")
    answer = desk.post(at("reopen", assignment), {"version": assignment.version}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert fresh(assignment).state == "closed"


# --- refusals --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", "   ", "ก" * 5001, "ก\x00"])
@pytest.mark.parametrize(("verb", "field"), [("close", "note"), ("send_back", "reason"), ("reassign", "reason")])
def test_a_decision_without_a_good_reason_is_a_sentence_at_its_field(
    desk, staff, reporter, assignment, other_agency, verb, field, text
):
    row = brought(assignment, "answered", reporter, staff)
    page = desk.post(at(verb, row), {field: text, "agency": other_agency.pk, "version": row.version})
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, [field])
    assert page.context["form"][field].value() == text
    assert fresh(row).state == "answered"


@pytest.mark.parametrize("day", ["", "เมื่อวาน", "1/1/2560"])
def test_a_day_that_is_none_or_past_is_a_sentence_at_the_day_and_the_reason_stays(desk, assignment, day):
    page = desk.post(at("extend", assignment), {"due_on": day, "reason": "รอข้อมูล", "version": assignment.version})
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, ["due_on"])
    assert (page.context["form"]["reason"].value(), page.context["form"]["due_on"].value()) == ("รอข้อมูล", day)


def test_the_agency_that_is_asked_already_and_one_that_is_gone_are_refused(desk, assignment, agency):
    for pk in (agency.pk, 987_654):
        page = desk.post(at("reassign", assignment), {"agency": pk, "reason": "ย้าย", "version": assignment.version})
        assert (page.status_code, sorted(page.context["form"].errors)) == (400, ["agency"])


@pytest.mark.parametrize("verb", ["accept", "send_back"])
def test_what_cannot_be_decided_now_says_so_and_keeps_what_was_typed(desk, assignment, verb):
    page = desk.get("/en" + at(verb, assignment))
    assert page.context["refused"] == ["This assignment is Open, so this can no longer be done."]
    assert "<textarea" not in page.content.decode()
    sent = desk.post(at(verb, assignment), {"note": "ดีแล้ว", "reason": "ดีแล้ว", "version": assignment.version})
    assert (sent.status_code, len(sent.context["form"].non_field_errors())) == (400, 1)
    assert "ดีแล้ว" in sent.content.decode()


def test_an_answer_that_came_in_meanwhile_is_shown_before_it_is_decided(desk, reporter, assignment):
    assignments.answer(assignment, by=reporter, text="คำตอบแรก")
    version = fresh(assignment).version
    assignments.answer(assignment, by=reporter, text="คำตอบใหม่")
    for verb, field in (("close", "note"), ("accept", "note"), ("send_back", "reason")):
        page = desk.post(at(verb, assignment), {field: "พิมพ์ไว้", "version": version})
        assert (page.status_code, page.context["form"][field].value()) == (409, "พิมพ์ไว้")
        assert [each.text for each in page.context["came_in"]] == ["คำตอบใหม่"]
    again = desk.post(at("close", assignment), {"note": "ปิดเลย", "version": page.context["version"]})
    assert again.status_code == 302
