"""Meetings, written by programs: OPDC staff add and edit them and lead them from invitation to adopted minutes."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from agencies.api.columns import stepped
from agencies.api.keeping import Noun, Verb, keeping
from agencies.api.reading import Beside
from agencies.api.records import RecordSerializer, SeenField
from agencies.models import User
from govlab.api import DayField, KeyField
from projects.api.assignments import AssignmentDoor
from projects.api.meetings import Meetings, MeetingSerializer, WholeMeetingSerializer
from projects.api.part_writes import AgendaItems
from projects.api.publishing_verbs import PUBLISHING
from projects.api.resolutions import Resolutions
from projects.models import Meeting, Presence
from projects.models.attendance import MOST_PEOPLE
from projects.rules import attendance, meetings, phases, publishing

LETTER = ("letter_number", "letter_on", "minutes_by", "minutes_by_role", "checked_by", "checked_by_role")
MEETING = (
    *("kind", "series", "number", "year", "title_th", "title_en", "key"),
    *("starts_on", "ends_on", "starts_at", "ends_at", "place_th", "place_en", "began_at", "ended_at", *LETTER),
    *("theme_th", "theme_en", "format_th", "format_en", "attendance_th", "attendance_en"),
    *("hosts", "projects", "sources"),
)


def key(required: bool = False) -> serializers.Field:
    """The name in the meeting's address; of a series it follows by itself."""
    return serializers.CharField(max_length=60, required=False, help_text="Left out in a series it follows by itself.")


# --- who came --------------------------------------------------------------------------------------------------------
class Came(serializers.Serializer[Any]):
    """Whether somebody came; `was` is what the program had read, so that nobody is overwritten unseen."""

    id = serializers.IntegerField(min_value=1)
    presence = KeyField(choices=Presence.choices, allow_blank=True)
    was = KeyField(choices=Presence.choices, allow_blank=True, required=False)


def several(required: bool = True) -> serializers.BaseSerializer[Any]:
    """As many as a meeting holds."""
    return Came(many=True, max_length=MOST_PEOPLE, required=required)  # type: ignore[call-arg]


def mark(meeting: Meeting, *, by: User, people: list[dict[str, Any]]) -> int:
    """Notes who came; raises ValidationError at `people` for somebody who is not among the meeting's."""
    there = set(meeting.people.values_list("pk", flat=True))
    if any(row["id"] not in there for row in people):
        raise ValidationError({"people": _("There is no such record.")})
    presences = {row["id"]: row["presence"] for row in people}
    known = {row["id"]: row["was"] for row in people if "was" in row}
    return attendance.mark(meeting, by=by, presences=presences, known=known)


def steps(serializer: RecordSerializer, row: Meeting) -> list[str]:
    """What the person may do with a meeting now."""
    return phases.open_steps(serializer.person, row) + publishing.open_steps(serializer.person, row)


MEETINGS = Noun(
    Meeting,
    "meeting",
    columns=MEETING,
    add=partial(meetings.add, prefill=True),
    edit=meetings.edit,
    remove=meetings.remove,
    asks={"key": key},
    verbs=(
        *PUBLISHING,
        Verb("invite", phases.invite, "Invite", "The agenda stands: whoever has an e-mail address is invited."),
        Verb("call_off", phases.call_off, "Call off", "The invitation is taken back; who was invited is told."),
        Verb("hold", phases.hold, "Note as held", "It took place: from now on its assignments are asked."),
        Verb("finish", phases.finish, "Complete the minutes", "The minutes are written and wait to be adopted."),
        Verb(
            "adopt",
            phases.adopt,
            "Adopt the minutes",
            "By a later meeting of the series, or by letter on a day.",
            takes={
                "adopted_in": lambda required: SeenField(Meeting, "key", required=False, allow_null=True),
                "adopted_on": lambda required: DayField(required=False, allow_null=True),
                "note": lambda required: serializers.CharField(max_length=2000, allow_blank=True, required=False),
            },
        ),
        Verb("reopen", phases.reopen, "Open the minutes again", "The minutes go back into writing."),
        Verb(
            "attendance",
            mark,
            "Note who came",
            "For as many people of the meeting as are named.",
            takes={"people": several},
            versioned=False,
        ),
        Verb(
            "members",
            attendance.bring_members,
            "Bring in the members",
            "Members of the series who are missing come among the people of the meeting.",
            versioned=False,
        ),
    ),
)
TOLD = stepped(MeetingSerializer, steps, called="Meeting", more=LETTER)
TOLD_WHOLE = stepped(WholeMeetingSerializer, steps, called="WholeMeeting", more=LETTER)


class KeptMeetings(Meetings):
    """What is published; staff see all."""

    beside = {
        "agenda-items": Beside(AgendaItems, "meeting"),
        "resolutions": Beside(Resolutions, "meeting"),
        "assignments": Beside(AssignmentDoor, "meeting"),
    }

    def get_serializer_class(self) -> Any:
        """The list says what each meeting is; one meeting says all."""
        return TOLD_WHOLE if self.action == "retrieve" else TOLD


DOORS: list[tuple[str, Any, str]] = [("meetings", keeping(KeptMeetings, MEETINGS), "meeting")]
