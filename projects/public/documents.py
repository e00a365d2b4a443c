"""Documents of published meetings as files: the minutes as far as they are public, the programme of a conference."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agencies.doors import PublicDoor
from govlab.thai import known_language
from projects.documents.answers import digits_of, handed_out, require_ending
from projects.documents.heads import file_name
from projects.documents.minutes import minutes
from projects.documents.programme import programme
from projects.models import Meeting, MeetingKind


class DocumentDoor(PublicDoor):
    """A door that hands out a document of a meeting."""

    def found(self, key: str, ending: str) -> Meeting:
        """The meeting; 404 for one that a visitor may not see and for a form that no document has."""
        require_ending(ending)
        rows = Meeting.objects.visible_to(self.person).select_related("series", "adopted_in")
        return get_object_or_404(rows, key=key)


class MeetingMinutes(DocumentDoor):
    """The minutes."""

    def get(self, request: HttpRequest, key: str, ending: str) -> HttpResponse:
        """The file; 404 before the meeting was held, and for a conference, which has a programme and no minutes."""
        meeting = self.found(key, ending)
        if not meeting.took_place or meeting.kind == MeetingKind.CONFERENCE:
            raise Http404
        sheet = minutes(meeting, self.person, digits=digits_of(request), language=known_language())
        return handed_out(sheet, file_name(_("Minutes of the meeting"), meeting), ending)


class Programme(DocumentDoor):
    """The programme."""

    def get(self, request: HttpRequest, key: str, ending: str) -> HttpResponse:
        """The file; 404 for a meeting that has no sessions."""
        meeting = self.found(key, ending)
        if not meeting.sessions.exists():
            raise Http404
        sheet = programme(meeting, self.person, digits=digits_of(request), language=known_language())
        return handed_out(sheet, file_name(_("Programme"), meeting), ending)
