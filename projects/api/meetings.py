"""Meetings for other programs: the list with what each is, one meeting with all that it holds."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer, SourceNameSerializer
from projects.filters import MeetingFilter
from projects.models import (
    AgendaItem,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Project,
    PublishState,
    Resolution,
)


class PersonSerializer(serializers.ModelSerializer[MeetingPerson]):
    """Somebody who took part, named as the documents print it."""

    agency = NamedSerializer(allow_null=True)

    class Meta:
        model = MeetingPerson
        fields = ["name_th", "name_en", "role_th", "role_en", "also_written", "agency", "demo"]


class SessionSerializer(serializers.ModelSerializer[MeetingSession]):
    """A session of a conference."""

    class Meta:
        model = MeetingSession
        fields = ["title_th", "title_en", "demo"]


class PointSerializer(serializers.ModelSerializer[MeetingPoint]):
    """A point of interest, with the two-letter code of the country it comes from."""

    class Meta:
        model = MeetingPoint
        fields = ["country", "text_th", "text_en", "demo"]


class ResolutionSerializer(serializers.ModelSerializer[Resolution]):
    """A numbered opinion or decision."""

    concerns = NamedSerializer(many=True)

    class Meta:
        model = Resolution
        fields = ["id", "number", "text_th", "text_en", "concerns", "demo"]


class AgendaSerializer(serializers.ModelSerializer[AgendaItem]):
    """An item of the agenda; `parent` is the id of the item that it stands under."""

    parent: Any = serializers.IntegerField(source="parent_id", allow_null=True)
    presented_by = NamedSerializer(allow_null=True)
    resolutions = ResolutionSerializer(many=True)

    class Meta:
        model = AgendaItem
        fields = ["id", "number", "parent", "title_th", "title_en", "presented_by", "resolutions", "demo"]


class MeetingSerializer(RecordSerializer):
    """A meeting; a committee's has a series, a number and a year of the Buddhist Era (3/2564)."""

    series = NamedSerializer(allow_null=True)
    hosts = NamedSerializer(many=True)
    projects: Any = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True, help_text="Whose results were presented."
    )
    assignments = serializers.SerializerMethodField(help_text="Where its assignments are.")
    sources = SourceNameSerializer(many=True)

    class Meta:
        model = Meeting
        fields = [
            "key",
            "kind",
            "state",
            "series",
            "number",
            "year",
            "title_th",
            "title_en",
            "theme_th",
            "theme_en",
            "format_th",
            "format_en",
            "starts_on",
            "ends_on",
            "starts_at",
            "place_th",
            "place_en",
            "attendance_th",
            "attendance_en",
            "hosts",
            "projects",
            "assignments",
            "sources",
            "updated_at",
            "demo",
            "url",
            "version",
        ]

    def get_assignments(self, row: Meeting) -> str:
        """The list, filtered by this meeting."""
        return self.context["request"].build_absolute_uri(f"{reverse('api:assignment-list')}?meeting={row.key}")

    def page(self, row: Meeting) -> str | None:
        """Its own page, once it is published."""
        return reverse("public:meeting-detail", args=[row.key]) if row.state == PublishState.PUBLISHED else None


class WholeMeetingSerializer(MeetingSerializer):
    """A meeting with its agenda, people, sessions and points."""

    agenda = AgendaSerializer(many=True)
    people = PersonSerializer(many=True)
    sessions = SessionSerializer(many=True)
    points = PointSerializer(many=True)

    class Meta(MeetingSerializer.Meta):
        fields = [*MeetingSerializer.Meta.fields, "agenda", "people", "sessions", "points"]


class Meetings(RecordDoor):
    """What is published; staff see all."""

    filterset_class = MeetingFilter
    lookup_field = "key"
    things = "meetings"

    def get_serializer_class(self) -> type[MeetingSerializer]:
        """The list says what each meeting is; one meeting says all."""
        return WholeMeetingSerializer if self.action == "retrieve" else MeetingSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see; a project that they may not see is not named."""
        seen = Prefetch("projects", Project.objects.visible_to(self.person))
        rows = Meeting.objects.visible_to(self.person).select_related("series")
        rows = rows.prefetch_related("hosts", seen, "sources")
        if self.action != "retrieve":
            return rows
        return rows.prefetch_related(
            Prefetch("agenda", AgendaItem.objects.select_related("presented_by")),
            "agenda__resolutions__concerns",
            Prefetch("people", MeetingPerson.objects.select_related("agency")),
            "sessions",
            "points",
        )
