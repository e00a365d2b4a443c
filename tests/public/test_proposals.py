"""Anyone may propose an innovation: the form, its thanks, and what it does not do."""

import pytest

from projects.models import Contact, Proposal
from tests import visitors

pytestmark = pytest.mark.django_db

URL = "/innovations/propose/"
TOLD = {"title": "ตู้ยาชุมชน", "about": "เดิมต้องเดินทางไกล", "country": "TH"}


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_form_stands_in_both_languages_without_a_cookie(client, prefix):
    page = client.get(prefix + URL)
    assert (page.status_code, dict(page.cookies)) == (200, {})
    assert page["Cache-Control"] == "private, no-store"
    assert [field.name for field in page.context["form"]] == [
        *("title", "about", "agency", "country", "url", "carries_over", "contact"),
    ]


def test_what_is_sent_waits_and_leads_to_thanks(client, staff):
    answer = visitors.post(client, URL, **TOLD, contact="081 234 5678", url="example.org/a")
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (302, f"{URL}?sent=1", {})
    made = Proposal.objects.get()
    assert (made.title, made.state, made.language, made.url) == ("ตู้ยาชุมชน", "waiting", "th", "https://example.org/a")
    assert Contact.objects.get().address == "081 234 5678"
    thanks = client.get(answer["Location"])
    assert (thanks.status_code, dict(thanks.cookies)) == (200, {})
    assert "ตู้ยาชุมชน" not in client.get("/innovations/").text


def test_two_clicks_are_one_proposal(client, staff):
    sent = {**visitors.tokens(client.get(URL)), **TOLD}
    answers = [client.post(URL, sent, headers={"Sec-Fetch-Site": "same-origin"}) for _click in range(2)]
    assert [answer["Location"] for answer in answers] == [f"{URL}?sent=1"] * 2
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "  "}, "title"),
        ({"about": "ก" * 100_000}, "about"),
        ({"title": "ก\x00ข"}, "title"),
        ({"country": "ZZ"}, "country"),
        ({"url": "no address"}, "url"),
        ({"about": "http://a.th http://b.th http://c.th http://d.th"}, "about"),
        ({"contact": "ก" * 201}, "contact"),
    ],
)
def test_a_bad_answer_is_a_sentence_and_what_was_typed_stays(client, staff, changes, field):
    page = visitors.post(client, URL, **{**TOLD, "carries_over": "typed before", **changes})
    assert (page.status_code, list(page.context["form"].errors)) == (400, [field])
    assert ("typed before" in page.text, dict(page.cookies)) == (True, {})
    assert Proposal.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"website": "https://spam.example"}, 400),
        ({"ago": visitors.READING * 0}, 400),
        ({"headers": {"Sec-Fetch-Site": "cross-site"}}, 403),
    ],
)
def test_what_looks_like_no_person_is_refused(client, staff, sent, status):
    assert visitors.post(client, URL, **TOLD, **sent).status_code == status
    assert Proposal.objects.count() == 0


def test_an_address_that_sends_a_lot_is_told_to_wait(client, staff):
    answers = [visitors.post(client, URL, **TOLD).status_code for _n in range(12)]
    assert answers == [302] * 10 + [429] * 2


def test_markup_stays_text(client, sign_in, staff):
    visitors.post(client, URL, **{**TOLD, "title": "<script>alert(1)</script>", "about": "<b>ตัวหนา</b> https://a.th"})
    made = Proposal.objects.get()
    page = sign_in(staff).get(f"/desk/proposals/{made.pk}/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert ("<script>alert" in page, "<b>ตัวหนา" in page, 'href="https://a.th' in page) == (False, False, False)
