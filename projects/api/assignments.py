"""Assignments over the API: agencies answer, staff close, through the same rules as the pages."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.doors import RecordDoor, once, version_of
from agencies.api.filters import Known
from agencies.api.records import NamedSerializer, RecordSerializer
from agencies.api.schema import KEY, MATCH
from projects.filters import AssignmentFilter
from projects.models import Answer, Assignment, Meeting, PublishState
from projects.rules import assignments


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """What an agency says it did; only that agency and staff see it."""

    agency = NamedSerializer()

    class Meta:
        model = Answer
        fields = ["id", "agency", "text", "created_at", "demo"]


class ResolutionNumberSerializer(serializers.Serializer[Any]):
    """The resolution that asks."""

    id = serializers.IntegerField()
    number = serializers.CharField()


class AssignmentSerializer(RecordSerializer):
    """What a meeting asks of an agency; `resolution` is null where the meeting as a whole asks."""

    inside = ("closing_note", "version")

    meeting = serializers.CharField(source="meeting.key")
    resolution = ResolutionNumberSerializer(allow_null=True)
    agency = NamedSerializer()
    partners = NamedSerializer(many=True)
    answers = AnswerSerializer(many=True)
    closing_note = serializers.CharField(required=False)
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = Assignment
        fields = [
            "id",
            "meeting",
            "resolution",
            "agency",
            "partners",
            "text_th",
            "text_en",
            "due_on",
            "state",
            "answers",
            "closing_note",
            "closed_at",
            "steps",
            "demo",
            "url",
            "version",
        ]

    def is_asked(self, row: Assignment) -> bool:
        """Whether one of the person's agencies is asked, alone or with others."""
        asked = {row.agency_id, *(agency.pk for agency in row.partners.all())}
        return not asked.isdisjoint(self.context["view"].own)

    def is_inside(self, row: Assignment) -> bool:
        """The people of the agencies that are asked, and staff."""
        return super().is_inside(row) or self.is_asked(row)

    def get_steps(self, row: Assignment) -> list[str]:
        """The verbs that are open to this person."""
        # Whoever answered works for the agency, so the answer is among those that the person sees.
        answered = any(answer.author_id == self.person.pk for answer in row.answers.all())
        return assignments.open_steps(self.person, row, asked=self.is_asked(row), answered=answered)

    def page(self, row: Assignment) -> str | None:
        """The meeting's page, once it is published."""
        shown = row.meeting.state == PublishState.PUBLISHED
        return reverse("public:meeting-detail", args=[row.meeting.key]) if shown else None


class Said(serializers.Serializer[Any]):
    """What was done about it."""

    text = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class Note(serializers.Serializer[Any]):
    """With what result it is closed."""

    note = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class MeetingAssignmentFilter(AssignmentFilter):
    """Assignments as on the pages, and by meeting."""

    meeting = Known(lambda request: Meeting.objects.visible_to(request.user), "key")


class Assignments(RecordDoor):
    """Seen by whoever sees the meeting, and by the agencies that are asked."""

    serializer_class = AssignmentSerializer
    filterset_class = MeetingAssignmentFilter
    things = "assignments"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with the answers that they may see."""
        seen = Prefetch("answers", Answer.objects.visible_to(self.person).select_related("agency"))
        rows = Assignment.objects.visible_to(self.person).select_related("meeting", "resolution", "agency")
        return rows.prefetch_related(seen, "partners")

    @extend_schema(summary="Answer", request=Said, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def answer(self, request: Request, pk: int) -> Response:
        """An agency that is asked says what it did."""
        assignment, version = self.get_object(), version_of(request)
        assignments.answer(assignment, by=self.person, version=version, **self.asked(Said))
        return self.told(assignment)

    @extend_schema(summary="Close", request=Note, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def close(self, request: Request, pk: int) -> Response:
        """OPDC staff end it with a note."""
        assignment, version = self.get_object(), version_of(request)
        return self.told(assignments.close(assignment, by=self.person, version=version, **self.asked(Note)))

    @extend_schema(summary="Open again", request=None, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def reopen(self, request: Request, pk: int) -> Response:
        """OPDC staff take the closing back."""
        return self.told(assignments.reopen(self.get_object(), by=self.person, version=version_of(request)))
