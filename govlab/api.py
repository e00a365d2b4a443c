"""What every part of the API shares: reading what was sent, errors, paging."""

import json
from datetime import date
from typing import IO, Any, NoReturn

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request, page_not_found
from rest_framework import exceptions, serializers, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import exception_handler

from govlab import problems
from govlab.counting import Counted
from govlab.doors import SentBefore
from govlab.history import Gone, Stale
from govlab.problems import MEDIA_TYPE, NO_FIELD, NOTHING, not_offered
from govlab.thai import parse_date
from govlab.walking import OWN_ORDER, walked

MAX_JSON = 1024 * 1024  # bytes
MAX_DEPTH = 20
UNREADABLE = _("This could not be read. Check that it is well formed.")
NO_DAY = _("This is no date. Send it as YYYY-MM-DD in the Common Era, such as 2021-11-23.")
TOLD = (exceptions.PermissionDenied, exceptions.AuthenticationFailed, exceptions.NotFound)
"""What may come with a sentence of ours; the framework's own words for the others are not."""


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


class KeyField(serializers.ChoiceField):
    """One of the keys of a list; a refusal names them."""

    def fail(self, key: str, **words: Any) -> NoReturn:
        """Raises ValidationError."""
        if key == "invalid_choice":
            raise serializers.ValidationError(not_offered(str(words["input"]), [*self.choice_strings_to_values]), key)
        super().fail(key, **words)


class DayField(serializers.DateField):
    """A date: ISO 8601 in what is answered; what is sent may also be written as people write it."""

    def to_internal_value(self, value: Any) -> date:
        """The date that was sent; raises ValidationError with how a program writes one."""
        try:
            return parse_date(value if isinstance(value, str) else "")
        except DjangoValidationError as refusal:
            raise serializers.ValidationError(NO_DAY, "invalid") from refusal

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """An empty text is no date, as in a form."""
        return super().run_validation(None if data == "" else data)


class Pages(PageNumberPagination):
    """Numbered pages, or a walk by `?cursor=`; a page that does not exist is a 400 that names the field."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    max_page_size_with_others = 50
    """Where each record brings others along."""
    cursor_query_param = "cursor"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        """The rows of the page asked for."""
        self.request = request
        if getattr(view, "with_others", False):
            self.max_page_size = self.max_page_size_with_others
        cursor = request.query_params.get(self.cursor_query_param)
        self.walks = cursor is not None
        if cursor is not None:
            if wrong := [name for name in ("page", "order") if request.query_params.get(name)]:
                raise exceptions.ValidationError({name: [OWN_ORDER] for name in wrong})
            rows, self.behind = walked(queryset, cursor, self.get_page_size(request) or 0)
            return rows
        try:
            return super().paginate_queryset(queryset, request, view)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"page": [_("There is no such page. Begin with page 1.")]}) from error

    def django_paginator_class(self, rows: Any, size: int) -> Paginator:  # type: ignore[override]
        """Cuts the rows; how many there are is counted once in each edition of the portal."""
        return Counted(rows, size, getattr(self.request._request, "edition", None))  # type: ignore[union-attr]

    def get_paginated_response(self, data: Any) -> Response:
        """The rows with the way on; a walk does not count, as it would cost more than the page."""
        if not self.walks:
            return super().get_paginated_response(data)
        here = self.request.build_absolute_uri()  # type: ignore[union-attr]
        behind = replace_query_param(here, self.cursor_query_param, self.behind) if self.behind else None
        return Response({"next": behind, "previous": None, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page or a step of a walk, which has no count."""
        link = {"type": ["string", "null"], "format": "uri"}
        counted = {"type": "integer", "description": "How many there are in all; left out of a walk by cursor."}
        properties = {"count": counted, "next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["next", "previous", "results"], "properties": properties}


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
    """Turns what rules and the framework raise into problems (RFC 9457): a 400 with the fields, 403, 404, 412."""
    if isinstance(error, DjangoValidationError):
        detail = error.message_dict if hasattr(error, "error_dict") else {NO_FIELD: error.messages}
        if NON_FIELD_ERRORS in detail:
            detail[NO_FIELD] = detail.pop(NON_FIELD_ERRORS)
        error = exceptions.ValidationError(detail)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(*error.args)
    elif isinstance(error, Stale):
        error = Conflict()
    elif isinstance(error, SentBefore):
        error = KeyTaken()
    elif isinstance(error, (Http404, Gone)):  # the same words for what is not there and for what is not yours to see
        error = exceptions.NotFound(NOTHING)
    elif isinstance(error, (exceptions.ParseError, SuspiciousOperation)):
        error = exceptions.ValidationError([UNREADABLE])
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    errors = by_field(error.detail) if isinstance(error, exceptions.ValidationError) else None
    sentence = "" if errors else _sentence_of(error)
    response.data = problems.problem(response.status_code, context["request"].path, sentence, errors)
    response.content_type = MEDIA_TYPE
    return response


def _sentence_of(error: exceptions.APIException) -> str:
    """What was said with it; "" where only the framework spoke, whose words are the same for everything."""
    ours = type(error).__module__.partition(".")[0] != "rest_framework"
    told = isinstance(error, TOLD) and str(error.detail) != str(type(error).default_detail)
    return str(error.detail) if ours or told else ""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: a problem in JSON for programs, the portal's page for people."""
    return problems.answer(request, 404) if problems.is_for_api(request) else page_not_found(request, exception)


def not_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is refused before any door, such as one for another host."""
    api = problems.is_for_api(request)
    return problems.answer(request, 400, UNREADABLE) if api else bad_request(request, exception)
