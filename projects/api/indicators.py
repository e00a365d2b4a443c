"""What projects are measured by, with the readings that the person may see."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django_filters import FilterSet
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.filters import Known
from agencies.api.records import RecordSerializer
from projects.api.names import DECIMAL
from projects.api.touching import measured, projects, sent, team
from projects.models import Indicator, Project, PublishState, Reading, UpdateState


class ReadingSerializer(serializers.Serializer[Any]):
    """One measured value, or why there is none, with the update it came with; only those of approved ones count."""

    happened_on = serializers.DateField(source="update.happened_on", allow_null=True)
    value = serializers.DecimalField(**DECIMAL, allow_null=True)
    unavailable = serializers.CharField(help_text="Why there is no value; empty when there is one.")
    state = serializers.ChoiceField(choices=UpdateState.choices, source="update.state", help_text="Of the update.")
    update: Any = serializers.IntegerField(source="update_id")
    demo = serializers.BooleanField()


class IndicatorSerializer(RecordSerializer):
    """A measure of one project; null where nobody stated it."""

    project = serializers.CharField(source="project.code")
    baseline = serializers.DecimalField(**DECIMAL, allow_null=True)
    target = serializers.DecimalField(**DECIMAL, allow_null=True)
    readings = ReadingSerializer(many=True)

    class Meta:
        model = Indicator
        fields = [
            "id",
            "project",
            "name_th",
            "name_en",
            "unit_th",
            "unit_en",
            "direction",
            "counting",
            "baseline",
            "target",
            "readings",
            "demo",
            "url",
            "version",
        ]

    def page(self, row: Indicator) -> str | None:
        """The project's page."""
        shown = row.project.state == PublishState.PUBLISHED
        return reverse("public:project-detail", args=[row.project.code]) if shown else None


class IndicatorFilter(FilterSet):
    """Indicators by project."""

    project = Known(lambda request: Project.objects.visible_to(request.user), "code")


class Indicators(RecordDoor):
    """An indicator is seen by whoever sees its project."""

    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    touched = {"project": projects, "project__parts": team, "readings": measured, "readings__update": sent}
    searched = ("name_th", "name_en", "unit_th", "unit_en", "project__code")
    things = "indicators"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with the readings that they may see."""
        readings = Reading.objects.visible_to(self.person).select_related("update")
        rows = Indicator.objects.visible_to(self.person).select_related("project")
        return rows.prefetch_related(Prefetch("readings", readings))
