"""An update's life over the API: the same rules as the pages, one line each."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.doors import RecordDoor, needed_version, once, version_of
from agencies.api.filters import Known
from agencies.api.records import NamedSerializer, RecordSerializer, SeenField
from agencies.api.schema import KEY, MATCH, MUST_MATCH
from agencies.models import Agency
from govlab.api import DayField
from govlab.files import Attached
from govlab.filters import Choice, Filters
from projects.api.evidence import EvidenceSerializer, FileParser, NewEvidence, taken_in
from projects.api.names import DECIMAL
from projects.models import (
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

MOST_READINGS = 200
NO_INDICATOR = _("There is no indicator with the number %(number)s.")
ANSWERED_AS = {"stage_number": "stage"}
"""What the rules call otherwise than the API."""


class MeasuredSerializer(serializers.ModelSerializer[Reading]):
    """What an update measured."""

    name_th = serializers.CharField(source="indicator.name_th")
    name_en = serializers.CharField(source="indicator.name_en")
    unit_th = serializers.CharField(source="indicator.unit_th")
    unit_en = serializers.CharField(source="indicator.unit_en")
    indicator = serializers.IntegerField(source="indicator_id")
    value = serializers.DecimalField(**DECIMAL)

    class Meta:
        model = Reading
        fields = ["indicator", "name_th", "name_en", "unit_th", "unit_en", "value"]


class UpdateSerializer(RecordSerializer):
    """What an agency says happened in a stage; what is between the agency and OPDC is left out for everybody else."""

    inside = ("obstacles", "return_reason", "submitted_at", "version")

    project = serializers.CharField(source="project.code")
    agency = NamedSerializer()
    stage = serializers.IntegerField(source="stage_number", allow_null=True)
    evidence = EvidenceSerializer(many=True)
    readings = MeasuredSerializer(many=True)
    obstacles = serializers.CharField(required=False)
    return_reason = serializers.CharField(required=False)
    submitted_at = serializers.DateTimeField(required=False, allow_null=True)
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = ProgressUpdate
        fields = [
            "id",
            "project",
            "agency",
            "state",
            "stage",
            "stage_state",
            "happened_on",
            "title",
            "text",
            "obstacles",
            "readings",
            "evidence",
            "return_reason",
            "submitted_at",
            "reviewed_at",
            "steps",
            "demo",
            "url",
            "version",
        ]

    def is_inside(self, row: ProgressUpdate) -> bool:
        """The people of the agency, and staff."""
        return super().is_inside(row) or row.agency_id in self.context["view"].own

    def get_steps(self, row: ProgressUpdate) -> list[str]:
        """The verbs that are open to this person."""
        return updates.open_steps(self.person, row, writes=row.agency_id in self.context["view"].own)

    def page(self, row: ProgressUpdate) -> str | None:
        """The project's page, once the public reads the update there."""
        public = row.state == UpdateState.APPROVED and row.project.state == PublishState.PUBLISHED
        return reverse("public:project-detail", args=[row.project.code]) if public else None


class ReadingAnswer(serializers.Serializer[Any]):
    """A measured value; null takes it back."""

    indicator = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)


class UpdateAnswers(serializers.Serializer[Any]):
    """What an agency reports; a draft may leave anything out."""

    stage = serializers.ChoiceField(choices=StageNumber.choices, source="stage_number", allow_null=True, required=False)
    stage_state = serializers.ChoiceField(choices=REPORTED_STATES, allow_blank=True, required=False)
    happened_on = DayField(allow_null=True, required=False)
    title = serializers.CharField(max_length=200, allow_blank=True, required=False)
    text = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    obstacles = serializers.CharField(max_length=5_000, allow_blank=True, required=False)
    release = serializers.BooleanField(
        required=False, help_text="Whether the public gets its files once it is approved."
    )
    readings: Any = ReadingAnswer(many=True, max_length=MOST_READINGS, required=False)  # type: ignore[call-arg]

    def validate_readings(self, rows: list[dict[str, Any]]) -> dict[Indicator, Any]:
        """The values by indicator."""
        known = Indicator.objects.visible_to(self.context["request"].user).in_bulk([row["indicator"] for row in rows])
        if unknown := [row["indicator"] for row in rows if row["indicator"] not in known]:
            raise ValidationError(NO_INDICATOR, params={"number": unknown[0]})
        return {known[row["indicator"]]: row["value"] for row in rows}


class NewUpdate(UpdateAnswers):
    """An update of a project, in the name of the first of the person's agencies unless one is named."""

    project = SeenField(Project, "code")
    agency = SeenField(Agency, "key", required=False)


class Reason(serializers.Serializer[Any]):
    """What should be corrected."""

    reason = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class UpdateFilter(Filters):
    """Updates by project, agency, stage and state."""

    project = Known(lambda request: Project.objects.visible_to(request.user), "code")
    agency = Known(lambda request: Agency.objects.all(), "key")
    stage = Choice(field_name="stage_number", choices=StageNumber.choices)
    state = Choice(choices=UpdateState.choices)


class Updates(RecordDoor):
    """The public reads what is approved; an agency keeps its own, staff review."""

    serializer_class = UpdateSerializer
    filterset_class = UpdateFilter
    things = "progress updates"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with the files that they may see."""
        seen = Prefetch("evidence", Evidence.objects.visible_to(self.person))
        rows = ProgressUpdate.objects.visible_to(self.person).select_related("project", "agency")
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
        request=UpdateAnswers,
        responses=UpdateSerializer,
        parameters=[MUST_MATCH],
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not sent stays as it is."""
        update, version = self.get_object(), needed_version(request)
        return self.told(updates.edit(update, by=self.person, version=version, **self.asked(UpdateAnswers)))

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

    @extend_schema(summary="Return for correction", request=Reason, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    @once
    def return_(self, request: Request, pk: int) -> Response:
        """OPDC staff say what should be corrected."""
        update, version = self.get_object(), version_of(request)
        return self.told(updates.return_(update, by=self.person, version=version, **self.asked(Reason)))

    @extend_schema(summary="Approve", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, pk: int) -> Response:
        """OPDC staff accept it; the stage of the project follows."""
        return self.told(updates.approve(self.get_object(), by=self.person, version=version_of(request)))

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
            attach=taken_in(sent["file"], kept),
            release=sent.get("release"),
        )
        row = held.evidence.get(name=kept[0].name, sha256=kept[0].sha256)
        data = EvidenceSerializer(row, context=self.get_serializer_context()).data
        return Response(data, status=201, headers={"ETag": f'"{held.version}"'})
