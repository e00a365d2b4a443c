"""The documents that facts come from."""

from typing import Any

from django.db.models import QuerySet

from agencies.api.doors import RecordDoor
from agencies.api.records import SourceSerializer
from agencies.models import Source


class Sources(RecordDoor):
    """Everybody may read them."""

    serializer_class = SourceSerializer
    lookup_field = "key"
    searched = ("key", "title_th", "title_en", "publisher_th", "publisher_en")
    things = "documents that facts come from"

    def get_queryset(self) -> QuerySet[Any]:
        """All, by key."""
        return Source.objects.order_by("key")
