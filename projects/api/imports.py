"""Excel and CSV files that programs of OPDC staff bring in, by the rules of the desk; the worker does what is next."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk, require_desk
from agencies.api.columns import record, stepped
from agencies.api.doors import FileDoor, RecordDoor, once
from agencies.api.keeping import Noun, Verb, keeping
from agencies.api.records import RecordSerializer, SeenField
from agencies.api.schema import KEY, file_answer
from govlab.api import JsonParser, KeyField
from govlab.files import Attached
from govlab.thai import known_language
from projects.api.evidence import FileParser, NoRoom
from projects.exchange import importing_work, progress, reading
from projects.exchange.importing_files import TYPES, brought_file, report_file, template_file
from projects.models import Import, ImportTable, Meeting
from projects.rules import imports

log = logging.getLogger(__name__)


# --- what is told ----------------------------------------------------------------------------------------------------
class ProgressSerializer(serializers.Serializer[Any]):
    """So many of so many rows."""

    done = serializers.IntegerField()
    all = serializers.IntegerField()


@extend_schema_field(ProgressSerializer(allow_null=True))
def progress_of(serializer: Any, row: Import) -> dict[str, int] | None:
    """How far the worker is."""
    return progress.of(row.pk)._asdict() if row.under_way else None


def address_of(name: str) -> Any:
    """What tells where a file about the import is."""

    @extend_schema_field({"type": "string", "format": "uri"})
    def told(serializer: RecordSerializer, row: Import) -> str:
        where: str = serializer.context["request"].build_absolute_uri(reverse(f"api:import-{name}", args=[row.pk]))
        return where

    return told


ImportSerializer = stepped(
    record(
        "ImportSerializer",
        Import,
        (
            *("id", "name", "kind", "size", "sha256", "table", "meeting", "language", "state", "counts", "ignored"),
            *("word", "progress", "made_by", "created_at", "applied_by", "applied_at", "file", "report"),
            *("demo", "version"),
        ),
        about="A file that staff brought in: how far it is, and how many of its rows do what.",
        also={
            "counts": serializers.DictField(
                child=serializers.IntegerField(),
                help_text="How many rows are `new`, `changed`, `same` and `refused`; empty until it was looked at.",
            ),
            "ignored": serializers.ListField(
                child=serializers.CharField(), help_text="Headings that the portal does not know."
            ),
            "word": serializers.CharField(help_text="Why it was refused or stays applied; empty where nothing is."),
            "progress": serializers.SerializerMethodField(help_text="While the worker is at it, else null."),
            "made_by": serializers.CharField(source="made_by.name"),
            "applied_by": serializers.CharField(source="applied_by.name", allow_null=True, default=None),
            "file": serializers.SerializerMethodField(help_text="Where the file is, as it was brought."),
            "report": serializers.SerializerMethodField(help_text="Where the report of all rows is, as Excel."),
            "get_progress": progress_of,
            "get_file": address_of("file"),
            "get_report": address_of("report"),
        },
    ),
    lambda serializer, row: imports.open_steps(serializer.person, row),
    called="Import",
)


# --- what is done ----------------------------------------------------------------------------------------------------
class NewImport(serializers.Serializer[Any]):
    """A table as Excel (.xlsx) or CSV, at most 20 MB and 20,000 rows."""

    table = KeyField(choices=ImportTable.choices)
    meeting = SeenField(
        Meeting,
        "key",
        required=False,
        allow_null=True,
        help_text="Only for resolutions, where the file has no column that names the meeting.",
    )
    language = KeyField(
        choices=[("th", "ไทย"), ("en", "English")],
        required=False,
        help_text="In which the portal says what is to correct; that of the request where it is left out.",
    )
    file = serializers.FileField()


IMPORTS = Noun(
    Import,
    "import",
    verbs=(
        Verb(
            "apply",
            imports.apply,
            "Apply the file",
            "The worker writes what the preview says, as a whole or not at all; refused while a row is to correct.",
        ),
        Verb(
            "stop",
            importing_work.stop,
            "Stop",
            "The file is given up before it is applied; nothing of it is written.",
            versioned=False,
        ),
        Verb(
            "undo",
            imports.undo,
            "Take the file back",
            "The worker removes what it added and puts back what it changed, unless somebody changed it since.",
            versioned=False,
        ),
    ),
)


def taken(upload: UploadedFile) -> Attached:
    """The file, looked over and kept; raises ValidationError at `file` for what is no table."""
    try:
        return reading.take(upload)
    except ValidationError as error:
        raise ValidationError({"file": error}) from error
    except OSError as error:
        log.exception("a file could not be kept")
        raise NoRoom from error


class ImportDoor(RecordDoor):
    """Only OPDC staff read and bring them; the newest comes first."""

    permission_classes = [IsAuthenticated]
    parser_classes = (JsonParser, FileParser)
    filter_backends = ()  # the page has no filter; no copy of staff's own tools is kept elsewhere
    serializer_class = ImportSerializer
    things = "files that were brought in"

    def get_queryset(self) -> QuerySet[Any]:
        """Staff see all."""
        return Import.objects.visible_to(self.person).select_related("made_by", "applied_by", "meeting")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A file that is to stop: the worker is told before the transaction, as it may hold the row."""
        super().initial(request, *args, **kwargs)
        if self.action == "carry_out_stop" and is_desk(self.person):
            importing_work.call_off(self.get_object())

    @extend_schema(
        summary="Bring a file in",
        request={"multipart/form-data": NewImport},
        responses={201: ImportSerializer},
        parameters=[KEY],
    )
    @once
    def create(self, request: Request) -> Response:
        """The worker looks at it; nothing is written before it is applied. `rows/` then says what each row would do."""
        require_desk(self.person)
        sent: dict[str, Any] = {"language": known_language(get_language()), **self.asked(NewImport)}
        thing = imports.add(taken(sent.pop("file")), by=self.person, **sent)
        response = self.told(thing, 201)
        response["Location"] = self.reverse_action("detail", args=[thing.pk])
        return response


DOORS: list[tuple[str, Any, str]] = [
    ("imports", keeping(ImportDoor, IMPORTS), "import"),
]


# --- files -----------------------------------------------------------------------------------------------------------
class OnImport(FileDoor):
    """A file about an import."""

    def found(self) -> Import:
        """The import that the address names; raises Http404 where the person sees none."""
        return get_object_or_404(Import.objects.visible_to(self.request.user), pk=self.kwargs["pk"])


class ImportReport(OnImport):
    """The report of all rows."""

    @extend_schema(summary="Read the report of a file", responses=file_answer("xlsx"))
    def get(self, request: Request, pk: Any) -> HttpResponse:
        """Row by row what the file does, or what of it is to correct, as Excel."""
        return report_file(self.found())


class ImportFile(OnImport):
    """The file itself."""

    @extend_schema(summary="Read a file as it was brought", responses=file_answer(*TYPES))
    def get(self, request: Request, pk: Any) -> HttpResponseBase:
        """Its bytes."""
        return brought_file(self.found())


class ImportTemplate(FileDoor):
    """What is filled in and brought."""

    staff_alone = True

    @extend_schema(
        summary="Read a template",
        parameters=[
            OpenApiParameter("table", str, OpenApiParameter.PATH, enum=ImportTable.values),
            OpenApiParameter("filled", str, enum=["1"], description="With the records that are there."),
        ],
        responses=file_answer("xlsx"),
    )
    def get(self, request: Request, table: str) -> HttpResponse:
        """An Excel workbook with headings, lists to choose from and a sheet that explains every column."""
        require_desk(request.user)
        return template_file(table, request.user, filled=request.query_params.get("filled") == "1")


urlpatterns = [
    path("imports/<uuid:pk>/report.xlsx", ImportReport.as_view(), name="import-report"),
    path("imports/<uuid:pk>/file", ImportFile.as_view(), name="import-file"),
    path("imports/templates/<slug:table>.xlsx", ImportTemplate.as_view(), name="import-template"),
]
