"""What is gone, so that a copy elsewhere can be kept in step with the lists (`?updated_since=`)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from agencies.api import reading
from agencies.api.asking import since_of
from projects.api.gone import KINDS, Deletion, deletions

MOST = 1000
MARGIN = timedelta(minutes=1)
"""A change that is being written now may bear an earlier moment when it is done."""


class DeletionSerializer(serializers.Serializer[Any]):
    """That a list no longer has a record: it was removed, hidden or renamed, or you may no longer see it."""

    kind = serializers.ChoiceField(
        choices=[(kind.name, kind.name) for kind in KINDS], help_text="The list, as in its address."
    )
    key = serializers.CharField(help_text="What it had in its address there: a code, a key, a year or a number.")
    deleted_at = serializers.DateTimeField()


class DeletionsSerializer(serializers.Serializer[Any]):
    """What is gone, the earliest first."""

    as_of = serializers.DateTimeField(help_text="Ask for what comes after with this as `since` and `updated_since`.")
    next = serializers.URLField(allow_null=True, help_text="Where the rest stands, when there is more.")
    results = DeletionSerializer(many=True)


class Deletions(APIView):
    """Lets a copy forget what is gone."""

    permission_classes = [AllowAny]

    @extend_schema(
        summary="List what is gone",
        parameters=[
            OpenApiParameter("since", str, required=True, description="A moment with its time zone (ISO 8601).")
        ],
        responses=DeletionsSerializer,
    )
    def get(self, request: Request) -> Any:
        """At most about 1,000 at once; `next` leads to the rest."""
        since = since_of(request, "since")
        if since is None:
            raise ValidationError({"since": [_("Say since when.")]})
        return reading.answer(self, lambda: self.told(request, since))

    def told(self, request: Request, since: Any) -> Any:
        """The feed, from this moment on."""
        as_of = timezone.now() - MARGIN
        found = deletions(request.user, since)
        page, rest = found[:MOST], found[MOST:]
        while page and rest and rest[0].deleted_at == page[-1].deleted_at:  # the next page begins at a later moment
            page.append(rest.pop(0))
        data = {"as_of": as_of, "next": self.address(request, rest), "results": page}
        return DeletionsSerializer(data).data

    def address(self, request: Request, rest: list[Deletion]) -> str | None:
        """Where the rest stands."""
        if not rest:
            return None
        since = rest[0].deleted_at.isoformat().replace("+", "%2B")
        return request.build_absolute_uri(f"{request.path}?since={since}")
