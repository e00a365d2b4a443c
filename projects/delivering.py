"""Webhooks are told what happened: each change becomes deliveries, each delivery goes out at least once.

change ──spread──▶ waiting ──take──▶ (under way) ──▶ sent
                      ▲                  │
                      └── failed ◀───────┴──▶ given up, after the last pause

Each webhook has a turn of its own, in a thread of its own: a receiver that is slow or dead delays nobody else.
"""

import http.client
import json
import logging
import ssl
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govlab import calling
from govlab.addresses import REFUSALS, Refused
from govlab.calling import Answer, Network
from govlab.models import Event
from govlab.thai import BANGKOK
from projects import events, happened
from projects.events import News
from projects.models import Call, Delivery, DeliveryState, Told, Webhook
from projects.models.webhooks import OPEN, TEST
from projects.rules import webhooks

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 12 * 60)]
"""How long a delivery waits after each try that failed; one more failure ends it."""
LEASE = timedelta(minutes=1)
"""So long a worker has a delivery to itself; longer than any call takes."""
REST = timedelta(minutes=1)
"""So long a webhook is left alone after a failure, whatever else waits for it."""
PER_TURN = 20
"""Deliveries of one webhook that go out in one turn."""
AT_ONCE, PER_LOOK = 100, 2000
"""Changes that are looked at in one transaction, and in one round of the worker, which has letters to send as well."""
BACK = timedelta(days=7)
"""How far back a worker that stood still tells of the days of calls."""

TROUBLE: dict[str, Any] = {
    **REFUSALS,
    "certificate": _("The certificate of the receiver is not valid for its name."),
    "tls": _("No encrypted connection could be agreed with the receiver."),
    "slow": _("The receiver did not answer within 10 seconds."),
    "silent": _("The receiver could not be reached."),
    "garbled": _("The receiver's answer could not be understood."),
    "redirect": _("The receiver points to another address. Enter that one here."),
    "status": _("The receiver refused it."),
    "worker": _("The portal was stopped each time it tried to send this."),
    "other": _("The portal could not put the message together."),
}
"""Why a delivery did not arrive. What the receiver says itself is not kept."""
RAISED = (
    (ssl.SSLCertVerificationError, "certificate"),
    (TimeoutError, "slow"),
    (ssl.SSLError, "tls"),
    (OSError, "silent"),
    (http.client.HTTPException, "garbled"),
)

log = logging.getLogger(__name__)


# --- a change becomes deliveries -------------------------------------------------------------------------------------
def spread(now: datetime | None = None) -> int:
    """Turns the changes that wait, PER_LOOK at most, into deliveries to those who want them; how many that makes."""
    made = 0
    for _batch in range(PER_LOOK // AT_ONCE):
        some = _spread_some(now or timezone.now())
        if some is None:
            break
        made += some
    return made


@transaction.atomic
def _spread_some(now: datetime) -> int | None:
    changes = list(Event.objects.select_for_update(skip_locked=True).order_by("pk")[:AT_ONCE])
    if not changes:
        return None
    hooks, made = list(Webhook.objects.filter(active=True)), 0
    for change in changes if hooks else ():
        try:
            with transaction.atomic():
                made += sum(tell(hooks, news, change.at, now) for news in events.told_by(change))
        except (LookupError, ValueError, AttributeError, TypeError):  # one that nobody understands holds up no other
            log.exception("no webhook is told of %s", change)
    Event.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return made


def tell(hooks: Iterable[Webhook], news: News, at: datetime, now: datetime, once: str = "") -> int:
    """A delivery for each of these webhooks that wants such news and was there at the time; how many."""
    return sum(
        _tell(hook, news, at, now, once) for hook in hooks if news.kind in hook.kinds and hook.active_since <= at
    )


def _tell(hook: Webhook, news: News, at: datetime, now: datetime, once: str) -> int:
    own = Delivery.objects.filter(webhook=hook)
    about = own.filter(noun=news.noun, key=news.key)
    # What waits is read when it goes out, so it tells of this change as well.
    same = {news.kind, Told.PROJECT_PUBLISHED} if news.kind == Told.PROJECT_CHANGED else {news.kind}
    if (once and own.filter(once=once).exists()) or (not once and about.untouched().filter(kind__in=same).exists()):
        return 0
    if news.kind == Told.PROJECT_PUBLISHED:
        about.untouched().filter(kind=Told.PROJECT_CHANGED).delete()
    try:
        with transaction.atomic():
            Delivery.objects.create(
                webhook=hook,
                kind=news.kind,
                noun=news.noun,
                key=news.key,
                once=once,
                happened_at=at,
                next_try_at=now,
                created_at=now,
            )
    except IntegrityError:
        if once and own.filter(once=once).exists():  # another worker told it at the same moment
            return 0
        raise
    return 1


def tell_of_calls(now: datetime | None = None) -> int:
    """Tells of the calls that open and end by the day alone; how many deliveries that makes."""
    now = now or timezone.now()
    hooks = [
        hook for hook in Webhook.objects.filter(active=True) if {Told.CALL_OPENED, Told.CALL_CLOSED} & {*hook.kinds}
    ]
    if not hooks:
        return 0
    today, made = timezone.localdate(now), 0
    opened = {
        int(row["n_pk"]): row["n_at"]
        for row in happened.rows(most=AT_ONCE, kind="call", newest="at", since=now - BACK, until=now)
    }
    for call in Call.objects.public().open(today).filter(pk__in=opened):
        news = News(Told.CALL_OPENED, "call", str(call.pk))
        made += tell(hooks, news, opened[call.pk], now, f"{news.kind}:{call.pk}")
    for call in Call.objects.public().filter(closes_on__lt=today, closes_on__gte=today - BACK):
        news = News(Told.CALL_CLOSED, "call", str(call.pk))
        ended = datetime.combine(call.closes_on + timedelta(days=1), time(), BANGKOK)
        made += tell(hooks, news, ended, now, f"{news.kind}:{call.pk}:{call.closes_on}")
    return made


# --- a delivery goes out ---------------------------------------------------------------------------------------------
def waiting_hooks(now: datetime) -> list[int]:
    """The numbers of the webhooks for which something is due."""
    return sorted(set(_due(now).values_list("webhook", flat=True)))


def _due(now: datetime) -> Any:
    resting = Delivery.objects.filter(state=DeliveryState.FAILED, tried_at__gt=now - REST).values("webhook")
    return Delivery.objects.due(now).exclude(webhook__in=resting)


def send_turn(
    hook: int,
    *,
    network: Network | None = None,
    clock: Callable[[], datetime] = timezone.now,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Sends what is due to one webhook, until one does not arrive; how many arrived."""
    sent = 0
    while sent < PER_TURN and not stop() and (delivery := _take(hook, clock())):
        answer, trouble = _hand_over(delivery, network, clock)
        if not _settle(delivery, answer, trouble, clock()):
            break
        sent += 1
    return sent


@transaction.atomic
def _take(hook: int, now: datetime) -> Delivery | None:
    """The next delivery of the webhook, marked as under way for a time, so that no other worker sends it too."""
    due = _due(now).filter(webhook=hook).select_related("webhook")
    delivery: Delivery | None = due.select_for_update(skip_locked=True, of=("self",)).first()
    if delivery:
        delivery.tries, delivery.taken_until, delivery.tried_at = delivery.tries + 1, now + LEASE, now
        delivery.first_tried_at = delivery.first_tried_at or now
        delivery.save(update_fields=["tries", "taken_until", "tried_at", "first_tried_at"])
    return delivery


def body_of(delivery: Delivery) -> bytes:
    """What the receiver is told: of a record that is not public any more its name alone."""
    data: dict[str, Any] = {"message": "This is a test."}
    if delivery.kind != TEST:
        found = events.record(delivery.noun, delivery.key)
        data = {"noun": delivery.noun, "key": delivery.key, "hidden": found is None}
        data |= {} if found is None else {"record": found}
    told = {"type": delivery.kind, "timestamp": delivery.happened_at.astimezone(BANGKOK).isoformat(), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder).encode()


def _hand_over(delivery: Delivery, network: Network | None, clock: Callable[[], datetime]) -> tuple[Answer | None, str]:
    """Posts it; the answer where there was one, and a key of TROUBLE where it did not arrive."""
    if delivery.tries > len(PAUSES) + 1:
        return None, "worker"
    try:
        body = body_of(delivery)
    except Exception:  # whatever it is, this delivery waits and the others go on
        log.exception("delivery %s could not be put together", delivery.pk)
        return None, "other"
    delivery.body = body.decode()
    delivery.save(update_fields=["body"])
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "GovLab-Webhooks/1",
        **delivery.webhook.signed(str(delivery.pk), int(clock().timestamp()), body),
    }
    try:
        answer = calling.post(delivery.webhook.address, headers, body, network)
    except Refused as refusal:
        return None, refusal.key
    except (OSError, http.client.HTTPException) as error:
        return None, next(key for kind, key in RAISED if isinstance(error, kind))
    if 200 <= answer.status < 300:
        return answer, ""
    return answer, "redirect" if 300 <= answer.status < 400 else "status"


@transaction.atomic
def _settle(delivery: Delivery, answer: Answer | None, trouble: str, now: datetime) -> bool:
    """Keeps what came of a try; whether the delivery arrived."""
    mine = {"pk": delivery.pk, "tries": delivery.tries, "taken_until": delivery.taken_until}
    held = Delivery.objects.select_for_update().filter(**mine).first()
    if held is None:  # it took so long that another worker has it now
        return False
    final = trouble == "worker" or held.tries > len(PAUSES)
    failed = DeliveryState.GIVEN_UP if final else DeliveryState.FAILED
    held.state, held.error, held.taken_until = failed if trouble else DeliveryState.SENT, trouble, None
    held.status, held.ms = (answer.status, answer.ms) if answer else (None, None)
    if held.state == DeliveryState.FAILED:
        held.next_try_at = now + PAUSES[held.tries - 1]
    held.save()
    if trouble and held.kind != TEST:
        webhooks.pause_where_dead(delivery.webhook, now=now)
    return not trouble


class Turns:
    """The turns that are under way in this process, one for each webhook at most."""

    def __init__(self, stop: Callable[[], bool] = lambda: False) -> None:
        self.stop, self.under_way = stop, dict[int, threading.Thread]()

    def begin(self) -> None:
        """Looks what changed, and begins the turn of each webhook for which something is due; waits for none."""
        spread()
        for hook in waiting_hooks(timezone.now()):
            running = self.under_way.get(hook)
            if running is None or not running.is_alive():
                self.under_way[hook] = threading.Thread(target=self._turn, args=(hook,), daemon=True)
                self.under_way[hook].start()

    def finish(self) -> None:
        """Waits for the turns that are under way."""
        for turn in self.under_way.values():
            turn.join()

    def _turn(self, hook: int) -> None:
        try:
            send_turn(hook, stop=self.stop)
        except Exception:  # the delivery in hand is free again when its time is over
            log.exception("the turn of webhook %s broke off", hook)
        finally:
            connections.close_all()


def forget(now: datetime | None = None) -> int:
    """Takes out of the log what is settled and old; how many."""
    old = Delivery.objects.filter(created_at__lt=(now or timezone.now()) - Delivery.KEPT)
    return old.exclude(state__in=OPEN).delete()[0]
