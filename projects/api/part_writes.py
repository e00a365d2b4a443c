"""The parts of meetings, written by programs: people, sessions, points, agenda, papers, resolutions, assignments."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk, require_desk
from agencies.api.columns import record
from agencies.api.doors import RecordDoor, once
from agencies.api.keeping import Noun, Verb, by, door, keeping
from agencies.api.reading import Beside
from agencies.api.records import SeenField
from agencies.api.schema import KEY
from govlab.api import KeyField
from govlab.files import Attached
from projects.api import touching
from projects.api.agendas import AgendaSerializer, FollowUpSerializer, PaperSerializer, came_back, items
from projects.api.decisions import Assignments
from projects.api.evidence import FileParser, taken_in
from projects.api.project_writes import country
from projects.api.resolutions import Resolutions
from projects.models import (
    AgendaItem,
    Assignment,
    FollowUp,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Paper,
    Resolution,
    Takes,
)
from projects.models.meetings import AFTER
from projects.rules import agenda, followups, meetings, papers

PERSON = (
    *("name_th", "name_en", "role_th", "role_en", "agency", "part", "presence", "stands_for", "email"),
    "also_written",
)
SESSION = ("title_th", "title_en", "day", "starts_at", "ends_at", "place_th", "place_en", "speakers")
POINT = ("session", "text_th", "text_en", "country")
ITEM = (*("title_th", "title_en", "kind", "presented_by", "presenter", "projects", "shown", "discussion", "adopts"),)
ASSIGNMENT = (
    *("resolution", "agency", "text_th", "text_en", "starts_on", "due_on", "responsible", "partners", "projects"),
)
ALONG = OpenApiParameter(
    "along", int, OpenApiParameter.QUERY, description="How many rows stand under it and go with it, as you know it."
)


def along(request: Request) -> dict[str, int]:
    """How many rows the program knows to go with what it removes."""
    typed = request.query_params.get("along", "0")
    return {"along": int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1}


def _part(model: Any, name: str, columns: tuple[str, ...], *, later: tuple[str, ...] = (), **more: Any) -> Noun:
    """The row of a part: all go by the same three rules."""
    begins = ("meeting", *more.pop("under", ()))
    rules = {"add": partial(meetings.add_part, model), "edit": meetings.edit_part, "remove": meetings.remove_part}
    return Noun(
        model,
        name,
        columns=columns,
        begins=begins,
        later=later,
        removing=along,
        remove_parameters=(ALONG,),
        **rules,  # type: ignore[arg-type]
        **more,
    )


# --- the rows --------------------------------------------------------------------------------------------------------
PEOPLE = _part(MeetingPerson, "meeting person", PERSON, later=("position",))
SESSIONS = _part(MeetingSession, "session", SESSION, later=("position",))
POINTS = _part(MeetingPoint, "point", POINT, later=("position",), asks={"country": country})
ITEMS = _part(
    AgendaItem,
    "agenda item",
    ITEM,
    under=("parent",),
    verbs=(
        Verb(
            "move",
            agenda.move,
            "Move",
            "By one step (`to`), or `under` another item (null: the top) to the place `at` (from 1).",
            takes={
                "to": lambda required: KeyField(choices=list(agenda.MOVES), required=False),
                "under": lambda required: SeenField(AgendaItem, "id", required=False, allow_null=True),
                "at": lambda required: serializers.IntegerField(min_value=1, max_value=10_000, required=False),
            },
            versioned=False,
        ),
    ),
)
RESOLUTIONS = _part(Resolution, "resolution", ("item", "text_th", "text_en", "concerns"))
ASSIGNMENTS = _part(Assignment, "assignment", ASSIGNMENT, whole=("agency", "partners"))
PAPERS = Noun(Paper, "paper", remove=papers.detach)
FOLLOW_UPS = Noun(FollowUp, "follow-up", columns=("note",), whole=("note",), edit=followups.note)

# --- what is told ----------------------------------------------------------------------------------------------------
PersonAtSerializer = record(
    "MeetingPersonSerializer",
    MeetingPerson,
    ("id", "meeting", "position", *PERSON, "demo", "version"),
    about="Somebody who is called to a meeting or took part; the e-mail is for OPDC staff alone.",
    inside=("email", "version"),
)
SessionRecord = record(
    "MeetingSessionSerializer",
    MeetingSession,
    ("id", "meeting", "position", *SESSION, "demo", "version"),
    about="A session of a conference.",
)
PointRecord = record(
    "MeetingPointSerializer",
    MeetingPoint,
    ("id", "meeting", "position", *POINT, "demo", "version"),
    about="A point of interest.",
)


class ItemSerializer(AgendaSerializer):
    """An item of an agenda with all that stands under it."""

    inside = (*AgendaSerializer.inside, "version")  # type: ignore[assignment]

    meeting: Any = serializers.SlugRelatedField(slug_field="key", read_only=True)

    class Meta(AgendaSerializer.Meta):
        fields = [*AgendaSerializer.Meta.fields, "meeting", "version"]


class KeptFollowUpSerializer(FollowUpSerializer):
    """An open matter of an earlier meeting, and what this one said."""

    inside = (*FollowUpSerializer.inside, "version")  # type: ignore[assignment]

    class Meta(FollowUpSerializer.Meta):
        fields = [*FollowUpSerializer.Meta.fields, "version"]


class KeptPaperSerializer(PaperSerializer):
    """A file attached to an agenda item."""

    item: Any = serializers.IntegerField(source="item_id")
    version = serializers.IntegerField()

    class Meta(PaperSerializer.Meta):
        fields = [*PaperSerializer.Meta.fields, "item", "version"]


class NewPaper(serializers.Serializer[Any]):
    """One file."""

    file = serializers.FileField(allow_empty_file=True)


# --- the doors -------------------------------------------------------------------------------------------------------
def called(person: Any) -> QuerySet[Any]:
    """Who is called to a meeting is known once it was held; who speaks, before; staff know all."""
    rows = MeetingPerson.objects.visible_to(person)
    return rows if is_desk(person) else rows.filter(Q(meeting__phase__in=AFTER) | Q(part=Takes.SPEAKER))


class AgendaItems(RecordDoor):
    """An item is seen as far as its meeting shows it."""

    serializer_class = ItemSerializer
    touched = touching.OF_ITEM
    things = "agenda items"

    def get_queryset(self) -> QuerySet[Any]:
        """Those that the person may see."""
        return items(self.person)

    @extend_schema(
        summary="Attach a paper",
        request={"multipart/form-data": NewPaper},
        responses={201: KeptPaperSerializer},
        parameters=[KEY],
    )
    @action(detail=True, methods=["post"], parser_classes=[FileParser])
    @once
    def papers(self, request: Request, pk: int) -> Response:
        """OPDC staff put a file beside the item; what is there already is not doubled."""
        item = self.get_object()
        require_desk(self.person)
        kept: list[Attached] = []
        papers.attach(item, by=self.person, files=taken_in(self.asked(NewPaper)["file"], kept, self.person))
        row = Paper.objects.filter(item=item, name=kept[0].name, sha256=kept[0].sha256).get()
        data = KeptPaperSerializer(row, context=self.get_serializer_context()).data
        return Response(data, status=201, headers={"ETag": f'"{row.version}"'})


def _door(noun: Noun, told: Any, things: str, about: str, **more: Any) -> Any:
    """A door to parts of meetings, to be narrowed to one meeting."""
    filters = more.pop("filters", {"meeting": by(Meeting)})
    return door(noun, told, things, about, filters=filters, **more)


SEEN = "Seen by whoever sees the meeting."
FollowUps = _door(
    FOLLOW_UPS,
    KeptFollowUpSerializer,
    "open matters of earlier meetings",
    SEEN,
    seen=came_back,
    touched={**touching.OF_MEETING, "item": None, **touching.UNDER_FOLLOW_UP},
)


class KeptAssignments(Assignments):
    """Seen by whoever sees the meeting; agencies answer, staff decide."""

    beside = {"follow-ups": Beside(FollowUps, "assignment")}


DOORS: list[tuple[str, Any, str]] = [
    ("assignments", keeping(KeptAssignments, ASSIGNMENTS), "assignment"),
    (
        "meeting-people",
        _door(
            PEOPLE,
            PersonAtSerializer,
            "people of meetings",
            SEEN,
            seen=called,
            touched={**touching.OF_MEETING, "agency": None, "stands_for": touching.removed},
        ),
        "meeting-person",
    ),
    (
        "sessions",
        _door(
            SESSIONS,
            SessionRecord,
            "sessions of conferences",
            SEEN,
            touched={**touching.OF_MEETING, "speakers": touching.removed},
        ),
        "session",
    ),
    (
        "points",
        _door(
            POINTS,
            PointRecord,
            "points of interest of conferences",
            SEEN,
            touched={**touching.OF_MEETING, "session": touching.removed},
        ),
        "point",
    ),
    ("agenda-items", keeping(AgendaItems, ITEMS), "agenda-item"),
    (
        "papers",
        _door(
            PAPERS,
            KeptPaperSerializer,
            "papers of agenda items",
            SEEN,
            filters={"item": by(AgendaItem)},
            touched={"item": None, "item__meeting": touching.published},
        ),
        "paper",
    ),
    ("resolutions", keeping(Resolutions, RESOLUTIONS), "resolution"),
    ("follow-ups", FollowUps, "follow-up"),
]
