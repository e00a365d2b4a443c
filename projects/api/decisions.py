"""What staff decide about assignments over the API, by the same rules as the desk."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import require_desk
from agencies.api.doors import once, version_of
from agencies.api.records import SeenField
from agencies.api.schema import KEY, MATCH
from agencies.models import Agency
from govlab.api import DayField
from projects.api.assignments import AssignmentDoor, AssignmentSerializer
from projects.models import Meeting
from projects.rules import decisions

MOST_PARTNERS = 100


class Remark(serializers.Serializer[Any]):
    """A word to the agency, which may be left out."""

    note = serializers.CharField(max_length=5_000, allow_blank=True, default="")


class AskedAgain(serializers.Serializer[Any]):
    """What is asked now."""

    reason = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")


class MoreTime(serializers.Serializer[Any]):
    """The new due date, and a word about it."""

    due_on = DayField(allow_null=True, default=None, help_text="Required.")
    reason = serializers.CharField(max_length=5_000, allow_blank=True, default="")


class NewAgency(AskedAgain):
    """Who is asked now, alone or together with others, and why."""

    agency = SeenField(Agency, "key")
    partners = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MOST_PARTNERS, default=[], help_text="Their keys."
    )

    def validate_partners(self, keys: list[str]) -> list[Agency]:
        """The agencies, all of them known."""
        known = {agency.key: agency for agency in Agency.objects.filter(key__in=keys)}
        if unknown := [key for key in keys if key not in known]:
            raise ValidationError(_("There is no agency with the key %(key)s.") % {"key": unknown[0]})
        return list(known.values())


class ClosingNote(serializers.Serializer[Any]):
    """With what result it is closed, and the later meeting that closed it, where one did."""

    note = serializers.CharField(max_length=5_000, allow_blank=True, default="", help_text="Required.")
    meeting = SeenField(Meeting, "key", required=False, allow_null=True)


class Assignments(AssignmentDoor):
    """Seen by whoever sees the meeting; agencies answer, staff decide."""

    @extend_schema(summary="Accept the answer", request=Remark, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def accept(self, request: Request, pk: int) -> Response:
        """OPDC staff take the answer as it is: what is all done waits for its closing, anything else goes on."""
        assignment, version = self.get_object(), version_of(request)
        return self.told(decisions.accept(assignment, by=self.person, version=version, **self.asked(Remark)))

    @extend_schema(summary="Send back", request=AskedAgain, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="send-back")
    @once
    def send_back(self, request: Request, pk: int) -> Response:
        """OPDC staff ask again; it also refuses more time, or an objection."""
        assignment, version = self.get_object(), version_of(request)
        return self.told(decisions.send_back(assignment, by=self.person, version=version, **self.asked(AskedAgain)))

    @extend_schema(summary="Give more time", request=MoreTime, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def extend(self, request: Request, pk: int) -> Response:
        """OPDC staff set a later due date, whether it was asked for or not."""
        assignment, version = self.get_object(), version_of(request)
        return self.told(decisions.extend(assignment, by=self.person, version=version, **self.asked(MoreTime)))

    @extend_schema(
        summary="Give to another agency", request=NewAgency, responses=AssignmentSerializer, parameters=[KEY, MATCH]
    )
    @action(detail=True, methods=["post"])
    @once
    def reassign(self, request: Request, pk: int) -> Response:
        """OPDC staff ask another agency instead; what was said before stays."""
        assignment, version = self.get_object(), version_of(request)
        require_desk(self.person)
        return self.told(decisions.reassign(assignment, by=self.person, version=version, **self.asked(NewAgency)))

    @extend_schema(summary="Close", request=ClosingNote, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def close(self, request: Request, pk: int) -> Response:
        """OPDC staff end it with a note."""
        assignment, version = self.get_object(), version_of(request)
        return self.told(decisions.close(assignment, by=self.person, version=version, **self.asked(ClosingNote)))

    @extend_schema(summary="Open again", request=None, responses=AssignmentSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def reopen(self, request: Request, pk: int) -> Response:
        """OPDC staff take the closing back."""
        return self.told(decisions.reopen(self.get_object(), by=self.person, version=version_of(request)))
