"""The library of innovations for other programs."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer, SourceNameSerializer
from projects.api.touching import projects, team
from projects.filters import InnovationFilter
from projects.models import Innovation, Project, PublishState
from projects.models.innovations import TOLD


class InnovationSerializer(RecordSerializer):
    """An entry of the library; `country` is the two-letter code of ISO 3166."""

    agency = NamedSerializer(allow_null=True)
    project: Any = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    types = NamedSerializer(many=True)
    sources = SourceNameSerializer(many=True)

    class Meta:
        model = Innovation
        fields = [
            "id",
            "title_th",
            "title_en",
            *TOLD,
            "state",
            "agency",
            "project",
            "country",
            "types",
            "sources",
            "updated_at",
            "demo",
            "url",
            "version",
        ]

    def page(self, row: Innovation) -> str | None:
        """Its own page, once it is published."""
        return reverse("public:innovation-detail", args=[row.pk]) if row.state == PublishState.PUBLISHED else None


class Innovations(RecordDoor):
    """What is published; staff see all."""

    serializer_class = InnovationSerializer
    filterset_class = InnovationFilter
    touched = {"agency": None, "project": projects, "project__parts": team, "types": None, "sources": None}
    things = "innovations"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see; a project that they may not see is not named."""
        rows = Innovation.objects.visible_to(self.person).select_related("agency")
        seen = Prefetch("project", Project.objects.visible_to(self.person))
        return rows.prefetch_related(seen, "types", "sources")
