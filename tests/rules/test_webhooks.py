"""Webhooks: staff alone keep them, each verb leaves its row, and what cannot be called is not kept."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from agencies.models import User
from govlab import calling
from govlab.history import Stale
from projects.models import Delivery, Told, Webhook
from projects.models.webhooks import MOST
from projects.rules import webhooks
from tests.receiver import PUBLIC

pytestmark = pytest.mark.django_db

NOW = timezone.now()
GOOD = {"name": "ทะเบียนกลาง", "address": "https://hooks.test/in", "kinds": [Told.PROJECT_HIDDEN]}


@pytest.fixture
def hook(staff: User) -> Webhook:
    return webhooks.add(by=staff, now=NOW, **GOOD)


@pytest.fixture
def delivery(hook: Webhook, staff: User) -> Delivery:
    return webhooks.test(hook, by=staff, now=NOW)


VERBS: dict[str, Any] = {
    "add": lambda hook, told, by: webhooks.add(by=by, **{**GOOD, "name": "อื่น"}),
    "edit": lambda hook, told, by: webhooks.edit(hook, by=by, version=hook.version, name="ใหม่"),
    "pause": lambda hook, told, by: webhooks.pause(hook, by=by),
    "resume": lambda hook, told, by: webhooks.resume(hook, by=by),
    "renew": lambda hook, told, by: webhooks.renew(hook, by=by),
    "remove": lambda hook, told, by: webhooks.remove(hook, by=by),
    "test": lambda hook, told, by: webhooks.test(hook, by=by),
    "send_again": lambda hook, told, by: webhooks.send_again(told, by=by),
}


@pytest.mark.parametrize("verb", VERBS)
def test_only_staff_use_the_verbs(
    verb: str, hook: Webhook, delivery: Delivery, staff: User, lead: User, stranger: User
) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state="given_up")
    rows = Webhook.history.count(), Delivery.objects.count()
    for person in (lead, stranger):
        with pytest.raises(PermissionDenied):
            VERBS[verb](hook, delivery, person)
    assert (Webhook.history.count(), Delivery.objects.count()) == rows
    VERBS[verb](hook, delivery, staff)


def test_each_verb_leaves_its_row_without_the_secret(hook: Webhook, staff: User) -> None:
    secret = hook.secret
    webhooks.edit(hook, by=staff, version=1, name="ทะเบียน")
    webhooks.pause(hook, by=staff), webhooks.pause(hook, by=staff)
    webhooks.resume(hook, by=staff), webhooks.resume(hook, by=staff)
    renewed = webhooks.renew(hook, by=staff).secret
    webhooks.remove(hook, by=staff)
    rows = list(Webhook.history.order_by("history_id"))
    assert [row.history_change_reason for row in rows] == ["add", "edit", "pause", "resume", "renew", "remove"]
    assert {row.history_user for row in rows} == {staff}
    kept = " ".join(str(vars(row)) for row in rows)
    assert (secret != renewed, secret in kept, renewed in kept) == (True, False, False)


def test_the_secret_is_whsec_of_32_bytes_that_follow_from_the_secret_key(hook: Webhook, settings: Any) -> None:
    before = hook.secret
    assert (before.startswith("whsec_"), len(before)) == (True, 50)
    settings.SECRET_KEY = "another"
    assert hook.secret != before
    assert Webhook(**GOOD).secret != Webhook(**GOOD).secret


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"address": "http://hooks.test/"}, "address"),
        ({"address": "https://user:password@hooks.test/"}, "address"),
        ({"address": "https://127.0.0.1/"}, "address"),
        ({"address": "https://0x7f.1/"}, "address"),
        ({"address": "https://[::ffff:10.0.0.1]/"}, "address"),
        ({"address": "https://hooks.test:22/"}, "address"),
        ({"address": f"https://hooks.test/{'a' * 500}"}, "address"),
        ({"name": ""}, "name"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["update.draft"]}, "kinds"),
        ({"kinds": "project.hidden"}, "kinds"),
        ({"kinds": ["test"]}, "kinds"),
    ],
    ids=str,
)
def test_a_bad_answer_is_a_sentence_at_its_field(answers: dict[str, Any], field: str, staff: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        webhooks.add(by=staff, **{**GOOD, **answers})
    assert (list(refusal.value.message_dict), Webhook.objects.count()) == ([field], 0)


def test_there_are_so_many_and_each_has_its_own_name(hook: Webhook, staff: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        webhooks.add(by=staff, **GOOD)
    assert list(refusal.value.message_dict) == ["name"]
    for number in range(MOST - 1):
        webhooks.add(by=staff, **{**GOOD, "name": f"{number}"})
    with pytest.raises(ValidationError):
        webhooks.add(by=staff, **{**GOOD, "name": "อีกหนึ่ง"})
    assert Webhook.objects.count() == MOST


def test_a_stale_save_is_refused(hook: Webhook, staff: User) -> None:
    webhooks.edit(hook, by=staff, version=1, name="ของเขา")
    with pytest.raises(Stale):
        webhooks.edit(hook, by=staff, version=1, name="ของฉัน")


@pytest.mark.parametrize(("found", "refused"), [([PUBLIC], False), ([PUBLIC, "10.0.0.1"], True), ([], True)], ids=str)
def test_before_it_is_kept_its_name_is_looked_up(found: list[str], refused: bool, monkeypatch: Any) -> None:
    monkeypatch.setattr(calling, "lookup", lambda host, port: found)
    monkeypatch.setattr(calling, "is_own", lambda address: False)
    if refused:
        with pytest.raises(ValidationError) as refusal:
            webhooks.require_callable("https://hooks.test/")
        assert list(refusal.value.message_dict) == ["address"]
    else:
        webhooks.require_callable("https://hooks.test/")


@pytest.mark.parametrize(
    ("state", "taken", "again"),
    [
        ("waiting", None, False),
        ("waiting", 1, False),
        ("failed", None, True),
        ("failed", 1, False),
        ("failed", -1, True),
        ("given_up", None, True),
        ("sent", None, True),
    ],
)
def test_what_is_not_on_its_way_is_sent_again_under_its_number(
    state: str, taken: int | None, again: bool, delivery: Delivery, staff: User
) -> None:
    delivery.state, delivery.tries, delivery.error, delivery.status = state, 6, "status", 500
    delivery.taken_until = NOW + dt.timedelta(minutes=taken) if taken else None
    delivery.save()
    if again:
        row = webhooks.send_again(delivery, by=staff, now=NOW)
        told = (row.pk, row.state, row.tries, row.error, row.status, row.next_try_at, row.taken_until)
        assert told == (delivery.pk, "waiting", 0, "", None, NOW, None)
    else:
        with pytest.raises(ValidationError):
            webhooks.send_again(delivery, by=staff, now=NOW)


def test_the_log_goes_with_the_webhook(hook: Webhook, delivery: Delivery, staff: User) -> None:
    webhooks.remove(hook, by=staff)
    assert (Webhook.objects.count(), Delivery.objects.count()) == (0, 0)
