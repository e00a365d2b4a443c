"""The API's door: everybody reads what is public, a token shows more; each POST is one rule, carried out once."""

import hashlib
import json
from collections.abc import Callable, Collection
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from agencies.access import roles_of
from govlab.api import KeyTaken, VersionNeeded
from govlab.doors import SentBefore, bytes_of, first_time

Post = TypeVar("Post", bound=Callable[..., Response])


class RecordDoor(ReadOnlyModelViewSet[Any]):
    """Lists and shows records; `get_queryset` begins with `visible_to(self.person)`."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    things = ""
    """What is listed, in English, for the schema."""

    @property
    def person(self) -> Any:
        """Whoever asks: the token's owner, or a visitor."""
        return self.request.user

    @cached_property
    def roles(self) -> dict[int, str]:
        """The person's role by the number of the agency, asked once for a whole list."""
        return roles_of(self.person)

    @property
    def own(self) -> Collection[int]:
        """The agencies the person works for."""
        return self.roles.keys()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Lists are filtered; one record is found by its address alone."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def told(self, thing: Any, status: int = 200) -> Response:
        """A record after a rule, as this person sees it now, with its version as ETag."""
        row = self.get_queryset().get(pk=thing.pk)
        data = self.get_serializer(row).data
        headers = {"ETag": f'"{data["version"]}"'} if "version" in data else {}
        return Response(data, status=status, headers=headers)

    def asked(self, serializer: type[Serializer[Any]]) -> dict[str, Any]:
        """The answers that were sent; raises ValidationError with the fields."""
        sent = serializer(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One record."""
        data = self.get_serializer(self.get_object()).data
        headers = {"ETag": f'"{data["version"]}"'} if "version" in data else {}
        return Response(data, headers=headers)


def version_of(request: Request) -> int | None:
    """The version that If-Match names; None without the header; one that no record has where it is no version."""
    sent = request.headers.get("If-Match")
    if sent is None:
        return None
    typed = sent.strip().removeprefix("W/").strip('"')
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def needed_version(request: Request) -> int:
    """The version that If-Match names; raises VersionNeeded (428) without the header."""
    version = version_of(request)
    if version is None:
        raise VersionNeeded
    return version


def digest_of(request: Request) -> str:
    """What was sent, as SHA-256: address, answers and the bytes of the files."""
    data = request.data
    answers = sorted(data.lists()) if hasattr(data, "lists") else data
    files = [[name, file.name, bytes_of(file)] for name, sent in sorted(request.FILES.lists()) for file in sent]
    return hashlib.sha256(json.dumps([request.path, answers, files], default=str).encode()).hexdigest()


def once(post: Post) -> Post:
    """Carries the POST out in one transaction; with the same Idempotency-Key again, only the first answer is repeated.

    Raises KeyTaken (422) when the key stood on another request. A refused request leaves its key free.
    """

    @wraps(post)
    def carried_out(door: RecordDoor, request: Request, *args: Any, **kwargs: Any) -> Response:
        request.data  # noqa: B018  read before the transaction: a slow sender must not hold the write lock
        sent = request.headers.get("Idempotency-Key", "")
        key = hashlib.sha256(f"api:{sent}".encode()).hexdigest()  # as long as the column, whatever was sent
        try:
            with transaction.atomic():
                note = first_time(request.user, key, digest_of(request)) if sent else None
                response = post(door, request, *args, **kwargs)
                if note:
                    answer = {"status": response.status_code, "etag": response.headers.get("ETag")}
                    note.answer = answer | {"data": json.loads(json.dumps(response.data, default=str))}
                    note.save()
                return response
        except SentBefore as before:
            if not before.same:
                raise KeyTaken from before
            # A role may have been lost since: the first answer is for whoever still sees what it is about.
            data = before.answer["data"]
            rows = [row["id"] for row in data if row["done"]] if isinstance(data, list) else [data["id"]]
            about = {kwargs["pk"]} if "pk" in kwargs else {*rows}
            if door.get_queryset().filter(pk__in=about).count() < len(about):
                raise NotFound from before
            headers = {"ETag": before.answer["etag"]} if before.answer["etag"] else {}
            return Response(before.answer["data"], status=before.answer["status"], headers=headers)

    return carried_out  # type: ignore[return-value]
