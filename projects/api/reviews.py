"""What staff do with updates over the API, and what the agency and staff say to each other about one."""

from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.access import is_desk, require_desk
from agencies.api.doors import once, version_of
from agencies.api.reading import Beside
from agencies.api.schema import KEY, MATCH
from govlab.api import Conflict
from govlab.doors import sentences
from govlab.history import Gone, Stale
from govlab.problems import NOTHING
from projects.api import links
from projects.api.updates import ANSWERED_AS, Reason, UpdateDoor, UpdateSerializer
from projects.models import Comment
from projects.rules import comments, reviews

MOST = 100
"""How many updates are approved with one request."""


class ReturnReason(Reason):
    """What should be corrected: the whole of it in a reason, and single fields in notes."""

    notes = serializers.DictField(
        child=serializers.CharField(max_length=1_000, allow_blank=True),
        required=False,
        help_text="A sentence by the name of the field.",
    )

    def validate_notes(self, notes: dict[str, str]) -> dict[str, str]:
        """The notes by the names that the rules know."""
        own = {name: rule for rule, name in ANSWERED_AS.items()}
        return {own.get(name, name): note for name, note in notes.items()}


class Approval(serializers.Serializer[Any]):
    """An update to approve, in the version that was read."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class ApprovalAnswer(serializers.Serializer[Any]):
    """What came of one of them."""

    id = serializers.IntegerField()
    done = serializers.BooleanField()
    why = serializers.CharField(help_text="Why it was not approved; empty when it was.")


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A word about an update; staff are not named to agencies."""

    who = serializers.SerializerMethodField(help_text="Who said it; empty where it was staff and an agency asks.")
    from_staff = serializers.BooleanField(source="author.is_staff")

    class Meta:
        model = Comment
        fields = ["id", "who", "from_staff", "text", "inside", "created_at", "demo"]

    def get_who(self, row: Comment) -> str:
        """The name, where this person may read it."""
        hidden = row.author.is_staff and not is_desk(self.context["request"].user)
        return "" if hidden else str(row.author)


class NewComment(serializers.Serializer[Any]):
    """A comment; `inside` keeps it among staff."""

    text = serializers.CharField(max_length=5_000)
    inside = serializers.BooleanField(default=False)


class Updates(UpdateDoor):
    """The public reads what is approved; an agency keeps its own, staff review."""

    beside = {"links": Beside(links.Links, "update")}

    @extend_schema(summary="Begin the review", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def open(self, request: Request, pk: int) -> Response:
        """OPDC staff open it; from then on the agency cannot withdraw it."""
        return self.told(reviews.open_(self.get_object(), by=self.person, version=version_of(request)))

    @extend_schema(
        summary="Return for correction", request=ReturnReason, responses=UpdateSerializer, parameters=[KEY, MATCH]
    )
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    @once
    def return_(self, request: Request, pk: int) -> Response:
        """OPDC staff say what should be corrected."""
        update, version = self.get_object(), version_of(request)
        return self.told(reviews.return_(update, by=self.person, version=version, **self.asked(ReturnReason)))

    @extend_schema(summary="Approve", request=None, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, pk: int) -> Response:
        """OPDC staff accept it; the stage of the project follows."""
        return self.told(reviews.approve(self.get_object(), by=self.person, version=version_of(request)))

    @extend_schema(summary="Take an approval back", request=Reason, responses=UpdateSerializer, parameters=[KEY, MATCH])
    @action(detail=True, methods=["post"], url_path="take-back")
    @once
    def take_back(self, request: Request, pk: int) -> Response:
        """OPDC staff say why; the public page and the stage follow."""
        update, version = self.get_object(), version_of(request)
        return self.told(reviews.take_back(update, by=self.person, version=version, **self.asked(Reason)))

    @extend_schema(
        operation_id="updates_approve_many",
        summary="Approve many",
        request=Approval(many=True),
        responses=ApprovalAnswer(many=True),
        parameters=[KEY],
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="approve", url_name="approve-many", pagination_class=None)
    @once
    def approve_many(self, request: Request) -> Response:
        """Each through the rule and in the version that was read; whatever needs a look is refused with the reason."""
        require_desk(self.person)
        sent: Any = Approval(data=request.data, many=True, max_length=MOST, allow_empty=False)  # type: ignore[call-arg]
        sent.is_valid(raise_exception=True)
        asked = {row["id"]: row["version"] for row in sent.validated_data}
        known = self.get_queryset().in_bulk(asked)
        chosen = [(known[pk], version) for pk, version in asked.items() if pk in known]
        refused = {update.pk: why(refusal) for update, refusal in reviews.approve_many(chosen, by=self.person)}
        answers = {pk: refused.get(pk, str(NOTHING)) for pk in asked}
        return Response([{"id": pk, "done": not answer, "why": answer} for pk, answer in answers.items()])

    @extend_schema(
        methods=["GET"],
        summary="List the comments on an update",
        responses=CommentSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        summary="Comment on an update",
        request=NewComment,
        responses={201: CommentSerializer},
        parameters=[KEY],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def comments(self, request: Request, pk: int) -> Response:
        """What the agency and staff say to each other; the public reads none of it."""
        return self.comment(request, pk=pk) if request.method == "POST" else self.commented()

    def commented(self) -> Response:
        """The comments that this person may read, oldest first."""
        rows = Comment.objects.visible_to(self.person).filter(update=self.get_object()).select_related("author")
        return Response(CommentSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @once
    def comment(self, request: Request, pk: int) -> Response:
        """A new one."""
        row = comments.add(self.get_object(), by=self.person, **self.asked(NewComment))
        return Response(CommentSerializer(row, context=self.get_serializer_context()).data, status=201)


def why(refused: reviews.Refusal | None) -> str:
    """A refusal in a sentence; "" when there was none."""
    if isinstance(refused, Stale):
        return str(Conflict.default_detail)
    if isinstance(refused, Gone):
        return str(NOTHING)
    if isinstance(refused, ValidationError):
        return " ".join(sentences(refused))
    return str(refused or "")
