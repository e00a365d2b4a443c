"""Webhooks: programs elsewhere that are told what changed in public, and the log of what each was told."""

import base64
import hmac
import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Max, Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from govlab.addresses import LONGEST, REFUSALS, Refused, parse
from govlab.records import Record
from projects.models.base import DeskQuerySet

MOST = 20
"""So many webhooks are kept; each has a turn of its own."""


class Told(models.TextChoices):
    """What a webhook may be told of."""

    PROJECT_PUBLISHED = "project.published", _("A project is published")
    PROJECT_CHANGED = "project.changed", _("A published project changes")
    PROJECT_HIDDEN = "project.hidden", _("A project is taken off the public pages")
    UPDATE_APPROVED = "update.approved", _("A progress report is approved")
    MEETING_PUBLISHED = "meeting.published", _("A meeting is published")
    MINUTES_ADOPTED = "minutes.adopted", _("Minutes are adopted")
    RESOLUTION = "resolution.published", _("A resolution is published or its text changes")
    INNOVATION = "innovation.published", _("An innovation is published")
    CALL_OPENED = "call.opened", _("A question to the public opens")
    CALL_CLOSED = "call.closed", _("A question to the public ends")
    THEME_ANSWERED = "theme.answered", _("A team answers the public (you said, we did)")
    HIDDEN = "record.hidden", _("Anything but a project is taken off the public pages")


TEST = "test"
"""The kind of a delivery that staff send to see whether it arrives."""
KINDS = [*Told.choices, (TEST, _("Test"))]


CHOOSE = _("Choose at least one.")


def _no_kind() -> list[str]:
    return []


class Webhook(Record):
    """A program elsewhere; what it is told is signed with a secret that follows from `seed`, `turn` and SECRET_KEY."""

    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("Whose program it is, or what for."))
    address = models.CharField(
        _("address"),
        max_length=LONGEST,
        help_text=_("Begins with https:// and takes POST. It must be reachable over the public internet."),
    )
    kinds = models.JSONField(_("what it is told"), default=_no_kind)
    active = models.BooleanField(_("active"), default=True, editable=False)
    active_since = models.DateTimeField(_("active since"), default=timezone.now, editable=False)
    seed = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    turn = models.PositiveIntegerField(_("number of the secret"), default=1, editable=False)

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The address may be called as far as it can be told without the network, and each kind is one of ours."""
        super().clean()
        wrong: dict[str, Any] = {}
        try:
            if self.address:  # what is missing has its sentence already
                parse(self.address)
        except Refused as refusal:
            wrong["address"] = REFUSALS[refusal.key]
        if not isinstance(self.kinds, list) or not {*self.kinds} <= {*Told.values}:
            wrong["kinds"] = CHOOSE
        if wrong:
            raise ValidationError(wrong)
        self.kinds = [kind for kind in Told.values if kind in self.kinds]

    @property
    def secret(self) -> str:
        """The secret, as the receiver keeps it; a copy of the database alone does not give it away."""
        key = salted_hmac("projects.webhook", f"{self.seed}:{self.turn}", algorithm="sha256").digest()
        return f"whsec_{base64.b64encode(key).decode()}"

    def signed(self, number: str, at: int, body: bytes) -> dict[str, str]:
        """The headers by which the receiver knows who wrote (Standard Webhooks); `at` in seconds since 1970."""
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        made = hmac.digest(key, f"{number}.{at}.".encode() + body, "sha256")
        return {
            "webhook-id": number,
            "webhook-timestamp": str(at),
            "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
        }


class DeliveryState(models.TextChoices):
    """How far a delivery is."""

    WAITING = "waiting", _("Waiting to be sent")
    FAILED = "failed", _("Waiting to be tried again")
    GIVEN_UP = "given_up", _("Given up")
    SENT = "sent", _("Received")


OPEN = (DeliveryState.WAITING, DeliveryState.FAILED)
"""States in which it is still to be sent."""


class DeliveryQuerySet(DeskQuerySet):
    """Questions asked about deliveries."""

    def due(self, now: datetime) -> Self:
        """Those whose moment has come and that no worker has in hand; of a paused webhook the tests alone."""
        free = Q(taken_until=None) | Q(taken_until__lte=now)
        heard = Q(webhook__active=True) | Q(kind=TEST)
        return self.filter(free, heard, state__in=OPEN, next_try_at__lte=now).order_by(
            "next_try_at", "happened_at", "pk"
        )

    def untouched(self) -> Self:
        """Those that no worker has begun with: what they say is not read yet."""
        return self.filter(state=DeliveryState.WAITING, tries=0, taken_until=None)

    def failing_since(self, webhook: Webhook) -> datetime | None:
        """Since when everything sent to this webhook failed; None where the last one arrived."""
        own = self.filter(webhook=webhook).exclude(kind=TEST)
        arrived = own.filter(state=DeliveryState.SENT).aggregate(last=Max("tried_at"))["last"]
        failed = own.filter(tried_at__gt=max(filter(None, (arrived, webhook.active_since))), tries__gt=0)
        failed = failed.exclude(state=DeliveryState.SENT).exclude(error="")
        began: datetime | None = failed.aggregate(first=Min("first_tried_at"))["first"]
        return began and max(began, webhook.active_since)


class Delivery(models.Model):
    """One thing that one webhook is told; kept as a log for a time."""

    KEPT = timedelta(days=90)
    """How long it stands in the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    """Also the `webhook-id`: the same at each try, so that the receiver knows what it has already."""
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=30, choices=KINDS)
    noun = models.CharField(max_length=20, blank=True)
    """What kind of record it is about, as the API names it."""
    key = models.CharField(max_length=100, blank=True)
    """The record's name in the API's address."""
    once = models.CharField(max_length=120, blank=True)
    """What it must not be told twice; empty where each one counts."""
    body = models.TextField(blank=True)
    """As it was sent the last time; read anew at each try, so that nothing leaves that was hidden meanwhile."""
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    """What the receiver answered to the last try; None when it did not answer."""
    ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    """Why the last try failed: a key of `projects.delivering.TROUBLE`."""
    happened_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    """Until when a worker has it in hand; one that died leaves it to the next."""
    first_tried_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["state", "next_try_at"], name="deliveries_to_send"),
            models.Index(F("webhook"), F("happened_at").desc(), name="deliveries_of_a_webhook"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "once"], condition=~Q(once=""), name="told_once"),
        ]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return " · ".join(filter(None, (str(self.get_kind_display()), self.key)))
