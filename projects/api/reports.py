"""The reports of the desk for programs of OPDC staff: on a round, a cohort, an agency, as JSON and as files."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.access import require_desk
from agencies.api.doors import FileDoor
from agencies.api.reading import answer
from agencies.api.schema import file_answer
from agencies.models import Agency
from projects.api.names import DECIMAL
from projects.documents.answers import digits_of
from projects.documents.report_file import report_file
from projects.exchange.report_makers import MAKERS
from projects.exchange.reports import ANSWERED, Report
from projects.models import Cohort, PublishState, Round, StageState

ON: dict[str, Callable[[Any], QuerySet[Any]]] = {
    "round": lambda person: Round.objects.visible_to(person).select_related("schedule__cohort"),
    "cohort": lambda person: Cohort.objects.all(),
    "agency": lambda person: Agency.objects.all(),
}
"""By kind of report the records that there is one on."""
FILES = ("xlsx", "docx", "pdf")


# --- what is told ----------------------------------------------------------------------------------------------------
class ReportCountSerializer(serializers.Serializer[Any]):
    """How many projects are in a group now, and how many were at the round before; null: nothing to compare."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    now = serializers.IntegerField()
    before = serializers.IntegerField(allow_null=True)


class ReportLineSerializer(serializers.Serializer[Any]):
    """How one project stands."""

    code = serializers.CharField()
    title = serializers.CharField()
    agencies = serializers.CharField(help_text="Those that report.")
    states = serializers.ListField(
        child=serializers.ChoiceField(choices=StageState.choices), help_text="Of the four stages."
    )
    standing = serializers.CharField(help_text="The same in words.")
    days_late = serializers.IntegerField(help_text="Of the first stage that should have ended; 0 where none is late.")
    update: Any = serializers.CharField(help_text="The headline of the last report.")
    happened_on = serializers.DateField(allow_null=True)
    answered = serializers.ChoiceField(
        choices=[*ANSWERED.items()], help_text="What became of the report that was asked."
    )
    demo = serializers.BooleanField()
    state = serializers.ChoiceField(choices=PublishState.choices)


class ReportMeasureSerializer(serializers.Serializer[Any]):
    """One indicator: where it began, at the round before, now, and where it is to come; null where nobody said."""

    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    baseline = serializers.DecimalField(**DECIMAL, allow_null=True)
    before = serializers.DecimalField(**DECIMAL, allow_null=True)
    now = serializers.DecimalField(**DECIMAL, allow_null=True)
    on = serializers.DateField(allow_null=True)
    target = serializers.DecimalField(**DECIMAL, allow_null=True)


class ReportChangeSerializer(serializers.Serializer[Any]):
    """What is different with a project since the round before."""

    code = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField()
    before = serializers.CharField()
    now = serializers.CharField()
    state = serializers.ChoiceField(choices=PublishState.choices)


class ReportTaskSerializer(serializers.Serializer[Any]):
    """Something that a meeting asked of the agency."""

    text = serializers.CharField()
    meeting = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.CharField()
    days_late = serializers.IntegerField()


class ReportSerializer(serializers.Serializer[Any]):
    """A report as it stands on the page, in the language of the request."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in ON])
    title = serializers.CharField()
    on = serializers.DateField(help_text="The day it tells of: a closed round is told as it was kept when it closed.")
    since = serializers.CharField(help_text="What it is compared with; empty where there is nothing.")
    late = serializers.IntegerField(help_text="How many projects have a stage that should have ended.")
    demo = serializers.BooleanField(help_text="Whether any of it is demonstration data.")
    stages = ReportCountSerializer(many=True)
    answered = ReportCountSerializer(many=True)
    lines = ReportLineSerializer(many=True)
    moved = ReportChangeSerializer(many=True)
    became_late = ReportChangeSerializer(many=True)
    newly_missing = ReportChangeSerializer(many=True)
    measures = ReportMeasureSerializer(many=True)
    tasks = ReportTaskSerializer(many=True, help_text="Of an agency: what meetings asked of it.")


# --- the doors -------------------------------------------------------------------------------------------------------
def made(kind: str, person: Any, where: dict[str, Any]) -> Report:
    """The report of this kind as it is now; raises PermissionDenied for who is not of the staff, Http404 for none."""
    require_desk(person)
    return MAKERS[kind](get_object_or_404(ON[kind](person), **where), person, timezone.now())


class ReportDoor(APIView):
    """A report for programs; `kind` is what it is on."""

    permission_classes = [IsAuthenticated]
    staff_alone = True
    kind = ""

    @extend_schema(summary="Read a report", responses=ReportSerializer)
    def get(self, request: Request, **where: Any) -> Any:
        """OPDC staff: how projects stand, and what changed since the round before."""
        return answer(self, lambda: ReportSerializer(made(self.kind, request.user, where)).data)


class ReportFileDoor(FileDoor):
    """A report as a file."""

    staff_alone = True
    kind = ""

    @extend_schema(
        summary="Read a report as a file",
        parameters=[
            OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=FILES),
            OpenApiParameter("digits", str, enum=["thai"], description="Thai digits in Word and PDF."),
        ],
        responses=file_answer(*FILES),
    )
    def get(self, request: Request, ending: str, **where: Any) -> HttpResponse:
        """OPDC staff: Excel with its charts, Word, or PDF/A."""
        return report_file(made(self.kind, request.user, where), ending, digits_of(request))


PLACES = (("round", "rounds/<int:pk>"), ("cohort", "cohorts/<int:year>"), ("agency", "agencies/<slug:key>"))
urlpatterns = [
    *(path(f"reports/{at}/", ReportDoor.as_view(kind=kind), name=f"{kind}-report") for kind, at in PLACES),
    *(
        path(f"reports/{at}/report.<slug:ending>", ReportFileDoor.as_view(kind=kind), name=f"{kind}-report-file")
        for kind, at in PLACES
    ),
]
