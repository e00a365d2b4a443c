"""Assignments on the desk: the table, one assignment, closing and reopening."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership
from projects.models import AgendaItem, Assignment, Resolution
from projects.rules import assignments, meetings
from tests import factories


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


@pytest.fixture
def meeting(staff):
    return factories.make_meeting(staff)


def ask(staff, meeting, agency, text="ขอให้ศึกษา", **answers):
    return meetings.add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th=text, **answers)


@pytest.fixture
def assignment(staff, meeting, agency):
    item = meetings.add_part(AgendaItem, by=staff, meeting=meeting, number="1", title_th="วาระ")
    resolution = meetings.add_part(Resolution, by=staff, meeting=meeting, item=item, number="1.2", text_th="มติ")
    return ask(staff, meeting, agency, resolution=resolution)


def at(verb, assignment):
    return reverse(f"desk:assignment-{verb}", args=[assignment.pk])


def shown(page):
    return [row.text_th for row, _days in page.context["rows"]]


def test_only_staff_come_in(client, sign_in, reporter, assignment):
    pages = [reverse("desk:assignment-list"), *(at(verb, assignment) for verb in ("detail", "close", "reopen"))]
    for page in pages:
        answer = client.get(page)
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={page}")
    sign_in(reporter)
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert [client.post(page).status_code for page in pages] == [403] * 4


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk, assignment, prefix):
    pages = [reverse("desk:assignment-list"), at("detail", assignment), at("close", assignment)]
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 3


def test_what_is_not_there_is_not_found(desk):
    assert [desk.get(f"/desk/assignments/{pk}/").status_code for pk in (1, 10**30)] == [404, 404]


def test_the_table_begins_with_what_is_due_first_and_says_how_late_it_is(desk, staff, meeting, agency):
    today = timezone.localdate()
    ask(staff, meeting, agency, "ไม่มีกำหนด")
    ask(staff, meeting, agency, "วันนี้", due_on=today)
    ask(staff, meeting, agency, "ช้า", due_on=today - dt.timedelta(40))
    done = ask(staff, meeting, agency, "ปิดแล้ว", due_on=today - dt.timedelta(50))
    assignments.close(done, by=staff, note="แล้ว")
    page = desk.get(reverse("desk:assignment-list"))
    assert [(row.text_th, days) for row, days in page.context["rows"]] == [
        ("ช้า", 40),
        ("วันนี้", 0),
        ("ไม่มีกำหนด", 0),
        ("ปิดแล้ว", 0),
    ]


def test_the_table_is_filtered(desk, staff, meeting, agency, other_agency):
    ask(staff, meeting, agency, "ช้า", due_on=dt.date(2019, 2, 1))
    ask(staff, meeting, other_agency, "ร่วม", partners=[agency])
    closed = ask(staff, meeting, other_agency, "ปิดแล้ว")
    assignments.close(closed, by=staff, note="แล้ว")
    page = reverse("desk:assignment-list")
    assert {
        query: shown(desk.get(page + query))
        for query in ("?late=yes", "?state=closed", f"?agency={agency.key}", f"?agency={other_agency.key}&state=open")
    } == {
        "?late=yes": ["ช้า"],
        "?state=closed": ["ปิดแล้ว"],
        f"?agency={agency.key}": ["ช้า", "ร่วม"],
        f"?agency={other_agency.key}&state=open": ["ร่วม"],
    }


def test_an_unknown_filter_value_is_said_at_its_field(desk, assignment):
    page = desk.get(reverse("desk:assignment-list") + "?state=x&agency=nobody&late=maybe")
    assert (page.status_code, sorted(page.context["filter"].form.errors)) == (200, ["agency", "late", "state"])
    assert len(page.context["rows"]) == 1
    assert desk.get(reverse("desk:assignment-list") + "?page=99999").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_table_asks_the_same_of_the_database(desk, staff, agency, rows, django_assert_num_queries):
    for _row in range(rows):
        ask(staff, factories.make_meeting(staff), agency, partners=[agency])
    with django_assert_num_queries(6):
        assert len(shown(desk.get(reverse("desk:assignment-list")))) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_of_the_database(desk, staff, reporter, assignment, rows, django_assert_num_queries):
    for _row in range(rows):
        assignments.answer(assignment, by=reporter, text="ทำแล้ว")
    with django_assert_num_queries(7):
        page = desk.get(at("detail", assignment))
    assert len(page.context["answers"]) == rows


def test_staff_close_with_a_note_and_reopen(desk, assignment):
    typed = {"note": "ศึกษาแล้ว", "version": assignment.version, "form_key": uuid.uuid4().hex}
    for _click in range(2):
        assert desk.post(at("close", assignment), typed)["Location"] == at("detail", assignment)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.closing_note) == ("closed", "ศึกษาแล้ว")
    page = desk.get(at("detail", assignment))
    assert (page.context["steps"], "ศึกษาแล้ว" in page.content.decode()) == (["reopen"], True)
    assert desk.post(at("reopen", assignment), {"version": assignment.version})["Location"] == at("detail", assignment)
    assignment.refresh_from_db()
    assert (assignment.state, assignment.closing_note) == ("open", "")


def test_a_button_of_an_older_page_changes_nothing(desk, staff, assignment):
    assignments.close(assignment, by=staff, note="แล้ว")
    answer = desk.post(at("reopen", assignment), {"version": assignment.version}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assignment.refresh_from_db()
    assert assignment.state == "closed"


@pytest.mark.parametrize("note", ["", "   ", "ก" * 5001, "ก\x00"])
def test_a_closing_without_a_good_note_is_a_sentence_at_the_note(desk, assignment, note):
    page = desk.post(at("close", assignment), {"note": note, "version": assignment.version})
    assert (page.status_code, sorted(page.context["form"].errors)) == (400, ["note"])
    assert page.context["form"]["note"].value() == note
    assignment.refresh_from_db()
    assert assignment.state == "open"


def test_an_answer_that_came_in_meanwhile_is_shown_before_it_is_closed(desk, reporter, assignment):
    version = assignment.version
    assignments.answer(assignment, by=reporter, text="คำตอบใหม่")
    page = desk.post(at("close", assignment), {"note": "ปิดเลย", "version": version})
    assert (page.status_code, page.context["form"]["note"].value()) == (409, "ปิดเลย")
    assert "คำตอบใหม่" in page.content.decode()
    again = desk.post(at("close", assignment), {"note": "ปิดเลย", "version": page.context["version"]})
    assert again.status_code == 302


def test_who_answered_is_not_offered_to_close(desk, staff, agency, assignment):
    Membership.objects.create(user=staff, agency=agency, role="reporter")
    assignments.answer(assignment, by=staff, text="ทำเอง")
    assert desk.get(at("detail", assignment)).context["steps"] == ["answer"]
    assert desk.post(at("close", assignment), {"note": "ปิด", "version": assignment.version + 1}).status_code == 403
