"""The short lists that records choose from, for other programs."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.records import RecordSerializer, SourceNameSerializer
from projects.models import Facet, InnovationType, Lab, MeetingSeries, Principle, ServiceField

TABLES: dict[str, Any] = {
    "fields": ServiceField,
    "labs": Lab,
    "facets": Facet,
    "types": InnovationType,
    "series": MeetingSeries,
    "principles": Principle,
}


class LookupSerializer(RecordSerializer):
    """One choice of a short list."""

    url = None  # type: ignore[assignment]
    sources = SourceNameSerializer(many=True)
    demo = serializers.BooleanField()

    class Meta:
        model = Lab  # all of them have the same columns
        fields = ["key", "name_th", "name_en", "about_th", "about_en", "sources", "demo", "version"]


class Lookups(RecordDoor):
    """Everybody may read them; the table stands in the address."""

    serializer_class = LookupSerializer
    lookup_field = "key"
    touched = {"sources": None}
    things = "choices of a short list"

    def get_queryset(self) -> QuerySet[Any]:
        """All of one table, in the order that staff gave them."""
        return TABLES[self.kwargs.get("table", "labs")].objects.prefetch_related("sources")
