"""Proposed innovations: what a visitor may send, and what staff make of it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from govlab.history import Stale
from govlab.models import Letter
from projects.models import Contact, Innovation, Proposal
from projects.rules import proposals

pytestmark = pytest.mark.django_db

TOLD = {"title": "ตู้ยาชุมชน", "about": "เดิมต้องเดินทางไกล ตอนนี้รับยาใกล้บ้าน"}
NOON = dt.datetime(2026, 1, 31, 5, tzinfo=dt.UTC)


def proposed(**answers: Any) -> Proposal:
    return proposals.propose(**{**TOLD, **answers})


def told(thing: Any) -> list[tuple[str, str, Any]]:
    """Its history: what was done, to which state, by whom."""
    rows = thing.history.order_by("history_date", "history_id")
    return [(row.history_change_reason, row.state, row.history_user) for row in rows]


def test_a_proposal_waits_and_the_way_to_reach_the_visitor_is_kept_apart(staff):
    made = proposed(contact="somebody@example.org", agency="ชุมชน", country="TH", url="https://example.org/a")
    assert (made.state, made.innovation) == ("waiting", None)
    assert told(made) == [("propose", "waiting", None)]
    assert [contact.address for contact in Contact.objects.filter(proposal=made)] == ["somebody@example.org"]
    assert "somebody@example.org" not in str(list(made.history.values()))
    assert not hasattr(proposed(), "contact")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"title": ""}, "title"),
        ({"about": ""}, "about"),
        ({"title": "ก" * 301}, "title"),
        ({"about": "ก" * 5001}, "about"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"about": "https://a.th www.b.th http://c.th WWW.d.th"}, "about"),
        ({"carries_over": "www.a www.b", "about": "www.c www.d"}, "about"),
        ({"contact": "ก" * 201}, "address"),
    ],
)
def test_a_bad_answer_is_refused_and_leaves_nothing(staff, answers, field):
    with pytest.raises(ValidationError) as refused:
        proposed(**answers)
    assert list(refused.value.message_dict) == [field]
    assert (Proposal.objects.count(), Contact.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_three_links_are_let_in(staff):
    assert proposed(about="https://a.th www.b.th http://c.th").state == "waiting"


def test_staff_get_one_letter_a_day(staff):
    for hours in (0, 1, 11, 12):  # noon, one, eleven at night; then the next day
        proposed(now=NOON + dt.timedelta(hours=hours))
    assert [(letter.kind, letter.user) for letter in Letter.objects.order_by("pk")] == [("proposal_waiting", staff)] * 2


def test_a_letter_shows_the_title_and_nothing_of_who_wrote(staff):
    proposed(title="ตู้ยา <b>", contact="somebody@example.org")
    letter = Letter.objects.get()
    assert "ตู้ยา <b>" in letter.subject
    assert "somebody@example.org" not in letter.text


def test_it_is_listed_as_a_draft_filled_in_once(staff, agency):
    made = proposed(agency="กรมตัวอย่าง", country="TH", url="https://example.org/a", carries_over="Anywhere")
    first = proposals.list_as_innovation(made, by=staff)
    assert (first.state, first.decided_at is not None) == ("listed", True)
    entry = Innovation.objects.get()
    assert proposals.list_as_innovation(made, by=staff).innovation == entry
    assert (entry.state, entry.title_th, entry.title_en, entry.country, entry.agency) == (
        *("draft", TOLD["title"], "", "TH"),
        agency,
    )
    assert (entry.carries_over_th, entry.carries_over_en) == ("", "Anywhere")
    assert entry.about_th == f"{TOLD['about']}\n\nอ่านเพิ่มเติม: https://example.org/a"
    assert told(first) == [("propose", "waiting", None), ("list", "listed", staff)]
    assert Innovation.objects.count() == 1


def test_who_did_it_stands_in_the_text_where_we_do_not_know_the_agency(staff):
    made = proposals.list_as_innovation(proposed(agency="กลุ่มแม่บ้าน"), by=staff)
    assert made.innovation.agency is None
    assert made.innovation.about_th.endswith("กลุ่มแม่บ้าน")


def test_a_draft_that_was_removed_is_made_anew(staff):
    made = proposals.list_as_innovation(proposed(), by=staff)
    Innovation.objects.get().delete()
    again = proposals.list_as_innovation(made, by=staff)
    assert again.innovation == Innovation.objects.get()


def test_it_is_declined_with_a_reason_once_and_may_be_listed_after_all(staff, other_staff):
    made = proposed()
    with pytest.raises(ValidationError):
        proposals.decline(made, by=staff, reason="ก" * 501)
    for person, reason in ((staff, "มีอยู่แล้ว"), (other_staff, "อีกเหตุผล")):
        assert proposals.decline(made, by=person, reason=reason).reason == "มีอยู่แล้ว"
    listed = proposals.list_as_innovation(made, by=staff)
    assert (listed.state, listed.reason) == ("listed", "")
    with pytest.raises(ValidationError):
        proposals.decline(listed, by=staff, reason="ไม่รับ")
    assert [(verb, state) for verb, state, _who in told(listed)] == [
        ("propose", "waiting"),
        ("decline", "declined"),
        ("list", "listed"),
    ]


def test_declining_what_moved_on_is_refused(staff):
    made = proposed()
    with pytest.raises(Stale):
        proposals.decline(made, by=staff, reason="ไม่รับ", version=made.version + 1)


def test_only_staff_decide(staff, reporter, lead):
    made = proposed()
    for person in (reporter, lead, None):
        with pytest.raises(PermissionDenied):
            proposals.list_as_innovation(made, by=person)
        with pytest.raises(PermissionDenied):
            proposals.decline(made, by=person, reason="ไม่รับ")
    assert told(made) == [("propose", "waiting", None)]
    assert Innovation.objects.count() == 0


def test_an_address_with_https_and_www_is_one_link():
    about = " ".join(f"https://www.example{n}.go.th" for n in range(3))
    assert proposals.propose(title="ถุง", about=about).about == about
