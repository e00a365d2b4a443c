"""Webhooks: staff keep them, renew their secret, send a test, send a delivery again; the portal pauses dead ones."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import desk_leads, require_desk
from agencies.models import User
from agencies.rules import records
from govlab import calling, letters
from govlab.addresses import REFUSALS, Refused
from govlab.history import hold, keep
from projects.models import Delivery, DeliveryState, Webhook
from projects.models.webhooks import MOST, TEST

PAUSED_AFTER = timedelta(days=3)
"""A webhook that took nothing for so long is paused."""
AGAIN = (DeliveryState.GIVEN_UP, DeliveryState.FAILED, DeliveryState.SENT)
"""States from which a delivery can be sent again."""


def require_callable(address: str) -> None:
    """Raises ValidationError at `address` unless it may be called now.

    It asks the network for the name, so it stands before the rules and not in their transactions; whoever comes in
    another way is stopped at the sending, where it is asked each time.
    """
    try:
        calling.check(address)
    except Refused as refusal:
        raise ValidationError({"address": REFUSALS[refusal.key]}) from None


@transaction.atomic
def add(*, by: User, now: datetime | None = None, **answers: Any) -> Webhook:
    """A new webhook; its `secret` is for the eyes of whoever sets up the receiver."""
    require_desk(by)
    if Webhook.objects.count() >= MOST:
        raise ValidationError(_("There are %(most)d webhooks already. Remove one first.") % {"most": MOST})
    now = now or timezone.now()
    return keep(Webhook(), "add", by=by, now=now, active_since=now, **answers)


@transaction.atomic
def edit(webhook: Webhook, *, by: User, version: int, **answers: Any) -> Webhook:
    """Changes its name, its address or what it is told."""
    return records.edit(webhook, by=by, version=version, **answers)


@transaction.atomic
def pause(webhook: Webhook, *, by: User) -> Webhook:
    """It is told nothing until it goes on; what happens meanwhile is not kept for it."""
    require_desk(by)
    held = hold(webhook)
    return keep(held, "pause", by=by, active=False) if held.active else held


@transaction.atomic
def resume(webhook: Webhook, *, by: User, now: datetime | None = None) -> Webhook:
    """It is told again what happens from now on, and what waited when it was paused."""
    require_desk(by)
    held = hold(webhook)
    return (
        held if held.active else keep(held, "resume", by=by, now=now, active=True, active_since=now or timezone.now())
    )


@transaction.atomic
def renew(webhook: Webhook, *, by: User) -> Webhook:
    """Gives it a new secret; from now on nothing is signed with the old one."""
    require_desk(by)
    held = hold(webhook)
    return keep(held, "renew", by=by, turn=held.turn + 1)


@transaction.atomic
def remove(webhook: Webhook, *, by: User, version: int | None = None) -> None:
    """Takes it out with its log, as it was read in this version."""
    records.remove(webhook, by=by, version=version)


@transaction.atomic
def test(webhook: Webhook, *, by: User, now: datetime | None = None) -> Delivery:
    """Puts a message that says nothing on its way, also to a webhook that is paused."""
    require_desk(by)
    held, now = hold(webhook), now or timezone.now()
    return Delivery.objects.create(webhook=held, kind=TEST, happened_at=now, next_try_at=now, created_at=now)


@transaction.atomic
def send_again(delivery: Delivery, *, by: User, now: datetime | None = None) -> Delivery:
    """Sends a delivery again, under the same number, with what is public now."""
    require_desk(by)
    held, now = hold(delivery), now or timezone.now()
    if held.state not in AGAIN or (held.taken_until and held.taken_until > now):
        raise ValidationError(_("This message is on its way already."), code="moment")
    held.state, held.tries, held.error, held.taken_until = DeliveryState.WAITING, 0, "", None
    held.status, held.ms, held.next_try_at, held.first_tried_at = None, None, now, None
    held.save()
    return held


@transaction.atomic
def pause_where_dead(webhook: Webhook, *, now: datetime) -> bool:
    """Pauses a webhook that has taken nothing for days, and tells whoever leads the desk; whether it did."""
    held = hold(webhook)
    since = Delivery.objects.failing_since(held) if held.active else None
    if since is None or now - since < PAUSED_AFTER:
        return False
    keep(held, "pause_failing", by=None, now=now, active=False)
    letters.write("webhook_paused", desk_leads(), asked=True, now=now, thing=held, days=PAUSED_AFTER.days)
    return True
