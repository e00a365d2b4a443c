"""What every part of the API shares: reading what was sent, errors, paging, throttling."""

import json
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.defaults import page_not_found
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, serializers, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import exception_handler

from govlab.doors import SentBefore
from govlab.history import Gone, Stale
from govlab.thai import parse_date

MAX_JSON = 1024 * 1024  # bytes
MAX_DEPTH = 20
NOTHING = _("There is nothing here, or nothing that you may see.")


class JsonParser(JSONParser):
    """JSON in UTF-8 of a sensible size and depth; anything else is a ParseError."""

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        """What was sent, as plain values."""
        raw = stream.read(MAX_JSON + 1)
        if len(raw) > MAX_JSON:
            raise TooLarge
        try:
            data = json.loads(raw.decode(), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError from error
        level = [data]
        for _depth in range(MAX_DEPTH):
            level = [
                child
                for row in level
                if isinstance(row, (dict, list))
                for child in (row.values() if isinstance(row, dict) else row)
            ]
            if not level:
                return data
        raise exceptions.ParseError


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class DayField(serializers.DateField):
    """A date: ISO 8601 in what is answered; what is sent may also be written as people write it."""

    def to_internal_value(self, value: Any) -> date:
        """The date that was sent; raises what `parse_date` raises."""
        return parse_date(value if isinstance(value, str) else "")

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """An empty text is no date, as in a form."""
        return super().run_validation(None if data == "" else data)


class FilterBackend(DjangoFilterBackend):
    """The pages' own FilterSets; a value they do not know is a 400 with the field."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """The rows that were asked for; where nothing was asked, what a select would offer is not read."""
        filters = self.get_filterset_class(view, queryset)
        if filters is None or not any(name in request.query_params for name in filters.base_filters):
            return queryset
        return super().filter_queryset(request, queryset, view)


class Pages(PageNumberPagination):
    """Numbered pages; a page that does not exist is a 400 that names the field."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """The rows of the page asked for."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page. Begin with page 1.")]}) from error


class Throttle(SimpleRateThrottle):
    """So many requests a minute, for each person with a token, else for each address."""

    scope = "api"

    def get_rate(self) -> str:
        """How many, from the settings."""
        return f"{settings.API_REQUESTS_PER_MINUTE}/min"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Who is counted; behind NUM_PROXIES proxies of ours the address is the one the outermost of them saw."""
        ident = f"user-{request.user.pk}" if request.user and request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


class Conflict(exceptions.APIException):
    """The record moved on since the client read it."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("Somebody else changed this since you read it. Read it again and send your change once more.")
    default_code = "stale"


class VersionNeeded(exceptions.APIException):
    """A change without saying which version it is of."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Say which version you read: send its ETag in the If-Match header.")
    default_code = "version_needed"


class TooLarge(exceptions.APIException):
    """More than the API reads at once."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("This is more than the API takes at once. Send less.")
    default_code = "too_large"


class KeyTaken(exceptions.APIException):
    """An Idempotency-Key that stood on another request."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another request. Make a new one.")
    default_code = "key_taken"


def by_field(detail: Any, path: str = "non_field_errors") -> dict[str, list[str]]:
    """Whatever shape a refusal has, as sentences by field; a field within fields is written `readings.0.value`."""
    if isinstance(detail, dict):
        rows = [(str(key) if path == "non_field_errors" else f"{path}.{key}", value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        rows = [(f"{path}.{number}", item) for number, item in enumerate(detail)]
    else:
        return {path: [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for name, value in rows:
        for field, sentences in by_field(value, name).items() if value else ():
            found.setdefault(field.removesuffix(".non_field_errors"), []).extend(sentences)
    return found


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turns what rules raise into the API's answers: a 400 with the field, 403, 404, 412."""
    if isinstance(error, DjangoValidationError):
        detail = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        if "__all__" in detail:
            detail["non_field_errors"] = detail.pop("__all__")
        error = exceptions.ValidationError(detail)
    elif isinstance(error, Stale):
        error = Conflict()
    elif isinstance(error, SentBefore):
        error = KeyTaken()
    elif isinstance(error, (Http404, Gone)):  # the same words for what is not there and for what is not yours to see
        error = exceptions.NotFound(NOTHING)
    elif isinstance(error, (exceptions.ParseError, SuspiciousOperation)):
        error = exceptions.ValidationError([_("This could not be read. Check that it is well formed.")])
    if isinstance(error, exceptions.ValidationError):
        error = exceptions.ValidationError(by_field(error.detail))
    return exception_handler(error, context)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: JSON for programs, the portal's page for people."""
    if request.path_info.startswith("/api/v1/"):
        return JsonResponse({"detail": str(NOTHING)}, status=404)
    return page_not_found(request, exception)
