"""The queue of proposed innovations on the desk."""

import uuid

import pytest
from django.urls import reverse

from projects.models import Innovation, Proposal
from projects.rules import proposals

pytestmark = pytest.mark.django_db


def proposed(title="ตู้ยาชุมชน", **answers):
    return proposals.propose(title=title, about="เดิมต้องเดินทางไกล", **answers)


def at(verb, proposal):
    return reverse(f"desk:proposal-{verb}", args=[proposal.pk])


@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def test_those_that_wait_stand_in_the_queue_the_longest_waiting_first(desk, staff):
    first, second, third = (proposed(f"เรื่อง {n}") for n in range(3))
    proposals.decline(second, by=staff, reason="ซ้ำ")
    page = desk.get(reverse("desk:proposal-list"))
    assert [row.pk for row, _country in page.context["rows"]] == [first.pk, third.pk]
    declined = desk.get(reverse("desk:proposal-list") + "?state=declined")
    assert [row.pk for row, _country in declined.context["rows"]] == [second.pk]
    assert len(desk.get(reverse("desk:proposal-list") + "?state=").context["rows"]) == 3


def test_the_number_that_waits_stands_where_staff_look(desk, staff):
    for n in range(3):
        proposed(f"เรื่อง {n}")
    proposals.decline(Proposal.objects.first(), by=staff, reason="ซ้ำ")
    pages = [desk.get(reverse(f"desk:{name}")) for name in ("home", "innovation-list")]
    assert [page.context["proposals_count"] for page in pages] == [2, 2]
    assert [reverse("desk:proposal-list") in page.text for page in pages] == [True, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_of_the_database(desk, rows, django_assert_num_queries):
    made = [proposed(f"เรื่อง {n}", contact="a@b.th") for n in range(rows)]
    with django_assert_num_queries(4):
        desk.get(reverse("desk:proposal-list"))
    with django_assert_num_queries(4):
        desk.get(at("detail", made[0]))


def test_the_page_shows_staff_how_to_reach_the_person(desk):
    made = proposed(contact="somebody@example.org")
    assert "somebody@example.org" in desk.get(at("detail", made)).text
    history = desk.get(reverse("desk:history-record", args=["proposal", made.pk]))
    assert (history.status_code, "somebody@example.org" in history.text) == (200, False)


def test_taking_it_leads_to_the_form_of_its_draft_once(desk):
    made = proposed()
    answers = [desk.post(at("take", made), {"form_key": uuid.uuid4().hex}) for _click in range(2)]
    entry = Innovation.objects.get()
    assert {answer["Location"] for answer in answers} == {reverse("desk:innovation-edit", args=[entry.pk])}
    page = desk.get(at("detail", made))
    assert (page.context["takes"], page.context["declines"]) == (False, False)


def test_declining_asks_why(desk):
    made = proposed()
    sent = {"form_key": uuid.uuid4().hex, "version": made.version}
    assert desk.post(at("decline", made), {**sent, "reason": " "}).status_code == 400
    answer = desk.post(at("decline", made), {**sent, "reason": "มีอยู่แล้ว"})
    assert answer["Location"] == reverse("desk:proposal-list")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("declined", "มีอยู่แล้ว")
    assert "มีอยู่แล้ว" in desk.get(at("detail", made)).text


def test_a_stale_decision_is_shown_again(desk):
    made = proposed()
    page = desk.post(at("decline", made), {"form_key": uuid.uuid4().hex, "version": made.version + 1, "reason": "ซ้ำ"})
    assert (page.status_code, Proposal.objects.get().state) == (409, "waiting")


def test_only_staff_come_in(client, sign_in, reporter):
    made = proposed()
    pages = [reverse("desk:proposal-list"), *(at(verb, made) for verb in ("detail", "take", "decline"))]
    assert [client.get(page).status_code for page in pages] == [302] * 4
    sign_in(reporter)
    assert [(client.get(page).status_code, client.post(page).status_code) for page in pages] == [(403, 403)] * 4
