"""Cohorts for other programs."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer, SourceNameSerializer
from govlab.thai import ce_year
from projects.models import Cohort


class CohortSerializer(RecordSerializer):
    """A year in which projects start together."""

    year = serializers.IntegerField(help_text="Buddhist Era.")
    year_ce = serializers.SerializerMethodField(help_text="Common Era.")
    supported_by = NamedSerializer(many=True)
    sources = SourceNameSerializer(many=True)

    class Meta:
        model = Cohort
        fields = ["year", "year_ce", "about_th", "about_en", "supported_by", "sources", "demo", "url", "version"]

    def get_year_ce(self, row: Cohort) -> int:
        """The same year of the Common Era."""
        return ce_year(row.year)

    def page(self, row: Cohort) -> str:
        """The list of its projects."""
        return f"{reverse('public:project-list')}?cohort={row.year}"


class Cohorts(RecordDoor):
    """Everybody may see every cohort."""

    serializer_class = CohortSerializer
    lookup_field = "year"
    searched = ("year", "about_th", "about_en")
    touched = {"supported_by": None, "sources": None}
    things = "cohorts"

    def get_queryset(self) -> QuerySet[Any]:
        """All, the newest first."""
        return Cohort.objects.prefetch_related("supported_by", "sources")
