"""Agencies for other programs."""

from typing import Any

from django.db.models import QuerySet

from agencies.api.doors import RecordDoor
from agencies.api.records import AgencySerializer
from agencies.filters import AgencyFilter
from agencies.models import Agency


class Agencies(RecordDoor):
    """Everybody may see every agency."""

    serializer_class = AgencySerializer
    filterset_class = AgencyFilter
    lookup_field = "key"
    touched = {"parent": None, "sources": None}
    things = "agencies"

    def get_queryset(self) -> QuerySet[Any]:
        """All, in Thai order."""
        return Agency.objects.select_related("parent").prefetch_related("sources")
