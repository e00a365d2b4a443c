"""A person's tokens: the secret is seen once and never again."""

import re
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from agencies.models import ApiToken, User
from agencies.rules import tokens

LIST, ADD = "/accounts/tokens/", "/accounts/tokens/add/"


def secret_of(token: ApiToken, text: str) -> str:
    [secret] = {word for word in text.replace("<", " ").replace(">", " ").split() if word.startswith("gl_")}
    assert tokens.digest(secret) == token.digest
    return secret


@pytest.mark.parametrize("start", ["", "/en"])
def test_the_secret_stands_in_one_answer_only(sign_in, reporter: User, start: str) -> None:
    client = sign_in(reporter)
    form = {"name": "รายงานรายเดือน", "days": "90", "scope": "report", "form_key": uuid.uuid4().hex}
    made = client.post(start + ADD, form)
    token = ApiToken.objects.get()
    secret = secret_of(token, made.content.decode())
    assert (made.status_code, made["Cache-Control"]) == (200, "private, no-store")
    assert f"Authorization: Bearer {secret}" in made.content.decode()
    assert 'data-copy="secret"' in made.text and re.search(rf'<textarea id="secret"[^>]*>{secret}<', made.text)
    assert (token.scope, "อ่านและรายงาน" in client.get(LIST).content.decode()) == ("report", True)
    assert (token.user, token.name, (token.expires_at - timezone.now()).days) == (reporter, "รายงานรายเดือน", 89)
    assert client.post(start + ADD, form).url == start + LIST  # the second click
    assert ApiToken.objects.count() == 1
    assert secret not in client.get(start + LIST).content.decode()
    assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("name", ""),
        ("name", "ก" * 5000),
        ("name", "\x00"),
        ("days", "0"),
        ("days", "9999"),
        ("days", "x"),
        ("scope", ""),
        ("scope", "all"),
    ],
)
def test_a_bad_answer_is_a_sentence_at_its_field(sign_in, reporter: User, name: str, bad: str) -> None:
    response = sign_in(reporter).post(ADD, {"name": "ก", "days": "30", "scope": "read", name: bad})
    assert (response.status_code, list(response.context["form"].errors)) == (400, [name])
    assert not ApiToken.objects.exists()


def test_a_token_is_taken_back(sign_in, reporter: User) -> None:
    token, _secret = tokens.make(by=reporter, name="ก", days=1)
    client = sign_in(reporter)
    for _click in range(2):
        assert client.post(reverse("account:token-revoke", args=[token.pk]), {"form_key": "k"}).url == LIST
    token.refresh_from_db()
    assert not token.is_valid
    assert client.get(LIST).status_code == 200


def test_anothers_token_is_not_there(sign_in, reporter: User, lead: User) -> None:
    token, _secret = tokens.make(by=lead, name="ของหัวหน้า", days=1)
    client = sign_in(reporter)
    for pk in (token.pk, token.pk + 1000):
        assert client.post(reverse("account:token-revoke", args=[pk])).status_code == 404
    token.refresh_from_db()
    assert (token.is_valid, "ของหัวหน้า" in client.get(LIST).content.decode()) == (True, False)
