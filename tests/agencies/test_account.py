"""Signing in and out, passwords, a person's own account."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse

from agencies.models import Agency, User
from agencies.rules import people
from tests.factories import PASSWORD, make_user
from tests.pages import CheckedClient

LOGIN = "/accounts/login/"
PAGES = [
    "/accounts/me/",
    "/accounts/tokens/",
    "/accounts/tokens/add/",
    "/accounts/password/change/",
    "/accounts/logout/",
]


def sign_in_with(client: CheckedClient, user: User, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": user.email, "password": password}, **more)


def refusals(response: Any) -> list[str]:
    return [sentence for errors in response.context["form"].errors.values() for sentence in errors]


# --- in ---------------------------------------------------------------------------------------------------------------
def test_everybody_lands_where_their_work_is(client: CheckedClient, reporter: User, staff: User) -> None:
    for user, place in ((reporter, "/workspace/"), (staff, "/desk/")):
        assert client.get(LOGIN).status_code == 200
        assert sign_in_with(client, user).url == place
        assert client.get(LOGIN).url == place
        client.logout()


def test_the_e_mail_may_be_typed_in_capitals(client: CheckedClient, reporter: User) -> None:
    response = client.post(LOGIN, {"login": f" {reporter.email.upper()} ", "password": PASSWORD})
    assert response.url == "/workspace/"


def test_where_one_wanted_to_go_is_remembered(client: CheckedClient, reporter: User) -> None:
    asked = client.get("/en/workspace/people/")
    assert asked.url == "/en/accounts/login/?next=/en/workspace/people/"
    page = client.get(asked.url)
    assert 'name="next" value="/en/workspace/people/"' in page.content.decode()
    answers = {"login": reporter.email, "password": PASSWORD, "next": "/en/workspace/people/"}
    assert client.post("/en/accounts/login/", answers).url == "/en/workspace/people/"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "/\\evil.test"])
def test_nobody_is_sent_to_another_host(client: CheckedClient, reporter: User, elsewhere: str) -> None:
    answers = {"login": reporter.email, "password": PASSWORD, "next": elsewhere}
    assert client.post(LOGIN, answers).url == "/workspace/"


def test_a_wrong_password_and_an_unknown_e_mail_say_the_same(client: CheckedClient, reporter: User) -> None:
    wrong = sign_in_with(client, reporter, "not-the-password")
    unknown = client.post(LOGIN, {"login": "nobody@govlab.test", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 200
    assert refusals(wrong) == refusals(unknown)
    assert (len(refusals(wrong)), reporter.email in wrong.content.decode()) == (1, True)
    assert "not-the-password" not in wrong.content.decode()


@pytest.mark.parametrize(
    "answers", [{}, {"login": "x"}, {"login": "a\x00@b.test", "password": "ก\x00"}, {"login": "ก" * 5000}]
)
def test_a_bad_answer_is_a_sentence(client: CheckedClient, db: None, answers: dict[str, str]) -> None:
    response = client.post(LOGIN, answers)
    assert (response.status_code, len(refusals(response)) > 0) == (200, True)


def test_guessing_ends_but_locks_nobody_out_elsewhere(client: CheckedClient, reporter: User, lead: User) -> None:
    first = refusals(sign_in_with(client, reporter, "guess"))
    for _guess in range(5):
        sign_in_with(client, reporter, "guess")
    stopped = sign_in_with(client, reporter)  # now even with the right one
    assert (stopped.status_code, len(refusals(stopped)), refusals(stopped) == first) == (200, 1, False)
    assert sign_in_with(CheckedClient(), lead).url == "/workspace/"
    assert sign_in_with(CheckedClient(), reporter, REMOTE_ADDR="203.0.113.9").url == "/workspace/"


def test_very_many_tries_from_one_address_get_a_page_that_says_so(client: CheckedClient, reporter: User) -> None:
    statuses = [sign_in_with(client, make_user(), "guess").status_code for _ in range(31)]
    assert (statuses[0], statuses[-1]) == (200, 429)


def test_a_closed_account_is_told_so_only_with_its_password(client: CheckedClient, reporter: User, staff: User) -> None:
    shut = {"is_staff": False, "is_active": False, "leads_desk": False}
    people.edit_person(reporter, by=staff, version=reporter.version, name="ก", **shut)
    wrong = sign_in_with(client, reporter, "not-the-password")
    right = sign_in_with(client, reporter, follow=True)
    assert (wrong.status_code, right.redirect_chain[-1][0]) == (200, "/accounts/inactive/")
    assert client.get("/accounts/me/").status_code == 302


def test_nobody_makes_an_account_alone(client: CheckedClient, db: None) -> None:
    assert client.get("/accounts/signup/").status_code == 404


# --- out --------------------------------------------------------------------------------------------------------------
def test_signing_out_takes_a_button(sign_in, reporter: User) -> None:
    client = sign_in(reporter)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/me/").status_code == 200
    out = client.post("/en/accounts/logout/")
    assert out.url == "/en/"
    assert out.cookies["session"].value == ""
    assert client.get("/accounts/me/").url == "/accounts/login/?next=/accounts/me/"


# --- passwords --------------------------------------------------------------------------------------------------------
def link_in(letter: Any) -> str:
    [link] = re.findall(rf"{settings.PORTAL_URL}(/\S+)", letter.body)
    return link


@pytest.mark.parametrize("start", ["", "/en"])
def test_who_was_added_chooses_a_password_by_letter(
    client: CheckedClient, lead: User, agency: Agency, start: str
) -> None:
    person = people.add_member(agency, by=lead, email="new@govlab.test", name="คนใหม่", role="reporter").user
    assert client.get(f"{start}/accounts/password/reset/").status_code == 200
    sent = client.post(f"{start}/accounts/password/reset/", {"email": "NEW@govlab.test"}, follow=True)
    assert sent.redirect_chain == [(f"{start}/accounts/password/reset/done/", 302)]
    [letter] = mail.outbox
    assert (letter.to, "example.com" in letter.body) == (["new@govlab.test"], False)
    form = client.get(link_in(letter), follow=True)
    url = form.redirect_chain[-1][0]
    short = client.post(url, {"password1": "short", "password2": "short"})
    assert (short.status_code, list(short.context["form"].errors)) == (200, ["password1"])
    done = client.post(url, {"password1": PASSWORD, "password2": PASSWORD}, follow=True)
    assert done.redirect_chain == [(f"{start}/accounts/password/reset/key/done/", 302)]
    assert sign_in_with(client, person).url == "/workspace/"
    assert "no longer" in CheckedClient().get("/en" + link_in(letter).removeprefix("/en")).content.decode()


def test_an_unknown_e_mail_gets_the_same_page_and_no_letter(client: CheckedClient, db: None) -> None:
    sent = client.post("/accounts/password/reset/", {"email": "nobody@govlab.test"})
    assert (sent.url, mail.outbox) == ("/accounts/password/reset/done/", [])


@pytest.mark.parametrize("key", ["1-a-b", "zzzzzzzzzzzzzzzzzzzz-a-b", "0-set-password"])
def test_a_link_that_was_made_up_opens_nothing(client: CheckedClient, db: None, key: str) -> None:
    page = client.get(f"/en/accounts/password/reset/key/{key}/")
    assert (page.status_code, "no longer works" in page.content.decode()) == (200, True)


def test_a_password_is_changed_with_the_old_one(sign_in, reporter: User) -> None:
    client, new = sign_in(reporter), "another-long-password"
    url = "/accounts/password/change/"
    wrong = client.post(url, {"oldpassword": "x", "password1": new, "password2": new})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (200, ["oldpassword"])
    done = client.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True)
    assert (done.redirect_chain, 'role="status"' in done.content.decode()) == ([("/accounts/me/", 302)], True)
    reporter.refresh_from_db()
    assert reporter.check_password(new)


# --- the account ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("start", ["", "/en"])
def test_every_page_stands_in_both_languages(client: CheckedClient, reporter: User, staff: User, start: str) -> None:
    for url in (LOGIN, "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"):
        assert client.get(start + url).status_code == 200
    for url in PAGES[:-1]:
        assert client.get(start + url).url == f"{start}/accounts/login/?next={start}{url}"
    assert client.get(start + PAGES[-1]).url == f"{start}/"
    for person in (reporter, staff, make_user()):
        client.force_login(person)
        for url in PAGES:
            assert client.get(start + url).status_code == 200


def test_the_account_says_who_one_is(sign_in, lead: User) -> None:
    text = sign_in(lead).get("/en/accounts/me/").content.decode()
    assert [word in text for word in (lead.name, lead.email, "กรมตัวอย่าง", "Lead")] == [True] * 4


def test_the_bare_address_leads_on(client: CheckedClient, reporter: User) -> None:
    assert client.get("/accounts/").url == "/accounts/login/?next=/accounts/"
    client.force_login(reporter)
    assert client.get("/en/accounts/").url == "/en/accounts/me/"


def test_no_page_of_the_account_is_kept_by_a_cache(client: CheckedClient, reporter: User) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]
    client.force_login(reporter)
    for url in PAGES:
        assert {"private", "no-store"} <= set(client.get(url)["Cache-Control"].split(", "))


def test_the_account_takes_few_queries(sign_in, reporter: User, django_assert_num_queries) -> None:
    client = sign_in(reporter)
    with django_assert_num_queries(3):
        client.get(reverse("account:home"))
    with django_assert_num_queries(3):
        client.get(reverse("account:token-list"))
