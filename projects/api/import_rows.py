"""What a file that staff brought in does, row by row, for programs: the preview, and once applied what was done."""

from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated

from agencies.api.columns import record
from agencies.api.doors import RecordDoor
from govlab.filters import Choice, Filters
from projects.models import Import, ImportRow, ImportState, RowKind


class RowChangeSerializer(serializers.Serializer[Any]):
    """A column that the row changes, by its name for programs."""

    column = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RowProblemSerializer(serializers.Serializer[Any]):
    """Something to correct: the cell as Excel names it, what stands in it, and what to do."""

    cell = serializers.CharField()
    column = serializers.CharField()
    value = serializers.CharField()
    sentence = serializers.CharField()


def record_of(serializer: Any, row: ImportRow) -> str:
    """The number; that of a new record, which a preview tried, is nobody's before the file is applied."""
    there = row.kind != RowKind.NEW or row.of.state in (ImportState.APPLIED, ImportState.TAKING_BACK)
    return row.record if there else ""


ImportRowSerializer = record(
    "ImportRowSerializer",
    ImportRow,
    ("number", "kind", "name", "changes", "problems", "record"),
    about="What one row of the file does, or what of it is to correct.",
    also={
        "number": serializers.IntegerField(help_text="The row in the file, from 1."),
        "changes": RowChangeSerializer(many=True),
        "problems": RowProblemSerializer(many=True),
        "record": serializers.SerializerMethodField(
            help_text="The number of the record; empty for a new one that is not there."
        ),
        "get_record": record_of,
    },
)


class RowFilter(Filters):
    """Rows by what they do."""

    kind = Choice(choices=RowKind.choices)


@extend_schema(parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)])
class ImportRows(RecordDoor):
    """What a file does, row by row: before it is applied, what it would do."""

    permission_classes = [IsAuthenticated]
    filter_backends = (DjangoFilterBackend,)
    filterset_class = RowFilter
    serializer_class = ImportRowSerializer
    lookup_field = lookup_url_kwarg = "number"
    lookup_value_regex = r"\d{1,9}"
    things = "rows of a file"

    def get_queryset(self) -> QuerySet[Any]:
        """The rows of the file in the address; raises Http404 where the person sees none there."""
        if "pk" not in self.kwargs:  # only described
            return ImportRow.objects.none()
        of = get_object_or_404(Import.objects.visible_to(self.person), pk=self.kwargs["pk"])
        return of.rows.all()


DOORS: list[tuple[str, Any, str]] = [(r"imports/(?P<pk>[^/.]+)/rows", ImportRows, "import-row")]
