"""Several workers and several webhooks at the same moment, with real connections of their own."""

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from agencies.models import User
from govlab import outbox
from govlab.models import Event
from projects import delivering
from projects.models import Delivery
from projects.rules import webhooks
from tests import factories
from tests.receiver import Receiver, Way
from tests.test_concurrency import _connections_of_their_own, at_once  # noqa: F401
from tests.test_delivering import DAY, NOW, _plain, a_hook, sent  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_at_once_send_each_message_once(staff: User, receiver: Receiver) -> None:
    hook = a_hook(staff)
    for _ in range(6):
        webhooks.test(hook, by=staff, now=NOW)

    def work() -> None:
        while sent(hook, receiver):
            pass

    assert at_once([work, work]) == [None, None]
    numbers = [got.headers["webhook-id"] for got in receiver.got]
    assert (len(numbers), len(set(numbers))) == (6, 6)
    assert set(Delivery.objects.values_list("state", "tries")) == {("sent", 1)}


def test_a_slow_receiver_holds_up_neither_letters_nor_other_webhooks(
    staff: User, receiver: Receiver, monkeypatch: Any
) -> None:
    slow, other = a_hook(staff, "ช้า"), a_hook(staff, "เร็ว")
    for hook in (slow, other):
        webhooks.test(hook, by=staff)
    released, arrived = threading.Event(), threading.Event()

    def turn(hook: int, **_more: Any) -> int:
        released.wait(10) if hook == slow.pk else arrived.set()
        return 0

    monkeypatch.setattr(delivering, "send_turn", turn)
    turns = delivering.Turns()
    turns.begin()  # comes back although the slow one is still under way
    assert (arrived.wait(5), turns.under_way[slow.pk].is_alive(), outbox.send_due()) == (True, True, 0)
    first = turns.under_way[slow.pk]
    turns.begin()
    assert turns.under_way[slow.pk] is first  # one turn of a webhook at a time
    released.set()
    turns.finish()


def test_the_worker_spreads_sends_and_forgets(staff: User, receiver: Receiver, monkeypatch: Any) -> None:
    hook = a_hook(staff)
    old = webhooks.test(hook, by=staff, now=timezone.now() - 91 * DAY)
    old.state = "sent"
    old.save()
    factories.make_project(staff)
    monkeypatch.setattr(delivering.calling, "Network", lambda: Way(receiver).network)
    call_command("work", "--once")
    assert [got.headers["webhook-id"] for got in receiver.got] == [
        str(pk) for pk in Delivery.objects.values_list("pk", flat=True)
    ]
    assert (Event.objects.count(), Delivery.objects.filter(pk=old.pk).count()) == (0, 0)
