"""What meetings ask of an agency, and its answers."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from agencies.models import Agency, User
from projects.models import Answer, Assignment, Meeting
from projects.rules import assignments, publishing
from tests.factories import make_assignment, make_meeting


def url(assignment: Assignment) -> str:
    return reverse("workspace:assignment-detail", args=[assignment.pk])


@pytest.fixture
def asked(staff: User, agency: Agency) -> Assignment:
    return make_assignment(staff, agency, due_on=dt.date(2020, 1, 31))


@pytest.mark.parametrize("start", ["", "/en"])
def test_an_agency_answers(sign_in, reporter: User, agency: Agency, asked: Assignment, start: str) -> None:
    client = sign_in(reporter)
    assert client.get(start + url(asked)).status_code == 200
    form = {"text": "รวบรวมแล้ว", "version": asked.version, "form_key": uuid.uuid4().hex}
    for _click in range(2):
        assert client.post(start + url(asked), form).url == start + url(asked)
    answer = Answer.objects.get()
    asked.refresh_from_db()
    assert (answer.text, answer.agency, answer.author, asked.state) == ("รวบรวมแล้ว", agency, reporter, "answered")
    assert "รวบรวมแล้ว" in client.get(start + url(asked)).content.decode()


def test_a_partner_answers_and_does_not_see_the_others(
    sign_in, reporter: User, stranger: User, staff: User, agency: Agency, other_agency: Agency
) -> None:
    shared = make_assignment(staff, agency, partners=[other_agency])
    assignments.answer(shared, by=reporter, text="ของกรมตัวอย่าง")
    page = sign_in(stranger).get(url(shared))
    assert (page.status_code, "ของกรมตัวอย่าง" in page.content.decode()) == (200, False)
    shared.refresh_from_db()
    sign_in(stranger).post(url(shared), {"text": "ของกรมอื่น", "version": shared.version})
    assert list(Answer.objects.values_list("agency", "text")) == [
        (agency.pk, "ของกรมตัวอย่าง"),
        (other_agency.pk, "ของกรมอื่น"),
    ]


@pytest.mark.parametrize("text", ["", "   ", "ก" * 5001, "มี\x00อยู่"])
def test_a_bad_answer_is_a_sentence(sign_in, reporter: User, asked: Assignment, text: str) -> None:
    response = sign_in(reporter).post(url(asked), {"text": text, "version": asked.version})
    assert (response.status_code, list(response.context["form"].errors)) == (400, ["text"])
    assert not Answer.objects.exists()


def test_an_answer_to_what_was_answered_meanwhile_is_kept(sign_in, reporter, lead, asked: Assignment) -> None:
    version = asked.version
    assignments.answer(asked, by=lead, text="ของหัวหน้า")
    response = sign_in(reporter).post(url(asked), {"text": "ของผู้รายงาน", "version": version})
    assert response.status_code == 409
    assert "ของผู้รายงาน" in response.content.decode()
    assert "ของหัวหน้า" in response.content.decode()


def test_a_closed_one_shows_how_and_takes_no_answer(sign_in, reporter: User, staff: User, asked: Assignment) -> None:
    assignments.close(asked, by=staff, note="ครบถ้วน")
    page = sign_in(reporter).get(url(asked))
    assert (page.context["may_answer"], "ครบถ้วน" in page.content.decode()) == (False, True)
    asked.refresh_from_db()
    late = sign_in(reporter).post(url(asked), {"text": "ช้าไป", "version": asked.version})
    assert (late.status_code, "ช้าไป" in late.content.decode()) == (400, True)


def test_what_is_asked_of_others_is_refused_when_public_and_else_not_there(
    sign_in, stranger: User, staff: User, asked: Assignment
) -> None:
    nothing = reverse("workspace:assignment-detail", args=[asked.pk + 1000])
    for method in ("get", "post"):
        assert getattr(sign_in(stranger), method)(url(asked)).status_code == 403
        assert getattr(sign_in(stranger), method)(nothing).status_code == 404
    publishing.hide(asked.meeting, by=staff)
    assert sign_in(stranger).get(url(asked)).status_code == 404


def test_a_draft_meeting_asks_nothing_yet(sign_in, reporter: User, staff: User, agency: Agency) -> None:
    meeting: Meeting = make_meeting(staff, published=False)
    assignment = make_assignment(staff, agency, meeting=meeting)
    assert sign_in(reporter).get(url(assignment)).status_code == 404
    assert list(sign_in(reporter).get("/workspace/assignments/").context["rows"]) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_few_queries(
    sign_in, reporter, staff, agency, other_agency, count: int, django_assert_num_queries
) -> None:
    assignment = make_assignment(staff, agency, partners=[other_agency])
    for n in range(count):
        assignments.answer(assignment, by=reporter, text=f"คำตอบ {n}")
    client = sign_in(reporter)
    with django_assert_num_queries(9):
        client.get(url(assignment))
