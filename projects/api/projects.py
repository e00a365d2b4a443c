"""Projects with their stages for other programs."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from rest_framework import serializers

from agencies.access import is_desk
from agencies.api.doors import RecordDoor
from agencies.api.records import NamedSerializer, RecordSerializer, SourceNameSerializer
from govlab.thai import ce_year
from govlab.worded import Steady
from projects.api.names import PartSerializer, stage_key, stage_name
from projects.api.project_rows import BESIDE, told
from projects.filters import TableFilter
from projects.models import Project, ProjectAgency, PublishState, Stage
from projects.models.projects import STORY


class StageSerializer(serializers.ModelSerializer[Stage]):
    """One of the four stages of a project; null where nobody stated it."""

    key = serializers.SerializerMethodField()
    name_th = serializers.SerializerMethodField()
    name_en = serializers.SerializerMethodField()
    number = serializers.IntegerField()

    class Meta:
        model = Stage
        fields = [
            "number",
            "key",
            "name_th",
            "name_en",
            "state",
            "planned_start",
            "planned_end",
            "actual_start",
            "actual_end",
            "demo",
        ]

    def get_key(self, row: Stage) -> str:
        """Its name for programs."""
        return stage_key(row.number)

    def get_name_th(self, row: Stage) -> str:
        """Its name in Thai."""
        return stage_name(row.number, "th")

    def get_name_en(self, row: Stage) -> str:
        """Its name in English."""
        return stage_name(row.number, "en")


class ProjectSerializer(RecordSerializer):
    """A project; `current_stage` is null: not known, 0: none has begun, 1 to 4: the stage it is at, 5: all done."""

    cohort = serializers.IntegerField(source="cohort.year", help_text="Buddhist Era.")
    cohort_ce = serializers.SerializerMethodField(help_text="Common Era.")
    field = NamedSerializer(allow_null=True)
    agencies = PartSerializer(source="parts", many=True)
    current_stage = serializers.IntegerField(allow_null=True)
    stages = StageSerializer(many=True)
    types = NamedSerializer(many=True)
    labs = NamedSerializer(many=True)
    facets = NamedSerializer(many=True)
    indicators = serializers.SerializerMethodField(help_text="Where its indicators are.")
    updates = serializers.SerializerMethodField(help_text="Where its progress updates are.")
    sources = SourceNameSerializer(many=True)

    class Meta:
        model = Project
        fields = [
            "code",
            "title_th",
            "title_en",
            "state",
            "cohort",
            "cohort_ce",
            "field",
            "focus_th",
            "focus_en",
            "aim_th",
            "aim_en",
            *STORY,
            "province",
            "agencies",
            "current_stage",
            "stages",
            "types",
            "labs",
            "facets",
            "indicators",
            "updates",
            "sources",
            "updated_at",
            "demo",
            "url",
            "version",
        ]

    def get_cohort_ce(self, row: Project) -> int:
        """The cohort's year of the Common Era."""
        return ce_year(row.cohort.year)

    def get_indicators(self, row: Project) -> str:
        """The list, filtered by this project."""
        return self.context["request"].build_absolute_uri(f"{reverse('api:indicator-list')}?project={row.code}")

    def get_updates(self, row: Project) -> str:
        """The list, filtered by this project."""
        return self.context["request"].build_absolute_uri(f"{reverse('api:update-list')}?project={row.code}")

    def page(self, row: Project) -> str | None:
        """Its own page, once it is published."""
        return reverse("public:project-detail", args=[row.code]) if row.state == PublishState.PUBLISHED else None


COLUMNS = {field.attname for field in Project._meta.concrete_fields}
CUT = {"page", "page_size", "fields", "include"}
"""The parameters that filter nothing."""


class Projects(RecordDoor):
    """What is published; an agency's own and all of them with a token."""

    serializer_class = ProjectSerializer
    filterset_class = TableFilter
    lookup_field = "code"
    touched = dict.fromkeys(
        ("stages", "parts", "parts__agency", "cohort", "field", "types", "labs", "facets", "sources")
    )
    things = "projects"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see."""
        parts = Prefetch("parts", ProjectAgency.objects.select_related("agency"))
        rows = Project.objects.visible_to(self.person).select_related("cohort", "field")
        return rows.prefetch_related(parts, "stages", "types", "labs", "facets", "sources")

    def rows_for(self, wanted: Collection[str] | None) -> QuerySet[Any]:
        """The same without their parts, which `represent` reads in one query, and without columns that nobody sees."""
        columns = [name for name in ProjectSerializer.Meta.fields if name in COLUMNS]
        rows = self.get_queryset().prefetch_related(None).annotate(**BESIDE)
        return rows.values_list("pk", *BESIDE, *columns, named=True)

    def leaf(self, wanted: Collection[str] | None) -> Sequence[Any]:
        """The rows of a page; where visitors or staff filter nothing, its queries are asked in kept words."""
        staff = is_desk(self.person)
        if {*self.request.query_params} <= CUT and (staff or not self.person.is_authenticated):
            rows: Any = Steady((Projects, staff), partial(self.rows_for, wanted))
            return self.paginate_queryset(rows) or []
        return super().leaf(wanted)

    def represent(self, rows: Any, wanted: Collection[str] | None) -> list[Any]:
        """As the serializer would, many times quicker; what the quick way does not know is asked of the serializer."""
        serializer: Any = self.get_serializer()
        fields = [name for name in serializer.Meta.fields if wanted is None or name in wanted]
        known = [name for name in fields if name in ProjectSerializer.Meta.fields]
        made = told(rows, known, self.request, inside=is_desk(self.person))
        for name in [name for name in fields if name not in known]:
            say = getattr(serializer, f"get_{name}")
            for row, data in zip(rows, made, strict=True):
                data[name] = say(row)
        return made
