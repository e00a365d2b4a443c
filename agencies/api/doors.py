"""The API's door: everybody reads what is public, a token shows more; each POST is one rule, carried out once."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from agencies.access import roles_of
from agencies.api import reading
from agencies.api.reading import Beside
from govlab.api import KeyTaken, VersionNeeded
from govlab.doors import SentBefore, bytes_of, first_time

Touched = Mapping[str, Callable[[Any], Q] | None]
"""By path what is told with a record, and which of its states count for a person; None: all."""
Post = TypeVar("Post", bound=Callable[..., Response])
TAG = re.compile(r'(?:W/)?"[^"]*"|[^\s,]+')
"""One tag of If-Match; also without its quotation marks, as people type it."""
NO_OBJECT = _("Send the data as a JSON object.")
REPEATED = ("ETag", "Location")
"""The headers that come again with a repeated answer."""


class RecordDoor(ReadOnlyModelViewSet[Any]):
    """Lists and shows records; `get_queryset` begins with `visible_to(self.person)`."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    reporting: Collection[str] = ()
    """The writing actions that an agency's person does to report: a token of the scope `report` opens these alone."""
    beside: Mapping[str, Beside] = {}
    """What may come along with a record by `?include=`, by name."""
    touched: Touched = {}
    """What else is told with a record or lets one see it, so that its change is one of the record (`updated_since`).

    What counts for a person is what they saw: that something is not theirs to see moved, nobody learns here."""
    searched: Collection[str] = ()
    """The columns that `q` looks at where the search's index does not know the model; empty: the record's names."""
    staff_alone = False
    """Whether everybody else is refused (403) instead of finding nothing; the description says so."""
    with_others = False
    """Whether records of other doors come along, so that a page is shorter."""
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
        """The answers that were sent; raises ValidationError with the fields, or where no object was sent."""
        if not isinstance(self.request.data, Mapping):
            raise ValidationError([NO_OBJECT])
        sent = serializer(data=self.request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        return dict(sent.validated_data)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """The page that was asked for."""
        return reading.answer(self, self.listed)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """One record."""
        return reading.answer(self, lambda: self.shown(self.named)[0])

    def named(self, wanted: Collection[str] | None) -> Sequence[Any]:
        """The record that the address names, alone; else Http404."""
        name = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
        return [get_object_or_404(self.rows_for(wanted), **name)]

    def listed(self) -> dict[str, Any]:
        """A page of the records that the filters leave."""
        data = self.shown(self.leaf)
        found: dict[str, Any] = self.paginator.get_paginated_response(data).data  # type: ignore[union-attr]
        return found

    def leaf(self, wanted: Collection[str] | None) -> Sequence[Any]:
        """Its rows."""
        return self.paginate_queryset(self.filter_queryset(self.rows_for(wanted))) or []

    def shown(self, choose: Callable[[Collection[str] | None], Sequence[Any]]) -> Any:
        """The records that are chosen, with the fields and the records beside them that were asked for."""
        wanted, included = reading.wanted_of(self)
        self.with_others = bool(included)
        rows = list(choose(wanted))
        return reading.with_beside(self, rows, self.represent(rows, wanted), included)

    def rows_for(self, wanted: Collection[str] | None) -> QuerySet[Any]:
        """The rows of a list with what these fields need; None is all of them."""
        rows = self.get_queryset()
        return rows if wanted is None else reading.lighter(rows, reading.only(self, wanted))

    def represent(self, rows: Any, wanted: Collection[str] | None) -> Any:
        """The records as they are told, with these fields."""
        return reading.only(self, wanted).to_representation(rows)


class Whatever(DefaultContentNegotiation):
    """Only a refusal is JSON, whatever was asked for: the file has a form of its own."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The one for refusals."""
        return renderers[0], renderers[0].media_type


class FileDoor(APIView):
    """Hands out a file to whoever has a token and may see it."""

    permission_classes = [IsAuthenticated]
    content_negotiation_class = Whatever
    staff_alone = False
    """Whether everybody else is refused (403) instead of finding nothing; the description says so."""


def version_of(request: Request) -> Any:
    """The version that If-Match names, the set of them where it names several, as `govlab.history.hold` takes them.

    None where any will do: without the header, and with `*`. A tag that is no version is one that no record has.
    """
    sent = request.headers.get("If-Match", "*").strip()
    if sent == "*":
        return None
    named = [_version(tag) for tag in TAG.findall(sent)] or [-1]
    return named[0] if len(named) == 1 else frozenset(named)


def _version(tag: str) -> int:
    typed = tag.removeprefix("W/").strip('"').partition("-")[0]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def needed_version(request: Request) -> Any:
    """The same; raises VersionNeeded (428) without the header."""
    if "If-Match" not in request.headers:
        raise VersionNeeded
    return version_of(request)


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
                    headers = {name: response.headers[name] for name in REPEATED if name in response.headers}
                    answer = {"status": response.status_code, "headers": headers}
                    note.answer = answer | {"data": json.loads(json.dumps(response.data, default=str))}
                    note.save()
                return response
        except SentBefore as before:
            if not before.same:
                raise KeyTaken from before
            # A role may have been lost since: the first answer is for whoever still sees what it is about.
            data, word = before.answer["data"], door.lookup_url_kwarg or door.lookup_field
            name = "id" if door.lookup_field == "pk" else door.lookup_field
            rows = [row[name] for row in data if row["done"]] if isinstance(data, list) else [data[name]]
            about = {kwargs[word]} if word in kwargs else {*rows}
            if door.get_queryset().filter(**{f"{door.lookup_field}__in": about}).count() < len(about):
                raise NotFound from before
            return Response(data, status=before.answer["status"], headers=before.answer.get("headers", {}))

    return carried_out  # type: ignore[return-value]
