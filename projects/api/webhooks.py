"""Webhooks and the log of what they were told, for programs of OPDC staff.

The secret stands in the answer that makes it, and nowhere else: it is put in after the transaction that notes an answer
for its Idempotency-Key, so that a repeated answer comes without it.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk
from agencies.api.columns import record, stepped
from agencies.api.doors import RecordDoor
from agencies.api.keeping import Noun, Verb, by, keeping
from govlab.api import KeyField
from govlab.filters import Choice, Filters
from projects.delivering import TROUBLE
from projects.models import Delivery, DeliveryState, Told, Webhook
from projects.models.webhooks import CHOOSE, KINDS
from projects.rules import webhooks

WEBHOOK = ("name", "address", "kinds")


def kinds(required: bool = False) -> serializers.Field:
    """What it is told, at least one thing."""
    return serializers.ListField(
        child=KeyField(choices=Told.choices),
        allow_empty=False,
        max_length=len(Told.choices),
        required=required,
        error_messages={"empty": CHOOSE},
        help_text="What it is told.",
    )


# --- webhooks --------------------------------------------------------------------------------------------------------
WEBHOOKS = Noun(
    Webhook,
    "webhook",
    columns=WEBHOOK,
    add=webhooks.add,
    edit=webhooks.edit,
    remove=webhooks.remove,
    asks={"kinds": kinds},
    verbs=(
        Verb(
            "pause",
            webhooks.pause,
            "Pause",
            "It is told nothing until it goes on; what happens meanwhile is not kept for it.",
            versioned=False,
        ),
        Verb(
            "resume",
            webhooks.resume,
            "Let it go on",
            "It is told again what happens from now on, and what waited when it was paused.",
            versioned=False,
        ),
        Verb(
            "renew",
            webhooks.renew,
            "Renew the secret",
            "From now on nothing is signed with the old secret. The new one stands in this answer alone.",
            versioned=False,
        ),
        Verb(
            "test",
            webhooks.test,
            "Send a test",
            "It goes out within a minute, also to a webhook that is paused; `deliveries/` says what became of it.",
            versioned=False,
        ),
    ),
)


def failing_since(serializer: Any, row: Webhook) -> datetime | None:
    """Since when everything that was sent to it failed."""
    since = Delivery.objects.failing_since(row)
    return since and timezone.localtime(since)


WebhookSerializer = record(
    "WebhookSerializer",
    Webhook,
    ("id", *WEBHOOK, "active", "active_since", "demo", "version"),
    about="A program elsewhere that is told what changes in public.",
    also={"kinds": serializers.ListField(child=serializers.ChoiceField(choices=Told.choices))},
)
WholeWebhookSerializer = record(
    "WholeWebhookSerializer",
    Webhook,
    (*WebhookSerializer.Meta.fields, "failing_since"),
    about="A webhook with how it fares.",
    base=WebhookSerializer,
    also={
        "failing_since": serializers.SerializerMethodField(
            help_text="Since when everything sent to it failed; null where the last message arrived."
        ),
        "get_failing_since": failing_since,
    },
)
WebhookWithSecretSerializer = record(
    "WebhookWithSecretSerializer",
    Webhook,
    (*WholeWebhookSerializer.Meta.fields, "secret"),
    about="A webhook with its secret, which is told this once; an answer that is repeated comes without it.",
    base=WholeWebhookSerializer,
    also={"secret": serializers.CharField(required=False, help_text="With it the receiver checks what is signed.")},
)
SHOWS_SECRET = ("create", "carry_out_renew")


class WebhookDoor(RecordDoor):
    """Only OPDC staff read and keep them."""

    permission_classes = [IsAuthenticated]
    filter_backends = (DjangoFilterBackend,)  # no copy of staff's own tools is kept elsewhere: no `updated_since`
    things = "webhooks"
    secret = ""
    """Made by this request."""
    refused: ValidationError | None = None
    """Why the address that was sent may not be called."""

    def get_queryset(self) -> QuerySet[Any]:
        """Staff see all."""
        return Webhook.objects.visible_to(self.person)

    def get_serializer_class(self) -> Any:
        """How it fares stands with one, not in the list."""
        return WebhookSerializer if self.action == "list" else WholeWebhookSerializer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Asks the network for the name in the address that was sent, before any transaction."""
        super().initial(request, *args, **kwargs)
        if self.action in ("create", "partial_update") and is_desk(self.person):
            self.refused = self.look_up(request.data)

    def look_up(self, sent: Any) -> ValidationError | None:
        """Why the address may not be called; None for one that may, and where the form itself refuses."""
        address = sent.get("address") if isinstance(sent, dict) else None
        if not isinstance(address, str) or not address.strip():
            return None
        known = Webhook.objects.filter(address=address.strip().replace("\0", "")).values_list("pk", flat=True)
        if self.kwargs.get("pk") in [str(pk) for pk in known]:  # as on the page: what stood there is not asked anew
            return None
        try:
            webhooks.require_callable(address.strip())
        except ValidationError as error:
            return error
        return None

    def asked(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The answers; raises ValidationError where the address may not be called."""
        answers = super().asked(serializer)
        if self.refused:
            raise self.refused
        return answers

    def told(self, thing: Any, status: int = 200) -> Response:
        """The webhook; what has just been made of its secret is put in at the end."""
        if self.action in SHOWS_SECRET:
            self.secret = self.get_queryset().get(pk=thing.pk).secret
        return super().told(thing, status)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """With the secret, once what made it is done."""
        if self.secret and response.status_code < 300:
            response.data = {**response.data, "secret": self.secret}
        return super().finalize_response(request, response, *args, **kwargs)


Webhooks = extend_schema_view(
    create=extend_schema(responses={201: WebhookWithSecretSerializer}),
    carry_out_renew=extend_schema(responses={200: WebhookWithSecretSerializer}),
)(keeping(WebhookDoor, WEBHOOKS))


# --- the log ---------------------------------------------------------------------------------------------------------
DELIVERIES = Noun(
    Delivery,
    "delivery",
    verbs=(
        Verb(
            "again",
            webhooks.send_again,
            "Send the message again",
            "It keeps its number, and tells what the public sees by then.",
            versioned=False,
        ),
    ),
)


def trouble(serializer: Any, row: Delivery) -> str:
    """Why the last try failed, in a sentence; empty where it did not."""
    return str(TROUBLE.get(row.error, ""))


def steps(serializer: Any, row: Delivery) -> list[str]:
    """What may be done with it."""
    return ["again"] if row.state in webhooks.AGAIN else []


DeliveryRecord = record(
    "DeliveryRecordSerializer",
    Delivery,
    (
        *("id", "webhook", "kind", "noun", "key", "state", "tries", "status", "ms", "error", "trouble"),
        *("happened_at", "next_try_at", "first_tried_at", "tried_at"),
    ),
    about="One thing that one webhook was told, kept for 90 days; its `id` is the `webhook-id` of the message.",
    also={
        "trouble": serializers.SerializerMethodField(help_text="Why the last try failed, in a sentence."),
        "get_trouble": trouble,
    },
)
DeliverySerializer = stepped(DeliveryRecord, steps, called="Delivery")
WholeDeliverySerializer = stepped(
    record(
        "WholeDeliveryRecordSerializer",
        Delivery,
        (*DeliveryRecord.Meta.fields, "body"),
        about="A delivery with what was sent.",
        base=DeliveryRecord,
        also={"body": serializers.CharField(help_text="As it was sent the last time; empty before.")},
    ),
    steps,
    called="WholeDelivery",
)


class DeliveryFilter(Filters):
    """The log by webhook, how far a delivery is, and what it tells."""

    webhook = by(Webhook)
    state = Choice(choices=DeliveryState.choices)
    kind = Choice(choices=KINDS)


class DeliveryDoor(RecordDoor):
    """Only OPDC staff read them; the newest comes first."""

    permission_classes = [IsAuthenticated]
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DeliveryFilter
    things = "deliveries of webhooks"

    def get_queryset(self) -> QuerySet[Any]:
        """Staff see all; in the list without what was sent."""
        rows = Delivery.objects.visible_to(self.person)
        return rows.defer("body") if self.action == "list" else rows

    def get_serializer_class(self) -> Any:
        """What was sent stands with one, not in the list."""
        return DeliverySerializer if self.action == "list" else WholeDeliverySerializer


DOORS: list[tuple[str, Any, str]] = [
    ("webhooks", Webhooks, "webhook"),
    ("deliveries", keeping(DeliveryDoor, DELIVERIES), "delivery"),
]
