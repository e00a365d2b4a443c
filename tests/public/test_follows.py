"""Following by e-mail at the doors: nobody learns who follows, no GET writes, and a mail program can leave."""

import re
from typing import Any

import pytest
from django.test import Client

from agencies.models import User
from govlab.models import Letter
from projects.models import Follow, Project
from projects.rules import follows, publishing
from tests import factories, visitors
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db
SOMCHAI = "somchai@example.go.th"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def asked(kind: str = "all", target: str = "", email: str = SOMCHAI) -> Follow:
    follows.ask(kind, target, email=email)
    return Follow.objects.get(kind=kind, target=target, email=email)


def confirmed(*of: str, **more: str) -> Follow:
    return follows.confirm(asked(*of, **more).token)


def body(answer: Any) -> str:
    """The page without what differs each time."""
    return re.sub(r'(name="(?:form_key|opened)" value=")[^"]*', r"\1", answer.content.decode())


# --- the form --------------------------------------------------------------------------------------------------------
def test_the_form_names_what_is_followed_and_leads_to_the_same_thanks(client: CheckedClient, project: Project) -> None:
    url = f"/follow/?kind=project&target={project.code}"
    assert f"{project.code} {project}" in client.get(url).content.decode()
    kinds = {"kind": "project", "target": project.code}
    answers = [visitors.post(client, url, email=email, **kinds) for email in (SOMCHAI, SOMCHAI, "new@example.go.th")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/follow/?sent=1")] * 3
    assert {body(answer) for answer in answers} == {""}
    assert all(not answer.cookies for answer in answers)
    assert (Follow.objects.count(), Letter.objects.count()) == (2, 2)
    assert "ส่งจดหมายไปยังอีเมล" in client.get("/follow/?sent=1").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("?kind=cohort&target=2562", 200),
        ("?kind=search&target=projects%3Fq%3Dครู", 200),
        ("?kind=project&target=GL2599-9", 404),
        ("?kind=cohort&target=x", 404),
        ("?kind=search&target=desk", 404),
        ("?kind=nothing", 404),
        ("?kind=agency&target=%00", 404),
    ],
)
def test_only_what_is_there_can_be_followed(query: str, status: int, client: CheckedClient, project: Project) -> None:
    assert client.get(f"/follow/{query}").status_code == status


def test_what_is_not_public_has_the_same_answer_as_what_is_not_there(client: CheckedClient, staff: User) -> None:
    draft = factories.make_project(staff, published=False)
    pages = [client.get(f"/follow/?kind=project&target={code}") for code in (draft.code, "GL2599-9")]
    assert [page.status_code for page in pages] == [404, 404]


@pytest.mark.parametrize("answers", [{"email": ""}, {"email": "x"}, {"email": SOMCHAI, "website": "http://spam"}])
def test_what_is_refused_writes_nothing(answers: dict[str, str], client: CheckedClient) -> None:
    assert visitors.post(client, "/follow/", **answers).status_code == 400
    assert (Follow.objects.count(), Letter.objects.count()) == (0, 0)


@pytest.mark.parametrize("target", ["search?q=a%00b", "projects?q=%00", "search?q=a%0d%0aBcc:b@example.go.th"])
def test_a_search_for_what_nobody_types_cannot_be_followed(target: str, client: CheckedClient) -> None:
    assert client.get("/follow/", {"kind": "search", "target": target}).status_code == 404
    answers = {"kind": "search", "target": target, "email": SOMCHAI}
    assert visitors.post(client, "/follow/", **answers).status_code == 404
    assert (Follow.objects.count(), Letter.objects.count()) == (0, 0)


def test_what_may_no_longer_be_followed_gives_back_the_address_alone(
    client: CheckedClient, staff: User, project: Project
) -> None:
    url = f"/follow/?kind=project&target={project.code}"
    sent = {**visitors.tokens(client.get(url)), "kind": "project", "target": project.code, "email": SOMCHAI}
    publishing.hide(project, by=staff)
    page = client.post("/follow/", sent, headers={"Sec-Fetch-Site": "same-origin"})
    given = re.findall(r'<label for="typed-\d">([^<]*)</label>\s*<textarea[^>]*>([^<]*)</textarea>', page.text)
    assert (page.status_code, given) == (404, [("อีเมลของท่าน", SOMCHAI)])


def test_an_address_longer_than_any_is_refused_at_its_field(client: CheckedClient) -> None:
    answer = visitors.post(client, "/follow/", email=f"{'a' * 250}@example.go.th")
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["email"])


def test_nobody_writes_to_somebody_else_through_the_words_of_a_search(client: CheckedClient) -> None:
    """The letter goes to whoever's address was typed: no word of the search stands in it, until they confirmed."""
    target = "search?q=ท่านได้รับเงิน+www.evil.example"
    sent = visitors.post(client, "/follow/", email=SOMCHAI, kind="search", target=target)
    letter = Letter.objects.get()
    assert sent.status_code == 302
    assert "evil" not in letter.subject + letter.text + letter.html
    assert "ท่านได้รับเงิน www.evil.example" in client.get(f"/follow/{Follow.objects.get().token}/").content.decode()


def test_one_address_asks_twenty_times_in_an_hour(client: CheckedClient) -> None:
    seen = [visitors.post(client, "/follow/", email=f"a{n}@example.go.th").status_code for n in range(21)]
    assert seen == [302] * 20 + [429]


# --- the follower's own page -----------------------------------------------------------------------------------------
def test_opening_the_link_writes_nothing_and_the_button_confirms(client: CheckedClient) -> None:
    row = asked()
    url = f"/follow/{row.token}/"
    for _n in range(2):
        page = client.get(url)
        assert (page.status_code, "ยืนยัน ขอรับข่าวทางอีเมล" in page.content.decode()) == (200, True)
    assert Follow.objects.get().confirmed_at is None
    for _n in range(2):  # a second click is as one
        assert client.post(url).headers["Location"] == f"{url}?confirmed=1"
    assert Follow.objects.get().confirmed_at is not None
    page = client.get(f"{url}?confirmed=1")
    assert ("s•••@example.go.th" in page.content.decode(), SOMCHAI in page.content.decode()) == (True, False)
    assert (page.headers["Cache-Control"], dict(page.cookies)) == ("private, no-store", {})


def test_before_it_is_confirmed_the_page_names_nothing_else(client: CheckedClient, project: Project) -> None:
    confirmed("project", project.code)
    assert project.code not in client.get(f"/follow/{asked().token}/").content.decode()


def test_the_page_lists_what_the_address_follows_and_nothing_of_others(client: CheckedClient, project: Project) -> None:
    row = confirmed()
    confirmed("cohort", "2562")
    confirmed("project", project.code, email="other@example.go.th")
    page = client.get(f"/follow/{row.token}/").content.decode()
    assert ("รุ่นปี 2562" in page, project.code in page, page.count("/leave/")) == (True, False, 3)


def test_a_link_that_ended_says_so(client: CheckedClient) -> None:
    for method in (client.get, client.post):
        answer = method("/follow/no-such-token/")
        assert (answer.status_code, "ลิงก์นี้ใช้ไม่ได้แล้ว" in answer.content.decode()) == (404, True)


def test_leaving_one_leads_to_what_is_left_and_leaving_all_to_the_end(client: CheckedClient, project: Project) -> None:
    one, two = confirmed(), confirmed("project", project.code)
    assert client.post(f"/follow/{one.token}/leave/").headers["Location"] == f"/follow/{two.token}/?left=1"
    assert client.post(f"/follow/{two.token}/leave/", {"all": "1"}).headers["Location"] == "/follow/?left=1"
    assert "เลิกติดตามแล้ว" in client.get("/follow/?left=1").content.decode()
    assert client.post(f"/follow/{two.token}/leave/").headers["Location"] == "/follow/?left=1"
    assert (Follow.objects.count(), Letter.objects.count()) == (0, 0)


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}])
def test_a_mail_program_leaves_with_one_post(headers: dict[str, str]) -> None:
    program = Client(enforce_csrf_checks=True, headers=headers)
    one, two = confirmed(), confirmed("cohort", "2562") if factories.make_cohort(factories.make_staff()) else None
    answer = program.post(f"/follow/{one.token}/leave/", ONE_CLICK)
    assert (answer.status_code, answer.content, list(Follow.objects.all())) == (200, b"OK", [two])
    answer = program.post(f"/follow/{two.token}/leave/?all=1", ONE_CLICK)
    assert (answer.status_code, Follow.objects.count()) == (200, 0)
    assert program.post(f"/follow/{two.token}/leave/?all=1", ONE_CLICK).status_code == 200


def test_who_opens_the_address_of_leaving_is_led_to_the_buttons(client: CheckedClient) -> None:
    row = confirmed()
    assert client.get(f"/follow/{row.token}/leave/").headers["Location"] == f"/follow/{row.token}/"
    assert Follow.objects.count() == 1


# --- staff -----------------------------------------------------------------------------------------------------------
def test_staff_read_neither_the_address_nor_the_token(sign_in: Any, staff: User) -> None:
    row = asked()
    desk = sign_in(staff)
    letter = Letter.objects.get()
    pages = [desk.get("/desk/letters/").content.decode(), desk.get(f"/desk/letters/{letter.pk}/").content.decode()]
    pages.append(desk.get("/desk/history/").content.decode())
    assert [(SOMCHAI in page, row.token in page) for page in pages] == [(False, False)] * 3
    assert ["s•••@example.go.th" in page for page in pages] == [True, True, False]
    assert len(desk.get("/desk/letters/", {"q": "somchai"}).context["letters"]) == 0
