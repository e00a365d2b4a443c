"""The keys of people's programs: shown once, never stored, taken back by their owner, ended by time."""

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from agencies.api.tokens import TokenAuthentication
from agencies.models import ApiToken, User
from agencies.rules import people, tokens


def every_cell() -> str:
    """All that the database holds of tokens and their history, as text."""
    with connection.cursor() as cursor:
        cells: list[Any] = []
        for table in (ApiToken._meta.db_table, ApiToken.history.model._meta.db_table):
            cursor.execute(f"SELECT * FROM {table}")
            cells += cursor.fetchall()
    return repr(cells)


def test_the_secret_is_never_stored(reporter: User) -> None:
    token, secret = tokens.make(by=reporter, name="รายงานรายเดือน", days=30)
    stored = every_cell()
    assert (len(secret), secret.startswith("gl_")) == (46, True)
    assert (secret in stored, secret[8:] in stored, token.digest in stored) == (False, False, True)
    assert (token.digest, token.hint) == (hashlib.sha256(secret.encode()).hexdigest(), secret[:8])
    assert (token.history.get().history_user, token.history.get().history_change_reason) == (reporter, "add")


def test_no_two_secrets_are_alike(reporter: User) -> None:
    assert len({tokens.make(by=reporter, name="ก", days=1)[1] for _ in range(20)}) == 20


@pytest.mark.parametrize(("days", "good"), [(-1, False), (0, False), (1, True), (366, True), (367, False)])
def test_a_token_ends_within_a_year(days: int, good: bool, reporter: User) -> None:
    if good:
        token, _secret = tokens.make(by=reporter, name="ก", days=days)
        assert abs(token.expires_at - timezone.now() - dt.timedelta(days=days)) < dt.timedelta(minutes=1)
        return
    with pytest.raises(ValidationError) as refusal:
        tokens.make(by=reporter, name="ก", days=days)
    assert (set(refusal.value.message_dict), ApiToken.objects.count()) == ({"days"}, 0)


@pytest.mark.parametrize("name", ["", "ก" * 101])
def test_a_token_says_what_it_is_for(name: str, reporter: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        tokens.make(by=reporter, name=name, days=1)
    assert (set(refusal.value.message_dict), ApiToken.objects.count()) == ({"name"}, 0)


def test_a_token_is_taken_back_by_its_owner_once(reporter: User) -> None:
    token, _secret = tokens.make(by=reporter, name="ก", days=1)
    now = timezone.now()
    revoked = tokens.revoke(token, by=reporter, now=now)
    assert (revoked.revoked_at, revoked.is_valid) == (now, False)
    again = tokens.revoke(token, by=reporter, now=now + dt.timedelta(hours=1))
    assert (again.revoked_at, again.history.count()) == (now, 2)


@pytest.mark.parametrize("person", ["visitor", "stranger", "lead", "staff"])
def test_nobody_elses_token_is_taken_back(person: str, request: pytest.FixtureRequest, reporter: User) -> None:
    token, _secret = tokens.make(by=reporter, name="ก", days=1)
    with pytest.raises(PermissionDenied):
        tokens.revoke(token, by=request.getfixturevalue(person))
    token.refresh_from_db()
    assert (token.revoked_at, token.history.count()) == (None, 1)


# --- at the door of the API ------------------------------------------------------------------------------------------
def at_the_door(authorization: str | None) -> Any:
    """Whom the API sees behind this header: a person, None for a visitor, or a refusal."""
    request = APIRequestFactory().get("/", **({"HTTP_AUTHORIZATION": authorization} if authorization else {}))
    try:
        found = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed:
        return "refused"
    return found and found[0]


def valid(secret: str, now: dt.datetime | None = None) -> bool:
    return ApiToken.objects.valid(now or timezone.now()).filter(digest=tokens.digest(secret)).exists()


def test_a_token_opens_until_the_moment_it_ends(reporter: User) -> None:
    token, secret = tokens.make(by=reporter, name="ก", days=1)
    moment = dt.timedelta(microseconds=1)
    assert [valid(secret), valid(secret, token.expires_at - moment), valid(secret, token.expires_at)] == [
        True,
        True,
        False,
    ]
    assert (valid("gl_guess"), valid(token.digest)) == (False, False)


def test_a_token_taken_back_opens_nothing(reporter: User) -> None:
    token, secret = tokens.make(by=reporter, name="ก", days=1)
    tokens.revoke(token, by=reporter)
    assert valid(secret) is False


def test_a_token_of_somebody_shut_out_opens_nothing(reporter: User, staff: User) -> None:
    _token, secret = tokens.make(by=reporter, name="ก", days=1)
    shut = {"is_staff": False, "is_active": False, "leads_desk": False}
    people.edit_person(reporter, by=staff, version=reporter.version, name="ก", **shut)
    assert valid(secret) is False


def test_the_api_sees_the_owner_a_visitor_or_refuses(reporter: User, stranger: User) -> None:
    mine, secret = tokens.make(by=reporter, name="ก", days=1)
    _token, theirs = tokens.make(by=stranger, name="ก", days=1)
    seen = {header: at_the_door(header) for header in (None, f"Bearer {secret}", f"bearer {theirs}", f"Basic {secret}")}
    assert seen == {
        None: None,
        f"Bearer {secret}": reporter,
        f"bearer {theirs}": stranger,
        f"Basic {secret}": None,
    }
    for header in ("Bearer", f"Bearer {secret}x", f"Bearer {secret} {secret}", f"Bearer {mine.digest}", "Bearer \xff"):
        assert (header, at_the_door(header)) == (header, "refused")


def test_the_api_notes_when_a_token_was_used_but_not_at_every_request(reporter: User) -> None:
    token, secret = tokens.make(by=reporter, name="ก", days=1)
    at_the_door(f"Bearer {secret}")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    at_the_door(f"Bearer {secret}")
    token.refresh_from_db()
    assert (token.last_used_at, token.history.count()) == (first, 1)
    ApiToken.objects.update(last_used_at=first - dt.timedelta(minutes=6))
    at_the_door(f"Bearer {secret}")
    token.refresh_from_db()
    assert token.last_used_at > first
