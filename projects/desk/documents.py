"""Documents of meetings as staff need them: the whole minutes, the letter of invitation to all or to one person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.doors import DeskDoor
from govlab.thai import known_language
from projects.documents.answers import digits_of, handed_out, require_ending
from projects.documents.heads import file_name
from projects.documents.invitation import invitation
from projects.documents.minutes import minutes
from projects.models import Meeting, MeetingKind, MeetingPerson


class DocumentDoor(DeskDoor):
    """A door that hands out a document of a meeting."""

    def found(self, key: str, ending: str) -> Meeting:
        """The meeting; 404 for one that is not there and for a form that no document has."""
        require_ending(ending)
        rows = Meeting.objects.visible_to(self.person).select_related("series", "adopted_in")
        return get_object_or_404(rows, key=key)


class MeetingMinutes(DocumentDoor):
    """The minutes."""

    def get(self, request: HttpRequest, key: str, ending: str) -> HttpResponse:
        """The file; before the meeting was held back to its page with a sentence."""
        meeting = self.found(key, ending)
        if not meeting.took_place:
            messages.error(request, _("There are no minutes before the meeting was held. Say first that it was held."))
            return redirect(reverse("desk:meeting-detail", args=[meeting.key]))
        if meeting.kind == MeetingKind.CONFERENCE:
            messages.error(request, _("A conference has a programme and no minutes."))
            return redirect(reverse("desk:meeting-detail", args=[meeting.key]))
        sheet = minutes(meeting, self.person, digits=digits_of(request), language=known_language())
        return handed_out(sheet, file_name(_("Minutes of the meeting"), meeting), ending)


class Invitation(DocumentDoor):
    """The letter of invitation."""

    def get(self, request: HttpRequest, key: str, ending: str) -> HttpResponse:
        """The file: to everybody, or to the one person of `?person=`; 404 for a person of another meeting."""
        meeting = self.found(key, ending)
        to = self.addressee(meeting, request.GET["person"]) if "person" in request.GET else None
        sheet = invitation(meeting, self.person, to=to, digits=digits_of(request), language=known_language())
        return handed_out(sheet, file_name(_("Invitation"), meeting), ending)

    def addressee(self, meeting: Meeting, pk: str) -> MeetingPerson:
        """The person of this meeting that the address names."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise Http404
        return get_object_or_404(MeetingPerson.objects.visible_to(self.person), meeting=meeting, pk=int(pk))
