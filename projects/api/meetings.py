"""Meetings for other programs: the list with what each is, one meeting with all that it holds."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.access import is_desk
from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer, SourceNameSerializer
from projects.api.agendas import AgendaSerializer, SeenMeetingField, items
from projects.api.touching import projects, published, team
from projects.filters import MeetingFilter
from projects.models import (
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Project,
    PublishState,
    Takes,
)
from projects.models.agenda import number_key
from projects.models.meetings import AFTER


class PersonSerializer(serializers.ModelSerializer[MeetingPerson]):
    """Somebody who took part, named as the documents print it."""

    agency = NamedSerializer(allow_null=True)

    class Meta:
        model = MeetingPerson
        fields = ["name_th", "name_en", "role_th", "role_en", "also_written", "agency", "part", "presence", "demo"]


class SpeakerSerializer(serializers.ModelSerializer[MeetingPerson]):
    """Who speaks in a session."""

    class Meta:
        model = MeetingPerson
        fields = ["name_th", "name_en", "role_th", "role_en"]


class SessionSerializer(serializers.ModelSerializer[MeetingSession]):
    """A session of a conference; the place is its room."""

    speakers = SpeakerSerializer(many=True)

    class Meta:
        model = MeetingSession
        fields = [
            "id",
            "title_th",
            "title_en",
            "day",
            "starts_at",
            "ends_at",
            "place_th",
            "place_en",
            "speakers",
            "demo",
        ]


class PointSerializer(serializers.ModelSerializer[MeetingPoint]):
    """A point of interest, with the two-letter code of its country and the id of the session that brought it up."""

    session: Any = serializers.IntegerField(source="session_id", allow_null=True)

    class Meta:
        model = MeetingPoint
        fields = ["session", "country", "text_th", "text_en", "demo"]


class MeetingSerializer(RecordSerializer):
    """A meeting; a committee's has a series, a number and a year of the Buddhist Era (3/2564)."""

    series = NamedSerializer(allow_null=True)
    hosts = NamedSerializer(many=True)
    projects: Any = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True, help_text="Whose results were presented."
    )
    assignments = serializers.SerializerMethodField(help_text="Where its assignments are.")
    sources = SourceNameSerializer(many=True)
    adopted_in = SeenMeetingField(help_text="The meeting that adopted its minutes; null when it was done by letter.")

    class Meta:
        model = Meeting
        fields = [
            "key",
            "kind",
            "state",
            "phase",
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
            "ends_at",
            "began_at",
            "ended_at",
            "adopted_on",
            "adopted_in",
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

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The meeting with its items in the order of reading; each names the one above it."""
        data = super().to_representation(instance)
        data.get("agenda", []).sort(key=lambda row: number_key(row["number"]))
        return data


class Meetings(RecordDoor):
    """What is published; staff see all."""

    filterset_class = MeetingFilter
    touched = {
        "series": None,
        "hosts": None,
        "projects": projects,
        "projects__parts": team,
        "sources": None,
        "adopted_in": published,
    }
    lookup_field = "key"
    things = "meetings"

    def get_serializer_class(self) -> type[MeetingSerializer]:
        """The list says what each meeting is; one meeting says all."""
        return WholeMeetingSerializer if self.action == "retrieve" else MeetingSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see; a project that they may not see is not named."""
        seen = Prefetch("projects", Project.objects.visible_to(self.person))
        rows = Meeting.objects.visible_to(self.person).select_related("series", "adopted_in")
        rows = rows.prefetch_related("hosts", seen, "sources")
        if self.action != "retrieve":
            return rows
        people = MeetingPerson.objects.visible_to(self.person).select_related("agency")
        if not is_desk(self.person):  # who is called to a meeting is known once it was held; who speaks, before
            people = people.filter(Q(meeting__phase__in=AFTER) | Q(part=Takes.SPEAKER))
        sessions = MeetingSession.objects.visible_to(self.person).prefetch_related("speakers")
        return rows.prefetch_related(
            Prefetch("agenda", items(self.person)),
            Prefetch("people", people),
            Prefetch("sessions", sessions),
            Prefetch("points", MeetingPoint.objects.visible_to(self.person)),
        )
