"""What rounds ask of projects, over the API: for staff and the agencies that report; staff waive."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk
from agencies.api.doors import RecordDoor, once, version_of
from agencies.api.filters import Known
from agencies.api.records import RecordSerializer
from agencies.api.schema import KEY, MATCH
from govlab.filters import Choice, Filters
from projects.api.touching import projects, stepped, team
from projects.models import Cohort, DueReport, DueState, Project, PublishState, Round
from projects.models.updates import INSIDE_AGENCY
from projects.rules import rounds
from projects.rules.standings import lateness


class DueReportSerializer(RecordSerializer):
    """One report that a round asks of a project; `update` is what answers it, where you may read that."""

    round = serializers.IntegerField(source="round_id")
    cohort = serializers.IntegerField(source="round.schedule.cohort.year", help_text="Buddhist Era.")
    project = serializers.CharField(source="project.code")
    period_start = serializers.DateField(source="round.period_start")
    period_end = serializers.DateField(source="round.period_end")
    state = serializers.ChoiceField(choices=DueState.choices)
    days_late = serializers.SerializerMethodField(help_text="Once it was sent, how late that was.")
    update = serializers.SerializerMethodField()  # type: ignore[assignment]
    closed = serializers.SerializerMethodField(help_text="Whether its round is closed.")
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = DueReport
        fields = [
            "id",
            "round",
            "cohort",
            "project",
            "period_start",
            "period_end",
            "due_on",
            "state",
            "days_late",
            "update",
            "waived_at",
            "waived_reason",
            "closed",
            "steps",
            "demo",
            "url",
            "version",
        ]

    def get_days_late(self, row: DueReport) -> int:
        """How late it is today, or was when it was sent."""
        return lateness(row, timezone.localdate())

    def get_update(self, row: DueReport) -> int | None:
        """The update's number; what an agency has not sent is its own."""
        update = row.update
        if update is None:
            return None
        own = update.agency_id in self.context["view"].own
        sent = is_desk(self.person) and update.state not in INSIDE_AGENCY
        return update.pk if own or sent else None

    def get_closed(self, row: DueReport) -> bool:
        """Nothing about it changes any more."""
        return row.round.closed_at is not None

    def get_steps(self, row: DueReport) -> list[str]:
        """The verbs that are open to this person."""
        return rounds.open_steps(self.person, row)

    def page(self, row: DueReport) -> str | None:
        """The project's page, where the public sees it."""
        public = row.project.state == PublishState.PUBLISHED
        return reverse("public:project-detail", args=[row.project.code]) if public else None


class WaiveReason(serializers.Serializer[Any]):
    """Why nothing needs to be sent."""

    reason = serializers.CharField(max_length=1_000, allow_blank=True, default="", help_text="Required.")


class DueReportFilter(Filters):
    """Due reports by cohort (Buddhist year), project, round and state."""

    cohort = Known(lambda request: Cohort.objects.all(), "year", field_name="round__schedule__cohort")
    project = Known(lambda request: Project.objects.visible_to(request.user), "code")
    round = Known(lambda request: Round.objects.visible_to(request.user), "pk")
    state = Choice(choices=DueState.choices)


class DueReports(RecordDoor):
    """Staff see all, an agency those of the projects it reports on, the soonest due first."""

    permission_classes = [IsAuthenticated]
    serializer_class = DueReportSerializer
    filterset_class = DueReportFilter
    touched = {
        "round": None,
        "round__schedule": None,
        "round__schedule__cohort": None,
        "project": projects,
        "project__parts": team,
        "update": stepped,
    }
    searched = ("project__code", "project__title_th", "project__title_en")
    things = "due reports"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, with their state."""
        rows = DueReport.objects.visible_to(self.person).with_state().urgent()
        return rows.select_related("round__schedule__cohort", "project", "update")

    @extend_schema(summary="Waive", request=WaiveReason, responses=DueReportSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def waive(self, request: Request, pk: int) -> Response:
        """OPDC staff ask for nothing in this round, and say why."""
        due, version = self.get_object(), version_of(request)
        return self.told(rounds.waive(due, by=self.person, version=version, **self.asked(WaiveReason)))

    @extend_schema(
        summary="Take the waiving back", request=None, responses=DueReportSerializer, parameters=[KEY, MATCH]
    )
    @action(detail=True, methods=["post"])
    @once
    def unwaive(self, request: Request, pk: int) -> Response:
        """OPDC staff ask for the report after all."""
        return self.told(rounds.unwaive(self.get_object(), by=self.person, version=version_of(request)))
