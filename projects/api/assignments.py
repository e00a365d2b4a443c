"""What agencies are asked, over the API, and what they say to it; what staff decide is in `decisions`."""

from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk
from agencies.api.doors import RecordDoor, once, version_of
from agencies.api.records import NamedSerializer, RecordSerializer
from agencies.api.schema import KEY, MATCH
from govlab.api import DayField, JsonParser
from projects.api.evidence import AnswerFileSerializer, taken_in
from projects.api.touching import answered, came_up, meetings, numbered, own, projects, published, team
from projects.filters import AssignmentFilter
from projects.forms.evidence import MOST_FILES
from projects.models import Answer, Assignment, FollowUp, Project, PublishState
from projects.rules import assignments

ANSWERED_AS = {"attach": "files"}
"""What the rules call otherwise than the API."""


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """What an agency says it did, why it needs more time or objects; only that agency and staff see it."""

    agency = NamedSerializer()
    files = AnswerFileSerializer(many=True)

    class Meta:
        model = Answer
        fields = [
            "id",
            "agency",
            "kind",
            "text",
            "percent",
            "done_on",
            "wanted_on",
            "files",
            "created_at",
            "demo",
        ]


class ResolutionNumberSerializer(serializers.Serializer[Any]):
    """The resolution that asks."""

    id = serializers.IntegerField()
    number = serializers.CharField()


class AssignmentSerializer(RecordSerializer):
    """What a meeting asks of an agency; `resolution` is null where the meeting as a whole asks."""

    inside = ("responsible", "word", "given_on", "contest_until", "closing_note", "version")

    meeting = serializers.CharField(source="meeting.key")
    resolution = ResolutionNumberSerializer(allow_null=True)
    agency = NamedSerializer()
    partners = NamedSerializer(many=True)
    projects = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)  # type: ignore[var-annotated]
    responsible = serializers.CharField(required=False, help_text="The person responsible, where one is known.")
    word = serializers.CharField(required=False, help_text="What staff said with their last step.")
    percent = serializers.IntegerField(required=False, allow_null=True, help_text="How much is done; for staff alone.")
    given_on = serializers.DateField(required=False, allow_null=True, help_text="When the agency was told.")
    contest_until = serializers.SerializerMethodField(help_text="The last day on which the agency may contest it.")
    answers = AnswerSerializer(many=True)
    closing_note = serializers.CharField(required=False)
    closed_in = serializers.SerializerMethodField(help_text="The meeting that closed it, where you may see it.")
    came_back_to = serializers.SerializerMethodField(help_text="Later meetings that had it under matters arising.")
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = Assignment
        fields = [
            "id",
            "meeting",
            "resolution",
            "agency",
            "partners",
            "projects",
            "text_th",
            "text_en",
            "starts_on",
            "due_on",
            "responsible",
            "state",
            "percent",
            "word",
            "given_on",
            "contest_until",
            "answers",
            "closing_note",
            "closed_at",
            "closed_in",
            "came_back_to",
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

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Agencies asked together do not read each other's percentage: each finds its own in its answers."""
        data = super().to_representation(instance)
        if not is_desk(self.person):
            data.pop("percent", None)
        return data

    def get_steps(self, row: Assignment) -> list[str]:
        """The verbs that are open to this person."""
        # Whoever answered works for the agency, so the answer is among those that the person sees.
        answered = any(answer.author_id == self.person.pk for answer in row.answers.all())
        return assignments.open_steps(self.person, row, asked=self.is_asked(row), answered=answered)

    def get_contest_until(self, row: Assignment) -> str | None:
        """A day; null while nothing was asked."""
        until = assignments.contest_until(row)
        return until.isoformat() if until else None

    def get_closed_in(self, row: Assignment) -> str | None:
        """Its key."""
        meeting = row.closed_in
        seen = meeting and (meeting.state == PublishState.PUBLISHED or is_desk(self.person))
        return meeting.key if meeting and seen else None

    def get_came_back_to(self, row: Assignment) -> list[str]:
        """Their keys, the first one first."""
        return [follow_up.meeting.key for follow_up in row.follow_ups.all()]

    def page(self, row: Assignment) -> str | None:
        """The meeting's page, once it is published."""
        shown = row.meeting.state == PublishState.PUBLISHED
        return reverse("public:meeting-detail", args=[row.meeting.key]) if shown else None


class Said(serializers.Serializer[Any]):
    """A text that only the agency and staff read."""

    text = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class Done(Said):
    """What was done about it: in percent, or the day on which all was completed."""

    percent = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, default=None)
    done_on = DayField(allow_null=True, default=None)


class DoneWithFiles(Done):
    """The same as a form with several `files`."""

    files = serializers.ListField(child=serializers.FileField(allow_empty_file=True), max_length=MOST_FILES, default=[])


class WantedTime(Said):
    """Why more time is needed, and until which day."""

    wanted_on = DayField(allow_null=True, default=None, help_text="Required.")


class AssignmentDoor(RecordDoor):
    """Seen by whoever sees the meeting, and by the agencies that are asked."""

    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    touched = {
        "meeting": meetings,
        "meeting__agenda": numbered,
        "resolution": None,
        "resolution__item": None,
        "resolution__item__resolutions": None,
        "agency": None,
        "partners": None,
        "projects": projects,
        "projects__parts": team,
        "answers": own,
        "answers__agency": None,
        "answers__files": answered,
        "closed_in": published,
        "follow_ups": came_up,
        "follow_ups__meeting": published,
        "follow_ups__item": None,
    }
    reporting = ("answer", "ask_time", "contest")
    things = "assignments"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with the answers, files, projects and meetings that they may see."""
        answers = Answer.objects.visible_to(self.person).select_related("agency").prefetch_related("files")
        follow_ups = FollowUp.objects.visible_to(self.person).select_related("meeting")
        rows = Assignment.objects.visible_to(self.person)
        rows = rows.select_related("meeting", "resolution", "agency", "closed_in")
        return rows.prefetch_related(
            "partners",
            Prefetch("answers", answers),
            Prefetch("projects", Project.objects.visible_to(self.person)),
            Prefetch("follow_ups", follow_ups.order_by("meeting__starts_on", "meeting_id")),
        )

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal at a field names it as the API does."""
        if isinstance(exc, ValidationError) and hasattr(exc, "error_dict"):
            exc = ValidationError({ANSWERED_AS.get(name, name): value for name, value in exc.error_dict.items()})
        return super().handle_exception(exc)

    @extend_schema(
        summary="Answer",
        request={"application/json": Done, "multipart/form-data": DoneWithFiles},
        responses=AssignmentSerializer,
        parameters=[KEY, MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=[JsonParser, MultiPartParser])
    @once
    def answer(self, request: Request, pk: int) -> Response:
        """An agency that is asked says what it did; sent as a form, with files."""
        assignment, version = self.get_object(), version_of(request)
        sent = self.asked(DoneWithFiles if request.FILES else Done)
        files = chain(*(taken_in(file, [], self.person, "files") for file in sent.pop("files", [])))
        assignments.answer(assignment, by=self.person, version=version, attach=files, **sent)
        return self.told(assignment)

    @extend_schema(
        summary="Ask for more time", request=WantedTime, responses=AssignmentSerializer, parameters=[KEY, MATCH]
    )
    @action(detail=True, methods=["post"], url_path="ask-time")
    @once
    def ask_time(self, request: Request, pk: int) -> Response:
        """An agency that is asked says why, and until which day."""
        assignment, version = self.get_object(), version_of(request)
        assignments.ask_time(assignment, by=self.person, version=version, **self.asked(WantedTime))
        return self.told(assignment)

    @extend_schema(summary="Contest", request=Said, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def contest(self, request: Request, pk: int) -> Response:
        """An agency that is asked objects, until `contest_until`."""
        assignment, version = self.get_object(), version_of(request)
        assignments.contest(assignment, by=self.person, version=version, **self.asked(Said))
        return self.told(assignment)
