"""Links that let a colleague without an account fill in a report: the agency makes them and takes them back."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from agencies.api.columns import record
from agencies.api.keeping import Noun, Verb, by, door, ruled
from agencies.api.people import known
from agencies.api.records import RecordSerializer
from projects.models import ProgressUpdate, ReportLink
from projects.rules import links


class OfLink(RecordSerializer):
    """A link is seen by the people of its agency alone, and all of them keep it."""

    def is_inside(self, row: Any) -> bool:
        """Whoever sees it."""
        return True


def address_of(serializer: Any, row: ReportLink) -> str | None:
    """Where the colleague fills in the report; null once it opens nothing."""
    if row.revoked_at or row.ends_on < timezone.localdate():
        return None
    return settings.PORTAL_URL + reverse("public:fill", args=[links.token_of(row)])


LINKS = Noun(
    ReportLink,
    "link",
    begins=("update", "name", "ends_on"),
    add=links.make,
    may=ruled,
    reports=True,
    verbs=(Verb("revoke", links.revoke, "Take back", "From now on it opens nothing.", may=ruled),),
)
LinkSerializer = record(
    "ReportLinkSerializer",
    ReportLink,
    ("id", "update", "name", "ends_on", "made_by", "revoked_at", "last_used_at", "address", "demo", "version"),
    about="A link with which a named colleague without an account fills in one report.",
    base=OfLink,
    also={
        "made_by": serializers.CharField(source="made_by.name"),
        "address": serializers.SerializerMethodField(),
        "get_address": address_of,
    },
)
Links = door(
    LINKS,
    LinkSerializer,
    "links to reports",
    "Those of the own agencies.",
    filters={"update": by(ProgressUpdate)},
    signed_in=True,
    touched={"made_by": known},
)
DOORS: list[tuple[str, Any, str]] = [("links", Links, "link")]
