"""The public ledger for other programs: what meetings resolved, what that asks of whom, what later meetings said."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer
from projects.api.agendas import FollowUpSerializer, SeenMeetingField, came_back
from projects.api.touching import came_up, numbered, projects, published, team
from projects.filters import ResolutionFilter
from projects.models import AgendaItem, Assignment, Project, PublishState, Resolution, Shown


class ItemNameSerializer(serializers.ModelSerializer[AgendaItem]):
    """The agenda item that it stands under."""

    projects: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = AgendaItem
        fields = ["id", "number", "title_th", "title_en", "projects"]


class WorkSerializer(serializers.ModelSerializer[Assignment]):
    """What it asks of an agency; `assignments/<id>/` says more to those who are asked."""

    agency = NamedSerializer()
    partners = NamedSerializer(many=True)
    projects: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    closed_in = SeenMeetingField(help_text="The meeting that closed it.")
    follow_ups = FollowUpSerializer(many=True)

    class Meta:
        model = Assignment
        fields = [
            "id",
            "agency",
            "partners",
            "text_th",
            "text_en",
            "projects",
            "due_on",
            "state",
            "closed_at",
            "closed_in",
            "follow_ups",
            "demo",
        ]


class RecordedResolutionSerializer(RecordSerializer):
    """A numbered opinion or decision of a meeting, and what became of it."""

    meeting = serializers.CharField(source="meeting.key")
    item = ItemNameSerializer()
    concerns = NamedSerializer(many=True)
    assignments = WorkSerializer(many=True)

    class Meta:
        model = Resolution
        fields = [
            "id",
            "number",
            "meeting",
            "item",
            "text_th",
            "text_en",
            "concerns",
            "assignments",
            "updated_at",
            "demo",
            "url",
            "version",
        ]

    def page(self, row: Resolution) -> str | None:
        """Its own page, where visitors see it."""
        published = row.meeting.state == PublishState.PUBLISHED and row.meeting.took_place
        seen = published and row.item.shown >= Shown.RESOLUTIONS
        return reverse("public:resolution-detail", args=[row.pk]) if seen else None


class Resolutions(RecordDoor):
    """What published meetings resolved, the newest meeting first; staff see all."""

    serializer_class = RecordedResolutionSerializer
    filterset_class = ResolutionFilter
    touched = {
        "meeting": published,
        "meeting__agenda": numbered,
        "item": None,
        "item__resolutions": None,
        "item__projects": projects,
        "item__projects__parts": team,
        "concerns": None,
        "assignments": None,
        "assignments__agency": None,
        "assignments__partners": None,
        "assignments__projects": projects,
        "assignments__projects__parts": team,
        "assignments__closed_in": published,
        "assignments__follow_ups": came_up,
        "assignments__follow_ups__meeting": published,
        "assignments__follow_ups__item": None,
    }
    things = "resolutions"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with as much about them as they may see."""
        projects = Project.objects.visible_to(self.person).order_by("code")
        asked = Assignment.objects.visible_to(self.person).select_related("agency", "closed_in")
        work = asked.prefetch_related(
            "partners", Prefetch("projects", projects), Prefetch("follow_ups", came_back(self.person))
        )
        rows = Resolution.objects.visible_to(self.person).select_related("meeting", "item")
        rows = rows.prefetch_related("concerns", Prefetch("item__projects", projects), Prefetch("assignments", work))
        return rows.order_by("-meeting__starts_on", "-meeting_id", "item__position", "position", "pk")
