"""Rounds of reporting over the API: for staff and the agencies that are asked; staff close."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.api.doors import RecordDoor, once, version_of
from agencies.api.filters import Known
from agencies.api.reading import Beside
from agencies.api.records import RecordSerializer
from agencies.api.schema import KEY, MATCH
from govlab.filters import Choice, Filters
from projects.api.due_reports import DueReports
from projects.api.touching import of_team, team
from projects.models import Cohort, Round
from projects.rules import rounds


class RoundSerializer(RecordSerializer):
    """One turn of a cohort's schedule: what it asks about, until when, and when it was closed."""

    cohort = serializers.IntegerField(source="schedule.cohort.year", help_text="Buddhist Era.")
    steps = serializers.SerializerMethodField(help_text="What you may do with it now.")

    class Meta:
        model = Round
        fields = [
            "id",
            "cohort",
            "period_start",
            "period_end",
            "opens_on",
            "due_on",
            "closes_on",
            "closed_at",
            "steps",
            "demo",
            "url",
            "version",
        ]

    def get_steps(self, row: Round) -> list[str]:
        """The verbs that are open to this person."""
        return rounds.round_steps(self.person, row)


class RoundFilter(Filters):
    """Rounds by cohort (Buddhist year) and whether they are closed."""

    cohort = Known(lambda request: Cohort.objects.all(), "year", field_name="schedule__cohort")
    closed = Choice(choices=[("yes", "yes"), ("no", "no")], method="whether_closed")

    def whether_closed(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that are closed, or those that are not."""
        return queryset.filter(closed_at__isnull=value == "no")


class Rounds(RecordDoor):
    """Staff see all, an agency those that ask one of its projects."""

    permission_classes = [IsAuthenticated]
    serializer_class = RoundSerializer
    filterset_class = RoundFilter
    touched = {
        "schedule": None,
        "schedule__cohort": None,
        "reports": of_team,
        "reports__project__parts": team,
    }
    beside = {"due-reports": Beside(DueReports, "round")}
    things = "rounds of reporting"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see, the latest first."""
        return Round.objects.visible_to(self.person).select_related("schedule__cohort")

    @extend_schema(summary="Close", request=None, responses=RoundSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def close(self, request: Request, pk: int) -> Response:
        """OPDC staff end it for good; how every project stands is kept."""
        return self.told(rounds.close(self.get_object(), by=self.person, version=version_of(request)))
