"""What a meeting holds, as other programs read it: agenda items with their resolutions and papers, and what came back.

Everything that stands under something is found through `visible_to`: `items` and `came_back` say how.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.access import is_desk
from agencies.api.records import NamedSerializer, RecordSerializer
from projects.models import AgendaItem, AssignmentState, FollowUp, Meeting, Paper, Project, PublishState, Resolution


@extend_schema_field({"type": ["string", "null"]})
class SeenMeetingField(serializers.Field[Any, Any, Any, Any]):
    """The key of a meeting; null where the person may not see it."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(read_only=True, **extra)

    def to_representation(self, value: Meeting) -> str | None:
        """Staff read every key, everybody else those of published meetings."""
        seen = value.state == PublishState.PUBLISHED or is_desk(self.context["request"].user)
        return value.key if seen else None


class PaperSerializer(serializers.ModelSerializer[Paper]):
    """A file attached to an agenda item: its size in bytes, its SHA-256 in hex, the address of its bytes."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Paper
        fields = ["id", "name", "kind", "size", "sha256", "url", "demo"]

    def get_url(self, row: Paper) -> str:
        """Where it is downloaded."""
        return self.context["request"].build_absolute_uri(reverse("public:evidence", args=[row.pk]))


class ResolutionSerializer(serializers.ModelSerializer[Resolution]):
    """A numbered opinion or decision."""

    concerns = NamedSerializer(many=True)

    class Meta:
        model = Resolution
        fields = ["id", "number", "text_th", "text_en", "concerns", "demo"]


class FollowUpSerializer(RecordSerializer):
    """An assignment of an earlier meeting that came up again: where it comes from, how it stood, what was said."""

    inside = ("was_percent",)

    meeting = SeenMeetingField(help_text="At which it came up.")
    assignment: Any = serializers.IntegerField(source="assignment_id")
    origin = SeenMeetingField(source="assignment.meeting", help_text="The meeting that asked for it.")
    resolution: Any = serializers.IntegerField(
        source="assignment.resolution_id", allow_null=True, help_text="The resolution that asked for it."
    )
    agency = NamedSerializer(source="assignment.agency")
    was = serializers.ChoiceField(
        choices=AssignmentState.choices, allow_blank=True, help_text="Its state at the meeting."
    )
    was_percent: Any = serializers.IntegerField(
        required=False,
        allow_null=True,
        help_text="Only for staff: how much the agency said was done by the meeting, in percent.",
    )
    state = serializers.CharField(source="assignment.state", help_text="Its state now.")
    closed_here = serializers.SerializerMethodField(help_text="Whether this meeting closed it.")

    class Meta:
        model = FollowUp
        fields = [
            "id",
            "meeting",
            "assignment",
            "origin",
            "resolution",
            "agency",
            "note",
            "was",
            "was_due_on",
            "was_percent",
            "state",
            "closed_here",
            "demo",
        ]

    def get_closed_here(self, row: FollowUp) -> bool:
        """Whether it was closed at the meeting at which it came up."""
        return row.assignment.closed_in_id == row.meeting_id


class AgendaSerializer(RecordSerializer):
    """An item of the agenda; `parent` is the id of the item that it stands under."""

    inside = ("shown",)

    parent: Any = serializers.IntegerField(source="parent_id", allow_null=True)
    presented_by = NamedSerializer(allow_null=True)
    projects: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    adopts = SeenMeetingField(help_text="The meeting whose minutes are to be adopted.")
    discussion = serializers.SerializerMethodField(help_text="Empty where it is not public.")
    shown = serializers.IntegerField(
        required=False, help_text="Only for staff: how much of it is public, from 0 (nothing) to 3 (everything)."
    )
    papers = PaperSerializer(many=True)
    resolutions = ResolutionSerializer(many=True)
    follow_ups = FollowUpSerializer(many=True)

    class Meta:
        model = AgendaItem
        fields = [
            "id",
            "number",
            "parent",
            "kind",
            "title_th",
            "title_en",
            "presented_by",
            "presenter",
            "projects",
            "adopts",
            "discussion",
            "shown",
            "papers",
            "resolutions",
            "follow_ups",
            "demo",
        ]

    @extend_schema_field(str)
    def get_discussion(self, row: AgendaItem) -> str:
        """What was said, as far as the person may read it."""
        return row.discussion if is_desk(self.person) else row.public_discussion


def came_back(person: Any) -> QuerySet[FollowUp]:
    """The follow-ups that the person may see, with what is said about each."""
    rows = FollowUp.objects.visible_to(person)
    return rows.select_related("meeting", "assignment__meeting", "assignment__agency")


def items(person: Any) -> QuerySet[AgendaItem]:
    """The items of meetings that the person may see, with all that they may see of them."""
    rows = AgendaItem.objects.visible_to(person).select_related("meeting", "presented_by", "adopts")
    return rows.prefetch_related(
        Prefetch("projects", Project.objects.visible_to(person).order_by("code")),
        Prefetch("papers", Paper.objects.visible_to(person)),
        Prefetch("resolutions", Resolution.objects.visible_to(person).prefetch_related("concerns")),
        Prefetch("follow_ups", came_back(person)),
    )
