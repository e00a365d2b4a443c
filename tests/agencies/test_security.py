"""What happened around accounts: noted with the account, never with what was typed; staff read it."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from agencies.models import SecurityEvent, SecurityKind
from agencies.rules import security
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def told():
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "user"))


def test_signing_in_and_out_and_failing_to_are_noted_with_the_account(client, reporter):
    client.post(LOGIN, {"login": f" {reporter.email.upper()}", "password": "wrong"})
    client.post(LOGIN, {"login": reporter.email, "password": PASSWORD})
    client.post("/accounts/logout/")
    client.post("/accounts/logout/")  # nobody is signed in
    assert told() == [(kind, reporter.pk) for kind in ("sign_in_failed", "signed_in", "signed_out")]


def test_what_is_typed_for_no_account_is_kept_nowhere(client, reporter):
    client.post(LOGIN, {"login": "nobody@govlab.test", "password": PASSWORD})
    client.post("/accounts/password/reset/", {"email": "nobody@govlab.test"})
    assert told() == []
    kept = {field.name for field in SecurityEvent._meta.get_fields()}
    assert kept == {"id", "kind", "user", "happened_at"}


def test_passwords_changed_and_chosen_by_letter_are_noted(client, reporter):
    client.force_login(reporter)
    new = "another-long-password-1"
    client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )
    client.logout()
    client.post("/accounts/password/reset/", {"email": reporter.email})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body).group()
    page = client.get(link, follow=True)
    client.post(page.wsgi_request.path, {"password1": f"{new}2", "password2": f"{new}2"})
    kinds = [kind for kind, _user in told() if kind not in ("signed_in", "signed_out")]
    assert kinds == ["password_changed", "reset_asked", "password_reset"]
    assert {user for _kind, user in told()} == {reporter.pk}


# --- on the desk -----------------------------------------------------------------------------------------------------
@pytest.fixture
def desk(sign_in, staff):
    return sign_in(staff)


def listed(client, query=""):
    return [(row.kind, row.user) for row in client.get(f"/en/desk/security/?{query}").context["rows"]]


def test_staff_read_the_events_newest_first_and_narrow_them(desk, staff, reporter):
    now = timezone.now() + dt.timedelta(hours=1)
    security.note(SecurityKind.SIGN_IN_FAILED, reporter, now=now)
    security.note(SecurityKind.SIGNED_IN, reporter, now=now + dt.timedelta(seconds=1))
    security.note(SecurityKind.SIGNED_OUT, staff, now=now + dt.timedelta(seconds=2))
    assert listed(desk)[:3] == [("signed_out", staff), ("signed_in", reporter), ("sign_in_failed", reporter)]
    assert listed(desk, "kind=sign_in_failed") == [("sign_in_failed", reporter)]
    assert listed(desk, f"person={reporter.email}&kind=signed_in") == [("signed_in", reporter)]
    page = desk.get("/desk/security/?kind=x&person=ไม่มีใครชื่อนี้")
    assert (page.status_code, sorted(page.context["form"].errors)) == (200, ["kind", "person"])
    assert reverse("desk:security") in desk.get(reverse("desk:history")).text


@pytest.mark.parametrize("events", [1, 3])
def test_the_list_costs_the_same_for_three_events_as_for_one(desk, events, reporter, django_assert_num_queries):
    for _n in range(events):
        security.note(SecurityKind.RESET_ASKED, reporter)
    with django_assert_num_queries(4):
        assert len(desk.get("/desk/security/?kind=reset_asked").context["rows"]) == events
