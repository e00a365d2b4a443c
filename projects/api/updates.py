"""What an agency does with its updates over the API, by the same rules as the pages; staff's verbs are in `reviews`."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.doors import RecordDoor, needed_version, once, version_of
from agencies.api.filters import Known
from agencies.api.records import NamedSerializer, RecordSerializer, SeenField
from agencies.api.schema import KEY, MATCH, MUST_MATCH
from agencies.models import Agency, Role
from govlab.api import DayField, KeyField
from govlab.files import Attached
from govlab.filters import Choice, Filters
from projects.api.evidence import EvidenceSerializer, FileParser, NewEvidence, taken_in
from projects.api.readings import MOST_READINGS, MeasuredSerializer, ReadingAnswer, by_indicator
from projects.api.touching import of_team, projects, released
from projects.models import (
    DueReport,
    Evidence,
    Indicator,
    ProgressUpdate,
    Project,
    PublishState,
    Reading,
    StageNumber,
    UpdateState,
)
from projects.models.updates import REPORTED_STATES
from projects.rules import updates
from projects.rules.readings import Measure
from projects.rules.steps import open_steps

ANSWERED_AS = {"stage_number": "stage", "attach": "file"}
"""What the rules call otherwise than the API."""


class UpdateSerializer(RecordSerializer):
    """What an agency says happened in a stage; what is between the agency and OPDC is left out for everybody else."""

    inside = (
        *("obstacles", "planned", "return_reason", "return_notes", "lead_reason", "filled_by"),
        *("waiting_since", "opened_at", "submitted_at", "due", "version"),
    )

    project = serializers.CharField(source="project.code")
    agency = NamedSerializer()
    stage = serializers.IntegerField(source="stage_number", allow_null=True)
    evidence = EvidenceSerializer(many=True)
    readings = MeasuredSerializer(many=True)
    obstacles = serializers.CharField(required=False)
    planned = serializers.CharField(required=False, help_text="What comes next.")
    return_reason = serializers.CharField(required=False)
    return_notes = serializers.SerializerMethodField(help_text="What to correct at single fields.")
    lead_reason = serializers.CharField(
        required=False, help_text="Why a lead handed it back; only for the people of the agency."
    )
    filled_by = serializers.CharField(required=False, help_text="A colleague without an account who filled it in last.")
    waiting_since = serializers.DateTimeField(required=False, allow_null=True)
    opened_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Once staff have opened it, it can no longer be withdrawn."
    )
    due = serializers.SerializerMethodField(help_text="The due report that it answers.")
    submitted_at = serializers.DateTimeField(required=False, allow_null=True)
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = ProgressUpdate
        fields = [
            *("id", "project", "agency", "state", "stage", "stage_state", "happened_on", "title", "text"),
            *("obstacles", "planned", "due", "filled_by", "readings", "evidence", "return_reason", "return_notes"),
            *("lead_reason", "waiting_since", "opened_at", "submitted_at", "reviewed_at", "steps"),
            *("demo", "url", "version"),
        ]

    def is_inside(self, row: ProgressUpdate) -> bool:
        """The people of the agency, and staff."""
        return super().is_inside(row) or row.agency_id in self.context["view"].own

    def get_steps(self, row: ProgressUpdate) -> list[str]:
        """The verbs that are open to this person."""
        view = self.context["view"]
        return open_steps(
            self.person, row, writes=row.agency_id in view.own, led=view.roles.get(row.agency_id) == Role.LEAD
        )

    def get_return_notes(self, row: ProgressUpdate) -> dict[str, str]:
        """A sentence by the name that the field has here."""
        return {ANSWERED_AS.get(name, name): note for name, note in row.return_notes.items()}

    def get_due(self, row: ProgressUpdate) -> int | None:
        """Its number; null where it was sent without being asked for."""
        due = getattr(row, "due", None)
        return due.pk if due else None

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without the lead's word for whoever is not of the agency."""
        data = super().to_representation(instance)
        if instance.agency_id not in self.context["view"].own:
            data.pop("lead_reason", None)
        return data

    def page(self, row: ProgressUpdate) -> str | None:
        """The project's page, once the public reads the update there."""
        public = row.state == UpdateState.APPROVED and row.project.state == PublishState.PUBLISHED
        return reverse("public:project-detail", args=[row.project.code]) if public else None


class UpdateAnswers(serializers.Serializer[Any]):
    """What an agency reports; a draft may leave anything out."""

    stage = KeyField(choices=StageNumber.choices, source="stage_number", allow_null=True, required=False)
    stage_state = KeyField(choices=REPORTED_STATES, allow_blank=True, required=False)
    happened_on = DayField(allow_null=True, required=False)
    title = serializers.CharField(max_length=200, allow_blank=True, required=False)
    text = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    obstacles = serializers.CharField(max_length=5_000, allow_blank=True, required=False)
    planned = serializers.CharField(max_length=5_000, allow_blank=True, required=False)
    release = serializers.BooleanField(
        required=False, help_text="Whether the public gets its files once it is approved."
    )
    readings: Any = ReadingAnswer(many=True, max_length=MOST_READINGS, required=False)  # type: ignore[call-arg]

    def validate_readings(self, rows: list[dict[str, Any]]) -> dict[Indicator, Measure]:
        """The answers by indicator."""
        return by_indicator(rows, self.context["request"].user)


class UpdateChanges(UpdateAnswers):
    """What changes in a draft or a returned update; `detach` takes files out."""

    detach = serializers.ListField(child=serializers.UUIDField(), max_length=200, required=False)

    def validate_detach(self, numbers: list[UUID]) -> list[Evidence]:
        """The files, all of this update."""
        known = Evidence.objects.filter(update=self.context["view"].kwargs["pk"]).in_bulk(numbers)
        if unknown := [number for number in numbers if number not in known]:
            raise ValidationError(_("This update has no file with the number %(number)s.") % {"number": unknown[0]})
        return list(known.values())


class NewUpdate(UpdateAnswers):
    """An update of a project, in the name of the first of the person's agencies unless one is named."""

    project = SeenField(Project, "code")
    agency = SeenField(Agency, "key", required=False)
    due = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="The due report that it answers."
    )

    def validate_due(self, number: int) -> DueReport:
        """The due report, when the person may see it."""
        due = DueReport.objects.visible_to(self.context["request"].user).filter(pk=number).first()
        if due is None:
            raise ValidationError(_("There is no such record."))
        return due


class Reason(serializers.Serializer[Any]):
    """What should be corrected."""

    reason = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class UpdateFilter(Filters):
    """Updates by project, agency, stage and state."""

    project = Known(lambda request: Project.objects.visible_to(request.user), "code")
    agency = Known(lambda request: Agency.objects.all(), "key")
    stage = Choice(field_name="stage_number", choices=StageNumber.choices)
    state = Choice(choices=UpdateState.choices)


class UpdateDoor(RecordDoor):
    """The public reads what is approved; an agency keeps its own."""

    serializer_class = UpdateSerializer
    filterset_class = UpdateFilter
    touched = {
        "project": projects,
        "agency": None,
        "readings": None,
        "readings__indicator": None,
        "evidence": released,
        "due": of_team,
    }
    reporting = (
        *("create", "partial_update", "destroy", "submit", "withdraw", "pass_on", "hand_back", "evidence"),
        "comments",
    )
    things = "progress updates"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with the files that they may see."""
        seen = Prefetch("evidence", Evidence.objects.visible_to(self.person))
        rows = ProgressUpdate.objects.visible_to(self.person).select_related("project", "agency", "due")
        return rows.prefetch_related(seen, Prefetch("readings", Reading.objects.select_related("indicator")))

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal at a field names it as the API does."""
        if isinstance(exc, ValidationError) and hasattr(exc, "error_dict"):
            exc = ValidationError({ANSWERED_AS.get(name, name): value for name, value in exc.error_dict.items()})
        return super().handle_exception(exc)

    @extend_schema(summary="Begin a draft", request=NewUpdate, responses={201: UpdateSerializer}, parameters=[KEY])
    @once
    def create(self, request: Request) -> Response:
        """A draft in the name of one of your agencies; it is sent to OPDC by `submit`."""
        return self.told(updates.add(by=self.person, **self.asked(NewUpdate)), 201)

    @extend_schema(
        summary="Change a draft or a returned update",
        request=UpdateChanges,
        responses=UpdateSerializer,
        parameters=[MUST_MATCH],
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not sent stays as it is."""
        update, version = self.get_object(), needed_version(request)
        return self.told(updates.edit(update, by=self.person, version=version, **self.asked(UpdateChanges)))

    @extend_schema(summary="Throw a draft away", parameters=[MATCH])
    def destroy(self, request: Request, pk: int) -> Response:
        """Only a draft; its history stays."""
        updates.discard(self.get_object(), by=self.person, version=needed_version(request))
        return Response(status=204)

    @extend_schema(summary="Send to OPDC for review", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def submit(self, request: Request, pk: int) -> Response:
        """Refused with every field that is still missing."""
        return self.told(updates.submit(self.get_object(), by=self.person, version=version_of(request)))

    @extend_schema(summary="Withdraw", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def withdraw(self, request: Request, pk: int) -> Response:
        """While nobody of the staff has opened it."""
        return self.told(updates.withdraw(self.get_object(), by=self.person, version=version_of(request)))

    @extend_schema(summary="Pass on to OPDC", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="pass-on")
    @once
    def pass_on(self, request: Request, pk: int) -> Response:
        """A lead of the agency sends on what a reporter wrote."""
        return self.told(updates.pass_on(self.get_object(), by=self.person, version=version_of(request)))

    @extend_schema(
        summary="Hand back to the reporter", request=Reason, responses=UpdateSerializer, parameters=[KEY, MATCH]
    )
    @action(detail=True, methods=["post"], url_path="hand-back")
    @once
    def hand_back(self, request: Request, pk: int) -> Response:
        """A lead of the agency says what should be corrected before it goes to OPDC."""
        update, version = self.get_object(), version_of(request)
        return self.told(updates.hand_back(update, by=self.person, version=version, **self.asked(Reason)))

    @extend_schema(
        summary="Attach a file",
        request={"multipart/form-data": NewEvidence},
        responses={201: EvidenceSerializer},
        parameters=[KEY, MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=[FileParser])
    @once
    def evidence(self, request: Request, pk: int) -> Response:
        """To a draft or a returned update; the ETag is the update's."""
        update, sent, version = self.get_object(), self.asked(NewEvidence), version_of(request)
        kept: list[Attached] = []
        held = updates.edit(
            update,
            by=self.person,
            version=update.version if version is None else version,
            attach=taken_in(sent["file"], kept, self.person),
            release=sent.get("release"),
        )
        row = held.evidence.get(name=kept[0].name, sha256=kept[0].sha256)
        data = EvidenceSerializer(row, context=self.get_serializer_context()).data
        return Response(data, status=201, headers={"ETag": f'"{held.version}"'})
