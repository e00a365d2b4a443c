"""Webhooks go out: signed, at least once, never twice at one moment, with longer and longer pauses, in turns."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from agencies.models import User
from govlab.models import Event, Letter
from projects import delivering
from projects.models import Delivery, Project, Told, Webhook
from projects.rules import publishing, webhooks
from tests import factories
from tests.receiver import Receiver, Way

pytestmark = pytest.mark.django_db

NOW = timezone.now() + dt.timedelta(hours=1)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
WRONG = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.WEBHOOKS_PLAIN = True


def a_hook(staff: User, name: str = "ทะเบียน") -> Webhook:
    began = timezone.now() - DAY
    return webhooks.add(by=staff, name=name, address="http://hooks.test/in", kinds=Told.values, now=began)


@pytest.fixture
def hook(staff: User) -> Webhook:
    return a_hook(staff)


@pytest.fixture
def waiting(hook: Webhook, staff: User) -> Delivery:
    """A published project waits to be told."""
    factories.make_project(staff)
    delivering.spread(NOW)
    return Delivery.objects.get(kind=Told.PROJECT_PUBLISHED)


def sent(hook: Webhook, receiver: Receiver, at: dt.datetime = NOW, way: Way | None = None) -> int:
    return delivering.send_turn(hook.pk, network=(way or Way(receiver)).network, clock=lambda: at)


def fresh(delivery: Delivery) -> Delivery:
    delivery.refresh_from_db()
    return delivery


# --- the message -----------------------------------------------------------------------------------------------------
def test_a_message_arrives_signed_with_the_public_record(waiting: Delivery, hook: Webhook, receiver: Receiver) -> None:
    assert (sent(hook, receiver), sent(hook, receiver)) == (1, 0)
    [got] = receiver.got
    told = json.loads(got.body)
    assert (got.path, got.headers["Content-Type"]) == ("/in", "application/json; charset=utf-8")
    assert (told["type"], told["timestamp"]) == (
        "project.published",
        timezone.localtime(waiting.happened_at).isoformat(),
    )
    data = told["data"]
    assert (data["noun"], data["hidden"], data["record"]["code"]) == ("project", False, data["key"])
    assert (got.headers["webhook-id"], got.headers["webhook-timestamp"]) == (
        str(waiting.pk),
        str(int(NOW.timestamp())),
    )
    key = base64.b64decode(hook.secret.removeprefix("whsec_"))
    signed = f"{waiting.pk}.{int(NOW.timestamp())}.".encode() + got.body
    made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{made}"
    row = fresh(waiting)
    assert (row.state, row.status, row.tries, row.error, row.body) == ("sent", 204, 1, "", got.body.decode())


def test_the_recipe_of_the_readme_takes_the_message_and_no_other(
    waiting: Delivery, hook: Webhook, receiver: Receiver
) -> None:
    readme = Path(__file__).parent.parent.joinpath("README.md").read_text()
    recipe = re.search(r"```python\n(.*?)```", readme[readme.index("### Webhooks") :], re.S)
    assert recipe
    names: dict[str, Any] = {}
    exec(recipe[1], names)
    sent(hook, receiver)
    [got] = receiver.got
    moment = NOW.timestamp()
    verify: Callable[..., bool] = names["is_genuine"]
    forged = {**dict(got.headers.items()), "webhook-timestamp": str(int(moment) + 1)}
    assert [
        verify(hook.secret, got.headers, got.body, now=moment + 299),
        verify(hook.secret, got.headers, got.body, now=moment + 301),
        verify(hook.secret, got.headers, got.body + b" ", now=moment),
        verify(hook.secret, forged, got.body, now=moment),
        verify("whsec_" + base64.b64encode(b"other").decode(), got.headers, got.body, now=moment),
    ] == [True, False, False, False, False]


def test_what_was_hidden_meanwhile_leaves_by_its_name_alone(
    waiting: Delivery, hook: Webhook, staff: User, receiver: Receiver
) -> None:
    receiver.answer = WRONG
    sent(hook, receiver)
    project = Project.objects.get(code=waiting.key)
    publishing.hide(project, by=staff)
    sent(hook, receiver, NOW + MINUTE)
    first, second = [json.loads(got.body)["data"] for got in receiver.got]
    assert first["record"]["title_th"] == project.title_th
    assert second == {"noun": "project", "key": project.code, "hidden": True}
    assert project.title_th not in fresh(waiting).body


def test_a_new_secret_signs_from_now_on(waiting: Delivery, hook: Webhook, staff: User, receiver: Receiver) -> None:
    old = hook.secret
    new = webhooks.renew(hook, by=staff).secret
    sent(hook, receiver)
    [got] = receiver.got
    at = int(NOW.timestamp())
    signatures = {key: hook_of(hook, key).signed(str(waiting.pk), at, got.body) for key in (1, 2)}
    assert (old != new, got.headers["webhook-signature"]) == (True, signatures[2]["webhook-signature"])
    assert signatures[1] != signatures[2]


def hook_of(hook: Webhook, turn: int) -> Webhook:
    return Webhook(seed=hook.seed, turn=turn)


# --- the tries -------------------------------------------------------------------------------------------------------
def test_it_is_tried_again_after_longer_and_longer_pauses_and_then_given_up(
    waiting: Delivery, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answer, at, waited = WRONG, NOW, []
    while fresh(waiting).state in ("waiting", "failed"):
        at, tries = waiting.next_try_at, waiting.tries
        sent(hook, receiver, at - dt.timedelta(seconds=1))
        assert fresh(waiting).tries == tries
        sent(hook, receiver, at)
        waited.append(round((fresh(waiting).next_try_at - at) / MINUTE))
    assert (waited, waiting.state, waiting.tries) == ([1, 5, 30, 120, 720, 0], "given_up", 6)
    assert (waiting.error, waiting.status, len({got.headers["webhook-id"] for got in receiver.got})) == (
        "status",
        500,
        1,
    )
    assert sent(hook, receiver, at + DAY) == 0


def test_once_it_is_mended_it_arrives(waiting: Delivery, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = WRONG
    sent(hook, receiver)
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert sent(hook, receiver, NOW + MINUTE) == 1
    assert (fresh(waiting).state, waiting.error, waiting.status, waiting.tries) == ("sent", "", 200, 2)


@pytest.mark.parametrize(
    ("way", "answer", "error"),
    [
        ({"found": ["10.0.0.1"]}, b"", "inside"),
        ({"found": socket.gaierror("no")}, b"", "unknown"),
        ({"dead": ["93.184.216.34"]}, b"", "silent"),
        ({}, b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "redirect"),
        ({}, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "status"),
        ({}, b"HTTP/1.1 what\r\n\r\n", "garbled"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_why_it_did_not_arrive_is_a_sentence(
    way: dict[str, Any], answer: bytes, error: str, waiting: Delivery, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = answer
    sent(hook, receiver, way=Way(receiver, **way))
    assert (fresh(waiting).state, waiting.error, bool(delivering.TROUBLE[error])) == ("failed", error, True)


def test_a_record_that_cannot_be_read_holds_up_no_other(
    waiting: Delivery, hook: Webhook, staff: User, receiver: Receiver, monkeypatch: Any
) -> None:
    monkeypatch.setattr(delivering.events, "record", lambda noun, key: 1 / 0)
    assert (sent(hook, receiver), fresh(waiting).error, receiver.got) == (0, "other", [])
    monkeypatch.undo()
    assert sent(hook, receiver, NOW + MINUTE) == 1


def test_a_dead_receiver_costs_one_call_a_minute_however_much_waits(
    waiting: Delivery, hook: Webhook, staff: User, receiver: Receiver
) -> None:
    for _ in range(5):
        factories.make_project(staff)
    delivering.spread(NOW)
    receiver.answer = WRONG
    sent(hook, receiver)
    sent(hook, receiver, NOW + MINUTE / 2)
    assert (len(receiver.got), delivering.waiting_hooks(NOW + MINUTE / 2)) == (1, [])
    sent(hook, receiver, NOW + MINUTE)
    assert (len(receiver.got), delivering.waiting_hooks(NOW + 3 * MINUTE)) == (2, [hook.pk])


def test_a_turn_ends_after_so_many(hook: Webhook, staff: User, receiver: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(delivering, "PER_TURN", 2)
    for _ in range(3):
        webhooks.test(hook, by=staff, now=NOW)
    assert (sent(hook, receiver), sent(hook, receiver), sent(hook, receiver)) == (2, 1, 0)


# --- workers ---------------------------------------------------------------------------------------------------------
def test_what_one_worker_has_in_hand_no_other_takes(waiting: Delivery, hook: Webhook, receiver: Receiver) -> None:
    others: list[int] = []
    receiver.when_called = lambda: None
    taken = delivering._take(hook.pk, NOW)
    assert taken and taken.pk == waiting.pk
    others.append(sent(hook, receiver, NOW + MINUTE / 2))
    assert (others, receiver.got) == ([0], [])


def test_two_workers_without_a_lease_would_both_send_it(waiting: Delivery, hook: Webhook) -> None:
    """The negative control: who only looks for what waits finds it twice."""
    look = Delivery.objects.filter(state="waiting").first
    assert (look(), look()) == (waiting, waiting)
    assert (delivering._take(hook.pk, NOW), delivering._take(hook.pk, NOW)) == (waiting, None)


def test_what_a_killed_worker_had_is_taken_up_under_the_same_number(
    waiting: Delivery, hook: Webhook, receiver: Receiver
) -> None:
    dead = delivering._take(hook.pk, NOW)
    assert dead and sent(hook, receiver, NOW + delivering.LEASE) == 1
    assert (receiver.got[0].headers["webhook-id"], fresh(waiting).tries) == (str(dead.pk), 2)
    # It was only slow after all: what it says now is not heard any more.
    assert (delivering._settle(dead, None, "slow", NOW + 2 * MINUTE), fresh(waiting).state) == (False, "sent")


def test_what_kills_each_worker_is_given_up(waiting: Delivery, hook: Webhook, receiver: Receiver) -> None:
    at = NOW
    for _ in range(6):
        assert delivering._take(hook.pk, at)
        at += delivering.LEASE
    sent(hook, receiver, at)
    assert (fresh(waiting).state, waiting.error, receiver.got) == ("given_up", "worker", [])


# --- changes ---------------------------------------------------------------------------------------------------------
def test_a_change_is_written_down_in_its_transaction(hook: Webhook, staff: User) -> None:
    project = factories.make_project(staff, published=False)
    Event.objects.all().delete()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publishing.publish(project, by=staff)
        assert Event.objects.count() == 1
        raise ZeroDivisionError
    assert (Event.objects.count(), delivering.spread(NOW)) == (0, 0)


def test_a_change_is_spread_once_and_to_those_who_want_it(hook: Webhook, staff: User) -> None:
    days = {"now": timezone.now() - DAY}
    webhooks.add(by=staff, name="อื่น", address="https://b.test/", kinds=["innovation.published"], **days)
    paused = webhooks.add(by=staff, name="หยุด", address="https://c.test/", kinds=Told.values, **days)
    webhooks.pause(paused, by=staff)
    webhooks.add(by=staff, name="ทีหลัง", address="https://d.test/", kinds=Told.values, now=NOW)
    factories.make_project(staff)
    assert (delivering.spread(NOW), delivering.spread(NOW)) == (1, 0)
    assert Delivery.objects.get().webhook == hook


def test_a_change_that_nobody_understands_holds_up_no_other(hook: Webhook, staff: User) -> None:
    Event.objects.create(model="projects.gone", entry=1)
    Event.objects.create(model="projects.project", entry=10**9)
    factories.make_project(staff)
    assert (delivering.spread(NOW), Event.objects.count()) == (1, 0)


# --- a receiver that is gone -----------------------------------------------------------------------------------------
def test_after_days_without_an_answer_it_is_paused_and_the_desk_is_told(
    hook: Webhook, staff: User, receiver: Receiver
) -> None:
    receiver.answer, last = WRONG, NOW
    for hours in range(0, 73, 6):
        last = NOW + dt.timedelta(hours=hours)
        factories.make_project(staff)
        Event.objects.all().update(at=last)
        delivering.spread(last)
        assert hook_now(hook).active
        sent(hook, receiver, last)
    assert (hook_now(hook).active, last - NOW) == (False, 3 * DAY)
    letter = Letter.objects.get(kind="webhook_paused")
    assert (letter.user, f"/desk/webhooks/{hook.pk}/" in letter.text) == (staff, True)
    row = hook.history.first()
    assert (row.history_change_reason, row.history_user) == ("pause_failing", None)
    # It goes on when staff say so, and has its days anew.
    webhooks.resume(hook, by=staff, now=last)
    sent(hook, receiver, last + 2 * MINUTE)
    assert hook_now(hook).active


def hook_now(hook: Webhook) -> Webhook:
    return Webhook.objects.get(pk=hook.pk)


def test_one_message_that_arrives_begins_the_days_anew(hook: Webhook, staff: User, receiver: Receiver) -> None:
    for days, answer in ((0, WRONG), (2, b"HTTP/1.1 204 Fine\r\n\r\n"), (3, WRONG)):
        receiver.answer, at = answer, NOW + days * DAY
        factories.make_project(staff)
        Event.objects.all().update(at=at)
        delivering.spread(at)
        sent(hook, receiver, at)
    assert (hook_now(hook).active, Delivery.objects.failing_since(hook)) == (True, NOW + 3 * DAY)


def test_a_paused_webhook_is_told_tests_alone(
    waiting: Delivery, hook: Webhook, staff: User, receiver: Receiver
) -> None:
    webhooks.pause(hook, by=staff)
    test = webhooks.test(hook, by=staff, now=NOW)
    assert sent(hook, receiver) == 1
    assert (json.loads(receiver.got[0].body)["type"], fresh(test).state, fresh(waiting).state) == (
        "test",
        "sent",
        "waiting",
    )
